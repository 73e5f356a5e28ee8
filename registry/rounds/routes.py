"""Routes under /rounds: when the club takes applications, and for what."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from assessments import rounds
from assessments.clock import now
from assessments.errors import Invalid, NotFound, WrongState
from assessments.models import Round
from assessments.people import Role
from assessments.queries import rounds as questions
from assessments.queries.editions import public, publications
from criteria import store
from registry import access, db
from registry.i18n import lang, translate
from registry.rounds.forms import ClosingForm, PlainForm, RoundForm, in_utc, in_vietnam

bp = Blueprint("rounds", __name__, url_prefix="/rounds")


@bp.get("")
@access.role(Role.COORDINATOR)
def index() -> str:
    """Every round, the newest on top."""
    session = db.session()
    return render_template(
        "rounds/index.html",
        rounds=questions.all_of_them(session),
        handed_in=questions.handed_in(session),
        editions={edition.id: edition for edition in store.editions()},
        now=now(),
    )


@bp.get("/new")
@access.role(Role.COORDINATOR)
def new() -> str:
    """The form of a new round."""
    return _form_page(_offered(RoundForm(formdata=None, opens_at=in_vietnam(now()))))


@bp.post("/new")
@access.role(Role.COORDINATOR)
def add() -> Any:
    """Open a round."""
    form = _offered(RoundForm())
    if not form.validate():
        return _form_page(form), 422
    try:
        rounds.open_round(db.session(), access.me(), form.facts())
    except (Invalid, WrongState) as refusal:
        form.form_errors.append(translate(refusal.message, **refusal.values))
        return _form_page(form), 422
    db.commit()
    flash(_("Đã mở đợt %(code)s.", code=form.code.data))
    return redirect(url_for("rounds.index"))


@bp.get("/<code>")
@access.role(Role.COORDINATOR)
def show(code: str) -> str:
    """One round, and when it closes."""
    found = _round(code)
    return _round_page(found, ClosingForm(formdata=None, closes_at=_shown(found)))


@bp.post("/<code>")
@access.role(Role.COORDINATOR)
def move_closing(code: str) -> Any:
    """Close at another time."""
    form, found = ClosingForm(), _round(code)
    if not form.validate():
        return _round_page(found, form), 422
    closes_at = in_utc(form.closes_at.data) if form.closes_at.data else None
    try:
        rounds.move_closing(db.session(), access.me(), found, closes_at)
    except Invalid as refusal:
        form.closes_at.errors = [translate(refusal.message, **refusal.values)]
        return _round_page(found, form), 422
    db.commit()
    flash(_("Đã đổi giờ đóng của đợt %(code)s.", code=code))
    return redirect(url_for("rounds.index"))


@bp.post("/<code>/close")
@access.role(Role.COORDINATOR)
def close(code: str) -> Any:
    """Close at once."""
    rounds.close_now(db.session(), access.me(), _round(code))
    db.commit()
    flash(_("Đã đóng đợt %(code)s.", code=code))
    return redirect(url_for("rounds.index"))


def _round(code: str) -> Round:
    found = questions.by_code(db.session(), code)
    if found is None:
        raise NotFound
    return found


def _shown(found: Round) -> Any:
    return in_vietnam(found.closes_at) if found.closes_at else None


def _offered(form: RoundForm) -> RoundForm:
    """The form with the editions in force and their categories."""
    editions = [one for one in public(publications(db.session())) if one.status != "retired"]
    form.edition.choices = [(edition.id, edition.name.get(lang())) for edition in editions]
    names = {one.code: one.short.get(lang()) for edition in editions for one in edition.categories}
    form.categories.choices = list(names.items())
    return form


def _form_page(form: RoundForm) -> str:
    return render_template("rounds/new.html", form=form)


def _round_page(found: Round, form: ClosingForm) -> str:
    closed = found.closes_at is not None and found.closes_at <= now()
    is_open = found.opens_at <= now() and not closed
    edition = store.load(found.edition_id)
    return render_template(
        "rounds/show.html",
        round=found,
        edition=edition,
        form=form,
        button=PlainForm(formdata=None),
        closed=closed,
        is_open=is_open,
    )

"""Figures of fairness, and the register of conflicts: no files, no scores, nothing an application says."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from assessments import impartiality
from assessments.clock import today
from assessments.errors import NotFound
from assessments.people import Role
from assessments.queries import figures as questions
from assessments.queries.impartiality import PER_PAGE, conflicts_of, open_risks, waiting_for
from assessments.queries.seats import balance, public_seats
from assessments.states import State
from registry import access, db
from registry.accounts.words import GROUPS, INTERESTS
from registry.forms import whole
from registry.impartiality.blueprint import bp
from registry.impartiality.forms import HandleForm
from registry.impartiality.words import EFFECTS, ORIGINS, PARTS
from registry.renewals import KINDS
from registry.surveyed import MEASURES
from registry.timeline import state_word

READERS = (Role.IMPARTIALITY, Role.AUDITOR, Role.COORDINATOR)
FURTHEST = 1_000  # pages


@bp.get("")
@access.role(*READERS)
def index() -> str:
    """This year, or the one asked for, in figures."""
    session = db.session()
    years = questions.years(session)
    chosen = request.args.get("year", today().year, type=int)
    year = chosen if chosen in years else years[0]
    period, every = questions.year(year), questions.courses(session)
    return render_template(
        "impartiality/index.html",
        year=year,
        years=years,
        figures=questions.figures(session, period, every),
        companies=questions.companies(session, access.me(), period, every),
        ends=questions.ENDED,
        balance=balance(public_seats(session)),
        waiting=waiting_for(session, access.me()),
        risks=open_risks(session),
        states=list(State),
        state_word=state_word,
        groups=GROUPS,
        kinds=INTERESTS,
        effects=EFFECTS,
        application_kinds=KINDS,
        measures=MEASURES,
    )


@bp.get("/conflicts")
@access.role(*READERS)
def conflicts() -> str:
    """Who had an interest where, and what it stopped."""
    return _register()


@bp.post("/conflicts/<uuid:conflict_id>/handle")
@access.role(Role.IMPARTIALITY, Role.COORDINATOR)
def handle(conflict_id: UUID) -> ResponseReturnValue:
    """Write down what follows from one."""
    form = HandleForm()
    if not form.validate():
        return _register(form, conflict_id), 422
    impartiality.handle(db.session(), access.me(), conflict_id, form.handling.data or "")
    db.commit()
    flash(_("Đã ghi cách giải quyết."))
    return redirect(url_for("impartiality.conflicts"))


def _register(faulty: HandleForm | None = None, about: UUID | None = None) -> str:
    page = whole(request.args.get("page", "1"))
    if not 1 <= page <= FURTHEST:
        raise NotFound
    session, reader = db.session(), access.me()
    rows = conflicts_of(session, reader, waiting=False, page=page)
    return render_template(
        "impartiality/conflicts.html",
        waiting=conflicts_of(session, reader, waiting=True) if page == 1 else [],
        rows=rows[:PER_PAGE],
        page=page,
        more=len(rows) > PER_PAGE,
        form=faulty or HandleForm(formdata=None),
        about=about,
        answers=bool(reader.roles & {Role.IMPARTIALITY, Role.COORDINATOR}),
        reader=reader.id,
        state_word=lambda code: state_word(State(code)),
        kinds=INTERESTS,
        origins=ORIGINS,
        effects=EFFECTS,
        parts=PARTS,
    )

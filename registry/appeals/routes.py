"""Routes under /appeals for the company: what it has asked for, asking, and how that goes; the others stand beside."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from assessments import appeals
from assessments.clock import now
from assessments.errors import N_, WrongState
from assessments.models import Appeal, Application, Vendor
from assessments.policy import AppealPermission, Permission
from assessments.queries import appeals as queries
from assessments.queries.appeals import Appealable
from assessments.queries.applications import product_and_vendor
from criteria import store
from registry import access, db
from registry import recourse as words
from registry.appeals import hearing, office
from registry.appeals.blueprint import bp
from registry.appeals.forms import LodgeForm, PlainForm

NOTHING = N_("Không có quyết định nào của hồ sơ này để yêu cầu xem xét lại, hoặc đã có yêu cầu.")

__all__ = ["bp", "hearing", "office"]  # one blueprint, three kinds of people


@bp.get("")
@access.on_vendor()
def index(vendor: Vendor) -> str:
    """The company's appeals."""
    return render_template(
        "appeals/index.html", vendor=vendor, rows=queries.of_vendor(db.session(), vendor.id), words=words
    )


@bp.get("/new/<ref>")
@access.on_application(Permission.APPEAL)
def new(application: Application) -> Any:
    """Which decision, and what is wrong with it; where that was said already, the way to it."""
    kind, found = request.args.get("kind"), queries.appealable(db.session(), application)
    chosen = next((one for one in found if kind in {None, one.kind}), None)
    if chosen is None:
        made = [one for one in queries.appeals_of(db.session(), application.id) if kind in {None, one.kind}]
        if made:
            return redirect(url_for("appeals.show", number=made[0].number))
        chosen = _late(application, kind)
    form = LodgeForm(formdata=None, data={"against": chosen.seq}).offer()
    return _form(application, chosen, form)


@bp.post("/new/<ref>")
@access.on_application(Permission.APPEAL)
def again(application: Application) -> str:
    """Back from the check page: the form with what was typed."""
    form = LodgeForm().offer()
    return _form(application, _chosen(application, form.against.data or 0), form)


@bp.post("/new/<ref>/check")
@access.on_application(Permission.APPEAL)
def check(application: Application) -> Any:
    """Show once more what will be sent."""
    form = LodgeForm().offer()
    chosen = _chosen(application, form.against.data or 0)
    if not form.validate():
        return _form(application, chosen, form), 422
    late = chosen.until < now()
    return render_template(
        "appeals/check.html", application=application, chosen=chosen, form=form, words=words, late=late
    )


@bp.post("/new/<ref>/lodge")
@access.on_application(Permission.APPEAL)
def lodge(application: Application) -> Any:
    """Send it."""
    form = LodgeForm().offer()
    if not form.validate():
        return _form(application, _chosen(application, form.against.data or 0), form), 422
    appeal = appeals.lodge(db.session(), access.me(), application, form.against.data or 0, form.lodging())
    db.commit()
    flash(_sent(appeal))
    return redirect(url_for("appeals.show", number=appeal.number))


@bp.get("/<number>")
@access.on_appeal(AppealPermission.VIEW)
def show(appeal: Appeal, application: Application) -> str:
    """How an appeal goes: whose turn, by when, the steps, and what was ruled."""
    session = db.session()
    return render_template(
        "appeals/show.html",
        appeal=appeal,
        application=application,
        product=product_and_vendor(session, application)[0],
        against=queries.against_of(session, appeal, application),
        edition=store.load(application.edition_id),
        steps=[one for one in queries.steps_of(session, appeal) if not words.hidden(one.action)],
        turn=words.turn_of(appeal, application),
        words=words,
        running=appeal.state in queries.RUNNING,
        owner=access.standing().member == "owner",
    )


@bp.get("/<number>/withdraw")
@access.on_appeal(AppealPermission.WITHDRAW)
def withdraw(appeal: Appeal, application: Application) -> str:
    """Ask once more."""
    if appeal.state not in queries.RUNNING:
        raise WrongState(N_("Yêu cầu xem xét lại đã kết thúc nên không rút được nữa."))
    return render_template("appeals/withdraw.html", appeal=appeal, application=application, form=PlainForm())


@bp.post("/<number>/withdraw")
@access.on_appeal(AppealPermission.WITHDRAW)
def end(appeal: Appeal, application: Application) -> Any:
    """Take it back."""
    appeals.withdraw(db.session(), access.me(), appeal)
    db.commit()
    flash(_("Đã rút yêu cầu xem xét lại %(number)s.", number=appeal.number))
    return redirect(url_for("applications.show", ref=application.ref))


def _sent(appeal: Appeal) -> str:
    number = appeal.number
    if appeal.inadmissible:
        return str(
            _("Đã nhận yêu cầu %(number)s sau thời hạn, nên không xem xét. Biên nhận gửi qua email.", number=number)
        )
    return str(_("Đã gửi yêu cầu xem xét lại %(number)s. Biên nhận được gửi qua email.", number=number))


def _late(application: Application, kind: str | None) -> Appealable:
    """The newest decision whose period has run; refuses (WrongState) where there is none."""
    found = [one for one in queries.late_for(db.session(), application) if kind in {None, one.kind}]
    if not found:
        raise WrongState(NOTHING)
    return found[0]


def _chosen(application: Application, seq: int) -> Appealable:
    """The decision that was asked for, or the newest; refuses (WrongState) where there is none."""
    session = db.session()
    found = [*queries.appealable(session, application), *queries.late_for(session, application)]
    chosen = next((one for one in found if one.seq == seq), found[0] if found and not seq else None)
    if chosen is None:
        raise WrongState(NOTHING)
    return chosen


def _form(application: Application, chosen: Appealable, form: LodgeForm) -> str:
    return render_template(
        "appeals/new.html",
        application=application,
        chosen=chosen,
        form=form,
        words=words,
        edition=store.load(application.edition_id),
        late=chosen.until < now(),
    )

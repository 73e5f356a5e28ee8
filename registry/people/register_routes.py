"""Registers of interests of others: read, confirmed and added to by whoever assigns and watches over fairness."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from assessments import interests as verbs
from assessments.errors import Invalid, NotAllowed
from assessments.people import Role
from assessments.queries import interests as queries
from assessments.queries.vendors import vendor_names
from registry import access, db
from registry.accounts.club import ClubPerson, club_person
from registry.accounts.words import INTERESTS, roles_in_words
from registry.i18n import translate
from registry.people import letters
from registry.people.blueprint import bp
from registry.people.forms import ReportInterest


@bp.get("/people/interests")
@access.role(Role.COORDINATOR, Role.IMPARTIALITY)
def registers() -> ResponseReturnValue:
    """What waits for a second person, and everybody's registers."""
    return render_template(
        "people/registers.html",
        registers=queries.registers(db.session()),
        waiting=queries.waiting(db.session()),
        reader=access.me().id,
        words=INTERESTS,
        in_words=roles_in_words,
    )


@bp.get("/people/<uuid:person_id>/interests")
@access.role(Role.COORDINATOR, Role.IMPARTIALITY)
def interests(person_id: UUID) -> ResponseReturnValue:
    """One person's register."""
    person = club_person(db.session(), person_id)
    entries = queries.interests_of(db.session(), person_id)
    return render_template(
        "people/interests.html",
        who=person,
        entries=entries,
        words=INTERESTS,
        is_past=queries.is_past,
        answers=person_id != access.me().id,
        reader=access.me().id,
    )


@bp.post("/people/interests/<uuid:interest_id>/confirm")
@access.role(Role.COORDINATOR, Role.IMPARTIALITY)
def confirm_retraction(interest_id: UUID) -> ResponseReturnValue:
    """Agree that a line was a mistake."""
    entry = verbs.confirm_retraction(db.session(), access.me(), interest_id)
    db.commit()
    flash(_("Đã xác nhận khai nhầm. Mục này không được tính nữa."))
    return redirect(url_for("people.interests", person_id=entry.person_id))


@bp.post("/people/interests/<uuid:interest_id>/keep")
@access.role(Role.COORDINATOR, Role.IMPARTIALITY)
def keep_interest(interest_id: UUID) -> ResponseReturnValue:
    """Disagree: the line goes on counting."""
    entry = verbs.keep(db.session(), access.me(), interest_id)
    db.commit()
    flash(_("Đã giữ mục này trong bản kê. Mục này vẫn được tính."))
    return redirect(url_for("people.interests", person_id=entry.person_id))


@bp.post("/people/interests/<uuid:interest_id>/acknowledge")
@access.role(Role.COORDINATOR, Role.IMPARTIALITY)
def confirm_interest(interest_id: UUID) -> ResponseReturnValue:
    """Confirm that a line is as the register says."""
    entry = verbs.confirm(db.session(), access.me(), interest_id)
    db.commit()
    flash(_("Đã xác nhận mục %(organisation)s.", organisation=entry.organisation))
    return redirect(url_for("people.registers"))


@bp.get("/people/<uuid:person_id>/interests/new")
@access.role(Role.COORDINATOR, Role.IMPARTIALITY)
def new_report(person_id: UUID) -> ResponseReturnValue:
    """The form for a line in somebody else's register."""
    if person_id == access.me().id:
        raise NotAllowed
    return _report_page(ReportInterest(vendor_names(db.session())), club_person(db.session(), person_id), 200)


@bp.post("/people/<uuid:person_id>/interests/new")
@access.role(Role.COORDINATOR, Role.IMPARTIALITY)
def report_interest(person_id: UUID) -> ResponseReturnValue:
    """Write the line, and tell the person."""
    person, form = club_person(db.session(), person_id), ReportInterest(vendor_names(db.session()))
    if not form.validate():
        return _report_page(form, person, 422)
    try:
        added = verbs.report(db.session(), access.me(), person_id, form.entry(), form.source.data or "")
    except Invalid as refusal:
        form.form_errors.append(translate(refusal.message, **refusal.values))
        return _report_page(form, person, 422)
    except verbs.Known as refusal:
        flash(translate(refusal.message), "warning")
        return redirect(url_for("people.interests", person_id=person_id))
    letters.interest_reported(db.session(), person.user, added)
    db.commit()
    flash(_("Đã ghi vào bản kê của %(name)s và báo cho người này.", name=person.user.name))
    return redirect(url_for("people.interests", person_id=person_id))


def _report_page(form: ReportInterest, person: ClubPerson, status: int) -> ResponseReturnValue:
    return render_template("people/new_report.html", form=form, who=person), status

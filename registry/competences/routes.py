"""Routes under /competences: who may judge what, until when, and by whose word."""

from itertools import groupby
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from assessments import competences
from assessments.clock import today
from assessments.competences import OFFICE, READERS
from assessments.errors import Invalid, NotAllowed
from assessments.models import Competence
from assessments.queries import competences as queries
from assessments.queries.competences import Held
from assessments.queries.people import people
from registry import access, db, editions
from registry.accounts.words import roles_in_words
from registry.competences.forms import EndForm, FilterForm, GrantForm, fresh
from registry.competences.words import BASES, HELD, SIGNS
from registry.i18n import translate

bp = Blueprint("competences", __name__, url_prefix="/competences")


@bp.get("")
@access.role(*READERS)
def index() -> str:
    """Everybody who reviews or decides, and what each is competent for."""
    edition = editions.current()
    every, sought = queries.matrix(db.session()), FilterForm(edition)
    return render_template(
        "competences/index.html",
        edition=edition,
        subjects=queries.subjects(edition),
        lines=[line for line in every if sought.fits(line)],
        every=every,
        near=_near(every),
        form=sought,
        in_words=roles_in_words,
        held=HELD,
        signs=SIGNS,
    )


@bp.get("/mine")
@access.role(*queries.JUDGES)
def own() -> Any:
    """One's own register."""
    return redirect(url_for("competences.show", person_id=access.me().id))


@bp.get("/<uuid:person_id>")
@access.role(*READERS, *queries.JUDGES)
def show(person_id: UUID) -> str:
    """One person's register: one's own, or anybody's for those who read everybody's."""
    return _page(person_id, fresh(editions.current()), None)


@bp.post("/<uuid:person_id>")
@access.role(*OFFICE)
def grant(person_id: UUID) -> Any:
    """Write competences into it."""
    form = GrantForm().offer(editions.current())
    if not form.validate():
        return _page(person_id, form, None), 422
    try:
        lines = competences.grant(db.session(), access.me(), form.grant(person_id))
    except (Invalid, NotAllowed) as refusal:
        form.form_errors.append(translate(refusal.message, **refusal.values))
        return _page(person_id, form, None), 422
    db.commit()
    flash(_("Đã ghi %(codes)s.", codes=", ".join(line.code for line in lines)))
    return redirect(url_for("competences.show", person_id=person_id))


@bp.post("/<uuid:person_id>/<uuid:competence_id>/end")
@access.role(*OFFICE)
def end(person_id: UUID, competence_id: UUID) -> Any:
    """End one of them."""
    form = EndForm()
    if not form.validate():
        return _page(person_id, fresh(editions.current()), (competence_id, form)), 422
    line = competences.end(db.session(), access.me(), competence_id, form.reason.data or "")
    db.commit()
    flash(_("Đã chấm dứt %(code)s.", code=line.code))
    return redirect(url_for("competences.show", person_id=line.person_id))


def _page(person_id: UUID, form: GrantForm, ending: tuple[UUID, EndForm] | None) -> str:
    session, me = db.session(), access.me()
    found = competences.readable(session, me, person_id)
    lines = queries.of_person(session, person_id)
    names = people(session, {one for line in lines for one in (line.granted_by, line.ended_by) if one})
    return render_template(
        "competences/show.html",
        who=found,
        grants=[list(found) for _key, found in groupby(sorted(lines, key=_grant_of), key=_grant_of)],
        names=names,
        how=lambda line: next(iter(queries.standing([line], today()).values()))[0],
        edition=editions.current(),
        form=form,
        ending=ending or (None, EndForm(formdata=None)),
        writes=bool(me.roles & set(OFFICE)) and me.id != person_id,
        reads_all=bool(me.roles & set(READERS)),
        own=me.id == person_id,
        in_words=roles_in_words,
        bases=BASES,
        held=HELD,
    )


def _grant_of(line: Competence) -> tuple[Any, ...]:
    """What lines granted together have in common; what runs comes first, then by the last day."""
    return (line.ended_at is not None, line.expires_on, line.granted_at, line.basis, line.note, line.valid_from)


def _near(every: list[queries.Line]) -> list[tuple[queries.Line, queries.Subject, Held, Any]]:
    """What runs out soon or has, the earliest first."""
    found = [
        (line, subject, how, day)
        for line in every
        for subject, (how, day) in line.held.items()
        if how in {Held.SOON, Held.EXPIRED}
    ]
    return sorted(found, key=lambda one: (one[3], one[0].person.name, one[1]))

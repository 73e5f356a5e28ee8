"""Routes of drafts, for the office: what is being prepared, its whole text, and its publication by two people."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from assessments import editions as verbs
from assessments.editions import PROPOSERS
from assessments.errors import Invalid, NotFound
from assessments.people import Role
from assessments.queries import editions as queries
from assessments.queries.people import people
from criteria import check, store
from criteria.digest import digest
from criteria.model import Edition
from registry import access, db, editions
from registry.criteria import letters, words
from registry.criteria.blueprint import READERS, any_edition, bp
from registry.criteria.forms import DismissalForm, PlainForm, ProposalForm
from registry.i18n import translate


@bp.get("/drafts")
@access.role(*READERS)
def drafts() -> str:
    """Every draft, and the published editions with how their transitions go."""
    published = queries.publications(db.session())
    return render_template(
        "criteria/drafts.html",
        drafts=queries.drafts(published),
        public=queries.public(published),
        published=published,
        newest=queries.newest(published),
        current=queries.current(db.session()),
    )


@bp.get("/<edition_id>/draft")
@access.role(*READERS)
def draft(edition_id: str) -> str:
    """One draft: what it is, whether it has faults, and who proposes to publish it."""
    return _page(_draft(edition_id), ProposalForm(formdata=None))


@bp.get("/<edition_id>/draft/print")
@access.role(*READERS)
def draft_text(edition_id: str) -> str:
    """The whole text of a draft on one page, marked as one."""
    found = _draft(edition_id)
    return render_template("criteria/draft_text.html", edition=found, current=editions.current(), words=words)


@bp.post("/<edition_id>/draft")
@access.role(*PROPOSERS)
def propose(edition_id: str) -> Any:
    """Propose to publish it."""
    found, form = _draft(edition_id), ProposalForm()
    if not form.validate():
        return _page(found, form), 422
    try:
        letters.tell_second(db.session(), verbs.propose(db.session(), access.me(), edition_id, form.terms()))
    except Invalid as refusal:
        form.form_errors.append(translate(refusal.message, **refusal.values))
        return _page(found, form), 422
    db.commit()
    flash(_("Đã đề xuất. Một người quyết định khác xác nhận thì bản này được công bố."))
    return redirect(url_for("criteria.draft", edition_id=edition_id))


@bp.post("/<edition_id>/draft/<uuid:proposal_id>/confirm")
@access.role(Role.DECIDER)
def confirm(edition_id: str, proposal_id: UUID) -> Any:
    """Publish, as the second person."""
    verbs.confirm(db.session(), access.me(), edition_id, proposal_id)
    db.commit()
    flash(_("Đã công bố bản %(edition)s. Từ giờ nội dung của bản này không đổi được nữa.", edition=edition_id))
    return redirect(url_for("criteria.drafts"))


@bp.post("/<edition_id>/draft/<uuid:proposal_id>/dismiss")
@access.role(*PROPOSERS)
def dismiss(edition_id: str, proposal_id: UUID) -> Any:
    """Close the proposal."""
    found, form = _draft(edition_id), DismissalForm()
    if not form.validate():
        return _page(found, ProposalForm(formdata=None), form), 422
    verbs.dismiss(db.session(), access.me(), edition_id, proposal_id, form.note.data or "")
    db.commit()
    flash(_("Đã bỏ đề xuất."))
    return redirect(url_for("criteria.draft", edition_id=edition_id))


def _draft(edition_id: str) -> Edition:
    found = any_edition(edition_id)
    if not queries.is_draft(found, queries.publications(db.session())):
        raise NotFound
    return found


def _page(edition: Edition, form: ProposalForm, dismissal: DismissalForm | None = None) -> str:
    session, me = db.session(), access.me()
    proposals = queries.proposals_of(session, edition.id)
    waiting = next((one for one in proposals if one.confirmed_at is None and one.closed_at is None), None)
    ids = {one for proposal in proposals for one in (proposal.proposed_by, proposal.closed_by) if one}
    return render_template(
        "criteria/draft.html",
        edition=edition,
        current=editions.current(),
        digest=digest(edition),
        faults=check.faults(store.folder_of(edition.id)),
        proposals=proposals,
        waiting=waiting,
        names={person.id: person.name for person in people(session, ids).values()},
        form=form,
        dismissal=dismissal or DismissalForm(formdata=None),
        button=PlainForm(formdata=None),
        may_propose=bool(me.roles & PROPOSERS),
        may_confirm=Role.DECIDER in me.roles and waiting is not None and waiting.proposed_by != me.id,
    )

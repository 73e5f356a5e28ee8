"""Editions as the procedure uses them: published under one text by two people, refused when that text has changed."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from assessments import changes, clock, history, publications
from assessments.errors import N_, Invalid, NotAllowed, NotFound, WrongState
from assessments.models import EditionProposal, EditionPublication
from assessments.people import Actor, Role
from assessments.publishing import EditionStep
from assessments.queries import editions as queries
from assessments.queries.editions import publication_of
from criteria import store
from criteria.check import faults
from criteria.digest import digest
from criteria.model import Edition
from criteria.source import EditionError

PROPOSERS = frozenset({Role.COORDINATOR, Role.DECIDER})
LONGEST = 2_000  # characters of a reason

UNREADABLE = N_("Không dùng được bản tiêu chí %(edition)s: %(fault)s")
NOT_PUBLISHED = N_("Bản tiêu chí %(edition)s chưa được công bố hoặc đã thôi áp dụng, nên không dùng cho việc mới.")
TWO_PEOPLE = N_("Đã có bản tiêu chí được công bố. Công bố bản %(edition)s cần hai người, trên trang của bản ấy.")
CHANGED = N_(
    "Tệp của bản tiêu chí %(edition)s không còn khớp với bản đã công bố ngày %(day)s. "
    "Hồ sơ đang làm vẫn tiếp tục; việc mới phải chờ khôi phục tệp hoặc công bố một bản mới."
)


@dataclass(frozen=True)
class Terms:
    """What is proposed of an edition: from when it is used, by when certificates go over, what if not, and why."""

    valid_from: date
    transition_until: date | None
    reason_vi: str
    reason_en: str
    lapses: bool = False


def publish(session: Session, edition_id: str, by: UUID | None) -> EditionPublication:
    """Record the first edition of a registry with the text it has now; `by` is None for the command line.

    Publishing the same text again changes nothing. Refuses an edition with faults (Invalid), one whose files do not
    call it published, another text under a published id, and every further edition (WrongState): those take two
    people, see `propose`.
    """
    edition = _sound(edition_id)
    published = queries.publications(session)
    if edition.status != "published" and edition_id not in published:
        raise WrongState(NOT_PUBLISHED, edition=edition_id)
    found = published.get(edition_id)
    if found is None:
        if published:
            raise WrongState(TWO_PEOPLE, edition=edition_id)
        found = EditionPublication(
            edition_id=edition_id, digest=digest(edition), published_by=by, valid_from=edition.in_force_from
        )
        session.add(found)
        changes.tell_edition(session, found)
        publications.tell_of_edition(session, edition_id)
    _refuse_changed(edition, found)
    return found


def propose(session: Session, actor: Actor, edition_id: str, terms: Terms) -> EditionProposal:
    """Propose to publish a draft with the text it has now; it takes effect when a second person confirms.

    Refuses others than coordinators and deciders (NotFound, as for whoever may not read it); one who is no decider,
    where certificates would lapse (NotAllowed); an edition with faults and terms that cannot be (Invalid); an edition
    that is published or proposed already (WrongState). Source: ISO/IEC 17065, 7.10.1.
    """
    _require(actor, *PROPOSERS)
    edition = _draft(session, edition_id)
    _check(session, terms)
    if terms.lapses and Role.DECIDER not in actor.roles:
        raise NotAllowed(N_("Chỉ người quyết định mới được đề xuất để giấy hết giá trị khi hết hạn chuyển."))
    made = EditionProposal(
        edition_id=edition_id,
        digest=digest(edition),
        valid_from=terms.valid_from,
        transition_until=terms.transition_until,
        lapses=terms.lapses,
        reason_vi=terms.reason_vi.strip(),
        reason_en=terms.reason_en.strip(),
        proposed_by=actor.id,
    )
    _insert_only(session, made)
    history.record(session, actor, history.Step(EditionStep.PROPOSE, note=f"{edition_id} {made.digest}"))
    return made


def confirm(session: Session, actor: Actor, edition_id: str, proposal_id: UUID) -> EditionPublication:
    """Publish, as the second person, what was proposed: from now on its text is fixed and public.

    Refuses others than deciders (NotFound), the person who proposed it (NotAllowed; the database refuses too), and a
    proposal that no longer waits, whose text has changed since, or whose first day has passed (WrongState).
    """
    _require(actor, Role.DECIDER)
    proposal = _waiting(session, actor, edition_id, proposal_id)
    edition = _draft(session, edition_id)
    if digest(edition) != proposal.digest:
        raise WrongState(N_("Nội dung bản tiêu chí đã đổi từ lúc đề xuất. Bỏ đề xuất này rồi đề xuất lại."))
    if proposal.valid_from < clock.today():
        raise WrongState(N_("Ngày áp dụng đã qua. Bỏ đề xuất này rồi đề xuất lại với ngày khác."))
    proposal.confirmed_by, proposal.confirmed_at = actor.id, clock.now()
    publication = EditionPublication(
        edition_id=edition_id,
        digest=proposal.digest,
        published_by=actor.id,
        proposed_by=proposal.proposed_by,
        **{name: getattr(proposal, name) for name in ("valid_from", "transition_until", "lapses")},
        reason_vi=proposal.reason_vi,
        reason_en=proposal.reason_en,
    )
    session.add_all([proposal, publication])
    session.flush()
    history.record(session, actor, history.Step(EditionStep.PUBLISH, note=f"{edition_id} {proposal.digest}"))
    publications.tell_of_edition(session, edition_id)
    return publication


def dismiss(session: Session, actor: Actor, edition_id: str, proposal_id: UUID, note: str) -> EditionProposal:
    """Close a proposal, as the second person or as the one who made it.

    Refuses others than coordinators and deciders (NotFound), a note that says nothing (Invalid), and a proposal that
    no longer waits (WrongState).
    """
    _require(actor, *PROPOSERS)
    if not note.strip():
        raise Invalid(N_("Ghi lý do bỏ đề xuất."))
    proposal = _waiting(session, None, edition_id, proposal_id)
    proposal.closed_by, proposal.closed_at, proposal.closing_note = actor.id, clock.now(), note.strip()
    session.add(proposal)
    history.record(session, actor, history.Step(EditionStep.DISMISS, note=f"{edition_id}: {note.strip()}"))
    return proposal


def usable(session: Session, edition_id: str) -> Edition:
    """The edition, for new use: a round, an application.

    Refuses one that cannot be read (Invalid), a draft and one that is retired, and one whose files no longer match
    its publication (WrongState). What pinned the edition earlier goes on without asking here.
    """
    edition = _readable(edition_id)
    recorded = queries.publications(session)
    if edition.status == "retired" or queries.is_draft(edition, recorded):
        raise WrongState(NOT_PUBLISHED, edition=edition_id)
    if found := recorded.get(edition_id):
        _refuse_changed(edition, found)
    return edition


def require_usable(session: Session, edition_id: str) -> Edition:
    """The edition, for a new application: usable, and its publication recorded here.

    Refuses as usable() does, and an edition nobody has published (WrongState): an application pins a text that was
    put on record.
    """
    edition = usable(session, edition_id)
    if publication_of(session, edition_id) is None:
        raise WrongState(NOT_PUBLISHED, edition=edition_id)
    return edition


def changed(session: Session) -> list[EditionPublication]:
    """The publications whose files can be read and no longer say what was published."""
    found = []
    for publication in queries.publications(session).values():
        try:
            edition = store.load(publication.edition_id)
        except EditionError:
            continue
        if not matches(edition, publication):
            found.append(publication)
    return found


def matches(edition: Edition, publication: EditionPublication) -> bool:
    """Do the files still say what was published?"""
    return digest(edition) == publication.digest


def _draft(session: Session, edition_id: str) -> Edition:
    """A draft without a fault; refuses unknown ones (NotFound), published ones (WrongState), and faults (Invalid)."""
    if edition_id not in store.ids():
        raise NotFound
    edition = _sound(edition_id)
    if not queries.is_draft(edition, queries.publications(session)):
        raise WrongState(N_("Bản tiêu chí %(edition)s đã được công bố."), edition=edition_id)
    return edition


def _waiting(session: Session, actor: Actor | None, edition_id: str, proposal_id: UUID) -> EditionProposal:
    """The proposal, its row held; `actor` is the one who wants to confirm it."""
    found = queries.open_proposal(session, edition_id, lock=True)
    if found is None or found.id != proposal_id:
        raise WrongState(N_("Đề xuất này không còn chờ người thứ hai. Tải lại trang để xem."))
    if actor is not None and found.proposed_by == actor.id:
        raise NotAllowed(N_("Người đề xuất không được tự xác nhận. Cần một người thứ hai."))
    return found


def _insert_only(session: Session, made: EditionProposal) -> None:
    """One proposal waits at a time; the database judges who was first."""
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError as error:
        raise WrongState(N_("Bản này đang có một đề xuất chờ người thứ hai.")) from error


def _check(session: Session, terms: Terms) -> None:
    if not (terms.reason_vi.strip() and terms.reason_en.strip()):
        raise Invalid(N_("Ghi lý do bằng tiếng Việt và tiếng Anh."))
    if max(len(terms.reason_vi), len(terms.reason_en)) > LONGEST:
        raise Invalid(N_("Phần này dài quá %(max)d ký tự."), max=LONGEST)
    _check_days(terms, is_first=not queries.publications(session))


def _check_days(terms: Terms, *, is_first: bool) -> None:
    if terms.valid_from < clock.today():
        raise Invalid(N_("Ngày áp dụng không được ở trước hôm nay."))
    if terms.transition_until is None:
        if terms.lapses or not is_first:
            raise Invalid(N_("Nhập ngày cuối để chuyển sang bản mới."))
    elif terms.transition_until <= terms.valid_from:
        raise Invalid(N_("Ngày cuối để chuyển phải ở sau ngày áp dụng."))


def _require(actor: Actor, *roles: Role) -> None:
    if not actor.roles & set(roles):
        raise NotFound


def _sound(edition_id: str) -> Edition:
    """The edition without a fault; refuses with the first one (Invalid)."""
    edition = _readable(edition_id)
    found = faults(store.folder_of(edition_id))
    if found:
        raise Invalid(UNREADABLE, edition=edition_id, fault=str(found[0]))
    return edition


def _readable(edition_id: str) -> Edition:
    try:
        return store.load(edition_id)
    except EditionError as error:
        raise Invalid(UNREADABLE, edition=edition_id, fault=str(error)) from error


def _refuse_changed(edition: Edition, publication: EditionPublication) -> None:
    if not matches(edition, publication):
        raise WrongState(CHANGED, edition=edition.id, day=f"{publication.published_at:%d/%m/%Y}")

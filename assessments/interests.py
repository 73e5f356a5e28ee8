"""The register of interests: who cannot judge whom, kept by each person for themselves (ISO/IEC 17065, 4.2.4)."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session

from assessments import history
from assessments.clock import now, today
from assessments.errors import N_, Invalid, NotAllowed, NotFound, WrongState
from assessments.models import Interest, Vendor
from assessments.participation import let_fall
from assessments.people import Actor, InterestKind, Role
from assessments.queries.reviews import conflicted, reviewed_by
from assessments.reviews import void
from assessments.states import PeopleEvent


@dataclass(frozen=True)
class Entry:
    """What a person declares: in a company registered here, or in an organisation by name; legal days."""

    kind: InterestKind
    since: date
    organisation: str = ""
    vendor_id: UUID | None = None
    until: date | None = None
    note: str = ""


def add(session: Session, actor: Actor, entry: Entry) -> Interest:
    """Write an interest into one's own register; it stands in the way from the next click.

    Reviews of that company's files that are not before the committee yet count no more, as with a declaration.

    Refuses people without a club role (NotAllowed), an interest in nobody, days to come and an end before the
    beginning (Invalid).
    """
    if not actor.roles:
        raise NotAllowed
    vendor = session.get(Vendor, entry.vendor_id) if entry.vendor_id else None
    organisation = vendor.name if vendor else entry.organisation
    if not organisation:
        raise Invalid(N_("Chọn đơn vị trong danh sách hoặc nhập tên tổ chức."))
    if entry.since > today():
        raise Invalid(N_("Ngày bắt đầu không được ở tương lai."))
    _check_until(entry.since, entry.until)
    interest = Interest(
        person_id=actor.id,
        vendor_id=vendor.id if vendor else None,
        organisation=organisation,
        kind=entry.kind,
        since=entry.since,
        until=entry.until,
        note=entry.note,
    )
    session.add(interest)
    _write_down(session, actor, PeopleEvent.ADD_INTEREST, interest)
    if vendor is not None:
        _void_reviews(session, actor, vendor)
        let_fall(session, actor.id)
    return interest


def end(session: Session, actor: Actor, interest_id: UUID, until: date) -> Interest:
    """Say on which day an interest ended; it still counts within the window of each edition, from today on.

    From today and not from the day given: whoever ends an interest would else free themselves with an old date.
    Refuses entries of others (NotFound), entries ended or retracted (WrongState) and impossible days (Invalid).
    """
    interest = own_entry(session, actor, interest_id)
    if interest.until is not None:
        raise WrongState(N_("Mục này đã có ngày kết thúc."))
    _check_until(interest.since, until)
    interest.until, interest.ended_on = until, today()
    session.add(interest)
    _write_down(session, actor, PeopleEvent.END_INTEREST, interest)
    return interest


def ask_retraction(session: Session, actor: Actor, interest_id: UUID) -> Interest:
    """Say that an entry was made by mistake; it counts until a coordinator or the impartiality committee agrees.

    Refuses entries of others (NotFound) and entries retracted or asked about before (WrongState).
    """
    interest = retractable(session, actor, interest_id)
    interest.retraction_asked_at = now()
    session.add(interest)
    _write_down(session, actor, PeopleEvent.ASK_RETRACTION, interest)
    return interest


def confirm_retraction(session: Session, actor: Actor, interest_id: UUID) -> Interest:
    """Agree that an entry was a mistake: it counts no more, and stays readable in the register.

    Nobody frees themselves. Refuses as `answerable` does.
    """
    interest = answerable(session, actor, interest_id)
    interest.retracted_at, interest.retracted_by = now(), actor.id
    session.add(interest)
    _write_down(session, actor, PeopleEvent.RETRACT_INTEREST, interest)
    return interest


def keep(session: Session, actor: Actor, interest_id: UUID) -> Interest:
    """Disagree that an entry was a mistake: it goes on counting, and may be asked about again.

    Refuses as `answerable` does.
    """
    interest = answerable(session, actor, interest_id)
    interest.retraction_asked_at = None
    session.add(interest)
    _write_down(session, actor, PeopleEvent.KEEP_INTEREST, interest)
    return interest


def answerable(session: Session, actor: Actor, interest_id: UUID) -> Interest:
    """An entry whose retraction waits for this person's word.

    Refuses everybody but coordinators and the impartiality committee, and the person of the entry (NotAllowed),
    unknown entries (NotFound), and what does not wait (WrongState).
    """
    interest = session.get(Interest, interest_id, with_for_update=True)
    if interest is None:
        raise NotFound
    if not {Role.COORDINATOR, Role.IMPARTIALITY} & actor.roles or interest.person_id == actor.id:
        raise NotAllowed(N_("Việc khai nhầm phải do một người khác xác nhận."))
    if interest.retraction_asked_at is None or interest.retracted_at is not None:
        raise WrongState(N_("Mục này không chờ xác nhận khai nhầm. Tải lại trang để xem."))
    return interest


def retractable(session: Session, actor: Actor, interest_id: UUID) -> Interest:
    """One line of one's own register that can be called a mistake; refuses as `ask_retraction` does."""
    interest = own_entry(session, actor, interest_id)
    if interest.retraction_asked_at is not None:
        raise WrongState(N_("Bạn đã báo khai nhầm; mục này đang chờ một người khác xác nhận."))
    return interest


def own_entry(session: Session, actor: Actor, interest_id: UUID) -> Interest:
    """One line of one's own register that can still be changed; refuses entries of others and retracted ones."""
    interest = session.get(Interest, interest_id, with_for_update=True)
    if interest is None or interest.person_id != actor.id:
        raise NotFound
    if interest.retracted_at is not None:
        raise WrongState(N_("Mục này đã được đánh dấu là khai nhầm."))
    return interest


def _void_reviews(session: Session, actor: Actor, vendor: Vendor) -> None:
    """An interest that ended before the window of an edition voids nothing."""
    for application in reviewed_by(session, actor.id, vendor.id):
        if any(one.reviewer_id == actor.id for one in conflicted(session, application)):
            void(session, application, actor.id)


def _check_until(since: date, until: date | None) -> None:
    if until is None:
        return
    if until < since:
        raise Invalid(N_("Ngày kết thúc không được trước ngày bắt đầu."))
    if until > today():
        raise Invalid(N_("Ngày kết thúc không được ở tương lai. Lợi ích còn thì để trống ô này."))


def _write_down(session: Session, actor: Actor, event: PeopleEvent, interest: Interest) -> None:
    note = f"{interest.kind}: {interest.organisation}, {interest.since} – {interest.until or ''}"
    history.record(session, actor, history.Step(event, note=note))

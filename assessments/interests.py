"""The register of interests: who cannot judge whom, kept by each person for themselves (ISO/IEC 17065, 4.2.4)."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, select

from assessments import history, impartiality
from assessments.clock import now, today
from assessments.errors import N_, Invalid, NotAllowed, NotFound, WrongState
from assessments.models import ChainHead, Interest, Vendor
from assessments.participation import let_fall
from assessments.people import Actor, InterestKind, Role
from assessments.queries.interests import has_role, is_concerned
from assessments.states import ConflictOrigin, PeopleEvent

LONGEST = 1_000  # characters of an answer
LONGEST_SOURCE = 500
SAID = ("person_id", "vendor_id", "organisation", "kind", "since", "until", "note", "reported_by", "source")
CONFIRMING = frozenset({Role.COORDINATOR, Role.IMPARTIALITY})


@dataclass(frozen=True)
class Entry:
    """What a person declares: in a company registered here, or in an organisation by name; legal days."""

    kind: InterestKind
    since: date
    organisation: str = ""
    vendor_id: UUID | None = None
    until: date | None = None
    note: str = ""


class Known(WrongState):
    """The register has this very line already: a button is easily pressed twice."""


def add(session: Session, actor: Actor, entry: Entry) -> Interest:
    """Write an interest into one's own register; it stands in the way from the next click, confirmed or not.

    What the person has a part in at that company is stopped as far as it can be: see `impartiality.stop`.

    Refuses people without a club role (NotAllowed), an interest in nobody, days to come and an end before the
    beginning (Invalid), and a line that stands there word for word (Known).
    """
    if not actor.roles:
        raise NotAllowed
    interest = _entered(session, actor.id, entry)
    impartiality.hold(session, actor.id, interest.vendor_id)
    _put_down(session, interest)
    _write_down(session, actor, PeopleEvent.ADD_INTEREST, interest)
    _stop(session, interest, ConflictOrigin.REGISTERED)
    return interest


def report(session: Session, actor: Actor, person_id: UUID, entry: Entry, source: str) -> Interest:
    """Write an interest into somebody else's register, because the office has learned of it; it counts at once.

    `source` says where from; the person is told, reads it and can answer. Refuses everybody but coordinators and the
    impartiality committee, one's own register, and a company one has an interest in oneself (NotAllowed), people
    without a club role (NotFound), a missing or too long source (Invalid), and what `add` refuses (Invalid, Known).
    """
    if not CONFIRMING & actor.roles or person_id == actor.id:
        raise NotAllowed(N_("Tài khoản của bạn không có quyền làm việc này."))
    _require_unconcerned(session, actor, entry.vendor_id)
    if not has_role(session, person_id):
        raise NotFound
    if not source.strip():
        raise Invalid(N_("Ghi Câu lạc bộ biết điều này từ đâu."))
    if len(source) > LONGEST_SOURCE:
        raise Invalid(N_("Nội dung quá dài: tối đa %(max)d ký tự."), max=LONGEST_SOURCE)
    interest = _entered(session, person_id, entry)
    interest.reported_by, interest.source = actor.id, source.strip()
    impartiality.hold(session, person_id, interest.vendor_id)
    _put_down(session, interest)
    _write_down(session, actor, PeopleEvent.REPORT_INTEREST, interest)
    _stop(session, interest, ConflictOrigin.REPORTED)
    return interest


def answer(session: Session, actor: Actor, interest_id: UUID, words: str) -> Interest:
    """Say something to a line the office wrote into one's register; it goes on counting.

    Refuses lines of others (NotFound), lines written by oneself or retracted (WrongState), and an empty or too long
    text (Invalid).
    """
    interest = answerable_by_person(session, actor, interest_id)
    if not words.strip():
        raise Invalid(N_("Ghi câu trả lời của bạn."))
    if len(words) > LONGEST:
        raise Invalid(N_("Nội dung quá dài: tối đa %(max)d ký tự."), max=LONGEST)
    interest.answer, interest.answered_at = words.strip(), now()
    session.add(interest)
    _write_down(session, actor, PeopleEvent.ANSWER_INTEREST, interest)
    return interest


def answerable_by_person(session: Session, actor: Actor, interest_id: UUID) -> Interest:
    """A line the office wrote into one's own register; refuses as `answer` does."""
    interest = own_entry(session, actor, interest_id)
    if interest.reported_by is None:
        raise WrongState(N_("Mục này do bạn tự khai. Muốn sửa, ghi ngày kết thúc hoặc báo khai nhầm."))
    return interest


def confirm(session: Session, actor: Actor, interest_id: UUID) -> Interest:
    """Say that a line is as the register says; until then it counts all the same.

    By a coordinator or somebody of the impartiality committee, neither the person of the line nor whoever reported
    it (NotAllowed; the database refuses both by itself), nor anybody with an interest in that company (NotAllowed).
    Refuses unknown lines (NotFound), lines confirmed before and retracted ones (WrongState).
    """
    interest = session.get(Interest, interest_id, with_for_update=True)
    if interest is None:
        raise NotFound
    if not CONFIRMING & actor.roles or actor.id in {interest.person_id, interest.reported_by}:
        raise NotAllowed(N_("Một mục phải do người khác xác nhận: không phải người có lợi ích, không phải người ghi."))
    _require_unconcerned(session, actor, interest.vendor_id)
    if interest.confirmed_at is not None or interest.retracted_at is not None:
        raise WrongState(N_("Mục này không chờ xác nhận. Tải lại trang để xem."))
    interest.confirmed_at, interest.confirmed_by = now(), actor.id
    session.add(interest)
    _write_down(session, actor, PeopleEvent.CONFIRM_INTEREST, interest)
    return interest


def end(session: Session, actor: Actor, interest_id: UUID, until: date) -> Interest:
    """Say on which day an interest ended; it still counts within the window of each edition, from today on.

    From today and not from the day given: whoever ends an interest would else free themselves with an old date. The
    line says something else now, so it waits to be confirmed again.
    Refuses entries of others (NotFound), entries ended or retracted (WrongState) and impossible days (Invalid).
    """
    interest = own_entry(session, actor, interest_id)
    if interest.until is not None:
        raise WrongState(N_("Mục này đã có ngày kết thúc."))
    _check_until(interest.since, until)
    interest.until, interest.ended_on = until, today()
    interest.confirmed_at = interest.confirmed_by = None
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

    Refuses everybody but coordinators and the impartiality committee, the person of the entry, and whoever has an
    interest in that company as well (NotAllowed), unknown entries (NotFound), and what does not wait (WrongState).
    """
    interest = session.get(Interest, interest_id, with_for_update=True)
    if interest is None:
        raise NotFound
    if not CONFIRMING & actor.roles or interest.person_id == actor.id:
        raise NotAllowed(N_("Việc khai nhầm phải do một người khác xác nhận."))
    _require_unconcerned(session, actor, interest.vendor_id)
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


def _require_unconcerned(session: Session, actor: Actor, vendor_id: UUID | None) -> None:
    """Who may judge neither file nor reviewer of a company decides about no register with it either (17065, 4.2)."""
    if is_concerned(session, actor.id, vendor_id):
        raise NotAllowed(N_("Bạn cũng có lợi ích liên quan ở đơn vị này. Việc này phải do người khác làm."))


def _entered(session: Session, person_id: UUID, entry: Entry) -> Interest:
    """The line of a register, as far as it can be one; nothing is written yet."""
    vendor = session.get(Vendor, entry.vendor_id) if entry.vendor_id else None
    organisation = vendor.name if vendor else entry.organisation
    if not organisation:
        raise Invalid(N_("Chọn đơn vị trong danh sách hoặc nhập tên tổ chức."))
    if entry.since > today():
        raise Invalid(N_("Ngày bắt đầu không được ở tương lai."))
    _check_until(entry.since, entry.until)
    return Interest(
        person_id=person_id,
        vendor_id=vendor.id if vendor else None,
        organisation=organisation,
        kind=entry.kind,
        since=entry.since,
        until=entry.until,
        note=entry.note,
    )


def _put_down(session: Session, interest: Interest) -> None:
    """Write a line that is not there yet; the head of the history is held, so that two clicks cannot both find none."""
    session.exec(select(ChainHead).with_for_update()).one_or_none()
    same = [col(getattr(Interest, name)).is_not_distinct_from(getattr(interest, name)) for name in SAID]
    standing = (col(Interest.retracted_at).is_(None), col(Interest.retraction_asked_at).is_(None))
    if session.exec(select(Interest.id).where(*same, *standing)).first() is not None:
        raise Known(N_("Bản kê đã có đúng mục này. Không ghi thêm lần nữa."))
    session.add(interest)


def _stop(session: Session, interest: Interest, origin: ConflictOrigin) -> None:
    session.flush()
    if interest.vendor_id is not None:
        cause = impartiality.Cause(origin, interest.kind)
        impartiality.find(session, interest.person_id, interest.vendor_id, cause)
        let_fall(session, interest.person_id)


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

"""What auditors do: answer for their interests, see behind the letters, write notes and close them (ISO 19011)."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session

from assessments import declarations, history
from assessments.clock import now, today
from assessments.errors import N_, Invalid, NotAllowed, NotFound, WrongState
from assessments.models import Application, AuditNote
from assessments.participation import take_part
from assessments.people import Actor, InterestKind, Part
from assessments.policy import Permission, require
from assessments.queries import audit
from assessments.queries.standings import standing_of
from assessments.states import AuditKind, Event

LONGEST = 4_000  # characters of a note
LONGEST_REASON = 500


@dataclass(frozen=True)
class Words:
    """A note as it is typed: what it is, and who is to do something by which legal day."""

    kind: AuditKind
    text: str
    owner: UUID | None = None
    due_on: date | None = None


def declare(
    session: Session,
    actor: Actor,
    application: Application,
    has_interest: bool,  # noqa: FBT001  the answer itself, not a switch
    kind: InterestKind | None = None,
    note: str = "",
) -> None:
    """Record an auditor's word before the file opens; without an interest the auditor's part is taken with it.

    From then on the person has that one part in the application: who has read the file as an auditor never scores it,
    proposes or confirms (ISO/IEC 17065, 4.2; ISO 19011, 4 e). Refuses who is not asked (NotFound, NotAllowed) and what
    declarations.declare refuses.
    """
    require(standing_of(session, actor, application), Permission.JOIN_AUDIT)
    declarations.declare(session, actor, application, has_interest, kind, note)
    if not has_interest:
        take_part(session, application, actor.id, Part.AUDITOR)


def read_names(session: Session, actor: Actor, application: Application, reason: str) -> None:
    """Write down that an auditor looks behind letters and roles, and why; the caller shows the names once.

    Refuses who may not (NotFound, NotAllowed), and a reason that is missing or over 500 characters (Invalid).
    """
    require(standing_of(session, actor, application), Permission.AUDIT)
    if not reason.strip():
        raise Invalid(N_("Ghi lý do cần xem tên."))
    if len(reason) > LONGEST_REASON:
        raise Invalid(N_("Nội dung quá dài: tối đa %(max)d ký tự."), max=LONGEST_REASON)
    history.record(session, actor, history.Step(Event.READ_NAMES, note=reason.strip()), application)


def write_note(session: Session, actor: Actor, application: Application, words: Words) -> AuditNote:
    """Add a note to a file.

    A recommendation needs an owner and a day. Refuses who may not (NotFound, NotAllowed); a text that is missing or
    over 4,000 characters, an owner without a day or a day without an owner, a day that has passed, and an owner who
    cannot be one (Invalid).
    """
    require(standing_of(session, actor, application), Permission.AUDIT)
    _check(session, application, words)
    note = AuditNote(
        application_id=application.id,
        kind=words.kind,
        text=words.text.strip(),
        owner_id=words.owner,
        due_on=words.due_on,
        written_by=actor.id,
    )
    session.add(note)
    session.flush()
    history.record(session, actor, history.Step(Event.WRITE_AUDIT_NOTE, note=note.text), application)
    return note


def answer_note(session: Session, actor: Actor, note_id: UUID, text: str) -> AuditNote:
    """Say, as the owner, what was done. Refuses whoever is not its owner (NotFound), a closed note (WrongState) and
    an empty or too long text (Invalid)."""
    note = audit.follow_up(session, actor, note_id)
    if note is None:
        raise NotFound
    session.refresh(note, with_for_update=True)
    if note.closed_at is not None:
        raise WrongState(N_("Ghi chú này đã đóng."))
    _check_text(text)
    note.answer, note.answered_at = text.strip(), now()
    session.add(note)
    application = session.get_one(Application, note.application_id)
    history.record(session, actor, history.Step(Event.ANSWER_AUDIT_NOTE, note=note.answer), application)
    return note


def close_note(session: Session, actor: Actor, application: Application, note_id: UUID, text: str) -> AuditNote:
    """Close a note, saying what was found. Refuses who may not (NotFound, NotAllowed), its own owner (NotAllowed),
    one that is closed (WrongState), and a text that is missing or too long (Invalid)."""
    require(standing_of(session, actor, application), Permission.AUDIT)
    note = session.get(AuditNote, note_id, with_for_update=True)
    if note is None or note.application_id != application.id:
        raise NotFound
    if note.closed_at is not None:
        raise WrongState(N_("Ghi chú này đã đóng."))
    if note.owner_id == actor.id:
        raise NotAllowed(N_("Người theo dõi không tự đóng ghi chú của mình."))
    _check_text(text)
    note.closed_by, note.closed_at, note.closing_note = actor.id, now(), text.strip()
    session.add(note)
    history.record(session, actor, history.Step(Event.CLOSE_AUDIT_NOTE, note=note.closing_note), application)
    return note


def _check(session: Session, application: Application, words: Words) -> None:
    _check_text(words.text)
    if words.kind is AuditKind.RECOMMENDATION and words.owner is None:
        raise Invalid(N_("Khuyến nghị cần người theo dõi và hạn."))
    if (words.owner is None) is not (words.due_on is None):
        raise Invalid(N_("Chọn cả người theo dõi và hạn, hoặc để trống cả hai."))
    if words.due_on is not None and words.due_on < today():
        raise Invalid(N_("Hạn phải từ hôm nay trở đi."))
    if words.owner is not None and words.owner not in {one.id for one in audit.owners(session, application)}:
        raise Invalid(N_("Người này không theo dõi được ghi chú của hồ sơ này."))


def _check_text(text: str) -> None:
    if not text.strip():
        raise Invalid(N_("Viết nội dung."))
    if len(text) > LONGEST:
        raise Invalid(N_("Nội dung quá dài: tối đa %(max)d ký tự."), max=LONGEST)

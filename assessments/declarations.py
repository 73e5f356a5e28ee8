"""The question asked before a file opens: is there an interest in this vendor (ISO/IEC 17065, 4.2)?"""

from uuid import UUID

from sqlmodel import Session, col, delete

from assessments import history, impartiality
from assessments.clock import now, today
from assessments.errors import N_, Invalid
from assessments.models import Application, Declaration, Interest, Vendor
from assessments.participation import let_fall
from assessments.people import Actor, InterestKind
from assessments.policy import Permission, require
from assessments.queries.reviews import active
from assessments.queries.standings import standing_of
from assessments.queries.suggestions import suggested
from assessments.states import ConflictOrigin, Event

LONGEST = 1_000  # characters of a note


def declare(
    session: Session,
    actor: Actor,
    application: Application,
    has_interest: bool,  # noqa: FBT001  the answer itself, not a switch
    kind: InterestKind | None = None,
    note: str = "",
) -> Declaration:
    """Record a reviewer's or decider's word before the file opens, or later when something has come up.

    An interest goes into the register, takes away access at once and stops what the person has done, with a record
    (see `impartiality.stop`); the participation stays, so that nobody comes back in another part.

    Refuses who is not asked (NotFound, NotAllowed), an interest without its kind, no interest without a word where
    something was noticed (see `suggestions.suggested`), and a note over 1,000 characters (Invalid).
    """
    require(standing_of(session, actor, application), Permission.DECLARE)
    if len(note) > LONGEST:
        raise Invalid(N_("Nội dung quá dài: tối đa %(max)d ký tự."), max=LONGEST)
    if has_interest and kind is None:
        raise Invalid(N_("Chọn loại lợi ích liên quan."))
    if not has_interest and not note.strip() and suggested(session, application, [actor.id]):
        raise Invalid(N_("Ghi vì sao những dấu hiệu nêu trên không phải là lợi ích liên quan."))
    found, changed = _row(session, actor, application, has_interest)
    if not changed:
        return found
    event = Event.DECLARE_INTEREST if has_interest else Event.DECLARE_NO_INTEREST
    history.record(session, actor, history.Step(event, note=note.strip()), application)
    if has_interest and kind is not None:
        _register(session, actor, application, kind, note)
        impartiality.stop(session, application, actor.id, impartiality.Cause(ConflictOrigin.DECLARED, kind))
        let_fall(session, actor.id)
    return found


def ask(session: Session, actor: Actor, application: Application, note: str) -> None:
    """Put the question to the coordinator; the file stays closed until the person has declared.

    Refuses who is not asked (NotFound, NotAllowed), and an empty note or one over 1,000 characters (Invalid).
    """
    require(standing_of(session, actor, application), Permission.DECLARE)
    if not note.strip():
        raise Invalid(N_("Ghi điều bạn chưa chắc để điều phối viên trả lời."))
    if len(note) > LONGEST:
        raise Invalid(N_("Nội dung quá dài: tối đa %(max)d ký tự."), max=LONGEST)
    history.record(session, actor, history.Step(Event.ASK_ABOUT_INTEREST, note=note.strip()), application)


def ask_again(session: Session, application: Application, *, person_id: UUID | None = None) -> None:
    """Let words that there is no interest count no more, since somebody is asked anew; what was said stays in history.

    One person: they get the file as a reviewer. Without one: everybody but the reviewers who are at it, for the file
    comes before the committee. A word that there is an interest stays for good.
    """
    question = delete(Declaration).where(
        col(Declaration.application_id) == application.id, col(Declaration.has_interest).is_(False)
    )
    if person_id is not None:
        question = question.where(col(Declaration.person_id) == person_id)
    else:
        at_it = [one.reviewer_id for one in active(session, application.id)]
        question = question.where(col(Declaration.person_id).not_in(at_it))
    session.exec(question)


def _row(
    session: Session,
    actor: Actor,
    application: Application,
    has_interest: bool,  # noqa: FBT001  the answer itself, not a switch
) -> tuple[Declaration, bool]:
    """The declaration as it now stands, and whether anything was said that was not said before."""
    found = session.get(Declaration, (application.id, actor.id))
    if found is not None and found.has_interest == has_interest:
        return found, False
    if found is None:
        found = Declaration(application_id=application.id, person_id=actor.id, has_interest=has_interest)
    found.has_interest, found.declared_at = has_interest, now()
    session.add(found)
    session.flush()
    return found, True


def _register(session: Session, actor: Actor, application: Application, kind: InterestKind, note: str) -> None:
    vendor = session.get_one(Vendor, application.vendor_id)
    session.add(
        Interest(
            person_id=actor.id,
            vendor_id=vendor.id,
            organisation=vendor.name,
            kind=kind,
            since=today(),
            note=note.strip(),
        )
    )
    session.flush()

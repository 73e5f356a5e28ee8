"""A conflict found late: what it stops at once, what it leaves to people, and the register of both (17065, 4.2)."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session

from assessments import history, reviews
from assessments.clock import now, today
from assessments.errors import N_, Invalid, NotAllowed, NotFound, Version, WrongState
from assessments.errors import Conflict as Refused
from assessments.models import Application, Conflict, Meeting, Participation, Proposal, Risk
from assessments.people import Actor, InterestKind, Part, Role
from assessments.queries import decisions
from assessments.queries.impartiality import is_conflicted, is_unconcerned, parts_of, recorded
from assessments.queries.reviews import review_of
from assessments.states import ConflictEffect, ConflictOrigin, Event, PeopleEvent, State

LONGEST = 2_000  # characters of what was decided about a conflict
REASON = "late_interest"  # the code the vendor reads when a review counts no more: never who, never which interest
TOO_LATE = (ConflictEffect.AFTER_RECOMMENDATION, ConflictEffect.AFTER_DECISION)

_BEFORE_COMMITTEE = {State.IN_DECISION, State.MINDED_TO}
_DECIDED = {State.CERTIFIED, State.DECLINED, State.REFUSED}
_DECIDES = {Part.PROPOSER, Part.CONFIRMER}


@dataclass(frozen=True)
class Cause:
    """How a conflict came out, and which kind of interest it is (None: the person is a member of the vendor)."""

    origin: ConflictOrigin
    kind: InterestKind | None = None


def find(session: Session, person_id: UUID, vendor_id: UUID, cause: Cause) -> list[Conflict]:
    """Stop what a person does in applications of a company they turn out to have an interest in.

    Each application is looked at by itself: an interest that ended before the window of its edition stops nothing
    there. Returns the lines of the register that this has added.
    """
    found = []
    for application in hold(session, person_id, vendor_id):
        if is_conflicted(session, application, person_id):
            found.append(stop(session, application, person_id, cause))
    return [one for one in found if one is not None]


def hold(session: Session, person_id: UUID, vendor_id: UUID | None) -> list[Application]:
    """Hold every application of a company in which a person has a part, until the transaction ends.

    Before anything is written into the history: whoever moves an application holds it first and the history after,
    and two who take them in different orders would wait for each other for ever.
    """
    held = parts_of(session, person_id, vendor_id) if vendor_id else []
    for application in held:
        session.refresh(application, with_for_update=True)
    return held


def stop(session: Session, application: Application, person_id: UUID, cause: Cause) -> Conflict | None:
    """Take back what a person with an interest has a part in, as far as it can be, and write it into the register.

    Access has ended by the interest itself. Before the recommendation the person's review counts no more; before the
    decision an open proposal falls that they made, or answered by rejecting the one before. What the committee has
    received or decided does not change by itself: it becomes a matter for the office and the impartiality committee.
    Returns None where the register has the line already. The caller holds the application.
    """
    taken = session.get(Participation, (application.id, person_id))
    part = taken.part if taken else None
    counted = review_of(session, application.id, person_id) is not None
    notice = decisions.current_notice(session, application.id)
    noticed = notice is not None and notice.given_by == person_id
    effect = _stopped(session, application, person_id, part, cause)
    effect = effect or _too_late(application, part, counted=counted, noticed=noticed)
    if recorded(session, application.id, person_id, effect):
        return None
    conflict = Conflict(
        application_id=application.id,
        person_id=person_id,
        part=part.value if part else "",
        kind=cause.kind,
        origin=cause.origin,
        effect=effect,
        state=application.state.value,
    )
    session.add(conflict)
    session.flush()
    if effect in TOO_LATE:
        history.record(session, None, history.Step(Event.FIND_CONFLICT, note=effect), application)
    return conflict


def handle(session: Session, actor: Actor, conflict_id: UUID, words: str) -> Conflict:
    """Write down what was decided about a line of the register, once.

    Refuses everybody but coordinators and the impartiality committee, the person it is about, whoever has an interest
    in the company and whoever judged the application (NotAllowed), unknown lines (NotFound), lines handled before
    (WrongState), and an empty or too long text (Invalid).
    """
    conflict = session.get(Conflict, conflict_id, with_for_update=True)
    application = session.get(Application, conflict.application_id) if conflict else None
    if conflict is None or application is None:
        raise NotFound
    outside = not {Role.COORDINATOR, Role.IMPARTIALITY} & actor.roles or conflict.person_id == actor.id
    if outside or not is_unconcerned(session, actor, application):
        raise NotAllowed(N_("Việc này phải do một người không có lợi ích liên quan giải quyết."))
    if conflict.handled_at is not None:
        raise WrongState(N_("Việc này đã có người giải quyết. Tải lại trang để xem."))
    if not words.strip():
        raise Invalid(N_("Ghi đã xem xét thế nào và làm gì."))
    if len(words) > LONGEST:
        raise Invalid(N_("Nội dung quá dài: tối đa %(max)d ký tự."), max=LONGEST)
    conflict.handling, conflict.handled_at, conflict.handled_by = words.strip(), now(), actor.id
    session.add(conflict)
    history.record(session, actor, history.Step(Event.HANDLE_CONFLICT), application)
    return conflict


@dataclass(frozen=True)
class RiskText:
    """What is said of a risk: what it is, what is done about it, who sees to it, by which legal day."""

    title: str
    measure: str
    owner: str
    due_on: date

    def fields(self) -> dict[str, str]:
        """The typed content, for showing two versions side by side."""
        return {name: str(value) for name, value in vars(self).items()}


def write_risk(session: Session, actor: Actor, text: RiskText, risk_id: UUID | None = None, version: int = 0) -> Risk:
    """Put a risk into the log, or write it anew; `version` is that of the text the person began from.

    Refuses everybody but coordinators and the impartiality committee (NotAllowed), empty texts (Invalid), unknown
    risks (NotFound), closed ones (WrongState) and a text saved elsewhere meanwhile (Conflict). Source: ISO/IEC 17065,
    4.2.3: risks to impartiality are identified on an ongoing basis, with how they are eliminated or minimized.
    """
    _require_watching(actor)
    if not all(one.strip() for one in (text.title, text.measure, text.owner)):
        raise Invalid(N_("Ghi rủi ro, việc làm và người phụ trách."))
    risk = _open_risk(session, risk_id, version, text) if risk_id else None
    said = {**vars(text), "written_by": actor.id, "written_at": now()}
    if risk is None:
        risk = Risk(**said)
    else:
        risk.sqlmodel_update({**said, "version": risk.version + 1})
    session.add(risk)
    session.flush()
    history.record(session, actor, history.Step(PeopleEvent.WRITE_RISK, note=f"{text.title}: {text.measure}"))
    return risk


def close_risk(session: Session, actor: Actor, risk_id: UUID, version: int, why: str) -> Risk:
    """Close a risk and say why. Refuses as `write_risk` does, and without a reason (Invalid)."""
    _require_watching(actor)
    if not why.strip():
        raise Invalid(N_("Ghi vì sao đóng rủi ro này."))
    risk = _open_risk(session, risk_id, version)
    risk.closed_on, risk.closing, risk.version = today(), why.strip(), risk.version + 1
    risk.written_by, risk.written_at = actor.id, now()
    session.add(risk)
    history.record(session, actor, history.Step(PeopleEvent.WRITE_RISK, note=f"{risk.title}: {risk.closing}"))
    return risk


def write_meeting(session: Session, actor: Actor, held_on: date, present: str, notes: str) -> Meeting:
    """Keep the notes of a meeting of the impartiality committee; they are never rewritten (ISO/IEC 17065, 5.2).

    Refuses everybody but the committee itself (NotAllowed), a day to come and empty texts (Invalid).
    """
    if Role.IMPARTIALITY not in actor.roles:
        raise NotAllowed(N_("Tài khoản của bạn không có quyền làm việc này."))
    if held_on > today():
        raise Invalid(N_("Ngày họp không được ở tương lai."))
    if not (present.strip() and notes.strip()):
        raise Invalid(N_("Ghi người dự và nội dung cuộc họp."))
    meeting = Meeting(held_on=held_on, present=present.strip(), notes=notes.strip(), written_by=actor.id)
    session.add(meeting)
    session.flush()
    history.record(session, actor, history.Step(PeopleEvent.WRITE_MEETING, note=f"{held_on:%d/%m/%Y}: {meeting.notes}"))
    return meeting


def _require_watching(actor: Actor) -> None:
    if not {Role.COORDINATOR, Role.IMPARTIALITY} & actor.roles:
        raise NotAllowed(N_("Tài khoản của bạn không có quyền làm việc này."))


def _open_risk(session: Session, risk_id: UUID, version: int, text: RiskText | None = None) -> Risk:
    """A risk that can still be changed, as the person has read it."""
    risk = session.get(Risk, risk_id, with_for_update=True)
    if risk is None:
        raise NotFound
    if risk.closed_on is not None:
        raise WrongState(N_("Rủi ro này đã đóng."))
    if risk.version != version:
        theirs = Version(RiskText(risk.title, risk.measure, risk.owner, risk.due_on).fields(), at=risk.written_at)
        yours = Version(text.fields() if text else {})
        raise Refused(N_("Mục này vừa được lưu ở nơi khác. Chưa có gì bị ghi đè."), theirs, yours)
    return risk


def _stopped(
    session: Session, application: Application, person_id: UUID, part: Part | None, cause: Cause
) -> ConflictEffect | None:
    """What could still be taken back, with a row of history each; the vendor reads a code and no name."""
    if part is Part.REVIEWER and (review := review_of(session, application.id, person_id)):
        joined = cause.origin is ConflictOrigin.JOINED
        event = Event.VOID_REVIEW_OF_COLLEAGUE if joined else Event.VOID_REVIEW
        if reviews.is_voidable(application):
            history.record(session, None, history.Step(event, note=REASON), application)
            reviews.void(session, application, review.reviewer_id)
            return ConflictEffect.REVIEW_VOIDED
    if part in _DECIDES and (proposal := decisions.open_proposal(session, application.id)):
        fall(session, application, proposal)
        return ConflictEffect.PROPOSAL_FELL
    return None


def fall(session: Session, application: Application, proposal: Proposal) -> None:
    """Close an open proposal that somebody with an interest had a hand in; the file waits for another."""
    proposal.fell, proposal.closed_at = True, now()
    session.add(proposal)
    session.flush()
    history.record(session, None, history.Step(Event.PROPOSAL_FALLS), application)


def _too_late(application: Application, part: Part | None, *, counted: bool, noticed: bool) -> ConflictEffect:
    """What the conflict touches although nothing can be taken back; else only the access has ended.

    `counted`: a review of the person counts; `noticed`: the notice before a decline is theirs.
    """
    judged = part is not None and (part is not Part.REVIEWER or counted)
    if judged and application.state in _DECIDED:
        return ConflictEffect.AFTER_DECISION
    if application.state in _BEFORE_COMMITTEE and (counted or noticed):
        return ConflictEffect.AFTER_RECOMMENDATION
    return ConflictEffect.ACCESS_ENDED

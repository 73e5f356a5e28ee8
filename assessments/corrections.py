"""What a vendor answers to the club: findings of a round, the notice before a decline, the facts of the summary."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from assessments import clock, history, reading
from assessments.applications import CHANGED, require_open, take_snapshot
from assessments.errors import N_, Conflict, Invalid, NotFound, Version, WrongState
from assessments.models import Application, Finding, FindingReply, Notice, Recommendation, Submission
from assessments.people import Actor
from assessments.policy import Permission, require
from assessments.queries import consensus, decisions, findings, people
from assessments.queries.standings import standing_of
from assessments.states import Action, Event, State
from assessments.versions import BY_HAND, Saving, cuts
from assessments.workflow import move

LONGEST = 5_000  # characters of an answer, a comment, a remark
TOO_LONG = N_("Nội dung dài quá %(max)d ký tự.")
CUT_AWAY = N_("Bạn vừa bỏ đi nhiều chữ. Bấm Lưu nếu đúng là muốn bỏ.")


@dataclass(frozen=True)
class FindingAnswer:
    """What a person typed to one finding, and the version they began from."""

    text: str
    version: int


def save_answers(
    session: Session,
    actor: Actor,
    application: Application,
    given: Mapping[UUID, FindingAnswer],
    saving: Saving = BY_HAND,
) -> dict[UUID, int]:
    """Save answers to findings of the running round, and return the version of each; unchanged ones are left alone.

    Refuses strangers (NotFound), other states (WrongState), a finding that is not of this round (NotFound), too long
    a text (Invalid), and a text somebody has saved meanwhile (Conflict). Answers to findings have no versions until
    they are sent: an autosave that takes much away is refused (Invalid) and waits for a hand.
    """
    require_open(session, actor, application, (State.CORRECTION,))
    asked = {one.id: one for one in findings.of_round(session, application.id, application.correction_round)}
    for finding_id, answer in given.items():
        if finding_id not in asked:
            raise NotFound
        if saving.auto and cuts(asked[finding_id].answer, answer.text):
            raise Invalid(CUT_AWAY)
        _save_answer(session, actor, asked[finding_id], answer)
    return {finding_id: asked[finding_id].answer_version for finding_id in given}


def answer_correction(session: Session, actor: Actor, application: Application) -> Submission:
    """Send the correction: a new numbered snapshot and the answers as they stand, then back to the reviewers.

    Refuses as move() does.
    """
    session.refresh(application, with_for_update=True)
    require(standing_of(session, actor, application), Permission.ANSWER)
    submission = take_snapshot(session, actor, application, application.edition_digest)
    number = application.correction_round
    move(session, actor, application, Action.ANSWER_CORRECTION, note=submission.digest)
    session.add(submission)
    session.add_all(
        FindingReply(finding_id=one.id, correction_round=number, text=one.answer, written_by=one.answered_by)
        for one in findings.of_round(session, application.id, number)
    )
    session.flush()
    reading.want(session, submission.content)
    return submission


def name_owners(session: Session, actor: Actor, application: Application, owners: Mapping[UUID, UUID | None]) -> None:
    """Say who at the company has to act on which finding of the running round; None is nobody in particular.

    For the company's own work only: the reviewers do not see it. Refuses everybody but the owner (NotFound,
    NotAllowed), other states (WrongState), a finding that is not of this round (NotFound), and who is no member of
    the company (Invalid).
    """
    require(standing_of(session, actor, application), Permission.ANSWER)
    require_open(session, actor, application, (State.CORRECTION,))
    asked = {one.id: one for one in findings.of_round(session, application.id, application.correction_round)}
    members = {one.id for one in people.members_of(session, application.vendor_id)}
    for finding_id, person_id in owners.items():
        if finding_id not in asked:
            raise NotFound
        if person_id is not None and person_id not in members:
            raise Invalid(N_("Chọn một người của đơn vị."))
        asked[finding_id].owner_id = person_id
        session.add(asked[finding_id])


def comment_on_notice(session: Session, actor: Actor, application: Application, text: str) -> Notice:
    """Say what there is to say before a decline; the committee then decides (ISO/IEC 17065, 7.6).

    Refuses an empty or too long text (Invalid) and, as move() does, the wrong person and the wrong state.
    """
    _refuse_text(text)
    move(session, actor, application, Action.COMMENT, text.strip())
    notice = decisions.current_notice(session, application.id)
    if notice is None or notice.ended_at is not None:
        raise WrongState(N_("Không có thông báo nào đang chờ ý kiến."))
    notice.comment, notice.commented_by, notice.ended_at = text.strip(), actor.id, clock.now()
    session.add(notice)
    return notice


def check_facts(session: Session, actor: Actor, application: Application, remarks: str = "") -> Recommendation:
    """The owner has read the public summary: its facts are right, or `remarks` say what is not.

    Refuses everybody but the owner (NotFound, NotAllowed), and when no summary waits (WrongState).
    """
    session.refresh(application, with_for_update=True)
    require(standing_of(session, actor, application), Permission.ANSWER)
    found = consensus.recommendation(session, application.id)
    if application.state is not State.CONSENSUS or found is None or not waits_for_facts(found):
        raise WrongState(N_("Không có bản tóm tắt nào đang chờ đơn vị xem."))
    if len(remarks) > LONGEST:
        raise Invalid(TOO_LONG, max=LONGEST)
    found.vendor_remarks = remarks
    found.vendor_checked_at = clock.now()
    found.vendor_checked_by = actor.id
    session.add(found)
    history.record(session, actor, history.Step(Event.CHECK_FACTS, note=remarks), application)
    return found


def waits_for_facts(found: Recommendation) -> bool:
    """Whether the summary was sent to the vendor and not yet checked."""
    return found.sent_to_vendor_at is not None and found.vendor_checked_at is None


def _save_answer(session: Session, actor: Actor, finding: Finding, answer: FindingAnswer) -> None:
    if answer.text == finding.answer:
        return
    if len(answer.text) > LONGEST:
        raise Invalid(TOO_LONG, max=LONGEST)
    if answer.version != finding.answer_version and not _goes_on(actor, finding, answer.text):
        author = people.name_of(session, finding.answered_by)
        raise Conflict(
            CHANGED,
            Version({str(finding.id): finding.answer}, author, finding.answered_at),
            Version({str(finding.id): answer.text}),
        )
    finding.answer = answer.text
    finding.answer_version += 1
    finding.answered_by = actor.id
    finding.answered_at = clock.now()
    session.add(finding)


def _goes_on(actor: Actor, finding: Finding, text: str) -> bool:
    """Whether somebody goes on behind a text of their own: the answer to its autosave got lost on the way."""
    return finding.answered_by == actor.id and text.startswith(finding.answer)


def _refuse_text(text: str) -> None:
    if not text.strip():
        raise Invalid(N_("Nhập ý kiến của đơn vị."))
    if len(text) > LONGEST:
        raise Invalid(TOO_LONG, max=LONGEST)

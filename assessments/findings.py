"""Findings of the evaluation: written, put to the vendor, closed one by one (ISO/IEC 17065, 7.4.6 to 7.4.8)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session

from assessments.clock import now, today
from assessments.errors import N_, Invalid, NotFound, WrongState
from assessments.models import Application, Finding, Review, Score
from assessments.people import Actor
from assessments.policy import Permission, require
from assessments.queries import findings, reviews
from assessments.queries.consensus import applicable_criteria
from assessments.queries.standings import standing_of
from assessments.states import Action, Severity, State
from assessments.workflow import move
from criteria.model import Criterion

LONGEST = 5_000  # characters of a finding
NOT_SHOWN_TEXT = N_("Bằng chứng chưa cho thấy yêu cầu này được đáp ứng. Đề nghị bổ sung bằng chứng.")


@dataclass(frozen=True)
class Wording:
    """What a finding says: how grave it is, and the gap in words the vendor can act on."""

    severity: Severity
    text: str


def raise_finding(session: Session, actor: Actor, application: Application, code: str, wording: Wording) -> Finding:
    """Write a finding about a criterion that applies; it reaches the vendor with the next round of correction.

    Refuses who does not lead (NotFound, NotAllowed), another state (WrongState), a criterion that does not apply
    (NotFound), and an empty or too long text (Invalid).
    """
    _require_lead(session, actor, application)
    _check(wording)
    if code not in {criterion.code for criterion in applicable_criteria(session, application)}:
        raise NotFound
    finding = Finding(
        application_id=application.id,
        criterion=code,
        severity=wording.severity,
        text=wording.text.strip(),
        raised_by=actor.id,
    )
    session.add(finding)
    session.flush()
    return finding


def reword(session: Session, actor: Actor, application: Application, finding_id: UUID, wording: Wording) -> None:
    """Change a finding that was not put to the vendor yet; refuses as `raise_finding` does, and later (WrongState)."""
    finding = _finding(session, actor, application, finding_id)
    _check(wording)
    if finding.correction_round or finding.closed_at:
        raise WrongState(N_("Phát hiện này đã gửi nhà cung cấp hoặc đã đóng nên không sửa được nữa."))
    finding.severity, finding.text = wording.severity, wording.text.strip()
    if finding.severity is not Severity.MINOR:
        finding.condition_until = None
    session.add(finding)


def close(session: Session, actor: Actor, application: Application, finding_id: UUID, note: str = "") -> None:
    """Close a finding, with a word on why; refuses as `raise_finding` does, and one that is closed (WrongState).

    One that is major, or that the vendor was asked about, is not closed without that word (Invalid).
    """
    finding = _finding(session, actor, application, finding_id)
    if finding.closed_at is not None:
        raise WrongState(N_("Phát hiện này đã đóng."))
    if not note.strip() and (finding.severity is Severity.MAJOR or finding.answer.strip()):
        raise Invalid(N_("Ghi vì sao đóng: phát hiện nặng, hoặc đã hỏi nhà cung cấp, không đóng trống."))
    if len(note) > LONGEST:
        raise Invalid(N_("Nội dung quá dài: tối đa %(max)d ký tự."), max=LONGEST)
    finding.closed_at, finding.closed_by, finding.closing_note = now(), actor.id, note.strip()
    finding.condition_until = None
    session.add(finding)


def reopen(session: Session, actor: Actor, application: Application, finding_id: UUID) -> None:
    """Open a closed finding again; refuses as `raise_finding` does, and one that is open (WrongState).

    One that the vendor was already asked about goes back to "not asked", so that the next round asks again.
    """
    finding = _finding(session, actor, application, finding_id)
    if finding.closed_at is None:
        raise WrongState(N_("Phát hiện này đang mở."))
    finding.closed_at, finding.closed_by, finding.closing_note = None, None, ""
    session.add(finding)


def make_condition(
    session: Session, actor: Actor, application: Application, finding_id: UUID, until: date | None
) -> None:
    """Let an open minor finding go along to the committee as a condition to be met by a legal day; None takes it back.

    Refuses as `raise_finding` does, a closed one (WrongState), one that is not minor and a day that has passed
    (Invalid). Major findings are closed or nothing is recommended (ISO/IEC 17065, 7.4.7 and 7.6.2).
    """
    finding = _finding(session, actor, application, finding_id)
    if finding.closed_at is not None:
        raise WrongState(N_("Phát hiện này đã đóng."))
    if finding.severity is not Severity.MINOR:
        raise Invalid(N_("Chỉ phát hiện không phù hợp nhẹ mới thành điều kiện được."))
    if until is not None and until <= today():
        raise Invalid(N_("Chọn một ngày sau hôm nay."))
    finding.condition_until = until
    session.add(finding)


def move_due(session: Session, application: Application) -> None:
    """Give the findings of the running round the deadline of the application, after it was moved."""
    for finding in findings.of_round(session, application.id, application.correction_round):
        finding.due_at = application.due_at
        session.add(finding)


def ask_correction(session: Session, actor: Actor, application: Application) -> None:
    """Put every open finding to the vendor in a numbered round.

    Refuses who does not lead (NotFound, NotAllowed), another state (WrongState), and without a finding or without
    a round left (NotReady). What was asked before and is still open is asked again, its answer kept as it was; what
    goes along as a condition is not. Each is due at the deadline of the round.
    """
    _require_lead(session, actor, application)
    for finding in findings.to_ask(session, application.id):
        finding.correction_round = 0
        session.add(finding)
    session.flush()
    move(session, actor, application, Action.ASK_CORRECTION)
    application.correction_round += 1
    for finding in findings.unasked(session, application.id):
        finding.correction_round, finding.due_at = application.correction_round, application.due_at
        session.add(finding)
    session.add(application)
    session.flush()


def raise_for_what_is_not_shown(session: Session, application: Application) -> list[Finding]:
    """One finding for each criterion of which a reviewer says that the evidence does not show it.

    Written when the consensus opens, in the name of the first such reviewer and with their words to the vendor;
    a critical criterion makes it a major one. A criterion with an open finding gets no second one.
    """
    team = reviews.active(session, application.id)
    given = reviews.scores_of(session, team)
    known = {finding.criterion for finding in findings.still_open(session, application.id)}
    written: list[Finding] = []
    for criterion in applicable_criteria(session, application):
        doubting = [review for review in team if _not_shown(given[review.id], criterion)]
        if doubting and criterion.code not in known:
            words = given[doubting[0].id][criterion.code].to_vendor.strip()
            written.append(_not_shown_finding(application, criterion, doubting[0], words))
    session.add_all(written)
    session.flush()
    return written


def _not_shown(given: Mapping[str, Score], criterion: Criterion) -> bool:
    score = given.get(criterion.code)
    return score is not None and score.not_shown


def _not_shown_finding(application: Application, criterion: Criterion, review: Review, words: str) -> Finding:
    return Finding(
        application_id=application.id,
        criterion=criterion.code,
        severity=Severity.MAJOR if criterion.critical else Severity.MINOR,
        text=words or NOT_SHOWN_TEXT,
        raised_by=review.reviewer_id,
    )


def _finding(session: Session, actor: Actor, application: Application, finding_id: UUID) -> Finding:
    _require_lead(session, actor, application)
    finding = session.get(Finding, finding_id)
    if finding is None or finding.application_id != application.id:
        raise NotFound
    return finding


def _require_lead(session: Session, actor: Actor, application: Application) -> None:
    require(standing_of(session, actor, application), Permission.LEAD)
    if application.state is not State.CONSENSUS:
        raise WrongState(N_("Chỉ ghi và đóng phát hiện trong lúc thống nhất điểm."))


def _check(wording: Wording) -> None:
    if not wording.text.strip():
        raise Invalid(N_("Ghi nội dung phát hiện."))
    if len(wording.text) > LONGEST:
        raise Invalid(N_("Nội dung quá dài: tối đa %(max)d ký tự."), max=LONGEST)

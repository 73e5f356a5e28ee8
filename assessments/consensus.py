"""What the lead reviewer settles: agreed scores, the public summary and limits, the recommendation."""

from dataclasses import dataclass

from sqlmodel import Session

from assessments import history
from assessments.clock import now
from assessments.declarations import ask_again
from assessments.errors import N_, Conflict, Invalid, Missing, NotFound, NotReady, Version, WrongState
from assessments.models import AgreedScore, Application, ConsensusRemark, Recommendation
from assessments.people import Actor
from assessments.policy import Permission, require
from assessments.queries import consensus
from assessments.queries.reviews import review_of
from assessments.queries.standings import standing_of
from assessments.readiness import to_open_consensus
from assessments.reviews import LONGEST, NOT_APPLICABLE, NOT_SHOWN, VALUES, check_mark, mark_of
from assessments.states import Action, Event, State
from assessments.workflow import move
from criteria.model import Criterion

LIMITS = 3  # limits printed for parents
LONGEST_LIMIT = 300
LONGEST_REMARK = 2_000
SUMMARY_MISSING = N_("Viết bản tóm tắt công khai bằng tiếng Việt và tiếng Anh.")


@dataclass(frozen=True)
class Agreement:
    """The agreed mark of one criterion ("0" to "4", NOT_SHOWN, NOT_APPLICABLE) and why, where the rules ask."""

    mark: str
    reconciliation: str = ""


@dataclass(frozen=True)
class Texts:
    """What parents will read: a summary and up to three limits, each as (Vietnamese, English)."""

    summary_vi: str = ""
    summary_en: str = ""
    limits: tuple[tuple[str, str], ...] = ()

    def fields(self) -> dict[str, str]:
        """The typed content, for showing two versions side by side."""
        both = {f"limit {number}": f"{vi}\n{en}" for number, (vi, en) in enumerate(self.limits, 1)}
        return {"summary_vi": self.summary_vi, "summary_en": self.summary_en, **both}


def agree(
    session: Session, actor: Actor, application: Application, code: str, agreement: Agreement, version: int
) -> AgreedScore:
    """Record the agreed score of a criterion; `version` is that of the text one started from (0: none).

    Refuses who does not lead (NotFound, NotAllowed), another state (WrongState), before all reviews are final
    (NotReady), a criterion that does not apply (NotFound), a mark that cannot be given (Invalid), and a text
    saved elsewhere meanwhile (Conflict). A missing reconciliation is refused at the recommendation, not here.
    """
    require_settling(session, actor, application)
    criterion = _criterion(session, application, code)
    check_mark(session, application, criterion, agreement.mark)
    if not agreement.mark:
        raise Invalid(N_("Chọn điểm thống nhất của %(code)s."), code=code)
    if len(agreement.reconciliation) > LONGEST:
        raise Invalid(N_("Nội dung quá dài: tối đa %(max)d ký tự."), max=LONGEST)
    found = consensus.agreed(session, application.id).get(code)
    if found is not None and found.version != version and _agreement_of(found) != agreement:
        raise _conflict(_agreement_of(found), found, agreement)
    row = found or AgreedScore(application_id=application.id, criterion=code, saved_by=actor.id)
    _write(row, agreement, actor)
    session.add(row)
    session.flush()
    return row


def agree_where_equal(session: Session, actor: Actor, application: Application) -> int:
    """Take over the mark of every criterion on which all reviewers say the same and nothing is settled yet.

    Returns how many were taken over. Refuses as `agree` does.
    """
    require_settling(session, actor, application)
    settled = consensus.agreed(session, application.id)
    taken = 0
    for row in consensus.rows(session, application):
        marks = {mark_of(score) for _, score in row.scores}
        if row.criterion.code not in settled and len(marks) == 1 and "" not in marks:
            agreed = AgreedScore(application_id=application.id, criterion=row.criterion.code, saved_by=actor.id)
            _write(agreed, Agreement(marks.pop()), actor)
            session.add(agreed)
            taken += 1
    session.flush()
    return taken


def remark(session: Session, actor: Actor, application: Application, code: str, text: str) -> ConsensusRemark:
    """Say something to the other reviewers about a criterion: read by letter, by them alone, never by the vendor.

    Refuses who does not review it (NotFound, NotAllowed), another state (WrongState), before all reviews are final
    (NotReady), a criterion that does not apply (NotFound), and an empty or too long text (Invalid).
    """
    require(standing_of(session, actor, application), Permission.REVIEW)
    if application.state is not State.CONSENSUS:
        raise WrongState(N_("Hồ sơ không ở bước thống nhất điểm."))
    if missing := to_open_consensus(session, application):
        raise NotReady(missing)
    criterion = _criterion(session, application, code)
    review = review_of(session, application.id, actor.id)
    if review is None:
        raise NotFound
    if not text.strip():
        raise Invalid(N_("Viết nội dung trao đổi."))
    if len(text) > LONGEST_REMARK:
        raise Invalid(N_("Nội dung quá dài: tối đa %(max)d ký tự."), max=LONGEST_REMARK)
    row = ConsensusRemark(
        application_id=application.id, review_id=review.id, criterion=criterion.code, text=text.strip()
    )
    session.add(row)
    session.flush()
    return row


def write_recommendation(
    session: Session, actor: Actor, application: Application, texts: Texts, version: int
) -> Recommendation:
    """Keep the public summary and the limits in both languages.

    A change clears the vendor's check of the facts: what was not seen was not checked. Refuses as `agree` does,
    more than three limits, a limit in one language only, and texts that are too long (Invalid).
    """
    require_settling(session, actor, application)
    _check_texts(texts)
    row = consensus.recommendation(session, application.id)
    if row is not None and texts_of(row) == texts:
        return row
    if row is not None and row.version != version:
        theirs = Version(texts_of(row).fields(), actor.name, row.saved_at)
        raise Conflict(N_("Mục này vừa được lưu ở nơi khác. Chưa có gì bị ghi đè."), theirs, Version(texts.fields()))
    row = row or Recommendation(application_id=application.id)
    row.summary_vi, row.summary_en = texts.summary_vi, texts.summary_en
    row.limits = [{"vi": vi, "en": en} for vi, en in texts.limits]
    row.version, row.saved_by, row.saved_at = row.version + 1, actor.id, now()
    row.sent_to_vendor_at = row.vendor_checked_at = row.vendor_checked_by = None
    session.add(row)
    session.flush()
    return row


def ask_facts_check(session: Session, actor: Actor, application: Application) -> None:
    """Let the vendor read the summary and say whether its facts are right.

    Refuses as `agree` does, without the summary in both languages (NotReady), and twice for one text (WrongState).
    """
    require_settling(session, actor, application)
    row = consensus.recommendation(session, application.id)
    if row is None or not (row.summary_vi.strip() and row.summary_en.strip()):
        raise NotReady([Missing(SUMMARY_MISSING, "summary")])
    if row.sent_to_vendor_at is not None:
        raise WrongState(N_("Bản tóm tắt này đã gửi nhà cung cấp."))
    row.sent_to_vendor_at = now()
    row.vendor_remarks = ""
    session.add(row)
    history.record(session, actor, history.Step(Event.ASK_FACTS_CHECK), application)


def recommend(session: Session, actor: Actor, application: Application) -> None:
    """Put the file before the committee, which is asked about interests, again where it was asked before.

    Refuses as `agree` does, and with what is missing (NotReady).
    """
    require(standing_of(session, actor, application), Permission.LEAD)
    move(session, actor, application, Action.RECOMMEND)
    ask_again(session, application)


def texts_of(row: Recommendation) -> Texts:
    """What a stored recommendation says."""
    limits = tuple((str(one.get("vi", "")), str(one.get("en", ""))) for one in row.limits)
    return Texts(row.summary_vi, row.summary_en, limits)


def require_settling(session: Session, actor: Actor, application: Application) -> None:
    """Refuses who does not lead (NotFound, NotAllowed), another state (WrongState), before all reviews are final."""
    require(standing_of(session, actor, application), Permission.LEAD)
    if application.state is not State.CONSENSUS:
        raise WrongState(N_("Hồ sơ không ở bước thống nhất điểm."))
    if missing := to_open_consensus(session, application):
        raise NotReady(missing)


def _criterion(session: Session, application: Application, code: str) -> Criterion:
    for criterion in consensus.applicable_criteria(session, application):
        if criterion.code == code:
            return criterion
    raise NotFound


def _write(row: AgreedScore, agreement: Agreement, actor: Actor) -> None:
    row.value = int(agreement.mark) if agreement.mark in VALUES else None
    row.not_shown = agreement.mark == NOT_SHOWN
    row.not_applicable = agreement.mark == NOT_APPLICABLE
    row.reconciliation = agreement.reconciliation.strip()
    row.version += 1
    row.saved_by, row.saved_at = actor.id, now()


def _agreement_of(row: AgreedScore) -> Agreement:
    return Agreement(mark_of(row), row.reconciliation)


def _conflict(stored: Agreement, row: AgreedScore, typed: Agreement) -> Conflict:
    return Conflict(
        N_("Mục này vừa được lưu ở nơi khác. Chưa có gì bị ghi đè."),
        Version({"mark": stored.mark, "reconciliation": stored.reconciliation}, at=row.saved_at),
        Version({"mark": typed.mark, "reconciliation": typed.reconciliation}),
    )


def _check_texts(texts: Texts) -> None:
    if len(texts.limits) > LIMITS:
        raise Invalid(N_("Ghi nhiều nhất %(max)d giới hạn."), max=LIMITS)
    if any(not vi.strip() or not en.strip() for vi, en in texts.limits):
        raise Invalid(N_("Ghi mỗi giới hạn bằng cả tiếng Việt và tiếng Anh."))
    if any(len(text) > LONGEST_LIMIT for pair in texts.limits for text in pair):
        raise Invalid(N_("Giới hạn quá dài: tối đa %(max)d ký tự."), max=LONGEST_LIMIT)
    if max(len(texts.summary_vi), len(texts.summary_en)) > LONGEST:
        raise Invalid(N_("Nội dung quá dài: tối đa %(max)d ký tự."), max=LONGEST)

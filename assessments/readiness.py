"""What is still missing before a step can be taken: one function a step, read by workflow.TRANSITIONS."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session

from assessments import clock, measured, profile
from assessments.agreement import current_version
from assessments.errors import N_, Missing
from assessments.models import Application, Recommendation, Review, Submission
from assessments.queries import (
    answers,
    appeals,
    consensus,
    decisions,
    findings,
    participation,
    renewals,
    reviews,
    rounds,
    scans,
    submissions,
)
from assessments.queries.progress import Scope, scope_of
from assessments.queries.submissions import has_accepted
from assessments.states import FOLLOWING, Kind, Outcome, ScanState, ScanTrouble
from criteria import store

DECIDING = {f"{profile.PLACE}:{name}" for name in ("categories", "flags", "flags_answered")}  # what applies


def always(_session: Session, _application: Application) -> list[Missing]:
    """Nothing has to be ready."""
    return []


def to_submit(session: Session, application: Application) -> list[Missing]:
    """Profile and figures whole, every applicable criterion answered and shown, files clean, agreement, round open."""
    edition = store.load(application.edition_id)
    facts = profile.from_dict(application.profile)
    missing = profile.missing(facts, edition)
    if not {one.place for one in missing} & DECIDING:
        missing += _answers(session, application, scope_of(edition, facts, application.asked))
        missing += _carried(session, application)
    missing += _files(session, application, scope_of(edition, facts, application.asked).codes)
    if not has_accepted(session, application.id, current_version()):
        missing.append(Missing(N_("Chấp nhận thỏa thuận."), "agreement"))
    return missing + _figures(application) + _round(session, application)


def _answers(session: Session, application: Application, scope: Scope) -> list[Missing]:
    given = answers.summary(session, application.id)
    missing: list[Missing] = []
    for one in scope.applies:
        code = one.criterion.code
        answer = given.get(code)
        if answer is None or not (answer.claim or answer.not_applicable):
            missing.append(Missing(N_("Trả lời tiêu chí %(code)s."), f"answer:{code}", {"code": code}))
        elif not answer.not_applicable and not answer.evidence:
            missing.append(Missing(N_("Thêm ít nhất một bằng chứng cho %(code)s."), f"answer:{code}", {"code": code}))
    return missing


def _carried(session: Session, application: Application) -> list[Missing]:
    """Of a renewal or change: which of the copied answers nobody has confirmed or changed."""
    later = renewals.later_of(session, application) if application.kind in FOLLOWING else None
    if later is None:
        return []
    missing = [
        Missing(
            N_("Xác nhận câu trả lời lần trước cho %(code)s vẫn đúng, hoặc sửa lại."),
            f"carried:{row.code}",
            {"code": row.code},
        )
        for row in later.again
        if row.is_open
    ]
    rest = ", ".join(row.code for row in later.rest if row.is_open)
    if rest:
        missing.append(
            Missing(N_("Xác nhận một lần cho những câu trả lời còn lại: %(codes)s."), "carried", {"codes": rest})
        )
    return missing


FILES = {  # why a file holds the step up, by the scanner's state and what is in its way
    (ScanState.WAITING, None): N_("Chờ quét mã độc xong tệp “%(title)s” của %(code)s."),
    (ScanState.WAITING, ScanTrouble.UNREACHABLE): N_(
        "Tệp “%(title)s” của %(code)s đang chờ máy quét mã độc hoạt động lại. Thử lại sau ít phút."
    ),
    (ScanState.WAITING, ScanTrouble.TOO_LARGE): N_(
        "Tệp “%(title)s” của %(code)s lớn hơn mức máy quét mã độc nhận. Chia nhỏ tệp rồi thay vào."
    ),
    (ScanState.QUARANTINED, None): N_("Gỡ tệp “%(title)s” khỏi %(code)s: tệp có dấu hiệu mã độc. Thay bằng tệp khác."),
}


def _files(session: Session, application: Application, codes: Collection[str]) -> list[Missing]:
    """The files that nobody may read, of the criteria that the step hands in and the vendor can still write in."""
    return [
        Missing(FILES[one.scan, one.trouble], f"answer:{one.criterion}", {"title": one.title, "code": one.criterion})
        for one in scans.held(session, application.id)
        if one.criterion in codes
    ]


def _figures(application: Application) -> list[Missing]:
    """Declared figures that are not whole (from drafts of before every part was asked for) or too old by now."""
    place = f"{profile.PLACE}:blocking"
    missing = []
    for one in measured.declared(application.profile):
        told = one["topic"] or one["test_list"]
        if not (one["method"] and one["version"]):
            missing.append(Missing(N_("Ghi cách đo và phiên bản đã đo của kết quả “%(told)s”."), place, {"told": told}))
        elif wrong := measured.fault(one, clock.today()):
            missing.append(Missing(wrong[1], place, wrong[2]))
    return missing


def _round(session: Session, application: Application) -> list[Missing]:
    if application.kind is Kind.SURVEILLANCE:
        return []  # asked for by the club at any time; late is better than never
    if application.due_at is not None:
        return in_time(session, application)  # returned for completion: its own deadline counts, not the round's
    if rounds.open_for(session, application, clock.now()):
        return []
    return [Missing(N_("Đợt tiếp nhận đã đóng. Bản nháp vẫn còn; nộp được khi có đợt mới."), "round")]


def in_time(_session: Session, application: Application) -> list[Missing]:
    """The deadline has not passed, whether or not the clock has taken its step yet."""
    if application.due_at is None or application.due_at >= clock.now():
        return []
    return [Missing(N_("Đã quá hạn nên không gửi được nữa."), "due")]


def to_return(_session: Session, application: Application) -> list[Missing]:
    """Questions written."""
    if application.intake_notes.get("questions", "").strip():
        return []
    return [Missing(N_("Ghi những mục cần bổ sung."), "questions")]


def to_refuse(_session: Session, application: Application) -> list[Missing]:
    """A coded reason."""
    return [] if application.intake_notes.get("reason") else [Missing(N_("Chọn lý do không tiếp nhận."), "reason")]


CHECKLIST = ("complete", "scope_clear", "legal_person", "competence", "team_possible")  # ISO/IEC 17065, 7.3


def to_accept(session: Session, application: Application) -> list[Missing]:
    """Completeness list done, and a team without interests possible."""
    done = set(application.intake_notes.get("checklist", []))
    missing = [Missing(N_("Đánh dấu đủ các mục kiểm tra."), "checklist")] if done != set(CHECKLIST) else []
    edition = store.load(application.edition_id)
    if participation.possible_reviewers(session, application) < edition.quorum.reviewers:
        missing.append(Missing(N_("Chưa đủ người đánh giá không có lợi ích liên quan."), "team"))
    return missing


def to_assign(session: Session, application: Application) -> list[Missing]:
    """As many reviewers as the edition's quorum, one of them the lead."""
    team = reviews.active(session, application.id)
    need = store.load(application.edition_id).quorum.reviewers
    missing: list[Missing] = []
    if len(team) < need:
        missing.append(Missing(N_("Chọn ít nhất %(n)d người đánh giá."), "reviewers", {"n": need}))
    if sum(review.lead for review in team) != 1:
        missing.append(Missing(N_("Chọn một trưởng nhóm đánh giá."), "lead"))
    return missing


def to_open_consensus(session: Session, application: Application) -> list[Missing]:
    """Every review that counts is final, and there are enough of them."""
    team: list[Review] = reviews.active(session, application.id)
    need = store.load(application.edition_id).quorum.reviewers
    if len(team) >= need and all(review.final_at for review in team):
        return []
    return [Missing(N_("Còn người đánh giá chưa chốt phần của mình."), "reviews")]


def to_resume_review(session: Session, application: Application) -> list[Missing]:
    """A late conflict has left too few reviews, or a new reviewer has not scored yet."""
    if to_open_consensus(session, application):
        return []
    return [Missing(N_("Mọi phần đánh giá đều đã chốt và đủ người."), "reviews")]


def to_ask_correction(session: Session, application: Application) -> list[Missing]:
    """Findings written, and rounds of correction left."""
    missing: list[Missing] = []
    if not findings.unasked(session, application.id):
        missing.append(Missing(N_("Ghi ít nhất một phát hiện."), "findings"))
    if application.correction_round >= store.load(application.edition_id).periods.correction_rounds:
        missing.append(Missing(N_("Đã hết số vòng khắc phục."), "findings"))
    return missing


def to_answer_correction(session: Session, application: Application) -> list[Missing]:
    """Every finding of this round answered, every file of the answers clean, and all of it in time."""
    asked = findings.of_round(session, application.id, application.correction_round)
    unanswered = [
        Missing(
            N_("Trả lời phát hiện của tiêu chí %(code)s."),
            f"finding:{finding.id}",
            {"code": finding.criterion},
        )
        for finding in asked
        if not finding.answer.strip()
    ]
    reopened = {finding.criterion for finding in asked}
    return in_time(session, application) + unanswered + _files(session, application, reopened)


def when_overdue(_session: Session, application: Application) -> list[Missing]:
    """The deadline of the state has passed."""
    due: datetime | None = application.due_at
    return [] if due is not None and due < clock.now() else [Missing(N_("Chưa đến hạn."), "due")]


def to_withdraw(_session: Session, application: Application) -> list[Missing]:
    """Not a surveillance: the club has asked for it."""
    if application.kind is not Kind.SURVEILLANCE:
        return []
    sentence = N_("Giám sát do Câu lạc bộ yêu cầu nên không rút được. Có thể xin chấm dứt %(certificate)s.")
    return [Missing(sentence, "kind")]


def to_stop(_session: Session, application: Application) -> list[Missing]:
    """A surveillance: what it was about is over."""
    if application.kind is Kind.SURVEILLANCE:
        return []
    return [Missing(N_("Chỉ hồ sơ giám sát dừng theo giấy."), "kind")]


def to_reopen(session: Session, application: Application) -> list[Missing]:
    """The hearers of an appeal have set aside what was decided last."""
    if appeals.is_set_aside(session, application):
        return []
    return [Missing(N_("Chưa có yêu cầu xem xét lại nào được chấp nhận."), "appeal")]


def to_recommend(session: Session, application: Application) -> list[Missing]:
    """Agreed scores reconciled, findings closed or conditions, figures judged, texts in vi and en, facts checked."""
    handed_in = submissions.latest(session, application.id)
    missing = to_open_consensus(session, application)
    missing += consensus.gaps(session, application, consensus.SPREAD, handed_in)
    missing += [
        Missing(N_("Đóng phát hiện của tiêu chí %(code)s."), f"finding:{finding.id}", {"code": finding.criterion})
        for finding in findings.blocking(session, application.id)
    ]
    text = consensus.recommendation(session, application.id)
    if text is None or not (text.summary_vi.strip() and text.summary_en.strip()):
        missing.append(Missing(N_("Viết bản tóm tắt công khai bằng tiếng Việt và tiếng Anh."), "summary"))
    elif text.vendor_checked_at is None:
        missing.append(Missing(N_("Chờ nhà cung cấp xem lại dữ kiện trong bản tóm tắt."), "summary"))
    return missing + _unjudged(application, handed_in, text)


def _unjudged(application: Application, submission: Submission | None, text: Recommendation | None) -> list[Missing]:
    """Declared figures that no reviewer compared with the evidence; a surveillance publishes none."""
    if submission is None or application.kind is Kind.SURVEILLANCE:
        return []
    return [
        Missing(N_("Đối chiếu kết quả đo “%(topic)s” với bằng chứng."), "measured", {"topic": one["topic"]})
        for one in measured.unchecked(submission.content["profile"], text.measured if text else {})
    ]


def to_propose(session: Session, application: Application) -> list[Missing]:
    """No review counts whose reviewer turned out to have an interest: such a file goes back first."""
    if not reviews.conflicted(session, application):
        return []
    return [
        Missing(
            N_("Một người đánh giá có lợi ích liên quan mà sau khi trình mới biết. Trả hồ sơ về nhóm đánh giá trước."),
            "send-back",
        )
    ]


def to_give_notice(session: Session, application: Application) -> list[Missing]:
    """An open proposal to decline, on an evaluation that counts."""
    missing = to_propose(session, application)
    proposal = decisions.open_proposal(session, application.id)
    if proposal is not None and proposal.outcome is Outcome.DECLINE:
        return missing
    return [*missing, Missing(N_("Chỉ gửi thông báo dự kiến khi đề xuất là không cấp."), "proposal")]


def to_certify(session: Session, application: Application) -> list[Missing]:
    """An open proposal to certify, on an evaluation that counts."""
    return _proposed(session, application, Outcome.CERTIFY)


def to_decline(session: Session, application: Application) -> list[Missing]:
    """An open proposal to decline, after the vendor was heard, on an evaluation that counts."""
    missing = _proposed(session, application, Outcome.DECLINE)
    if not decisions.notice_ended(session, application.id):
        missing.append(Missing(N_("Gửi thông báo dự kiến và chờ ý kiến của nhà cung cấp trước."), "notice"))
    return missing


def _proposed(session: Session, application: Application, outcome: Outcome) -> list[Missing]:
    missing = to_propose(session, application)
    proposal = decisions.open_proposal(session, application.id)
    if proposal is not None and proposal.outcome is outcome:
        return missing
    return [*missing, Missing(N_("Chưa có đề xuất như vậy đang chờ người thứ hai."), "proposal")]

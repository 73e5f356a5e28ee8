"""What states, steps and reasons are called, and the timeline of an application for those who may see it.

The words are those of the procedure's table; `%(certificate)s` and its kin come from the wording setting.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from flask_babel import pgettext

from assessments import impartiality
from assessments.errors import N_
from assessments.models import Application
from assessments.queries.announcements import is_held_back, seen_by_vendor
from assessments.queries.history import TimelineRow
from assessments.recourse import AppealAction
from assessments.states import Action, ConflictEffect, Event, Kind, RefusalReason, State
from assessments.workflow import CLOCK
from registry import surveyed
from registry.i18n import translate
from registry.templating import iso, moment, sentence

YOURS, OURS, OVER = "yours", "ours", "over"

STATES: Mapping[State, str] = {
    State.DRAFT: N_("Bản nháp – chưa nộp"),
    State.SUBMITTED: N_("Đã nộp, chờ kiểm tra"),
    State.RETURNED: N_("Trả lại để bổ sung"),
    State.REFUSED: N_("Không tiếp nhận"),
    State.ACCEPTED: N_("Đã tiếp nhận, chờ phân công"),
    State.IN_REVIEW: N_("Đang đánh giá"),
    State.CONSENSUS: N_("Đang thống nhất điểm"),
    State.CORRECTION: N_("Chờ đơn vị khắc phục"),
    State.IN_DECISION: N_("Chờ quyết định"),
    State.MINDED_TO: N_("Thông báo dự kiến, chờ ý kiến của đơn vị"),
    State.CERTIFIED: N_("Được cấp %(certificate)s"),
    State.DECLINED: N_("Không được cấp %(certificate)s"),
    State.WITHDRAWN: N_("Đơn vị đã rút hồ sơ"),
    State.LAPSED: N_("Đóng vì quá hạn khắc phục"),
}

HELD_BACK = N_("Đã quyết định, chờ ngày công bố")  # what the company reads before its round is announced

TURNS: Mapping[State, str] = {  # whose turn it is; what is not named here is over
    State.DRAFT: YOURS,
    State.RETURNED: YOURS,
    State.CORRECTION: YOURS,
    State.MINDED_TO: YOURS,
    State.SUBMITTED: OURS,
    State.ACCEPTED: OURS,
    State.IN_REVIEW: OURS,
    State.CONSENSUS: OURS,
    State.IN_DECISION: OURS,
}

TURN_WORDS: Mapping[str, str] = {
    YOURS: N_("Đến lượt đơn vị"),
    OURS: N_("Đến lượt Câu lạc bộ"),
    OVER: N_("Không ai phải làm gì"),
}

REFUSALS: Mapping[RefusalReason, str] = {
    RefusalReason.OUT_OF_SCOPE: N_("Sản phẩm nằm ngoài phạm vi của bộ tiêu chí."),
    RefusalReason.NOT_LEGAL_ENTITY: N_("Đơn vị nộp hồ sơ chưa phải là một pháp nhân."),
    RefusalReason.DUPLICATE: N_("Đã có hồ sơ khác cho cùng sản phẩm và phiên bản."),
    RefusalReason.NO_TEAM: N_("Không lập được nhóm đánh giá không có lợi ích liên quan."),
    RefusalReason.UNSAFE_MATERIAL: N_("Hồ sơ có tài liệu không được phép gửi."),
    RefusalReason.UNRESOLVED_BREACH: N_("Đơn vị còn vi phạm chưa khắc phục ở một giấy đã cấp."),
}


@dataclass(frozen=True)
class Said:
    """How one step is told: its title, and whether the vendor sees it and its note."""

    title: str
    vendor: bool = True
    note: bool = False


STEPS: Mapping[str, Said] = {
    Event.START: Said(N_("Lập hồ sơ")),
    Event.BEGIN_SURVEILLANCE: Said(N_("Mở đợt giám sát")),
    Action.STOP: Said(N_("Dừng đợt giám sát vì giấy đã hết giá trị")),
    Event.ACCEPT_AGREEMENT: Said(N_("Chấp nhận thỏa thuận")),
    Action.SUBMIT: Said(N_("Nộp hồ sơ"), note=True),
    Action.RETURN: Said(N_("Trả lại để bổ sung"), note=True),
    Action.REFUSE: Said(N_("Không tiếp nhận"), note=True),
    Action.ACCEPT: Said(N_("Tiếp nhận hồ sơ")),
    Action.ASSIGN: Said(N_("Giao cho người đánh giá")),
    Event.REPLACE_REVIEWER: Said(N_("Đổi người đánh giá")),
    Event.DECLARE_NO_INTEREST: Said(N_("Khai không có lợi ích liên quan"), vendor=False),
    Event.DECLARE_INTEREST: Said(N_("Khai có lợi ích liên quan, không tham gia"), vendor=False),
    Event.ASK_ABOUT_INTEREST: Said(N_("Hỏi điều phối viên về lợi ích liên quan"), vendor=False),
    Event.CHANGE_LEAD: Said(N_("Đổi trưởng nhóm đánh giá"), vendor=False),
    Action.RESUME_REVIEW: Said(N_("Đánh giá tiếp với người đánh giá mới")),
    Event.EXTEND_DEADLINE: Said(N_("Gia hạn"), note=True),
    Action.FINISH_REVIEW: Said(N_("Chốt phần đánh giá")),
    Action.OPEN_CONSENSUS: Said(N_("Mọi người đã chấm xong")),
    Action.ASK_CORRECTION: Said(N_("Yêu cầu khắc phục")),
    Action.ANSWER_CORRECTION: Said(N_("Gửi bản khắc phục"), note=True),
    Action.LAPSE: Said(N_("Đóng vì quá hạn")),
    Event.ASK_FACTS_CHECK: Said(N_("Gửi bản tóm tắt để đơn vị xem dữ kiện")),
    Event.CHECK_FACTS: Said(N_("Đã xem dữ kiện trong bản tóm tắt"), note=True),
    Action.RECOMMEND: Said(N_("Trình hội đồng")),
    Action.SEND_BACK: Said(N_("Trả về nhóm đánh giá")),
    Action.PROPOSE: Said(N_("Đề xuất quyết định"), vendor=False),
    Action.REJECT_PROPOSAL: Said(N_("Không đồng ý với đề xuất"), vendor=False),
    Action.GIVE_NOTICE: Said(N_("Gửi thông báo dự kiến")),
    Action.COMMENT: Said(N_("Gửi ý kiến về thông báo dự kiến")),
    Action.END_NOTICE: Said(N_("Hết thời hạn gửi ý kiến")),
    Action.CERTIFY: Said(N_("Quyết định cấp %(certificate)s")),
    Action.DECLINE: Said(N_("Quyết định không cấp %(certificate)s")),
    Action.WITHDRAW: Said(N_("Rút hồ sơ"), note=True),
    Action.REOPEN_INTAKE: Said(N_("Kiểm tra lại hồ sơ sau khi xem xét lại")),
    Action.REOPEN_DECISION: Said(N_("Quyết định lại sau khi xem xét lại")),
    AppealAction.LODGE: Said(N_("Gửi yêu cầu xem xét lại"), note=True),
    AppealAction.LODGE_LATE: Said(N_("Gửi yêu cầu xem xét lại sau thời hạn: đã nhận, không xem xét"), note=True),
    AppealAction.ACKNOWLEDGE: Said(N_("Báo đã nhận yêu cầu xem xét lại"), note=True),
    AppealAction.ASSIGN_HEARERS: Said(N_("Lập hội đồng xem xét lại"), note=True),
    AppealAction.STAND_ASIDE: Said(N_("Một người xem xét lại không tham gia nữa"), vendor=False),
    AppealAction.PROPOSE_RULING: Said(N_("Đề xuất kết quả xem xét lại"), vendor=False),
    AppealAction.REJECT_RULING: Said(N_("Không đồng ý với đề xuất kết quả xem xét lại"), vendor=False),
    AppealAction.CONFIRM: Said(N_("Xem xét lại xong: giữ nguyên quyết định"), note=True),
    AppealAction.SET_ASIDE: Said(N_("Xem xét lại xong: hủy quyết định, giao người khác quyết định lại"), note=True),
    AppealAction.REFUSE: Said(N_("Không nhận yêu cầu xem xét lại"), note=True),
    AppealAction.WITHDRAW: Said(N_("Rút yêu cầu xem xét lại"), note=True),
    AppealAction.REMIND: Said(N_("Nhắc hạn xem xét lại"), vendor=False),
    Event.ANNOUNCE_RESULT: Said(N_("Công bố kết quả của đợt")),
    Event.REMIND: Said(N_("Nhắc đơn vị trước hạn")),
    Event.ASK_QUESTION: Said(N_("Hỏi đơn vị một câu"), note=True),
    Event.TELL_QUESTIONS: Said(N_("Gửi thư báo câu hỏi mới"), note=True),
    Event.ANSWER_QUESTION: Said(N_("Trả lời câu hỏi"), note=True),
    Event.WITHDRAW_QUESTION: Said(N_("Rút câu hỏi"), note=True),
    Event.ADD_TEST_RECORD: Said(N_("Ghi lần tự thử"), vendor=False),
    Event.CHANGE_TEST_RECORD: Said(N_("Sửa lần tự thử"), vendor=False),
    Event.REMOVE_TEST_RECORD: Said(N_("Xóa lần tự thử"), vendor=False),
    Event.LACK_COMPETENCE: Said(N_("Năng lực còn thiếu của nhóm đánh giá"), vendor=False),
    Event.JUDGE_REPORT: Said(N_("Xét báo cáo của phòng thử nghiệm"), vendor=False),
    Event.VOID_REVIEW: Said(N_("Một phần đánh giá không được tính nữa"), note=True),
    Event.VOID_REVIEW_OF_COLLEAGUE: Said(N_("Một phần đánh giá không được tính nữa"), vendor=False),
    Event.PROPOSAL_FALLS: Said(N_("Đề xuất không còn giá trị vì có lợi ích liên quan"), vendor=False),
    Event.FIND_CONFLICT: Said(N_("Phát hiện lợi ích liên quan sau khi trình hội đồng"), vendor=False),
    Event.HANDLE_CONFLICT: Said(N_("Đã xem xét lợi ích liên quan phát hiện muộn"), vendor=False),
    Event.WAIVE_CALIBRATION: Said(N_("Giao cho người chưa qua chấm thử"), vendor=False),
    Event.AGREE_PROPOSAL: Said(N_("Đồng ý với đề xuất, chờ người khác"), vendor=False),
    Event.FALL_PROPOSAL: Said(N_("Đề xuất hết giá trị: người đề xuất không còn quyền quyết định"), vendor=False),
    Event.FULFIL_CONDITION: Said(N_("Ghi nhận một điều kiện đã thực hiện"), note=True),
    Event.CLOSE_FINDING: Said(N_("Đóng phát hiện cùng với điều kiện"), vendor=False),
    Event.REMIND_CONDITION: Said(N_("Nhắc đơn vị về một điều kiện"), note=True),
    Event.CONDITION_OVERDUE: Said(N_("Một điều kiện quá hạn"), note=True),
    Event.READ_NAMES: Said(N_("Kiểm soát viên xem tên"), vendor=False),
    Event.WRITE_AUDIT_NOTE: Said(N_("Ghi chú kiểm soát"), vendor=False),
    Event.ANSWER_AUDIT_NOTE: Said(N_("Trả lời ghi chú kiểm soát"), vendor=False),
    Event.CLOSE_AUDIT_NOTE: Said(N_("Đóng ghi chú kiểm soát"), vendor=False),
    Event.ASK_CASE: Said(N_("Yêu cầu hồ sơ vụ việc"), vendor=False),
    Event.EXPORT_CASE: Said(N_("Làm xong hồ sơ vụ việc"), vendor=False),
}
CODED: Mapping[str, str] = {  # notes that are codes
    impartiality.REASON: N_("Người đánh giá có lợi ích liên quan. Điểm của người này không được tính."),
    ConflictEffect.AFTER_RECOMMENDATION: N_("Hồ sơ đã ở hội đồng; chưa có quyết định."),
    ConflictEffect.AFTER_DECISION: N_("Quyết định đã có và chưa thay đổi."),
}
VOIDINGS = {Event.VOID_REVIEW, Event.VOID_REVIEW_OF_COLLEAGUE, Event.FIND_CONFLICT}  # steps whose note is a code
DECISIONS = {Action.CERTIFY, Action.DECLINE}  # steps the company reads only once they are announced
BY_DATE = {  # steps of the clock
    *CLOCK,
    *(Event.ANNOUNCE_RESULT, Event.REMIND, Event.REMIND_CONDITION, Event.CONDITION_OVERDUE, AppealAction.REMIND),
    Event.TELL_QUESTIONS,
}
SEALED = {Action.SUBMIT, Action.ANSWER_CORRECTION}  # steps whose note is the digest of a snapshot
OWN = {  # the company's own steps
    *(Event.START, Event.ACCEPT_AGREEMENT, Event.CHECK_FACTS, Event.ANSWER_QUESTION),
    *(Action.SUBMIT, Action.ANSWER_CORRECTION, Action.COMMENT, Action.WITHDRAW),
    *(AppealAction.LODGE, AppealAction.LODGE_LATE, AppealAction.WITHDRAW),
}
CONFIDENTIAL = {  # steps whose note is for the office: it tells of families and money, and names reviewers
    *(Event.DECLARE_INTEREST, Event.DECLARE_NO_INTEREST, Event.ASK_ABOUT_INTEREST, Event.REPLACE_REVIEWER),
    *(Event.READ_NAMES, Event.WRITE_AUDIT_NOTE, Event.ANSWER_AUDIT_NOTE, Event.CLOSE_AUDIT_NOTE),
}


@dataclass(frozen=True)
class Entry:
    """One step as templates/components/timeline.html draws it."""

    iso: str
    when: str
    who: str
    title: str
    text: str = ""


def state_word(state: State) -> str:
    """The name of a state in the current language; in English what was done differs from what is to be done."""
    return pgettext("state", "Trả lại để bổ sung") if state is State.RETURNED else sentence(translate(STATES[state]))


def turn_of(state: State, *, asked: bool = False) -> str:
    """Whose turn it is: "yours" (the vendor's), "ours" (the club's) or "over"; `asked`: a facts check waits."""
    return YOURS if asked and state is State.CONSENSUS else TURNS.get(state, OVER)


def word_for_vendor(application: Application) -> str:
    """The name of the state as the company may know it."""
    if application.kind is Kind.SURVEILLANCE and application.state in surveyed.STATES:
        return translate(surveyed.STATES[application.state])
    return translate(HELD_BACK) if is_held_back(application) else state_word(application.state)


def turn_for_vendor(application: Application, *, asked: bool = False) -> str:
    """Whose turn it is, as the company may know it; `asked`: a facts check waits."""
    if application.paused_at is not None:
        return YOURS  # reviewers wait for an answer
    return turn_of(seen_by_vendor(application), asked=asked)


def told_to_vendor(application: Application, rows: Iterable[TimelineRow]) -> list[TimelineRow]:
    """The steps of an application without a decision that is held back."""
    return [row for row in rows if not (is_held_back(application) and row.action in DECISIONS)]


def turn_word(turn: str) -> str:
    """The sentence of a turn."""
    return translate(TURN_WORDS[turn])


def step_word(action: str) -> str:
    """The title of a step; one we do not know keeps its code, so that nothing is hidden."""
    return translate(STEPS[action].title) if action in STEPS else action


def refusal_reason(code: str) -> str:
    """The sentence of a coded reason for not accepting an application; "" for none."""
    return translate(REFUSALS[RefusalReason(code)]) if code else ""


def by_itself(action: str) -> str:
    """Who stands beside a step nobody took: the deadline brought it about, or the step before it did."""
    return translate(N_("Tự động, theo thời hạn")) if action in BY_DATE else translate(N_("Tự động"))


def entries(rows: Iterable[TimelineRow], who: Callable[[TimelineRow], str]) -> list[Entry]:
    """The timeline with every note, for the office and auditors; `who` names the actor of a row."""
    return [_entry(row, who(row), row.note) for row in rows]


def for_committee(rows: Iterable[TimelineRow], who: Callable[[TimelineRow], str]) -> list[Entry]:
    """The timeline as deciders see it: without what people told the office of their interests and of each other."""
    return [_entry(row, who(row), "" if row.action in CONFIDENTIAL else row.note) for row in rows]


def for_vendor(rows: Iterable[TimelineRow], members: Collection[UUID], letters: Mapping[UUID, str]) -> list[Entry]:
    """The timeline as the company sees it: own people by name in the company's own steps, reviewers by letter.

    Everybody else is the club. A reviewer who joins the company later stays a letter in what they did as a reviewer.

    Declarations and proposals are left out, and so are the notes of the club's own discussions.
    """
    shown = ((row, STEPS.get(row.action)) for row in rows)
    return [
        _entry(row, _seen_from_outside(row, members, letters), row.note if said.note else "")
        for row, said in shown
        if said is not None and said.vendor
    ]


def _seen_from_outside(row: TimelineRow, members: Collection[UUID], letters: Mapping[UUID, str]) -> str:
    if row.actor_id is None:
        return by_itself(row.action)
    if row.action in OWN and row.actor_id in members:
        return row.actor_name
    if row.actor_id in letters:
        return translate(N_("Người đánh giá %(letter)s"), letter=letters[row.actor_id])
    return translate(N_("Câu lạc bộ"))


def _entry(row: TimelineRow, who: str, note: str) -> Entry:
    text = translate(N_("Mã kiểm tra: %(digest)s"), digest=note) if note and row.action in SEALED else note
    if row.action in VOIDINGS and note in CODED:
        text = translate(CODED[note])
    return Entry(iso=iso(row.at), when=moment(row.at), who=who, title=step_word(row.action), text=text)

"""Who acts next, by when, what happens otherwise, and how long it usually takes: the top of the vendor's page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assessments.errors import N_
from assessments.models import Application, Round
from assessments.queries.announcements import is_held_back, seen_by_vendor
from assessments.queries.questions import waits_until
from assessments.states import Kind, State
from criteria import store
from criteria.model import Edition
from registry import identity, surveyed, timeline
from registry.i18n import translate
from registry.templating import day

HELD, FACTS, ASKED = "held", "facts", "asked"  # situations that no state names
Situation = State | str

WHO: Mapping[Situation, str] = {
    State.DRAFT: N_("Đơn vị soạn; người phụ trách (%(owners)s) nộp"),
    State.SUBMITTED: N_("Điều phối viên của Câu lạc bộ"),
    State.RETURNED: N_("Đơn vị bổ sung; người phụ trách (%(owners)s) nộp lại"),
    State.ACCEPTED: N_("Điều phối viên của Câu lạc bộ"),
    State.IN_REVIEW: N_("Những người đánh giá"),
    State.CONSENSUS: N_("Trưởng nhóm đánh giá"),
    ASKED: N_("Đơn vị trả lời câu hỏi của người đánh giá, ở trang Trao đổi"),
    FACTS: N_("Người phụ trách (%(owners)s) xem dữ kiện trong bản tóm tắt và trả lời"),
    State.CORRECTION: N_("Đơn vị trả lời từng phát hiện; người phụ trách (%(owners)s) gửi"),
    State.IN_DECISION: N_("Hội đồng: hai người chưa chấm hồ sơ này"),
    State.MINDED_TO: N_("Người phụ trách (%(owners)s) gửi ý kiến, nếu đơn vị muốn"),
    HELD: N_("Câu lạc bộ, cùng lúc với mọi kết quả khác của đợt; trước đó không trả lời về kết quả"),
}

NO_LIMIT = N_("Bước này không có hạn cố định. Lâu chưa có tin, viết cho Câu lạc bộ: %(email)s.")
CLOSES = N_("Quá hạn, hồ sơ tự đóng. Nội dung vẫn còn để lập hồ sơ mới.")

OTHERWISE: Mapping[Situation, str] = {  # what happens when nobody acts
    State.DRAFT: N_("Bản nháp không bao giờ tự mất. Đợt đóng thì hồ sơ nháp chờ đợt sau."),
    State.SUBMITTED: N_("Quá hạn chưa có tin, viết cho Câu lạc bộ: %(email)s. Đơn vị không mất gì."),
    State.RETURNED: CLOSES,
    State.ACCEPTED: NO_LIMIT,
    State.IN_REVIEW: N_("Điều phối viên đôn đốc, gia hạn hoặc đổi người đánh giá. Đơn vị không mất gì."),
    State.CONSENSUS: NO_LIMIT,
    ASKED: N_("Người đánh giá chờ tối đa %(returned)d ngày, rồi chấm theo những gì đã nộp."),
    FACTS: N_("Chưa có trả lời thì hồ sơ chưa được trình hội đồng."),
    State.CORRECTION: CLOSES,
    State.IN_DECISION: NO_LIMIT,
    State.MINDED_TO: N_("Không có ý kiến, hội đồng vẫn quyết định sau ngày đó."),
}

USUAL: Mapping[Situation, str] = {  # how long it takes by the periods of the edition
    State.SUBMITTED: N_("%(completeness)d ngày làm việc"),
    State.RETURNED: N_("Đơn vị có %(returned)d ngày"),
    State.ACCEPTED: N_("Phân công xong, người đánh giá có %(review)d ngày"),
    State.IN_REVIEW: N_("%(review)d ngày"),
    State.CONSENSUS: N_("Nếu cần khắc phục: tối đa %(rounds)d vòng, mỗi vòng %(correction)d ngày"),
    State.CORRECTION: N_("Đơn vị có %(correction)d ngày; đây là vòng %(round)d/%(rounds)d"),
    State.IN_DECISION: N_("Nếu dự kiến không cấp, đơn vị có %(minded)d ngày để gửi ý kiến trước"),
    State.MINDED_TO: N_("Đơn vị có %(minded)d ngày"),
}

PHASES: Mapping[State, int] = {  # the step of the course on which a state lies
    State.DRAFT: 0,
    State.RETURNED: 0,
    State.SUBMITTED: 1,
    State.ACCEPTED: 2,
    State.IN_REVIEW: 2,
    State.CONSENSUS: 2,
    State.CORRECTION: 2,
    State.IN_DECISION: 3,
    State.MINDED_TO: 3,
}


@dataclass(frozen=True)
class Turn:
    """What stands at the top: whose turn, who exactly, until when, what otherwise, how long as a rule."""

    whose: str  # timeline.YOURS, OURS or OVER
    title: str
    who: str = ""
    until: datetime | None = None
    last_day: bool = True  # `until` is the end of a legal day, not an hour somebody chose
    on: str = ""  # the day of the step, where nothing can be late
    otherwise: str = ""
    usual: str = ""


def turn(application: Application, owners: str, *, asked: bool = False, opened: Round | None = None) -> Turn:
    """The turn as the company may know it; `asked`: a facts check waits; `opened`: the round of a draft."""
    whose = timeline.turn_for_vendor(application, asked=asked)
    if whose == timeline.OVER:
        return Turn(whose, timeline.turn_word(whose))
    situation = situation_of(application, asked=asked)
    values = _values(application, owners)
    return Turn(
        whose=whose,
        title=timeline.turn_word(whose),
        who=translate(WHO[situation], **values),
        until=_until(application, opened),
        last_day=application.state is not State.DRAFT or application.due_at is not None,
        on=day(application.announce_at) if situation == HELD else "",
        otherwise=translate(said, **values) if (said := _otherwise(application, situation)) else "",
        usual=translate(USUAL[situation], **values) if situation in USUAL else "",
    )


def _otherwise(application: Application, situation: Situation) -> str:
    """What happens if nobody acts; "" where nothing does."""
    if application.kind is Kind.SURVEILLANCE and situation is State.DRAFT:
        return surveyed.UNANSWERED
    return OTHERWISE.get(situation, "")


def situation_of(application: Application, *, asked: bool = False) -> Situation:
    """The state, or what stands in its place for the company."""
    if is_held_back(application):
        return HELD
    if application.paused_at is not None:
        return ASKED
    return FACTS if asked and application.state is State.CONSENSUS else application.state


def phase_of(application: Application) -> int | None:
    """Which step of the course an application has reached; None when it is over."""
    return PHASES.get(seen_by_vendor(application))


def course(edition: Edition, held: Round | None) -> list[tuple[str, str]]:
    """The whole way with the periods of the edition: (step, how long); `held` is the round with its announcement."""
    periods, steps = edition.periods, _STEPS
    values = {
        "completeness": periods.completeness_working_days,
        "reviewers": edition.quorum.reviewers,
        "review": periods.review_days,
        "rounds": periods.correction_rounds,
        "correction": periods.correction_days,
    }
    told = [(translate(title, **values), translate(text, **values)) for title, text in steps]
    if held is not None and held.announce_on is not None:
        title, text = told[-1]
        announced = translate(N_("Kết quả của cả đợt công bố cùng lúc, ngày %(date)s."), date=day(held.announce_on))
        told[-1] = (title, f"{text} {announced}")
    return told


_STEPS = (
    (N_("Đơn vị nộp hồ sơ"), N_("Nộp xong, nội dung được khóa và ghi thành một bản không sửa được.")),
    (N_("Điều phối viên kiểm tra"), N_("Đủ hay thiếu, trong %(completeness)d ngày làm việc.")),
    (
        N_("%(reviewers)d người đánh giá chấm riêng rồi thống nhất"),
        N_("Trong %(review)d ngày. Có thể yêu cầu khắc phục, tối đa %(rounds)d vòng, mỗi vòng %(correction)d ngày."),
    ),
    (N_("Hội đồng quyết định"), N_("Hai người chưa chấm hồ sơ này cùng quyết định.")),
)


def _until(application: Application, opened: Round | None) -> datetime | None:
    if is_held_back(application):
        return None  # a day of announcement is no deadline; the sentence names it
    if application.state is State.DRAFT:
        return application.due_at or (opened.closes_at if opened else None)  # of a surveillance: its own day
    return waits_until(application) or application.due_at


def _values(application: Application, owners: str) -> dict[str, Any]:
    edition = store.load(application.edition_id)
    periods = edition.periods
    return {
        "owners": owners,
        "email": identity.on().email,
        "completeness": periods.completeness_working_days,
        "returned": periods.returned_days,
        "review": periods.review_days,
        "rounds": periods.correction_rounds,
        "round": application.correction_round,
        "correction": periods.correction_days,
        "minded": periods.minded_to_days,
    }

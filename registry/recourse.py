"""What kinds, grounds, states and rulings of appeals are called, and whose turn it is."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from assessments import clock
from assessments.models import Appeal, Application, Certificate, Decision
from assessments.queries.announcements import is_held_back
from assessments.queries.appeals import Appealable, could_be_higher, last_second
from assessments.queries.hearings import Candidate
from assessments.recourse import AppealAction, AppealKind, AppealState, Ground, Inadmissible, Ruling
from assessments.states import CertificateState, Kind, State
from criteria import store
from registry import identity, timeline

KINDS: Mapping[AppealKind, Any] = {
    AppealKind.REFUSAL: _l("Không tiếp nhận hồ sơ"),
    AppealKind.DECLINE: _l("Không cấp giấy"),
    AppealKind.LEVEL: _l("Mức được cấp"),
    AppealKind.SUSPENSION: _l("Tạm đình chỉ giấy"),
    AppealKind.WITHDRAWAL: _l("Thu hồi giấy"),
    AppealKind.REDUCTION: _l("Thu hẹp phạm vi giấy"),
}

GROUNDS: Mapping[Ground, Any] = {
    Ground.FACTS: _l("Dữ kiện về sản phẩm bị ghi sai"),
    Ground.EVIDENCE: _l("Bằng chứng đã nộp bị bỏ sót hoặc hiểu sai"),
    Ground.CRITERIA: _l("Tiêu chí hoặc thang điểm được áp dụng không đúng"),
    Ground.PROCEDURE: _l("Quy trình không được làm đúng"),
    Ground.IMPARTIALITY: _l("Người đánh giá hoặc quyết định có lợi ích liên quan"),
    Ground.OTHER: _l("Căn cứ khác"),
}

STATES: Mapping[AppealState, Any] = {
    AppealState.LODGED: _l("Đã gửi, chờ báo đã nhận"),
    AppealState.ACKNOWLEDGED: _l("Đã nhận, chờ lập hội đồng"),
    AppealState.UNDER_HEARING: _l("Đang xem xét lại"),
    AppealState.CONFIRMED: _l("Giữ nguyên quyết định"),
    AppealState.SET_ASIDE: _l("Hủy quyết định"),
    AppealState.WITHDRAWN: _l("Đơn vị đã rút"),
    AppealState.INADMISSIBLE: _l("Không nhận"),
}

INADMISSIBLE: Mapping[Inadmissible, Any] = {
    Inadmissible.LATE: _l("Gửi sau thời hạn"),
    Inadmissible.NOT_THE_OWNER: _l("Người gửi không có quyền thay mặt đơn vị"),
    Inadmissible.NO_GROUNDS: _l("Không nêu căn cứ nào về quyết định này"),
    Inadmissible.DECIDED_BEFORE: _l("Đã được xem xét lại một lần"),
}

RULINGS: Mapping[Ruling, Any] = {
    Ruling.CONFIRMED: _l("Giữ nguyên quyết định"),
    Ruling.SET_ASIDE: _l("Hủy quyết định, giao người khác quyết định lại"),
}

SAID_FOR = timedelta(days=90)  # after the period of an appeal the page of the file says that it has run

_WHO: Mapping[AppealState, Any] = {
    AppealState.LODGED: _l("Văn phòng Câu lạc bộ báo đã nhận"),
    AppealState.ACKNOWLEDGED: _l("Văn phòng Câu lạc bộ mời những người chưa tham gia hồ sơ"),
    AppealState.UNDER_HEARING: _l("Hội đồng xem xét lại: những người chưa tham gia hồ sơ"),
}

_NEXT: Mapping[AppealState, Any] = {
    AppealState.LODGED: _l("Đã ghi nhận. Trong lúc chờ, quyết định ban đầu vẫn giữ nguyên."),
    AppealState.ACKNOWLEDGED: _l("Trong lúc chờ, quyết định ban đầu vẫn giữ nguyên."),
    AppealState.UNDER_HEARING: _l(
        "Người khác xem xét lại quyết định. Trong lúc chờ, quyết định ban đầu vẫn giữ nguyên."
    ),
    AppealState.CONFIRMED: _l("Quyết định ban đầu được giữ nguyên. Lý do ở dưới."),
    AppealState.WITHDRAWN: _l("Đơn vị đã rút yêu cầu này. Quyết định ban đầu giữ nguyên."),
    AppealState.INADMISSIBLE: _l("Câu lạc bộ không xem xét yêu cầu này. Lý do ở dưới."),
}

_FOLLOWS: Mapping[AppealKind, Any] = {
    AppealKind.REFUSAL: _l("Việc không tiếp nhận đã bị hủy. Hồ sơ được kiểm tra lại từ đầu."),
    AppealKind.DECLINE: _l("Quyết định đã bị hủy. Những người khác trong hội đồng quyết định lại."),
    AppealKind.LEVEL: _l("Mức đã cấp bị hủy. Giấy hiện nay vẫn có hiệu lực cho đến khi người khác quyết định lại."),
    AppealKind.SUSPENSION: _l("Việc tạm đình chỉ đã bị hủy. Giấy có hiệu lực trở lại."),
    AppealKind.WITHDRAWAL: _l("Việc thu hồi đã bị hủy. Giấy có hiệu lực trở lại."),
    AppealKind.REDUCTION: _l("Việc thu hẹp đã bị hủy. Giấy lấy lại phạm vi đã mất."),
}


@dataclass(frozen=True)
class Turn:
    """What stands at the top of an appeal, as components/timeline.html draws it."""

    whose: str
    title: str
    who: str = ""
    until: datetime | None = None
    last_day: bool = True
    on: str = ""
    otherwise: str = ""
    usual: str = ""


def turn_of(appeal: Appeal, application: Application) -> Turn:
    """Whose turn it is and by when; over once it is decided."""
    if appeal.state not in _WHO:
        return Turn(timeline.OVER, timeline.turn_word(timeline.OVER))
    email = identity.on().email
    days = store.load(application.edition_id).periods.appeal_decision_days
    return Turn(
        timeline.OURS,
        timeline.turn_word(timeline.OURS),
        who=str(_WHO[appeal.state]),
        until=appeal.due_at,
        otherwise=str(_("Quá hạn chưa có tin, viết cho Câu lạc bộ: %(email)s. Đơn vị không mất gì.", email=email)),
        usual=str(_("%(days)d ngày kể từ khi gửi", days=days)),
    )


def meaning(appeal: Appeal) -> str:
    """What the state means for the company."""
    return str(_FOLLOWS[appeal.kind] if appeal.state is AppealState.SET_ASIDE else _NEXT[appeal.state])


def step_word(action: str) -> str:
    """The title of a step as the company reads it."""
    return timeline.step_word(action)


def hidden(action: str) -> bool:
    """Whether a step is the hearers' own affair."""
    return action not in _TOLD


_TOLD = {
    AppealAction.LODGE_LATE,
    *(AppealAction.LODGE, AppealAction.ACKNOWLEDGE, AppealAction.ASSIGN_HEARERS, AppealAction.CONFIRM),
    *(AppealAction.SET_ASIDE, AppealAction.REFUSE, AppealAction.WITHDRAW),
}


def load(candidate: Candidate) -> str:
    """How much somebody hears now."""
    if not candidate.load:
        return str(_("chưa xem xét lại hồ sơ nào"))
    return str(_("đang xem xét lại %(num)d hồ sơ", num=candidate.load))


@dataclass(frozen=True)
class Offer:
    """A decision that can be appealed against, and until when, by what its company's page knows anyway."""

    kind: AppealKind
    until: datetime

    @property
    def late(self) -> bool:
        """Whether its period has run: an appeal is received then, and not heard."""
        return self.until < clock.now()


def offers(
    application: Application,
    decision: Decision | None,
    certificate: Certificate | None,
    reductions: Iterable[Appealable] = (),
) -> list[Offer]:
    """What the page of an application offers to appeal; the form asks the tables, and leads to what was lodged."""
    if is_held_back(application):
        return []
    told = [(kind, max(at, application.announce_at or at)) for kind, at in _told(application, decision, certificate)]
    found = [Offer(one.kind, one.until) for one in reductions]
    found += [Offer(kind, last_second(application.edition_id, at)) for kind, at in told]
    return [one for one in found if not one.late or _still_said(one)]


def _still_said(offer: Offer) -> bool:
    """Whether the page still says that a period has run; of a level, which everybody with a certificate has, never."""
    return offer.kind is not AppealKind.LEVEL and offer.until + SAID_FOR > clock.now()


def _told(
    application: Application, decision: Decision | None, certificate: Certificate | None
) -> Iterator[tuple[AppealKind, datetime]]:
    changed = _CHANGED.get(certificate.state) if certificate is not None else None
    if certificate is not None and changed is not None:
        yield changed, clock.start_of_day(certificate.state_since)
    if application.state is State.REFUSED:
        yield AppealKind.REFUSAL, application.moved_at
    elif application.kind is Kind.SURVEILLANCE:
        return
    elif application.state is State.DECLINED and decision is not None:
        yield AppealKind.DECLINE, decision.decided_at
    elif application.state is State.CERTIFIED and decision is not None and could_be_higher(application, decision):
        yield AppealKind.LEVEL, decision.decided_at


_CHANGED = {
    CertificateState.SUSPENDED: AppealKind.SUSPENSION,
    CertificateState.WITHDRAWN: AppealKind.WITHDRAWAL,
}

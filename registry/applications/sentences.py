"""Sentences of the vendor's pages: what is missing and where to mend it, why a criterion applies, whose turn it is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import url_for

from assessments.clock import legal_day
from assessments.errors import N_, Missing
from assessments.models import Application, Certificate, Condition, Decision, Round
from assessments.queries.announcements import is_held_back
from assessments.queries.progress import Progress
from assessments.states import Kind, State
from criteria import store
from criteria.applicability import Reason, ReasonKind
from criteria.model import Edition
from registry import surveyed
from registry.applications.profile_form import anchor_of, step_of
from registry.i18n import translate
from registry.templating import bi, day, moment
from registry.timeline import refusal_reason

PROGRESS: Mapping[Progress, str] = {
    Progress.TODO: N_("Chưa làm"),
    Progress.HALF: N_("Đang làm"),
    Progress.DONE: N_("Xong"),
    Progress.FIX: N_("Cần sửa"),
    Progress.CLAIMED_NA: N_("Đề nghị không áp dụng"),
}
RINGS: Mapping[Progress, str] = {Progress.CLAIMED_NA: "done"}  # of the others the ring is the value

REASONS: Mapping[ReasonKind, str] = {
    ReasonKind.EVERY_CATEGORY: N_("Áp dụng cho mọi loại sản phẩm."),
    ReasonKind.CATEGORY: N_("Vì sản phẩm thuộc loại: %(categories)s."),
    ReasonKind.FLAG: N_("Vì sản phẩm có đặc điểm: %(flags)s."),
    ReasonKind.OTHER_CATEGORY: N_("Chỉ dành cho loại: %(categories)s."),
    ReasonKind.FLAG_ABSENT: N_("Vì sản phẩm không có đặc điểm: %(flags)s."),
}

MEANINGS: Mapping[State, str] = {  # what a state means for the vendor
    State.DRAFT: N_("Chỉ đơn vị của bạn đọc được. Câu lạc bộ chưa nhận gì cho đến khi người phụ trách bấm Nộp hồ sơ."),
    State.SUBMITTED: N_("Nội dung đã khóa. Điều phối viên kiểm tra hồ sơ đủ hay thiếu, muộn nhất hết ngày %(date)s."),
    State.RETURNED: N_(
        "Hồ sơ còn thiếu nên được trả lại; đây chưa phải là đánh giá. Bổ sung rồi nộp lại, muộn nhất hết ngày %(date)s."
    ),
    State.REFUSED: N_(
        "Câu lạc bộ không đánh giá hồ sơ này. Lý do: %(reason)s Bạn có thể lập hồ sơ mới từ nội dung cũ."
    ),
    State.ACCEPTED: N_("Hồ sơ đủ. Điều phối viên chọn ít nhất %(n)d người đánh giá không có lợi ích liên quan."),
    State.IN_REVIEW: N_("Những người đánh giá chấm riêng, không thấy điểm của nhau. Bạn chưa phải làm gì."),
    State.CONSENSUS: N_("Mọi người đã chấm xong. Trưởng nhóm đánh giá ghi điểm thống nhất và lý do."),
    State.CORRECTION: N_("Có phát hiện cần trả lời, muộn nhất hết ngày %(date)s. Đây là vòng %(i)d/%(max)d."),
    State.IN_DECISION: N_("Hội đồng đang xem toàn bộ hồ sơ. Hai người chưa chấm hồ sơ này cùng quyết định."),
    State.MINDED_TO: N_(
        "Hội đồng dự kiến không cấp %(certificate)s. Đây chưa phải là quyết định. "
        "Đơn vị có thể gửi ý kiến, muộn nhất hết ngày %(date)s."
    ),
    State.CERTIFIED: N_("Mức %(level)s. Giấy số %(number)s, công bố ngày %(date)s."),
    State.DECLINED: N_("Lý do có trong quyết định. Đơn vị có quyền yêu cầu xem xét lại, muộn nhất hết ngày %(date)s."),
    State.WITHDRAWN: N_("Hồ sơ dừng ngày %(moved)s theo yêu cầu của đơn vị. Không có kết quả nào được ghi nhận."),
    State.LAPSED: N_(
        "Quá thời hạn mà Câu lạc bộ chưa nhận được trả lời, nên hồ sơ được đóng ngày %(moved)s. "
        "Bạn có thể lập hồ sơ mới từ nội dung cũ."
    ),
}
HELD_BACK = N_(
    "Hội đồng đã quyết định. Kết quả của cả đợt công bố cùng lúc, ngày %(date)s; "
    "đến ngày đó đơn vị nhận thư và đọc được ở đây."
)
ASKED = N_("Người đánh giá hỏi đơn vị về hồ sơ. Trong lúc chờ, hạn đánh giá được dời; trả lời ở trang Trao đổi.")
FACTS_ASKED = N_("Trưởng nhóm đánh giá gửi bản tóm tắt công khai để đơn vị xem dữ kiện đúng hay sai. Xem rồi trả lời.")


@dataclass(frozen=True)
class Gap:
    """One thing that is missing, in words, and the address where it can be mended ("" for none)."""

    text: str
    url: str


@dataclass(frozen=True)
class Outcome:
    """What the committee decided, where it did."""

    decision: Decision | None = None
    certificate: Certificate | None = None
    conditions: tuple[Condition, ...] = ()  # what the company still has to do for it, and what it has done


def gaps(ref: str, missing: Iterable[Missing]) -> list[Gap]:
    """Each missing thing as a sentence with the way to mend it, which returns to the check page."""
    return [Gap(translate(one.message, **one.values), place_url(ref, one.place)) for one in missing]


def grouped(edition: Edition, ref: str, missing: Iterable[Missing]) -> list[tuple[str, list[Gap]]]:
    """The same, part by part: the product, each group of criteria, and what is left; criteria with their titles."""
    titles: dict[str, list[Gap]] = {}
    for one in missing:
        [gap] = gaps(ref, [one])
        titles.setdefault(_part(edition, one.place), []).append(Gap(_titled(edition, one.place, gap.text), gap.url))
    return list(titles.items())


def _titled(edition: Edition, place: str, text: str) -> str:
    """The sentence with the criterion's title; of a copied answer only the criterion, for its part says the rest."""
    kind, _, code = place.partition(":")
    if kind == "answer":
        return f"{text} {bi(edition.criterion(code).title)}"
    return f"{code} {bi(edition.criterion(code).title)}" if kind == "carried" and code else text


def _part(edition: Edition, place: str) -> str:
    kind, _, what = place.partition(":")
    if kind == "profile":
        return translate(N_("Thông tin sản phẩm"))
    if kind == "carried":
        return translate(N_("Câu trả lời lấy từ lần trước: xác nhận vẫn đúng, hoặc sửa lại"))
    return bi(edition.group(edition.criterion(what).group).name) if kind == "answer" else translate(N_("Nộp"))


def place_url(ref: str, place: str) -> str:
    """Where a thing named by readiness is mended; "" for what no page of the vendor can mend."""
    kind, _, what = place.partition(":")
    back: dict[str, Any] = {"return": "check"}
    if kind == "profile":
        return url_for("applications.profile", ref=ref, step=step_of(what), _anchor=anchor_of(what), **back)
    if kind == "answer":
        return url_for("applications.answer", ref=ref, code=what, **back)
    if kind == "carried":
        return _carried_url(ref, what, back)
    if kind == "finding":
        return url_for("applications.corrections", ref=ref, _anchor=f"answer-{what}")
    return url_for("applications.agreement", ref=ref, **back) if kind == "agreement" else ""


def _carried_url(ref: str, code: str, back: dict[str, Any]) -> str:
    """One answer of the last time beside the present one, or all of them."""
    if code:
        return url_for("applications.beside", ref=ref, code=code, **back)
    return url_for("applications.carried", ref=ref, _anchor="rest", **back)


def progress_word(progress: Progress) -> str:
    """The state of a task in the current language."""
    return translate(PROGRESS[progress])


def ring(progress: Progress) -> str:
    """The ring of a state: what templates/components/tasks.html draws."""
    return RINGS.get(progress, progress.value)


def reason(edition: Edition, why: Reason) -> str:
    """Why a criterion applies or does not, in the current language."""
    categories = "; ".join(bi(edition.category(code).short) for code in why.categories)
    flags = "; ".join(bi(edition.flag(code).name) for code in why.flags)
    return translate(REASONS[why.kind], categories=categories, flags=flags)


def meaning(application: Application, outcome: Outcome, *, facts_asked: bool = False) -> str:
    """What the state means for the vendor, and by when who does what."""
    if application.paused_at is not None:
        return translate(ASKED)
    if facts_asked and application.state is State.CONSENSUS:
        return translate(FACTS_ASKED)
    if is_held_back(application):
        return translate(HELD_BACK, date=day(application.announce_at))
    found = MEANINGS[application.state]
    if application.kind is Kind.SURVEILLANCE:
        found = surveyed.MEANINGS.get(application.state, found)
    return translate(found, **_values(application, outcome))


def round_closes(opened: Round | None) -> str:
    """When the round closes, as a sentence; a rolling round never does."""
    if opened is None:
        return translate(N_("Hiện không có đợt tiếp nhận nào đang mở. Bản nháp vẫn được giữ; nộp được khi có đợt mới."))
    if opened.closes_at is None:
        return translate(N_("Đợt tiếp nhận này mở thường xuyên, không có ngày đóng."))
    return translate(N_("Đợt này đóng lúc %(time)s (giờ Việt Nam)."), time=moment(opened.closes_at))


def _values(application: Application, outcome: Outcome) -> dict[str, Any]:
    edition = store.load(application.edition_id)
    return {
        "date": day(legal_day(application.due_at)) if application.due_at else "",
        "moved": day(application.moved_at),
        "reason": refusal_reason(application.intake_notes.get("reason", "")),
        "n": edition.quorum.reviewers,
        "i": application.correction_round,
        "max": edition.periods.correction_rounds,
        **_decided(application, edition, outcome),
    }


def _decided(application: Application, edition: Edition, outcome: Outcome) -> dict[str, Any]:
    """The values of an outcome; a scheduled certificate names the day of its announcement."""
    decision, certificate = outcome.decision, outcome.certificate
    if certificate is not None:
        level = bi(edition.level(certificate.level).label)
        return {"level": level, "number": certificate.number, "date": day(certificate.valid_from)}
    if decision is None:
        return {"level": "–", "number": "–"}
    told_at = max(decision.decided_at, application.announce_at or decision.decided_at)  # a time runs once it is known
    last = legal_day(told_at) + timedelta(days=edition.periods.appeal_days)
    level = bi(edition.level(decision.level).label) if decision.level else "–"
    return {"level": level, "number": "–", "date": day(last)}

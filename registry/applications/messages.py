"""The route of questions and answers: what the club and the company said to each other, criterion by criterion."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from flask import render_template, url_for

from assessments.errors import N_
from assessments.models import Application, TestRecord
from assessments.policy import Permission
from assessments.queries import people
from assessments.queries.messages import Kind, Message, messages_of
from assessments.states import State
from criteria import store
from criteria.model import Criterion, Edition
from registry import access, db, timeline
from registry.applications.blueprint import bp
from registry.applications.corrections import SEVERITIES
from registry.i18n import translate
from registry.templating import bi, day, finding_text, iso, moment

OFFICE, TEAM, COMMITTEE = N_("Văn phòng Câu lạc bộ"), N_("Nhóm đánh giá"), N_("Hội đồng")
COMPANY = N_("Đơn vị")

TITLES: Mapping[Kind, str] = {
    Kind.QUESTION: N_("Cần bổ sung"),
    Kind.SUBMITTED_AGAIN: N_("Nộp lại, lần nộp thứ %(number)d"),
    Kind.REFUSAL: N_("Không tiếp nhận"),
    Kind.FINDING: N_("Phát hiện: %(severity)s, vòng %(number)d"),
    Kind.REPLY: N_("Trả lời đã gửi, vòng %(number)d"),
    Kind.UNSENT: N_("Trả lời đã lưu, chưa gửi"),
    Kind.COMMENT: N_("Nhận xét gửi đơn vị"),
    Kind.FACTS_ASKED: N_("Nhờ xem dữ kiện trong bản tóm tắt"),
    Kind.FACTS_CHECKED: N_("Đã xem dữ kiện"),
    Kind.NOTICE: N_("Thông báo dự kiến không cấp %(certificate)s"),
    Kind.NOTICE_COMMENT: N_("Ý kiến về thông báo dự kiến"),
    Kind.DECISION: N_("Quyết định"),
    Kind.ASKED: N_("Câu hỏi"),
    Kind.WITHDRAWN: N_("Câu hỏi, không cần trả lời nữa"),
    Kind.ANSWERED: N_("Trả lời"),
    Kind.TEST: N_("Lần tự thử %(letter)s-%(number)d"),
}
SPEAKERS: Mapping[Kind, str] = {  # of the club; what is not named here was said by the company
    Kind.QUESTION: OFFICE,
    Kind.REFUSAL: OFFICE,
    Kind.FINDING: TEAM,
    Kind.FACTS_ASKED: TEAM,
    Kind.NOTICE: COMMITTEE,
    Kind.DECISION: COMMITTEE,
}
OUTCOMES: Mapping[State, str] = {
    State.CERTIFIED: N_("Quyết định cấp %(certificate)s"),
    State.DECLINED: N_("Quyết định không cấp %(certificate)s"),
}
RIGHT = N_("Dữ kiện đều đúng.")


@dataclass(frozen=True)
class Line:
    """One message as the page draws it; `url` leads to where it is answered or shown in full."""

    kind: Kind
    iso: str
    when: str
    who: str
    title: str
    text: str
    url: str = ""
    action: str = ""


@dataclass(frozen=True)
class Thread:
    """What was said about one criterion; None for the application as a whole."""

    criterion: Criterion | None
    code: str
    lines: tuple[Line, ...]


@bp.get("/<ref>/messages")
@access.on_application(Permission.VIEW)
def messages(application: Application) -> str:
    """Questions and answers by criterion, in one place."""
    found = messages_of(db.session(), application)
    names = _names(found)
    lines = [(one.code, _line(application, one, names)) for one in found]
    return render_template(
        "applications/messages.html",
        application=application,
        threads=_threads(store.load(application.edition_id), lines),
        word=timeline.word_for_vendor(application),
    )


def _threads(edition: Edition, lines: list[tuple[str, Line]]) -> list[Thread]:
    """The whole application first, then the criteria in the order of the edition."""
    order: list[tuple[Criterion | None, str]] = [(None, ""), *((one, one.code) for one in edition.criteria)]
    every = [
        Thread(criterion, code, tuple(line for about, line in lines if about == code)) for criterion, code in order
    ]
    return [thread for thread in every if thread.lines]


def _names(found: list[Message]) -> dict[UUID, str]:
    """The company's own people by id; nobody of the club is among the authors of messages."""
    ids = {one.by for one in found if one.by is not None}
    return {one.id: one.name for one in people.people(db.session(), ids).values()}


def _line(application: Application, one: Message, names: Mapping[UUID, str]) -> Line:
    url, action = _way(application, one)
    return Line(
        kind=one.kind,
        iso=iso(one.at),
        when=moment(one.at),
        who=_who(one, names),
        title=_title(application, one),
        text=_text(application, one),
        url=url,
        action=action,
    )


def _who(one: Message, names: Mapping[UUID, str]) -> str:
    if one.letter:
        return translate(N_("Người đánh giá %(letter)s"), letter=one.letter)
    if one.kind in SPEAKERS:
        return translate(SPEAKERS[one.kind])
    return names.get(one.by, translate(COMPANY)) if one.by else translate(COMPANY)


def _title(application: Application, one: Message) -> str:
    said = OUTCOMES.get(application.state, TITLES[one.kind]) if one.kind is Kind.DECISION else TITLES[one.kind]
    severity = translate(SEVERITIES[one.severity]).lower() if one.severity else ""
    return translate(said, number=one.number, severity=severity, letter=one.letter)


def _text(application: Application, one: Message) -> str:
    if one.kind is Kind.REFUSAL:
        reason = timeline.refusal_reason(application.intake_notes.get("reason", ""))
        return f"{reason} {one.text.vi}".strip()
    if one.kind is Kind.FACTS_CHECKED and not one.text.vi:
        return translate(RIGHT)
    if one.record is not None:
        return _tested(one.record)
    return finding_text(bi(one.text))


def _tested(record: TestRecord) -> str:
    """What a reviewer tried, in lines."""
    told = (
        (N_("Thiết bị"), f"{record.device}, {record.system}"),
        (N_("Phiên bản sản phẩm"), record.product_version),
        (N_("Ngày thử"), day(record.tested_on)),
        (N_("Các bước"), record.steps),
        (N_("Kết quả"), record.result),
    )
    return "\n".join(f"{translate(label)}: {text}" for label, text in told)


def _way(application: Application, one: Message) -> tuple[str, str]:
    ref, state = application.ref, application.state
    if one.kind is Kind.SUBMITTED_AGAIN:
        anchor = one.code or None
        return url_for("applications.submission", ref=ref, number=one.number, _anchor=anchor), translate(
            N_("Xem bản đã nộp")
        )
    if one.kind in {Kind.FINDING, Kind.UNSENT} and _runs(application, one):
        return url_for("applications.corrections", ref=ref), translate(N_("Trả lời phát hiện"))
    if one.kind is Kind.QUESTION and state is State.RETURNED and one.code:
        return url_for("applications.answer", ref=ref, code=one.code), translate(N_("Sửa phần trình bày"))
    if one.kind is Kind.ASKED and one.waits and state is State.IN_REVIEW:
        return url_for("applications.question", ref=ref, question_id=one.question_id), translate(N_("Trả lời câu hỏi"))
    if one.kind in _PAGES:
        endpoint, label = _PAGES[one.kind]
        return url_for(endpoint, ref=ref), translate(label)
    return "", ""


def _runs(application: Application, one: Message) -> bool:
    """Whether the round of a finding is the one that waits for the company."""
    return application.state is State.CORRECTION and one.number == application.correction_round


_PAGES: Mapping[Kind, tuple[str, str]] = {
    Kind.NOTICE: ("applications.notice", N_("Mở thông báo")),
}

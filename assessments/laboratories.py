"""Laboratories: the register of those whose reports are accepted, the reports, and what reviewers say of them."""

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Session

from assessments import history
from assessments.clock import now, today
from assessments.errors import N_, Invalid, NotAllowed, NotFound, WrongState
from assessments.models import Application, Evidence, Laboratory, LaboratoryReport, ReportJudgement, Review
from assessments.people import Actor, Role
from assessments.policy import Permission, require
from assessments.queries import laboratories as queries
from assessments.queries import laboratory_reports, reviews, standings, submissions
from assessments.queries.editions import current
from assessments.queries.laboratories import REPORTS
from assessments.states import Event, PeopleEvent, State

LONGEST_NAME, LONGEST_NUMBER, LONGEST_REASON, LONGEST_WORD = 200, 100, 500, 1_000  # characters


@dataclass(frozen=True)
class Facts:
    """What the register says of a laboratory; no categories, or no criteria, mean every one."""

    name: str
    country: str
    accreditation_body: str
    accreditation_number: str
    standard: str
    accepted_from: date
    accepted_until: date
    name_en: str = ""
    website: str = ""
    tests_vi: str = ""
    tests_en: str = ""
    categories: tuple[str, ...] = ()
    criteria: tuple[str, ...] = ()


@dataclass(frozen=True)
class Told:
    """What a vendor says of a report: a laboratory of the register, or another by name, and its own number."""

    number: str
    laboratory_id: UUID | None = None
    laboratory_name: str = ""


def accept(session: Session, actor: Actor, facts: Facts) -> Laboratory:
    """Put a laboratory into the register.

    Refuses others than coordinators (NotAllowed), and what cannot be (Invalid): a name taken, something missing,
    days in the wrong order, codes that the edition in force has not.
    """
    _require_office(actor)
    _check(session, facts, None)
    one = Laboratory(**_values(facts), added_by=actor.id)
    session.add(one)
    session.flush()
    _write_down(session, actor, PeopleEvent.ACCEPT_LABORATORY, one)
    return one


def change(session: Session, actor: Actor, laboratory_id: UUID, facts: Facts, seen: str) -> Laboratory:
    """Say something else of a laboratory; `seen` is the `mark` of what the person had before them.

    Refuses as `accept` does; unknown laboratories (NotFound); one that was ended, or changed meanwhile (WrongState).
    """
    _require_office(actor)
    one = open_line(session, laboratory_id)
    if mark(one) != seen:
        raise WrongState(N_("Người khác vừa sửa phòng thử nghiệm này. Tải lại trang để xem bản mới nhất."))
    _check(session, facts, one)
    before = _said(one)
    for name, value in _values(facts).items():
        setattr(one, name, value)
    session.add(one)
    session.flush()
    _write_down(session, actor, PeopleEvent.CHANGE_LABORATORY, one, before)
    return one


def end(session: Session, actor: Actor, laboratory_id: UUID, since: date, reason: str) -> Laboratory:
    """Accept no report of a laboratory any more that was made on that legal day or later; earlier ones keep.

    Refuses others than coordinators (NotAllowed), unknown laboratories (NotFound), one that was ended (WrongState),
    a day to come or before it was accepted, and no reason or one too long (Invalid).
    """
    _require_office(actor)
    one = open_line(session, laboratory_id)
    if since > today() or since < one.accepted_from:
        raise Invalid(N_("Chọn một ngày từ ngày bắt đầu chấp nhận đến hôm nay."))
    if not reason.strip():
        raise Invalid(N_("Ghi lý do thôi chấp nhận."))
    if len(reason) > LONGEST_REASON:
        raise Invalid(N_("Nội dung quá dài: tối đa %(max)d ký tự."), max=LONGEST_REASON)
    one.ended_on, one.ended_by, one.ended_reason = since, actor.id, reason.strip()
    session.add(one)
    _write_down(session, actor, PeopleEvent.END_LABORATORY, one, reason.strip())
    return one


def open_line(session: Session, laboratory_id: UUID) -> Laboratory:
    """A laboratory that can still be changed; refuses unknown ones (NotFound) and one that was ended (WrongState)."""
    one = queries.laboratory(session, laboratory_id)
    if one is None:
        raise NotFound
    if one.ended_on is not None:
        raise WrongState(N_("Câu lạc bộ đã thôi chấp nhận phòng thử nghiệm này."))
    return one


def mark(one: Laboratory) -> str:
    """A short fingerprint of what the register says of a laboratory, to notice that it changed meanwhile."""
    return hashlib.sha256(_said(one).encode()).hexdigest()[:16]


def tell(session: Session, piece: Evidence, told: Told | None) -> None:
    """Keep what a vendor says of a piece as a report; None takes it back.

    Refuses (Invalid) a kind that is no report, a missing date or number, and a laboratory that is neither in the
    register nor named.
    """
    row = queries.report_on(session, piece.id)
    if told is None:
        if row is not None:
            session.delete(row)
        return
    _check_told(session, piece, told)
    row = row or LaboratoryReport(evidence_id=piece.id, number=told.number)
    row.number, row.laboratory_id, row.laboratory_name = told.number, told.laboratory_id, told.laboratory_name
    session.add(row)
    session.flush()


def judge(
    session: Session, actor: Actor, application: Application, about: tuple[str, UUID], *, accepted: bool, reason: str
) -> ReportJudgement:
    """Say whether a report counts as independent for a 4 of a criterion (`about`: criterion, piece), and why.

    What the register says of the laboratory on the report's date is kept beside it. Refuses who does not review the
    file (NotFound, NotAllowed), another state and a final review (WrongState), a piece that the newest submission
    does not hold for the criterion (NotFound), and no reason or one too long (Invalid). Source: ISO/IEC 17065, 6.2.2.
    """
    code, evidence_id = about
    review = _open_review(session, actor, application)
    report = report_of(session, review, code, evidence_id)
    if not reason.strip():
        raise Invalid(N_("Ghi lý do chấp nhận hoặc không chấp nhận báo cáo."))
    if len(reason) > LONGEST_WORD:
        raise Invalid(N_("Nội dung quá dài: tối đa %(max)d ký tự."), max=LONGEST_WORD)
    row = report.judgement or ReportJudgement(
        review_id=review.id, criterion=code, evidence_id=evidence_id, accepted=accepted, reason=reason
    )
    row.accepted, row.reason, row.standing, row.judged_at = accepted, reason.strip(), report.standing.value, now()
    session.add(row)
    session.flush()
    history.record(session, actor, history.Step(Event.JUDGE_REPORT, note=f"{code}: {report.title}"), application)
    return row


def report_of(session: Session, review: Review, code: str, evidence_id: UUID) -> laboratory_reports.Report:
    """One report behind a criterion as a reviewer sees it; refuses (NotFound) any other piece."""
    submission = submissions.latest(session, review.application_id)
    found = laboratory_reports.reports_for(session, review, submission.content if submission else {}, code)
    report = next((one for one in found if one.evidence_id == evidence_id), None)
    if report is None:
        raise NotFound
    return report


def _open_review(session: Session, actor: Actor, application: Application) -> Review:
    require(standings.standing_of(session, actor, application), Permission.REVIEW)
    review = reviews.review_of(session, application.id, actor.id)
    if review is None:
        raise NotFound
    if review.final_at is not None or application.state is not State.IN_REVIEW:
        raise WrongState(N_("Phần đánh giá của bạn đã chốt nên không sửa được nữa."))
    return review


def _check_told(session: Session, piece: Evidence, told: Told) -> None:
    if piece.kind not in REPORTS:
        raise Invalid(N_("Chỉ ghi phòng thử nghiệm khi loại bằng chứng là báo cáo thử nghiệm độc lập."))
    if piece.issued_on is None:
        raise Invalid(N_("Nhập ngày lập của báo cáo."))
    if not told.number or len(told.number) > LONGEST_NUMBER:
        raise Invalid(N_("Nhập số của báo cáo."))
    named = bool(told.laboratory_name)
    if named == (told.laboratory_id is not None) or len(told.laboratory_name) > LONGEST_NAME:
        raise Invalid(N_("Chọn phòng thử nghiệm trong danh mục hoặc ghi tên phòng khác."))
    if told.laboratory_id and session.get(Laboratory, told.laboratory_id) is None:
        raise Invalid(N_("Chọn phòng thử nghiệm trong danh mục hoặc ghi tên phòng khác."))


def _check(session: Session, facts: Facts, one: Laboratory | None) -> None:
    needed = (facts.name, facts.country, facts.accreditation_body, facts.accreditation_number, facts.standard)
    if not all(text.strip() for text in needed):
        raise Invalid(N_("Điền tên, nước, tổ chức công nhận, số công nhận và tiêu chuẩn."))
    if facts.accepted_until < facts.accepted_from:
        raise Invalid(N_("Ngày hết chấp nhận phải từ ngày bắt đầu trở đi."))
    edition = current(session)
    unknown = set(facts.categories) - {category.code for category in edition.categories}
    unknown |= set(facts.criteria) - {criterion.code for criterion in edition.criteria}
    if unknown:
        raise Invalid(N_("Mã không có trong bộ tiêu chí: %(codes)s."), codes=", ".join(sorted(unknown)))
    others = [other for other in queries.registered(session) if one is None or other.id != one.id]
    if facts.name.strip().casefold() in {other.name.casefold() for other in others}:
        raise Invalid(N_("Đã có phòng thử nghiệm mang tên này."))


def _values(facts: Facts) -> dict[str, Any]:
    return {**vars(facts), "categories": list(facts.categories), "criteria": list(facts.criteria)}


def _said(one: Laboratory) -> str:
    scope = f"{', '.join(one.categories) or '*'} / {', '.join(one.criteria) or '*'}"
    known = f"{one.accreditation_body} {one.accreditation_number}, {one.standard}, {one.country}, {one.website}"
    return f"{one.name} ({known}); {scope}; {one.tests_vi} {one.tests_en}; {one.accepted_from} – {one.accepted_until}"


def _write_down(session: Session, actor: Actor, event: PeopleEvent, one: Laboratory, more: str = "") -> None:
    history.record(session, actor, history.Step(event, note="\n".join(part for part in (_said(one), more) if part)))


def _require_office(actor: Actor) -> None:
    if Role.COORDINATOR not in actor.roles:
        raise NotAllowed(N_("Tài khoản của bạn không có quyền làm việc này."))

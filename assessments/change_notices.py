"""What vendors say has changed in a certified product, and how the office judges it (ISO/IEC 17065, 7.10)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session

from assessments import catalogue, history, surveillance
from assessments.clock import now, today
from assessments.errors import N_, Invalid, NotAllowed, NotFound, WrongState
from assessments.lifecycle import ChangeSize, Trigger
from assessments.models import Application, Certificate, ChangeNotice
from assessments.people import Actor, MemberRole
from assessments.policy import Permission, require
from assessments.queries import change_notices as queries
from assessments.queries.announcements import is_held_back
from assessments.queries.certificates import certificate_by_number, status
from assessments.queries.renewals import STANDING, open_about
from assessments.queries.standings import standing_of
from assessments.states import CertificateStep, ChangeKind, Kind

LONGEST = 2_000  # characters of one text
LONGEST_VERSION = 40
YEAR = timedelta(days=366)  # farther away no day makes sense


@dataclass(frozen=True)
class Told:
    """What a vendor tells: kinds of change, from when, in which version, in its own words."""

    changes: Collection[ChangeKind]
    effective_on: date
    text: str
    version: str = ""


@dataclass(frozen=True)
class Judged:
    """How the office judges it; a major change is applied for by a day."""

    size: ChangeSize
    reason: str
    apply_by: date | None = None


def give(session: Session, actor: Actor, number: str, told: Told) -> ChangeNotice:
    """Tell the club of a change in a certified product, as the owner of its company.

    Refuses strangers and what they cannot know yet (NotFound), contributors (NotAllowed), a certificate that does not
    stand (WrongState), and a notice without a kind, a text or a sensible day (Invalid). Source: 17065, 4.1.2.2 (c) 10.
    """
    certificate = require_owned(session, actor, number)
    _check(told)
    notice = ChangeNotice(
        certificate_id=certificate.id,
        vendor_id=certificate.vendor_id,
        number=queries.last_number(session, certificate.id) + 1,
        changes=[kind.value for kind in ChangeKind if kind in told.changes],
        version=told.version.strip(),
        effective_on=told.effective_on,
        text=told.text.strip(),
        given_by=actor.id,
    )
    session.add(notice)
    session.flush()
    step = history.Step(CertificateStep.GIVE_CHANGE_NOTICE, note=notice.text)
    history.record(session, actor, step, certificate=certificate)
    return notice


def require_owned(session: Session, actor: Actor, number: str) -> Certificate:
    """The certificate, its row held, if it stands and the actor owns its company; refuses as `give` does."""
    certificate = certificate_by_number(session, number, lock=True)
    role = actor.memberships.get(certificate.vendor_id) if certificate else None
    if certificate is None or role is None:
        raise NotFound
    if is_held_back(session.get_one(Application, certificate.application_id)):
        raise NotFound
    if role is not MemberRole.OWNER:
        raise NotAllowed(N_("Chỉ người phụ trách của đơn vị làm được việc này."))
    session.refresh(certificate)
    if status(certificate, today()) not in STANDING:
        raise WrongState(N_("Giấy %(number)s không còn hiệu lực."), number=number)
    return certificate


def judge(session: Session, actor: Actor, number: str, place: int, judged: Judged) -> ChangeNotice:
    """Say, for the office, that a change is minor or major, with a reason that the vendor reads.

    Minor: the certificate covers it. Major: a change application is due by a day, and a surveillance is planned for
    that day; nothing is suspended by itself. Refuses who does not follow the file up (NotFound, NotAllowed), a notice
    judged before and a certificate that has ended (WrongState), an empty reason or a day that does not fit (Invalid).
    """
    certificate = certificate_by_number(session, number, lock=True)
    notice = queries.numbered(session, number, place)
    if certificate is None or notice is None:
        raise NotFound
    require(standing_of(session, actor, session.get_one(Application, certificate.application_id)), Permission.FOLLOW_UP)
    session.refresh(notice, with_for_update=True)
    if notice.size is not None:
        raise WrongState(N_("Thông báo này vừa được xem xét. Tải lại trang để xem."))
    if status(certificate, today()) not in STANDING:
        raise WrongState(N_("Giấy %(number)s không còn hiệu lực."), number=number)
    _check_judgement(judged)
    major = judged.size is ChangeSize.MAJOR
    notice.size, notice.reason = judged.size, judged.reason.strip()
    notice.judged_by, notice.judged_at = actor.id, now()
    notice.apply_by = judged.apply_by if major else None
    session.add(notice)
    session.flush()
    step = CertificateStep.JUDGE_MAJOR if major else CertificateStep.JUDGE_MINOR
    history.record(session, actor, history.Step(step, note=notice.reason), certificate=certificate)
    if major and notice.apply_by:
        wanted = surveillance.Wanted(Trigger.CHANGE_NOTICE, notice.reason, notice.apply_by, notice)
        surveillance.plan(session, actor, number, wanted)
        answer(session, certificate, _running(session, certificate))
    catalogue.refresh(session, certificate.product_id)
    return notice


def answer(session: Session, certificate: Certificate, application: Application | None) -> None:
    """Let a change application answer the major changes of its certificate that none is about yet."""
    for notice in queries.unanswered(session, certificate.id) if application else ():
        notice.application_id = application.id if application else None
        session.add(notice)
    session.flush()


def _running(session: Session, certificate: Certificate) -> Application | None:
    found = open_about(session, certificate.product_id)
    return next((one for one in found if one.kind is Kind.CHANGE), None)


def _check(told: Told) -> None:
    if not told.changes:
        raise Invalid(N_("Chọn ít nhất một điều đã thay đổi."))
    if not told.text.strip():
        raise Invalid(N_("Viết vài câu về điều đã thay đổi."))
    if len(told.text) > LONGEST or len(told.version) > LONGEST_VERSION:
        raise Invalid(N_("Phần này dài quá %(max)d ký tự."), max=LONGEST)
    if not today() - YEAR <= told.effective_on <= today() + YEAR:
        raise Invalid(N_("Ngày thay đổi phải trong vòng một năm trước hoặc sau hôm nay."))


def _check_judgement(judged: Judged) -> None:
    if not judged.reason.strip():
        raise Invalid(N_("Ghi lý do để đơn vị đọc."))
    if len(judged.reason) > LONGEST:
        raise Invalid(N_("Phần này dài quá %(max)d ký tự."), max=LONGEST)
    if judged.size is ChangeSize.MAJOR and (judged.apply_by is None or judged.apply_by <= today()):
        raise Invalid(N_("Chọn hạn nộp hồ sơ báo thay đổi, sau hôm nay."))

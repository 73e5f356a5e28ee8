"""Surveillance: looking at a certified product again, on schedule and when there is a reason (ISO/IEC 17065, 7.9)."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session

from assessments import applications, catalogue, certificates, history, profile, reductions
from assessments.certificate_changes import Change, check_suspension, months_after
from assessments.clock import now, today
from assessments.errors import N_, Invalid, NotFound, WrongState
from assessments.lifecycle import STAYING, Measure, Trigger
from assessments.models import (
    Application,
    Basis,
    Certificate,
    ChangeNotice,
    Decision,
    Proposal,
    ProposedMeasure,
    Surveillance,
)
from assessments.people import Actor
from assessments.policy import Permission, require
from assessments.queries import behind, consensus
from assessments.queries import surveillance as queries
from assessments.queries.certificates import certificate_by_number, status
from assessments.queries.renewals import STANDING
from assessments.queries.standings import standing_of
from assessments.reductions import Reduction
from assessments.states import CertificateAction, CertificateStatus, CertificateStep, Outcome
from criteria import store

LONGEST = 2_000  # characters of one text
TOO_SHORT = "Giấy hết hạn trước kỳ giám sát đầu tiên."
SHORTEST_REPLY = 1  # days that the company has at least
_ACTIONS = {
    Measure.REDUCE: CertificateAction.REDUCE,
    Measure.SUSPEND: CertificateAction.SUSPEND,
    Measure.WITHDRAW: CertificateAction.WITHDRAW,
}


@dataclass(frozen=True)
class Wanted:
    """A surveillance the office plans because of something: what, and by when it has to begin."""

    trigger: Trigger
    note: str
    due_on: date
    notice: ChangeNotice | None = None


@dataclass(frozen=True)
class Measured:
    """What is proposed after a surveillance; a suspension says what restores it, a reduction what remains."""

    measure: Measure
    condition_vi: str = ""
    condition_en: str = ""
    restore_by: date | None = None
    reduction: Reduction | None = None

    @property
    def outcome(self) -> Outcome:
        """As a proposal has it: the certificate stays, or it does not."""
        return Outcome.CERTIFY if self.measure in STAYING else Outcome.DECLINE


# --- planning ---


def plan(session: Session, actor: Actor, number: str, wanted: Wanted) -> Surveillance:
    """Plan a surveillance of a certificate because something has come up.

    Refuses who does not follow the file up (NotFound, NotAllowed), a certificate that does not stand (WrongState), the
    calendar as a reason, an empty or overlong note and a day that has passed (Invalid).
    """
    certificate = _held(session, actor, number)
    if wanted.trigger is Trigger.SCHEDULE:
        raise Invalid(N_("Chọn điều dẫn đến lần giám sát này."))
    if not wanted.note.strip() or len(wanted.note) > LONGEST:
        raise Invalid(N_("Ghi điều dẫn đến lần giám sát này, nhiều nhất %(max)d ký tự."), max=LONGEST)
    if wanted.due_on < today():
        raise Invalid(N_("Chọn ngày từ hôm nay."))
    return _planned(session, actor, certificate, wanted)


def plan_scheduled(session: Session, certificate: Certificate) -> list[Surveillance]:
    """Plan, as the clock, everything that the edition's period asks of a certificate until its end.

    Of one that ends before the first day there is a plan too, given up at once, so that nobody looks for it again.
    Refuses (WrongState) a second time.
    """
    session.refresh(certificate, with_for_update=True)
    if any(one.trigger is Trigger.SCHEDULE for one in queries.of_certificate(session, certificate.id)):
        raise WrongState(N_("Giấy này đã có lịch giám sát."))
    days = list(_days(certificate))
    found = [_planned(session, None, certificate, Wanted(Trigger.SCHEDULE, "", day)) for day in days]
    if not found:
        found = [_planned(session, None, certificate, Wanted(Trigger.SCHEDULE, "", certificate.valid_until))]
        found[0].ended_at, found[0].ending = now(), TOO_SHORT
        session.add(found[0])
        session.flush()
    return found


def drop(session: Session, actor: Actor, number: str, place: int, reason: str) -> Surveillance:
    """Give a surveillance up that has not begun, or whose application ended without a decision, and say why.

    Refuses as `plan` does, one that runs or is over (WrongState), and an empty or overlong reason (Invalid).
    """
    certificate = _held(session, actor, number)
    one, application = _open(session, certificate, place)
    if application is not None and application.state not in queries.UNANSWERED:
        raise WrongState(N_("Lần giám sát này đang chạy ở hồ sơ %(ref)s."), ref=application.ref)
    if not reason.strip() or len(reason) > LONGEST:
        raise Invalid(N_("Ghi lý do, nhiều nhất %(max)d ký tự."), max=LONGEST)
    one.ended_at, one.ending = now(), reason.strip()
    session.add(one)
    session.flush()
    history.record(
        session, actor, history.Step(CertificateStep.DROP_SURVEILLANCE, note=one.ending), certificate=certificate
    )
    return one


# --- running ---


def begin(session: Session, actor: Actor, number: str, place: int, reply_by: date) -> Application:
    """Draw the criteria, and open the draft in which the company answers by a day.

    Refuses as `plan` does, one that has begun or is over and a second one that runs (WrongState), and a day to answer
    that is too near (Invalid). Source: ISO/IEC 17065, 7.9.3.
    """
    certificate = _held(session, actor, number)
    one, application = _open(session, certificate, place)
    if application is not None:
        raise WrongState(N_("Lần giám sát này đã bắt đầu ở hồ sơ %(ref)s."), ref=application.ref)
    if reply_by < today() + timedelta(days=SHORTEST_REPLY):
        raise Invalid(N_("Cho đơn vị ít nhất đến ngày mai."))
    nonce = secrets.token_hex(16)
    notice = session.get(ChangeNotice, one.notice_id) if one.notice_id else None
    changes = tuple(notice.changes) if notice else ()
    facts = behind.profile_of(session, certificate, today())
    one.pool = list(behind.pool_of(session, certificate, profile.from_dict(facts)))
    drawn = queries.draw(certificate, one.number, nonce, today().year, changes, one.pool)
    application = applications.open_surveillance(session, actor, certificate, (drawn.codes, facts), reply_by)
    one.nonce, one.begun_at, one.begun_by, one.application_id = nonce, now(), actor.id, application.id
    basis = Basis(application_id=application.id, certificate_id=certificate.id, changes=list(changes))
    basis.note = notice.text if notice else ""
    session.add_all([one, basis])
    session.flush()
    return application


# --- deciding ---


def computed(session: Session, application: Application) -> tuple[Measure, str]:
    """What the last scores lead to, the new ones in their place: the measure, and the level that is reached.

    The level of the certificate or better: keep; a lower one: reduce to it; none: suspend.
    """
    certificate = _certificate(session, application)
    reached = consensus.verdict_of(session, application).level
    measure = queries.leads_to(certificate, reached)
    if measure is Measure.KEEP:
        return measure, certificate.level
    return measure, reached.code if reached else ""


def departs(session: Session, application: Application, measured: Measured) -> bool:
    """Whether what is proposed differs from what the scores lead to; suspending and withdrawing count as one."""
    measure, level = computed(session, application)
    if measured.measure is Measure.REDUCE and measure is Measure.REDUCE:
        return measured.reduction is None or measured.reduction.level != level
    worst = {Measure.SUSPEND, Measure.WITHDRAW}
    return not (measured.measure is measure or {measured.measure, measure} <= worst)


def check_proposal(session: Session, application: Application, measured: Measured) -> str:
    """Refuse (WrongState, Invalid) what the certificate does not allow; returns the level it will have.

    A measure for a certificate that has ended; a suspension without a condition or of one that is suspended; a
    reduction as reductions.check refuses it.
    """
    certificate = _certificate(session, application)
    stands = status(certificate, today())
    if stands not in STANDING:
        raise WrongState(N_("Giấy %(number)s không còn hiệu lực."), number=certificate.number)
    if measured.measure is Measure.SUSPEND:
        if stands is not CertificateStatus.ACTIVE:
            raise Invalid(N_("Giấy đang tạm đình chỉ: chọn giữ nguyên, thu hẹp hoặc thu hồi."))
        check_suspension(certificate, _change(measured, ("", "")))
    if measured.measure is Measure.REDUCE:
        reductions.check(certificate, measured.reduction or Reduction())
        return (measured.reduction or Reduction()).level or certificate.level
    return certificate.level


def propose(session: Session, proposal: Proposal, measured: Measured) -> ProposedMeasure:
    """Write down what goes with a proposal about a surveillance."""
    suspends = measured.measure is Measure.SUSPEND
    made = ProposedMeasure(
        proposal_id=proposal.id,
        measure=measured.measure,
        condition_vi=measured.condition_vi.strip() if suspends else "",
        condition_en=measured.condition_en.strip() if suspends else "",
        restore_by=measured.restore_by if suspends else None,
        reduction=measured.reduction.stored() if measured.reduction and measured.measure is Measure.REDUCE else {},
    )
    session.add(made)
    session.flush()
    return made


def conclude(session: Session, actor: Actor, application: Application, decision: Decision) -> None:
    """Do to the certificate what the committee has decided; keeping it grants no new one.

    Refuses (WrongState) what the certificate does not allow any more.
    """
    found = queries.of_application(session, application)
    said = session.get(ProposedMeasure, decision.proposal_id)
    if found is None or said is None:
        raise WrongState(N_("Hồ sơ này không phải của một lần giám sát."))
    one, certificate = found
    one.measure, one.ended_at = said.measure, now()
    session.add(one)
    session.flush()
    if said.measure is Measure.KEEP:
        history.record(
            session,
            actor,
            history.Step(CertificateStep.FINISH_SURVEILLANCE, note=decision.reasons_vi),
            certificate=certificate,
        )
        catalogue.refresh(session, certificate.product_id)
        return
    reduction = reductions.read(said.reduction) if said.reduction else None
    measured = Measured(said.measure, said.condition_vi, said.condition_en, said.restore_by, reduction)
    change = _change(measured, (decision.reasons_vi, decision.reasons_en))
    certificates.follow_surveillance(session, actor, certificate, decision, _ACTIONS[said.measure], change)


def _change(measured: Measured, reasons: tuple[str, str]) -> Change:
    return Change(*reasons, measured.condition_vi, measured.condition_en, measured.restore_by, measured.reduction)


def _certificate(session: Session, application: Application) -> Certificate:
    found = queries.of_application(session, application)
    if found is None:
        raise NotFound
    return found[1]


def _days(certificate: Certificate) -> Iterator[date]:
    """Every so many months from the first day, as long as the certificate is valid then."""
    months = store.load(certificate.edition_id).periods.surveillance_month
    after = months
    while (day := months_after(certificate.valid_from, after)) <= certificate.valid_until:
        yield day
        after += months


def _planned(session: Session, actor: Actor | None, certificate: Certificate, wanted: Wanted) -> Surveillance:
    one = Surveillance(
        certificate_id=certificate.id,
        number=queries.last_number(session, certificate.id) + 1,
        trigger=wanted.trigger,
        note=wanted.note.strip(),
        notice_id=wanted.notice.id if wanted.notice else None,
        due_on=wanted.due_on,
        planned_by=actor.id if actor else None,
    )
    session.add(one)
    session.flush()
    step = history.Step(CertificateStep.PLAN_SURVEILLANCE, note=one.note or wanted.due_on.isoformat())
    history.record(session, actor, step, certificate=certificate)
    return one


def _held(session: Session, actor: Actor, number: str) -> Certificate:
    """The certificate, its row held, for whoever of the office may follow its file up; refuses one that has ended."""
    certificate = certificate_by_number(session, number, lock=True)
    if certificate is None:
        raise NotFound
    require(standing_of(session, actor, session.get_one(Application, certificate.application_id)), Permission.FOLLOW_UP)
    session.refresh(certificate)
    if status(certificate, today()) not in STANDING:
        raise WrongState(N_("Giấy %(number)s không còn hiệu lực."), number=number)
    return certificate


def _open(session: Session, certificate: Certificate, place: int) -> tuple[Surveillance, Application | None]:
    one = next((one for one in queries.of_certificate(session, certificate.id) if one.number == place), None)
    if one is None:
        raise NotFound
    session.refresh(one)
    if one.ended_at is not None:
        raise WrongState(N_("Lần giám sát này đã kết thúc. Tải lại trang để xem."))
    return one, session.get_one(Application, one.application_id) if one.application_id else None

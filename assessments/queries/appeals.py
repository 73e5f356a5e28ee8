"""Questions about appeals: what a company may appeal against and until when, and where each appeal stands."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_
from sqlmodel import Session, col, select

from assessments import clock
from assessments.models import (
    Appeal,
    AppealRuling,
    AppealStep,
    Application,
    Certificate,
    CertificateEvent,
    Decision,
    HistoryEntry,
    Product,
    Vendor,
)
from assessments.queries.announcements import is_held_back
from assessments.recourse import AppealAction, AppealKind, AppealState
from assessments.states import Action, CertificateAction, CertificateState, CertificateStep, Kind, Outcome, State
from criteria import store

RUNNING = (AppealState.LODGED, AppealState.ACKNOWLEDGED, AppealState.UNDER_HEARING)
PAGE = 50
_STEPS = (
    *(Action.REFUSE, Action.CERTIFY, Action.DECLINE),
    *(CertificateStep.SUSPEND, CertificateStep.WITHDRAW, CertificateStep.REDUCE),
)
_CHANGES = {  # which step a change of a certificate is written down as, and what an appeal against it is
    CertificateAction.SUSPEND: (CertificateStep.SUSPEND, AppealKind.SUSPENSION),
    CertificateAction.WITHDRAW: (CertificateStep.WITHDRAW, AppealKind.WITHDRAWAL),
    CertificateAction.REDUCE: (CertificateStep.REDUCE, AppealKind.REDUCTION),
}
_APPEALABLE = (State.REFUSED, State.CERTIFIED, State.DECLINED)


@dataclass(frozen=True)
class Appealable:
    """One decision that a company may appeal against: the step of the history, when it was told, until when."""

    kind: AppealKind
    seq: int
    notified_at: datetime
    until: datetime
    decision: Decision | None = None
    event: CertificateEvent | None = None
    certificate: Certificate | None = None


def appealable(session: Session, application: Application) -> list[Appealable]:
    """What stands, was told, was not appealed yet and may be appealed at this moment, the newest first."""
    moment = clock.now()
    return [one for one in standing_decisions(session, application) if one.notified_at <= moment <= one.until]


def standing_decisions(session: Session, application: Application) -> list[Appealable]:
    """Every decision of an application that stands and was not appealed yet, whatever its period."""
    if application.state not in _APPEALABLE or is_held_back(application):
        return []
    steps = _steps_of(session, application)
    last = {entry.action: entry for entry in steps}
    found = [*_of_application(session, application, last), *_of_certificate(session, application, steps)]
    taken = select(Appeal.against_seq).where(
        Appeal.application_id == application.id, Appeal.state != AppealState.WITHDRAWN
    )
    gone = set(session.exec(taken).all()) if found else set()
    return sorted((one for one in found if one.seq not in gone), key=lambda one: -one.seq)


def standing_reductions(session: Session, application: Application) -> list[Appealable]:
    """The same of reductions of its certificate alone."""
    return [one for one in standing_decisions(session, application) if one.kind is AppealKind.REDUCTION]


def late_for(session: Session, application: Application) -> list[Appealable]:
    """What stands, was not appealed and whose period has run: an appeal is received, and not heard."""
    return [one for one in standing_decisions(session, application) if one.until < clock.now()]


def last_second(edition_id: str, notified_at: datetime) -> datetime:
    """The last moment of the period: the end of the legal day that lies so many days after the notice."""
    days = store.load(edition_id).periods.appeal_days
    return clock.end_of_day(clock.legal_day(notified_at) + timedelta(days=days))


def _steps_of(session: Session, application: Application) -> list[HistoryEntry]:
    """Every step that can be appealed against, of the application and its certificates, in order."""
    certificates = select(Certificate.id).where(Certificate.application_id == application.id)
    question = (
        select(HistoryEntry)
        .where(
            or_(
                col(HistoryEntry.application_id) == application.id,
                col(HistoryEntry.certificate_id).in_(certificates),
            ),
            col(HistoryEntry.action).in_(_STEPS),
        )
        .order_by(col(HistoryEntry.seq))
    )
    return list(session.exec(question).all())


def _of_application(session: Session, application: Application, steps: dict[str, HistoryEntry]) -> Iterator[Appealable]:
    if application.state is State.REFUSED and Action.REFUSE in steps:
        yield _made(application, AppealKind.REFUSAL, steps[Action.REFUSE])
        return
    if application.kind is Kind.SURVEILLANCE:  # what it did to the certificate is appealed against there
        return
    question = select(Decision).where(Decision.application_id == application.id)
    decision = session.exec(question.order_by(col(Decision.number).desc()).limit(1)).one_or_none()
    if decision is None:
        return
    if decision.outcome is Outcome.DECLINE and Action.DECLINE in steps:
        yield _made(application, AppealKind.DECLINE, steps[Action.DECLINE], decision=decision)
    elif decision.outcome is Outcome.CERTIFY and Action.CERTIFY in steps and could_be_higher(application, decision):
        yield _made(application, AppealKind.LEVEL, steps[Action.CERTIFY], decision=decision)


def could_be_higher(application: Application, decision: Decision) -> bool:
    """Whether the edition has a level above the one that was given."""
    levels = store.load(application.edition_id).levels
    given = next((one.number for one in levels if one.code == decision.level), 0)
    return any(one.number > given for one in levels)


def _of_certificate(session: Session, application: Application, steps: list[HistoryEntry]) -> Iterator[Appealable]:
    """What stands of the changes of its certificate: the last suspension or withdrawal, and every reduction."""
    told = [entry for entry in steps if entry.certificate_id is not None]
    if not told:
        return
    question = (
        select(Certificate, CertificateEvent)
        .join(CertificateEvent, col(CertificateEvent.certificate_id) == col(Certificate.id))
        .where(
            Certificate.application_id == application.id,
            col(CertificateEvent.effective_on).is_not(None),
            col(CertificateEvent.dismissed_at).is_(None),
            or_(*_standing_changes()),
        )
        .order_by(col(CertificateEvent.number))
    )
    found = session.exec(question).all()
    for action, (step, kind) in _CHANGES.items():
        written = [entry for entry in told if entry.action == step]
        made = [row for row in found if row[1].action is action]
        last = len(made) if action is CertificateAction.REDUCE else 1  # of the others the last one alone stands
        for entry, (certificate, event) in zip(written[-last:], made[-last:], strict=False):
            yield _made(application, kind, entry, event=event, certificate=certificate)


def _standing_changes() -> Iterator[ColumnElement[bool]]:
    """SQL: the state in which a certificate is while a change of it stands."""
    standing = (CertificateState.ACTIVE, CertificateState.SUSPENDED)
    for action, states in (
        (CertificateAction.SUSPEND, (CertificateState.SUSPENDED,)),
        (CertificateAction.WITHDRAW, (CertificateState.WITHDRAWN,)),
        (CertificateAction.REDUCE, standing),
    ):
        yield and_(col(Certificate.state).in_(states), col(CertificateEvent.action) == action)


def _made(application: Application, kind: AppealKind, step: HistoryEntry, **about: Any) -> Appealable:
    told = max(step.at, application.announce_at or step.at)  # a time runs once it is known
    return Appealable(kind, step.seq, told, last_second(application.edition_id, told), **about)


def is_set_aside(session: Session, application: Application) -> bool:
    """Whether the last decision of an application, or the last refusal, was set aside on appeal."""
    last = session.exec(
        select(func.max(HistoryEntry.seq)).where(
            HistoryEntry.application_id == application.id,
            col(HistoryEntry.action).in_((Action.REFUSE, Action.CERTIFY, Action.DECLINE)),
        )
    ).one()
    question = select(Appeal.id).where(
        Appeal.application_id == application.id, Appeal.against_seq == last, Appeal.state == AppealState.SET_ASIDE
    )
    return last is not None and session.exec(question).first() is not None


def appeal_by_number(session: Session, number: str) -> tuple[Appeal, Application] | None:
    """An appeal with its application."""
    question = (
        select(Appeal, Application)
        .join(Application, col(Application.id) == col(Appeal.application_id))
        .where(Appeal.number == number)
    )
    return session.exec(question).one_or_none()


def appeal_of_step(session: Session, seq: int) -> Appeal | None:
    """The appeal that a step of the history belongs to."""
    question = select(Appeal).join(AppealStep, col(AppealStep.appeal_id) == col(Appeal.id)).where(AppealStep.seq == seq)
    return session.exec(question).one_or_none()


def next_serial(session: Session, year: int) -> int:
    """One more than the last of the year; the unique constraint judges between two at once."""
    return (session.exec(select(func.max(Appeal.serial)).where(Appeal.year == year)).one() or 0) + 1


@dataclass(frozen=True)
class Listed:
    """One line of a list: the appeal, what it is about, and the company."""

    appeal: Appeal
    application: Application
    product: Product
    vendor: Vendor


def listed() -> Any:
    """An appeal with its application, product and company: what every list begins with."""
    return (
        select(Appeal, Application, Product, Vendor)
        .join(Application, col(Application.id) == col(Appeal.application_id))
        .join(Product, col(Product.id) == col(Application.product_id))
        .join(Vendor, col(Vendor.id) == col(Application.vendor_id))
    )


def of_vendor(session: Session, vendor_id: UUID) -> list[Listed]:
    """A company's appeals, newest first."""
    question = listed().where(Application.vendor_id == vendor_id).order_by(col(Appeal.lodged_at).desc()).limit(PAGE)
    return [Listed(*row) for row in session.exec(question).all()]


def running_of_vendor(session: Session, vendor_id: UUID) -> list[Appeal]:
    """A company's appeals that are not decided yet."""
    question = (
        select(Appeal)
        .join(Application, col(Application.id) == col(Appeal.application_id))
        .where(Application.vendor_id == vendor_id, col(Appeal.state).in_(RUNNING))
        .order_by(col(Appeal.number))
    )
    return list(session.exec(question).all())


def appeals_of(session: Session, application_id: UUID) -> list[Appeal]:
    """The appeals about an application, newest first."""
    question = select(Appeal).where(Appeal.application_id == application_id).order_by(col(Appeal.lodged_at).desc())
    return list(session.exec(question).all())


@dataclass(frozen=True)
class Step:
    """One step of an appeal; who took it is not told: the company, or the club."""

    action: str
    at: datetime
    own: bool  # of the company
    by_itself: bool


def steps_of(session: Session, appeal: Appeal) -> list[Step]:
    """Every step of an appeal, newest first."""
    question = (
        select(HistoryEntry)
        .join(AppealStep, col(AppealStep.seq) == col(HistoryEntry.seq))
        .where(AppealStep.appeal_id == appeal.id)
        .order_by(col(HistoryEntry.seq).desc())
    )
    own = {AppealAction.LODGE, AppealAction.LODGE_LATE, AppealAction.WITHDRAW}
    return [Step(one.action, one.at, one.action in own, one.actor_id is None) for one in session.exec(question).all()]


@dataclass(frozen=True)
class Against:
    """The decision that is appealed: when it was made, with which level and reasons, about which certificate."""

    at: datetime
    level: str = ""
    reasons_vi: str = ""
    reasons_en: str = ""
    certificate: str = ""


def against_of(session: Session, appeal: Appeal, application: Application) -> Against:
    """What an appeal is against, in one statement or two."""
    if appeal.decision_id is not None:
        decision = session.get_one(Decision, appeal.decision_id)
        number = session.exec(select(Certificate.number).where(Certificate.decision_id == decision.id)).first()
        return Against(
            decision.decided_at, decision.level or "", decision.reasons_vi, decision.reasons_en, number or ""
        )
    if appeal.event_id is not None:
        question = (
            select(CertificateEvent, Certificate)
            .join(Certificate, col(Certificate.id) == col(CertificateEvent.certificate_id))
            .where(CertificateEvent.id == appeal.event_id)
        )
        event, certificate = session.exec(question).one()
        at = event.decided_at if event.action is CertificateAction.SUSPEND else event.confirmed_at
        return Against(at or event.decided_at, "", event.reason_vi, event.reason_en, certificate.number)
    note = application.intake_notes.get("note", "")
    return Against(session.get_one(HistoryEntry, appeal.against_seq).at, "", note, "")


def rulings_of(session: Session, appeal_id: UUID) -> list[AppealRuling]:
    """Everything that was proposed, newest first."""
    question = select(AppealRuling).where(AppealRuling.appeal_id == appeal_id)
    return list(session.exec(question.order_by(col(AppealRuling.number).desc())).all())


def open_ruling(session: Session, appeal_id: UUID) -> AppealRuling | None:
    """The ruling that waits for a second hearer."""
    question = select(AppealRuling).where(
        AppealRuling.appeal_id == appeal_id,
        col(AppealRuling.closed_at).is_(None),
        col(AppealRuling.confirmed_at).is_(None),
    )
    return session.exec(question).one_or_none()


def to_remind(session: Session, moment: datetime) -> list[UUID]:
    """The appeals whose deadline is near or has passed and of which that was not said yet; the verb looks closer."""
    longest = max((day for edition in store.editions() for day in edition.reminder_days), default=0)
    question = select(Appeal.id).where(
        col(Appeal.state).in_(RUNNING),
        col(Appeal.due_at) <= moment + timedelta(days=longest),
        or_(col(Appeal.reminded).is_(None), col(Appeal.reminded) > 0),
    )
    return list(session.exec(question).all())


def reminder_due(appeal: Appeal, application: Application, moment: datetime) -> int | None:
    """How many days before its deadline an appeal is to be reminded of now; 0 once it is late, None for not now."""
    if appeal.due_at is None or appeal.state not in RUNNING:
        return None
    days = (*store.load(application.edition_id).reminder_days, 0)
    come = [day for day in days if appeal.due_at - timedelta(days=day) < moment and _is_news(appeal, day)]
    if not come or (appeal.reminded is not None and appeal.reminded <= min(come)):
        return None
    return min(come)


def _is_news(appeal: Appeal, day: int) -> bool:
    """A reminder whose time came before the deadline was set says nothing new."""
    return appeal.due_at is not None and appeal.due_at - timedelta(days=day) > appeal.moved_at


def is_running(application_id: Any) -> Any:
    """SQL: an appeal about an application waits for its ruling."""
    return exists().where(col(Appeal.application_id) == application_id, col(Appeal.state).in_(RUNNING))

"""Deadlines of judging and of the registers behind it: questions, findings, conditions, appeals, competences."""

from datetime import timedelta
from typing import Any

from sqlalchemy import case, func, literal, not_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from assessments.clock import today
from assessments.models import (
    Appeal,
    Application,
    Certificate,
    Competence,
    Condition,
    Conflict,
    Decision,
    Finding,
    Laboratory,
    Question,
)
from assessments.queries.announcements import held_back
from assessments.queries.certificates import status_is
from assessments.queries.deadline_columns import (
    SOON,
    Acts,
    Kind,
    Source,
    end_of_legal_day,
    legal_day_after,
    legal_days_since,
)
from assessments.queries.impartiality import is_waiting
from assessments.recourse import AppealState
from assessments.states import CertificateStatus, State
from criteria import store

CONFLICT_DAYS = 7  # in which somebody says what follows from an interest that came out late


def room() -> Any:
    """By how many days questions may still move the deadlines of an application; see queries.questions.room."""
    most = {one: store.load(one).periods.returned_days for one in store.ids()}
    left = case(most, value=col(Application.edition_id), else_=0) - col(Application.paused_days)
    return case((left > 0, left), else_=0)


def paused_until(due_at: Any) -> Any:
    """A deadline of a review as it stands while a question waits; see queries.questions.due_with_pause."""
    passed = legal_days_since(col(Application.paused_at), literal(today()))
    days = case((passed < room(), passed), else_=room())
    paused = col(Application.paused_at).is_not(None)
    return case((paused, end_of_legal_day(legal_day_after(due_at, days))), else_=due_at)


def questions() -> list[Any]:
    """Until when reviewers wait for the company's answers, and to how many questions."""
    waiting = (
        select(func.count())
        .where(
            col(Question.application_id) == col(Application.id),
            col(Question.answered_at).is_(None),
            col(Question.closed_at).is_(None),
        )
        .correlate(Application)
        .scalar_subquery()
    )
    found = Source(
        Kind.QUESTION,
        end_of_legal_day(legal_day_after(col(Application.paused_at), room())),
        col(Application.ref),
        Acts.VENDOR.value,
        col(Application.ref),
        col(Application.id),
        col(Application.vendor_id),
        detail=waiting,
    ).select(col(Application.paused_at).is_not(None))
    return [found]


def findings() -> list[Any]:
    """Findings of the round that runs and that nobody has answered, each with whoever acts at the company, if known."""
    found = (
        Source(
            Kind.FINDING,
            func.coalesce(col(Finding.due_at), col(Application.due_at)),
            col(Application.ref),
            Acts.VENDOR.value,
            col(Finding.id),
            col(Application.id),
            col(Application.vendor_id),
            col(Finding.owner_id),
            detail=col(Finding.criterion),
        )
        .select(
            col(Application.state) == State.CORRECTION,
            col(Application.due_at).is_not(None),
            col(Finding.correction_round) == col(Application.correction_round),
            col(Finding.closed_at).is_(None),
            col(Finding.answered_at).is_(None),
        )
        .join_from(Finding, Application, col(Application.id) == col(Finding.application_id))
    )
    return [found]


def conditions() -> list[Any]:
    """Conditions of certificates in force that nobody has found fulfilled; those of held back results are not known."""
    in_force = status_is(CertificateStatus.ACTIVE, today()) | status_is(CertificateStatus.SUSPENDED, today())
    found = (
        Source(
            Kind.CONDITION,
            end_of_legal_day(col(Condition.due_on)),
            col(Application.ref),
            Acts.VENDOR.value,
            col(Condition.id),
            col(Application.id),
            col(Application.vendor_id),
            detail=col(Condition.number),
        )
        .select(col(Condition.fulfilled_at).is_(None), in_force, not_(held_back()))
        .join_from(Condition, Decision, col(Decision.proposal_id) == col(Condition.proposal_id))
        .join(Certificate, col(Certificate.decision_id) == col(Decision.id))
        .join(Application, col(Application.id) == col(Condition.application_id))
    )
    return [found]


def appeals() -> list[Any]:
    """The deadline of an appeal's state: to acknowledge it, to choose who hears it, to rule."""
    kinds = {
        AppealState.LODGED: (Kind.APPEAL_RECEIPT, Acts.OFFICE),
        AppealState.ACKNOWLEDGED: (Kind.APPEAL_HEARERS, Acts.OFFICE),
        AppealState.UNDER_HEARING: (Kind.APPEAL_RULING, Acts.HEARERS),
    }
    return [
        Source(
            kind,
            col(Appeal.due_at),
            col(Appeal.number),
            acts.value,
            col(Appeal.number),
            col(Application.id),
            col(Application.vendor_id),
            detail=col(Appeal.kind),
        )
        .select(col(Appeal.state) == state, col(Appeal.due_at).is_not(None))
        .join_from(Appeal, Application, col(Application.id) == col(Appeal.application_id))
        for state, (kind, acts) in kinds.items()
    ]


def competences() -> list[Any]:
    """Competences that run out soon and that no longer one follows: one line a person and day, with their number."""
    later = aliased(Competence)
    followed = (
        select(col(later.id))
        .where(
            col(later.person_id) == col(Competence.person_id),
            col(later.field) == col(Competence.field),
            col(later.code) == col(Competence.code),
            col(later.ended_at).is_(None),
            col(later.expires_on) > col(Competence.expires_on),
        )
        .correlate(Competence)
        .exists()
    )
    found = Source(
        Kind.COMPETENCE,
        end_of_legal_day(col(Competence.expires_on)),
        "",
        Acts.OFFICE.value,
        col(Competence.person_id),
        person_id=col(Competence.person_id),
        detail=func.count(),
    ).select(
        col(Competence.ended_at).is_(None),
        col(Competence.expires_on).between(today(), today() + timedelta(days=SOON)),
        not_(followed),
    )
    return [found.group_by(col(Competence.person_id), col(Competence.expires_on))]


def laboratories() -> list[Any]:
    """Laboratories whose acceptance runs out soon."""
    found = Source(
        Kind.LABORATORY,
        end_of_legal_day(col(Laboratory.accepted_until)),
        col(Laboratory.name),
        Acts.OFFICE.value,
        col(Laboratory.id),
    ).select(
        col(Laboratory.ended_on).is_(None),
        col(Laboratory.accepted_until).between(today(), today() + timedelta(days=SOON)),
    )
    return [found]


def conflicts() -> list[Any]:
    """Interests that came out after the recommendation, of which somebody has to say what follows."""
    found = (
        Source(
            Kind.CONFLICT,
            end_of_legal_day(legal_day_after(col(Conflict.found_at), literal(CONFLICT_DAYS))),
            col(Application.ref),
            Acts.OFFICE.value,
            col(Conflict.id),
            col(Application.id),
            col(Application.vendor_id),
        )
        .select(is_waiting())
        .join_from(Conflict, Application, col(Application.id) == col(Conflict.application_id))
    )
    return [found]

"""Questions about who may take part."""

from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, not_, select
from sqlmodel import Session, col

from assessments.models import Application, Participation
from assessments.people import Role
from assessments.queries.people import PERSON, PERSON_ROLE
from assessments.queries.standings import has_interest_in, interest_window_start


def free_reviewers(session: Session, application: Application) -> list[UUID]:
    """People with the reviewer's role, without an interest in the vendor and without another part."""
    return [row[0] for row in session.execute(select(PERSON.c.id).where(*_free(application)))]


def possible_reviewers(session: Session, application: Application) -> int:
    """How many people could review an application."""
    question = select(func.count()).select_from(PERSON).where(*_free(application))
    number: int = session.execute(question).scalar_one()
    return number


def _free(application: Application) -> tuple[Any, ...]:
    since = interest_window_start(application.edition_id)
    person = PERSON.c.id
    return (
        PERSON.c.disabled_at.is_(None),
        exists().where(PERSON_ROLE.c.user_id == person, PERSON_ROLE.c.role == Role.REVIEWER.value),
        not_(has_interest_in(person, application.vendor_id, since)),
        not_(
            exists().where(col(Participation.application_id) == application.id, col(Participation.person_id) == person)
        ),
    )

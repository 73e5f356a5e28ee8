"""Deadlines of a newer edition of the criteria: its second person, and certificates that have to go over to it."""

from datetime import timedelta
from typing import Any

from sqlalchemy import and_, literal, not_, select
from sqlmodel import col

from assessments.clock import today
from assessments.models import Certificate, EditionProposal, EditionPublication
from assessments.queries.deadline_columns import SOON, Acts, Kind, Source, days_after, end_of_legal_day
from assessments.queries.transitions import is_under_way
from assessments.states import CertificateState

CONFIRM_DAYS = 7  # in which a second decider is expected to answer a proposal to publish an edition


def proposals() -> list[Any]:
    """Editions proposed for publication that wait for a second decider."""
    place = col(EditionProposal.edition_id)
    due = days_after(col(EditionProposal.proposed_at), literal(CONFIRM_DAYS))
    found = Source(Kind.EDITION, due, place, Acts.COMMITTEE.value, col(EditionProposal.id)).select(
        col(EditionProposal.confirmed_at).is_(None), col(EditionProposal.closed_at).is_(None)
    )
    return [found]


def transitions() -> list[Any]:
    """Certificates in force under another edition than the newest, near the end of its transition and after it.

    A certificate that ends before the transition does is left to its own end. Once the day has passed the line stays
    until somebody has handed in, or the certificate is over.
    """
    number = col(Certificate.number)
    newest = (
        select(col(EditionPublication.edition_id))
        .order_by(col(EditionPublication.valid_from).desc(), col(EditionPublication.published_at).desc())
        .limit(1)
        .scalar_subquery()
    )
    asks = and_(
        col(EditionPublication.edition_id) == newest,
        col(EditionPublication.edition_id) != col(Certificate.edition_id),
        col(EditionPublication.transition_until) <= today() + timedelta(days=SOON),
    )
    found = (
        Source(
            Kind.TRANSITION,
            end_of_legal_day(col(EditionPublication.transition_until)),
            number,
            Acts.VENDOR.value,
            number,
            col(Certificate.application_id),
            col(Certificate.vendor_id),
            detail=col(EditionPublication.edition_id),
        )
        .select(
            col(Certificate.state).in_((CertificateState.ACTIVE, CertificateState.SUSPENDED)),
            col(Certificate.superseded_on).is_(None),
            col(Certificate.valid_until) >= today(),
            col(Certificate.valid_until) >= col(EditionPublication.transition_until),
            not_(is_under_way(col(Certificate.id), col(EditionPublication.edition_id))),
        )
        .join_from(Certificate, EditionPublication, asks)
    )
    return [found]

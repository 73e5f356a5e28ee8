"""Deadlines of certificates that live on: surveillance to begin and to answer, changes to judge and to apply for."""

from datetime import timedelta
from typing import Any

from sqlalchemy import literal
from sqlmodel import col

from assessments.clock import today
from assessments.models import Application, Certificate, ChangeNotice, Surveillance
from assessments.queries.change_notices import waiting_for_vendor
from assessments.queries.deadline_columns import SOON, Acts, Kind, Source, days_after, end_of_legal_day
from assessments.queries.surveillance import in_force
from assessments.states import Kind as ApplicationKind
from assessments.states import State

TRIAGE_DAYS = 7  # in which the office says whether a change is minor or major


def surveillances() -> list[Any]:
    """Surveillance that has to begin soon or should have, and drafts that wait for the company's answers."""
    begin = (
        Source(
            Kind.SURVEILLANCE,
            end_of_legal_day(col(Surveillance.due_on)),
            col(Certificate.number),
            Acts.OFFICE.value,
            col(Surveillance.id),
            col(Certificate.application_id),
            col(Certificate.vendor_id),
            detail=col(Surveillance.number),
        )
        .select(
            col(Surveillance.ended_at).is_(None),
            col(Surveillance.begun_at).is_(None),
            col(Surveillance.due_on) <= today() + timedelta(days=SOON),
            in_force(today()),
        )
        .join_from(Surveillance, Certificate, col(Certificate.id) == col(Surveillance.certificate_id))
    )
    answer = Source(
        Kind.SURVEILLANCE_REPLY,
        col(Application.due_at),
        col(Application.ref),
        Acts.VENDOR.value,
        col(Application.ref),
        vendor_id=col(Application.vendor_id),
    ).select(
        col(Application.kind) == ApplicationKind.SURVEILLANCE,
        col(Application.state) == State.DRAFT,
        col(Application.due_at).is_not(None),
    )
    return [begin, answer]


def changes() -> list[Any]:
    """Change notices that nobody has judged, and major changes that wait for their application."""
    about = {"application_id": col(Certificate.application_id), "vendor_id": col(ChangeNotice.vendor_id)}
    triage = Source(
        Kind.CHANGE_TRIAGE,
        days_after(col(ChangeNotice.given_at), literal(TRIAGE_DAYS)),
        col(Certificate.number),
        Acts.OFFICE.value,
        col(ChangeNotice.id),
        detail=col(ChangeNotice.number),
        **about,
    ).select(col(ChangeNotice.size).is_(None), in_force(today()))
    apply = (
        Source(
            Kind.CHANGE_APPLICATION,
            end_of_legal_day(col(ChangeNotice.apply_by)),
            col(Certificate.number),
            Acts.VENDOR.value,
            col(ChangeNotice.id),
            detail=col(ChangeNotice.number),
            **about,
        )
        .select(waiting_for_vendor(), col(ChangeNotice.apply_by).is_not(None), in_force(today()))
        .join_from(ChangeNotice, Certificate, col(Certificate.id) == col(ChangeNotice.certificate_id))
        .outerjoin(Application, col(Application.id) == col(ChangeNotice.application_id))
    )
    joined = triage.join_from(ChangeNotice, Certificate, col(Certificate.id) == col(ChangeNotice.certificate_id))
    return [joined, apply]

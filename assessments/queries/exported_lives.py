"""What a company takes away of the life of its certificates: surveillance, change notices, what was said of misuse."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import not_
from sqlmodel import Session, col
from sqlmodel import select as choose

from assessments.models import Application, Basis, Certificate, ChangeNotice, MisuseReport, Surveillance
from assessments.queries.announcements import held_back
from assessments.queries.surveillance import LEAD, draw_of
from assessments.recourse import MisuseState

Names = Mapping[UUID, str]  # of the company's own people, present and past


def surveillance(session: Session, vendor_id: UUID, day: date) -> list[dict[str, Any]]:
    """Every surveillance of its certificates that has begun or is near, by certificate: not what the club noted.

    What the calendar or the office plans further ahead, and why, is the club's own; so is who does it.
    """
    question = (
        choose(Surveillance, Certificate, Application, Basis)
        .join(Certificate, col(Certificate.id) == col(Surveillance.certificate_id))
        .outerjoin(Application, col(Application.id) == col(Surveillance.application_id))
        .outerjoin(Basis, col(Basis.application_id) == col(Surveillance.application_id))
        .where(
            Certificate.vendor_id == vendor_id,
            (col(Surveillance.begun_at).is_not(None)) | (col(Surveillance.due_on) <= day + LEAD),
        )
        .order_by(col(Certificate.number), col(Surveillance.number))
    )
    return [_surveillance(*row) for row in session.exec(question).all()]


def _surveillance(
    one: Surveillance, certificate: Certificate, application: Application | None, basis: Basis | None
) -> dict[str, Any]:
    drawn = draw_of(certificate, one, tuple(basis.changes) if basis else ())
    return {
        "certificate": certificate.number,
        "number": one.number,
        "trigger": one.trigger.value,
        "due_on": one.due_on,
        "begun_at": one.begun_at,
        "application": application.ref if application else "",
        "seed": drawn.seed if drawn else "",
        "asked": list(application.asked) if application else [],
        "measure": one.measure.value if one.measure else "",
        "ended_at": one.ended_at,
    }


def change_notices(session: Session, vendor_id: UUID, names: Names) -> list[dict[str, Any]]:
    """Every change it has told of, as it wrote it, and how the office judged it; who did is the club."""
    question = (
        choose(ChangeNotice, Certificate, Application)
        .join(Certificate, col(Certificate.id) == col(ChangeNotice.certificate_id))
        .outerjoin(Application, col(Application.id) == col(ChangeNotice.application_id))
        .where(ChangeNotice.vendor_id == vendor_id)
        .order_by(col(Certificate.number), col(ChangeNotice.number))
    )
    return [
        {
            "certificate": certificate.number,
            "number": one.number,
            "changes": list(one.changes),
            "version": one.version,
            "effective_on": one.effective_on,
            "text": one.text,
            "given_by": names.get(one.given_by, ""),
            "given_at": one.given_at,
            "size": one.size.value if one.size else "",
            "reason": one.reason,
            "judged_at": one.judged_at,
            "apply_by": one.apply_by,
            "application": application.ref if application else "",
        }
        for one, certificate, application in session.exec(question).all()
    ]


def misuse(session: Session, vendor_id: UUID) -> list[dict[str, Any]]:
    """What came out of reports that its certificates are misused: never the words or the place, which could tell who.

    Those that are still looked into are left out, and so are those about a certificate that nobody may know of yet.
    """
    question = (
        choose(MisuseReport, Certificate)
        .join(Certificate, col(Certificate.id) == col(MisuseReport.certificate_id))
        .join(Application, col(Application.id) == col(Certificate.application_id))
        .where(Certificate.vendor_id == vendor_id, MisuseReport.state == MisuseState.CLOSED, not_(held_back()))
        .order_by(col(MisuseReport.number))
    )
    return [
        {
            "certificate": certificate.number,
            "number": one.number,
            "kind": one.kind.value,
            "outcome": one.outcome.value if one.outcome else "",
            "closed_at": one.closed_at,
        }
        for one, certificate in session.exec(question).all()
    ]

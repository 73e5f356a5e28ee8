"""Questions about the papers of certificates: which one fits what a certificate is worth, and which are wanting."""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, exists, literal, not_
from sqlmodel import Session, col, select

from assessments.models import Certificate, CertificatePaper
from assessments.queries.certificates import status_is
from assessments.states import CertificateState, CertificateStatus

SHOWN = tuple(one for one in CertificateStatus if one is not CertificateStatus.SCHEDULED)
FINAL = (CertificateState.WITHDRAWN, CertificateState.TERMINATED, CertificateState.SUPERSEDED)


def to_make(session: Session, day: date, language: str, limit: int, but: Collection[UUID] = ()) -> list[UUID]:
    """The public certificates that have no paper in a language for what they are worth on a day, oldest first."""
    question = (
        select(Certificate.id)
        .where(_is_public(day), not_(_has_paper(day, language)), col(Certificate.id).not_in(list(but)))
        .order_by(col(Certificate.year), col(Certificate.serial))
        .limit(limit)
    )
    return list(session.exec(question).all())


def paper_of(
    session: Session, certificate: Certificate, status: CertificateStatus, language: str
) -> CertificatePaper | None:
    """The newest paper that says this status of this revision; never one that says more than is true now."""
    question = (
        select(CertificatePaper)
        .where(
            CertificatePaper.certificate_id == certificate.id,
            CertificatePaper.language == language,
            CertificatePaper.status == status,
            CertificatePaper.revision == revision_of(certificate),
            CertificatePaper.state_since == certificate.state_since,
        )
        .order_by(col(CertificatePaper.made_at).desc(), col(CertificatePaper.proved).desc())
    )
    return session.exec(question.limit(1)).first()


def revision_of(certificate: Certificate) -> int:
    """1, and one more with every reduction of its scope."""
    return int(getattr(certificate, "revision", 1))


def _has_paper(day: date, language: str) -> ColumnElement[bool]:
    revision: Any = getattr(Certificate, "revision", literal(1))
    status = case(*((status_is(one, day), one.value) for one in SHOWN), else_="")
    return exists().where(
        and_(
            col(CertificatePaper.certificate_id) == col(Certificate.id),
            col(CertificatePaper.language) == language,
            col(CertificatePaper.revision) == revision,
            col(CertificatePaper.status) == status,
            col(CertificatePaper.state_since) == col(Certificate.state_since),
        )
    )


def _is_public(day: date) -> ColumnElement[bool]:
    """SQL: the same as certificates.is_public."""
    ended_before = and_(col(Certificate.state).in_(FINAL), col(Certificate.state_since) < col(Certificate.valid_from))
    return and_(col(Certificate.valid_from) <= day, not_(ended_before))

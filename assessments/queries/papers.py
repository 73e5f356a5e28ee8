"""Questions about the papers of certificates: which one fits what a certificate is worth, and which are wanting."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, and_, case, exists, func, not_
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select

from assessments.clock import now
from assessments.models import Certificate, CertificatePaper, ChainHead, Credential, Publication
from assessments.queries.certificates import ended_unheard_of, status_is
from assessments.queries.publications import is_open
from assessments.states import CertificateStatus

SHOWN = tuple(one for one in CertificateStatus if one is not CertificateStatus.SCHEDULED)


@dataclass(frozen=True)
class Change:
    """When something last happened that could ask for a paper."""

    day: date
    step: int  # of the history
    published_at: datetime | None


def last_change(session: Session, day: date) -> Change:
    """What papers could be wanting because of; while it stays the same, no new one is."""
    step = select(func.max(ChainHead.seq)).scalar_subquery()
    published = select(func.max(col(Publication.published_at))).scalar_subquery()
    row = session.execute(select(step, published)).one()
    return Change(day, row[0] or 0, row[1])


def to_make(session: Session, day: date, language: str, limit: int, but: Collection[UUID] = ()) -> list[UUID]:
    """The public certificates that have no paper in a language for what they are worth on a day, oldest first.

    One about which something is still on its way to log and lists waits until that is done.
    """
    question = (
        select(Certificate.id)
        .where(
            col(Certificate.published_at).is_not(None),
            Certificate.valid_from <= day,
            not_(ended_unheard_of()),
            not_(_has_paper(day, language)),
            _revision().is_not(None),
            not_(_on_its_way()),
            col(Certificate.id).not_in(list(but)),
        )
        .order_by(col(Certificate.year), col(Certificate.serial))
        .limit(limit)
    )
    return list(session.exec(question).all())


def paper_of(
    session: Session, certificate: Certificate, status: CertificateStatus, language: str
) -> CertificatePaper | None:
    """The paper of the newest signature that says this status; none while something is on its way, and none that says
    more than is true now.
    """
    question = (
        select(CertificatePaper)
        .join(Certificate, col(Certificate.id) == col(CertificatePaper.certificate_id))
        .where(
            Certificate.id == certificate.id,
            CertificatePaper.language == language,
            CertificatePaper.status == status,
            col(CertificatePaper.state_since) == col(Certificate.state_since),
            col(CertificatePaper.revision) == _revision(),
            not_(_on_its_way()),
        )
    )
    return session.exec(question).one_or_none()


def stored() -> "Select[str, int]":
    """Where the bytes of every paper are, and how many there should be."""
    return select(CertificatePaper.sha256, CertificatePaper.size).distinct()


def _has_paper(day: date, language: str) -> ColumnElement[bool]:
    status = case(*((status_is(one, day), one.value) for one in SHOWN), else_="")
    return exists().where(
        and_(
            col(CertificatePaper.certificate_id) == col(Certificate.id),
            col(CertificatePaper.language) == language,
            col(CertificatePaper.revision) == _revision(),
            col(CertificatePaper.status) == status,
            col(CertificatePaper.state_since) == col(Certificate.state_since),
        )
    )


def _revision() -> ScalarSelect[int | None]:
    """The newest signature of a certificate of the question around it; none before the first."""
    newest = select(func.max(Credential.revision)).where(col(Credential.certificate_id) == col(Certificate.id))
    return newest.correlate(Certificate).scalar_subquery()


def _on_its_way() -> ColumnElement[bool]:
    """Whether something about a certificate is due and not yet signed, in the log and in the lists."""
    mine = col(Publication.certificate_id) == col(Certificate.id)
    return exists().where(and_(mine, is_open(), col(Publication.due_at) <= now())).correlate(Certificate)

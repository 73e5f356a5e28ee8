"""Questions about change notices: which wait for the office, which for the vendor, and what the public may know."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_
from sqlmodel import Session, col, func, select

from assessments.lifecycle import ChangeSize
from assessments.models import Application, Certificate, ChangeNotice, Product, Vendor
from assessments.queries.surveillance import UNANSWERED
from assessments.states import ChangeKind, State

MOST = 200  # in one list of the office


@dataclass(frozen=True)
class Line:
    """One notice in a list, with what it is about and the application that answers it."""

    notice: ChangeNotice
    certificate: Certificate
    product: Product
    vendor: Vendor
    application: Application | None

    @property
    def kinds(self) -> tuple[ChangeKind, ...]:
        """What has changed."""
        return tuple(ChangeKind(value) for value in self.notice.changes)

    @property
    def answered(self) -> bool:
        """Whether a change application was handed in."""
        return self.application is not None and self.application.state not in {State.DRAFT, *UNANSWERED}

    def overdue(self, day: date) -> bool:
        """Whether a major change was not applied for in time."""
        return self.notice.apply_by is not None and not self.answered and self.notice.apply_by < day


def last_number(session: Session, certificate_id: UUID) -> int:
    """The number of the last notice about a certificate; 0 before the first."""
    question = select(func.max(ChangeNotice.number)).where(ChangeNotice.certificate_id == certificate_id)
    return session.exec(question).one() or 0


def newest(session: Session, certificate_id: UUID) -> ChangeNotice | None:
    """The last notice about a certificate."""
    question = select(ChangeNotice).where(ChangeNotice.certificate_id == certificate_id)
    return session.exec(question.order_by(col(ChangeNotice.number).desc()).limit(1)).one_or_none()


def numbered(session: Session, number: str, place: int) -> ChangeNotice | None:
    """One notice, by the certificate's number and its own."""
    question = (
        select(ChangeNotice)
        .join(Certificate, col(Certificate.id) == col(ChangeNotice.certificate_id))
        .where(Certificate.number == number, ChangeNotice.number == place)
    )
    return session.exec(question).one_or_none()


def line_of(session: Session, number: str, place: int) -> Line | None:
    """The same with everything about it."""
    row = session.execute(_lines().where(Certificate.number == number, ChangeNotice.number == place)).one_or_none()
    return Line(*row) if row else None


def office_lines(session: Session) -> list[Line]:
    """Every notice, what nobody has judged first, then the newest."""
    question = _lines().order_by(
        col(ChangeNotice.judged_at).is_not(None), col(ChangeNotice.given_at).desc(), col(ChangeNotice.number).desc()
    )
    return [Line(*row) for row in session.execute(question.limit(MOST)).all()]


def vendor_lines(session: Session, vendor_id: UUID) -> list[Line]:
    """The notices of a company, newest first."""
    question = _lines().where(ChangeNotice.vendor_id == vendor_id).order_by(col(ChangeNotice.given_at).desc())
    return [Line(*row) for row in session.execute(question.limit(MOST)).all()]


def unanswered(session: Session, certificate_id: UUID) -> list[ChangeNotice]:
    """The major changes of a certificate that no application is about."""
    question = (
        select(ChangeNotice)
        .outerjoin(Application, col(Application.id) == col(ChangeNotice.application_id))
        .where(ChangeNotice.certificate_id == certificate_id, ChangeNotice.size == ChangeSize.MAJOR)
        .where(or_(col(ChangeNotice.application_id).is_(None), col(Application.state).in_(UNANSWERED)))
    )
    return list(session.exec(question).all())


def waiting_for_vendor() -> ColumnElement[bool]:
    """SQL: a major change (ChangeNotice, Application by outer join) waits for an application to be handed in."""
    writing = col(Application.state).in_({State.DRAFT, *UNANSWERED})
    return (col(ChangeNotice.size) == ChangeSize.MAJOR) & or_(col(ChangeNotice.application_id).is_(None), writing)


def told(session: Session, certificate: Certificate) -> list[dict[str, Any]]:
    """Every judged change as the public may read it, newest first: no words of the vendor or the office."""
    question = (
        select(ChangeNotice)
        .where(ChangeNotice.certificate_id == certificate.id, col(ChangeNotice.size).is_not(None))
        .order_by(col(ChangeNotice.effective_on).desc(), col(ChangeNotice.number).desc())
    )
    return [
        {
            "on": one.effective_on.isoformat(),
            "version": one.version,
            "changes": list(one.changes),
            "size": one.size.value if one.size else "",
        }
        for one in session.exec(question).all()
    ]


def _lines() -> Any:
    columns: list[Any] = [ChangeNotice, Certificate, Product, Vendor, Application]
    return (
        select(*columns)
        .join(Certificate, col(Certificate.id) == col(ChangeNotice.certificate_id))
        .join(Product, col(Product.id) == col(Certificate.product_id))
        .join(Vendor, col(Vendor.id) == col(ChangeNotice.vendor_id))
        .outerjoin(Application, col(Application.id) == col(ChangeNotice.application_id))
    )

"""Questions about applications."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Integer, cast, func
from sqlmodel import Session, col, select

from assessments.models import Application, Product, Recommendation, Vendor
from assessments.states import State


def application_by_ref(session: Session, ref: str, *, lock: bool = False) -> Application | None:
    """The application of that reference; `lock` holds its row until the transaction ends."""
    question = select(Application).where(Application.ref == ref)
    return session.exec(question.with_for_update() if lock else question).one_or_none()


def applications_of(session: Session, vendor_id: UUID) -> list[tuple[Application, Product]]:
    """A company's applications with their products, newest first."""
    question = (
        select(Application, Product)
        .join(Product, col(Product.id) == col(Application.product_id))
        .where(Application.vendor_id == vendor_id)
        .order_by(col(Application.created_at).desc())
    )
    return list(session.exec(question).all())


def newest(session: Session, vendor_id: UUID) -> Application | None:
    """The application a company began last."""
    found = applications_of(session, vendor_id)
    return max((one for one, _product in found), key=lambda one: (one.created_at, one.ref), default=None)


@dataclass(frozen=True)
class Listed:
    """One application in its company's list; `facts_asked`: the club waits for the vendor to check the summary."""

    application: Application
    product: Product
    facts_asked: bool


def listed_for(session: Session, vendor_id: UUID) -> list[Listed]:
    """A company's applications, the ones touched last on top, in one statement."""
    waiting = col(Recommendation.sent_to_vendor_at).is_not(None) & col(Recommendation.vendor_checked_at).is_(None)
    question = (
        select(Application, Product, waiting)
        .join(Product, col(Product.id) == col(Application.product_id))
        .outerjoin(Recommendation, col(Recommendation.application_id) == col(Application.id))
        .where(Application.vendor_id == vendor_id)
        .order_by(col(Application.moved_at).desc(), col(Application.ref).desc())
    )
    return [Listed(application, product, bool(asked)) for application, product, asked in session.exec(question).all()]


def being_written(session: Session, vendor_id: UUID, at_most: int) -> list[Application]:
    """A company's applications that can still be written as a whole, the ones touched last first."""
    question = (
        select(Application)
        .where(Application.vendor_id == vendor_id, col(Application.state).in_((State.DRAFT, State.RETURNED)))
        .order_by(col(Application.moved_at).desc(), col(Application.ref).desc())
        .limit(at_most)
    )
    return list(session.exec(question).all())


def never_submitted(session: Session, vendor_id: UUID) -> list[Application]:
    """A company's applications that the club has never seen."""
    question = select(Application).where(Application.vendor_id == vendor_id, Application.edition_digest == "")
    return list(session.exec(question).all())


def product_and_vendor(session: Session, application: Application) -> tuple[Product, Vendor]:
    """What an application is about and whose it is, in one statement."""
    question = (
        select(Product, Vendor)
        .join(Vendor, col(Vendor.id) == col(Product.vendor_id))
        .where(Product.id == application.product_id)
    )
    return session.exec(question).one()


def products_of(session: Session, vendor_id: UUID) -> list[Product]:
    """A company's products, by name."""
    return list(session.exec(select(Product).where(Product.vendor_id == vendor_id).order_by(Product.name)).all())


def last_about(session: Session, product_id: UUID) -> Application | None:
    """The newest application about a product."""
    question = (
        select(Application)
        .where(Application.product_id == product_id)
        .order_by(col(Application.created_at).desc(), col(Application.ref).desc())
        .limit(1)
    )
    return session.exec(question).one_or_none()


def last_number(session: Session, prefix: str) -> int:
    """The highest number given to references that begin with `prefix` ("HS-2026-"), 0 when there is none."""
    number = cast(func.substr(col(Application.ref), len(prefix) + 1), Integer)
    question = select(func.max(number)).where(col(Application.ref).startswith(prefix))
    return session.exec(question).one() or 0


def slugs_like(session: Session, wanted: str) -> set[str]:
    """The slugs of products that begin with the one wanted."""
    return set(session.exec(select(Product.slug).where(col(Product.slug).startswith(wanted))).all())

"""Questions about applications."""

from uuid import UUID

from sqlmodel import Session, col, select

from assessments.models import Application, Product


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

"""What `fsck` asks of the guides: each knows its newest text and its newest publication."""

from collections.abc import Iterator
from typing import Any

from sqlmodel import Session, col, func, select

from assessments.models import Guide, GuidePublication, GuideText


def numbers(session: Session, _asked: Any) -> Iterator[str]:
    """The numbers that stand in a guide are those of its last rows; the public page goes by them."""
    texts = select(func.max(GuideText.version)).where(col(GuideText.guide_id) == col(Guide.id)).scalar_subquery()
    made = (
        select(func.max(GuidePublication.number)).where(col(GuidePublication.guide_id) == col(Guide.id))
    ).scalar_subquery()
    for guide, version, published in session.exec(select(Guide, texts, made).order_by(col(Guide.slug))):
        if guide.version != (version or 0):
            yield f"Guide {guide.slug} says text {guide.version} is its newest; it is {version or 0}."
        if guide.published != (published or 0):
            yield f"Guide {guide.slug} says publication {guide.published} is its newest; it is {published or 0}."

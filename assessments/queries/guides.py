"""Questions about guides: what the public may read, what the office works on, and how a text came to be."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from assessments.errors import NotFound
from assessments.guide_checks import GuideContent
from assessments.guide_kinds import GuideEnding
from assessments.models import Guide, GuidePublication, GuideText
from assessments.queries import people

PAGE = 20  # versions on a page


@dataclass(frozen=True)
class Standing:
    """What the newest publication of a guide says: the text that is public, or that it was withdrawn."""

    guide: Guide
    publication: GuidePublication
    text: GuideText

    @property
    def is_public(self) -> bool:
        """The public reads this very text now."""
        return self.publication.ended_at is None

    @property
    def is_gone(self) -> bool:
        """It was withdrawn, and nothing stands in its place."""
        return self.publication.ending is GuideEnding.GONE


@dataclass(frozen=True)
class Worked:
    """A guide as the office sees it in its list."""

    guide: Guide
    text: GuideText  # what was saved last
    publication: GuidePublication | None
    saved_by: str

    @property
    def is_public(self) -> bool:
        """The public reads a text of the database."""
        return self.publication is not None and self.publication.ended_at is None

    @property
    def has_unpublished(self) -> bool:
        """Something was saved that the public does not read yet."""
        return not self.is_public or (self.publication is not None and self.publication.version != self.text.version)


def standings(session: Session) -> list[Standing]:
    """The newest publication of every guide that was ever published."""
    return [Standing(*row) for row in session.exec(_standings()).all()]


def standing_of(session: Session, slug: str) -> Standing | None:
    """The newest publication of one guide, None when it never was published."""
    row = session.exec(_standings().where(Guide.slug == slug)).one_or_none()
    return Standing(*row) if row else None


def _standings() -> Any:
    return (
        select(Guide, GuidePublication, GuideText)
        .join(
            GuidePublication,
            (col(GuidePublication.guide_id) == col(Guide.id)) & (col(GuidePublication.number) == col(Guide.published)),
        )
        .join(
            GuideText,
            (col(GuideText.guide_id) == col(Guide.id)) & (col(GuideText.version) == col(GuidePublication.version)),
        )
        .order_by(col(Guide.slug))
    )


def worked_on(session: Session) -> list[Worked]:
    """Every guide of the database with the text saved last, the newest first."""
    question: Any = (
        select(Guide, GuideText, GuidePublication)
        .join(GuideText, (col(GuideText.guide_id) == col(Guide.id)) & (col(GuideText.version) == col(Guide.version)))
        .outerjoin(
            GuidePublication,
            (col(GuidePublication.guide_id) == col(Guide.id)) & (col(GuidePublication.number) == col(Guide.published)),
        )
        .order_by(col(GuideText.saved_at).desc(), col(Guide.slug))
    )
    rows = session.exec(question).all()
    names = people.people(session, [text.saved_by for _, text, _ in rows])
    return [Worked(guide, text, made, names[text.saved_by].name) for guide, text, made in rows]


def guide_by_slug(session: Session, slug: str, *, lock: bool = False) -> Guide | None:
    """One guide; with `lock` its row is held."""
    question = select(Guide).where(Guide.slug == slug)
    if lock:
        question = question.with_for_update().execution_options(populate_existing=True)
    return session.exec(question).one_or_none()


def text_of(session: Session, guide: Guide, version: int | None = None) -> GuideText:
    """A text of a guide, the one saved last without a number; refuses one that is not there (NotFound)."""
    found = session.get(GuideText, (guide.id, guide.version if version is None else version))
    if found is None:
        raise NotFound
    return found


def texts_of(session: Session, guide: Guide, before: int | None = None) -> Sequence[GuideText]:
    """A page of texts, the newest first, and one more to compare the last of them with."""
    question = select(GuideText).where(GuideText.guide_id == guide.id)
    if before is not None:
        question = question.where(col(GuideText.version) < before)
    return session.exec(question.order_by(col(GuideText.version).desc()).limit(PAGE + 1)).all()


def publications_of(session: Session, guide: Guide) -> Sequence[GuidePublication]:
    """What the public read when, the newest first."""
    question = select(GuidePublication).where(GuidePublication.guide_id == guide.id)
    return session.exec(question.order_by(col(GuidePublication.number).desc())).all()


def slugs(session: Session) -> set[str]:
    """The addresses that are taken in the database."""
    return set(session.exec(select(Guide.slug)).all())


def content_of(text: GuideText) -> GuideContent:
    """A saved text as it is written and checked."""
    said = {name: getattr(text, name) for name in GuideContent.__dataclass_fields__}
    return GuideContent(**{**said, "tags": tuple(text.tags), "related": tuple(text.related)})

"""Questions about pages as pictures: what is to be made, what is there, and what has lost its file."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, not_
from sqlmodel import Session, col, select

from assessments.columns import is_reached
from assessments.models import RenderedPage, Rendition, StoredFile
from assessments.states import RenditionState, ScanState

PICTURES = frozenset({"image/png", "image/jpeg", "image/webp"})
PICTURED = PICTURES | {"application/pdf"}  # the types of which pages are made
WITHOUT_PICTURES = frozenset({"HM"})  # categories: their material stands for abuse material, even when it is made up


def shows_pictures(profile: Mapping[str, Any]) -> bool:
    """Whether files of a product with this profile may be shown as pictures or films.

    Never for products that find abuse material: a club that shows pictures of what it asks nobody to send would
    invite it. Their files are downloaded, one by one, by whoever has to.
    """
    return WITHOUT_PICTURES.isdisjoint(profile.get("categories", ()))


def files_to_picture(content: Mapping[str, Any]) -> set[str]:
    """The sha256 of the files of a submission of which pages are made."""
    if not shows_pictures(content.get("profile", {})):
        return set()
    pieces = [one for answer in content.get("answers", {}).values() for one in answer.get("evidence", ())]
    return {one["file"]["sha256"] for one in pieces if one.get("file", {}).get("media_type") in PICTURED}


@dataclass(frozen=True)
class Due:
    """A file whose pages are to be made, from `done` on."""

    sha256: str
    media_type: str
    done: int


def due(session: Session, moment: datetime, leave_out: Collection[str] = ()) -> Due | None:
    """The next file to make pages of: handed in, passed by the scanner or from before there was one; None when idle.

    Those with the fewest pages made come first, so that one slow file keeps no other from its first pages.
    """
    question = (
        select(Rendition.sha256, StoredFile.media_type, Rendition.done)
        .join(StoredFile, col(StoredFile.sha256) == col(Rendition.sha256))
        .where(
            Rendition.state == RenditionState.WAITING,
            is_reached(col(Rendition.due_at), moment),
            col(Rendition.sha256).not_in(list(leave_out)),
            col(StoredFile.media_type).in_(PICTURED),
            *_readable(),
        )
        .order_by(col(Rendition.done), col(Rendition.due_at).desc(), col(Rendition.sha256))
        .limit(1)
    )
    found = session.exec(question).first()
    return None if found is None else Due(*found)


def is_readable(session: Session, sha256: str) -> bool:
    """Whether somebody may read these bytes: some file has them, and the scanner has not shut them away."""
    question = select(StoredFile.id).where(StoredFile.sha256 == sha256, *_readable())
    return session.exec(question.limit(1)).first() is not None


def _readable() -> tuple[ColumnElement[bool], ...]:
    return (
        col(StoredFile.scan).in_((ScanState.CLEAN, ScanState.UNSCANNED)),
        col(StoredFile.erased_at).is_(None),
        col(StoredFile.sha256).not_in(select(StoredFile.sha256).where(StoredFile.scan == ScanState.QUARANTINED)),
    )


def renditions(session: Session, names: Iterable[str]) -> dict[str, Rendition]:
    """sha256 of a file -> what became of its pages; files that nobody handed in have no entry."""
    question = select(Rendition).where(col(Rendition.sha256).in_(list(names)))
    return {one.sha256: one for one in session.exec(question).all()}


def page(session: Session, sha256: str, number: int) -> RenderedPage | None:
    """One page of a file; None while it is not made, or could not be."""
    return session.get(RenderedPage, (sha256, number))


@dataclass(frozen=True)
class Cover:
    """The first page of a file that has been made: how many pages can be turned, and the shape of the first."""

    pages: int
    width: int
    height: int


def covers(session: Session, names: Collection[str]) -> dict[str, Cover]:
    """sha256 of a file -> its first page, for those that have one; no statement where nothing is asked."""
    if not names:
        return {}
    question = (
        select(Rendition.sha256, Rendition.done, RenderedPage.width, RenderedPage.height)
        .join(RenderedPage, col(RenderedPage.sha256) == col(Rendition.sha256))
        .where(col(Rendition.sha256).in_(names), RenderedPage.number == 1)
    )
    return {row[0]: Cover(*row[1:]) for row in session.exec(question).all()}


def pictures(session: Session) -> Iterable[tuple[str, str, int]]:
    """Of every page there is: the sha256 of its file, the sha256 and the bytes of its picture."""
    question = select(RenderedPage.sha256, RenderedPage.image_sha256, RenderedPage.size)
    return session.exec(question.order_by(col(RenderedPage.sha256), col(RenderedPage.number))).all()


def without_file(session: Session) -> list[str]:
    """The renditions whose file nobody may read any more: gone, erased, or found harmful."""
    kept = exists().where(
        col(StoredFile.sha256) == col(Rendition.sha256),
        col(StoredFile.erased_at).is_(None),
        col(StoredFile.scan) != ScanState.QUARANTINED,
    )
    question = select(Rendition.sha256).where(not_(kept)).order_by(col(Rendition.sha256))
    return list(session.exec(question).all())


def made_before(session: Session, renderer: int) -> list[str]:
    """The renditions that an older version has made."""
    question = select(Rendition.sha256).where(Rendition.renderer < renderer).order_by(col(Rendition.sha256))
    return list(session.exec(question).all())

"""The evidence of one answer on the bench: pictures in place, files to download, links through their warning."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from assessments.queries import reading
from assessments.queries.reading import Cover
from criteria.model import Edition
from registry import cautions, db
from registry.templating import bi, day, filesize

WIDTH = 1000  # points that a page is laid out wide


@dataclass(frozen=True)
class Piece:
    """One row: what kind it is, what it is called, where it opens, its facts, and how it is seen in place."""

    kind: str
    name: str
    url: str
    facts: tuple[str, ...]
    media_type: str = ""
    picture: str = ""  # address of its first page as a picture, empty where there is none
    pages: int = 0  # that can be turned
    height: int = 0  # of the first page where it is WIDTH wide
    film: str = ""  # address of what is played in place
    cautions: tuple[str, ...] = ()  # what was noticed when the file was looked into


def pieces(ref: str, edition: Edition, answer: Mapping[str, Any], *, shows: bool = True) -> list[Piece]:
    """The evidence of an answer of the submission; without `shows` nothing of it is seen in place."""
    kinds = {kind.code: kind.name for kind in edition.evidence_kinds}
    given = answer.get("evidence", ())
    files = {item["file"]["sha256"] for item in given if item.get("file", {}).get("media_type") in reading.PICTURED}
    covers = reading.covers(db.session(), files) if shows else {}
    found = [_piece(ref, bi(kinds.get(item["kind"], item["kind"])), item) for item in given]
    return [_seen(ref, item, one, covers) if shows else one for item, one in zip(given, found, strict=True)]


def _piece(ref: str, kind: str, item: Mapping[str, Any]) -> Piece:
    file: Mapping[str, Any] | None = item.get("file")
    if file is None:
        address = url_for("evidence.link", ref=ref, evidence_id=item["id"])
        return Piece(kind, item["title"], address, (str(item.get("url", "")), *_dates(item)))
    return Piece(
        kind=kind,
        name=item["title"],
        url=url_for("evidence.view", ref=ref, evidence_id=item["id"]),
        facts=(str(file["name"]), filesize(file["size"]), *_dates(item), f"sha256 {str(file['sha256'])[:8]}…"),
        media_type=str(file["media_type"]),
        cautions=tuple(cautions.of_flags(file.get("flags", ()))),
    )


def _seen(ref: str, item: Mapping[str, Any], piece: Piece, covers: Mapping[str, Cover]) -> Piece:
    """The same piece with its first page or its film, where it has one."""
    if piece.media_type.startswith("video/"):
        return replace(piece, film=url_for("evidence.file", ref=ref, evidence_id=item["id"], inline=1))
    cover = covers.get(item.get("file", {}).get("sha256", ""))
    if cover is None:
        return piece
    picture = url_for("evidence.page", ref=ref, evidence_id=item["id"], number=1)
    return replace(piece, picture=picture, pages=cover.pages, height=round(WIDTH * cover.height / cover.width))


def _dates(item: Mapping[str, Any]) -> list[str]:
    issued, until = item.get("issued_on"), item.get("valid_until")
    facts = [_("Lập ngày %(date)s", date=day(date.fromisoformat(issued)))] if issued else []
    if until:
        facts.append(_("có giá trị đến hết ngày %(date)s", date=day(date.fromisoformat(until))))
    return facts

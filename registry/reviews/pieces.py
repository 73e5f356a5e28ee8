"""The evidence of one answer on the bench: pictures in place, files to download, links through their warning."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from criteria.model import Edition
from registry import cautions
from registry.templating import bi, day, filesize


@dataclass(frozen=True)
class Piece:
    """One row: what kind it is, what it is called, where it opens, its facts, and the picture where it is one."""

    kind: str
    name: str
    url: str
    facts: tuple[str, ...]
    media_type: str = ""
    picture: str = ""  # address of the picture, empty for everything else
    cautions: tuple[str, ...] = ()  # what was noticed when the file was looked into


def pieces(ref: str, edition: Edition, answer: Mapping[str, Any]) -> list[Piece]:
    """The evidence of an answer of the submission."""
    kinds = {kind.code: kind.name for kind in edition.evidence_kinds}
    return [_piece(ref, bi(kinds.get(item["kind"], item["kind"])), item) for item in answer.get("evidence", ())]


def _piece(ref: str, kind: str, item: Mapping[str, Any]) -> Piece:
    file: Mapping[str, Any] | None = item.get("file")
    if file is None:
        address = url_for("evidence.link", ref=ref, evidence_id=item["id"])
        return Piece(kind, item["title"], address, (str(item.get("url", "")), *_dates(item)))
    media_type = str(file["media_type"])
    address = url_for("evidence.file", ref=ref, evidence_id=item["id"])
    is_picture = media_type.startswith("image/")
    return Piece(
        kind=kind,
        name=item["title"],
        url=address,
        facts=(str(file["name"]), filesize(file["size"]), *_dates(item), f"sha256 {str(file['sha256'])[:8]}…"),
        media_type=media_type,
        picture=url_for("evidence.file", ref=ref, evidence_id=item["id"], inline=1) if is_picture else "",
        cautions=tuple(cautions.of_flags(file.get("flags", ()))),
    )


def _dates(item: Mapping[str, Any]) -> list[str]:
    issued, until = item.get("issued_on"), item.get("valid_until")
    facts = [_("Lập ngày %(date)s", date=day(date.fromisoformat(issued)))] if issued else []
    if until:
        facts.append(_("có giá trị đến hết ngày %(date)s", date=day(date.fromisoformat(until))))
    return facts

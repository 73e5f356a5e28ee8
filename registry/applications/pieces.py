"""Evidence as the rows of templates/components/evidence.html: from the library, or from a snapshot."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext as _

from assessments.clock import today
from assessments.queries.answers import Piece
from assessments.queries.evidence import validity
from criteria.model import Edition, UnknownCode
from registry import cautions
from registry.templating import bi, day, filesize


def of_answer(ref: str, edition: Edition, found: Iterable[Piece]) -> list[dict[str, Any]]:
    """The evidence of a live answer."""
    rows = []
    for piece in found:
        evidence, file = piece.evidence, piece.file
        rows.append(
            {
                "id": str(evidence.id),
                "kind": kind_name(edition, evidence.kind),
                "name": evidence.title,
                "url": address(ref, evidence.id, is_link=file is None) if file is None or file.readable else "",
                "facts": [
                    *_facts(filesize(file.size) if file else "", evidence.issued_on, evidence.valid_until),
                    *lapsing(evidence.valid_until),
                ],
                "cautions": cautions.of_file(file),
            }
        )
    return rows


def of_snapshot(ref: str, edition: Edition, found: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The evidence of an answer in a snapshot (see assessments.queries.submissions)."""
    rows = []
    for one in found:
        file = one.get("file")
        rows.append(
            {
                "id": one["id"],
                "kind": kind_name(edition, one["kind"]),
                "name": one["title"],
                "url": address(ref, one["id"], is_link=file is None),
                "facts": _facts(
                    filesize(file["size"]) if file else "", _date(one.get("issued_on")), _date(one.get("valid_until"))
                ),
                "cautions": cautions.of_flags(file.get("flags", ())) if file else [],
            }
        )
    return rows


def kind_name(edition: Edition, code: str) -> str:
    """The name of a kind of evidence; one the edition does not have keeps its code."""
    try:
        return bi(edition.evidence_kind(code).name)
    except UnknownCode:
        return code


def address(ref: str, evidence_id: Any, *, is_link: bool) -> str:
    """Where a piece is opened."""
    endpoint = "evidence.link" if is_link else "evidence.view"
    if endpoint not in current_app.view_functions:
        return ""
    return url_for(endpoint, ref=ref, evidence_id=evidence_id)


def lapsing(until: date | None) -> list[str]:
    """A word of warning where evidence lapses soon, or has."""
    found = validity(until, today())
    if not found:
        return []
    return [_("đã hết hạn, cần bản mới") if found == "expired" else _("sắp hết hạn")]


def _facts(size: str, issued_on: date | None, valid_until: date | None) -> list[str]:
    found = [size, day(issued_on)]
    if valid_until:
        found.append(_("có giá trị đến %(date)s", date=day(valid_until)))
    return [fact for fact in found if fact]


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None

"""The canonical hash of the normative text of an edition; snapshots and certificates pin it."""

import hashlib
import json
import unicodedata
from collections.abc import Iterable
from dataclasses import asdict
from functools import lru_cache
from typing import Any

from criteria.model import Band, Bilingual, Code, Criterion, Edition, Group, Level, Periods


@lru_cache(maxsize=32)  # editions never change once read, and pages ask for the same few again and again
def digest(edition: Edition) -> str:
    """ "sha256:" and the hash of `canonical(edition)`; equal for equal normative content, else different."""
    return "sha256:" + hashlib.sha256(canonical(edition).encode()).hexdigest()


def canonical(edition: Edition) -> str:
    """The normative content as JSON with sorted keys, sorted lists, NFC and LF.

    Normative is what a result depends on or a certificate repeats. Guidance, labels, hints, notices, sources,
    dates and status are not: they may be mended without a new edition.
    """
    return json.dumps(_normal(_content(edition)), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _content(edition: Edition) -> dict[str, Any]:
    return {
        "id": edition.id,
        "version": edition.version,
        "pass_mark": edition.pass_mark,
        "periods": _periods(edition.periods),
        "quorum": asdict(edition.quorum),
        "categories": [_code(category) for category in edition.categories],
        "flags": [_code(flag) for flag in edition.flags],
        "evidence_kinds": [_code(kind) for kind in edition.evidence_kinds],
        "risks": [_code(risk) for risk in edition.risks],
        "groups": [_group(group) for group in edition.groups],
        "scale": [asdict(step) for step in edition.scale],
        "levels": [_level(level) for level in edition.levels],
        "bands": [_band(table.criterion, band) for table in edition.band_tables for band in table.bands],
        "criteria": [_criterion(criterion) for criterion in edition.criteria],
    }


def _periods(periods: Periods) -> dict[str, Any]:
    return {**asdict(periods), "validity_months_by_category": dict(periods.validity_months_by_category)}


def _code(entry: Code) -> dict[str, Any]:
    return {"code": entry.code, "name": asdict(entry.name)}


def _group(group: Group) -> dict[str, Any]:
    return {**_code(group), "weight": group.weight}


def _level(level: Level) -> dict[str, Any]:
    thresholds = ("number", "critical_min", "any_min", "group_min", "overall_min")
    return {**_code(level), **{key: getattr(level, key) for key in thresholds}}


def _band(criterion: str, band: Band) -> dict[str, Any]:
    """A band with its bounds as the shortest decimal, so that 5, 5.0 and 5.00 are one number."""
    bounds = {key: getattr(band, key) for key in ("at_least", "at_most", "above", "below")}
    written = {key: format(value.normalize(), "f") for key, value in bounds.items() if value is not None}
    return {"criterion": criterion, "score": band.score, **written, "note": _words(band.note)}


def _words(text: Bilingual | None) -> dict[str, str] | None:
    return asdict(text) if text else None


def _criterion(criterion: Criterion) -> dict[str, Any]:
    """The criterion without its guidance and what only informs."""
    informative = {"guidance", "sources", "related_risks", "replaces"}
    normative = {key: value for key, value in asdict(criterion).items() if key not in informative}
    return {**normative, "applies_if_for": dict(criterion.applies_if_for)}


def _normal(value: Any) -> Any:
    """The same value with its texts in one form and its lists in one order."""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, dict):
        return {_text(key): _normal(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return _in_order(_normal(item) for item in value)
    return value


def _text(text: str) -> str:
    """NFC, LF, and no blanks at the end of a line."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()


def _in_order(items: Iterable[Any]) -> list[Any]:
    """No list of an edition means anything by its order: where order counts there is a number."""
    return sorted(items, key=lambda item: json.dumps(item, ensure_ascii=False, sort_keys=True))

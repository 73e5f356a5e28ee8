"""Editions and their criteria as the API and the files to download show them."""

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from criteria.digest import digest
from criteria.model import Band, Bilingual, Category, Code, Criterion, Edition, Group, Level, ScaleStep
from registry.api.addresses import address

Data = dict[str, Any]


def edition(one: Edition, *, in_force: bool) -> Data:
    """An edition as edition_models.Edition has it."""
    return {
        **{key: getattr(one, key) for key in ("id", "version", "reconstruction", "pass_mark")},
        "name": _text(one.name),
        "notice": _text(one.notice),
        "status": "retired" if one.status == "retired" else "published",
        "in_force": in_force,
        "in_force_from": one.in_force_from.isoformat(),
        "in_force_to": one.in_force_to.isoformat() if one.in_force_to else None,
        "digest": digest(one),
        "scale": [_step(step) for step in one.scale],
        "levels": [_level(level) for level in one.levels],
        "groups": [_group(group) for group, _criteria in one.by_group()],
        "categories": [_category(category) for category in one.categories],
        "features": _entries(one.flags),
        "evidence_kinds": _entries(one.evidence_kinds),
        "risks": _entries(one.risks),
        "ages": _entries(one.age_bands),
        "platforms": _entries(one.platforms),
        "price_models": _entries(one.price_models),
        "data_kinds": _entries(one.data_taken),
        "links": {
            "self": address("api.edition", edition=one.id),
            "page": address("criteria.edition", edition_id=one.id),
            "criteria": address("api.criteria", edition=one.id),
            "oscal": address("criteria.oscal_catalog", edition_id=one.id),
            "xlsx": address("criteria.xlsx", edition_id=one.id),
        },
    }


def criterion(within: Edition, one: Criterion) -> Data:
    """A criterion as edition_models.Criterion has it."""
    table = within.band_table(one.code)
    return {
        "edition": within.id,
        **{key: getattr(one, key) for key in ("code", "group", "weight", "critical")},
        "title": _text(one.title),
        "requirement": _text(one.requirement),
        **{key: list(getattr(one, key)) for key in _LISTS},
        "applies_if": one.applies_if or None,
        "applies_if_for": dict(one.applies_if_for),
        "may_be_not_applicable": one.na_allowed,
        "bands": [_band(band) for band in table.bands] if table else [],
        "guidance": asdict(one.guidance) if one.guidance else None,
        "links": {
            "self": address("api.criterion", edition=within.id, code=one.code),
            "page": address("criteria.criterion", edition_id=within.id, code=one.code),
            "edition": address("api.edition", edition=within.id),
        },
    }


def _text(given: Bilingual) -> Data:
    return {"vi": given.vi, "en": given.en}


def _entries(codes: tuple[Code, ...]) -> list[Data]:
    return [_entry(one) for one in codes]


def _entry(one: Code) -> Data:
    return {"code": one.code, "name": _text(one.name)}


def _category(one: Category) -> Data:
    return {**_entry(one), "short": _text(one.short), "hint": _text(one.hint)}


def _group(one: Group) -> Data:
    return {**_entry(one), "weight": one.weight, "explanation": _text(one.explanation)}


def _step(one: ScaleStep) -> Data:
    return {"score": one.value, "name": _text(one.name), "anchor": _text(one.anchor)}


def _level(one: Level) -> Data:
    asked = {key: getattr(one, key) for key in ("critical_min", "any_min", "group_min", "overall_min")}
    return {**_entry(one), "rank": one.number, **asked}


def _band(one: Band) -> Data:
    bounds: dict[str, Decimal | None] = {key: getattr(one, key) for key in ("at_least", "at_most", "above", "below")}
    return {
        "score": one.score,
        **{key: format(value.normalize(), "f") if value is not None else None for key, value in bounds.items()},
    }


_LISTS = ("categories", "evidence", "sources", "related_risks", "protects_from", "replaces")

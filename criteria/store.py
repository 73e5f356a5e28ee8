"""Find and load editions: those shipped here, and those of the folder that CRITERIA_DIR names."""

import logging
import os
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from criteria import model, schema, source
from criteria.guidance import guidance
from criteria.model import Bilingual, Edition
from criteria.source import EditionError, Fault, Source

SHIPPED = Path(__file__).parent / "editions"

log = logging.getLogger(__name__)


def load(edition_id: str) -> Edition:
    """The edition called `edition_id`, read once per process.

    Refuses an id that no folder has, one that two folders have, and damaged content (EditionError).
    """
    return load_folder(folder_of(edition_id))


def editions() -> tuple[Edition, ...]:
    """Every edition that can be read, newest first; a damaged one is left out and logged."""
    readable = []
    for edition_id in ids():
        try:
            readable.append(load(edition_id))
        except EditionError as error:
            log.warning("edition left out: %s", error)
    return tuple(sorted(readable, key=lambda edition: (edition.in_force_from, edition.id), reverse=True))


def current() -> Edition:
    """The published edition that came into force last; refuses when there is none (EditionError)."""
    for edition in editions():
        if edition.status == "published":
            return edition
    raise EditionError(Fault(SHIPPED, 1, "No edition is published."))


def ids() -> tuple[str, ...]:
    """The ids of every edition folder, readable or not, in alphabetical order."""
    return tuple(sorted({path.name for place in _places() if place.is_dir() for path in _folders(place)}))


def folder_of(edition_id: str) -> Path:
    """The folder of an edition; refuses an id that no place has, or two places have (EditionError)."""
    found = [path for place in _places() if place.is_dir() for path in _folders(place) if path.name == edition_id]
    if not found:
        raise EditionError(Fault(_places()[-1], 1, f"There is no edition {edition_id}."))
    if len(found) > 1:
        raise EditionError(Fault(found[1], 1, f"The id {edition_id} is taken by an edition in {found[0].parent}."))
    return found[0]


@cache
def load_folder(folder: Path) -> Edition:
    """The edition in `folder`, read once; refuses damaged content with its first fault (EditionError)."""
    raw = source.read(folder)
    for fault in schema.shape_faults(raw):
        raise EditionError(fault)
    return _edition(raw)


def _places() -> tuple[Path, ...]:
    """Where editions are looked for; the environment is read at each call."""
    own = os.environ.get("CRITERIA_DIR")
    return (SHIPPED, Path(own)) if own else (SHIPPED,)


def _folders(place: Path) -> list[Path]:
    return [path for path in place.iterdir() if (path / source.EDITION_FILE).is_file()]


def _edition(raw: Source) -> Edition:
    head = raw.head.values
    return Edition(
        **{key: head[key] for key in ("id", "version", "status", "reconstruction", "in_force_from", "pass_mark")},
        name=Bilingual(**head["name"]),
        notice=Bilingual(**head["notice"]),
        in_force_to=head.get("in_force_to"),
        reminder_days=tuple(sorted(head.get("reminder_days", ()), reverse=True)),
        periods=_periods(raw.rows("periods")[0].values),
        quorum=model.Quorum(**raw.rows("quorum")[0].values),
        recourse=model.Recourse(**next((row.values for row in raw.rows("recourse")), {})),
        **_code_lists(raw),
        categories=tuple(model.Category(**_values(row.values)) for row in raw.rows("categories")),
        risks=tuple(_risk(row.values) for row in raw.rows("risks")),
        groups=tuple(model.Group(**_values(row.values)) for row in raw.rows("groups")),
        scale=tuple(model.ScaleStep(**_values(row.values)) for row in raw.rows("scale")),
        levels=tuple(model.Level(**_values(row.values)) for row in raw.rows("levels")),
        band_tables=_band_tables(raw),
        criteria=tuple(_criterion(raw, row.values) for row in raw.rows("criteria")),
        labels=tuple(_label(row.values) for row in raw.rows("labels")),
    )


def _code_lists(raw: Source) -> dict[str, Any]:
    kinds: dict[str, type[model.Code]] = {
        "flags": model.Flag,
        "evidence_kinds": model.EvidenceKind,
        "age_bands": model.Code,
        "platforms": model.Code,
        "price_models": model.Code,
        "data_taken": model.Code,
    }
    return {name: tuple(kind(**_values(row.values)) for row in raw.rows(name)) for name, kind in kinds.items()}


def _values(values: dict[str, Any]) -> dict[str, Any]:
    """The same values with every bilingual text as one."""
    return {key: Bilingual(**value) if isinstance(value, dict) else value for key, value in values.items()}


def _periods(values: dict[str, Any]) -> model.Periods:
    by_category = values.get("validity_months_by_category", {})
    return model.Periods(**{**values, "validity_months_by_category": tuple(sorted(by_category.items()))})


def _risk(values: dict[str, Any]) -> model.Risk:
    worries = tuple(Bilingual(**worry) for worry in values["worries"])
    return model.Risk(values["code"], Bilingual(**values["name"]), worries)


def _band_tables(raw: Source) -> tuple[model.BandTable, ...]:
    tables: dict[str, list[model.Band]] = {}
    for row in raw.rows("bands"):
        bounds = {key: Decimal(row.values[key]) for key in schema.BOUNDS if key in row.values}
        note = Bilingual(**row.values["note"]) if "note" in row.values else None
        band = model.Band(score=row.values["score"], note=note, **bounds)
        tables.setdefault(row.values["criterion"], []).append(band)
    return tuple(
        model.BandTable(code, tuple(sorted(bands, key=lambda band: band.score))) for code, bands in tables.items()
    )


def _criterion(raw: Source, values: dict[str, Any]) -> model.Criterion:
    texts = {lang: _text(raw, values, lang) for lang in model.LANGUAGES}
    lists: dict[str, Any] = {key: tuple(value) for key, value in values.items() if isinstance(value, list)}
    plain = {key: values[key] for key in ("code", "group", "weight", "critical", "na_allowed")}
    return model.Criterion(
        **plain,
        **lists,
        title=Bilingual(texts["vi"].title, texts["en"].title),
        requirement=Bilingual(texts["vi"].requirement, texts["en"].requirement),
        guidance=guidance({lang: text.guidance for lang, text in texts.items()}),
        applies_if=values.get("applies_if", ""),
        applies_if_for=tuple(sorted(values.get("applies_if_for", {}).items())),
    )


def _text(raw: Source, values: dict[str, Any], lang: str) -> source.Text:
    """One Markdown file; refuses one without title or requirement (EditionError)."""
    path = raw.text_path(values["group"], values["code"], lang)
    text = source.read_criterion(path, lang)
    if not text.title:
        raise EditionError(Fault(path, 1, "The first line should be the title: # and its words."))
    if not text.requirement:
        raise EditionError(Fault(path, text.requirement_line, "The requirement is empty."))
    return text


def _label(values: dict[str, Any]) -> model.Label:
    words = {key: Bilingual(**values[key]) if key in values else None for key in ("unmet", "absent")}
    return model.Label(
        criterion=values["criterion"],
        topic=values.get("topic", ""),
        column=values["column"],
        met=Bilingual(**values["met"]),
        **words,
    )

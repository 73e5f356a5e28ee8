"""Calibration files of an edition: made-up products with agreed scores, on which reviewers try their eye first.

They stand in `<edition>/calibration/<name>/`: calibration.toml and the evidence beside it. They are no part of the norm
and of no digest, and may be mended at any time.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from criteria import source, store
from criteria.applicability import applicable
from criteria.model import LANGUAGES, Bilingual, Criterion, Edition, UnknownCode
from criteria.source import EditionError, Fault, Row, Source

FOLDER = "calibration"
FILE = "calibration.toml"
BAR_FILE = "bar.toml"
NOT_SHOWN = "not_shown"
MARKS = ("0", "1", "2", "3", "4", NOT_SHOWN)
MEDIA_TYPES = {"pdf": "application/pdf", "png": "image/png", "csv": "text/csv", "txt": "text/plain"}
LARGEST = 400 * 1024  # bytes of all evidence of one file


@dataclass(frozen=True, slots=True)
class Bar:
    """What a reviewer has to reach; the coordinator may set another (assessments.calibrations)."""

    max_deviation: float  # points, mean over the criteria of a file
    min_within: int  # percent of the criteria that are at most one point off
    files: int  # how many files have to be passed


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One piece of evidence of a calibration file."""

    name: str
    path: Path
    media_type: str
    kind: str
    title: Bilingual
    issued_on: date | None


@dataclass(frozen=True, slots=True)
class Sample:
    """What the made-up vendor says and shows about one criterion."""

    criterion: Criterion
    claim: Bilingual
    exhibits: tuple[Exhibit, ...]


@dataclass(frozen=True, slots=True)
class Key:
    """The agreed mark of one criterion ("0" to "4" or NOT_SHOWN), and the panel's reason."""

    mark: str
    reason: Bilingual


@dataclass(frozen=True, slots=True)
class CalibrationFile:
    """A made-up product to be scored. The key is not for whoever is still scoring."""

    edition_id: str
    name: str
    product: Bilingual
    vendor: Bilingual
    about: Bilingual
    version: str
    samples: tuple[Sample, ...]
    key: dict[str, Key] = field(repr=False)

    @property
    def codes(self) -> list[str]:
        """The criteria to be scored, in the order of the edition."""
        return [one.criterion.code for one in self.samples]

    def exhibit(self, name: str) -> Exhibit | None:
        """The piece of evidence with this file name, if the file has it."""
        every = (exhibit for sample in self.samples for exhibit in sample.exhibits)
        return next((one for one in every if one.name == name), None)


def files(edition_id: str) -> tuple[CalibrationFile, ...]:
    """The calibration files of an edition that can be read, by name; refuses an unknown edition (EditionError)."""
    return _files(store.folder_of(edition_id))


def find(edition_id: str, name: str) -> CalibrationFile | None:
    """One of them, if the edition has it."""
    if edition_id not in store.ids():
        return None
    return next((one for one in files(edition_id) if one.name == name), None)


def default_bar(edition_id: str) -> Bar:
    """The bar that counts as long as nobody has set another; refuses an edition without one (EditionError)."""
    return _bar(source.read(store.folder_of(edition_id) / FOLDER, BAR_FILE))


@cache
def _files(folder: Path) -> tuple[CalibrationFile, ...]:
    if not (folder / FOLDER).is_dir():
        return ()
    edition = store.load_folder(folder)
    return tuple(_read(edition, one) for one in _folders(folder))


def _folders(folder: Path) -> list[Path]:
    return sorted(path.parent for path in (folder / FOLDER).glob(f"*/{FILE}"))


def _read(edition: Edition, folder: Path) -> CalibrationFile:
    raw = source.read(folder, FILE)
    for fault in _file_faults(edition, raw):
        raise EditionError(fault)
    head = raw.head.values
    exhibits = {row.values["file"]: _exhibit(folder, row.values) for row in raw.rows("evidence")}
    answers = {row.values["code"]: row.values for row in raw.rows("answers")}
    ordered = [one for _group, criteria in edition.by_group() for one in criteria if one.code in answers]
    return CalibrationFile(
        edition.id,
        folder.name,
        **{name: Bilingual(**head[name]) for name in TEXTS},
        version=head["version"],
        samples=tuple(_sample(one, answers[one.code], exhibits) for one in ordered),
        key={code: Key(values["mark"], Bilingual(**values["reason"])) for code, values in answers.items()},
    )


def _exhibit(folder: Path, values: dict[str, Any]) -> Exhibit:
    name = values["file"]
    media_type = MEDIA_TYPES[name.rsplit(".", 1)[-1]]
    title = Bilingual(**values["title"])
    return Exhibit(name, folder / name, media_type, values["kind"], title, values.get("issued_on"))


def _sample(criterion: Criterion, values: dict[str, Any], exhibits: dict[str, Exhibit]) -> Sample:
    shown = tuple(exhibits[name] for name in values["evidence"])
    return Sample(criterion, Bilingual(**values["claim"]), shown)


def _bar(raw: Source) -> Bar:
    values = raw.head.values
    return Bar(float(values["max_deviation"]), int(values["min_within"]), int(values["files"]))


# --- what is wrong with them ---

TEXTS = ("product", "vendor", "about")
HEAD = (*TEXTS, "version", "categories", "flags")
BAR_KEYS = ("max_deviation", "min_within", "files")


def faults(folder: Path) -> Iterator[Fault]:
    """Everything that is wrong with the calibration files of a sound edition, as sentences with file and line."""
    if not (folder / FOLDER).is_dir():
        return
    edition = store.load_folder(folder)
    found = _folders(folder)
    yield from _bar_faults(folder / FOLDER, len(found))
    for one in found:
        try:
            raw = source.read(one, FILE)
        except EditionError as error:
            yield error.fault
        else:
            yield from _file_faults(edition, raw)


def _bar_faults(folder: Path, count: int) -> Iterator[Fault]:
    try:
        raw = source.read(folder, BAR_FILE)
    except EditionError as error:
        yield error.fault
        return
    missing = [key for key in BAR_KEYS if not isinstance(raw.head.values.get(key), int | float)]
    if missing:
        yield Fault(raw.path, 1, f"The bar lacks a number: {', '.join(missing)}.")
    elif not 1 <= raw.head.values["files"] <= count:
        yield raw.fault(raw.head, "files", f"There are {count} calibration files to be passed.")


def _file_faults(edition: Edition, raw: Source) -> Iterator[Fault]:
    """The rules of one file; those further down stumble over a wrong shape, so they wait for a right one."""
    wrong = [*_shape(raw)]
    if wrong:
        yield from wrong
        return
    yield from _codes(edition, raw)
    yield from _marks(raw)
    yield from _evidence(edition, raw)


def _shape(raw: Source) -> Iterator[Fault]:
    head = raw.head.values
    yield from (Fault(raw.path, 1, f"{key} is missing.") for key in HEAD if key not in head)
    yield from _texts(raw, raw.head, TEXTS)
    for row in raw.rows("answers"):
        yield from _keys(raw, row, ("code", "mark", "evidence"))
        yield from _texts(raw, row, ("claim", "reason"))
    for row in raw.rows("evidence"):
        yield from _keys(raw, row, ("file", "kind"))
        yield from _texts(raw, row, ("title",))


def _keys(raw: Source, row: Row, keys: tuple[str, ...]) -> Iterator[Fault]:
    for key in keys:
        if key not in row.values:
            yield Fault(raw.path, row.line, f"{key} is missing.")


def _texts(raw: Source, row: Row, keys: tuple[str, ...]) -> Iterator[Fault]:
    for key in keys:
        text = row.values.get(key)
        if not (isinstance(text, dict) and all(str(text.get(lang, "")).strip() for lang in LANGUAGES)):
            yield raw.fault(row, key, f"{key} should say something in each language: vi, en.")


def _codes(edition: Edition, raw: Source) -> Iterator[Fault]:
    """Every answer is about a criterion that applies to the product, and only one is."""
    try:
        found = applicable(edition, raw.head.values["categories"], raw.head.values["flags"])
    except UnknownCode as error:
        yield Fault(raw.path, 1, f"The edition has no category or flag {error}.")
        return
    known, seen = {one.criterion.code: one.criterion for one in found}, set[str]()
    for row in raw.rows("answers"):
        code = row.values["code"]
        if code not in known:
            yield raw.fault(row, "code", f"{code} does not apply to this product.")
        if code in seen:
            yield raw.fault(row, "code", f"{code} stands twice.")
        seen.add(code)
    if not any(known[code].critical for code in seen & set(known)):
        yield Fault(raw.path, 1, "No critical criterion is scored.")


def _marks(raw: Source) -> Iterator[Fault]:
    """Every mark can be given, and each is given once at least: a reviewer meets them all."""
    given = set()
    for row in raw.rows("answers"):
        given.add(row.values["mark"])
        if row.values["mark"] not in MARKS:
            yield raw.fault(row, "mark", f"The mark should be one of: {', '.join(MARKS)}.")
    if missing := [mark for mark in MARKS if mark not in given]:
        yield Fault(raw.path, 1, f"No criterion is agreed to be: {', '.join(missing)}.")


def _evidence(edition: Edition, raw: Source) -> Iterator[Fault]:
    """Every file is there, of a kind that is known and shown, used by an answer, and all are small."""
    listed = {row.values["file"]: row for row in raw.rows("evidence")}
    used = {name for row in raw.rows("answers") for name in row.values["evidence"]}
    yield from (Fault(raw.path, 1, f"{name} is not among the evidence.") for name in sorted(used - set(listed)))
    kinds = {kind.code for kind in edition.evidence_kinds}
    for name, row in listed.items():
        if "/" in name or name.rsplit(".", 1)[-1] not in MEDIA_TYPES or not (raw.folder / name).is_file():
            yield raw.fault(row, "file", f"There is no file {name} of a known type.")
        if row.values["kind"] not in kinds:
            yield raw.fault(row, "kind", f"The edition has no evidence kind {row.values['kind']}.")
        if name not in used:
            yield raw.fault(row, "file", f"No answer uses {name}.")
    strangers = {path.name for path in raw.folder.iterdir()} - {FILE, *listed}
    yield from (Fault(raw.folder / name, 1, "The calibration file does not list this file.") for name in strangers)
    if sum(path.stat().st_size for path in raw.folder.iterdir()) > LARGEST:
        yield Fault(raw.path, 1, f"The evidence is larger than {LARGEST // 1024} KB.")

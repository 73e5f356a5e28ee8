"""Everything that is wrong with an edition folder, as sentences with file and line; one function per rule."""

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from criteria import calibration, guidance
from criteria.model import LANGUAGES, STATUSES
from criteria.schema import BOUNDS, THRESHOLDS, shape_faults
from criteria.source import EditionError, Fault, Row, Source, Text, read, read_criterion, read_text

HUNDRED = 100
COLUMNS = ("does", "takes")
RESERVED = frozenset({"compare", "drafts"})  # addresses under /criteria
CODED = (
    "categories",
    "flags",
    "evidence_kinds",
    "risks",
    "age_bands",
    "platforms",
    "price_models",
    "data_taken",
    "groups",
    "levels",
    "criteria",
)
# For each list of a criterion, the table its codes come from and the word for one entry.
REFERENCES = {
    "categories": ("categories", "category"),
    "evidence": ("evidence_kinds", "evidence kind"),
    "related_risks": ("risks", "risk"),
    "protects_from": ("risks", "risk"),
}

Rule = Callable[[Source], Iterator[Fault]]


def faults(folder: Path) -> list[Fault]:
    """Every fault of the edition in `folder`, sorted by file and line; an empty list means it is sound.

    A folder whose edition.toml cannot be read or has the wrong shape gets those faults only, since the other
    rules would stumble over them; so it is with the calibration files of an edition that has faults of its own.
    """
    try:
        source = read(folder)
    except EditionError as error:
        return [error.fault]
    wrong_shape = list(shape_faults(source))
    if wrong_shape:
        return sorted(wrong_shape)
    found = {fault for rule in RULES for fault in rule(source)}
    return sorted(found or calibration.faults(folder))


def id_is_folder(source: Source) -> Iterator[Fault]:
    """The id is the name of the folder, since an edition is found by it, and no address used for something else."""
    if source.head.values["id"] in RESERVED:
        yield source.fault(source.head, "id", f"The id should not be one of: {', '.join(sorted(RESERVED))}.")
    if source.head.values["id"] != source.folder.name:
        yield source.fault(source.head, "id", f"The id should be the name of the folder: {source.folder.name}.")


def status_is_known(source: Source) -> Iterator[Fault]:
    """The status is one of the three there are."""
    if source.head.values["status"] not in STATUSES:
        yield source.fault(source.head, "status", f"The status should be one of: {', '.join(STATUSES)}.")


def dates_in_order(source: Source) -> Iterator[Fault]:
    """An edition does not end before it begins."""
    end = source.head.values.get("in_force_to")
    if end is not None and end < source.head.values["in_force_from"]:
        yield source.fault(source.head, "in_force_to", "in_force_to is before in_force_from.")


def codes_are_unique(source: Source) -> Iterator[Fault]:
    """No code stands twice in one list."""
    for table in CODED:
        yield from _repeated(source, table, ("code",))
    yield from _repeated(source, "scale", ("value",))
    yield from _repeated(source, "levels", ("number",))
    yield from _repeated(source, "groups", ("order",))
    yield from _repeated(source, "bands", ("criterion", "score"))
    yield from _repeated(source, "labels", ("criterion", "topic"))


def codes_are_known(source: Source) -> Iterator[Fault]:
    """Every code a criterion names is in the list it comes from, and is named once."""
    for row in source.rows("criteria"):
        yield from _unknown(source, row, "group", [row.values["group"]], ("groups", "group"))
        for key, list_of in REFERENCES.items():
            yield from _unknown(source, row, key, row.values[key], list_of)
        yield from _conditions(source, row)


def mentioned_criteria_exist(source: Source) -> Iterator[Fault]:
    """Bands and labels speak of criteria that exist; validity by category of categories that exist."""
    for table in ("bands", "labels"):
        for row in source.rows(table):
            yield from _unknown(source, row, "criterion", [row.values["criterion"]], ("criteria", "criterion"))
    periods = source.rows("periods")[0]
    key = "validity_months_by_category"
    yield from _unknown(source, periods, key, periods.values.get(key, {}), ("categories", "category"))


def labels_have_a_column(source: Source) -> Iterator[Fault]:
    """A label stands under "does" or "takes"."""
    for row in source.rows("labels"):
        if row.values["column"] not in COLUMNS:
            yield source.fault(row, "column", f"The column should be one of: {', '.join(COLUMNS)}.")


def criteria_ask_something(source: Source) -> Iterator[Fault]:
    """A criterion has a weight, a category to apply to, and a kind of evidence to be shown by."""
    for row in source.rows("criteria"):
        for key in ("weight", "categories", "evidence"):
            if not row.values[key]:
                yield source.fault(row, key, f"{row.values['code']} has no {key}.")


def groups_have_criteria(source: Source) -> Iterator[Fault]:
    """A group without criteria would carry weight that nobody can reach."""
    used = {row.values["group"] for row in source.rows("criteria")}
    for row in source.rows("groups"):
        if row.values["code"] not in used:
            yield source.fault(row, "code", f"The group {row.values['code']} has no criteria.")


def critical_is_never_left_out(source: Source) -> Iterator[Fault]:
    """The critical gate cannot be left by "not applicable" (procedure, "Evaluation")."""
    for row in source.rows("criteria"):
        if row.values["critical"] and row.values["na_allowed"]:
            yield source.fault(row, "na_allowed", f"{row.values['code']} is critical, so na_allowed should be false.")


def replaced_codes_are_gone(source: Source) -> Iterator[Fault]:
    """What a criterion replaces is a code of the edition before, so it is none of this one."""
    codes = {row.values["code"] for row in source.rows("criteria")}
    for row in source.rows("criteria"):
        for code in codes.intersection(row.values.get("replaces", ())):
            yield source.fault(row, "replaces", f"{row.values['code']} replaces {code}, which is still here.")


def weights_add_up(source: Source) -> Iterator[Fault]:
    """The weights of the groups add up to 100."""
    rows = source.rows("groups")
    total = sum(row.values["weight"] for row in rows)
    if total != HUNDRED:
        yield source.fault(rows[-1], "weight", f"The weights of the groups add up to {total}, not to {HUNDRED}.")


def scale_has_no_gaps(source: Source) -> Iterator[Fault]:
    """The scale counts up from 0 in steps of 1, in the order of the file."""
    for expected, row in enumerate(source.rows("scale")):
        if row.values["value"] != expected:
            yield source.fault(row, "value", f"This step of the scale should be {expected}.")


def pass_mark_on_scale(source: Source) -> Iterator[Fault]:
    """The pass mark is a score."""
    if source.head.values["pass_mark"] > _top(source):
        yield source.fault(source.head, "pass_mark", f"The pass mark is above the top score {_top(source)}.")


def levels_can_be_reached(source: Source) -> Iterator[Fault]:
    """No level asks for more than the best product can have."""
    limits = {
        "critical_min": _top(source),
        "any_min": _top(source),
        "group_min": HUNDRED,
        "overall_min": HUNDRED,
    }
    for row in source.rows("levels"):
        for key, limit in limits.items():
            if row.values[key] > limit:
                yield source.fault(row, key, f"{row.values['code']} cannot be reached: {key} is above {limit}.")


def levels_rise(source: Source) -> Iterator[Fault]:
    """Each level asks at least as much as the one before it, and more of something."""
    rows = source.rows("levels")
    for expected, row in enumerate(rows, start=1):
        if row.values["number"] != expected:
            yield source.fault(row, "number", f"This level should have the number {expected}.")
    for before, row in pairwise(rows):
        yield from _not_higher(source, before, row)


def bands_are_sound(source: Source) -> Iterator[Fault]:
    """A band gives a score of the scale and has a bound."""
    for row in source.rows("bands"):
        if row.values["score"] > _top(source):
            yield source.fault(row, "score", f"The score is above the top score {_top(source)}.")
        if not set(BOUNDS) & row.values.keys():
            yield Fault(source.path, row.line, f"This band has no bound: {', '.join(BOUNDS)}.")


def periods_and_quorum_are_positive(source: Source) -> Iterator[Fault]:
    """Every period lasts, and every step needs somebody."""
    for row in (*source.rows("periods"), *source.rows("quorum"), *source.rows("recourse")):
        for key, value in row.values.items():
            if 0 in (value.values() if isinstance(value, dict) else [value]):
                yield source.fault(row, key, f"{key} should be 1 or more.")


def a_ruling_takes_two(source: Source) -> Iterator[Fault]:
    """An appeal is heard by two people at least: one proposes the ruling, another confirms it."""
    for row in source.rows("recourse"):
        if row.values.get("hearers", 2) == 1:
            yield source.fault(row, "hearers", "hearers should be 2 or more.")


def reminders_come_before_the_deadline(source: Source) -> Iterator[Fault]:
    """A reminder is sent a day or more before a deadline, and each one once."""
    days = source.head.values.get("reminder_days", [])
    if 0 in days or len(set(days)) < len(days):
        yield source.fault(source.head, "reminder_days", "reminder_days should be different numbers, each 1 or more.")


def table_texts_are_filled(source: Source) -> Iterator[Fault]:
    """No text of edition.toml is blank in one of its languages."""
    for row in _all_rows(source):
        for key, value in row.values.items():
            if any(not text.strip() for text in _texts(value)):
                yield source.fault(row, key, f"{key} has an empty text.")


def criterion_texts_are_there(source: Source) -> Iterator[Fault]:
    """Every criterion has a text in each language."""
    for row in source.rows("criteria"):
        for lang in LANGUAGES:
            path = source.text_path(row.values["group"], row.values["code"], lang)
            if not path.is_file():
                yield Fault(path, 1, f"The text of {row.values['code']} in {lang} is missing.")


def criterion_texts_are_complete(source: Source) -> Iterator[Fault]:
    """Every text of a criterion has title and requirement."""
    for _, text in _readable_texts(source):
        if not text.title:
            yield Fault(text.path, 1, "The first line should be the title: # and its words.")
        if not text.requirement:
            yield Fault(text.path, text.requirement_line, "The requirement is empty.")


def guidance_is_complete(source: Source) -> Iterator[Fault]:
    """Every text has its section of guidance, with each of the four parts once and filled."""
    for lang, text in _readable_texts(source):
        if not text.guidance_line:
            yield Fault(text.path, 1, f"The guidance is missing: {guidance.SECTIONS[lang]} and its parts.")
            continue
        for line, sentence in guidance.faults(text.guidance, lang, text.guidance_line):
            yield Fault(text.path, line, sentence)


def no_orphan_files(source: Source) -> Iterator[Fault]:
    """Every file of the folder belongs to the edition."""
    expected = {
        source.text_path(row.values["group"], row.values["code"], lang)
        for row in source.rows("criteria")
        for lang in LANGUAGES
    }
    for path in _files(source.folder):
        if path not in expected | {source.path}:
            yield Fault(path, 1, "No criterion of the edition uses this file.")


def files_are_clean(source: Source) -> Iterator[Fault]:
    """Every file is UTF-8 in the composed form (NFC), so that texts compare and search as they look."""
    for path in _files(source.folder):
        try:
            text = read_text(path)
        except EditionError as error:
            yield error.fault
            continue
        yield from (
            Fault(path, number, "This line has combining marks; save it in the composed form (NFC).")
            for number, line in enumerate(text.split("\n"), start=1)
            if not unicodedata.is_normalized("NFC", line)
        )


RULES: tuple[Rule, ...] = (
    id_is_folder,
    status_is_known,
    dates_in_order,
    codes_are_unique,
    codes_are_known,
    mentioned_criteria_exist,
    labels_have_a_column,
    criteria_ask_something,
    groups_have_criteria,
    critical_is_never_left_out,
    replaced_codes_are_gone,
    weights_add_up,
    scale_has_no_gaps,
    pass_mark_on_scale,
    levels_can_be_reached,
    levels_rise,
    bands_are_sound,
    periods_and_quorum_are_positive,
    a_ruling_takes_two,
    reminders_come_before_the_deadline,
    table_texts_are_filled,
    criterion_texts_are_there,
    criterion_texts_are_complete,
    guidance_is_complete,
    no_orphan_files,
    files_are_clean,
)


def _repeated(source: Source, table: str, keys: tuple[str, ...]) -> Iterator[Fault]:
    seen: dict[tuple[Any, ...], int] = {}
    for row in source.rows(table):
        name = tuple(row.values.get(key, "") for key in keys)
        first = seen.setdefault(name, row.line)
        if first != row.line:
            said = " ".join(str(part) for part in name if part != "")
            yield source.fault(row, keys[-1], f"{said} stands twice in [{table}], first at line {first}.")


def _unknown(source: Source, row: Row, key: str, codes: Iterable[str], list_of: tuple[str, str]) -> Iterator[Fault]:
    table, word = list_of
    known = {entry.values["code"] for entry in source.rows(table)}
    seen = set()
    for code in codes:
        if code not in known:
            yield source.fault(row, key, f"The edition has no {word} {code}.")
        if code in seen:
            yield source.fault(row, key, f"The {word} {code} is named twice.")
        seen.add(code)


def _conditions(source: Source, row: Row) -> Iterator[Fault]:
    """The flags a criterion turns on exist, and a condition for a category is for one of its own."""
    if row.values.get("applies_if"):
        yield from _unknown(source, row, "applies_if", [row.values["applies_if"]], ("flags", "flag"))
    by_category = row.values.get("applies_if_for", {})
    yield from _unknown(source, row, "applies_if_for", set(by_category.values()), ("flags", "flag"))
    for category in by_category:
        if category not in row.values["categories"]:
            yield source.fault(row, "applies_if_for", f"{row.values['code']} is not for the category {category}.")


def _top(source: Source) -> int:
    return max(int(row.values["value"]) for row in source.rows("scale"))


def _not_higher(source: Source, before: Row, row: Row) -> Iterator[Fault]:
    lower = [key for key in THRESHOLDS if row.values[key] < before.values[key]]
    for key in lower:
        yield source.fault(row, key, f"{row.values['code']} asks less than {before.values['code']}: {key}.")
    if not lower and all(row.values[key] == before.values[key] for key in THRESHOLDS):
        yield source.fault(row, "code", f"{row.values['code']} asks the same as {before.values['code']}.")


def _all_rows(source: Source) -> Iterator[Row]:
    yield source.head
    for rows in source.tables.values():
        yield from rows


def _texts(value: object) -> Iterator[str]:
    """The texts in a value, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def _is_readable(path: Path) -> bool:
    """Is the file UTF-8? That it is not, `files_are_clean` says."""
    try:
        read_text(path)
    except EditionError:
        return False
    return True


def _readable_texts(source: Source) -> Iterator[tuple[str, Text]]:
    """The texts of the criteria that are there and can be read, each with its language."""
    for row in source.rows("criteria"):
        for lang in LANGUAGES:
            path = source.text_path(row.values["group"], row.values["code"], lang)
            if path.is_file() and _is_readable(path):
                yield lang, read_criterion(path, lang)


def _files(folder: Path) -> list[Path]:
    """The files of the norm: calibration files have rules of their own."""
    apart = folder / calibration.FOLDER
    return sorted(path for path in folder.rglob("*") if path.is_file() and apart not in path.parents)

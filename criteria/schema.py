"""The shape of edition.toml: which tables it has, which keys each has, and of what type."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal, InvalidOperation

from criteria.source import Fault, Row, Source

Test = Callable[[object], bool]


def is_text(value: object) -> bool:
    """A string."""
    return isinstance(value, str)


def is_whole(value: object) -> bool:
    """A whole number from 0 (true and false are none)."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def is_yes_no(value: object) -> bool:
    """true or false."""
    return isinstance(value, bool)


def is_day(value: object) -> bool:
    """A calendar day."""
    return type(value) is date


def is_texts(value: object) -> bool:
    """A list of strings."""
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def is_bilingual(value: object) -> bool:
    """A text in exactly the two languages."""
    return isinstance(value, dict) and set(value) == {"vi", "en"} and all(map(is_text, value.values()))


def is_bilinguals(value: object) -> bool:
    """A list of texts in both languages."""
    return isinstance(value, list) and all(map(is_bilingual, value))


def is_percent(value: object) -> bool:
    """A percentage from 0 to 100, written as a string."""
    try:  # a string, because a float would not stay exact
        return isinstance(value, str) and 0 <= Decimal(value) <= 100
    except InvalidOperation:
        return False


def is_text_by_code(value: object) -> bool:
    """A table from codes to strings."""
    return isinstance(value, dict) and all(map(is_text, value.values()))


def is_wholes(value: object) -> bool:
    """A list of whole numbers."""
    return isinstance(value, list) and all(map(is_whole, value))


def is_whole_by_code(value: object) -> bool:
    """A table from codes to whole numbers."""
    return isinstance(value, dict) and all(map(is_whole, value.values()))


CODE: dict[str, Test] = {"code": is_text, "name": is_bilingual}
HEAD: dict[str, Test] = {
    "id": is_text,
    "version": is_text,
    "status": is_text,
    "name": is_bilingual,
    "notice": is_bilingual,
    "reconstruction": is_yes_no,
    "in_force_from": is_day,
    "in_force_to": is_day,
    "pass_mark": is_whole,
    "reminder_days": is_wholes,
}
PERIODS = (
    "validity_months",
    "surveillance_month",
    "renewal_opens_days",
    "correction_days",
    "correction_rounds",
    "suspension_max_months",
    "appeal_days",
    "appeal_decision_days",
    "minded_to_days",
    "concern_acknowledge_working_days",
    "interest_window_months",
    "completeness_working_days",
    "returned_days",
    "review_days",
)
QUORUM = ("reviewers", "review_before_decision", "deciders")
RECOURSE = (
    "hearers",
    "appeal_acknowledge_working_days",
    "complaint_acknowledge_working_days",
    "complaint_answer_days",
    "complaint_contact_days",
)
THRESHOLDS = ("critical_min", "any_min", "group_min", "overall_min")
BOUNDS = ("at_least", "at_most", "above", "below")
TABLES: dict[str, dict[str, Test]] = {
    "periods": {**dict.fromkeys(PERIODS, is_whole), "validity_months_by_category": is_whole_by_code},
    "quorum": dict.fromkeys(QUORUM, is_whole),
    "recourse": dict.fromkeys(RECOURSE, is_whole),
    "categories": {**CODE, "short": is_bilingual, "hint": is_bilingual, "family": is_text},
    "flags": CODE,
    "evidence_kinds": CODE,
    "risks": {**CODE, "worries": is_bilinguals},
    "age_bands": CODE,
    "platforms": CODE,
    "price_models": CODE,
    "data_taken": CODE,
    "groups": {
        **CODE,
        "weight": is_whole,
        "order": is_whole,
        "tccs_group": is_bilingual,
        "explanation": is_bilingual,
    },
    "scale": {"value": is_whole, "name": is_bilingual, "anchor": is_bilingual},
    "levels": {**CODE, "number": is_whole, **dict.fromkeys(THRESHOLDS, is_whole)},
    "bands": {
        "criterion": is_text,
        "score": is_whole,
        **dict.fromkeys(BOUNDS, is_percent),
        "note": is_bilingual,
    },
    "criteria": {
        "code": is_text,
        "group": is_text,
        "weight": is_whole,
        "critical": is_yes_no,
        "categories": is_texts,
        "applies_if": is_text,
        "applies_if_for": is_text_by_code,
        "evidence": is_texts,
        "sources": is_texts,
        "related_risks": is_texts,
        "protects_from": is_texts,
        "na_allowed": is_yes_no,
        "replaces": is_texts,
    },
    "labels": {
        "criterion": is_text,
        "topic": is_text,
        "column": is_text,
        "met": is_bilingual,
        "unmet": is_bilingual,
        "absent": is_bilingual,
    },
}
SINGLE = frozenset({"periods", "quorum", "recourse"})
MAY_LACK = frozenset({"recourse"})  # tables an edition need not have
OPTIONAL = frozenset(
    {
        "in_force_to",
        "reminder_days",
        "validity_months_by_category",
        "applies_if",
        "applies_if_for",
        "replaces",
        "topic",
        "unmet",
        "absent",
        "note",
        *RECOURSE,
        *BOUNDS,
    }
)


def shape_faults(source: Source) -> Iterator[Fault]:
    """Every missing or unknown table and key, and every value of the wrong type."""
    yield from _row_faults(source, source.head, HEAD)
    for name in TABLES:
        if not source.rows(name) and name not in MAY_LACK:
            yield Fault(source.path, 1, f"The table [{name}] is missing.")
        elif name in SINGLE and len(source.rows(name)) > 1:
            yield Fault(source.path, source.rows(name)[1].line, f"The table [{name}] stands here a second time.")
    for name, rows in source.tables.items():
        yield from _table_faults(source, name, rows)


def _table_faults(source: Source, name: str, rows: tuple[Row, ...]) -> Iterator[Fault]:
    if name not in TABLES:
        yield Fault(source.path, rows[0].line, f"An edition has no table [{name}].")
        return
    for row in rows:
        yield from _row_faults(source, row, TABLES[name])


def _row_faults(source: Source, row: Row, shape: dict[str, Test]) -> Iterator[Fault]:
    for key in sorted(shape.keys() - row.values.keys() - OPTIONAL):
        yield source.fault(row, key, f"The key {key} is missing.")
    for key, value in row.values.items():
        if key not in shape:
            yield source.fault(row, key, f"The key {key} is unknown here.")
        elif not shape[key](value):
            yield source.fault(row, key, f"{key} has the wrong type or value: {_wanted(shape[key])}")


def _wanted(test: Test) -> str:
    """What a type test asks for: the first line of its docstring."""
    return f"it should be: {(test.__doc__ or '').split(chr(10))[0]}"

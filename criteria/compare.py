"""What changed between two editions: values only, the web makes the sentences."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from criteria.model import Code, Criterion, Edition


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that differs, with both values."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Change:
    """One criterion, group or level that both editions have and that differs."""

    code: str
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that changed; criteria of `added` are the new edition's, of `removed` the old's."""

    added: tuple[Criterion, ...]
    removed: tuple[Criterion, ...]
    changed: tuple[Change, ...]
    groups: tuple[Change, ...]
    levels: tuple[Change, ...]
    periods: tuple[FieldChange, ...]
    quorum: tuple[FieldChange, ...]

    @property
    def nothing(self) -> bool:
        """Is there no difference at all?"""
        return not any(getattr(self, part.name) for part in fields(self))


def compare(old: Edition, new: Edition) -> Comparison:
    """What changed from `old` to `new`; a group or level that only one has changes from or to None."""
    before = {criterion.code: criterion for criterion in old.criteria}
    after = {criterion.code: criterion for criterion in new.criteria}
    return Comparison(
        added=tuple(criterion for code, criterion in after.items() if code not in before),
        removed=tuple(criterion for code, criterion in before.items() if code not in after),
        changed=_changes((before[code], after[code]) for code in before if code in after),
        groups=_by_code(old.groups, new.groups),
        levels=_by_code(old.levels, new.levels),
        periods=_differences(old.periods, new.periods),
        quorum=_differences(old.quorum, new.quorum),
    )


def _changes(pairs: Iterable[tuple[Criterion, Criterion]]) -> tuple[Change, ...]:
    found = ((old.code, _differences(old, new)) for old, new in pairs)
    return tuple(Change(code, differences) for code, differences in found if differences)


def _by_code(old: Iterable[Code], new: Iterable[Code]) -> tuple[Change, ...]:
    before = {entry.code: entry for entry in old}
    after = {entry.code: entry for entry in new}
    codes = [*before, *(code for code in after if code not in before)]
    found = ((code, _entry_differences(before.get(code), after.get(code))) for code in codes)
    return tuple(Change(code, differences) for code, differences in found if differences)


def _entry_differences(old: Code | None, new: Code | None) -> tuple[FieldChange, ...]:
    if old is None or new is None:
        return (FieldChange("code", old and old.code, new and new.code),)
    return _differences(old, new)


def _differences(old: Any, new: Any) -> tuple[FieldChange, ...]:
    """The fields of two values of one dataclass that differ, in the order of the class."""
    values = ((part.name, getattr(old, part.name), getattr(new, part.name)) for part in fields(old))
    return tuple(FieldChange(name, before, after) for name, before, after in values if before != after)

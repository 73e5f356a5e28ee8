"""What changed between two editions: values only, the web makes the sentences."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from criteria.model import BandTable, Code, Criterion, Edition, ScaleStep

ADVICE = frozenset({"guidance", "sources", "related_risks", "replaces"})  # asks nothing of a product
APPLICABILITY = frozenset({"categories", "applies_if", "applies_if_for"})  # for which products a criterion is
LISTS = ("categories", "flags", "evidence_kinds", "risks")  # the code lists that results turn on


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that differs, with both values."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Change:
    """One criterion, group, level or other entry that both editions have and that differs."""

    code: str
    fields: tuple[FieldChange, ...]

    @property
    def asked(self) -> tuple[FieldChange, ...]:
        """What it asks of a product, or counts for, differently; other advice is no part of it."""
        return tuple(one for one in self.fields if one.field not in ADVICE)

    @property
    def moved(self) -> bool:
        """Is the criterion in another group now?"""
        return any(one.field == "group" for one in self.fields)


@dataclass(frozen=True, slots=True)
class Renumbered:
    """A criterion of the new edition that says which ones of the old it takes the place of.

    `fields` are the differences where it takes the place of one alone; of several, nothing is set side by side.
    """

    new: Criterion
    old: tuple[Criterion, ...]
    fields: tuple[FieldChange, ...]

    @property
    def asked(self) -> tuple[FieldChange, ...]:
        """What it asks differently of a product, besides its code."""
        return Change(self.new.code, self.fields).asked


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that changed; criteria of `added` are the new edition's, of `removed` the old's."""

    added: tuple[Criterion, ...]
    removed: tuple[Criterion, ...]
    renumbered: tuple[Renumbered, ...]
    changed: tuple[Change, ...]
    groups: tuple[Change, ...]
    levels: tuple[Change, ...]
    scale: tuple[Change, ...]
    bands: tuple[Change, ...]
    lists: tuple[tuple[str, tuple[Change, ...]], ...]
    rules: tuple[FieldChange, ...]
    periods: tuple[FieldChange, ...]
    quorum: tuple[FieldChange, ...]
    recourse: tuple[FieldChange, ...]

    @property
    def nothing(self) -> bool:
        """Is there no difference at all?"""
        return not any(getattr(self, part.name) for part in fields(self))


def compare(old: Edition, new: Edition) -> Comparison:
    """What changed from `old` to `new`; an entry that only one has changes from or to None."""
    before = {criterion.code: criterion for criterion in old.criteria}
    after = {criterion.code: criterion for criterion in new.criteria}
    renumbered = _renumbered(before, after)
    told = {one.new.code for one in renumbered}
    replaced = {one.code for pair in renumbered for one in pair.old}
    return Comparison(
        added=tuple(criterion for code, criterion in after.items() if code not in before and code not in told),
        removed=tuple(criterion for code, criterion in before.items() if code not in after and code not in replaced),
        renumbered=renumbered,
        changed=_changes((before[code], after[code]) for code in before if code in after),
        groups=_by_code(old.groups, new.groups),
        levels=_by_code(old.levels, new.levels),
        scale=_scale(old.scale, new.scale),
        bands=_bands(old, new),
        lists=_lists(old, new),
        rules=_rules(old, new),
        periods=_differences(old.periods, new.periods),
        quorum=_differences(old.quorum, new.quorum),
        recourse=_differences(old.recourse, new.recourse),
    )


def origins(old: Edition, new: Edition) -> dict[str, str]:
    """Code of the new edition -> the code of the old one whose answer and score it can go on with.

    The same code, or the only one it says it replaces. One that replaces several starts anew, and so do all but the
    first of those that replace the same.
    """
    before = {criterion.code for criterion in old.criteria}
    same = {criterion.code: criterion.code for criterion in new.criteria if criterion.code in before}
    taken = set(same.values())
    for criterion in new.criteria:
        known = [code for code in criterion.replaces if code in before]
        if criterion.code not in same and len(known) == 1 and known[0] not in taken:
            same[criterion.code] = known[0]
            taken.add(known[0])
    return same


def asked_anew(old: Edition, new: Edition) -> dict[str, tuple[FieldChange, ...]]:
    """Code of the new edition -> what it asks differently of a product that has answered under the old one.

    Criteria that go on from an old one and ask the same are left out, and so are those that start anew (`origins`).
    A criterion whose measured bands differ asks something else, too.
    """
    before = {criterion.code: criterion for criterion in old.criteria}
    found = {}
    for code, origin in origins(old, new).items():
        now = new.criterion(code)
        asked = [one for one in _differences(before[origin], now) if one.field not in {*ADVICE, "code"}]
        bands = (_measured(old.band_table(origin)), _measured(new.band_table(code)))
        if bands[0] != bands[1]:
            asked.append(FieldChange("bands", *bands))
        if asked:
            found[code] = tuple(asked)
    return found


def _renumbered(before: dict[str, Criterion], after: dict[str, Criterion]) -> tuple[Renumbered, ...]:
    found = []
    for code, new in after.items():
        old = tuple(before[one] for one in new.replaces if one in before)
        if old and code not in before:
            differing = _differences(old[0], new) if len(old) == 1 else ()
            told = tuple(one for one in differing if one.field not in {"code", "replaces"})
            found.append(Renumbered(new, old, told))
    return tuple(found)


def _changes(pairs: Iterable[tuple[Criterion, Criterion]]) -> tuple[Change, ...]:
    found = ((old.code, _differences(old, new)) for old, new in pairs)
    return tuple(Change(code, differences) for code, differences in found if differences)


def _by_code(old: Iterable[Code], new: Iterable[Code]) -> tuple[Change, ...]:
    return _entries({entry.code: entry for entry in old}, {entry.code: entry for entry in new})


def _entries(before: dict[str, Any], after: dict[str, Any]) -> tuple[Change, ...]:
    codes = [*before, *(code for code in after if code not in before)]
    found = ((code, _entry_differences(code, before.get(code), after.get(code))) for code in codes)
    return tuple(Change(code, differences) for code, differences in found if differences)


def _entry_differences(code: str, old: Any, new: Any) -> tuple[FieldChange, ...]:
    if old is None or new is None:
        return (FieldChange("code", old and code, new and code),)
    return _differences(old, new)


def _scale(old: Iterable[ScaleStep], new: Iterable[ScaleStep]) -> tuple[Change, ...]:
    return _entries({str(one.value): one for one in old}, {str(one.value): one for one in new})


def _bands(old: Edition, new: Edition) -> tuple[Change, ...]:
    before = {table.criterion: _measured(table) for table in old.band_tables}
    after = {table.criterion: _measured(table) for table in new.band_tables}
    codes = [*before, *(code for code in after if code not in before)]
    pairs = ((code, before.get(code), after.get(code)) for code in codes)
    return tuple(Change(code, (FieldChange("bands", was, now),)) for code, was, now in pairs if was != now)


def _measured(table: BandTable | None) -> Any:
    """The bands alone: the table of a criterion that has another code now can still be the same."""
    return table.bands if table else None


def _lists(old: Edition, new: Edition) -> tuple[tuple[str, tuple[Change, ...]], ...]:
    found = ((name, _by_code(getattr(old, name), getattr(new, name))) for name in LISTS)
    return tuple((name, changes) for name, changes in found if changes)


def _rules(old: Edition, new: Edition) -> tuple[FieldChange, ...]:
    if old.pass_mark == new.pass_mark:
        return ()
    return (FieldChange("pass_mark", old.pass_mark, new.pass_mark),)


def _differences(old: Any, new: Any) -> tuple[FieldChange, ...]:
    """The fields of two values of one dataclass that differ, in the order of the class."""
    values = ((part.name, getattr(old, part.name), getattr(new, part.name)) for part in fields(old))
    return tuple(FieldChange(name, before, after) for name, before, after in values if before != after)

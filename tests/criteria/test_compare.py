"""What changed between two editions."""

from dataclasses import replace

from criteria.compare import Change, FieldChange, compare
from criteria.model import Bilingual
from tests.criteria import small

OLD = small.edition()


def test_an_edition_does_not_differ_from_itself():
    assert compare(OLD, OLD).nothing


def test_added_and_removed():
    added = small.criterion("B3", 1)
    new = replace(OLD, criteria=(*OLD.criteria[1:], added))
    result = compare(OLD, new)
    assert (result.added, result.removed, result.changed) == ((added,), (OLD.criterion("A1"),), ())
    assert not result.nothing


def test_changed_fields_are_named_with_both_values():
    title = Bilingual("Tên mới", "New name")
    changed = replace(OLD.criterion("A2"), title=title, weight=2)
    new = replace(OLD, criteria=(OLD.criteria[0], changed, *OLD.criteria[2:]))
    before = OLD.criterion("A2").title
    assert compare(OLD, new).changed == (
        Change("A2", (FieldChange("title", before, title), FieldChange("weight", 1, 2))),
    )


def test_weights_levels_periods_and_quorum():
    groups = (replace(OLD.groups[0], weight=70), replace(OLD.groups[1], weight=30))
    new = replace(
        OLD,
        groups=groups,
        levels=OLD.levels[:1],
        periods=replace(OLD.periods, appeal_days=45),
        quorum=replace(OLD.quorum, reviewers=3),
    )
    result = compare(OLD, new)
    assert result.groups == (
        Change("A", (FieldChange("weight", 60, 70),)),
        Change("B", (FieldChange("weight", 40, 30),)),
    )
    assert result.levels == (Change("L2", (FieldChange("code", "L2", None),)),)
    assert result.periods == (FieldChange("appeal_days", 30, 45),)
    assert result.quorum == (FieldChange("reviewers", 2, 3),)
    assert compare(new, OLD).levels == (Change("L2", (FieldChange("code", None, "L2"),)),)

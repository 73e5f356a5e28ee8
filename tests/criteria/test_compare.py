"""What changed between two editions."""

from dataclasses import replace
from decimal import Decimal

from criteria.compare import Change, FieldChange, asked_anew, compare, origins
from criteria.model import Band, BandTable, Bilingual
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


def test_renumbered_where_the_edition_says_so():
    moved = replace(OLD.criterion("A2"), code="A9", weight=2, replaces=("A2",))
    merged = replace(OLD.criterion("B1"), code="B9", replaces=("B1", "B2"))
    new = replace(OLD, criteria=(OLD.criteria[0], moved, merged))
    result = compare(OLD, new)
    assert (result.added, result.removed, result.changed) == ((), (), ())
    first, second = result.renumbered
    assert (first.new, first.old, first.asked) == (moved, (OLD.criterion("A2"),), (FieldChange("weight", 1, 2),))
    assert (second.new, second.old, second.fields) == (merged, OLD.criteria[2:], ())
    assert origins(OLD, new) == {"A1": "A1", "A9": "A2"}  # what replaces two starts anew
    assert asked_anew(OLD, new) == {"A9": (FieldChange("weight", 1, 2),)}


def test_of_two_that_replace_one_the_first_goes_on():
    split = [replace(OLD.criterion("A2"), code=code, replaces=("A2",)) for code in ("A8", "A9")]
    new = replace(OLD, criteria=(OLD.criteria[0], *split, *OLD.criteria[2:]))
    assert {code: old for code, old in origins(OLD, new).items() if code != old} == {"A8": "A2"}
    assert [one.new.code for one in compare(OLD, new).renumbered] == ["A8", "A9"]


def test_what_only_advises_asks_nothing_anew():
    advised = replace(OLD.criterion("A2"), sources=("ISO",), related_risks=("content",))
    new = replace(OLD, criteria=(OLD.criteria[0], advised, *OLD.criteria[2:]))
    (change,) = compare(OLD, new).changed
    assert [one.field for one in change.fields] == ["sources", "related_risks"]
    assert (change.asked, change.moved, asked_anew(OLD, new)) == ((), False, {})


def test_moved_to_another_group():
    moved = replace(OLD.criterion("A2"), group="B")
    new = replace(OLD, criteria=(OLD.criteria[0], moved, *OLD.criteria[2:]))
    (change,) = compare(OLD, new).changed
    assert change.moved
    assert list(asked_anew(OLD, new)) == ["A2"]


def test_scale_bands_pass_mark_lists_and_recourse():
    table = BandTable("A1", (Band(score=3, at_least=Decimal(90)),))
    step = replace(OLD.scale[4], anchor=Bilingual("khác", "other"))
    new = replace(
        OLD,
        pass_mark=2,
        scale=(*OLD.scale[:4], step),
        band_tables=(table,),
        categories=OLD.categories[:1],
        recourse=replace(OLD.recourse, hearers=3),
    )
    result = compare(OLD, new)
    assert result.rules == (FieldChange("pass_mark", 3, 2),)
    assert result.scale == (Change("4", (FieldChange("anchor", OLD.scale[4].anchor, step.anchor),)),)
    assert result.bands == (Change("A1", (FieldChange("bands", None, table.bands),)),)
    assert result.lists == (("categories", (Change("DL", (FieldChange("code", "DL", None),)),)),)
    assert result.recourse == (FieldChange("hearers", 2, 3),)
    assert asked_anew(OLD, new) == {"A1": (FieldChange("bands", None, table.bands),)}

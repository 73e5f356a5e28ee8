"""The verdict by hand-computed examples: groups, levels, obstacles, "not applicable", what is shown."""

from dataclasses import replace
from fractions import Fraction

import pytest

from criteria import store
from criteria.model import UnknownCode
from criteria.verdict import (
    NOT_APPLICABLE,
    NOT_SHOWN,
    BadScore,
    Obstacle,
    ObstacleKind,
    protects_from,
    shown,
    verdict,
)
from tests.criteria import small

EDITION = small.edition()


def judged(a1, a2, b1, b2):
    return verdict(EDITION, {"A1": a1, "A2": a2, "B1": b1, "B2": b2})


def code_of(level):
    return level and level.code


def test_groups_and_overall_are_exact():
    # A: (3*3 + 2*1) / (4*4) = 11/16 = 68.75 %.   B: (3*2 + 1*1) / (4*3) = 7/12 = 58.33 %.
    # Overall: 68.75 * 60/100 + 58.333 * 40/100 = 41.25 + 23.333 = 64.583 % = 775/12.
    result = judged(3, 2, 3, 1)
    assert [(group.code, group.percent, group.share, group.contribution) for group in result.groups] == [
        ("A", Fraction(1100, 16), 60, Fraction(165, 4)),
        ("B", Fraction(700, 12), 40, Fraction(70, 3)),
    ]
    assert result.overall == Fraction(775, 12)
    assert result.shown("vi") == "64,5"
    assert result.groups[1].shown("en") == "58.3"


def test_no_level_below_the_overall_threshold():
    # The example above: critical 3, everything from 1 up, groups from 50 up, but 64.583 < 65.
    result = judged(3, 2, 3, 1)
    assert result.level is None
    assert code_of(result.next_level) == "L1"
    assert result.obstacles == (Obstacle(ObstacleKind.OVERALL, "", Fraction(775, 12), Fraction(65)),)
    assert result.critical_failures == ()


def test_first_level_and_what_stands_before_the_second():
    # A: (3*3 + 3*1)/16 = 75.   B: (3*2 + 1*1)/12 = 58.33.   Overall: 45 + 23.33 = 68.33, from 65 up: L1.
    # To L2: B2 has 1, needs 2; group B has 58.33, needs 65; overall has 68.33, needs 78.
    result = judged(3, 3, 3, 1)
    assert code_of(result.level) == "L1"
    assert result.obstacles == (
        Obstacle(ObstacleKind.ANY, "B2", Fraction(1), Fraction(2)),
        Obstacle(ObstacleKind.GROUP, "B", Fraction(175, 3), Fraction(65)),
        Obstacle(ObstacleKind.OVERALL, "", Fraction(205, 3), Fraction(78)),
    )


def test_top_level_has_nothing_ahead():
    # A: (4*3 + 2*1)/16 = 87.5.   B: (3*2 + 3*1)/12 = 75.   Overall: 52.5 + 30 = 82.5, from 78 up: L2.
    result = judged(4, 2, 3, 3)
    assert (code_of(result.level), result.next_level, result.obstacles) == ("L2", None, ())


def test_a_threshold_met_exactly_is_met():
    # A: (3*3 + 3*1)/16 = 75.   B: (3*2 + 3*1)/12 = 75.   Overall: 45 + 30 = 75, and every threshold is that.
    exact = replace(EDITION, levels=(small.level("L1", 1, (3, 3, 75, 75)),))
    assert code_of(verdict(exact, {"A1": 3, "A2": 3, "B1": 3, "B2": 3}).level) == "L1"


def test_critical_failure_stops_every_level_however_high_the_rest():
    # A: (2*3 + 4*1)/16 = 62.5.   B: 100.   Overall: 37.5 + 40 = 77.5, and still no level: A1 has 2, needs 3.
    result = judged(2, 4, 4, 4)
    assert result.level is None
    assert result.critical_failures == ("A1",)
    assert result.obstacles == (Obstacle(ObstacleKind.CRITICAL, "A1", Fraction(2), Fraction(3)),)


def test_a_zero_anywhere_stops_the_first_level():
    # A: (4*3 + 0)/16 = 75.   B: 100.   Overall: 45 + 40 = 85; A2 has 0, needs 1.
    result = judged(4, 0, 4, 4)
    assert result.level is None
    assert result.obstacles == (Obstacle(ObstacleKind.ANY, "A2", Fraction(0), Fraction(1)),)


def test_group_minimum_counts_for_each_group():
    # A: 100.   B: (1*2 + 3*1)/12 = 41.67 < 50.   Overall: 60 + 16.67 = 76.67.
    result = judged(4, 4, 1, 3)
    assert result.level is None
    assert result.obstacles == (Obstacle(ObstacleKind.GROUP, "B", Fraction(125, 3), Fraction(50)),)


def test_not_shown_counts_as_zero():
    assert judged(3, NOT_SHOWN, 3, NOT_SHOWN) == judged(3, 0, 3, 0)


def test_not_applicable_leaves_the_criterion_out_where_allowed():
    # B: only B1 counts: (3*2)/(4*2) = 75.
    result = judged(3, 3, 3, NOT_APPLICABLE)
    assert [group.percent for group in result.groups] == [75, 75]


def test_not_applicable_counts_as_zero_where_not_allowed():
    assert judged(3, NOT_APPLICABLE, 3, 3) == judged(3, 0, 3, 3)


def test_critical_gate_cannot_be_left():
    criteria = (replace(EDITION.criterion("A1"), na_allowed=True), *EDITION.criteria[1:])
    lax = replace(EDITION, criteria=criteria)
    result = verdict(lax, {"A1": NOT_APPLICABLE, "A2": 4, "B1": 4, "B2": 4})
    assert result.critical_failures == ("A1",)
    assert result.level is None


def test_empty_group_is_dropped_and_the_weights_renormalised():
    # Only A counts: its share becomes 60/60 = 100 %, so overall is A's 75 %.
    result = verdict(EDITION, {"A1": 3, "A2": 3, "B2": NOT_APPLICABLE})
    assert [(group.code, group.share, group.percent) for group in result.groups] == [("A", 100, 75)]
    assert result.overall == 75


def test_nothing_scored_is_no_level():
    result = verdict(EDITION, {"B2": NOT_APPLICABLE})
    assert (result.groups, result.overall, result.level) == ((), 0, None)


@pytest.mark.parametrize("bad", [5, -1, True, 2.5, "3"])
def test_refuses_what_is_no_score(bad):
    with pytest.raises(BadScore):
        verdict(EDITION, {"A1": bad})


def test_refuses_unknown_criterion():
    with pytest.raises(UnknownCode):
        verdict(EDITION, {"Z9": 3})


@pytest.mark.parametrize(
    ("value", "vi", "en"),
    [
        (Fraction(7799, 100), "77,9", "77.9"),
        (Fraction(779999, 10000), "77,9", "77.9"),
        (Fraction(78), "78,0", "78.0"),
        (Fraction(0), "0,0", "0.0"),
        (Fraction(100), "100,0", "100.0"),
        (Fraction(200, 3), "66,6", "66.6"),
    ],
)
def test_shown_is_cut_not_rounded(value, vi, en):
    assert (shown(value, "vi"), shown(value, "en")) == (vi, en)


def test_protects_from_needs_the_pass_mark():
    assert protects_from(EDITION, {"A1": 3, "A2": 2, "B1": 4}) == {"content", "contact"}
    assert protects_from(EDITION, {"A1": 2, "A2": 3}) == {"conduct"}
    assert protects_from(EDITION, {"A1": NOT_SHOWN, "A2": NOT_APPLICABLE}) == frozenset()


@pytest.mark.parametrize(("score", "level"), [(2, None), (3, "L1"), (4, "L3")])
def test_shipped_edition_with_one_score_everywhere(score, level):
    # 3 everywhere is 75 % in every group: from 65 (L1), below 78 (L2). 2 everywhere fails the critical ones.
    edition = store.load("vcsc-2026")
    result = verdict(edition, {criterion.code: score for criterion in edition.criteria})
    assert result.overall == score * 25
    assert code_of(result.level) == level

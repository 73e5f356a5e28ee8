"""Typing mistakes: what is near, what is not, and Vietnamese typed while its program was off."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.folding import fold
from assessments.typos import BESIDE, DOUBLED, MISSING, OTHER, SWAPPED, distance, near, prepared, untyped

KNOWN = prepared(
    ["chan", "dien", "thoai", "nha", "screen", "filter", "block", "location", "bullying", "kaspersky", "2026"]
)
WORD = st.text("abcdenghist", min_size=1, max_size=9)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("cahn", "chan"),  # two letters the other way round
        ("scren", "screen"),  # one of two missing
        ("filtter", "filter"),  # one doubled
        ("bllock", "block"),
        ("bulying", "bullying"),
        ("vhan", "chan"),  # the key beside
        ("thoaj", "thoai"),
        ("loaction", "location"),
        ("kasperki", "kaspersky"),
        ("nhs", "nha"),
    ],
)
def test_what_was_meant_comes_first(typed, meant):
    assert near(typed, KNOWN)[0][1] == meant


@pytest.mark.parametrize("typed", ["c", "ch", "tha", "xyzzy", "2025", "locomotion", "n" * 500])
def test_what_is_too_far_is_not_guessed(typed):
    assert near(typed, KNOWN) == []


def test_likely_mistakes_cost_less():
    costs = [distance(one, "chan", 99) for one in ("chan", "chaan", "hcan", "chab", "cha", "chak")]
    assert costs == [0, DOUBLED, SWAPPED, BESIDE, MISSING, OTHER]


@given(WORD, WORD)
def test_a_distance_is_the_same_both_ways_and_nothing_only_to_itself(one, other):
    assert distance(one, other, 999) == distance(other, one, 999)
    assert (distance(one, other, 999) == 0) == (one == other)


@given(WORD, WORD, st.integers(0, 40))
def test_a_limit_only_cuts_off_what_lies_beyond(one, other, most):
    exact = distance(one, other, 999)
    assert distance(one, other, most) == exact or (exact > most and distance(one, other, most) > most)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("chawnj", "chặn"),
        ("chawn", "chăn"),
        ("ddieenj", "điện"),
        ("ddieejn", "điện"),
        ("d9ie65n", "điện"),
        ("thoaij", "thoại"),
        ("thoai5", "thoại"),
        ("dduwowngf", "đường"),
        ("gioiws", "giới"),
        ("nguwowif", "người"),
        ("ddoongf", "đồng"),
        ("phaanf", "phần"),
        ("nawngs", "nắng"),
    ],
)
def test_telex_and_vni_are_read(typed, meant):
    assert fold(meant) in untyped(typed)


@pytest.mark.parametrize("typed", ["wifi", "web", "block", "lamp", "123", "game", "", "đường"])
def test_other_words_are_no_telex(typed):
    assert untyped(typed) == []

"""Sets of listings: what is put in comes out, whether a word is kept as an integer or as its few places."""

from random import Random

import pytest

from assessments.queries.orders import Order
from assessments.queries.sets import FEW, WordSets, bits_of, highest, lowest, members


@pytest.mark.parametrize("number", [0, 1, 7, 8, 300])
def test_places_in_and_out_of_a_set(number):
    places = sorted(Random(number).sample(range(5_000), number))  # noqa: S311  the same in every run
    assert members(bits_of(places)) == places
    assert bits_of([*places, *places]) == 0


def test_a_word_has_the_listings_it_was_put_to_and_not_taken_from():
    chosen = Random(3)  # noqa: S311
    kept, right = WordSets(), dict.fromkeys(("rare", "often"), frozenset[int]())
    for _ in range(60):
        turned = {word: chosen.sample(range(400), most) for word, most in (("rare", 3), ("often", 40))}
        kept = kept.turned(turned)
        right = {word: right[word] ^ frozenset(turned[word]) for word in right}
        assert {word: frozenset(members(bits)) for word, bits in kept.items()} == {a: b for a, b in right.items() if b}
        assert {word: kept.number(word) for word in right} == {word: len(places) for word, places in right.items()}


def test_a_word_that_no_listing_has_any_more_is_gone():
    both = WordSets().turned({"one": [4], "many": list(range(FEW + 1))})
    assert ("one" in both, len(both), both.number("many"), both["one"]) == (True, 2, FEW + 1, 1 << 4)
    none = both.turned({"one": [4], "many": list(range(FEW + 1))})
    assert (list(none), none.get("one", 0), none.number("many")) == ([], 0, 0)
    assert list(both) == ["one", "many"]  # what stood before stands


@pytest.mark.parametrize("places", [[], [0], [3, 4, 511, 512, 513, 4_000], list(range(700)), [9_999]])
@pytest.mark.parametrize("most", [0, 1, 3, 25])
def test_the_first_and_the_last_of_a_set(places, most):
    assert lowest(bits_of(places), most) == places[:most]
    assert highest(bits_of(places), most) == places[::-1][:most]


def test_a_set_is_turned_into_an_order_and_what_is_not_in_it_left_out():
    order = Order([(name,) for name in "abcd"], [7, 2, 9, 4], [str])
    assert members(order.turn(bits_of([4, 7, 5, 100]))) == [0, 3]
    assert (order.turn(0), order.all, order.past(("b",)), order.past(("bb",))) == (0, 0b1111, 2, 2)
    assert Order([], [], [str]).turn(bits_of([4])) == 0

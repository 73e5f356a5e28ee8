"""The words of parents: what the table says, and that every code in it is one of the criteria set's."""

import pytest

from assessments import needs
from assessments.folding import words
from criteria import store
from tests.world import EDITION


def found(text):
    """The name of the need that a text begins with."""
    phrase = needs.phrase_at(words(text), 0)
    return [need.name.en for need in needs.table().by_phrase.get(phrase, ())]


def test_every_code_is_in_the_edition():
    edition = store.load(EDITION)
    known = {
        "category": {one.code for one in edition.categories},
        "platform": {one.code for one in edition.platforms},
        "worry": {one.code for one in edition.risks},
        "age": {one.code for one in edition.age_bands},
        "price": {one.code for one in edition.price_models},
        "language": {"vi", "en"},
        "made_in": {"yes", "partly", "no"},
    }
    wrong = [
        (need.name.en, facet, value)
        for need in needs.table().needs
        for facet, value in (*need.codes, *need.also)
        if value not in known.get(facet, ())
    ]
    assert wrong == []


def test_every_category_risk_platform_and_age_can_be_asked_for():
    edition = store.load(EDITION)
    answered = {value for need in needs.table().needs for value in (*need.codes, *need.also)}
    wanted = {("category", one.code) for one in edition.categories}
    wanted |= {("worry", one.code) for one in edition.risks}
    wanted |= {("age", one.code) for one in edition.age_bands}
    assert wanted - answered == set()


def test_every_need_is_named_and_asked_for_in_both_languages():
    assert [need for need in needs.table().needs if not (need.name.vi and need.name.en and len(need.phrases) > 1)] == []


@pytest.mark.parametrize(
    ("text", "need"),
    [
        ("chặn web đen", "blocking adult content"),
        ("Chan WEB den cho con", "blocking adult content"),
        ("block porn", "blocking adult content"),
        ("giới hạn giờ", "limiting screen time"),
        ("screen time", "limiting screen time"),
        ("đồng hồ định vị", "watches, toys and tablets for children"),
        ("miễn phí", "free of charge"),
    ],
)
def test_the_longest_phrase_is_found_in_both_languages(text, need):
    assert found(text) == [need]


@pytest.mark.parametrize(
    ("text", "age"),
    [("8 tuổi", (8, 2)), ("12 years old", (12, 3)), ("7yo", (7, 1)), ("10t", (10, 1)), ("8 giờ", None), ("2026", None)],
)
def test_an_age_is_read(text, age):
    assert needs.age_at(words(text), 0) == age


def test_words_that_say_nothing_are_known():
    assert needs.is_filler(words("cho con tôi"), 0) >= 2
    assert needs.is_filler(words("chặn"), 0) == 0

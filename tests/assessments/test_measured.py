"""Measured results: what a figure must say, shares that never flatter, and what may be shown."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.measured import expected, fault, key_of, published, told, unchecked
from criteria import store

TODAY = date(2026, 11, 26)
ROW = {
    "test_list": "Bộ thử 2026",
    "tested_on": "2026-05-02",
    "age_band": "7-11",
    "topic": "Trang khiêu dâm",
    "harmful_tried": 1000,
    "harmful_blocked": 968,
    "harmless_tried": 400,
    "harmless_blocked": 2,
    "measured_by": "vendor",
    "method": "Hai máy Android",
    "version": "5.2",
    "tester": "",
}


def profile(*rows):
    return {"blocking": list(rows)}


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({}, None),
        ({"tested_on": "2026-11-26"}, None),
        ({"tested_on": "2026-11-27"}, "tested_on"),
        ({"tested_on": "2023-11-25"}, "tested_on"),
        ({"harmful_tried": 0, "harmful_blocked": 0}, "harmful_tried"),
        ({"harmless_tried": 0, "harmless_blocked": 0}, "harmless_tried"),
        ({"harmful_tried": 10_000_001}, "harmful_tried"),
        ({"harmful_blocked": 1001}, "harmful_blocked"),
        ({"harmless_blocked": -1}, "harmless_blocked"),
        ({"harmless_blocked": 400}, None),
        ({"measured_by": "laboratory"}, "tester"),
        ({"measured_by": "laboratory", "tester": "Phòng thử A"}, None),
    ],
)
def test_what_a_figure_must_say(changed, field):
    found = fault({**ROW, **changed}, TODAY)
    assert (found and found[0]) == field


def test_shares_never_flatter():
    row = {**ROW, "harmful_tried": 1500, "harmful_blocked": 1499, "harmless_tried": 3000, "harmless_blocked": 1}
    (one,) = published(profile(row), None)
    assert (one["must_block"]["percent"], one["must_pass"]["percent"]) == ("99.9", "0.1")
    assert (one["about"], one["age_band"], one["version"]) == ("adult", "7-11", "5.2")


def test_the_margin_is_the_one_of_wilson():
    """968 of 1000: 95.52 to 97.72 percent, by the formula of 1927 worked out by hand."""
    (one,) = published(profile(ROW), None)
    assert (one["must_block"]["low"], one["must_block"]["high"]) == ("95.5", "97.8")


@given(st.integers(1, 10_000_000), st.data())
def test_a_share_lies_within_its_margin(tried, data):
    blocked = data.draw(st.integers(0, tried))
    row = {**ROW, "harmful_tried": tried, "harmful_blocked": blocked}
    found = published(profile(row), None)[0]["must_block"]
    low, percent, high = (Decimal(found[name]) for name in ("low", "percent", "high"))
    assert Decimal(0) <= low <= percent + Decimal("0.1")
    assert percent <= high <= Decimal(100)


def test_nothing_tried_has_no_share():
    (one,) = published(profile({**ROW, "harmless_tried": 0, "harmless_blocked": 0}), None)
    assert one["must_pass"] == {"tried": 0, "blocked": 0, "percent": "", "low": "", "high": ""}


def test_only_what_the_evidence_bears_out_is_shown():
    second, third = {**ROW, "age_band": "12-15"}, {**ROW, "age_band": "0-6"}
    own = {**ROW, "measured_by": "club"}
    judged = {"found": {key_of(ROW): "shown", key_of(second): "not_shown", key_of(third): "repeated"}, "own": [own]}
    found = published(profile(ROW, second, third), judged)
    assert [(one["age_band"], one["checked"]) for one in found] == [
        ("7-11", "shown"),
        ("0-6", "repeated"),
        ("7-11", "own"),
    ]
    assert published(profile(ROW), {}) == []


def test_a_figure_that_was_changed_has_to_be_judged_again():
    judged = {"found": {key_of(ROW): "shown"}}
    assert unchecked(profile(ROW), judged) == []
    assert len(unchecked(profile({**ROW, "harmful_blocked": 999}), judged)) == 1


def test_certificates_from_before_show_what_was_declared():
    old = {name: value for name, value in ROW.items() if name not in {"method", "version", "tester"}}
    (one,) = told({"profile": profile(old)})
    assert (one["checked"], one["method"], one["key"]) == ("", "", key_of(old))
    assert told({"profile": profile(old), "measured": []}) == []


def test_filters_are_expected_to_measure():
    edition = store.load("vcsc-2026")
    assert expected(edition, ["DL", "CF"])
    assert not expected(edition, ["DL"])

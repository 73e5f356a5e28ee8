"""What is sealed opens with its key, for its purpose, in its place, and nowhere else."""

from dataclasses import replace

import pytest
from flask import Flask

from registry import sealed
from registry.sealed import Ring, Unreadable

OLD, NEW, OTHER = (letter * 40 for letter in "abc")
TEXT = "mật khẩu: đèn-nhà-2026"


def test_what_is_sealed_opens_again_and_shows_nothing() -> None:
    ring = Ring([OLD], "test access")
    closed = ring.seal(TEXT, "row 1")
    assert ring.open(closed, "row 1") == TEXT
    assert "2026" not in closed
    assert ring.seal(TEXT, "row 1") != closed


def test_another_place_purpose_or_key_opens_nothing() -> None:
    closed = Ring([OLD], "test access").seal(TEXT, "row 1")
    for ring, place in (
        (Ring([OLD], "test access"), "row 2"),
        (Ring([OLD], "concern contacts"), "row 1"),
        (Ring([NEW], "test access"), "row 1"),
    ):
        with pytest.raises(Unreadable):
            ring.open(closed, place)


def test_a_new_key_seals_and_the_old_one_still_opens() -> None:
    before = Ring([OLD], "test access").seal(TEXT, "row 1")
    ring = Ring([NEW, OLD], "test access")
    after = ring.seal(TEXT, "row 1")
    assert ring.open(before, "row 1") == ring.open(after, "row 1") == TEXT
    with pytest.raises(Unreadable):
        Ring([OLD], "test access").open(after, "row 1")


@pytest.mark.parametrize(
    "broken", ["", "1", "1..", "2.{name}.{body}", "1.{name}.", "1.{name}.??", "1.{name}.AAAA{body}"]
)
def test_rubbish_is_unreadable(broken: str) -> None:
    ring = Ring([OLD], "test access")
    _version, name, body = ring.seal(TEXT, "row 1").split(".")
    with pytest.raises(Unreadable):
        ring.open(broken.format(name=name, body=body), "row 1")


def test_the_settings_say_which_key_seals(app: Flask) -> None:
    settings = app.config["SETTINGS"]
    with app.app_context():
        at_first = sealed.ring(sealed.TEST_ACCESS).seal(TEXT, "row 1")
        app.config["SETTINGS"] = replace(settings, encryption_key=(NEW, OLD))
        later = sealed.ring(sealed.TEST_ACCESS).seal(TEXT, "row 1")
        assert sealed.ring(sealed.TEST_ACCESS).open(at_first, "row 1") == TEXT
        assert Ring([NEW], "test access").open(later, "row 1") == TEXT
        app.config["SETTINGS"] = replace(settings, encryption_key=(OTHER,), secret_key=OTHER)
        with pytest.raises(Unreadable):
            sealed.ring(sealed.TEST_ACCESS).open(later, "row 1")

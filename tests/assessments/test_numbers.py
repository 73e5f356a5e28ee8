"""Certificate numbers: the check letter finds what people mistype, and reading forgives what does not matter."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.numbers import LETTERS, Reading, check_letter, compose, near, parse, place

years = st.integers(2000, 2099)
serials = st.integers(1, 9_999_999)


def test_the_number_of_the_guide():
    assert compose(2026, 1) == "VCSC-26-0001-K"


def test_a_serial_grows_beyond_four_digits():
    assert compose(2026, 12345).startswith("VCSC-26-12345-")


def test_no_letter_is_read_as_a_digit():
    assert set(LETTERS) == set(string.ascii_uppercase) - set("IOL")


@given(years, serials)
def test_what_is_composed_is_read_back(year, serial):
    number = compose(year, serial)
    assert (parse(number).reading, parse(number).number) == (Reading.NUMBER, number)
    assert place(number) == (year, serial)


@given(years, serials, st.data())
def test_every_single_wrong_character_is_found(year, serial, data):
    body = compose(year, serial).removeprefix("VCSC").replace("-", "")
    place = data.draw(st.integers(0, len(body) - 1))
    wrong = data.draw(st.sampled_from(string.digits + string.ascii_uppercase))
    typed = body[:place] + wrong + body[place + 1 :]
    same = wrong.translate(str.maketrans("OIL", "011")) if place < len(body) - 1 else wrong
    if same != body[place]:
        assert parse(typed).number == ""


@given(years, serials, st.data())
def test_every_swap_of_neighbours_is_found(year, serial, data):
    body = compose(year, serial).removeprefix("VCSC").replace("-", "")
    place = data.draw(st.integers(0, len(body) - 2))
    typed = body[:place] + body[place + 1] + body[place] + body[place + 2 :]
    if typed != body:
        assert parse(typed).number == ""


@given(st.text(max_size=40))
def test_any_text_is_read_without_a_failure(text):
    read = parse(text)
    assert (read.number != "") == (read.reading is Reading.NUMBER)


@pytest.mark.parametrize(
    "typed",
    [
        "vcsc-26-0001-k",
        " VCSC 26 0001 K ",
        "26-0001-K",
        "260001k",
        "VCSC26OOO1K",
        "VCSC–26–OOOI–K",
        "vcsc\u201126\u20110001\u2011k",
        "VCSC\u221226\u22120001\u2212K",
        "vcsc.26.000l.k",
        "ＶＣＳＣ－２６－０００１－Ｋ",
        "https://registry.example/c/VCSC-26-0001-K",
        "https://registry.example/en/c/vcsc-26-0001-k/?x=1",
    ],
)
def test_forgives_how_it_is_typed(typed):
    assert parse(typed).number == "VCSC-26-0001-K"


@pytest.mark.parametrize("typed", ["VCSC-26-0001-J", "VCSC-26-0010-K", "VCSC-26-0O01-X", "VCSC-26-0001-8", "26-S001-K"])
def test_says_when_a_number_is_mistyped(typed):
    assert parse(typed).reading is Reading.MISTYPED


@pytest.mark.parametrize(
    "typed", ["", "Đèn Nhà", "VCSC-26-0001", "hello world", "VCSC-26-1-K", "x" * 5000, "26-" * 300]
)
def test_says_when_something_is_no_number(typed):
    assert parse(typed).reading is Reading.MALFORMED


def test_what_is_no_number_has_no_place():
    assert place("") is None
    assert place("VCSC-26-0001-J") is None


def test_zeros_in_front_make_no_second_spelling():
    digits = "2600001"
    assert parse(digits + check_letter(digits)).reading is Reading.MISTYPED
    assert parse("260000" + check_letter("260000")).reading is Reading.MISTYPED


@pytest.mark.parametrize(
    "typed",
    [
        "https://vcsc.example/c/VCSC-26-0001-K.json",
        "vcsc.example/en/c/vcsc-26-0001-k.pdf?as_of=2026-11-01",
        "https://vcsc.example/verify?number=vcsc+26+0001+k&x=1",
        "２６－０００１－Ｋ",
        "vcsc 26 oool k",
    ],
)
def test_a_pasted_address_is_read(typed):
    assert parse(typed).number == "VCSC-26-0001-K"


@given(years, serials, st.data())
def test_a_number_with_one_mistake_is_among_the_near_ones(year, serial, data):
    number = compose(year, serial)
    body = number.removeprefix("VCSC").replace("-", "")
    place = data.draw(st.integers(0, len(body) - 2))
    other = data.draw(st.sampled_from([digit for digit in string.digits if digit != body[place]]))
    swapped = body[:place] + body[place + 1] + body[place] + body[place + 2 :] if place < len(body) - 2 else body[:-1]
    for typed in (body[:place] + other + body[place + 1 :], swapped, body[:-1], f"VCSX{body}"):
        assert number in near(typed) or parse(typed).number == number


def test_a_wrong_letter_alone_comes_first():
    assert near("VCSC-26-0001-J")[0] == "VCSC-26-0001-K"
    assert "VCSC-26-0001-K" not in near("VCSC-26-0001-K")


@given(st.text(max_size=200))
def test_near_numbers_of_any_text_could_have_been_issued(text):
    found = near(text)
    assert len(found) < 400
    assert all(parse(one).number == one for one in found)

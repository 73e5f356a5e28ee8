"""Searching, ordering and addressing Vietnamese names."""

import pytest

from assessments.folding import fold, slug, sort_key, words


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Đèn Nhà", "den nha"), ("Đường dây nóng", "duong day nong"), ("ƯỚC MƠ", "uoc mo"), ("Hòa/Hoà", "hoa/hoa")],
)
def test_accents_and_d_fold(text, folded):
    assert fold(text) == folded


def test_words_are_the_folded_words():
    assert words("Bờ Tre DNS 2.0, Wi-Fi") == ["bo", "tre", "dns", "2", "0", "wi", "fi"]


def test_slug_of_a_name_without_letters_is_still_something():
    assert (slug("Tổ Ấm Router"), slug("…", "san-pham")) == ("to-am-router", "san-pham")


def test_names_stand_in_the_order_of_the_dictionary():
    expected = ["An", "Àn", "Ăn", "Ân", "Ba", "Da", "Đa", "Đá", "Đạ", "Em", "Êm", "Ơn", "Tre", "Trẻ", "Tre xanh", "Ước"]
    assert sorted(set(expected), key=sort_key) == expected

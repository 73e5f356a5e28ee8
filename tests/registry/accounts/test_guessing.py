"""Which passwords are taken: length, what is easily guessed, no rules of composition; bounded whatever is typed."""

import time

import pytest
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from registry.accounts import guessing, passwords
from registry.accounts.guessing import Weakness, weakness
from tests.world import PASSWORD

OWN = ("an.nguyen@hatnang.example", "Nguyễn Thị An")


@pytest.mark.parametrize(
    ("password", "found"),
    [
        ("matkhau@2026!!", Weakness.COMMON),
        ("Mật Khẩu Mới 2026", Weakness.COMMON),
        ("qwertyuiop123", Weakness.COMMON),
        ("password1234567", Weakness.COMMON),
        ("P@ssw0rd2026!!", Weakness.COMMON),
        ("iloveyou2026!", Weakness.COMMON),
        ("Vietnam@123456", Weakness.COMMON),
        ("anh yêu em nhiều lắm", Weakness.COMMON),
        ("Nguyen Thi An 1990", Weakness.OWN),
        ("an.nguyen2026!!", Weakness.OWN),
        ("AN.NGUYEN@hatnang.example", Weakness.OWN),
        ("asdfghjkl;'zxcvbn", Weakness.KEYS),
        ("abcabcabcabcabc", Weakness.REPEATED),
        ("2608199026081990", Weakness.REPEATED),
        ("aaaaaaaaaaaaaaab", Weakness.REPEATED),
    ],
)
def test_what_everybody_would_try_is_refused_by_name(password, found):
    assert weakness(password, OWN) is found
    assert passwords.fault(password, *OWN) != ""


@pytest.mark.parametrize(
    "password",
    [
        PASSWORD,
        "năm con ngựa kéo xe",
        "cửa sổ mở ra biển",
        "bon chu meo ngu tren mai",
        "only small letters in this one",
        "x7Kq!mPz29vLw#",
        "mật khẩu tiếng Việt có dấu và 🙂",
        "four words nobody said " * 6,  # 138 characters
    ],
)
def test_sentences_and_random_signs_are_taken_whatever_they_are_made_of(password):
    assert passwords.fault(password, *OWN) == ""
    assert passwords.verify(passwords.hash_password(password), password)


def test_a_password_is_verified_as_it_was_typed():
    long = "một câu rất dài mà không ai khác sẽ nghĩ ra, kể cả khi họ biết tôi là ai và làm gì "
    hashed = passwords.hash_password(long + "x")
    assert len(long.encode()) > 72
    for other in (long + "y", long.upper() + "x", " " + long + "x", long):
        assert not passwords.verify(hashed, other)


def test_length_alone():
    assert passwords.fault("x7Kq!mPz29v") != ""
    assert passwords.fault("x7Kq!mPz29vL") == ""
    assert passwords.fault("ab cd ef gh " * 30) != ""


@pytest.mark.parametrize(
    "hostile",
    [
        *("4@8({[</369&#!1/|0$5+7%2" * 10, "4a8b3e69g17il0o5s7t2z" * 10, "qwe4rt5" * 36),
        *("🙂" * 256, "ă\u0301" * 128, "\0" * 99),
    ],
)
def test_no_password_takes_long(hostile):
    weakness("warm up the lists first")
    begun = time.process_time()
    weakness(hostile, OWN)
    assert time.process_time() - begun < 1


def test_the_list_of_our_own_stands_beside_thirty_thousand():
    assert len(FREQUENCY_LISTS["passwords"]) > 25_000
    assert {"matkhau", "anhyeuem"} <= guessing.common()
    assert guessing.words_of(OWN) >= {"nguyen", "thi", "an.nguyen", "nguyenthian"}

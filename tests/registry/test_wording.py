"""The two sets of words for "certified" are complete and none uses a word that means something else."""

import pytest

from registry import wording

CLAIMS_TOO_MUCH = ("giấy phép", "chứng chỉ", "công nhận", "kiểm duyệt", "gia hạn", "con dấu", "licence", "accredit")


@pytest.mark.parametrize("set_name", ["A", "B"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_set_has_every_word(set_name, language):
    words = wording.words(set_name, language)
    assert set(words) == set(wording.words("A", "vi"))
    assert all(words.values())


def test_the_careful_set_never_says_certified():
    for language in ("vi", "en"):
        text = " ".join(wording.words("B", language).values())
        assert "chứng nhận" not in text
        assert "certif" not in text


@pytest.mark.parametrize("set_name", ["A", "B"])
def test_no_set_claims_what_only_the_state_may_say(set_name):
    text = " ".join(" ".join(wording.words(set_name, language).values()) for language in ("vi", "en"))
    assert [word for word in CLAIMS_TOO_MUCH if word in text] == []


def test_an_unknown_set_is_refused():
    with pytest.raises(KeyError):
        wording.words("C", "vi")

"""The guidance: how its four parts are read, and that every shipped criterion has all of them, each its own."""

import re
from collections import Counter

import pytest

from criteria import store
from criteria.guidance import HEADINGS, Passage, as_text, guidance, passages
from criteria.model import LANGUAGES, Bilingual, Guidance

PARTS = tuple(HEADINGS["vi"])
EDITIONS = [store.load(edition_id) for edition_id in store.ids()]
CRITERIA = [criterion for edition in EDITIONS for criterion in edition.criteria]
WORD = re.compile(r"\w+")


def section(lang, *texts):
    """The passages of a text whose parts say these words."""
    return tuple(Passage(heading, text, 1) for heading, text in zip(HEADINGS[lang].values(), texts, strict=False))


def test_a_section_is_cut_at_its_headings():
    lines = ["", "### Ví dụ", "", "Một.", "", "- Hai", "", "### Bằng chứng tốt", "Ba.", ""]
    assert passages(lines, 6) == (
        Passage("### Ví dụ", "Một.\n\n- Hai", 7),
        Passage("### Bằng chứng tốt", "Ba.", 13),
    )


def test_words_above_the_first_heading_are_kept_apart():
    assert passages(["", "Lời mở.", "### Ví dụ", "Một."], 6) == (
        Passage("", "Lời mở.", 7),
        Passage("### Ví dụ", "Một.", 8),
    )
    assert passages(["Chỉ có lời."], 6) == (Passage("", "Chỉ có lời.", 6),)
    assert passages(["", ""], 6) == ()


def test_the_parts_of_both_languages_make_the_guidance():
    found = {"vi": section("vi", "xem", "nộp", "tránh", "mẫu"), "en": section("en", "look", "send", "avoid", "sample")}
    assert guidance(found) == Guidance(
        look_for=Bilingual("xem", "look"),
        evidence=Bilingual("nộp", "send"),
        mistakes=Bilingual("tránh", "avoid"),
        example=Bilingual("mẫu", "sample"),
    )


def test_the_guidance_as_one_text_keeps_its_titles():
    advice = Guidance(*(Bilingual(text, text) for text in ("a", "- b", "c", "d")))
    assert as_text(advice) == Bilingual(
        vi="Người đánh giá xem gì\na\n\nBằng chứng tốt\n- b\n\nLỗi thường gặp\nc\n\nVí dụ\nd",
        en="What reviewers look for\na\n\nGood evidence\n- b\n\nCommon mistakes\nc\n\nAn example\nd",
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_part_lacking_in_one_language_is_no_guidance(lang):
    found = {one: section(one, "a", "b", "c", "d") for one in LANGUAGES}
    assert guidance({**found, lang: section(lang, "a", "b", "c")}) is None
    assert guidance({**found, lang: section(lang, "a", "", "c", "d")}) is None
    assert guidance({**found, lang: ()}) is None


def test_every_shipped_criterion_has_all_four_parts_in_both_languages():
    assert [criterion.code for criterion in CRITERIA if criterion.guidance is None] == []


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("part", PARTS)
def test_no_part_is_a_copy_of_another(part, lang):
    said = Counter(tuple(WORD.findall(getattr(one.guidance, part).get(lang).lower())) for one in CRITERIA)
    assert [words for words, times in said.items() if times > 1] == []


@pytest.mark.parametrize("part", PARTS)
def test_the_languages_differ(part):
    assert [one.code for one in CRITERIA if getattr(one.guidance, part).vi == getattr(one.guidance, part).en] == []


@pytest.mark.parametrize("criterion", CRITERIA, ids=lambda criterion: criterion.code)
@pytest.mark.parametrize(("lang", "least", "most"), [("vi", 110, 230), ("en", 90, 190)])
def test_guidance_is_read_in_a_minute(criterion, lang, least, most):
    words = [word for part in PARTS for word in WORD.findall(getattr(criterion.guidance, part).get(lang))]
    assert least <= len(words) <= most


@pytest.mark.parametrize("criterion", CRITERIA, ids=lambda criterion: criterion.code)
def test_guidance_says_what_a_score_takes(criterion):
    """Reviewers give 0 to 4: the advice must tell the vendor what earns the two scores that count as met."""
    assert {"3", "4"} <= set(re.findall(r"điểm (\d)", criterion.guidance.look_for.vi, re.IGNORECASE))
    assert {"3", "4"} <= set(re.findall(r"\b(\d)\b", criterion.guidance.look_for.en))

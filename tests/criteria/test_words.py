"""The texts of shipped editions keep to the spelling and the words the registry has settled on."""

import re

import pytest

from criteria import store

# Old-style tone marks (hoà, thuỷ); a syllable with qu keeps them on the last letter (quý).
OLD_TONES = re.compile(r"o[àáảãạèéẻẽẹ]\b|(?<![qQ])u[ỳýỷỹỵ]\b")
# Words that mean something else here: parents, the word kept for accreditation, unfounded promises.
WRONG_WORDS = re.compile(r"phụ huynh|người xem xét|điểm liệt|công nhận|vui lòng|quý khách|!", re.IGNORECASE)
STRAIGHT_QUOTES = re.compile(r"\w'\w")

TEXTS = [
    path
    for edition_id in store.ids()
    for path in store.folder_of(edition_id).rglob("*.*")
    if path.suffix not in {".pdf", ".png"}
]


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_texts_read_as_settled(path):
    text = path.read_text("utf-8")
    found = [match.group() for rule in (OLD_TONES, WRONG_WORDS, STRAIGHT_QUOTES) for match in rule.finditer(text)]
    assert found == []

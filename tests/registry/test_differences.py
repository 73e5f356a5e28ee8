"""Two texts beside each other: nothing is lost on the way, and no text makes a page count for long."""

from difflib import SequenceMatcher
from itertools import cycle, islice

import pytest

from registry import differences
from registry.differences import MOST, WORDS, merged

SAME, OTHER = "Một câu giữ nguyên từng chữ. ", "Câu này thì có sửa một chỗ ở giữa. "


def parts(older, newer):
    return differences._parts(WORDS.findall(older), WORDS.findall(newer))


def wicked(letters, words, first):
    """A text whose every second word stands nowhere else; the others come again and again, in the same order."""
    repeated = islice(cycle([chr(0x4E00 + number) for number in range(letters)]), words)
    return " ".join(word for number, one in enumerate(repeated) for word in (one, chr(first + number)))


@pytest.fixture
def counted(monkeypatch):
    """How much was taken apart each time."""
    found = []

    class Counting(SequenceMatcher):
        def __init__(self, junk, old, new):
            found.append(max(len(old), len(new)))
            super().__init__(junk, old, new)

    monkeypatch.setattr(differences, "SequenceMatcher", Counting)
    return found


@pytest.mark.parametrize("words", [2, 240, 260, 1250])
def test_the_most_wicked_texts_are_taken_apart_in_few_pieces_or_not(counted, words):
    older, newer = wicked(25, words, 0x6500), wicked(25, words, 0x20000)
    found = parts(older, newer)
    assert "".join(word for _same, old, _new in found for word in old) == older
    assert "".join(word for _same, _old, new in found for word in new) == newer
    assert len(counted) == 1
    assert counted[0] <= MOST


def test_what_differs_in_very_many_words_is_compared_by_sentences(counted):
    older = f"Đầu cũ. {SAME}{OTHER * 120}Cuối cũ."
    newer = f"Đầu mới. {SAME}{OTHER.replace('một', 'hai') * 120}Cuối mới."
    found = parts(older, newer)
    assert [(old, new) for same, old, new in found if same and SAME in old] == [([SAME], [SAME])]
    assert "".join(word for _same, old, _new in found for word in old) == older
    assert counted == [123]


def test_one_text_that_shows_how_it_came_of_another():
    shown = merged("Chặn tốt <trang> xấu.", "Chặn rất tốt <trang> xấu.").unescape()
    assert (shown.count("<ins>"), shown.count("<del>"), "<trang>" in shown) == (1, 0, True)
    assert "&lt;trang&gt;" in merged("a", "a <trang>")

"""Marks in a text: where they stand, and that nothing of the text is lost."""

from unicodedata import normalize

from hypothesis import given
from hypothesis import strategies as st

from assessments.queries.marking import Marks


def marked(text, **wanted):
    """The text with brackets where it is marked."""
    return "".join(f"[{piece}]" if hit else piece for piece, hit in Marks(**wanted).pieces(text))


def test_words_are_marked_whatever_their_accents():
    assert marked("Đèn Nhà, đen", words=frozenset({"den"})) == "[Đèn] Nhà, [đen]"


def test_neighbours_are_one_mark():
    assert marked("Đèn Nhà Xanh", words=frozenset({"den", "nha"})) == "[Đèn Nhà] Xanh"


def test_a_beginning_marks_the_whole_word():
    assert marked("Đường Về", beginnings=("duo",)) == "[Đường] Về"


def test_a_run_is_marked_only_as_a_run():
    phrases = (("web", "den"),)
    assert marked("Chặn web đen, web sáng, đen", phrases=phrases) == "Chặn [web đen], web sáng, đen"


def test_a_name_typed_as_one_word_is_marked():
    assert marked("Đèn Nhà", words=frozenset({"dennha"})) == "[Đèn Nhà]"


@given(st.text(), st.frozensets(st.text("abdn", min_size=1, max_size=3)), st.text("abdn", min_size=2, max_size=3))
def test_nothing_is_lost(text, words, beginning):
    marks = Marks(words, (beginning,), ((beginning, beginning),))
    assert "".join(piece for piece, _ in marks.pieces(text)) == normalize("NFC", text)

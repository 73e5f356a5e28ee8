"""Vietnamese text for searching, ordering and addresses: accents folded, đ as d, and the order of the alphabet."""

import re
import unicodedata

_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_ORDER = {letter: f"{chr(97 + place // 26)}{chr(97 + place % 26)}" for place, letter in enumerate(_ALPHABET)}
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}  # huyền hỏi ngã sắc nặng
_MARKS = re.compile("[\u0300-\u034e\u0350-\u036f]+")  # what Latin letters have above and below; other scripts have more
_MAX_WORD = 60


def fold(text: str) -> str:
    """Lower case without any mark: "Đường Dây" becomes "duong day"."""
    plain = _MARKS.sub("", unicodedata.normalize("NFD", text.lower().replace("đ", "d")))
    if plain.isascii():
        return plain
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def words(text: str) -> list[str]:
    """The folded words of a text, in their order."""
    return [word[:_MAX_WORD] for word in re.findall(r"[a-z0-9]+", fold(text))]


def tokens(text: str) -> list[str]:
    """The words of a text in lower case with their marks, in their order: what is shown, and what was typed."""
    return [word[:_MAX_WORD] for word in re.findall(r"[^\W_]+", unicodedata.normalize("NFC", text.lower()))]


def slug(text: str, fallback: str = "x") -> str:
    """A name for an address: folded words joined by dashes, at most 60 characters."""
    return "-".join(words(text))[:60].strip("-") or fallback


def sort_key(text: str) -> str:
    """A string whose plain order is the order of Vietnamese dictionaries, in any database collation.

    Letters first (a ă â b c d đ e ê ...), tones only between words whose letters are the same. Only lower-case
    ASCII letters and digits appear, which every collation orders alike; words are parted by "0".
    """
    letters: list[str] = []
    tones: list[str] = []
    for character in unicodedata.normalize("NFC", text.lower()):
        base, tone = _split(character)
        letters.append(_ORDER.get(base) or (f"1{base}" if base.isascii() and base.isdigit() else "0"))
        tones.append(tone)
    return (re.sub("0+", "0", "".join(letters)).strip("0") + "00" + "".join(tones))[:400]


def _split(character: str) -> tuple[str, str]:
    """A letter without its tone, and the place of the tone among the six."""
    tone = "0"
    rest = []
    for part in unicodedata.normalize("NFD", character):
        if part in _TONES:
            tone = _TONES[part]
        else:
            rest.append(part)
    return unicodedata.normalize("NFC", "".join(rest)), tone

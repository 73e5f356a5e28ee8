"""Two texts beside each other, word by word: what one of them lacks is struck out, what it adds is underlined.

Texts that differ in very many words are compared by sentences: how long comparing takes grows with the third power.

For eyes the marks are lines as well as colours; for screen readers words stand around them that are not copied along.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from flask_babel import gettext as _
from markupsafe import Markup, escape

from assessments.versions import alike

WORDS = re.compile(r"\s+|\S+")
SENTENCES = re.compile(r"[^.!?;\n]*(?:[.!?;\n]\s*|$)")
MOST = 1000  # words and gaps, or sentences, taken apart: a tenth of a second for the most wicked text


@dataclass(frozen=True)
class Compared:
    """One field in two texts: its label, the newer text with its additions, the older one with its losses."""

    label: str
    newer: Markup
    older: Markup
    changed: bool
    language: str = ""


def compare(label: str, older: str, newer: str, language: str = "") -> Compared:
    """Mark in each of two texts what the other one does not have."""
    left, right = WORDS.findall(older), WORDS.findall(newer)
    marked_old, marked_new = [], []
    for same, old, new in _parts(left, right):
        marked_old.append(_plain(old) if same else _marked("del", old))
        marked_new.append(_plain(new) if same else _marked("ins", new))
    return Compared(label, Markup().join(marked_new), Markup().join(marked_old), older != newer, language)


def merged(older: str, newer: str) -> Markup:
    """One text that shows how the newer one came of the older one."""
    left, right = WORDS.findall(older), WORDS.findall(newer)
    found = []
    for same, old, new in _parts(left, right):
        found.append(_plain(new) if same else _marked("del", old) + _marked("ins", new))
    return Markup().join(found)


def _parts(left: Sequence[str], right: Sequence[str]) -> list[tuple[bool, Sequence[str], Sequence[str]]]:
    """Stretches of words that are the same in both, or not; long middles are taken apart by sentences only."""
    start = alike(left, right)
    end = alike(left[start:][::-1], right[start:][::-1])
    old, new = left[start : len(left) - end], right[start : len(right) - end]
    middle = _compared(old, new) or _compared(_sentences(old), _sentences(new)) or [(False, old, new)]
    return [(True, left[:start], left[:start]), *middle, (True, left[len(left) - end :], left[len(left) - end :])]


def _compared(old: Sequence[str], new: Sequence[str]) -> list[tuple[bool, Sequence[str], Sequence[str]]]:
    """The same of what is in between; nothing where that is too much to compare, and where nothing is."""
    if max(len(old), len(new)) > MOST:
        return []
    codes = SequenceMatcher(str.isspace, old, new).get_opcodes()
    return [(tag == "equal", old[a:b], new[c:d]) for tag, a, b, c, d in codes]


def _sentences(words: Sequence[str]) -> Sequence[str]:
    return [found for found in SENTENCES.findall("".join(words)) if found]


def _plain(words: Sequence[str]) -> Markup:
    return escape("".join(words))


def _marked(tag: str, words: Sequence[str]) -> Markup:
    text = "".join(words)
    if not text:
        return Markup()
    before = _("[thêm:") if tag == "ins" else _("[bỏ:")
    return Markup('<{tag}><span class="vh">{before} </span>{text}<span class="vh">]</span></{tag}>').format(
        tag=tag, before=before, text=text
    )

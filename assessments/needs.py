"""What parents type, and which codes of the criteria set answer it: the words of needs.toml, in both languages."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from assessments import typos
from assessments.folding import fold, tokens, words
from criteria.model import Bilingual

SOURCE = Path(__file__).with_name("needs.toml")
LONGEST = 6  # words of a phrase
_YEARS = {"tuoi", "years", "year", "yo"}
_ANYBODY = {"old"}

Value = tuple[str, str]  # a facet and one of its values
Phrase = tuple[str, ...]


@dataclass(frozen=True)
class Need:
    """Something people look for."""

    name: Bilingual
    codes: tuple[Value, ...]  # what meets it
    also: tuple[Value, ...]  # what may, and counts less
    phrases: tuple[Phrase, ...]  # folded, in both languages


@dataclass(frozen=True)
class Table:
    """Every need, found by its phrases; and the words that say nothing by themselves."""

    needs: tuple[Need, ...]
    filler: frozenset[Phrase]
    by_phrase: Mapping[Phrase, tuple[Need, ...]]
    vocabulary: frozenset[str]
    guessable: tuple[tuple[int, str], ...]  # the words of phrases, for typos.near
    spellings: Mapping[str, str]  # folded -> as Vietnamese spells it
    spelt: Mapping[Phrase, tuple[str, ...]]  # the same for phrases


@cache
def table() -> Table:
    """The table as the file has it."""
    return read(tomllib.loads(SOURCE.read_text("utf-8")))


def read(data: Mapping[str, Any]) -> Table:
    """A table from its file's data. Takes names in both languages, codes as "facet:value", phrases; refuses none."""
    filler = frozenset(tuple(words(text)) for text in data["filler"])
    needs = tuple(_need(one, filler) for one in data["needs"])
    by_phrase: dict[Phrase, tuple[Need, ...]] = {}
    for need in needs:
        for phrase in need.phrases:
            by_phrase[phrase] = (*by_phrase.get(phrase, ()), need)
    vocabulary = frozenset(word for phrase in (*by_phrase, *filler) for word in phrase)
    spellings = {fold(word): word for one in data["needs"] for text in one["vi"] for word in tokens(text)}
    spelt = {tuple(words(text)): tuple(tokens(text)) for one in data["needs"] for text in one["vi"]}
    guessable = tuple(typos.prepared({word for phrase in by_phrase if len(phrase) > 1 for word in phrase}))
    return Table(needs, filler, by_phrase, vocabulary, guessable, spellings, spelt)


def is_filler(asked: Sequence[str], place: int) -> int:
    """How many words from a place on say nothing by themselves: the longest run that stands in the table."""
    known = table().filler
    return next((n for n in range(3, 0, -1) if tuple(asked[place : place + n]) in known and place + n <= len(asked)), 0)


def phrase_at(asked: Sequence[str], place: int) -> Phrase:
    """The longest phrase of a need that begins at a place; () where none does."""
    known = table().by_phrase
    most = min(LONGEST, len(asked) - place)
    return next((found for n in range(most, 0, -1) if (found := tuple(asked[place : place + n])) in known), ())


def age_at(asked: Sequence[str], place: int) -> tuple[int, int] | None:
    """An age that is told at a place ("8 tuoi", "8 years old", "8yo"): the years, and how many words tell them."""
    joined = re.fullmatch(r"(\d{1,2})(?:yo|t)", asked[place])
    if joined:
        return int(joined[1]), 1
    if not re.fullmatch(r"\d{1,2}", asked[place]) or place + 1 >= len(asked) or asked[place + 1] not in _YEARS:
        return None
    return int(asked[place]), 3 if place + 2 < len(asked) and asked[place + 2] in _ANYBODY else 2


def _need(one: Mapping[str, Any], filler: frozenset[Phrase]) -> Need:
    phrases = (tuple(words(text)) for text in (*one["vi"], *one["en"]))
    return Need(
        Bilingual(one["name"]["vi"], one["name"]["en"]),
        _values(one["codes"]),
        _values(one.get("also", ())),
        tuple(dict.fromkeys(phrase for phrase in phrases if phrase and phrase not in filler)),
    )


def _values(codes: Sequence[str]) -> tuple[Value, ...]:
    return tuple((facet, value) for facet, _, value in (code.partition(":") for code in codes))

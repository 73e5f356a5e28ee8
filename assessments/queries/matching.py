"""What a search text finds on the shelf, how well, and what has to be told about it: the same on every database.

A text is cut into parts: needs that people name in many ways (assessments/needs.toml), an age, single words. Every part
but a filler must fit; where nothing fits them all, mistakes are looked for, and then products that fit most parts.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import log
from typing import NamedTuple

from assessments import needs, typos
from assessments.folding import fold, tokens
from assessments.needs import Need, Phrase, Value
from assessments.queries.shelf import FIELDS, Day, Shelf, members
from criteria.model import Bilingual

MOST_WORDS = 12
MOST_ENDINGS = 60  # words that a beginning may stand for
MOST_GUESSES = 5  # words that a mistyped one may stand for
MOST_NAMED = 300  # products whose names are looked at for the words in their order
WEIGHTS: Mapping[str, float] = {"name": 12, "maker": 8, "lead": 5, "need": 2.5, "rest": 2}
FOLDED, BEGUN, READ, GUESSED = 0.55, 0.7, 0.9, 0.6  # of a word's weight: other marks, a beginning, Telex, a guess
MEETS, MAY_MEET, SAYS = 4.0, 1.5, 6.0  # a need: its codes, those that count less, its words in name or short text
WHOLE_NAME, NAME_BEGINS, IN_NAME = 60.0, 30.0, 18.0
ENDED = 0.85  # what a product without a valid certificate keeps of its score


@dataclass(frozen=True)
class Marks:
    """What to mark in a text that is shown: folded words, beginnings of words, runs of words."""

    words: frozenset[str] = frozenset()
    beginnings: tuple[str, ...] = ()
    phrases: tuple[Phrase, ...] = ()


@dataclass(frozen=True)
class Told:
    """What has to be said about an answer: words read otherwise or found nowhere, needs it stands for, half answers."""

    read_as: Mapping[str, str] = field(default_factory=dict)  # as typed -> as it was read
    unknown: tuple[str, ...] = ()
    needs: tuple[Bilingual, ...] = ()
    partly: bool = False  # nothing has every word


@dataclass(frozen=True)
class Matches:
    """The listings a text finds, each with its score; `where` says in which field the best of it stands."""

    bits: int
    scores: Mapping[int, int] = field(default_factory=dict)
    told: Told = field(default_factory=Told)
    marks: Marks = field(default_factory=Marks)


class Tier(NamedTuple):
    """Listings that fit a part this well."""

    bits: int
    weight: float


@dataclass(frozen=True)
class Part:
    """One thing that is looked for; each of its groups of tiers adds its best to the score."""

    typed: tuple[str, ...]
    groups: tuple[tuple[Tier, ...], ...]
    required: bool = True
    need: Need | None = None
    ways: tuple["Way", ...] = ()

    @property
    def bits(self) -> int:
        """Every listing that fits."""
        found = 0
        for group in self.groups:
            for tier in group:
                found |= tier.bits
        return found


class Way(NamedTuple):
    """One word that a typed one may stand for, and how good that is."""

    word: str
    worth: float
    begun: bool = False


def find(day: Day, text: str) -> Matches:
    """What a text finds among the products of a day. Takes any text; without a word in it, everything is found."""
    spelt = [word for word in tokens(text) if fold(word).isascii()][:MOST_WORDS]
    if not spelt:
        return Matches(day.visible)
    parts, read_as = _parts(day.shelf, spelt)
    unknown = tuple(part.typed[0] for part in parts if part.required and not part.bits & day.visible)
    known = [part for part in parts if part.bits & day.visible]
    if not any(part.required for part in known):
        known = [] if unknown else [replace(part, required=True) for part in known]
    return _found(day, spelt, known, Told(read_as, unknown))


def _found(day: Day, spelt: Sequence[str], parts: list[Part], told: Told) -> Matches:
    asked = [part for part in parts if part.required]
    bits = _every(day, asked)
    if asked and not bits:
        parts, told = _again(day, parts, told)
        asked = [part for part in parts if part.required]
        bits = _every(day, asked)
    if asked and not bits:
        bits, told = _most(day, asked), replace(told, partly=True)
    told = replace(told, needs=tuple(part.need.name for part in parts if part.need and part.bits & bits))
    return Matches(bits, _scores(day, spelt, parts, bits), told, _marks(parts))


def _every(day: Day, asked: Sequence[Part]) -> int:
    bits = day.visible if asked else 0
    for part in asked:
        bits &= part.bits
    return bits


def _most(day: Day, asked: Sequence[Part]) -> int:
    """The listings that fit at least half of the parts, and no more than one fewer than the best of them."""
    exactly = [day.visible, *[0] * len(asked)]  # how many parts fit -> listings
    for part in asked:
        for fitting in range(len(asked), 0, -1):
            exactly[fitting] = exactly[fitting] & ~part.bits | exactly[fitting - 1] & part.bits
        exactly[0] &= ~part.bits
    best = max((fitting for fitting, bits in enumerate(exactly) if bits), default=0)
    least = max(1, (len(asked) + 1) // 2, best - 1)
    found = 0
    for bits in exactly[least:]:
        found |= bits
    return found


def _again(day: Day, parts: list[Part], told: Told) -> tuple[list[Part], Told]:
    """The same with one known word taken for a mistyped one, where that makes every part fit."""
    for place, part in enumerate(parts):
        if not part.required or part.need or len(part.typed[0]) < 4:
            continue
        others = _every(day, [one for one in parts if one.required and one is not part])
        for _, word in typos.near(fold(part.typed[0]), day.shelf.vocabulary)[:MOST_GUESSES]:
            other = _word(day.shelf, part.typed[0], (Way(word, GUESSED),))
            if other.bits & others and word != fold(part.typed[0]):
                read_as = {**told.read_as, part.typed[0]: day.shelf.spellings.get(word, word)}
                return [*parts[:place], other, *parts[place + 1 :]], replace(told, read_as=read_as)
    return parts, told


# --- parts ---


def _parts(shelf: Shelf, spelt: Sequence[str]) -> tuple[list[Part], dict[str, str]]:
    """The parts of a text, the longest need first, and the words that were read otherwise than typed."""
    ways = [_ways(shelf, word, last=place == len(spelt) - 1) for place, word in enumerate(spelt)]
    folded = [_read(word, options) for word, options in zip(spelt, ways, strict=True)]
    fillers = _fillers(folded)
    kept = [place for place in range(len(spelt)) if place not in fillers] or list(range(len(spelt)))
    parts = [_filler(shelf, spelt[place]) for place in sorted(fillers) if len(kept) < len(spelt)]
    asked = [folded[place] for place in kept]
    at = 0
    while at < len(kept):
        taken, part = _part_at(shelf, [spelt[place] for place in kept], asked, (at, ways[kept[at]]))
        parts.append(part)
        at += taken
    read_as = {
        word: shelf.spellings.get(folded[place], folded[place])
        for place, word in enumerate(spelt)
        if folded[place] != fold(word)
    }
    return parts, read_as


def _read(word: str, ways: Sequence[Way]) -> str:
    return ways[0].word if ways and not ways[0].begun else fold(word)


def _fillers(folded: Sequence[str]) -> set[int]:
    found: set[int] = set()
    place = 0
    while place < len(folded):
        inside = len(needs.phrase_at(folded, place))
        run = 0 if inside > 1 else needs.is_filler(folded, place)
        found.update(range(place, place + run))
        place += max(run, inside, 1)
    return found


def _part_at(
    shelf: Shelf, spelt: Sequence[str], asked: Sequence[str], at: tuple[int, tuple[Way, ...]]
) -> tuple[int, Part]:
    """The part that begins at a place, and how many words it takes."""
    place, ways = at
    if told := needs.age_at(asked, place):
        years, taken = told
        return taken, _age(shelf, tuple(spelt[place : place + taken]), years)
    joined = "".join(asked[place : place + 2])
    if _is_split(shelf, joined, asked[place : place + 2]):
        return 2, _word(shelf, joined, [Way(joined, 1.0)])
    phrase = needs.phrase_at(asked, place)
    if phrase:
        typed = tuple(spelt[place : place + len(phrase)])
        return len(phrase), _need(shelf, typed, phrase)
    return 1, _word(shelf, spelt[place], ways)


def _is_split(shelf: Shelf, joined: str, words: Sequence[str]) -> bool:
    """Whether two words are a name that is written as one ("story weaver")."""
    named = any(joined in shelf.words[name] for name in ("name", "maker"))
    return len(words) == 2 and named and not all(_knows(shelf, word) for word in words)


def _ways(shelf: Shelf, spelt: str, *, last: bool) -> tuple[Way, ...]:
    """What a typed word may stand for: itself, a longer one, Vietnamese typed with its program off, a mistake."""
    folded = fold(spelt)
    known = _knows(shelf, folded)
    found = [Way(folded, 1.0)] if known else []
    if last or not known:
        found += [Way(word, BEGUN, begun=True) for word in _endings(shelf, folded) if word != folded]
    if not found:
        found = [Way(word, READ) for word in typos.untyped(folded) if _knows(shelf, word)]
    return tuple(found or _guesses(shelf, folded))


def _knows(shelf: Shelf, word: str) -> bool:
    return word in needs.table().vocabulary or any(word in known for known in shelf.words.values())


def _endings(shelf: Shelf, beginning: str) -> list[str]:
    if len(beginning) < 2:
        return []
    first = bisect_left(shelf.vocabulary, beginning)
    last = bisect_left(shelf.vocabulary, beginning + "{")  # "{" follows "z"
    return shelf.vocabulary[first : min(last, first + MOST_ENDINGS)]


def _guesses(shelf: Shelf, folded: str) -> list[Way]:
    """The likeliest known words: the cheapest mistake first, then what more products have."""
    known = {*shelf.vocabulary, *needs.table().vocabulary}
    found = typos.near(folded, known)
    if not found:
        return []
    dearest = found[0][0] + 2
    by_use = sorted((cost, -_uses(shelf, word), word) for cost, word in found if cost <= dearest)
    return [Way(word, GUESSED) for _, _, word in by_use[:MOST_GUESSES]]


def _uses(shelf: Shelf, word: str) -> int:
    return max(known.get(word, 0).bit_count() for known in shelf.words.values())


def _word(shelf: Shelf, typed: str, ways: Iterable[Way]) -> Part:
    """A single word: each field with its weight; where marks were typed, the word with these marks counts most."""
    ways = tuple(ways)
    marked = "" if typed.isascii() else typed
    tiers: list[Tier] = []
    for name in FIELDS:
        known, weight = shelf.words[name], WEIGHTS[name]
        if marked in known:
            tiers.append(Tier(known[marked], weight))
        for way in ways:
            if way.word in known:
                tiers.append(Tier(known[way.word], weight * way.worth * (FOLDED if marked else 1.0)))
    return Part((typed,), (_steps(tiers),), ways=ways)


def _filler(shelf: Shelf, typed: str) -> Part:
    part = _word(shelf, typed, [Way(fold(typed), 1.0)])
    return replace(part, required=False)


def _age(shelf: Shelf, typed: tuple[str, ...], years: int) -> Part:
    bits = 0
    for (facet, value), listings in shelf.values.items():
        low, dash, high = value.partition("-")
        if facet == "age" and dash and low.isdigit() and high.isdigit() and int(low) <= years <= int(high):
            bits |= listings
    return Part(typed, ((Tier(bits, MEETS),),))


def _need(shelf: Shelf, typed: tuple[str, ...], phrase: Phrase) -> Part:
    """A need: who says one of its phrases, as typed or otherwise, and who has one of its codes."""
    found = needs.table().by_phrase[phrase]
    said = [_saying(shelf, phrase, SAYS * 1.5)] + [_saying(shelf, one, SAYS) for need in found for one in need.phrases]
    codes = [Tier(_having(shelf, need.codes), MEETS) for need in found]
    codes += [Tier(_having(shelf, need.also), MAY_MEET) for need in found]
    literal = [tier for tiers in said for tier in tiers]
    ways = tuple(Way(word, 1.0) for word in phrase)
    return Part(typed, (_steps(literal), _steps(codes)), need=found[0], ways=ways)


def _saying(shelf: Shelf, phrase: Phrase, weight: float) -> list[Tier]:
    """Listings with every word of a phrase in their name or short text, or anywhere."""
    close, far = -1, -1
    for word in phrase:
        near = shelf.words["name"].get(word, 0) | shelf.words["lead"].get(word, 0)
        close &= near
        far &= near | shelf.words["maker"].get(word, 0) | shelf.words["rest"].get(word, 0)
    return [Tier(close, weight), Tier(far, weight / 2.5)]


def _having(shelf: Shelf, codes: Iterable[Value]) -> int:
    bits = 0
    for code in codes:
        bits |= shelf.values.get(code, 0)
    return bits


def _steps(tiers: Iterable[Tier]) -> tuple[Tier, ...]:
    """The same tiers from the best down, each without what a better one has."""
    found: list[Tier] = []
    seen = 0
    for tier in sorted(tiers, key=lambda one: -one.weight):
        new = tier.bits & ~seen
        if new:
            found.append(Tier(new, tier.weight))
            seen |= new
    return tuple(found)


# --- scores ---


def _scores(day: Day, spelt: Sequence[str], parts: Sequence[Part], bits: int) -> dict[int, int]:
    """How well each listing fits, in thousandths: rare parts count more, longer ones too."""
    scores = dict.fromkeys(members(bits), 0.0)
    everything = day.visible.bit_count() + 1
    for part in parts:
        rare = log(1 + everything / (1 + part.bits.bit_count())) * (1 + 0.5 * (len(part.typed) - 1))
        rare *= 1.0 if part.required else 0.1
        for group in part.groups:
            for tier in group:
                for place in members(tier.bits & bits):
                    scores[place] += rare * tier.weight
    for place, more in _named(day, spelt, parts, bits):
        scores[place] += more
    return {place: round(1000 * score * (1 if day.valid >> place & 1 else ENDED)) for place, score in scores.items()}


def _named(day: Day, spelt: Sequence[str], parts: Sequence[Part], bits: int) -> Iterator[tuple[int, float]]:
    """Names that are, begin with or have what was typed, word for word."""
    asked = " ".join(fold(word) for word in spelt)
    near = bits
    for part in parts:
        near &= _in_names(day.shelf, part) if part.required else -1
    for place in members(near)[:MOST_NAMED]:
        names = [fold(line) for line in day.entry(place).words.get("name", "").split("\n")]
        best = max((_likeness(name, asked) for name in names), default=0.0)
        if best:
            yield place, best


def _in_names(shelf: Shelf, part: Part) -> int:
    found = 0
    for way in part.ways:
        found |= shelf.words["name"].get(way.word, 0)
    return found


def _likeness(name: str, asked: str) -> float:
    if name == asked or name.replace(" ", "") == asked.replace(" ", ""):
        return WHOLE_NAME
    if name.startswith(asked):
        return NAME_BEGINS
    return IN_NAME if f" {asked}" in name else 0.0


def _marks(parts: Sequence[Part]) -> Marks:
    single = [part for part in parts if not part.need and part.required]
    words = {way.word for part in single for way in part.ways if not way.begun}
    begun = {fold(part.typed[0]) for part in single if any(way.begun for way in part.ways)}
    phrases = [phrase for part in parts if part.need for phrase in part.need.phrases]
    typed = [tuple(way.word for way in part.ways) for part in parts if part.need]
    return Marks(frozenset(words), tuple(sorted(begun)), tuple(dict.fromkeys([*typed, *phrases])))

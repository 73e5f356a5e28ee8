"""What a search text finds on the shelf, how well, and what has to be told about it: the same on every database.

A text is cut into parts: needs that people name in many ways (assessments/needs.toml), an age, single words. Every part
but a filler must fit; where nothing fits them all, mistakes are looked for, and then products that fit most parts.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import log
from typing import NamedTuple

from assessments import needs, typos
from assessments.folding import fold, tokens
from assessments.needs import Need, Phrase, Value
from assessments.queries.marking import Marks
from assessments.queries.readings import GUESSED, MOST_GUESSES, READ, Way, knows, read, ways
from assessments.queries.shelf import FIELDS, Day, Shelf, members
from criteria.model import Bilingual

MOST_WORDS = 12
MOST_NAMED = 300  # products whose names are looked at for the words in their order
WEIGHTS: Mapping[str, float] = {"name": 12, "maker": 8, "lead": 5, "need": 2.5, "rest": 2}
FOLDED = 0.55  # of a word's weight, where it has other marks than were typed
MEETS, MAY_MEET, SAYS = 4.0, 1.5, 6.0  # a need: its codes, those that count less, its words in name or short text
WHOLE_NAME, NAME_BEGINS, IN_NAME = 60.0, 30.0, 18.0
ENDED = 0.85  # what a product without a valid certificate keeps of its score


@dataclass(frozen=True)
class Told:
    """What has to be said about an answer: words read otherwise or found nowhere, needs it stands for, half answers."""

    read_as: Mapping[str, str] = field(default_factory=dict)  # as typed -> as it was read
    unknown: tuple[str, ...] = ()
    needs: tuple[Bilingual, ...] = ()
    partly: bool = False  # nothing has every word


@dataclass(frozen=True)
class Matches:
    """The listings a text finds, in sets of equal score (in thousandths), the best first; none without a text."""

    bits: int
    cells: tuple[tuple[int, int], ...] = ()  # score, listings
    told: Told = field(default_factory=Told)
    marks: Marks = field(default_factory=Marks)
    codes: tuple[Value, ...] = ()  # of the needs: why a product is there that says no word of them


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
    ways: tuple[Way, ...] = ()

    @property
    def bits(self) -> int:
        """Every listing that fits."""
        found = 0
        for group in self.groups:
            for tier in group:
                found |= tier.bits
        return found


def find(day: Day, text: str) -> Matches:
    """What a text finds among the products of a day. Takes any text; without a word in it, everything is found."""
    spelt = [word for word in tokens(text) if fold(word).isascii()][:MOST_WORDS]
    if not spelt:
        return Matches(day.visible)
    parts, read_as = _parts(day.shelf, spelt)
    unknown = tuple(part.typed[0] for part in parts if part.required and not part.bits & day.visible)
    known = [part for part in parts if part.bits & day.visible]
    if not any(part.required for part in parts):
        return _fillers_alone(day, parts)
    return _found(day, spelt, known, Told(read_as, unknown))


def _fillers_alone(day: Day, parts: Sequence[Part]) -> Matches:
    """Where nothing but fillers was typed ("app for kids"): who is called so, otherwise everything."""
    bits = day.visible
    for part in parts:
        bits &= _in_names(day.shelf, part)
    if not bits:
        return Matches(day.visible)
    return Matches(bits, ((0, bits),), marks=_marks([replace(part, required=True) for part in parts]))


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
    return Matches(bits, _cells(day, spelt, parts, bits), told, _marks(parts), _codes(parts))


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
        for _, word in day.shelf.near(fold(part.typed[0]))[:MOST_GUESSES]:
            other = _word(day.shelf, part.typed[0], (Way(word, GUESSED),))
            if other.bits & others and word != fold(part.typed[0]):
                read_as = {**told.read_as, part.typed[0]: day.shelf.spellings.get(word, word)}
                return [*parts[:place], other, *parts[place + 1 :]], replace(told, read_as=read_as)
    return parts, told


# --- parts ---


def _parts(shelf: Shelf, spelt: Sequence[str]) -> tuple[list[Part], dict[str, str]]:
    """The parts of a text, the longest need first, and the words that were read otherwise than typed."""
    readings = [ways(shelf, word, last=place == len(spelt) - 1) for place, word in enumerate(spelt)]
    folded = [read(word, options) for word, options in zip(spelt, readings, strict=True)]
    for place, options in enumerate(readings):
        better = _in_a_phrase(spelt, folded, place) if not options or options[0].worth == GUESSED else ""
        if better:
            folded[place], readings[place] = better, (Way(better, READ),)
    fillers = _fillers(folded)
    kept = [place for place in range(len(spelt)) if place not in fillers]
    parts = [_filler(shelf, spelt[place]) for place in sorted(fillers)]
    asked = [folded[place] for place in kept]
    at = 0
    while at < len(kept):
        taken, part = _part_at(shelf, [spelt[place] for place in kept], asked, (at, readings[kept[at]]))
        parts.append(part)
        at += taken
    return parts, _read_otherwise(shelf, spelt, folded)


def _in_a_phrase(spelt: Sequence[str], folded: Sequence[str], place: int) -> str:
    """Of the words that a mistyped one may stand for, the likeliest that makes a need's phrase with its neighbours."""
    for _cost, word in typos.near(fold(spelt[place]), needs.table().guessable, typos.OTHER):
        tried = [*folded[:place], word, *folded[place + 1 :]]
        for begin in range(max(0, place - needs.LONGEST), place + 1):
            phrase = needs.phrase_at(tried, begin)
            if len(phrase) > 1 and begin + len(phrase) > place:
                return word
    return ""


def _read_otherwise(shelf: Shelf, spelt: Sequence[str], folded: Sequence[str]) -> dict[str, str]:
    """The words that were read otherwise than typed, each as it is spelt: a need's words as the need has them."""
    shown = [shelf.spellings.get(word, word) for word in folded]
    place = 0
    while place < len(folded):
        phrase = needs.phrase_at(folded, place)
        better = needs.table().spelt.get(phrase, ())
        shown[place : place + len(better)] = better
        place += len(phrase) or 1
    known = zip(spelt, folded, shown, strict=True)
    return {word: better for word, plain, better in known if plain != fold(word)}


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
    place, options = at
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
    return 1, _word(shelf, spelt[place], options)


def _is_split(shelf: Shelf, joined: str, words: Sequence[str]) -> bool:
    """Whether two words are a name that is written as one ("story weaver")."""
    named = any(joined in shelf.words[name] for name in ("name", "maker"))
    return len(words) == 2 and named and not all(knows(shelf, word) for word in words)


def _word(shelf: Shelf, typed: str, options: Iterable[Way]) -> Part:
    """A single word: each field with its weight; where marks were typed, the word with these marks counts most."""
    stands_for = tuple(options)
    marked = "" if typed.isascii() else typed
    tiers: list[Tier] = []
    for name in FIELDS:
        known, weight = shelf.words[name], WEIGHTS[name]
        if marked and marked in known:
            tiers.append(Tier(known[marked], weight))
        for way in stands_for:
            if way.word in known:
                tiers.append(Tier(known[way.word], weight * way.worth * (FOLDED if marked else 1.0)))
    return Part((typed,), (_steps(tiers),), ways=stands_for)


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
    stands_for = tuple(Way(word, 1.0) for word in phrase)
    return Part(typed, (_steps(literal), _steps(codes)), need=found[0], ways=stands_for)


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


def _cells(day: Day, spelt: Sequence[str], parts: Sequence[Part], bits: int) -> tuple[tuple[int, int], ...]:
    """The listings in sets of equal score: each group of tiers cuts the sets there are, none goes by itself.

    Rare parts count more, and longer ones too.
    """
    cells = [(0.0, bits)] if bits else []
    everything = day.visible.bit_count() + 1
    for part in parts:
        rare = log(1 + everything / (1 + part.bits.bit_count())) * (1 + 0.5 * (len(part.typed) - 1))
        rare *= 1.0 if part.required else 0.1
        for group in part.groups:
            cells = _merged(_cut(cells, group, rare))
    named = [Tier(1 << place, more) for place, more in _named(day, spelt, parts, bits)]
    cells = _cut(cells, named, 1.0) if named else cells
    ended = [(score * ENDED, cell & ~day.valid) for score, cell in cells if cell & ~day.valid]
    valid = [(score, cell & day.valid) for score, cell in cells if cell & day.valid]
    return tuple((round(1000 * score), cell) for score, cell in sorted(_merged(valid + ended), reverse=True))


def _cut(cells: Iterable[tuple[float, int]], tiers: Sequence[Tier], rare: float) -> list[tuple[float, int]]:
    """Each set cut by the tiers, whose listings score more; the rest stays as it was."""
    found: list[tuple[float, int]] = []
    for score, cell in cells:
        left = cell
        for tier in tiers:
            inside = left & tier.bits
            if inside:
                found.append((score + rare * tier.weight, inside))
                left &= ~inside
        found += [(score, left)] if left else []
    return found


def _merged(cells: Iterable[tuple[float, int]]) -> list[tuple[float, int]]:
    """Sets of the same score made one, to a thousandth."""
    found: dict[float, int] = {}
    for score, cell in cells:
        found[round(score, 3)] = found.get(round(score, 3), 0) | cell
    return list(found.items())


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


def _codes(parts: Iterable[Part]) -> tuple[Value, ...]:
    found = [code for part in parts if part.need for code in (*part.need.codes, *part.need.also)]
    return tuple(dict.fromkeys(found))

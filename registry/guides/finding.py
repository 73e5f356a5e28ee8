"""Search over the guides: accents folded, both languages at once, every word wanted and the nearest otherwise."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from math import log

from markupsafe import Markup, escape

from assessments import folding
from assessments.guide_checks import HEADING
from assessments.guide_kinds import GuideTag
from registry.articles import Article, plain
from registry.guides.words import TAGS

LONGEST = 120  # characters of a query
MOST_WORDS = 12
WEIGHTS = (8, 4, 4, 3, 1)  # title, what it is about, lead, headings, text
NEAR = 0.5  # of the best: what is worth showing when no guide has every word
PHRASE = 4  # for a title that has the words side by side
ALIKE = 0.8  # how like a word of a guide a mistyped one must be
PREFIX = 3  # letters from which on the beginning of a word is enough
SHOWN = 160  # characters of an excerpt

# Words that say nothing of what is looked for, folded; they count where a query has no others.
IDLE = {
    *("a", "an", "and", "at", "be", "can", "do", "for", "from", "how", "i", "in", "is"),
    *("it", "me", "my", "of", "on", "or", "the", "to", "what", "when", "with", "you", "your"),
    *("ai", "bi", "cac", "cai", "cho", "co", "cua", "day", "de", "den", "do", "duoc", "gi", "la", "lam"),
    *("minh", "mot", "nao", "nhu", "nhung", "o", "roi", "sao", "the", "thi", "toi", "tren", "tu", "va", "ve", "voi"),
}

_WORD = re.compile(r"\w+")
_SENTENCE = re.compile(r"[^.!?]+[.!?]?")


@dataclass(frozen=True)
class Found:
    """What a search found, by which words; `whole` says that every word is in each of them."""

    articles: tuple[Article, ...]
    words: tuple[str, ...] = ()
    whole: bool = True


def search(articles: Sequence[Article], query: str) -> Found:
    """The guides in which the words of a query stand, in either language, the best first.

    A word that no guide has is taken for the nearest one that some guide has: "groming" finds "grooming".
    """
    wanted = tuple(_nearest(word, articles) for word in words(query))
    if not wanted:
        return Found(tuple(articles))
    marks = {one.slug: [_best(word, _fields(one)) for word in wanted] for one in articles}
    rarity = [_rarity([found[place] for found in marks.values()]) for place in range(len(wanted))]
    points = {slug: sum(a * b for a, b in zip(found, rarity, strict=True)) for slug, found in marks.items()}
    points |= {one.slug: points[one.slug] + PHRASE for one in articles if _in_title(wanted, one)}
    ranked = sorted((one for one in articles if points[one.slug]), key=lambda one: -points[one.slug])
    whole = tuple(one for one in ranked if all(marks[one.slug]))
    if whole or not ranked:
        return Found(whole, wanted)
    near = points[ranked[0].slug] * NEAR
    return Found(tuple(one for one in ranked if points[one.slug] >= near), wanted, whole=False)


def words(query: str) -> tuple[str, ...]:
    """The folded words of a query, each once."""
    every = tuple(dict.fromkeys(folding.words(query[:LONGEST])))
    return (tuple(word for word in every if word not in IDLE) or every)[:MOST_WORDS]


def marked(text: str, wanted: Sequence[str]) -> Markup:
    """The text with the words of the query marked."""
    pieces, last = [], 0
    for found in _WORD.finditer(text):
        if any(_matches(word, folding.fold(found[0])) for word in wanted):
            pieces += [escape(text[last : found.start()]), Markup("<mark>{}</mark>").format(found[0])]
            last = found.end()
    return Markup().join([*pieces, escape(text[last:])])


def excerpt(article: Article, lang: str, wanted: Sequence[str]) -> str:
    """The sentence of the text with the most words of the query; nothing where title and lead have them all."""
    above = _folded(f"{article.title(lang)} {article.lead(lang)}")
    missing = [word for word in wanted if not any(_matches(word, one) for one in above)]
    if not missing:
        return ""
    sentences = _SENTENCE.findall(plain(article.content.text("body", lang)))
    best = max(sentences, key=lambda one: _count(one, missing), default="")
    return _cut(best.strip()) if _count(best, missing) else ""


def _fields(article: Article) -> tuple[frozenset[str], ...]:
    content = article.content
    tags = " ".join(str(TAGS[GuideTag(tag)]) + f" {tag}" for tag in content.tags if tag in set(GuideTag))
    bodies = f"{content.body_vi}\n{content.body_en}"
    return (
        _folded(f"{content.title_vi} {content.title_en} {article.slug}"),
        _folded(tags),
        _folded(f"{content.lead_vi} {content.lead_en}"),
        _folded(" ".join(title for _, title in HEADING.findall(bodies))),
        _folded(bodies),
    )


@lru_cache(maxsize=512)
def _folded(text: str) -> frozenset[str]:
    """The words of a text, kept: folding a whole guide takes longer than everything else here."""
    return frozenset(folding.words(text))


def _best(word: str, fields: Sequence[frozenset[str]]) -> float:
    found = zip(fields, WEIGHTS, strict=True)
    return max((weight for said, weight in found if any(_matches(word, one) for one in said)), default=0)


def _nearest(word: str, articles: Sequence[Article]) -> str:
    """The word itself where some guide has it, or is too short to guess; else the one most like it, if any is."""
    if len(word) <= PREFIX or any(_best(word, _fields(one)) for one in articles):
        return word
    said = {one for article in articles for field in _fields(article) for one in field if len(one) > PREFIX}
    return next(iter(get_close_matches(word, sorted(said), 1, ALIKE)), word)


def _in_title(wanted: Sequence[str], article: Article) -> bool:
    titles = (article.content.title_vi, article.content.title_en)
    return len(wanted) > 1 and any(" ".join(wanted) in " ".join(folding.words(title)) for title in titles)


def _matches(word: str, said: str) -> bool:
    return said == word or (len(word) >= PREFIX and said.startswith(word))


def _rarity(marks: Sequence[float]) -> float:
    """What few guides say tells more than what all of them say."""
    return log(1 + len(marks) / (1 + sum(1 for one in marks if one)))


def _count(sentence: str, wanted: Sequence[str]) -> int:
    said = folding.words(sentence)
    return sum(any(_matches(word, one) for one in said) for word in wanted)


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN else text[:SHOWN].rsplit(" ", 1)[0] + "…"

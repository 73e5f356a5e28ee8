"""The guides that the public reads: the files that come with the site, and what the club has published in their place.

A file is `guides/articles/<slug>.<lang>.md`: first line the title, then a lead, then the text in sections; what is the
same in both languages (for whom, about what, sources, days) stands in `guides.toml` there.
`{certificate}`, `{review_days}` and the like stand for the wording, the periods and the quorum of the edition in force.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import ceil
from pathlib import Path
from typing import Any

from markupsafe import Markup
from sqlmodel import Session

from assessments.clock import VIETNAM
from assessments.guide_checks import HEADING, LINK, VALUE, GuideContent, Source, sources_of
from assessments.guide_kinds import GuideAudience
from assessments.models import GuidePublication
from assessments.queries import guides as queries
from registry import prose

FOLDER = Path(__file__).parent / "guides" / "articles"
LIST = "guides.toml"
A_MINUTE = {"vi": 240, "en": 200}  # syllables, words: a calm reader on a phone

_ID = re.compile(r' id="[^"]*"')
_MARKS = re.compile(r"\]\([^)]*\)|^#+ .*$|^\|[-|: ]+$|^ *(?:[-*]|\d+\.) +|[*_#|>`\[\]]", re.MULTILINE)


@dataclass(frozen=True)
class Article:
    """A guide that is public now; `updated` is the day this text appeared, of a file the day it was written."""

    slug: str
    content: GuideContent
    updated: date

    def title(self, lang: str) -> str:
        """The title in a language."""
        return self.content.text("title", lang)

    def lead(self, lang: str) -> str:
        """The sentences under the title."""
        return self.content.text("lead", lang)

    @property
    def sources(self) -> tuple[Source, ...]:
        """Where the facts come from."""
        return sources_of(self.content.sources)

    def contents(self, lang: str) -> tuple[tuple[str, str], ...]:
        """The sections, as id and title."""
        found = HEADING.findall(self.content.text("body", lang))
        return tuple((prose.slugify(title), title) for signs, title in found if signs == "##")

    def minutes(self, lang: str) -> int:
        """How long reading it takes."""
        return max(1, ceil(len(self.content.text("body", lang).split()) / A_MINUTE[lang]))


@dataclass(frozen=True)
class Gone:
    """A guide that was withdrawn: its title, and the publication that says when and why."""

    slug: str
    content: GuideContent
    publication: GuidePublication


@dataclass(frozen=True)
class Listed:
    """A guide in a list: for the sitemap, feeds, and searches over the whole site."""

    slug: str
    title: str
    lead: str
    updated: date
    audience: GuideAudience
    tags: tuple[str, ...]


def listed(session: Session, lang: str) -> list[Listed]:
    """Every guide that is public now, in the order of the index: address, title, lead, day. One statement."""
    return [
        Listed(one.slug, one.title(lang), one.lead(lang), one.updated, one.content.audience, one.content.tags)
        for one in public(session)
    ]


def public(session: Session) -> list[Article]:
    """Every guide that is public now: those that come with the site in their order, then the others by address."""
    found = {slug: _shipped_article(slug) for slug in shipped()}
    for standing in queries.standings(session):
        if standing.is_public:
            found[standing.guide.slug] = _published_article(standing)
        elif standing.is_gone:
            found.pop(standing.guide.slug, None)
    return list(found.values())


def find(session: Session, slug: str) -> Article | Gone | None:
    """The guide at an address: what the public reads there, that it was withdrawn, or nothing."""
    standing = queries.standing_of(session, slug)
    if standing is not None and standing.is_public:
        return _published_article(standing)
    if standing is not None and standing.is_gone:
        return Gone(slug, queries.content_of(standing.text), standing.publication)
    return _shipped_article(slug) if slug in shipped() else None


@lru_cache(maxsize=1)
def shipped() -> Mapping[str, GuideContent]:
    """The guides that come with the site, in the order of their list."""
    return {slug: _content(slug, facts) for slug, facts in _listed().items()}


@lru_cache(maxsize=1)
def _listed() -> Mapping[str, Mapping[str, Any]]:
    """What is said of each in their list."""
    return tomllib.loads((FOLDER / LIST).read_text("utf-8"))


def html(text: str, values: Mapping[str, object], address: Callable[[str], str | None], highest: int = 1) -> Markup:
    """A text with its values filled in; a value nobody knows stays as it was typed.

    `address` turns a path of this site into a link, or into None where there is no such page; then only the words of
    the link are printed.
    """
    filled = VALUE.sub(lambda found: str(values.get(found[1], found[0])), text)
    return _html(LINK.sub(lambda link: _linked(link, address), filled), highest)


def without_ids(text: Markup) -> Markup:
    """The same for a page that shows several texts: an id stands on a page once."""
    return Markup(_ID.sub("", text))  # noqa: S704  # nh3 has cleaned it, and this only takes away


def plain(text: str) -> str:
    """The text as it is read, without headings, links and marks."""
    return " ".join(_MARKS.sub(" ", text).split())


def _content(slug: str, facts: Mapping[str, Any]) -> GuideContent:
    said: dict[str, str] = {}
    for lang in ("vi", "en"):
        title, lead, body = (FOLDER / f"{slug}.{lang}.md").read_text("utf-8").split("\n\n", 2)
        said |= {f"title_{lang}": title.removeprefix("# "), f"lead_{lang}": lead, f"body_{lang}": body.rstrip()}
    return GuideContent(
        **said,
        audience=GuideAudience(facts["audience"]),
        tags=tuple(facts["tags"]),
        related=tuple(facts["related"]),
        sources="\n".join(" | ".join(source) for source in facts["sources"]),
        checked_on=facts.get("checked"),
    )


def _shipped_article(slug: str) -> Article:
    written: date = _listed()[slug]["written"]
    return Article(slug, shipped()[slug], written)


def _published_article(standing: queries.Standing) -> Article:
    day = standing.publication.published_at.astimezone(VIETNAM).date()
    return Article(standing.guide.slug, queries.content_of(standing.text), day)


def _linked(link: re.Match[str], address: Callable[[str], str | None]) -> str:
    if not link[2].startswith("/"):
        return link[0]
    found = address(link[2])
    return f"[{link[1]}]({found})" if found else link[1]


@lru_cache(maxsize=128)
def _html(text: str, highest: int) -> Markup:
    """The text as HTML, kept: the same few articles are read again and again."""
    return prose.trusted(text, highest)

"""The articles as files: `articles/<slug>.<lang>.md`, first line the title, then a lead, then the text in sections.

`{certificate}`, `{review_days}` and the like stand for the wording, the periods and the quorum of the edition in force.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from markupsafe import Markup

from registry import prose

FOLDER = Path(__file__).parent / "articles"

_HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
_LINK = re.compile(r"\[([^\]]+)\]\((/[^)\s]*)\)")


@dataclass(frozen=True)
class Article:
    """One article in one language; `contents` are the sections, as id and title."""

    slug: str
    title: str
    lead: str
    html: Markup
    contents: tuple[tuple[str, str], ...]


def slugs() -> tuple[str, ...]:
    """The articles there are."""
    return tuple(sorted(path.name.removesuffix(".vi.md") for path in FOLDER.glob("*.vi.md")))


def heading(slug: str, lang: str) -> tuple[str, str]:
    """Title and lead of an article, which no value changes."""
    title, lead, _ = _parts(slug, lang)
    return title, lead


def read(slug: str, lang: str, values: Mapping[str, object], address: Callable[[str], str | None]) -> Article:
    """One article with its values filled in.

    `address` turns a path of this site into a link, or into None where there is no such page; then only the words of
    the link are printed. Raises KeyError for a value the article asks for and `values` does not have.
    """
    title, lead, body = _parts(slug, lang)
    contents = tuple((prose.slugify(found), found) for found in _HEADING.findall(body))
    filled = _LINK.sub(lambda link: _linked(link, address), body.format_map(values))
    return Article(slug, title, lead, _html(filled), contents)


def _parts(slug: str, lang: str) -> tuple[str, str, str]:
    title, lead, body = (FOLDER / f"{slug}.{lang}.md").read_text("utf-8").split("\n\n", 2)
    return title.removeprefix("# "), lead, body


def _linked(link: re.Match[str], address: Callable[[str], str | None]) -> str:
    found = address(link[2])
    return f"[{link[1]}]({found})" if found else link[1]


@lru_cache(maxsize=64)
def _html(text: str) -> Markup:
    """The text as HTML, kept: the same few articles are read again and again."""
    return prose.trusted(text, highest=1)

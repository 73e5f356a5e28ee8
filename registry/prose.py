"""Markdown to safe HTML, in two strengths: the club's own texts, and texts of strangers.

Python-Markdown takes seconds for a few thousand brackets, so strangers' texts are capped and read with a small syntax
whose patterns cannot backtrack. Whatever comes out of either goes through nh3. Render once, when the text is saved.
"""

import re
import unicodedata
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import nh3
from markdown import Markdown
from markdown.extensions.toc import TocExtension
from markdown.inlinepatterns import InlineProcessor, SubstituteTagInlineProcessor
from markupsafe import Markup

LONGEST = 5_000
DEEPEST_INDENT = 8
REL = "nofollow noopener noreferrer"

STRANGERS_TAGS = {"p", "br", "ul", "ol", "li", "em", "strong", "a"}
TRUSTED_TAGS = STRANGERS_TAGS | {
    *("h2", "h3", "h4", "blockquote", "code", "pre", "hr", "dl", "dt", "dd", "abbr"),
    *("table", "thead", "tbody", "tr", "th", "td", "caption"),
}
TRUSTED_ATTRIBUTES = {
    "a": {"href", "title"},
    "h2": {"id"},
    "h3": {"id"},
    "h4": {"id"},
    "th": {"scope", "align"},
    "td": {"align"},
    "ol": {"start"},
    "abbr": {"title"},
}

# Blocks that strangers do without; their inline patterns are these four and the line break, and no other.
NOT_FOR_STRANGERS = ("code", "hashheader", "setextheader", "hr", "quote", "reference")
LINK = r"\[([^\[\]\n]{1,200})\]\(((?:https://|mailto:)[^\s()<>\"']{1,500})\)"
BARE_LINK = r"(?<![\w/(\[.@])(https://[^\s()<>\"'\[\]]{1,500}[^\s()<>\"'\[\].,;:!?…])"
STRONG = r"\*\*([^*\n]{1,500})\*\*"
EMPHASIS = r"(?<![\w*])[*_]([^*_\n]{1,500})[*_](?![\w*])"


def trusted(text: str, highest: int = 2) -> Markup:
    """HTML of the club's own text (criteria, guides, agreements): headings with ids, tables, links within the site.

    `highest` is the heading that a single # becomes: 1 where the page has taken the title out for its own.
    """
    reader = Markdown(extensions=["tables", "sane_lists", "def_list", TocExtension(slugify=slugify, baselevel=highest)])
    html = nh3.clean(
        reader.convert(text),
        tags=TRUSTED_TAGS,
        attributes=TRUSTED_ATTRIBUTES,
        attribute_filter=_safe_href,
        url_schemes={"https", "mailto", "tel"},
        link_rel=None,
    )
    return Markup(html)  # noqa: S704  # nh3 has just cleaned it


def stranger(text: str) -> Markup:
    """HTML of a vendor's claim, a comment or a report: paragraphs, lists, emphasis, https and mailto links."""
    capped = "\n".join(_shallow(line) for line in text[:LONGEST].splitlines())
    html = nh3.clean(
        _strangers_reader().convert(capped),
        tags=STRANGERS_TAGS,
        attributes={"a": {"href"}},
        attribute_filter=_safe_href,
        url_schemes={"https", "mailto"},
        link_rel=REL,
    )
    return Markup(html)  # noqa: S704  # nh3 has just cleaned it


def slugify(title: str, separator: str = "-") -> str:
    """An id from a Vietnamese heading: "Đồng ý của cha mẹ" becomes "dong-y-cua-cha-me"."""
    folded = unicodedata.normalize("NFD", title.replace("đ", "d").replace("Đ", "D"))
    ascii_only = folded.encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", separator, ascii_only).strip(separator)


def _shallow(line: str) -> str:
    """The line with its indent cut: every level of indent is one more recursion of the parser."""
    bare = line.expandtabs(4).lstrip(" ")
    depth = min(len(line.expandtabs(4)) - len(bare), DEEPEST_INDENT)
    # "- - - -" would nest one list per dash.
    return " " * depth + re.sub(r"^(?:(?:[-*+]|\d{1,9}\.)[ ]+)+(?=(?:[-*+]|\d{1,9}\.)[ ])", "", bare)


def _strangers_reader() -> Markdown:
    reader = Markdown(extensions=["sane_lists"])
    reader.preprocessors.deregister("html_block")
    for name in NOT_FOR_STRANGERS:
        reader.parser.blockprocessors.deregister(name)
    # Emptied in place: the tree processor keeps this very registry, and the names have no public list.
    for item in list(reader.inlinePatterns._priority):  # type: ignore[attr-defined]  # see the line above
        reader.inlinePatterns.deregister(item.name)
    for priority, name, pattern in (
        (90, "link", _Link(LINK, href=2)),
        (80, "bare_link", _Link(BARE_LINK, href=1)),
        (70, "strong", _Tag(STRONG, "strong")),
        (60, "emphasis", _Tag(EMPHASIS, "em")),
        (50, "line_break", SubstituteTagInlineProcessor(r"\n", "br")),
    ):
        reader.inlinePatterns.register(pattern, name, priority)
    return reader


class _Link(InlineProcessor):
    """A link: its first group is what is read, the group `href` where it leads."""

    def __init__(self, pattern: str, href: int) -> None:
        super().__init__(pattern)
        self.href = href

    def handleMatch(  # type: ignore[override]  # noqa: N802  # name and breadth of type are the library's
        self, m: re.Match[str], data: str
    ) -> tuple[Element, int, int]:
        link = Element("a", href=m.group(self.href))
        link.text = m.group(1)
        return link, m.start(0), m.end(0)


class _Tag(InlineProcessor):
    """Text between two signs."""

    def __init__(self, pattern: str, tag: str) -> None:
        super().__init__(pattern)
        self.tag = tag

    def handleMatch(  # type: ignore[override]  # noqa: N802  # see above
        self, m: re.Match[str], data: str
    ) -> tuple[Element, int, int]:
        element = Element(self.tag)
        element.text = m.group(1)
        return element, m.start(0), m.end(0)


def _safe_href(tag: str, attribute: str, value: str) -> str | None:
    """Keeps an address that a reader can see through: no "//host", no backslash, no space or hidden sign."""
    if attribute != "href":
        return value
    if any(sign == "\\" or sign.isspace() or unicodedata.category(sign) in ("Cc", "Cf") for sign in value):
        return None
    try:
        parts = urlsplit(value)
    except ValueError:
        return None
    return value if _goes_somewhere_plain(parts.scheme, parts.netloc, value) else None


def _goes_somewhere_plain(scheme: str, host: str, value: str) -> bool:
    if scheme == "https":
        return bool(host) and "@" not in host
    return not host and not value.startswith("//")

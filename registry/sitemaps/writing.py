"""The site map as a document (sitemaps.org, with hreflang as search engines read it): each page in both languages."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from xml.etree import ElementTree

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML = "http://www.w3.org/1999/xhtml"
DEFAULT = "x-default"


@dataclass(frozen=True)
class Page:
    """One page: its address in each language, and when it last changed, where that is known."""

    vi: str
    en: str
    changed: date | None = None


def urlset(pages: Iterable[Page]) -> bytes:
    """A part of the map: two addresses a page, each naming both."""
    root = ElementTree.Element(_s("urlset"))
    for page in pages:
        for address in (page.vi, page.en):
            entry = ElementTree.SubElement(root, _s("url"))
            ElementTree.SubElement(entry, _s("loc")).text = address
            if page.changed:
                ElementTree.SubElement(entry, _s("lastmod")).text = page.changed.isoformat()
            for language, other in (("vi", page.vi), ("en", page.en), (DEFAULT, page.vi)):
                about = {"rel": "alternate", "hreflang": language, "href": other}
                ElementTree.SubElement(entry, f"{{{XHTML}}}link", about)
    return _document(root)


def index(parts: Iterable[str]) -> bytes:
    """The list of the parts, where one document would be too long."""
    root = ElementTree.Element(_s("sitemapindex"))
    for address in parts:
        ElementTree.SubElement(ElementTree.SubElement(root, _s("sitemap")), _s("loc")).text = address
    return _document(root)


def _document(root: ElementTree.Element) -> bytes:
    ElementTree.register_namespace("", SITEMAP)
    ElementTree.register_namespace("xhtml", XHTML)
    document: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _s(name: str) -> str:
    return f"{{{SITEMAP}}}{name}"

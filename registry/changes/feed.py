"""The register as an Atom feed (RFC 4287): of everything or of one product, in the language of its address."""

from dataclasses import dataclass
from datetime import date
from xml.etree import ElementTree

from flask_babel import gettext as _

from assessments.clock import start_of_day
from assessments.models import Change
from assessments.publishing import RegisterKind
from criteria.model import Bilingual
from registry import identity, register
from registry.i18n import lang
from registry.templating import bi, day

ATOM = "http://www.w3.org/2005/Atom"
XML = "http://www.w3.org/XML/1998/namespace"
MIMETYPE = "application/atom+xml"


@dataclass(frozen=True)
class Feed:
    """What a feed is of: its title, its name for good, and where it, its page and its next part are."""

    title: str
    id: str
    url: str
    page: str
    next: str = ""


def written(feed: Feed, lines: list[Change]) -> bytes:
    """The feed as a document; the same lines give the same bytes."""
    ElementTree.register_namespace("", ATOM)
    root = ElementTree.Element(_a("feed"), {f"{{{XML}}}lang": lang()})
    _text(root, "id", feed.id)
    _text(root, "title", feed.title)
    newest = max((one.at for one in lines), default=start_of_day(date(register.YEAR, 1, 1)))
    _text(root, "updated", register.stamp(newest))
    author = ElementTree.SubElement(root, _a("author"))
    _text(author, "name", identity.on().name)
    for relation, address, kind in _links(feed):
        ElementTree.SubElement(root, _a("link"), {"rel": relation, "href": address, "type": kind})
    for line in lines:
        _entry(root, line)
    document: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def title_of(line: Change) -> str:
    """What happened to which product, in one line."""
    if line.kind is RegisterKind.EDITION:
        return f"{register.word(line.kind)}: {bi(Bilingual(**line.text['edition']))}"
    return f"{register.word(line.kind)}: {bi(Bilingual(**line.text['name']))} ({line.number})"


def summary_of(line: Change) -> str:
    """Who, from which day, and why."""
    if line.kind is RegisterKind.EDITION:
        return str(_("Công bố ngày %(day)s.", day=day(line.day)))
    sentences = [f"{bi(Bilingual(**line.text['vendor']))}.", _("Từ ngày %(day)s.", day=day(line.day))]
    if reason := bi(Bilingual(**line.text["reason"])):
        sentences.append(_("Lý do: %(reason)s", reason=reason))
    if line.text["follower"]:
        sentences.append(_("Giấy mới: %(number)s.", number=line.text["follower"]))
    return " ".join(str(one) for one in sentences)


def _links(feed: Feed) -> list[tuple[str, str, str]]:
    found = [("self", feed.url, MIMETYPE), ("alternate", feed.page, "text/html")]
    return found + ([("next", feed.next, MIMETYPE)] if feed.next else [])


def _entry(root: ElementTree.Element, line: Change) -> None:
    entry = ElementTree.SubElement(root, _a("entry"))
    _text(entry, "id", register.tag(f"register/{line.key}"))
    _text(entry, "title", title_of(line))
    _text(entry, "published", register.stamp(line.at))
    _text(entry, "updated", register.stamp(line.at))
    link = {"rel": "alternate", "href": register.address(line, lang()), "type": "text/html"}
    ElementTree.SubElement(entry, _a("link"), link)
    category = {"term": line.kind.value, "label": register.word(line.kind)}
    ElementTree.SubElement(entry, _a("category"), category)
    _text(entry, "summary", summary_of(line))


def _text(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, _a(name)).text = "".join(one for one in text if one >= " " or one in "\t\n")


def _a(name: str) -> str:
    return f"{{{ATOM}}}{name}"

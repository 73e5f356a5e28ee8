"""The filters of the list of products: read from the address, offered on the page, written back into links."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from babel import Locale, UnknownLocaleError
from flask import url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from assessments.folding import tokens, words
from assessments.queries.catalogue import FACETS, SHOWN, SORTS, Found, Search
from assessments.states import CertificateStatus
from criteria.model import Edition
from registry.as_of import NAME, day_of
from registry.catalogue import LISTS, Counts, current_edition, name_of, status_word
from registry.i18n import lang

LONGEST_TEXT = 120
ORDER = ("age", "worry", "platform", "category", "status", "price", "level", "language", "made_in")


@dataclass(frozen=True)
class Choice:
    """One value of a filter."""

    value: str
    label: str
    count: int
    chosen: bool
    hint: str = ""


@dataclass(frozen=True)
class Filter:
    """One filter with the values worth offering."""

    name: str
    title: str
    choices: list[Choice]

    @property
    def chosen(self) -> bool:
        """Whether it is in use."""
        return any(choice.chosen for choice in self.choices)


@dataclass(frozen=True)
class Loosened:
    """A part of a search that could be left out, in the words of its chips, and what there would be then."""

    labels: list[str]
    url: str
    count: int


@dataclass(frozen=True)
class Chip:
    """Something the list is filtered by, and the address without it."""

    part: str
    label: str
    url: str


def read(arguments: MultiDict[str, str], counts: Counts) -> Search:
    """What an address asks for; values nobody knows are left out."""
    edition = current_edition()
    text = " ".join(arguments.get("q", "").replace("\0", "").split())[:LONGEST_TEXT]
    sort = arguments.get("sort", "")
    return Search(
        text=text if words(text) else "",
        facets={
            facet: found
            for facet in FACETS
            if (found := _known(arguments.getlist(facet), _values(facet, counts, edition)))
        },
        statuses=tuple(
            CertificateStatus(value) for value in _known(arguments.getlist("status"), [one.value for one in SHOWN])
        ),
        sort=sort if sort in SORTS else "recommended",
        after=arguments.get("after", ""),
        as_of=day_of(arguments.get(NAME, "").strip()),
    )


def offered(wanted: Search, counts: Counts, found: Found | None = None) -> list[Filter]:
    """Every filter with its values, those that no product has left out unless they are chosen or a row of ages.

    The number beside a value is of the products that have it and fit everything else that was asked for; without
    `found` (the past) there is none.
    """
    edition = current_edition()
    numbers = found.counts if found else {}
    return [
        Filter(name, titles()[name], choices)
        for name in ORDER
        if len(choices := _choices(name, wanted, (counts, numbers), edition)) > 1 or any(one.chosen for one in choices)
    ]


def chips(wanted: Search) -> list[Chip]:
    """Everything the list is filtered by, each with the address that drops it."""
    found = [Chip("text", f"“{wanted.text}”", address(wanted.without("text")))] if wanted.text else []
    for name in ORDER:
        values = _chosen(name, wanted)
        found += [Chip(name, label(name, value), address(_dropping(wanted, name, value))) for value in values]
    return found


def loosened(found: Mapping[tuple[str, ...], int], wanted: Search, known: Iterable[Chip]) -> list[Loosened]:
    """What to leave out when nothing fits, the largest gain first."""
    by_part: dict[str, list[str]] = {}
    for chip in known:
        by_part.setdefault(chip.part, []).append(chip.label)
    rows = []
    for parts, count in sorted(found.items(), key=lambda item: -item[1]):
        looser = wanted
        for part in parts:
            looser = looser.without(part)
        rows.append(Loosened([label for part in parts for label in by_part.get(part, ())], address(looser), count))
    return rows


def why(found: Found) -> dict[str, list[str]]:
    """Product -> what of it answers a need that was typed, as parents read it."""
    return {slug: [label(name, value) for name, value in codes] for slug, codes in found.why.items() if codes}


def read_as(wanted: Search, found: Found) -> str:
    """The text as it was read, where words were taken for mistyped ones; "" where none was."""
    corrected = found.told.read_as
    return " ".join(corrected.get(word, word) for word in tokens(wanted.text)) if corrected else ""


def cleared(wanted: Search) -> str:
    """The address without any filter; what was typed stays, as long as there is a filter to clear."""
    return address(Search(text=wanted.text, sort=wanted.sort)) if wanted.parts()[1:] else address(Search())


def address(wanted: Search, after: str = "") -> str:
    """The address of a search: what it asks for, in a fixed order, so that caches see few variants."""
    query: dict[str, Any] = {"q": wanted.text} if wanted.text else {}
    query.update({facet: list(wanted.facets[facet]) for facet in FACETS if wanted.facets.get(facet)})
    query.update({"status": [one.value for one in wanted.statuses]} if wanted.statuses else {})
    query.update({"sort": wanted.sort} if wanted.sort != "recommended" else {})
    query.update({"after": after} if after else {})
    query.update({NAME: wanted.as_of.isoformat()} if wanted.as_of else {})
    return url_for("products.index", **query)


def today(wanted: Search) -> Search:
    """The same search of today."""
    return Search(wanted.text, wanted.facets, wanted.statuses, wanted.sort)


def label(name: str, value: str) -> str:
    """A value as parents read it."""
    if name in LISTS:
        named = name_of(value, name)
        return _("Mức %(level)s", level=named) if name == "level" else _aged(name, named)
    return status_word(value) if name == "status" else _made_in(value) if name == "made_in" else _language(value)


def titles() -> dict[str, str]:
    """The name of each filter."""
    return {
        "age": _("Tuổi của con"),
        "worry": _("Điều bạn lo"),
        "platform": _("Thiết bị"),
        "category": _("Loại sản phẩm"),
        "status": _("Tình trạng giấy"),
        "price": _("Giá"),
        "level": _("Mức đạt"),
        "language": _("Ngôn ngữ"),
        "made_in": _("Làm tại Việt Nam"),
    }


def sorts(wanted: Search) -> list[Choice]:
    """The orders offered; the first is the best match when something was typed."""
    labels = {
        "recommended": _("Khớp nhất") if wanted.text else _("Mới cấp"),
        "changed": _("Mới thay đổi"),
        "checked": _("Kiểm tra gần đây nhất"),
        "name": _("Tên A–Z"),
        "level": _("Mức cao trước"),
    }
    return [Choice(sort, labels[sort], 0, chosen=wanted.sort == sort) for sort in SORTS]


def _choices(
    name: str, wanted: Search, known: tuple[Counts, Mapping[tuple[str, str], int]], edition: Edition | None
) -> list[Choice]:
    counts, numbers = known
    chosen = set(_chosen(name, wanted))
    values = [one.value for one in SHOWN] if name == "status" else _values(name, counts, edition)
    return [
        Choice(value, label(name, value), numbers.get((name, value), 0), value in chosen, _hint(name, value, edition))
        for value in values
        if counts.of(name, value) or value in chosen or (name == "age" and counts.all)
    ]


def _hint(name: str, value: str, edition: Edition | None) -> str:
    """The worries behind a risk, so that a parent finds their own."""
    risks = {risk.code: risk for risk in edition.risks} if edition and name == "worry" else {}
    return " · ".join(worry.get(lang()) for worry in risks[value].worries) if value in risks else ""


def _values(facet: str, counts: Counts, edition: Edition | None) -> list[str]:
    """The values of a facet in their order: the edition's, then what older certificates have besides."""
    if facet == "made_in":
        return ["yes", "partly", "no"]
    listed = [entry.code for entry in getattr(edition, LISTS[facet])] if edition and facet in LISTS else []
    return listed + [value for value in counts.values(facet) if value not in listed]


def _known(asked: Iterable[str], known: Iterable[str]) -> tuple[str, ...]:
    wanted = set(asked)
    return tuple(value for value in known if value in wanted)


def _chosen(name: str, wanted: Search) -> tuple[str, ...]:
    return tuple(one.value for one in wanted.statuses) if name == "status" else wanted.facets.get(name, ())


def _dropping(wanted: Search, name: str, value: str) -> Search:
    if name == "status":
        kept = tuple(one for one in wanted.statuses if one.value != value)
        return Search(wanted.text, wanted.facets, kept, wanted.sort, as_of=wanted.as_of)
    left = {**wanted.facets, name: tuple(one for one in wanted.facets[name] if one != value)}
    return Search(wanted.text, left, wanted.statuses, wanted.sort, as_of=wanted.as_of)


def _aged(name: str, named: str) -> str:
    return str(_("%(ages)s tuổi", ages=named.removesuffix(" tuổi"))) if name == "age" else named


def _made_in(value: str) -> str:
    words: dict[str, str] = {
        "yes": _("Làm tại Việt Nam"),
        "partly": _("Làm một phần tại Việt Nam"),
        "no": _("Làm ở nước khác"),
    }
    return words[value]


def _language(value: str) -> str:
    try:
        named: str = Locale.parse(value, sep="-").get_display_name(lang()) or value
    except (ValueError, UnknownLocaleError):
        return value
    return named[:1].upper() + named[1:]

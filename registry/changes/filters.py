"""What an address of the register asks for, what is wrong with it, and addresses written back into links."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from assessments.folding import words
from assessments.publishing import RegisterKind
from assessments.queries.register import Wanted
from criteria import store
from registry import register
from registry.as_of import day_of, unreadable
from registry.i18n import lang
from registry.templating import bi, day

LONGEST = 120


@dataclass(frozen=True)
class Asked:
    """What is wanted, the days as they were typed, and (id of the field, sentence) for each that is wrong."""

    wanted: Wanted
    typed: dict[str, str] = field(default_factory=dict)
    faults: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Chip:
    """Something the list is filtered by, and the address without it."""

    label: str
    url: str


def read(arguments: MultiDict[str, str]) -> Asked:
    """What an address asks for; kinds and editions nobody knows are left out, days nobody can read are said."""
    typed = {name: _plain(arguments.get(name, "")) for name in ("since", "until")}
    days = {name: day_of(text) if text else None for name, text in typed.items()}
    wanted = Wanted(
        text=text if words(text := _plain(arguments.get("q", ""))) else "",
        kinds=tuple(kind for kind in RegisterKind if kind.value in arguments.getlist("kind")),
        since=days["since"],
        until=days["until"],
        edition=_known_edition(arguments.get("edition", "")),
        slug=_plain(arguments.get("product", ""))[:80],
        after=arguments.get("after", ""),
    )
    return Asked(wanted, typed, list(_faults(typed, days)))


def query(wanted: Wanted, after: str = "") -> dict[str, Any]:
    """The arguments of an address, in a fixed order."""
    named: dict[str, Any] = {
        "q": wanted.text,
        "kind": [kind.value for kind in wanted.kinds],
        "since": wanted.since.isoformat() if wanted.since else "",
        "until": wanted.until.isoformat() if wanted.until else "",
        "edition": wanted.edition,
        "product": wanted.slug,
        "after": after,
    }
    return {name: value for name, value in named.items() if value}


def address(wanted: Wanted, after: str = "", endpoint: str = "changes.index") -> str:
    """The address of what is wanted."""
    return url_for(endpoint, **query(wanted, after))


def chips(wanted: Wanted, product: str) -> list[Chip]:
    """Everything the list is filtered by, each with the address that drops it; `product` is the name of the one."""
    plain = replace(wanted, after="")
    found = [Chip(f"“{wanted.text}”", address(replace(plain, text="")))] if wanted.text else []
    found += [Chip(product, address(replace(plain, slug="")))] if wanted.slug else []
    for kind in wanted.kinds:
        left = tuple(one for one in wanted.kinds if one is not kind)
        found.append(Chip(register.word(kind), address(replace(plain, kinds=left))))
    if wanted.since:
        found.append(Chip(_("từ %(day)s", day=day(wanted.since)), address(replace(plain, since=None))))
    if wanted.until:
        found.append(Chip(_("đến %(day)s", day=day(wanted.until)), address(replace(plain, until=None))))
    if wanted.edition:
        found.append(Chip(edition_name(wanted.edition), address(replace(plain, edition=""))))
    return found


def edition_name(edition_id: str) -> str:
    """What an edition is called; its id where its files are gone."""
    names = {one.id: one.name for one in store.editions()}
    return bi(names[edition_id]) if edition_id in names else edition_id


def editions() -> list[tuple[str, str]]:
    """Every edition, the newest first, for the form."""
    return [(one.id, one.name.get(lang())) for one in store.editions()]


def _faults(typed: dict[str, str], days: dict[str, date | None]) -> Iterator[tuple[str, str]]:
    for name, text in typed.items():
        if text and days[name] is None:
            yield name, unreadable(text)
    since, until = days["since"], days["until"]
    if since and until and since > until:
        yield "until", _("Ngày cuối phải sau ngày đầu.")


def _known_edition(asked: str) -> str:
    return asked if asked in {one.id for one in store.editions()} else ""


def _plain(text: str) -> str:
    return " ".join(text.replace("\0", "").split())[:LONGEST]

"""A file of public product facts (as the Digital Public Goods Alliance publishes them) read as a document of ours.

Only what the file says is taken over: nothing is guessed from it. Every address becomes a link for the library without
a criterion, and every claim a note, because only the vendor knows which criterion it speaks about.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from assessments.errors import N_, Invalid
from assessments.evidence import checked_url
from assessments.fields import Reader, Remark, text
from assessments.interchange import LONGEST_NOTE, MOST_LINKS, MOST_NOTES, Document, Link, Note, title_of
from criteria.model import Edition

MOST_PRODUCTS = 200
ABOUT = ("evidence", "claims", "owners", "repositories", "website", "description")
VIETNAMESE = re.compile("[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)


def products_of(raw: Any) -> tuple[Mapping[str, Any], ...]:
    """The products a file names: many under "products", or the file itself; none when it is another kind of file."""
    if not isinstance(raw, Mapping):
        return ()
    listed = raw.get("products")
    found = listed[:MOST_PRODUCTS] if isinstance(listed, list) else [raw]
    return tuple(one for one in found if _is_product(one))


def name_of(product: Mapping[str, Any]) -> str:
    """What the file calls a product."""
    return text(product["name"], 10_000)[:200]


def key_of(product: Mapping[str, Any]) -> str:
    """By which a product is chosen among those of a file: its id, else its name."""
    own = product.get("id")
    return own if isinstance(own, str) and own else name_of(product)


def read(product: Mapping[str, Any], edition: Edition) -> Document:
    """One product as a document: name, description and website as fields, addresses as links, the rest as notes."""
    reader = Reader(edition)
    profile = reader.profile(_profile(product))
    links = tuple(_links(reader, product))[:MOST_LINKS]
    notes = tuple(_notes(product))[:MOST_NOTES]
    return Document(edition.id, profile, {}, links, notes, tuple(_named(one) for one in reader.remarks))


def _is_product(one: Any) -> bool:
    named = isinstance(one, Mapping) and isinstance(one.get("name"), str) and bool(one["name"].strip())
    return named and any(about in one for about in ABOUT)


def _profile(product: Mapping[str, Any]) -> dict[str, Any]:
    """A name is the same in both languages; a description goes to the language it is written in."""
    name, told = name_of(product), product.get("description")
    language = "vi" if isinstance(told, str) and VIETNAMESE.search(told) else "en"
    return {"name_vi": name, "name_en": name, f"description_{language}": told, "website": product.get("website")}


def _links(reader: Reader, product: Mapping[str, Any]) -> Iterator[Link]:
    seen = set()
    for place, written in _addresses(product):
        try:
            url = checked_url(text(written, 2000))
        except Invalid as refusal:
            reader.remark(refusal, place)
            continue
        if url not in seen:
            seen.add(url)
            yield Link("", url, title_of(url))


def _addresses(product: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for number, one in enumerate(_groups(product.get("evidence"))):
        if "url" in one:
            yield f"evidence[{number}]", one["url"]
    for number, address in enumerate(_entries(product.get("repositories"))):
        yield f"repositories[{number}]", address


def _notes(product: Mapping[str, Any]) -> Iterator[Note]:
    owners = [(_plain(one.get("name")), _plain(one.get("website"))) for one in _groups(product.get("owners"))]
    yield from (Note("owners", " – ".join(filter(None, owner))) for owner in owners if owner[0])
    claims = [(_plain(one.get("about"))[:200], _plain(one.get("text"))) for one in _groups(product.get("claims"))]
    yield from (Note(about, said) for about, said in claims if said)
    for about in ("licenses", "sectors", "type"):
        if words := ", ".join(filter(None, map(_plain, _entries(product.get(about))))):
            yield Note(about, words)


def _plain(value: Any) -> str:
    if not isinstance(value, str):
        return ""
    return text(value, 10 * LONGEST_NOTE, lines=True)[:LONGEST_NOTE] if len(value) <= LONGEST_NOTE else ""


def _groups(value: Any) -> Iterable[Mapping[str, Any]]:
    return [one for one in _entries(value) if isinstance(one, Mapping)]


def _entries(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list) else ()


def _named(remark: Remark) -> Remark:
    """A product's website without TLS is left for the vendor to look at; the address is named."""
    if remark.place != "profile.website":
        return remark
    return Remark(N_("Địa chỉ trang trong tệp chưa dùng được: cần bắt đầu bằng https://"), "website")

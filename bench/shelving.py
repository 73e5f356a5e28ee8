"""Writes generated products straight into the public read model: a catalogue of any size in seconds.

Only the read model is written: no applications or certificates stand behind it, so the database is told not to ask.
Never for a database that anything else uses.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import Engine, delete, insert
from sqlmodel import Session, select

from assessments import catalogue, changes, profile
from assessments.clock import today
from assessments.folding import slug, sort_key
from assessments.models import Listing, ListingFacet, Relisting, Revision
from assessments.states import CertificateState
from bench.products import Made
from criteria import store
from criteria.model import Edition

EDITION = "vcsc-2026"
REAL = Path(__file__).parent.parent / "tests" / "data" / "real-products.json"
BATCH = 2_000
# What the file does not say in the registry's own codes, and what is true of each of them.
SCOPES: dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    "kindly": (("HM",), ("api",), ("12-15", "16-17"), ("bullying", "moderation")),
    "storyweaver": (("DL",), ("web", "android"), ("0-6", "7-11", "12-15"), ("books",)),
    "primero": (("HR",), ("web",), ("0-6", "7-11", "12-15", "16-17"), ("report", "cases")),
    "cboard": (("DL",), ("web", "android", "ios"), ("0-6", "7-11", "12-15", "16-17"), ("speech",)),
    "towi-plugin": (("KP",), ("api",), ("7-11",), ("games",)),
}


def real() -> list[Made]:
    """The real products of the tests' file, as if each had a certificate."""
    rows = json.loads(REAL.read_text("utf-8"))["products"]
    return [_real(place, row) for place, row in enumerate(rows)]


def fill(engine: Engine, products: Sequence[Made]) -> None:
    """Put a catalogue of these products in the place of the one that is there."""
    edition = store.load(EDITION)
    with engine.connect() as connection:
        raw: Any = connection.connection.dbapi_connection
        raw.execute(_unchecked(engine))  # before a transaction begins: within one SQLite takes no notice
        session = Session(connection)
        for table in (ListingFacet, Listing, Relisting, Revision):
            session.execute(delete(table))
        for begin in range(0, len(products), BATCH):
            _write(session, edition, products[begin : begin + BATCH])
        session.add(Revision(number=len(products) + 1))
        session.commit()
    engine.dispose()  # what was told to one connection must not stay


def _unchecked(engine: Engine) -> str:
    sqlite = engine.dialect.name == "sqlite"
    return "PRAGMA foreign_keys=OFF" if sqlite else "SET session_replication_role = replica"


def _write(session: Session, edition: Edition, products: Iterable[Made]) -> None:
    rows, facets, written = [], [], []
    for made in products:
        row, values = listing(edition, made)
        rows.append(row)
        facets += [{"listing_id": row["certificate_id"], "facet": facet, "value": value} for facet, value in values]
        written.append({"product_id": row["product_id"], "revision": made.number + 1})
    session.execute(insert(Listing), rows)
    session.execute(insert(ListingFacet), facets)
    session.execute(insert(Relisting), written)


def listing(edition: Edition, made: Made) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """The row of a product and the values it is filtered by, made by the functions that write the real ones."""
    facts = profile.from_dict(made.facts)
    level = next(one for one in edition.levels if one.number == min(made.level, len(edition.levels)))
    content = {
        "profile": facts.to_dict(),
        "vendor": {"name": made.vendor, "name_en": made.vendor},
        "level": {"code": level.code, "rank": level.number, "vi": level.name.vi, "en": level.name.en},
        "protects_from": list(made.risks),
    }
    began = today() - timedelta(days=made.days)
    number = f"VCSC-26-{made.number + 1:05}-B"
    row = {
        "certificate_id": _id("certificate", made.number),
        "product_id": _id("product", made.number),
        "first_day": began,
        "last_day": catalogue.FOREVER,
        "slug": slug_of(made),
        "vendor_slug": slug(made.vendor),
        "number": number,
        "sort_key": sort_key(made.name),
        "state": CertificateState(made.state),
        "valid_from": began,
        "valid_until": began + timedelta(days=365),
        "level_rank": level.number,
        "checked_on": facts.checked_on or began,
        "changed_on": began,
        "card": {**changes.card_of(content, facts), "since": began.isoformat(), "reason": {"vi": "", "en": ""}},
        "content": content,
        "words": catalogue.words_of(content, facts, edition, number),
    }
    return row, list(_values(content, level.code))


def slug_of(made: Made) -> str:
    """The name of a product in addresses."""
    return f"{slug(made.name)}-{made.number}"


def touch(engine: Engine, number: int) -> None:
    """Let it seem that one product was written anew."""
    with Session(engine) as session:
        revision = session.exec(select(Revision)).one()
        revision.number += 1
        written = session.get_one(Relisting, _id("product", number))
        written.revision = revision.number
        session.commit()


def _values(content: dict[str, Any], level: str) -> Iterator[tuple[str, str]]:
    for facet, values in changes.facets_of(content, level).items():
        yield from ((facet, value) for value in sorted(set(values)))


def _id(kind: str, number: int) -> UUID:
    return uuid5(NAMESPACE_URL, f"bench:{kind}:{number}")


def _real(place: int, row: dict[str, Any]) -> Made:
    categories, platforms, ages, features = SCOPES[row["id"]]
    short = row["description"][:150].strip()
    facts = {
        "name_vi": row["name"],
        "name_en": row["name"],
        "short_vi": short,
        "short_en": short,
        "description_vi": row["description"],
        "description_en": row["description"],
        "categories": list(categories),
        "platforms": list(platforms),
        "ages": list(ages),
        "price_model": "free",
        "languages": ["en"],
        "made_in_vietnam": "no",
        "version_date": "2026-05-01",
    }
    vendor = row["owners"][0]["name"].strip()
    return Made(900_000 + place, facts, vendor, (), 1, 30, "active", frozenset(features))

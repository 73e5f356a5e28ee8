"""Writes generated products straight into the public read model: a catalogue of any size in seconds.

Only the read model is written: no applications stand behind it (bench.certified writes certificates, where pages ask
for them), so the database is told not to ask.
Never for a database that anything else uses.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import Engine, delete, insert, update
from sqlmodel import Session, SQLModel, select

from assessments import catalogue, changes, numbers, profile
from assessments.clock import today
from assessments.folding import slug, sort_key
from assessments.models import Listing, ListingFacet, Relisting, Revision
from assessments.profile import Profile
from assessments.states import CertificateState
from bench import contents
from bench.products import Made
from criteria import store
from criteria.model import Edition

EDITION = "vcsc-2026"
REAL = Path(__file__).parent.parent / "tests" / "data" / "real-products.json"
BATCH = 2_000
YEAR = 2026
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


Row = tuple[Made, dict[str, Any]]  # a product and the row of its listing


def fill(
    engine: Engine, products: Iterable[Made], behind: Callable[[Session, Sequence[Row]], None] | None = None
) -> None:
    """Put a catalogue of these products in the place of the one that is there.

    The products may be a stream of any length. `behind` writes what stands behind some listings.
    """
    form = Form(store.load(EDITION), contents.contents(store.load(EDITION)))
    with engine.connect() as connection:
        raw: Any = connection.connection.dbapi_connection
        raw.execute(_unchecked(engine))  # before a transaction begins: within one SQLite takes no notice
        session = Session(connection)
        for table in (ListingFacet, Listing, Relisting, Revision):
            session.execute(delete(table))
        written = 0
        stream = iter(products)
        while batch := list(islice(stream, BATCH)):
            rows = _write(session, form, batch)
            if behind is not None:
                behind(session, rows)
            session.commit()
            written += len(batch)
        session.add(Revision(number=written + 1))
        session.commit()
    engine.dispose()  # what was told to one connection must not stay


def _unchecked(engine: Engine) -> str:
    sqlite = engine.dialect.name == "sqlite"
    return "PRAGMA foreign_keys=OFF" if sqlite else "SET session_replication_role = replica"


@dataclass(frozen=True)
class Form:
    """What all listings are made by: the edition, and what its certificates say."""

    edition: Edition
    contents: contents.Contents
    needs: dict[tuple[tuple[str, ...], ...], str] = field(default_factory=dict)

    def words_of(self, content: dict[str, Any], facts: Profile, number: str) -> dict[str, str]:
        """What a product is found by; what it is for is put into words once for all that are for the same."""
        key = (facts.categories, facts.platforms, tuple(content["protects_from"]))
        if key not in self.needs:
            self.needs[key] = catalogue.words_of(content, facts, self.edition, number)["need"]
        bare = replace(facts, categories=(), platforms=())
        return {
            **catalogue.words_of({**content, "protects_from": ()}, bare, self.edition, number),
            "need": self.needs[key],
        }


def _write(session: Session, form: Form, products: Iterable[Made]) -> list[Row]:
    rows, facets, written = [], [], []
    for made in products:
        row, values = listing(form, made)
        rows.append((made, row))
        facets += [{"listing_id": row["certificate_id"], "facet": facet, "value": value} for facet, value in values]
        written.append({"product_id": row["product_id"], "revision": made.number + 1})
    put(session, Listing, [row for _made, row in rows])
    put(session, ListingFacet, facets)
    put(session, Relisting, written)
    return rows


def put(session: Session, model: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert many rows, without making entities of them."""
    session.connection().execute(insert(model.__table__), rows)  # type: ignore[attr-defined]


def listing(form: Form, made: Made) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """The row of a product and the values it is filtered by, made by the functions that write the real ones."""
    began = today() - timedelta(days=made.days)
    address = slug_of(made)
    number = numbers.compose(YEAR, made.number + 1)
    content = contents.shown(form.contents.certified(made, address, began), made, number, began)
    facts = profile.from_dict(content["profile"])
    level = content["level"]
    row = {
        "certificate_id": id_of("certificate", made.number),
        "product_id": id_of("product", made.number),
        "first_day": began,
        "last_day": catalogue.FOREVER,
        "slug": address,
        "vendor_slug": slug(made.vendor),
        "number": number,
        "sort_key": sort_key(made.name),
        "state": CertificateState(made.state),
        "valid_from": began,
        "valid_until": began + contents.VALID,
        "level_rank": level["rank"],
        "checked_on": facts.checked_on or began,
        "changed_on": began,
        "card": {
            **changes.card_of(content, facts),
            "since": began.isoformat(),
            "reason": content["history"][0]["reason"],
        },
        "content": content,
        "words": form.words_of(content, facts, number),
    }
    return row, list(_values(content, level["code"]))


def slug_of(made: Made) -> str:
    """The name of a product in addresses."""
    return f"{slug(made.name)}-{made.number}"


def touch(engine: Engine, number: int) -> None:
    """Let it seem that one product was written anew."""
    with Session(engine) as session:
        revision = session.exec(select(Revision)).one()
        revision.number += 1
        written = session.get_one(Relisting, id_of("product", number))
        written.revision = revision.number
        session.commit()


def touch_all(engine: Engine) -> None:
    """Let it seem that every product was written anew: nothing that anybody keeps of them may be used again."""
    with Session(engine) as session:
        revision = session.exec(select(Revision)).one()
        revision.number += 1
        session.execute(update(Relisting).values(revision=revision.number))
        session.commit()


def _values(content: dict[str, Any], level: str) -> Iterator[tuple[str, str]]:
    for facet, values in changes.facets_of(content, level).items():
        yield from ((facet, value) for value in sorted(set(values)))


def id_of(kind: str, number: int) -> UUID:
    """The id of what belongs to a product of that number."""
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

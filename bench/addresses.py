"""Addresses of a generated site: those that are asked again and again, and those that nobody asks twice."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from random import Random

from assessments.queries.paging import token_of
from bench.products import BANDS, SEED

PREFIXES = ("", "/en")  # every page has an address in each language
DEVICES = ("android", "ios", "windows", "web")
NARROWED = ("", *(f"age={age}&" for age in BANDS), *(f"platform={device}&" for device in DEVICES))
TWICE = tuple(f"age={age}&platform=android&" for age in BANDS)


@dataclass(frozen=True)
class Known:
    """A product as addresses name it."""

    slug: str
    number: str
    key: str  # its place in the order of names
    id: str

    @property
    def after(self) -> str:
        """Where the list by name goes on behind it."""
        return token_of((self.key, self.id))


def known(folder: Path, most: int = 5_000) -> list[Known]:
    """So many products of a site, chosen and put in order by chance; the same in every run."""
    question = "SELECT slug, number, sort_key, certificate_id FROM listing ORDER BY number"
    with closing(sqlite3.connect(f"file:{folder}/registry.db?mode=ro", uri=True)) as connection:
        rows = connection.execute(question).fetchall()
    return [Known(*row) for row in Random(SEED).sample(rows, min(most, len(rows)))]  # noqa: S311


def products(found: Sequence[Known]) -> list[str]:
    """The pages of products."""
    return [f"{prefix}/products/{one.slug}" for prefix in PREFIXES for one in found]


def certificates(found: Sequence[Known]) -> list[str]:
    """The pages of certificates."""
    return [f"{prefix}/c/{one.number}" for prefix in PREFIXES for one in found]


def checks(found: Sequence[Known]) -> list[str]:
    """Numbers as they are typed into the form."""
    return [f"{prefix}/verify?number={one.number}" for prefix in PREFIXES for one in found]


def lists(found: Sequence[Known], narrowed: Sequence[str] = NARROWED) -> list[str]:
    """Pages of the list by name, as a crawler finds them: with no filter or some, from any product on.

    The products that it goes on behind are of the first half, so that every page is a whole one.
    """
    first = sorted(found, key=lambda one: (one.key, one.id))[: len(found) // 2]
    addresses = [
        f"{prefix}/products?{filters}sort=name&after={one.after}"
        for prefix, filters, one in product(PREFIXES, narrowed, first)
    ]
    Random(SEED).shuffle(addresses)  # noqa: S311
    return addresses

"""Measures the search: a text and two filters, as JSON and as a page, against Datasette on the same products.

Datasette has one flat table with a full-text index of the same folded words and an index on each of the two filters, is
told that the file never changes, and counts the nine facets that our page counts. It is measured as it comes, which
suggests further facets; without that it is told beside it. No query is asked twice, so that no cache answers.
"""

import json
import re
import sqlite3
import statistics
import subprocess
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, closing
from itertools import chain, islice, product
from pathlib import Path
from random import Random
from urllib.parse import quote

from assessments.folding import fold
from bench import rivals, sized
from bench.figures import Figure, Limit, in_turns, ratios
from bench.serving import REGISTRY, Served, free_port, served, wait_for

NUMBER = 100_000
ROUNDS = 5
DATASETTE = "datasette~=0.65.0"
GOAL = "search, two filters"
SAMPLE = 5_000  # products whose words are asked for
JSON_ASKED, PAGES_ASKED = 40, 12  # queries of a round: both sides are asked the same ones
FACETS = [f"_facet={one}" for one in ("category", "price", "made_in", "level", "status")]
FACETS += [f"_facet_array={one}" for one in ("ages", "platforms", "languages", "risks")]
SEARCH = "_search={}&category={}&price={}&_nocol=words"
THEIR_JSON = f"/products/products.json?{SEARCH}&_shape=objects&_size=20"
THEIR_PAGE = f"/products/products?{SEARCH}&_size=24&{'&'.join(FACETS)}"
PLAIN = "&_nosuggest=1"
OUR_JSON = "/api/v1/products?q={}&category={}&price={}&limit=20"
OUR_PAGE = "/products?q={}&category={}&price={}"
PATIENCE = (("facet_time_limit_ms", 5_000), ("sql_time_limit_ms", 5_000))

Query = tuple[str, str, str]  # text, category, price


def measure(number: int = NUMBER, rounds: int = ROUNDS) -> list[Figure]:
    """The CPU of a search of theirs as so many of ours, for JSON and for pages."""
    site = sized.folder(number)
    asked = queries(site, number)
    with ExitStack() as stack:
        ours = stack.enter_context(served(REGISTRY, site, API_PER_MINUTE="0"))
        theirs = stack.enter_context(datasette(site))
        wait_for(f"http://127.0.0.1:{ours.port}/products?q=a")  # a process reads the catalogue once
        as_json, as_pages = (
            in_turns(
                rounds,
                *(_costing(server, form, asked, size) for server, form in ((theirs, their), (ours, our))),
                _costing(theirs, their + PLAIN, asked, size),
            )
            for their, our, size in ((THEIR_JSON, OUR_JSON, JSON_ASKED), (THEIR_PAGE, OUR_PAGE, PAGES_ASKED))
        )
    return [
        _figure("its JSON", as_json, (5, 10), number),
        _figure("its page with facets", as_pages, (100, 200), number),
    ]


def _costing(server: Served, form: str, asked: Iterable[Query], size: int) -> Callable[[], float]:
    """What measures the CPU of a request, with so many further queries at each call."""
    coming = iter(asked)
    return lambda: rivals.one_by_one(server, [form.format(*map(quote, one)) for one in islice(coming, size)])


def _figure(what: str, measured: Sequence[tuple[float, ...]], limits: tuple[float, float], number: int) -> Figure:
    theirs, ours, plain = (statistics.mean(one) * 1000 for one in zip(*measured, strict=True))
    note = (
        f"{number:,} products; CPU of a request {theirs:.1f} ms against {ours:.1f} ms;"
        f" theirs without suggested facets {plain:.1f} ms, {plain / ours:.1f} x ours"
    )
    must, stretch = (Limit(least=one) for one in limits)
    return Figure(GOAL, f"Datasette 0.65, {what}, as so many of ours", ratios(measured), must, stretch, note)


def queries(site: Path, number: int) -> list[Query]:
    """Queries that find something, none of them twice: words of a product, with its category and price."""
    chosen = Random(number)  # noqa: S311  the same queries in every run
    known = rivals.rows(site, max(1, number // SAMPLE))
    asked = sorted({query for row in known for query in _asked_for(row["content"])})
    chosen.shuffle(asked)
    return asked


def _asked_for(content: rivals.Row) -> Iterator[Query]:
    """One, two or three words that stand side by side in what a product is said to do."""
    facts = content["profile"]
    words = re.findall(r"[a-z]+", fold(facts["short_vi"]))
    for size, begin in product((1, 2, 3), range(len(words))):
        yield " ".join(words[begin : begin + size]), facts["categories"][0], facts["price_model"]


def datasette(site: Path) -> AbstractContextManager[Served]:
    """Datasette serving the same products, from a file of its own that is made when it is not there."""
    program, database = (
        rivals.binaries("datasette", DATASETTE) / "datasette",
        sized.KEPT / "datasette" / site.name / "products.db",
    )
    counts = database.with_name("counts.json")
    if not counts.exists():
        _fill(database, site)
        subprocess.run([program, "inspect", database, "--inspect-file", counts], check=True)  # noqa: S603  made above
    port = free_port()
    settings = chain.from_iterable(("--setting", name, str(value)) for name, value in PATIENCE)
    command = [program, "serve", "--port", str(port), "--immutable", database, "--inspect-file", counts, *settings]
    return rivals.running(command, port, "/products/products.json?_size=1", database.parent)


TABLE = """
CREATE TABLE products (
  id INTEGER PRIMARY KEY, slug TEXT, name_vi TEXT, name_en TEXT, short_vi TEXT, short_en TEXT,
  description_vi TEXT, description_en TEXT, vendor TEXT, category TEXT, price TEXT, made_in TEXT, level INTEGER,
  ages TEXT, platforms TEXT, languages TEXT, risks TEXT, status TEXT, number TEXT, valid_from TEXT, valid_until TEXT,
  words TEXT
);
CREATE VIRTUAL TABLE products_fts USING fts5(words, content="products", content_rowid="id");
"""
AFTERWARDS = """
INSERT INTO products_fts (products_fts) VALUES ('rebuild');
CREATE INDEX of_category ON products (category);
CREATE INDEX of_price ON products (price);
ANALYZE;
"""
TEXTS = ("name_vi", "name_en", "short_vi", "short_en", "description_vi", "description_en")


def _fill(database: Path, site: Path) -> None:
    database.parent.mkdir(parents=True, exist_ok=True)
    database.unlink(missing_ok=True)
    with closing(sqlite3.connect(database)) as connection:
        connection.executescript(TABLE)
        for place, row in enumerate(rivals.rows(site), 1):
            values = _row(row)
            connection.execute(f"INSERT INTO products VALUES (?{', ?' * len(values)})", (place, *values))  # noqa: S608  marks
        connection.executescript(AFTERWARDS)
        connection.commit()
        connection.execute("VACUUM")


def _row(row: rivals.Row) -> list[object]:
    content = row["content"]
    facts = content["profile"]
    lists = (facts["ages"], facts["platforms"], facts["languages"], content["protects_from"])
    return [
        row["slug"],
        *(facts[name] for name in TEXTS),
        content["vendor"]["name"],
        facts["categories"][0],
        facts["price_model"],
        facts["made_in_vietnam"],
        row["level_rank"],
        *map(json.dumps, lists),
        row["state"],
        row["number"],
        row["valid_from"],
        row["valid_until"],
        fold(" ".join(row["words"].values())),
    ]

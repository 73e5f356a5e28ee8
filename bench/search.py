"""Measures the search of the catalogue: how good its answers to judged queries are, and what a page costs at 10,000.

`.venv/bin/python -m bench.search [PRODUCTS]`. Quality is asked of 300 generated products and the five real ones; the
judgements stand in bench/queries.toml. Statements and rows are counted, not timed; times are printed as ratios.
"""

import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import log2
from pathlib import Path
from statistics import mean, median
from typing import Any

from alembic import command
from flask import Flask
from sqlalchemy import Engine
from sqlmodel import Session

from assessments.clock import today
from assessments.queries import catalogue
from bench import shelving
from bench.products import Made, generate
from registry import create_app, db_commands
from registry.config import Settings

QUERIES = Path(__file__).with_name("queries.toml")
GENERATED = 300
LARGE = 10_000
TOP = 10
SECRET = "a secret of the measurements that is long enough"  # noqa: S105  for a database that vanishes
SEARCHES: Mapping[str, catalogue.Search] = {
    "everything": catalogue.Search(),
    "two filters": catalogue.Search(facets={"age": ("7-11",), "platform": ("android",)}),
    "a need": catalogue.Search(text="chặn web đen"),
    "a need and filters": catalogue.Search(text="chan web den", facets={"age": ("7-11",), "price": ("free",)}),
    "a name": catalogue.Search(text="Sao Sáng"),
    "a mistake": catalogue.Search(text="vuon vnag"),
    "many words": catalogue.Search(text="phần mềm quản lý điện thoại cho con 8 tuổi chặn người lạ"),
    "by name": catalogue.Search(sort="name"),
    "nothing": catalogue.Search(text="zzzz", facets={"level": ("L9",)}),
}


@dataclass(frozen=True)
class Judged:
    """A query with the grade of each product that answers it: 2 the best, 1 good."""

    text: str
    kind: str
    grades: Mapping[str, int]  # slug -> grade


@dataclass(frozen=True)
class Quality:
    """Figures over several queries; each lies between 0 and 1."""

    queries: int
    recall: float  # found among the first ten, of what can stand there
    rank: float  # 1 / place of the first answer (MRR)
    gain: float  # nDCG of the first ten


@dataclass(frozen=True)
class Cost:
    """What one search asks of the database, and how long it takes in the process."""

    statements: int
    rows: int  # handed over
    steps: int  # of SQLite's machine: what the statements touch
    seconds: float


def main(arguments: Sequence[str] = ()) -> None:
    """Print quality by kind of query, the queries that are answered worst, and what a search costs."""
    large = int(arguments[0]) if arguments else LARGE
    with tempfile.TemporaryDirectory() as folder, made_app(Path(folder)) as app:
        engine = app.extensions["engine"]
        products = [*generate(GENERATED), *shelving.real()]
        shelving.fill(engine, products)
        _print_quality(engine, products)
        small = _costs(engine)
        began = time.process_time()
        shelving.fill(engine, generate(large))
        print(f"\n{large} products, written in {time.process_time() - began:.0f} s of CPU")
        _print_costs(small, _costs(engine), _cold(engine))


@contextmanager
def made_app(folder: Path) -> Iterator[Flask]:
    """An app on an empty database that vanishes with the folder."""
    settings = Settings(
        var_dir=folder,
        secret_key=SECRET,
        database_url=f"sqlite:///{folder}/registry.db",
        storage_url=f"file://{folder}/files",
        mail_url=f"file://{folder}/mail",
    )
    app = create_app(settings)
    with app.app_context():
        command.upgrade(db_commands.alembic_config(), "head")
        yield app
    app.extensions["engine"].dispose()


# --- quality ---


def judged(products: Iterable[Made]) -> list[Judged]:
    """Every query of the file with its grades among these products."""
    known = list(products)
    rows = tomllib.loads(QUERIES.read_text("utf-8"))["queries"]
    return [Judged(row["q"], row["kind"], _grades(row, known)) for row in rows]


def answers(session: Session, text: str) -> list[str]:
    """The slugs of the first page, as the catalogue gives them."""
    return [card.slug for card in catalogue.search(session, catalogue.Search(text=text), today()).cards]


def measured(session: Session, queries: Iterable[Judged]) -> list[tuple[Judged, Quality]]:
    """Each query with its own figures."""
    return [(one, _quality(one, answers(session, one.text)[:TOP])) for one in queries]


def together(found: Sequence[Quality]) -> Quality:
    """The mean of many."""
    figures = [mean(getattr(one, name) for one in found) for name in ("recall", "rank", "gain")]
    return Quality(len(found), *figures)


def _grades(row: Mapping[str, Any], products: Iterable[Made]) -> dict[str, int]:
    found = {}
    for made in products:
        grade = 2 if _fits(made, row["best"]) else 1 if "good" in row and _fits(made, row["good"]) else 0
        if grade:
            found[shelving.slug_of(made)] = grade
    return found


def _fits(made: Made, rule: Mapping[str, Sequence[str]]) -> bool:
    true = {
        "features": made.features,
        "categories": made.facts["categories"],
        "platforms": made.facts["platforms"],
        "ages": made.facts["ages"],
        "prices": [made.facts["price_model"]],
        "names": [made.name],
        "vendors": [made.vendor],
    }
    return all(set(wanted) & set(true[name]) for name, wanted in rule.items())


def _quality(one: Judged, slugs: Sequence[str]) -> Quality:
    gained = [one.grades.get(slug, 0) for slug in slugs]
    best = sorted(one.grades.values(), reverse=True)[:TOP]
    first = next((place for place, grade in enumerate(gained, 1) if grade), 0)
    return Quality(1, sum(map(bool, gained)) / len(best), 1 / first if first else 0.0, _gain(gained) / _gain(best))


def _gain(grades: Sequence[int]) -> float:
    return float(sum((2**grade - 1) / log2(place + 1) for place, grade in enumerate(grades, 1)))


def _print_quality(engine: Engine, products: Sequence[Made]) -> None:
    with Session(engine.execution_options(reading=True)) as session:
        found = measured(session, judged(products))
    kinds = dict.fromkeys(one.kind for one, _ in found)
    print(f"{len(products)} products, {len(found)} judged queries")
    print(f"{'kind':10} {'queries':>7} {'recall@10':>10} {'MRR':>6} {'nDCG@10':>8}")
    for kind in [*kinds, "all"]:
        whole = together([quality for one, quality in found if kind in (one.kind, "all")])
        print(f"{kind:10} {whole.queries:7} {whole.recall:10.3f} {whole.rank:6.3f} {whole.gain:8.3f}")
    print("\nanswered worst:")
    for one, quality in sorted(found, key=lambda pair: pair[1].gain)[:12]:
        figures = f"recall {quality.recall:.2f}  rank {quality.rank:.2f}  gain {quality.gain:.2f}"
        print(f"  {one.text:36} {one.kind:8} {figures}")


# --- cost ---


def cost_of(engine: Engine, search: catalogue.Search, times: int = 9) -> Cost:
    """What a search asks once the process holds the shelf."""
    with Session(engine.execution_options(reading=True)) as session:
        catalogue.search(session, search, today())
        with counting(engine, session) as counted:
            catalogue.search(session, search, today())
        seconds = median(_timed(lambda: catalogue.search(session, search, today())) for _ in range(times))
    return Cost(counted["statements"], counted["rows"], counted["steps"], seconds)


@contextmanager
def counting(engine: Engine, session: Session) -> Iterator[dict[str, int]]:
    """Statements, rows handed over and (on SQLite) steps of its machine, while the block runs."""
    found = {"statements": 0, "rows": 0, "steps": 0}
    execute = session.execute

    def counted(*given: Any, **named: Any) -> Any:
        frozen = execute(*given, **named).freeze()
        found["statements"] += 1
        found["rows"] += len(frozen().all())
        return frozen()

    def executed(*given: Any, **named: Any) -> Any:
        return counted(*given, **named).scalars()

    session.execute = counted  # type: ignore[method-assign]
    session.exec = executed  # type: ignore[method-assign]
    with _stepping(engine, session, found):
        yield found
    del session.execute, session.exec  # type: ignore[method-assign]


@contextmanager
def _stepping(engine: Engine, session: Session, found: dict[str, int]) -> Iterator[None]:
    def step() -> int:
        found["steps"] += 1
        return 0

    if engine.dialect.name != "sqlite":
        yield
        return
    raw: Any = session.connection().connection.dbapi_connection
    raw.set_progress_handler(step, 1)
    yield
    raw.set_progress_handler(None, 0)


def _costs(engine: Engine) -> dict[str, Cost]:
    return {name: cost_of(engine, search) for name, search in SEARCHES.items()}


def _cold(engine: Engine) -> tuple[float, float]:
    """Seconds to read the whole shelf, as a process does once, and to follow one change."""
    engine.dispose()
    with Session(engine.execution_options(reading=True)) as session:
        whole = _timed(lambda: catalogue.search(session, catalogue.Search(), today()))
    shelving.touch(engine, 0)
    with Session(engine.execution_options(reading=True)) as session:
        one = _timed(lambda: catalogue.search(session, catalogue.Search(), today()))
    return whole, one


def _timed(thing: Callable[[], object]) -> float:
    began = time.perf_counter()
    thing()
    return time.perf_counter() - began


def _print_costs(small: Mapping[str, Cost], large: Mapping[str, Cost], cold: tuple[float, float]) -> None:
    print(f"{'search':20} {'statements':>10} {'rows':>5} {'steps':>6} {'ms':>7} {'to small':>9}")
    for name, cost in large.items():
        ratio = cost.seconds / small[name].seconds
        print(
            f"{name:20} {cost.statements:10} {cost.rows:5} {cost.steps:6} {cost.seconds * 1000:7.1f} {ratio:8.1f}x"
            f"   (small: {small[name].statements} statements, {small[name].rows} rows, {small[name].steps} steps)"
        )
    print(f"reading the whole shelf once: {cold[0]:.2f} s; following one change: {cold[1] * 1000:.0f} ms")


if __name__ == "__main__":
    main(sys.argv[1:])

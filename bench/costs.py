"""What a visit costs and what a product takes: the measured figures behind "What it costs" in docs/operations.md."""

import gzip
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from wsgiref.types import WSGIApplication

from sqlmodel import SQLModel

from bench import __main__ as pages
from bench import products, shelving
from registry import create_app, db

CALLS = 100
SIZES = (1_000, 4_000)


def main() -> None:
    """Print CPU and bytes of pages, and bytes of database a product."""
    for command in (["db", "upgrade"], ["demonstration", "load", "--when-empty"]):
        subprocess.run([*pages.FLASK, *command], check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own commands
    registry = create_app()
    product = pages._first_link(registry, "/products", r"/products/[a-z0-9-]+")
    certificate = pages._first_link(registry, product, r"/c/[A-Z0-9-]+")
    print(f"{'page':34} {'CPU ms':>7} {'KB':>6} {'KB packed':>9}")
    for path in ("/", "/products", product, certificate):
        _tell(registry, path, lambda _n: "")
    fresh = count()
    _tell(registry, "/products", lambda _n: f"q=den+{next(fresh)}")
    for size in SIZES:
        print(f"{size:>7} products: {_database(size) / size:8.0f} bytes of database each (public read model)")


def _tell(registry: WSGIApplication, path: str, query: Callable[[int], str]) -> None:
    body = pages._ask(registry, path, query(0))
    began = time.process_time()
    for number in range(CALLS):
        pages._ask(registry, path, query(number))
    spent = (time.process_time() - began) / CALLS * 1000
    name = path + ("?q=…" if query(0) else "")
    print(f"{name:34} {spent:7.2f} {len(body) / 1024:6.1f} {len(gzip.compress(body)) / 1024:9.1f}", flush=True)


def _database(size: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "products.db"
        engine = db.open_engine(f"sqlite:///{path}")
        SQLModel.metadata.create_all(engine)
        empty = _pages_of(path)
        shelving.fill(engine, products.generate(size))
        engine.dispose()
        return _pages_of(path) - empty


def _pages_of(path: Path) -> int:
    connection = sqlite3.connect(path)
    try:
        number, size = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
    finally:
        connection.close()
    return int(number * size)


if __name__ == "__main__":
    sys.exit(main())

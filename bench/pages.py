"""Measures the public pages against a bare Flask view on the same server: asked again, asked once, and unchanged.

A rate is what one core could answer: the inverse of the CPU time of a request. Everything is asked as browsers do, with
`Accept-Encoding: gzip`. Both servers are up at the same time and asked in turns.
"""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from sqlalchemy import Engine

from bench import addresses, nginx, shelving, sized
from bench.figures import Figure, Limit, in_turns
from bench.serving import BARE, REGISTRY, Served, fetched, load, served
from registry import db

PRODUCTS = 1_000
ROUNDS = 7
SECONDS = 2
CRAWLED = 1  # seconds of a round; short, so that addresses do not run out
ASKED = {"Accept-Encoding": "gzip"}
WARM = 20  # addresses of each kind that are asked before and not counted
CACHED = "cached public page against bare Flask"
DISTINCT = "distinct addresses only (a crawler) against bare Flask"
CONDITIONAL = "conditional request (304) against bare Flask"


@dataclass(frozen=True)
class Site:
    """What is up: the registry with its database, the bare view, the same bytes on nginx; and what to ask for."""

    registry: Served
    bare: Served
    still: Served
    engine: Engine
    hot: Mapping[str, str]  # name -> address
    kinds: Mapping[str, Sequence[str]]  # name -> addresses that are asked once
    at: dict[str, int] = field(default_factory=dict)  # how many of a kind were asked

    def hello(self) -> float:
        """CPU of a request to the bare view."""
        return load(self.bare, ["/"], SECONDS, headers=ASKED).cost


def measure() -> list[Figure]:
    """The three goals of pages, for the list, a product and a certificate."""
    with tempfile.TemporaryDirectory() as place:
        folder = sized.copied(PRODUCTS, Path(place))
        found = addresses.known(folder)
        kinds = {
            "list": addresses.lists(found),
            "product": addresses.products(found),
            "/c/": addresses.certificates(found),
        }
        hot = {"list": "/products", **{name: kinds[name][0] for name in ("product", "/c/")}}
        engine = db.open_engine(f"sqlite:///{folder}/registry.db")
        with served(REGISTRY, folder, "/products") as registry, served(BARE, folder) as bare:
            bodies = {f"{number}.html": _body(registry, path) for number, path in enumerate(hot.values())}
            with nginx.files(bodies) as still:
                return _figures(Site(registry, bare, still, engine, hot, kinds))


def _figures(site: Site) -> list[Figure]:
    return [*_cached(site), *_conditional(site), *_distinct(site)]


def _cached(site: Site) -> list[Figure]:
    pages = [_asking(site.registry, path) for path in site.hot.values()]
    stills = [_asking(site.still, f"/{number}.html") for number in range(len(site.hot))]
    rounds = in_turns(ROUNDS, site.hello, *pages, *stills)
    figures = []
    for place, name in enumerate(site.hot, 1):
        pairs = [(one[place], one[0], one[place + len(site.hot)]) for one in rounds]
        note = f"rate as 1 / CPU of a request; {_micros(pairs, 0)} µs to {_micros(pairs, 1)}"
        against_bare = [bare / page for page, bare, _still in pairs]
        against_nginx = [still / page for page, _bare, still in pairs]
        figures.append(Figure(CACHED, name, against_bare, Limit(least=2.5), Limit(least=3), note))
        note = f"nginx {_micros(pairs, 2)} µs; asked of the stretch alone"
        figures.append(Figure(CACHED, f"{name} against nginx", against_nginx, Limit(least=0), Limit(least=0.4), note))
    return figures


def _conditional(site: Site) -> list[Figure]:
    """A page that the reader has already: what it costs to say so."""
    figures = []
    for name, path in site.hot.items():
        known = _known(site.registry, path)
        if known is None:
            figures.append(
                Figure(CONDITIONAL, name, [float("inf")], Limit(most=0.7), Limit(most=0.5), "answered with the page")
            )
            continue
        rounds = in_turns(ROUNDS, site.hello, _asking(site.registry, path, known))
        note = f"CPU; {_micros(rounds, 1)} µs to {_micros(rounds, 0)}"
        costs = [page / bare for bare, page in rounds]
        figures.append(Figure(CONDITIONAL, name, costs, Limit(most=0.7), Limit(most=0.5), note))
    return figures


def _distinct(site: Site) -> list[Figure]:
    asking = [partial(_crawled, site, name) for name in site.kinds]
    rounds = in_turns(ROUNDS, site.hello, *asking)
    figures = []
    for place, name in enumerate(site.kinds, 1):
        pairs = [(one[place], one[0]) for one in rounds]
        note = f"rate as 1 / CPU of a request; {_micros(pairs, 0)} µs to {_micros(pairs, 1)}"
        rates = [bare / page for page, bare in pairs]
        figures.append(Figure(DISTINCT, name, rates, Limit(least=0.3), Limit(least=0.5), note))
    return figures


def _crawled(site: Site, name: str) -> float:
    """CPU of a request for an address that was not asked before, or not since everything was written anew."""
    paths = site.kinds[name][WARM:]
    shelving.touch_all(site.engine)
    for path in site.kinds[name][:WARM]:  # the first answer waits until the catalogue was read anew
        _body(site.registry, path)
    done = load(site.registry, paths, CRAWLED, headers=ASKED)
    if done.rate * CRAWLED > len(paths):
        raise RuntimeError(f"{len(paths)} addresses did not last for {CRAWLED:g} s: measure for less, or with more")
    return done.cost


def _asking(server: Served, path: str, more: Mapping[str, str] | None = None) -> Callable[[], float]:
    return lambda: load(server, [path], SECONDS, headers={**ASKED, **(more or {})}).cost


def _known(server: Served, path: str) -> dict[str, str] | None:
    """The header of a reader who has the page already; None where the site gives the whole page all the same."""
    etag = fetched(server, path, ASKED)[1].get("etag", "")
    asked = {"If-None-Match": etag}
    return asked if etag and fetched(server, path, {**ASKED, **asked})[0] == 304 else None


def _body(server: Served, path: str) -> bytes:
    status, _headers, body = fetched(server, path, ASKED)
    if status != 200:
        raise RuntimeError(f"{path} was answered with {status}")
    return body


def _micros(rounds: Sequence[tuple[float, ...]], place: int) -> str:
    """The median cost in microseconds."""
    costs = sorted(one[place] for one in rounds)
    return f"{costs[len(costs) // 2] * 1e6:,.0f}"

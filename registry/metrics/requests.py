"""Requests as metrics: how many by route, method and class of status, and how long they took, for each process."""

from collections.abc import Iterator

from registry.metrics.counts import OTHER, Count, Counts
from registry.metrics.exposition import Family, Sample
from registry.metrics.watching import BUCKETS, LATENCY

BOUNDS = (*(f"{one:g}" for one in BUCKETS), "+Inf")


def families(counts: Counts) -> Iterator[Family]:
    """Three families out of the counts of all processes of this machine."""
    found = list(counts.all())
    by_route = [(one, _route(one)) for one in found if not one.key.startswith(LATENCY)]
    yield Family(
        "requests_total",
        "counter",
        "Requests by route, method and class of status; route - leads nowhere, kept came from a cache.",
        tuple(Sample(one.times, labels) for one, labels in by_route),
    )
    yield Family(
        "request_route_seconds_total",
        "counter",
        "Seconds until the answer began, by route, method and class of status.",
        tuple(Sample(one.seconds, labels) for one, labels in by_route),
    )
    yield Family(
        "request_seconds",
        "histogram",
        "Seconds until the answer began, by method.",
        tuple(_histogram([one for one in found if one.key.startswith(LATENCY)])),
    )


def _route(one: Count) -> dict[str, str | int]:
    route, method, status = one.key.split("|") if one.key.count("|") == 2 else (OTHER, OTHER, OTHER)
    return {"process": one.process, "route": route, "method": method, "status": status}


def _histogram(found: list[Count]) -> Iterator[Sample]:
    told: dict[tuple[int, str], dict[str, Count]] = {}
    for one in found:
        method, bound = one.key.removeprefix(LATENCY).split("|")
        told.setdefault((one.process, method), {})[bound] = one
    for (process, method), bounds in told.items():
        labels: dict[str, str | int] = {"process": process, "method": method}
        times = 0.0
        for bound in BOUNDS:
            times += bounds[bound].times if bound in bounds else 0.0
            yield Sample(times, {**labels, "le": bound}, "_bucket")
        yield Sample(sum(one.seconds for one in bounds.values()), labels, "_sum")
        yield Sample(times, labels, "_count")

"""Writes metrics in the text format of Prometheus (version 0.0.4)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

TYPE = "text/plain; version=0.0.4; charset=utf-8"
PREFIX = "registry_"


@dataclass(frozen=True)
class Sample:
    """One number: its labels, and what stands after the family's name (a histogram's _bucket, _sum, _count)."""

    value: float
    labels: Mapping[str, str | int]
    ending: str = ""


@dataclass(frozen=True)
class Family:
    """Numbers of one name: gauge, counter or histogram, what they are, and the samples."""

    name: str
    kind: str
    about: str
    samples: tuple[Sample, ...]


def gauge(name: str, about: str, value: float | None, **labels: str | int) -> Family:
    """A family of one number; without a sample where there is nothing to say."""
    return Family(name, "gauge", about, () if value is None else (Sample(value, labels),))


def gauges(name: str, about: str, label: str, values: Mapping[str, float | None]) -> Family:
    """A family of numbers told apart by one label."""
    known = ((key, value) for key, value in values.items() if value is not None)
    return Family(name, "gauge", about, tuple(Sample(value, {label: key}) for key, value in known))


def written(families: Iterable[Family]) -> str:
    """The text."""
    return "".join(_family(one) for one in families)


def _family(family: Family) -> str:
    name = PREFIX + family.name
    head = f"# HELP {name} {_escaped(family.about)}\n# TYPE {name} {family.kind}\n"
    return head + "".join(f"{name}{one.ending}{_labels(one.labels)} {one.value:.15g}\n" for one in family.samples)


def _labels(labels: Mapping[str, str | int]) -> str:
    if not labels:
        return ""
    return "{" + ",".join(f'{key}="{_quoted(value)}"' for key, value in labels.items()) + "}"


def _quoted(value: str | int) -> str:
    return _escaped(str(value)).replace('"', '\\"')


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n")

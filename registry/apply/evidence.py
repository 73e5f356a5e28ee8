"""Which kinds of evidence an edition takes, group by group: what a company gathers before it begins."""

from collections import Counter
from dataclasses import dataclass

from criteria.model import Edition, EvidenceKind, Group


@dataclass(frozen=True)
class Asked:
    """One group: how many criteria it has, how many of them are critical, and how many take each kind."""

    group: Group
    criteria: int
    critical: int
    kinds: tuple[tuple[EvidenceKind, int], ...]


def asked_by_group(edition: Edition) -> tuple[Asked, ...]:
    """Every group in its order; within it the kinds that most of its criteria take come first."""
    found = []
    for group, criteria in edition.by_group():
        counted = Counter(code for criterion in criteria for code in criterion.evidence)
        kinds = tuple((edition.evidence_kind(code), count) for code, count in counted.most_common())
        found.append(Asked(group, len(criteria), sum(one.critical for one in criteria), kinds))
    return tuple(found)

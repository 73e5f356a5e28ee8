"""A small edition whose arithmetic fits in a comment: two groups, four criteria, two levels."""

from dataclasses import replace

from criteria import store
from criteria.model import Bilingual, Criterion, Edition, Group, Level

WORDS = Bilingual("chữ", "words")


def criterion(code, weight, **changes) -> Criterion:
    """A criterion of the group its code begins with, for every category unless told otherwise."""
    blank = Criterion(
        code=code,
        group=code[0],
        title=Bilingual(f"Tiêu chí {code}", f"Criterion {code}"),
        requirement=WORDS,
        guidance=None,
        weight=weight,
        critical=False,
        categories=("PC", "DL"),
        applies_if="",
        applies_if_for=(),
        evidence=("DOC",),
        sources=(),
        related_risks=(),
        protects_from=(),
        na_allowed=False,
    )
    return replace(blank, **changes)


def level(code, number, thresholds) -> Level:
    """A level; the thresholds are critical_min, any_min, group_min, overall_min."""
    return Level(code, Bilingual(code, code), number, *thresholds)


def edition() -> Edition:
    """Group A (60): A1 (weight 3, critical), A2 (1). Group B (40): B1 (2), B2 (1, may be left out)."""
    shipped = store.load("vcsc-2026")
    return replace(
        shipped,
        categories=(shipped.category("PC"), shipped.category("DL")),
        groups=(Group("A", WORDS, 60, 1, WORDS, WORDS), Group("B", WORDS, 40, 2, WORDS, WORDS)),
        levels=(level("L1", 1, (3, 1, 50, 65)), level("L2", 2, (3, 2, 65, 78))),
        criteria=(
            criterion("A1", 3, critical=True, protects_from=("content", "contact")),
            criterion("A2", 1, protects_from=("conduct",)),
            criterion("B1", 2),
            criterion("B2", 1, na_allowed=True),
        ),
        band_tables=(),
        labels=(),
    )

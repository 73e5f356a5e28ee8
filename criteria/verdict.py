"""Turn agreed scores into a verdict by the rules of one edition: pure, exact, and never rounded up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum
from fractions import Fraction

from criteria.model import Criterion, Edition, Level

ZERO = Fraction(0)
HUNDRED = 100
TENTH = Decimal("0.1")


class Mark(StrEnum):
    """What can stand in place of a score."""

    NOT_SHOWN = "not_shown"
    NOT_APPLICABLE = "not_applicable"


NOT_SHOWN = Mark.NOT_SHOWN
NOT_APPLICABLE = Mark.NOT_APPLICABLE

Score = int | Mark


class BadScore(ValueError):
    """A value that is no score of the edition's scale."""


class ObstacleKind(StrEnum):
    """Which of the four thresholds of a level is missed."""

    OVERALL = "overall"
    GROUP = "group"
    CRITICAL = "critical"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What is missing to a level: `code` is a group or a criterion, "" for overall; percent or score."""

    kind: ObstacleKind
    code: str
    have: Fraction
    need: Fraction


@dataclass(frozen=True, slots=True)
class GroupResult:
    """The result of one group that is not empty.

    `percent` is of the group's own highest sum; `share` is the group's weight out of 100 after empty groups
    were dropped; `contribution` is what it adds to the overall percent.
    """

    code: str
    percent: Fraction
    share: Fraction

    @property
    def contribution(self) -> Fraction:
        """Percent times share, out of 100."""
        return self.percent * self.share / HUNDRED

    def shown(self, lang: str) -> str:
        """The percent as people see it, cut (never rounded up) to one decimal."""
        return shown(self.percent, lang)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result: groups in their order, overall percent, failures, level, and the way to the next level.

    `critical_failures` are critical criteria below what the lowest level asks; no `next_level` above the top.
    """

    groups: tuple[GroupResult, ...]
    overall: Fraction
    critical_failures: tuple[str, ...]
    level: Level | None
    next_level: Level | None
    obstacles: tuple[Obstacle, ...]

    def shown(self, lang: str) -> str:
        """The overall percent as people see it, cut (never rounded up) to one decimal."""
        return shown(self.overall, lang)


def verdict(edition: Edition, scores: Mapping[str, Score]) -> Verdict:
    """The verdict on `scores`, one for every criterion that applies (procedure, "Evaluation").

    NOT_SHOWN counts as 0. NOT_APPLICABLE leaves a criterion out where the edition allows it, and counts as 0
    where it does not and on every critical criterion. Refuses unknown codes (UnknownCode) and values off the
    scale (BadScore).
    """
    counted = _counted(edition, scores)
    groups = _groups(edition, counted)
    overall = sum((group.contribution for group in groups), start=ZERO)
    levels = sorted(edition.levels, key=lambda level: level.number)
    missing = [_obstacles(edition, level, counted, groups) for level in levels]
    reached = max((index for index, obstacles in enumerate(missing) if not obstacles), default=-1) if groups else -1
    ahead = reached + 1
    return Verdict(
        groups=groups,
        overall=overall,
        critical_failures=tuple(_below(counted, levels[0].critical_min)),
        level=levels[reached] if reached >= 0 else None,
        next_level=levels[ahead] if ahead < len(levels) else None,
        obstacles=missing[ahead] if ahead < len(levels) else (),
    )


def protects_from(edition: Edition, scores: Mapping[str, Score]) -> frozenset[str]:
    """The risks a product protects from: derived only, from scores at or above the pass mark.

    `scores` as for `verdict`; refuses the same.
    """
    counted = _counted(edition, scores)
    return frozenset(
        risk for criterion, score in counted.items() if score >= edition.pass_mark for risk in criterion.protects_from
    )


def tenths(value: Fraction) -> Decimal:
    """A percent cut to one decimal: 77.99 gives 77.9, so that nobody reads a threshold not reached."""
    exact = Decimal(value.numerator * 10 // value.denominator)
    return (exact / 10).quantize(TENTH, ROUND_DOWN)


def shown(value: Fraction, lang: str) -> str:
    """A percent (from 0) cut to one decimal, written as the language writes it: 77,9 or 77.9."""
    written = str(tenths(value))
    return written if lang == "en" else written.replace(".", ",")


def _counted(edition: Edition, scores: Mapping[str, Score]) -> dict[Criterion, int]:
    """The criteria that count, in the order of the edition, each with the value it counts with."""
    given = {edition.criterion(code): _checked(edition, score) for code, score in scores.items()}
    return {
        criterion: _value(given[criterion])
        for criterion in edition.criteria
        if criterion in given and not _left_out(criterion, given[criterion])
    }


def _checked(edition: Edition, score: Score) -> Score:
    if isinstance(score, Mark):
        return score
    if isinstance(score, bool) or score not in {step.value for step in edition.scale}:
        raise BadScore(f"{score!r} is not a score of {edition.id}.")
    return score


def _left_out(criterion: Criterion, score: Score) -> bool:
    return score is NOT_APPLICABLE and criterion.na_allowed and not criterion.critical


def _value(score: Score) -> int:
    return 0 if isinstance(score, Mark) else score


def _groups(edition: Edition, counted: Mapping[Criterion, int]) -> tuple[GroupResult, ...]:
    """Each group that has a counted criterion; the weights of the others are spread over these."""
    present = {criterion.group for criterion in counted}
    groups = [group for group, _ in edition.by_group() if group.code in present]
    total = sum(group.weight for group in groups)
    return tuple(
        GroupResult(group.code, _percent(edition, group.code, counted), Fraction(group.weight * HUNDRED, total))
        for group in groups
    )


def _percent(edition: Edition, group: str, counted: Mapping[Criterion, int]) -> Fraction:
    own = [(criterion.weight, score) for criterion, score in counted.items() if criterion.group == group]
    reached = sum(weight * score for weight, score in own)
    highest = edition.top_score * sum(weight for weight, _ in own)
    return Fraction(reached * HUNDRED, highest)


def _obstacles(
    edition: Edition, level: Level, counted: Mapping[Criterion, int], groups: Iterable[GroupResult]
) -> tuple[Obstacle, ...]:
    """Everything between the scores and `level`: critical criteria first, then others, groups, overall."""
    results = list(groups)
    overall = sum((group.contribution for group in results), start=ZERO)
    found = [*_score_obstacles(level, counted), *_group_obstacles(level, results)]
    if overall < level.overall_min:
        found.append(Obstacle(ObstacleKind.OVERALL, "", overall, Fraction(level.overall_min)))
    return tuple(found)


def _score_obstacles(level: Level, counted: Mapping[Criterion, int]) -> list[Obstacle]:
    """Criteria below their threshold; a critical one must reach the higher of both."""
    found = []
    for criterion, score in counted.items():
        kind = ObstacleKind.CRITICAL if criterion.critical else ObstacleKind.ANY
        need = max(level.critical_min, level.any_min) if criterion.critical else level.any_min
        if score < need:
            found.append(Obstacle(kind, criterion.code, Fraction(score), Fraction(need)))
    return sorted(found, key=lambda obstacle: obstacle.kind is ObstacleKind.ANY)


def _group_obstacles(level: Level, groups: Iterable[GroupResult]) -> list[Obstacle]:
    need = Fraction(level.group_min)
    return [Obstacle(ObstacleKind.GROUP, group.code, group.percent, need) for group in groups if group.percent < need]


def _below(counted: Mapping[Criterion, int], mark: int) -> list[str]:
    return [criterion.code for criterion, score in counted.items() if criterion.critical and score < mark]

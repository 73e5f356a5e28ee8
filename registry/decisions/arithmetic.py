"""The verdict as a decider can follow it: groups with weights, and every level with what it asks."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from flask_babel import gettext as _

from assessments.queries.decisions import DecisionFile, marks
from criteria.model import Edition, Level
from criteria.verdict import NOT_APPLICABLE, Mark, ObstacleKind, Score
from registry.templating import bi, score


@dataclass(frozen=True)
class GroupRow:
    """One line of the table: percent, × weight, = what it adds; `low` where it holds the level down."""

    name: str
    score: Fraction
    weight: Fraction
    share: Fraction
    low: bool


@dataclass(frozen=True)
class Condition:
    """What every level asks in one respect: for each level, whether it is reached and what it needs."""

    text: str
    cells: tuple[tuple[bool, int], ...]


@dataclass(frozen=True)
class Arithmetic:
    """Everything the tables print."""

    groups: list[GroupRow]
    ticks: list[int]
    overall: Fraction
    levels: list[Level]
    conditions: list[Condition]
    lead: str


def arithmetic_of(file: DecisionFile) -> Arithmetic:
    """The sums behind a file's verdict."""
    verdict, edition = file.verdict, file.edition
    low = {obstacle.code for obstacle in verdict.obstacles if obstacle.kind is ObstacleKind.GROUP}
    levels = sorted(edition.levels, key=lambda level: level.number)
    around = [level for level in (verdict.level, verdict.next_level) if level is not None]
    return Arithmetic(
        groups=[
            GroupRow(bi(edition.group(g.code).name), g.percent, g.share, g.contribution, g.code in low)
            for g in verdict.groups
        ],
        ticks=[level.group_min for level in around],
        overall=verdict.overall,
        levels=levels,
        conditions=list(_conditions(file, levels)),
        lead=_lead(file),
    )


def _conditions(file: DecisionFile, levels: list[Level]) -> list[Condition]:
    critical, others = _lowest(file.edition, file.before | marks(file.agreed))
    lowest = min((group.percent for group in file.verdict.groups), default=Fraction(0))
    found = [
        _condition(
            _("Điểm chung %(have)s", have=score(file.verdict.overall)),
            file.verdict.overall,
            [level.overall_min for level in levels],
        ),
        _condition(_("Nhóm thấp nhất %(have)s", have=score(lowest)), lowest, [level.group_min for level in levels]),
    ]
    if critical is not None:
        need = [max(level.critical_min, level.any_min) for level in levels]
        text = _("Tiêu chí bắt buộc đạt thấp nhất: %(have)d điểm", have=critical)
        found.append(_condition(text, Fraction(critical), need))
    if others is not None:
        text = _("Tiêu chí khác thấp nhất: %(have)d điểm", have=others)
        found.append(_condition(text, Fraction(others), [level.any_min for level in levels]))
    return found


def _condition(text: str, have: Fraction, need: list[int]) -> Condition:
    return Condition(text, tuple((have >= bound, bound) for bound in need))


def _lowest(edition: Edition, given: Mapping[str, Score]) -> tuple[int | None, int | None]:
    """The lowest counted score of the critical and of the other criteria."""
    critical: list[int] = []
    others: list[int] = []
    for code, mark in given.items():
        criterion = edition.criterion(code)
        if mark == NOT_APPLICABLE and criterion.na_allowed and not criterion.critical:
            continue
        (critical if criterion.critical else others).append(0 if isinstance(mark, Mark) else mark)
    return min(critical, default=None), min(others, default=None)


def _lead(file: DecisionFile) -> str:
    """Why the result stops where it stops, in one sentence."""
    verdict = file.verdict
    if verdict.next_level is None:
        return str(_("Mọi điều kiện của mức cao nhất đều đạt."))
    missing = [_obstacle(file, kind) for kind in dict.fromkeys(obstacle.kind for obstacle in verdict.obstacles)]
    text: str = _(
        "Điểm chung %(overall)s. Chưa đạt mức %(level)s vì %(missing)s.",
        overall=score(verdict.overall),
        level=bi(verdict.next_level.label),
        missing="; ".join(missing),
    )
    return text


def _obstacle(file: DecisionFile, kind: ObstacleKind) -> str:
    found = [obstacle for obstacle in file.verdict.obstacles if obstacle.kind is kind]
    need = int(found[0].need)
    if kind is ObstacleKind.OVERALL:
        return str(_("điểm chung dưới %(need)d", need=need))
    if kind is ObstacleKind.GROUP:
        names = ", ".join(f"{bi(file.edition.group(one.code).name)} {score(one.have)}" for one in found)
        return str(_("nhóm dưới %(need)d: %(names)s", need=need, names=names))
    names = ", ".join(one.code for one in found)
    if kind is ObstacleKind.CRITICAL:
        return str(_("tiêu chí bắt buộc đạt dưới %(need)d điểm: %(names)s", need=need, names=names))
    return str(_("tiêu chí dưới %(need)d điểm: %(names)s", need=need, names=names))

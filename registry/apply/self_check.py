"""A self-check: a product, the marks its vendor gives it, and what the edition makes of them. Nothing is kept."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from assessments import interchange
from assessments.errors import Invalid
from assessments.profile import from_dict
from assessments.queries.progress import Scope, scope_of
from criteria.applicability import Applicable
from criteria.model import Code, Criterion, Edition, Group
from criteria.verdict import NOT_APPLICABLE, NOT_SHOWN, Obstacle, ObstacleKind, Score, Verdict, verdict
from registry.apply.forms import STALE

MARK = "mark-"  # the fields of the marks: mark-TL-01
SCORES = (ObstacleKind.CRITICAL, ObstacleKind.ANY)


@dataclass(frozen=True)
class Part:
    """One group with its criteria that apply; `marked` of them have a mark."""

    group: Group
    criteria: tuple[Applicable, ...]
    marked: int


@dataclass(frozen=True)
class SelfCheck:
    """A product's profile and its marks by criterion: "0" to "4", or one of the two words of criteria.verdict."""

    edition: Edition
    profile: Mapping[str, Any]
    marks: Mapping[str, str]

    @cached_property
    def scope(self) -> Scope:
        """Which criteria apply, which do not, and why."""
        return scope_of(self.edition, from_dict(self.profile))

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """The criteria that apply, group by group; groups of which nothing applies are left out."""
        found = []
        for group, _criteria in self.edition.by_group():
            own = tuple(one for one in self.scope.applies if one.criterion.group == group.code)
            if own:
                found.append(Part(group, own, sum(one.criterion.code in self.marks for one in own)))
        return tuple(found)

    @cached_property
    def unmarked(self) -> tuple[Criterion, ...]:
        """The criteria that apply and have no mark yet; they count as not shown."""
        return tuple(one.criterion for one in self.scope.applies if one.criterion.code not in self.marks)

    @cached_property
    def scores(self) -> dict[str, Score]:
        """The marks as criteria.verdict takes them, one for every criterion that applies."""
        return {one.criterion.code: _score(self.marks.get(one.criterion.code, "")) for one in self.scope.applies}

    @cached_property
    def verdict(self) -> Verdict:
        """What the marks would give."""
        return verdict(self.edition, self.scores)

    @property
    def criticals(self) -> tuple[Criterion, ...]:
        """The critical criteria that apply."""
        return tuple(one.criterion for one in self.scope.applies if one.criterion.critical)

    @property
    def lacking_scores(self) -> tuple[Obstacle, ...]:
        """Criteria that stand between the result and the next level."""
        return tuple(one for one in self.verdict.obstacles if one.kind in SCORES)

    @property
    def lacking_sums(self) -> tuple[Obstacle, ...]:
        """Groups, and the whole, that stand between the result and the next level."""
        return tuple(one for one in self.verdict.obstacles if one.kind not in SCORES)

    def name(self, language: str) -> str:
        """What the product is called, as far as that was told."""
        return from_dict(self.profile).name(language) or str(self.profile["name_en"])

    def named(self, field: str) -> tuple[Code, ...]:
        """The entries of the edition that a list of the profile names: categories, flags, platforms or ages."""
        lists: Mapping[str, tuple[Code, ...]] = {
            "categories": self.edition.categories,
            "flags": self.edition.flags,
            "platforms": self.edition.platforms,
            "ages": self.edition.age_bands,
        }
        return tuple(one for one in lists[field] if one.code in self.profile[field])

    def part(self, code: str) -> Part | None:
        """The part of a group, where something in it applies."""
        return next((part for part in self.parts if part.group.code == code), None)

    def fields(self, without: Iterable[str] = ()) -> list[tuple[str, str]]:
        """Everything as the fields of a form, in which it travels; the marks of the criteria named stay behind."""
        left = set(without)
        marks = [(MARK + code, mark) for code, mark in self.marks.items() if code not in left]
        return [("edition", self.edition.id), *self._product_fields(), *marks]

    def document(self) -> dict[str, Any]:
        """What an application can be filled from: criteria without a mark, and those of other kinds, are left out."""
        marked = [one.criterion.code for one in self.scope.applies if one.criterion.code in self.marks]
        return interchange.document(self.edition.id, self.profile, {code: self._answer(code) for code in marked})

    def _answer(self, code: str) -> dict[str, Any]:
        score = self.scores[code]
        return {
            "claim": "",
            "not_applicable": score is NOT_APPLICABLE,
            "not_applicable_reason": "",
            "self_score": score if isinstance(score, int) else None,
        }

    def _product_fields(self) -> list[tuple[str, str]]:
        texts = [(name, str(self.profile[name])) for name in ("name_vi", "name_en")]
        lists = [(name, code) for name in ("categories", "platforms", "ages") for code in self.profile[name]]
        return [*texts, *lists, *self._features()]

    def _features(self) -> list[tuple[str, str]]:
        found = []
        for number, flag in enumerate(self.edition.flags):
            answer = "yes" if flag.code in self.profile["flags"] else "no"
            found += [(f"features-{number}-code", flag.code), (f"features-{number}-answer", answer)]
        return found


def marks_of(edition: Edition, fields: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The marks among the fields of a form; refuses codes and marks the edition does not have (Invalid)."""
    given = {name.removeprefix(MARK): mark for name, mark in fields if name.startswith(MARK) and mark}
    known = {criterion.code: criterion for criterion in edition.criteria}
    for code, mark in given.items():
        if code not in known or mark not in choices(edition, known[code]):
            raise Invalid(STALE, edition=edition.id)
    return {code: given[code] for code in known if code in given}


def choices(edition: Edition, criterion: Criterion) -> tuple[str, ...]:
    """The marks that a criterion can get, in the order of the scale."""
    steps = sorted(step.value for step in edition.scale)
    excused = (NOT_APPLICABLE.value,) if criterion.na_allowed and not criterion.critical else ()
    return (*(str(value) for value in steps), NOT_SHOWN.value, *excused)


def _score(mark: str) -> Score:
    if mark == NOT_APPLICABLE:
        return NOT_APPLICABLE
    return int(mark) if mark.isdecimal() else NOT_SHOWN

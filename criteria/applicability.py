"""Which criteria apply to a product, from its categories and feature flags, each with the reason."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from criteria.model import Criterion, Edition


class ReasonKind(StrEnum):
    """Why a criterion applies, or does not; the web turns it into a sentence."""

    EVERY_CATEGORY = "every_category"
    CATEGORY = "category"
    FLAG = "flag"
    OTHER_CATEGORY = "other_category"
    FLAG_ABSENT = "flag_absent"


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason with the categories it speaks of and, for the two flag kinds, the flags."""

    kind: ReasonKind
    categories: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Applicable:
    """A criterion that applies, and why."""

    criterion: Criterion
    reason: Reason


@dataclass(frozen=True, slots=True)
class NotApplicable:
    """A criterion that does not apply, and why."""

    criterion: Criterion
    reason: Reason


def applicable(edition: Edition, categories: Collection[str], flags: Collection[str]) -> tuple[Applicable, ...]:
    """The criteria that apply to a product with these categories and flags, in the order of the edition.

    Refuses a category or a flag that the edition does not have (UnknownCode).
    """
    _refuse_unknown(edition, categories, flags)
    return tuple(
        Applicable(criterion, _reason(edition, criterion, categories, flags))
        for criterion in edition.criteria
        if _met(criterion, categories, flags)
    )


def not_applicable(edition: Edition, categories: Collection[str], flags: Collection[str]) -> tuple[NotApplicable, ...]:
    """The other criteria, each with what keeps it away; refuses unknown codes (UnknownCode)."""
    _refuse_unknown(edition, categories, flags)
    return tuple(
        NotApplicable(criterion, _obstacle(criterion, categories, flags))
        for criterion in edition.criteria
        if not _met(criterion, categories, flags)
    )


def _refuse_unknown(edition: Edition, categories: Iterable[str], flags: Iterable[str]) -> None:
    for category in categories:
        edition.category(category)
    for flag in flags:
        edition.flag(flag)


def _own(criterion: Criterion, categories: Collection[str]) -> tuple[str, ...]:
    """The categories of the product that the criterion is for."""
    return tuple(code for code in criterion.categories if code in categories)


def _asked(criterion: Criterion, category: str) -> set[str]:
    """The flags that a product of `category` must have for the criterion to apply."""
    return {criterion.applies_if, criterion.condition_for(category)} - {""}


def _met(criterion: Criterion, categories: Collection[str], flags: Collection[str]) -> tuple[str, ...]:
    """The categories through which the criterion applies; none when it does not."""
    return tuple(code for code in _own(criterion, categories) if _asked(criterion, code) <= set(flags))


def _reason(edition: Edition, criterion: Criterion, categories: Collection[str], flags: Collection[str]) -> Reason:
    through = _met(criterion, categories, flags)
    asked = [_asked(criterion, code) for code in through]
    if all(asked):
        return Reason(ReasonKind.FLAG, through, tuple(sorted(set().union(*asked))))
    unconditional = tuple(code for code, flag in zip(through, asked, strict=True) if not flag)
    if {category.code for category in edition.categories} == set(criterion.categories):
        return Reason(ReasonKind.EVERY_CATEGORY, unconditional)
    return Reason(ReasonKind.CATEGORY, unconditional)


def _obstacle(criterion: Criterion, categories: Collection[str], flags: Collection[str]) -> Reason:
    own = _own(criterion, categories)
    if not own:
        return Reason(ReasonKind.OTHER_CATEGORY, criterion.categories)
    lacking = set().union(*(_asked(criterion, code) for code in own)) - set(flags)
    return Reason(ReasonKind.FLAG_ABSENT, own, tuple(sorted(lacking)))

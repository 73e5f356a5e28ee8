"""How far a draft has come, criterion by criterion: pure, from what was already read."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from assessments.profile import Profile
from assessments.queries.answers import AnswerSummary
from criteria import applicability
from criteria.applicability import Applicable, NotApplicable
from criteria.model import Criterion, Edition, Group


class Progress(StrEnum):
    """What a person still has to do about one criterion."""

    TODO = "todo"
    HALF = "half"  # begun; something is lacking
    DONE = "done"
    FIX = "fix"  # the club asked for it
    CLAIMED_NA = "claimed_na"  # done, by claiming that it does not apply


FINISHED = {Progress.DONE, Progress.CLAIMED_NA}


@dataclass(frozen=True)
class Task:
    """One criterion that applies, how far its answer has come, and how much evidence it has."""

    criterion: Criterion
    progress: Progress
    evidence: int = 0

    @property
    def finished(self) -> bool:
        """Whether nothing is left to do about it."""
        return self.progress in FINISHED


@dataclass(frozen=True)
class GroupOfTasks:
    """The criteria of one group that apply."""

    group: Group
    tasks: tuple[Task, ...]

    @property
    def finished(self) -> int:
        """How many of them are finished."""
        return sum(task.finished for task in self.tasks)

    @property
    def progress(self) -> Progress:
        """The state of the group: what is worst counts."""
        found = {task.progress for task in self.tasks}
        if Progress.FIX in found:
            return Progress.FIX
        if found <= FINISHED:
            return Progress.DONE
        return Progress.TODO if found == {Progress.TODO} else Progress.HALF


@dataclass(frozen=True)
class Scope:
    """Which criteria of an edition apply to a product, which do not, each with its reason."""

    applies: tuple[Applicable, ...]
    others: tuple[NotApplicable, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes that apply, in the order of the edition."""
        return tuple(one.criterion.code for one in self.applies)


def scope_of(edition: Edition, facts: Profile, asked: Collection[str] = ()) -> Scope:
    """What applies to a profile; codes the edition does not have are left out (readiness names them).

    `asked`: of a surveillance, the criteria it is about; what else applies is left out too.
    """
    categories = _known(facts.categories, (one.code for one in edition.categories))
    flags = _known(facts.flags, (one.code for one in edition.flags))
    return Scope(
        applies=within(applicability.applicable(edition, categories, flags), asked),
        others=applicability.not_applicable(edition, categories, flags),
    )


def within(found: tuple[Applicable, ...], asked: Collection[str]) -> tuple[Applicable, ...]:
    """Of what applies, what an application is about (Application.asked): everything where nothing is named."""
    return tuple(one for one in found if not asked or one.criterion.code in asked)


def tasks_of(scope: Scope, given: Mapping[str, AnswerSummary], to_fix: Collection[str] = ()) -> tuple[Task, ...]:
    """The state of every criterion that applies; `to_fix` are the codes the club has named and nobody has touched."""
    return tuple(_task(one.criterion, given.get(one.criterion.code), to_fix) for one in scope.applies)


def by_group(edition: Edition, tasks: Iterable[Task]) -> tuple[GroupOfTasks, ...]:
    """The same, group by group; groups of which nothing applies are left out."""
    kept = list(tasks)
    groups = (
        GroupOfTasks(group, tuple(task for task in kept if task.criterion.group == group.code))
        for group, _ in edition.by_group()
    )
    return tuple(one for one in groups if one.tasks)


def _task(criterion: Criterion, answer: AnswerSummary | None, to_fix: Collection[str]) -> Task:
    if answer is None:
        return Task(criterion, Progress.FIX if criterion.code in to_fix else Progress.TODO)
    if criterion.code in to_fix:
        return Task(criterion, Progress.FIX, answer.evidence)
    if answer.not_applicable:
        return Task(criterion, Progress.CLAIMED_NA, answer.evidence)
    if answer.claim and answer.evidence:
        return Task(criterion, Progress.DONE, answer.evidence)
    begun = answer.claim or answer.evidence
    return Task(criterion, Progress.HALF if begun else Progress.TODO, answer.evidence)


def _known(codes: Iterable[str], known: Iterable[str]) -> tuple[str, ...]:
    there = set(known)
    return tuple(code for code in codes if code in there)

"""Which team to propose for a file, and why: a pure function over what is known of the candidates."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb
from uuid import UUID

from assessments.queries.competences import Subject

MOST_TEAMS = 12_000  # looked at; with more, the most useful candidates only

Pair = frozenset[UUID]


@dataclass(frozen=True)
class Option:
    """One candidate as the proposal sees them: what they cover, open reviews, and reviews they have finished."""

    person_id: UUID
    free: bool
    covers: frozenset[Subject] = frozenset()
    load: int = 0
    finished: int = 0


@dataclass(frozen=True)
class Team:
    """A proposed team, the most experienced first as its lead, and what speaks for and against it."""

    people: tuple[UUID, ...]
    uncovered: tuple[Subject, ...]  # what nobody of the team is competent for
    out_of_reach: tuple[Subject, ...]  # of those, what no free candidate is competent for
    load: int  # open reviews of all of them together
    repeats: int  # files that two of them have reviewed together before
    larger: bool  # more people than the quorum, because fewer cover less

    @property
    def lead(self) -> UUID:
        """Who leads."""
        return self.people[0]


def propose(
    options: Iterable[Option], asked: Sequence[Subject], quorum: int, together: Mapping[Pair, int]
) -> Team | None:
    """The best team of free people, or None where there are fewer than the quorum.

    In this order: as much as can be of what is asked is covered by somebody; as few people as that takes, from the
    quorum to one more; the fewest open reviews and the fewest files reviewed together before, counted as one sum;
    more subjects that several cover. What is still equal is settled by the ids, so that the same facts always give the
    same team. `together` counts the files that two people have reviewed together.
    """
    free = sorted((one for one in options if one.free), key=lambda one: str(one.person_id))
    if not 0 < quorum <= len(free):
        return None
    reach = _held(free) & frozenset(asked)
    best = _best(free, reach, quorum, together)
    if not reach <= _held(best) and quorum < len(free):
        best = min(best, _best(free, reach, quorum + 1, together), key=lambda team: len(reach - _held(team)))
    held = _held(best)
    return Team(
        people=tuple(one.person_id for one in sorted(best, key=_seniority)),
        uncovered=tuple(subject for subject in asked if subject not in held),
        out_of_reach=tuple(subject for subject in asked if subject not in reach),
        load=sum(one.load for one in best),
        repeats=_repeats(best, together),
        larger=len(best) > quorum,
    )


def _best(
    free: Sequence[Option], wanted: frozenset[Subject], size: int, together: Mapping[Pair, int]
) -> tuple[Option, ...]:
    teams = combinations(_shortlist(free, wanted, size), size)
    return min(teams, key=lambda team: _cost(team, wanted, together))


def _held(people: Iterable[Option]) -> frozenset[Subject]:
    return frozenset().union(*(one.covers for one in people))


def _shortlist(free: Sequence[Option], wanted: frozenset[Subject], size: int) -> Sequence[Option]:
    """Everybody while the teams can be counted; else for each subject who is least busy, then the most useful."""
    most = len(free)
    while most > size and comb(most, size) > MOST_TEAMS:
        most -= 1
    if most == len(free):
        return free
    useful = sorted(free, key=lambda one: (-len(one.covers & wanted), one.load, str(one.person_id)))
    able = [next((one for one in sorted(free, key=_busy) if subject in one.covers), None) for subject in sorted(wanted)]
    chosen = dict.fromkeys([one for one in able if one is not None] + useful)
    return sorted(list(chosen)[:most], key=lambda one: str(one.person_id))


def _cost(team: tuple[Option, ...], wanted: frozenset[Subject], together: Mapping[Pair, int]) -> tuple[object, ...]:
    strain = sum(one.load for one in team) + _repeats(team, together)
    twice = sum(len(one.covers & wanted) for one in team)
    return (len(wanted - _held(team)), strain, -twice, [str(one.person_id) for one in team])


def _repeats(team: Iterable[Option], together: Mapping[Pair, int]) -> int:
    return sum(together.get(frozenset((a.person_id, b.person_id)), 0) for a, b in combinations(team, 2))


def _busy(one: Option) -> tuple[int, str]:
    return one.load, str(one.person_id)


def _seniority(one: Option) -> tuple[int, int, str]:
    return -one.finished, one.load, str(one.person_id)

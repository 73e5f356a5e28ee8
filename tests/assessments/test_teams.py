"""The proposed team: what holds whatever the candidates are."""

import random
from itertools import combinations
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from assessments.queries.teams import Option, propose
from assessments.states import CompetenceField

SUBJECTS = tuple((CompetenceField.GROUP, code) for code in ("AT", "BC", "HN", "QT"))


@st.composite
def options(draw):
    """Up to seven candidates."""
    count = draw(st.integers(0, 7))
    return [
        Option(
            UUID(int=number + 1),
            free=draw(st.booleans()),
            covers=frozenset(draw(st.sets(st.sampled_from(SUBJECTS)))),
            load=draw(st.integers(0, 4)),
            finished=draw(st.integers(0, 9)),
        )
        for number in range(count)
    ]


@st.composite
def files(draw):
    """Candidates, what is asked, the quorum, and who has reviewed together."""
    found = draw(options())
    pairs = [frozenset((a.person_id, b.person_id)) for a, b in combinations(found, 2)]
    together = draw(st.dictionaries(st.sampled_from(pairs), st.integers(1, 5))) if pairs else {}
    asked = tuple(sorted(draw(st.sets(st.sampled_from(SUBJECTS)))))
    return found, asked, draw(st.integers(1, 3)), together


def held(people):
    return frozenset().union(*(one.covers for one in people))


def strain(people, together):
    pairs = combinations(people, 2)
    repeats = sum(together.get(frozenset((a.person_id, b.person_id)), 0) for a, b in pairs)
    return sum(one.load for one in people) + repeats


@given(files())
def test_only_free_people_and_as_many_as_the_quorum_or_one_more(file):
    found, asked, quorum, together = file
    team = propose(found, asked, quorum, together)
    free = {one.person_id for one in found if one.free}
    if len(free) < quorum:
        assert team is None
    else:
        assert set(team.people) <= free
        assert len(set(team.people)) == len(team.people) == quorum + team.larger


@given(files())
def test_no_team_of_that_size_covers_more_and_what_is_wanting_is_said(file):
    found, asked, quorum, together = file
    team = propose(found, asked, quorum, together)
    if team is None:
        return
    by_id = {one.person_id: one for one in found}
    free = [one for one in found if one.free]
    covered = held(by_id[one] for one in team.people) & set(asked)
    most = max(
        len(held(some) & set(asked))
        for size in (quorum, quorum + 1)
        if size <= len(free)
        for some in combinations(free, size)
    )
    assert len(covered) == most
    assert set(team.uncovered) == set(asked) - covered
    assert set(team.out_of_reach) == set(asked) - held(free)


@given(files())
def test_a_larger_team_only_where_the_quorum_covers_less(file):
    found, asked, quorum, together = file
    team = propose(found, asked, quorum, together)
    if team is not None and team.larger:
        free = [one for one in found if one.free]
        small = max(len(held(some) & set(asked)) for some in combinations(free, quorum))
        assert small < len(asked) - len(team.uncovered)


@given(files())
def test_of_teams_that_cover_as_much_none_is_less_busy_and_less_used_to_each_other(file):
    found, asked, quorum, together = file
    team = propose(found, asked, quorum, together)
    if team is None:
        return
    free = [one for one in found if one.free]
    reached = len(asked) - len(team.uncovered)
    rivals = [some for some in combinations(free, len(team.people)) if len(held(some) & set(asked)) == reached]
    by_id = {one.person_id: one for one in found}
    assert strain([by_id[one] for one in team.people], together) == min(strain(some, together) for some in rivals)


@given(files())
def test_the_most_experienced_leads(file):
    found, asked, quorum, together = file
    team = propose(found, asked, quorum, together)
    if team is not None:
        finished = {one.person_id: one.finished for one in found}
        assert finished[team.lead] == max(finished[one] for one in team.people)


@given(files(), st.randoms())
def test_the_same_facts_in_any_order_give_the_same_team(file, dice):
    found, asked, quorum, together = file
    shuffled = list(found)
    random.Random(dice.random()).shuffle(shuffled)  # noqa: S311  no secret
    assert propose(found, asked, quorum, together) == propose(shuffled, asked, quorum, together)


def test_the_same_pair_is_not_proposed_again_and_again():
    three = [Option(UUID(int=number), free=True) for number in (1, 2, 3)]
    together: dict[frozenset[UUID], int] = {}
    pairs = []
    for _turn in range(3):
        team = propose(three, (), 2, together)
        pairs.append(frozenset(team.people))
        together[frozenset(team.people)] = together.get(frozenset(team.people), 0) + 1
    assert len(set(pairs)) == 3


def test_with_a_crowd_the_search_stays_small_and_still_covers():
    crowd = [Option(UUID(int=number), free=True, load=number % 5) for number in range(1, 80)]
    able = [
        Option(UUID(int=100 + number), free=True, covers=frozenset({one}), load=9)
        for number, one in enumerate(SUBJECTS[:3])
    ]
    team = propose([*crowd, *able], SUBJECTS[:3], 2, {})
    assert team.larger
    assert team.uncovered == ()

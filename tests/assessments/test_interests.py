"""The register of interests: what may be declared, and how it stands in the way."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from assessments import interests
from assessments.clock import today
from assessments.errors import Invalid, NotAllowed, NotFound, WrongState
from assessments.models import HistoryEntry, HistoryText, Interest
from assessments.people import InterestKind, Role
from assessments.queries import reviews
from assessments.queries.interests import interests_of, registers
from assessments.queries.participation import free_reviewers
from assessments.queries.standings import standing_of
from assessments.states import State
from tests import evaluation

SHARES = interests.Entry(InterestKind.SHARES, date(2024, 1, 1), organisation="Công ty Lá Xanh")


def test_an_interest_in_a_company_shuts_its_files_and_a_mistake_opens_them(session, world):
    application = world.application(State.ACCEPTED)
    assert standing_of(session, world.dung, application).has_interest is False
    entry = interests.Entry(InterestKind.FAMILY, date(2024, 1, 1), "anything", vendor_id=world.hat_nang.id)
    added = interests.add(session, world.dung, entry)
    session.flush()
    assert added.organisation == world.hat_nang.name
    assert standing_of(session, world.dung, application).has_interest is True
    interests.ask_retraction(session, world.dung, added.id)
    session.flush()
    assert standing_of(session, world.dung, application).has_interest is True  # nobody frees themselves
    interests.confirm_retraction(session, world.chi, added.id)
    session.flush()
    assert standing_of(session, world.dung, application).has_interest is False


def test_an_ended_interest_still_counts_within_the_window(session, world):
    application = world.application(State.ACCEPTED)
    entry = interests.Entry(InterestKind.EMPLOYER, date(2020, 1, 1), vendor_id=world.hat_nang.id)
    added = interests.add(session, world.dung, entry)
    interests.end(session, world.dung, added.id, today() - timedelta(days=30))
    session.flush()
    assert standing_of(session, world.dung, application).has_interest is True
    added.until, added.ended_on = date(2021, 1, 1), None
    session.flush()
    assert standing_of(session, world.dung, application).has_interest is False


def test_an_end_counts_from_the_day_it_was_recorded(session, world):
    application = world.application(State.ACCEPTED)
    entry = interests.Entry(InterestKind.EMPLOYER, date(2020, 1, 1), vendor_id=world.hat_nang.id)
    added = interests.add(session, world.dung, entry)
    interests.end(session, world.dung, added.id, date(2020, 1, 2))
    session.flush()
    assert added.ended_on == today()
    assert standing_of(session, world.dung, application).has_interest is True
    assert world.dung.id not in free_reviewers(session, application)


def test_who_answers_a_reported_mistake(session, world):
    both = frozenset({Role.REVIEWER, Role.COORDINATOR})
    world.dung.stand(both, {})
    added = interests.add(session, world.dung, SHARES)
    with pytest.raises(WrongState):
        interests.confirm_retraction(session, world.chi, added.id)
    interests.ask_retraction(session, world.dung, added.id)
    with pytest.raises(WrongState):
        interests.ask_retraction(session, world.dung, added.id)
    for nobody in (world.dung, world.ha):  # oneself, and somebody without the role
        for answer in (interests.confirm_retraction, interests.keep):
            with pytest.raises(NotAllowed):
                answer(session, nobody, added.id)
    interests.keep(session, world.chi, added.id)
    assert (added.retraction_asked_at, added.retracted_at) == (None, None)
    interests.ask_retraction(session, world.dung, added.id)
    interests.confirm_retraction(session, world.chi, added.id)
    assert added.retracted_by == world.chi.id
    with pytest.raises(WrongState):
        interests.keep(session, world.chi, added.id)
    steps = [one.action for one in session.exec(select(HistoryEntry).order_by(HistoryEntry.seq)).all()]
    assert steps == ["add_interest", "ask_retraction", "keep_interest", "ask_retraction", "retract_interest"]


@pytest.mark.parametrize(
    "fields",
    [
        {"organisation": ""},
        {"since": today() + timedelta(days=2)},
        {"until": date(2023, 12, 31)},
        {"until": today() + timedelta(days=2)},
    ],
)
def test_impossible_entries(session, world, fields):
    with pytest.raises(Invalid):
        interests.add(session, world.dung, interests.Entry(**{**SHARES.__dict__, **fields}))


def test_only_club_people_keep_a_register_and_only_their_own(session, world):
    with pytest.raises(NotAllowed):
        interests.add(session, world.an, SHARES)
    added = interests.add(session, world.dung, SHARES)
    session.flush()
    with pytest.raises(NotFound):
        interests.end(session, world.ha, added.id, today())
    with pytest.raises(NotFound):
        interests.ask_retraction(session, world.ha, added.id)


def test_what_is_over_is_over(session, world):
    added = interests.add(session, world.dung, SHARES)
    session.flush()
    with pytest.raises(Invalid):
        interests.end(session, world.dung, added.id, date(2023, 1, 1))
    interests.end(session, world.dung, added.id, today())
    with pytest.raises(WrongState):
        interests.end(session, world.dung, added.id, today())
    interests.ask_retraction(session, world.dung, added.id)
    with pytest.raises(WrongState):
        interests.ask_retraction(session, world.dung, added.id)


def test_every_change_is_written_into_the_history(session, world):
    added = interests.add(session, world.dung, SHARES)
    session.flush()
    interests.end(session, world.dung, added.id, date(2025, 1, 1))
    interests.ask_retraction(session, world.dung, added.id)
    entries = session.exec(select(HistoryEntry).order_by(HistoryEntry.seq)).all()
    assert [entry.action for entry in entries] == ["add_interest", "end_interest", "ask_retraction"]
    notes = session.exec(select(HistoryText.note).order_by(HistoryText.seq)).all()
    assert notes[1] == "shares: Công ty Lá Xanh, 2024-01-01 – 2025-01-01"


def test_running_entries_come_first(session, world):
    for since, until in ((2020, 2021), (2019, None), (2022, None)):
        entry = Interest(
            person_id=world.dung.id,
            organisation=str(since),
            kind=InterestKind.SHARES,
            since=date(since, 1, 1),
            until=date(until, 1, 1) if until else None,
        )
        session.add(entry)
    session.flush()
    assert [entry.organisation for entry in interests_of(session, world.dung.id)] == ["2022", "2019", "2020"]
    counted = {row.person.name: row.running for row in registers(session)}
    assert (counted[world.dung.name], counted[world.khanh.name], counted[world.ha.name]) == (2, 1, 0)
    assert world.an.name not in counted


def test_whoever_has_an_interest_in_a_company_says_nothing_of_others_interests_in_it(session, world):
    application = evaluation.in_review(world)
    entry = interests.Entry(InterestKind.COMPETITOR, date(2024, 1, 1), vendor_id=world.hat_nang.id)
    interests.add(session, world.chi, entry)
    with pytest.raises(NotAllowed):  # it would void the review of somebody they cannot even read of
        interests.report(session, world.chi, world.dung.id, entry, "Nghe nói.")
    assert [one.voided_at for one in reviews.active(session, application.id)] == [None, None]
    theirs = interests.add(session, world.khanh, entry)
    with pytest.raises(NotAllowed):
        interests.confirm(session, world.chi, theirs.id)
    interests.ask_retraction(session, world.khanh, theirs.id)
    for answer in (interests.confirm_retraction, interests.keep):
        with pytest.raises(NotAllowed):
            answer(session, world.chi, theirs.id)
    elsewhere = interests.Entry(InterestKind.FAMILY, date(2024, 1, 1), vendor_id=world.bo_tre.id)
    assert interests.report(session, world.chi, world.dung.id, elsewhere, "Nghe nói.").reported_by == world.chi.id

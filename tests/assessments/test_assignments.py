"""Assignment: quorum, conflicts, letters, replacement; the database refuses by itself what policy forgot."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from assessments import assignments, declarations, reviews
from assessments.assignments import Team
from assessments.clock import end_of_day, now, today
from assessments.errors import Invalid, NotAllowed, NotFound, NotReady, WrongState
from assessments.models import HistoryEntry, Interest, Participation, Review, Score
from assessments.participation import take_part
from assessments.people import InterestKind, Part, Role
from assessments.policy import Permission, allows
from assessments.queries.participation import candidates
from assessments.queries.reviews import active
from assessments.queries.standings import standing_of
from assessments.states import State
from registry.accounts.models import User, UserRole
from tests import evaluation
from tests.world import calibrated

DUE = timedelta(days=28)


def assign(world, application, people, lead=None, due=DUE, by=None):
    team = Team(tuple(one.id for one in people), lead.id if lead else None, today() + due)
    assignments.assign(world.session, by or world.chi, application, team)


@pytest.fixture
def kim(world):
    """A fourth reviewer."""
    user = User(email="kim@club.example", name="Kim", email_verified_at=now())
    world.session.add(user)
    world.session.flush()
    world.session.add(UserRole(user_id=user.id, role=Role.REVIEWER))
    world.session.add_all(calibrated(user))
    world.session.commit()
    user.stand(frozenset({Role.REVIEWER}), {})
    return user


def test_two_reviewers_and_a_lead_start_the_review(world):
    application = evaluation.accepted(world)
    assign(world, application, [world.dung, world.ha], world.ha)
    team = active(world.session, application.id)
    assert application.state is State.IN_REVIEW
    assert {(one.reviewer_id, one.lead) for one in team} == {(world.dung.id, False), (world.ha.id, True)}
    assert [one.letter for one in team] == ["A", "B"]
    assert application.due_at == team[0].due_at == end_of_day(today() + DUE)


def test_letters_tell_nothing(world):
    first = set()
    for number in range(12):
        application = evaluation.handed_in(world, State.ACCEPTED, f"HS-2026-{number:04}")
        assign(world, application, [world.dung, world.ha], world.dung)
        first.add(active(world.session, application.id)[0].reviewer_id)
    assert first == {world.dung.id, world.ha.id}


@pytest.mark.parametrize(("people", "lead"), [(["dung"], "dung"), (["dung", "ha"], None), (["dung", "dung"], "dung")])
def test_fewer_than_the_quorum_or_no_lead_is_refused(world, people, lead):
    chosen = [getattr(world, one) for one in people]
    with pytest.raises(NotReady):
        assign(world, evaluation.accepted(world), chosen, getattr(world, lead) if lead else None)


def test_a_lead_from_outside_or_a_day_that_has_passed_is_refused(world):
    application = evaluation.accepted(world)
    with pytest.raises(Invalid):
        assign(world, application, [world.dung, world.ha], world.khanh)
    with pytest.raises(Invalid):
        assign(world, application, [world.dung, world.ha], world.dung, timedelta(days=-1))


def test_an_interest_blocks_and_says_why(world):
    application = evaluation.accepted(world)
    khanh = next(one for one in candidates(world.session, application) if one.person.id == world.khanh.id)
    assert not khanh.free
    assert (khanh.obstacles[0].kind, khanh.obstacles[0].organisation) == (InterestKind.EMPLOYER, world.hat_nang.name)
    with pytest.raises(NotAllowed):
        assign(world, application, [world.dung, world.khanh], world.dung)


@pytest.mark.parametrize("who", ["giang", "an", "minh"])
def test_only_reviewers_can_be_assigned(world, who):
    with pytest.raises(NotAllowed):
        assign(world, evaluation.accepted(world), [world.dung, getattr(world, who)], world.dung)


def test_the_office_cannot_review_what_it_took_in(world):
    world.session.add(UserRole(user_id=world.chi.id, role=Role.REVIEWER))
    world.session.commit()
    with pytest.raises(NotAllowed):
        assign(world, evaluation.accepted(world), [world.dung, world.chi], world.dung)


def test_the_policy_refuses_by_itself(world):
    """A review written past the verbs: the register of interests alone keeps the file shut."""
    application = evaluation.handed_in(world, State.IN_REVIEW)
    take_part(world.session, application, world.khanh.id, Part.REVIEWER)
    world.session.add(Review(application_id=application.id, reviewer_id=world.khanh.id, letter="A", due_at=now()))
    world.session.commit()
    standing = standing_of(world.session, world.khanh, application)
    assert standing.reviewing
    assert not any(allows(standing, permission) for permission in Permission)
    with pytest.raises(NotFound):
        reviews.save_score(world.session, world.khanh, application, "TN-05", reviews.Marking("3"), 0)


def test_the_database_refuses_by_itself(world):
    """A review of somebody with another part, written past verbs and policy."""
    application = evaluation.handed_in(world, State.IN_REVIEW)
    take_part(world.session, application, world.dung.id, Part.PROPOSER)
    world.session.commit()
    world.session.add(Review(application_id=application.id, reviewer_id=world.dung.id, letter="A", due_at=now()))
    with pytest.raises(IntegrityError):
        world.session.commit()
    world.session.rollback()
    world.session.add(Participation(application_id=application.id, person_id=world.dung.id, part=Part.REVIEWER))
    with pytest.raises(IntegrityError):
        world.session.commit()
    world.session.rollback()


def test_a_coordinator_with_an_interest_learns_nothing(world):
    application = evaluation.accepted(world)
    other = User(email="coord2@club.example", name="Loan", email_verified_at=now())
    world.session.add(other)
    world.session.flush()
    interest = Interest(
        person_id=other.id,
        vendor_id=world.hat_nang.id,
        organisation="Hạt Nắng",
        kind=InterestKind.SHARES,
        since=today(),
    )
    world.session.add(interest)
    world.session.commit()
    other.stand(frozenset({Role.COORDINATOR}), {})
    with pytest.raises(NotFound):
        assign(world, application, [world.dung, world.ha], world.dung, by=other)


def test_a_replaced_reviewer_comes_back_in_no_part(world, kim):
    application = evaluation.in_review(world)
    old = evaluation.review_by(world, application, world.dung)
    evaluation.score_all(world, world.dung, application)
    new = assignments.replace(world.session, world.chi, application, old.id, assignments.Newcomer(kim.id, "ốm"))
    world.session.commit()
    assert (new.letter, new.lead, old.voided_at is not None) == ("C", True, True)
    assert not allows(standing_of(world.session, world.dung, application), Permission.KNOW)
    assert world.session.get(Participation, (application.id, world.dung.id)).part is Part.REVIEWER
    assert len(world.session.exec(select(Score).where(Score.review_id == old.id)).all()) == 36
    with pytest.raises(NotAllowed):
        take_part(world.session, application, world.dung.id, Part.PROPOSER)
    with pytest.raises(NotAllowed):
        assignments.add(world.session, world.chi, application, world.dung.id)
    assert "replace_reviewer" in world.session.exec(select(HistoryEntry.action)).all()


def test_a_final_review_cannot_be_exchanged(world, kim):
    application = evaluation.in_review(world)
    evaluation.finish(world, world.dung, application)
    review = evaluation.review_by(world, application, world.dung)
    with pytest.raises(WrongState):
        assignments.replace(
            world.session, world.chi, application, review.id, assignments.Newcomer(kim.id, "điểm thấp quá")
        )


def test_a_replacement_has_a_reason(world, kim):
    application = evaluation.in_review(world)
    review = evaluation.review_by(world, application, world.dung)
    with pytest.raises(Invalid):
        assignments.replace(world.session, world.chi, application, review.id, assignments.Newcomer(kim.id, " "))


def test_a_late_conflict_in_the_consensus_is_mended_by_a_new_reviewer(world, kim):
    application = evaluation.in_consensus(world)
    evaluation.agree_all(world, application)
    declarations.declare(world.session, world.dung, application, has_interest=True, kind=InterestKind.SHARES)
    new = assignments.add(world.session, world.chi, application, kim.id)
    assert (application.state, new.lead) == (State.IN_REVIEW, True)
    declarations.declare(world.session, kim, application, has_interest=False)
    evaluation.finish(world, kim, application)
    assert application.state is State.CONSENSUS


def test_nobody_is_added_to_a_consensus_that_is_complete(world, kim):
    with pytest.raises(NotReady):
        assignments.add(world.session, world.chi, evaluation.in_consensus(world), kim.id)


def test_all_reviewers_get_more_time(world):
    application = evaluation.in_review(world)
    until = today() + timedelta(days=40)
    assignments.extend(world.session, world.chi, application, until)
    assert {one.due_at for one in active(world.session, application.id)} == {end_of_day(until)}
    assert application.due_at == end_of_day(until)
    with pytest.raises(Invalid):
        assignments.extend(world.session, world.chi, application, until)


def test_no_time_is_given_where_none_runs(world):
    with pytest.raises(WrongState):
        assignments.extend(world.session, world.chi, evaluation.accepted(world), today())


def test_another_lead(world):
    application = evaluation.in_review(world)
    assignments.make_lead(world.session, world.chi, application, evaluation.review_by(world, application, world.ha).id)
    leads = [one.reviewer_id for one in active(world.session, application.id) if one.lead]
    assert leads == [world.ha.id]

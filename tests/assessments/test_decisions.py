"""Propose and confirm: two people, reasons where they are due, and one winner when two act at once."""

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from assessments import consensus, corrections, decisions, declarations, interests
from assessments.clock import now, today
from assessments.decisions import Proposing
from assessments.errors import Invalid, NotAllowed, NotFound, NotReady, WrongState
from assessments.models import (
    Application,
    Certificate,
    Decision,
    Declaration,
    HistoryEntry,
    Interest,
    Notice,
    Participation,
    Proposal,
)
from assessments.people import InterestKind, Part, Role
from assessments.queries import committee
from assessments.queries import decisions as queries
from assessments.queries.certificates import certificate_of
from assessments.queries.reviews import active
from assessments.states import Outcome, State
from registry.accounts.models import UserRole
from tests import evaluation
from tests.deciding import ISSUER, in_decision
from tests.racing import RaceOfVerbs

CERTIFY = Proposing(Outcome.CERTIFY, "L1")
DECLINE = Proposing(Outcome.DECLINE, None, "Chưa đủ căn cứ.", "Not enough ground.")


def test_a_proposal_at_the_computed_level_does_not_depart(world):
    application = in_decision(world)

    decisions.propose(world.session, world.giang, application, CERTIFY)
    world.session.commit()

    proposal = world.session.exec(select(Proposal)).one()
    assert (proposal.number, proposal.outcome, proposal.level, proposal.departs) == (1, Outcome.CERTIFY, "L1", False)
    assert world.session.get(Participation, (application.id, world.giang.id)).part is Part.PROPOSER
    assert application.state is State.IN_DECISION


@pytest.mark.parametrize("proposing", [Proposing(Outcome.CERTIFY, "L2", "Vì", "Because"), DECLINE])
def test_any_other_proposal_departs(world, proposing):
    proposal = decisions.propose(world.session, world.giang, in_decision(world), proposing)
    assert proposal.departs is True


def test_a_decline_without_a_level_does_not_depart(world):
    application = in_decision(world, TN_05={"value": 2})
    assert decisions.propose(world.session, world.giang, application, DECLINE).departs is False


@pytest.mark.parametrize(
    "proposing",
    [Proposing(Outcome.CERTIFY, "L2"), Proposing(Outcome.CERTIFY, "L2", "Vì", " "), Proposing(Outcome.DECLINE)],
)
def test_a_departure_and_a_decline_need_reasons_in_both_languages(world, proposing):
    with pytest.raises(Invalid):
        decisions.propose(world.session, world.giang, in_decision(world), proposing)


@pytest.mark.parametrize("level", [None, "L9", ""])
def test_a_level_must_be_one_of_the_edition(world, level):
    with pytest.raises(Invalid):
        decisions.propose(world.session, world.giang, in_decision(world), Proposing(Outcome.CERTIFY, level))


@pytest.mark.parametrize(
    ("who", "refusal"),
    [("an", NotAllowed), ("bao", NotFound), ("chi", NotAllowed), ("minh", NotFound), ("khanh", NotFound)],
)
def test_others_do_not_propose(world, who, refusal):
    application = in_decision(world)
    with pytest.raises(refusal):
        decisions.propose(world.session, getattr(world, who), application, CERTIFY)
    assert world.session.exec(select(Proposal)).all() == []


def test_a_reviewer_with_the_role_of_a_decider_does_not_propose(world):
    application = in_decision(world)
    world.session.add(UserRole(user_id=world.dung.id, role=Role.DECIDER))
    world.session.commit()
    world.dung.stand(frozenset({Role.REVIEWER, Role.DECIDER}), {})
    with pytest.raises(NotAllowed):
        decisions.propose(world.session, world.dung, application, CERTIFY)


def test_there_is_one_open_proposal_at_a_time(world):
    application = in_decision(world)
    decisions.propose(world.session, world.giang, application, CERTIFY)
    with pytest.raises(WrongState):
        decisions.propose(world.session, world.giang, application, CERTIFY)


def test_confirming_decides_and_issues(world):
    application = in_decision(world)
    decisions.propose(world.session, world.giang, application, CERTIFY)
    decisions.confirm(world.session, world.hung, application, 1, ISSUER)
    world.session.commit()

    decision = world.session.exec(select(Decision)).one()
    assert (decision.proposer_id, decision.confirmer_id) == (world.giang.id, world.hung.id)
    assert (decision.outcome, decision.level, decision.departs) == (Outcome.CERTIFY, "L1", False)
    assert application.state is State.CERTIFIED
    assert certificate_of(world.session, application.id).decision_id == decision.id
    steps = [e.action for e in world.session.exec(select(HistoryEntry).order_by(HistoryEntry.seq)).all()]
    assert steps == ["propose", "certify", "grant_certificate"]


def test_nobody_confirms_their_own_proposal(world):
    application = in_decision(world)
    decisions.propose(world.session, world.giang, application, CERTIFY)
    world.session.commit()
    with pytest.raises(NotAllowed):
        decisions.confirm(world.session, world.giang, application, 1, ISSUER)


def test_the_database_refuses_one_person_twice_by_itself(world):
    application = in_decision(world)
    proposal = decisions.propose(world.session, world.giang, application, CERTIFY)
    world.session.commit()
    world.session.add(
        Decision(
            application_id=application.id,
            proposal_id=proposal.id,
            proposer_id=world.giang.id,
            confirmer_id=world.giang.id,
            outcome=Outcome.CERTIFY,
            level="L1",
        )
    )
    with pytest.raises(IntegrityError):
        world.session.commit()


def test_a_disagreement_closes_the_proposal_and_another_follows(world):
    application = in_decision(world)
    decisions.propose(world.session, world.giang, application, CERTIFY)
    decisions.reject(world.session, world.hung, application, 1, "Xem lại RT-06.")
    again = decisions.propose(world.session, world.giang, application, Proposing(Outcome.CERTIFY, "L2", "Vì", "Since"))
    world.session.commit()

    first = world.session.exec(select(Proposal).where(Proposal.number == 1)).one()
    assert (first.closed_at is not None, first.rejection, again.number) == (True, "Xem lại RT-06.", 2)
    with pytest.raises(NotAllowed):
        decisions.propose(world.session, world.hung, application, CERTIFY)


def test_who_read_the_first_proposal_does_not_confirm_the_second(world):
    application = in_decision(world)
    decisions.propose(world.session, world.giang, application, CERTIFY)
    decisions.reject(world.session, world.hung, application, 1, "Chưa rõ.")
    decisions.propose(world.session, world.giang, application, CERTIFY)
    with pytest.raises(WrongState):
        decisions.confirm(world.session, world.hung, application, 1, ISSUER)


def test_a_disagreement_says_why(world):
    application = in_decision(world)
    decisions.propose(world.session, world.giang, application, CERTIFY)
    with pytest.raises(Invalid):
        decisions.reject(world.session, world.hung, application, 1, "  ")


def test_a_decline_waits_for_the_vendor(world):
    application = in_decision(world, TN_05={"value": 2})
    decisions.propose(world.session, world.giang, application, DECLINE)
    with pytest.raises(NotReady):
        decisions.confirm(world.session, world.hung, application, 1, ISSUER)
    world.session.rollback()


def test_notice_comment_and_decline(world):
    application = in_decision(world, TN_05={"value": 2})
    session = world.session
    decisions.propose(session, world.giang, application, DECLINE)
    decisions.give_notice(session, world.giang, application, 1, ("Con tự gỡ được.", "A child can remove it."))
    session.commit()
    assert (application.state, application.due_at is not None) == (State.MINDED_TO, True)
    with pytest.raises(WrongState):
        decisions.propose(session, world.giang, application, DECLINE)
    session.rollback()

    corrections.comment_on_notice(session, world.an, application, "Đã sửa trong bản 5.3.")
    decisions.propose(session, world.giang, application, DECLINE)
    decisions.confirm(session, world.hung, application, 2, ISSUER)
    session.commit()

    notice = session.exec(select(Notice)).one()
    assert (notice.comment, notice.commented_by) == ("Đã sửa trong bản 5.3.", world.an.id)
    assert application.state is State.DECLINED
    assert session.exec(select(Certificate)).all() == []


def test_only_the_proposer_gives_notice_and_only_once(world):
    application = in_decision(world, TN_05={"value": 2})
    session = world.session
    decisions.propose(session, world.giang, application, DECLINE)
    with pytest.raises(NotAllowed):
        decisions.give_notice(session, world.hung, application, 1, ("a", "b"))
    decisions.give_notice(session, world.giang, application, 1, ("a", "b"))
    corrections.comment_on_notice(session, world.an, application, "Ý kiến")
    decisions.propose(session, world.giang, application, DECLINE)
    with pytest.raises(WrongState):
        decisions.give_notice(session, world.giang, application, 2, ("a", "b"))


def test_no_notice_before_a_grant(world):
    application = in_decision(world)
    decisions.propose(world.session, world.giang, application, CERTIFY)
    with pytest.raises(NotReady):
        decisions.give_notice(world.session, world.giang, application, 1, ("a", "b"))


@pytest.mark.parametrize("text", ["", "  "])
def test_a_comment_says_something(world, text):
    application = in_decision(world, TN_05={"value": 2})
    decisions.propose(world.session, world.giang, application, DECLINE)
    decisions.give_notice(world.session, world.giang, application, 1, ("a", "b"))
    with pytest.raises(Invalid):
        corrections.comment_on_notice(world.session, world.an, application, text)


def test_sending_back_closes_the_own_proposal(world):
    application = in_decision(world)
    decisions.propose(world.session, world.giang, application, CERTIFY)
    with pytest.raises(WrongState):
        decisions.send_back(world.session, world.hung, application, "Làm rõ HN-02")
    decisions.send_back(world.session, world.giang, application, "Làm rõ HN-02")
    world.session.commit()
    proposal = world.session.exec(select(Proposal)).one()
    assert (application.state, proposal.rejection) == (State.CONSENSUS, "Làm rõ HN-02")
    assert proposal.closed_at is not None


def test_the_proposal_of_somebody_with_an_interest_falls(world):
    application = in_decision(world)
    session = world.session
    decisions.propose(session, world.giang, application, CERTIFY)
    decisions.stand_aside(session, world.giang, application, InterestKind.FAMILY)
    session.commit()

    assert session.exec(select(Proposal)).one().closed_at is not None
    with pytest.raises(WrongState):
        decisions.confirm(session, world.hung, application, 1, ISSUER)
    with pytest.raises(NotFound):
        decisions.propose(session, world.giang, application, CERTIFY)
    assert decisions.propose(session, world.hung, application, CERTIFY).number == 2


def test_an_interest_registered_later_stops_the_confirmation(world):
    application = in_decision(world)
    session = world.session
    decisions.propose(session, world.giang, application, CERTIFY)
    session.add(
        Interest(
            person_id=world.giang.id,
            vendor_id=world.hat_nang.id,
            organisation="Hạt Nắng",
            kind=InterestKind.SHARES,
            since=today(),
        )
    )
    session.commit()
    with pytest.raises(WrongState):
        decisions.confirm(session, world.hung, application, 1, ISSUER)


@pytest.mark.parametrize("how", ["disabled", "role"])
def test_the_proposal_of_somebody_who_may_decide_no_more_falls(world, how):
    application, session = in_decision(world), world.session
    decisions.propose(session, world.giang, application, CERTIFY)
    if how == "disabled":
        world.giang.disabled_at = now()
    else:
        session.delete(session.get(UserRole, (world.giang.id, Role.DECIDER)))
    session.commit()
    with pytest.raises(WrongState):
        decisions.confirm(session, world.hung, application, 1, ISSUER)
    session.rollback()
    (row,) = committee.queue(session, world.hung)
    assert (row.waits, row.mine, queries.file_of(session, application).fallen) == (committee.Waits.PROPOSAL, True, True)
    assert decisions.propose(session, world.hung, application, CERTIFY).number == 2


@pytest.mark.parametrize("registered", [False, True])
def test_an_evaluation_by_somebody_with_an_interest_goes_back_first(world, registered):
    application, session = in_decision(world), world.session
    decisions.propose(session, world.giang, application, CERTIFY)
    late(world, application, registered=registered)
    session.commit()
    with pytest.raises(NotReady):
        decisions.confirm(session, world.hung, application, 1, ISSUER)
    session.rollback()
    decisions.reject(session, world.hung, application, 1, "Có lợi ích liên quan.")
    session.commit()
    with pytest.raises(NotReady):
        decisions.propose(session, world.giang, application, CERTIFY)
    session.rollback()

    decisions.send_back(session, world.giang, application, "Đánh giá lại phần B.")
    session.commit()
    assert [review.letter for review in active(session, application.id)] == ["A"]
    assert application.state is State.CONSENSUS


def late(world, application, *, registered):
    """Hà turns out to have an interest, after the recommendation."""
    if registered:
        entry = interests.Entry(InterestKind.SHARES, today(), vendor_id=world.hat_nang.id)
        interests.add(world.session, world.ha, entry)
    else:
        declarations.declare(world.session, world.ha, application, has_interest=True, kind=InterestKind.SHARES)


def test_an_interest_registered_during_the_evaluation_voids_the_review(world):
    application = evaluation.in_consensus(world)
    late(world, application, registered=True)
    assert [review.reviewer_id for review in active(world.session, application.id)] == [world.dung.id]


def test_a_notice_counts_for_one_recommendation(world):
    application, session = in_decision(world, TN_05={"value": 2}), world.session
    decisions.propose(session, world.giang, application, DECLINE)
    decisions.give_notice(session, world.giang, application, 1, ("a", "b"))
    corrections.comment_on_notice(session, world.an, application, "Phản đối.")
    decisions.send_back(session, world.giang, application, "Chấm lại.")
    consensus.recommend(session, world.dung, application)
    for person in (world.giang, world.hung):  # asked again with the file
        declarations.declare(session, person, application, has_interest=False)
    decisions.propose(session, world.giang, application, DECLINE)
    session.commit()
    (row,) = committee.queue(session, world.giang)
    assert (row.waits, queries.file_of(session, application).waits) == (committee.Waits.NOTICE, committee.Waits.NOTICE)
    with pytest.raises(NotReady):
        decisions.confirm(session, world.hung, application, 2, ISSUER)
    session.rollback()

    decisions.give_notice(session, world.giang, application, 2, ("mới", "new"))
    session.commit()
    corrections.comment_on_notice(session, world.an, application, "Vẫn phản đối.")
    decisions.propose(session, world.giang, application, DECLINE)
    decisions.confirm(session, world.hung, application, 3, ISSUER)
    assert application.state is State.DECLINED


def test_nothing_is_decided_twice(world):
    application = in_decision(world)
    decisions.propose(world.session, world.giang, application, CERTIFY)
    decisions.confirm(world.session, world.hung, application, 1, ISSUER)
    world.session.commit()
    with pytest.raises(WrongState):
        decisions.confirm(world.session, world.hung, application, 1, ISSUER)
    with pytest.raises(WrongState):
        decisions.propose(world.session, world.giang, application, CERTIFY)


@pytest.mark.parametrize("turn", range(3))
def test_of_two_opposite_answers_one_counts_and_the_other_is_told(app, world, turn):
    application = in_decision(world)
    decisions.propose(world.session, world.giang, application, CERTIFY)
    third = type(world.giang)(email=f"bich{turn}@club.example", name="Bích", password_hash="x", email_verified_at=now())
    world.session.add(third)
    world.session.flush()
    world.session.add(UserRole(user_id=third.id, role=Role.DECIDER))
    world.session.add(Declaration(application_id=application.id, person_id=third.id, has_interest=False))
    world.session.commit()
    third.stand(frozenset({Role.DECIDER}), {})

    race = RaceOfVerbs(app, Application)
    race.run(
        ("yes", application.id, lambda s, a: decisions.confirm(s, world.hung, a, 1, ISSUER)),
        ("no", application.id, lambda s, a: decisions.reject(s, third, a, 1, "Chưa rõ RT-06.")),
    )

    assert (len(race.won), len(race.lost)) == (1, 1)
    world.again(application)
    assert application.state is (State.CERTIFIED if race.won == ["yes"] else State.IN_DECISION)
    assert len(world.session.exec(select(Decision)).all()) == (race.won == ["yes"])

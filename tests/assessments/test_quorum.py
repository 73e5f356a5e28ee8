"""As many agree as the edition asks: one after the other, one voice each, and nothing against a member's word."""

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from assessments import decisions, interests
from assessments.clock import today
from assessments.decisions import Proposing
from assessments.errors import NotAllowed, NotReady, WrongState
from assessments.models import Certificate, Decision, HistoryEntry, Minutes, Participation, Proposal, Vote
from assessments.people import InterestKind, Part, Role
from assessments.queries import committee
from assessments.queries import decisions as queries
from assessments.queries.votes import tally
from assessments.states import Event, Outcome, State
from criteria import store
from criteria.model import Quorum
from registry.accounts import club
from registry.accounts.models import UserRole
from tests.deciding import ISSUER, decider, edition_with_quorum, in_decision

CERTIFY = Proposing(Outcome.CERTIFY, "L1")
DECLINE = Proposing(Outcome.DECLINE, None, "Chưa đủ căn cứ.", "Not enough ground.")


@pytest.fixture
def two(world, tmp_path, monkeypatch):
    """A file under an edition that asks for two agreements, proposed by Giang, and a third member."""
    monkeypatch.setenv("CRITERIA_DIR", str(tmp_path))
    application = in_decision(world, edition_id=edition_with_quorum(tmp_path, 2))
    third = decider(world, "bich", application)
    decisions.propose(world.session, world.giang, application, CERTIFY)
    world.session.commit()
    return application, third


def confirm(world, person, application, number=1):
    return decisions.confirm(world.session, person, application, number, ISSUER)


def test_how_many_agree_is_counted_beside_the_proposer():
    assert store.load("vcsc-2026").quorum.agreeing == 1
    assert Quorum(reviewers=2, review_before_decision=2, deciders=3).agreeing == 4


def test_the_last_agreement_decides_and_not_the_one_before(world, two):
    application, bich = two

    assert confirm(world, world.hung, application) is None
    world.session.commit()
    assert application.state is State.IN_DECISION
    assert world.session.exec(select(Certificate)).all() == []
    assert queries.file_of(world.session, application).tally.missing == 1

    decision = confirm(world, bich, application)
    world.session.commit()
    assert (application.state, decision.confirmer_id) == (State.CERTIFIED, bich.id)
    votes = world.session.exec(select(Vote).order_by(Vote.at)).all()
    assert [(one.voter_id, one.agrees) for one in votes] == [(world.hung.id, True), (bich.id, True)]
    agreed = select(HistoryEntry).where(HistoryEntry.action == Event.AGREE_PROPOSAL)
    assert [entry.actor_id for entry in world.session.exec(agreed)] == [world.hung.id]


def test_nobody_agrees_twice_nor_with_their_own_proposal(world, two):
    application, _bich = two
    confirm(world, world.hung, application)
    world.session.commit()
    with pytest.raises(WrongState):
        confirm(world, world.hung, application)
    world.session.rollback()
    with pytest.raises(NotAllowed):
        confirm(world, world.giang, application)
    world.session.rollback()
    row = {"application_id": application.id, "proposer_id": world.giang.id, "voter_id": world.giang.id}
    proposal = queries.open_proposal(world.session, application.id)
    world.session.add(Vote(proposal_id=proposal.id, agrees=True, **row))
    with pytest.raises(IntegrityError):
        world.session.commit()


def test_one_who_disagrees_ends_the_proposal_whatever_others_said(world, two):
    application, bich = two
    confirm(world, world.hung, application)
    decisions.reject(world.session, bich, application, 1, "Chưa rõ phần chặn.")
    world.session.commit()

    assert queries.open_proposal(world.session, application.id) is None
    said = {vote.voter_id: (vote.agrees, vote.note) for vote in world.session.exec(select(Vote)).all()}
    assert said == {world.hung.id: (True, ""), bich.id: (False, "Chưa rõ phần chặn.")}
    decisions.propose(world.session, world.giang, application, CERTIFY)
    assert confirm(world, world.hung, application, 2) is None  # what was said of another proposal does not count


def test_a_decline_is_not_agreed_with_before_the_vendor_was_heard(world, two):
    application, bich = two
    decisions.reject(world.session, bich, application, 1, "Không")
    decisions.propose(world.session, world.giang, application, DECLINE)
    world.session.commit()
    with pytest.raises(NotReady):
        confirm(world, world.hung, application, 2)
    world.session.rollback()
    assert len(world.session.exec(select(Vote)).all()) == 1


def test_the_agreement_of_whoever_may_decide_no_more_is_not_counted_nor_comes_back(world, two):
    application, bich = two
    confirm(world, world.hung, application)
    club.disable(world.session, world.minh, world.hung)
    club.enable(world.session, world.minh, world.hung)
    world.session.commit()
    assert confirm(world, bich, application) is None
    world.session.commit()
    assert queries.file_of(world.session, application).tally.agreed == 1
    assert confirm(world, world.hung, application) is not None  # said again, it counts


@pytest.mark.parametrize("how", ["disabled", "role", "interest", "aside"])
def test_a_proposal_that_fell_stays_down_when_its_maker_may_decide_again(world, how):
    application = in_decision(world)
    decisions.propose(world.session, world.giang, application, CERTIFY)
    world.session.commit()

    if how == "disabled":
        club.disable(world.session, world.minh, world.giang)
        club.enable(world.session, world.minh, world.giang)
    if how == "role":
        club.change_roles(world.session, world.minh, world.giang.id, frozenset({Role.REVIEWER}))
        club.change_roles(world.session, world.minh, world.giang.id, frozenset({Role.DECIDER}))
    if how == "interest":
        entry = interests.Entry(InterestKind.SHARES, today(), vendor_id=world.hat_nang.id)
        found = interests.add(world.session, world.giang, entry)
        interests.ask_retraction(world.session, world.giang, found.id)
        interests.confirm_retraction(world.session, world.chi, found.id)
    if how == "aside":
        decisions.stand_aside(world.session, world.giang, application, InterestKind.FAMILY)
    world.session.commit()

    proposal = world.session.exec(select(Proposal)).one()
    assert (proposal.fell, proposal.closed_at is not None) == (True, True)
    with pytest.raises(WrongState):
        confirm(world, world.hung, application)
    world.session.rollback()
    file = queries.file_of(world.session, application)
    assert (file.fallen, file.waits) == (True, committee.Waits.PROPOSAL)
    step = Event.PROPOSAL_FALLS if how in {"interest", "aside"} else Event.FALL_PROPOSAL
    fell = world.session.exec(select(HistoryEntry).where(HistoryEntry.action == step)).all()
    assert [entry.actor_id for entry in fell] == [None]


def test_a_right_that_was_never_lost_closes_nothing(world):
    application = in_decision(world)
    decisions.propose(world.session, world.giang, application, CERTIFY)
    entry = interests.Entry(InterestKind.SHARES, today(), vendor_id=world.bo_tre.id)
    interests.add(world.session, world.giang, entry)
    club.change_roles(world.session, world.minh, world.giang.id, frozenset({Role.DECIDER, Role.REVIEWER}))
    world.session.commit()
    assert queries.open_proposal(world.session, application.id) is not None


@pytest.mark.parametrize(
    ("parts", "needed", "wanting"),
    [
        ({"giang": None, "hung": None}, 1, 0),
        ({"giang": None}, 1, 1),
        ({}, 1, 2),
        ({"giang": Part.PROPOSER, "hung": None}, 1, 0),
        ({"giang": Part.PROPOSER, "hung": Part.PROPOSER}, 1, 1),
        ({"giang": Part.CONFIRMER, "hung": Part.CONFIRMER}, 1, 1),
        ({"giang": Part.CONFIRMER, "hung": None}, 1, 0),
        ({"giang": None, "hung": None}, 2, 1),
    ],
)
def test_too_few_are_left(world, tmp_path, monkeypatch, parts, needed, wanting):
    monkeypatch.setenv("CRITERIA_DIR", str(tmp_path))
    application = in_decision(world, edition_id=edition_with_quorum(tmp_path, needed))
    for name in ("giang", "hung"):
        person = getattr(world, name)
        if name not in parts:
            world.session.delete(world.session.get_one(UserRole, (person.id, Role.DECIDER)))
        elif parts[name]:
            world.session.add(Participation(application_id=application.id, person_id=person.id, part=parts[name]))
    world.session.commit()
    assert tally(world.session, application, [], {}).wanting == wanting


def test_too_few_are_left_to_answer_a_proposal(world, two):
    application, bich = two
    interests.add(world.session, bich, interests.Entry(InterestKind.FAMILY, today(), vendor_id=world.hat_nang.id))
    world.session.commit()
    file = queries.file_of(world.session, application)
    assert (file.tally.needed, file.tally.wanting) == (2, 1)


def test_how_people_stood_is_kept_with_the_decision(world):
    application = in_decision(world)
    decisions.propose(world.session, world.giang, application, CERTIFY)
    confirm(world, world.hung, application)
    world.session.commit()
    found = world.session.exec(select(Minutes).join(Decision)).one()
    told = {person["name"] or person["letter"]: person for person in found.people}
    assert set(told) == {"A", "B", world.giang.name, world.hung.name, world.khanh.name}
    assert told["A"] == {"name": "", "letter": "A", "part": "reviewer", "declared": False, "interests": []}
    assert told[world.khanh.name]["interests"] == ["employer"]
    assert (found.sha256, found.size, found.made_at) == (None, None, None)

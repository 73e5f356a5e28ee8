"""Conflicts found late: what they stop, what they leave to people, and what is written down."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from assessments import assignments, consensus, decisions, declarations, impartiality, interests, vendors
from assessments.clock import today
from assessments.decisions import Proposing
from assessments.errors import Invalid, NotAllowed, NotFound, NotReady, WrongState
from assessments.models import (
    Application,
    Certificate,
    Conflict,
    Decision,
    Declaration,
    HistoryEntry,
    HistoryText,
    Interest,
    Notice,
    Participation,
    Proposal,
    Review,
    Score,
)
from assessments.people import InterestKind, MemberRole, Part, Role
from assessments.policy import Permission, allows
from assessments.queries.impartiality import conflicts_of
from assessments.queries.reviews import active
from assessments.queries.standings import standing_of
from assessments.states import ConflictEffect, ConflictOrigin, Outcome, State
from registry.accounts.models import UserRole
from tests import deciding, evaluation
from tests.deciding import ISSUER

FAMILY = InterestKind.FAMILY


def declare(world, person, application):
    declarations.declare(world.session, person, application, has_interest=True, kind=FAMILY)


def register(world, person, application):
    entry = interests.Entry(FAMILY, date(2024, 1, 1), vendor_id=application.vendor_id)
    interests.add(world.session, person, entry)


def report(world, person, application):
    entry = interests.Entry(FAMILY, date(2024, 1, 1), vendor_id=application.vendor_id)
    interests.report(world.session, world.chi, person.id, entry, "Báo Hạt Nắng, số 7")


def join(world, person, application):
    vendors.join(world.session, person, world.hat_nang, MemberRole.CONTRIBUTOR)


WAYS = {
    ConflictOrigin.DECLARED: declare,
    ConflictOrigin.REGISTERED: register,
    ConflictOrigin.REPORTED: report,
    ConflictOrigin.JOINED: join,
}
ways = pytest.mark.parametrize("origin", WAYS)


def steps(world):
    return world.session.exec(select(HistoryEntry.action).order_by(HistoryEntry.seq)).all()


def lines(world):
    """The register: who, as what, how it came out, what it did."""
    rows = world.session.exec(select(Conflict).order_by(Conflict.found_at)).all()
    return [(one.person_id, one.part, one.origin, one.effect) for one in rows]


def can_read(world, person, application):
    """By the tables alone; a membership is also in the actor, who is loaded anew at each click."""
    return allows(standing_of(world.session, person, application), Permission.READ_FILE)


@ways
def test_a_reviewer_loses_the_file_at_once_and_the_scores_count_no_more(world, origin):
    application = evaluation.in_review(world)
    evaluation.score_all(world, world.ha, application)
    scored = len(world.session.exec(select(Score)).all())
    assert can_read(world, world.ha, application)

    WAYS[origin](world, world.ha, application)

    assert not can_read(world, world.ha, application)
    assert [one.reviewer_id for one in active(world.session, application.id)] == [world.dung.id]
    assert len(world.session.exec(select(Score)).all()) == scored  # kept as a record
    assert lines(world) == [(world.ha.id, "reviewer", origin, ConflictEffect.REVIEW_VOIDED)]
    participation = world.session.get_one(Participation, (application.id, world.ha.id))
    assert participation.part is Part.REVIEWER  # so that nobody comes back in another part


@ways
def test_the_row_of_history_names_a_code_and_nobody(world, origin):
    application = evaluation.in_review(world)
    WAYS[origin](world, world.ha, application)
    found = world.session.exec(
        select(HistoryEntry, HistoryText).join(HistoryText, HistoryText.seq == HistoryEntry.seq)
    ).all()
    ((entry, text),) = [row for row in found if row[0].action.startswith("void_review")]
    assert (entry.actor_id, text.actor_name, text.note) == (None, "", impartiality.REASON)
    joined = origin is ConflictOrigin.JOINED
    assert entry.action == ("void_review_of_colleague" if joined else "void_review")


def test_whoever_is_left_goes_on_and_a_new_reviewer_completes_the_team(world):
    application = evaluation.in_consensus(world)
    register(world, world.ha, application)
    assert application.state is State.CONSENSUS
    with pytest.raises(NotReady):
        consensus.agree(world.session, world.dung, application, "TN-01", consensus.Agreement("3", "Đã bàn."), 0)
    person = world.giang
    world.session.add(UserRole(user_id=person.id, role=Role.REVIEWER))
    world.session.flush()
    added = assignments.add(world.session, world.chi, application, person.id, "Thay gấp.")
    assert (application.state, added.letter) == (State.IN_REVIEW, "C")


@ways
@pytest.mark.parametrize("who", ["proposer", "confirmer"])
def test_the_open_proposal_of_a_decider_falls(world, origin, who):
    session, application = world.session, deciding.in_decision(world)
    decisions.propose(session, world.giang, application, Proposing(Outcome.CERTIFY, "L1"))
    if who == "confirmer":  # Hùng has rejected the first; the second was made in answer to that
        decisions.reject(session, world.hung, application, 1, "Chưa rõ.")
        decisions.propose(session, world.giang, application, Proposing(Outcome.CERTIFY, "L1"))
    person = world.giang if who == "proposer" else world.hung

    WAYS[origin](world, person, application)

    assert not can_read(world, person, application)
    assert session.exec(select(Proposal).where(Proposal.closed_at.is_(None))).all() == []
    assert lines(world) == [(person.id, who, origin, ConflictEffect.PROPOSAL_FELL)]
    assert "proposal_falls" in steps(world)
    assert application.state is State.IN_DECISION
    with pytest.raises((WrongState, NotAllowed, NotFound)):
        decisions.confirm(session, world.hung, application, 2 if who == "confirmer" else 1, ISSUER)
    assert session.exec(select(Decision)).all() == []


@ways
def test_after_the_recommendation_a_review_stays_and_nothing_can_be_decided_on_it(world, origin):
    session, application = world.session, deciding.in_decision(world)
    WAYS[origin](world, world.ha, application)
    assert not can_read(world, world.ha, application)
    assert len(active(session, application.id)) == 2
    assert lines(world) == [(world.ha.id, "reviewer", origin, ConflictEffect.AFTER_RECOMMENDATION)]
    assert steps(world).count("find_conflict") == 1
    with pytest.raises(NotReady):
        decisions.propose(session, world.giang, application, Proposing(Outcome.CERTIFY, "L1"))
    session.rollback()


def test_sent_back_the_review_of_the_conflicted_counts_no_more(world):
    session, application = world.session, deciding.in_decision(world)
    register(world, world.ha, application)
    decisions.send_back(session, world.giang, application, "Có lợi ích liên quan.")
    assert [one.reviewer_id for one in active(session, application.id)] == [world.dung.id]


@pytest.mark.parametrize("origin", [ConflictOrigin.REGISTERED, ConflictOrigin.REPORTED, ConflictOrigin.JOINED])
@pytest.mark.parametrize(("who", "part"), [("ha", "reviewer"), ("giang", "proposer"), ("hung", "confirmer")])
def test_after_the_certificate_nothing_changes_by_itself(world, origin, who, part):
    certificate = deciding.certified(world)
    session = world.session
    application = session.get_one(Application, certificate.application_id)
    person = getattr(world, who)
    before = [(one.reviewer_id, one.voided_at) for one in active(session, application.id)]

    WAYS[origin](world, person, application)

    assert lines(world) == [(person.id, part, origin, ConflictEffect.AFTER_DECISION)]
    assert steps(world).count("find_conflict") == 1
    assert application.state is State.CERTIFIED
    assert [(one.reviewer_id, one.voided_at) for one in active(session, application.id)] == before
    assert session.exec(select(Certificate)).one().id == certificate.id
    (row,) = conflicts_of(session, world.chi, waiting=True)
    assert (row.ref, row.person.name) == (application.ref, person.name)


def test_the_notice_of_somebody_with_an_interest_is_a_matter_too(world):
    session, application = world.session, deciding.in_decision(world)
    decisions.propose(session, world.giang, application, Proposing(Outcome.DECLINE, None, "Chưa đạt.", "Not met."))
    decisions.give_notice(session, world.giang, application, 1, ("Dự kiến không cấp.", "We intend to decline."))
    register(world, world.giang, application)
    assert lines(world) == [
        (world.giang.id, "proposer", ConflictOrigin.REGISTERED, ConflictEffect.AFTER_RECOMMENDATION)
    ]
    assert session.exec(select(Notice)).one().ended_at is None
    assert application.state is State.MINDED_TO


def test_an_interest_that_ended_before_the_window_stops_nothing(world):
    application = evaluation.in_review(world)
    past = interests.Entry(
        FAMILY, today() - timedelta(days=9000), vendor_id=application.vendor_id, until=today() - timedelta(days=8000)
    )
    interests.add(world.session, world.ha, past)
    assert can_read(world, world.ha, application)
    assert lines(world) == []


def test_a_line_is_written_once(world):
    application = evaluation.in_review(world)
    register(world, world.ha, application)
    another = interests.Entry(InterestKind.SHARES, date(2024, 1, 1), vendor_id=application.vendor_id)
    interests.add(world.session, world.ha, another)
    join(world, world.ha, application)
    assert [effect for *_, effect in lines(world)] == [ConflictEffect.REVIEW_VOIDED, ConflictEffect.ACCESS_ENDED]


def test_an_interest_elsewhere_touches_nothing_here(world):
    application = evaluation.in_review(world)
    interests.add(world.session, world.ha, interests.Entry(FAMILY, date(2024, 1, 1), vendor_id=world.bo_tre.id))
    interests.add(world.session, world.ha, interests.Entry(FAMILY, date(2024, 1, 1), organisation="Hạt Nắng"))
    assert can_read(world, world.ha, application)
    assert lines(world) == []


# --- the register ---


@pytest.fixture
def matter(world):
    """A conflict found after the certificate."""
    certificate = deciding.certified(world)
    application = world.session.get_one(Application, certificate.application_id)
    register(world, world.ha, application)
    world.session.commit()
    return world.session.exec(select(Conflict)).one()


def test_somebody_without_an_interest_writes_down_what_follows(world, matter):
    handled = impartiality.handle(world.session, world.chi, matter.id, "Đã xem lại điểm của B: không ảnh hưởng.")
    assert (handled.handled_by, handled.handling) == (world.chi.id, "Đã xem lại điểm của B: không ảnh hưởng.")
    assert steps(world)[-1] == "handle_conflict"
    assert conflicts_of(world.session, world.chi, waiting=True) == []
    with pytest.raises(WrongState):
        impartiality.handle(world.session, world.chi, matter.id, "Lần nữa.")


def test_who_may_not_handle_it(world, matter):
    for person in (world.dung, world.giang, world.lan, world.minh, world.an, world.bao):
        with pytest.raises(NotAllowed):
            impartiality.handle(world.session, person, matter.id, "Xong.")
    world.ha.stand(frozenset({Role.COORDINATOR}), {})  # the person it is about
    world.khanh.stand(frozenset({Role.IMPARTIALITY}), {})  # somebody with an interest in the company
    for person in (world.ha, world.khanh):
        with pytest.raises(NotAllowed):
            impartiality.handle(world.session, person, matter.id, "Xong.")
    with pytest.raises(Invalid):
        impartiality.handle(world.session, world.chi, matter.id, " ")


def test_whoever_judged_the_application_neither_reads_nor_handles_it(world, matter):
    """Dũng reviewed it beside Hà: reviewers know each other by letters only."""
    world.dung.stand(frozenset({Role.REVIEWER, Role.IMPARTIALITY}), {})
    assert conflicts_of(world.session, world.dung) == []
    with pytest.raises(NotAllowed):
        impartiality.handle(world.session, world.dung, matter.id, "Xong.")


def test_whoever_has_an_interest_does_not_read_who_judged_that_company(world, matter):
    world.khanh.stand(frozenset({Role.IMPARTIALITY}), {})
    assert conflicts_of(world.session, world.khanh) == []
    assert [row.person.name for row in conflicts_of(world.session, world.chi)] == [world.ha.name]


# --- asked again at each assignment ---


def test_whoever_was_replaced_comes_back_in_no_part(world):
    application = evaluation.in_review(world)
    review = evaluation.review_by(world, application, world.ha)
    world.session.add(Interest(person_id=world.khanh.id, organisation="x", kind=FAMILY, since=date(2020, 1, 1)))
    other = next(iter(world.session.exec(select(Review).where(Review.reviewer_id == world.dung.id))))
    with pytest.raises(NotAllowed):
        assignments.replace(
            world.session, world.chi, application, other.id, assignments.Newcomer(world.ha.id, "Đổi chỗ")
        )
    assert review.voided_at is None


def test_a_word_given_as_a_decider_does_not_open_the_file_to_a_reviewer(world):
    """Giang said none as a member of the committee; sent back and added as a reviewer, Giang is asked again."""
    session, application = world.session, deciding.in_decision(world)
    session.add(UserRole(user_id=world.giang.id, role=Role.REVIEWER))
    decisions.send_back(session, world.hung, application, "Cần thêm người.")
    register(world, world.ha, application)
    assert session.get_one(Declaration, (application.id, world.giang.id)).has_interest is False

    assignments.add(session, world.chi, application, world.giang.id, "Thay gấp.")

    assert standing_of(session, world.giang, application).declared is None
    assert not can_read(world, world.giang, application)
    declarations.declare(session, world.giang, application, has_interest=False)
    assert can_read(world, world.giang, application)
    assert steps(world).count("declare_no_interest") == 1


def test_the_committee_is_asked_again_when_the_file_comes_back(world):
    session, application = world.session, evaluation.recommended(world)
    declarations.declare(session, world.giang, application, has_interest=False)
    declare(world, world.hung, application)
    assert can_read(world, world.giang, application)
    decisions.send_back(session, world.giang, application, "Làm rõ.")
    consensus.recommend(session, world.dung, application)
    assert standing_of(session, world.giang, application).declared is None
    assert standing_of(session, world.hung, application).declared is True  # an interest stays
    assert standing_of(session, world.dung, application).declared is False  # at it all the time
    assert not can_read(world, world.giang, application)


def test_a_renewal_asks_again(world):
    first = evaluation.in_review(world)
    second = world.application(State.ACCEPTED, "HS-2026-0002", product_id=first.product_id)
    team = assignments.Team((world.dung.id, world.ha.id), world.dung.id, today())
    assignments.assign(world.session, world.chi, second, team)
    assert standing_of(world.session, world.dung, second).declared is None
    assert not can_read(world, world.dung, second)
    assert can_read(world, world.dung, first)

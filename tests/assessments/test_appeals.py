"""Appeals by the verbs: every kind from its decision to what follows, who may, when, and who hears."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from assessments import appeals, certificates, clock, decisions, declarations, hearings, intake, rulings
from assessments.appeals import TRANSITIONS, Lodging
from assessments.certificates import Change
from assessments.decisions import Proposing
from assessments.errors import Invalid, NotAllowed, NotFound, NotReady, WrongState
from assessments.models import (
    Appeal,
    AppealRuling,
    AppealStep,
    CertificateEvent,
    Decision,
    Figure,
    Hearing,
    HistoryEntry,
    Interest,
    Participation,
)
from assessments.people import InterestKind, Part
from assessments.policy import Permission, allows
from assessments.queries import appeals as queries
from assessments.queries import certificates as certificate_queries
from assessments.queries import committee, transparency
from assessments.queries import hearings as asked
from assessments.queries.standings import standing_of
from assessments.readiness import CHECKLIST
from assessments.recourse import AppealAction, AppealKind, AppealState, Ground, Inadmissible, Ruling
from assessments.rulings import Ruled
from assessments.states import CertificateAction, CertificateState, Outcome, State
from registry import fsck
from registry.accounts.models import UserRole
from registry.audit import trail
from tests import appealing, deciding
from tests.appealing import LODGING, RULED

QUICK = fsck.Asked(quick=True)


@pytest.fixture
def others(world):
    return appealing.others(world)


def clean(session):
    """What fsck finds, but for the way these files came before somebody by the hand of the test."""
    found = [*fsck.states(session, QUICK), *trail.sound(session, QUICK), *fsck.appeals(session, QUICK)]
    return [one for one in found if " came from draft to " not in one]


def test_every_action_has_its_row():
    assert set(TRANSITIONS) == set(AppealAction)


@pytest.mark.parametrize(
    ("made", "kind"),
    [
        (appealing.refused, AppealKind.REFUSAL),
        (appealing.declined, AppealKind.DECLINE),
        (lambda world: appealing.certified(world)[0], AppealKind.LEVEL),
        (lambda world: appealing.suspended(world)[0], AppealKind.SUSPENSION),
        (lambda world: appealing.withdrawn(world)[0], AppealKind.WITHDRAWAL),
        (lambda world: appealing.reduced(world)[0], AppealKind.REDUCTION),
    ],
)
def test_every_decision_can_be_appealed_once(world, made, kind):
    application = made(world)
    first = queries.appealable(world.session, application)[0]
    assert first.kind is kind
    appeal = appealing.lodged(world, application)
    assert (appeal.number, appeal.kind, appeal.state) == (f"YC-{clock.today().year}-0001", kind, AppealState.LODGED)
    assert appeal.grounds == ["facts", "procedure"]
    with pytest.raises(WrongState):
        appeals.lodge(world.session, world.an, application, first.seq, LODGING)


def test_the_period_ends_with_a_second(world):
    application = appealing.declined(world)
    chosen = queries.appealable(world.session, application)[0]
    with clock.at(chosen.until + timedelta(microseconds=1)):
        late = appeals.lodge(world.session, world.an, application, chosen.seq, LODGING)
        assert (late.state, late.inadmissible) == (AppealState.INADMISSIBLE, Inadmissible.LATE)
    world.session.rollback()
    with clock.at(chosen.until):
        assert appeals.lodge(world.session, world.an, application, chosen.seq, LODGING).state is AppealState.LODGED
    assert chosen.until == clock.end_of_day(clock.legal_day(chosen.notified_at) + timedelta(days=30))


def test_a_late_appeal_is_received_and_not_heard(world, others):
    application = appealing.declined(world)
    chosen = queries.appealable(world.session, application)[0]
    with clock.at(chosen.until + timedelta(days=1)):
        assert queries.appealable(world.session, application) == []
        assert [one.seq for one in queries.late_for(world.session, application)] == [chosen.seq]
        late = appeals.lodge(world.session, world.an, application, chosen.seq, LODGING)
        world.session.commit()
        assert (late.due_at, late.number) == (None, f"YC-{clock.today().year}-0001")
        day = f"{clock.legal_day(chosen.until):%d/%m/%Y}"
        assert all(day in text for text in (late.reasons_vi, late.reasons_en))
        with pytest.raises(WrongState):  # once is enough
            appeals.lodge(world.session, world.an, application, chosen.seq, LODGING)
        for step in (appeals.acknowledge, appeals.withdraw):
            with pytest.raises(WrongState):
                step(world.session, others.thao if step is appeals.acknowledge else world.an, late)
        figures = transparency.count_appeals(world.session, clock.today().year)
        assert (figures["lodged"], figures["inadmissible"], figures["late"]) == (1, 1, 1)
        assert queries.to_remind(world.session, clock.now() + timedelta(days=100)) == []
    assert list(fsck.appeals(world.session, fsck.Asked(quick=True))) == []
    step = world.session.exec(select(HistoryEntry).order_by(HistoryEntry.seq.desc())).first()
    assert (step.action, step.actor_id) == (AppealAction.LODGE_LATE, world.an.id)


def test_only_the_owner_appeals(world, others):
    application = appealing.declined(world)
    seq = queries.appealable(world.session, application)[0].seq
    with pytest.raises(NotAllowed):
        appeals.lodge(world.session, world.anh, application, seq, LODGING)
    for stranger in (world.bao, world.minh, others.phuc):
        with pytest.raises((NotFound, NotAllowed)):
            appeals.lodge(world.session, stranger, application, seq, LODGING)
    assert world.session.exec(select(Appeal)).all() == []


@pytest.mark.parametrize(
    "given",
    [
        Lodging((), "x", "y"),
        Lodging((Ground.FACTS,), " ", "y"),
        Lodging((Ground.FACTS,), "x", ""),
        Lodging((Ground.FACTS,), "x" * 10_001, "y"),
        Lodging((Ground.FACTS,), "x", "y", "z" * 2_001),
    ],
)
def test_words_that_are_missing_or_endless_are_refused(world, given):
    application = appealing.declined(world)
    with pytest.raises(Invalid):
        appeals.lodge(
            world.session, world.an, application, queries.appealable(world.session, application)[0].seq, given
        )


def test_a_decision_held_back_cannot_be_appealed_yet(world):
    application = appealing.declined(world)
    application.announce_at = clock.now() + timedelta(days=3)
    world.session.add(application)
    world.session.commit()
    assert queries.appealable(world.session, application) == []
    with clock.at(application.announce_at):
        found = queries.appealable(world.session, application)
        assert [one.notified_at for one in found] == [application.announce_at]


def test_acknowledged_within_working_days_then_decided_by(world, others):
    appeal = appealing.lodged(world, appealing.declined(world))
    assert appeal.due_at == clock.working_days(5)
    appeals.acknowledge(world.session, others.thao, appeal)
    assert (appeal.state, appeal.due_at) == (AppealState.ACKNOWLEDGED, clock.deadline(60))
    with pytest.raises(WrongState):
        appeals.acknowledge(world.session, others.thao, appeal)


def test_who_had_a_part_cannot_be_asked_to_hear(world, others):
    application = appealing.declined(world)
    free = {one.person.id for one in asked.candidates(world.session, application) if one.free}
    assert free == {others.mai.id, others.phuc.id, others.quan.id, world.lan.id}  # not Khánh, who works there
    appeal = appealing.lodged(world, application)
    appeals.acknowledge(world.session, others.thao, appeal)
    world.session.commit()
    for person in (world.giang, world.hung, world.dung, world.khanh, world.minh, world.an):
        with pytest.raises(Invalid):
            hearings.assign(world.session, others.thao, appeal, [others.mai.id, person.id])
        world.session.rollback()
    with pytest.raises(NotReady):
        hearings.assign(world.session, others.thao, appeal, [others.mai.id])


def test_who_decided_about_a_certificate_cannot_hear_about_it(world, others):
    application, _ = appealing.suspended(world)
    event = world.session.exec(
        select(CertificateEvent).where(CertificateEvent.action == CertificateAction.SUSPEND)
    ).one()
    event.decided_by = others.phuc.id
    world.session.add(event)
    world.session.commit()
    found = {one.person.id: one for one in asked.candidates(world.session, application)}
    assert (found[others.phuc.id].free, found[others.phuc.id].decided) == (False, True)


def test_who_had_a_part_in_an_earlier_application_of_the_product_cannot_hear(world, others):
    application = appealing.declined(world)
    earlier = world.application(State.DECLINED, "HS-2026-0002", product_id=application.product_id)
    world.session.add(Participation(application_id=earlier.id, person_id=others.quan.id, part=Part.PROPOSER))
    world.session.commit()
    found = {one.person.id: one for one in asked.candidates(world.session, application)}
    assert (found[others.quan.id].free, found[others.quan.id].earlier) == (False, True)


def test_the_database_refuses_a_hearer_with_another_part(world, others):
    application = appealing.declined(world)
    appeal = appealing.lodged(world, application)
    for part in (Part.HEARER, Part.PROPOSER):
        world.session.add(
            Hearing(
                appeal_id=appeal.id,
                person_id=world.giang.id,
                application_id=application.id,
                part=part,
                letter="A",
                assigned_by=others.thao.id,
            )
        )
        with pytest.raises(IntegrityError):
            world.session.flush()
        world.session.rollback()


def test_nobody_hears_before_they_have_declared(world, others):
    application = appealing.declined(world)
    appeal = appealing.lodged(world, application)
    appeals.acknowledge(world.session, others.thao, appeal)
    hearings.assign(world.session, others.thao, appeal, [others.phuc.id, others.mai.id])
    world.session.commit()
    with pytest.raises(NotAllowed):
        rulings.propose(world.session, others.phuc, appeal, Ruled(Ruling.CONFIRMED, *RULED))
    assert not allows(standing_of(world.session, others.phuc, application), Permission.READ_FILE)
    hearings.declare(world.session, others.phuc, appeal)
    assert allows(standing_of(world.session, others.phuc, application), Permission.READ_FILE)


def test_an_interest_ends_a_hearing_and_another_is_asked(world, others):
    application = appealing.declined(world)
    appeal = appealing.under_hearing(world, application, (others.phuc, others.mai), others.thao)
    rulings.propose(world.session, others.phuc, appeal, Ruled(Ruling.SET_ASIDE, *RULED))
    hearings.stand_aside(world.session, others.phuc, appeal, InterestKind.FAMILY)
    world.session.commit()
    assert not allows(standing_of(world.session, others.phuc, application), Permission.KNOW)
    assert queries.open_ruling(world.session, appeal.id) is None
    with pytest.raises(NotReady):
        rulings.propose(world.session, others.mai, appeal, Ruled(Ruling.CONFIRMED, *RULED))
    world.session.rollback()
    hearings.assign(world.session, others.thao, appeal, [others.quan.id])
    assert {one.letter for one in asked.hearers_of(world.session, appeal.id)} == {"A", "B", "C"}


def test_a_ruling_of_somebody_with_a_late_interest_falls(world, others):
    application = appealing.declined(world)
    appeal = appealing.under_hearing(world, application, (others.phuc, others.mai, others.quan), others.thao)
    ruling = rulings.propose(world.session, others.phuc, appeal, Ruled(Ruling.SET_ASIDE, *RULED))
    world.session.add(
        Interest(
            person_id=others.phuc.id,
            vendor_id=application.vendor_id,
            organisation="Hạt Nắng",
            kind=InterestKind.SHARES,
            since=clock.today(),
        )
    )
    world.session.commit()
    with pytest.raises(WrongState):
        rulings.confirm(world.session, others.mai, appeal, ruling.number)


def test_a_decision_that_stands_changes_nothing(world, others):
    application = appealing.declined(world)
    appeal = appealing.under_hearing(world, application, (others.phuc, others.mai), others.thao)
    appealing.rule(world, appeal, Ruling.CONFIRMED, others.phuc, others.mai)
    assert (appeal.state, appeal.due_at, world.again(application).state) == (
        AppealState.CONFIRMED,
        None,
        State.DECLINED,
    )
    assert queries.appealable(world.session, application) == []
    assert clean(world.session) == []


def test_a_decline_set_aside_is_decided_anew_by_others(world, others):
    session = world.session
    application = appealing.declined(world)
    appeal = appealing.under_hearing(world, application, (world.lan, others.mai), others.thao)
    appealing.rule(world, appeal, Ruling.SET_ASIDE, world.lan, others.mai)
    assert world.again(application).state is State.IN_DECISION
    for person in (world.giang, world.hung, world.dung, world.ha):
        with pytest.raises((NotFound, NotAllowed)):
            decisions.propose(session, person, application, Proposing(Outcome.CERTIFY, "L1"))
        session.rollback()
    assert committee.queue(session, world.giang) == []
    assert [row.application.id for row in committee.queue(session, others.phuc)] == [application.id]
    for person in (others.phuc, others.quan):
        declarations.declare(session, person, application, has_interest=False)
    proposal = decisions.propose(session, others.phuc, application, Proposing(Outcome.CERTIFY, "L1"))
    decision = decisions.confirm(session, others.quan, application, proposal.number, deciding.ISSUER)
    session.commit()
    assert (decision.number, application.state) == (2, State.CERTIFIED)
    assert clean(session) == []


def test_a_second_decline_needs_a_new_notice(world, others):
    session = world.session
    application = appealing.declined(world)
    appeal = appealing.under_hearing(world, application, (world.lan, others.mai), others.thao)
    appealing.rule(world, appeal, Ruling.SET_ASIDE, world.lan, others.mai)
    for person in (others.phuc, others.quan):
        declarations.declare(session, person, application, has_interest=False)
    proposing = Proposing(Outcome.DECLINE, None, "Chưa đủ.", "Not enough.")
    proposal = decisions.propose(session, others.phuc, application, proposing)
    with pytest.raises(NotReady):
        decisions.confirm(session, others.quan, application, proposal.number, deciding.ISSUER)


def test_the_database_refuses_the_first_deciders_a_second_time(world):
    application = appealing.declined(world)
    first = world.session.exec(select(Decision)).one()
    proposals = decisions.queries.file_of(world.session, application).proposals
    other = next(one for one, _ in proposals if one.id != first.proposal_id)
    world.session.add(
        Decision(
            application_id=application.id,
            number=2,
            proposal_id=other.id,
            proposer_id=first.proposer_id,
            confirmer_id=first.confirmer_id,
            outcome=Outcome.DECLINE,
        )
    )
    with pytest.raises(IntegrityError):
        world.session.flush()


def test_a_level_set_aside_keeps_the_certificate_until_the_next(world, others):
    session = world.session
    application, certificate = appealing.certified(world)
    appeal = appealing.under_hearing(world, application, (world.lan, others.mai), others.thao)
    appealing.rule(world, appeal, Ruling.SET_ASIDE, world.lan, others.mai)
    assert world.again(certificate).state is CertificateState.ACTIVE
    for person in (others.phuc, others.quan):
        declarations.declare(session, person, application, has_interest=False)
    with pytest.raises(Invalid):
        decisions.propose(session, others.phuc, application, Proposing(Outcome.DECLINE, None, "x", "y"))
    proposing = Proposing(Outcome.CERTIFY, "L2", "Đủ căn cứ.", "Enough.")
    proposal = decisions.propose(session, others.phuc, application, proposing)
    decisions.confirm(session, others.quan, application, proposal.number, deciding.ISSUER)
    session.commit()
    newer = appealing.certificate_now(world, application)
    assert (newer.level, newer.serial) == ("L2", 2)
    assert world.again(certificate).superseded_on == newer.valid_from
    assert clean(session) == []


def test_a_refusal_set_aside_goes_to_another_coordinator(world, others):
    session = world.session
    application = appealing.refused(world)
    appeal = appealing.lodged(world, application)
    with pytest.raises(NotFound):
        appeals.acknowledge(session, world.chi, appeal)  # it is her refusal
    session.rollback()
    appeals.acknowledge(session, others.thao, appeal)
    hearings.assign(session, others.thao, appeal, [others.mai.id, world.lan.id])
    for one in (others.mai, world.lan):
        hearings.declare(session, one, appeal)
    appealing.rule(world, appeal, Ruling.SET_ASIDE, others.mai, world.lan)
    assert world.again(application).state is State.SUBMITTED
    assert application.due_at == clock.working_days(5)
    with pytest.raises((NotFound, NotAllowed)):
        intake.accept(session, world.chi, application, CHECKLIST)
    session.rollback()
    intake.accept(session, others.thao, application, CHECKLIST)
    session.commit()
    assert (application.state, clean(session)) == (State.ACCEPTED, [])


def test_the_only_coordinator_checks_again(world, others):
    session = world.session
    application = appealing.refused(world)
    appeal = appealing.lodged(world, application)
    appeals.acknowledge(session, others.mai, appeal)  # the impartiality committee does the office's work here
    session.delete(session.exec(select(UserRole).where(UserRole.user_id == others.thao.id)).one())
    hearings.assign(session, others.mai, appeal, [others.phuc.id, world.lan.id])
    for one in (others.phuc, world.lan):
        hearings.declare(session, one, appeal)
    appealing.rule(world, appeal, Ruling.SET_ASIDE, others.phuc, world.lan)
    assert allows(standing_of(session, world.chi, world.again(application)), Permission.INTAKE)


@pytest.mark.parametrize("made", [appealing.suspended, appealing.withdrawn])
def test_a_certificate_comes_back_into_force(world, others, made):
    session = world.session
    application, certificate = made(world)
    appeal = appealing.under_hearing(world, application, (others.phuc, others.mai), others.thao)
    appealing.rule(world, appeal, Ruling.SET_ASIDE, others.phuc, others.mai)
    assert world.again(certificate).state is CertificateState.ACTIVE
    event = session.exec(select(CertificateEvent).where(CertificateEvent.action == CertificateAction.REINSTATE)).one()
    assert (event.decided_by, event.confirmed_by, event.effective_on) == (
        others.phuc.id,
        others.mai.id,
        clock.today(),
    )
    assert (event.reason_vi, clean(session)) == (RULED[0], [])


def test_one_person_never_rules_alone(world, others):
    application = appealing.declined(world)
    appeal = appealing.under_hearing(world, application, (others.phuc, others.mai), others.thao)
    ruling = rulings.propose(world.session, others.phuc, appeal, Ruled(Ruling.SET_ASIDE, *RULED))
    with pytest.raises(NotAllowed):
        rulings.confirm(world.session, others.phuc, appeal, ruling.number)
    with pytest.raises(WrongState):
        rulings.propose(world.session, others.mai, appeal, Ruled(Ruling.CONFIRMED, *RULED))
    ruling.confirmer_id, ruling.confirmed_at = others.phuc.id, clock.now()
    world.session.add(ruling)
    with pytest.raises(IntegrityError):
        world.session.flush()


def test_disagreeing_needs_words_and_another_ruling_follows(world, others):
    application = appealing.declined(world)
    appeal = appealing.under_hearing(world, application, (others.phuc, others.mai), others.thao)
    first = rulings.propose(world.session, others.phuc, appeal, Ruled(Ruling.SET_ASIDE, *RULED))
    with pytest.raises(Invalid):
        rulings.reject(world.session, others.mai, appeal, first.number, " ")
    rulings.reject(world.session, others.mai, appeal, first.number, "Báo cáo đã được đọc.")
    with pytest.raises(WrongState):
        rulings.confirm(world.session, others.mai, appeal, first.number)
    appealing.rule(world, appeal, Ruling.CONFIRMED, others.mai, others.phuc)
    numbers = [one.number for one in world.session.exec(select(AppealRuling).order_by(AppealRuling.number))]
    assert numbers == [1, 2]


def test_inadmissible_is_said_by_somebody_without_a_part_and_with_reasons(world, others):
    application = appealing.declined(world)
    appeal = appealing.lodged(world, application)
    for person in (world.giang, world.dung, world.minh, world.bao):
        with pytest.raises(NotFound):
            appeals.refuse(world.session, person, appeal, Inadmissible.NO_GROUNDS, RULED)
        world.session.rollback()
    with pytest.raises(NotReady):
        appeals.refuse(world.session, others.thao, appeal, Inadmissible.NO_GROUNDS, ("x", ""))
    world.session.rollback()
    appeals.refuse(world.session, others.thao, appeal, Inadmissible.NO_GROUNDS, RULED)
    world.session.commit()
    assert (appeal.state, appeal.inadmissible) == (AppealState.INADMISSIBLE, Inadmissible.NO_GROUNDS)


def test_the_coordinator_of_the_file_acknowledges_but_does_not_judge(world, others):
    application = appealing.declined(world)
    world.session.add(Participation(application_id=application.id, person_id=world.chi.id, part=Part.COORDINATOR))
    appeal = appealing.lodged(world, application)
    with pytest.raises(NotAllowed):
        appeals.refuse(world.session, world.chi, appeal, Inadmissible.LATE, RULED)
    world.session.rollback()
    appeals.acknowledge(world.session, world.chi, appeal)
    assert appeal.state is AppealState.ACKNOWLEDGED


def test_an_appeal_taken_back_can_be_lodged_anew(world, others):
    application = appealing.declined(world)
    appeal = appealing.lodged(world, application)
    with pytest.raises(NotAllowed):
        appeals.withdraw(world.session, world.anh, appeal)
    appeals.withdraw(world.session, world.an, appeal)
    world.session.commit()
    again = appealing.lodged(world, application)
    assert (appeal.state, again.number[-4:]) == (AppealState.WITHDRAWN, "0002")


def test_reminders_come_once_and_once_more_when_late(world, others):
    application = appealing.declined(world)
    appeal = appealing.under_hearing(world, application, (others.phuc, others.mai), others.thao)
    session = world.session
    sent = []
    for days in (30, 6, 5, 1, -1, -3):
        with clock.at(appeal.decide_by - timedelta(days=days)):
            if appeal.id in queries.to_remind(session, clock.now()):
                try:
                    appeals.remind(session, appeal)
                except NotReady:
                    continue
                sent.append((days, appeal.reminded))
    assert sent == [(6, 7), (1, 2), (-1, 0)]


def test_the_public_figures_are_counted(world, others):
    application = appealing.declined(world)
    appeal = appealing.under_hearing(world, application, (others.phuc, others.mai), others.thao)
    with clock.at(clock.now() + timedelta(days=12)):
        appealing.rule(world, appeal, Ruling.SET_ASIDE, others.phuc, others.mai)
    figures = {one.name: one.value for one in world.session.exec(select(Figure).where(Figure.subject == "appeals"))}
    assert figures == {
        "lodged": 1,
        "confirmed": 0,
        "set_aside": 1,
        "withdrawn": 0,
        "inadmissible": 0,
        "late": 0,
        "decided": 1,
        "days": 12,
    }


def test_fsck_sees_an_appeal_moved_by_hand(world, others):
    appeal = appealing.lodged(world, appealing.declined(world))
    appeal.state = AppealState.WITHDRAWN
    world.session.add(appeal)
    world.session.commit()
    assert clean(world.session) == [f"{appeal.number} is in withdrawn, its steps end in lodged."]
    step = world.session.exec(select(AppealStep)).one()
    assert (step.from_state, step.to_state) == ("", AppealState.LODGED)


# --- reductions ---


def test_a_reduction_can_be_appealed_and_is_given_back(world, others):
    session = world.session
    application, certificate = appealing.reduced(world)
    appeal = appealing.under_hearing(world, application, (others.phuc, others.mai), others.thao)
    assert appeal.kind is AppealKind.REDUCTION
    appealing.rule(world, appeal, Ruling.SET_ASIDE, others.phuc, others.mai)
    certificate = world.again(certificate)
    assert (certificate.revision, certificate.state) == (3, CertificateState.ACTIVE)
    assert certificate.content["profile"]["platforms"] == ["android", "ios"]
    event = session.exec(select(CertificateEvent).where(CertificateEvent.action == CertificateAction.RESTORE)).one()
    assert (event.decided_by, event.confirmed_by) == (others.phuc.id, others.mai.id)
    assert queries.standing_reductions(session, application) == []
    assert clean(session) == []


def test_a_reduction_that_stands_changes_nothing(world, others):
    application, certificate = appealing.reduced(world)
    appeal = appealing.under_hearing(world, application, (others.phuc, others.mai), others.thao)
    appealing.rule(world, appeal, Ruling.CONFIRMED, others.phuc, others.mai)
    certificate = world.again(certificate)
    assert (certificate.revision, certificate.content["profile"]["platforms"]) == (2, ["android"])


def test_of_two_reductions_each_is_appealed_by_itself(world, others):
    session = world.session
    application, certificate = appealing.reduced(world)
    ages = certificate.content["profile"]["ages"]
    appealing.reduce(world, certificate, platforms=("android",), ages=tuple(ages[:1]))
    second, first = queries.standing_reductions(session, application)
    appeal = appeals.lodge(session, world.an, application, first.seq, LODGING)
    appeals.acknowledge(session, others.thao, appeal)
    hearings.assign(session, others.thao, appeal, [others.phuc.id, others.mai.id])
    for one in (others.phuc, others.mai):
        hearings.declare(session, one, appeal)
    appealing.rule(world, appeal, Ruling.SET_ASIDE, others.phuc, others.mai)
    facts = world.again(certificate).content["profile"]
    assert (facts["platforms"], facts["ages"]) == (["android", "ios"], ages[:1])
    assert [one.seq for one in queries.standing_reductions(session, application)] == [second.seq]


def test_a_restored_scope_brings_no_suspended_certificate_back(world, others):
    session = world.session
    application, certificate = appealing.reduced(world)
    reduction = queries.appealable(session, application)[0]
    change = Change("Có lỗ hổng.", "A hole.", "Vá.", "Mend it.", certificates.months_after(clock.today(), 1))
    certificates.suspend(session, world.giang, certificate.number, change)
    session.commit()
    appeal = appeals.lodge(session, world.an, application, reduction.seq, LODGING)
    appeals.acknowledge(session, others.thao, appeal)
    hearings.assign(session, others.thao, appeal, [others.phuc.id, others.mai.id])
    for one in (others.phuc, others.mai):
        hearings.declare(session, one, appeal)
    appealing.rule(world, appeal, Ruling.SET_ASIDE, others.phuc, others.mai)
    certificate = world.again(certificate)
    assert (certificate.state, certificate.content["profile"]["platforms"]) == (
        CertificateState.SUSPENDED,
        ["android", "ios"],
    )
    waiting = certificate_queries.waiting(certificate_queries.events_of(session, certificate.id))
    assert waiting.action is CertificateAction.SUSPEND  # it still needs its second person

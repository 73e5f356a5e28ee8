"""Surveillance: planned, drawn so that anybody can draw it again, answered, decided, and what follows."""

import hashlib
from datetime import timedelta

import pytest
from sqlmodel import select

from assessments import applications, certificates, clock, decisions, surveillance
from assessments.certificates import Change, months_after
from assessments.decisions import Proposing
from assessments.errors import Invalid, NotAllowed, NotFound, NotReady, WrongState
from assessments.lifecycle import Measure, Trigger
from assessments.models import Certificate, CertificateEvent, HistoryEntry, Submission, Surveillance
from assessments.queries import certificates as queries
from assessments.queries import surveillance as questions
from assessments.queries.consensus import verdict_of
from assessments.queries.surveillance import Standing
from assessments.states import CertificateAction, CertificateStatus, CertificateStep, Kind, Outcome, State
from criteria import store
from tests.deciding import certified
from tests.renewing import answered_certificate
from tests.surveying import begun, decided, evaluated, measured, planned, remaining

IN_A_WEEK = timedelta(days=7)


def steps(world):
    return [one.action for one in world.session.exec(select(HistoryEntry).order_by(HistoryEntry.seq)).all()]


# --- planning ---


def test_the_calendar_plans_it_once_by_the_edition(world):
    certificate = certified(world)
    assert questions.to_plan(world.session, clock.today()) == [certificate.id]
    found = surveillance.plan_scheduled(world.session, certificate)
    assert [(one.number, one.trigger, one.due_on) for one in found] == [
        (1, Trigger.SCHEDULE, months_after(certificate.valid_from, 6))
    ]
    assert questions.to_plan(world.session, clock.today()) == []
    with pytest.raises(WrongState):
        surveillance.plan_scheduled(world.session, certificate)


def test_two_years_are_looked_at_every_half_year(world):
    certificate = certified(world)
    certificate.valid_until = months_after(certificate.valid_from, 24) - timedelta(days=1)
    world.session.commit()
    found = surveillance.plan_scheduled(world.session, certificate)
    assert [one.due_on for one in found] == [months_after(certificate.valid_from, n) for n in (6, 12, 18)]


def test_one_that_ends_before_is_not_looked_for_again(world):
    certificate = certified(world)
    certificate.valid_until = clock.today() + timedelta(days=30)
    world.session.commit()
    found = surveillance.plan_scheduled(world.session, certificate)
    assert [one.ended_at is not None for one in found] == [True]
    assert questions.to_plan(world.session, clock.today()) == []


def test_the_office_plans_one_with_a_reason(world):
    certificate = certified(world)
    one = planned(world, certificate)
    assert (one.number, one.trigger, one.planned_by) == (1, Trigger.STORE_VERSION, world.chi.id)
    assert steps(world)[-1] == CertificateStep.PLAN_SURVEILLANCE


@pytest.mark.parametrize(
    ("trigger", "note", "days"),
    [
        (Trigger.SCHEDULE, "Vì lịch.", 7),
        (Trigger.CONCERN, "  ", 7),
        (Trigger.CONCERN, "x" * 2_001, 7),
        (Trigger.CONCERN, "Có phản ánh.", -1),
    ],
)
def test_what_cannot_be_planned(world, trigger, note, days):
    certificate = certified(world)
    wanted = surveillance.Wanted(trigger, note, clock.today() + timedelta(days=days))
    with pytest.raises(Invalid):
        surveillance.plan(world.session, world.chi, certificate.number, wanted)


@pytest.mark.parametrize(
    ("who", "refusal"), [("bao", NotFound), ("an", NotAllowed), ("dung", NotAllowed), ("giang", NotAllowed)]
)
def test_others_do_not_plan(world, who, refusal):
    certificate = certified(world)
    wanted = surveillance.Wanted(Trigger.CONCERN, "Có phản ánh.", clock.today())
    with pytest.raises(refusal):
        surveillance.plan(world.session, getattr(world, who), certificate.number, wanted)


def test_one_that_has_not_begun_can_be_given_up(world):
    certificate = certified(world)
    one = planned(world, certificate)
    with pytest.raises(Invalid):
        surveillance.drop(world.session, world.chi, certificate.number, one.number, " ")
    surveillance.drop(world.session, world.chi, certificate.number, one.number, "Nhầm sản phẩm.")
    assert questions.standing(one, None, clock.today()) is Standing.DROPPED
    with pytest.raises(WrongState):
        surveillance.begin(world.session, world.chi, certificate.number, one.number, clock.today() + IN_A_WEEK)


# --- drawing ---


def test_anybody_draws_the_same_criteria_from_the_seed(world):
    certificate = certified(world)
    application = begun(world, certificate)
    one, _ = questions.of_application(world.session, application)
    drawn = questions.draw_of(certificate, one)
    edition = store.load(certificate.edition_id)
    applied = certificate.content["criteria"]["applied"]
    critical = [code for code in applied if edition.criterion(code).critical]
    others = [code for code in applied if code not in critical]
    seed = f"{certificate.number}/{clock.today().year}/{one.number}/{one.nonce}"
    by_hash = sorted(others, key=lambda code: hashlib.sha256(f"{seed}:{code}".encode()).hexdigest())
    assert drawn.seed == seed
    assert drawn.critical == tuple(critical)
    assert set(drawn.sampled) == set(by_hash[: max(3, -(-len(by_hash) // 4))])
    assert application.asked == list(drawn.codes)


def test_another_nonce_draws_others(world):
    certificate = certified(world)
    found = {questions.draw(certificate, 1, nonce, 2026).sampled for nonce in ("a", "b", "c", "d")}
    assert len(found) > 1


def test_what_a_change_touches_is_looked_at_as_well(world):
    certificate = certified(world)
    drawn = questions.draw(certificate, 1, "a", 2026, ("data",))
    edition = store.load(certificate.edition_id)
    assert drawn.touched != ()
    assert {edition.criterion(code).group for code in drawn.touched} == {"RT"}
    assert len(set(drawn.codes)) == len(drawn.codes)


# --- answering ---


def test_the_draft_begins_as_what_was_certified(world):
    certificate = answered_certificate(world, days_left=300)
    application = begun(world, certificate)
    assert (application.kind, application.state, application.round_id) == (Kind.SURVEILLANCE, State.DRAFT, None)
    assert application.edition_id == certificate.edition_id
    assert application.due_at == clock.end_of_day(clock.today() + timedelta(days=30))
    assert application.profile["name_vi"] == certificate.content["profile"]["name_vi"]
    assert (application.created_by, application.profile_saved_by) != (world.chi.id, world.chi.id)


def test_a_second_one_does_not_begin_beside_one_that_runs(world):
    certificate = certified(world)
    application = begun(world, certificate)
    with pytest.raises(WrongState) as refusal:
        begun(world, certificate)
    assert refusal.value.values == {"ref": application.ref}


def test_the_company_does_not_withdraw_it(world):
    application = begun(world, certified(world))
    with pytest.raises(NotReady):
        applications.withdraw(world.session, world.an, application)
    assert world.again(application).state is State.DRAFT


def test_only_what_is_asked_is_handed_in(world):
    application = evaluated(world, certified(world))
    sent = world.session.exec(select(Submission).where(Submission.application_id == application.id)).one()
    assert sorted(sent.content["answers"]) == sorted(application.asked)


# --- deciding ---


def test_the_verdict_is_over_the_last_scores_with_the_new_ones_in_place(world):
    certificate = certified(world)
    application = evaluated(world, certificate)
    assert verdict_of(world.session, application).overall == 75
    assert surveillance.computed(world.session, application) == (Measure.KEEP, certificate.level)


def test_a_critical_failure_asks_for_a_suspension(world):
    certificate = certified(world)
    code = next(one.code for one in store.load(certificate.edition_id).criteria if one.critical)
    application = evaluated(world, certificate, **{code.replace("-", "_"): {"value": 0}})
    assert surveillance.computed(world.session, application) == (Measure.SUSPEND, "")
    assert surveillance.departs(world.session, application, measured(Measure.KEEP, certificate))
    assert not surveillance.departs(world.session, application, measured(Measure.WITHDRAW, certificate))


def test_keeping_grants_no_new_certificate(world):
    certificate = certified(world)
    application = evaluated(world, certificate)
    decided(world, application, measured(Measure.KEEP, certificate))
    assert world.session.exec(select(Certificate)).all() == [certificate]
    assert world.again(application).state is State.CERTIFIED
    one = world.session.exec(select(Surveillance)).one()
    assert (one.measure, questions.standing(one, application, clock.today())) == (Measure.KEEP, Standing.DONE)
    assert steps(world)[-1] == CertificateStep.FINISH_SURVEILLANCE
    assert [event.action for event in queries.events_of(world.session, certificate.id)] == [CertificateAction.GRANT]


def test_suspending_is_the_committees_word_at_once(world):
    certificate = certified(world)
    decided(world, evaluated(world, certificate), measured(Measure.SUSPEND, certificate))
    event = queries.events_of(world.session, certificate.id)[0]
    assert queries.status(world.again(certificate), clock.today()) is CertificateStatus.SUSPENDED
    assert (event.action, event.decided_by, event.confirmed_by) == (
        CertificateAction.SUSPEND,
        world.giang.id,
        world.hung.id,
    )
    assert (event.restore_by, event.condition_en) == (clock.today() + timedelta(days=30), "Mend it.")
    assert not queries.waits(event)


def test_reducing_makes_a_revision(world):
    certificate = certified(world)
    decided(world, evaluated(world, certificate), measured(Measure.REDUCE, certificate, platforms=("android",)))
    certificate = world.again(certificate)
    assert (certificate.revision, certificate.content["profile"]["platforms"]) == (2, ["android"])
    assert queries.status(certificate, clock.today()) is CertificateStatus.ACTIVE


def test_withdrawing_ends_it(world):
    certificate = certified(world)
    application = evaluated(world, certificate)
    decided(world, application, measured(Measure.WITHDRAW, certificate))
    assert queries.status(world.again(certificate), clock.today()) is CertificateStatus.WITHDRAWN
    assert world.again(application).state is State.DECLINED
    assert world.session.exec(select(Surveillance)).one().measure is Measure.WITHDRAW


def test_a_proposal_about_it_says_what_becomes_of_the_certificate(world):
    certificate = certified(world)
    application = evaluated(world, certificate)
    with pytest.raises(Invalid):
        decisions.propose(world.session, world.giang, application, Proposing(Outcome.CERTIFY, "L1"))
    bare = Proposing(Outcome.CERTIFY, measured=measured(Measure.WITHDRAW, certificate))
    with pytest.raises(Invalid):
        decisions.propose(world.session, world.giang, application, bare)
    nothing = surveillance.Measured(Measure.REDUCE, reduction=remaining(certificate))
    with pytest.raises(Invalid):
        decisions.propose(
            world.session, world.giang, application, Proposing(Outcome.CERTIFY, None, "a", "b", measured=nothing)
        )


def test_when_the_certificate_ends_the_surveillance_stops(world):
    certificate = certified(world)
    application = begun(world, certificate)
    certificates.propose(
        world.session, world.giang, certificate.number, CertificateAction.WITHDRAW, Change("Lý do.", "Reason.")
    )
    certificates.confirm(world.session, world.hung, certificate.number, 2)
    one = world.session.exec(select(Surveillance)).one()
    assert world.again(application).state is State.WITHDRAWN
    assert questions.standing(one, application, clock.today()) is Standing.DROPPED
    assert world.session.exec(select(CertificateEvent)).all()[-1].action is CertificateAction.WITHDRAW

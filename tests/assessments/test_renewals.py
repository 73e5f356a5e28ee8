"""Renewals and changes: what they begin from, what has to be looked at again, and what takes whose place."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from assessments import answers, applications, certificates, decisions, renewals
from assessments.answers import Draft
from assessments.applications import Beginning
from assessments.certificates import Change
from assessments.clock import today
from assessments.decisions import Proposing
from assessments.errors import Invalid, NotFound, WrongState
from assessments.models import (
    AgreedScore,
    Answer,
    Application,
    Basis,
    Certificate,
    Confirmation,
    Declaration,
    HistoryEntry,
    Listing,
    Participation,
    Recommendation,
    Review,
    Submission,
)
from assessments.people import Part
from assessments.queries import catalogue
from assessments.queries.certificates import certificate_of, counts, current_of, list_of, newer_than, status
from assessments.queries.renewals import Settled, Why, later_of, sample
from assessments.readiness import to_submit
from assessments.renewals import Wish
from assessments.states import (
    CertificateAction,
    CertificateStatus,
    CertificateStep,
    ChangeKind,
    Kind,
    Outcome,
    State,
)
from tests.deciding import ISSUER
from tests.drafting import accepted, codes, piece
from tests.renewing import answered_certificate, begun, newer
from tests.world import EDITION, World


@pytest.fixture
def certificate(world: World) -> Certificate:
    return answered_certificate(world)


# --- beginning ---


def test_a_renewal_begins_from_the_answers_behind_the_certificate(world, session, certificate):
    renewal = begun(world, certificate)
    assert (renewal.kind, renewal.state, renewal.product_id) == (Kind.RENEWAL, State.DRAFT, certificate.product_id)
    basis = session.get_one(Basis, renewal.id)
    assert (basis.certificate_id, basis.changes, basis.note) == (certificate.id, [], "")
    copied = session.exec(select(Answer).where(Answer.application_id == renewal.id)).all()
    assert {one.criterion: (one.claim, one.version) for one in copied} == {
        code: (f"Lần trước: {code}.", 1) for code in codes(renewal)
    }


def test_it_begins_from_the_certificate_even_if_something_else_was_written_since(world, session, certificate):
    change = begun(world, certificate, Kind.CHANGE)
    answers.save(session, world.an, change, "HN-01", Draft(claim="Chỉ là nháp.", version=1))
    applications.withdraw(session, world.an, change)
    renewal = begun(world, certificate)
    later = later_of(session, renewal)
    assert later.before.id == certificate.application_id
    assert (
        session.exec(select(Answer.claim).where(Answer.application_id == renewal.id, Answer.criterion == "HN-01")).one()
        == "Lần trước: HN-01."
    )


def test_before_its_time_it_is_refused_with_the_day(world, session):
    certificate = answered_certificate(world, days_left=61)
    with pytest.raises(WrongState) as refusal:
        begun(world, certificate)
    assert refusal.value.values["day"] == (today() + timedelta(days=1)).strftime("%d/%m/%Y")
    certificate.valid_until = today() + timedelta(days=60)
    session.add(certificate)
    session.commit()
    assert begun(world, certificate).kind is Kind.RENEWAL


def test_a_change_says_what_changed(world, certificate):
    for wish in (Wish(Kind.CHANGE, certificate.number), Wish(Kind.CHANGE, certificate.number, (ChangeKind.DATA,), " ")):
        with pytest.raises(Invalid):
            renewals.start(world.session, world.an, world.hat_nang.id, EDITION, wish)
    assert begun(world, certificate, Kind.CHANGE).kind is Kind.CHANGE


def test_a_second_one_is_refused_and_the_first_one_named(world, certificate):
    first = begun(world, certificate)
    with pytest.raises(WrongState) as refusal:
        begun(world, certificate)
    assert refusal.value.values == {"ref": first.ref}
    assert begun(world, certificate, Kind.CHANGE).kind is Kind.CHANGE  # another kind may run beside it


def test_a_product_with_a_certificate_has_no_first_application(world, session, certificate):
    with pytest.raises(WrongState):
        applications.start(session, world.an, world.hat_nang.id, Beginning(EDITION, product_id=certificate.product_id))
    certificate.valid_until = certificate.valid_from = today() - timedelta(days=1)
    session.add(certificate)
    session.commit()
    again = applications.start(
        session, world.an, world.hat_nang.id, Beginning(EDITION, product_id=certificate.product_id)
    )
    assert again.kind is Kind.INITIAL


def test_strangers_and_ended_certificates_are_refused(world, session, certificate):
    wish = Wish(Kind.RENEWAL, certificate.number)
    with pytest.raises(NotFound):
        renewals.start(session, world.bao, world.bo_tre.id, EDITION, wish)
    with pytest.raises(NotFound):
        renewals.start(session, world.bao, world.hat_nang.id, EDITION, wish)
    with pytest.raises(NotFound):
        renewals.start(session, world.an, world.hat_nang.id, EDITION, replace(wish, kind=Kind.SURVEILLANCE))
    certificate.valid_from = today() - timedelta(days=9)
    certificate.valid_until = today() - timedelta(days=1)
    session.add(certificate)
    session.commit()
    with pytest.raises(WrongState):
        renewals.start(session, world.an, world.hat_nang.id, EDITION, wish)


# --- what is looked at again ---


def test_critical_ones_and_a_sample_of_the_rest_are_looked_at_one_by_one(world, session, certificate):
    renewal = begun(world, certificate)
    later = later_of(session, renewal)
    critical = {one.code for one in later.edition.criteria if one.critical} & set(codes(renewal))
    drawn = sample(renewal.ref, [code for code in codes(renewal) if code not in critical])
    assert {row.code for row in later.again} == critical | drawn
    assert {row.code for row in later.rest} == set(codes(renewal)) - critical - drawn
    assert {row.why for row in later.again} == {(Why.CRITICAL,), (Why.SAMPLE,)}
    assert all(row.is_open for row in later.rows)


def test_the_sample_is_the_same_whoever_draws_it_and_another_for_another_application():
    every = [f"TN-{number:02}" for number in range(1, 41)]
    first = sample("HS-2026-0001", every)
    assert len(first) == 10
    assert first == sample("HS-2026-0001", reversed(every))
    assert first != sample("HS-2026-0002", every)
    assert len(sample("HS-2026-0001", every[:5])) == 3
    assert sample("HS-2026-0001", []) == frozenset()


def test_what_a_change_touches_is_looked_at_and_the_other_kind_touches_everything(world, session, certificate):
    change = begun(world, certificate, Kind.CHANGE)
    later = later_of(session, change)
    assert all(Why.TOUCHED in row.why for row in later.rows if row.criterion.group == "RT")
    assert all(Why.TOUCHED not in row.why for row in later.rows if row.criterion.group != "RT")
    renewals.tell(session, world.an, change, [ChangeKind.OTHER], "Đổi tên miền.")
    assert all(Why.TOUCHED in row.why for row in later_of(session, change).rows)


def test_lapsed_evidence_is_pointed_out(world, session, certificate):
    renewal = begun(world, certificate)
    lapsed = piece(session, world, "Báo cáo cũ", valid_until=today() - timedelta(days=1))
    quiet = later_of(session, renewal).rest[0].code
    answers.attach(session, world.an, renewal, quiet, lapsed)
    row = later_of(session, renewal).row(quiet)
    assert row.why == (Why.LAPSED,)
    assert [one.evidence.title for one in row.lapsed] == ["Báo cáo cũ"]


@pytest.fixture
def newer_edition(tmp_path, monkeypatch):
    """A newer edition asks something else in one criterion, weighs another, drops one and adds one."""
    return newer(tmp_path, monkeypatch)


def test_criteria_that_changed_are_shown_with_what_changed(world, session, certificate, newer_edition):
    renewal = begun(world, certificate)
    renewal.edition_id = newer_edition.id
    session.add(renewal)
    session.flush()
    later = later_of(session, renewal)
    changes = {row.code: [change.field for change in row.changes] for row in later.rows if row.changes}
    assert changes == {"HN-02": ["requirement"], "TL-01": ["weight"]}
    assert all(Why.CHANGED in later.row(code).why for code in changes)
    assert [row.code for row in later.new] == ["TL-09"]
    assert [one.code for one in later.dropped] == ["TL-05"]


# --- confirming ---


def test_nothing_is_handed_in_before_every_answer_is_confirmed_or_changed(world, session, certificate):
    renewal = begun(world, certificate)
    accepted(world, renewal)
    later = later_of(session, renewal)
    places = [one.place for one in to_submit(session, renewal)]
    assert places == [*(f"carried:{row.code}" for row in later.again), "carried"]

    assert renewals.confirm_rest(session, world.anh, renewal) == len(later.rest)
    assert renewals.confirm_rest(session, world.anh, renewal) == 0
    first, second, *others = [row.code for row in later.again]
    answers.save(session, world.an, renewal, first, Draft(claim="Nay đã khác.", version=1))
    for code in (second, second, *others):  # twice is once
        renewals.confirm(session, world.an, renewal, code)
    session.commit()
    assert to_submit(session, renewal) == []
    rows = later_of(session, renewal)
    assert (rows.row(first).settled, rows.row(second).settled) == (Settled.EDITED, Settled.CONFIRMED)
    said = session.exec(select(Confirmation).where(Confirmation.application_id == renewal.id)).all()
    assert {(one.criterion, one.confirmed_by, one.one_by_one) for one in said} == {
        *((row.code, world.anh.id, False) for row in later.rest),
        *((code, world.an.id, True) for code in (second, *others)),
    }

    submission = applications.submit(session, world.an, renewal)
    basis = submission.content["basis"]
    assert (basis["kind"], basis["certificate"]) == ("renewal", certificate.number)
    assert basis["carried"][first] == {"settled": "edited", "why": [why.value for why in later.row(first).why]}


def test_what_becomes_touched_later_is_not_settled_by_the_word_for_all_the_rest(world, session, certificate):
    renewal = begun(world, certificate)
    renewals.confirm_rest(session, world.an, renewal)
    quiet = next(row for row in later_of(session, renewal).rest if row.criterion.group == "TL").code
    renewals.tell(session, world.an, renewal, [ChangeKind.FEATURES], "Thêm chế độ học tập.")
    assert later_of(session, renewal).row(quiet).is_open
    renewals.confirm(session, world.an, renewal, quiet)
    assert not later_of(session, renewal).row(quiet).is_open


def test_a_confirmation_does_not_hold_under_another_edition(world, session, certificate, newer_edition):
    renewal = begun(world, certificate)
    code = later_of(session, renewal).again[0].code
    renewals.confirm(session, world.an, renewal, code)
    renewal.edition_id = newer_edition.id
    session.add(renewal)
    session.flush()
    assert later_of(session, renewal).row(code).is_open


def test_only_the_company_confirms_and_only_while_it_is_a_draft(world, session, certificate):
    renewal = begun(world, certificate)
    code = later_of(session, renewal).again[0].code
    with pytest.raises(NotFound):
        renewals.confirm(session, world.bao, renewal, code)
    with pytest.raises(NotFound):
        renewals.confirm(session, world.an, renewal, "XX-01")
    with pytest.raises(NotFound):
        renewals.confirm(session, world.an, world.application(ref="HS-2026-0077"), code)
    renewal.state = State.SUBMITTED
    session.add(renewal)
    session.commit()
    for act in (
        lambda: renewals.confirm(session, world.an, renewal, code),
        lambda: renewals.confirm_rest(session, world.an, renewal),
        lambda: renewals.tell(session, world.an, renewal, [], ""),
    ):
        with pytest.raises(WrongState):
            act()
    assert session.exec(select(Confirmation)).all() == []


def test_a_first_application_has_nothing_of_this(world, session):
    application = world.application()
    assert later_of(session, application) is None
    assert all(not one.place.startswith("carried") for one in to_submit(session, application))


# --- one after another ---


def granted(world: World, certificate: Certificate, kind: Kind = Kind.RENEWAL) -> Certificate:
    """A renewal of it, put before the committee as it is and granted today."""
    application = begun(world, certificate, kind)
    session = world.session
    before = session.get_one(Application, certificate.application_id)
    old = session.exec(select(Submission).where(Submission.application_id == before.id)).one()
    application.state, application.edition_digest = State.IN_DECISION, before.edition_digest
    application.round_id = world.round.id
    session.add_all(
        [
            application,
            Submission(
                application_id=application.id,
                number=1,
                content=old.content,
                digest="sha256:1",
                submitted_by=world.an.id,
            ),
        ]
    )
    session.flush()
    _judged_like(session, before, application)
    session.commit()
    proposal = decisions.propose(session, world.giang, application, Proposing(Outcome.CERTIFY, "L1"))
    decisions.confirm(session, world.hung, application, proposal.number, ISSUER)
    session.commit()
    found = certificate_of(session, application.id)
    assert found is not None
    return found


def _judged_like(session, before, application):
    """The same people, reviews, scores and summary as the last time."""
    for one in session.exec(select(Declaration).where(Declaration.application_id == before.id)).all():
        session.add(Declaration(application_id=application.id, person_id=one.person_id, has_interest=False))
    for one in session.exec(select(Review).where(Review.application_id == before.id)).all():
        session.add(Participation(application_id=application.id, person_id=one.reviewer_id, part=Part.REVIEWER))
        session.flush()
        session.add(
            Review(
                application_id=application.id,
                reviewer_id=one.reviewer_id,
                letter=one.letter,
                lead=one.lead,
                due_at=one.due_at,
                final_at=one.final_at,
            )
        )
    for one in session.exec(select(AgreedScore).where(AgreedScore.application_id == before.id)).all():
        session.add(
            AgreedScore(application_id=application.id, criterion=one.criterion, value=one.value, saved_by=one.saved_by)
        )
    text = session.get_one(Recommendation, before.id)
    session.add(
        Recommendation(
            application_id=application.id,
            summary_vi=text.summary_vi,
            summary_en=text.summary_en,
            vendor_checked_at=text.vendor_checked_at,
        )
    )


def test_the_new_certificate_takes_the_place_of_the_old_one(world, session, certificate):
    new = granted(world, certificate)
    old = world.again(certificate)
    assert old.superseded_on == new.valid_from == today()
    assert (status(old, today()), status(new, today())) == (CertificateStatus.SUPERSEDED, CertificateStatus.ACTIVE)
    assert newer_than(session, old, today()) == new.number
    assert current_of(session, world.hat_nang.id, today()) == {new.product_id: new}
    listings = session.exec(select(Listing)).all()
    assert [(one.number, one.first_day) for one in listings] == [(new.number, today())]
    steps = session.exec(select(HistoryEntry.action).where(HistoryEntry.certificate_id == old.id)).all()
    assert steps == [CertificateStep.GRANT, CertificateStep.SUPERSEDE]
    assert counts(session, today())[CertificateStatus.SUPERSEDED] == 1
    assert [row.certificate.number for row in list_of(session, today(), CertificateStatus.SUPERSEDED)] == [old.number]
    assert catalogue.listing_by_slug(session, listings[0].slug, today()).number == new.number


def test_a_change_keeps_the_last_day_and_a_renewal_does_not(world, certificate):
    until = certificate.valid_until
    changed = granted(world, certificate, Kind.CHANGE)
    assert changed.valid_until == until
    renewed = granted(world, changed)
    assert renewed.valid_until > until
    assert status(world.again(changed), today()) is CertificateStatus.SUPERSEDED


def test_a_renewal_that_waits_for_its_announcement_lets_the_old_one_stand_until_then(world, session, certificate):
    announced = today() + timedelta(days=10)
    world.round.announce_on = announced
    session.add(world.round)
    new = granted(world, certificate)
    old = world.again(certificate)
    assert (new.valid_from, old.superseded_on) == (announced, announced)
    assert status(old, today()) is CertificateStatus.ACTIVE
    assert status(old, announced) is CertificateStatus.SUPERSEDED
    assert current_of(session, world.hat_nang.id, today())[old.product_id].id == old.id
    assert [one.number for one in session.exec(select(Listing)).all()] == [old.number]  # the new one is not signed yet
    for day in (today(), announced):
        assert sum(counts(session, day).values()) == 2

    change = Change("Nhà cung cấp rút lại.", "Taken back by the vendor.")
    event = certificates.propose(session, world.giang, new.number, CertificateAction.WITHDRAW, change)
    certificates.confirm(session, world.hung, new.number, event.number)
    session.commit()
    old = world.again(old)
    assert old.superseded_on is None
    assert status(old, announced) is CertificateStatus.ACTIVE
    assert [one.number for one in session.exec(select(Listing)).all()] == [old.number]


def test_one_that_ends_before_the_new_one_begins_expires_by_itself(world, session, certificate):
    world.round.announce_on = certificate.valid_until + timedelta(days=1)
    session.add(world.round)
    new = granted(world, certificate)
    old = world.again(certificate)
    assert old.superseded_on is None
    assert status(old, new.valid_from) is CertificateStatus.EXPIRED

"""Certificates go over to a newer edition: begun from the last answers, asked only what is new or has changed."""

from datetime import timedelta

import pytest
from sqlmodel import select

from assessments import answers, applications, clock, renewals, transitions
from assessments.answers import Draft
from assessments.clock import now, today
from assessments.errors import NotFound, WrongState
from assessments.models import CertificateEvent, Interest, Round
from assessments.people import InterestKind
from assessments.queries import transitions as queries
from assessments.queries.certificates import status
from assessments.queries.offers import offers_of
from assessments.queries.renewals import Settled, Why, later_of
from assessments.queries.transitions import Stage
from assessments.readiness import to_submit
from assessments.renewals import Wish
from assessments.states import CertificateStatus, ChangeKind, Kind, State
from assessments.succession import last_day
from tests import second_edition
from tests.drafting import accepted
from tests.renewing import answered_certificate
from tests.second_edition import ID, terms
from tests.world import EDITION


@pytest.fixture
def certificate(world):
    return answered_certificate(world, days_left=300)


@pytest.fixture
def publication(world, certificate, tmp_path, monkeypatch):
    second_edition.draft(tmp_path, monkeypatch)
    return second_edition.published(world)


def start(world, certificate, **wish):
    what = Wish(Kind.TRANSITION, certificate.number, **wish)
    application = renewals.start(world.session, world.an, world.hat_nang.id, ID, what)
    world.session.commit()
    return application


def test_only_what_is_new_or_has_changed_is_asked(world, session, certificate, publication):
    application = start(world, certificate)
    later = later_of(session, application)
    assert (application.kind, application.edition_id, later.certificate.id) == (Kind.TRANSITION, ID, certificate.id)
    assert [row.code for row in later.new] == ["RT-08"]
    assert {row.code: row.why for row in later.again} == {"TL-01": (Why.CHANGED,), "HN-02": (Why.CHANGED,)}
    assert all(row.why == () for row in later.rest)
    assert len(later.rest) > 20
    moved = later.row("TL-09")
    assert (moved.origin, moved.settled, moved.why) == ("TL-05", Settled.OPEN, ())
    assert [row.origin for row in later.rest if row.code != "TL-09"] == [
        row.code for row in later.rest if row.code != "TL-09"
    ]


def test_what_the_product_changed_is_asked_too(world, session, certificate, publication):
    application = start(world, certificate, changes=(ChangeKind.DATA,), note="Giữ lịch sử thêm 7 ngày.")
    touched = [row for row in later_of(session, application).again if Why.TOUCHED in row.why]
    assert {row.criterion.group for row in touched} == {"RT"}


def test_handed_in_it_says_where_answers_come_from(world, session, certificate, publication):
    session.add(Round(code="2027-chuyen", edition_id=ID, opens_at=now() - timedelta(days=1)))
    application = start(world, certificate)
    accepted(world, application)
    later = later_of(session, application)
    for row in later.new:
        answers.save(session, world.an, application, row.code, Draft(claim="Câu trả lời mới.", version=0))
    for row in later.again:
        renewals.confirm(session, world.an, application, row.code)
    assert renewals.confirm_rest(session, world.an, application) == len(later.rest)
    session.commit()
    assert [one.place for one in to_submit(session, application) if one.place.startswith("carried")] == []
    content = applications.take_snapshot(session, world.an, application, "sha256:x").content
    assert content["basis"]["kind"] == "transition"
    assert content["basis"]["carried"]["TL-09"] == {"settled": "confirmed", "why": [], "origin": "TL-05"}
    assert content["basis"]["carried"]["TL-02"] == {"settled": "confirmed", "why": []}


def test_who_may_start_one_and_when(world, session, certificate, publication):
    wish = Wish(Kind.TRANSITION, certificate.number)
    for person, vendor in ((world.bao, world.bo_tre), (world.bao, world.hat_nang), (world.chi, world.hat_nang)):
        with pytest.raises(NotFound):
            renewals.start(session, person, vendor.id, ID, wish)
    with pytest.raises(WrongState):
        renewals.start(session, world.an, world.hat_nang.id, EDITION, wish)  # not the edition it goes over to
    first = start(world, certificate)
    with pytest.raises(WrongState) as refusal:
        start(world, certificate)
    assert refusal.value.values["ref"] == first.ref


def test_without_a_newer_edition_there_is_none_to_start(world, session, certificate):
    (offer,) = [one for one in offers_of(session, world.hat_nang.id) if one.certificate]
    assert not offer.may_move
    with pytest.raises(WrongState) as refusal:
        renewals.require_offered(session, world.an, world.hat_nang.id, Kind.TRANSITION, certificate.number)
    assert refusal.value.message == renewals.NOT_ASKED


def test_it_can_be_written_before_the_first_day(world, session, certificate, tmp_path, monkeypatch):
    second_edition.draft(tmp_path, monkeypatch)
    second_edition.published(world, terms(first=30))
    (offer,) = [one for one in offers_of(session, world.hat_nang.id) if one.certificate]
    assert (offer.may_move, offer.target.edition_id) == (True, ID)
    assert renewals.edition_for(session, certificate, Kind.CHANGE) == EDITION
    assert renewals.edition_for(session, certificate, Kind.TRANSITION) == ID
    start(world, certificate)


def test_a_transition_does_not_prolong(world, session, certificate, publication):
    application = start(world, certificate)
    usual = today() + timedelta(days=365)
    assert last_day(application, [certificate], today(), usual) == certificate.valid_until


# --- how far they have come ---


def test_stages(world, session, certificate, publication):
    assert queries.counts(session, world.chi, publication) == {
        Stage.NOT_STARTED: 1,
        Stage.WRITING: 0,
        Stage.HANDED_IN: 0,
    }
    application = start(world, certificate)
    assert queries.counts(session, world.chi, publication)[Stage.WRITING] == 1
    application.state = State.SUBMITTED
    session.add(application)
    session.commit()
    assert queries.counts(session, world.chi, publication)[Stage.HANDED_IN] == 1
    (row,), following = queries.page(session, world.chi, publication, None)
    assert (row.number, row.ref, row.stage, following) == (certificate.number, application.ref, Stage.HANDED_IN, "")
    assert queries.waiting(session, publication) == []
    application.state = State.WITHDRAWN
    session.add(application)
    session.commit()
    assert [one.stage for one in queries.waiting(session, publication)] == [Stage.NOT_STARTED]


def test_whoever_has_an_interest_does_not_see_the_company(world, session, certificate, publication):
    session.add(
        Interest(
            person_id=world.chi.id,
            vendor_id=world.hat_nang.id,
            organisation="Hạt Nắng",
            kind=InterestKind.EMPLOYER,
            since=today() - timedelta(days=400),
        )
    )
    session.commit()
    assert sum(queries.counts(session, world.chi, publication).values()) == 0
    assert queries.page(session, world.chi, publication, None) == ([], "")


def test_a_certificate_that_ends_before_the_transition_is_left_alone(world, session, certificate, publication):
    certificate.valid_until = today() + timedelta(days=90)
    session.add(certificate)
    session.commit()
    assert queries.waiting(session, publication) == []


def test_reminders_by_the_periods_of_the_edition(world, session, publication):
    until = publication.transition_until
    assert queries.reminder_days(publication) == (60, 7, 2)
    found = {days: queries.due_reminder(publication, until - timedelta(days=days)) for days in (61, 60, 8, 7, 2, 0)}
    assert found == {61: None, 60: 60, 8: 60, 7: 7, 2: 2, 0: 2}
    publication.reminded_days = 7
    assert queries.due_reminder(publication, until - timedelta(days=5)) is None
    assert queries.due_reminder(publication, until - timedelta(days=1)) == 2
    assert queries.due_reminder(publication, until + timedelta(days=1)) is None


# --- the end of the transition ---


@pytest.fixture
def lapsing(world, certificate, tmp_path, monkeypatch):
    second_edition.draft(tmp_path, monkeypatch)
    return second_edition.published(world, terms(lapses=True))


def after(publication):
    return clock.at(now() + timedelta(days=181))


def test_certificates_keep_their_own_end_unless_the_publication_says_otherwise(
    world, session, certificate, publication
):
    with after(publication):
        assert queries.to_lapse(session, publication) == []
        with pytest.raises(WrongState):
            transitions.lapse(session, certificate)
        assert status(certificate, today()) is CertificateStatus.ACTIVE


def test_what_lapses_ends_by_the_two_who_published(world, session, certificate, lapsing):
    content = dict(certificate.content)
    with pytest.raises(WrongState):
        transitions.lapse(session, certificate)
    with after(lapsing):
        assert queries.to_lapse(session, lapsing) == [certificate.id]
        event = transitions.lapse(session, certificate)
        session.commit()
        assert status(certificate, today()) is CertificateStatus.WITHDRAWN
        assert queries.to_lapse(session, lapsing) == []
    assert (event.decided_by, event.confirmed_by) == (world.giang.id, world.hung.id)
    assert "VCSC 2027" in event.reason_vi
    assert certificate.content == content
    assert (
        len(session.exec(select(CertificateEvent).where(CertificateEvent.certificate_id == certificate.id)).all()) == 2
    )


def test_whoever_has_handed_in_waits_for_the_result(world, session, certificate, lapsing):
    application = start(world, certificate)
    application.state = State.IN_REVIEW
    session.add(application)
    session.commit()
    with after(lapsing):
        assert queries.to_lapse(session, lapsing) == []
        with pytest.raises(WrongState):
            transitions.lapse(session, certificate)


def test_a_decider_with_an_interest_ends_nothing(world, session, certificate, lapsing):
    session.add(
        Interest(
            person_id=world.hung.id,
            vendor_id=world.hat_nang.id,
            organisation="Hạt Nắng",
            kind=InterestKind.EMPLOYER,
            since=today() - timedelta(days=4),
        )
    )
    session.commit()
    with after(lapsing), pytest.raises(WrongState):
        transitions.lapse(session, certificate)

"""What the clock says of certificates: once each, to the right time, and without changing any."""

from datetime import timedelta

import pytest
from sqlmodel import select

from assessments import certificates, clock, expiries
from assessments.certificates import Change
from assessments.errors import WrongState
from assessments.lifecycle import ChangeSize, Clocked
from assessments.models import CertificateReminder, HistoryEntry
from assessments.queries import expiries as questions
from assessments.queries.certificates import status
from assessments.states import CertificateStatus, CertificateStep
from tests.assessments.test_change_notices import judged
from tests.deciding import certified
from tests.renewing import answered_certificate, begun

DAY = timedelta(days=1)


def on(day):
    return clock.at(clock.end_of_day(day) - timedelta(hours=1))


def due(world, day):
    with on(day):
        return [(one.about, one.days) for one in questions.due(world.session, clock.today())]


def say_all(world, day):
    with on(day):
        for one in questions.due(world.session, clock.today()):
            expiries.say(world.session, one)
        world.session.commit()


def suspended(world, certificate, days=30):
    change = Change("Lộ.", "Leaks.", "Sửa.", "Mend.", clock.today() + timedelta(days=days))
    certificates.suspend(world.session, world.giang, certificate.number, change)
    world.session.commit()


def test_a_new_certificate_needs_no_word(world):
    certified(world)
    assert due(world, clock.today()) == []


def test_owners_hear_when_the_window_opens_and_before_the_end(world):
    certificate = certified(world)
    end = certificate.valid_until
    assert due(world, end - timedelta(days=61)) == []
    assert due(world, end - timedelta(days=60)) == [(Clocked.RENEWAL, 60)]
    say_all(world, end - timedelta(days=60))
    assert due(world, end - timedelta(days=59)) == []
    nearest = due(world, end - DAY)
    assert [about for about, _ in nearest] == [Clocked.RENEWAL]
    assert nearest[0][1] < 60


def test_who_has_begun_a_renewal_is_not_reminded(world):
    certificate = answered_certificate(world, days_left=30)
    assert due(world, clock.today()) != []
    begun(world, certificate)
    assert due(world, clock.today()) == []


def test_expiry_is_written_down_once_and_changes_nothing(world):
    certificate = certified(world)
    after = certificate.valid_until + DAY
    assert due(world, after) == [(Clocked.EXPIRY, questions.PASSED)]
    state, version = certificate.state, certificate.version
    say_all(world, after)
    assert due(world, after) == []
    assert (certificate.state, certificate.version) == (state, version)
    assert status(certificate, after) is CertificateStatus.EXPIRED
    last = world.session.exec(select(HistoryEntry).order_by(HistoryEntry.seq.desc())).first()
    assert (last.action, last.actor_id) == (CertificateStep.EXPIRE, None)


def test_a_suspension_without_a_second_person_is_reminded_of_and_stays(world):
    certificate = certified(world)
    suspended(world, certificate)
    until = clock.today() + timedelta(days=5)
    assert due(world, until - 2 * DAY) == []
    assert due(world, until - DAY) == [(Clocked.SUSPENSION, 1)]
    say_all(world, until - DAY)
    assert due(world, until) == []
    assert due(world, until + DAY) == [(Clocked.SUSPENSION, questions.PASSED)]
    assert status(world.again(certificate), until + DAY) is CertificateStatus.SUSPENDED


def test_the_time_for_restoring_runs_out_and_nothing_is_withdrawn(world):
    certificate = certified(world)
    suspended(world, certificate)
    certificates.confirm(world.session, world.hung, certificate.number, 2)
    after = clock.today() + timedelta(days=31)
    assert due(world, after) == [(Clocked.RESTORING, questions.PASSED)]
    say_all(world, after)
    assert status(world.again(certificate), after) is CertificateStatus.SUSPENDED
    assert world.session.exec(select(CertificateReminder)).one().about is Clocked.RESTORING


def test_a_major_change_nobody_applies_for_is_said(world):
    certificate = certified(world)
    notice = judged(world, certificate, ChangeSize.MAJOR, days=10)
    assert due(world, notice.apply_by) == []
    assert due(world, notice.apply_by + DAY) == [(Clocked.CHANGE, questions.PASSED)]


def test_the_same_is_not_said_twice(world):
    certificate = certified(world)
    with on(certificate.valid_until + DAY):
        (one,) = questions.due(world.session, clock.today())
        expiries.say(world.session, one)
        with pytest.raises(WrongState):
            expiries.say(world.session, one)

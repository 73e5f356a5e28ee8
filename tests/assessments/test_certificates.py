"""What a certificate says, what it is worth on a day, and how two people change it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from assessments import certificates, clock, decisions
from assessments.certificates import Change, months_after
from assessments.decisions import Proposing
from assessments.errors import Invalid, NotAllowed, NotFound, WrongState
from assessments.models import Certificate, CertificateEvent, HistoryEntry, Listing
from assessments.numbers import compose
from assessments.queries.certificates import is_overdue, is_public, list_of, newer_than, status
from assessments.states import CertificateAction, CertificateState, CertificateStatus, Outcome
from tests import signing
from tests.deciding import ISSUER, certified, in_decision

REASON = Change("Lộ vị trí của con.", "It leaks the child's location.")


def suspension(days=30):
    return Change("Lộ vị trí.", "Leaks location.", "Sửa lỗi", "Mend it", clock.today() + timedelta(days=days))


def suspended(world):
    certificate = certified(world)
    certificates.suspend(world.session, world.giang, certificate.number, suspension())
    certificates.confirm(world.session, world.hung, certificate.number, 2)
    world.session.commit()
    return certificate


# --- what it says ---


def test_a_certificate_says_what_was_decided(world):
    certificate = certified(world)
    content = certificate.content
    assert certificate.number == compose(clock.today().year, 1)
    assert (certificate.level, content["level"]["rank"], certificate.state) == ("L1", 1, CertificateState.ACTIVE)
    assert content["vendor"]["name"] == "Công ty CP Hạt Nắng"
    assert content["profile"]["name_vi"] == "Đèn Nhà"
    assert content["issuer"] == {"vi": "Câu lạc bộ VCSC", "en": "VCSC Club"}
    assert content["result"]["overall"] == "75.0"
    assert content["edition"]["digest"] == certificate.edition_digest
    assert content["summary"]["vi"] == "Chặn tốt nội dung xấu và nói rõ giới hạn."
    assert content["limits"] == [{"vi": "Chưa thử trên máy tính.", "en": "Not tested on computers."}]
    assert content["critical"]["met"] == content["critical"]["total"] > 0
    assert content["criteria"]["met"] == content["criteria"]["applied"]
    assert content["protects_from"] == sorted(content["protects_from"]) != []


def test_percents_are_cut_and_never_rounded_up(world):
    application = in_decision(world, QT_05={"value": 2})
    decisions.propose(world.session, world.giang, application, Proposing(Outcome.CERTIFY, "L1"))
    decisions.confirm(world.session, world.hung, application, 1, ISSUER)
    content = world.session.exec(select(Certificate)).one().content
    for group in content["result"]["groups"]:
        numerator, _, denominator = group["exact"].partition("/")
        assert float(group["percent"]) <= int(numerator) / int(denominator or 1)


def test_validity_is_a_year_less_a_day(world):
    certificate = certified(world)
    assert certificate.valid_from == clock.today()
    assert certificate.valid_until == months_after(clock.today(), 12) - timedelta(days=1)


def test_serials_follow_one_another(world):
    numbers = [certified(world, f"HS-2026-000{n}").serial for n in (1, 2, 3)]
    assert numbers == [1, 2, 3]


def test_a_serial_begins_anew_each_year_in_viet_nam(world):
    with clock.at(datetime(2026, 12, 31, 16, 59, tzinfo=UTC)):
        assert certified(world).number == compose(2026, 1)
    with clock.at(datetime(2026, 12, 31, 17, 0, tzinfo=UTC)):
        assert certified(world, "HS-2026-0002").number == compose(2027, 1)


def test_a_round_with_an_announcement_keeps_it_back(world):
    world.round.announce_on = clock.today() + timedelta(days=30)
    world.session.add(world.round)
    certificate = certified(world)
    assert (certificate.valid_from, certificate.decided_on) == (world.round.announce_on, clock.today())
    assert status(certificate, clock.today()) is CertificateStatus.SCHEDULED
    assert not is_public(certificate, clock.today())
    assert not is_public(certificate, certificate.valid_from)
    with clock.at(clock.start_of_day(certificate.valid_from)):
        signing.publish(world.session)
    assert is_public(certificate, certificate.valid_from)


def test_the_catalogue_knows_at_once(world):
    certificate = certified(world)
    assert world.session.exec(select(Listing)).one().number == certificate.number


def test_the_grant_is_the_first_event(world):
    certificate = certified(world)
    event = world.session.exec(select(CertificateEvent)).one()
    assert (event.number, event.action, event.effective_on) == (1, CertificateAction.GRANT, certificate.valid_from)
    assert (event.decided_by, event.confirmed_by) == (world.giang.id, world.hung.id)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 11, 22), 12, date(2027, 11, 22)),
        (date(2026, 12, 1), 24, date(2028, 12, 1)),
    ],
)
def test_months(day, months, expected):
    assert months_after(day, months) == expected


# --- what it is worth ---

FROM, UNTIL = date(2026, 3, 1), date(2027, 2, 28)
days = st.dates(date(2025, 1, 1), date(2029, 1, 1))


def dated(state):
    return Certificate.model_construct(state=state, valid_from=FROM, valid_until=UNTIL)


@given(days, st.sampled_from(list(CertificateState)))
def test_what_the_committee_ended_stays_ended_and_dates_decide_the_rest(day, state):
    found = status(dated(state), day)
    if state in {CertificateState.WITHDRAWN, CertificateState.TERMINATED, CertificateState.SUPERSEDED}:
        assert found.value == state.value
    elif day < FROM:
        assert found is CertificateStatus.SCHEDULED
    elif day > UNTIL:
        assert found is CertificateStatus.EXPIRED
    else:
        assert found.value == state.value


@pytest.mark.parametrize("wanted", list(CertificateStatus))
def test_the_list_says_the_same_as_the_pages(world, wanted):
    certified(world)
    suspended_one = certified(world, "HS-2026-0002")
    certificates.suspend(world.session, world.giang, suspended_one.number, suspension())
    for offset in (-400, -1, 0, 200, 365, 400):
        day = clock.today() + timedelta(days=offset)
        every = {row.certificate.number: row.status for row in list_of(world.session, day)}
        found = {row.certificate.number for row in list_of(world.session, day, wanted)}
        assert found == {number for number, one in every.items() if one is wanted}


def test_the_list_goes_on_where_it_stopped(world):
    numbers = [certified(world, f"HS-2026-000{n}").number for n in (1, 2, 3)]
    rows = list_of(world.session, clock.today(), after=numbers[2])
    assert [row.certificate.number for row in rows] == [numbers[1], numbers[0]]


def test_a_newer_certificate_of_the_product_is_named(world):
    first = certified(world)
    second = certified(world, "HS-2026-0002")
    assert newer_than(world.session, first, clock.today()) == ""
    second.product_id = first.product_id
    second.issued_at = first.issued_at + timedelta(seconds=1)
    world.session.add(second)
    assert newer_than(world.session, first, clock.today()) == second.number


# --- how it changes ---


def test_one_decider_suspends_at_once(world):
    certificate = certified(world)
    event = certificates.suspend(world.session, world.giang, certificate.number, suspension())
    world.session.commit()
    world.again(certificate)
    assert status(certificate, clock.today()) is CertificateStatus.SUSPENDED
    assert (event.effective_on, event.confirm_by) == (clock.today(), clock.today() + timedelta(days=5))
    assert world.again(world.session.exec(select(Listing)).one()).state is CertificateState.SUSPENDED


def test_an_unconfirmed_suspension_stays_and_shows_as_overdue(world):
    certificate = certified(world)
    event = certificates.suspend(world.session, world.giang, certificate.number, suspension())
    day = clock.today()
    assert not is_overdue(event, day + timedelta(days=5))
    assert is_overdue(event, day + timedelta(days=6))
    rows = list_of(world.session, day + timedelta(days=6))
    assert (rows[0].status, rows[0].waits, rows[0].overdue) == (CertificateStatus.SUSPENDED, True, True)


def test_a_second_person_confirms_a_suspension(world):
    certificate = certified(world)
    certificates.suspend(world.session, world.giang, certificate.number, suspension())
    with pytest.raises(NotAllowed):
        certificates.confirm(world.session, world.giang, certificate.number, 2)
    event = certificates.confirm(world.session, world.hung, certificate.number, 2)
    world.session.commit()
    assert event.confirmed_by == world.hung.id
    assert certificate.state is CertificateState.SUSPENDED


def test_a_second_person_lifts_a_suspension_they_disagree_with(world):
    certificate = certified(world)
    certificates.suspend(world.session, world.giang, certificate.number, suspension())
    with pytest.raises(Invalid):
        certificates.dismiss(world.session, world.hung, certificate.number, 2, " ")
    certificates.dismiss(world.session, world.hung, certificate.number, 2, "Không đủ căn cứ.")
    assert certificate.state is CertificateState.ACTIVE
    with pytest.raises(WrongState):
        certificates.confirm(world.session, world.hung, certificate.number, 2)


@pytest.mark.parametrize(
    ("action", "state"),
    [
        (CertificateAction.REINSTATE, CertificateState.ACTIVE),
        (CertificateAction.WITHDRAW, CertificateState.WITHDRAWN),
    ],
)
def test_a_proposed_change_waits_for_the_second_person(world, action, state):
    certificate = suspended(world)
    event = certificates.propose(world.session, world.hung, certificate.number, action, REASON)
    assert (certificate.state, event.effective_on) == (CertificateState.SUSPENDED, None)
    with pytest.raises(NotAllowed):
        certificates.confirm(world.session, world.hung, certificate.number, event.number)
    certificates.confirm(world.session, world.giang, certificate.number, event.number)
    world.session.commit()
    assert (certificate.state, certificate.state_since) == (state, clock.today())
    assert event.effective_on == clock.today()


def test_a_dismissed_proposal_changes_nothing_and_another_may_follow(world):
    certificate = certified(world)
    certificates.propose(world.session, world.giang, certificate.number, CertificateAction.WITHDRAW, REASON)
    certificates.dismiss(world.session, world.hung, certificate.number, 2, "Chưa đủ.")
    assert certificate.state is CertificateState.ACTIVE
    again = certificates.propose(world.session, world.hung, certificate.number, CertificateAction.WITHDRAW, REASON)
    assert again.number == 3


def test_one_change_waits_at_a_time(world):
    certificate = certified(world)
    certificates.propose(world.session, world.giang, certificate.number, CertificateAction.WITHDRAW, REASON)
    with pytest.raises(WrongState):
        certificates.propose(world.session, world.hung, certificate.number, CertificateAction.WITHDRAW, REASON)
    with pytest.raises(WrongState):
        certificates.suspend(world.session, world.hung, certificate.number, suspension())


def test_what_is_valid_is_not_reinstated(world):
    certificate = certified(world)
    with pytest.raises(WrongState):
        certificates.propose(world.session, world.giang, certificate.number, CertificateAction.REINSTATE, REASON)


def test_what_is_withdrawn_stays_withdrawn(world):
    certificate = certified(world)
    event = certificates.propose(world.session, world.giang, certificate.number, CertificateAction.WITHDRAW, REASON)
    certificates.confirm(world.session, world.hung, certificate.number, event.number)
    for action in (CertificateAction.REINSTATE, CertificateAction.WITHDRAW):
        with pytest.raises(WrongState):
            certificates.propose(world.session, world.giang, certificate.number, action, REASON)
    with pytest.raises(WrongState):
        certificates.suspend(world.session, world.giang, certificate.number, suspension())


def test_what_has_expired_is_not_suspended(world):
    certificate = certified(world)
    with clock.at(clock.end_of_day(certificate.valid_until) + timedelta(seconds=1)), pytest.raises(WrongState):
        certificates.suspend(world.session, world.giang, certificate.number, suspension())


@pytest.mark.parametrize("days", [0, -1, 400])
def test_a_suspension_ends_on_a_day_of_the_period(world, days):
    with pytest.raises(Invalid):
        certificates.suspend(world.session, world.giang, certified(world).number, suspension(days))


@pytest.mark.parametrize("change", [Change("", "x"), Change("x", ""), Change(" ", " ")])
def test_a_change_has_reasons_in_both_languages(world, change):
    certificate = certified(world)
    with pytest.raises(Invalid):
        certificates.propose(world.session, world.giang, certificate.number, CertificateAction.WITHDRAW, change)


@pytest.mark.parametrize(
    ("who", "refusal"),
    [("an", NotAllowed), ("bao", NotFound), ("chi", NotAllowed), ("minh", NotFound), ("khanh", NotFound)],
)
def test_others_change_nothing(world, who, refusal):
    certificate = certified(world)
    with pytest.raises(refusal):
        certificates.suspend(world.session, getattr(world, who), certificate.number, suspension())
    assert certificate.state is CertificateState.ACTIVE


def test_a_number_that_was_never_issued(world):
    with pytest.raises(NotFound):
        certificates.suspend(world.session, world.giang, "VCSC-26-0001-K", suspension())


def test_the_database_refuses_one_person_twice_by_itself(world):
    certificate = certified(world)
    event = certificates.propose(world.session, world.giang, certificate.number, CertificateAction.WITHDRAW, REASON)
    event.confirmed_by = world.giang.id
    with pytest.raises(IntegrityError):
        world.session.flush()


def test_the_database_refuses_a_withdrawal_without_a_second_person(world):
    certificate = certified(world)
    event = certificates.propose(world.session, world.giang, certificate.number, CertificateAction.WITHDRAW, REASON)
    event.effective_on = clock.today()
    with pytest.raises(IntegrityError):
        world.session.flush()


def test_every_change_is_written_down(world):
    certificate = suspended(world)
    event = certificates.propose(world.session, world.giang, certificate.number, CertificateAction.REINSTATE, REASON)
    certificates.confirm(world.session, world.hung, certificate.number, event.number)
    entries = world.session.exec(
        select(HistoryEntry).where(HistoryEntry.certificate_id == certificate.id).order_by(HistoryEntry.seq)
    ).all()
    assert [entry.action for entry in entries] == [
        "grant_certificate",
        "suspend_certificate",
        "confirm_suspension",
        "propose_reinstatement",
        "reinstate_certificate",
    ]
    assert certificate.version == 5


# --- who proposed it ---


def out(world, person):
    person.disabled_at = clock.now()
    world.session.add(person)
    world.session.commit()


def test_a_proposal_of_somebody_who_may_decide_no_more_gives_way(world):
    certificate, session = suspended(world), world.session
    certificates.propose(session, world.giang, certificate.number, CertificateAction.REINSTATE, REASON)
    out(world, world.giang)
    with pytest.raises(WrongState):
        certificates.confirm(session, world.hung, certificate.number, 3)
    session.rollback()
    certificates.propose(session, world.hung, certificate.number, CertificateAction.WITHDRAW, REASON)
    session.commit()
    events = {event.number: event for event in session.exec(select(CertificateEvent)).all()}
    assert (events[3].dismissed_at is not None, events[4].decided_by) == (True, world.hung.id)


def test_a_suspension_of_somebody_who_may_decide_no_more_stays_until_it_is_answered(world):
    certificate, session = certified(world), world.session
    certificates.suspend(session, world.giang, certificate.number, suspension())
    out(world, world.giang)
    with pytest.raises(WrongState):
        certificates.confirm(session, world.hung, certificate.number, 2)
    with pytest.raises(WrongState):
        certificates.propose(session, world.hung, certificate.number, CertificateAction.WITHDRAW, REASON)
    assert certificate.state is CertificateState.SUSPENDED
    certificates.dismiss(session, world.hung, certificate.number, 2, "Tạm đình chỉ lại.")
    assert certificate.state is CertificateState.ACTIVE

"""What was: the status of a certificate on each day gone by, against what was shown on that day."""

from datetime import date, datetime, time, timedelta
from itertools import pairwise
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from assessments import catalogue, certificates, clock
from assessments.certificates import Change
from assessments.errors import Refused
from assessments.models import CertificateEvent, Period, Product
from assessments.models import Change as Line
from assessments.publishing import RegisterKind
from assessments.queries import past
from assessments.queries.catalogue import Search
from assessments.queries.certificates import certificate_by_number, status, waiting
from assessments.queries.certificates import events_of as every_event
from assessments.states import CertificateAction, CertificateState, CertificateStatus
from tests.listings import Published, Shop

FIRST = date(2026, 3, 1)
LAST = date(2027, 2, 28)
REASON = Change("Lộ vị trí của con.", "It leaks the child's location.", "Sửa lỗi", "The fault is mended")
DAY = timedelta(days=1)


def on(day: date, hour: int = 9) -> datetime:
    return datetime.combine(day, time(hour), clock.VIETNAM)


def event(number: int, action: str, day: date | None, **more: object) -> CertificateEvent:
    return CertificateEvent(
        certificate_id=uuid4(),
        number=number,
        action=CertificateAction(action),
        effective_on=day,
        decided_by=UUID(int=1),
        **more,
    )


def paper(**more: object) -> SimpleNamespace:
    given = {"valid_from": FIRST, "valid_until": LAST, "superseded_on": None, "state": CertificateState.ACTIVE}
    return SimpleNamespace(**{**given, **more})


GRANT = event(1, "grant", FIRST)
SUSPENDED = event(2, "suspend", date(2026, 5, 1))
LIFTED = event(2, "suspend", date(2026, 5, 1), dismissed_at=on(date(2026, 5, 4)))
REINSTATED = event(3, "reinstate", date(2026, 6, 1))
WITHDRAWN = event(4, "withdraw", date(2026, 7, 1))
PROPOSED = event(4, "withdraw", None)
ON_APPEAL = event(5, "reinstate", date(2026, 8, 1))


@pytest.mark.parametrize(
    ("events", "day", "expected"),
    [
        ([GRANT], FIRST - DAY, "scheduled"),
        ([GRANT], FIRST, "active"),
        ([GRANT], LAST, "active"),
        ([GRANT], LAST + DAY, "expired"),
        ([GRANT, SUSPENDED], date(2026, 4, 30), "active"),
        ([GRANT, SUSPENDED], date(2026, 5, 1), "suspended"),
        ([GRANT, SUSPENDED], LAST + DAY, "expired"),
        ([GRANT, LIFTED], date(2026, 5, 3), "suspended"),
        ([GRANT, LIFTED], date(2026, 5, 4), "active"),
        ([GRANT, SUSPENDED, REINSTATED], date(2026, 5, 31), "suspended"),
        ([GRANT, SUSPENDED, REINSTATED], date(2026, 6, 1), "active"),
        ([GRANT, SUSPENDED, REINSTATED, PROPOSED], date(2026, 7, 1), "active"),
        ([GRANT, SUSPENDED, REINSTATED, WITHDRAWN], date(2026, 6, 30), "active"),
        ([GRANT, SUSPENDED, REINSTATED, WITHDRAWN], date(2026, 7, 1), "withdrawn"),
        ([GRANT, SUSPENDED, REINSTATED, WITHDRAWN], LAST + DAY, "withdrawn"),
        ([GRANT, WITHDRAWN, ON_APPEAL], date(2026, 7, 31), "withdrawn"),
        ([GRANT, WITHDRAWN, ON_APPEAL], date(2026, 8, 1), "active"),
        ([], FIRST, "active"),
    ],
)
def test_the_status_on_a_day(events, day, expected):
    assert past.status_on(events, paper(), day).value == expected
    assert past.status_on(reversed(events), paper(), day).value == expected  # whatever the order they come in


@pytest.mark.parametrize(
    ("superseded_on", "day", "expected"),
    [
        (date(2026, 9, 1), date(2026, 8, 31), "active"),
        (date(2026, 9, 1), date(2026, 9, 1), "superseded"),
        (date(2026, 9, 1), LAST + DAY, "superseded"),
        (None, date(2026, 9, 1), "active"),
    ],
)
def test_another_takes_its_place_from_its_first_day_on(superseded_on, day, expected):
    assert past.status_on([GRANT], paper(superseded_on=superseded_on), day).value == expected


def test_two_decisions_of_one_day_leave_the_second():
    day = date(2026, 5, 1)
    events = [GRANT, event(2, "suspend", day), event(3, "reinstate", day), event(4, "suspend", day)]
    assert past.status_on(events, paper(), day) is CertificateStatus.SUSPENDED


def test_a_suspension_ended_by_an_appeal_is_not_called_lifted():
    day = date(2026, 5, 4)
    found = past.turns([GRANT, LIFTED, event(3, "reinstate", day)])
    assert [(turn.event.number, turn.lifts) for turn in found] == [(1, False), (2, False), (3, False)]


def test_the_content_before_a_reduction_and_after_it():
    certificate = SimpleNamespace(content={"n": 3})
    revisions = [
        SimpleNamespace(number=number, effective_on=day, before={"n": number - 1})
        for number, day in ((3, date(2026, 8, 1)), (2, date(2026, 6, 1)))
    ]
    said = [past.content_on(certificate, revisions, date(2026, month, 1))["n"] for month in (5, 6, 7, 8)]
    assert said == [1, 2, 2, 3]
    assert past.content_on(certificate, [], FIRST) == {"n": 3}


# --- against what was shown, with the real verbs ---

ACTS = ("suspend", "confirm", "dismiss", "reinstate", "withdraw", "renew")
STEPS = st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 40)), max_size=14)


class Life:
    """One product from its first certificate on, and what was shown of it at the end of each day."""

    def __init__(self, world) -> None:
        self.world, self.session, self.shop = world, world.session, Shop(world)
        self.day = FIRST
        self.shown: dict[tuple[str, date], CertificateStatus] = {}
        self.listed: dict[date, tuple[str, str]] = {}
        with clock.at(on(FIRST)):
            first = self.shop.certificate(Published(days=0, lasts=200))
            self.product_id, self.papers = first.product_id, [first]
            catalogue.refresh(self.session, self.product_id)

    def act(self, name: str, days: int) -> None:
        self._pass(days)
        with clock.at(on(self.day, 10)), self.session.begin_nested():
            try:
                getattr(self, name)()
            except Refused:
                return

    def suspend(self) -> None:
        change = Change(**{**vars(REASON), "restore_by": self.day + timedelta(days=30)})
        certificates.suspend(self.session, self.world.giang, self.papers[-1].number, change)

    def reinstate(self) -> None:
        self._propose(CertificateAction.REINSTATE)

    def withdraw(self) -> None:
        self._propose(CertificateAction.WITHDRAW)

    def confirm(self) -> None:
        if found := self._waiting():
            certificates.confirm(self.session, self.world.hung, self.papers[-1].number, found.number)

    def dismiss(self) -> None:
        if found := self._waiting():
            certificates.dismiss(self.session, self.world.hung, self.papers[-1].number, found.number, "Không đúng.")

    def renew(self) -> None:
        """Another certificate of the product, from a day a fortnight ahead."""
        if len(self.papers) > 2:
            return
        before = self.papers[-1]
        if before.valid_from > self.day:
            return
        product = before.product_id
        new = self.shop.certificate(Published(days=14, lasts=200), self.session.get_one(Product, product))
        if (
            before.state in (CertificateState.ACTIVE, CertificateState.SUSPENDED)
            and before.valid_until >= new.valid_from
        ):
            before.superseded_on = new.valid_from
        self.papers.append(new)
        self.session.flush()
        catalogue.refresh(self.session, product)

    def end(self) -> None:
        self._pass(260)

    def _propose(self, action: CertificateAction) -> None:
        certificates.propose(self.session, self.world.giang, self.papers[-1].number, action, REASON)

    def _waiting(self) -> CertificateEvent | None:
        return waiting(every_event(self.session, self.papers[-1].id))

    def _pass(self, days: int) -> None:
        for _ in range(days):
            with clock.at(on(self.day, 23)):
                self._look()
            self.day += DAY

    def _look(self) -> None:
        for one in self.papers:
            if one.valid_from <= self.day:
                self.shown[one.number, self.day] = status(one, self.day)
        begun = [one for one in self.papers if one.valid_from <= self.day]
        stands = max(begun, key=lambda one: (one.valid_from, one.serial))
        self.listed[self.day] = (stands.number, status(stands, self.day).value)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(STEPS)
def test_what_was_shown_is_what_is_said_of_that_day(world, steps):
    try:
        life = Life(world)
        for name, days in steps:
            life.act(name, days)
        life.end()
        with clock.at(on(life.day)):
            agrees(life)
    finally:
        world.session.rollback()


def agrees(life: Life) -> None:
    """Every day of every certificate, and of the catalogue; what ended before its first day was shown to nobody."""
    ended = {one.number for one in life.papers if one.state_since < one.valid_from}
    for (number, day), shown in life.shown.items():
        certificate = certificate_by_number(life.session, number)
        if certificate is not None and number not in ended:
            assert past.status_on(every_event(life.session, certificate.id), certificate, day) == shown, (number, day)
    for day, (number, shown) in life.listed.items():
        if number not in ended:
            found = past.search_on(life.session, Search(), day)
            assert [(one.number, one.status.value) for one in found.cards] == [(number, shown)], day
    expiries = life.session.exec(select(Line).where(Line.kind == RegisterKind.EXPIRE)).all()
    told = [(line.number, line.day) for line in expiries if (line.number, line.day) in life.shown]
    assert {life.shown[one] for one in told} <= {CertificateStatus.EXPIRED}
    assert CertificateStatus.EXPIRED not in {life.shown[number, day - DAY] for number, day in told}


def test_periods_follow_one_another_without_a_gap(world):
    life = Life(world)
    for name, days in (("suspend", 10), ("confirm", 2), ("reinstate", 5), ("confirm", 1), ("renew", 30)):
        life.act(name, days)
    rows = world.session.exec(select(Period).order_by(Period.first_day)).all()
    assert [row.status.value for row in rows] == ["active", "suspended", "active", "active", "expired"]
    assert [after.first_day - before.last_day for before, after in pairwise(rows)] == [DAY] * 4
    assert rows[-1].last_day == date.max

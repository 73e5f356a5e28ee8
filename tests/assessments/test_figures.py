"""The figures of fairness: by member or not, by company, times, and what interests have stopped."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event

from assessments import clock, decisions, interests
from assessments.clock import now, today
from assessments.decisions import Proposing
from assessments.models import Interest, Product, Submission
from assessments.people import InterestKind
from assessments.queries.figures import Appeals, companies, figures, year, years
from assessments.recourse import Ruling
from assessments.states import ConflictEffect, Kind, Outcome, State
from tests import appealing, deciding, evaluation

YEAR = year(today().year)


def ended(world, state, vendor, *, member=False, days=10, number=1):
    """An application of a company that ended today, handed in some days before."""
    product = Product(vendor_id=vendor.id, slug=f"p-{number}", name="P")
    world.session.add(product)
    world.session.flush()
    application = world.application(
        state, f"HS-2026-01{number:02}", vendor_id=vendor.id, product_id=product.id, moved_at=now()
    )
    world.session.add(
        Submission(
            application_id=application.id,
            number=1,
            content={"vendor": {"name": vendor.name, "club_member": member}, "answers": {}},
            digest="sha256:x",
            submitted_by=world.an.id,
            submitted_at=now() - timedelta(days=days),
        )
    )
    world.session.flush()
    return application


def test_an_empty_registry_has_empty_figures(world):
    found = figures(world.session, YEAR)
    assert (found.handed_in, found.decided, found.departures, found.stopped.conflicts) == (0, 0, 0, 0)
    assert (found.members.median_days, found.others.median_days) == (None, None)
    assert years(world.session) == [today().year]


def test_members_and_others_side_by_side(world):
    ended(world, State.CERTIFIED, world.hat_nang, member=True, days=10, number=1)
    ended(world, State.CERTIFIED, world.hat_nang, member=True, days=20, number=2)
    ended(world, State.DECLINED, world.bo_tre, days=60, number=3)
    ended(world, State.REFUSED, world.bo_tre, number=4)
    ended(world, State.IN_REVIEW, world.bo_tre, number=5)
    found = figures(world.session, YEAR)
    assert (found.members[State.CERTIFIED], found.members[State.DECLINED]) == (2, 0)
    assert (found.others[State.CERTIFIED], found.others[State.DECLINED], found.others[State.REFUSED]) == (0, 1, 1)
    assert (found.members.median_days, found.others.median_days) == (15, 60)
    assert (found.decided, found.others[State.IN_REVIEW]) == (3, 0)


def test_a_draft_is_nobodys_business(world):
    world.application(State.DRAFT)
    assert figures(world.session, YEAR).states.total() == 0


def test_a_result_that_waits_for_its_day_is_not_told(world):
    held = ended(world, State.DECLINED, world.hat_nang)
    held.announce_at = now() + timedelta(days=3)
    world.session.add(held)
    world.session.flush()
    found = figures(world.session, YEAR)
    assert (found.decided, found.states[State.IN_DECISION], found.states[State.DECLINED]) == (0, 1, 0)
    assert companies(world.session, world.chi, YEAR) == []
    with clock.at(now() + timedelta(days=4)):
        assert figures(world.session, year(today().year)).decided == 1


def test_a_departure_from_the_verdict_is_counted(world):
    application = deciding.in_decision(world)
    reasons = ("Khác với kết quả tính.", "Departs from the verdict.")
    decisions.propose(world.session, world.giang, application, Proposing(Outcome.CERTIFY, "L2", *reasons))
    decisions.confirm(world.session, world.hung, application, 1, deciding.ISSUER)
    assert figures(world.session, YEAR).departures == 1


def test_what_interests_have_stopped(world):
    application = evaluation.in_review(world)
    interests.add(
        world.session,
        world.ha,
        interests.Entry(InterestKind.FAMILY, date(2024, 1, 1), vendor_id=application.vendor_id),
    )
    found = figures(world.session, YEAR)
    assert (found.stopped.conflicts, found.stopped.voided) == (1, 1)
    assert found.stopped.by_effect[ConflictEffect.REVIEW_VOIDED] == 1
    assert found.stopped.by_kind[InterestKind.FAMILY] == 1
    assert (found.registers.written, found.registers.waiting) == (2, 2)  # Khánh's line too
    assert figures(world.session, year(today().year - 1)).stopped.conflicts == 0


def test_companies_are_listed_but_for_those_the_reader_has_an_interest_in(world):
    ended(world, State.CERTIFIED, world.hat_nang, member=True, number=1)
    ended(world, State.DECLINED, world.bo_tre, number=2)
    found = {one.name: (one.member, one.ended.total()) for one in companies(world.session, world.chi, YEAR)}
    assert found == {world.hat_nang.name: (True, 1), world.bo_tre.name: (False, 1)}
    rival = Interest(
        person_id=world.chi.id,
        vendor_id=world.bo_tre.id,
        organisation="Bờ Tre",
        kind=InterestKind.COMPETITOR,
        since=date(2024, 1, 1),
    )
    world.session.add(rival)
    world.session.flush()
    assert [one.name for one in companies(world.session, world.chi, YEAR)] == [world.hat_nang.name]


def test_many_applications_take_no_more_statements(world):
    seen = []
    event.listen(world.session.get_bind(), "before_cursor_execute", lambda *args: seen.append(args[2]))
    for number in range(1, 7):
        ended(world, State.CERTIFIED, world.hat_nang, number=number)
    seen.clear()
    figures(world.session, YEAR)
    assert len(seen) == 8


def test_appeals_by_when_they_came_and_how_they_ended(world):
    helpers = appealing.others(world)
    application = appealing.declined(world)
    appeal = appealing.under_hearing(world, application, (helpers.phuc, helpers.quan), helpers.thao)
    assert figures(world.session, YEAR).appeals == Appeals(1, 0, 0)
    appealing.rule(world, appeal, Ruling.SET_ASIDE, helpers.phuc, helpers.quan)
    assert figures(world.session, YEAR).appeals == Appeals(1, 0, 1)
    assert figures(world.session, year(today().year - 1)).appeals == Appeals(0, 0, 0)


@pytest.mark.parametrize("back", [0, 1, 3])
def test_the_years_there_is_something_to_report_about(world, back):
    ended(world, State.CERTIFIED, world.hat_nang, days=365 * back)
    assert years(world.session)[-1] in {today().year - back, today().year - back - 1}
    assert years(world.session)[0] == today().year


def test_what_follows_a_certificate_is_counted_apart(world):
    first = ended(world, State.CERTIFIED, world.hat_nang, number=1)
    for number, (kind, state) in enumerate(
        [(Kind.SURVEILLANCE, State.CERTIFIED), (Kind.SURVEILLANCE, State.DECLINED), (Kind.RENEWAL, State.CERTIFIED)],
        start=2,
    ):
        one = ended(world, state, world.hat_nang, number=number)
        one.kind = kind
        world.session.add(one)
    world.session.flush()
    found = figures(world.session, YEAR)
    assert (found.handed_in, found.decided, found.others[State.CERTIFIED], found.others[State.DECLINED]) == (1, 1, 1, 0)
    assert {kind: group.ended.total() for kind, group in found.later.items()} == {
        Kind.RENEWAL: 1,
        Kind.CHANGE: 0,
        Kind.TRANSITION: 0,
    }
    assert [one.ended.total() for one in companies(world.session, world.chi, YEAR)] == [1]
    assert first.kind is Kind.INITIAL

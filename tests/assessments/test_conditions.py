"""Conditions: proposed with a certificate, reminded of once each time, found fulfilled by the office alone."""

from datetime import timedelta

import pytest
from sqlmodel import select

from assessments import clock, conditions, decisions
from assessments.clock import now, today
from assessments.conditions import Wanted
from assessments.decisions import Proposing
from assessments.errors import Invalid, NotAllowed, NotFound, WrongState
from assessments.models import Condition, ConditionReminder, Finding, HistoryEntry, Listing
from assessments.models.conditions import OVERDUE
from assessments.queries import conditions as queries
from assessments.queries.history import timeline
from assessments.states import Event, Outcome, Severity
from criteria import store
from tests.deciding import ISSUER, in_decision


def wanted(days=40, **changes):
    words = {"text_vi": "Thêm trang hướng dẫn.", "text_en": "Add a guide.", "criterion": "HN-02", **changes}
    return Wanted(due_on=today() + timedelta(days=days), **words)


def granted(world, *asked):
    """A certificate on conditions, decided today."""
    application = in_decision(world)
    proposing = Proposing(Outcome.CERTIFY, "L1", conditions=asked or (wanted(),))
    decisions.propose(world.session, world.giang, application, proposing)
    decisions.confirm(world.session, world.hung, application, 1, ISSUER)
    world.session.commit()
    return application


@pytest.mark.parametrize(
    "changes", [{"text_vi": " "}, {"text_en": ""}, {"days": 0}, {"criterion": "XX-99"}, {"text_vi": "a" * 2001}]
)
def test_a_condition_has_both_languages_a_day_ahead_and_a_criterion_of_the_edition(world, changes):
    application = in_decision(world)
    with pytest.raises(Invalid):
        decisions.propose(
            world.session, world.giang, application, Proposing(Outcome.CERTIFY, "L1", conditions=(wanted(**changes),))
        )


def test_a_decline_has_no_conditions(world):
    application = in_decision(world)
    with pytest.raises(Invalid):
        decisions.propose(
            world.session, world.giang, application, Proposing(Outcome.DECLINE, None, "a", "b", (wanted(),))
        )


def test_only_those_of_the_decision_count(world):
    application = in_decision(world)
    session = world.session
    decisions.propose(session, world.giang, application, Proposing(Outcome.CERTIFY, "L1", conditions=(wanted(),)))
    decisions.reject(session, world.hung, application, 1, "Điều kiện chưa rõ.")
    assert queries.in_force(session, application.id) == []
    second = Proposing(Outcome.CERTIFY, "L1", conditions=(wanted(text_en="Two"), wanted(text_en="Three")))
    decisions.propose(session, world.giang, application, second)
    decisions.confirm(session, world.hung, application, 2, ISSUER)
    session.commit()
    assert [(one.number, one.text_en) for one in queries.in_force(session, application.id)] == [
        (1, "Two"),
        (2, "Three"),
    ]
    told = session.exec(select(Listing)).one().content["conditions"]
    assert [(one["text"]["en"], one["fulfilled_on"]) for one in told] == [("Two", ""), ("Three", "")]


def test_the_office_finds_it_fulfilled_once_and_the_catalogue_says_so(world):
    application = granted(world)
    found = conditions.fulfil(world.session, world.chi, application, 1, "Trang đã có.")
    world.session.commit()
    assert (found.fulfilled_by, found.fulfilled_note) == (world.chi.id, "Trang đã có.")
    told = world.session.exec(select(Listing)).one().content["conditions"]
    assert [one["fulfilled_on"] for one in told] == [today().isoformat()]
    with pytest.raises(WrongState):
        conditions.fulfil(world.session, world.chi, application, 1, "Lần nữa.")


def going_along(world, application, code="HN-02"):
    """A minor finding that the lead let go along as a condition."""
    found = Finding(
        application_id=application.id,
        criterion=code,
        severity=Severity.MINOR,
        text="Chưa có trang hướng dẫn.",
        raised_by=world.dung.id,
        condition_until=today() + timedelta(days=40),
    )
    world.session.add(found)
    world.session.commit()
    return found


def test_a_finding_is_closed_with_the_last_condition_about_it(world):
    application = granted(world, wanted(), wanted(text_en="Another"), wanted(criterion="TN-05"))
    finding, other = going_along(world, application), going_along(world, application, "RT-06")
    conditions.fulfil(world.session, world.chi, application, 1, "Trang đã có.")
    world.session.commit()
    assert world.again(finding).closed_at is None
    conditions.fulfil(world.session, world.chi, application, 2, "Cũng có.")
    world.session.commit()
    assert (world.again(finding).closed_by, finding.closing_note) == (world.chi.id, "Cũng có.")
    assert world.again(other).closed_at is None
    steps = [row for row in timeline(world.session, application.id) if row.action == Event.CLOSE_FINDING]
    assert [(row.actor_id, row.note) for row in steps] == [(world.chi.id, "HN-02")]


@pytest.mark.parametrize(
    ("who", "refusal"),
    [("an", NotAllowed), ("bao", NotFound), ("giang", NotAllowed), ("lan", NotAllowed), ("dung", NotAllowed)],
)
def test_nobody_else_does(world, who, refusal):
    application = granted(world)
    with pytest.raises(refusal):
        conditions.fulfil(world.session, getattr(world, who), application, 1, "Xong.")
    world.session.rollback()
    assert world.session.exec(select(Condition)).one().fulfilled_at is None


@pytest.mark.parametrize(("number", "note", "refusal"), [(2, "Xong.", NotFound), (1, " ", Invalid)])
def test_what_is_not_there_and_what_says_nothing_is_refused(world, number, note, refusal):
    application = granted(world)
    with pytest.raises(refusal):
        conditions.fulfil(world.session, world.chi, application, number, note)


def test_each_reminder_goes_once_and_the_last_says_that_the_day_has_passed(world):
    application = granted(world)
    session, sent = world.session, []
    condition = session.exec(select(Condition)).one()
    for days in range(45):
        with clock.at(now() + timedelta(days=days)):
            for _twice in range(2):
                try:
                    sent.append((days, conditions.remind(session, condition).days))
                    session.commit()
                except WrongState:
                    session.rollback()
    assert sent == [*((40 - days, days) for days in store.load("vcsc-2026").reminder_days), (41, OVERDUE)]
    assert len(session.exec(select(ConditionReminder)).all()) == len(sent)
    steps = session.exec(select(HistoryEntry.action).where(HistoryEntry.application_id == application.id)).all()
    assert steps.count(Event.CONDITION_OVERDUE) == 1


def test_what_is_fulfilled_or_whose_certificate_has_ended_is_not_reminded_of(world):
    application = granted(world)
    later = today() + timedelta(days=60)
    assert len(queries.to_remind(world.session, later)) == 1
    assert queries.overdue_count(world.session, later) == 1
    assert queries.to_remind(world.session, later + timedelta(days=2000)) == []  # expired
    conditions.fulfil(world.session, world.chi, application, 1, "Xong.")
    world.session.commit()
    assert queries.to_remind(world.session, later) == []
    assert queries.open_lines(world.session, later) == []

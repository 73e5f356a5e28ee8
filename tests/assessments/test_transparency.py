"""The public figures: what is counted in which year, and what is counted apart or not at all."""

from datetime import timedelta

import pytest
from sqlmodel import select

from assessments import clock, surveillance, transparency
from assessments.clock import now, today
from assessments.lifecycle import Measure
from assessments.models import Figure
from assessments.queries import public_figures
from assessments.queries.transparency import everything
from assessments.states import Kind, State
from tests import deciding, surveying
from tests.assessments.test_figures import ended

THIS = today().year


def counted(world, year=THIS):
    """The figures of a year, counted now."""
    transparency.count_all(world.session)
    return everything(world.session).get(year, {})


def test_an_empty_registry_counts_nothing(world):
    assert counted(world) == {"certificates": {"valid": 0}}


def test_kinds_are_counted_apart_and_a_surveillance_grants_nothing(world):
    for number, (kind, state) in enumerate(
        [
            (Kind.INITIAL, State.CERTIFIED),
            (Kind.INITIAL, State.DECLINED),
            (Kind.SURVEILLANCE, State.CERTIFIED),
            (Kind.SURVEILLANCE, State.DECLINED),
            (Kind.CHANGE, State.CERTIFIED),
        ],
        start=1,
    ):
        one = ended(world, state, world.hat_nang, number=number, days=0)
        one.kind = kind
        world.session.add(one)
    world.session.flush()
    found = counted(world)
    assert found["applications"] == {"initial.lodged": 2, "surveillance.lodged": 2, "change.lodged": 1}
    assert found["outcomes"] == {"initial.certified": 1, "initial.declined": 1, "change.certified": 1}


def test_a_result_that_waits_for_its_day_is_not_counted(world):
    held = ended(world, State.DECLINED, world.hat_nang, days=0)
    held.announce_at = now() + timedelta(days=3)
    world.session.add(held)
    world.session.flush()
    assert "outcomes" not in counted(world)
    with clock.at(now() + timedelta(days=4)):
        assert counted(world, today().year)["outcomes"] == {"initial.declined": 1}


def test_what_came_out_of_a_surveillance(world):
    certificate = deciding.certified(world)
    application = surveying.evaluated(world, certificate)
    surveying.decided(world, application, surveillance.Measured(Measure.KEEP))
    found = counted(world)
    assert found["surveillance"] == {"begun": 1, "keep": 1}
    assert found["outcomes"] == {"initial.certified": 1}
    assert found["certificates"] == {"grant": 1, "valid": 1}


def test_a_year_that_is_counted_anew_forgets_what_was(world):
    one = ended(world, State.DECLINED, world.hat_nang, days=0)
    assert counted(world)["outcomes"] == {"initial.declined": 1}
    one.state = State.IN_REVIEW
    world.session.add(one)
    world.session.flush()
    assert "outcomes" not in counted(world)


def test_it_is_counted_when_something_has_happened_and_not_too_often(world):
    assert transparency.is_due(world.session)
    transparency.count_all(world.session)
    assert not transparency.is_due(world.session)
    world.session.commit()
    deciding.certified(world)
    assert not transparency.is_due(world.session)
    with clock.at(now() + timedelta(minutes=11)):
        assert transparency.is_due(world.session)
        transparency.count_all(world.session)
        assert not transparency.is_due(world.session)


def test_a_day_that_begins_is_counted(world):
    transparency.count_all(world.session)
    with clock.at(now() + timedelta(days=1)):
        assert transparency.is_due(world.session)


@pytest.mark.parametrize(
    ("values", "found"), [([5.0], 5.0), ([1.0, 2.0], 2.0), (list(map(float, range(1, 11))), 9.0), ([3.0] * 20, 3.0)]
)
def test_the_ninetieth_percentile_is_the_nearest_rank(values, found):
    assert public_figures.percentile(values, 0.9) == found


def test_no_figure_names_anybody(world):
    deciding.certified(world)
    transparency.count_all(world.session)
    rows = world.session.exec(select(Figure)).all()
    assert {one.subject for one in rows} <= {
        *("applications", "outcomes", "surveillance", "certificates", "times", "misuse", "agreement"),
        *("appeals", "complaints", "counted"),
    }

"""The page of agreement: figures for the office, the impartiality committee and auditors; names for the office only."""

from datetime import date

import pytest

from assessments.models import Interest
from assessments.people import InterestKind, Role
from assessments.states import State
from registry import jobs
from registry.accounts import sessions
from registry.accounts.models import UserRole
from tests import evaluation

REF = "HS-2026-0001"


@pytest.fixture
def measured(world, app):
    application = evaluation.in_consensus(world, {"TN_05": "1"})
    with app.app_context():
        jobs.measure_agreement()
    return application


@pytest.fixture
def mai(world):
    """Lan sits on the impartiality committee instead."""
    world.session.add(UserRole(user_id=world.lan.id, role=Role.IMPARTIALITY))
    sessions.load_standing(world.session, world.lan)
    world.session.commit()
    return world.lan


def test_the_office_reads_figures_and_names(world, browser, measured):
    browser.sign_in(world.chi)
    page = browser.get("/reliability").text
    assert REF in page
    assert "TN-05" in page
    assert world.dung.name in page


@pytest.mark.parametrize("name", ["lan"])
def test_others_read_figures_without_names(world, browser, measured, mai, name):
    browser.sign_in(getattr(world, name))
    page = browser.get("/reliability").text
    assert REF in page
    assert [one.name for one in (world.dung, world.ha, world.khanh) if one.name in page] == []
    assert "Đèn Nhà" not in page


def test_nothing_of_an_application_before_all_are_final(world, browser):
    application = evaluation.in_review(world)
    evaluation.finish(world, world.dung, application, TN_05="1")
    browser.sign_in(world.chi)
    page = browser.get("/reliability").text
    assert REF not in page
    assert "TN-05" not in page


def test_nothing_of_an_application_that_is_scored_anew(world, browser, measured):
    measured.state = State.IN_REVIEW
    world.session.commit()
    browser.sign_in(world.chi)
    assert REF not in browser.get("/reliability").text


def test_who_has_an_interest_does_not_see_the_application(world, browser, measured):
    about = {"vendor_id": world.hat_nang.id, "organisation": "Hạt Nắng", "since": date(2020, 1, 1)}
    world.session.add(Interest(person_id=world.chi.id, kind=InterestKind.SHARES, **about))
    world.session.commit()
    browser.sign_in(world.chi)
    assert REF not in browser.get("/reliability").text


@pytest.mark.parametrize("name", ["an", "bao", "dung", "ha", "giang", "minh"])
def test_for_everybody_else_there_is_nothing(world, browser, measured, name):
    browser.sign_in(getattr(world, name))
    assert browser.get("/reliability").status_code == 404


@pytest.mark.parametrize("query", ["after=x", "after=%00", "edition=khong-co", "after=HS-2020-1"])
def test_what_was_typed_by_hand_breaks_nothing(world, browser, measured, query):
    browser.sign_in(world.chi)
    assert browser.get(f"/reliability?{query}").status_code == 200

"""Who at the company takes which finding: said by the owner, seen by the company, never by the reviewers."""

import pytest

from assessments import findings
from assessments.findings import Wording
from assessments.states import Severity
from tests import evaluation

REF = "HS-2026-0001"
PAGE = f"/applications/{REF}/corrections"


@pytest.fixture
def asked(world):
    application = evaluation.in_consensus(world)
    found = findings.raise_finding(
        world.session, world.dung, application, "TN-05", Wording(Severity.MAJOR, "Vượt được.")
    )
    findings.ask_correction(world.session, world.dung, application)
    world.session.commit()
    return found


def test_the_owner_names_somebody_and_both_see_it(world, browser, asked):
    browser.sign_in(world.an)
    named = browser.press(f"{PAGE}/owners", PAGE, **{f"owner-{asked.id}": str(world.anh.id)})
    assert named.headers["Location"] == f"{PAGE}#owners"
    assert world.again(asked).owner_id == world.anh.id
    world.session.commit()
    assert f"Người lo: {world.anh.name}" in browser.get(PAGE).text
    browser.sign_in(world.anh)
    page = browser.get(PAGE).text
    assert f"Người lo: {world.anh.name} <b>(bạn)</b>" in page
    assert "Ghi người lo" not in page


def test_reviewers_do_not_see_who(world, browser, asked):
    asked.owner_id = world.anh.id
    world.session.commit()
    browser.sign_in(world.dung)
    page = browser.get(f"/reviews/{REF}/findings").text
    assert "Vượt được." in page
    assert world.anh.name not in page


@pytest.mark.parametrize("value", ["x", "00000000-0000-0000-0000-000000000000"])
def test_who_is_not_of_the_company_is_refused(world, browser, asked, value):
    browser.sign_in(world.an)
    refused = browser.press(f"{PAGE}/owners", PAGE, **{f"owner-{asked.id}": value})
    assert refused.status_code == 422
    assert world.again(asked).owner_id is None


def test_others_name_nobody(world, browser, asked):
    for person, status in ((world.anh, 403), (world.bao, 404), (world.dung, 403), (world.chi, 403)):
        browser.sign_in(person)
        answer = browser.press(f"{PAGE}/owners", "/account", **{f"owner-{asked.id}": str(world.anh.id)})
        assert answer.status_code == status
    assert world.again(asked).owner_id is None
    world.session.commit()
    browser.sign_in(world.an)
    assert browser.post(f"{PAGE}/owners", data={f"owner-{asked.id}": str(world.anh.id)}).status_code == 400

"""Evidence added from an answer leads back to it, and from there to where it was opened."""

import pytest
from flask import Flask
from sqlmodel import select

from assessments.models import AnswerEvidence, Evidence
from tests.assessments.test_corrections import in_correction
from tests.conftest import Browser
from tests.registry.evidence import desk, samples, sender
from tests.rows import row, rows
from tests.world import World

REF, CODE = "HS-2026-0001", "TN-01"
ANSWER = f"/applications/{REF}/criteria/{CODE}"
NEW = f"/evidence/new?ref={REF}&criterion={CODE}"
LINK = {"kind": "LINK", "title": "Chính sách", "address": "https://dennha.example/chinh-sach", "promise": "y"}


def leave(browser: Browser, answer: str) -> str:
    """Press "save and send a file" on an answer; where it leads."""
    path = answer.partition("?")[0]
    page = browser.get(answer).text
    assert f'action="{answer}"' in page
    return str(browser.press(answer, answer, version="0", claim="Có.", then="upload").location or path)


@pytest.mark.parametrize(("query", "kept"), [("", ""), ("?return=check", "&return=check")])
def test_a_file_comes_back_with_the_way_to_the_check_page(
    app: Flask, browser: Browser, world: World, query: str, kept: str
) -> None:
    world.application()
    browser.sign_in(world.anh)
    page = leave(browser, f"{ANSWER}{query}")
    assert page == f"{NEW}{kept}"
    shown = browser.get(page).text
    assert f'href="{ANSWER}{query}"' in shown
    fault = desk.send(browser, name="a.exe", page=page)
    assert fault.status_code == 422
    assert f'href="{ANSWER}{query}"' in fault.text
    done = desk.send(browser, page=page)
    assert (done.status_code, done.location) == (303, f"{ANSWER}{query}")
    assert row(app, select(AnswerEvidence)).evidence_id == row(app, select(Evidence)).id


def test_so_does_a_file_that_arrived_before_its_form(app: Flask, browser: Browser, world: World) -> None:
    world.application()
    browser.sign_in(world.anh)
    url = sender.begun(browser, len(samples.PDF), url=sender.endpoint(browser, f"?ref={REF}&criterion={CODE}"))
    sender.patch(browser, url, samples.PDF)
    page = f"{NEW}&return=check"
    upload_id = url.partition("?")[0].rsplit("/", 1)[-1]
    fields = {"kind": "DOC", "title": "Chính sách", "promise": "y", "upload": upload_id}
    done = browser.post(desk.action(browser, page), data=fields)
    assert (done.status_code, done.location) == (303, f"{ANSWER}?return=check")
    assert len(rows(app, select(AnswerEvidence))) == 1


def test_so_does_a_web_address(app: Flask, browser: Browser, world: World) -> None:
    world.application()
    browser.sign_in(world.anh)
    page = f"/evidence/link?ref={REF}&criterion={CODE}&return=check"
    assert page.replace("&", "&amp;") in browser.get(f"{NEW}&return=check").text
    fault = browser.press(page, page, **{**LINK, "address": "http://x"})
    assert fault.status_code == 422
    done = browser.press(page, page, **LINK)
    assert (done.status_code, done.location) == (303, f"{ANSWER}?return=check")
    assert len(rows(app, select(AnswerEvidence))) == 1


def test_another_way_is_not_kept(browser: Browser, world: World) -> None:
    world.application()
    browser.sign_in(world.anh)
    assert desk.send(browser, page=f"{NEW}&return=//evil.example").location == f"{ANSWER}"


def test_from_a_correction_it_leads_back_to_the_findings(app: Flask, browser: Browser, world: World) -> None:
    application, (finding,) = in_correction(world, CODE)
    answer = f"/applications/{application.ref}/criteria/{finding.criterion}"
    browser.sign_in(world.anh)
    assert f'href="{answer}"' in browser.get(f"/applications/{application.ref}/corrections").text
    page = browser.press(answer, answer, version="1", claim="Có.", then="upload").location
    done = desk.send(browser, page=page)
    assert done.location == f"{answer}"
    shown = browser.get(done.location).text
    assert f'href="/applications/{application.ref}/corrections"' in shown
    back = browser.press(answer, answer, version="2", claim="Có thêm.", then="later")
    assert back.location == f"/applications/{application.ref}/corrections"

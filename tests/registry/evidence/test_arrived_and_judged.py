"""Files that came over several requests are judged like any other, from a folder and from a bucket."""

import pytest
from flask import Flask
from sqlmodel import Session, select

from assessments.clock import now
from assessments.models import Evidence, StoredFile, Upload
from assessments.people import Audience
from assessments.states import ScanState
from registry.evidence import inspection
from tests.conftest import Browser
from tests.registry.evidence import desk, samples, sender
from tests.registry.evidence.test_inspection import ACTION
from tests.registry.evidence.test_resumable import place
from tests.rows import row, rows
from tests.world import World

__all__ = ["place"]  # the fixture: each storage in turn

SCRIPTED = samples.pdf(ACTION % "JavaScript /JS (app.alert\\(1\\))")
HARMFUL = "Tệp này có dấu hiệu mã độc nên không nhận."


def arrived(app: Flask, browser: Browser, content: bytes) -> str:
    """The id of a file that has arrived in two requests."""
    url = sender.begun(browser, len(content))
    sender.patch(browser, url, content[:100])
    assert sender.patch(browser, url, content[100:], 100).status_code == 204
    return str(row(app, select(Upload.id)))


def take(browser: Browser, upload_id: str, **fields: str) -> tuple[int, str]:
    """Send the form that names it."""
    form = {"kind": "DOC", "title": "Chính sách", "promise": "y", "upload": upload_id, **fields}
    answer = browser.post(desk.action(browser), data=form)
    return answer.status_code, answer.text


def test_what_is_refused_says_why_waits_and_can_be_discarded(app: Flask, browser: Browser, world: World) -> None:
    browser.sign_in(world.anh)
    upload_id = arrived(app, browser, SCRIPTED)
    status, page = take(browser, upload_id)
    assert (status, str(inspection.REASONS["javascript"]) in page) == (422, True)
    assert rows(app, select(Evidence)) == rows(app, select(StoredFile)) == []
    assert list(app.extensions["storage"].names()) == []
    assert f"/evidence/uploads/{upload_id}/discard" in page
    browser.press(f"/evidence/uploads/{upload_id}/discard", "/evidence/new")
    assert rows(app, select(Upload)) == []
    assert list(app.extensions["storage"].unfinished.begun()) == []


@pytest.mark.parametrize("clamd", ["", "tcp://127.0.0.1:9"])
def test_what_is_good_begins_as_every_file_does(
    app: Flask, browser: Browser, world: World, monkeypatch: pytest.MonkeyPatch, clamd: str
) -> None:
    object.__setattr__(app.config["SETTINGS"], "clamd_url", clamd)
    browser.sign_in(world.anh)
    flagged = samples.pdf("/OpenAction << /S /URI /URI (https://a.example) >>")
    status, _page = take(browser, arrived(app, browser, flagged), audience="reviewers")
    assert status == 303
    file = row(app, select(StoredFile))
    assert file.scan is (ScanState.WAITING if clamd else ScanState.UNSCANNED)
    piece = row(app, select(Evidence))
    assert piece.audience is Audience.REVIEWERS
    assert browser.get(f"/evidence/{piece.id}/file", buffered=True).status_code == (409 if clamd else 200)


def test_bytes_found_harmful_once_are_not_taken_again(
    app: Flask, browser: Browser, world: World, session: Session
) -> None:
    found = desk.keep(app, session, world.bao, samples.PDF)
    file = session.get_one(StoredFile, found.file_id)
    file.scan, file.signature, file.scanned_at = ScanState.QUARANTINED, "Eicar", now()
    session.commit()
    browser.sign_in(world.anh)
    status, page = take(browser, arrived(app, browser, samples.PDF), again="y")
    assert (status, HARMFUL in page) == (422, True)
    plain = desk.send(browser, samples.PDF, again="y")
    assert (plain.status_code, HARMFUL in plain.text) == (422, True)
    assert [one.id for one in rows(app, select(StoredFile))] == [file.id]

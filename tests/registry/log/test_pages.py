"""The page of the log and of an entry: what they say, page by page, in few statements, in both languages."""

import json

import pytest

from assessments.queries import log as queries
from registry.log import checkpoints
from tests import log_entries
from tests.counting import statements
from tests.tampering import begin_log_anew


@pytest.fixture(autouse=True)
def _empty_log(session):
    begin_log_anew(session)


def plain(page):
    return " ".join(page.text.split())


def test_an_empty_log_says_so(browser):
    page = browser.get("/log")
    assert (page.status_code, "Chưa có dòng nào." in page.text) == (200, True)
    assert "Set-Cookie" not in page.headers
    assert "Tải bản ký" not in page.text


def test_the_log_tells_its_size_its_root_and_its_key(app, browser, session):
    log_entries.fill(app, session, 3)
    head = queries.head(session)
    with app.app_context():
        key = checkpoints.verifiers(session)[0].text
    session.commit()
    text = plain(browser.get("/log"))
    assert "<dt>Số dòng</dt> <dd>3</dd>" in text
    assert f'<span class="hash">{checkpoints.current(head).encoded_root}</span>' in text
    assert f'<span class="hash">{key}</span>' in text
    assert '<span class="hash">http://localhost/log/consistency/3</span>' in text
    assert "Đã ký đến" not in text


def test_what_is_not_signed_yet_is_told(app, browser, session):
    log_entries.edition(session, "first")
    session.commit()
    assert "Nhật ký có 1 dòng và đang chờ được ký." in browser.get("/log").text
    log_entries.fill(app, session, 2)
    log_entries.edition(session, "more")
    session.commit()
    assert "<dt>Đã ký đến</dt> <dd>3 dòng</dd>" in plain(browser.get("/log"))


def test_entries_come_page_by_page_and_an_odd_address_begins_anew(app, browser, session, monkeypatch):
    monkeypatch.setattr(queries, "PAGE", 3)
    log_entries.fill(app, session, 5)
    first, second = browser.get("/log").text, browser.get("/log?before=2").text
    assert 'href="/log?before=2"' in first
    assert [number for number in range(5) if f'href="/log/entries/{number}"' in first] == [2, 3, 4]
    assert [number for number in range(5) if f'href="/log/entries/{number}"' in second] == [0, 1]
    assert ('rel="next"' in first, 'rel="next"' in second) == (True, False)
    for odd in ("x", "-1", "9" * 40, "٣", "1.5"):
        assert 'href="/log/entries/4"' in browser.get("/log", query_string={"before": odd}).text


def test_the_pages_ask_few_things(app, browser, session):
    log_entries.fill(app, session, 60)
    for path, count in (("/log", 3), ("/log/entries/17", 3), ("/log/checkpoint", 1), ("/log/tile/0/000.p/60", 2)):
        with statements(app) as seen:
            assert browser.get(path).status_code == 200
        assert len(seen) == count, path


def test_an_entry_shows_its_exact_text_and_its_proof(app, browser, session):
    log_entries.fill(app, session, 6)
    entry = queries.entry(session, 4)
    path = queries.inclusion(session, 4, 6)
    session.commit()
    text = browser.get("/log/entries/4").text
    assert f'<span class="hash">{entry.leaf_hash}</span>' in text
    assert json.loads(browser.get("/log/entries/4.json").text)["id"] == "vcsc-4"
    assert entry.body.replace('"', "&#34;") in text
    assert f"Từ mã của dòng và {len(path)} mã dưới đây" in text
    assert 'href="/log/entries/4.proof"' in text


def test_an_entry_that_waits_for_its_signature_says_so(browser, session):
    log_entries.edition(session, 1)
    session.commit()
    assert "đang chờ chữ ký" in browser.get("/log/entries/0").text
    assert browser.get("/log/entries/1").status_code == 404


def test_the_pages_are_there_in_english(app, browser, session):
    log_entries.fill(app, session, 3)
    page = browser.get("/en/log")
    assert "<h1>Public log</h1>" in page.text
    assert 'href="/en/log/entries/2"' in page.text
    assert "<h1>Entry 2: Criteria published</h1>" in browser.get("/en/log/entries/2").text


def test_the_footer_of_public_pages_leads_to_the_log(browser, world):
    assert 'href="/log">Nhật ký công khai</a>' in browser.get("/verify").text

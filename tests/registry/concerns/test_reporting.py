"""Reporting a concern: danger first and nothing kept of it, then a form without a cookie, and a code to follow it."""

import logging
import re
from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from assessments import clock, concerns
from assessments.models import Concern, ConcernMessage, HistoryText
from assessments.recourse import ConcernKind, ConcernState, Danger, Voice
from registry.mail.models import Letter
from tests.counting import statements
from tests.deciding import certified
from tests.rows import row, rows

CONCERNS = select(Concern).order_by(Concern.number)
MESSAGES = select(ConcernMessage).order_by(ConcernMessage.at)
LETTERS = select(Letter).where(Letter.event.like("PA-%"))
SAID = {
    "kind": "let_through",
    "text": "Trang cờ bạc vẫn mở được trên máy Android tối qua.",
    "about": "",
    "product": "",
    "contact": "nguoi.dan@example.net",
}
CODE = re.compile(r"[A-Z2-7]{4}(?:-[A-Z2-7]{4}){4}")


def hidden(text, name):
    return re.search(rf'name="{name}" value="([^"]*)"', text)[1]


def ticket(browser, address="/concerns/write"):
    return hidden(browser.get(address).text, "ticket")


def sent(browser, **changes):
    """A concern by the public form; returns the page with the code."""
    return browser.post("/concerns", data={**SAID, "ticket": ticket(browser), **changes})


def code_in(answer):
    return CODE.search(answer.text)[0]


def followed(browser, code):
    return browser.post("/concerns/follow", data={"code": code})


def test_danger_comes_first_and_leads_to_no_form(app, browser, world, caplog):
    caplog.set_level(logging.DEBUG)
    with statements(app) as asked:
        for page in ("/concerns/new", "/en/concerns/new", "/concerns/danger", "/concerns/new?for=child"):
            answer = browser.get(page)
            assert (answer.status_code, "Set-Cookie" in answer.headers, "<form" in answer.text) == (200, False, False)
            assert answer.text.index('href="tel:111"') < answer.text.index('href="tel:113"')
    gate = browser.get("/concerns/new?product=den-nha-0001").text
    assert re.findall(r'<a class="btn" href="([^"]*)"', gate) == [
        "#danger",
        "#danger",
    ]  # within the page: nothing is sent
    assert 'id="danger"' in gate
    assert 'href="/concerns/write?product=den-nha-0001"' in gate
    assert asked == []  # whatever the database does, whom to call stands there
    assert [one.getMessage() for one in caplog.records if "danger" in one.getMessage()] == []
    assert rows(app, CONCERNS) == []


def test_a_flood_never_shuts_the_page_of_danger(app, browser, world):
    codes = [sent(browser, text=f"Lần {n}.").status_code for n in range(11)]
    assert (codes, len(rows(app, CONCERNS))) == ([200] * 10 + [429], 10)
    last = sent(browser, text="Không được mất dòng này.")
    assert (last.status_code, "Không được mất dòng này." in last.text) == (429, True)
    assert int(last.headers["Retry-After"]) > 0
    assert [browser.get(f"/concerns{page}").status_code for page in ("", "/danger", "/new", "/write")] == [200] * 4


def test_too_many_altogether_are_stopped_whatever_their_addresses(app, browser, world, monkeypatch):
    from registry.accounts import attempts  # noqa: PLC0415  only this test narrows its limits

    limit = attempts.Limit(account=2, address=10, window=timedelta(hours=1))
    monkeypatch.setitem(attempts.LIMITS, attempts.Purpose.CONCERN, limit)
    codes = []
    for number in range(3):
        browser.environ_base["REMOTE_ADDR"] = f"10.0.0.{number}"
        codes.append(sent(browser, text=f"Lần {number}.").status_code)
    assert codes == [200, 200, 429]


def test_anybody_reports_without_a_cookie_and_follows_by_a_code(app, browser, world):
    certified(world)
    form = browser.get("/concerns/write?product=den-nha-0001")
    assert ("Đèn Nhà" in form.text, "Set-Cookie" in form.headers) == (True, False)
    assert form.headers["Cache-Control"] == "no-store"  # its ticket is nobody else's
    done = sent(browser, product="den-nha-0001")
    assert (done.status_code, "Set-Cookie" in done.headers) == (200, False)
    assert done.headers["Cache-Control"] == "no-store"
    concern, code = row(app, CONCERNS), code_in(done)
    assert (concern.number, concern.state, concern.kind, concern.danger) == (
        f"PA-{clock.today().year}-0001",
        ConcernState.RECEIVED,
        ConcernKind.LET_THROUGH,
        Danger.NONE,
    )
    assert (concern.product_id is not None, concern.due_at) == (True, clock.working_days(5))
    assert SAID["contact"] not in concern.contact
    assert f'action="/concerns/follow?{code}"' not in done.text
    assert [address for address in re.findall(r'(?:href|action)="([^"]*)"', done.text) if code in address] == []
    status = followed(browser, code.lower().replace("-", " "))
    assert (status.status_code, status.headers["Cache-Control"]) == (200, "no-store")
    for told in (SAID["text"], "Đã nhận, chờ người đọc", "Đèn Nhà"):
        assert told in status.text
    assert SAID["contact"] not in status.text


def test_sent_twice_is_one_and_other_words_are_another(app, browser, world):
    held = ticket(browser)
    first, second = (browser.post("/concerns", data={**SAID, "ticket": held}) for _ in range(2))
    assert (code_in(first), len(rows(app, CONCERNS))) == (code_in(second), 1)
    other = browser.post("/concerns", data={**SAID, "ticket": held, "text": "Còn một chuyện nữa."})
    assert (code_in(other) != code_in(first), len(rows(app, CONCERNS))) == (True, 2)


@pytest.mark.parametrize(
    "changes", [{"text": " "}, {"text": "x" * 5_001}, {"kind": ""}, {"kind": "rubbish"}, {"website": "http://spam"}]
)
def test_what_cannot_be_used_comes_back_as_typed(app, browser, world, changes):
    answer = sent(browser, **changes)
    assert (answer.status_code, SAID["contact"] in answer.text) == (422, True)
    assert 'id="errors-title"' in answer.text
    assert rows(app, CONCERNS) == []


def test_without_a_ticket_of_this_form_nothing_is_stored(app, browser, world):
    for forged in (
        "",
        "forged",
        hidden(browser.post("/complaints/check", data={"subject": "delay", "text": "x"}).text, "ticket"),
    ):
        answer = browser.post("/concerns", data={**SAID, "ticket": forged})
        assert (answer.status_code, SAID["text"] in answer.text) == (422, True)
    held = ticket(browser)
    with clock.at(clock.now() + timedelta(hours=13)):
        pass  # tickets go by the machine's own clock
    assert (
        browser.post("/concerns", data={**SAID, "ticket": held}, headers={"Origin": "https://evil.example"}).status_code
        == 400
    )
    assert rows(app, CONCERNS) == []


def test_a_product_is_found_by_what_is_typed(app, browser, world):
    certificate = certified(world)
    found = browser.post("/concerns/search", data={**SAID, "about": "den nha", "ticket": ticket(browser)})
    assert 'value="den-nha-0001"' in found.text
    assert SAID["text"] in found.text
    assert "Không có sản phẩm nào" in browser.post("/concerns/search", data={**SAID, "about": "zzz"}).text
    for about in ("đèn nhà", certificate.number.lower(), "Sao Mai"):
        sent(browser, about=about)
    ids = [one.product_id for one in rows(app, CONCERNS)]
    assert ids == [certificate.product_id, certificate.product_id, None]
    assert browser.get("/concerns/search").location == "/concerns"
    assert browser.get("/concerns/write?product=<b>&for=child").status_code == 200


def test_a_site_without_a_key_asks_for_no_contact(app, browser, world):
    from dataclasses import replace  # noqa: PLC0415  only this test changes the settings

    app.config["SETTINGS"] = replace(app.config["SETTINGS"], concern_key=())
    assert 'name="contact"' not in browser.get("/concerns/write").text
    assert sent(browser).status_code == 200
    assert (row(app, CONCERNS).contact, row(app, CONCERNS).contact_given) == (None, False)


def test_a_child_is_spoken_to_as_one(app, browser, world):
    page = browser.get("/concerns/new?for=child").text
    assert "Em không có lỗi" in page
    assert "Are you" not in page
    assert "It is not your fault" in browser.get("/en/concerns/new?for=child").text
    answer = sent(browser, **{"for": "child", "kind": "contact", "text": "Ứng dụng này khó dùng."})
    assert "Mã của em" in answer.text
    assert row(app, CONCERNS).child is True
    wrong = sent(browser, **{"for": "child", "kind": "", "text": "Ứng dụng này khó dùng."})
    assert (wrong.status_code, 'name="for" value="child"' in wrong.text) == (422, True)


@pytest.mark.parametrize(
    ("text", "danger"),
    [
        ("Có người dọa tung ảnh của con tôi.", Danger.SUSPECTED),
        ("co nguoi doi anh nong", Danger.SUSPECTED),
        ("A stranger wants to meet my daughter.", Danger.SUSPECTED),
        ("Trang mở từ từ, rất chậm.", Danger.NONE),  # “từ từ” is no “tự tử”
        ("The skill game is blocked.", Danger.NONE),
    ],
)
def test_words_that_may_speak_of_danger_make_it_due_today(app, browser, world, text, danger):
    answer = sent(browser, text=text)
    concern = row(app, CONCERNS)
    due = clock.end_of_day(clock.today()) if danger is Danger.SUSPECTED else concern.acknowledge_by
    assert (concern.danger, concern.due_at) == (danger, due)
    assert ('class="call"' in answer.text) == (danger is Danger.SUSPECTED)
    assert [one.subject for one in rows(app, LETTERS)] == [
        f"Phản ánh {concern.number}: đọc ngay hôm nay"
        if danger is Danger.SUSPECTED
        else f"Phản ánh {concern.number}: cần đọc và báo đã nhận"
    ]


def test_the_reporter_writes_more_once_for_each_time(app, browser, world):
    code = code_in(sent(browser))
    page = followed(browser, code).text
    more = {"code": code, "ticket": hidden(page, "ticket"), "text": "Máy là loại cũ."}
    for _ in range(2):
        answer = browser.post("/concerns/reply", data=more)
        assert (answer.status_code, "Máy là loại cũ." in answer.text) == (200, True)
    assert [(one.voice, one.author_id, one.text) for one in rows(app, MESSAGES)] == [
        (Voice.REPORTER, None, "Máy là loại cũ.")
    ]
    assert row(app, CONCERNS).unread is True
    long = browser.post("/concerns/reply", data={**more, "text": "dài " * 600})
    assert (long.status_code, "dài dài" in long.text) == (422, True)
    stale = browser.post("/concerns/reply", data={**more, "ticket": "", "text": "Giữ dòng này."})
    assert (stale.status_code, "Giữ dòng này." in stale.text) == (422, True)
    assert len([one for one in rows(app, LETTERS) if "viết thêm" in one.subject]) == 1


def test_danger_in_what_is_written_later_raises_the_alarm(app, browser, world):
    code = code_in(sent(browser))
    page = followed(browser, code).text
    browser.post(
        "/concerns/reply", data={"code": code, "ticket": hidden(page, "ticket"), "text": "Nó đòi gặp con tôi."}
    )
    concern = row(app, CONCERNS)
    assert (concern.danger, concern.due_at) == (Danger.SUSPECTED, clock.end_of_day(clock.today()))


def test_replies_are_limited_and_nothing_typed_is_lost(app, browser, world):
    code = code_in(sent(browser))
    answers = []
    for number in range(11):
        page = followed(browser, code).text
        reply = {"code": code, "ticket": hidden(page, "ticket"), "text": f"Tin thứ {number}."}
        answers.append(browser.post("/concerns/reply", data=reply))
    assert [one.status_code for one in answers] == [200] * 10 + [429]
    assert "Tin thứ 10." in answers[-1].text
    assert len(rows(app, MESSAGES)) == 10


def test_a_wrong_code_finds_nothing_and_guessing_is_counted(browser, world):
    sent(browser)
    answer = followed(browser, "AAAA-BBBB-CCCC-DDDD-EEEE")
    assert (answer.status_code, SAID["text"] in answer.text) == (404, False)
    assert followed(browser, "").status_code == 422
    for step in ("reply", "forget"):
        wrong = browser.post(f"/concerns/{step}", data={"code": "AAAA-BBBB-CCCC-DDDD-EEEE", "text": "x", "ticket": ""})
        assert wrong.status_code == 404
        assert browser.get(f"/concerns/{step}").location == "/concerns"
    assert [followed(browser, f"WRONG{n}").status_code for n in range(30)][-1] == 429
    assert browser.get("/concerns/follow").status_code == 200


def test_a_code_forgives_what_looks_alike():
    assert concerns.hash_of("abcd-o2i7") == concerns.hash_of("ABCD 0217")


def test_the_reporter_takes_the_contact_back(app, browser, world):
    code = code_in(sent(browser))
    answer = browser.post("/concerns/forget", data={"code": code})
    assert (answer.status_code, "Đã xóa cách liên hệ của bạn." in answer.text) == (200, True)
    concern = row(app, CONCERNS)
    assert (concern.contact, concern.contact_given, concern.contact_erased_at is not None) == (None, True, True)
    assert browser.post("/concerns/forget", data={"code": code}).status_code == 409


def test_no_letter_history_or_log_holds_a_word_of_it(app, browser, world, caplog):
    caplog.set_level(logging.DEBUG)
    code = code_in(sent(browser, about="Sao Mai riêng"))
    page = followed(browser, code).text
    browser.post("/concerns/reply", data={"code": code, "ticket": hidden(page, "ticket"), "text": "Lời viết thêm."})
    secrets = (SAID["text"], SAID["contact"], "Sao Mai riêng", "Lời viết thêm.", code)
    kept = [f"{one.subject}\n{one.body}" for one in rows(app, LETTERS)]
    kept += [f"{one.actor_name} {one.note}" for one in rows(app, select(HistoryText))]
    kept += [one.getMessage() for one in caplog.records]
    assert [(secret, text) for text in kept for secret in secrets if secret in text] == []
    assert {one.recipient for one in rows(app, LETTERS)} == {"chi@club.example"}


def test_a_failing_database_puts_nothing_typed_into_the_log(app, browser, world, caplog, monkeypatch):
    def fail(session, *_rest, **_more):
        session.connection().exec_driver_sql("INSERT INTO no_such_table VALUES (?)", (SAID["text"],))

    if app.extensions["engine"].dialect.name != "sqlite":
        pytest.skip("written in SQLite's way; the setting is the same")
    monkeypatch.setattr(concerns, "receive", fail)
    answer = sent(browser)
    assert (answer.status_code, SAID["text"] in answer.text) == (503, True)  # shown to whoever typed it, to be copied
    assert "no_such_table" in caplog.text
    assert [secret for secret in (SAID["text"], SAID["contact"]) if secret in caplog.text] == []
    assert issubclass(OperationalError, Exception)


def test_the_product_page_and_the_footer_lead_here(browser, world):
    certified(world)
    page = browser.get("/products/den-nha-0001").text
    assert 'href="/concerns/new?product=den-nha-0001"' in page
    assert 'href="/concerns"' in page

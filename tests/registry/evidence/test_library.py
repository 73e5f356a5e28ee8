"""GET /evidence, /evidence/new, /evidence/link and what they post: the company's library."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event
from sqlmodel import Session, select

from assessments import clock
from assessments.models import Evidence, StoredFile
from assessments.states import State
from tests.conftest import Browser
from tests.registry.evidence import desk, samples
from tests.world import World


def test_empty_it_says_what_it_is_for(browser: Browser, world: World) -> None:
    browser.sign_in(world.an)
    assert "Kho còn trống. Tệp tải lên một lần dùng được cho nhiều tiêu chí." in browser.get("/evidence").text


def test_lists_what_is_used_where_and_until_when(app: Flask, browser: Browser, world: World, session: Session) -> None:
    today = clock.today()
    used = desk.keep(app, session, world.an, title="Đang dùng", valid_until=today + timedelta(days=3))
    desk.keep(app, session, world.an, samples.PNG, title="Hết hạn", valid_until=today - timedelta(days=1))
    desk.link(session, world.an)
    desk.keep(app, session, world.bao, title="Của người khác")
    desk.attach(session, world.application(), used)
    browser.sign_in(world.anh)
    page = re.sub(r"\s+", " ", browser.get("/evidence").text)
    assert "TN-01 (HS-2026-0001)" in page
    assert "Sắp hết hạn" in page
    assert "Đã hết hạn" in page
    assert "dennha.example" in page
    assert "Của người khác" not in page
    removable = {str(row.id) for row in session.exec(select(Evidence)).all() if f"/evidence/{row.id}/remove" in page}
    assert len(removable) == 2
    assert str(used.id) not in removable


@pytest.mark.parametrize("page", ["/evidence", "/evidence/new", "/evidence/link"])
@pytest.mark.parametrize("who", ["chi", "dung", "giang", "lan", "minh"])
def test_club_people_have_no_library(browser: Browser, world: World, page: str, who: str) -> None:
    browser.sign_in(getattr(world, who))
    assert browser.get(page).status_code == 404


def test_a_long_library_takes_no_more_statements(app: Flask, browser: Browser, world: World, session: Session) -> None:
    application = world.application()
    browser.sign_in(world.an)
    desk.attach(session, application, desk.link(session, world.an))
    few = statements(app, browser)
    for _ in range(30):
        desk.link(session, world.an)
    assert statements(app, browser) == few <= 12


def test_removes_what_is_unused_with_its_bytes(app: Flask, browser: Browser, world: World, session: Session) -> None:
    found = desk.keep(app, session, world.an)
    browser.sign_in(world.anh)
    answer = browser.press(f"/evidence/{found.id}/remove", page=f"/evidence/{found.id}/remove")
    assert (answer.status_code, answer.location) == (303, "/evidence")
    assert session.exec(select(StoredFile)).all() == []
    assert desk.stored(app) == []


def test_bytes_that_another_piece_needs_stay(app: Flask, browser: Browser, world: World, session: Session) -> None:
    found = desk.keep(app, session, world.an)
    desk.keep(app, session, world.bao)
    browser.sign_in(world.an)
    browser.press(f"/evidence/{found.id}/remove", page=f"/evidence/{found.id}/remove")
    assert len(desk.stored(app)) == 1


def test_what_was_handed_in_is_hidden_and_its_bytes_stay(
    app: Flask, browser: Browser, world: World, session: Session
) -> None:
    found = desk.keep(app, session, world.an)
    desk.hand_in(session, world.application(State.SUBMITTED), found)
    place = f"/evidence/HS-2026-0001/{found.id}"
    own = f"/evidence/{found.id}"
    browser.sign_in(world.an)
    browser.press(f"{own}/remove", page=f"{own}/remove")
    assert len(desk.stored(app)) == 1
    assert browser.get(f"{own}/file").status_code == 404
    assert browser.get(place, buffered=True).status_code == 200
    assert world.again(found).removed_at is not None


def test_what_an_answer_uses_is_not_removed(app: Flask, browser: Browser, world: World, session: Session) -> None:
    found = desk.keep(app, session, world.an)
    desk.link(session, world.an)
    desk.attach(session, world.application(), found)
    browser.sign_in(world.an)
    answer = browser.press(f"/evidence/{found.id}/remove", page=f"/evidence/{found.id}/remove")
    assert answer.status_code == 409
    assert "Gỡ khỏi tiêu chí đó trước" in answer.text
    assert len(desk.stored(app)) == 1


def test_others_remove_nothing(app: Flask, browser: Browser, world: World, session: Session) -> None:
    found = desk.keep(app, session, world.an)
    for person in (world.bao, world.chi):
        browser.sign_in(person)
        assert browser.get(f"/evidence/{found.id}/remove").status_code == 404
        assert browser.press(f"/evidence/{found.id}/remove", page="/account").status_code == 404
    browser.sign_in(world.an)
    assert browser.post(f"/evidence/{found.id}/remove").status_code == 400
    assert world.again(found).removed_at is None


LINK = {"kind": "LINK", "title": "Chính sách", "address": "https://dennha.example/chinh-sach", "promise": "y"}


def test_adds_a_link(browser: Browser, world: World, session: Session) -> None:
    browser.sign_in(world.anh)
    answer = browser.press("/evidence/link", page="/evidence/link", **LINK, issued_on="2026-05-01")
    assert (answer.status_code, answer.location) == (303, "/evidence")
    found = session.exec(select(Evidence)).one()
    assert (found.url, found.kind, found.title) == (LINK["address"], "LINK", "Chính sách")
    assert (found.attested_by, found.vendor_id, str(found.issued_on)) == (
        world.anh.id,
        world.hat_nang.id,
        "2026-05-01",
    )


def test_a_link_for_a_criterion_is_attached_at_once(browser: Browser, world: World, session: Session) -> None:
    world.application()
    browser.sign_in(world.an)
    place = "/evidence/link?ref=HS-2026-0001&criterion=TN-01"
    assert browser.press(place, page=place, **LINK).status_code == 303
    assert "TN-01 (HS-2026-0001)" in browser.get("/evidence").text


def test_a_link_for_a_locked_application_adds_nothing(browser: Browser, world: World, session: Session) -> None:
    world.application(State.IN_REVIEW)
    browser.sign_in(world.an)
    place = "/evidence/link?ref=HS-2026-0001&criterion=TN-01"
    assert browser.press(place, page=place, **LINK).status_code == 409
    browser.sign_in(world.bao)
    assert browser.press(place, page=place, **LINK).status_code == 404
    assert session.exec(select(Evidence)).all() == []


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"address": "http://dennha.example"}, "Địa chỉ phải bắt đầu bằng https://"),
        ({"address": "https://an:x@dennha.example"}, "Bỏ tên đăng nhập và mật khẩu khỏi địa chỉ."),
        ({"address": ""}, "Nhập địa chỉ trang."),
        ({"title": ""}, "Nhập tên bằng chứng."),
        ({"kind": ""}, "Chọn loại bằng chứng."),
        ({"promise": ""}, "Đánh dấu lời cam đoan về trang này."),
    ],
)
def test_the_link_form_comes_back_with_its_faults(
    browser: Browser, world: World, session: Session, fields: dict[str, str], sentence: str
) -> None:
    browser.sign_in(world.an)
    typed = {name: text for name, text in {**LINK, **fields}.items() if text}
    answer = browser.press("/evidence/link", page="/evidence/link", **typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert session.exec(select(Evidence)).all() == []


def test_a_link_needs_the_token_of_the_form(browser: Browser, world: World, session: Session) -> None:
    browser.sign_in(world.an)
    assert browser.post("/evidence/link", data=LINK).status_code == 400
    assert browser.press("/evidence/link", page="/evidence/link", **LINK).status_code == 303
    assert len(session.exec(select(Evidence)).all()) == 1


def test_the_kinds_a_criterion_asks_for_come_first(browser: Browser, world: World) -> None:
    world.application()
    browser.sign_in(world.an)
    kinds = re.findall(r'<option value="([A-Z]+)"', browser.get("/evidence/new?ref=x&criterion=HN-01").text)
    assert kinds[0] in {"LAB", "TEST", "DEMO"}


def statements(app: Flask, browser: Browser) -> int:
    """How many statements the library takes."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    engine = app.extensions["engine"]
    event.listen(engine, "before_cursor_execute", note)
    assert browser.get("/evidence").status_code == 200
    event.remove(engine, "before_cursor_execute", note)
    return len([one for one in seen if one.lstrip().upper().startswith("SELECT")])

"""Test access: given, opened, taken back by the vendor; opened by assigned reviewers at work; gone at the end."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlmodel import Session, SQLModel, select

from assessments import applications, decisions, intake, test_access, workflow
from assessments.clock import now, today
from assessments.decisions import Proposing
from assessments.errors import NotFound
from assessments.models import Application, Decision, TestAccess, TestAccessReading
from assessments.states import Outcome, RefusalReason, State
from assessments.test_access import Account, Contents
from registry import fsck, jobs, sealed
from tests import deciding, drafting, evaluation
from tests.conftest import Browser
from tests.rows import row, rows
from tests.world import World

REF = "HS-2026-0001"
PAGE = f"/applications/{REF}/test-access"
REVIEWS = f"/reviews/{REF}/test-access"
OFFICE = f"/assignments/{REF}/test-access"
CANARIES = ("chim-yen-mat-khau", "chim.yen@dennha.example", "chim-yen.dennha.example", "chim yến dặn riêng")
TYPED = {
    "label": "Tài khoản cha mẹ",
    "address": f"https://{CANARIES[2]}",
    "user_name": CANARIES[1],
    "password": CANARIES[0],
    "notes": CANARIES[3],
}
CONTENTS = Contents(TYPED["address"], TYPED["user_name"], TYPED["password"], TYPED["notes"])


@pytest.fixture
def give(app: Flask, world: World) -> Callable[[Application], TestAccess]:
    """An account with canaries in it, given by An."""

    def given(application: Application) -> TestAccess:
        number = len(rows(app, select(TestAccess)))
        with app.app_context():
            seal = sealed.ring(sealed.TEST_ACCESS).seal
            account = Account(f"{TYPED['label']} {number}" if number else TYPED["label"], CONTENTS)
            found = test_access.add(world.session, world.an, application, account, seal)
        world.session.commit()
        return found

    return given


def seen(page: Any) -> list[str]:
    """The canaries of an answer."""
    return [canary for canary in CANARIES if canary in page.data.decode("utf-8", "replace")]  # receipts are PDFs


def test_an_account_is_given_and_stands_sealed_in_the_table(app: Flask, browser: Browser, world: World) -> None:
    world.application()
    browser.sign_in(world.anh)
    assert "Chưa có tài khoản thử nào." in browser.get(PAGE).text
    answer = browser.press(PAGE, page=PAGE, **TYPED, valid_until=f"{today() + timedelta(days=60):%d/%m/%Y}")
    assert (answer.status_code, answer.location) == (302, PAGE)
    account = row(app, select(TestAccess))
    assert (account.label, account.added_by) == ("Tài khoản cha mẹ", world.anh.id)
    assert account.valid_until == today() + timedelta(days=60)
    page = browser.get(PAGE)
    assert "Tài khoản cha mẹ" in page.text
    assert "Chưa ai mở." in page.text
    assert seen(page) == []
    assert everything(app) == []


def everything(app: Flask) -> list[str]:
    """The canaries in any column of any table."""
    found: set[str] = set()
    with app.extensions["engine"].connect() as connection:
        for table in SQLModel.metadata.sorted_tables:
            for one in connection.execute(text(f'SELECT * FROM "{table.name}"')):  # noqa: S608  our own names
                found.update(canary for canary in CANARIES if canary in str(tuple(one)))
    return sorted(found)


def test_a_password_is_kept_sign_by_sign(app: Flask, browser: Browser, world: World) -> None:
    world.application()
    browser.sign_in(world.an)
    browser.press(PAGE, page=PAGE, label="A", password="hai  dấu cách & <b>")
    account = row(app, select(TestAccess))
    page = browser.press(f"{PAGE}/{account.id}/reveal", page=PAGE)
    assert "hai  dấu cách &amp; &lt;b&gt;" in page.text


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"label": ""}, "Nhập tên để nhận ra tài khoản."),
        ({"address": "", "user_name": "", "password": "", "notes": ""}, "Nhập địa chỉ, tên đăng nhập, mật khẩu"),
        ({"valid_until": "01/01/2020"}, "Ngày cuối dùng được phải từ hôm nay trở đi."),
        ({"valid_until": "mai"}, "Dùng được đến hết ngày"),
        ({"notes": "x" * 2001}, "Ghi chú"),
    ],
)
def test_what_cannot_be_comes_back_with_what_was_typed(
    app: Flask, browser: Browser, world: World, changed: dict[str, str], words: str
) -> None:
    world.application()
    browser.sign_in(world.an)
    typed = {**TYPED, **changed}
    page = browser.press(PAGE, page=PAGE, **typed)
    assert page.status_code == 422
    assert words in page.text
    assert all(value in page.text for value in typed.values())
    assert rows(app, select(TestAccess)) == []


def test_there_is_an_end_to_their_number(app: Flask, browser: Browser, world: World, give: Any) -> None:
    application = world.application()
    for _ in range(test_access.MOST):
        give(application)
    browser.sign_in(world.an)
    page = browser.press(PAGE, page=PAGE, **TYPED | {"label": "Máy bảng của giáo viên"})
    assert page.status_code == 422
    assert "Nhiều nhất 20 tài khoản thử." in page.text
    assert len(rows(app, select(TestAccess))) == test_access.MOST


def test_members_open_it_by_a_button_and_it_is_written_down(
    app: Flask, browser: Browser, world: World, give: Any
) -> None:
    account = give(world.application())
    browser.sign_in(world.anh)
    page = browser.press(f"{PAGE}/{account.id}/reveal", page=PAGE)
    assert page.status_code == 200
    assert seen(page) == list(CANARIES)
    assert page.headers["Cache-Control"] == "no-store"
    assert "Trần Ánh mở lúc" in page.text
    assert [one.person_id for one in rows(app, select(TestAccessReading))] == [world.anh.id]
    assert seen(browser.get(PAGE)) == []
    assert browser.get(f"{PAGE}/{account.id}/reveal").status_code == 404


def test_taking_it_back_erases_what_it_says_and_keeps_that_it_was(
    app: Flask, browser: Browser, world: World, give: Any
) -> None:
    account = give(world.application())
    browser.sign_in(world.an)
    assert browser.press(f"{PAGE}/{account.id}/remove", page=PAGE).status_code == 302
    found = row(app, select(TestAccess))
    assert (found.sealed, found.label) == (None, "Tài khoản cha mẹ")
    assert found.erased_at is not None
    assert "Nội dung đã xóa lúc" in browser.get(PAGE).text
    for way in ("reveal", "remove"):
        assert browser.press(f"{PAGE}/{account.id}/{way}", page="/account").status_code == 404


def test_an_account_of_another_application_is_not_there(browser: Browser, world: World, give: Any) -> None:
    account = give(world.application())
    world.application(ref="HS-2026-0002")
    browser.sign_in(world.an)
    for way in ("reveal", "remove"):
        url = f"/applications/HS-2026-0002/test-access/{account.id}/{way}"
        assert browser.press(url, page=PAGE).status_code == 404


def test_reviewers_open_it_and_the_vendor_sees_their_letter(
    app: Flask, browser: Browser, world: World, give: Any
) -> None:
    application = evaluation.in_review(world)
    account = give(application)
    letter = evaluation.review_by(world, application, world.dung).letter
    browser.sign_in(world.dung)
    bench = browser.get(f"/reviews/{REF}?c=TN-05")
    assert f'href="{REVIEWS}"' in bench.text
    page = browser.get(REVIEWS)
    assert "Tài khoản cha mẹ" in page.text
    assert seen(page) == seen(bench) == []
    page = browser.press(f"{REVIEWS}/{account.id}", page=REVIEWS)
    assert (page.status_code, seen(page)) == (200, list(CANARIES))
    assert [one.person_id for one in rows(app, select(TestAccessReading))] == [world.dung.id]

    browser.sign_in(world.an)
    page = browser.get(PAGE)
    assert f"Người đánh giá {letter} mở lúc" in page.text
    assert "Vũ Dũng" not in page.text
    browser.sign_in(world.ha)
    assert "Vũ Dũng" not in browser.get(REVIEWS).text

    browser.sign_in(world.chi)
    page = browser.get(OFFICE)
    assert "Vũ Dũng" in page.text
    assert seen(page) == []


@pytest.mark.usefixtures("world")
def test_the_bench_says_nothing_where_there_is_none(browser: Browser, world: World) -> None:
    evaluation.in_review(world)
    browser.sign_in(world.dung)
    assert REVIEWS not in browser.get(f"/reviews/{REF}?c=TN-05").text
    assert "Nhà cung cấp chưa gửi tài khoản thử nào." in browser.get(REVIEWS).text


@pytest.mark.parametrize(
    ("who", "vendor", "reviewer"),
    [
        ("bao", 404, 404),  # owns another company
        ("khanh", 404, 404),  # reviews, but has an interest and is not assigned
        ("giang", 404, 404),  # decides
        ("minh", 404, 404),
        ("chi", 403, 403),  # the office
        ("lan", 403, 403),  # audits
        ("dung", 403, None),
        ("an", None, 403),
    ],
)
def test_nobody_else_opens_anything(
    app: Flask, browser: Browser, world: World, give: Any, who: str, vendor: int | None, reviewer: int | None
) -> None:
    account = give(evaluation.in_review(world))
    browser.sign_in(getattr(world, who))
    for address, expected in ((f"{PAGE}/{account.id}/reveal", vendor), (f"{REVIEWS}/{account.id}", reviewer)):
        if expected:
            page = browser.press(address, page="/account")
            assert (page.status_code, seen(page)) == (expected, [])
    for address, expected in ((PAGE, vendor), (REVIEWS, reviewer), (f"{PAGE}/{account.id}/remove", vendor)):
        if expected:
            asked = browser.get(address) if address in {PAGE, REVIEWS} else browser.press(address, page="/account")
            assert asked.status_code == expected
    assert rows(app, select(TestAccessReading)) == []


def test_a_reviewer_who_has_not_declared_opens_nothing(app: Flask, browser: Browser, world: World, give: Any) -> None:
    account = give(evaluation.assigned(world))
    browser.sign_in(world.dung)
    assert browser.get(REVIEWS).status_code == 403
    assert browser.press(f"{REVIEWS}/{account.id}", page="/account").status_code == 403
    assert rows(app, select(TestAccessReading)) == []


@pytest.mark.parametrize("state", [State.CORRECTION, State.IN_DECISION, State.MINDED_TO])
def test_reviewers_open_it_while_they_are_at_work_only(
    app: Flask, browser: Browser, world: World, give: Any, state: State
) -> None:
    application = evaluation.in_review(world)
    account = give(application)
    application.state, application.due_at = state, now() + timedelta(days=5)
    world.session.add(application)
    world.session.commit()
    browser.sign_in(world.dung)
    page = browser.press(f"{REVIEWS}/{account.id}", page="/account")
    assert (page.status_code, seen(page)) == (409, [])
    assert "chỉ mở được trong lúc đánh giá và thống nhất điểm" in page.text
    assert "chỉ mở được trong lúc đánh giá" in browser.get(REVIEWS).text
    assert rows(app, select(TestAccessReading)) == []


def test_another_key_opens_nothing_and_says_so(app: Flask, browser: Browser, world: World, give: Any) -> None:
    account = give(evaluation.in_review(world))
    stored = row(app, select(TestAccess))
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], secret_key="x" * 40)
    for person, address in ((world.an, f"{PAGE}/{account.id}/reveal"), (world.dung, f"{REVIEWS}/{account.id}")):
        browser.sign_in(person)
        page = browser.press(address, page="/account")
        assert page.status_code == 409
        assert "khóa mã hóa của máy chủ đã đổi" in page.text
    assert rows(app, select(TestAccessReading)) == []
    assert row(app, select(TestAccess)).sealed == stored.sealed


@pytest.mark.parametrize("address", [PAGE, f"{PAGE}/x/reveal", f"{PAGE}/x/remove", f"{REVIEWS}/x"])
def test_no_token_nothing_happens(app: Flask, browser: Browser, world: World, give: Any, address: str) -> None:
    account = give(evaluation.in_review(world))
    browser.sign_in(world.dung if address.startswith("/reviews") else world.an)
    assert browser.post(address.replace("/x", f"/{account.id}"), data=TYPED).status_code == 400
    assert len(rows(app, select(TestAccess))) == 1
    assert rows(app, select(TestAccessReading)) == []
    assert row(app, select(TestAccess)).sealed is not None


# --- the canary: nowhere else, and gone at the end ---


def test_what_is_sealed_appears_nowhere_else(
    app: Flask, browser: Browser, world: World, give: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    application = drafting.ready(world)
    account = give(application)
    applications.submit(world.session, world.an, application)
    world.session.commit()
    with app.app_context():
        jobs.turn()
    browser.sign_in(world.an)
    browser.press(f"{PAGE}/{account.id}/reveal", page=PAGE)
    for person in ("an", "chi", "lan", "bao"):
        browser.sign_in(getattr(world, person))
        assert [one for one in pages(app, browser, account.id) if seen(one)] == []
    assert everything(app) == []
    letters = app.config["SETTINGS"].var_dir / "mail"
    written = "".join(path.read_text("utf-8", errors="replace") for path in letters.glob("*"))
    assert [canary for canary in CANARIES if canary in written + caplog.text] == []


def pages(app: Flask, browser: FlaskClient, account_id: UUID) -> list[Any]:
    """Every page there is to get."""
    values = {
        "ref": REF,
        "code": "TN-05",
        "edition_id": "vcsc-2026",
        "number": 1,
        "index": 1,
        "old": 1,
        "place": 1,
        "step": "names",
        "token": "x",
        "year": 2026,
        "kind": "csv",
    }
    unknown = "00000000-0000-4000-8000-000000000000"
    found = []
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint != "static":
            given = {name: values.get(name, account_id if name == "account_id" else unknown) for name in rule.arguments}
            path = re.sub(r"^//localhost", "", app.url_map.bind("localhost").build(rule.endpoint, given))
            found.append(browser.get(path))
    return found


def ended(world: World, way: str, give: Any) -> Application:
    """An application with an account, brought to its end in one of the ways."""
    session = world.session
    if way in {"certify", "decline"}:
        application = deciding.in_decision(world)
        give(application)
        _decide(world, application, Outcome(way))
    else:
        application = evaluation.handed_in(world)
        give(application)
        _end(world, application, way)
    session.commit()
    return application


def _decide(world: World, application: Application, outcome: Outcome) -> None:
    """Giang proposes, Hùng confirms; before a decline the vendor is heard, and the proposal made anew."""
    session, number = world.session, 1
    proposing = Proposing(outcome, "L1" if outcome is Outcome.CERTIFY else None, "Vì vậy.", "Therefore.")
    decisions.propose(session, world.giang, application, proposing)
    if outcome is Outcome.DECLINE:
        decisions.give_notice(session, world.giang, application, 1, ("Vì vậy.", "Therefore."))
        _pass_the_deadline(world, application)
        number = decisions.propose(session, world.giang, application, proposing).number
    decisions.confirm(session, world.hung, application, number, deciding.ISSUER)


def _pass_the_deadline(world: World, application: Application) -> None:
    application.due_at = now() - timedelta(days=1)
    world.session.add(application)
    world.session.flush()
    workflow.on_deadline(world.session, application)


def _end(world: World, application: Application, way: str) -> None:
    session = world.session
    if way == "refuse":
        intake.refuse(session, world.chi, application, RefusalReason.OUT_OF_SCOPE)
    elif way == "withdraw":
        applications.withdraw(session, world.an, application)
    else:
        application.state = State.RETURNED
        _pass_the_deadline(world, application)


@pytest.mark.parametrize(
    ("way", "state"),
    [
        ("certify", State.CERTIFIED),
        ("decline", State.DECLINED),
        ("refuse", State.REFUSED),
        ("withdraw", State.WITHDRAWN),
        ("lapse", State.LAPSED),
    ],
)
def test_every_end_erases_it_in_the_same_step(
    app: Flask, browser: Browser, world: World, session: Session, give: Any, way: str, state: State
) -> None:
    application = ended(world, way, give)
    assert application.state is state
    account = row(app, select(TestAccess))
    assert (account.sealed, account.label) == (None, "Tài khoản cha mẹ")
    assert account.erased_at is not None
    with pytest.raises(NotFound):
        test_access.reveal(session, world.an, application, account.id, lambda sealed, place: sealed + place)
    session.rollback()
    browser.sign_in(world.an)
    page = browser.get(PAGE)
    assert "Hồ sơ đã kết thúc nên không nhận thêm tài khoản thử." in page.text
    assert 'name="password"' not in page.text
    assert browser.press(PAGE, page="/account", **TYPED).status_code == 409
    assert row(app, select(TestAccess)).sealed is None
    assert bool(rows(app, select(Decision))) is (way in {"certify", "decline"})


def test_fsck_tells_of_accounts_that_outlived_their_application(
    app: Flask, world: World, session: Session, give: Any
) -> None:
    application = world.application()
    give(application)
    application.state = State.WITHDRAWN
    session.add(application)
    session.commit()
    with app.app_context():
        found = list(fsck.findings(fsck.Asked()))
    assert f"{REF} is over and still has test accounts that can be opened." in found

"""Whoever has lost their factors: taken away by an administrator or a command, with a reason and a letter."""

import pytest
from sqlmodel import select

from assessments.models import HistoryEntry, HistoryText
from registry.accounts.factor_models import CodeSecret, RecoveryCode
from tests.factors import with_codes
from tests.rows import letters, row, rows
from tests.world import PASSWORD

PAGE = "/people/factors"
REASON = "Mất điện thoại; đã gọi lại số trong danh bạ."


@pytest.mark.parametrize("person", ["an", "dung"])
def test_an_administrator_takes_them_away(app, world, browser, person):
    who = getattr(world, person)
    with_codes(app, who, codes=10)
    other = app.test_client()
    other.sign_in(who)
    browser.sign_in(world.minh)
    assert who.email in browser.get(f"{PAGE}?email={who.email}").text
    assert browser.press(PAGE, PAGE, email=who.email, reason=REASON).headers["Location"] == "/people"
    assert rows(app, select(CodeSecret)) == rows(app, select(RecoveryCode)) == []
    assert other.get("/account").status_code == 302
    entry = row(app, select(HistoryEntry).where(HistoryEntry.action == "reset_factors"))
    assert entry.actor_id == world.minh.id
    assert row(app, select(HistoryText.note).where(HistoryText.seq == entry.seq)) == f"{who.name}: {REASON}"
    (letter,) = letters(app, who.email)
    assert letter.subject == "Đã gỡ mọi cách xác nhận đăng nhập"
    assert REASON in letter.body
    after = other.press("/sign-in", "/sign-in", email=who.email, password=PASSWORD)
    assert (after.headers["Location"] == "/sign-in/factor") == (person == "dung")  # the club sets up new ones


@pytest.mark.parametrize(
    ("email", "reason", "said"),
    [
        ("dung", "", "Ghi lý do, và đã xác minh người này bằng cách nào."),
        ("dung", REASON, "Người này không có khóa đăng nhập hay mã dùng một lần nào."),
        ("minh", REASON, "Không tự gỡ cho chính mình ở đây. Nhờ một quản trị viên khác."),
        ("nobody@x.example", REASON, "Không có tài khoản nào dùng email này."),
    ],
)
def test_what_is_refused_and_stays_typed(app, world, browser, email, reason, said):
    with_codes(app, world.minh)
    browser.sign_in(world.minh)
    address = email if "@" in email else getattr(world, email).email
    answer = browser.press(PAGE, PAGE, email=address, reason=reason)
    assert answer.status_code == 422
    assert said in answer.text
    assert address in answer.text
    assert len(rows(app, select(CodeSecret))) == 1


def test_the_command_does_the_same(app, world):
    with_codes(app, world.an)
    run = app.test_cli_runner()
    done = run.invoke(args=["users", "reset-factors", world.an.email, "--reason", REASON])
    assert done.exit_code == 0, done.output
    assert rows(app, select(CodeSecret)) == []
    assert row(app, select(HistoryEntry.action)) == "reset_factors"
    for email in (world.an.email, "nobody@x.example"):
        assert run.invoke(args=["users", "reset-factors", email, "--reason", REASON]).exit_code == 1

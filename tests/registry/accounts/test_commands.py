"""The commands about people: the first administrator, the list, keeping somebody out."""

from re import search

import pytest
from sqlmodel import select

from assessments.people import Role
from registry.accounts import passwords
from registry.accounts.models import User, UserRole
from tests.factors import shown
from tests.rows import row, rows

SECRET = "bốn con ngựa kéo xe"


@pytest.fixture
def run(app):
    """Run a command of `flask --app registry users`."""
    runner = app.test_cli_runner()
    return lambda *arguments, **options: runner.invoke(args=["users", *arguments], **options)


def test_the_first_administrator_comes_by_a_link(app, run, browser):
    done = run("create", "--email", "Admin@Club.example", "--name", "Lý Minh", "--role", "admin", "--role", "auditor")
    assert done.exit_code == 0
    url = search(r"http://localhost(/invitations/\S+)", done.output)[1]
    assert browser.press(url, url, name="Lý Minh", password=SECRET, repeat=SECRET).status_code == 302
    user = row(app, select(User))
    assert user.email == "admin@club.example"
    assert set(rows(app, select(UserRole.role))) == {Role.ADMIN, Role.AUDITOR}
    assert browser.get("/people").headers["Location"] == "/sign-in/factor?next=/people"
    shown(app, user)
    assert browser.get("/people").status_code == 200


def test_or_with_a_password_from_standard_input(app, run):
    arguments = ("create", "--email", "a@club.example", "--name", "A", "--role", "admin", "--password-stdin")
    assert run(*arguments, input="short\n").exit_code == 1
    assert run(*arguments, input=SECRET + "\n").exit_code == 0
    user = row(app, select(User))
    assert (user.is_active, passwords.verify(user.password_hash, SECRET)) == (True, True)
    again = run(*arguments, input=SECRET + "\n")
    assert (again.exit_code, "has an account" in again.output) == (1, True)


def test_people_with_roles_are_not_invited_again(world, run):
    done = run("create", "--email", world.minh.email, "--name", "Minh", "--role", "admin")
    assert (done.exit_code, "đã có tài khoản" in done.output) == (1, True)


def test_the_list(world, run):
    lines = run("list").output.splitlines()
    assert f"{world.khanh.email}\tdecider,reviewer\t{world.khanh.name}" in lines
    assert len(lines) == 8


def test_disable(app, world, run, browser):
    browser.sign_in(world.an)
    assert run("disable", world.an.email).exit_code == 0
    assert browser.get("/account").status_code == 302
    assert run("disable", "nobody@x.example").exit_code == 1
    last = run("disable", world.minh.email)
    assert (last.exit_code, "quản trị viên cuối cùng" in last.output) == (1, True)
    assert row(app, select(User.disabled_at).where(User.id == world.minh.id)) is None

"""Keys are changed without losing anything: what is sealed, what is signed, and who is signed in."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from click.testing import Result
from flask import Flask
from sqlmodel import Session, SQLModel, select

from assessments.models import ConcernOpening, Subscription, TestAccess
from assessments.publishing import SubscriptionWay
from registry import resealing, sealed
from registry.accounts import tokens
from registry.accounts.models import User
from registry.concerns import contacts
from registry.config import BadSetting, from_environment
from registry.subscriptions import tokens as subscribed
from registry.tickets import Tickets
from tests.conftest import CONCERN_KEY, SECRET, Browser
from tests.world import World

NEW, NEWER = "a new secret of the tests, long enough", "one that is newer and just as long as it"


@pytest.fixture
def secrets_in(app: Flask, world: World, session: Session) -> Flask:
    """A test account and an address of news, sealed by the settings as they are."""
    application = world.application()
    with app.app_context():
        account, reader = uuid4(), uuid4()
        session.add(
            TestAccess(
                id=account,
                application_id=application.id,
                label="Phụ huynh",
                added_by=world.an.id,
                sealed=sealed.ring(sealed.TEST_ACCESS).seal("mật khẩu", str(account)),
            )
        )
        session.add(
            Subscription(
                id=reader,
                way=SubscriptionWay.MAIL,
                mark="m",
                address=sealed.ring(sealed.SUBSCRIPTION).seal("a@b.example", str(reader)),
            )
        )
        session.commit()
    return app


def with_keys(app: Flask, **keys: Any) -> None:
    """Set other keys, as a restart with other settings does."""
    app.config["SETTINGS"] = settings = replace(app.config["SETTINGS"], **keys)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SECRET_KEY_FALLBACKS=list(settings.secret_key_old),
        WTF_CSRF_SECRET_KEY=settings.signing_keys,
    )


def reseal(app: Flask, *options: str) -> Result:
    return app.test_cli_runner().invoke(args=["keys", "reseal", *options])


def opened(app: Flask, session: Session) -> list[str]:
    """What the settings open of it."""
    session.expire_all()
    account, reader = session.exec(select(TestAccess)).one(), session.exec(select(Subscription)).one()
    with app.app_context():
        found = [
            sealed.ring(sealed.TEST_ACCESS).open(account.sealed or "", str(account.id)),
            sealed.ring(sealed.SUBSCRIPTION).open(reader.address, str(reader.id)),
        ]
    session.rollback()  # the command writes
    return found


def test_a_new_key_takes_over_and_the_old_one_can_go(secrets_in: Flask, session: Session) -> None:
    with_keys(secrets_in, encryption_key=(NEW,))
    checked = reseal(secrets_in, "--check")
    assert (checked.exit_code, checked.stdout.splitlines()[-1]) == (1, "2 left.")
    done = reseal(secrets_in)
    assert done.exit_code == 0
    assert "test_access.sealed\t1 sealed\t1 renewed\t0 under former keys" in done.stdout.splitlines()
    assert done.stdout.splitlines()[-1].startswith("Nothing is left")
    with_keys(secrets_in, secret_key=NEWER)  # neither is sealed with SECRET_KEY any more
    assert opened(secrets_in, session) == ["mật khẩu", "a@b.example"]
    assert reseal(secrets_in, "--check").exit_code == 0


def test_a_key_that_is_missing_is_told_and_nothing_is_lost(secrets_in: Flask, session: Session) -> None:
    with_keys(secrets_in, secret_key=NEW)
    result = reseal(secrets_in)
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (1, "2 left.")
    assert "opens with no key that is given (ENCRYPTION_KEY)" in result.stdout
    with_keys(secrets_in, secret_key_old=(SECRET,))
    assert opened(secrets_in, session) == ["mật khẩu", "a@b.example"]
    assert reseal(secrets_in).exit_code == 0


def test_contacts_of_concerns_and_halves_that_wait(app: Flask) -> None:
    """The two halves are renewed apart; together they open what they opened before."""
    place, opening = str(uuid4()), str(uuid4())
    with app.app_context():
        contact = contacts.seal("0900 000 000", place)
        asked = contacts.half_of_who_asks(contact, place, opening)
        with_keys(app, concern_key=(NEW, CONCERN_KEY))
        assert not contacts.is_newest(contact)
        later = contacts.renewed(contact, place)
        assert contacts.is_newest(later)
        row = ConcernOpening(id=opening, concern_id=place, asked_half=asked)
        half = next(one for one in resealing.PLACES if one.column == "asked_half").renewed(row, asked)
        with_keys(app, concern_key=(NEW,))
        confirmed = contacts.half_of_who_confirms(later, place, opening)
        assert contacts.opened(later, place, opening, half, confirmed) == "0900 000 000"
        with pytest.raises(sealed.Unreadable):
            contacts.half_of_who_asks(contact, place, opening)


def test_every_sealed_column_is_known() -> None:
    """Columns that say so in their model are in the table of the command."""
    named = {(one.table.__tablename__, one.column) for one in resealing.PLACES}
    suspects = {
        (table.name, column.name)
        for table in SQLModel.metadata.sorted_tables
        for column in table.columns
        if column.name in {"sealed", "contact", "secret", "asked_half", "confirmed_half"}
        or column.name.endswith("_sealed")
    }
    assert suspects <= named


def test_who_is_signed_in_stays_and_open_forms_are_taken(app: Flask, browser: Browser, world: World) -> None:
    browser.sign_in(world.an)
    token = browser.token("/account")
    with_keys(app, secret_key=NEW, secret_key_old=(SECRET,))
    assert browser.get("/account").status_code == 200
    assert browser.post("/sign-out", data={"csrf_token": token}).status_code == 302
    with_keys(app, secret_key_old=())
    browser.sign_in(world.an)
    assert browser.get("/account").status_code == 200


def test_links_in_letters_and_tickets_outlast_the_key(app: Flask, world: World, session: Session) -> None:
    tickets = Tickets("of a test")
    person = session.get_one(User, world.an.id)
    with app.test_request_context():
        link = tokens.issue(tokens.Purpose.RESET_PASSWORD, person)
        end = subscribed.issue(subscribed.Purpose.END, uuid4())
        (mark,) = subscribed.marks_of("email", "a@b.example")
        ticket = tickets.issue()
        made = tickets.read(ticket)
        assert made
        code = tickets.code_of(made, ticket)

        with_keys(app, secret_key=NEW, secret_key_old=(SECRET,))
        assert tokens.holder(session, tokens.Purpose.RESET_PASSWORD, link) is person
        assert subscribed.read(subscribed.Purpose.END, end)
        assert subscribed.marks_of("email", "a@b.example")[1] == mark
        assert (tickets.read(ticket), tickets.code_of(made, ticket)) == (made, code)
        newer = tickets.issue()
        assert tickets.code_of(made, newer) != code

        with_keys(app, secret_key_old=())
        assert tokens.holder(session, tokens.Purpose.RESET_PASSWORD, link) is None
        assert subscribed.read(subscribed.Purpose.END, end) is None
        assert tickets.read(ticket) is None
        assert tickets.read(newer)


@pytest.mark.parametrize("old", ["short", f"{SECRET},short"])
def test_old_keys_are_as_long_as_new_ones(old: str) -> None:
    with pytest.raises(BadSetting, match="SECRET_KEY_OLD"):
        from_environment({"SECRET_KEY": SECRET, "SECRET_KEY_OLD": old})
    given = from_environment({"SECRET_KEY": NEW, "SECRET_KEY_OLD": f"{SECRET}, {NEWER}"})
    assert given.signing_keys == [NEWER, SECRET, NEW]

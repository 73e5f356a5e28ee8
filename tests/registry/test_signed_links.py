"""Everything signed is good for one purpose, on one site, as it was written: nothing else takes it."""

from dataclasses import replace
from uuid import uuid4

import pytest
from flask import g
from itsdangerous import BadSignature, URLSafeSerializer

from registry import access, sealed
from registry.accounts import tokens as accounts
from registry.subscriptions import tokens as subscriptions
from registry.tickets import Tickets

FORMS = ("concerns", "complaints", "misuse")


def makers(user):
    """What makes a signed text, by its purpose."""
    return {
        **{f"accounts.{one}": lambda one=one: accounts.issue(one, user) for one in accounts.Purpose},
        **{f"subscriptions.{one}": lambda one=one: subscriptions.issue(one, uuid4()) for one in subscriptions.Purpose},
        **{form: lambda form=form: Tickets(form).issue() for form in FORMS},
        "upload": lambda: access.upload_token("/evidence/upload", {}),
    }


def readers(session):
    """What takes one, by its purpose."""
    return {
        **{
            f"accounts.{one}": lambda text, one=one: accounts.holder(session, one, text) is not None
            for one in accounts.Purpose
        },
        **{
            f"subscriptions.{one}": lambda text, one=one: subscriptions.read(one, text) is not None
            for one in subscriptions.Purpose
        },
        **{form: lambda text, form=form: Tickets(form).read(text) is not None for form in FORMS},
        "upload": holds,
    }


def holds(text):
    try:
        return bool(access._upload_signer().loads(text))
    except BadSignature:
        return False


@pytest.fixture
def signed(app, world, session):
    """In a request: one of each kind, and what reads each kind."""
    world.an.email_verified_at = None
    with app.test_request_context("/"):
        g.login_session = "a session"
        yield {name: make() for name, make in makers(world.an).items()}, readers(session)


def test_each_is_taken_for_its_own_purpose_and_for_no_other(signed):
    texts, takes = signed
    assert {(made, read) for made, text in texts.items() for read in takes if takes[read](text)} == {
        (name, name) for name in texts
    }


def test_no_changed_letter_passes(signed):
    texts, takes = signed
    for name, text in texts.items():
        for at in range(0, len(text), 7):
            other = "A" if text[at] != "A" else "B"
            changed = text[:at] + other + text[at + 1 :]
            signature_kept = takes[name](changed) and at < len(text) - 1  # the last letter of base64 has bits to spare
            assert not signature_kept, (name, at)
        assert not takes[name]("")
        assert not takes[name](text.rsplit(".", 1)[0])


def test_another_site_with_the_same_key_takes_none(app, signed):
    texts, takes = signed
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], public_url="https://other.example")
    assert [name for name, text in texts.items() if takes[name](text)] == []


def test_a_text_signed_for_nothing_is_good_for_nothing(app, signed):
    _, takes = signed
    forged = URLSafeSerializer(app.config["SECRET_KEY"]).dumps([uuid4().hex, "x", 2_000_000_000])
    assert [name for name in takes if takes[name](forged)] == []


def test_what_is_sealed_for_one_purpose_opens_for_no_other(app):
    purposes = (sealed.TEST_ACCESS, sealed.COMPLAINT, sealed.MISUSE, sealed.SUBSCRIPTION, sealed.SENT_TO)
    with app.app_context():
        for one in purposes:
            text = sealed.ring(one).seal("x", "place")
            for other in purposes:
                if other != one:
                    with pytest.raises(sealed.Unreadable):
                        sealed.ring(other).open(text, "place")

"""Hostile sessions, links and tokens: forged, used twice, for something else, of somebody else, fixed beforehand."""

import base64
import json
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from itsdangerous import URLSafeSerializer, URLSafeTimedSerializer
from sqlmodel import Session, select

from registry.accounts import tokens
from registry.accounts.models import User
from tests.hostile.cast import DRAFT, FORM_KEY, Target, grown, sealed
from tests.hostile.filling import send
from tests.hostile.test_uploads import FACTS, FILE, action
from tests.hostile.wire import FORM, MULTIPART, Answer, Line, form, multipart
from tests.site import SECRET
from tests.world import PASSWORD

OTHER = "another secret that is long enough for all"
WITHDRAW = f"/applications/{DRAFT}/withdraw"


def signed(secret: str, salt: str, value: object) -> str:
    return str(URLSafeTimedSerializer(secret, salt=salt).dumps(value))


FORM_TOKENS: dict[str, Callable[[Target], str]] = {
    "none": lambda _target: "",
    "nonsense": lambda _target: "x",
    "of another browser": lambda _target: signed(SECRET, "wtf-csrf-token", "d" * 40),
    "of another key": lambda _target: signed(OTHER, "wtf-csrf-token", FORM_KEY),
    "of another purpose": lambda _target: signed(SECRET, "upload", FORM_KEY),
    "the key itself": lambda _target: FORM_KEY,
    "cut": lambda target: target.token()[:-4],
    "longer": lambda target: target.token() + "x",
    "huge": lambda _target: "x" * 100_000,
    "old": lambda _target: "IiI.AAAAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAA",
}


@pytest.mark.parametrize("name", FORM_TOKENS)
@pytest.mark.parametrize("place", [WITHDRAW, "/company/facts", "/account/password", f"/applications/{DRAFT}/submit"])
def test_a_form_without_its_own_token_changes_nothing(target: Target, name: str, place: str) -> None:
    before = target.rows()
    answer = target.ask(Line("POST", place, (FORM,), form({"csrf_token": FORM_TOKENS[name](target)})), "an")
    # without any, the same text comes back in a page with a token of its own, to be sent by hand
    assert answer.status in ({200} if name == "none" else {400, 403, 404, 422})
    assert grown(before, target.rows()) == {}


def test_a_token_in_the_address_or_a_header_of_ours_is_needed_in_full(target: Target) -> None:
    before = target.rows()
    answer = target.ask(Line("POST", f"{WITHDRAW}?csrf_token={target.token()}", (FORM,), form({})), "an")
    assert answer.status == 400
    assert grown(before, target.rows()) == {}


COOKIES: dict[str, Callable[[Target], str]] = {
    "of a made-up session": lambda target: sealed(target.app, {"_user_id": "x" * 43, "_fresh": True}),
    "of a person's id": lambda target: sealed(target.app, {"_user_id": target.ids["minh"], "_fresh": True}),
    "of a number": lambda target: sealed(target.app, {"_user_id": 1}),
    "of a list": lambda target: sealed(target.app, {"_user_id": ["a", {"b": 1}]}),
    "of nothing": lambda target: sealed(target.app, {"_user_id": None}),
    "of zero": lambda target: sealed(target.app, {"_user_id": "a\0b"}),
    "of another key": lambda _target: "vcsc=" + signed(OTHER, "cookie-session", {"_user_id": "x"}),
    "unsigned": lambda _target: "vcsc=" + base64.urlsafe_b64encode(json.dumps({"_user_id": "x"}).encode()).decode(),
    "packed to burst": lambda _target: "vcsc=.eJw" + "A" * 3000,
    "cut": lambda target: target.cookies["minh"][:-3],
    "another's signature": lambda target: ".".join(
        (target.cookies["minh"].rpartition(".")[0], target.cookies["an"].rpartition(".")[2])
    ),
}


@pytest.mark.parametrize("name", COOKIES)
def test_a_cookie_that_was_not_given_here_is_nobody(target: Target, name: str) -> None:
    for place in ("/account", "/people", f"/applications/{DRAFT}"):
        answer = target.ask(Line(target=place, headers=(f"Cookie: {COOKIES[name](target)}",)))
        assert answer.status in {302, 303, 401}
        assert "/sign-in" in answer.header("Location")


def test_signing_in_gives_a_new_session_and_a_new_form_key(target: Target) -> None:
    before = sealed(target.app, {"csrf_token": FORM_KEY, "_user_id": "fixed" * 8, "planted": "x"})
    fields = {"email": "bao@botre.example", "password": PASSWORD, "csrf_token": target.token()}
    answer = target.ask(Line("POST", "/sign-in", (FORM, f"Cookie: {before}"), form(fields)))
    assert answer.status in {302, 303}
    given = session_cookie(answer)
    assert "HttpOnly" in given
    assert "SameSite=Lax" in given
    held = json.loads(_plain(given.partition("=")[2].partition(";")[0]))
    assert held["_user_id"] != "fixed" * 8
    assert "planted" not in held
    assert held.get("csrf_token") != FORM_KEY
    session = given.partition(";")[0]
    assert target.ask(Line(target="/account", headers=(f"Cookie: {session}",)), seen_by="bao").status == 200


def test_a_session_that_was_ended_stays_ended(target: Target) -> None:
    fields = {"email": "lan@club.example", "password": PASSWORD, "csrf_token": target.token()}
    answer = target.ask(Line("POST", "/sign-in", (FORM, f"Cookie: {target.cookies['nobody']}"), form(fields)))
    cookie = session_cookie(answer).partition(";")[0]
    key = json.loads(_plain(cookie.partition("=")[2]))
    page = target.ask(Line(target="/account", headers=(f"Cookie: {cookie}",)), seen_by="lan")
    assert page.status == 200
    out = {**key, "csrf_token": FORM_KEY}
    copied = sealed(target.app, out)
    ended = target.ask(Line("POST", "/sign-out", (FORM, f"Cookie: {copied}"), form({"csrf_token": target.token()})))
    assert ended.status in {302, 303}
    for one in (cookie, copied):
        answer = target.ask(Line(target="/account", headers=(f"Cookie: {one}",)))
        assert answer.status in {302, 303}


def session_cookie(answer: Answer) -> str:
    """The session a sign-in gave; beside it comes the mark of a known device."""
    [given] = [value for name, value in answer.headers if name.lower() == "set-cookie" and value.startswith("vcsc=")]
    return given


def _plain(cookie: str) -> str:
    """What a cookie of ours holds; anybody may read theirs."""
    packed = cookie.startswith(".")
    raw = cookie.lstrip(".").partition(".")[0]
    payload = base64.urlsafe_b64decode(raw + "=" * (-len(raw) % 4))
    return (zlib.decompress(payload) if packed else payload).decode()


def person(target: Target, email: str) -> User:
    with Session(target.engine, expire_on_commit=False) as session:
        return session.exec(select(User).where(User.email == email)).one()


def issued(target: Target, purpose: tokens.Purpose, email: str) -> str:
    with target.app.app_context():
        return tokens.issue(purpose, person(target, email))


LINK_TOKENS: dict[str, Callable[[Target], str]] = {
    "nonsense": lambda _target: "x",
    "for another purpose": lambda target: issued(target, tokens.Purpose.VERIFY_EMAIL, "ha@club.example"),
    "of another key": lambda target: str(
        URLSafeSerializer(OTHER, salt="accounts.reset_password").dumps(
            [target.ids["ha"].replace("-", ""), "x", 9_999_999_999]
        )
    ),
    "without a person": lambda _target: str(
        URLSafeSerializer(SECRET, salt="accounts.reset_password").dumps(["0" * 32, "x", 9_999_999_999])
    ),
    "of another shape": lambda _target: str(URLSafeSerializer(SECRET, salt="accounts.reset_password").dumps({"a": 1})),
    "with a list": lambda _target: str(
        URLSafeSerializer(SECRET, salt="accounts.reset_password").dumps([["x"], {"y": 1}, "z"])
    ),
    "with a moment that is none": lambda target: _with_moment(target, "soon"),
    "of long ago": lambda target: _with_moment(target, 1_000_000_000),
    "cut": lambda target: issued(target, tokens.Purpose.RESET_PASSWORD, "ha@club.example")[:-2],
    "path": lambda _target: "..%2f..%2fpeople",
    "zero": lambda _target: "a%00b",
}


def _with_moment(target: Target, moment: Any) -> str:
    ha = person(target, "ha@club.example")
    with target.app.app_context():
        mark = tokens.fingerprint(tokens.Purpose.RESET_PASSWORD, ha)
    return str(URLSafeSerializer(SECRET, salt="accounts.reset_password").dumps([ha.id.hex, mark, moment]))


@pytest.mark.parametrize("name", LINK_TOKENS)
def test_a_link_that_we_did_not_send_for_this_sets_no_password(target: Target, name: str) -> None:
    place = f"/reset-password/{LINK_TOKENS[name](target)}"
    typed = {"password": "một mật khẩu khác hẳn", "repeat": "một mật khẩu khác hẳn", "csrf_token": target.token()}
    known = person(target, "ha@club.example").password_hash
    for line in (Line(target=place), Line("POST", place, (FORM,), form(typed))):
        assert target.ask(line, "nobody").status in {200, 400, 404, 410, 302, 303}
    assert person(target, "ha@club.example").password_hash == known


def test_a_link_sets_one_password_once(target: Target) -> None:
    token = issued(target, tokens.Purpose.RESET_PASSWORD, "hung@club.example")
    place = f"/reset-password/{token}"
    for number, password in enumerate(("câu thứ nhất đủ dài nhé", "câu thứ hai cũng đủ dài")):
        known = person(target, "hung@club.example").password_hash
        typed = {"password": password, "repeat": password, "csrf_token": target.token()}
        target.ask(Line("POST", place, (FORM,), form(typed)), "nobody")
        assert (person(target, "hung@club.example").password_hash != known) is (number == 0)


UPLOAD_TOKENS: dict[str, Callable[[str], str]] = {
    "none": lambda address: address.partition("?")[0],
    "nonsense": lambda _address: "/evidence/upload?token=x",
    "for another place": lambda address: address.replace("/evidence/upload?", "/evidence/upload?ref=HS-2026-0002&"),
    "for another upload": lambda address: address.replace("/evidence/upload", "/evidence/uploads"),
    "twice": lambda address: address.replace("token=", "token=x&token="),
    "cut": lambda address: address[:-3],
}


@pytest.mark.parametrize("name", UPLOAD_TOKENS)
def test_a_file_comes_in_by_its_own_address_only(target: Target, name: str) -> None:
    before = target.rows()
    place = UPLOAD_TOKENS[name](action(target))
    answer = target.ask(Line("POST", place, (MULTIPART,), multipart(FACTS, FILE)), "an")
    assert answer.status in {400, 403, 404, 412}
    assert grown(before, target.rows()) == {}


def test_nor_does_a_stranger_send_by_it(target: Target) -> None:
    before = target.rows()
    answer = target.ask(Line("POST", action(target), (MULTIPART,), multipart(FACTS, FILE)), "bao")
    assert answer.status == 400
    assert grown(before, target.rows()) == {}


CURSORS = {
    "nonsense": "x",
    "no base64": "***",
    "another list's": base64.urlsafe_b64encode(b'["vendors","a"]').decode().rstrip("="),
    "deep": base64.urlsafe_b64encode(b"[" * 200).decode().rstrip("="),
    "deeper": base64.urlsafe_b64encode(b"[" * 220).decode(),
    "huge number": base64.urlsafe_b64encode(b'["products",' + b"9" * 180 + b"]").decode().rstrip("="),
    "no UTF-8": base64.urlsafe_b64encode(b"\xff\xfe\xfd").decode().rstrip("="),
    "object": base64.urlsafe_b64encode(b'{"products":1}').decode().rstrip("="),
    "SQL": base64.urlsafe_b64encode(b'["products","a\' OR 1=1 --"]').decode().rstrip("="),
    "zero": base64.urlsafe_b64encode(b'["products","a\\u0000"]').decode().rstrip("="),
}


@pytest.mark.parametrize("name", CURSORS)
@pytest.mark.parametrize("place", ["products", "events", "certificates"])
def test_a_cursor_of_somebodys_own_making_opens_nothing(target: Target, name: str, place: str) -> None:
    answer = target.ask(Line(target=f"/api/v1/{place}?cursor={CURSORS[name]}"))
    assert answer.status == (200 if (name, place) == ("SQL", "products") else 400)


def test_a_ticket_of_a_public_form_is_for_that_form(target: Target) -> None:
    before = target.rows()
    for ticket in (
        "x",
        signed(SECRET, "complaint", "0" * 32),
        signed(SECRET, "concern", "x"),
        signed("y" * 40, "concern", "0" * 32),
    ):
        typed = {"kind": "other", "text": "Nội dung giulaizq đủ dài để gửi.", "ticket": ticket}
        answer = send(target, "", "/concerns/write", "/concerns", typed)
        assert answer.status in {400, 422}
        assert "giulaizq" in answer.text
    assert grown(before, target.rows()) == {}

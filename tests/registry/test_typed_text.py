"""What people type is text wherever it comes back: decoded once, escaped for its place, and never a program."""

import contextlib
import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from html import escape
from smtplib import SMTPException

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from sqlmodel import select

from assessments.models import Answer, Application, Member
from registry.accounts import passwords
from registry.accounts.models import LoginSession, User, UserRole
from registry.mail.models import Letter
from registry.mail.transport import Smtp, message
from tests import mailbox
from tests.every_route import addresses
from tests.rows import letters, row, rows
from tests.world import PASSWORD

WICKED = [
    "%252e%252e%252f %3Cscript%3E &amp;lt;b&amp;gt;",
    "{{7*7}} {{config}} {% raw %} ${7*7} #{7*7} <%= 7*7 %>",
    "{0.__class__.__mro__} {self} %s%s%n %(min)d %",
    "<b>bold</b> \"double\" 'single' & </script><script>alert(1)</script>",
    "`;$(id)|id` || '; DROP TABLE answer; --",
]


@pytest.mark.parametrize("text", WICKED)
def test_it_comes_back_as_it_was_typed(app, world, browser, text):
    ref = world.application().ref
    browser.sign_in(world.an)
    page = f"/applications/{ref}/criteria/HN-01"
    assert browser.press(page, page, version="0", claim=text).status_code == 302
    assert row(app, select(Answer.claim)) == text
    shown = browser.get(page).text
    assert f"{escape(text, quote=False)}</textarea>" in shown.replace("&#39;", "'").replace("&#34;", '"')


@pytest.mark.parametrize("text", [*WICKED[:3], "Ừ"])
def test_names_stand_in_letters_as_they_were_typed(app, world, browser, text):
    world.an.name = text
    world.session.add(world.an)
    world.session.commit()
    browser.press("/forgot-password", "/forgot-password", email=world.an.email)
    (letter,) = letters(app, world.an.email)
    assert text in letter.body


def test_no_name_brings_a_line_into_the_head_of_a_letter(app, world, browser):
    for name in ("An\r\nBcc: evil@evil.example", "An%0d%0aBcc: evil@evil.example", "An\u2028Bcc: evil@evil.example"):
        world.an.name = name
        world.session.add(world.an)
        world.session.commit()
        browser.press("/forgot-password", "/forgot-password", email=world.an.email)
    form = {"email": "x@y.example\r\nBcc: evil@evil.example", "language": "vi", "password": PASSWORD}
    browser.press("/sign-up", "/sign-up", **form, name="An\r\nBcc: evil@evil.example", repeat=PASSWORD)
    settings = app.config["SETTINGS"]
    for one in rows(app, select(Letter)):
        sent = message(one, settings).as_bytes().decode().split("\n\n")[0]
        assert "evil" not in sent.replace("evil@evil", "evil") or "Bcc" not in sent
        assert message(one, settings)["Bcc"] is None
    broken = Letter(event="x", recipient="a@b.example", subject="a\nBcc: evil@evil.example", body="x")
    with pytest.raises(ValueError, match=r"newline|linefeed"):
        message(broken, settings)


def test_nobody_becomes_more_than_they_are_by_fields_that_a_form_does_not_have(app, world, browser, monkeypatch):
    monkeypatch.setattr("registry.errors.render_template", lambda *_, **__: "refused")
    ref = world.application().ref
    more = {
        **dict.fromkeys(("role", "roles", "member_role", "is_admin", "admin"), "admin"),
        **dict.fromkeys(("vendor_id", "user_id", "id", "created_by", "confirmed_by"), str(world.bo_tre.id)),
        **dict.fromkeys(("state", "status", "outcome"), "certified"),
        **dict.fromkeys(("is_active", "email_verified_at", "disabled_at", "moved_at", "password_hash"), "2020-01-01"),
        "edition_digest": "zqinjected",
        "ref": "HS-2026-9999",
        "level": "L3",
    }
    browser.sign_in(world.anh)
    token = browser.token("/account")
    for rule, path in addresses(app, "POST", ref):
        if rule.endpoint not in {"accounts.sign_out", "accounts.end_all", "company.leave_company"}:
            browser.post(path, data={"csrf_token": token, **more})
    person = row(app, select(User).where(User.id == world.anh.id))
    application = row(app, select(Application).where(Application.ref == ref))
    member = row(app, select(Member).where(Member.user_id == world.anh.id))
    assert rows(app, select(UserRole).where(UserRole.user_id == world.anh.id)) == []
    assert (person.password_hash, person.disabled_at) == (world.anh.password_hash, None)
    assert (application.vendor_id, application.state.value, application.edition_digest) == (
        world.hat_nang.id,
        "draft",
        "",
    )
    assert (member.vendor_id, member.role.value, member.left_at) == (world.hat_nang.id, "contributor", None)


def test_of_a_field_sent_twice_the_first_counts_and_the_address_is_no_form(app, world, browser):
    token = browser.token("/sign-in")
    form = {"csrf_token": token, "email": ["nobody@x.example", world.an.email], "password": ["x", PASSWORD]}
    assert browser.post("/sign-in", data=form).status_code == 422
    question = {"email": world.an.email, "password": PASSWORD}
    assert browser.post("/sign-in", data={"csrf_token": token}, query_string=question).status_code == 422
    assert rows(app, select(LoginSession)) == []


@pytest.mark.parametrize("number", ["-1", "0", "2147483648", "9223372036854775808", "1e308", "NaN", "٣", "1.5", "[]"])
def test_numbers_out_of_range_lead_nowhere(world, browser, number):
    for path in (
        "/transparency/%s",
        "/log/entries/%s",
        "/log/%s.json",
        "/products?page=%s",
        "/api/v1/products?limit=%s",
    ):
        assert browser.get(path % number).status_code in {200, 400, 404}, path


# --- passwords ---


def test_a_password_is_taken_sign_by_sign_to_its_end(app, world, browser):
    long = "một câu rất dài " * 6
    assert len(long) > 72
    hashed = passwords.hash_password(long + "a")
    assert passwords.verify(hashed, long + "a")
    assert not passwords.verify(hashed, long + "b")
    assert not passwords.verify(hashed, (long + "a").upper())
    assert passwords.fault("x" * 8 + "correct horse battery staple" * 2) == ""


def test_spaces_at_its_ends_belong_to_a_password(app, world, browser):
    world.an.password_hash = passwords.hash_password(f" {PASSWORD} ")
    world.session.add(world.an)
    world.session.commit()
    form = {"email": world.an.email}
    assert browser.press("/sign-in", "/sign-in", **form, password=PASSWORD).status_code == 422
    assert browser.press("/sign-in", "/sign-in", **form, password=f" {PASSWORD} ").status_code == 302


def test_what_is_kept_of_a_password_is_argon2id_of_owasps_strength(app):
    kind, version, values = passwords.hash_password("một câu dài dễ nhớ").split("$")[1:4]
    given = dict(one.split("=") for one in values.split(","))
    assert (kind, version) == ("argon2id", "v=19")
    assert (int(given["m"]) >= 19 * 1024, int(given["t"]) >= 2, int(given["p"]) >= 1) == (True, True, True)


def test_a_new_registry_has_nobody_in_it(app):
    assert rows(app, select(User)) == []


# --- what goes wrong ---


def test_a_rule_that_fails_opens_nothing(app, world, browser, monkeypatch):
    ref = world.application().ref
    browser.sign_in(world.an)
    app.testing = False
    monkeypatch.setattr("registry.access.require", lambda *_: [][0])
    for method in ("GET", "POST"):
        answer = browser.open(
            f"/applications/{ref}/withdraw", method=method, data={"csrf_token": browser.token("/account")}
        )
        assert answer.status_code == 500
        assert "Đèn Nhà" not in answer.text
    assert row(app, select(Application.state).where(Application.ref == ref)).value == "draft"


@pytest.mark.parametrize(
    "path", ["/.git/config", "/.env", "/static/", "/static", "/static/../config.py", "/var/registry.db"]
)
def test_nothing_lies_open_that_is_no_page(browser, path):
    assert browser.get(path).status_code == 404


# --- the line to other machines ---


def test_no_letter_goes_to_a_server_that_offers_no_tls_where_it_is_asked_for(app):
    letter = Letter(event="x", recipient="a@b.example", subject="x", body="zqsecret")
    mail = message(letter, app.config["SETTINGS"])
    with mailbox.opened() as box:
        for scheme in ("smtp+starttls", "smtps"):
            with pytest.raises((SMTPException, OSError)):
                Smtp(box.url.replace("smtp", scheme, 1)).send(mail)
        assert box.messages == []


def test_nor_to_one_whose_certificate_nobody_knows(app, tmp_path):
    letter = Letter(event="x", recipient="a@b.example", subject="x", body="zqsecret")
    with speaking_tls(tmp_path) as port, pytest.raises(ssl.SSLCertVerificationError):
        Smtp(f"smtps://localhost:{port}").send(message(letter, app.config["SETTINGS"]))


class speaking_tls:  # noqa: N801  used like a function
    """A server with a certificate it has signed itself, for one connection."""

    def __init__(self, folder):
        self.folder = folder

    def __enter__(self):
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
        begun = datetime.now(UTC) - timedelta(days=1)
        draft = x509.CertificateBuilder(name, name, key.public_key(), 1, begun, begun + timedelta(days=9))
        certificate = draft.sign(key, hashes.SHA256())
        pem, secret = serialization.Encoding.PEM, serialization.NoEncryption()
        private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, secret)
        (self.folder / "own.pem").write_bytes(private + certificate.public_bytes(pem))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.folder / "own.pem")
        self.listening = socket.create_server(("localhost", 0))
        self.thread = threading.Thread(target=self._answer, args=(context,))
        self.thread.start()
        return self.listening.getsockname()[1]

    def __exit__(self, *_):
        self.thread.join(10)
        self.listening.close()

    def _answer(self, context):
        line, _ = self.listening.accept()
        with line, contextlib.suppress(OSError):  # it goes away, as it should
            context.wrap_socket(line, server_side=True).close()

"""`flask --app registry doctor`: each check says that all is well where it is, and what is wrong where it is not."""

import io
import json
import os
import secrets as random
from collections import namedtuple
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event, text

from assessments.clock import now
from registry.doctor import commands, machine, outside, settings, tables
from registry.doctor.findings import Asked, Level
from registry.health import probes
from registry.mail.models import WORKER, Heartbeat, JobFailure, Letter
from tests import mailbox, tls
from tests.conftest import hasty
from tests.site import free_port

LONG = random.token_urlsafe(48)
ASKED = Asked()


@pytest.fixture
def examine(app):
    """What a check says, under other settings: [(check, level)] and everything that was said."""

    def look(check, asked=ASKED, **other):
        given = app.config["SETTINGS"]
        app.config["SETTINGS"] = replace(given, **other)
        try:
            with app.app_context():
                found = list(check(asked))
        finally:
            app.config["SETTINGS"] = given
        assert all(one.said.endswith(".") or ":" in one.said for one in found)
        assert all(bool(one.mend) == (one.level is not Level.WELL) for one in found)
        return found

    return look


def level(found):
    assert len(found) == 1
    return found[0].level.value


def test_a_mistyped_setting(examine, monkeypatch):
    assert level(examine(settings.names)) == "well"
    monkeypatch.setenv("TRUSTED_HOST", "registry.example")
    assert "TRUSTED_HOSTS?" in examine(settings.names)[0].mend


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"secret_key": LONG, "encryption_key": (LONG[::-1],)}, "well"),
        ({"secret_key": LONG}, "doubtful"),
        ({"secret_key": "abcdefgh" * 6, "encryption_key": (LONG,)}, "wrong"),
        ({"secret_key": LONG, "encryption_key": (LONG,), "metrics_token": "12345678" * 6}, "wrong"),
    ],
)
def test_secrets(examine, given, expected):
    assert level(examine(settings.secrets, **given)) == expected


@pytest.mark.parametrize(
    ("given", "expected", "named"),
    [
        ({"public_url": "https://a.example", "trusted_hosts": ("a.example",), "proxy_hops": 1}, "well", ""),
        ({"public_url": "http://a.example", "trusted_hosts": ("a.example",)}, "wrong", "https"),
        ({"public_url": "https://a.example", "trusted_hosts": ("b.example",)}, "wrong", "TRUSTED_HOSTS"),
        ({"public_url": "https://a.example", "trusted_hosts": ("a.example",)}, "doubtful", "PROXY_HOPS"),
        ({}, "doubtful", "https"),
    ],
)
def test_the_address(examine, given, expected, named):
    found = examine(settings.address, **given)
    assert level(found) == expected
    assert named in found[0].mend


def test_senders(examine):
    real = {"mail_url": "smtps://mail.example", "mail_from": "VCSC <a@b.example>", "office_email": "o@b.example"}
    assert level(examine(settings.senders, **real)) == "well"
    assert level(examine(settings.senders)) == "doubtful"
    assert "OFFICE_EMAIL" in examine(settings.senders, **{**real, "office_email": "o@localhost"})[0].said
    assert "MAIL_FROM" in examine(settings.senders, **{**real, "mail_from": "VCSC <a@localhost>"})[0].said


def test_what_others_can_read(examine, tmp_path, monkeypatch):
    monkeypatch.setattr("registry.doctor.settings._others_get_in", lambda path: path == tmp_path)
    assert str(tmp_path) in examine(settings.modes)[0].said
    monkeypatch.undo()
    tmp_path.chmod(0o700)
    assert settings._others_get_in(tmp_path) is False
    assert settings._others_get_in(tmp_path / "nothing") is False
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert level(examine(settings.modes)) in {"doubtful", "wrong"}  # as the folder of the database allows
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr("registry.doctor.settings._others_get_in", lambda _path: False)
    assert level(examine(settings.modes)) == "well"


def test_signing_keys(examine, tmp_path):
    assert level(examine(settings.keys)) == "well"
    assert level(examine(settings.keys, keys_dir=str(tmp_path / "none"))) == "wrong"


def test_the_database(examine, app, session):
    engine = app.extensions["engine"]
    if engine.dialect.name == "sqlite":  # the tests wait for no disk: what the doctor warns of
        assert "synchronous=0 instead of 2" in examine(tables.database)[0].said
        event.remove(engine, "connect", hasty)
        engine.dispose()
    assert level(examine(tables.database)) == "well"
    session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    session.commit()
    try:
        assert "of version 0001" in examine(tables.database)[0].said
        assert "db upgrade" in examine(tables.database)[0].mend
    finally:
        newest = tables.ScriptDirectory(str(tables.MIGRATIONS)).get_current_head()
        session.execute(text(f"UPDATE alembic_version SET version_num = '{newest}'"))  # noqa: S608  our own
        session.commit()


def test_a_database_that_does_not_answer(examine, monkeypatch):
    def gone(**_options):
        raise tables.SQLAlchemyError("gone")

    monkeypatch.setattr("registry.db.open_session", gone)
    assert "DATABASE_URL" in examine(tables.database)[0].mend


def test_a_database_that_keeps_no_promises():
    class Lax:
        def __init__(self, said):
            self.said = said

        def scalar(self):
            return self.said

    said = {"PRAGMA journal_mode": "delete", "PRAGMA foreign_keys": 0, "PRAGMA synchronous": 2}
    assert tables._lax(lambda asked: Lax(said[asked])) == [
        "journal_mode=delete instead of wal",
        "foreign_keys=0 instead of 1",
    ]


def test_clocks(examine, session):
    assert level(examine(tables.clocks)) == "well"
    session.add(Heartbeat(name=WORKER, at=now() + timedelta(hours=2)))
    session.commit()
    found = examine(tables.clocks)
    assert level(found) == "wrong"
    assert "timedatectl" in found[0].mend


def test_the_storage(examine, app, monkeypatch):
    kept = app.extensions["storage"]
    assert level(examine(tables.files)) == "well"
    assert list(kept.names()) == []
    monkeypatch.setattr(type(kept), "open", lambda _self, _name: io.BytesIO(b"other"))
    assert "other bytes" in examine(tables.files)[0].said
    monkeypatch.undo()
    (kept.root / "incoming").rmdir()
    (kept.root / "incoming").touch()
    assert level(examine(tables.files)) == "wrong"


def test_disks(examine, monkeypatch):
    usage = namedtuple("usage", "free")
    for free, expected in ((10 * 1024**3, "well"), (2 * 1024**3, "doubtful"), (1000, "wrong")):
        monkeypatch.setattr("shutil.disk_usage", lambda _folder, free=free: usage(free))
        assert level(examine(tables.disks)) == expected


def test_the_worker(examine, session):
    assert "yet" in examine(tables.worker)[0].said
    session.add(Heartbeat(name=WORKER, at=now()))
    session.commit()
    assert level(examine(tables.worker)) == "well"
    session.add(JobFailure(name="send_letters", error="OSError"))
    session.commit()
    assert "send_letters (OSError)" in examine(tables.worker)[0].said
    session.get(JobFailure, "send_letters").mended_at = now()
    session.get(Heartbeat, WORKER).at = now() - timedelta(minutes=5)
    session.commit()
    assert "No worker was seen since" in examine(tables.worker)[0].said


def test_queues(examine, session):
    assert level(examine(tables.queues)) == "well"
    fields = {"recipient": "a@b.example", "subject": "x", "body": "x"}
    session.add(Letter(event="lost", given_up_at=now(), **fields))
    session.commit()
    assert level(examine(tables.queues)) == "doubtful"
    session.add(Letter(event="late", due_at=now() - timedelta(minutes=40), **fields))
    session.commit()
    assert "1 letters wait, the oldest for 40 minutes" in examine(tables.queues)[0].said


def test_backups(examine, tmp_path):
    folder = tmp_path / "backups"
    assert level(examine(tables.backups)) == "doubtful"
    assert "none" in examine(tables.backups, Asked(backups=folder))[0].said
    folder.mkdir()
    assert level(examine(tables.backups, Asked(backups=folder))) == "wrong"
    (folder / "2026-11-27").mkdir()
    assert level(examine(tables.backups, Asked(backups=folder))) == "well"
    old = now().timestamp() - 40 * 3600
    os.utime(folder / "2026-11-27", (old, old))
    assert "40 hours" in examine(tables.backups, Asked(backups=folder))[0].said


def test_open_files(examine, monkeypatch):
    import resource  # noqa: PLC0415

    assert level(examine(tables.user)) in {"well", "doubtful"}
    monkeypatch.setattr(resource, "getrlimit", lambda _what: (256, 256))
    assert level(examine(tables.user)) == "doubtful"


def test_the_mail_server(examine):
    assert level(examine(outside.mail)) == "well"
    with mailbox.opened() as box:
        assert level(examine(outside.mail, mail_url=box.url)) == "well"
        assert box.messages == []
    assert level(examine(outside.mail, mail_url=f"smtp://127.0.0.1:{free_port()}")) == "wrong"


def test_the_scanner(examine, monkeypatch):
    assert level(examine(outside.harmful)) == "doubtful"
    assert level(examine(outside.harmful, clamd_url=f"tcp://127.0.0.1:{free_port()}")) == "wrong"
    monkeypatch.setattr("registry.scanner.Scanner.ping", lambda _self: True)
    assert level(examine(outside.harmful, clamd_url="tcp://127.0.0.1:3310")) == "well"
    monkeypatch.setattr("registry.scanner.Scanner.ping", lambda _self: False)
    assert "no clamd" in examine(outside.harmful, clamd_url="tcp://127.0.0.1:3310")[0].said


def forwarded(app, **headers):
    """The application behind a proxy that says these things; a + in front adds to what came."""

    def proxy(environ, start_response):
        for name, value in headers.items():
            if value.startswith("+"):
                value = f"{environ.get(name, '')}, {value[1:]}"
            environ[name] = value
        return app.wsgi_app(environ, start_response)

    return proxy


@pytest.mark.parametrize(
    ("headers", "hops", "expected"),
    [
        ({}, 0, "The site sees visitors as they come."),
        ({"HTTP_X_FORWARDED_FOR": "+127.0.0.1", "HTTP_X_FORWARDED_PROTO": "http"}, 1, "The site sees visitors as they"),
        ({}, 1, "A visitor can claim any address"),
        ({"HTTP_X_FORWARDED_FOR": "+127.0.0.1", "HTTP_X_FORWARDED_PROTO": "http"}, 2, "A visitor can claim any"),
        ({"HTTP_X_FORWARDED_FOR": "127.0.0.1", "HTTP_X_FORWARDED_PROTO": "http"}, 2, "PROXY_HOPS is 2, and only 1"),
        ({"HTTP_X_FORWARDED_FOR": "+127.0.0.1"}, 0, "There is a proxy in front"),
        ({"HTTP_X_FORWARDED_FOR": "+127.0.0.1", "HTTP_X_FORWARDED_PROTO": "https"}, 1, "The site believes to be asked"),
    ],
)
def test_proxies(settings, examine, app, headers, hops, expected):
    from werkzeug.middleware.proxy_fix import ProxyFix  # noqa: PLC0415

    if hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)
    with tls.serving(forwarded(app, **headers)) as port:
        found = examine(outside.front, public_url=f"http://localhost:{port}", proxy_hops=hops)
    assert found[0].said.startswith(expected)


def test_a_front_that_is_not_there_or_not_ours(examine):
    assert "cannot be reached" in examine(outside.front, public_url=f"http://localhost:{free_port()}")[0].said

    def other(_environ, start_response):
        start_response("200 OK", [("Content-Type", "text/html")])
        return [b"<p>Welcome to nginx"]

    with tls.serving(other) as port:
        found = examine(outside.front, public_url=f"http://localhost:{port}")
    assert "not as this site" in found[0].said
    assert examine(outside.front, Asked(outside=False)) == []


def test_only_the_doctor_is_told_how_a_request_looks(app, browser):
    for proof in ("", "x", probes.signed("another key")):
        assert browser.get("/healthz", headers={"Authorization": f"Probe {proof}"}).json == {"status": "ok"}
    good = probes.signed(app.secret_key)
    assert set(browser.get("/healthz", headers={"Authorization": f"Probe {good}"}).json) == {"status", "seen"}
    assert browser.get(f"/healthz?probe={good}").json == {"status": "ok"}


@pytest.mark.parametrize(("days", "expected"), [(60, "well"), (10, "doubtful"), (2, "wrong"), (-1, "wrong")])
def test_the_certificate_of_tls(examine, app, tmp_path, days, expected):
    files = tls.certificate(tmp_path, days)
    asked = Asked(authorities=str(files[0]))
    with tls.serving(app, files) as port:
        assert level(examine(outside.certificate, asked, public_url=f"https://localhost:{port}")) == expected


def test_a_certificate_of_another_name_or_of_nobody(examine, app, tmp_path):
    files = tls.certificate(tmp_path, name="elsewhere.example")
    with tls.serving(app, files) as port:
        address = f"https://localhost:{port}"
        assert "refused" in examine(outside.certificate, Asked(authorities=str(files[0])), public_url=address)[0].said
        assert "refused" in examine(outside.certificate, public_url=address)[0].said
    assert level(examine(outside.certificate, public_url=address)) == "wrong"


def test_fonts_and_the_time_zone(examine, monkeypatch, tmp_path):
    assert [level(examine(check)) for check in (machine.fonts, machine.zone)] == ["well", "well"]
    monkeypatch.setattr("registry.doctor.machine.FONTS", tmp_path)
    assert level(examine(machine.fonts)) == "wrong"
    monkeypatch.setattr("registry.doctor.machine.ZONE", "Asia/Nowhere")
    assert level(examine(machine.zone)) == "wrong"


def test_the_command(app, monkeypatch):
    ran = app.test_cli_runner().invoke(args=["doctor", "--offline"])
    assert ran.exit_code == 1
    assert "!!  worker: No worker was seen yet." in ran.output
    assert "      -> systemctl restart registry-worker" in ran.output
    found = json.loads(app.test_cli_runner().invoke(args=["doctor", "--offline", "--json"]).output)
    assert {one["check"] for one in found} >= {"database", "storage", "worker", "fonts"}
    assert {*found[0]} == {"check", "level", "said", "mend"}
    for check, code in ((machine.zone, 0), (settings.senders, 3)):
        monkeypatch.setattr(commands, "CHECKS", (check,))
        assert app.test_cli_runner().invoke(args=["doctor"]).exit_code == code


def test_a_check_that_fails_itself_is_told(app, monkeypatch):
    def broken(_asked):
        raise OSError("a secret of the machine")
        yield

    monkeypatch.setattr(commands, "CHECKS", (broken, machine.zone))
    ran = app.test_cli_runner().invoke(args=["doctor"])
    assert ran.exit_code == 1
    assert "broken: This could not be looked at: OSError." in ran.output
    assert "secret of the machine" not in ran.output
    assert "time zone" in ran.output


def test_nothing_secret_is_said(app):
    said = app.test_cli_runner().invoke(args=["doctor", "--offline", "--json"]).output
    assert app.config["SETTINGS"].secret_key not in said
    assert app.config["SETTINGS"].concern_key[0] not in said

"""Several web processes on one database: what one writes, the others show at once, or a second later at most."""

import os
import threading
import time
import urllib.request
from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from assessments import certificates, clock
from assessments.clock import now, today
from assessments.states import CertificateAction
from registry import create_app, db, identity
from registry.accounts import attempts, sessions
from registry.accounts.models import Attempts
from registry.mail.models import Letter
from tests import copying
from tests import world as world_of_tests
from tests.appealing import CHANGE
from tests.conftest import Browser
from tests.deciding import certified
from tests.machines import Person, machines
from tests.rows import row, rows

SAID = {
    "name_vi": "Câu lạc bộ Mái Ấm",
    "name_en": "Warm Roof Club",
    "short_name": "MA",
    "wording": "B",
    "logo": "shield",
    "site_name_vi": "Danh mục Mái Ấm",
    "site_name_en": "Warm Roof Register",
    "email": "thu@mai-am.example",
}


@pytest.fixture
def other(app, settings, compiled_templates):
    """Another process of the same site: an app with memory of its own."""
    made = create_app(settings)
    made.config["TESTING"] = True
    made.jinja_env.bytecode_cache = compiled_templates
    made.test_client_class = Browser
    yield made.test_client()
    made.extensions["engine"].dispose()


def test_a_withdrawn_certificate_is_withdrawn_in_every_process_at_once(browser, other, world):
    certificate = certified(world)
    number, slug = certificate.number, certificate.content["product"]["slug"]
    places = [f"/c/{number}", f"/c/{number}.svg", f"/c/{number}.json", f"/products/{slug}", "/products", "/"]
    places += [f"/api/v1/certificates/{number}", f"/api/v1/products/{slug}", "/verify/snapshot.json"]
    before = {place: other.get(place).data for place in places}
    assert all(other.get(place).status_code == 200 for place in places)
    event = certificates.propose(world.session, world.giang, number, CertificateAction.WITHDRAW, CHANGE)
    certificates.confirm(world.session, world.hung, number, event.number)
    world.session.commit()
    assert [place for place in places if other.get(place).data == before[place] and place != "/"] == []
    assert "Đã thu hồi" in other.get(f"/c/{number}").text
    assert other.get(f"/c/{number}.json").json["status"] == "withdrawn"
    assert other.get("/products?status=withdrawn").text.count("Đã thu hồi") >= 2


def test_who_the_club_is_follows_within_a_second(app, browser, other, world):
    assert "Mái Ấm" not in other.get("/about").text
    browser.sign_in(world.minh)
    page = "/identities/new"
    browser.press(page, page=page, **{**SAID, "starts_on": today().isoformat()})
    assert identity.SECONDS <= 1
    kept = other.application.extensions[identity.KEPT]
    other.application.extensions[identity.KEPT] = (kept[0] - 1.01, kept[1])  # a second later
    assert SAID["name_vi"] in other.get("/about").text


def test_a_session_is_the_same_in_every_process_and_ends_in_all(app, browser, other, world):
    browser.sign_in(world.minh)
    assert browser.get("/account").status_code == 200
    cookie = browser.get_cookie(app.config["SESSION_COOKIE_NAME"])
    other.set_cookie(app.config["SESSION_COOKIE_NAME"], cookie.value)
    assert other.get("/account").status_code == 200
    with app.app_context(), db.writing() as session:
        sessions.end_all(session, world.minh.id)
    assert browser.get("/account").status_code == 302
    assert other.get("/account").status_code == 302


@pytest.mark.skipif("DATABASE_URL" not in os.environ, reason="for PostgreSQL: on SQLite each process counts alone")
def test_the_api_is_counted_for_all_processes_with_few_writes(app, browser, other):
    both = (browser, other)
    for one in both:
        one.application.config["SETTINGS"] = replace(one.application.config["SETTINGS"], api_per_minute=40)
    moment = now()
    with clock.at(moment):
        for one in both:
            assert {one.get("/api/v1").status_code for _each in range(4)} == {200}
        assert rows(app, select(Attempts)) == []  # few requests are nobody else's business
        answers = [one.get("/api/v1").status_code for _each in range(30) for one in both]
        assert answers[:32] == [200] * 32
        assert answers[32:] == [429] * 28
        assert row(app, select(Attempts)).count == 48  # twice a tenth too much, and then neither asked again
        assert browser.get("/api/v1", environ_base={"REMOTE_ADDR": "203.0.113.7"}).status_code == 200
    with clock.at(moment + timedelta(seconds=61)):
        assert {one.get("/api/v1").status_code for one in both for _each in range(10)} == {200}


@pytest.mark.skipif("DATABASE_URL" not in os.environ, reason="for PostgreSQL: on SQLite each process counts alone")
def test_where_the_count_cannot_be_asked_a_process_goes_by_its_own(app, browser, monkeypatch):
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], api_per_minute=20)

    def gone(*_arguments):
        raise OperationalError("insert", {}, Exception("gone"))

    monkeypatch.setattr(attempts, "count_on", gone)
    assert [browser.get("/api/v1").status_code for _each in range(22)] == [200] * 20 + [429] * 2


@pytest.mark.skipif("DATABASE_URL" not in os.environ or copying.nginx() is None, reason="for PostgreSQL and nginx")
def test_three_web_processes_and_two_workers_are_one_site(app, world, tmp_path):
    number = certified(world).number
    letters = [_letter(world.session, place) for place in range(40)]
    world.session.commit()
    with machines(tmp_path) as site:
        person = Person()
        person.sign_in(site.site.url, "an@hatnang.example", world_of_tests.PASSWORD)
        for port in site.ports:  # one session, whatever process answers
            assert "/account\n" in person.get(f"http://localhost:{port}/account")
        assert all("Còn hiệu lực" in site.text(f"/c/{number}", port) for port in site.ports)
        _withdraw(world, number)
        assert all("Đã thu hồi" in site.text(f"/c/{number}", port) for port in site.ports)
        for port in site.ports:  # a rolling upgrade
            with _asking(site.site.url) as answers:
                site.restart(port)
            assert set(answers) == {200}
            assert len(answers) > 3
        _until(lambda: len(site.site.messages("nobody@club.example")) >= len(letters))
        subjects = Counter(one["Subject"] for one in site.site.messages("nobody@club.example"))
        assert set(subjects.values()) == {1}
        assert len(subjects) == len(letters)
    answer = app.test_cli_runner().invoke(args=["audit", "verify"])
    assert answer.exit_code == 0, answer.output


def _letter(session, place):
    letter = Letter(event=f"test/{place}", recipient="nobody@club.example", subject=f"Thư {place:02}", body="Chào.")
    session.add(letter)
    return letter


def _withdraw(world, number):
    event = certificates.propose(world.session, world.giang, number, CertificateAction.WITHDRAW, CHANGE)
    certificates.confirm(world.session, world.hung, number, event.number)
    world.session.commit()


@contextmanager
def _asking(url):
    """Somebody reads the catalogue all the while; what was answered."""
    answers, over = [], threading.Event()

    def ask():
        while not over.is_set():
            try:
                with urllib.request.urlopen(f"{url}/products", timeout=20) as answer:  # noqa: S310  our own site
                    answers.append(answer.status)
            except OSError as error:
                answers.append(getattr(error, "code", repr(error)))

    reader = threading.Thread(target=ask)
    reader.start()
    try:
        yield answers
    finally:
        over.set()
        reader.join()


def _until(true):
    until = time.monotonic() + 30
    while not true() and time.monotonic() < until:
        time.sleep(0.1)

"""Who the club is, by day: pages, letters and documents take what holds on their day, and the past stays."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlmodel import select

from assessments import clock, identities
from assessments.clock import now, today
from assessments.errors import Invalid, NotAllowed, NotFound, WrongState
from assessments.models import Certificate, HistoryEntry, Identity, IssuingBody
from registry import identity
from registry.certificates import scope
from registry.certificates.standing import shown_of
from registry.issuing import bodies
from registry.mail import outbox
from tests import deciding
from tests.rows import row, rows

NEW = "/identities/new"
SAID = {
    "name_vi": "Câu lạc bộ Mái Ấm",
    "name_en": "Warm Roof Club",
    "short_name": "MA",
    "site_name_vi": "Danh mục Mái Ấm",
    "site_name_en": "Warm Roof Register",
    "wording": "B",
    "logo": "shield",
    "email": "thu@mai-am.example",
}


@contextmanager
def refused(engine):
    """Every connection is in other hands."""

    def taken(*_arguments):
        raise NoConnection

    event.listen(engine, "checkout", taken)
    try:
        yield
    finally:
        event.remove(engine, "checkout", taken)


def facts(**more):
    """What is said of the club."""
    return identities.Facts(**{**SAID, **more})


def set_from(session, app, day, **more):
    """Set by the command line."""
    identities.set_from(session, None, day, facts(**more))
    session.commit()
    identity.forget(app)


def test_the_settings_say_who_the_club_is_until_it_is_set(app, browser, world, settings):
    with app.app_context():
        assert identity.on(language="vi").name == settings.issuer_vi
        assert identity.on(language="en").email == settings.office_email
    assert settings.site_name_vi in browser.get("/about").text


def test_one_reads_for_all_and_the_others_do_not_wait_for_a_connection(app, browser, world, session):
    """As many requests as there are connections, all of which want to know, would wait for each other."""
    set_from(session, app, today())
    with app.app_context():
        assert identity.on(language="en").site_name == "Warm Roof Register"
        read_at, known = app.extensions[identity.KEPT]
        app.extensions[identity.KEPT] = (read_at - identity.SECONDS - 1, known)
        with identity._turn, refused(app.extensions["engine"]):  # somebody reads
            assert identity.on(language="en").site_name == "Warm Roof Register"
        with refused(app.extensions["engine"]):  # nobody does, and none is to be had
            assert identity.on(language="en").site_name == "Warm Roof Register"
        assert app.extensions[identity.KEPT][0] > read_at  # the next second asks again, not the next request


def test_what_the_settings_say_is_put_together_once_and_follows_them(app, settings):
    other = replace(settings, issuer_en="Another Club")
    with app.app_context():
        assert identity.row_of(today()) is identity.row_of(today())
        app.config["SETTINGS"] = other
        assert identity.on(language="en").name == "Another Club"


def test_set_in_the_browser_after_a_look_and_seen_everywhere(app, browser, world):
    browser.sign_in(world.minh)
    said = {**SAID, "starts_on": today().isoformat()}
    preview = browser.press("/identities/preview", page=NEW, **said)
    assert preview.status_code == 200
    assert ["Warm Roof Register" in preview.text, "Giấy xác nhận kết quả đánh giá" in preview.text] == [True, True]
    assert rows(app, select(Identity)) == []
    assert browser.press(NEW, page=NEW, **said).status_code == 302
    assert row(app, select(Identity)).set_by == world.minh.id
    assert rows(app, select(HistoryEntry).order_by(HistoryEntry.seq))[-1].action == "set_identity"
    anybody = app.test_client()
    page = anybody.get("/about").text
    assert ["Danh mục Mái Ấm" in page, "Câu lạc bộ Mái Ấm" in page, "thu@mai-am.example" in page] == [True] * 3
    assert "Warm Roof Register" in anybody.get("/en/members").text
    assert "giấy xác nhận kết quả đánh giá" in anybody.get("/verify").text.lower()
    with app.app_context():
        subject, body = outbox.rendered(outbox.Mail("x", "a@b.example", "vi", "password_changed", {"name": "An"}))
        assert "Câu lạc bộ Mái Ấm" in body
        assert "thu@mai-am.example" in body
        assert subject


def test_a_day_to_come_waits_and_can_be_taken_back(app, session, browser, world, settings):
    day = today() + timedelta(days=10)
    set_from(session, app, day)
    assert settings.site_name_vi in browser.get("/about").text
    with clock.at(now() + timedelta(days=10)):
        assert "Danh mục Mái Ấm" in browser.get("/about").text
    browser.sign_in(world.minh)
    page = browser.get("/identities").text
    assert "Câu lạc bộ Mái Ấm" in page
    assert browser.press(f"/identities/{day}/drop", page="/identities").status_code == 302
    assert rows(app, select(Identity)) == []
    assert browser.press("/identities/never/drop", page=NEW).status_code == 404


def test_the_issuing_body_is_the_club_of_the_day_unless_another_was_set(app, session, world):
    day = today() + timedelta(days=5)
    set_from(session, app, day)
    with app.app_context():
        assert bodies.issuer(session, day).vi == "Câu lạc bộ Mái Ấm"
        bodies.take_over(session, day, bodies.Naming("Viện Trẻ Em", "Institute"))
        assert bodies.issuer(session, day).vi == "Viện Trẻ Em"
        assert identity.on(day, "vi").name == "Câu lạc bộ Mái Ấm"


def test_a_certificate_keeps_the_words_of_its_day(app, session, browser, world):
    certificate = deciding.certified(world)
    session.commit()
    set_from(session, app, today() + timedelta(days=2))
    with clock.at(now() + timedelta(days=3)), app.app_context():
        shown = shown_of(session, session.get_one(Certificate, certificate.id))
        assert scope.title(shown) == "Giấy chứng nhận"
        page = browser.get(f"/c/{certificate.number}").text
        assert "giấy xác nhận kết quả đánh giá" in page.lower()
        assert shown.certificate.content["issuer"]["vi"] in page


def test_the_issuing_body_is_set_in_the_browser_too(app, browser, world):
    browser.sign_in(world.minh)
    page = "/identities/issuing-body"
    said = {"starts_on": today().isoformat(), "vi": "Viện Trẻ Em", "en": "Institute for Children"}
    refused = browser.press(page, page=page, **said, signatory="Trần Hoa Lá")
    assert (refused.status_code, "chức vụ" in refused.text) == (422, True)
    assert browser.press(page, page=page, **said).status_code == 302
    assert row(app, select(IssuingBody)).name_vi == "Viện Trẻ Em"
    assert browser.press(page, page=page, **said).status_code == 422
    assert "Viện Trẻ Em" in browser.get("/identities").text


@pytest.mark.parametrize(
    "wrong",
    [
        {"starts_on": "2020-01-01"},
        {"name_vi": ""},
        {"email": "không phải thư"},
        {"wording": "C"},
        {"logo": "../../x"},
        {"website": "javascript:alert(1)"},
        {"address_vi": "Chỉ tiếng Việt"},
    ],
)
def test_what_makes_no_sense_keeps_what_was_typed(app, browser, world, wrong):
    browser.sign_in(world.minh)
    answer = browser.press(NEW, page=NEW, **{**SAID, "starts_on": today().isoformat(), **wrong})
    assert (answer.status_code, "Warm Roof Club" in answer.text) == (422, True)
    assert rows(app, select(Identity)) == []


@pytest.mark.parametrize("who", ["chi", "an", "giang", "lan"])
def test_administrators_set_it_and_nobody_else(browser, world, who):
    browser.sign_in(getattr(world, who))
    assert {browser.get(path).status_code for path in ("/identities", NEW, "/identities/issuing-body")} == {404}


def test_verbs_refuse_others_the_past_and_what_has_begun(session, world):
    with pytest.raises(NotAllowed):
        identities.set_from(session, world.chi, today(), facts())
    with pytest.raises(Invalid):
        identities.set_from(session, world.minh, date(2020, 1, 1), facts())
    with pytest.raises(Invalid):
        identities.set_from(session, world.minh, today(), facts(funding_vi="x"))
    with pytest.raises(NotFound):
        identities.drop(session, world.minh, today())
    identities.set_from(session, world.minh, today(), facts())
    identities.set_from(session, world.minh, today(), facts(short_name="MAC"))
    assert session.exec(select(Identity)).one().short_name == "MAC"
    with pytest.raises(WrongState):
        identities.drop(session, world.minh, today())


def test_the_command_says_what_changes_and_leaves_the_rest(app, session, world, settings):
    run = app.test_cli_runner().invoke
    assert run(args=["identity", "set", "--short-name", "MA", "--wording", "B"]).exit_code == 0
    kept = session.exec(select(Identity)).one()
    assert (kept.name_vi, kept.short_name, kept.wording) == (settings.issuer_vi, "MA", "B")
    assert run(args=["identity", "set", "--from", "2020-01-01"]).exit_code != 0
    assert settings.issuer_vi in run(args=["identity", "list"]).output


@pytest.mark.parametrize("name", identity.LOGOS)
def test_every_mark_is_drawn_from_what_is_shipped(app, session, browser, world, name):
    set_from(session, app, today(), logo=name)
    page = browser.get("/about").text
    drawn = page.split('<symbol id="logo"')[1].split("</symbol>")[0]
    assert drawn.count("<path") == 2

"""The issuing body: a setting with a date, frozen into each certificate."""

from datetime import timedelta

import pytest
from sqlmodel import select

from assessments import clock
from assessments.models import Certificate, IssuingBody
from registry.issuing import bodies
from tests.deciding import in_decision

NAMES = ("--vi", "Viện Bảo vệ trẻ em", "--en", "Institute for Children")
SIGNS = ("--signatory", "Trần Thị Mai", "--office-vi", "Viện trưởng", "--office-en", "Director")


@pytest.fixture
def run(app):
    """`issuing-body ...`."""

    def run(*arguments, fails=False):
        done = app.test_cli_runner().invoke(args=["issuing-body", *arguments])
        assert (done.exit_code != 0) == fails, done.output
        return done.output

    return run


def test_the_settings_name_the_body_until_one_is_set(app, run, session, settings):
    with app.app_context():
        assert (bodies.issuer(session).vi, bodies.issuer(session).signatory) == (settings.issuer_vi, None)
        session.rollback()
        run("set", *NAMES, *SIGNS)
        assert bodies.issuer(session).to_dict() == {
            "vi": "Viện Bảo vệ trẻ em",
            "en": "Institute for Children",
            "signatory": {"name": "Trần Thị Mai", "vi": "Viện trưởng", "en": "Director"},
        }
        session.rollback()
    assert "Trần Thị Mai, Viện trưởng" in run("list")


def test_a_body_of_a_later_day_waits_for_it(app, run, session, settings):
    day = clock.today() + timedelta(days=10)
    run("set", *NAMES, "--from", day.isoformat())
    with app.app_context():
        assert bodies.issuer(session).vi == settings.issuer_vi
        assert bodies.issuer(session, day).vi == "Viện Bảo vệ trẻ em"


@pytest.mark.parametrize(
    "wrong",
    [
        (*NAMES, "--from", "2020-01-01"),
        ("--vi", " ", "--en", "x"),
        (*NAMES, "--signatory", "Trần Thị Mai"),
        (*NAMES, "--office-vi", "Viện trưởng", "--office-en", "Director"),
    ],
)
def test_what_makes_no_sense_is_refused(run, session, wrong):
    run("set", *wrong, fails=True)
    assert session.exec(select(IssuingBody)).all() == []


def test_a_day_has_one_body(run):
    run("set", *NAMES)
    assert "already" in run("set", *NAMES, fails=True)


def test_a_certificate_keeps_the_name_it_was_granted_in(run, world, browser, session):
    run("set", *NAMES, *SIGNS)
    in_decision(world)
    page = "/decisions/HS-2026-0001"
    for person, way, fields in (
        (world.giang, "propose", {"choice": "certify:L1"}),
        (world.hung, "confirm", {"number": "1"}),
    ):
        browser.sign_in(person)
        assert browser.press(f"{page}/{way}", page=page, **fields).status_code == 302
    number = session.exec(select(Certificate.number)).one()
    session.commit()
    run("set", "--vi", "Khác", "--en", "Other", "--from", (clock.today() + timedelta(days=1)).isoformat())
    with clock.at(clock.now() + timedelta(days=3)):
        assert browser.get(f"/c/{number}.json").json["issuer"]["signatory"]["name"] == "Trần Thị Mai"
        assert "Institute for Children" in browser.get(f"/en/c/{number}").text
        assert "Trần Thị Mai, Director" in browser.get(f"/en/c/{number}").text

"""GET /evidence/<ref>/<id> and its kin: who reads what, how it is handed out, and that it is written down."""

from urllib.parse import quote

import pytest
from flask import Flask
from sqlmodel import Session, select

from assessments.clock import now
from assessments.models import Application, Declaration, Evidence, EvidenceAccess, Participation, Review
from assessments.people import Part
from assessments.states import State
from registry.evidence import reading
from tests.conftest import Browser
from tests.registry.evidence import desk, samples
from tests.world import World

REF = "HS-2026-0001"


@pytest.fixture
def found(app: Flask, world: World, session: Session) -> Evidence:
    """A PDF that was handed in. Dũng has declared and reviews it, Hà has not yet, Lan audits it."""
    piece = desk.keep(app, session, world.an, name="Chính sách “5.2”.pdf")
    application = world.application(State.IN_REVIEW)
    desk.hand_in(session, application, piece)
    for letter, person in (("A", world.dung), ("B", world.ha)):
        session.add(Participation(application_id=application.id, person_id=person.id, part=Part.REVIEWER))
        session.flush()
        session.add(Review(application_id=application.id, reviewer_id=person.id, letter=letter, due_at=now()))
    session.add(Participation(application_id=application.id, person_id=world.lan.id, part=Part.AUDITOR))
    for person in (world.dung, world.lan):
        session.add(Declaration(application_id=application.id, person_id=person.id, has_interest=False))
    session.commit()
    return piece


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("an", 200),  # the company
        ("anh", 200),
        ("chi", 200),  # the office
        ("dung", 200),  # a reviewer who declared
        ("lan", 200),  # an auditor
        ("ha", 403),  # a reviewer who did not yet declare
        ("bao", 404),  # another company
        ("khanh", 404),  # has an interest
        ("giang", 404),  # no decision is due yet
        ("minh", 404),  # keeps accounts, reads no files
    ],
)
def test_who_reads(browser: Browser, world: World, session: Session, found: Evidence, who: str, status: int) -> None:
    person = getattr(world, who)
    browser.sign_in(person)
    answer = browser.get(f"/evidence/{REF}/{found.id}", buffered=True)
    assert answer.status_code == status
    assert (answer.data == samples.PDF) is (status == 200)
    rows = session.exec(select(EvidenceAccess)).all()
    assert [row.person_id for row in rows] == ([person.id] if status == 200 else [])


def test_strangers_sign_in_first(browser: Browser, found: Evidence) -> None:
    for path in (f"/evidence/{REF}/{found.id}", f"/evidence/{found.id}/file", f"/evidence/{REF}/{found.id}/link"):
        answer = browser.get(path)
        assert answer.status_code == 302
        assert answer.location.startswith("/sign-in")


def test_hands_out_nothing_that_a_browser_would_run(browser: Browser, world: World, found: Evidence) -> None:
    browser.sign_in(world.dung)
    answer = browser.get(f"/evidence/{REF}/{found.id}?inline=1", buffered=True)
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename=\"Ch_nh s_ch _5.2_.pdf\"; filename*=UTF-8''" + quote("Chính sách “5.2”.pdf")
    )
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == reading.HEADERS["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.content_length == len(samples.PDF)


@pytest.mark.parametrize(
    ("name", "content", "media_type", "shown"),
    [
        ("a.png", samples.PNG, "image/png", "attachment"),
        ("a.jpg", samples.JPEG, "image/jpeg", "attachment"),
        ("a.webp", samples.WEBP, "image/webp", "attachment"),
        ("a.mp4", samples.MP4, "video/mp4", "inline"),
        ("a.txt", samples.TEXT, "text/plain", "attachment"),
        ("a.exe", samples.EXE, "application/octet-stream", "attachment"),
    ],
)
def test_only_films_are_played_in_place(
    app: Flask, browser: Browser, world: World, session: Session, name: str, content: bytes, media_type: str, shown: str
) -> None:
    piece = desk.keep(app, session, world.an, content, name=name, media_type=media_type)
    browser.sign_in(world.an)
    for query, expected in (("", "attachment"), ("?inline=1", shown)):
        answer = browser.get(f"/evidence/{piece.id}/file{query}", buffered=True)
        assert answer.headers["Content-Disposition"].startswith(expected)
        assert answer.mimetype == media_type
        assert answer.headers["Content-Security-Policy"] == reading.HEADERS["Content-Security-Policy"]
        assert answer.data == content


@pytest.mark.parametrize(
    ("asked", "start", "end"), [("bytes=0-99", 0, 99), ("bytes=500-", 500, 2071), ("bytes=-72", 2000, 2071)]
)
def test_videos_are_sent_in_ranges(
    app: Flask, browser: Browser, world: World, session: Session, asked: str, start: int, end: int
) -> None:
    piece = desk.keep(app, session, world.an, samples.MP4, media_type="video/mp4")
    browser.sign_in(world.an)
    answer = browser.get(f"/evidence/{piece.id}/file", headers={"Range": asked}, buffered=True)
    assert answer.status_code == 206
    assert answer.headers["Content-Range"] == f"bytes {start}-{end}/2072"
    assert answer.data == samples.MP4[start : end + 1]


def test_a_range_outside_is_refused(app: Flask, browser: Browser, world: World, session: Session) -> None:
    piece = desk.keep(app, session, world.an, samples.MP4, media_type="video/mp4")
    browser.sign_in(world.an)
    answer = browser.get(f"/evidence/{piece.id}/file", headers={"Range": "bytes=9999-"}, buffered=True)
    assert answer.status_code == 400


def test_the_club_reads_only_what_was_handed_in(
    app: Flask, browser: Browser, world: World, session: Session, found: Evidence
) -> None:
    loose = desk.keep(app, session, world.an, samples.PNG, media_type="image/png")
    application = session.exec(select(Application).where(Application.ref == REF)).one()
    drafted = desk.keep(app, session, world.an, samples.JPEG, media_type="image/jpeg")
    desk.attach(session, application, drafted)
    expected = {"an": {loose.id: 404, drafted.id: 200}, "dung": {loose.id: 404, drafted.id: 404}}
    for who, answers in expected.items():
        browser.sign_in(getattr(world, who))
        got = {piece: browser.get(f"/evidence/{REF}/{piece}", buffered=True).status_code for piece in answers}
        assert got == answers


def test_evidence_of_another_company_is_not_there(
    app: Flask, browser: Browser, world: World, session: Session, found: Evidence
) -> None:
    foreign = desk.keep(app, session, world.bao)
    browser.sign_in(world.an)
    assert browser.get(f"/evidence/{REF}/{foreign.id}", buffered=True).status_code == 404
    assert browser.get(f"/evidence/{foreign.id}/file", buffered=True).status_code == 404
    assert browser.get(f"/evidence/HS-2026-9999/{found.id}", buffered=True).status_code == 404
    assert session.exec(select(EvidenceAccess)).all() == []


def test_reading_twice_is_written_once(browser: Browser, world: World, session: Session, found: Evidence) -> None:
    browser.sign_in(world.dung)
    for _ in range(3):
        browser.get(f"/evidence/{REF}/{found.id}", buffered=True)
    row = session.exec(select(EvidenceAccess)).one()
    assert (row.person_id, row.evidence_id) == (world.dung.id, found.id)
    assert row.application_id is not None


def test_a_file_that_is_gone_is_not_found(app: Flask, browser: Browser, world: World, found: Evidence) -> None:
    storage = app.extensions["storage"]
    for name in list(storage.names()):
        storage.remove(name)
    browser.sign_in(world.an)
    assert browser.get(f"/evidence/{REF}/{found.id}", buffered=True).status_code == 404


def test_a_link_leads_through_a_warning(browser: Browser, world: World, session: Session) -> None:
    piece = desk.link(session, world.an, "https://vi\u0323ệt.example/đường?dẫn=1")
    desk.hand_in(session, world.application(State.SUBMITTED), piece)
    browser.sign_in(world.chi)
    answer = browser.get(f"/evidence/{REF}/{piece.id}", buffered=True)
    assert (answer.status_code, answer.location) == (302, f"/evidence/{REF}/{piece.id}/link")
    page = browser.get(answer.location)
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert 'rel="noreferrer noopener external nofollow"' in page.text
    assert "xn--" in page.text
    assert "đường?dẫn=1" in page.text
    assert session.exec(select(EvidenceAccess.person_id)).all() == [world.chi.id]


def test_a_file_has_no_warning_page(browser: Browser, world: World, found: Evidence) -> None:
    browser.sign_in(world.dung)
    assert browser.get(f"/evidence/{REF}/{found.id}/link", buffered=True).status_code == 404


def test_the_own_route_is_for_files_of_members(browser: Browser, world: World, session: Session) -> None:
    piece = desk.link(session, world.an)
    browser.sign_in(world.an)
    assert browser.get(f"/evidence/{piece.id}/file", buffered=True).status_code == 404
    browser.sign_in(world.chi)
    assert browser.get(f"/evidence/{piece.id}/file", buffered=True).status_code == 404

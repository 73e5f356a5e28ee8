"""The minutes: made once by the worker, for committee, office and auditor; they name no reviewer."""

import io
from datetime import timedelta

import pytest
from pypdf import PdfReader
from sqlmodel import select

from assessments import decisions
from assessments.clock import today
from assessments.conditions import Wanted
from assessments.decisions import Proposing
from assessments.models import Decision, HistoryEntry, Interest, Minutes
from assessments.states import Event, Outcome
from registry import fsck, storage
from registry.decisions import minutes
from registry.decisions.paper import render
from tests.auditing import opened
from tests.deciding import ISSUER, in_decision
from tests.rows import row, rows

PLACE = "/decisions/HS-2026-0001/minutes/1.pdf"


@pytest.fixture
def decided(world):
    """Certified one level higher than computed, on a condition, after a first proposal that was not agreed with."""
    application = in_decision(world, HN_02={"not_shown": True}, AT_01={"value": 2})
    session = world.session
    decisions.propose(session, world.giang, application, Proposing(Outcome.DECLINE, None, "Chưa đủ.", "Not enough."))
    decisions.reject(session, world.hung, application, 1, "Đủ căn cứ ở phần chặn.")
    condition = Wanted("Thêm trang hướng dẫn.", "Add a guide.", today() + timedelta(days=30), "HN-02")
    proposing = Proposing(Outcome.CERTIFY, "L1", "Rủi ro nhỏ hơn lợi ích.", "The risk is small.", (condition,))
    decisions.propose(session, world.giang, application, proposing)
    decisions.confirm(session, world.hung, application, 2, ISSUER)
    session.commit()
    return application


@pytest.fixture
def made(app, decided):
    """The document, as the worker makes it."""
    with app.app_context():
        assert minutes.make_all() == 1
        assert minutes.make_all() == 0
    return decided


def words_of(content):
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def test_it_says_who_decided_what_on_which_ground(world, browser, made):
    browser.sign_in(world.giang)
    answer = browser.get(PLACE)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    said = words_of(answer.data)
    for words in (
        "Biên bản quyết định HS-2026-0001",
        "Minutes of the decision",
        "Đèn Nhà 5.2",
        "Công ty CP Hạt Nắng",
        "Chưa đạt mức",
        "HN-02",
        world.giang.name,
        world.hung.name,
        world.khanh.name,
        "người đánh giá A",
        "Đủ căn cứ ở phần chặn.",
        "Rủi ro nhỏ hơn lợi ích.",
        "The risk is small.",
        "Thêm trang hướng dẫn. / Add a guide.",
        "VCSC-26-0001",
    ):
        assert words in said, words


def test_no_reviewer_is_named_and_its_properties_name_nobody(world, browser, made):
    browser.sign_in(world.giang)
    content = browser.get(PLACE).data
    said = words_of(content)
    told = str(PdfReader(io.BytesIO(content)).metadata)
    for person in (world.dung, world.ha, world.giang, world.hung):
        assert person.name not in told
    for person in (world.dung, world.ha):
        assert person.name not in said


@pytest.mark.parametrize(
    ("who", "code"),
    [
        *(("giang", 200), ("hung", 200), ("chi", 200), ("lan", 200)),
        *(("an", 403), ("anh", 403), ("dung", 403), ("bao", 404), ("khanh", 404), ("minh", 404)),
    ],
)
def test_who_reads_it(world, browser, made, who, code):
    if who == "lan":
        opened(world, made)
    browser.sign_in(getattr(world, who))
    assert browser.get(PLACE).status_code == code


def test_an_auditor_reads_it_without_a_name(app, world, browser, made):
    opened(world, made)
    browser.sign_in(world.lan)
    said = words_of(browser.get(PLACE).data)
    for person in (world.giang, world.hung, world.khanh, world.dung, world.ha, world.chi):
        assert person.name not in said
    for words in (
        "thành viên hội đồng 1: đề xuất",
        "thành viên hội đồng 2: không đồng ý. Đủ căn cứ",
        "người đánh giá A",
    ):
        assert words in said, words
    assert rows(app, select(HistoryEntry.action).where(HistoryEntry.action == Event.READ_NAMES)) == []


def test_minutes_of_the_time_before_get_their_copy_without_names(app, world, made):
    found = world.session.exec(select(Minutes)).one()
    named, found.masked_sha256, found.masked_size = found.sha256, None, None
    world.session.add(found)
    world.session.commit()
    with app.app_context():
        assert minutes.make_all() == 1
    kept = row(app, select(Minutes))
    assert (kept.sha256, kept.masked_sha256 is not None) == (named, True)


def test_an_auditor_who_has_not_declared_reads_none(world, browser, made):
    browser.sign_in(world.lan)
    assert browser.get(PLACE).status_code == 403


def test_before_it_is_made_the_page_says_so(world, browser, decided):
    browser.sign_in(world.chi)
    answer = browser.get(PLACE)
    assert (answer.status_code, answer.headers["Retry-After"]) == (202, "20")
    assert browser.get("/decisions/HS-2026-0001/minutes/2.pdf").status_code == 404


def test_the_same_decision_gives_the_same_bytes_and_they_are_kept_by_their_hash(app, session, made, settings):
    with app.app_context():
        found = session.exec(select(Minutes)).one()
        with storage.current().open(found.sha256) as source:
            kept = source.read()
        decision = session.exec(select(Decision)).one()
        assert render(minutes.facts_of(session, decision.id), settings) == kept
        assert len(kept) == found.size
        session.rollback()
        assert list(fsck.stored_files(session, fsck.Asked())) == []
        assert list(fsck.orphans(session, fsck.Asked(grace=timedelta(0)))) == []
        assert list(fsck.decisions(session, fsck.Asked())) == []


def test_who_stood_aside_is_told_as_it_was_then(app, world, decided):
    for interest in rows(app, select(Interest).where(Interest.person_id == world.khanh.id)):
        world.session.delete(interest)
    world.session.commit()
    with app.app_context():
        minutes.make_all()
        with storage.current().open(row(app, select(Minutes)).sha256) as source:
            assert world.khanh.name in words_of(source.read())


def test_what_cannot_be_made_holds_up_nothing_and_is_logged(app, world, decided, caplog):
    found = world.session.exec(select(Minutes)).one()
    found.people = [{"nonsense": True}]
    world.session.add(found)
    world.session.commit()
    with app.app_context():
        assert minutes.make_all() == 0
        assert minutes.make_all() == 0
    assert caplog.text.count("no minutes of decision") == 1

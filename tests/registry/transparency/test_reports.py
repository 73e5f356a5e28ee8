"""The yearly report: the office writes a foreword, the figures write the rest, and what is published stays."""

import io
from datetime import timedelta

import pytest
from pypdf import PdfReader
from sqlmodel import select

from assessments import situation_reports, transparency
from assessments.clock import today
from assessments.errors import Invalid, NotAllowed, NotFound, WrongState
from assessments.models import Figure, HistoryEntry, SituationReport
from assessments.situation_reports import Words
from assessments.states import State
from registry import fsck
from registry.transparency import documents
from tests.assessments.test_figures import ended
from tests.counting import statements
from tests.rows import row, rows

LAST = today().year - 1
OFFICE = f"/transparency/reports/{LAST}"
WORDS = {"foreword_vi": "Năm đầu tiên của chúng tôi.", "foreword_en": "Our first year."}
MOST = 12


@pytest.fixture
def figures(session, world):
    """Four applications of last year: three certified, one declined."""
    for number, state in enumerate([State.CERTIFIED] * 3 + [State.DECLINED], start=1):
        one = ended(world, state, world.hat_nang, number=number, days=400)
        one.moved_at -= timedelta(days=360)
        session.add(one)
    session.flush()
    transparency.count_all(session)
    session.commit()


@pytest.fixture
def published(session, world, figures):
    """The report of last year, published."""
    report = situation_reports.write(session, world.chi, LAST, Words(**WORDS), 0)
    situation_reports.publish(session, world.chi, LAST, report.version)
    session.commit()
    return report


def test_written_looked_at_published_and_printed(app, browser, world, figures):
    assert browser.get(f"/transparency/{LAST}").status_code == 404
    browser.sign_in(world.chi)
    assert f"Báo cáo năm {LAST}" in browser.get("/transparency/reports").text
    assert browser.press(OFFICE, page=OFFICE, **WORDS, seen="0").status_code == 302
    page = browser.get(OFFICE).text
    assert "Năm đầu tiên của chúng tôi." in page
    assert browser.get(f"/transparency/{LAST}").status_code == 404
    assert browser.press(f"{OFFICE}/publish", page=OFFICE, seen="1").status_code == 302
    kept = row(app, select(SituationReport))
    assert (kept.number, kept.version, kept.published_by) == (1, 1, world.chi.id)
    assert kept.figures[str(LAST)]["outcomes"] == {"initial.certified": 3, "initial.declined": 1}
    actions = [one.action for one in rows(app, select(HistoryEntry).order_by(HistoryEntry.seq))]
    assert actions[-2:] == ["write_report", "publish_report"]
    assert browser.get(f"/transparency/{LAST}.pdf").status_code == 202
    with app.app_context():
        assert (documents.make_all(), documents.make_all()) == (1, 0)
        assert [one for one in fsck.findings(fsck.Asked(grace=timedelta(0))) if one.startswith("File")] == []
    anybody = app.test_client()
    text = anybody.get(f"/transparency/{LAST}").text
    assert "Năm đầu tiên của chúng tôi." in text
    assert "3 hồ sơ được cấp." in text
    assert "Dưới 3 hồ sơ kết thúc mà không có giấy chứng nhận." in text
    assert f"Báo cáo tình hình năm {LAST}" in anybody.get("/transparency").text
    english = anybody.get(f"/en/transparency/{LAST}").text
    assert "Our first year." in english
    assert "3 applications were successful." in english


@pytest.mark.parametrize(
    ("prefix", "words"), [("", ("Lời nói đầu", "Năm đầu tiên")), ("/en", ("Foreword", "Our first year."))]
)
def test_the_document_says_the_same(app, browser, world, published, prefix, words):
    with app.app_context():
        documents.make_all()
    answer = browser.get(f"{prefix}/transparency/{LAST}.pdf")
    assert (answer.status_code, answer.content_type) == (200, "application/pdf")
    reader = PdfReader(io.BytesIO(answer.data))
    text = " ".join(page.extract_text() for page in reader.pages)
    assert [word for word in words if word not in text] == []
    assert [one for one in ("Hạt Nắng", world.chi.name, "HS-") if one in f"{text} {reader.metadata}"] == []


def test_what_is_published_stays_whatever_is_counted_later(session, browser, world, published):
    for one in session.exec(select(Figure).where(Figure.year == LAST)).all():
        one.value += 100
        session.add(one)
    session.commit()
    assert "3 hồ sơ được cấp." in browser.get(f"/transparency/{LAST}").text
    browser.sign_in(world.chi)
    assert browser.get(OFFICE).text.count("103 hồ sơ được cấp.") == 1


def test_a_correction_says_what_it_corrects_and_the_one_before_is_named(app, session, browser, world, published):
    browser.sign_in(world.chi)
    browser.press(OFFICE, page=OFFICE, **WORDS, seen="0")
    refused = browser.press(f"{OFFICE}/publish", page=OFFICE, seen="1")
    assert (refused.status_code, "đính chính điều gì" in refused.text) == (422, True)
    said = {"correction_vi": "Thiếu một hồ sơ.", "correction_en": "One application was missing."}
    browser.press(OFFICE, page=OFFICE, **WORDS, **said, seen="1")
    assert browser.press(f"{OFFICE}/publish", page=OFFICE, seen="2").status_code == 302
    page = browser.get(f"/transparency/{LAST}").text
    assert "Thiếu một hồ sơ." in page
    assert "Bản 1, công bố ngày" in page
    assert [one.number for one in rows(app, select(SituationReport).order_by(SituationReport.number))] == [1, 2]


def test_a_draft_is_thrown_away(app, browser, world, figures):
    browser.sign_in(world.chi)
    browser.press(OFFICE, page=OFFICE, **WORDS, seen="0")
    assert browser.press(f"{OFFICE}/drop", page=OFFICE, seen="1").status_code == 302
    assert rows(app, select(SituationReport)) == []


def test_two_people_never_overwrite_each_other(browser, world, figures):
    browser.sign_in(world.chi)
    browser.press(OFFICE, page=OFFICE, **WORDS, seen="0")
    for way, seen in (("", "0"), ("/publish", "7"), ("/drop", "0")):
        assert browser.press(f"{OFFICE}{way}", page=OFFICE, **WORDS, seen=seen).status_code == 409


def test_a_foreword_in_one_language_is_not_published(app, browser, world, figures):
    browser.sign_in(world.chi)
    browser.press(OFFICE, page=OFFICE, foreword_vi="Chào.", foreword_en="", seen="0")
    assert browser.press(f"{OFFICE}/publish", page=OFFICE, seen="1").status_code == 422
    assert row(app, select(SituationReport)).published_at is None


@pytest.mark.parametrize(("who", "code"), [("an", 404), ("giang", 404), ("lan", 404)])
def test_the_office_writes_it_and_nobody_else(browser, world, figures, who, code):
    browser.sign_in(getattr(world, who))
    assert {browser.get(path).status_code for path in ("/transparency/reports", OFFICE)} == {code}
    assert browser.post(OFFICE, data=WORDS).status_code in {400, 404}


def test_verbs_refuse_who_may_not_and_what_cannot_be(session, world, figures):
    words = Words(**WORDS)
    with pytest.raises(NotAllowed):
        situation_reports.write(session, world.giang, LAST, words, 0)
    with pytest.raises(WrongState):
        situation_reports.write(session, world.chi, today().year, words, 0)
    with pytest.raises(NotFound):
        situation_reports.write(session, world.chi, 1999, words, 0)
    with pytest.raises(NotFound):
        situation_reports.publish(session, world.chi, LAST, 0)
    with pytest.raises(Invalid):
        situation_reports.write(session, world.chi, LAST, Words("x" * 6_001), 0)


def test_the_pages_take_few_statements(app, browser, world, published):
    found = {}
    for page in (f"/transparency/{LAST}", "/transparency/reports", OFFICE):
        browser.sign_in(world.chi)
        browser.get(page)
        with statements(app) as seen:
            assert browser.get(page).status_code == 200
        found[page] = len(seen)
    assert {page: count for page, count in found.items() if count > MOST} == {}

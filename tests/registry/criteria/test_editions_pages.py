"""Comparisons, drafts, publication and the simulation as pages: who reaches them, what they say, what they ask."""

import csv
import io
import json
import re
from datetime import timedelta

import pytest
from openpyxl import load_workbook
from sqlmodel import select

from assessments import clock, editions
from assessments.clock import now, today
from assessments.models import (
    AgreedScore,
    Certificate,
    EditionProposal,
    EditionPublication,
    Interest,
    LogEntry,
    Publication,
)
from assessments.people import InterestKind
from assessments.queries import editions as queries
from assessments.queries.impacts import impact_of
from criteria import store
from criteria.applicability import applicable
from registry.criteria import upkeep
from registry.mail.models import Letter
from tests import second_edition
from tests.counting import statements
from tests.deciding import certified
from tests.listings import Published, Shop
from tests.renewing import answered_certificate
from tests.second_edition import ID, terms
from tests.world import EDITION, PROFILE

DRAFT = f"/criteria/{ID}/draft"
IMPACT = f"/criteria/{ID}/impact"
OFFICE = [DRAFT, f"{DRAFT}/print", f"{DRAFT}/compare", IMPACT, f"{IMPACT}.csv", f"{IMPACT}.xlsx", "/criteria/drafts"]
REASONS = {"reason_vi": "Thêm một tiêu chí.", "reason_en": "Adds a criterion."}


@pytest.fixture
def draft(tmp_path, monkeypatch):
    return second_edition.draft(tmp_path, monkeypatch)


def read(page):
    """The text of a page as a person reads it."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page.text))


def typed(first=0, last=180):
    day = today()
    return {
        "valid_from": f"{day + timedelta(days=first):%Y-%m-%d}",
        "transition_until": f"{day + timedelta(days=last):%Y-%m-%d}",
        **REASONS,
    }


# --- comparing ---


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_one_edition_alone_is_compared_with_nothing(world, browser, prefix):
    page = browser.get(f"{prefix}/criteria/compare")
    assert page.status_code == 200
    assert "flash" in page.text
    assert "<select" not in page.text


def test_a_draft_is_not_compared_in_public(world, browser, draft):
    assert browser.get(f"/criteria/compare?from={EDITION}&to={ID}").status_code == 404
    assert ID not in browser.get("/criteria/compare").text
    for path in (f"/criteria/{ID}", f"/criteria/{ID}/print", f"/criteria/{ID}/RT-08", f"/criteria/{ID}.xlsx"):
        assert browser.get(path).status_code == 404


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_two_public_editions_side_by_side(world, app, browser, draft, lang):
    second_edition.published(world)
    prefix = "" if lang == "vi" else "/en"
    with statements(app) as asked:
        page = browser.get(f"{prefix}/criteria/compare?from={EDITION}&to={ID}")
    assert page.status_code == 200
    assert len(asked) <= 2
    assert "<script" not in page.text
    assert "Set-Cookie" not in page.headers
    assert len(page.data) < 40_000
    text = read(page)
    for code in ("RT-08", "TL-09", "QT-09", "BC-02", "TL-01", "HN-02"):
        assert f">{code}<" in page.text, code
    old, new = store.load(EDITION), draft
    assert draft.criterion("RT-08").requirement.get(lang) in text
    assert old.criterion("BC-02").requirement.get(lang) in text
    marked = {"vi": "trang nào", "en": "zero"}[lang]
    assert re.search(rf"<(ins|del)>.*?{marked}|{marked}", page.text)
    assert re.search(r"<del>.*?30.*?</del> → <ins>.*?45", page.text)
    assert new.name.get(lang) in text
    again = browser.get(f"{prefix}/criteria/compare")  # without a choice: the newest two
    assert f">{'RT-08'}<" in again.text
    same = browser.get(f"{prefix}/criteria/compare?from={ID}&to={ID}")
    assert "flash" in same.text
    back = read(browser.get(f"{prefix}/criteria/compare?from={ID}&to={EDITION}"))
    assert "BC-02" in back


@pytest.mark.parametrize("query", ["from=vcsc-1999", "from=vcsc-2026", "to=vcsc-2026&from=", "from=a&to=b"])
def test_unknown_editions_are_not_there(world, browser, query):
    assert browser.get(f"/criteria/compare?{query}").status_code == 404


# --- drafts ---


@pytest.mark.parametrize("path", OFFICE)
def test_drafts_are_for_the_office(world, browser, draft, path):
    assert browser.get(path).status_code == 302
    for name in ("an", "bao", "dung", "minh"):
        browser.sign_in(getattr(world, name))
        assert browser.get(path).status_code == 404
    for name in ("chi", "giang", "lan"):
        browser.sign_in(getattr(world, name))
        assert browser.get(path).status_code == 200


def speaking(world, person, language):
    """The workspace speaks the language of the person."""
    person.language = language
    world.session.add(person)
    world.session.commit()
    return person


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_page_of_a_draft_says_that_it_is_one(world, browser, draft, lang):
    browser.sign_in(speaking(world, world.chi, lang))
    mark = {"vi": "Bản thảo", "en": "Draft"}[lang]
    for path in (DRAFT, f"{DRAFT}/print", f"{DRAFT}/compare", IMPACT):
        assert f"<b>{mark}</b>" in browser.get(path).text
    assert draft.criterion("RT-08").requirement.get(lang) in browser.get(f"{DRAFT}/print").text


def test_what_is_published_has_no_pages_of_a_draft(world, browser):
    browser.sign_in(world.chi)
    for path in (f"/criteria/{EDITION}/draft", f"/criteria/{EDITION}/draft/compare", "/criteria/vcsc-1999/draft"):
        assert browser.get(path).status_code == 404
    assert browser.get(f"/criteria/{EDITION}/transitions").status_code == 404


def test_two_people_publish_by_the_pages(world, browser, draft):
    session = world.session
    browser.sign_in(world.chi)
    assert browser.press(DRAFT, page=DRAFT, **typed()).status_code == 302
    proposal = session.exec(select(EditionProposal)).one()
    session.commit()
    place = f"{DRAFT}/{proposal.id}/confirm"
    assert "Công bố bản này" not in browser.get(DRAFT).text
    assert browser.press(place, page=DRAFT).status_code == 404  # a coordinator does not
    browser.sign_in(world.giang)
    assert "Công bố bản này" in browser.get(DRAFT).text
    assert browser.press(place, page=DRAFT).status_code == 302
    session.expire_all()
    found = session.get_one(EditionPublication, ID)
    assert (found.proposed_by, found.published_by) == (world.chi.id, world.giang.id)
    intent = session.exec(select(Publication).where(Publication.key == f"edition:{ID}")).one()
    entry = session.exec(select(LogEntry).where(LogEntry.index == intent.log_index)).one()
    assert json.loads(entry.body)["digest"] == found.digest
    session.commit()
    assert browser.get(DRAFT).status_code == 404
    assert browser.press(place, page="/criteria/drafts").status_code == 409
    page = read(browser.get("/criteria"))
    assert REASONS["reason_vi"] in page
    assert browser.get(f"/criteria/{ID}/RT-08").status_code == 200


def test_the_same_person_is_refused_and_a_proposal_can_be_closed(world, browser, draft):
    session = world.session
    browser.sign_in(world.giang)
    browser.press(DRAFT, page=DRAFT, **typed())
    proposal = session.exec(select(EditionProposal)).one()
    session.commit()
    assert "Công bố bản này" not in browser.get(DRAFT).text
    assert browser.press(f"{DRAFT}/{proposal.id}/confirm", page=DRAFT).status_code == 403
    assert browser.press(DRAFT, page=DRAFT, **typed()).status_code == 409
    assert browser.press(f"{DRAFT}/{proposal.id}/dismiss", page=DRAFT, note="").status_code == 422
    assert browser.press(f"{DRAFT}/{proposal.id}/dismiss", page=DRAFT, note="Còn sửa.").status_code == 302
    assert "Còn sửa." in browser.get(DRAFT).text
    assert browser.post(DRAFT, data=typed()).status_code == 400  # no token
    assert session.exec(select(EditionPublication.edition_id)).all() == [EDITION]


@pytest.mark.parametrize(
    "wrong",
    [
        {"valid_from": "mai"},
        {"valid_from": ""},
        {"valid_from": "2020-01-01"},
        {"transition_until": ""},
        {"transition_until": "2020-01-01"},
        {"reason_en": ""},
    ],
)
def test_terms_that_cannot_be_keep_what_was_typed(world, browser, draft, wrong):
    browser.sign_in(world.chi)
    page = browser.press(DRAFT, page=DRAFT, **{**typed(), **wrong})
    assert page.status_code == 422
    assert 'role="alert"' in page.text or "errsum" in page.text or "err" in page.text
    assert REASONS["reason_vi"] in page.text
    assert world.session.exec(select(EditionProposal)).all() == []


# --- the simulation ---


def graded(world, certificate, scores):
    """Agreed scores of the application behind a certificate."""
    for code, value in scores.items():
        world.session.add(
            AgreedScore(application_id=certificate.application_id, criterion=code, value=value, saved_by=world.dung.id)
        )


def applying(edition):
    return [one.criterion.code for one in applicable(edition, PROFILE["categories"], PROFILE["flags"])]


def many(world, count):
    shop = Shop(world)
    codes = applying(store.load(EDITION))
    for _ in range(count):
        graded(world, shop.certificate(Published()), dict.fromkeys(codes, 3))
    world.session.commit()


def test_what_a_new_edition_means_for_one_certificate(world, session, draft):
    certificate = Shop(world).certificate(Published())
    graded(world, certificate, dict.fromkeys(applying(store.load(EDITION)), 3))
    session.commit()
    (one,) = impact_of(session, world.chi, draft).effects
    assert (one.live.number, one.had.code) == (certificate.number, "L1")
    assert [criterion.code for criterion in one.new] == ["RT-08"]
    assert [criterion.code for criterion in one.changed] == ["TL-01", "HN-02"]
    assert one.kept is None  # RT-08 is critical, and nobody has answered it
    assert one.reachable.code == "L1"
    assert one.loses
    found = impact_of(session, world.chi, draft)
    assert (found.losing, found.companies, found.answers, found.untouched) == (1, 1, 3, 0)
    assert [(had.code, kept, count) for had, kept, count in found.levels] == [("L1", None, 1)]
    assert {criterion.code: count for criterion, count in found.asked} == {"RT-08": 1, "TL-01": 1, "HN-02": 1}


def test_a_profile_with_codes_the_new_edition_lacks_is_said(world, session, draft):
    certificate = Shop(world).certificate(Published())
    content = {**certificate.content, "profile": {**certificate.content["profile"], "categories": ["PC", "ZZ"]}}
    certificate.content = content
    session.add(certificate)
    session.commit()
    (one,) = impact_of(session, world.chi, draft).effects
    assert one.unknown == ("ZZ",)
    assert one.kept is None


def test_only_live_certificates_of_companies_without_an_interest_count(world, session, draft):
    shop = Shop(world)
    shop.certificate(Published(days=-400))  # expired
    shop.certificate(Published())
    shop.certificate(Published(vendor=world.bo_tre))
    session.add(
        Interest(
            person_id=world.chi.id,
            vendor_id=world.bo_tre.id,
            organisation="Bờ Tre",
            kind=InterestKind.EMPLOYER,
            since=today() - timedelta(days=400),
        )
    )
    session.commit()
    assert len(impact_of(session, world.chi, draft).effects) == 1
    assert len(impact_of(session, world.giang, draft).effects) == 2


def test_200_certificates_ask_as_little_as_one(world, app, browser, draft):
    browser.sign_in(world.chi)
    many(world, 1)
    with statements(app) as few:
        assert browser.get(IMPACT).status_code == 200
    many_more = Shop(world)
    many_more.serial = 1
    codes = applying(store.load(EDITION))
    for _ in range(199):
        graded(world, many_more.certificate(Published()), dict.fromkeys(codes, 3))
    world.session.commit()
    with statements(app) as asked:
        page = browser.get(IMPACT)
    assert len(asked) == len(few) <= 9
    assert "1–50 trong 200" in read(page)
    assert page.text.count('<th scope="row"><span class="code">VCSC') == 50
    assert len(page.data) < 120_000
    following = re.search(r'rel="next" href="([^"]+)"', page.text).group(1).replace("&amp;", "&")
    assert "51–100 trong 200" in read(browser.get(following))
    book = load_workbook(io.BytesIO(browser.get(f"{IMPACT}.xlsx").data))
    assert book.worksheets[0].max_row >= 200
    lines = list(csv.reader(io.StringIO(browser.get(f"{IMPACT}.csv").data.decode("utf-8-sig"))))
    assert len(lines) == 201
    assert lines[1][9:11] == ["RT-08", "TL-01, HN-02"]


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_page_says_what_it_assumes_and_by_when(world, browser, draft, lang):
    many(world, 1)
    browser.sign_in(speaking(world, world.giang, lang))
    browser.press(DRAFT, page=DRAFT, **typed(last=100))
    page = browser.get(f"{IMPACT}")
    day = today() + timedelta(days=100)
    assert f"{day:%d/%m/%Y}" in page.text or f"{day.day} " in page.text
    assert "RT-08" in page.text
    assert read(page).count("L1") == 0  # levels are named, not coded


# --- letters and the way over ---


def letters(session):
    session.expire_all()
    return session.exec(select(Letter.recipient, Letter.subject, Letter.body).order_by(Letter.written_at)).all()


def test_owners_are_told_once_and_reminded_in_time(world, app, session, draft):
    certificate = answered_certificate(world, days_left=300)
    second_edition.published(world)
    before = len(letters(session))
    session.commit()
    with app.test_request_context():
        assert upkeep.tell_of_edition() == 1
        assert upkeep.tell_of_edition() == 0
        assert upkeep.remind_of_transition() == 0
        for days, count in ((120, 1), (121, 0), (173, 1), (178, 1), (179, 0), (181, 0)):
            with clock.at(now() + timedelta(days=days)):
                assert upkeep.remind_of_transition() == count, days
    told = letters(session)[before:]
    assert len(told) == 4
    assert {one[0] for one in told} == {world.an.email}
    assert all(certificate.number in one[2] for one in told)
    assert "VCSC 2027" in told[0][1]


def test_what_lapses_ends_by_the_worker(world, app, session, draft):
    certificate = answered_certificate(world, days_left=300)
    second_edition.published(world, terms(lapses=True))
    session.commit()
    with app.test_request_context():
        assert upkeep.end_what_lapses() == 0
        with clock.at(now() + timedelta(days=181)):
            assert upkeep.end_what_lapses() == 1
            assert upkeep.end_what_lapses() == 0
    session.expire_all()
    assert session.get_one(Certificate, certificate.id).state.value == "withdrawn"


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_office_sees_who_has_not_started(world, app, browser, draft, lang):
    certificate = answered_certificate(world, days_left=300)
    second_edition.published(world)
    browser.sign_in(speaking(world, world.chi, lang))
    with statements(app) as asked:
        page = browser.get(f"/criteria/{ID}/transitions")
    assert page.status_code == 200
    assert certificate.number in page.text
    assert len(asked) <= 9
    assert certificate.number not in browser.get(f"/criteria/{ID}/transitions?show=handed_in").text
    with clock.at(now() + timedelta(days=170)):
        browser.sign_in(world.chi)
        assert certificate.number in browser.get("/deadlines?kind=transition").text
    with clock.at(now() + timedelta(days=200)):
        browser.sign_in(world.chi)
        assert certificate.number in browser.get("/deadlines?show=late").text


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_company_starts_one_by_the_pages(world, browser, draft, lang):
    certificate = answered_certificate(world, days_left=300)
    second_edition.published(world)
    browser.sign_in(speaking(world, world.an, lang))
    page = browser.get("/applications/new")
    place = f"/applications/new/transition/{certificate.number}"
    assert f'href="{place}"' in page.text
    assert browser.get(f"{place}").status_code == 200
    answer = browser.press(place, page=place)
    assert answer.status_code == 302
    ref = answer.headers["Location"].rsplit("/", 1)[1]
    listed = browser.get(f"/applications/{ref}/carried")
    assert all(f"/carried/{code}" in listed.text for code in ("TL-01", "HN-02", "TL-09"))
    assert f"/applications/{ref}/criteria/RT-08" in listed.text or "RT-08" in listed.text
    beside = browser.get(f"/applications/{ref}/carried/TL-09")
    assert "TL-05" in beside.text
    browser.sign_in(world.bao)
    assert browser.get(place).status_code == 404


def settled(page):
    """The page as it is sent, but for the line that says how long the public log has become."""
    return re.sub(rb'<p class="meta">[^<]*<span class="code">[\w+/=]{44}</span></p>', b"", page.data)


def test_old_pages_and_certificates_do_not_change(world, app, browser, draft):
    certificate = certified(world)
    paths = [f"/c/{certificate.number}", f"/criteria/{EDITION}/TL-01", f"/criteria/{EDITION}.xlsx"]
    paths += [f"/en{path}" for path in paths[:2]] + [f"/c/{certificate.number}.jwt", f"/c/{certificate.number}.json"]
    world.session.refresh(certificate)
    content, digests = dict(certificate.content), editions.digest(store.load(EDITION))
    world.session.commit()
    for path in paths:
        assert browser.get(path).status_code == 200
    before = [settled(browser.get(path)) for path in paths]
    second_edition.published(world, terms(first=10))
    after = [settled(browser.get(path)) for path in paths]
    assert after == before
    world.session.expire_all()
    assert world.session.get_one(Certificate, certificate.id).content == content
    assert editions.digest(store.load(EDITION)) == digests
    with clock.at(now() + timedelta(days=11)):
        assert queries.current(world.session).id == ID
        assert content["edition"]["id"] == EDITION

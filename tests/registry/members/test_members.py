"""The directory of members and partners: what everybody reads, who keeps it, and how a person goes at once."""

from datetime import date, timedelta

import pytest
from sqlalchemy import exc
from sqlmodel import select

from assessments import members, memberships, vendors
from assessments.clock import now, today
from assessments.errors import Invalid, NotAllowed, NotFound, WrongState
from assessments.members import Facts
from assessments.models import Affiliate, HistoryEntry, HistoryText
from assessments.people import AffiliateKind, Affiliation
from tests import deciding
from tests.counting import statements
from tests.rows import row, rows

NEW = "/members/new"
ORGANISATION = {"affiliation": "associate", "kind": "organisation", "name_vi": "Mái Lá Xanh"}
PERSON = {"affiliation": "associate", "kind": "individual", "name_vi": "Vàng Mây Trắng"}
MOST = 4


def member(session, world, vendor):
    """A company whose membership the office has confirmed."""
    vendor.membership_claimed_at, vendor.membership_claimed_since = now(), date(2025, 3, 1)
    session.add(vendor)
    session.flush()
    memberships.confirm(session, world.chi, vendor, vendor.membership_claimed_at)
    session.commit()
    return row(session.app, select(Affiliate).where(Affiliate.vendor_id == vendor.id))


def test_an_empty_directory_says_so(browser, world):
    assert "Danh sách chưa có ai." in browser.get("/members").text
    assert "Câu lạc bộ chưa công bố đối tác nào." in browser.get("/partners").text
    assert "The list is empty" in browser.get("/en/members").text


def test_an_organisation_is_put_in_changed_and_taken_out(app, browser, world):
    browser.sign_in(world.chi)
    said = {**ORGANISATION, "does_vi": "Dạy trẻ em.", "since": "2025-04-02", "website": "https://mai.example"}
    assert browser.press(NEW, page=NEW, **said).status_code == 302
    one = row(app, select(Affiliate))
    assert (one.name_vi, one.since, one.written_by) == ("Mái Lá Xanh", date(2025, 4, 2), world.chi.id)
    public = app.test_client().get("/members")
    assert "Set-Cookie" not in public.headers
    assert ["Mái Lá Xanh" in public.text, "Dạy trẻ em." in public.text, "mai.example" in public.text] == [True] * 3
    page = f"/members/{one.id}"
    assert browser.press(page, page=page, **{**said, "affiliation": "partner"}, seen="1").status_code == 302
    assert "Mái Lá Xanh" not in browser.get("/members").text
    assert "Mái Lá Xanh" in browser.get("/partners").text
    assert browser.press(f"{page}/remove", page=page, seen="1").status_code == 409
    assert browser.press(f"{page}/remove", page=page, seen="2").status_code == 302
    assert rows(app, select(Affiliate)) == []
    assert browser.get(page).status_code == 404
    actions = [one.action for one in rows(app, select(HistoryEntry).order_by(HistoryEntry.seq))]
    assert actions[-3:] == ["add_affiliate", "change_affiliate", "remove_affiliate"]


def test_a_person_stands_there_with_consent_and_is_gone_at_once(app, browser, world):
    browser.sign_in(world.chi)
    refused = browser.press(NEW, page=NEW, **PERSON)
    assert (refused.status_code, "đồng ý bằng văn bản" in refused.text) == (422, True)
    assert browser.press(NEW, page=NEW, **PERSON, consent_on=today().isoformat()).status_code == 302
    one = row(app, select(Affiliate))
    assert "Vàng Mây Trắng" in app.test_client().get("/members").text
    browser.press(f"/members/{one.id}/remove", page=f"/members/{one.id}", seen="1")
    assert rows(app, select(Affiliate)) == []
    assert "Vàng Mây Trắng" not in app.test_client().get("/members").text
    notes = [text.note for text in rows(app, select(HistoryText))]
    assert [note for note in notes if "Vàng Mây Trắng" in note] == []


def test_the_database_itself_keeps_no_person_without_consent(session, world):
    session.add(Affiliate(affiliation=Affiliation.FULL, kind=AffiliateKind.INDIVIDUAL, name_vi="Ai đó"))
    with pytest.raises(exc.IntegrityError):
        session.flush()
    session.rollback()


def test_a_company_follows_its_membership(session, world):
    one = member(session, world, world.hat_nang)
    assert (one.name_vi, one.slug, one.since) == (world.hat_nang.name, "hat-nang", date(2025, 3, 1))
    memberships.deny(session, world.chi, world.hat_nang, "Đã rời Câu lạc bộ.")
    session.commit()
    assert session.exec(select(Affiliate)).all() == []


def test_a_company_written_down_by_hand_becomes_its_own_line(session, world):
    facts = Facts(Affiliation.ASSOCIATE, AffiliateKind.COMPANY, world.hat_nang.name, does_vi="Làm ứng dụng.")
    by_hand = members.add(session, world.chi, facts)
    one = member(session, world, world.hat_nang)
    assert (one.id, one.affiliation, one.does_vi) == (by_hand.id, Affiliation.ASSOCIATE, "Làm ứng dụng.")


def test_what_a_company_says_of_itself_is_said_there_too(session, world):
    member(session, world, world.hat_nang)
    facts = vendors.facts_of(world.hat_nang)
    vendors.change_facts(session, world.an, world.hat_nang, vendors.Facts(**{**vars(facts), "name_en": "Sun Seed"}))
    session.commit()
    assert session.exec(select(Affiliate.name_en)).one() == "Sun Seed"


def test_a_company_that_applies_here_is_neither_renamed_nor_taken_out_by_hand(session, browser, world):
    one = member(session, world, world.hat_nang)
    page = f"/members/{one.id}"
    browser.sign_in(world.chi)
    said = {"affiliation": "associate", "kind": "individual", "name_vi": "Khác", "consent_on": "2025-01-01"}
    assert browser.press(page, page=page, **said, seen=str(one.version)).status_code == 302
    kept = row(session.app, select(Affiliate))
    assert (kept.name_vi, kept.kind, kept.affiliation) == (
        world.hat_nang.name,
        AffiliateKind.COMPANY,
        Affiliation.ASSOCIATE,
    )
    assert browser.press(f"{page}/remove", page=page, seen=str(kept.version)).status_code == 409


def test_products_with_a_certificate_here_are_told_plainly(session, browser, world):
    member(session, world, world.hat_nang)
    assert "Không có sản phẩm nào đang có giấy chứng nhận ở đây." in browser.get("/members").text
    deciding.certified(world)
    session.commit()
    page = browser.get("/members").text
    assert "1 sản phẩm có giấy chứng nhận ở đây" in page
    assert 'href="/vendors/hat-nang"' in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"name_vi": " "},
        {"since": today() + timedelta(days=1)},
        {"kind": AffiliateKind.INDIVIDUAL},
        {"name_vi": "x" * 201},
        {"website": "https://" + "x" * 400},
        {"name_vi": "MÁI LÁ xanh"},
    ],
)
def test_what_cannot_be_is_refused(session, world, wrong):
    members.add(session, world.chi, Facts(Affiliation.FULL, AffiliateKind.ORGANISATION, "Mái lá xanh"))
    facts = {"affiliation": Affiliation.FULL, "kind": AffiliateKind.ORGANISATION, "name_vi": "Khác"}
    with pytest.raises(Invalid):
        members.add(session, world.chi, Facts(**{**facts, **wrong}))


def test_verbs_refuse_others_and_what_is_not_there(session, world):
    facts = Facts(Affiliation.FULL, AffiliateKind.ORGANISATION, "Khác")
    with pytest.raises(NotAllowed):
        members.add(session, world.giang, facts)
    one = members.add(session, world.chi, facts)
    with pytest.raises(WrongState):
        members.change(session, world.chi, one.id, facts, 9)
    with pytest.raises(NotFound):
        members.remove(session, world.chi, world.chi.id, 1)


@pytest.mark.parametrize("who", ["an", "giang", "dung", "lan"])
def test_only_the_office_keeps_it(browser, world, who):
    browser.sign_in(getattr(world, who))
    assert {browser.get(path).status_code for path in ("/members/office", NEW)} == {404}


def test_how_to_join_needs_no_account(browser, world, settings):
    page = browser.get("/join")
    assert f"mailto:{settings.office_email}" in page.text
    assert "Set-Cookie" not in page.headers


def test_the_list_asks_as_often_for_many(app, session, browser, world):
    member(session, world, world.hat_nang)
    counts = []
    for number in range(2):
        for place in range(5):
            facts = Facts(Affiliation.FULL, AffiliateKind.COMPANY, f"Công ty {number} {place}")
            members.add(session, world.chi, facts)
        session.commit()
        with statements(app) as seen:
            browser.get("/members")
        counts.append(len(seen))
    assert len(set(counts)) == 1
    assert counts[0] <= MOST

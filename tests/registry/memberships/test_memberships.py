"""Membership of the club: what a company says waits for the office, and only the confirmed is public."""

from datetime import date

import pytest
from sqlmodel import Session, select

from assessments import decisions, memberships, vendors
from assessments.decisions import Proposing
from assessments.errors import NotAllowed
from assessments.models import HistoryEntry, Interest, Listing, Vendor
from assessments.people import InterestKind
from assessments.queries.certificates import certificate_of
from assessments.states import Outcome
from tests.deciding import ISSUER, certified, in_decision
from tests.listings import Shop
from tests.rows import letters, row, rows

AN = "an@hatnang.example"
INDEX, PAGE = "/memberships", "/memberships/hat-nang"
SINCE = date(2024, 2, 5)


def claim(world, since=SINCE):
    facts = vendors.facts_of(world.hat_nang)
    changed = vendors.Facts(**{**vars(facts), "club_member": True, "club_member_since": since})
    vendors.change_facts(world.session, world.an, world.hat_nang, changed)
    world.session.commit()


def stored(world):
    """The company as the database has it, read beside the test's own session."""
    with Session(world.session.get_bind().execution_options(reading=True)) as session:
        return session.exec(select(Vendor).where(Vendor.slug == "hat-nang")).one()


def claimed_at(world):
    return stored(world).membership_claimed_at.isoformat()


def standing(world):
    vendor = stored(world)
    return vendor.club_member, vendor.club_member_since, vendor.membership_claimed_at is not None


def test_a_claim_waits_and_is_not_public(app, world, browser):
    Shop(world).publish()
    claim(world)
    assert standing(world) == (False, None, True)
    assert row(app, select(Listing.content))["vendor"]["club_member"] is False
    for page in ("/products/p-0001", "/vendors/hat-nang"):
        text = browser.get(page).text
        assert "Nhà cung cấp này là hội viên" not in text
        assert "không phải hội viên" not in text  # nobody knows yet
    browser.sign_in(world.an)
    assert "khai là hội viên từ 05/02/2024; đang chờ văn phòng xác nhận" in browser.get("/company").text


def test_saving_the_facts_again_keeps_the_claim(world, browser):
    claim(world)
    before = claimed_at(world)
    browser.sign_in(world.an)
    page = browser.get("/company/facts").text
    assert 'value="2024-02-05"' in page
    vendors.change_facts(world.session, world.an, world.hat_nang, vendors.facts_of(world.hat_nang))
    world.session.commit()
    assert claimed_at(world) == before


def test_the_office_confirms_and_the_public_reads_it(app, world, browser):
    Shop(world).publish()
    claim(world)
    at = claimed_at(world)
    browser.sign_in(world.chi)
    assert "Công ty CP Hạt Nắng" in browser.get(INDEX).text
    assert browser.press(f"{PAGE}/confirm", PAGE, claimed_at=at).location == INDEX
    assert standing(world) == (True, SINCE, False)
    assert "là hội viên Câu lạc bộ." in browser.get("/products/p-0001").text
    assert [one.event.split(":")[1] for one in letters(app, AN)] == ["membership_confirmed"]
    assert rows(app, select(HistoryEntry.action))[-1] == "confirm_membership"
    assert browser.press(f"{PAGE}/confirm", PAGE, claimed_at=at).status_code == 409  # a double click


def test_a_claim_that_changed_meanwhile_is_read_again(world, browser):
    claim(world)
    at = claimed_at(world)
    claim(world, date(2020, 1, 1))
    browser.sign_in(world.chi)
    assert browser.press(f"{PAGE}/confirm", PAGE, claimed_at=at).status_code == 409
    assert browser.press(f"{PAGE}/confirm", PAGE, claimed_at="x").status_code == 409
    assert standing(world) == (False, None, True)


def test_the_office_denies_with_a_reason(app, world, browser):
    claim(world)
    browser.sign_in(world.chi)
    empty = browser.press(f"{PAGE}/deny", PAGE)
    assert (empty.status_code, "Ghi lý do để đơn vị biết." in empty.text) == (422, True)
    assert browser.press(f"{PAGE}/deny", PAGE, reason="Không có trong danh sách.").location == INDEX
    assert standing(world) == (False, None, False)
    assert "Không có trong danh sách." in letters(app, AN)[0].body
    assert browser.get(PAGE).status_code == 404


def test_a_membership_that_has_ended_leaves_the_public_pages(world, browser):
    Shop(world).publish()
    claim(world)
    memberships.confirm(world.session, world.chi, world.hat_nang, world.hat_nang.membership_claimed_at)
    world.session.commit()
    browser.sign_in(world.chi)
    assert browser.press(f"{PAGE}/deny", PAGE, reason="Đã ra khỏi Câu lạc bộ.").status_code == 302
    assert "không phải hội viên" in browser.get("/products/p-0001").text


def test_a_company_that_says_it_is_none_any_more_needs_nobody(world):
    claim(world)
    memberships.confirm(world.session, world.chi, world.hat_nang, world.hat_nang.membership_claimed_at)
    facts = vendors.Facts(**{**vars(vendors.facts_of(world.hat_nang)), "club_member": False, "club_member_since": None})
    vendors.change_facts(world.session, world.an, world.hat_nang, facts)
    world.session.commit()
    assert standing(world) == (False, None, False)


def test_another_day_waits_beside_what_was_confirmed(world):
    claim(world)
    memberships.confirm(world.session, world.chi, world.hat_nang, world.hat_nang.membership_claimed_at)
    claim(world, date(2023, 1, 1))
    assert standing(world) == (True, SINCE, True)


def test_who_works_for_the_company_does_not_confirm_it(world, browser):
    claim(world)
    world.session.add(
        Interest(
            person_id=world.chi.id,
            vendor_id=world.hat_nang.id,
            organisation=world.hat_nang.name,
            kind=InterestKind.CONSULTANCY,
            since=date(2020, 1, 1),
        )
    )
    world.session.commit()
    browser.sign_in(world.chi)
    text = browser.get(PAGE).text
    assert "Bạn có lợi ích liên quan đến đơn vị này" in text
    assert "Xác nhận là hội viên" not in text
    assert browser.press(f"{PAGE}/deny", "/account", reason="x").status_code == 403
    with pytest.raises(NotAllowed):
        memberships.confirm(world.session, world.an, world.hat_nang, world.hat_nang.membership_claimed_at)


@pytest.mark.parametrize("who", ["an", "bao", "dung", "giang", "lan", "minh"])
def test_it_is_the_offices(world, browser, who):
    claim(world)
    browser.sign_in(getattr(world, who))
    for page in (INDEX, PAGE):
        assert browser.get(page).status_code == 404
    assert browser.press(f"{PAGE}/confirm", "/account", claimed_at="x").status_code == 404


def test_no_token_and_no_such_company(world, browser):
    claim(world)
    browser.sign_in(world.chi)
    assert browser.post(f"{PAGE}/confirm").status_code == 400
    assert browser.post(f"{PAGE}/deny").status_code == 400
    assert browser.get("/memberships/bo-tre").status_code == 404  # it says nothing of the kind
    assert browser.get("/memberships/nobody").status_code == 404


def test_the_empty_page_says_so(world, browser):
    browser.sign_in(world.chi)
    assert "Không có việc nào đang chờ bạn." in browser.get(INDEX).text


def test_a_certificate_carries_what_was_confirmed_by_its_day(world):
    application = in_decision(world)  # handed in when the company was no member
    claim(world)
    proposal = decisions.propose(world.session, world.giang, application, Proposing(Outcome.CERTIFY, "L1"))
    memberships.confirm(world.session, world.chi, world.hat_nang, world.hat_nang.membership_claimed_at)
    decisions.confirm(world.session, world.hung, application, proposal.number, ISSUER)
    assert certificate_of(world.session, application.id).content["vendor"]["club_member"] is True


def test_an_unconfirmed_claim_is_on_no_certificate(world):
    claim(world)
    assert certified(world).content["vendor"]["club_member"] is False

"""/committee: who sits where, named only with their consent; and the consent itself."""

import gzip
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlmodel import select

import registry
from assessments import committee
from assessments.models import Background, CommitteeSeat, HistoryEntry, Interest
from assessments.people import Body, InterestGroup, InterestKind, Role
from assessments.queries.seats import Seat, balance
from registry.accounts import club
from tests.rows import row, rows

PAGE, OWN = "/committee", "/account/committee"


@pytest.fixture
def seats(session, world):
    """Everybody's seats as the verbs make them: Giang, Hùng and Khánh decide, Hùng and Lan watch."""
    for person, roles in ((world.hung, {Role.DECIDER, Role.IMPARTIALITY}), (world.lan, {Role.IMPARTIALITY})):
        club.change_roles(session, world.minh, person.id, frozenset(roles))
    for person in (world.giang, world.khanh):
        committee.refresh(session, person.id)
    session.commit()


def agree(browser, person):
    browser.sign_in(person)
    page = browser.get(OWN).text
    seen = page.split('name="seen"')[1].split('value="')[1].split('"')[0]
    return browser.press(OWN, OWN, seen=seen)


def test_a_seat_has_no_name_before_its_holder_agrees(app, world, browser, seats):
    page = browser.get(PAGE)
    assert page.status_code == 200
    for person in (world.giang, world.hung, world.khanh, world.lan):
        assert person.name not in page.text
    assert page.text.count("Người giữ ghế chưa đồng ý nêu tên") == 5
    assert "Set-Cookie" not in page.headers
    assert "Cookie" not in page.headers.get("Vary", "")


def test_agreeing_publishes_exactly_the_text_that_was_read(app, session, world, browser, seats):
    session.add_all(
        [
            Background(person_id=world.giang.id, affiliation="Đại học Lá Xanh"),
            Interest(
                person_id=world.giang.id,
                organisation="Công ty Mây",
                kind=InterestKind.SHARES,
                since=date(2024, 1, 5),
                note="5% của bố",
            ),
        ]
    )
    session.commit()
    browser.sign_in(world.giang)
    own = browser.get(OWN).text
    assert ("Đại học Lá Xanh" in own, "Công ty Mây" in own, "5% của bố" in own) == (True, True, False)
    assert agree(browser, world.giang).location == OWN
    page = browser.get(PAGE).text
    for text in (world.giang.name, "Đại học Lá Xanh", "Công ty Mây", "05/01/2024"):
        assert text in page
    assert "5% của bố" not in page
    seat = row(app, select(CommitteeSeat).where(CommitteeSeat.person_id == world.giang.id))
    assert (seat.name, seat.interests) == (
        world.giang.name,
        [{"kind": "shares", "organisation": "Công ty Mây", "since": "2024-01-05"}],
    )
    assert "agree_to_be_named" in rows(app, select(HistoryEntry.action))
    assert world.giang.name in browser.get("/en/committee").text


def test_a_text_that_changed_meanwhile_is_not_agreed_to(app, session, world, browser, seats):
    browser.sign_in(world.giang)
    page = browser.get(OWN).text
    seen = page.split('name="seen"')[1].split('value="')[1].split('"')[0]
    session.add(
        Interest(person_id=world.giang.id, organisation="Mây", kind=InterestKind.SHARES, since=date(2024, 1, 5))
    )
    session.commit()
    assert browser.press(OWN, OWN, seen=seen).status_code == 409
    assert row(app, select(CommitteeSeat).where(CommitteeSeat.person_id == world.giang.id)).name == ""


def test_a_later_interest_waits_for_another_consent(session, world, browser, seats):
    agree(browser, world.giang)
    session.add(
        Interest(person_id=world.giang.id, organisation="Mây", kind=InterestKind.SHARES, since=date(2024, 1, 5))
    )
    session.commit()
    assert "đồng ý lại để cập nhật" in browser.get(OWN).text
    assert "Mây" not in browser.get(PAGE).text
    agree(browser, world.giang)
    assert "Mây" in browser.get(PAGE).text


def test_whoever_takes_their_name_back_leaves_an_unnamed_seat(app, world, browser, seats):
    agree(browser, world.hung)
    assert browser.press(f"{OWN}/withdraw", OWN).location == OWN
    assert world.hung.name not in browser.get(PAGE).text
    held = rows(app, select(CommitteeSeat).where(CommitteeSeat.person_id == world.hung.id))
    assert {(one.body, one.name, one.agreed_at) for one in held} == {
        (Body.DECIDERS, "", None),
        (Body.IMPARTIALITY, "", None),
    }
    assert browser.press(f"{OWN}/withdraw", OWN).status_code == 409


def test_a_seat_goes_with_the_role_and_with_the_account(app, session, world, browser, seats):
    agree(browser, world.hung)
    club.change_roles(session, world.minh, world.hung.id, frozenset({Role.REVIEWER}))
    club.disable(session, world.minh, world.giang)
    session.commit()
    page = browser.get(PAGE).text
    assert world.hung.name not in page
    assert {one.person_id for one in rows(app, select(CommitteeSeat))} == {world.khanh.id, world.lan.id}


def test_nobody_is_public_as_a_reviewer(app, session, world, browser, seats):
    """Khánh decides and reviews: the page knows the first only. Dũng and Hà only review."""
    agree(browser, world.khanh)
    page = browser.get(PAGE).text
    assert world.khanh.name in page
    shown = page.split(world.khanh.name)[1].split("</li>")[0]
    assert "đánh giá" not in shown
    for person in (world.dung, world.ha, world.chi, world.minh):
        assert person.name not in page
    for person in (*(world.dung, world.ha, world.giang, world.khanh),):
        assert str(person.id) not in page


@pytest.mark.parametrize(("who", "code"), [("dung", 404), ("chi", 404), ("an", 404), ("bao", 404), ("minh", 404)])
def test_who_has_no_seat_has_nothing_to_agree_to(world, browser, seats, who, code):
    browser.sign_in(getattr(world, who))
    assert browser.get(OWN).status_code == code
    assert browser.press(OWN, "/account", seen="x").status_code == code


def test_no_token_no_consent(world, browser, seats):
    browser.sign_in(world.giang)
    assert browser.post(OWN, data={"seen": "x"}).status_code == 400


def test_the_page_is_light_and_reads_the_read_model_alone(app, world, browser, seats):
    for person in (world.giang, world.hung, world.khanh, world.lan):
        agree(browser, person)
    seen = []
    engine = app.extensions["engine"]
    event.listen(engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
    fresh = app.test_client()
    page = fresh.get(PAGE)
    asked = [one for one in seen if not one.startswith(("BEGIN", "PRAGMA", "ROLLBACK"))]
    assert len(asked) == 1
    assert "committee_seat" in asked[0]
    css = (Path(registry.__file__).parent / "static" / "site.css").read_bytes()
    assert len(gzip.compress(page.data)) + len(gzip.compress(css)) < 25_000


def test_about_leads_to_it(browser, world):
    assert 'href="/committee"' in browser.get("/about").text
    assert 'href="/en/committee"' in browser.get("/en/about").text


# --- no interest holds more than half of the seats ---


def seat(group):
    return Seat(Body.IMPARTIALITY, "", "", group, (), None)


PARENTS, COMPANIES, EXPERTS = InterestGroup.PARENTS, InterestGroup.COMPANIES, InterestGroup.EXPERTS


@pytest.mark.parametrize(
    ("groups", "holds"),
    [
        ([PARENTS, COMPANIES], True),  # half is not more than half
        ([PARENTS, PARENTS, COMPANIES, EXPERTS], True),
        ([PARENTS, PARENTS, COMPANIES], False),
        ([PARENTS], False),
        ([PARENTS, COMPANIES, None], None),  # the unknown one could make it two of three
        ([PARENTS, PARENTS, PARENTS, None], False),
        ([PARENTS, COMPANIES, EXPERTS, None], True),
        ([None, None], None),
        ([], None),
    ],
)
def test_the_balance_of_seats(groups, holds):
    found = balance([seat(one) for one in groups])
    assert (found.holds, found.seats) == (holds, len(groups))


def test_the_page_says_whether_it_holds(session, world, browser, seats):
    committee.set_background(session, world.minh, world.hung.id, committee.Origin(represents=PARENTS))
    committee.set_background(session, world.minh, world.lan.id, committee.Origin(represents=COMPANIES))
    session.commit()
    assert "Không bên nào giữ quá nửa số ghế." in browser.get(PAGE).text
    committee.set_background(session, world.minh, world.lan.id, committee.Origin(represents=PARENTS))
    session.commit()
    assert "Một bên đang giữ quá nửa số ghế." in browser.get(PAGE).text

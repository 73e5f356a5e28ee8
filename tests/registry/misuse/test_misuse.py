"""Misuse of the mark: reported without a cookie, contact sealed, looked into by an office without interest, closed."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from assessments import clock, misuse
from assessments.errors import NotFound
from assessments.models import HistoryEntry, Interest, MisuseReport
from assessments.people import InterestKind, Role
from assessments.recourse import MisuseKind, MisuseOutcome, MisuseState
from registry import jobs, sealed
from registry.accounts import sessions
from registry.accounts.models import UserRole
from registry.mail.models import Letter
from tests.counting import statements
from tests.deciding import certified
from tests.rows import row, rows

REPORTS = select(MisuseReport).order_by(MisuseReport.number)
LETTERS = select(Letter).where(Letter.event.like("DS-%"))
SAID = {
    "kind": "ended",
    "place": "https://cua-hang.example/den-nha",
    "about": "VCSC-26-0001-K",
    "text": "Vẫn treo dấu ở trang bán hàng.",
    "contact": "nguoi.dan@example.net",
}


def hidden(text, name):
    return re.search(rf'name="{name}" value="([^"]*)"', text)[1]


def sent(browser, **changes):
    """A report by the public form; returns the page with the code."""
    checked = browser.post("/misuse/check", data={**SAID, **changes})
    return browser.post("/misuse", data={**SAID, **changes, "ticket": hidden(checked.text, "ticket")})


def code_in(text):
    return re.search(r"[A-Z2-7]{4}(?:-[A-Z2-7]{4}){4}", text)[0]


def page_of(app):
    return f"/misuse/reports/{rows(app, REPORTS)[-1].number}"


def test_anybody_reports_without_a_cookie(app, browser, world):
    form = browser.get("/misuse")
    assert (form.status_code, "Set-Cookie" in form.headers) == (200, False)
    assert form.text.index('href="tel:111"') < form.text.index("<form")
    checked = browser.post("/misuse/check", data=SAID)
    assert (checked.status_code, "Set-Cookie" in checked.headers, SAID["place"] in checked.text) == (200, False, True)
    assert rows(app, REPORTS) == []
    done = browser.post("/misuse", data={**SAID, "ticket": hidden(checked.text, "ticket")})
    assert (done.status_code, "Set-Cookie" in done.headers) == (200, False)
    assert done.headers["Cache-Control"] == "no-store"
    report = row(app, REPORTS)
    assert (report.number, report.state, report.due_at) == (
        f"DS-{clock.today().year}-0001",
        MisuseState.RECEIVED,
        clock.working_days(5),
    )
    assert SAID["contact"] not in (report.contact or "")
    again = browser.post("/misuse", data={**SAID, "ticket": hidden(checked.text, "ticket")})
    assert (code_in(again.text), len(rows(app, REPORTS))) == (code_in(done.text), 1)


def test_the_page_of_a_certificate_and_the_rules_lead_here_with_the_number(browser, world):
    certificate = certified(world)
    assert f'href="/misuse?number={certificate.number}"' in browser.get(f"/c/{certificate.number}").text
    form = browser.get(f"/misuse?number={certificate.number}").text
    assert re.search(rf'name="about"[^>]*value="{certificate.number}"', form)
    assert "&lt;b&gt;" in browser.get("/misuse?number=<b>").text


def test_a_number_is_found_however_it_is_typed_but_not_before_it_is_public(app, browser, world):
    world.round.announce_on = clock.today() + timedelta(days=10)
    world.session.add(world.round)
    world.session.commit()
    hidden_one = certified(world)
    sent(browser, about=hidden_one.number)
    world.round.announce_on = None
    world.session.commit()
    shown = certified(world, "HS-2026-0002")
    sent(browser, about=shown.number.lower().replace("-", " "))
    sent(browser, about="")
    assert [one.certificate_id for one in rows(app, REPORTS)] == [None, shown.id, None]


def test_the_office_is_told_a_number_and_no_word(app, browser, world):
    sent(browser)
    told = rows(app, LETTERS)
    assert {one.recipient for one in told} == {"chi@club.example"}
    assert [one for one in told if SAID["place"] in one.body or SAID["contact"] in one.body] == []


def test_from_the_form_to_the_closing(app, browser, world):
    certificate = certified(world)
    code = code_in(sent(browser, about=certificate.number).text)
    page = page_of(app)
    browser.sign_in(world.chi)
    assert rows(app, REPORTS)[0].number in browser.get("/misuse/reports").text
    seen = browser.get(page).text
    assert (SAID["place"] in seen, SAID["contact"] in seen) == (True, False)
    assert f'href="/c/{certificate.number}"' in seen
    assert browser.press(f"{page}/contact", page).status_code == 403
    assert browser.press(f"{page}/close", page, outcome="stopped", note="x").status_code == 403
    assert browser.press(f"{page}/take", page).location == page
    assert SAID["contact"] in browser.press(f"{page}/contact", page).text
    empty = browser.press(f"{page}/close", page, outcome="stopped", note="")
    assert (empty.status_code, "Ghi đã kiểm tra gì" in empty.text) == (422, True)
    words = {"outcome": "stopped", "note": "Cửa hàng đã gỡ dấu."}
    assert browser.press(f"{page}/close", page, **words).location == page
    report = row(app, REPORTS)
    assert (report.state, report.outcome, report.handler_id) == (
        MisuseState.CLOSED,
        MisuseOutcome.STOPPED,
        world.chi.id,
    )
    steps = [one for one in rows(app, select(HistoryEntry)) if "misuse" in one.action]
    assert [(one.action, one.from_state, one.to_state, one.actor_id) for one in steps] == [
        ("receive_misuse", "", "received", None),
        ("take_misuse", "received", "in_hand", world.chi.id),
        ("open_misuse_contact", "in_hand", "in_hand", world.chi.id),
        ("close_misuse", "in_hand", "closed", world.chi.id),
    ]
    assert browser.press(f"{page}/close", page, **words).status_code == 409
    assert browser.press(f"{page}/take", page).status_code == 409
    assert report.number in browser.get("/misuse/reports?show=closed").text
    followed = app.test_client().post("/misuse/follow", data={"code": code.lower().replace("-", " ")})
    assert "Đúng là dùng sai, và nay đã dừng" in followed.text
    assert ("Cửa hàng đã gỡ dấu." in followed.text, "Linh Chi" in followed.text) == (False, False)


def test_only_coordinators_read_them(app, browser, world):
    sent(browser)
    page = page_of(app)
    assert browser.get("/misuse/reports").status_code == 302
    for person in (world.an, world.bao, world.dung, world.giang, world.lan, world.minh):
        browser.sign_in(person)
        token = browser.token("/account")
        assert browser.get("/misuse/reports").status_code == 404, person.name
        assert browser.get(page).status_code == 404, person.name
        for step in ("take", "contact", "close"):
            assert browser.post(f"{page}/{step}", data={"csrf_token": token}).status_code == 404
    browser.sign_in(world.chi)
    assert browser.get("/misuse/reports/DS-2026-9999").status_code == 404
    with pytest.raises(NotFound):
        misuse.take(world.session, world.giang, world.session.exec(REPORTS).one())


def test_nothing_is_done_without_a_token(app, browser, world):
    sent(browser)
    browser.sign_in(world.chi)
    for step in ("take", "contact", "close"):
        assert browser.post(f"{page_of(app)}/{step}").status_code == 400
    assert row(app, REPORTS).state is MisuseState.RECEIVED


def test_who_has_an_interest_in_the_company_does_not_take_it(app, browser, world):
    certificate = certified(world)
    kind = InterestKind.SHARES
    world.session.add(
        Interest(
            person_id=world.chi.id,
            vendor_id=world.hat_nang.id,
            organisation=world.hat_nang.name,
            kind=kind,
            since=clock.today() - timedelta(days=30),
        )
    )
    world.session.commit()
    sent(browser, about=certificate.number)
    sent(browser, about="")
    first, second = (f"/misuse/reports/{one.number}" for one in rows(app, REPORTS))
    browser.sign_in(world.chi)
    assert "Bạn có lợi ích liên quan" in browser.get(first).text
    assert browser.press(f"{first}/take", second).status_code == 403
    assert browser.press(f"{second}/take", second).location == second


def test_another_coordinator_goes_on(app, browser, world):
    world.session.add(UserRole(user_id=world.ha.id, role=Role.COORDINATOR))
    world.session.commit()
    sessions.load_standing(world.session, world.ha)
    world.session.commit()
    sent(browser)
    page = page_of(app)
    browser.sign_in(world.chi)
    browser.press(f"{page}/take", page)
    browser.sign_in(world.ha)
    assert browser.press(f"{page}/contact", page).status_code == 403
    assert browser.press(f"{page}/take", page).location == page
    assert row(app, REPORTS).handler_id == world.ha.id


@pytest.mark.parametrize(
    "changes", [{"place": " "}, {"kind": ""}, {"website": "http://spam.example"}, {"about": "9" * 41}]
)
def test_what_cannot_be_used_comes_back_as_typed(app, browser, world, changes):
    answer = browser.post("/misuse/check", data={**SAID, **changes})
    assert (answer.status_code, SAID["contact"] in answer.text) == (422, True)
    assert browser.post("/misuse", data={**SAID, **changes, "ticket": "x"}).status_code == 422
    assert rows(app, REPORTS) == []


def test_without_a_ticket_of_this_form_nothing_is_stored(app, browser, world):
    answer = browser.post("/misuse", data={**SAID, "ticket": "forged"})
    assert (answer.status_code, SAID["place"] in answer.text, rows(app, REPORTS)) == (422, True, [])
    other = browser.post("/complaints/check", data={"subject": "delay", "text": "x"})
    assert browser.post("/misuse", data={**SAID, "ticket": hidden(other.text, "ticket")}).status_code == 422
    assert browser.post("/misuse", data=SAID, headers={"Origin": "https://elsewhere.example"}).status_code == 400
    assert browser.get("/misuse/check").location == "/misuse"


def test_a_flood_from_one_address_is_stopped(app, browser, world):
    codes = [sent(browser).status_code for _ in range(6)]
    assert (codes, len(rows(app, REPORTS))) == ([200] * 5 + [429], 5)


def test_a_wrong_code_finds_nothing(browser, world):
    sent(browser)
    answer = browser.post("/misuse/follow", data={"code": "AAAA-BBBB-CCCC-DDDD-EEEE"})
    assert (answer.status_code, SAID["place"] in answer.text) == (404, False)
    assert browser.post("/misuse/follow", data={"code": ""}).status_code == 422
    assert browser.get("/misuse/follow").status_code == 200


def test_contacts_are_sealed_for_this_purpose_and_erased_in_time(app, world):
    with app.app_context():
        session, chi = world.session, world.chi
        said = misuse.Said(MisuseKind.FALSE, "Chợ", contact="a@example.net")
        report = misuse.receive(session, chi.id, "AAAA", said, sealed.ring(sealed.MISUSE).seal)
        session.commit()
        with pytest.raises(sealed.Unreadable):
            sealed.ring(sealed.COMPLAINT).open(report.contact, str(report.id))
        misuse.take(session, chi, report)
        misuse.close(session, chi, report, MisuseOutcome.UNCLEAR, "Không tìm thấy.")
        session.commit()
        assert jobs.misuse_upkeep.erase_contacts() == 0
        with clock.at(clock.now() + timedelta(days=91)):
            assert jobs.misuse_upkeep.erase_contacts() == 1
        found = row(app, REPORTS)
        assert (found.contact, found.contact_given, found.contact_erased_at is not None) == (None, True, True)


@pytest.mark.parametrize(
    "broken", [{"state": "closed", "handler": True}, {"state": "in_hand"}, {"closed_at": True}, {"serial": 0}]
)
def test_the_database_refuses_what_makes_no_sense(world, broken):
    fields = {
        "number": "DS-2026-0001",
        "year": 2026,
        "serial": broken.get("serial", 1),
        "code_hash": "x",
        "kind": MisuseKind.OTHER,
        "place": "Chợ",
        "edition_id": "vcsc-2026",
        "due_at": clock.now(),
        "state": MisuseState(broken.get("state", "received")),
        "handler_id": world.chi.id if "handler" in broken else None,
        "closed_at": clock.now() if "closed_at" in broken else None,
    }
    world.session.add(MisuseReport(**fields))
    with pytest.raises(IntegrityError):
        world.session.flush()


def test_the_list_costs_the_same_however_long_it_is(app, browser, world):
    browser.sign_in(world.chi)
    counted = []
    for _n in range(2):
        for number in range(3):
            browser.environ_base["REMOTE_ADDR"] = f"10.0.{len(counted)}.{number}"
            sent(browser)
        with statements(app) as seen:
            assert browser.get("/misuse/reports").status_code == 200
        counted.append(len(seen))
    assert counted[0] == counted[1]


def test_a_long_list_goes_page_by_page(app, browser, world):
    with app.app_context():
        for serial in range(1, 53):
            misuse.receive(
                world.session,
                uuid4(),
                f"CODE{serial}",
                misuse.Said(MisuseKind.OTHER, f"Chợ {serial}"),
                lambda text, _place: text,
            )
        world.session.commit()
    browser.sign_in(world.chi)
    first = browser.get("/misuse/reports").text
    assert first.count('scope="row"') == 50
    assert browser.get("/misuse/reports?after=50").text.count('scope="row"') == 2
    assert browser.get("/misuse/reports?after=-5").text.count('scope="row"') == 50

"""Appeals by their pages: the company asks, the office finds hearers, two of them rule; and what everybody is told."""

import re
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from assessments import appeals, clock, hearings
from assessments.models import Appeal, AppealRuling, Application, Background
from assessments.queries import appeals as queries
from assessments.recourse import AppealState, Ruling
from assessments.states import State
from registry.mail.models import Letter
from tests import appealing
from tests.appealing import RULED

SAID = {
    "grounds": ["facts", "procedure"],
    "text": "Báo cáo thử nghiệm không được đọc.",
    "wanted": "Chấm lại TN-05.",
    "evidence": "TN-05, trang 3",
}
CLUB = ("Linh Chi", "Dũng", "Thu Hà", "Giang", "Hùng", "Lan", "Mai", "Phúc", "Quân", "Thảo")


@pytest.fixture
def others(world):
    return appealing.others(world)


def rows(world, model):
    """What is in a table now, looked at without holding it."""
    with Session(world.session.get_bind().execution_options(reading=True)) as session:
        return list(session.exec(select(model)))


def lodge(browser, world, application, **changes):
    browser.sign_in(world.an)
    seq = queries.appealable(world.session, application)[0].seq
    world.session.commit()
    page = f"/appeals/new/{application.ref}"
    return browser.press(f"{page}/lodge", page, **{**SAID, "against": seq, **changes})


def test_the_company_asks_checks_and_sends(browser, world, others):
    application = appealing.declined(world)
    browser.sign_in(world.an)
    shown = browser.get(f"/applications/{application.ref}").text
    assert "Yêu cầu xem xét lại" in shown
    page = browser.get(re.search(r'href="(/appeals/new/[^"]+)"', shown)[1].replace("&amp;", "&"))
    assert page.status_code == 200
    seq = queries.appealable(world.session, application)[0].seq
    world.session.commit()
    base = f"/appeals/new/{application.ref}"
    faulty = browser.press(f"{base}/check", base, **{**SAID, "against": seq, "text": ""})
    assert (faulty.status_code, SAID["wanted"] in faulty.text) == (422, True)
    checked = browser.press(f"{base}/check", base, **SAID, against=seq)
    assert (checked.status_code, SAID["text"] in checked.text) == (200, True)
    back = browser.press(base, base, **SAID, against=seq)
    assert (back.status_code, SAID["text"] in back.text) == (200, True)
    assert rows(world, Appeal) == []
    sent = lodge(browser, world, application)
    appeal = rows(world, Appeal)[0]
    assert sent.location == f"/appeals/{appeal.number}"
    assert SAID["text"] in browser.get(sent.location).text
    assert appeal.number in browser.get("/appeals").text
    assert appeal.number in browser.get(f"/applications/{application.ref}").text
    told = {(one.recipient, one.subject) for one in rows(world, Letter) if appeal.number in one.subject}
    assert told == {
        ("an@hatnang.example", f"Biên nhận yêu cầu xem xét lại {appeal.number}"),
        ("chi@club.example", f"Yêu cầu xem xét lại {appeal.number}: cần báo đã nhận"),
        ("thao@club.example", f"Yêu cầu xem xét lại {appeal.number}: cần báo đã nhận"),
    }


def test_after_the_period_it_is_taken_with_a_receipt_and_not_heard(browser, world, others):
    application = appealing.declined(world)
    chosen = queries.appealable(world.session, application)[0]
    seq = chosen.seq
    world.session.commit()
    base = f"/appeals/new/{application.ref}"
    with clock.at(chosen.until + timedelta(days=2)):
        browser.sign_in(world.an)
        shown = browser.get(f"/applications/{application.ref}").text
        assert "thời hạn yêu cầu xem xét lại đã hết ngày" in shown
        assert "nhưng không xem xét" in browser.get(base).text
        checked = browser.press(f"{base}/check", base, **SAID, against=seq)
        assert (checked.status_code, "nhưng không xem xét" in checked.text) == (200, True)
        sent = browser.press(f"{base}/lodge", base, **SAID, against=seq)
        appeal = rows(world, Appeal)[0]
        assert sent.location == f"/appeals/{appeal.number}"
        text = browser.get(sent.location).text
        assert ("Gửi sau thời hạn" in text, SAID["text"] in text, "Rút yêu cầu này" in text) == (True, True, False)
        assert browser.get(base).location == f"/appeals/{appeal.number}"
        told = {(one.recipient, one.subject) for one in rows(world, Letter) if appeal.number in one.subject}
        assert told == {
            ("an@hatnang.example", f"Biên nhận yêu cầu xem xét lại {appeal.number}, gửi sau thời hạn"),
            ("chi@club.example", f"Yêu cầu xem xét lại {appeal.number} đến sau thời hạn"),
            ("thao@club.example", f"Yêu cầu xem xét lại {appeal.number} đến sau thời hạn"),
        }
        browser.sign_in(others.thao)
        assert "Gửi sau thời hạn" in browser.get(f"/appeals/{appeal.number}/office").text
        assert "trong đó gửi muộn" in browser.get("/transparency").text


def test_a_second_click_finds_it_sent(browser, world):
    application = appealing.declined(world)
    seq = queries.appealable(world.session, application)[0].seq
    world.session.commit()
    lodge(browser, world, application)
    page = "/account"
    again = browser.press(f"/appeals/new/{application.ref}/lodge", page, **SAID, against=seq)
    assert again.status_code == 409
    assert len(rows(world, Appeal)) == 1


def test_from_the_office_to_the_ruling(browser, world, others):
    application = appealing.declined(world)
    lodge(browser, world, application)
    appeal = rows(world, Appeal)[0]
    number, office = appeal.number, f"/appeals/{appeal.number}/office"

    browser.sign_in(others.thao)
    assert number in browser.get("/appeals/office").text
    assert browser.press(f"/appeals/{number}/acknowledge", office).location == office
    shown = browser.get(office).text
    assert ("Cao Phúc" in shown, "Đã giữ một vai trong hồ sơ này: người đề xuất quyết định." in shown) == (True, True)
    few = browser.press(f"/appeals/{number}/hearers", office, hearers=[str(others.phuc.id)])
    assert (few.status_code, "Chọn ít nhất 2 người xem xét lại." in few.text) == (422, True)
    chosen = [str(others.phuc.id), str(others.mai.id)]
    assert browser.press(f"/appeals/{number}/hearers", office, hearers=chosen).location == office

    for person in (others.phuc, others.mai):
        browser.sign_in(person)
        assert number in browser.get("/appeals/hearings").text
        asked = browser.get(f"/appeals/{number}/hearing")
        assert asked.location == f"/appeals/{number}/declare"
        declared = browser.press(f"/appeals/{number}/declare", asked.location, answer="none")
        assert declared.location == f"/appeals/{number}/hearing"

    browser.sign_in(others.phuc)
    page = f"/appeals/{number}/hearing"
    file = browser.get(page).text
    assert ("Lý do A của TN-05" in file, SAID["text"] in file) == (True, True)
    assert [name for name in ("Dũng", "Thu Hà", "Giang", "Hùng", "Mai") if name in file] == []
    assert browser.press(f"/appeals/{number}/propose", page, outcome="set_aside").status_code == 422
    proposed = browser.press(
        f"/appeals/{number}/propose", page, outcome="set_aside", reasons_vi=RULED[0], reasons_en=RULED[1]
    )
    assert proposed.location == page
    assert browser.press(f"/appeals/{number}/confirm", page, number=1).status_code == 403

    browser.sign_in(others.mai)
    assert browser.press(f"/appeals/{number}/reject", page, number=1, why="").status_code == 422
    assert browser.press(f"/appeals/{number}/confirm", page, number=1).location == page
    assert browser.get(page).status_code == 200
    assert rows(world, Appeal)[0].state is AppealState.SET_ASIDE
    assert rows(world, Application)[0].state is State.IN_DECISION
    again = browser.press(f"/appeals/{number}/confirm", page, number=1)
    assert (again.status_code, "Người khác vừa xác nhận" in again.text) == (409, True)

    browser.sign_in(world.an)
    result = browser.get(f"/appeals/{number}").text
    assert (RULED[0] in result, [name for name in CLUB if name in result]) == (True, [])
    letters = [one for one in rows(world, Letter) if one.recipient == "an@hatnang.example"]
    assert [one.subject for one in letters][-1] == f"Kết quả xem xét lại hồ sơ {application.ref}"
    assert [name for name in CLUB for one in letters if name in one.body] == []
    deciders = {one.recipient for one in rows(world, Letter) if "chờ quyết định lại" in one.subject}
    assert deciders == {"quan@club.example"}  # Phúc hears it, Giang and Hùng have decided, Khánh works there


@pytest.mark.parametrize("made", ["refused", "certified", "suspended", "withdrawn"])
def test_every_kind_has_its_pages(browser, world, others, made):
    found = getattr(appealing, made)(world)
    application = found if made == "refused" else found[0]
    office = others.mai if made == "refused" else others.thao
    hearers = (others.phuc, world.lan)
    appeal = appealing.under_hearing(world, application, hearers, office)
    for person, page in (
        (world.an, f"/appeals/{appeal.number}"),
        (world.an, f"/applications/{application.ref}"),
        (office, f"/appeals/{appeal.number}/office"),
        (others.phuc, f"/appeals/{appeal.number}/hearing"),
    ):
        browser.sign_in(person)
        assert browser.get(page).status_code == 200, page
    appealing.rule(world, appeal, Ruling.SET_ASIDE, *hearers)
    browser.sign_in(world.an)
    assert RULED[0] in browser.get(f"/appeals/{appeal.number}").text
    world.an.language = "en"
    world.session.add(world.an)
    world.session.commit()
    assert RULED[1] in browser.get(f"/appeals/{appeal.number}").text


def test_the_office_says_why_it_is_not_heard(browser, world, others):
    application = appealing.declined(world)
    appeal = appealing.lodged(world, application)
    browser.sign_in(others.thao)
    page = f"/appeals/{appeal.number}/office"
    assert browser.press(f"/appeals/{appeal.number}/refuse", page, reason="late").status_code == 422
    done = browser.press(
        f"/appeals/{appeal.number}/refuse", page, reason="no_grounds", why_vi="Không có.", why_en="None."
    )
    assert done.location == "/appeals/office"
    browser.sign_in(world.an)
    shown = browser.get(f"/appeals/{appeal.number}").text
    assert ("Không nêu căn cứ nào về quyết định này" in shown, "Không có." in shown) == (True, True)


def test_the_owner_takes_it_back(browser, world, others):
    appeal = appealing.lodged(world, appealing.declined(world))
    browser.sign_in(world.an)
    page = f"/appeals/{appeal.number}/withdraw"
    assert browser.get(page).status_code == 200
    assert browser.press(page, page).status_code == 302
    assert rows(world, Appeal)[0].state is AppealState.WITHDRAWN
    assert browser.get(page).status_code == 409


def test_somebody_with_an_interest_stands_aside(browser, world, others):
    application = appealing.declined(world)
    appeal = appealing.under_hearing(world, application, (others.phuc, others.mai), others.thao)
    browser.sign_in(others.phuc)
    page = f"/appeals/{appeal.number}/hearing"
    assert browser.press(f"/appeals/{appeal.number}/stand-aside", page).status_code == 422
    gone = browser.press(f"/appeals/{appeal.number}/stand-aside", page, kind="family")
    assert gone.location == "/appeals/hearings"
    assert browser.get(page).status_code == 404
    browser.get("/appeals/hearings")  # says so once
    assert appeal.number not in browser.get("/appeals/hearings").text
    assert rows(world, AppealRuling) == []


def test_a_hearer_with_a_sign_of_an_interest_says_what_it_means(browser, world, others):
    world.session.add(Background(person_id=others.phuc.id, affiliation="Hạt Nắng"))
    appeal = appealing.lodged(world, appealing.declined(world))
    appeals.acknowledge(world.session, others.thao, appeal)
    hearings.assign(world.session, others.thao, appeal, [others.phuc.id, others.mai.id])
    world.session.commit()
    browser.sign_in(others.phuc)
    page = f"/appeals/{appeal.number}/declare"
    assert "Nơi công tác có tên giống đơn vị này: Hạt Nắng." in browser.get(page).text
    silent = browser.press(page, page, answer="none")
    assert (silent.status_code, "Ghi vì sao những dấu hiệu" in silent.text) == (422, True)
    assert browser.press(page, page, answer="none", note="Trùng tên.").location == f"/appeals/{appeal.number}/hearing"

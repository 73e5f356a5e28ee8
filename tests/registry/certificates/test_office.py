"""The office's list and the changes two deciders make to a certificate."""

import threading
from datetime import timedelta

import pytest
from sqlmodel import Session

from assessments import certificates, clock
from assessments.certificates import Change
from assessments.clock import now
from assessments.errors import WrongState
from assessments.models import Application, Declaration
from assessments.states import CertificateAction, CertificateState
from tests.auditing import opened
from tests.deciding import certified

SUSPENSION = {
    "reason_vi": "Lộ vị trí của con.",
    "reason_en": "It leaks the child's location.",
    "condition_vi": "Sửa lỗi",
    "condition_en": "Mend the fault",
}
REASONS = {"why_vi": "Không khắc phục.", "why_en": "Not mended."}
REASON = Change("Không khắc phục.", "Not mended.")


def url(certificate, step=""):
    return f"/certificates/{certificate.number}" + (f"/{step}" if step else "")


def restore_by():
    return (clock.today() + timedelta(days=30)).isoformat()


def test_the_list_by_status(world, browser):
    certificate = certified(world)
    browser.sign_in(world.chi)
    assert certificate.number in browser.get("/certificates").text
    assert certificate.number in browser.get("/certificates?status=active").text
    assert certificate.number not in browser.get("/certificates?status=withdrawn").text
    assert browser.get("/certificates?status=nonsense").status_code == 200


@pytest.mark.parametrize(
    ("who", "code"),
    [("chi", 200), ("giang", 200), ("lan", 200), ("an", 404), ("bao", 404), ("dung", 404), ("minh", 404)],
)
def test_who_reads_the_offices_pages(world, browser, who, code):
    certificate = certified(world)
    browser.sign_in(getattr(world, who))
    assert browser.get("/certificates").status_code == code
    assert browser.get(url(certificate)).status_code == code
    assert browser.get("/certificates/VCSC-26-9999-A").status_code == 404


def test_an_auditor_reads_the_history_after_declaring_and_never_a_name(world, browser):
    certificate = certified(world)
    browser.sign_in(world.giang)
    browser.press(url(certificate, "suspend"), page=url(certificate), **SUSPENSION, restore_by=restore_by())
    browser.sign_in(world.lan)
    before = browser.get(url(certificate)).text
    opened(world, world.session.get_one(Application, certificate.application_id))
    after = browser.get(url(certificate)).text
    assert [name for name in (world.giang.name, world.hung.name) for page in (before, after) if name in page] == []
    assert ("Lịch sử giấy" in before, "Lịch sử giấy" in after) == (False, True)
    assert "Khai lợi ích liên quan để xem lịch sử giấy" in before
    browser.sign_in(world.hung)
    assert world.giang.name in browser.get(url(certificate)).text


def test_suspend_and_confirm(world, browser):
    certificate = certified(world)
    browser.sign_in(world.giang)
    page = url(certificate)
    answer = browser.press(url(certificate, "suspend"), page=page, **SUSPENSION, restore_by=restore_by())
    assert answer.location == page
    assert "Tạm đình chỉ" in browser.get(f"/c/{certificate.number}").text
    assert browser.press(url(certificate, "confirm"), page=page, event=2).status_code == 403

    browser.sign_in(world.hung)
    assert browser.press(url(certificate, "confirm"), page=page, event=2).location == page
    assert browser.press(url(certificate, "confirm"), page=page, event=2).status_code == 409
    assert world.again(certificate).state is CertificateState.SUSPENDED


def test_a_suspension_needs_everything(world, browser):
    certificate = certified(world)
    browser.sign_in(world.giang)
    page = url(certificate)
    answer = browser.press(url(certificate, "suspend"), page=page, reason_vi="Lộ vị trí.")
    assert (answer.status_code, "Lộ vị trí.</textarea>" in answer.text.replace("\r\n", "")) == (422, True)
    late = (clock.today() + timedelta(days=900)).isoformat()
    answer = browser.press(url(certificate, "suspend"), page=page, **SUSPENSION, restore_by=late)
    assert (answer.status_code, "Hạn khôi phục phải sau hôm nay" in answer.text) == (422, True)
    assert world.again(certificate).state is CertificateState.ACTIVE


def test_withdraw_by_two(world, browser):
    certificate = certified(world)
    browser.sign_in(world.giang)
    page = url(certificate)
    assert browser.press(url(certificate, "propose"), page=page, action="withdraw").status_code == 422
    assert browser.press(url(certificate, "propose"), page=page, action="reinstate", **REASONS).status_code in {
        409,
        422,
    }
    browser.press(url(certificate, "propose"), page=page, action="withdraw", **REASONS)
    assert "Còn hiệu lực" in browser.get(f"/c/{certificate.number}").text
    browser.sign_in(world.hung)
    assert "Không khắc phục." in browser.get(page).text
    browser.press(url(certificate, "confirm"), page=page, event=2)
    assert world.again(certificate).state is CertificateState.WITHDRAWN
    assert "Đã thu hồi" in browser.get(f"/c/{certificate.number}").text


def test_disagree_with_a_proposal(world, browser):
    certificate = certified(world)
    certificates.propose(world.session, world.giang, certificate.number, CertificateAction.WITHDRAW, REASON)
    world.session.commit()
    browser.sign_in(world.hung)
    page = url(certificate)
    assert browser.press(url(certificate, "dismiss"), page=page, event=2).status_code == 422
    assert browser.press(url(certificate, "dismiss"), page=page, event=2, note="Chưa đủ.").location == page
    assert "Chưa đủ." in browser.get(page).text
    assert world.again(certificate).state is CertificateState.ACTIVE


@pytest.mark.parametrize("step", ["suspend", "propose", "confirm", "dismiss"])
@pytest.mark.parametrize(("who", "code"), [("chi", 404), ("lan", 404), ("an", 404), ("bao", 404)])
def test_others_change_nothing(world, browser, step, who, code):
    certificate = certified(world)
    browser.sign_in(getattr(world, who))
    data = {**SUSPENSION, **REASONS, "restore_by": restore_by(), "action": "withdraw", "event": 1, "note": "x"}
    assert browser.press(url(certificate, step), page="/account", **data).status_code == code
    assert world.again(certificate).version == 1


@pytest.mark.parametrize("step", ["suspend", "propose", "confirm", "dismiss"])
def test_nothing_without_the_token(world, browser, step):
    certificate = certified(world)
    browser.sign_in(world.giang)
    assert browser.post(url(certificate, step)).status_code == 400


def test_a_decider_with_an_interest_sees_the_public_part_only(world, browser):
    certificate = certified(world)
    certificates.propose(world.session, world.giang, certificate.number, CertificateAction.WITHDRAW, REASON)
    world.session.commit()
    browser.sign_in(world.khanh)
    text = browser.get(url(certificate)).text
    assert "Không khắc phục." not in text
    assert "<textarea" not in text
    data = {**REASONS, "action": "withdraw"}
    assert browser.press(url(certificate, "propose"), page="/account", **data).status_code == 404


def test_who_was_not_asked_about_interests_is_asked_first(world, browser):
    certificate = certified(world)
    world.session.delete(world.session.get(Declaration, (certificate.application_id, world.hung.id)))
    world.session.commit()
    browser.sign_in(world.hung)
    text = browser.get(url(certificate)).text
    asked = f"/decisions/HS-2026-0001/declare?next={certificate.number}"
    assert (asked in text, "<textarea" in text) == (True, False)
    page = "/decisions/HS-2026-0001/declare"
    answer = browser.press(page, page=asked, answer="none", next=certificate.number)
    assert answer.location == url(certificate)
    assert "<textarea" in browser.get(url(certificate)).text


@pytest.mark.parametrize("turn", range(3))
def test_of_two_opposite_answers_one_counts(app, world, turn):
    certificate = certified(world)
    certificates.propose(world.session, world.giang, certificate.number, CertificateAction.WITHDRAW, REASON)
    world.session.commit()
    won, lost, gate = [], [], threading.Barrier(2)

    def press(name, act):
        with Session(app.extensions["engine"]) as session:
            gate.wait()
            try:
                act(session)
                session.commit()
                won.append(name)
            except WrongState:
                lost.append(name)

    number = certificate.number
    acts = {
        "yes": lambda session: certificates.confirm(session, world.hung, number, 2),
        "no": lambda session: certificates.dismiss(session, world.hung, number, 2, "Chưa đủ."),
    }
    threads = [threading.Thread(target=press, args=item) for item in acts.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(won), len(lost)) == (1, 1)
    state = CertificateState.WITHDRAWN if won == ["yes"] else CertificateState.ACTIVE
    assert world.again(certificate).state is state


def test_names_of_the_committee_are_for_people_free_of_interest(world, browser):
    certificate = certified(world)
    for person, sees in ((world.chi, True), (world.khanh, False)):
        browser.sign_in(person)
        page = browser.get(f"/certificates/{certificate.number}")
        assert page.status_code == 200
        assert (world.giang.name in page.text, world.hung.name in page.text) == (sees, sees)


def test_a_proposal_of_somebody_disabled_cannot_be_confirmed(world, browser, session):
    certificate = certified(world)
    certificates.propose(session, world.giang, certificate.number, CertificateAction.WITHDRAW, REASON)
    world.giang.disabled_at = now()
    session.add(world.giang)
    session.commit()
    browser.sign_in(world.hung)
    url = f"/certificates/{certificate.number}"
    page = browser.get(url).text
    assert "không còn quyền quyết định về giấy này" in page
    assert f"{url}/confirm" not in page
    assert browser.press(f"{url}/confirm", url, event="2").status_code == 409
    answer = browser.press(f"{url}/propose", url, action="withdraw", why_vi="Lộ", why_en="Leaks")
    assert answer.status_code == 302

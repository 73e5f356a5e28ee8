"""GET and POST /reviews/<ref>/declare: the question of interests, before the file opens and at any time later."""

from datetime import date

import pytest
from sqlmodel import select

from assessments import assignments, decisions, declarations
from assessments.models import Background, Declaration, HistoryEntry, Interest, Review
from assessments.people import InterestKind, Role
from assessments.states import State
from registry.accounts.models import UserRole
from tests import deciding, evaluation
from tests.rows import rows

PAGE = "/reviews/HS-2026-0001/declare"


def test_the_question_names_the_vendor(world, browser):
    evaluation.assigned(world)
    browser.sign_in(world.dung)
    page = browser.get(PAGE)
    assert page.status_code == 200
    assert world.hat_nang.name in page.text
    assert "24 tháng" in page.text


def test_none_opens_the_file(world, browser):
    evaluation.assigned(world)
    browser.sign_in(world.dung)
    answer = browser.press(PAGE, page=PAGE, answer="none")
    assert (answer.status_code, answer.location) == (302, "/reviews/HS-2026-0001")
    assert browser.get("/reviews/HS-2026-0001").status_code == 200
    assert world.session.exec(select(Declaration)).one().has_interest is False


def test_an_interest_closes_the_file_at_the_next_click(world, browser):
    evaluation.in_review(world)
    browser.sign_in(world.dung)
    assert browser.press(PAGE, page=PAGE, answer="interest", kind="shares", note="cổ phiếu").status_code == 302
    assert browser.get("/reviews/HS-2026-0001").status_code == 404
    review = world.session.exec(select(Review).where(Review.reviewer_id == world.dung.id)).one()
    interest = world.session.exec(select(Interest).where(Interest.person_id == world.dung.id)).one()
    assert review.voided_at is not None
    assert (interest.kind, interest.vendor_id, interest.note) == ("shares", world.hat_nang.id, "cổ phiếu")
    assert world.session.exec(select(HistoryEntry.action)).all()[-2:] == ["declare_interest", "void_review"]


def test_not_sure_asks_the_coordinator_and_opens_nothing(world, browser):
    evaluation.assigned(world)
    browser.sign_in(world.dung)
    assert browser.press(PAGE, page=PAGE, answer="ask", note="Anh họ tôi làm ở đó").status_code == 302
    assert browser.get("/reviews/HS-2026-0001").location == PAGE
    browser.sign_in(world.chi)
    assert "Anh họ tôi làm ở đó" in browser.get("/assignments/HS-2026-0001").text


@pytest.mark.parametrize("typed", [{}, {"answer": "interest"}, {"answer": "ask"}, {"answer": "maybe"}])
def test_half_an_answer_is_sent_back(world, browser, typed):
    evaluation.assigned(world)
    browser.sign_in(world.dung)
    assert browser.press(PAGE, page=PAGE, **typed).status_code == 422
    assert world.session.exec(select(Declaration)).all() == []


@pytest.mark.parametrize("who", ["bao", "khanh", "giang", "minh"])
def test_who_is_not_asked_learns_nothing(world, browser, who):
    evaluation.assigned(world)
    browser.sign_in(getattr(world, who))
    assert browser.get(PAGE).status_code == 404
    assert browser.press(PAGE, page="/account", answer="none").status_code == 404


@pytest.mark.parametrize("who", ["an", "chi", "lan"])
def test_insiders_are_refused(world, browser, who):
    evaluation.assigned(world)
    browser.sign_in(getattr(world, who))
    assert browser.get(PAGE).status_code == 403


def test_no_token_no_declaration(world, browser):
    evaluation.assigned(world)
    browser.sign_in(world.dung)
    assert browser.post(PAGE, data={"answer": "none"}).status_code == 400


def test_the_last_one_out_lets_the_consensus_open(world, browser):
    """Three review, two are final; the third stands aside."""
    world.session.delete(world.session.exec(select(Interest)).one())
    world.session.commit()
    application = evaluation.in_review(world, (world.dung, world.ha, world.khanh))
    evaluation.finish(world, world.dung, application)
    evaluation.finish(world, world.ha, application)
    browser.sign_in(world.khanh)
    browser.press(PAGE, page=PAGE, answer="interest", kind="family")
    assert world.again(application).state is State.CONSENSUS


def test_nothing_of_the_file_is_told_before_the_answer(world, browser):
    application = evaluation.assigned(world)
    world.hat_nang.contact_phone = "0912345678"
    application.profile = {**application.profile, "support_contact": "bimat@dennha.example"}
    world.session.add_all([world.hat_nang, application])
    world.session.commit()
    browser.sign_in(world.dung)
    for page in (PAGE, "/reviews", "/account/interests/new?from=reviews&ref=HS-2026-0001"):
        text = browser.get(page).text
        for secret in (
            *(evaluation.CLAIM, world.an.name, world.an.email, world.anh.name, world.hat_nang.contact_email),
            *("0912345678", "bimat@dennha.example", "0/34", world.ha.name, application.profile["description_vi"]),
        ):
            assert secret not in text, (page, secret)
    for page in ("", "/all", "/finish", "/consensus", "/findings", "/recommendation", "/test-access"):
        answer = browser.get(f"/reviews/HS-2026-0001{page}")
        assert answer.status_code in {302, 403}, page
        assert evaluation.CLAIM not in answer.text
    evidence = "0b1f7a0e-58b4-4d2e-9a8e-3a5b6d8f1c11"
    assert browser.get(f"/evidence/HS-2026-0001/{evidence}").status_code in {403, 404}


def test_the_names_to_judge_by_and_ones_own_register(world, browser):
    evaluation.assigned(world)
    world.hat_nang.name_en, world.hat_nang.website = "Sunseed JSC", "https://sunseed.example"
    own = Interest(person_id=world.dung.id, organisation="Lá Xanh", kind="shares", since=date(2024, 1, 1))
    world.session.add_all([world.hat_nang, own])
    world.session.commit()
    browser.sign_in(world.dung)
    page = browser.get(PAGE).text
    for name in ("Đèn Nhà", "Sunseed JSC", world.hat_nang.representative, "https://sunseed.example", "Lá Xanh"):
        assert name in page


def test_what_was_noticed_asks_for_a_word(app, world, browser):
    evaluation.assigned(world)
    world.session.add(Background(person_id=world.dung.id, affiliation="Hạt Nắng"))
    world.session.commit()
    browser.sign_in(world.dung)
    assert "Nơi công tác có tên giống đơn vị này: Hạt Nắng." in browser.get(PAGE).text
    silent = browser.press(PAGE, page=PAGE, answer="none")
    assert (silent.status_code, "Ghi vì sao những dấu hiệu" in silent.text) == (422, True)
    assert rows(app, select(Declaration)) == []
    said = browser.press(PAGE, page=PAGE, answer="none", note="Trùng tên: đây là nhà trẻ Hạt Nắng.")
    assert said.location == "/reviews/HS-2026-0001"


def test_who_was_asked_as_a_decider_is_asked_again_as_a_reviewer(world, browser):
    application = deciding.in_decision(world)
    world.session.add(UserRole(user_id=world.giang.id, role=Role.REVIEWER))
    decisions.send_back(world.session, world.hung, application, "Cần thêm người.")
    declarations.declare(world.session, world.ha, application, has_interest=True, kind=InterestKind.FAMILY)
    assignments.add(world.session, world.chi, application, world.giang.id, "Thay gấp.")
    world.session.commit()
    browser.sign_in(world.giang)
    assert browser.get("/reviews/HS-2026-0001").location == PAGE
    assert browser.get("/reviews/HS-2026-0001/all").status_code == 403

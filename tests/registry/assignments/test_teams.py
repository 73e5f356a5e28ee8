"""The choice of a team on /assignments/<ref>: competence and load of each, the proposal, and a reason for a lack."""

import re
from datetime import date, timedelta

import pytest
from sqlmodel import delete, select

from assessments import assignments, declarations
from assessments.clock import now, today
from assessments.models import Competence, HistoryText, Interest, Review
from assessments.people import Role
from assessments.queries.competences import asked_by
from assessments.queries.participation import candidates, proposed_team
from assessments.queries.reviews import active
from assessments.states import State
from registry.accounts.models import User, UserRole
from tests import evaluation
from tests.counting import statements
from tests.rows import rows
from tests.world import competences

PAGE = "/assignments/HS-2026-0001"
DUE = (today() + timedelta(days=28)).isoformat()
REASON = "Chưa ai được đào tạo về nhóm này; mời chuyên gia ở lần sau."


@pytest.fixture
def partly(world):
    """Dũng and Hà cover everything but the group AT."""
    world.session.exec(delete(Competence).where(Competence.code == "AT"))
    world.session.commit()
    return world


def reviewers(world, count):
    """More people with the reviewer's role; each is competent for everything."""
    found = [User(email=f"r{n}@club.example", name=f"Người {n}", email_verified_at=now()) for n in range(count)]
    world.session.add_all(found)
    world.session.flush()
    for user in found:
        world.session.add(UserRole(user_id=user.id, role=Role.REVIEWER))
        world.session.add_all(competences(user, world.chi))
    world.session.commit()
    return found


def one_click(page):
    """The fields of the form that accepts the proposal."""
    form = re.search(r'<form[^>]*aria-label="Giao cho nhóm được đề xuất".*?</form>', page, re.DOTALL)[0]
    names = ("csrf_token", "reviewers", "lead", "due_on")
    values = {name: re.findall(rf'name="{name}"[^>]*value="([^"]+)"', form) for name in names}
    return {name: found if name == "reviewers" else found[0] for name, found in values.items()}


def test_the_proposal_is_taken_with_one_click(world, browser):
    application = evaluation.accepted(world)
    browser.sign_in(world.chi)
    page = browser.get(PAGE).text
    assert "Cùng nhau đủ năng lực" in page
    assert browser.post(f"{PAGE}/proposed", data=one_click(page)).status_code == 302
    assert world.again(application).state is State.IN_REVIEW
    assert {one.reviewer_id for one in active(world.session, application.id)} == {world.dung.id, world.ha.id}


def test_competence_load_and_due_dates_stand_beside_each_name(world, browser):
    lost = (Competence.code == "AT", Competence.person_id == world.dung.id)
    world.session.exec(delete(Competence).where(*lost))
    busy = evaluation.assigned(world)
    due = active(world.session, busy.id)[0].due_at
    second = evaluation.handed_in(world, State.ACCEPTED, "HS-2026-0002")
    found = {one.person.id: one for one in candidates(world.session, second)}
    assert (found[world.dung.id].load, found[world.dung.id].due) == (1, (due,))
    assert [code for _field, code in found[world.dung.id].cover.missing] == ["AT"]
    world.session.commit()
    browser.sign_in(world.chi)
    page = browser.get("/assignments/HS-2026-0002").text
    asked = len(asked_by(second))
    assert f"Đủ {asked - 1}/{asked} mục" in page
    assert "Đang chấm 1 hồ sơ" in page


def test_an_expired_competence_is_named(world, browser):
    lines = world.session.exec(select(Competence).where(Competence.code == "AT")).all()
    for line in lines:
        line.valid_from, line.expires_on = date(2024, 1, 1), today() - timedelta(days=1)
        world.session.add(line)
    evaluation.accepted(world)
    browser.sign_in(world.chi)
    page = browser.get(PAGE).text
    assert "Hết hạn: " in page
    assert "Không nhóm nào đủ: chưa có người đánh giá không vướng lợi ích nào có năng lực về " in page


def test_a_lack_asks_for_a_reason_and_the_committee_reads_it(app, partly, browser):
    application = evaluation.accepted(partly)
    browser.sign_in(partly.chi)
    page = browser.get(PAGE).text
    assert 'id="proposed-lack"' in page
    refused = browser.post(f"{PAGE}/proposed", data=one_click(page))
    assert refused.status_code == 422
    assert "Trong nhóm này chưa ai có năng lực về: " in refused.text
    assert partly.again(application).state is State.ACCEPTED
    assert rows(app, select(Review)) == []
    partly.session.commit()
    assert browser.post(f"{PAGE}/proposed", data={**one_click(page), "lack": REASON}).status_code == 302
    assert f"AT: {REASON}" in rows(app, select(HistoryText.note))
    assert REASON in browser.get(PAGE).text


def test_the_decision_page_names_the_lack_first_hand(partly, browser):
    application = evaluation.accepted(partly)
    team = assignments.Team((partly.dung.id, partly.ha.id), partly.dung.id, today() + timedelta(days=28), REASON)
    assignments.assign(partly.session, partly.chi, application, team)
    partly.session.commit()
    for person in (partly.dung, partly.ha):
        declarations.declare(partly.session, person, application, has_interest=False)
        evaluation.finish(partly, person, application)
    evaluation.recommend(partly, application)
    declarations.declare(partly.session, partly.giang, application, has_interest=False)
    partly.session.commit()
    browser.sign_in(partly.giang)
    page = browser.get("/decisions/HS-2026-0001").text
    assert "Nhóm đánh giá chưa đủ năng lực" in page
    assert f"AT: {REASON}" in page
    browser.sign_in(partly.an)
    assert REASON not in browser.get("/applications/HS-2026-0001").text


def test_nothing_unusual_is_said_of_a_competent_team(world, browser):
    application = evaluation.recommended(world)
    declarations.declare(world.session, world.giang, application, has_interest=False)
    world.session.commit()
    browser.sign_in(world.giang)
    assert "chưa đủ năng lực" not in browser.get("/decisions/HS-2026-0001").text


def test_too_few_people_are_said_plainly(world, browser):
    evaluation.accepted(world)
    world.session.add(
        Interest(
            person_id=world.dung.id,
            vendor_id=world.hat_nang.id,
            organisation="Hạt Nắng",
            kind="shares",
            since=today(),
        )
    )
    world.session.commit()
    browser.sign_in(world.chi)
    assert "Không đề xuất được: chỉ còn 1 người" in browser.get(PAGE).text


def test_the_next_file_goes_to_another_pair(world):
    reviewers(world, 2)
    first = evaluation.assigned(world)
    second = evaluation.handed_in(world, State.ACCEPTED, "HS-2026-0002")
    team = proposed_team(world.session, second, candidates(world.session, second))
    assert not set(team.people) & {one.reviewer_id for one in active(world.session, first.id)}


def test_intake_says_whether_competence_is_there(partly, browser):
    evaluation.handed_in(partly)
    browser.sign_in(partly.chi)
    assert "Chưa đủ năng lực: không ai trong số này có năng lực về " in browser.get("/intake/HS-2026-0001").text
    partly.session.add_all(competences(partly.dung, partly.chi))
    partly.session.commit()
    assert "Năng lực đủ: " in browser.get("/intake/HS-2026-0001").text


def test_fifty_candidates_take_no_more_statements_than_two(app, world, browser):
    evaluation.accepted(world)
    browser.sign_in(world.chi)
    browser.get(PAGE)
    with statements(app) as few:
        browser.get(PAGE)
    reviewers(world, 48)
    with statements(app) as many:
        assert browser.get(PAGE).text.count('name="lead"') > 50
    assert len(many) == len(few) <= 30


def test_others_do_not_see_the_choice(world, browser):
    application = evaluation.accepted(world)
    browser.sign_in(world.chi)
    taken = one_click(browser.get(PAGE).text)
    for person, code in ((world.an, 403), (world.dung, 404), (world.bao, 404), (world.lan, 403)):
        browser.sign_in(person)
        assert browser.get(PAGE).status_code == code
        taken["csrf_token"] = browser.token("/account")
        assert browser.post(f"{PAGE}/proposed", data=taken).status_code == code
    assert world.again(application).state is State.ACCEPTED


def test_no_token_and_no_second_time(world, browser):
    application = evaluation.accepted(world)
    browser.sign_in(world.chi)
    taken = one_click(browser.get(PAGE).text)
    without = {name: value for name, value in taken.items() if name != "csrf_token"}
    assert browser.post(f"{PAGE}/proposed", data=without).status_code == 400
    assert browser.post(f"{PAGE}/proposed", data=taken).status_code == 302
    assert browser.post(f"{PAGE}/proposed", data=taken).status_code == 409
    assert len(active(world.session, application.id)) == 2

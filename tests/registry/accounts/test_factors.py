"""Second factors at sign-in: asked for before anything else, codes accepted once, recovery codes in their place."""

from datetime import timedelta

import pytest
from sqlmodel import select

from assessments import clock
from assessments.clock import now
from assessments.models import HistoryEntry
from assessments.people import Role
from registry.accounts import codes
from registry.accounts.factor_models import CodeSecret, RecoveryCode
from registry.accounts.models import LoginSession, UserRole
from registry.accounts.sessions import Shown
from tests.factors import code, hidden, shown, with_codes
from tests.rows import letters, row, rows
from tests.world import PASSWORD

ONE = Shown()
ASKED = Shown(asks_factor=True)
WRONG = "Mã chưa đúng, hoặc đã dùng rồi. Chờ ứng dụng hiện mã mới; giờ trên điện thoại phải đúng."


def sign_in(browser, user, **data):
    return browser.press("/sign-in", "/sign-in", email=user.email, password=PASSWORD, **data)


def events(app):
    return list(rows(app, select(HistoryEntry.action).order_by(HistoryEntry.seq)))


@pytest.mark.parametrize("role", list(Role))
def test_every_role_of_the_club_sets_up_a_factor_and_reaches_nothing_before(app, world, browser, session, role):
    session.add(UserRole(user_id=world.an.id, role=role))
    session.commit()
    assert sign_in(browser, world.an).headers["Location"] == "/sign-in/factor"
    assert browser.get("/sign-in/factor").headers["Location"] == "/account/factors"
    assert browser.get("/account/factors").status_code == 200
    for path in ("/account", "/applications", "/people", "/company", "/account/details"):
        assert browser.get(path).headers["Location"] == f"/sign-in/factor?next={path}"


def test_nothing_of_the_workspace_is_done_before_the_factor(app, world, browser):
    sign_in(browser, world.khanh)
    token = browser.token("/account/factors")
    answer = browser.post("/account/details", data={"csrf_token": token, "name": "Kẻ khác", "language": "vi"})
    assert answer.status_code == 401
    assert "Nội dung vừa nhập được giữ lại" in answer.text
    shown(app, world.khanh)
    assert "Bùi Khánh" in browser.get("/account").text


def test_a_person_of_a_company_may_do_without(world, browser):
    assert sign_in(browser, world.an).headers["Location"] == "/applications"
    page = browser.get("/account").text
    assert "Chưa thiết lập" in page
    assert 'href="/account/factors"' in page


def test_where_it_is_optional_the_club_signs_in_with_a_password(app, world, browser, optional):
    assert sign_in(browser, world.chi).headers["Location"] != "/sign-in/factor"
    with_codes(app, world.khanh)
    assert sign_in(app.test_client(), world.khanh).headers["Location"] == "/sign-in/factor"  # whoever has one shows it


@pytest.fixture
def optional(app):
    """A site that leaves second factors to its people, as the demonstration does."""
    object.__setattr__(app.config["SETTINGS"], "second_factor", "optional")


def test_setting_up_codes_at_the_first_sign_in_shows_ten_recovery_codes_once(app, world, browser):
    sign_in(browser, world.dung, next="/reviews")
    page = browser.get("/account/factors/codes?next=/reviews").text
    secret = page.partition('class="secret" translate="no">')[2].partition("<")[0].replace(" ", "")
    assert "<svg" in page
    form = {"secret": hidden(page, "secret"), "next": "/reviews", "csrf_token": hidden(page, "csrf_token")}
    wrong = browser.post("/account/factors/codes", data={**form, "code": "000000"})
    assert wrong.status_code == 422
    assert secret[:4] in wrong.text  # the same secret: the app has it already
    form = {name: hidden(wrong.text, name) for name in ("secret", "next", "csrf_token")}
    done = browser.post("/account/factors/codes", data={**form, "code": code(secret)})
    made = [line.partition("</li>")[0] for line in done.text.partition('class="codes"')[2].split("<li>")[1:11]]
    assert len(set(made)) == 10
    assert all(len(one.replace("-", "")) == 16 for one in made)
    onward = {name: hidden(done.text, name) for name in ("next", "csrf_token")}
    assert browser.post("/account/carried", data=onward).headers["Location"] == "/reviews"
    assert events(app) == ["add_factor"]
    assert [one.subject for one in letters(app, world.dung.email)] == ["Đã thêm cách xác nhận đăng nhập"]
    everything = repr([vars(one) for table in (CodeSecret, RecoveryCode) for one in rows(app, select(table))])
    assert secret not in everything
    assert not any(one in everything or one.replace("-", "") in everything for one in made)


def test_a_code_opens_the_session_once(app, world, browser):
    secret, _ = with_codes(app, world.an)
    assert sign_in(browser, world.an, next="/company").headers["Location"] == "/sign-in/factor?next=/company"
    page = browser.get("/sign-in/factor?next=/company")
    assert "Đăng xuất" in page.text
    before = row(app, select(LoginSession.key_hash))
    said = code(secret)
    answer = browser.press("/sign-in/factor", "/sign-in/factor", code=f" {said[:3]} {said[3:]}", next="/company")
    assert answer.headers["Location"] == "/company"
    assert browser.get("/company").status_code == 200
    assert row(app, select(LoginSession.key_hash)) != before  # the half-open session's key is worth nothing now
    other = app.test_client()
    sign_in(other, world.an)
    again = other.press("/sign-in/factor", "/sign-in/factor", code=said)
    assert (again.status_code, WRONG in again.text) == (422, True)


@pytest.mark.parametrize(("steps", "right"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_clock_may_be_one_step_off(app, world, browser, steps, right):
    secret, _ = with_codes(app, world.an)
    with clock.at(now()):
        browser.sign_in(world.an, ASKED)
        answer = browser.press("/sign-in/factor", "/sign-in/factor", code=code(secret, steps))
    assert answer.status_code == (302 if right else 422)


def test_an_earlier_code_is_no_good_after_a_later_one(app, world, browser):
    secret, _ = with_codes(app, world.an)
    with clock.at(now()):
        browser.sign_in(world.an, ASKED)
        browser.press("/sign-in/factor", "/sign-in/factor", code=code(secret, 1))
        other = app.test_client()
        other.sign_in(world.an, ASKED)
        assert other.press("/sign-in/factor", "/sign-in/factor", code=code(secret)).status_code == 422


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "１２３４５６", "12345²", "0" * 20])
def test_what_is_no_code(app, world, browser, typed):
    with_codes(app, world.an)
    browser.sign_in(world.an, ASKED)
    answer = browser.press("/sign-in/factor", "/sign-in/factor", code=typed)
    assert answer.status_code == 422
    assert browser.get("/account").status_code == 302


def test_five_wrong_codes_then_wait_and_the_owner_elsewhere_still_gets_in(app, world, browser):
    secret, _ = with_codes(app, world.an)
    browser.sign_in(world.an, ASKED)
    for _ in range(5):
        assert browser.press("/sign-in/factor", "/sign-in/factor", code="000000").status_code == 422
    blocked = browser.press("/sign-in/factor", "/sign-in/factor", code=code(secret))
    assert blocked.status_code == 429
    assert int(blocked.headers["Retry-After"]) > 0
    assert browser.press("/sign-in/recovery", "/sign-in/recovery", code="x").status_code == 429  # the same counter
    elsewhere = app.test_client()
    elsewhere.sign_in(world.an, ASKED)
    data = {"csrf_token": elsewhere.token("/sign-in/factor"), "code": code(secret)}
    answer = elsewhere.post("/sign-in/factor", data=data, environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert answer.status_code == 302


def test_whoever_owes_a_factor_sets_up_none_beside_it(app, world, browser):
    with_codes(app, world.an)
    browser.sign_in(world.an, ASKED)
    for path in ("/account/factors", "/account/factors/codes", "/account/factors/passkeys/new"):
        assert browser.get(path).headers["Location"] == "/sign-in/factor"
    token = browser.token("/sign-in/factor")
    answer = browser.post("/account/factors/codes", data={"csrf_token": token, "code": "000000"})
    assert answer.headers["Location"] == "/sign-in/factor"
    for path in ("/account/factors/codes/remove", "/account/factors/recovery"):
        assert browser.post(path, data={"csrf_token": token}).status_code == 401
    assert row(app, select(CodeSecret)).user_id == world.an.id


def test_half_a_session_ends_by_itself_and_by_signing_out(app, world, browser):
    with_codes(app, world.an)
    sign_in(browser, world.an)
    with clock.at(now() + timedelta(minutes=31)):
        assert browser.get("/sign-in/factor").headers["Location"] == "/sign-in?next=/sign-in/factor"
    browser.press("/sign-out", "/sign-in/factor")
    assert row(app, select(LoginSession.ended_at)) is not None
    assert browser.get("/sign-in/factor").headers["Location"] == "/sign-in?next=/sign-in/factor"


def test_a_recovery_code_opens_the_session_once_and_tells_its_owner(app, world, browser):
    _, made = with_codes(app, world.an, codes=10)
    browser.sign_in(world.an, ASKED)
    typed = made[3].upper().replace("-", " ")
    answer = browser.press("/sign-in/recovery", "/sign-in/recovery", code=typed)
    assert answer.headers["Location"] == "/applications"
    assert len(rows(app, select(RecoveryCode).where(RecoveryCode.used_at.is_not(None)))) == 1
    assert events(app) == ["use_recovery_code"]
    (letter,) = letters(app, world.an.email)
    assert "Còn 9 mã chưa dùng." in letter.body
    other = app.test_client()
    other.sign_in(world.an, ASKED)
    assert other.press("/sign-in/recovery", "/sign-in/recovery", code=made[3]).status_code == 422


def test_recovery_codes_are_those_of_their_owner(app, world, browser):
    _, made = with_codes(app, world.an, codes=10)
    with_codes(app, world.bao, codes=10)
    browser.sign_in(world.bao, ASKED)
    answer = browser.press("/sign-in/recovery", "/sign-in/recovery", code=made[0])
    assert answer.status_code == 422
    assert "Mã dự phòng chưa đúng, hoặc đã dùng rồi." in answer.text


def test_new_recovery_codes_end_those_before(app, world, browser):
    _, made = with_codes(app, world.an, codes=10)
    browser.sign_in(world.an)
    page = browser.press("/account/factors/recovery", "/account/factors")
    assert page.status_code == 200
    assert made[0] not in page.text
    assert not {one.split("-")[0] for one in made} <= set(page.text.split("-"))
    other = app.test_client()
    other.sign_in(world.an, ASKED)
    assert other.press("/sign-in/recovery", "/sign-in/recovery", code=made[0]).status_code == 422
    assert [one.subject for one in letters(app, world.an.email)] == ["Đã tạo mã dự phòng mới"]
    bare = app.test_client()
    bare.sign_in(world.bao)
    assert bare.press("/account/factors/recovery", "/account/factors").status_code == 409


def test_removing_the_last_factor_is_for_people_of_companies(app, world, browser):
    for person, status in ((world.an, 302), (world.chi, 409)):
        with_codes(app, person, codes=10)
        browser.sign_in(person)
        elsewhere = app.test_client()
        elsewhere.sign_in(person)
        assert browser.press("/account/factors/codes/remove", "/account/factors").status_code == status
        assert (elsewhere.get("/account").status_code == 302) == (status == 302)  # the other session has ended
    assert [one.user_id for one in rows(app, select(CodeSecret))] == [world.chi.id]
    assert {one.user_id for one in rows(app, select(RecoveryCode))} == {world.chi.id}
    assert [one.subject for one in letters(app, world.an.email)] == ["Đã gỡ một cách xác nhận đăng nhập"]


def test_a_new_password_by_mail_does_not_pass_by_the_factor(app, world, browser):
    with_codes(app, world.an)
    browser.press("/forgot-password", "/forgot-password", email=world.an.email)
    url = next(part for part in letters(app, world.an.email)[-1].body.split() if "/reset-password/" in part)
    path = url.removeprefix("http://localhost")
    secret = "bốn con ngựa kéo xe"
    browser.press(path, path, password=secret, repeat=secret)
    answer = browser.press("/sign-in", "/sign-in", email=world.an.email, password=secret)
    assert answer.headers["Location"] == "/sign-in/factor"


def test_what_was_typed_survives_both_steps(app, world, browser):
    secret, _ = with_codes(app, world.an)
    asked = browser.post(
        "/account/details", data={"csrf_token": browser.token("/sign-in"), "name": "Tên Mới Gõ", "language": "vi"}
    )
    form = {name: _unescaped(hidden(asked.text, name)) for name in ("carried", "csrf_token")}
    page = browser.post("/sign-in", data={**form, "email": world.an.email, "password": PASSWORD})
    assert "Bước thứ hai" in page.text
    form = {name: _unescaped(hidden(page.text, name)) for name in ("carried", "csrf_token")}
    answer = browser.post("/sign-in/factor", data={**form, "code": code(secret)})
    assert 'value="Tên Mới Gõ"' in answer.text
    assert "Chưa có gì được gửi đi." in answer.text


def _unescaped(text):
    return text.replace("&#34;", '"').replace("&amp;", "&").replace("&#39;", "'")


def test_a_secret_from_another_session_is_refused(app, world, browser):
    with app.app_context():
        foreign = codes.hide("A" * 32, "another session")
    browser.sign_in(world.an)
    form = {"secret": foreign, "code": code("A" * 32)}
    assert browser.press("/account/factors/codes", "/account/factors/codes", **form).status_code == 422
    assert rows(app, select(CodeSecret)) == []


def test_with_its_key_lost_no_code_is_right(app, world, browser, session):
    secret, _ = with_codes(app, world.an)
    found = session.get(CodeSecret, world.an.id)
    found.sealed = found.sealed.replace(found.sealed.split(".")[1], "00000000")
    session.add(found)
    session.commit()
    browser.sign_in(world.an, ASKED)
    assert browser.press("/sign-in/factor", "/sign-in/factor", code=code(secret)).status_code == 422

"""Autosaves, two people on one form, earlier texts brought back, and who changed what."""

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlmodel import select

from assessments import answers, applications, clock, vendors
from assessments.answers import Draft
from assessments.models import Answer, AnswerEvidence, AnswerText, Application, EvidenceChange, ProfileText
from assessments.profile import SECTIONS
from assessments.states import State
from assessments.versions import FOLDED, Saving
from registry.applications.profile_form import STEPS as ALL_STEPS
from tests.drafting import piece, ready
from tests.world import PROFILE

REF = "HS-2026-0001"
URL = f"/applications/{REF}"
ANSWER = f"{URL}/criteria/HN-01"
NAMES = f"{URL}/profile/names"
STEPS = ("names", "kinds", "version", "price", "data", "support")


def plain(page):
    """What a page says, without its marks, on one line."""
    text = re.sub(r"<(script|style|select|textarea)\b.*?</\1>", " ", page.text, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", "", text)).split())


def hidden(page, name):
    """The value of a hidden field."""
    return re.search(rf'name="{name}"[^>]*value="([^"]*)"', page.text)[1]


def auto(browser, url, **typed):
    """What the script of a page sends."""
    form = {"csrf_token": browser.token(url), "page": "p1", **typed}
    return browser.post(f"{url}/draft", data=form, headers={"Accept": "application/json"})


def stored(session, question):
    session.expire_all()
    return session.exec(question).all()


# --- autosave ---


def test_an_answer_is_saved_while_it_is_typed(world, session, browser):
    world.application()
    browser.sign_in(world.anh)
    with clock.at(clock.now().replace(hour=7, minute=3, second=22)):
        answer = auto(browser, ANSWER, version="0", claim="Chặn 96,8%.\r\nĐo ngày")
    assert (answer.status_code, answer.json) == (
        200,
        {"state": "saved", "at": "14:03:22", "fields": {"version": "1"}},
    )
    (found,) = stored(session, select(Answer))
    assert (found.claim, found.version, found.saved_by) == ("Chặn 96,8%.\nĐo ngày", 1, world.anh.id)


@pytest.mark.parametrize("step", STEPS)
def test_every_step_of_the_profile_takes_autosaves(world, browser, step):
    world.application(profile={})
    browser.sign_in(world.an)
    page = f"{URL}/profile/{step}"
    answer = auto(browser, page, seen=hidden(browser.get(page), "seen"))
    assert (answer.status_code, answer.json["state"]) == (200, "saved")
    assert f'data-draft="{page}/draft"' in browser.get(page).text


def test_a_step_is_saved_while_it_is_typed(world, session, browser):
    world.application(profile={})
    browser.sign_in(world.an)
    first = auto(browser, NAMES, seen=hidden(browser.get(NAMES), "seen"), name_vi="Đèn")
    second = auto(browser, NAMES, seen=first.json["fields"]["seen"], name_vi="Đèn Nhà")
    assert second.json["fields"]["seen"] == hidden(browser.get(NAMES), "seen")
    assert [one.profile["name_vi"] for one in stored(session, select(Application))] == ["Đèn Nhà"]
    assert [(one.number, one.content["name_vi"]) for one in stored(session, select(ProfileText))] == [(1, "Đèn Nhà")]


def test_what_cannot_be_saved_is_said(world, session, browser):
    world.application(profile={})
    browser.sign_in(world.an)
    page = f"{URL}/profile/version"
    answer = auto(browser, page, seen=hidden(browser.get(page), "seen"), website="http://den.example")
    assert (answer.status_code, answer.json["state"]) == (422, "invalid")
    assert "https://" in answer.json["message"]
    assert stored(session, select(Application))[0].profile == {}


def test_autosaves_take_no_evidence_along(world, session, browser):
    world.application()
    evidence = piece(session, world)
    browser.sign_in(world.an)
    auto(browser, ANSWER, version="0", claim="Một", library=str(evidence.id), then="attach")
    assert stored(session, select(AnswerEvidence)) == []
    assert stored(session, select(Answer))[0].claim == "Một"


def test_somebody_else_saved_meanwhile(world, session, browser):
    application = world.application()
    answers.save(session, world.anh, application, "HN-01", Draft("Bản của Ánh"))
    session.commit()
    browser.sign_in(world.an)
    answer = auto(browser, ANSWER, version="0", claim="Bản của An")
    assert (answer.status_code, answer.json["state"]) == (409, "conflict")
    assert answer.json["message"].startswith("Trần Ánh đã lưu mục này lúc ")
    assert stored(session, select(Answer))[0].claim == "Bản của Ánh"


def test_a_page_whose_answer_got_lost_goes_on(world, session, browser):
    world.application()
    browser.sign_in(world.an)
    auto(browser, ANSWER, version="0", claim="Một")
    assert auto(browser, ANSWER, version="0", claim="Một hai").status_code == 200
    assert auto(browser, ANSWER, version="0", claim="Thẻ khác", page="p2").status_code == 409
    form = {"csrf_token": browser.token(ANSWER), "page": "p1", "version": "0", "claim": "Một hai ba"}
    assert browser.post(ANSWER, data=form).status_code == 302  # the button, before the script heard of its last save
    assert auto(browser, ANSWER, version="0", claim="Trang cũ").status_code == 409
    assert [one.claim for one in stored(session, select(Answer))] == ["Một hai ba"]


def test_a_step_whose_answer_got_lost_goes_on(world, session, browser):
    world.application(profile={})
    browser.sign_in(world.an)
    seen = hidden(browser.get(NAMES), "seen")
    auto(browser, NAMES, seen=seen, name_vi="Đèn")
    assert auto(browser, NAMES, seen=seen, name_vi="Đèn Nhà").status_code == 200
    assert auto(browser, NAMES, seen=seen, name_vi="Thẻ khác", page="p2").status_code == 409
    assert stored(session, select(Application))[0].profile["name_vi"] == "Đèn Nhà"


@pytest.mark.parametrize("page", [ANSWER, NAMES])
def test_a_colleague_handed_it_in_meanwhile(world, session, browser, page):
    application = ready(world)
    browser.sign_in(world.anh)
    token = browser.token(page)
    before = (dict(application.profile), len(session.exec(select(AnswerText)).all()))
    applications.submit(session, world.an, application)
    session.commit()
    form = {"csrf_token": token, "version": "1", "claim": "Muộn", "name_vi": "Muộn", "seen": "x"}
    answer = browser.post(f"{page}/draft", data=form, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json["state"]) == (409, "locked")
    assert browser.post(page, data=form).status_code == 409
    assert (stored(session, select(Application))[0].profile, len(stored(session, select(AnswerText)))) == before


@pytest.mark.parametrize("page", [ANSWER, NAMES, f"{ANSWER}/history", f"{NAMES}/history"])
def test_whoever_left_loses_access_at_the_next_click(world, session, browser, page):
    application = world.application()
    answers.save(session, world.anh, application, "HN-01", Draft("Bản của Ánh"))
    session.commit()
    browser.sign_in(world.anh)
    token = browser.token(ANSWER)
    vendors.remove_member(session, world.an, world.hat_nang, world.anh.id)
    session.commit()
    form = {"csrf_token": token, "version": "1", "claim": "Sau khi rời", "name_vi": "Sau khi rời", "seen": "x"}
    assert browser.post(page, data=form).status_code == 404
    assert browser.post(f"{page}/draft", data=form).status_code == 404
    assert browser.get(page).status_code == 404
    assert [one.claim for one in stored(session, select(Answer))] == ["Bản của Ánh"]
    assert stored(session, select(Application))[0].profile == PROFILE


@pytest.mark.parametrize("page", [ANSWER, NAMES])
def test_autosaves_need_a_token_a_session_and_this_site(world, session, browser, page):
    world.application()
    assert browser.post(f"{page}/draft", data={"csrf_token": "x"}).status_code == 401
    browser.sign_in(world.an)
    token = browser.token(page)
    asked = {"Accept": "application/json"}
    assert browser.post(f"{page}/draft", data={"claim": "x"}, headers=asked).status_code == 400
    assert browser.post(f"{page}/draft", data={"csrf_token": "old", "claim": "x"}, headers=asked).status_code == 400
    foreign = {**asked, "Origin": "https://evil.example"}
    assert browser.post(f"{page}/draft", data={"csrf_token": token, "claim": "x"}, headers=foreign).status_code == 400
    browser.sign_in(world.bao)
    token = browser.token("/account")
    assert browser.post(f"{page}/draft", data={"csrf_token": token, "claim": "x"}, headers=asked).status_code == 404
    assert stored(session, select(Answer)) == []


# --- what becomes a version ---


def typed(world, application, text, version, **saving):
    answer = answers.save(
        world.session, world.an, application, "HN-01", Draft(text, version=version, saving=Saving(**saving))
    )
    world.session.commit()
    return answer


def texts(session):
    rows = stored(session, select(AnswerText).order_by(AnswerText.version))
    return [(one.claim, one.begun_at is not None) for one in rows]


def test_autosaves_of_one_person_are_one_version_for_ten_minutes(world, session):
    application, start = world.application(), clock.now()
    for minute in range(12):
        with clock.at(start + timedelta(minutes=minute)):
            typed(world, application, f"Phút {minute}", minute, page="p", auto=True)
    assert texts(session) == [("Phút 9", True), ("Phút 11", True)]
    assert timedelta(minutes=10) == FOLDED


def test_a_save_by_hand_is_always_a_version(world, session):
    application = world.application()
    typed(world, application, "Một", 0, page="p", auto=True)
    typed(world, application, "Một", 1)  # the button, with the text that was saved by itself
    typed(world, application, "Một hai", 1, page="p", auto=True)
    typed(world, application, "Một hai ba", 2)
    typed(world, application, "Một hai ba bốn", 3, page="p", auto=True)
    assert texts(session) == [("Một", False), ("Một hai", True), ("Một hai ba", False), ("Một hai ba bốn", True)]


def test_what_an_autosave_cuts_off_stays_a_version(world, session):
    application = world.application()
    long = "Một câu dài. " * 30
    typed(world, application, long, 0, page="p", auto=True)
    typed(world, application, long + "Thêm.", 1, page="p", auto=True)
    typed(world, application, "", 2, page="p", auto=True)
    typed(world, application, "Một", 3, page="p", auto=True)
    assert [text for text, _auto in texts(session)] == [long + "Thêm.", "Một"]
    names = {"short_vi": long}
    applications.save_profile(
        session, world.an, application, names, applications.seen(application, names), Saving("p", auto=True)
    )
    applications.save_profile(session, world.an, application, {"short_vi": ""}, "", Saving("p", auto=True))
    session.commit()
    rows = stored(session, select(ProfileText).order_by(ProfileText.number))
    assert [one.content["short_vi"] for one in rows] == [PROFILE["short_vi"], long, ""]


def test_another_persons_autosave_is_another_version(world, session):
    application = world.application()
    typed(world, application, "An", 0, page="p", auto=True)
    answers.save(session, world.anh, application, "HN-01", Draft("An Ánh", version=1, saving=Saving("q", auto=True)))
    session.commit()
    typed(world, application, "An Ánh An", 2, page="p", auto=True)
    assert [text for text, _auto in texts(session)] == ["An", "An Ánh", "An Ánh An"]


def test_versions_are_kept_by_the_steps_of_the_form():
    assert {name: set(fields) for name, fields in SECTIONS.items()} == {one.name: set(one.fields) for one in ALL_STEPS}


def test_the_first_text_of_a_copied_profile_is_kept(world, session):
    application = world.application()
    seen = applications.seen(application, ["name_vi"])
    applications.save_profile(session, world.anh, application, {"name_vi": "Đèn Ngõ"}, seen)
    session.commit()
    rows = stored(session, select(ProfileText).order_by(ProfileText.number))
    assert [(one.section, one.number, one.content["name_vi"], one.saved_by) for one in rows] == [
        ("names", 1, "Đèn Nhà", world.an.id),
        ("names", 2, "Đèn Ngõ", world.anh.id),
    ]


# --- two texts ---


def test_two_texts_stand_side_by_side_with_their_differences(world, session, browser):
    application = world.application()
    answers.save(session, world.anh, application, "HN-01", Draft("Chặn 96% trang xấu"))
    session.commit()
    browser.sign_in(world.an)
    answer = browser.press(ANSWER, ANSWER, version="0", claim="Chặn 97% trang xấu")
    assert answer.status_code == 409
    text = plain(answer)
    assert "Bản của bạn Chặn [thêm: 97%] trang xấu" in text
    assert "Bản của Trần Ánh Chặn [bỏ: 96%] trang xấu" in text
    assert "Chặn 97% trang xấu</textarea>" in answer.text
    assert 'data-draft=""' in answer.text  # nothing is saved by itself before the two are settled
    browser.press(ANSWER, ANSWER, version="1", claim="Chặn 96% hay 97% trang xấu", then="stay")
    assert stored(session, select(Answer))[0].claim == "Chặn 96% hay 97% trang xấu"


def test_giving_way_keeps_ones_own_text_as_a_version(world, session, browser):
    application = world.application()
    answers.save(session, world.anh, application, "HN-01", Draft("Bản của Ánh"))
    session.commit()
    browser.sign_in(world.an)
    answer = browser.press(ANSWER, ANSWER, version="1", claim="Bản của An", then="theirs")
    assert answer.location == f"{ANSWER}#evidence"
    assert stored(session, select(Answer))[0].claim == "Bản của Ánh"
    assert [text for text, _auto in texts(session)] == ["Bản của Ánh", "Bản của An", "Bản của Ánh"]
    late = browser.press(ANSWER, ANSWER, version="1", claim="Bản của An", then="theirs")
    assert late.status_code == 409


@pytest.mark.parametrize(
    ("step", "mine", "theirs", "words"),
    [
        ("names", {"name_vi": "Đèn An"}, {"name_vi": "Đèn Ánh"}, ["Đèn [thêm: An]", "Đèn [bỏ: Ánh]"]),
        ("kinds", {"categories": "CF"}, {"categories": ["PC", "BR"]}, ["Bản của bạn", "Bản của Trần Ánh"]),
        ("version", {"version": "5.3"}, {"version": "5.4"}, ["[thêm: 5.3]", "[bỏ: 5.4]"]),
        ("price", {"price_note_vi": "Rẻ"}, {"price_note_vi": "Đắt"}, ["[thêm: Rẻ]", "[bỏ: Đắt]"]),
        ("data", {"asked-0-name": "Vị trí"}, {"permissions": []}, ["[thêm: Vị trí]", "(trống)"]),
        ("support", {"removal_vi": "Gỡ"}, {"removal_vi": "Xóa"}, ["[thêm: Gỡ]", "[bỏ: Xóa]"]),
    ],
)
def test_every_step_shows_two_texts(world, session, browser, step, mine, theirs, words):
    application = world.application()
    browser.sign_in(world.an)
    page = f"{URL}/profile/{step}"
    seen = hidden(browser.get(page), "seen")
    applications.save_profile(session, world.anh, application, theirs, applications.seen(application, theirs))
    session.commit()
    answer = browser.press(page, page, seen=seen, **mine)
    assert answer.status_code == 409
    assert [word for word in words if word not in plain(answer)] == []
    before = stored(session, select(Application))[0].profile
    assert {name: before[name] for name in theirs} == theirs
    fresh = hidden(answer, "seen")
    assert browser.press(page, page, seen=fresh, then="theirs", **mine).location == page
    profile = stored(session, select(Application))[0].profile
    assert {name: profile[name] for name in theirs} == theirs
    numbers = [one.number for one in stored(session, select(ProfileText).order_by(ProfileText.number))]
    assert numbers == [1, 2, 3, 4]


def test_two_people_take_and_leave_evidence(world, session, browser):
    application = world.application()
    first, second = piece(session, world, "Một"), piece(session, world, "Hai")
    answers.save(session, world.an, application, "HN-01", Draft("Chung", attach=(first.id,)))
    session.commit()
    browser.sign_in(world.anh)
    answers.save(session, world.an, application, "HN-01", Draft("Chung", version=1, detach=(first.id,)))
    session.commit()
    for _twice in range(2):  # An took it off meanwhile, and the button is pressed twice
        assert browser.press(ANSWER, ANSWER, version="1", claim="Chung", then=f"detach:{first.id}").status_code == 302
    for _twice in range(2):
        form = {"version": "1", "claim": "Chung", "library": str(second.id), "then": "attach"}
        assert browser.press(ANSWER, ANSWER, **form).status_code == 302
    assert [one.evidence_id for one in stored(session, select(AnswerEvidence))] == [second.id]
    rows = stored(session, select(EvidenceChange).order_by(EvidenceChange.changed_at))
    assert [(one.title, one.attached, one.changed_by) for one in rows] == [
        ("Một", True, world.an.id),
        ("Một", False, world.an.id),
        ("Hai", True, world.anh.id),
    ]


def test_saving_twice_is_saving_once(world, session, browser):
    world.application()
    browser.sign_in(world.an)
    token = browser.token(ANSWER)
    for _twice in range(2):
        form = {"csrf_token": token, "version": "0", "claim": "Một", "then": "next"}
        assert browser.post(ANSWER, data=form).location == f"{URL}/criteria/HN-02"
    assert texts(session) == [("Một", False)]


# --- earlier texts ---


def with_texts(world, session, *claims):
    application = world.application()
    for version, claim in enumerate(claims):
        actor = world.an if version % 2 else world.anh
        answers.save(session, actor, application, "HN-01", Draft(claim, version=version))
    session.commit()
    return application


def test_every_version_can_be_read_and_brought_back(world, session, browser):
    with_texts(world, session, "Chặn 96%", "Chặn 97%", "")
    browser.sign_in(world.an)
    page = browser.get(f"{ANSWER}/history")
    text = plain(page)
    assert "Bản 3 (đang dùng)" in text
    assert "Chặn [bỏ: 96%][thêm: 97%]" in text
    assert re.search(r"Bản 1 Trần Ánh ?lưu lúc", text)
    assert page.text.count('name="text"') == 2
    first = stored(session, select(AnswerText).where(AnswerText.version == 1))[0]
    answer = browser.press(f"{ANSWER}/history", f"{ANSWER}/history", text=str(first.id), seen="3")
    assert answer.location == ANSWER
    found = stored(session, select(Answer))[0]
    assert (found.claim, found.version, found.saved_by) == ("Chặn 96%", 4, world.an.id)
    assert [text for text, _auto in texts(session)] == ["Chặn 96%", "Chặn 97%", "", "Chặn 96%"]


def test_nothing_is_brought_back_over_a_text_nobody_has_seen(world, session, browser):
    with_texts(world, session, "Một", "Hai", "Ba")
    browser.sign_in(world.an)
    first = stored(session, select(AnswerText).where(AnswerText.version == 1))[0]
    answer = browser.press(f"{ANSWER}/history", f"{ANSWER}/history", text=str(first.id), seen="2")
    assert answer.status_code == 409
    assert "chưa dùng lại bản nào" in answer.text
    assert stored(session, select(Answer))[0].claim == "Ba"


def test_a_locked_application_keeps_its_texts_to_read(world, session, browser):
    application = with_texts(world, session, "Một", "Hai")
    first = stored(session, select(AnswerText).where(AnswerText.version == 1))[0]
    application.state = State.SUBMITTED
    session.commit()
    browser.sign_in(world.an)
    page = browser.get(f"{ANSWER}/history")
    assert (page.status_code, page.text.count('name="text"')) == (200, 0)
    form = {"text": str(first.id), "seen": "2"}
    assert browser.press(f"{ANSWER}/history", "/applications/new", **form).status_code == 409
    assert stored(session, select(Answer))[0].claim == "Hai"


@pytest.mark.parametrize("text", ["", "x", "00000000-0000-4000-8000-000000000000"])
def test_texts_that_are_not_there(world, session, browser, text):
    with_texts(world, session, "Một")
    browser.sign_in(world.an)
    assert browser.press(f"{ANSWER}/history", f"{ANSWER}/history", text=text, seen="1").status_code == 404
    assert browser.press(f"{NAMES}/history", f"{NAMES}/history", text=text, seen="1").status_code == 404
    assert browser.get(f"{URL}/criteria/XX-99/history").status_code == 404
    assert browser.get(f"{URL}/profile/nothing/history").status_code == 404


def test_texts_of_another_application_are_not_there(world, session, browser):
    with_texts(world, session, "Một")
    other = world.application(ref="HS-2026-0002")
    answers.save(session, world.an, other, "HN-01", Draft("Khác"))
    session.commit()
    theirs = stored(session, select(AnswerText).where(AnswerText.claim == "Khác"))[0]
    browser.sign_in(world.an)
    form = {"text": str(theirs.id), "seen": "1"}
    assert browser.press(f"{ANSWER}/history", f"{ANSWER}/history", **form).status_code == 404


def test_many_versions_come_in_pages(world, session, browser):
    with_texts(world, session, *(f"Bản chữ {n}" for n in range(1, 13)))
    browser.sign_in(world.an)
    page = browser.get(f"{ANSWER}/history")
    assert re.findall(r"Bản (\d+)(?= |$)", plain(page))[:2] == ["12", "11"]
    older = re.search(r'href="([^"]+before=\d+)"', page.text)[1]
    rest = plain(browser.get(unescape(older)))
    assert "Bản 2 " in rest
    assert "Bản 1 " in rest
    assert "Bản 3 " not in rest


def test_a_step_of_the_profile_is_brought_back(world, session, browser):
    application = world.application()
    changes = {"name_vi": "Đèn Ngõ", "short_vi": ""}
    applications.save_profile(session, world.anh, application, changes, applications.seen(application, changes))
    session.commit()
    browser.sign_in(world.an)
    page = browser.get(f"{NAMES}/history")
    assert "Đèn [bỏ: Nhà][thêm: Ngõ]" in plain(page)
    form = {"text": hidden(page, "text"), "seen": hidden(page, "seen")}
    assert browser.press(f"{NAMES}/history", f"{NAMES}/history", **form).location == NAMES
    assert stored(session, select(Application))[0].profile == PROFILE
    assert browser.press(f"{NAMES}/history", f"{NAMES}/history", **{**form, "seen": "x"}).status_code == 302  # the same
    form = {"text": str(stored(session, select(ProfileText).where(ProfileText.number == 2))[0].id), "seen": "old"}
    assert browser.press(f"{NAMES}/history", f"{NAMES}/history", **form).status_code == 409


# --- who changed what ---


def test_every_change_has_its_person_and_time(world, session, browser):
    application = ready(world)
    evidence = piece(session, world, "Báo cáo mới")
    answers.save(session, world.anh, application, "HN-01", Draft("Mới", version=1, attach=(evidence.id,)))
    seen = applications.seen(application, ["name_vi"])
    applications.save_profile(session, world.an, application, {"name_vi": "Đèn Ngõ"}, seen)
    applications.submit(session, world.an, application)
    session.commit()
    browser.sign_in(world.anh)
    text = plain(browser.get(f"{URL}/changes"))
    said = [
        "Nộp hồ sơ",
        "Sửa thông tin sản phẩm Tên và mô tả",
        "Thêm bằng chứng: Báo cáo mới",
        "Sửa phần trình bày HN-01",
    ]
    assert [one for one in said if one not in text] == []
    places = [text.index(one) for one in said[:2]]
    assert places == sorted(places)
    mine = plain(browser.get(f"{URL}/changes?person={world.anh.id}"))
    assert "Nộp hồ sơ" not in mine
    assert "Thêm bằng chứng: Báo cáo mới HN-01" in mine
    assert "Không có lần sửa nào" in plain(browser.get(f"{URL}/changes?criterion=HN-02"))
    assert "Sửa phần trình bày" in plain(browser.get(f"{URL}/changes?criterion=HN-01"))
    assert browser.get(f"{URL}/changes?person=x&criterion=x&after=x").status_code == 200


def test_the_pages_of_changes_join_without_gap_or_repeat(world, session, browser):
    application = world.application()
    for version in range(130):
        answers.save(session, world.an, application, "HN-01", Draft(f"Lần {version}", version=version))
    session.commit()
    browser.sign_in(world.an)
    url, found = f"{URL}/changes", []
    while url:
        page = browser.get(url)
        found += re.findall(r"#v(\d+)", page.text)
        following = re.search(r'rel="next" href="([^"]+)"', page.text)
        url = unescape(following[1]) if following else ""
    assert sorted(map(int, found), reverse=True) == list(range(130, 0, -1))


@pytest.mark.parametrize("path", ["/changes", "/criteria/HN-01/history", "/profile/names/history"])
def test_only_the_companys_people_read_these(world, browser, path):
    world.application(State.IN_REVIEW)
    assert browser.get(URL + path).location.startswith("/sign-in")
    expected = {"bao": 404, "dung": 404, "chi": 403, "lan": 403, "anh": 200}
    found = {}
    for person in expected:
        browser.sign_in(getattr(world, person))
        found[person] = browser.get(URL + path).status_code
    assert found == expected

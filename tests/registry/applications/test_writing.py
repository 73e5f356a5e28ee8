"""Starting, the profile, answers and the agreement: through their forms."""

import re

import pytest
from sqlmodel import select

from assessments.agreement import current_version
from assessments.models import AgreementAcceptance, Answer, AnswerEvidence, Application, Product
from assessments.states import State
from tests.drafting import piece, ready
from tests.world import PROFILE

NEW = "/applications/new"
REF = "HS-2026-0001"
URL = f"/applications/{REF}"


def stored(session) -> Application:
    session.expire_all()
    return session.exec(select(Application).where(Application.ref == REF)).one()


# --- start ---


def test_a_new_application_of_a_new_product(world, session, browser):
    browser.sign_in(world.anh)
    answer = browser.press("/applications", "/applications/new", product="new", name_vi="Nôi Số", name_en="Cradle")
    application = session.exec(select(Application)).one()
    assert answer.location == f"/applications/{application.ref}"
    assert (application.profile["name_vi"], application.created_by) == ("Nôi Số", world.anh.id)
    assert [one.slug for one in session.exec(select(Product)).all()] == ["noi-so"]


def test_a_new_application_of_a_known_product(world, session, browser):
    product_id = world.application(State.WITHDRAWN).product_id
    browser.sign_in(world.an)
    browser.press("/applications", "/applications/new", product=str(product_id))
    assert [one.product_id for one in session.exec(select(Application)).all()] == [product_id, product_id]


def twice(browser, *names):
    """Press the button of the page as it stands, once with each name."""

    kept = re.search(r'name="newest"[^>]*value="([^"]*)"', browser.get(NEW).text)
    typed = {"csrf_token": browser.token(NEW), "product": "new", "newest": kept[1]}
    return [browser.post("/applications", data={**typed, "name_vi": name}).location for name in names]


def test_a_double_click_begins_one_and_shows_it(world, session, browser):
    world.application()
    browser.sign_in(world.an)
    first, second = twice(browser, "Nôi Số", "Nôi Số")
    assert first == second
    assert "Làm tiếp hồ sơ đó." in browser.get(second).text
    assert [one.slug for one in session.exec(select(Product).order_by(Product.slug)).all()] == [
        "den-nha-0001",
        "noi-so",
    ]


def test_another_name_another_person_and_another_look_begin_another(world, session, browser):
    browser.sign_in(world.an)
    assert len({*twice(browser, "Nôi Số", "Nôi Hai"), *twice(browser, "Nôi Số")}) == 3
    old = {"product": "new", "name_vi": "Nôi Số", "newest": ""}
    browser.sign_in(world.anh)
    assert browser.press("/applications", NEW, **old).status_code == 302
    assert len(session.exec(select(Application)).all()) == 4


@pytest.mark.parametrize(
    ("prefix", "words"), [("", "Nhập tên sản phẩm bằng tiếng Việt."), ("/en", "Enter the product")]
)
def test_starting_without_a_name(world, session, browser, prefix, words):
    world.an.language = prefix.strip("/") or "vi"
    session.commit()
    browser.sign_in(world.an)
    answer = browser.press(f"{prefix}/applications", f"{prefix}/applications/new", product="new", name_vi=" ")
    assert answer.status_code == 422
    assert words in answer.text


def test_another_companys_product_cannot_be_chosen(world, browser, session):
    product_id = world.application().product_id
    browser.sign_in(world.bao)
    assert browser.press("/applications", "/applications/new", product=str(product_id)).status_code == 422
    assert len(session.exec(select(Application)).all()) == 1


# --- every form posted empty, in both languages, by whom it concerns and whom not ---

POSTS = (
    *(f"/profile/{step}" for step in ("names", "kinds", "version", "price", "data", "support")),
    "/criteria/HN-01",
    "/agreement",
    "/submit",
    "/withdraw",
    "/corrections",
    "/corrections/send",
    "/notice",
    "/summary",
)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("path", POSTS)
def test_every_form_posted_empty_is_answered_in_words(world, session, browser, path, language):
    world.an.language = language
    world.application(profile={})
    session.commit()
    browser.sign_in(world.an)
    answer = browser.press(f"{URL}{path}", URL + "/withdraw")
    assert answer.status_code in {302, 404, 409, 422}


@pytest.mark.parametrize("path", POSTS)
def test_without_a_token_nothing_happens(world, browser, path):
    world.application()
    browser.sign_in(world.an)
    assert browser.post(f"{URL}{path}").status_code == 400


@pytest.mark.parametrize("path", POSTS)
def test_strangers_post_to_nothing(world, browser, path):
    world.application()
    browser.sign_in(world.bao)
    assert browser.press(f"{URL}{path}", "/applications/new").status_code == 404


@pytest.mark.parametrize("path", ["/agreement", "/submit", "/withdraw", "/corrections/send", "/notice", "/summary"])
def test_contributors_leave_these_to_the_owner(world, browser, path):
    world.application()
    browser.sign_in(world.anh)
    assert browser.press(f"{URL}{path}", "/applications/new").status_code == 403


@pytest.mark.parametrize("path", ["/profile/names", "/criteria/HN-01", "/agreement", "/submit"])
def test_what_was_handed_in_is_locked(world, browser, path):
    world.application(State.SUBMITTED)
    browser.sign_in(world.an)
    form = {"accept": "y", "version": current_version()} if path == "/agreement" else {}
    assert browser.press(f"{URL}{path}", "/applications/new", **form).status_code == 409


# --- profile ---


def test_names_are_saved_and_lead_to_the_next_step(world, session, browser):
    world.application(profile={})
    browser.sign_in(world.an)
    page = f"{URL}/profile/names"
    answer = browser.press(page, page, seen=seen(browser, page), name_vi="Đèn Nhà", short_vi="Lọc trang xấu.")
    assert answer.location == f"{URL}/profile/kinds"
    assert stored(session).profile["name_vi"] == "Đèn Nhà"


def seen(browser, page):
    text = browser.get(page).text
    return text.split('name="seen" type="hidden" value="')[1].split('"')[0]


def test_two_people_in_one_step_see_both_texts(world, session, browser):
    world.application()
    browser.sign_in(world.an)
    page = f"{URL}/profile/names"
    mine = seen(browser, page)
    other = {**stored(session).profile, "name_vi": "Bản của Ánh"}
    application = stored(session)
    application.profile, application.profile_saved_by = other, world.anh.id
    session.commit()
    answer = browser.press(page, page, seen=mine, name_vi="Bản của An", name_en="Home Lamp")
    assert answer.status_code == 409
    assert "Bản của Ánh" in answer.text
    assert "Bản của An" in answer.text
    assert stored(session).profile["name_vi"] == "Bản của Ánh"
    again = answer.text.split('name="seen" type="hidden" value="')[1].split('"')[0]
    assert browser.press(page, page, seen=again, name_vi="Bản của An").status_code == 302
    assert stored(session).profile["name_vi"] == "Bản của An"


def post_features(browser, **answers):
    page = f"{URL}/profile/kinds"
    flags = [
        *("has_accounts", "has_ugc", "has_contact", "is_game_or_social", "uses_history_or_location"),
        *("processes_personal_data", "staffed", "has_install", "has_commerce_or_ads"),
    ]
    form = {f"features-{n}-code": flag for n, flag in enumerate(flags)}
    form |= {f"features-{n}-answer": answers[flag] for n, flag in enumerate(flags) if flag in answers}
    return browser.press(page, page, seen=seen(browser, page), categories=["PC", "CF"], **form), flags


def test_some_features_answered_are_kept_and_the_rest_stays_open(world, session, browser):
    world.application(profile={})
    browser.sign_in(world.an)
    answer, _flags = post_features(browser, has_accounts="yes", has_ugc="no")
    assert answer.location == f"{URL}/scope"
    profile = stored(session).profile
    assert (profile["categories"], profile["flags"], profile["flags_answered"]) == (
        ["PC", "CF"],
        ["has_accounts"],
        False,
    )
    text = browser.get(f"{URL}/profile/kinds").text
    assert text.count("checked") == 4


def test_no_to_everything_is_an_answer(world, session, browser):
    world.application(profile={})
    browser.sign_in(world.an)
    _answer, flags = post_features(browser)
    post_features(browser, **dict.fromkeys(flags, "no"))
    profile = stored(session).profile
    assert (profile["flags"], profile["flags_answered"]) == ([], True)


def test_rows_of_data_are_read_kept_and_dropped(world, session, browser):
    world.application(profile={})
    browser.sign_in(world.an)
    page = f"{URL}/profile/data"
    row = {"taken-0-kind": "location", "taken-0-purpose_vi": "Xem con ở đâu", "taken-0-kept_days": "14"}
    answer = browser.press(page, page, seen=seen(browser, page), then="more", **row, **{"asked-0-name": "VPN"})
    assert answer.location == page
    profile = stored(session).profile
    assert profile["data"] == [
        {
            "kind": "location",
            "purpose_vi": "Xem con ở đâu",
            "purpose_en": "",
            "optional": False,
            "kept_days": 14,
            "shared_with": "",
        }
    ]
    assert profile["permissions"] == [{"name": "VPN", "reason_vi": "", "reason_en": ""}]
    browser.press(page, page, seen=seen(browser, page), **row, **{"taken-0-drop": "y"})
    assert (stored(session).profile["data"], stored(session).profile["data_answered"]) == ([], False)


@pytest.mark.parametrize(
    ("step", "form", "words"),
    [
        ("version", {"website": "http://den.example"}, "bắt đầu bằng https://"),
        ("version", {"website": "javascript:alert(1)"}, "bắt đầu bằng https://"),
        ("version", {"store_links": "https://a.example\nkhông phải"}, "“không phải” chưa phải là địa chỉ trang"),
        ("version", {"version_date": "31/02/2026"}, "Ngày chưa đúng"),
        ("names", {"name_vi": "x" * 201}, "Nhập không quá 200 ký tự"),
        ("data", {"taken-0-purpose_vi": "Để làm gì"}, "Chọn loại dữ liệu của dòng này"),
        ("data", {"taken-0-kind": "location", "taken-0-kept_days": "lâu"}, "Nhập số nguyên"),
        ("data", {"taken-0-kind": "location", "none_taken": "y"}, "Đã khai dữ liệu ở dưới"),
        ("support", {"measured-0-topic": "Khiêu dâm"}, "Điền ô này, hoặc để trống cả kết quả đo."),
        ("kinds", {"categories": "ZZ"}, "không có trong danh sách"),
    ],
)
def test_what_cannot_be_read_is_refused_and_what_was_typed_stays(world, session, browser, step, form, words):
    world.application(profile={})
    browser.sign_in(world.an)
    page = f"{URL}/profile/{step}"
    answer = browser.press(page, page, seen=seen(browser, page), **form)
    assert answer.status_code == 422
    assert words in answer.text
    assert stored(session).profile == {}


RESULT = {
    "measured-0-test_list": "VCSC-Test 2026-1",
    "measured-0-tested_on": "01/10/2026",
    "measured-0-age_band": "7-11",
    "measured-0-topic": "Trang người lớn",
    "measured-0-harmful_tried": "1000",
    "measured-0-harmful_blocked": "968",
    "measured-0-harmless_tried": "500",
    "measured-0-harmless_blocked": "4",
    "measured-0-measured_by": "laboratory",
    "measured-0-tester": "Phòng thử A",
    "measured-0-method": "Hai máy Android, thiết lập có sẵn",
    "measured-0-version": "5.2",
}


def test_a_measured_result_is_kept_whole(world, session, browser):
    world.application(profile={})
    browser.sign_in(world.an)
    page = f"{URL}/profile/support"
    assert browser.press(page, page, seen=seen(browser, page), **RESULT).status_code == 302
    assert stored(session).profile["blocking"] == [
        {
            "test_list": "VCSC-Test 2026-1",
            "tested_on": "2026-10-01",
            "age_band": "7-11",
            "topic": "Trang người lớn",
            "harmful_tried": 1000,
            "harmful_blocked": 968,
            "harmless_tried": 500,
            "harmless_blocked": 4,
            "measured_by": "laboratory",
            "tester": "Phòng thử A",
            "method": "Hai máy Android, thiết lập có sẵn",
            "version": "5.2",
        }
    ]
    assert "968/1.000" in browser.get(f"{URL}/check").text
    assert browser.get(page).status_code == 200


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("harmful_blocked", "1001", "không thể lớn hơn số đã thử"),
        ("harmless_blocked", "501", "không thể lớn hơn số đã thử"),
        ("harmless_tried", "0", "phải thử cả trang xấu và trang lành"),
        ("tested_on", "01/10/2030", "không thể ở sau hôm nay"),
        ("tested_on", "01/10/2019", "đã quá 3 năm"),
        ("tester", "", "Ghi tên phòng thử nghiệm"),
        ("method", "", "Điền ô này"),
    ],
)
def test_a_figure_that_makes_no_sense_is_not_kept(world, session, browser, field, typed, words):
    world.application(profile={})
    browser.sign_in(world.an)
    page = f"{URL}/profile/support"
    answer = browser.press(page, page, seen=seen(browser, page), **{**RESULT, f"measured-0-{field}": typed})
    assert answer.status_code == 422
    assert words in answer.text


def test_one_test_is_told_once(world, session, browser):
    world.application(profile={})
    browser.sign_in(world.an)
    page = f"{URL}/profile/support"
    again = {name.replace("-0-", "-1-"): typed for name, typed in RESULT.items()}
    answer = browser.press(page, page, seen=seen(browser, page), **RESULT, **again)
    assert answer.status_code == 422
    assert "Giữ một dòng" in answer.text
    assert stored(session).profile == {}


def test_every_step_of_a_whole_profile_saves_what_it_shows(world, session, browser):
    """Open each step of a complete profile, post what is in it, and nothing may change."""
    world.application(profile={**PROFILE, "blocking": []})
    browser.sign_in(world.an)
    page = f"{URL}/profile/version"
    form = {
        "version": "5.2",
        "version_date": "2026-05-12",
        "platforms": ["android", "ios"],
        "ages": ["7-11", "12-15"],
        "languages": ["vi", "en"],
        "website": "https://dennha.example",
        "store_links": "https://store.example/den-nha",
    }
    assert browser.press(page, page, seen=seen(browser, page), **form).status_code == 302
    assert stored(session).profile == {**PROFILE, "blocking": []}
    assert stored(session).profile_version == 0


def test_a_change_from_the_check_page_returns_there(world, browser):
    world.application()
    browser.sign_in(world.an)
    page = f"{URL}/profile/names?return=check"
    answer = browser.press(page, page, seen=seen(browser, page), name_vi="Đèn Ngõ")
    assert answer.location == f"{URL}/check#step-names"


# --- answers ---


def test_an_answer_is_saved_and_the_next_criterion_opens(world, session, browser):
    world.application()
    browser.sign_in(world.anh)
    page = f"{URL}/criteria/HN-01"
    answer = browser.press(page, page, version="0", claim="Chặn 96,8%.\r\nĐo ngày 01/10/2026.", then="next")
    assert answer.location == f"{URL}/criteria/HN-02"
    found = session.exec(select(Answer)).one()
    assert (found.claim, found.version) == ("Chặn 96,8%.\nĐo ngày 01/10/2026.", 1)


def test_two_people_at_one_answer_see_both_texts(world, session, browser):
    world.application()
    browser.sign_in(world.an)
    page = f"{URL}/criteria/HN-01"
    browser.press(page, page, version="0", claim="Bản thứ nhất")
    answer = browser.press(page, page, version="0", claim="Bản thứ hai")
    assert answer.status_code == 409
    assert "Bản thứ <del>" in answer.text.replace('<span class="vh">[bỏ: </span>', "")
    assert "Bản thứ hai</textarea>" in answer.text
    assert 'name="version" value="1"' in answer.text
    assert session.exec(select(Answer)).one().claim == "Bản thứ nhất"
    browser.press(page, page, version="1", claim="Bản thứ hai")
    assert "2 bản đã lưu" in browser.get(page).text


def test_attach_detach_and_upload_never_lose_the_text(world, session, browser):
    world.application()
    evidence = piece(session, world)
    browser.sign_in(world.an)
    page = f"{URL}/criteria/HN-01"
    answer = browser.press(page, page, version="0", claim="Một", library=str(evidence.id), then="attach")
    assert answer.location == f"{page}#evidence"
    assert [one.evidence_id for one in session.exec(select(AnswerEvidence)).all()] == [evidence.id]
    browser.press(page, page, version="1", claim="Hai", then=f"detach:{evidence.id}")
    session.expire_all()
    assert session.exec(select(AnswerEvidence)).all() == []
    assert session.exec(select(Answer)).one().claim == "Hai"
    answer = browser.press(page, page, version="2", claim="Ba", then="upload")
    assert answer.location == f"/evidence/new?ref={REF}&criterion=HN-01"


@pytest.mark.parametrize("form", [{"library": "x"}, {"claim": "x" * 5001}])
def test_answers_that_cannot_be_read(world, session, browser, form):
    world.application()
    browser.sign_in(world.an)
    page = f"{URL}/criteria/HN-01"
    assert browser.press(page, page, version="0", **form).status_code == 422
    assert session.exec(select(Answer)).all() == []


def test_an_unknown_criterion_is_not_there(world, browser):
    world.application()
    browser.sign_in(world.an)
    assert browser.get(f"{URL}/criteria/XX-99").status_code == 404


# --- agreement ---


def test_the_owner_accepts(world, session, browser):
    world.application()
    browser.sign_in(world.an)
    page = f"{URL}/agreement"
    answer = browser.press(page, page, version=current_version(), accept="y")
    assert answer.location == URL
    assert [one.accepted_name for one in session.exec(select(AgreementAcceptance)).all()] == ["Nguyễn Thị An"]
    assert "đã chấp nhận bản này" in browser.get(page).text


def test_without_the_tick_nothing_is_accepted(world, session, browser):
    world.application()
    browser.sign_in(world.an)
    page = f"{URL}/agreement"
    answer = browser.press(page, page, version=current_version())
    assert answer.status_code == 422
    assert "Đánh dấu để chấp nhận thỏa thuận." in answer.text
    assert session.exec(select(AgreementAcceptance)).all() == []


def test_ready_is_ready(world, browser):
    ready(world)
    browser.sign_in(world.an)
    assert "Không còn thiếu gì." in browser.get(f"{URL}/check").text

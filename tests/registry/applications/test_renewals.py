"""The pages of renewals and changes: what is offered, beginning one, and confirming what still holds."""

from datetime import timedelta

import pytest
from sqlmodel import select

from assessments import answers, renewals, vendors
from assessments.clock import today
from assessments.models import Application, Basis, Confirmation
from assessments.queries.renewals import later_of
from assessments.states import ChangeKind, Kind, State
from tests.deciding import certified
from tests.drafting import accepted, piece
from tests.renewing import answered_certificate, begun, newer

NEW = "/applications/new"


@pytest.fixture
def certificate(world):
    return answered_certificate(world)


@pytest.fixture
def renewal(world, certificate):
    return begun(world, certificate)


def press(browser, renewal, path, **data):
    """Press a button of the list of carried answers."""
    return browser.press(f"/applications/{renewal.ref}/{path}", f"/applications/{renewal.ref}/carried", **data)


# --- what is offered ---


def test_what_may_be_begun_stands_on_the_page_and_on_the_companys(world, browser, certificate):
    browser.sign_in(world.anh)
    for path in (NEW, "/company"):
        text = browser.get(path).text
        assert f'href="/applications/new/renewal/{certificate.number}"' in text
        assert f'href="/applications/new/change/{certificate.number}"' in text
        assert "Lập hồ sơ chứng nhận lại" in text


def test_before_its_time_the_page_says_from_when(world, session, browser):
    certificate = answered_certificate(world, days_left=100)
    browser.sign_in(world.an)
    text = browser.get(NEW).text
    opens = (today() + timedelta(days=40)).strftime("%d/%m/%Y")
    assert f"Lập được hồ sơ chứng nhận lại từ ngày {opens}." in text
    assert f"/renewal/{certificate.number}" not in text
    assert f"/change/{certificate.number}" in text
    answer = browser.get(f"{NEW}/renewal/{certificate.number}")
    assert (answer.status_code, opens in answer.text) == (409, True)


def test_what_runs_already_is_led_to(world, browser, renewal, certificate):
    browser.sign_in(world.an)
    text = browser.get(NEW).text
    assert f"làm tiếp {renewal.ref}" in text
    assert f"/renewal/{certificate.number}" not in text


# --- beginning ---


@pytest.mark.parametrize("person", ["an", "anh"])
def test_a_renewal_is_begun_by_owner_and_contributor(world, session, browser, certificate, person):
    browser.sign_in(getattr(world, person))
    page = f"{NEW}/renewal/{certificate.number}"
    answer = browser.press(page, page, changes=["version"], note="Bản 6.0 từ 01/11.")
    application = session.exec(select(Application).where(Application.kind == Kind.RENEWAL)).one()
    assert answer.headers["Location"] == f"/applications/{application.ref}"
    basis = session.get_one(Basis, application.id)
    assert (basis.certificate_id, basis.changes, basis.note) == (certificate.id, ["version"], "Bản 6.0 từ 01/11.")
    text = browser.get(f"/applications/{application.ref}").text
    assert f"Hồ sơ chứng nhận lại của {certificate.number}" in text
    assert "Xem lại câu trả lời lần trước" in text
    assert "Phiên bản mới" in text


def test_a_change_without_its_words_comes_back_with_what_was_typed(world, session, browser, certificate):
    browser.sign_in(world.an)
    page = f"{NEW}/change/{certificate.number}"
    answer = browser.press(page, page, note="Chuyển máy chủ sang Đà Nẵng.")
    assert (answer.status_code, "Chọn ít nhất một điều đã thay đổi." in answer.text) == (422, True)
    assert "Chuyển máy chủ sang Đà Nẵng." in answer.text
    answer = browser.press(page, page, changes=["infrastructure"])
    assert (answer.status_code, "Viết vài câu về điều đã thay đổi." in answer.text) == (422, True)
    answer = browser.press(page, page, changes=["nothing known"], note="x")
    assert answer.status_code == 422
    answer = browser.press(page, page, changes=["owner"], note="x" * 2001)
    assert answer.status_code == 422
    assert session.exec(select(Basis)).all() == []


def test_a_double_click_begins_one_and_shows_it(world, session, browser, certificate):
    browser.sign_in(world.an)
    page = f"{NEW}/renewal/{certificate.number}"
    token = browser.token(page)
    first, second = (browser.post(page, data={"csrf_token": token}) for _n in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert len(session.exec(select(Basis)).all()) == 1
    assert "Làm tiếp hồ sơ đó." in browser.get(second.headers["Location"]).text


def test_a_first_application_that_runs_is_led_to_as_well(world, session, browser):
    running = world.application()
    browser.sign_in(world.an)
    answer = browser.press("/applications", NEW, product=str(running.product_id))
    assert answer.headers["Location"] == f"/applications/{running.ref}"
    assert len(session.exec(select(Application)).all()) == 1


def test_a_first_application_beside_a_valid_certificate_is_refused(world, session, browser, certificate):
    browser.sign_in(world.an)
    answer = browser.press("/applications", NEW, product=str(certificate.product_id))
    assert (answer.status_code, "Lập hồ sơ chứng nhận lại khi gần hết hạn" in answer.text) == (409, True)
    assert len(session.exec(select(Application)).all()) == 1


def test_other_people_find_nothing(world, session, browser, certificate, renewal):
    code = later_of(session, renewal).again[0].code
    paths = ("carried", f"carried/{code}", "changed")
    for person in (world.bao, world.dung, world.chi, world.minh):
        browser.sign_in(person)
        assert browser.get(f"{NEW}/renewal/{certificate.number}").status_code == 404
        for path in paths:
            assert browser.get(f"/applications/{renewal.ref}/{path}").status_code == 404
            assert browser.press(f"/applications/{renewal.ref}/{path}", "/account").status_code == 404
    browser.sign_in(world.an)
    for kind in ("initial", "surveillance", "x"):
        assert browser.get(f"{NEW}/{kind}/{certificate.number}").status_code == 404
    assert browser.get(f"{NEW}/renewal/VCSC-26-9999-A").status_code == 404
    for path in paths:
        assert browser.post(f"/applications/{renewal.ref}/{path}").status_code == 400  # no token
    assert session.exec(select(Confirmation)).all() == []


def test_who_has_left_the_company_is_out(world, session, browser, renewal):
    vendors.remove_member(session, world.an, world.hat_nang, world.anh.id)
    session.commit()
    browser.sign_in(world.anh)
    assert browser.get(f"/applications/{renewal.ref}/carried").status_code == 404


# --- looking again ---


def test_the_list_and_one_answer_beside_the_last_time(world, session, browser, renewal):
    later = later_of(session, renewal)
    browser.sign_in(world.anh)
    text = browser.get(f"/applications/{renewal.ref}/carried").text
    assert text.count("Chưa xác nhận") == len(later.rows)
    code = later.again[0].code
    text = browser.get(f"/applications/{renewal.ref}/carried/{code}").text
    assert text.count(f"Lần trước: {code}.") == 2
    assert "Tiêu chí này không thay đổi so với lần trước." in text
    note = browser.get(f"/applications/{renewal.ref}/criteria/{code}").text
    assert f'href="/applications/{renewal.ref}/carried/{code}"' in note


def test_confirming_goes_on_to_the_next_and_twice_is_once(world, session, browser, renewal):
    first, second, *_others = [row.code for row in later_of(session, renewal).again]
    browser.sign_in(world.anh)
    for _n in range(2):
        answer = press(browser, renewal, f"carried/{first}")
        assert answer.headers["Location"] == f"/applications/{renewal.ref}/carried/{second}"
    (said,) = session.exec(select(Confirmation)).all()
    assert (said.criterion, said.confirmed_by, said.one_by_one) == (first, world.anh.id, True)


def test_all_the_rest_with_one_button(world, session, browser, renewal):
    rest = {row.code for row in later_of(session, renewal).rest}
    browser.sign_in(world.an)
    assert press(browser, renewal, "carried").headers["Location"] == f"/applications/{renewal.ref}/carried"
    assert set(session.exec(select(Confirmation.criterion)).all()) == rest
    assert f"Xác nhận {len(rest)} câu này" not in browser.get(f"/applications/{renewal.ref}/carried").text


def test_the_check_page_lists_what_is_open_and_the_way_comes_back(world, session, browser, renewal):
    accepted(world, renewal)
    later = later_of(session, renewal)
    code = later.again[0].code
    browser.sign_in(world.an)
    text = browser.get(f"/applications/{renewal.ref}/check").text
    assert f'href="/applications/{renewal.ref}/carried/{code}?return=check"' in text
    assert ", ".join(row.code for row in later.rest) in text
    answer = press(browser, renewal, f"carried/{code}?return=check")
    assert answer.headers["Location"] == f"/applications/{renewal.ref}/check"
    assert f"carried/{code}?" not in browser.get(f"/applications/{renewal.ref}/check").text
    refused = browser.press(f"/applications/{renewal.ref}/submit", f"/applications/{renewal.ref}/carried")
    assert refused.status_code == 422
    assert session.get_one(Application, renewal.id).state is State.DRAFT


def test_lapsed_evidence_and_changed_criteria_are_pointed_out(
    world, session, browser, certificate, tmp_path, monkeypatch
):
    lapsed = piece(session, world, "Chứng thư 2025", valid_until=today() - timedelta(days=3))
    newer(tmp_path, monkeypatch)
    renewal = begun(world, certificate)
    renewal.edition_id = "vcsc-2027"
    session.add(renewal)
    session.commit()
    answers.attach(session, world.an, renewal, "HN-02", lapsed)
    session.commit()
    browser.sign_in(world.an)
    text = browser.get(f"/applications/{renewal.ref}/carried/HN-02").text
    assert "“Chứng thư 2025” đã hết hạn ngày" in text
    assert "Yêu cầu mới của bản 2027." in text
    assert "Yêu cầu lần trước" in text
    assert "Trọng số: lần trước 2, lần này 9." in browser.get(f"/applications/{renewal.ref}/carried/TL-01").text
    listed = browser.get(f"/applications/{renewal.ref}/carried").text
    assert "Lần này mới hỏi" in listed
    assert "Không còn trong bộ tiêu chí" in listed


def test_what_changed_can_be_told_anew_until_it_is_submitted(world, session, browser, certificate):
    change = begun(world, certificate, Kind.CHANGE)
    browser.sign_in(world.anh)
    page = f"/applications/{change.ref}/changed"
    assert "Giữ lịch sử thêm 7 ngày." in browser.get(page).text
    assert browser.press(page, page, note="Không chọn gì.").status_code == 422
    answer = browser.press(page, page, changes=["owner", "data"], note="Bán cho công ty khác.")
    assert answer.headers["Location"] == f"/applications/{change.ref}/carried"
    basis = session.get_one(Basis, change.id)
    assert (basis.changes, basis.note) == ([ChangeKind.DATA, ChangeKind.OWNER], "Bán cho công ty khác.")
    change.state = State.IN_REVIEW
    session.add(change)
    session.commit()
    assert browser.get(page).status_code == 409
    assert browser.press(page, "/account", changes=["other"], note="Muộn.").status_code == 409


def test_a_first_application_has_no_such_pages(world, browser):
    application = world.application()
    browser.sign_in(world.an)
    for path in ("carried", "carried/HN-01", "changed"):
        assert browser.get(f"/applications/{application.ref}/{path}").status_code == 404


def test_the_office_is_told_the_kind_and_what_changed(world, session, browser, certificate):
    change = begun(world, certificate, Kind.CHANGE)
    accepted(world, change)
    for row in later_of(session, change).again:
        renewals.confirm(session, world.an, change, row.code)
    renewals.confirm_rest(session, world.an, change)
    session.commit()
    browser.sign_in(world.an)
    sent = browser.press(f"/applications/{change.ref}/submit", f"/applications/{change.ref}/check")
    assert sent.status_code == 302
    browser.sign_in(world.chi)
    text = browser.get(f"/intake/{change.ref}").text
    for said in ("Hồ sơ báo thay đổi", certificate.number, "Giữ lịch sử thêm 7 ngày.", "Cách lấy, dùng, giữ hoặc"):
        assert said in text


def test_the_superseded_certificate_says_so_and_leads_to_the_new_one(world, session, browser):
    old, new = certified(world), certified(world, "HS-2026-0002")
    new.product_id, old.superseded_on = old.product_id, new.valid_from
    session.add_all([old, new])
    session.commit()
    text = browser.get(f"/c/{old.number}").text
    assert "Đã thay bằng giấy mới" in text
    assert f"Xem giấy mới: {new.number}" in text

"""A certificate is reduced by two deciders, ended by its owner, expires, and what is drafted when a time has run."""

from datetime import timedelta

import pytest
from sqlmodel import select

from assessments import certificates, clock
from assessments.certificates import Change
from assessments.clock import now
from assessments.models import Certificate, Listing
from assessments.states import CertificateState
from registry import jobs
from tests.deciding import certified
from tests.rows import letters, row

WHY = {"reason_vi": "Bản iOS chưa chặn được.", "reason_en": "The iOS version does not block."}
LESS = {"platforms": ["android"], "categories": ["PC"], "ages": ["7-11", "12-15"], "level": "L1"}


def url(certificate, step):
    return f"/certificates/{certificate.number}/{step}"


def suspended(world, certificate):
    change = Change("Lộ vị trí.", "Leaks.", "Sửa lỗi.", "Mend it.", clock.today() + timedelta(days=30))
    certificates.suspend(world.session, world.giang, certificate.number, change)
    certificates.confirm(world.session, world.hung, certificate.number, 2)
    world.session.commit()


# --- reduced ---


def test_two_deciders_reduce_it(world, app, browser):
    certificate = certified(world)
    browser.sign_in(world.giang)
    assert url(certificate, "reduce") in browser.get(f"/certificates/{certificate.number}").text
    page = browser.get(url(certificate, "reduce")).text
    assert page.count("checked") == 6  # everything it covers, and its level
    assert browser.press(url(certificate, "reduce"), page=url(certificate, "reduce"), **LESS, **WHY).status_code == 302
    assert row(app, select(Certificate)).revision == 1
    browser.sign_in(world.hung)
    office = browser.get(f"/certificates/{certificate.number}").text
    assert "Đề xuất thu hẹp phạm vi giấy" in office
    assert "Android" in office
    browser.press(url(certificate, "confirm"), page=f"/certificates/{certificate.number}", event=2)
    found = row(app, select(Certificate))
    assert (found.revision, found.content["profile"]["platforms"]) == (2, ["android"])
    public = browser.get(f"/en/c/{certificate.number}").text
    assert "The iOS version does not block." in public
    assert letters(app, world.an.email)[-1].subject == f"Giấy {certificate.number}: thu hẹp phạm vi"


@pytest.mark.parametrize(
    "wrong", [{"platforms": []}, {"platforms": ["android", "ios"]}, {"reason_en": ""}, {"platforms": ["windows"]}]
)
def test_what_is_no_reduction_comes_back(world, app, browser, wrong):
    certificate = certified(world)
    browser.sign_in(world.giang)
    answer = browser.press(url(certificate, "reduce"), page=url(certificate, "reduce"), **{**LESS, **WHY, **wrong})
    assert answer.status_code == 422
    assert WHY["reason_vi"] in answer.text


@pytest.mark.parametrize(("who", "code"), [("chi", 404), ("an", 404), ("bao", 404), ("khanh", 404), ("lan", 404)])
def test_others_do_not_reduce_it(world, browser, who, code):
    certificate = certified(world)
    browser.sign_in(getattr(world, who))
    assert browser.get(url(certificate, "reduce")).status_code == code


# --- ended by its owner ---


def test_the_owner_ends_it(world, app, browser):
    certificate = certified(world)
    browser.sign_in(world.an)
    page = url(certificate, "terminate")
    assert page in browser.get("/company").text
    assert browser.press(page, page=page, reason="Ngừng bán.").status_code == 422
    assert row(app, select(Certificate)).state is CertificateState.ACTIVE
    assert browser.press(page, page=page, reason="Ngừng bán.", sure="y").status_code == 302
    assert row(app, select(Certificate)).state is CertificateState.TERMINATED
    public = browser.get(f"/c/{certificate.number}").text
    assert "theo yêu cầu của nhà cung cấp" in public
    assert "Ngừng bán." in public
    assert world.an.name not in public
    assert browser.get(f"/c/{certificate.number}.json").json["status"] == "terminated"
    assert row(app, select(Listing)).state is CertificateState.TERMINATED
    assert letters(app, world.an.email)[-1].subject == (
        f"Giấy {certificate.number} đã chấm dứt theo yêu cầu của đơn vị"
    )
    assert letters(app, world.chi.email)[-1].subject == f"Giấy {certificate.number}: đơn vị xin chấm dứt"


@pytest.mark.parametrize(("who", "code"), [("anh", 403), ("bao", 404), ("giang", 404), ("chi", 404)])
def test_others_do_not_end_it(world, browser, who, code):
    certificate = certified(world)
    browser.sign_in(getattr(world, who))
    assert browser.get(url(certificate, "terminate")).status_code == code


def test_it_ends_once(world, browser):
    certificate = certified(world)
    certificates.terminate(world.session, world.an, certificate.number, "")
    world.session.commit()
    browser.sign_in(world.an)
    assert browser.get(url(certificate, "terminate")).status_code == 409
    assert "theo yêu cầu của nhà cung cấp" in browser.get(f"/c/{certificate.number}").text


# --- what a clock says ---


def test_expiry_is_told_once_and_needs_no_job_for_the_page(world, app, browser):
    certificate = certified(world)
    after = clock.end_of_day(certificate.valid_until) + timedelta(hours=1)
    with clock.at(after):
        assert browser.get(f"/c/{certificate.number}.json").json["status"] == "expired"
        with app.app_context():
            jobs.speak_of_certificates()
            jobs.speak_of_certificates()
    subjects = [letter.subject for letter in letters(app, world.an.email)]
    assert subjects.count(f"Giấy {certificate.number} đã hết hạn") == 1


def test_owners_are_reminded_of_the_renewal(world, app):
    certificate = certified(world)
    with clock.at(clock.end_of_day(certificate.valid_until - timedelta(days=60))), app.app_context():
        jobs.speak_of_certificates()
    day = certificate.valid_until.strftime("%d/%m/%Y")
    assert letters(app, world.an.email)[-1].subject == f"Giấy {certificate.number} hết hạn sau ngày {day}"


def test_an_unconfirmed_suspension_is_on_the_board_and_reminded_of(world, app, browser):
    certificate = certified(world)
    change = Change("Lộ vị trí.", "Leaks.", "Sửa lỗi.", "Mend it.", clock.today() + timedelta(days=30))
    certificates.suspend(world.session, world.giang, certificate.number, change)
    world.session.commit()
    with clock.at(now() + timedelta(days=7)):
        browser.sign_in(world.chi)
        assert "Xác nhận tạm đình chỉ" in browser.get("/deadlines?kind=suspension&show=late").text
        with app.app_context():
            jobs.speak_of_certificates()
    said = f"Giấy {certificate.number}: việc tạm đình chỉ chờ người thứ hai"
    assert said in [letter.subject for letter in letters(app, world.hung.email)]
    assert row(app, select(Certificate)).state is CertificateState.SUSPENDED


def test_when_the_time_of_a_suspension_has_run_a_withdrawal_is_drafted_and_nothing_happens(world, app, browser):
    certificate = certified(world)
    suspended(world, certificate)
    with clock.at(now() + timedelta(days=32)):
        browser.sign_in(world.giang)
        page = browser.get(f"/certificates/{certificate.number}").text
        assert "Điều kiện khôi phục giấy không được thực hiện đến hết ngày" in page
        assert "What restores the certificate was not done by the end of" in page
        browser.sign_in(world.chi)
        assert "Hội đồng" in browser.get("/deadlines?kind=restoring").text
        with app.app_context():
            jobs.speak_of_certificates()
    assert row(app, select(Certificate)).state is CertificateState.SUSPENDED
    said = f"Giấy {certificate.number}: quá hạn khôi phục, xem xét thu hồi"
    assert said in [letter.subject for letter in letters(app, world.giang.email)]

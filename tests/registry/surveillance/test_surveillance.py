"""The office's pages of surveillance, the company's draft, and the committee's decision about it."""

from datetime import timedelta

import pytest
from sqlmodel import select

from assessments import clock
from assessments.lifecycle import Measure
from assessments.models import Application, Certificate, Surveillance
from assessments.people import Role
from assessments.states import CertificateState, Kind, State
from registry import jobs
from registry.accounts.models import UserRole
from tests.counting import statements
from tests.deciding import certified
from tests.renewing import answered_certificate
from tests.rows import letters, row, rows
from tests.surveying import begun, decided, evaluated, measured, planned

PLAN = {"trigger": "store_version", "note": "Google Play có bản 6.0."}


def in_days(count):
    return (clock.today() + timedelta(days=count)).isoformat()


def one(certificate, step=""):
    return f"/surveillance/{certificate.number}/1" + (f"/{step}" if step else "")


@pytest.mark.parametrize(
    ("who", "code"),
    [("chi", 200), ("giang", 200), ("lan", 200), ("an", 404), ("bao", 404), ("dung", 404), ("minh", 404)],
)
def test_who_reads_the_list(world, browser, who, code):
    planned(world, certified(world))
    browser.sign_in(getattr(world, who))
    assert browser.get("/surveillance").status_code == code


@pytest.mark.parametrize("who", ["giang", "lan", "an", "bao", "dung", "minh"])
def test_only_the_office_opens_one(world, browser, who):
    certificate = certified(world)
    planned(world, certificate)
    browser.sign_in(getattr(world, who))
    for page in (one(certificate), f"/surveillance/plan/{certificate.number}"):
        assert browser.get(page).status_code == 404


def test_an_unknown_one_is_not_found(world, browser):
    certificate = certified(world)
    browser.sign_in(world.chi)
    assert browser.get(one(certificate)).status_code == 404
    assert browser.get("/surveillance/VCSC-26-9999-A/1").status_code == 404
    assert browser.get("/surveillance/plan/VCSC-26-9999-A").status_code == 404


def test_the_office_plans_one(world, app, browser):
    certificate = certified(world)
    page = f"/surveillance/plan/{certificate.number}"
    browser.sign_in(world.chi)
    answer = browser.press(page, page=page, **PLAN, due_on=in_days(14))
    assert (answer.status_code, answer.location) == (302, one(certificate))
    found = row(app, select(Surveillance))
    assert (found.note, found.due_on.isoformat()) == (PLAN["note"], in_days(14))
    assert certificate.number in browser.get("/surveillance").text


@pytest.mark.parametrize(
    "wrong", [{"note": ""}, {"trigger": "schedule"}, {"due_on": "hôm nay"}, {"due_on": in_days(-2)}]
)
def test_bad_input_keeps_what_was_typed(world, app, browser, wrong):
    certificate = certified(world)
    browser.sign_in(world.chi)
    page = f"/surveillance/plan/{certificate.number}"
    answer = browser.press(page, page=page, **{**PLAN, "due_on": in_days(14), **wrong})
    assert answer.status_code == 422
    assert rows(app, select(Surveillance)) == []
    assert "note" in wrong or PLAN["note"] in answer.text


def test_beginning_opens_the_companys_draft_and_tells_it(world, app, browser):
    certificate = answered_certificate(world, days_left=300)
    planned(world, certificate)
    browser.sign_in(world.chi)
    assert browser.press(one(certificate, "begin"), page=one(certificate), reply_by=in_days(30)).status_code == 302
    found = row(app, select(Surveillance))
    application = row(app, select(Application).where(Application.kind == Kind.SURVEILLANCE))
    text = browser.get(one(certificate)).text
    assert found.nonce in text
    assert all(code in text for code in application.asked)
    until = (clock.today() + timedelta(days=30)).strftime("%d/%m/%Y")
    told = letters(app, world.an.email)[-1]
    assert told.subject == f"Hồ sơ giám sát {application.ref}: trả lời trước hết ngày {until}"
    browser.sign_in(world.an)
    page = browser.get(f"/applications/{application.ref}").text
    assert "Hồ sơ giám sát" in page
    assert "Trong lúc này, giấy chứng nhận vẫn có hiệu lực." in page
    assert "Không trả lời có thể dẫn đến tạm đình chỉ giấy chứng nhận." in page
    assert world.chi.name not in page
    outside = [code for code in certificate.content["criteria"]["applied"] if code not in application.asked]
    listed = browser.get(f"/applications/{application.ref}/carried").text
    assert [code for code in outside if f"/{code}" in listed] == []


def test_a_day_too_near_is_refused(world, app, browser):
    certificate = certified(world)
    planned(world, certificate)
    browser.sign_in(world.chi)
    answer = browser.press(one(certificate, "begin"), page=one(certificate), reply_by=in_days(0))
    assert answer.status_code == 422
    assert row(app, select(Surveillance)).begun_at is None


def test_one_is_given_up_with_a_reason(world, app, browser):
    certificate = certified(world)
    planned(world, certificate)
    browser.sign_in(world.chi)
    assert browser.press(one(certificate, "drop"), page=one(certificate), reason="").status_code == 422
    assert browser.press(one(certificate, "drop"), page=one(certificate), reason="Nhầm.").status_code == 302
    assert row(app, select(Surveillance)).ending == "Nhầm."


def test_posts_need_their_token(world, browser):
    certificate = certified(world)
    planned(world, certificate)
    browser.sign_in(world.chi)
    for step in ("begin", "drop"):
        assert browser.post(one(certificate, step)).status_code == 400


def test_a_coordinator_with_an_interest_does_not_open_it(world, browser):
    certificate = certified(world)
    planned(world, certificate)
    world.session.add(UserRole(user_id=world.khanh.id, role=Role.COORDINATOR))
    world.session.commit()
    browser.sign_in(world.khanh)
    assert browser.get("/surveillance").status_code == 200
    assert browser.get(one(certificate)).status_code == 404
    assert browser.get(f"/surveillance/plan/{certificate.number}").status_code == 404


# --- the company and the committee ---


def test_the_company_is_offered_no_withdrawal(world, browser):
    application = begun(world, answered_certificate(world, days_left=300))
    browser.sign_in(world.an)
    assert f"/applications/{application.ref}/withdraw" not in browser.get(f"/applications/{application.ref}").text


def test_the_committee_is_asked_about_the_certificate(world, app, browser):
    certificate = certified(world)
    application = evaluated(world, certificate)
    page = f"/decisions/{application.ref}"
    browser.sign_in(world.giang)
    text = browser.get(page).text
    assert "Giữ nguyên giấy, theo điểm" in text
    assert "Cấp chứng nhận" not in text
    assert browser.press(f"{page}/propose", page=page, measure="keep").status_code == 302
    browser.sign_in(world.hung)
    assert f"Giữ nguyên giấy {certificate.number}" in browser.get(page).text
    assert browser.press(f"{page}/confirm", page=page, number=1).status_code == 302
    assert row(app, select(Surveillance)).measure is Measure.KEEP
    assert [one.number for one in rows(app, select(Certificate))] == [certificate.number]
    assert [letter.subject for letter in letters(app, world.an.email)][-1] == (
        f"Giám sát giấy {certificate.number}: giữ nguyên"
    )


def test_a_suspension_needs_its_condition(world, app, browser):
    certificate = certified(world)
    application = evaluated(world, certificate)
    page = f"/decisions/{application.ref}"
    browser.sign_in(world.giang)
    reasons = {"measure": "suspend", "reasons_vi": "Lộ vị trí.", "reasons_en": "It leaks."}
    answer = browser.press(f"{page}/propose", page=page, **reasons)
    assert (answer.status_code, "Lộ vị trí." in answer.text) == (422, True)
    more = {"condition_vi": "Sửa.", "condition_en": "Mend.", "restore_by": in_days(30)}
    assert browser.press(f"{page}/propose", page=page, **reasons, **more).status_code == 302


def test_a_reduction_through_the_decision_page(world, app, browser):
    certificate = certified(world)
    application = evaluated(world, certificate)
    page = f"/decisions/{application.ref}"
    browser.sign_in(world.giang)
    reasons = {"measure": "reduce", "reasons_vi": "iOS chưa chặn.", "reasons_en": "iOS does not block."}
    scope = {"platforms": ["android"], "categories": ["PC"], "ages": ["7-11", "12-15"], "level": "L1"}
    assert browser.press(f"{page}/propose", page=page, **reasons, **scope).status_code == 302
    browser.sign_in(world.hung)
    browser.press(f"{page}/confirm", page=page, number=1)
    found = row(app, select(Certificate))
    assert (found.revision, found.content["profile"]["platforms"]) == (2, ["android"])
    public = browser.get(f"/c/{certificate.number}").text
    assert "Đã thu hẹp" in public
    assert "iOS chưa chặn." in public
    told = browser.get(f"/c/{certificate.number}.json").json
    assert (told["revision"], told["reduced"][0]["platforms"]) == (2, ["ios"])
    assert told["surveillance"][0]["measure"] == "reduce"


def test_what_the_company_reads_afterwards(world, app, browser):
    certificate = certified(world)
    application = evaluated(world, certificate)
    decided(world, application, measured(Measure.SUSPEND, certificate))
    assert row(app, select(Certificate)).state is CertificateState.SUSPENDED
    browser.sign_in(world.an)
    page = browser.get(f"/applications/{application.ref}").text
    assert "Giám sát xong, giấy tạm đình chỉ hoặc thu hồi" in page
    assert "Không được cấp" not in page
    for person in (world.giang, world.hung, world.dung, world.ha):
        assert person.name not in page


# --- the worker and the lists ---


def test_the_worker_plans_what_the_calendar_asks(world, app):
    certified(world)
    with app.app_context():
        assert [jobs.plan_surveillance(), jobs.plan_surveillance()] == [1, 0]
    assert len(rows(app, select(Surveillance))) == 1


def test_the_list_asks_a_fixed_number_of_statements(world, app, browser):
    counts = []
    browser.sign_in(world.chi)
    for n in (1, 2, 3):
        planned(world, certified(world, f"HS-2026-000{n}"))
        with statements(app) as seen:
            browser.get("/surveillance")
        counts.append(len(seen))
    assert counts[0] == counts[2] <= 8


def test_one_that_ended_without_a_decision_stands_out(world, browser):
    certificate = certified(world)
    application = begun(world, certificate)
    application.state = State.LAPSED
    world.session.add(application)
    world.session.commit()
    browser.sign_in(world.chi)
    assert "Hồ sơ dừng giữa chừng" in browser.get("/surveillance").text
    assert browser.press(one(certificate, "drop"), page=one(certificate), reason="Làm lại.").status_code == 302

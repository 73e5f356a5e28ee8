"""Closing a company's account: what ends, what is erased, what stays, and that twice is once."""

import pytest
from sqlmodel import select

from assessments import applications, reviews, vendors
from assessments.errors import Refused
from assessments.models import (
    Answer,
    AnswerEvidence,
    AnswerText,
    Application,
    Certificate,
    Evidence,
    HistoryEntry,
    HistoryText,
    Listing,
    Member,
    StoredFile,
    Submission,
    Vendor,
)
from assessments.people import MemberRole
from assessments.reviews import Marking
from assessments.states import Action, PeopleEvent, State
from registry import fsck, jobs, storage
from registry.accounts.models import Invitation
from registry.company.models import Export, ExportState
from tests import evaluation
from tests.deciding import certified
from tests.drafting import piece, ready
from tests.rows import letters, row, rows

PAGE = "/company/close"
NAME = "Công ty CP Hạt Nắng"


def close(browser, name=NAME):
    return browser.press(PAGE, PAGE, name=name)


def company(app):
    return row(app, select(Vendor).where(Vendor.slug == "hat-nang"))


def stored(app, world, session, data, title):
    """A file of Hạt Nắng with its bytes."""
    with app.app_context(), storage.current().begin() as incoming:
        incoming.write(data)
        sha256, size = incoming.keep()
    file = StoredFile(
        vendor_id=world.hat_nang.id, sha256=sha256, size=size, media_type="x", name="a.pdf", uploaded_by=world.an.id
    )
    session.add(file)
    session.commit()
    return piece(session, world, title, kind="LAB", file_id=file.id, url=None), sha256


def test_the_page_says_what_will_happen(app, world, session, browser):
    draft = world.application()
    certificate = certified(world, "HS-2026-0002")
    browser.sign_in(world.an)
    text = browser.get(PAGE).text
    for said in (draft.ref, world.an.name, world.anh.name, certificate.number, "vẫn còn hiệu lực"):
        assert said in text


@pytest.mark.parametrize("typed", ["", "Hạt Nắng", "Công ty TNHH Bờ Tre"])
def test_another_name_closes_nothing(app, world, browser, typed):
    draft = world.application()
    browser.sign_in(world.an)
    answer = close(browser, typed)
    assert answer.status_code == 422
    assert "Gõ" in answer.text
    assert company(app).closed_at is None
    assert row(app, select(Application).where(Application.id == draft.id)).state is State.DRAFT


def test_drafts_and_unsubmitted_evidence_go_and_what_was_submitted_stays(app, world, session, browser):
    kept, kept_bytes = stored(app, world, session, b"%PDF kept", "Đã nộp")
    lost, lost_bytes = stored(app, world, session, b"%PDF lost", "Chưa nộp")
    lost_id = lost.id
    submitted = ready(world, kept, ref="HS-2026-0002")
    applications.submit(session, world.an, submitted)
    draft = ready(world, lost, ref="HS-2026-0003")
    other = piece(session, world, "Của Bờ Tre", vendor_id=world.bo_tre.id)
    session.commit()
    browser.sign_in(world.an)
    answer = close(browser, "cong ty cp  HẠT NẮNG")  # accents and case are forgiven
    assert answer.headers["Location"] == "/company/closed"

    assert {one.ref: one.state for one in rows(app, select(Application))} == {
        submitted.ref: State.WITHDRAWN,
        draft.ref: State.WITHDRAWN,
    }
    assert {one.id for one in rows(app, select(Evidence))} == {kept.id, other.id}
    assert lost_id not in {one.evidence_id for one in rows(app, select(AnswerEvidence))}
    assert [one.sha256 for one in rows(app, select(StoredFile))] == [kept_bytes]
    with app.app_context():
        assert [storage.current().exists(one) for one in (kept_bytes, lost_bytes)] == [True, False]
        assert list(fsck.findings(fsck.Asked())) == []
    assert rows(app, select(Answer).where(Answer.application_id == draft.id)) == []
    assert rows(app, select(AnswerText)) == []
    assert row(app, select(Application).where(Application.id == draft.id)).profile == {}
    assert len(rows(app, select(Answer).where(Answer.application_id == submitted.id))) > 20
    assert row(app, select(Submission)).content["profile"]["name_vi"] == "Đèn Nhà"


def test_everybody_is_out_at_the_next_click_and_told(app, world, session, browser):
    browser.sign_in(world.an)
    data = {"email": "moi@hatnang.example", "role": "contributor", "language": "vi"}
    browser.press("/company/invite", "/company/invite", **data)
    colleague = app.test_client()
    colleague.sign_in(world.anh)
    assert colleague.get("/company").status_code == 200
    close(browser)
    assert colleague.get("/company").status_code == 404
    assert colleague.get("/evidence").status_code == 404
    assert browser.get("/company").status_code == 404
    closed = company(app)
    members = rows(app, select(Member).where(Member.vendor_id == closed.id))
    assert {one.left_at for one in members} == {closed.closed_at}
    assert row(app, select(Invitation)).revoked_at is not None
    for person in (world.an, world.anh):
        assert [one.subject for one in letters(app, person.email)] == [f"{NAME} đã đóng tài khoản"]
        told = app.test_client()
        told.sign_in(person)
        assert "đóng tài khoản lúc" in told.get("/company/closed").text
    assert f"{NAME} đã đóng tài khoản" in [one.subject for one in letters(app, world.chi.email)]
    entry = row(app, select(HistoryEntry).where(HistoryEntry.action == PeopleEvent.CLOSE_VENDOR))
    assert entry.actor_id == world.an.id
    assert row(app, select(HistoryText).where(HistoryText.seq == entry.seq)).note == NAME


def test_a_double_click_shows_the_same_page(app, world, browser):
    world.application()
    browser.sign_in(world.an)
    token = browser.token(PAGE)
    answers = [browser.post(PAGE, data={"csrf_token": token, "name": NAME}) for _n in range(2)]
    assert [(one.status_code, one.headers["Location"]) for one in answers] == [(302, "/company/closed")] * 2
    for action in (PeopleEvent.CLOSE_VENDOR, Action.WITHDRAW):
        assert len(rows(app, select(HistoryEntry).where(HistoryEntry.action == action))) == 1
    assert len(letters(app, world.an.email)) == 1


def test_only_an_owner_closes_and_only_their_own(app, world, browser):
    for person, status in ((world.anh, 403), (world.dung, 404), (world.minh, 404)):
        browser.sign_in(person)
        assert browser.get(PAGE).status_code == status
        assert browser.press(PAGE, "/account", name=NAME).status_code == status
        assert browser.get("/company/closed").status_code == 404
    browser.sign_in(world.bao)
    assert browser.press(PAGE, PAGE, name=NAME).status_code == 422
    browser.sign_in(world.an)
    assert browser.post(PAGE, data={"name": NAME}).status_code == 400
    assert [one.closed_at for one in rows(app, select(Vendor))] == [None, None]


def test_in_the_middle_of_a_review_it_stops_for_the_reviewers(app, world, session, browser):
    application = evaluation.in_review(world)
    code = "HN-01"
    reviews.save_score(session, world.dung, application, code, Marking("3"), 0)
    session.commit()
    browser.sign_in(world.an)
    assert close(browser).status_code == 302
    session.expire_all()
    application = session.get_one(Application, application.id)
    assert application.state is State.WITHDRAWN
    with pytest.raises(Refused):
        reviews.save_score(session, world.ha, application, code, Marking("3"), 0)
    session.rollback()
    assert "Hồ sơ HS-2026-0001 đã được rút" in [one.subject for one in letters(app, world.chi.email)]
    assert row(app, select(Submission)).application_id == application.id


def test_certificates_stay_valid_and_public(app, world, session, browser):
    certificate = certified(world)
    browser.sign_in(world.an)
    close(browser)
    text = app.test_client().get(f"/c/{certificate.number}").text
    assert "Còn hiệu lực" in text
    assert row(app, select(Certificate)).state == "active"
    assert row(app, select(Listing)).number == certificate.number
    assert f'href="/c/{certificate.number}"' in browser.get("/company/closed").text
    assert certificate.number in letters(app, world.chi.email)[-1].body


def test_an_export_is_neither_made_nor_offered_any_more(app, world, browser):
    browser.sign_in(world.an)
    browser.press("/company/export", "/company/export")
    with app.app_context():
        jobs.turn()
    browser.press("/company/export", "/company/export")
    ready_one = row(app, select(Export).where(Export.state == ExportState.READY))
    close(browser)
    assert browser.get(f"/company/export/{ready_one.id}").status_code == 404
    with app.app_context():
        jobs.turn()
    assert {one.state for one in rows(app, select(Export))} == {ExportState.OVER}


def test_who_was_in_it_may_join_another_but_nobody_joins_the_closed_one(app, world, session, browser):
    browser.sign_in(world.an)
    browser.press("/company/invite", "/company/invite", email="moi@hatnang.example", role="owner", language="vi")
    close(browser)
    session.expire_all()
    with pytest.raises(Refused):
        vendors.join(session, world.ha, session.get_one(Vendor, world.hat_nang.id), MemberRole.OWNER)
    assert vendors.join(session, world.an, session.get_one(Vendor, world.bo_tre.id), MemberRole.CONTRIBUTOR)
    session.commit()
    assert browser.get("/company/closed").status_code == 404
    assert browser.get("/company").status_code == 200

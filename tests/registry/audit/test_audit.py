"""Auditors: asked first, shown no name and no early score, and who has read a file judges it no more."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from assessments import assignments, audit, decisions, reviews
from assessments.clock import now, today
from assessments.decisions import Proposing
from assessments.errors import Invalid, NotAllowed
from assessments.models import (
    Application,
    AuditNote,
    Background,
    Declaration,
    HistoryEntry,
    HistoryText,
    Interest,
    Participation,
    Vendor,
)
from assessments.people import Audience, InterestKind, Part, Role
from assessments.policy import Permission, Standing, allows, opens
from assessments.queries.participation import candidates
from assessments.states import AuditKind, Event, Outcome, State
from registry.accounts import sessions
from registry.accounts.models import UserRole
from tests import evaluation
from tests.auditing import opened
from tests.deciding import ISSUER, certified, in_decision
from tests.rows import letters, row, rows

REF = "HS-2026-0001"
PAGE = f"/audit/{REF}"
NAMES = ("Vũ Dũng", "Đỗ Thu Hà", "Hoàng Giang", "Ngô Hùng", "Phạm Linh Chi")


def text_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def also(world, person, *roles):
    """Give somebody more roles."""
    world.session.add_all(UserRole(user_id=person.id, role=role) for role in roles)
    world.session.commit()
    sessions.load_standing(world.session, person)
    world.session.commit()


def test_the_question_comes_before_the_file(app, world, browser):
    evaluation.in_consensus(world)
    browser.sign_in(world.lan)
    assert browser.get(PAGE).headers["Location"] == f"{PAGE}/declare"
    asked = browser.get(f"{PAGE}/declare")
    assert "Bạn có lợi ích liên quan đến Công ty CP Hạt Nắng không?" in asked.text
    assert evaluation.CLAIM not in asked.text
    for path in ("names", "notes", "cases"):
        answer = (
            browser.get(f"{PAGE}/{path}") if path == "names" else browser.press(f"{PAGE}/{path}", f"{PAGE}/declare")
        )
        assert answer.status_code == 403

    answer = browser.press(f"{PAGE}/declare", f"{PAGE}/declare", answer="none")
    assert answer.headers["Location"] == PAGE
    assert row(app, select(Participation).where(Participation.person_id == world.lan.id)).part is Part.AUDITOR
    assert row(app, select(Declaration).where(Declaration.person_id == world.lan.id)).has_interest is False
    assert evaluation.CLAIM in browser.get(PAGE).text


def test_an_interest_shuts_the_file_and_is_registered(app, world, browser):
    evaluation.in_consensus(world)
    browser.sign_in(world.lan)
    form = f"{PAGE}/declare"
    assert browser.press(form, form, answer="interest").status_code == 422
    assert browser.press(form, form, answer="ask").status_code == 422
    assert browser.press(form, form, answer="interest", kind="shares").headers["Location"] == "/audit"
    kinds = [one.kind for one in rows(app, select(Interest).where(Interest.person_id == world.lan.id))]
    assert kinds == [InterestKind.SHARES]
    assert browser.get(PAGE).status_code == 404
    browser.get("/audit")  # says once what was written down
    assert REF not in browser.get("/audit").text


def test_asking_the_coordinator_opens_nothing(app, world, browser):
    evaluation.in_consensus(world)
    browser.sign_in(world.lan)
    form = f"{PAGE}/declare"
    assert browser.press(form, form, answer="ask", note="Em gái làm ở đó năm 2022?").headers["Location"] == "/audit"
    assert (
        row(app, select(HistoryEntry).where(HistoryEntry.action == Event.ASK_ABOUT_INTEREST)).actor_id == world.lan.id
    )
    assert browser.get(PAGE).headers["Location"] == form


@pytest.mark.parametrize("person", ["an", "bao", "chi", "dung", "khanh", "giang", "minh"])
def test_nobody_else_has_these_pages(world, browser, person):
    opened(world, evaluation.in_consensus(world))
    browser.sign_in(getattr(world, person))
    assert browser.get("/audit").status_code == 404
    assert browser.get(PAGE).status_code in {403, 404}
    assert browser.get(f"{PAGE}/names").status_code in {403, 404}


def test_an_auditor_who_has_another_part_does_not_audit_it(world, browser):
    also(world, world.dung, Role.AUDITOR)
    evaluation.in_consensus(world)
    browser.sign_in(world.dung)
    assert browser.get(PAGE).status_code == 403  # known, as its reviewer
    assert f'href="{PAGE}"' not in browser.get("/audit").text


def test_an_auditor_who_has_not_declared_has_the_door_and_nothing_else():
    before = Standing(State.CERTIFIED, submitted=True, roles=frozenset({Role.AUDITOR}))
    door = {Permission.KNOW, Permission.DECLARE, Permission.JOIN_AUDIT}
    assert {one for one in Permission if allows(before, one)} == door
    undecided = replace(before, declared=False)  # said as somebody else: the part was not taken
    assert {one for one in Permission if allows(undecided, one)} == door
    assert [one for one in Audience if opens(before, one)] == []
    after = replace(undecided, part=Part.AUDITOR)
    assert {Permission.READ_FILE, Permission.AUDIT} <= {one for one in Permission if allows(after, one)}


def test_who_has_read_a_file_as_an_auditor_judges_it_no_more(world):
    also(world, world.lan, Role.REVIEWER, Role.DECIDER)
    application = opened(world, evaluation.accepted(world))
    lan = next(one for one in candidates(world.session, application) if one.person.id == world.lan.id)
    assert [one.part for one in lan.obstacles] == [Part.AUDITOR]
    team = assignments.Team((world.lan.id, world.dung.id), world.dung.id, today() + timedelta(days=9))
    with pytest.raises(NotAllowed):
        assignments.assign(world.session, world.chi, application, team)
    world.session.rollback()
    decided = opened(world, in_decision(world, "HS-2026-0002"))
    with pytest.raises(NotAllowed):
        decisions.propose(world.session, world.lan, decided, Proposing(Outcome.CERTIFY, "L1"))


def test_no_score_before_all_are_final(world, browser):
    application = evaluation.in_review(world)
    evaluation.finish(world, world.dung, application, TN_05="2")
    evaluation.score_all(world, world.ha, application, TN_05="1")
    opened(world, application)
    browser.sign_in(world.lan)
    before = browser.get(PAGE).text
    assert "Lý do của" not in before
    assert "Còn phần đánh giá chưa chốt" in before
    assert "(A" not in text_of(before)

    reviews.finish(world.session, world.ha, application)
    world.session.commit()
    after = text_of(browser.get(PAGE).text)
    assert "Người đánh giá A: 2." in after or "Người đánh giá B: 2." in after
    assert "Còn phần đánh giá chưa chốt" not in after


def test_a_decision_with_conditions_is_read_by_auditors_too(world, browser):
    application = in_decision(world)
    wanted = decisions.Wanted("Đo lại mỗi năm.", "Measure every year.", today() + timedelta(days=90))
    proposing = Proposing(Outcome.CERTIFY, "L1", conditions=(wanted,))
    decisions.confirm(
        world.session,
        world.hung,
        application,
        decisions.propose(world.session, world.giang, application, proposing).number,
        ISSUER,
    )
    opened(world, application)
    browser.sign_in(world.lan)
    assert "Đo lại mỗi năm." in text_of(browser.get(PAGE).text)


def test_a_certified_file_is_complete_and_names_nobody(app, world, browser):
    certificate = certified(world)
    application = world.session.get_one(Application, certificate.application_id)
    opened(world, application)
    browser.sign_in(world.lan)
    page = browser.get(PAGE).text
    offered = re.compile(r'<select[^>]*name="owner".*?</select>', re.DOTALL)  # who could follow a note up: of any file
    assert [name for name in NAMES if name in offered.sub("", page)] == []
    text = text_of(page)
    for words in (
        *("Người đề xuất quyết định", "Người xác nhận quyết định", certificate.number),
        *("Mọi bước còn nguyên như lúc ghi.", "Bản tóm tắt công khai", "Lý do A của TN-05"),
    ):
        assert words in text


def test_names_are_behind_a_reason_that_stays(app, world, browser):
    opened(world, in_decision(world))
    browser.sign_in(world.lan)
    page = f"{PAGE}/names"
    assert "Vũ Dũng" not in browser.get(page).text
    assert browser.press(page, page).status_code == 422
    assert rows(app, select(HistoryEntry).where(HistoryEntry.action == Event.READ_NAMES)) == []
    shown = browser.press(page, page, reason="Đối chiếu bản kê").text
    assert "Vũ Dũng" in shown
    assert "Đặng Lan" in shown
    step = row(app, select(HistoryEntry).where(HistoryEntry.action == Event.READ_NAMES))
    assert step.actor_id == world.lan.id
    assert row(app, select(HistoryText).where(HistoryText.seq == step.seq)).note == "Đối chiếu bản kê"
    assert "Vũ Dũng" not in browser.get(page).text


def test_a_recommendation_goes_its_way(app, world, browser):
    opened(world, in_decision(world))
    browser.sign_in(world.lan)
    send = {"kind": "recommendation", "text": "Ghi rõ căn cứ khi gia hạn."}
    assert browser.press(f"{PAGE}/notes", PAGE).status_code == 422
    refused = browser.press(f"{PAGE}/notes", PAGE, **send)
    assert refused.status_code == 422
    assert "Khuyến nghị cần người theo dõi và hạn." in refused.text
    assert "Ghi rõ căn cứ khi gia hạn." in refused.text
    assert rows(app, select(AuditNote)) == []

    due = today() + timedelta(days=10)
    sent = browser.press(f"{PAGE}/notes", PAGE, **send, owner=str(world.chi.id), due_on=f"{due:%d/%m/%Y}")
    assert sent.headers["Location"] == PAGE
    note = row(app, select(AuditNote))
    assert (note.kind, note.owner_id, note.due_on) == (AuditKind.RECOMMENDATION, world.chi.id, due)
    (letter,) = letters(app, world.chi.email)
    assert "/audit/follow-ups" in letter.body
    assert "Ghi rõ căn cứ" not in letter.body

    browser.sign_in(world.chi)
    mine = "/audit/follow-ups"
    assert "Ghi rõ căn cứ khi gia hạn." in browser.get(mine).text
    assert browser.press(f"{mine}/{note.id}/answer", mine).status_code == 422
    assert browser.press(f"{mine}/{note.id}/answer", mine, done="Đã sửa mẫu.").headers["Location"] == mine
    assert row(app, select(AuditNote)).answer == "Đã sửa mẫu."

    browser.sign_in(world.lan)
    assert "Đã sửa mẫu." in browser.get(PAGE).text
    close = f"{PAGE}/notes/{note.id}/close"
    assert browser.press(close, PAGE).status_code == 422
    assert browser.press(close, PAGE, found="Đúng.").headers["Location"] == PAGE
    assert row(app, select(AuditNote)).closed_by == world.lan.id
    assert browser.press(close, PAGE, found="Lần nữa.").status_code == 409
    browser.sign_in(world.chi)
    assert browser.press(f"{mine}/{note.id}/answer", "/account", done="Muộn.").status_code == 409


def test_follow_ups_are_their_owners_alone(world, browser):
    application = opened(world, in_decision(world))
    words = audit.Words(AuditKind.RECOMMENDATION, "Việc của Chi.", world.chi.id, today())
    note = audit.write_note(world.session, world.lan, application, words)
    world.session.commit()
    for person in (world.giang, world.minh):
        browser.sign_in(person)
        assert "Việc của Chi." not in browser.get("/audit/follow-ups").text
        assert browser.press(f"/audit/follow-ups/{note.id}/answer", "/account", done="x").status_code == 404
    browser.sign_in(world.dung)
    assert browser.get("/audit/follow-ups").status_code == 404


def test_owners_have_no_interest_and_review_nothing(world):
    application = opened(world, in_decision(world))
    for person in (world.khanh, world.dung, world.an, world.lan):
        words = audit.Words(AuditKind.OBSERVATION, "Một điều.", person.id, today())
        with pytest.raises(Invalid):
            audit.write_note(world.session, world.lan, application, words)


def test_the_list_and_what_narrows_it(app, world, browser):
    plain = world.application(State.SUBMITTED, "HS-2025-0007")
    departing = in_decision(world)
    decisions.propose(world.session, world.giang, departing, Proposing(Outcome.CERTIFY, "L2", "Vì thế.", "Because."))
    decisions.confirm(world.session, world.hung, departing, 1, ISSUER)
    late = world.application(State.SUBMITTED, "HS-2026-0003", due_at=now() - timedelta(days=1))
    world.application(State.DRAFT, "HS-2026-0004")
    world.session.commit()
    browser.sign_in(world.lan)

    def listed(query=""):
        return re.findall(r'<a href="/audit/(HS-\d+-\d+)"', browser.get(f"/audit{query}").text)

    assert set(listed()) == {plain.ref, departing.ref, late.ref}
    assert listed("?year=2025") == [plain.ref]
    assert listed("?late=1") == [late.ref]
    assert listed("?departs=1") == [departing.ref]
    assert listed("?state=certified") == [departing.ref]
    assert listed("?voided=1") == []
    assert listed("?member=1") == []
    world.session.get_one(Vendor, world.hat_nang.id).club_member = True
    world.session.commit()
    assert len(listed("?member=1")) == 3
    assert listed("?state=nonsense&year=x&after=zzz") == listed()


def test_an_auditor_with_a_sign_of_an_interest_says_what_it_means(world, browser):
    world.session.add(Background(person_id=world.lan.id, affiliation="Hạt Nắng"))
    evaluation.in_consensus(world)
    browser.sign_in(world.lan)
    page = f"{PAGE}/declare"
    assert "Nơi công tác có tên giống đơn vị này: Hạt Nắng." in browser.get(page).text
    silent = browser.press(page, page, answer="none", note="")
    assert (silent.status_code, "Ghi vì sao những dấu hiệu" in silent.text) == (422, True)
    assert browser.press(page, page, answer="none", note="Trùng tên.").location == PAGE

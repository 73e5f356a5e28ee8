"""The office's board: everything with a clock, what is late first, of companies one has nothing to do with."""

import re
from datetime import timedelta

import pytest
from sqlmodel import select

from assessments import (
    appeals,
    audit,
    certificates,
    conditions,
    corrections,
    decisions,
    findings,
    hearings,
    impartiality,
    interests,
    questions,
    rounds,
)
from assessments.certificates import Change
from assessments.clock import at, end_of_day, legal_day, now, today
from assessments.conditions import Wanted
from assessments.decisions import Proposing
from assessments.findings import Wording
from assessments.interests import Entry
from assessments.models import Application, AuditNote, Certificate, Competence, Conflict, Laboratory, Review
from assessments.people import InterestKind, Role
from assessments.queries import deadlines
from assessments.queries.deadline_columns import Acts, Kind
from assessments.queries.deadlines import Show
from assessments.queries.deadlines import Wanted as Narrowed
from assessments.queries.questions import most as most_days
from assessments.queries.questions import waits_until
from assessments.rounds import RoundFacts
from assessments.states import AuditKind, Outcome, Severity, State
from registry.accounts import sessions
from registry.accounts.models import UserRole
from tests import appealing, evaluation
from tests.assessments.test_corrections import in_correction
from tests.auditing import opened
from tests.deciding import ISSUER, certified, in_decision
from tests.rows import row
from tests.world import EDITION

PAGE = "/deadlines"


def board(world, show=Show.ALL, kind=None, person=None):
    rows, _after = deadlines.board(world.session, person or world.chi, Narrowed(show, kind))
    world.session.commit()
    return rows


def told(rows):
    return [(one.kind, one.place) for one in rows]


def suspended(world, ref="HS-2026-0009"):
    """A certificate suspended in an emergency by Giang, to be restored in thirty days."""
    certificate = certified(world, ref)
    change = Change("Lộ vị trí.", "Leaks.", "Sửa", "Mend", today() + timedelta(days=30))
    certificates.suspend(world.session, world.giang, certificate.number, change)
    world.session.commit()
    return certificate


def test_every_clock_is_on_it_in_the_order_of_their_ends(world):
    world.application(State.SUBMITTED, "HS-2026-0001", due_at=now() - timedelta(days=2))
    world.application(State.RETURNED, "HS-2026-0002", due_at=now() + timedelta(days=9))
    world.application(State.MINDED_TO, "HS-2026-0003", due_at=now() + timedelta(days=3))
    world.application(State.DRAFT, "HS-2026-0004", due_at=now())
    certificate = suspended(world)
    number = certificate.number
    world.hat_nang.membership_claimed_at = now() - timedelta(days=8)
    world.session.add(world.hat_nang)
    facts = RoundFacts(
        *("2026-hoc", EDITION, now() - timedelta(days=1)),
        closes_at=now() + timedelta(days=4),
        announce_on=today() + timedelta(days=8),
    )
    rounds.open_round(world.session, world.chi, facts)
    world.session.commit()
    rows = board(world)
    assert told(rows) == [
        (Kind.INTAKE, "HS-2026-0001"),
        (Kind.MEMBERSHIP, "hat-nang"),
        (Kind.NOTICE, "HS-2026-0003"),
        (Kind.CLOSING, "2026-hoc"),
        (Kind.SUSPENSION, number),
        (Kind.ANNOUNCEMENT, "2026-hoc"),
        (Kind.RETURNED, "HS-2026-0002"),
        (Kind.RESTORING, number),
    ]
    found = {one.kind: one for one in rows}
    assert found[Kind.SUSPENSION].due_at == end_of_day(today() + timedelta(days=certificates.CONFIRM_DAYS))
    assert found[Kind.RESTORING].day == today() + timedelta(days=30)
    assert abs(found[Kind.MEMBERSHIP].due_at - (now() - timedelta(days=1))) < timedelta(minutes=1)
    assert [one.late for one in rows] == [True, True, *[False] * 6]
    assert (found[Kind.INTAKE].acts, found[Kind.RETURNED].vendor) == (Acts.OFFICE, "Công ty CP Hạt Nắng")


def test_reviews_are_told_by_name_to_the_office_and_leave_when_final(world):
    application = evaluation.in_review(world)
    rows = board(world, kind=Kind.REVIEW)
    assert sorted((one.person, one.detail) for one in rows) == sorted(
        (person.name, evaluation.review_by(world, application, person).letter) for person in (world.dung, world.ha)
    )
    evaluation.finish(world, world.dung, application)
    assert [one.person for one in board(world, kind=Kind.REVIEW)] == [world.ha.name]
    review = evaluation.review_by(world, application, world.ha)
    review.voided_at = now()
    world.session.add(review)
    world.session.commit()
    assert board(world, kind=Kind.REVIEW) == []


def test_a_correction_says_how_many_findings_wait(world, browser):
    application = evaluation.in_consensus(world)
    for code in ("TN-05", "TN-01"):
        findings.raise_finding(world.session, world.dung, application, code, Wording(Severity.MINOR, "Thiếu."))
    findings.ask_correction(world.session, world.dung, application)
    world.session.commit()
    assert [(one.kind, one.detail) for one in board(world, kind=Kind.CORRECTION)] == [(Kind.CORRECTION, "2")]
    browser.sign_in(world.chi)
    assert "2 phát hiện chưa trả lời" in browser.get(PAGE).text


def test_each_finding_has_a_line_with_its_day_and_who_acts(world, browser):
    application, (first, second) = in_correction(world, "TN-05", "TN-01")
    corrections.name_owners(world.session, world.an, application, {first.id: world.anh.id, second.id: None})
    second.due_at = now() + timedelta(days=2)
    world.session.add(second)
    world.session.commit()
    rows = board(world, kind=Kind.FINDING)
    assert [(one.place, one.detail, one.person, one.acts) for one in rows] == [
        (application.ref, second.criterion, "", Acts.VENDOR),
        (application.ref, first.criterion, world.anh.name, Acts.VENDOR),
    ]
    assert [one.due_at for one in rows] == [second.due_at, application.due_at]  # of the round, where it has no other
    world.session.commit()
    browser.sign_in(world.chi)
    text = browser.get(f"{PAGE}?kind=finding").text
    assert f"Công ty CP Hạt Nắng: {world.anh.name}" in text
    given = {one.id: corrections.FindingAnswer("Đã sửa.", one.answer_version) for one in (first, second)}
    corrections.save_answers(world.session, world.an, application, given)
    world.session.commit()
    assert board(world, kind=Kind.FINDING) == []


def test_findings_of_a_company_one_has_an_interest_in_are_not_there(world):
    in_correction(world, "TN-05")
    interests.add(world.session, world.chi, Entry(InterestKind.SHARES, today(), vendor_id=world.hat_nang.id))
    world.session.commit()
    assert board(world) == []


def test_a_certificate_that_ends_soon_and_one_that_is_followed(world):
    certificate = certified(world)
    assert told(board(world)) == []
    certificate.valid_from, certificate.valid_until = today() - timedelta(days=9), today() + timedelta(days=20)
    world.session.add(certificate)
    world.session.commit()
    assert told(board(world)) == [(Kind.EXPIRY, certificate.number)]
    certificate.superseded_on = today() + timedelta(days=20)
    world.session.add(certificate)
    world.session.commit()
    assert told(board(world)) == []


def test_a_follow_up_is_its_owners(world, browser):
    application = opened(world, evaluation.in_consensus(world))
    words = audit.Words(AuditKind.RECOMMENDATION, "Việc.", world.chi.id, today() + timedelta(days=1))
    audit.write_note(world.session, world.lan, application, words)
    world.session.commit()
    assert [(one.kind, one.person) for one in board(world, Show.MINE)] == [(Kind.AUDIT_NOTE, world.chi.name)]
    browser.sign_in(world.chi)
    assert 'href="/audit/follow-ups"' in browser.get(PAGE).text
    note = row_of(world, AuditNote)
    audit.answer_note(world.session, world.chi, note.id, "Xong.")
    world.session.commit()
    assert board(world) == []


def test_an_appeal_against_a_refusal_is_not_for_whoever_refused(world, browser):
    found = appealing.others(world)
    appeal = appealing.lodged(world, appealing.refused(world))
    assert board(world, kind=Kind.APPEAL_RECEIPT) == []
    assert [one.place for one in board(world, kind=Kind.APPEAL_RECEIPT, person=found.thao)] == [appeal.number]
    browser.sign_in(world.chi)
    assert appeal.number not in browser.get(PAGE).text


def row_of(world, table):
    found = world.session.exec(select(table)).one()
    world.session.commit()
    return found


def test_what_narrows_it(world, browser):
    world.application(State.SUBMITTED, "HS-2026-0001", due_at=now() - timedelta(days=2))
    world.application(State.SUBMITTED, "HS-2026-0002", due_at=now() + timedelta(days=2))
    world.application(State.RETURNED, "HS-2026-0003", due_at=now() + timedelta(days=30))
    assert told(board(world, Show.LATE)) == [(Kind.INTAKE, "HS-2026-0001")]
    assert told(board(world, Show.WEEK)) == [(Kind.INTAKE, "HS-2026-0002")]
    assert [place for _, place in told(board(world, Show.MINE))] == ["HS-2026-0001", "HS-2026-0002"]
    assert told(board(world, kind=Kind.RETURNED)) == [(Kind.RETURNED, "HS-2026-0003")]
    counts = deadlines.counts(world.session, world.chi)
    world.session.commit()
    assert counts.kinds == {Kind.INTAKE: 2, Kind.RETURNED: 1}
    assert counts.shows == {Show.ALL: 3, Show.MINE: 2, Show.LATE: 1, Show.WEEK: 1}
    browser.sign_in(world.chi)

    def shown(query=""):
        return sorted(set(re.findall(r"HS-2026-\d{4}", browser.get(PAGE + query).text)))

    assert shown("?show=late") == ["HS-2026-0001"]
    assert shown("?kind=returned") == ["HS-2026-0003"]
    assert shown("?kind=nonsense&show=x&after=%FF") == shown()


def test_nothing_of_a_company_one_has_an_interest_in_and_nothing_one_judges(world, browser):
    world.application(State.SUBMITTED, "HS-2026-0001", due_at=now())
    world.session.add(UserRole(user_id=world.dung.id, role=Role.COORDINATOR))
    world.session.commit()
    sessions.load_standing(world.session, world.dung)
    world.session.commit()
    assert told(board(world, person=world.dung)) == [(Kind.INTAKE, "HS-2026-0001")]
    entry = Entry(InterestKind.SHARES, since=today(), organisation="", vendor_id=world.hat_nang.id)
    interests.add(world.session, world.chi, entry)
    world.session.commit()
    assert told(board(world)) == []
    assert deadlines.counts(world.session, world.chi).kinds == {}
    world.session.commit()
    browser.sign_in(world.chi)
    assert "HS-2026-0001" not in browser.get(PAGE).text


def test_a_reviewer_with_the_offices_role_does_not_watch_their_own_file(world):
    evaluation.in_review(world)
    world.session.add(UserRole(user_id=world.dung.id, role=Role.COORDINATOR))
    world.session.commit()
    sessions.load_standing(world.session, world.dung)
    world.session.commit()
    assert board(world, person=world.dung) == []


def test_more_time(app, world, browser):
    application = evaluation.in_review(world)
    for person in (world.dung, world.ha):
        review = evaluation.review_by(world, application, person)
        review.due_at = now() + timedelta(days=3)
        world.session.add(review)
    world.session.commit()
    browser.sign_in(world.chi)
    due = today() + timedelta(days=40)
    action = f"{PAGE}/{application.ref}/extend?show=week"
    assert browser.press(action, PAGE, until="").status_code == 422
    wrong = browser.press(action, PAGE, until=f"{today() - timedelta(days=1):%d/%m/%Y}")
    assert wrong.status_code == 422
    assert f"{today() - timedelta(days=1):%d/%m/%Y}" in wrong.text
    answer = browser.press(action, PAGE, until=f"{due:%d/%m/%Y}")
    assert answer.headers["Location"] == f"{PAGE}?show=week"
    assert legal_day(row(app, select(Application)).due_at) == due
    with_more = select(Review).where(Review.reviewer_id == world.ha.id)
    assert legal_day(row(app, with_more).due_at) == due
    browser.sign_in(world.bao)
    assert browser.press(action, "/account", until=f"{due:%d/%m/%Y}").status_code == 404
    browser.sign_in(world.dung)
    assert browser.press(action, "/account", until=f"{due:%d/%m/%Y}").status_code == 403


@pytest.mark.parametrize("person", ["an", "bao", "dung", "giang", "lan", "minh"])
def test_only_the_office_has_the_board(world, browser, person):
    browser.sign_in(getattr(world, person))
    assert browser.get(PAGE).status_code == 404


def test_it_is_where_the_office_begins(world, browser):
    browser.sign_in(world.chi)
    assert browser.get("/sign-in").headers["Location"] == PAGE


def test_page_by_page(world, monkeypatch):
    monkeypatch.setattr(deadlines, "PAGE", 4)
    moment = now()
    for number in range(1, 12):
        world.application(State.SUBMITTED, f"HS-2026-{number:04}", due_at=moment + timedelta(days=number // 3))
    seen, after = [], ""
    while True:
        rows, after = deadlines.board(world.session, world.chi, Narrowed(), after)
        seen += [one.place for one in rows]
        if not after:
            break
    assert seen == [f"HS-2026-{number:04}" for number in range(1, 12)]
    world.session.commit()


def test_certificates_of_the_board_are_those_of_the_table(world):
    certificate = suspended(world)
    assert {one.place for one in board(world)} == {certificate.number}
    assert world.session.exec(select(Certificate.number)).all() == [certificate.number]
    world.session.commit()


def test_a_question_stops_the_reviews_clock_and_has_one_of_its_own(world, browser):
    application = evaluation.in_review(world)
    due = evaluation.review_by(world, application, world.dung).due_at
    questions.ask(world.session, world.dung, application, "TN-05", "Máy nào?")
    world.session.commit()
    (asked,) = board(world, kind=Kind.QUESTION)
    assert (asked.due_at, asked.acts, asked.detail) == (waits_until(application), Acts.VENDOR, "1")
    world.session.commit()
    most = most_days(application)
    for days, moved in ((0, 0), (3, 3), (most + 5, most)):
        with at(now() + timedelta(days=days)):
            assert {one.due_at for one in board(world, kind=Kind.REVIEW)} == {
                end_of_day(legal_day(due) + timedelta(days=moved))
            }
    browser.sign_in(world.chi)
    assert "1 câu hỏi chưa trả lời" in browser.get(PAGE).text


def test_an_appeal_is_on_it_in_every_state_with_whoever_acts(world, browser):
    found = appealing.others(world)
    application, _certificate = appealing.suspended(world)
    appeal = appealing.lodged(world, application)
    told = [(Kind.APPEAL_RECEIPT, Acts.OFFICE, "suspension", appeal.due_at)]
    waiting = board(world, kind=Kind.APPEAL_RECEIPT)
    assert [(one.kind, one.acts, one.detail, one.due_at) for one in waiting] == told
    browser.sign_in(world.chi)
    assert f'href="/appeals/{appeal.number}/office"' in browser.get(PAGE).text
    appeals.acknowledge(world.session, world.chi, appeal)
    world.session.commit()
    assert board(world, kind=Kind.APPEAL_RECEIPT) == []
    assert [one.acts for one in board(world, kind=Kind.APPEAL_HEARERS)] == [Acts.OFFICE]
    hearings.assign(world.session, world.chi, appeal, [found.mai.id, found.phuc.id])
    world.session.commit()
    assert board(world, kind=Kind.APPEAL_HEARERS) == []
    assert [one.acts for one in board(world, kind=Kind.APPEAL_RULING)] == [Acts.HEARERS]


def test_conditions_wait_until_they_are_fulfilled(world, browser):
    application = in_decision(world)
    wanted = Wanted("Thêm trang.", "Add a page.", today() + timedelta(days=40), "HN-02")
    decisions.propose(world.session, world.giang, application, Proposing(Outcome.CERTIFY, "L1", conditions=(wanted,)))
    assert board(world) == []
    decisions.confirm(world.session, world.hung, application, 1, ISSUER)
    world.session.commit()
    (found,) = board(world)
    assert (found.kind, found.day, found.detail) == (Kind.CONDITION, today() + timedelta(days=40), "1")
    browser.sign_in(world.chi)
    assert 'href="/certificates/conditions"' in browser.get(PAGE).text
    conditions.fulfil(world.session, world.chi, application, 1, "Đã có.")
    world.session.commit()
    assert board(world) == []


def test_competences_and_laboratories_that_run_out_soon(world, browser):
    mine = select(Competence).where(Competence.person_id == world.dung.id).order_by(Competence.code)
    for one in world.session.exec(mine).all()[:3]:
        one.expires_on = today() + timedelta(days=20)
        world.session.add(one)
    facts = {"country": "VN", "accreditation_body": "BoA", "accreditation_number": "1", "standard": "ISO/IEC 17025"}
    days = {"accepted_from": today(), "accepted_until": today() + timedelta(days=30)}
    world.session.add(Laboratory(name="Phòng A", added_by=world.chi.id, **facts, **days))
    world.session.commit()
    assert [(one.kind, one.place, one.person, one.detail) for one in board(world)] == [
        (Kind.COMPETENCE, "", world.dung.name, "3"),
        (Kind.LABORATORY, "Phòng A", "", ""),
    ]
    browser.sign_in(world.chi)
    page = browser.get(PAGE).text
    assert f"{world.dung.name}: 3 mục" in page
    assert 'href="/laboratories/office"' in page


def test_a_late_conflict_waits_for_a_word(world):
    application = in_decision(world)
    interests.add(world.session, world.dung, Entry(InterestKind.SHARES, since=today(), vendor_id=application.vendor_id))
    world.session.commit()
    (found,) = board(world, kind=Kind.CONFLICT)
    assert (found.place, found.day, found.person) == (application.ref, today() + timedelta(days=7), "")
    impartiality.handle(world.session, world.chi, world.session.exec(select(Conflict.id)).one(), "Đánh giá lại.")
    world.session.commit()
    assert board(world, kind=Kind.CONFLICT) == []


def test_complaints_go_past_the_coordinator(world):
    assert [kind for kind in Kind if "complaint" in kind.value] == []

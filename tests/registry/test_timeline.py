"""The timeline as companies see it: reviewers stay letters, whatever they become later."""

from uuid import uuid4

from assessments import vendors
from assessments.clock import now
from assessments.people import MemberRole
from assessments.queries.history import TimelineRow, timeline
from assessments.queries.reviews import ever
from assessments.recourse import AppealAction
from assessments.states import Action, Event
from registry import timeline as shown
from tests import evaluation


def test_a_former_reviewer_who_joins_the_company_stays_a_letter(app, world):
    application, session = evaluation.in_review(world), world.session
    evaluation.finish(world, world.dung, application)
    vendors.join(session, world.dung, world.hat_nang, MemberRole.CONTRIBUTOR)
    letters = {one.reviewer_id: one.letter for one in ever(session, application.id)}
    with app.test_request_context("/"):
        entries = shown.for_vendor(timeline(session, application.id), {world.an.id, world.dung.id}, letters)
    who = {entry.title: entry.who for entry in entries}
    assert who["Chốt phần đánh giá"] == f"Người đánh giá {letters[world.dung.id]}"
    assert world.dung.name not in {entry.who for entry in entries}


def test_the_companys_own_steps_carry_names_and_the_clubs_never(app, world):
    application, session = evaluation.in_consensus(world), world.session
    rows = timeline(session, application.id)
    members = {row.actor_id for row in rows}  # even if everybody had joined since
    with app.test_request_context("/"):
        entries = shown.for_vendor(rows, members, {})
    assert {world.chi.name, world.dung.name, world.ha.name} & {entry.who for entry in entries} == set()


def test_every_step_has_words():
    steps = {*Event, *Action, *AppealAction} - {Event.OPEN_ROUND, Event.CHANGE_ROUND}  # those of no application
    assert [step.value for step in steps if step not in shown.STEPS] == []


def test_what_the_club_did_never_carries_a_name_to_the_company(app):
    steps = {*Event, *Action, *AppealAction} - shown.OWN
    rows = [TimelineRow(step, "", now(), uuid4(), "Người Nào Đó", "") for step in steps]
    with app.test_request_context("/"):
        office = shown.entries(rows, lambda row: row.actor_name)
        told = shown.for_vendor(rows, {row.actor_id for row in rows}, {})
    assert len(office) == len(rows)
    assert {entry.who for entry in told} == {"Câu lạc bộ"}

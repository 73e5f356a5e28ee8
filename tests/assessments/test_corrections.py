"""What the vendor answers to the club: findings, the notice, the facts."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import select

from assessments import clock, corrections
from assessments.corrections import FindingAnswer
from assessments.errors import Conflict, Invalid, NotAllowed, NotFound, NotReady, WrongState
from assessments.models import Finding, Notice, Participation, Proposal, Recommendation, Submission
from assessments.people import Part
from assessments.queries import history
from assessments.states import Outcome, Severity, State
from tests.drafting import ready


def in_correction(world, *criteria):
    """An application in its first round of correction, with a finding for each criterion named."""
    application = ready(world, state=State.CORRECTION, correction_round=1, due_at=clock.now() + timedelta(days=9))
    found = [
        Finding(
            application_id=application.id,
            criterion=code,
            severity=Severity.MINOR,
            text=f"Thiếu ở {code}",
            correction_round=1,
            raised_by=world.dung.id,
        )
        for code in criteria
    ]
    world.session.add_all(found)
    world.session.commit()
    return application, found


def with_notice(world):
    """An application about which the committee intends to decline."""
    session = world.session
    application = ready(world, state=State.MINDED_TO, due_at=clock.now() + timedelta(days=9))
    session.add(Participation(application_id=application.id, person_id=world.giang.id, part=Part.PROPOSER))
    session.flush()
    proposal = Proposal(application_id=application.id, proposer_id=world.giang.id, outcome=Outcome.DECLINE)
    session.add(proposal)
    session.flush()
    notice = Notice(
        application_id=application.id,
        proposal_id=proposal.id,
        reasons_vi="Bỏ lọt quá nhiều trang xấu.",
        reasons_en="Too many harmful sites pass.",
        given_by=world.giang.id,
        due_at=application.due_at,
    )
    session.add(notice)
    session.commit()
    return application, notice


def with_summary(world, **fields):
    """An application whose public summary waits for the vendor."""
    application = ready(world, state=State.CONSENSUS)
    values = {
        "application_id": application.id,
        "summary_vi": "Lọc tốt trên Android.",
        "summary_en": "Filters well on Android.",
        "limits": [{"vi": "Chưa thử trên iPhone.", "en": "Not tried on iPhone."}],
        "sent_to_vendor_at": clock.now(),
    }
    summary = Recommendation(**{**values, **fields})
    world.session.add(summary)
    world.session.commit()
    return application, summary


def test_answers_are_saved_by_anyone_of_the_company(world):
    application, (finding,) = in_correction(world, "HN-01")
    corrections.save_answers(world.session, world.anh, application, {finding.id: FindingAnswer("Đã sửa", 0)})
    world.session.commit()
    finding = world.again(finding)
    assert (finding.answer, finding.answer_version, finding.answered_by) == ("Đã sửa", 1, world.anh.id)


def test_two_people_at_one_finding(world):
    application, (finding,) = in_correction(world, "HN-01")
    corrections.save_answers(world.session, world.anh, application, {finding.id: FindingAnswer("Ánh", 0)})
    world.session.commit()
    with pytest.raises(Conflict) as conflict:
        corrections.save_answers(world.session, world.an, application, {finding.id: FindingAnswer("An", 0)})
    assert list(conflict.value.theirs.fields.values()) == ["Ánh"]


def test_findings_of_elsewhere_are_not_there(world):
    application, _found = in_correction(world, "HN-01")
    with pytest.raises(NotFound):
        corrections.save_answers(world.session, world.an, application, {uuid4(): FindingAnswer("x", 0)})


def test_too_long_an_answer_is_refused(world):
    application, (finding,) = in_correction(world, "HN-01")
    with pytest.raises(Invalid):
        corrections.save_answers(world.session, world.an, application, {finding.id: FindingAnswer("x" * 5001, 0)})


def test_sending_needs_every_answer(world):
    application, (first, _second) = in_correction(world, "HN-01", "HN-02")
    corrections.save_answers(world.session, world.an, application, {first.id: FindingAnswer("Đã sửa", 0)})
    with pytest.raises(NotReady) as refusal:
        corrections.answer_correction(world.session, world.an, application)
    assert [gap.values["code"] for gap in refusal.value.missing] == ["HN-02"]


def test_sending_is_a_new_snapshot_and_a_move(world, session):
    application, (finding,) = in_correction(world, "HN-01")
    corrections.save_answers(session, world.an, application, {finding.id: FindingAnswer("Đã sửa", 0)})
    submission = corrections.answer_correction(session, world.an, application)
    session.commit()
    assert world.again(application).state is State.CONSENSUS
    assert [one.number for one in session.exec(select(Submission)).all()] == [1]
    assert submission.content["edition"]["digest"] == application.edition_digest
    assert history.timeline(session, application.id)[0].note == submission.digest


def test_who_sends_a_correction(world):
    application, _found = in_correction(world, "HN-01")
    with pytest.raises(NotAllowed):
        corrections.answer_correction(world.session, world.anh, application)
    with pytest.raises(NotFound):
        corrections.answer_correction(world.session, world.bao, application)


def test_a_comment_ends_the_notice(world, session):
    application, notice = with_notice(world)
    corrections.comment_on_notice(session, world.an, application, "Bản 5.3 đã sửa.")
    session.commit()
    notice = world.again(notice)
    assert (notice.comment, notice.commented_by, notice.ended_at is not None) == ("Bản 5.3 đã sửa.", world.an.id, True)
    assert world.again(application).state is State.IN_DECISION


def test_comments_that_are_refused(world):
    application, _notice = with_notice(world)
    with pytest.raises(Invalid):
        corrections.comment_on_notice(world.session, world.an, application, "  ")
    with pytest.raises(NotAllowed):
        corrections.comment_on_notice(world.session, world.anh, application, "Ý kiến")
    with pytest.raises(WrongState):
        corrections.comment_on_notice(world.session, world.an, world.application(ref="HS-2026-0002"), "Ý kiến")


@pytest.mark.parametrize("remarks", ["", "Phiên bản là 5.2, không phải 5.1."])
def test_the_owner_checks_the_facts(world, session, remarks):
    application, summary = with_summary(world)
    corrections.check_facts(session, world.an, application, remarks)
    session.commit()
    summary = world.again(summary)
    assert (summary.vendor_remarks, summary.vendor_checked_by) == (remarks, world.an.id)
    assert summary.vendor_checked_at is not None
    assert [(r.action, r.note) for r in history.timeline(session, application.id)] == [("check_facts", remarks)]


def test_facts_are_checked_only_when_asked(world):
    application, _summary = with_summary(world, sent_to_vendor_at=None)
    with pytest.raises(WrongState):
        corrections.check_facts(world.session, world.an, application)


def test_who_checks_the_facts(world):
    application, _summary = with_summary(world)
    with pytest.raises(NotAllowed):
        corrections.check_facts(world.session, world.anh, application)
    with pytest.raises(NotFound):
        corrections.check_facts(world.session, world.bao, application)

"""Findings: who owns them and by when, what stands before the recommendation, what goes along as a condition."""

from datetime import timedelta

import pytest
from sqlmodel import select

from assessments import assignments, consensus, corrections, findings
from assessments.clock import today
from assessments.corrections import FindingAnswer
from assessments.errors import Invalid, NotAllowed, NotFound, NotReady, WrongState
from assessments.findings import Wording
from assessments.models import Finding
from assessments.queries import findings as queries
from assessments.queries.consensus import remarks
from assessments.readiness import to_recommend
from assessments.states import Severity, State
from tests import evaluation

CODE = {Severity.MAJOR: "TN-05", Severity.MINOR: "TL-01", Severity.OBSERVATION: "TL-02"}
SOON = timedelta(days=30)


def raised(world, application, *severities):
    found = [
        findings.raise_finding(world.session, world.dung, application, CODE[one], Wording(one, f"Thiếu ở {CODE[one]}."))
        for one in severities
    ]
    world.session.commit()
    return found


def places(world, application):
    missing = to_recommend(world.session, application)
    return {one.place for one in missing if one.place.startswith("finding:")}


def answered(world, application):
    """One round: asked, answered, sent."""
    findings.ask_correction(world.session, world.dung, application)
    asked = queries.of_round(world.session, application.id, application.correction_round)
    given = {one.id: FindingAnswer("Đã sửa.", one.answer_version) for one in asked}
    corrections.save_answers(world.session, world.an, application, given)
    corrections.answer_correction(world.session, world.an, application)
    world.session.commit()


def test_major_findings_stand_before_the_recommendation_observations_do_not(world):
    application = evaluation.in_consensus(world)
    major, minor, _observation = raised(world, application, *CODE)
    assert places(world, application) == {f"finding:{major.id}", f"finding:{minor.id}"}
    findings.make_condition(world.session, world.dung, application, minor.id, today() + SOON)
    assert places(world, application) == {f"finding:{major.id}"}
    assert [one.id for one in queries.conditions(world.session, application.id)] == [minor.id]
    findings.close(world.session, world.dung, application, major.id, "Đã kiểm lại.")
    assert places(world, application) == set()
    findings.make_condition(world.session, world.dung, application, minor.id, None)
    assert places(world, application) == {f"finding:{minor.id}"}


def test_only_open_minor_findings_become_conditions_and_only_for_a_coming_day(world):
    application = evaluation.in_consensus(world)
    major, minor, observation = raised(world, application, *CODE)
    for other in (major, observation):
        with pytest.raises(Invalid):
            findings.make_condition(world.session, world.dung, application, other.id, today() + SOON)
    with pytest.raises(Invalid):
        findings.make_condition(world.session, world.dung, application, minor.id, today())
    findings.close(world.session, world.dung, application, minor.id)
    with pytest.raises(WrongState):
        findings.make_condition(world.session, world.dung, application, minor.id, today() + SOON)
    assert queries.conditions(world.session, application.id) == []


def test_a_condition_ends_with_its_severity_and_with_its_closing(world):
    application = evaluation.in_consensus(world)
    (minor,) = raised(world, application, Severity.MINOR)
    findings.make_condition(world.session, world.dung, application, minor.id, today() + SOON)
    findings.reword(world.session, world.dung, application, minor.id, Wording(Severity.MAJOR, "Nặng hơn đã nghĩ."))
    world.session.commit()
    assert world.again(minor).condition_until is None


def test_who_may_not_make_conditions(world):
    application = evaluation.in_consensus(world)
    (minor,) = raised(world, application, Severity.MINOR)
    for person, refusal in ((world.ha, NotAllowed), (world.bao, NotFound), (world.an, NotAllowed)):
        with pytest.raises(refusal):
            findings.make_condition(world.session, person, application, minor.id, today() + SOON)


def test_a_major_or_answered_finding_is_not_closed_without_a_word(world):
    application = evaluation.in_consensus(world)
    major, minor = raised(world, application, Severity.MAJOR, Severity.MINOR)
    with pytest.raises(Invalid):
        findings.close(world.session, world.dung, application, major.id, "  ")
    findings.close(world.session, world.dung, application, minor.id)
    findings.reopen(world.session, world.dung, application, minor.id)
    answered(world, application)
    with pytest.raises(Invalid):
        findings.close(world.session, world.dung, application, minor.id)
    findings.close(world.session, world.dung, application, minor.id, "Ảnh mới cho thấy đã đủ.")
    world.session.commit()
    assert world.again(minor).closing_note == "Ảnh mới cho thấy đã đủ."
    assert world.again(major).closed_at is None


def test_findings_are_due_with_their_round_and_move_with_it(world):
    application = evaluation.in_consensus(world)
    (major,) = raised(world, application, Severity.MAJOR)
    assert major.due_at is None
    findings.ask_correction(world.session, world.dung, application)
    world.session.commit()
    assert world.again(major).due_at == application.due_at is not None
    assignments.extend(world.session, world.chi, application, today() + timedelta(days=60))
    world.session.commit()
    assert world.again(major).due_at == world.again(application).due_at


def test_what_goes_along_as_a_condition_is_not_asked(world):
    application = evaluation.in_consensus(world)
    major, minor = raised(world, application, Severity.MAJOR, Severity.MINOR)
    findings.make_condition(world.session, world.dung, application, minor.id, today() + SOON)
    findings.ask_correction(world.session, world.dung, application)
    world.session.commit()
    assert (world.again(major).correction_round, world.again(minor).correction_round) == (1, 0)


def test_only_conditions_left_are_nothing_to_ask(world):
    application = evaluation.in_consensus(world)
    (minor,) = raised(world, application, Severity.MINOR)
    findings.make_condition(world.session, world.dung, application, minor.id, today() + SOON)
    with pytest.raises(NotReady):
        findings.ask_correction(world.session, world.dung, application)


def test_answers_of_each_round_stay(world):
    application = evaluation.in_consensus(world)
    (major,) = raised(world, application, Severity.MAJOR)
    answered(world, application)
    answered(world, application)
    told = queries.replies(world.session, application.id)[major.id]
    assert [(one.correction_round, one.text) for one in told] == [(1, "Đã sửa."), (2, "Đã sửa.")]


def in_correction(world):
    application = evaluation.in_consensus(world)
    found = raised(world, application, Severity.MAJOR, Severity.MINOR)
    findings.ask_correction(world.session, world.dung, application)
    world.session.commit()
    return application, found


def test_the_owner_says_who_of_the_company_acts(world):
    application, (major, minor) = in_correction(world)
    owners = {major.id: world.anh.id, minor.id: None}
    corrections.name_owners(world.session, world.an, application, owners)
    world.session.commit()
    rows = world.session.exec(select(Finding.owner_id).order_by(Finding.criterion)).all()
    assert set(rows) == {world.anh.id, None}


def test_nobody_from_elsewhere_owns_a_finding(world):
    application, (major, _minor) = in_correction(world)
    for person in (world.bao, world.dung):
        with pytest.raises(Invalid):
            corrections.name_owners(world.session, world.an, application, {major.id: person.id})
    for person, refusal in ((world.anh, NotAllowed), (world.bao, NotFound), (world.dung, NotAllowed)):
        with pytest.raises(refusal):
            corrections.name_owners(world.session, person, application, {major.id: world.anh.id})
    with pytest.raises(NotFound):
        corrections.name_owners(world.session, world.an, application, {world.an.id: world.anh.id})
    assert world.again(major).owner_id is None


def test_findings_have_owners_while_they_are_to_be_answered(world):
    application = evaluation.in_consensus(world)
    (major,) = raised(world, application, Severity.MAJOR)
    with pytest.raises(WrongState):
        corrections.name_owners(world.session, world.an, application, {major.id: world.anh.id})


def test_reviewers_talk_by_letter_while_they_agree(world):
    application = evaluation.in_consensus(world)
    consensus.remark(world.session, world.ha, application, "TN-05", "Bạn thử trên máy nào?")
    world.session.commit()
    letter = evaluation.review_by(world, application, world.ha).letter
    assert [(one, row.text) for one, row in remarks(world.session, application.id)["TN-05"]] == [
        (letter, "Bạn thử trên máy nào?")
    ]


def test_who_may_not_talk_and_when(world):
    application = evaluation.in_consensus(world)
    for person, refusal in ((world.bao, NotFound), (world.an, NotAllowed), (world.chi, NotAllowed)):
        with pytest.raises(refusal):
            consensus.remark(world.session, person, application, "TN-05", "x")
    with pytest.raises(NotFound):
        consensus.remark(world.session, world.ha, application, "XX-01", "x")
    for text in ("  ", "x" * 2001):
        with pytest.raises(Invalid):
            consensus.remark(world.session, world.ha, application, "TN-05", text)
    application.state = State.IN_DECISION
    world.session.commit()
    with pytest.raises(WrongState):
        consensus.remark(world.session, world.ha, application, "TN-05", "x")


def test_nobody_talks_before_all_are_final(world):
    application = evaluation.in_review(world)
    evaluation.finish(world, world.dung, application)
    with pytest.raises(WrongState):
        consensus.remark(world.session, world.dung, application, "TN-05", "Bạn chấm bao nhiêu?")

"""One reviewer's scores: saved by criterion, blind, final once."""

from dataclasses import replace

import pytest
from sqlmodel import select

from assessments import desks, reviews
from assessments.errors import Conflict, Invalid, NotAllowed, NotFound, NotReady, WrongState
from assessments.models import Finding, HistoryEntry, Score
from assessments.queries import reviews as questions
from assessments.queries.consensus import applicable_criteria
from assessments.reviews import Marking
from assessments.states import Basis, Severity, State
from tests import evaluation

CRITERION = "TN-05"


def save(world, application, marking, version=0, person=None, code=CRITERION):
    return reviews.save_score(world.session, person or world.dung, application, code, marking, version)


def test_a_score_is_kept_with_its_words_and_the_next_save_counts_up(world):
    application = evaluation.in_review(world)
    score = save(world, application, Marking("2", None, "Chỉnh giờ lọt 4/90", "Xin cho biết ngày", "Hỏi lại"))
    assert (score.value, score.rationale, score.to_vendor, score.panel_only, score.version) == (
        *(2, "Chỉnh giờ lọt 4/90", "Xin cho biết ngày", "Hỏi lại"),
        1,
    )
    assert save(world, application, Marking("3"), version=1).version == 2
    assert len(world.session.exec(select(Score)).all()) == 1


def test_two_tabs_never_overwrite_each_other(world):
    application = evaluation.in_review(world)
    save(world, application, Marking("2", None, "bản một"))
    with pytest.raises(Conflict) as refusal:
        save(world, application, Marking("1", None, "bản hai"))
    assert refusal.value.theirs.fields["rationale"] == "bản một"
    assert refusal.value.yours.fields["rationale"] == "bản hai"
    assert world.session.exec(select(Score)).one().rationale == "bản một"


def test_the_same_text_twice_is_no_conflict(world):
    application = evaluation.in_review(world)
    first = save(world, application, Marking("2", None, "như nhau"))
    again = save(world, application, Marking("2", None, "như nhau"))

    assert again.id == first.id
    [kept] = world.session.exec(select(Score)).all()
    assert (kept.value, kept.rationale) == (2, "như nhau")


def test_a_basis_belongs_to_a_four_alone(world):
    application = evaluation.in_review(world)
    assert save(world, application, Marking("3", Basis.OWN_TEST)).basis is None
    assert save(world, application, Marking("4", Basis.OWN_TEST), version=1).basis is Basis.OWN_TEST


@pytest.mark.parametrize("mark", ["5", "-1", "3.5", "x", "not_applicable"])
def test_a_mark_off_the_scale_is_refused(world, mark):
    application = evaluation.in_review(world)
    with pytest.raises(Invalid):
        save(world, application, Marking(mark))


@pytest.fixture
def lenient(monkeypatch):
    """As if the edition allowed TN-05 not to apply."""

    def changed(session, application):
        return [replace(one, na_allowed=one.code == CRITERION) for one in applicable_criteria(session, application)]

    monkeypatch.setattr(desks, "applicable_criteria", changed)


@pytest.mark.usefixtures("lenient")
def test_not_applicable_is_for_the_vendor_to_claim(world):
    with pytest.raises(Invalid):
        save(world, evaluation.in_review(world), Marking("not_applicable"))


@pytest.mark.usefixtures("lenient")
def test_a_claim_of_not_applicable_can_be_accepted(world):
    claimed = {"not_applicable": True, "not_applicable_reason": "Không có chức năng này"}
    application = evaluation.in_review(world, TN_05=claimed)
    assert save(world, application, Marking("not_applicable", None, "Đúng vậy")).not_applicable


def test_a_claim_counts_only_where_the_edition_allows_it(world):
    claimed = {"not_applicable": True, "not_applicable_reason": "Không có chức năng này"}
    with pytest.raises(Invalid):
        save(world, evaluation.in_review(world, TN_05=claimed), Marking("not_applicable"))


def test_a_criterion_that_does_not_apply_is_not_there(world):
    with pytest.raises(NotFound):
        save(world, evaluation.in_review(world), Marking("3"), code="XX-99")


def test_before_the_declaration_nothing_is_saved(world):
    with pytest.raises(NotAllowed):
        save(world, evaluation.assigned(world), Marking("3"))


def test_a_stranger_learns_nothing(world):
    with pytest.raises(NotFound):
        save(world, evaluation.in_review(world), Marking("3"), person=world.bao)


def test_finishing_names_everything_that_is_missing(world):
    application = evaluation.in_review(world)
    evaluation.score_all(world, world.dung, application)
    save(world, application, Marking("4", None, ""), version=1)
    save(world, application, Marking("4", None, "thử rồi"), version=1, code="TN-01")
    save(world, application, Marking("not_shown"), version=1, code="TN-02")
    save(world, application, Marking(""), version=1, code="TL-01")
    with pytest.raises(NotReady) as refusal:
        reviews.finish(world.session, world.dung, application)
    assert {(one.place, one.message) for one in refusal.value.missing} == {
        ("score:TN-05", "Ghi lý do của %(code)s."),
        ("score:TN-01", "Chọn căn cứ của điểm 4 ở %(code)s."),
        ("score:TN-02", "Ghi lý do của %(code)s."),
        ("score:TL-01", "Chấm %(code)s."),
    }


def test_the_last_to_finish_opens_the_consensus(world):
    application = evaluation.in_review(world)
    evaluation.finish(world, world.dung, application)
    assert application.state is State.IN_REVIEW
    evaluation.finish(world, world.ha, application)
    assert application.state is State.CONSENSUS
    rows = world.session.exec(select(HistoryEntry).order_by(HistoryEntry.seq)).all()[-3:]
    assert [(one.action, one.actor_id) for one in rows] == [
        ("finish_review", world.dung.id),
        ("finish_review", world.ha.id),
        ("open_consensus", None),
    ]


def test_after_final_nothing_changes(world):
    application = evaluation.in_review(world)
    evaluation.finish(world, world.dung, application)
    with pytest.raises(WrongState):
        save(world, application, Marking("1"), version=1)
    with pytest.raises(WrongState):
        reviews.finish(world.session, world.dung, application)


def test_others_scores_are_hidden_until_all_are_final(world):
    application = evaluation.in_review(world)
    evaluation.finish(world, world.dung, application)
    evaluation.score_all(world, world.ha, application)
    team = questions.active(world.session, application.id)
    mine = next(one.id for one in team if one.reviewer_id == world.ha.id)
    assert set(questions.visible_scores(world.session, team, world.ha.id)) == {mine}
    assert questions.comments_to_vendor(world.session, application.id) == {}

    reviews.finish(world.session, world.ha, application)

    assert set(questions.visible_scores(world.session, team, world.ha.id)) == {one.id for one in team}


def test_what_evidence_does_not_show_becomes_a_finding(world):
    application = evaluation.in_consensus(world, first={"TN_05": "not_shown"}, second={"TL_02": "not_shown"})
    found = world.session.exec(select(Finding).order_by(Finding.criterion)).all()
    assert [(one.criterion, one.severity, one.correction_round) for one in found] == [
        ("TL-02", Severity.MINOR, 0),
        ("TN-05", Severity.MAJOR, 0),
    ]
    assert application.state is State.CONSENSUS

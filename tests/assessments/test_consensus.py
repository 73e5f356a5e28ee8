"""The consensus: agreed scores, reconciliations, summary, facts check, recommendation."""

import pytest
from sqlmodel import select

from assessments import consensus, declarations
from assessments.consensus import Agreement, Texts
from assessments.errors import Conflict, Invalid, NotAllowed, NotReady, WrongState
from assessments.models import AgreedScore, HistoryEntry
from assessments.people import InterestKind
from assessments.queries import consensus as questions
from assessments.states import State
from tests import evaluation

TEXTS = Texts("Bản tóm tắt.", "The summary.")


def agree(world, application, code="TN-05", mark="3", why="", version=0, person=None):
    return consensus.agree(world.session, person or world.dung, application, code, Agreement(mark, why), version)


def row_of(world, application, code):
    return next(row for row in questions.rows(world.session, application) if row.criterion.code == code)


def test_the_lead_records_the_agreed_score(world):
    application = evaluation.in_consensus(world)
    agree(world, application, mark="2", why="đã bàn")
    assert agree(world, application, mark="3", version=1).value == 3
    assert len(world.session.exec(select(AgreedScore)).all()) == 1


def test_only_the_lead_may(world):
    application = evaluation.in_consensus(world)
    with pytest.raises(NotAllowed):
        agree(world, application, person=world.ha)


def test_not_before_everybody_is_final(world):
    application = evaluation.in_review(world)
    with pytest.raises(WrongState):
        agree(world, application)


def test_two_tabs_never_overwrite_each_other(world):
    application = evaluation.in_consensus(world)
    agree(world, application, mark="2", why="bản một")
    with pytest.raises(Conflict) as refusal:
        agree(world, application, mark="3", why="bản hai")
    assert (refusal.value.theirs.fields["reconciliation"], refusal.value.yours.fields["reconciliation"]) == (
        "bản một",
        "bản hai",
    )


@pytest.mark.parametrize("mark", ["", "5", "not_applicable"])
def test_what_is_no_mark_is_refused(world, mark):
    with pytest.raises(Invalid):
        agree(world, evaluation.in_consensus(world), mark=mark)


@pytest.mark.parametrize(
    ("code", "first", "second", "due"),
    [
        ("TN-02", "3", "3", False),
        ("TN-02", "3", "2", False),  # one point apart, not critical
        ("TN-02", "3", "1", True),  # two points apart
        ("TN-05", "4", "3", False),  # critical, the same side of the pass mark
        ("TN-05", "3", "2", True),  # critical, different sides
        ("TN-05", "2", "1", False),
        ("TN-02", "2", "not_shown", True),  # counts as 0
        ("TN-02", "1", "not_shown", False),
    ],
)
def test_where_a_reconciliation_is_due(world, code, first, second, due):
    key = code.replace("-", "_")
    application = evaluation.in_consensus(world, {key: first}, {key: second})
    assert row_of(world, application, code).disputed is due
    agree(world, application, code)
    assert row_of(world, application, code).settled is not due
    agree(world, application, code, why="đã bàn", version=1)
    assert row_of(world, application, code).settled


def test_one_button_takes_over_what_all_say_alike(world):
    application = evaluation.in_consensus(world, {"TN_05": "4"}, {"TN_05": "2"})
    taken = consensus.agree_where_equal(world.session, world.dung, application)
    settled = questions.agreed(world.session, application.id)
    assert taken == len(settled) == 35
    assert "TN-05" not in settled


def test_the_button_leaves_what_is_settled(world):
    application = evaluation.in_consensus(world)
    agree(world, application, mark="2", why="khác")
    consensus.agree_where_equal(world.session, world.dung, application)
    assert questions.agreed(world.session, application.id)["TN-05"].value == 2


def test_the_verdict_comes_from_the_agreed_scores(world):
    application = evaluation.in_consensus(world)
    assert questions.verdict_of(world.session, application).overall == 0
    evaluation.agree_all(world, application)
    verdict = questions.verdict_of(world.session, application)
    assert (verdict.overall, verdict.level.number) == (75, 1)


def test_a_changed_summary_has_to_be_checked_again(world):
    application = evaluation.in_consensus(world)
    row = consensus.write_recommendation(world.session, world.dung, application, TEXTS, 0)
    consensus.ask_facts_check(world.session, world.dung, application)
    row.vendor_checked_at, row.vendor_checked_by = row.sent_to_vendor_at, world.an.id

    consensus.write_recommendation(world.session, world.dung, application, TEXTS, 1)
    assert row.vendor_checked_at is not None

    consensus.write_recommendation(world.session, world.dung, application, Texts("Khác.", "Other."), 1)
    assert (row.sent_to_vendor_at, row.vendor_checked_at, row.vendor_checked_by) == (None, None, None)


def test_a_facts_check_needs_both_languages_and_is_asked_once(world):
    application = evaluation.in_consensus(world)
    consensus.write_recommendation(world.session, world.dung, application, Texts("Chỉ tiếng Việt."), 0)
    with pytest.raises(NotReady):
        consensus.ask_facts_check(world.session, world.dung, application)
    consensus.write_recommendation(world.session, world.dung, application, TEXTS, 1)
    consensus.ask_facts_check(world.session, world.dung, application)
    with pytest.raises(WrongState):
        consensus.ask_facts_check(world.session, world.dung, application)
    assert world.session.exec(select(HistoryEntry.action)).all().count("ask_facts_check") == 1


@pytest.mark.parametrize(
    "limits", [(("a", "b"),) * 4, (("chỉ tiếng Việt", ""),), (("", "English only"),), (("x" * 301, "x"),)]
)
def test_limits_are_few_short_and_in_both_languages(world, limits):
    application = evaluation.in_consensus(world)
    with pytest.raises(Invalid):
        consensus.write_recommendation(world.session, world.dung, application, Texts("a", "b", limits), 0)


def test_two_summaries_never_overwrite_each_other(world):
    application = evaluation.in_consensus(world)
    consensus.write_recommendation(world.session, world.dung, application, TEXTS, 0)
    with pytest.raises(Conflict) as refusal:
        consensus.write_recommendation(world.session, world.dung, application, Texts("Khác.", "Other."), 0)
    assert refusal.value.theirs.fields["summary_vi"] == "Bản tóm tắt."


def test_the_recommendation_needs_everything(world):
    application = evaluation.in_consensus(world, {"TN_05": "not_shown"})
    with pytest.raises(NotReady) as refusal:
        consensus.recommend(world.session, world.dung, application)
    places = {one.place.split(":")[0] for one in refusal.value.missing}
    assert places == {"agreed", "finding", "summary"}
    assert application.state is State.CONSENSUS


def test_with_everything_the_committee_gets_it(world):
    assert evaluation.recommended(world).state is State.IN_DECISION


def test_a_late_conflict_takes_the_review_out_and_nothing_can_be_recommended(world):
    application = evaluation.in_consensus(world)
    evaluation.agree_all(world, application)
    declarations.declare(world.session, world.ha, application, has_interest=True, kind=InterestKind.FAMILY)
    with pytest.raises(NotReady):
        agree(world, application, version=1)
    with pytest.raises(NotReady) as refusal:
        consensus.recommend(world.session, world.dung, application)
    assert "reviews" in {one.place for one in refusal.value.missing}

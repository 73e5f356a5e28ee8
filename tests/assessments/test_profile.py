"""The profile: what it lacks, how it is kept, and how far a draft has come."""

import pytest

from assessments import profile
from assessments.profile import Profile, from_dict
from assessments.queries import progress
from assessments.queries.answers import AnswerSummary
from assessments.queries.progress import Progress
from criteria import store
from tests.world import EDITION, PROFILE

edition = store.load(EDITION)


def test_a_whole_profile_lacks_nothing():
    assert profile.missing(from_dict(PROFILE), edition) == []


@pytest.mark.parametrize("field", [name for name in PROFILE if name not in {"store_links", "permissions", "blocking"}])
def test_what_is_empty_and_needed_is_named(field):
    optional = {"price_note_vi", "price_note_en", "flags", "data"}
    empty = from_dict({**PROFILE, field: type(PROFILE[field])()})
    gaps = [gap.place for gap in profile.missing(empty, edition)]
    assert gaps == ([] if field in optional else [f"profile:{field}"])


def test_codes_of_another_edition_are_named():
    gaps = profile.missing(from_dict({**PROFILE, "categories": ["ZZ"]}), edition)
    assert [(gap.place, gap.values) for gap in gaps] == [("profile:categories", {"code": "ZZ"})]


def test_a_profile_survives_being_kept():
    facts = from_dict(PROFILE)
    assert from_dict(facts.to_dict()) == facts


def test_what_is_only_for_the_draft_is_left_out():
    assert from_dict({"flags_denied": ["has_ugc"], "name_vi": "Đèn"}) == Profile(name_vi="Đèn")


def test_the_scope_is_every_criterion_once():
    scope = progress.scope_of(edition, from_dict(PROFILE))
    outside = [one.criterion.code for one in scope.others]
    assert sorted([*scope.codes, *outside]) == sorted(one.code for one in edition.criteria)


def test_unknown_codes_do_not_break_the_scope():
    scope = progress.scope_of(edition, Profile(categories=("ZZ",), flags=("yy",)))
    assert scope.codes == ()


@pytest.mark.parametrize(
    ("answer", "fix", "expected"),
    [
        (None, False, Progress.TODO),
        (None, True, Progress.FIX),
        (AnswerSummary(claim=False, not_applicable=False, evidence=0), False, Progress.TODO),
        (AnswerSummary(claim=True, not_applicable=False, evidence=0), False, Progress.HALF),
        (AnswerSummary(claim=False, not_applicable=False, evidence=1), False, Progress.HALF),
        (AnswerSummary(claim=True, not_applicable=False, evidence=1), False, Progress.DONE),
        (AnswerSummary(claim=True, not_applicable=False, evidence=1), True, Progress.FIX),
        (AnswerSummary(claim=False, not_applicable=True, evidence=0), False, Progress.CLAIMED_NA),
    ],
)
def test_how_far_an_answer_has_come(answer, fix, expected):
    scope = progress.scope_of(edition, from_dict(PROFILE))
    given = {} if answer is None else {"HN-01": answer}
    tasks = progress.tasks_of(scope, given, {"HN-01"} if fix else set())
    assert {task.criterion.code: task.progress for task in tasks}["HN-01"] is expected


def test_a_group_is_as_far_as_its_worst():
    scope = progress.scope_of(edition, from_dict(PROFILE))
    done = AnswerSummary(claim=True, not_applicable=False, evidence=1)
    whole = progress.by_group(edition, progress.tasks_of(scope, dict.fromkeys(scope.codes, done)))
    assert {group.progress for group in whole} == {Progress.DONE}
    assert sum(group.finished for group in whole) == len(scope.codes)
    nothing = progress.by_group(edition, progress.tasks_of(scope, {}))
    assert {group.progress for group in nothing} == {Progress.TODO}

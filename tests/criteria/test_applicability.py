"""Which criteria apply to which product, and the reasons given."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from criteria import store
from criteria.applicability import Reason, ReasonKind, applicable, not_applicable
from criteria.model import UnknownCode

EDITION = store.load("vcsc-2026")
CATEGORIES = [category.code for category in EDITION.categories]
FLAGS = [flag.code for flag in EDITION.flags]


def reasons(categories, flags=()):
    return {entry.criterion.code: entry.reason for entry in applicable(EDITION, categories, flags)}


def obstacles(categories, flags=()):
    return {entry.criterion.code: entry.reason for entry in not_applicable(EDITION, categories, flags)}


def test_reason_every_category():
    assert reasons(["PC"])["TL-01"] == Reason(ReasonKind.EVERY_CATEGORY, ("PC",))


def test_reason_category_names_those_of_the_product():
    assert reasons(["PC", "DL", "CF"])["TN-01"] == Reason(ReasonKind.CATEGORY, ("PC", "CF"))


def test_reason_flag():
    assert reasons(["PC"], ["has_install"])["AT-06"] == Reason(ReasonKind.FLAG, ("PC",), ("has_install",))


def test_absent_flag_keeps_a_criterion_away():
    assert obstacles(["PC"])["AT-06"] == Reason(ReasonKind.FLAG_ABSENT, ("PC",), ("has_install",))


def test_other_category_keeps_a_criterion_away():
    assert obstacles(["PC"])["TN-09"] == Reason(ReasonKind.OTHER_CATEGORY, ("AA",))


def test_condition_for_one_category_only():
    # TN-10 applies to HM always, to KP only where users can upload.
    assert reasons(["HM"])["TN-10"] == Reason(ReasonKind.CATEGORY, ("HM",))
    assert obstacles(["KP"])["TN-10"] == Reason(ReasonKind.FLAG_ABSENT, ("KP",), ("has_ugc",))
    assert reasons(["KP"], ["has_ugc"])["TN-10"] == Reason(ReasonKind.FLAG, ("KP",), ("has_ugc",))
    assert reasons(["HM", "KP"])["TN-10"] == Reason(ReasonKind.CATEGORY, ("HM",))


@pytest.mark.parametrize("category", CATEGORIES)
def test_every_category_has_criteria_in_every_group(category):
    codes = reasons([category], FLAGS)
    assert {EDITION.criterion(code).group for code in codes} == {group.code for group in EDITION.groups}


@pytest.mark.parametrize("category", CATEGORIES)
def test_every_category_has_criteria_without_any_flag(category):
    assert len(reasons([category])) >= 15


def test_no_category_no_criteria():
    assert applicable(EDITION, [], FLAGS) == ()


@pytest.mark.parametrize(("categories", "flags"), [(["XX"], []), (["PC"], ["has_wings"])])
def test_unknown_codes_are_refused(categories, flags):
    with pytest.raises(UnknownCode):
        applicable(EDITION, categories, flags)
    with pytest.raises(UnknownCode):
        not_applicable(EDITION, categories, flags)


@given(st.sets(st.sampled_from(CATEGORIES)), st.sets(st.sampled_from(FLAGS)))
def test_each_criterion_is_on_exactly_one_side(categories, flags):
    inside, outside = reasons(categories, flags), obstacles(categories, flags)
    assert sorted([*inside, *outside]) == sorted(criterion.code for criterion in EDITION.criteria)


@given(
    st.sets(st.sampled_from(CATEGORIES)),
    st.sets(st.sampled_from(FLAGS)),
    st.sampled_from(CATEGORIES),
    st.sampled_from(FLAGS),
)
def test_more_categories_or_flags_never_take_a_criterion_away(categories, flags, category, flag):
    assert reasons(categories, flags).keys() <= reasons(categories | {category}, flags | {flag}).keys()

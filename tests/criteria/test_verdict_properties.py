"""What holds for every set of scores: monotone, independent of order, exact, never rounded up."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from criteria import store
from criteria.verdict import NOT_APPLICABLE, NOT_SHOWN, Mark, protects_from, tenths, verdict
from tests.criteria import small

SMALL = small.edition()
SHIPPED = store.load("vcsc-2026")
ANY_SCORE = st.sampled_from([0, 1, 2, 3, 4, NOT_SHOWN, NOT_APPLICABLE])
VALUES = st.sampled_from([0, 1, 2, 3, 4, NOT_SHOWN])


def scores_of(edition, score):
    codes = [criterion.code for criterion in edition.criteria]
    return st.dictionaries(st.sampled_from(codes), score, min_size=1)


def rank(level):
    return level.number if level else 0


def value(score):
    return 0 if isinstance(score, Mark) else score


@st.composite
def raised(draw):
    """Scores, and the same scores with one of them raised."""
    edition = draw(st.sampled_from([SMALL, SHIPPED]))
    scores = draw(scores_of(edition, VALUES))
    code = draw(st.sampled_from(sorted(scores)))
    higher = draw(st.integers(value(scores[code]), 4))
    return edition, scores, {**scores, code: higher}


@given(raised())
def test_raising_a_score_never_lowers_anything(case):
    edition, scores, better = case
    low, high = verdict(edition, scores), verdict(edition, better)
    assert high.overall >= low.overall
    assert all(after.percent >= before.percent for before, after in zip(low.groups, high.groups, strict=True))
    assert rank(high.level) >= rank(low.level)
    assert set(high.critical_failures) <= set(low.critical_failures)
    assert protects_from(edition, scores) <= protects_from(edition, better)


@given(scores_of(SMALL, ANY_SCORE), st.data())
def test_not_applicable_never_beats_the_top_score(scores, data):
    code = data.draw(st.sampled_from(sorted(scores)))
    left_out = verdict(SMALL, {**scores, code: NOT_APPLICABLE})
    topped = verdict(SMALL, {**scores, code: 4})
    assert topped.overall >= left_out.overall
    assert rank(topped.level) >= rank(left_out.level)


@given(scores_of(SHIPPED, ANY_SCORE), st.randoms())
def test_order_does_not_matter(scores, random):
    shuffled = list(scores.items())
    random.shuffle(shuffled)
    assert verdict(SHIPPED, dict(shuffled)) == verdict(SHIPPED, scores)


@given(scores_of(SHIPPED, ANY_SCORE))
def test_contributions_add_up_and_stay_in_range(scores):
    result = verdict(SHIPPED, scores)
    assert sum(group.contribution for group in result.groups) == result.overall
    assert 0 <= result.overall <= 100
    assert not result.groups or sum(group.share for group in result.groups) == 100


@given(scores_of(SHIPPED, ANY_SCORE))
def test_level_and_obstacles_agree(scores):
    result = verdict(SHIPPED, scores)
    assert (result.next_level is None) == (not result.obstacles)
    assert all(obstacle.have < obstacle.need for obstacle in result.obstacles)
    if result.level:
        assert result.overall >= result.level.overall_min
        assert result.critical_failures == ()


@given(st.fractions(min_value=0, max_value=100))
def test_nothing_is_shown_higher_than_it_is(percent):
    cut = Fraction(tenths(percent))
    assert cut <= percent < cut + Fraction(1, 10)

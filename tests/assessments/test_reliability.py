"""Agreement between reviewers: the figures of the published examples, and what is measured when."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from sqlmodel import select

from assessments import clock, reliability, reviews
from assessments.models import AgreedScore, Reliability, Score
from assessments.queries import reliability as queries
from assessments.queries.consensus import applicable_criteria
from assessments.states import State, Unmeasured
from registry import jobs
from tests import evaluation

# K. Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), parts A to D; "." is missing.
FOUR_OBSERVERS = ("123321412...", "1233224125.3", ".3332342251.", "12332441251.")
# A. F. Hayes and K. Krippendorff, Answering the Call for a Standard Reliability Measure (2007), table 1.
FIVE_OBSERVERS = (
    "112.001122.01311211000201001111223222221",
    "1130000.21102311121000302102111122222221",
    "203000222100221123001.30.1012202.2232.21",
    ".13....0.10022...31.103021122..122...12.",
    "2..0001.2....3112..0.0..2.0..20.2.2222.1",
)
BINARY = ("0100000010", "1110010000")
NOMINAL = ("aabbdcccedda", "babbbccceddd")


def units(rows):
    """The columns of a table of ratings, without what is missing."""
    return [[int(one) for one in column if one != "."] for column in zip(*rows, strict=True)]


@pytest.mark.parametrize(
    ("level", "figure"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)]
)
def test_any_number_of_observers_with_missing_values(level, figure):
    found = reliability.alpha(units(FOUR_OBSERVERS), level)
    assert round(found.alpha, 3) == figure
    assert (found.units, found.raters, found.obstacle) == (11, 4, None)  # the twelfth unit has one value


def test_five_observers_of_forty_articles():
    found = reliability.alpha(units(FIVE_OBSERVERS))
    assert (round(found.alpha, 4), found.units) == (0.7598, 40)


def test_two_observers_of_two_values():
    assert round(reliability.alpha(units(BINARY), "nominal").alpha, 3) == 0.095


def test_two_observers_of_many_values():
    rows = [[ord(one) - ord("a") for one in pair] for pair in zip(*NOMINAL, strict=True)]
    assert round(reliability.alpha(rows, "nominal").alpha, 3) == 0.692


def test_by_hand():
    """Of 6 values in pairs 2 meet another one; by chance 2*3*3 of the 6*5 ordered pairs would."""
    found = reliability.alpha([[3, 3], [1, 3], [1, 1]])
    assert round(found.alpha, 6) == round(1 - (2 / 6) / (18 / 30), 6)


def test_what_cannot_be_worked_out_says_why():
    assert reliability.alpha([]).obstacle is Unmeasured.ONE_RATER
    assert reliability.alpha([[3], [1]]).obstacle is Unmeasured.ONE_RATER
    assert reliability.alpha([[3, 3], [3, 3], [1]]).obstacle is Unmeasured.NO_VARIATION


def measured(world):
    world.session.expire_all()
    return {one.application_id: one for one in world.session.exec(select(Reliability))}


def test_nothing_is_measured_before_everybody_is_final(world, app):
    application = evaluation.in_review(world)
    evaluation.finish(world, world.dung, application)
    with app.app_context():
        assert jobs.measure_agreement() == 0
    assert measured(world) == {}


def test_the_worker_measures_an_application_and_its_edition(world, app):
    application = evaluation.in_consensus(world, {"TN_05": "1", "TN_01": "4"}, {"TN_05": "3", "RT_03": "not_shown"})
    total = len(applicable_criteria(world.session, application))
    world.session.commit()
    with app.app_context():
        assert jobs.measure_agreement() == 2
        assert jobs.measure_agreement() == 0
    found = measured(world)
    assert set(found) == {application.id, None}
    assert found[application.id].criteria == total - 1  # what evidence does not show is missing
    assert found[application.id].raters == 2
    assert found[application.id].alpha == found[None].alpha
    assert -1 < found[application.id].alpha < 1


def test_a_void_review_is_measured_anew(world, app):
    application = evaluation.in_consensus(world, {"TN_05": "1"})
    with app.app_context():
        jobs.measure_agreement()
    reviews.void(world.session, application, world.ha.id)
    world.session.commit()
    later = clock.now() + timedelta(hours=2)
    with app.app_context(), clock.at(later):
        assert jobs.measure_agreement() == 2
    found = measured(world)[application.id]
    assert (found.alpha, found.obstacle, found.criteria) == (None, Unmeasured.ONE_RATER, 0)


def test_everybody_alike_is_no_figure(world, app):
    application = evaluation.in_consensus(world)
    with app.app_context():
        jobs.measure_agreement()
    assert measured(world)[application.id].obstacle is Unmeasured.NO_VARIATION


def test_an_edition_is_measured_at_most_once_an_hour(world, app):
    evaluation.in_consensus(world, {"TN_05": "1"})
    with app.app_context():
        jobs.measure_agreement()
        row = world.session.exec(select(Reliability).where(Reliability.application_id.is_not(None))).one()
        row.measured_at = clock.now()
        world.session.add(row)
        world.session.commit()
        assert queries.due_editions(world.session) == []
        with clock.at(clock.now() + timedelta(minutes=61)):
            assert queries.due_editions(world.session) == ["vcsc-2026"]


def test_what_was_measured_hides_while_somebody_scores_anew(world, app):
    application = evaluation.in_consensus(world, {"TN_05": "1"})
    with app.app_context():
        jobs.measure_agreement()
    assert queries.of_application(world.session, application.id) is not None
    application.state = State.IN_REVIEW
    world.session.commit()
    assert queries.of_application(world.session, application.id) is None
    assert queries.of_applications(world.session, world.chi, "vcsc-2026", "", 10) == []
    assert queries.by_criterion(world.session, "vcsc-2026") == []


def test_criteria_by_how_far_reviewers_differ(world):
    evaluation.in_consensus(world, {"TN_05": "1", "TN_01": "2"})
    found = queries.by_criterion(world.session, "vcsc-2026")
    assert [(one.code, one.spread, one.apart) for one in found[:2]] == [("TN-05", 2.0, 1), ("TN-01", 1.0, 0)]
    assert {one.applications for one in found} == {1}


def decided(world):
    application = evaluation.in_consensus(world, {"TN_05": "1", "TN_01": "4"}, {"RT_03": "not_shown"})
    evaluation.agree_all(world, application)
    application.state = State.CERTIFIED
    world.session.commit()
    return application


def test_deviation_from_the_agreed_score(world):
    application = decided(world)
    total = len(applicable_criteria(world.session, application))
    people = [world.dung.id, world.ha.id, world.bao.id]
    found = queries.deviations(world.session, "vcsc-2026", people)
    assert found == {
        world.dung.id: queries.Deviation(3 / total, total),
        world.ha.id: queries.Deviation(0.0, total - 1),
    }


def test_deviation_waits_for_the_decision(world):
    application = decided(world)
    application.state = State.IN_DECISION
    world.session.commit()
    assert queries.deviations(world.session, "vcsc-2026", [world.dung.id]) == {}


def test_deviation_leaves_out_what_is_no_score(world):
    decided(world)
    row = world.session.exec(select(AgreedScore).where(AgreedScore.criterion == "TN-05")).one()
    row.value, row.not_shown = None, True
    world.session.commit()
    scores = world.session.exec(select(Score)).all()
    found = queries.deviations(world.session, "vcsc-2026", [world.dung.id])
    assert found[world.dung.id].criteria == len(scores) // 2 - 1


def test_no_web_process_loads_what_measures(tmp_path):
    """numpy itself comes along with openpyxl wherever it is installed; what of it is ours stays with the worker."""
    looked_for = "{'krippendorff', 'registry.jobs'}"
    script = f"import sys; from registry import create_app; create_app(); print({looked_for} & {{*sys.modules}})"
    around = {**os.environ, "SECRET_KEY": "a secret of this test that is long enough", "VAR_DIR": str(tmp_path)}
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, env=around, timeout=300)  # noqa: S603  our own words
    assert done.stdout.strip() == "set()"

"""Two people at the same moment: one effect, and a clear answer for the other."""

import threading

import pytest
from sqlmodel import Session, select

from assessments import appeals, clock, intake, rulings
from assessments.errors import WrongState
from assessments.models import Appeal, AppealRuling, AppealStep, Application
from assessments.queries import appeals as queries
from assessments.recourse import AppealState, Ruling
from assessments.rulings import Ruled
from assessments.states import RefusalReason, State
from tests import appealing, evaluation
from tests.appealing import LODGING, RULED
from tests.racing import RaceOfVerbs


@pytest.fixture
def heard(world):
    """A decline under hearing by Phúc, Mai and Quân; Phúc has proposed to set it aside."""
    others = appealing.others(world)
    application = appealing.declined(world)
    appeal = appealing.under_hearing(world, application, (others.phuc, others.mai, others.quan), others.thao)
    rulings.propose(world.session, others.phuc, appeal, Ruled(Ruling.SET_ASIDE, *RULED))
    world.session.commit()
    return others, application.id, appeal.id


@pytest.mark.parametrize("turn", range(3))
def test_of_two_opposite_answers_one_counts(app, world, heard, turn):
    others, _, appeal_id = heard
    race = RaceOfVerbs(app, Appeal)
    race.run(
        ("yes", appeal_id, lambda s, a: rulings.confirm(s, others.mai, a, 1)),
        ("no", appeal_id, lambda s, a: rulings.reject(s, others.quan, a, 1, "Đã được đọc.")),
    )
    assert (len(race.won), [type(one) for one in race.lost]) == (1, [WrongState])
    world.session.expire_all()
    appeal = world.session.get_one(Appeal, appeal_id)
    fell = race.won == ["yes"]
    assert appeal.state is (AppealState.SET_ASIDE if fell else AppealState.UNDER_HEARING)
    ruling = world.session.exec(select(AppealRuling)).one()
    assert ((ruling.confirmed_at is not None), (ruling.closed_at is not None)) == (fell, not fell)


def test_two_confirmations_are_one(app, world, heard):
    others, application_id, appeal_id = heard
    race = RaceOfVerbs(app, Appeal)
    race.run(
        ("mai", appeal_id, lambda s, a: rulings.confirm(s, others.mai, a, 1)),
        ("quan", appeal_id, lambda s, a: rulings.confirm(s, others.quan, a, 1)),
    )
    assert (len(race.won), [type(one) for one in race.lost]) == (1, [WrongState])
    world.session.expire_all()
    appeal = world.session.get_one(Appeal, appeal_id)
    assert appeal.application_id == application_id
    ends = world.session.exec(select(AppealStep).where(AppealStep.to_state == AppealState.SET_ASIDE)).all()
    assert len(ends) == 1


def test_taking_it_back_while_it_is_ruled_on(app, world, heard):
    others, _, appeal_id = heard
    race = RaceOfVerbs(app, Appeal)
    race.run(
        ("back", appeal_id, lambda s, a: appeals.withdraw(s, world.an, a)),
        ("yes", appeal_id, lambda s, a: rulings.confirm(s, others.mai, a, 1)),
    )
    assert len(race.won) == len(race.lost) == 1
    world.session.expire_all()
    appeal = world.session.get_one(Appeal, appeal_id)
    assert appeal.state is (AppealState.WITHDRAWN if race.won == ["back"] else AppealState.SET_ASIDE)


def test_the_same_decision_is_appealed_once(app, world):
    application = appealing.declined(world)
    seq = queries.appealable(world.session, application)[0].seq
    other = appealing.lodged(world, world_refused(world))
    assert other.number.endswith("0001")
    results: list[str] = []
    gate = threading.Barrier(2)
    world.session.commit()

    def press():
        with Session(app.extensions["engine"]) as session:
            gate.wait()
            found = session.get_one(Application, application.id)
            try:
                appeals.lodge(session, world.an, found, seq, LODGING)
                session.commit()
                results.append("lodged")
            except WrongState:
                results.append("told")

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["lodged", "told"]
    numbers = sorted(one.number for one in world.session.exec(select(Appeal)))
    assert numbers == [f"YC-{clock.today().year}-000{n}" for n in (1, 2)]


def world_refused(world):
    """Another application, refused at intake, so that there is another appeal."""
    application = evaluation.handed_in(world, State.SUBMITTED, "HS-2026-0009")
    intake.refuse(world.session, world.chi, application, RefusalReason.OUT_OF_SCOPE, "Ngoài phạm vi.")
    world.session.commit()
    return application

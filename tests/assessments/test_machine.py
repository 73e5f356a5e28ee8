"""No sequence of steps reaches a certificate past the rules: a machine tries them on real tables, in any order."""

import itertools
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any, ClassVar

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from assessments import (
    clock,
    interests,
    workflow,
)
from assessments.errors import Refused
from assessments.models import AgreedScore, Appeal, Certificate, Member
from assessments.people import InterestKind, MemberRole, Role
from registry import db
from registry.accounts import sessions
from registry.accounts.models import User, UserRole
from tests import conftest, drafting, real_products
from tests import world as people
from tests.soundness import broken
from tests.stepping import DECIDERS, FORESEEN, HEARERS, NOTHING, PEOPLE, REVIEWERS, STEPS
from tests.world import World

LUCK = st.integers(0, 2**32).map(Random)  # a sequence of its own for every rule: whole ways are rarely found by drawing
EXAMPLES, STEPS_EACH = 12, 12
WAYS, LONG_WAY = (0, 1, 3), 250  # ways of good faith, and how long they are


class Procedure(RuleBasedStateMachine):
    """One application of Hạt Nắng, everybody who is there, and every step by anybody at any time."""

    fresh: ClassVar[Callable[[], Engine]]
    certificates: ClassVar[int] = 0
    after_appeal: ClassVar[int] = 0

    @initialize(luck=LUCK, steps=st.sampled_from((0, 20, 40, 80, 160)))
    def begin(self, luck: Random, steps: int) -> None:
        """A draft with an answer for every criterion, not agreed to yet, and some of the way from there."""
        self.engine = self.fresh()
        self.session = Session(self.engine, expire_on_commit=False)
        self.world = people.build(self.session)
        self.people = {name: getattr(self.world, name) for name in PEOPLE if hasattr(self.world, name)}
        self.people["nga"] = self._newcomer("nga", Role.REVIEWER)
        self.people["oanh"] = self._newcomer("oanh", Role.DECIDER, Role.REVIEWER)
        self.people["tam"] = self._newcomer("tam", Role.DECIDER)
        self.people["yen"] = self._newcomer("yen", Role.DECIDER)
        self.people["vy"] = self._newcomer("vy", Role.IMPARTIALITY, Role.COORDINATOR)
        self.application = drafting.answered(self.world)
        self.judged = 0
        self.the_work_goes_on(luck, steps)

    def _newcomer(self, name: str, *roles: Role) -> User:
        user = people._person(self.session, f"{name}@club.example", name.title(), *roles)
        self.session.commit()
        return user

    @rule(luck=LUCK, steps=st.sampled_from((5, 20, 40)))
    def the_work_goes_on(self, luck: Random, steps: int) -> None:
        """In good faith: what is next, by whoever of the right people can do it."""
        for _ in range(steps):
            step, people = luck.choice(FORESEEN.get(self.application.state, NOTHING))
            for name in luck.sample(people, len(people)):
                if self._try(step, name, luck):
                    break
            self.a_certificate_keeps_the_rules()

    @rule(luck=LUCK, step=st.sampled_from(sorted(STEPS)), name=st.sampled_from(PEOPLE))
    def anybody_does_anything(self, luck: Random, step: str, name: str) -> None:
        """Whatever the state, whoever it is."""
        self._try(step, name, luck)

    @rule(name=st.sampled_from(REVIEWERS + DECIDERS + HEARERS), role=st.sampled_from(Role))
    def somebody_gets_another_role(self, name: str, role: Role) -> None:
        """At the club, at a bad moment."""
        person = self._person(name)
        if role not in person.roles:
            self._do(lambda: self.session.add(UserRole(user_id=person.id, role=role)))

    @rule(name=st.sampled_from(REVIEWERS + DECIDERS + HEARERS), way=st.sampled_from(("registers", "reported", "joins")))
    def an_interest_comes_up(self, name: str, way: str) -> None:
        """Late: somebody writes it down, the office hears of it, or the company takes them in."""
        person, vendor_id = self._person(name), self.world.hat_nang.id
        entry = interests.Entry(InterestKind.SHARES, clock.today(), vendor_id=vendor_id)
        if way == "registers":
            self._do(lambda: interests.add(self.session, person, entry))
        elif way == "reported":
            office = self._person("chi")
            self._do(lambda: interests.report(self.session, office, person.id, entry, "Thư gửi văn phòng."))
        elif not person.memberships:
            member = Member(vendor_id=vendor_id, user_id=person.id, role=MemberRole.OWNER)
            self._do(lambda: self.session.add(member))

    @rule(days=st.sampled_from((1, 40)))
    def the_clock_takes_its_step(self, days: int) -> None:
        """A deadline has passed."""
        with clock.at(clock.now() + timedelta(days=days)):
            self._do(lambda: workflow.on_deadline(self.session, self.application))

    @invariant()
    def a_certificate_keeps_the_rules(self) -> None:
        """Judged at the moment it appears: what comes to light later is for those who watch over certificates."""
        if not hasattr(self, "application"):
            return
        count = len(self.session.exec(select(Certificate.id)).all())
        if count == self.judged:
            return
        self.judged = count
        type(self).certificates += 1
        type(self).after_appeal += bool(self.session.exec(select(Appeal.id)).all())
        assert broken(self.session) == []

    def teardown(self) -> None:
        """The next attempt has a database of its own."""
        if hasattr(self, "session"):
            self.session.close()
            self.engine.dispose()

    def _person(self, name: str) -> User:
        """As a request finds them: with the roles and companies of this moment."""
        sessions.load_standing(self.session, self.people[name])
        return self.people[name]

    def _try(self, step: str, name: str, luck: Random) -> bool:
        return self._do(lambda: STEPS[step](self.session, self._person(name), self.application, luck))

    def _do(self, act: Callable[[], Any]) -> bool:
        """One request: all of it or nothing."""
        try:
            act()
            self.session.commit()
        except Refused:
            self.session.rollback()
            return False
        finally:
            self.session.expire_all()
        return True


@pytest.fixture
def fresh(app: Flask, tmp_path: Path, empty_database: Path | None) -> Callable[[], Engine]:
    """An engine on tables without a row, another one at every call."""
    count = itertools.count()

    def engine() -> Engine:
        if empty_database is None:
            conftest.empty(app.extensions["engine"])
            return app.extensions["engine"]
        folder = tmp_path / str(next(count))
        folder.mkdir()
        shutil.copy(empty_database, folder / "registry.db")
        found = db.open_engine(f"sqlite:///{folder}/registry.db")
        event.listen(found, "connect", conftest.hasty)
        return found

    return engine


def test_no_sequence_of_steps_gets_past_the_rules(app: Flask, fresh: Callable[[], Engine]) -> None:
    attempt = type("Attempt", (Procedure,), {"fresh": staticmethod(fresh), "certificates": 0, "after_appeal": 0})
    long = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS_EACH,
        deadline=None,
        derandomize=True,  # the same ways at every run; for a longer search take this away and raise EXAMPLES
        phases=(Phase.generate,),  # the sequence as it was found tells enough; to shorten it takes minutes
        suppress_health_check=list(HealthCheck),
    )
    with app.test_request_context():
        run_state_machine_as_test(attempt, settings=long)
    assert attempt.certificates > 0  # else nothing was judged


def test_nor_on_the_way_through_an_appeal_to_another_decision(app: Flask, fresh: Callable[[], Engine]) -> None:
    """In good faith, far enough: so long a way is seldom found by trying everything."""
    attempt = type("Attempt", (Procedure,), {"fresh": staticmethod(fresh), "certificates": 0, "after_appeal": 0})
    with app.test_request_context():
        for seed in WAYS:
            machine = attempt()
            machine.begin(Random(seed), LONG_WAY)  # noqa: S311  no secret is drawn
            machine.teardown()
    assert attempt.after_appeal > 0


DAMAGE = {
    "fewer than two reviewers": "UPDATE review SET voided_at = assigned_at WHERE lead",
    "a review that is not complete and final": "UPDATE score SET value = NULL WHERE criterion = :one",
    "a criterion without an agreed score": "DELETE FROM agreed_score WHERE criterion = :one",
    "scores far apart without a reconciliation": """UPDATE score SET value = 0
        WHERE criterion = :one AND review_id IN (SELECT id FROM review WHERE lead)""",
    "no summary in both languages that the vendor has checked": "UPDATE recommendation SET summary_en = ''",
    "somebody who has not declared that they have no interest": """DELETE FROM declaration
        WHERE person_id IN (SELECT confirmer_id FROM decision)""",
    "no agreement that an owner accepted before it was handed in": "DELETE FROM agreement_acceptance",
}


@pytest.mark.parametrize(("sentence", "damage"), DAMAGE.items(), ids=range(len(DAMAGE)))
def test_what_is_looked_for_is_seen(world: World, sentence: str, damage: str) -> None:
    real_products.carry(world, next(iter(real_products.load().values())))
    world.session.commit()
    assert broken(world.session) == []
    one = world.session.exec(select(AgreedScore.criterion)).first()
    world.session.execute(text(damage), {"one": one} if ":one" in damage else {})
    assert sentence in set(broken(world.session))


def test_an_interest_is_seen(world: World) -> None:
    real_products.carry(world, next(iter(real_products.load().values())))
    world.session.add(Member(vendor_id=world.hat_nang.id, user_id=world.hung.id, role=MemberRole.OWNER))
    world.session.commit()
    assert broken(world.session) == ["somebody with an interest"]


def test_the_database_refuses_the_same_people_deciding_again_by_itself(world: World) -> None:
    """So that no damage can be shown to be seen: soundness looks for it all the same."""
    real_products.carry(world, next(iter(real_products.load().values())))
    again = """INSERT INTO decision (id, application_id, number, proposal_id, proposer_id, confirmer_id, outcome, level,
        departs, reasons_vi, reasons_en, decided_at, part)
        SELECT '00000000000000000000000000000001', application_id, number + 1, proposal_id, proposer_id, confirmer_id,
        outcome, level, departs, reasons_vi, reasons_en, decided_at, part FROM decision"""
    with pytest.raises(IntegrityError, match=r"(?i)unique"):
        world.session.execute(text(again))

"""The procedure as a machine: every step by anybody at any time, on real tables, and each certificate judged.

What it finds is a `Broken`: tests/assessments/test_machine.py looks for one, and test_planted_holes.py beside it makes
holes on purpose and expects the same search to find each.
"""

import itertools
import shutil
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any, ClassVar

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
from sqlalchemy import Engine, event
from sqlmodel import Session, select

from assessments import (
    clock,
    interests,
    workflow,
)
from assessments.errors import Refused
from assessments.models import Appeal, Certificate, Member
from assessments.people import InterestKind, MemberRole, Role
from assessments.queries.reviews import active
from assessments.states import State
from registry import db
from registry.accounts import sessions
from registry.accounts.models import User, UserRole
from tests import conftest, drafting
from tests import world as people
from tests.soundness import broken
from tests.stepping import DECIDERS, FORESEEN, HEARERS, NOTHING, PEOPLE, REVIEWERS, STEPS

LUCK = st.integers(0, 2**32).map(Random)  # a sequence of its own for every rule: whole ways are rarely found by drawing
WAYS_TO_COME_UP = ("registers", "reported", "joins")  # for an interest
PATIENCE = 50  # so many refusals in a row, and nothing is left to do in good faith
EXAMPLES, STEPS_EACH = 8, 12
SHORT_WAY = 45
STRUCK = {State.IN_REVIEW: (1, 5), State.CONSENSUS: (4,), State.IN_DECISION: (4,)}  # by state, the ways tried
WAYS, LONG_WAY = (4, 6), 250  # ways of good faith, and how long they are at most


def _shuffled(luck: Random, some: Sequence[Any]) -> list[Any]:
    return luck.sample(some, len(some))


class Procedure(RuleBasedStateMachine):
    """One application of Hạt Nắng, everybody who is there, and every step by anybody at any time."""

    fresh: ClassVar[Callable[[], Engine]]
    certificates: ClassVar[int] = 0
    after_appeal: ClassVar[int] = 0
    strikes_in: State | None = None  # where an interest of somebody at work comes up once, between two steps

    @initialize(luck=LUCK, steps=st.sampled_from((0, 15, 25, 35, 45)))
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

    @rule(luck=LUCK, steps=st.sampled_from((3, 10)))
    def the_work_goes_on(self, luck: Random, steps: int) -> None:
        """In good faith: something that is next, by whoever of the right people can do it, until nothing is."""
        for _ in range(steps):
            if self.application.state is self.strikes_in and luck.random() < 1 / 3:
                self._misfortune_strikes(luck)
            if not self._something_next(luck):
                return
            self.a_certificate_keeps_the_rules()

    def _misfortune_strikes(self, luck: Random) -> None:
        """An interest of somebody who is at it comes up late."""
        team = {one.reviewer_id for one in active(self.session, self.application.id)}
        judging = {State.IN_REVIEW, State.CONSENSUS}
        names = [name for name, person in self.people.items() if person.id in team]
        at_it = names if self.strikes_in in judging and names else list(DECIDERS)
        self.an_interest_comes_up(luck.choice(at_it), luck.choice(WAYS_TO_COME_UP))
        self.strikes_in = None

    def _something_next(self, luck: Random) -> bool:
        """Whether anybody could take a step: what was refused once may go well with more luck."""
        left = PATIENCE
        while left > 0:
            foreseen = FORESEEN.get(self.application.state, NOTHING)
            for step, able in _shuffled(luck, foreseen):
                for name in _shuffled(luck, able):
                    left -= 1
                    if self._try(step, name, luck):
                        return True
            left -= 1
        return False

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

    @rule(name=st.sampled_from(REVIEWERS + DECIDERS + HEARERS), way=st.sampled_from(WAYS_TO_COME_UP))
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
        if sentences := broken(self.session):
            raise Broken(sentences)

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


class Broken(AssertionError):
    """A certificate that breaks rules; `sentences` say which."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("; ".join(sentences))
        self.sentences = sentences


class Databases:
    """Engines on tables without a row, another one at every call; on PostgreSQL the one database emptied."""

    def __init__(self, app: Flask, folder: Path, empty: Path | None) -> None:
        self._app, self._folder, self._empty = app, folder, empty
        self._count = itertools.count()

    def __call__(self) -> Engine:
        if self._empty is None:
            conftest.empty(self._app.extensions["engine"])
            found: Engine = self._app.extensions["engine"]
            return found
        folder = self._folder / str(next(self._count))
        folder.mkdir()
        shutil.copy(self._empty, folder / "registry.db")
        found = db.open_engine(f"sqlite:///{folder}/registry.db")
        event.listen(found, "connect", conftest.hasty)
        return found


def attempt(fresh: Callable[[], Engine]) -> type[Procedure]:
    """The machine on such databases, with nothing counted yet."""
    return type("Attempt", (Procedure,), {"fresh": staticmethod(fresh), "certificates": 0, "after_appeal": 0})


def in_any_order(machine: type[Procedure]) -> None:
    """Every step by anybody; raises Broken where that leads past the rules."""
    long = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS_EACH,
        deadline=None,
        derandomize=True,  # the same ways at every run; for a longer search take this away and raise EXAMPLES
        phases=(Phase.generate,),  # the sequence as it was found tells enough; to shorten it takes minutes
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=long)


def in_good_faith(machine: type[Procedure]) -> None:
    """Far enough for an appeal and another decision: so long a way is seldom found by trying everything."""
    for seed in WAYS:
        _walk(machine(), seed, LONG_WAY)


def with_misfortune(machine: type[Procedure]) -> None:
    """The same as far as a certificate, but that in each state an interest of somebody at work comes up once."""
    for state, seeds in STRUCK.items():
        for seed in seeds:
            one = machine()
            one.strikes_in = state
            _walk(one, seed, SHORT_WAY)


def _walk(one: Procedure, seed: int, steps: int) -> None:
    try:
        one.begin(Random(seed), steps)  # noqa: S311  no secret is drawn
    finally:
        one.teardown()


def everything(machine: type[Procedure]) -> None:
    """The whole search."""
    with_misfortune(machine)
    in_good_faith(machine)
    in_any_order(machine)

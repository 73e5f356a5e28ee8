"""Whatever happens to certificates, in any order and at any time: page, lists, log and badge say the same of each."""

import json
import re
import shutil
from base64 import urlsafe_b64decode
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random
from types import SimpleNamespace
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
from sqlmodel import Session, col, select

from assessments import certificates, clock, decisions, merkle
from assessments.certificates import Change
from assessments.errors import Refused
from assessments.models import Application, Certificate, Credential, LogEntry
from assessments.publishing import KeyPurpose
from assessments.queries import log as logged
from assessments.queries.certificates import events_of, waiting
from assessments.reductions import PARTS, Reduction
from assessments.states import CertificateAction, State
from registry import create_app, db, issuing
from registry.accounts import sessions
from registry.credentials.lists import says
from registry.keys import making
from tests import conftest
from tests import world as people
from tests.deciding import ISSUER
from tests.racing import Files, everything_agrees

FILES = 12
EXAMPLES, STEPS = 6, 6
WAYS, LONG_WAY = (1, 2, 3), 70  # long ways of their own, so that every status is come to
REASON = Change("Lý do.", "Reason.")
LUCK = st.integers(0, 2**32).map(Random)  # a sequence of its own
WHICH = st.integers(0, 50)  # of the certificates there are
LEFT = {"withdrawn": True, "terminated": True, "superseded": True}  # of these the credentials are revoked


class Life(RuleBasedStateMachine):
    """Some products of Hạt Nắng, their certificates, two deciders, a worker that may be cut off, and the calendar."""

    fresh: ClassVar[Callable[[], Flask]]
    seen: ClassVar[set[str]] = set()

    @initialize()
    def begin(self) -> None:
        """Files before the committee, and today."""
        self.app = self.fresh()
        self.moment = clock.now()  # the keys are of today
        self.session = Session(self.app.extensions["engine"], expire_on_commit=False)
        self.world = people.load(self.session) or people.build(self.session)
        files = Files(self.world, State.IN_DECISION, deciders=(self.world.giang, self.world.hung))
        with clock.at(self.moment):
            self.refs = files.write(FILES)
        self.checkpoints: list[tuple[int, bytes]] = []
        self.entries: list[str] = []

    @rule(which=WHICH, renews=st.booleans(), later=st.sampled_from((0, 0, 20)))
    def grant(self, which: int, renews: bool, later: int) -> None:  # noqa: FBT001  drawn
        """A certificate of a new product or of one that has some; announced at once or on a later day."""
        if not self.refs:
            return
        ref, there = self.refs.pop(), self._numbers()

        def act() -> None:
            file = self.session.exec(select(Application).where(Application.ref == ref)).one()
            if renews and there:
                former = self._certificate(there[which % len(there)])
                file.product_id = former.product_id
            self.world.round.announce_on = clock.today() + timedelta(days=later) if later else None
            file.round_id = self.world.round.id
            self.session.add_all([file, self.world.round])
            self.session.flush()
            decisions.confirm(self.session, self.world.hung, file, 1, ISSUER)

        self._do(act)

    @rule(which=WHICH)
    def suspend(self, which: int) -> None:
        """Giang suspends."""
        self._on(which, lambda number: certificates.suspend(self.session, self.world.giang, number, self._harm()))

    @rule(which=WHICH, action=st.sampled_from((CertificateAction.REINSTATE, CertificateAction.WITHDRAW)))
    def propose(self, which: int, action: CertificateAction) -> None:
        """Giang proposes."""
        self._on(which, lambda number: certificates.propose(self.session, self.world.giang, number, action, REASON))

    @rule(which=WHICH)
    def propose_less(self, which: int) -> None:
        """Giang proposes to reduce the scope: one platform goes."""

        def act(number: str) -> None:
            facts = self._certificate(number).content["profile"]
            scope = {part: tuple(facts[part]) for part in PARTS}
            less = Reduction(**{**scope, "platforms": scope["platforms"][1:]})
            change = Change("Lý do.", "Reason.", reduction=less)
            certificates.propose(self.session, self.world.giang, number, CertificateAction.REDUCE, change)

        self._on(which, act)

    @rule(which=WHICH)
    def terminate(self, which: int) -> None:
        """The company ends it."""
        self._on(which, lambda number: certificates.terminate(self.session, self.world.an, number, "Ngừng kinh doanh."))

    @rule(which=WHICH, agrees=st.booleans())
    def answer(self, which: int, agrees: bool) -> None:  # noqa: FBT001  drawn
        """Hùng answers whatever waits."""

        def act(number: str) -> None:
            event = waiting(events_of(self.session, self._certificate(number).id))
            if event is None:
                return
            if agrees:
                certificates.confirm(self.session, self.world.hung, number, event.number)
            else:
                certificates.dismiss(self.session, self.world.hung, number, event.number, "Không đủ căn cứ.")

        self._on(which, act)

    @rule(which=WHICH)
    def set_aside(self, which: int) -> None:
        """The hearers of an appeal put a suspended or withdrawn certificate in force again."""
        ruling: Any = SimpleNamespace(
            reasons_vi="Không đủ căn cứ.",
            reasons_en="Not well founded.",
            proposer_id=self.world.giang.id,
            confirmer_id=self.world.hung.id,
        )

        def act(number: str) -> None:
            certificate = self._certificate(number)
            if certificate.state.value not in {"suspended", "withdrawn"} or certificate.published_at is None:
                return
            against = next(
                event
                for event in events_of(self.session, certificate.id)
                if event.effective_on and event.action in {CertificateAction.SUSPEND, CertificateAction.WITHDRAW}
            )
            certificates.reinstate_on_appeal(self.session, self.world.hung, against, ruling)

        self._on(which, act)

    @rule(days=st.sampled_from((0, 1, 19, 20, 60, 365, 731)), hours=st.integers(0, 23))
    def time_passes(self, days: int, hours: int) -> None:
        """Nothing has to run for a certificate to begin or to end."""
        self.moment += timedelta(days=days, hours=hours)

    @rule(steps=st.integers(1, 3))
    def the_worker_is_cut_off(self, steps: int) -> None:
        """After some steps."""
        with clock.at(self.moment), self.app.app_context():
            for _ in range(steps):
                with db.reading() as session:
                    due = issuing.due(session)
                if due:
                    issuing.step(due[0])

    @rule(purpose=st.sampled_from(KeyPurpose))
    def a_key_is_rotated(self, purpose: KeyPurpose) -> None:
        """What the former has signed stands."""
        with self.app.app_context():
            self._do(lambda: making.rotate(self.session, purpose))

    @rule(luck=LUCK, steps=st.sampled_from((5, 10, 15)))
    def much_happens(self, luck: Random, steps: int) -> None:
        """One thing after the other, as days go by; long ways are rarely found by drawing each step."""
        actions = (CertificateAction.REINSTATE, CertificateAction.WITHDRAW)
        acts: tuple[Callable[[int], None], ...] = (
            lambda which: self.grant(which, luck.random() < 0.4, luck.choice((0, 0, 20))),
            self.suspend,
            lambda which: self.propose(which, luck.choice(actions)),
            self.propose_less,
            lambda which: self.terminate(which) if which < 15 else None,
            lambda which: self.answer(which, luck.random() < 0.7),
            lambda which: self.answer(which, luck.random() < 0.7),
            self.set_aside,
            lambda which: self.time_passes(luck.choice((1, 20, 40, 300)), which % 24),
            lambda which: self.the_worker_is_cut_off(1 + which % 3),
        )
        for _ in range(steps):
            luck.choice(acts)(luck.randrange(50))
            if luck.random() < 0.4:
                self.everybody_says_the_same()

    def one_is_withdrawn(self) -> None:
        """The straight way to an end that drawn ways seldom leave as it is."""
        self.grant(0, False, 0)  # noqa: FBT003  as the rule takes it
        self.propose(0, CertificateAction.WITHDRAW)
        self.answer(0, True)  # noqa: FBT003
        self.everybody_says_the_same()

    @invariant()
    def everybody_says_the_same(self) -> None:
        """Once the worker has had its turn."""
        if not hasattr(self, "app"):
            return
        with clock.at(self.moment):
            with self.app.app_context():
                issuing.turn()
            self._agree()
            self._log_only_grew()

    def _agree(self) -> None:
        browser = self.app.test_client()
        lists = {name: browser.get(f"/status/{name}-1").text for name in ("revocation", "suspension")}
        with Session(self.app.extensions["engine"]) as session:
            last = self._last(session)
            for one in session.exec(select(Certificate)).all():
                page = browser.get(f"/c/{one.number}.json")
                if page.status_code == 404:
                    assert one.number not in last
                    continue
                shown = page.json["status"]
                type(self).seen.add(shown)
                assert last[one.number] == shown
                credentials = session.exec(
                    select(Credential).where(Credential.certificate_id == one.id).order_by(col(Credential.revision))
                ).all()
                assert page.json["credential"]["sha256"] == credentials[-1].sha256
                assert scope_of(credentials[-1].jwt) == page.json["product"]["platforms"]
                for credential in credentials[:-1]:
                    assert says(lists["revocation"], credential.status_index)
                place = credentials[-1].status_index
                assert says(lists["revocation"], place) == LEFT.get(shown, False)
                if shown in {"active", "suspended"}:
                    assert says(lists["suspension"], place) == (shown == "suspended")
                assert badge(browser, one.number) == shown

    def _last(self, session: Session) -> dict[str, str]:
        bodies = session.exec(
            select(LogEntry.body).where(col(LogEntry.certificate_id).is_not(None)).order_by(col(LogEntry.index))
        )
        return {body["certificate"]: body["status"] for body in map(json.loads, bodies)}

    def _log_only_grew(self) -> None:
        with Session(self.app.extensions["engine"]) as session:
            bodies = list(session.exec(select(LogEntry.body).order_by(col(LogEntry.index))).all())
            assert bodies[: len(self.entries)] == self.entries
            self.entries = bodies
            if not bodies:
                return
            head = logged.head(session)
            assert (head.size, head.signed_size) == (len(bodies), len(bodies))
            now = (head.size, bytes.fromhex(head.root))
            for old in self.checkpoints:
                assert merkle.verify_consistency(old, now, logged.consistency(session, old[0], now[0]))
            for index, body in enumerate(bodies):
                proof = logged.inclusion(session, index, head.size)
                assert merkle.verify_inclusion(merkle.leaf_hash(body.encode()), index, now, proof)
            if now not in self.checkpoints:
                self.checkpoints.append(now)

    def teardown(self) -> None:
        """Everything agrees, to the last row; the next attempt has a database of its own."""
        if not hasattr(self, "app"):
            return
        self.session.close()
        with clock.at(self.moment):
            everything_agrees(self.app)
        self.app.extensions["engine"].dispose()

    def _harm(self) -> Change:
        return Change("Lý do.", "Reason.", "Điều kiện.", "Condition.", clock.today() + timedelta(days=30))

    def _numbers(self) -> list[str]:
        return list(self.session.exec(select(Certificate.number).order_by(col(Certificate.serial))).all())

    def _certificate(self, number: str) -> Certificate:
        question = select(Certificate).where(Certificate.number == number)
        return self.session.exec(question.execution_options(populate_existing=True)).one()

    def _on(self, which: int, act: Callable[[str], object]) -> None:
        if there := self._numbers():
            self._do(lambda: act(there[which % len(there)]))
        self.session.rollback()

    def _do(self, act: Callable[[], object]) -> None:
        """One request: all of it or nothing. What it has decided is published when the worker comes."""
        with clock.at(self.moment):
            try:
                act()
                self.session.commit()
            except Refused:
                self.session.rollback()
        self.session.expire_all()
        for person in (self.world.giang, self.world.hung, self.world.an):
            self.session.refresh(person)
            sessions.load_standing(self.session, person)
        self.session.refresh(self.world.round)
        self.session.rollback()


def scope_of(jwt: str) -> list[str]:
    """The platforms that a signed certificate names."""
    body = jwt.split(".")[1]
    content = json.loads(urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    found: list[str] = content["credentialSubject"]["platforms"]
    return found


def badge(browser: Any, number: str) -> str:
    """What the badge says."""
    return re.search(r'data-status="(\w+)"', browser.get(f"/c/{number}.svg").text)[1]


def test_page_lists_log_and_badge_say_the_same_whatever_happens(
    empty_database: Path | None, peopled_database: Path | None, tmp_path: Path
) -> None:
    """Every status is come to on the way."""
    folders = iter(range(10_000))

    def fresh() -> Flask:
        folder = tmp_path / str(next(folders))
        folder.mkdir()
        if peopled_database is not None:
            shutil.copy(peopled_database, folder / "registry.db")
        app = create_app(conftest.settings_in(folder))
        app.config["TESTING"] = True
        if app.extensions["engine"].dialect.name == "postgresql":
            conftest.empty(app.extensions["engine"])
        return app

    Life.fresh = staticmethod(fresh)
    Life.seen = set()
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=True,
            database=None,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        ),
    )
    for way in WAYS:
        life = Life()
        life.begin()
        life.one_is_withdrawn()
        life.much_happens(Random(way), LONG_WAY)  # noqa: S311  a way, no secret
        life.everybody_says_the_same()
        life.teardown()
    assert {"active", "suspended", "withdrawn", "terminated", "expired", "superseded"} <= Life.seen

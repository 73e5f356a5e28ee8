"""Two people at the same moment, a hundred times over: files made by rows, and two browsers with one starting line."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import insert
from sqlmodel import Session

from assessments.clock import now
from assessments.errors import Refused
from assessments.history import entry_hash, text_hash
from assessments.models import (
    AgreedScore,
    Application,
    ChainHead,
    Declaration,
    HistoryEntry,
    HistoryText,
    Participation,
    Product,
    Proposal,
    Recommendation,
    Review,
    Score,
    Submission,
)
from assessments.people import Part
from assessments.queries.submissions import digest_of
from assessments.states import Action, Outcome, State
from criteria import applicability, store
from criteria.digest import digest
from registry import fsck
from registry.accounts.models import User
from tests.deciding import submitted_content
from tests.world import EDITION, PROFILE, World

ROUNDS = 100
WAY = {  # the steps by which a file came to a state
    State.DRAFT: "",
    State.SUBMITTED: Action.SUBMIT,
    State.ACCEPTED: Action.ACCEPT,
    State.IN_REVIEW: Action.ASSIGN,
    State.CONSENSUS: Action.OPEN_CONSENSUS,
    State.IN_DECISION: Action.RECOMMEND,
}
PATIENCE = 60  # seconds for the other one to come to the line


@dataclass(frozen=True)
class Answer:
    """What one of the two was told."""

    status: int
    text: str


@dataclass
class Files:
    """Files of Hạt Nắng, all alike, as rows to be written at once."""

    world: World
    state: State
    deciders: tuple[User, ...] = ()
    scored: bool = False  # the reviewers' marks are there, as finishing asks for
    waiting: bool = True  # the proposal waits; else it is closed

    def __post_init__(self) -> None:
        edition = store.load(EDITION)
        applying = applicability.applicable(edition, PROFILE["categories"], PROFILE["flags"])
        self.codes = [one.criterion.code for one in applying]
        self.content = submitted_content(self.world, self.codes)
        self.digest = digest(edition)
        self.rows: dict[type, list[dict[str, object]]] = {}
        self.ids: list[tuple[str, UUID]] = []

    def write(self, count: int) -> list[str]:
        """Write them with their history; the references."""
        for number in range(1, count + 1):
            self._add(f"HS-2026-{number:04d}", number)
        session = self.world.session
        for table, rows in self.rows.items():
            session.execute(insert(table), rows)
        self._history(session)
        session.commit()
        return [ref for ref, _id in self.ids]

    def _add(self, ref: str, number: int) -> None:
        world, application_id, product_id = self.world, uuid4(), uuid4()
        self.ids.append((ref, application_id))
        about = {"vendor_id": world.hat_nang.id, "name": "Đèn Nhà", "name_en": "Home Lamp"}
        self._put(Product(id=product_id, slug=f"den-nha-{number}", **about))
        self._put(
            Application(
                id=application_id,
                ref=ref,
                vendor_id=world.hat_nang.id,
                product_id=product_id,
                edition_id=EDITION,
                edition_digest=self.digest,
                profile=dict(PROFILE),
                created_by=world.an.id,
                state=self.state,
                due_at=now() + timedelta(days=28),
            )
        )
        whole = {"application_id": application_id, "number": 1, "submitted_by": world.an.id}
        self._put(Submission(content=self.content, digest=digest_of(self.content), **whole))
        for letter, person in (("A", world.dung), ("B", world.ha)):
            self._review(application_id, letter, person)
        if self.state is State.IN_DECISION:
            self._before_the_committee(application_id)

    def _review(self, application_id: UUID, letter: str, person: User) -> None:
        self._put(Participation(application_id=application_id, person_id=person.id, part=Part.REVIEWER))
        self._put(Declaration(application_id=application_id, person_id=person.id, has_interest=False))
        final = now() if self.state is State.IN_DECISION else None
        named = {"application_id": application_id, "reviewer_id": person.id, "letter": letter, "lead": letter == "A"}
        review = Review(due_at=now() + timedelta(days=28), final_at=final, **named)
        self._put(review)
        for code in self.codes if self.scored else ():
            self._put(Score(review_id=review.id, criterion=code, value=3, version=1))

    def _before_the_committee(self, application_id: UUID) -> None:
        giang = self.world.giang
        words = {"summary_vi": "Chặn tốt.", "summary_en": "Blocks well.", "limits": [], "vendor_checked_at": now()}
        self._put(Recommendation(application_id=application_id, **words))
        for code in self.codes:
            self._put(AgreedScore(application_id=application_id, criterion=code, saved_by=giang.id, value=3))
        for decider in self.deciders:
            self._put(Declaration(application_id=application_id, person_id=decider.id, has_interest=False))
        self._put(Participation(application_id=application_id, person_id=giang.id, part=Part.PROPOSER))
        proposed = {"proposer_id": giang.id, "outcome": Outcome.CERTIFY, "level": "L1"}
        closed_at = None if self.waiting else now()
        self._put(Proposal(application_id=application_id, number=1, closed_at=closed_at, **proposed))

    def _put(self, row: object) -> None:
        self.rows.setdefault(type(row), []).append(row.model_dump())

    def _history(self, session: Session) -> None:
        """The chain from the draft to the state, written at once."""
        entries, texts, previous = [], [], "0" * 64
        for application_id, before, after in self._steps():
            text = HistoryText(seq=len(entries) + 1, salt="0" * 32, actor_name="", note="")
            entry = HistoryEntry(
                seq=text.seq,
                application_id=application_id,
                action=WAY[after],
                at=now(),
                from_state=before,
                to_state=after,
                text_hash=text_hash(text),
                previous_hash=previous,
                hash="",
            )
            entry.hash = previous = entry_hash(entry)
            entries.append(entry.model_dump())
            texts.append(text.model_dump())
        session.execute(insert(HistoryEntry), entries)
        session.execute(insert(HistoryText), texts)
        session.merge(ChainHead(id=1, seq=len(entries), hash=previous))

    def _steps(self) -> Iterator[tuple[UUID, State, State]]:
        states = list(WAY)
        for _ref, application_id in self.ids:
            for before, after in pairwise(states[: states.index(self.state) + 1]):
                yield application_id, before, after


class Hand:
    """Somebody's own browser, signed in, that sends the token of its forms."""

    def __init__(self, app: Flask, person: User) -> None:
        self.browser = app.test_client()
        self.browser.sign_in(person)
        self.token = self.browser.token("/account")

    def send(self, path: str, fields: dict[str, str]) -> Answer:
        """Send a form."""
        answer = self.browser.post(path, data={"csrf_token": self.token, **fields})
        return Answer(answer.status_code, answer.text)


Press = Callable[[Hand, str, int], Answer]


def post(path: str, **fields: object) -> Press:
    """Send a form; `{ref}` and `{n}` in the address and in the fields stand for the file and the round."""

    def press(hand: Hand, ref: str, number: int) -> Answer:
        given = {name: str(value).format(ref=ref, n=number) for name, value in fields.items()}
        return hand.send(path.format(ref=ref, n=number), given)

    return press


@dataclass
class Race:
    """Both press at once on each file in turn, each in a thread and with connections of their own."""

    app: Flask
    refs: list[str]
    before: Callable[[], None] | None = None  # done while both stand at the line
    told: dict[int, list[Answer]] = field(default_factory=lambda: {0: [], 1: []})
    broken: list[BaseException] = field(default_factory=list)

    def run(self, first: tuple[User, Press], second: tuple[User, Press]) -> list[tuple[Answer, Answer]]:
        """What each of the two was told, round by round."""
        self.line = threading.Barrier(2, self.before)
        both = enumerate((first, second))
        threads = [threading.Thread(target=self._press, args=(place, *one)) for place, one in both]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if self.broken:
            raise self.broken[0]
        return list(zip(self.told[0], self.told[1], strict=True))

    def _press(self, place: int, person: User, press: Press) -> None:
        try:
            hand = Hand(self.app, person)
            for number, ref in enumerate(self.refs):
                self.line.wait(PATIENCE)
                self.told[place].append(press(hand, ref, number))
        except BaseException as error:  # raised again by the thread that waits
            self.broken.append(error)
            self.line.abort()


@dataclass
class RaceOfVerbs:
    """Two people who act at the same moment on one row, each in a transaction of their own."""

    app: Flask
    table: type
    won: list[str] = field(default_factory=list)
    lost: list[Refused] = field(default_factory=list)
    gate: threading.Barrier = field(default_factory=lambda: threading.Barrier(2))

    def run(self, *steps: tuple[str, UUID, Callable[[Session, Any], object]]) -> None:
        """Everybody's name, the row, and what they do with it."""
        threads = [threading.Thread(target=self._act, args=step) for step in steps]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _act(self, name: str, row_id: UUID, act: Callable[[Session, Any], object]) -> None:
        with Session(self.app.extensions["engine"]) as session:
            self.gate.wait(PATIENCE)
            try:
                act(session, session.get_one(self.table, row_id))
                session.commit()
                self.won.append(name)
            except Refused as refusal:
                self.lost.append(refusal)


def everything_agrees(app: Flask) -> None:
    """Nothing is half done."""
    with app.app_context():
        found = list(fsck.findings(fsck.Asked(grace=timedelta(0))))
    assert found == []

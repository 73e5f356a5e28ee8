"""What the site told its visitors has been done, and what of it is not there at the end."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlmodel import Session, col, select

from assessments.models import Application, Certificate, Decision, Evidence, Proposal, Review, Score, StoredFile
from bench.visitor import Visitor
from registry.accounts.models import User
from registry.demonstration.fiction import email

PUBLIC_WITHIN = 60  # seconds after which a certificate that was decided has its page


@dataclass
class Acknowledged:
    """Every answer that said "done". Each visitor writes entries of their own only."""

    files: dict[str, tuple[str, str]] = field(default_factory=dict)  # sha256: who, title
    scores: dict[tuple[str, str, str], tuple[str, str]] = field(default_factory=dict)  # file, criterion, who: what
    proposals: dict[str, str] = field(default_factory=dict)  # file: who
    decisions: dict[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.files) + len(self.scores) + len(self.proposals) + len(self.decisions)


def lost(session: Session, done: Acknowledged, visitors: dict[str, Visitor]) -> Iterator[str]:
    """What was acknowledged and is not in the tables, or not on the pages of whoever did it, as sentences."""
    yield from _lost_files(session, done, visitors)
    yield from _lost_scores(session, done, visitors)
    yield from _lost_steps(session, done)
    yield from _unpublished(session, done, visitors)


def _lost_files(session: Session, done: Acknowledged, visitors: dict[str, Visitor]) -> Iterator[str]:
    question = select(StoredFile.sha256, Evidence.title).join(Evidence, col(Evidence.file_id) == StoredFile.id)
    kept = dict(session.exec(question.where(col(Evidence.removed_at).is_(None))).all())
    pages = {who: visitors[who].fresh("/evidence").text for who, _title in done.files.values()}
    for sha256, (who, title) in done.files.items():
        if kept.get(sha256) != title:
            yield f"{who}: {title} is not in the library"
        if title not in pages[who]:
            yield f"{who}: {title} is not on the page of the library"


def _lost_scores(session: Session, done: Acknowledged, visitors: dict[str, Visitor]) -> Iterator[str]:
    question = (
        select(Application.ref, Score.criterion, User.email, Score.value, Score.rationale)
        .join(Review, col(Review.id) == Score.review_id)
        .join(Application, col(Application.id) == Review.application_id)
        .join(User, col(User.id) == Review.reviewer_id)
    )
    kept = {(ref, code, address): (str(mark), reason) for ref, code, address, mark, reason in session.exec(question)}
    for (ref, code, who), said in done.scores.items():
        if kept.get((ref, code, email(who))) != said:
            yield f"{who}: the mark of {code} in {ref} is not the one that was saved last"
        if said[1] not in visitors[who].fresh(f"/reviews/{ref}?c={code}").text:
            yield f"{who}: the reason of {code} in {ref} is not on the page"


def _lost_steps(session: Session, done: Acknowledged) -> Iterator[str]:
    proposals, decisions = (
        set(
            session.exec(
                select(Application.ref, User.email)
                .join(table, col(table.application_id) == Application.id)
                .join(User, col(User.id) == person)
            ).all()
        )
        for table, person in ((Proposal, Proposal.proposer_id), (Decision, Decision.confirmer_id))
    )
    for what, told, kept in (("proposal", done.proposals, proposals), ("decision", done.decisions, decisions)):
        yield from (f"{who}: the {what} on {ref} is gone" for ref, who in told.items() if (ref, email(who)) not in kept)


def _unpublished(session: Session, done: Acknowledged, visitors: dict[str, Visitor]) -> Iterator[str]:
    """A decision to certify is a certificate, and the certificate has a page that everybody reads."""
    question = select(Application.ref, Certificate.number).join(
        Certificate, col(Certificate.application_id) == Application.id
    )
    numbers = dict(session.exec(question).all())
    for ref, who in done.decisions.items():
        if ref not in numbers:
            yield f"{who}: the decision on {ref} has no certificate"
        elif not _appears(visitors[who], f"/c/{numbers[ref]}", ref):
            yield f"{who}: the certificate of {ref} is not public"


def _appears(visitor: Visitor, path: str, ref: str) -> bool:
    visitor.fresh(f"/decisions/{ref}")
    deadline = time.monotonic() + PUBLIC_WITHIN
    while visitor.ask("GET", path, expected={200, 404}).status != 200:
        if time.monotonic() > deadline:
            return False
        time.sleep(1)
    return True

"""What stands round the score of one criterion: questions to the vendor, own tests, and the time before."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from assessments.models import Question, Score
from assessments.policy import Standing
from assessments.queries import questions, test_records
from assessments.queries.test_records import Item
from criteria.model import Criterion
from registry.reviews import before
from registry.reviews.bench import Bench


@dataclass(frozen=True)
class Desk:
    """One criterion on one reviewer's desk."""

    asked: tuple[tuple[Question, str], ...]  # the questions about it that may be read, with the letter
    tests: tuple[Item, ...]
    earlier: before.Earlier | None
    tested: frozenset[str]  # criteria with a test of one's own
    reopened: frozenset[str]  # criteria that a correction named


def desk_of(session: Session, found: Bench, criterion: Criterion, standing: Standing) -> Desk:
    """Read it in a fixed number of statements, whatever the data: see tests/registry/reviews/test_statements.py."""
    named = before.reopened(session, found)
    tests = test_records.visible_to(session, standing, found.team, found.mine.reviewer_id)
    return Desk(
        asked=tuple(
            (one, letter)
            for one, letter in questions.visible_to(session, found.team, found.mine.reviewer_id)
            if one.criterion == criterion.code
        ),
        tests=tuple(one for one in tests if criterion.code in one.record.criteria),
        earlier=before.earlier_of(session, found, criterion, named),
        tested=frozenset(code for one in tests if one.letter == found.mine.letter for code in one.record.criteria),
        reopened=named,
    )


def given_along(session: Session, found: Bench, standing: Standing) -> list[tuple[str, Item]]:
    """(criterion, own test) of every test that the company will read because a comment of one's own names it."""
    scores = [score for score in found.own.values() if score.to_vendor]
    own = test_records.visible_to(session, standing, [found.mine], found.mine.reviewer_id) if scores else []
    return test_records.named_by(own, found.mine.letter, scores)


def notes(found: Bench, desk: Desk) -> dict[str, list[str]]:
    """Criterion code -> what else the list says of it."""
    said: dict[str, list[str]] = {}
    for code in desk.reopened:
        said.setdefault(code, []).append("reopened")
    for code, score in found.own.items():
        if score.later:
            said.setdefault(code, []).append("later")
    return said


def as_fields(conflict: Any, score: Score | None) -> list[tuple[str, str, str]]:
    """(name, own text, stored text) of every text that two saves differ in."""
    if conflict is None or score is None:
        return []
    names = ("rationale", "panel_only", "to_vendor")
    mine, theirs = conflict.yours.fields, conflict.theirs.fields
    return [(name, mine[name], theirs[name]) for name in names if mine[name] != theirs[name]]

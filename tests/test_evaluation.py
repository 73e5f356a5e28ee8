"""What the tests write straight into the tables is what the verbs would have written."""

from typing import Any

from sqlmodel import Session, SQLModel, select

from assessments import consensus, reviews
from assessments.models import AgreedScore, Score, ScoreVersion
from assessments.queries.consensus import applicable_criteria
from tests import evaluation
from tests.world import World

OWN = {"id", "review_id", "score_id", "application_id", "saved_at"}  # what differs from row to row


def contents(session: Session, table: type[SQLModel]) -> list[dict[str, Any]]:
    return [one.model_dump(exclude=OWN) for one in session.exec(select(table)).all()]


def in_order(rows: list[dict[str, Any]]) -> list[str]:
    return sorted(map(repr, rows))


def test_marks_and_agreements(world: World):
    written, said = evaluation.in_review(world), evaluation.in_review(world, ref="HS-2026-0002")
    for mark in ("2", "3"):
        person = world.dung if mark == "2" else world.ha
        evaluation.score_all(world, person, written, mark)
    straight = {table: in_order(contents(world.session, table)) for table in (Score, ScoreVersion)}
    codes = [criterion.code for criterion in applicable_criteria(world.session, said)]
    for person, mark in ((world.dung, "2"), (world.ha, "3")):
        for code in codes:
            marking = reviews.Marking(mark, None, "" if mark == "3" else f"Lý do của {person.name}")
            reviews.save_score(world.session, person, said, code, marking, 0)
    for table, rows in straight.items():
        assert len(rows) == 2 * len(codes)
        assert in_order(contents(world.session, table)) == sorted(2 * rows)


def test_agreed_scores(world: World):
    written, said = evaluation.in_consensus(world), evaluation.in_consensus(world, ref="HS-2026-0002")
    evaluation.agree_all(world, written)
    straight = in_order(contents(world.session, AgreedScore))
    for criterion in applicable_criteria(world.session, said):
        agreement = consensus.Agreement("3", "Đã bàn và thống nhất.")
        consensus.agree(world.session, world.dung, said, criterion.code, agreement, 0)
    assert in_order(contents(world.session, AgreedScore)) == sorted(2 * straight)

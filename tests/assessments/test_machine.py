"""No sequence of steps reaches a certificate past the rules: a machine tries them on real tables, in any order."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from assessments.models import AgreedScore, Member
from assessments.people import MemberRole
from tests import machine, real_products
from tests.soundness import broken
from tests.world import World


def test_no_sequence_of_steps_gets_past_the_rules(app: Flask, tmp_path: Path, empty_database: Path | None) -> None:
    attempt = machine.attempt(machine.Databases(app, tmp_path, empty_database))
    with app.test_request_context():
        machine.in_any_order(attempt)
    assert attempt.certificates > 0  # else nothing was judged


def test_nor_where_an_interest_comes_up_late(app: Flask, tmp_path: Path, empty_database: Path | None) -> None:
    attempt = machine.attempt(machine.Databases(app, tmp_path, empty_database))
    with app.test_request_context():
        machine.with_misfortune(attempt)
    assert attempt.certificates > 1


def test_nor_on_the_way_through_an_appeal_to_another_decision(
    app: Flask, tmp_path: Path, empty_database: Path | None
) -> None:
    attempt = machine.attempt(machine.Databases(app, tmp_path, empty_database))
    with app.test_request_context():
        machine.in_good_faith(attempt)
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

"""Holes made on purpose, one at a time, through every layer that would close them: the machine finds each.

The same runs that find nothing in test_machine.py have to end here at a certificate that breaks the rule, or the search
is too small.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, event
from sqlmodel import Session

from assessments import consensus, decisions, readiness, reviews, workflow
from assessments.models import Application, Participation
from assessments.policy import POLICY, Permission, is_assigned, is_decider
from assessments.queries import reviews as panels
from assessments.states import Action
from tests import machine

Patch = pytest.MonkeyPatch


def one_review_is_enough(patch: Patch) -> None:
    """The consensus opens once everybody who is left is final, however few they are."""

    def ready(session: Session, application: Application) -> list[Any]:
        team = panels.active(session, application.id)
        return [] if panels.all_final(team) else [readiness.Missing("", "reviews")]

    _for_the_consensus(patch, ready)


def the_first_to_finish_is_enough(patch: Patch) -> None:
    """The consensus opens with the first review that is final, and does not wait for the others anywhere."""

    def ready(session: Session, application: Application) -> list[Any]:
        team = panels.active(session, application.id)
        return [] if any(one.final_at for one in team) else [readiness.Missing("", "reviews")]

    _for_the_consensus(patch, ready)


def _for_the_consensus(patch: Patch, ready: Callable[[Session, Application], list[Any]]) -> None:
    for module in (readiness, reviews, consensus):
        if hasattr(module, "to_open_consensus"):
            patch.setattr(module, "to_open_consensus", ready)
    step = workflow.TRANSITIONS[Action.OPEN_CONSENSUS]
    patch.setitem(workflow.TRANSITIONS, Action.OPEN_CONSENSUS, replace(step, ready=ready))


def nobody_asks_about_interests(patch: Patch) -> None:
    """Whoever is assigned scores, and makes final, before they have declared anything."""
    patch.setitem(POLICY, Permission.REVIEW, (is_assigned,))
    patch.setitem(POLICY, Permission.LEAD, (lambda standing: is_assigned(standing) and standing.lead,))


def whoever_proposes_confirms(patch: Patch) -> None:
    """Policy, workflow, parts and the tables themselves let one person do both."""
    patch.setitem(POLICY, Permission.CONFIRM, (is_decider,))
    patch.setattr(workflow, "stands_in_the_way", lambda *_: False)
    patch.setattr(decisions, "take_part", _any_part)


def _any_part(session: Session, application: Application, person_id: Any, part: Any) -> Participation:
    found = session.get(Participation, (application.id, person_id))
    if found is None:
        found = Participation(application_id=application.id, person_id=person_id, part=part)
        session.add(found)
        session.flush()
    return found


def unguarded(fresh: Callable[[], Engine]) -> Callable[[], Engine]:
    """The same databases without their constraints."""

    def look_away(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute("PRAGMA ignore_check_constraints=ON")

    def engine() -> Engine:
        found = fresh()
        event.listen(found, "connect", look_away)
        return found

    return engine


HOLES: dict[str, tuple[Callable[[Patch], None], str]] = {
    "consensus opened with one review": (one_review_is_enough, "fewer than two reviewers"),
    "consensus opened with one of several": (the_first_to_finish_is_enough, "a review that is not complete and final"),
    "an undeclared reviewer scores": (
        nobody_asks_about_interests,
        "somebody who has not declared that they have no interest",
    ),
    "same proposer and confirmer": (whoever_proposes_confirms, "one person in two parts"),
}


@pytest.mark.parametrize("hole", HOLES)
def test_a_hole_made_on_purpose_is_found(
    hole: str, app: Flask, tmp_path: Path, empty_database: Path | None, monkeypatch: Patch
) -> None:
    plant, sentence = HOLES[hole]
    plant(monkeypatch)
    fresh: Callable[[], Engine] = machine.Databases(app, tmp_path, empty_database)
    if plant is whoever_proposes_confirms:
        if empty_database is None:
            pytest.skip("PostgreSQL does not look away")
        fresh = unguarded(fresh)
    attempt = machine.attempt(fresh)
    with app.test_request_context(), pytest.raises(machine.Broken) as found:
        machine.everything(attempt)
    assert sentence in found.value.sentences

"""People with names found nowhere else: every page, export, mail and file of everybody is searched for them.

Reviewers and deciders, and what reviewers write before all are final, must not be found where they do not belong.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlmodel import select

from assessments import (
    applications,
    assignments,
    clock,
    consensus,
    corrections,
    decisions,
    declarations,
    intake,
    reviews,
)
from assessments.models import Application, Review
from assessments.people import InterestKind
from assessments.queries.consensus import applicable_criteria
from assessments.readiness import CHECKLIST
from assessments.states import Outcome
from registry import jobs
from registry.accounts.models import User
from registry.mail.models import Letter
from tests import drafting, leaks, matrix
from tests.deciding import ISSUER
from tests.matrix import KINDS
from tests.test_access import address
from tests.world import World

HIDDEN = ("dung", "ha", "nga", "oanh", "giang", "hung", "quang")  # whose names the company must not learn
WRITERS = ("dung", "ha")
OUTSIDE = {"anonymous", "owner", "contributor", "other vendor"}


@dataclass
class Cast:
    """Everybody under a name that stands nowhere else, and the file they work on."""

    app: Flask
    world: World
    people: dict[str, User]
    application: Application

    def identity(self, name: str) -> set[str]:
        """What would give somebody away."""
        person = self.people[name]
        return {f"{name}zq7", f"{name}zq8@", str(person.id), person.id.hex}


@pytest.fixture
def cast(app: Flask, world: World) -> Cast:
    """Hạt Nắng's draft, ready to be handed in; the club under its canary names."""
    people = {**vars(world), **matrix.newcomers(world)}
    named = {name: people[name] for name in KINDS.values() if name}
    for name, person in named.items():
        person.name, person.email = f"Kín {name}zq7", f"{name}zq8@club.example"
        world.session.add(person)
    world.session.commit()
    return Cast(app, world, named, drafting.ready(world))


def written(name: str) -> dict[str, str]:
    """What a reviewer writes, by who may read it."""
    return {"rationale": f"lydo{name}zq", "panel_only": f"hoidong{name}zq", "to_vendor": f"guidonvi{name}zq"}


def hand_in(cast: Cast) -> None:
    session, chi = cast.world.session, cast.people["chi"]
    applications.submit(session, cast.world.an, cast.application)
    intake.accept(session, chi, cast.application, CHECKLIST)
    team = tuple(cast.people[one].id for one in (*WRITERS, "nga"))
    due_on = clock.today() + timedelta(days=20)
    assignments.assign(session, chi, cast.application, assignments.Team(team, team[0], due_on))


def score(name: str) -> Callable[[Cast], None]:
    def act(cast: Cast) -> None:
        session, person = cast.world.session, cast.people[name]
        declarations.declare(session, person, cast.application, has_interest=False)
        for criterion in applicable_criteria(session, cast.application):
            marking = reviews.Marking("2" if name == "ha" else "3", None, **written(name))
            reviews.save_score(session, person, cast.application, criterion.code, marking, 0)
        reviews.finish(session, person, cast.application)

    return act


def leave_out(cast: Cast) -> None:
    """Nga says that she has an interest: the two others are enough."""
    kind = InterestKind.FAMILY
    declarations.declare(cast.world.session, cast.people["nga"], cast.application, has_interest=True, kind=kind)


def recommend(cast: Cast) -> None:
    session = cast.world.session
    lead = next(one for one in session.exec(select(Review).where(Review.lead)).all())
    person = next(one for one in cast.people.values() if one.id == lead.reviewer_id)
    for criterion in applicable_criteria(session, cast.application):
        agreement = consensus.Agreement("3", "Đã thống nhất.")
        consensus.agree(session, person, cast.application, criterion.code, agreement, 0)
    texts = consensus.Texts("Bản tóm tắt.", "The summary.", (("Giới hạn.", "A limit."),))
    consensus.write_recommendation(session, person, cast.application, texts, 0)
    consensus.ask_facts_check(session, person, cast.application)
    corrections.check_facts(session, cast.world.an, cast.application)
    consensus.recommend(session, person, cast.application)


def propose(cast: Cast) -> None:
    session = cast.world.session
    for name in ("giang", "hung"):
        declarations.declare(session, cast.people[name], cast.application, has_interest=False)
    decisions.propose(session, cast.people["giang"], cast.application, decisions.Proposing(Outcome.CERTIFY, "L1"))


def confirm(cast: Cast) -> None:
    decisions.confirm(cast.world.session, cast.people["hung"], cast.application, 1, ISSUER)


# Step by step: what is done, and whether all reviews are final afterwards.
WAY: tuple[tuple[str, Callable[[Cast], None], bool], ...] = (
    ("handed in and assigned", hand_in, False),
    ("one review is final", score("dung"), False),
    ("two are final, one person has not answered", score("ha"), False),
    ("all that count are final", leave_out, True),
    ("before the committee", recommend, True),
    ("proposed", propose, True),
    ("certified", confirm, True),
)


def secrets_from(cast: Cast, kind: str, *, final: bool) -> set[str]:
    """What this kind of person must not find."""
    own = KINDS[kind]
    hidden: set[str] = set()
    if kind in OUTSIDE or "reviewer" in kind or "decider" in kind:
        reviewers = {"dung", "ha", "nga", "oanh"}
        seen = {"giang", "hung", "quang"} if "decider" in kind else set()
        hidden |= set().union(*(cast.identity(one) for one in {*HIDDEN, *reviewers} - seen - {own}))
    for name in set(WRITERS) - {own}:
        texts = written(name)
        if not final or kind not in PANEL:
            hidden |= {texts["rationale"], texts["panel_only"]}
        if not final or kind in OUTSIDE - {"owner", "contributor"}:
            hidden.add(texts["to_vendor"])
    return hidden


PANEL = {"lead reviewer", "reviewer", "decider", "coordinator", "auditor"}


def found(cast: Cast, kind: str, *, final: bool) -> list[tuple[str, str]]:
    """(address, canary) of everything that this kind of person finds and should not."""
    browser = cast.app.test_client()
    person = cast.people.get(KINDS[kind] or "")
    if person is not None:
        browser.sign_in(person)
    hidden = secrets_from(cast, kind, final=final)
    visit = leaks.Visit(cast.app, browser, public=kind == "anonymous")
    return [
        (path, secret)
        for path, text in visit.pages(addresses(cast.app, cast.application.ref))
        for secret in hidden
        if secret in text
    ]


def addresses(app: Flask, ref: str) -> Iterator[str]:
    """Every address that can be guessed: those without a part to fill in, and those of the application."""
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or set()) and set(rule.arguments) <= {"ref", "code"}:
            yield address(app, rule, ref)


def in_letters(cast: Cast, *, final: bool) -> list[tuple[str, str]]:
    """(recipient, canary) of every letter written so far that says what its reader must not know."""
    kinds = {person.email: kind for kind, name in KINDS.items() if name for person in [cast.people[name]]}
    return [
        (letter.recipient, secret)
        for letter in cast.world.session.exec(select(Letter)).all()
        for secret in secrets_from(cast, kinds[letter.recipient], final=final)
        if secret in f"{letter.subject}\n{letter.body}"
    ]


def test_nobody_finds_a_name_or_a_word_that_is_not_for_them(app: Flask, cast: Cast) -> None:
    wrong: dict[str, Any] = {}
    for label, step, final in WAY:
        with app.test_request_context():
            step(cast)
        cast.world.session.commit()
        with app.app_context():
            jobs.turn()
        wrong |= {f"{label}: letters": in_letters(cast, final=final)}
        cast.world.session.commit()
        wrong |= {f"{label}: {kind}": found(cast, kind, final=final) for kind in KINDS}
    assert {place: leaked for place, leaked in wrong.items() if leaked} == {}

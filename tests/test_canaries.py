"""People with names found nowhere else: every page, export, mail and file of everybody is searched for them.

Reviewers, deciders and hearers, and what reviewers write before all are final, must not be found where they do not
belong; and a leak made on purpose is found (tests/canaries.py says who may find what).
"""

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlmodel import col, select

from assessments.models import Appeal, Certificate, Concern
from registry import errors, jobs, notices, storage
from registry.mail.models import Attachment, Letter
from tests import canaries, leaks
from tests.canaries import KINDS, NAMED, Cast
from tests.test_access import address
from tests.world import World

PUBLIC_NAMES = {"/committee", "/en/committee"}


@pytest.fixture
def cast(app: Flask, world: World) -> Cast:
    return canaries.cast_of(app, world)


def carry(cast: Cast, way: canaries.Way) -> Iterator[str]:
    """Take step after step, each with what the worker makes of it."""
    for label, step in way:
        with cast.app.test_request_context():
            step(cast)
            notices.write_letters(cast.world.session)  # as every transaction of the site does
        cast.world.session.commit()
        with cast.app.app_context():
            jobs.turn()
        yield label


def found(cast: Cast, kind: str, *, everything: bool = False) -> list[tuple[str, str]]:
    """(address, canary) of everything that this kind of person finds and should not."""
    browser = cast.app.test_client()
    person = cast.people.get(KINDS[kind] or "")
    if person is not None:
        browser.sign_in(person)
    hidden = canaries.secrets_from(cast, kind)
    roles = frozenset(role.value for role in person.roles) if person is not None else frozenset()
    visit = leaks.Visit(cast.app, browser, public=kind == "anonymous", everything=everything, roles=roles)
    start = list(addresses(cast))
    if kind in canaries.STRANGERS and not everything:  # in between, not what is known to be 404 for them
        start = [path for path in start if cast.application.ref not in path]
    with pytest.MonkeyPatch.context() as patch:
        if not everything:
            patch.setattr(errors, "render_template", plain)
        return [
            (path, secret)
            for path, text in visit.pages(start)
            for secret in hidden - named_on(cast, path)
            if secret in text
        ]


def plain(template: str, **values: Any) -> str:
    """All that a refusal has to say, without the frame that every page has."""
    return f"{template} {values}"


def named_on(cast: Cast, path: str) -> set[str]:
    """Who has agreed to be named is named on the page of the committee."""
    return {f"{NAMED}zq7"} if path.partition("?")[0] in PUBLIC_NAMES else set()


OF_CERTIFICATES = ("certificates.", "credentials.", "change_notices.", "log.", "surveillance.")


def addresses(cast: Cast) -> Iterator[str]:
    """Every address that can be guessed: those of the file, of its appeal and certificate, and those of no file."""
    ref, session = cast.application.ref, cast.world.session
    appeal, certificate = session.exec(select(Appeal)).first(), session.exec(select(Certificate)).first()
    session.commit()
    yield from of_concerns(cast)
    rules = [rule for rule in cast.app.url_map.iter_rules() if "GET" in (rule.methods or set())]
    for rule in sorted(rules, key=lambda one: "ref" not in one.arguments):
        if set(rule.arguments) <= {"ref", "code"}:
            yield address(cast.app, rule, ref)
        elif rule.arguments == {"number"} and rule.endpoint.startswith("appeals.") and appeal:
            yield cast.app.url_map.bind("localhost").build(rule.endpoint, {"number": appeal.number})
        elif rule.arguments == {"number", "place"} and certificate:
            values = {"number": certificate.number, "place": 1}
            yield cast.app.url_map.bind("localhost").build(rule.endpoint, values)
        elif rule.arguments == {"number"} and rule.endpoint.startswith(OF_CERTIFICATES) and certificate:
            yield cast.app.url_map.bind("localhost").build(rule.endpoint, {"number": certificate.number})


def of_concerns(cast: Cast) -> Iterator[str]:
    """The pages of the concern that was reported."""
    numbers = cast.world.session.exec(select(Concern.number)).all()
    cast.world.session.commit()
    yield from (f"/triage/{number}" for number in numbers)


def in_letters(cast: Cast) -> list[tuple[str, str]]:
    """(recipient, canary) of every letter written so far that says what its reader must not know."""
    kinds = {cast.people[name].email: kind for kind, name in KINDS.items() if name}
    return [
        (letter.recipient, secret)
        for letter in cast.world.session.exec(select(Letter)).all()
        for text in [whole(cast, letter)]
        for secret in canaries.secrets_from(cast, kinds.get(letter.recipient, "anonymous"))
        if secret in text
    ]


def whole(cast: Cast, letter: Letter) -> str:
    """A letter with everything that goes with it."""
    enclosed = []
    for one in cast.world.session.exec(select(Attachment).where(col(Attachment.letter_id) == letter.id)).all():
        with cast.app.app_context(), storage.current().open(one.sha256) as source:
            enclosed.append(leaks.readable(one.name, source.read()))
    return "\n".join([letter.subject, letter.body, *enclosed])


def search(cast: Cast, way: canaries.Way, kinds: Iterable[str] = KINDS) -> dict[str, Any]:
    """What is found on a way, step by step."""
    wrong: dict[str, Any] = {}
    wide = {label for label, _step in way[2::5]} | {way[-1][0]}
    for label in carry(cast, way):
        wrong[f"{label}: letters"] = in_letters(cast)
        cast.world.session.commit()
        for kind in kinds:
            wrong[f"{label}: {kind}"] = found(cast, kind, everything=label in wide)
    return {place: leaked for place, leaked in wrong.items() if leaked}


def test_nobody_finds_a_name_or_a_word_that_is_not_for_them(cast: Cast) -> None:
    assert search(cast, canaries.TO_THE_CERTIFICATE) == {}


def test_nor_when_it_is_declined_and_the_appeal_is_heard(cast: Cast) -> None:
    for _label in carry(cast, canaries.BEFORE):
        pass
    assert search(cast, canaries.TO_THE_APPEAL) == {}

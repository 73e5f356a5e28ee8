"""Leaks made on purpose, one at a time: the search that finds none elsewhere finds each of them."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

import pytest
from flask import Flask, make_response
from sqlmodel import select

from assessments import clock, questions
from assessments.models import Review, Score
from registry import jobs, notices
from registry.documents.paper import Paper
from registry.mail import outbox
from registry.reviews import pack_files
from tests import canaries
from tests.canaries import Cast
from tests.test_canaries import found, in_letters
from tests.world import World

NAME, WORDS = "Kín dungzq7", "lydodungzq"


@pytest.fixture
def cast(app: Flask, world: World) -> Cast:
    """Dũng's review is final, Hà has only said that she has no interest."""
    cast = canaries.cast_of(app, world)
    with app.test_request_context():
        canaries.hand_in(cast)
        canaries.score("dung")(cast)
        canaries.declare(cast, "ha")
        notices.write_letters(world.session)
    world.session.commit()
    return cast


def answered(cast: Cast, patch: pytest.MonkeyPatch, endpoint: str, change: Callable[[Any], None]) -> None:
    """Let the answer of a route be another."""
    view = cast.app.view_functions[endpoint]

    @wraps(view)
    def changed(**values: Any) -> Any:
        answer = make_response(view(**values))
        change(answer)
        return answer

    patch.setitem(cast.app.view_functions, endpoint, changed)


def in_a_page(cast: Cast, patch: pytest.MonkeyPatch) -> None:
    answered(
        cast,
        patch,
        "applications.show",
        lambda answer: answer.set_data(f"{answer.get_data(as_text=True)}<p>{NAME}</p>"),
    )


def in_a_header(cast: Cast, patch: pytest.MonkeyPatch) -> None:
    answered(
        cast, patch, "applications.messages", lambda answer: answer.headers.set("X-Writer", cast.people["dung"].id)
    )


def in_json(cast: Cast, patch: pytest.MonkeyPatch) -> None:
    def add(answer: Any) -> None:
        answer.set_data(json.dumps({**json.loads(answer.get_data(as_text=True)), "why": WORDS}))

    answered(cast, patch, "applications.export_json", add)


def in_a_zip(_cast: Cast, patch: pytest.MonkeyPatch) -> None:
    info = pack_files._info
    patch.setattr(pack_files, "_info", lambda name, kind: info(f"beside-dungzq7/{name}", kind))


def in_a_pdf(cast: Cast, patch: pytest.MonkeyPatch) -> None:
    begin = Paper.__init__

    def signed(paper: Paper, *given: Any) -> None:
        begin(paper, *given)
        paper.set_author(NAME)

    patch.setattr(Paper, "__init__", signed)
    with cast.app.app_context():
        jobs.turn()


FOUND: dict[str, tuple[Callable[[Cast, pytest.MonkeyPatch], None], str, str, str]] = {
    "page": (in_a_page, "owner", "/applications/HS-2026-0001", "dungzq7"),
    "header": (in_a_header, "owner", "/applications/HS-2026-0001/messages", "id"),
    "json": (in_json, "owner", "/applications/HS-2026-0001/export.json", WORDS),
    "zip": (in_a_zip, "reviewer", "/reviews/HS-2026-0001/pack", "dungzq7"),
    "pdf": (in_a_pdf, "owner", "/applications/HS-2026-0001/submissions/1/receipt.pdf", "dungzq7"),
}


def test_a_leak_made_on_purpose_is_found(cast: Cast) -> None:
    for label, (plant, kind, where, what) in FOUND.items():
        secret = str(cast.people["dung"].id) if what == "id" else what
        with pytest.MonkeyPatch.context() as patch:
            plant(cast, patch)
            leaks = found(cast, kind)
        assert {one for _path, one in leaks} == {secret}, label
        assert all(path.startswith(where) for path, _one in leaks), label


def test_a_leak_in_a_letter_is_found(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    assert in_letters(cast) == []
    rendered = outbox.rendered
    monkeypatch.setattr(outbox, "rendered", lambda mail: (rendered(mail)[0], f"{rendered(mail)[1]}\n{NAME}"))
    with cast.app.test_request_context():
        questions.ask(cast.world.session, cast.people["ha"], cast.application, canaries.CODE, "Bản nào?")
        with clock.at(clock.now() + timedelta(days=2)):
            questions.tell(cast.world.session, cast.application)
        notices.write_letters(cast.world.session)
    cast.world.session.commit()
    assert ("anzq8@club.example", "dungzq7") in in_letters(cast)


def test_the_answer_to_a_reviewer_is_the_same_whatever_the_other_has_scored_and_asked(cast: Cast) -> None:
    """Byte for byte, but for tokens: no count, order or hint tells how far the other one is, or what they gave."""
    browser = cast.app.test_client()
    browser.sign_in(cast.people["ha"])
    paths = ["/reviews", *(f"/reviews/{cast.application.ref}{more}" for more in ("", "/overview", "/questions"))]
    before = [plain(browser.get(path).text) for path in paths]
    session = cast.world.session
    review = session.exec(select(Review).where(Review.reviewer_id == cast.people["dung"].id)).one()
    review.final_at = None
    session.add(review)
    for score in session.exec(select(Score).where(Score.review_id == review.id)).all():
        score.value, score.rationale, score.panel_only, score.to_vendor = None, "", "", ""
        session.add(score)
    session.flush()
    asked = questions.ask(session, cast.people["dung"], cast.application, "TN-05", "Bản nào?")
    questions.answer(session, cast.world.an, cast.application, asked.id, "Bản 5.2.")
    session.commit()
    assert [plain(browser.get(path).text) for path in paths] == before


def plain(page: str) -> str:
    """A page without what is drawn anew each time."""
    return re.sub(r'value="[^"]*"|nonce="[^"]*"|[?&;]token=[^"&]*', "", page)

"""What the tests of the evidence pages do by hand: send a file, put evidence into answers and snapshots."""

import html
import io
import re
from pathlib import Path
from typing import Any

from flask import Flask, g
from sqlmodel import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from assessments import evidence
from assessments.evidence import Facts
from assessments.models import Answer, AnswerEvidence, Application, Evidence, Submission
from assessments.people import Actor
from registry import access
from registry.accounts import sessions
from registry.storage import LocalStorage
from tests.conftest import Browser
from tests.registry.evidence import samples

CRITERION = "TN-01"


def action(browser: Browser, page: str = "/evidence/new") -> str:
    """Where the upload form of a page posts to, token and all."""
    found = re.search(r'<form[^>]* action="([^"]*/evidence/upload\?[^"]*)"', browser.get(page).text)
    return html.unescape(found[1]) if found else ""


def send(
    browser: Browser,
    content: bytes = samples.PDF,
    name: str = "Chính sách.pdf",
    page: str = "/evidence/new",
    **fields: str,
) -> TestResponse:
    """Fill the upload form in and post it; a field given as "" is left empty."""
    return browser.post(action(browser, page), data=filled(content, name, **fields))


def filled(content: bytes = samples.PDF, name: str = "Chính sách.pdf", **fields: str) -> dict[str, Any]:
    """The upload form as somebody filled it in."""
    typed = {"kind": "DOC", "title": "Chính sách bảo vệ dữ liệu", "promise": "y", **fields}
    return {**{field: text for field, text in typed.items() if text}, "file": (io.BytesIO(content), name)}


def body(content: bytes = samples.PDF, **fields: str) -> dict[str, Any]:
    """The same as bytes: what to give to the client's post()."""
    typed = {**filled(**fields), "file": FileStorage(io.BytesIO(content), filename="a.pdf")}
    boundary, whole = encode_multipart(typed)
    return {"data": whole, "content_type": f"multipart/form-data; boundary={boundary}"}


def stored(app: Flask) -> list[str]:
    """Every file in the storage, temporary ones included."""
    storage = app.extensions["storage"]
    assert isinstance(storage, LocalStorage)
    return [path.name for path in Path(storage.root).rglob("*") if path.is_file()]


def keep(app: Flask, session: Session, actor: Actor, content: bytes = samples.PDF, **facts: Any) -> Evidence:
    """A file in the library of the actor's company, without the page."""
    with app.extensions["storage"].begin() as incoming:
        incoming.write(content)
        sha256, size = incoming.keep()
    kept = evidence.Kept(sha256, size, facts.pop("media_type", "application/pdf"), facts.pop("name", "Chính sách.pdf"))
    said = Facts(**{"kind": "DOC", "title": "Chính sách", **facts})
    found = evidence.add_file(session, actor, next(iter(actor.memberships)), kept, said)
    session.commit()
    return found


def link(session: Session, actor: Actor, url: str = "https://dennha.example/chinh-sach") -> Evidence:
    """A link in the library of the actor's company."""
    found = evidence.add_link(session, actor, next(iter(actor.memberships)), url, Facts("LINK", "Chính sách"))
    session.commit()
    return found


def attach(session: Session, application: Application, found: Evidence) -> None:
    """Use evidence for the criterion."""
    answer = Answer(application_id=application.id, criterion=CRITERION, claim="Có.")
    session.add(answer)
    session.flush()
    session.add(AnswerEvidence(answer_id=answer.id, evidence_id=found.id))
    session.commit()


def hand_in(session: Session, application: Application, found: Evidence) -> None:
    """A snapshot that holds the evidence."""
    answers = {CRITERION: {"claim": "Có.", "evidence": [{"id": str(found.id)}]}}
    session.add(
        Submission(
            application_id=application.id,
            number=1,
            content={"number": 1, "answers": answers},
            digest="sha256:test",
            submitted_by=application.created_by,
        )
    )
    session.commit()


def signed(app: Flask, browser: Browser, path: str) -> str:
    """A path with an upload token that holds for the browser's own session."""
    with browser.session_transaction("/account") as cookie:
        key = cookie["_user_id"]
    with app.test_request_context(path):
        g.login_session = sessions.key_hash(key)
        return f"{path}?token={access.upload_token(path, {})}"


def same_session(browser: Browser, other: Browser) -> Browser:
    """Another window of the same sign-in."""
    with browser.session_transaction("/account") as cookie:
        held = dict(cookie)
    with other.session_transaction("/account") as cookie:
        cookie.update(held)
    return other

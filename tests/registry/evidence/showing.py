"""Applications under review whose evidence is files with pages, for the tests of the viewer and its notes."""

from typing import Any

from flask import Flask
from sqlmodel import Session

from assessments import reading
from assessments.models import Application, Evidence, StoredFile
from assessments.queries.submissions import latest
from registry.evidence import rendering
from tests import evaluation
from tests.world import World

REF = "HS-2026-0001"
CODE = "TN-05"


def item(session: Session, piece: Evidence) -> dict[str, Any]:
    """A piece as a submission describes it."""
    described = {"id": str(piece.id), "kind": piece.kind, "title": piece.title, "issued_on": None, "valid_until": None}
    if piece.file_id is None:
        return described | {"url": piece.url}
    file = session.get_one(StoredFile, piece.file_id)
    about = {"sha256": file.sha256, "size": file.size, "media_type": file.media_type, "name": file.name}
    return described | {"file": {"id": str(file.id), **about}}


def in_review(world: World, *pieces: Evidence, **fields: Any) -> Application:
    """Dũng (A or B) and Hà review; the pieces were handed in for TN-05, and their pages are wanted."""
    items = [item(world.session, piece) for piece in pieces]
    return wanted(world, evaluation.in_review(world, TN_05={"evidence": items}, **fields))


def wanted(world: World, application: Application) -> Application:
    """As the submission itself would have it."""
    submission = latest(world.session, application.id)
    assert submission is not None
    reading.want(world.session, submission.content)
    world.session.commit()
    return application


def draw(app: Flask) -> None:
    """The worker's turn."""
    with app.app_context():
        rendering.render_files()

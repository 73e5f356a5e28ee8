"""Routes for checking without us: what a check needs, and the program that does it."""

import hashlib
from functools import cache
from pathlib import Path

from flask import Blueprint, jsonify, make_response
from flask.blueprints import BlueprintSetupState
from werkzeug import Response

from registry import access, db
from registry.verifying import registry_verify
from registry.verifying.snapshot import snapshot_of

bp = Blueprint("verifying", __name__)

NAME = "registry-verify.py"


@bp.get("/verify/snapshot.json")
@access.public
def snapshot() -> Response:
    """Keys, status lists and the head of the log as of now; any site may read it."""
    response = jsonify(snapshot_of(db.session()))
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@bp.get(f"/{NAME}")
@access.public
def tool() -> Response:
    """The program that checks certificates, to be kept."""
    response = make_response(_program())
    response.headers["Content-Type"] = "text/x-python; charset=utf-8"
    response.headers["Content-Disposition"] = f"attachment; filename={NAME}"
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@cache
def _program() -> bytes:
    return Path(registry_verify.__file__).read_bytes()


def tool_sha256() -> str:
    """What the program hashes to, for whoever fetched it from somewhere else."""
    return hashlib.sha256(_program()).hexdigest()


@bp.record
def _known_to_pages(state: BlueprintSetupState) -> None:
    state.app.add_template_global(tool_sha256)

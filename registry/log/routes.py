"""Routes of the public log: a page that explains it, its entries, and what programs need (C2SP tlog-tiles)."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug import Response

from assessments import numbers
from assessments.errors import NotFound
from assessments.models import LogEntry, LogHead
from assessments.queries import log as queries
from registry import access, db
from registry.log import checkpoints, proofs, tiles, words
from registry.log.proofs import Proof

bp = Blueprint("log", __name__)

FOR_EVER = "public, max-age=31536000, immutable"
FEW_SECONDS = "public, max-age=2"
TEXT = "text/plain; charset=utf-8"


# --- for people ---


@bp.get("/log")
@access.public
def index() -> str:
    """What the log is for, how far it has come, how to check it, and its entries, newest first."""
    session = db.session()
    head = queries.head(session)
    found = queries.entries(session, _before())
    shown = found[: queries.PAGE]
    return render_template(
        "log/index.html",
        head=head,
        checkpoint=checkpoints.current(head),
        lines=[words.line(entry) for entry in shown],
        before=shown[-1].index if len(found) > queries.PAGE else None,
        paged=_before() is not None,
        keys=checkpoints.verifiers(session),
    )


@bp.get("/log/entries/<int:index>")
@access.public
def entry(index: int) -> str:
    """One entry: what it says, the exact text, and its proof."""
    head, found = _entry(index)
    return render_template(
        "log/entry.html",
        entry=found,
        line=words.line(found),
        head=head,
        proof=proofs.of_entry(db.session(), head, found),
        checkpoint=checkpoints.current(head),
    )


# --- for programs ---


@bp.get("/log/checkpoint")
@access.public
def checkpoint() -> Response:
    """The checkpoint signed last (C2SP tlog-checkpoint)."""
    head = queries.head(db.session())
    return _open_to_all(head.checkpoint, TEXT, FEW_SECONDS) if head.checkpoint else _not_here()


@bp.get("/log/tile/<level>/<path:address>")
@access.public
def tile(level: str, address: str) -> Response:
    """Hashes of the tree, or entries (level `entries`), 256 at a time or as many as a partial one has."""
    wanted = tiles.asked(level, address)
    session = db.session()
    content = tiles.content(session, queries.head(session), wanted) if wanted else None
    return _open_to_all(content, "application/octet-stream", FOR_EVER) if content else _not_here()


@bp.get("/log/entries/<int:index>.json")
@access.public
def leaf(index: int) -> Response:
    """The exact bytes of an entry: what its hash is worked out from."""
    _head, found = _entry(index)
    return _open_to_all(found.body, "application/json", FOR_EVER)


@bp.get("/log/entries/<int:index>.proof")
@access.public
def proof(index: int) -> Response:
    """The proof of an entry (C2SP tlog-proof), with the entry in it."""
    head, found = _entry(index)
    return _proof(proofs.of_entry(db.session(), head, found))


@bp.get("/c/<number>.proof")
@access.public
def certificate(number: str) -> Response:
    """The proof of what the log says last about a certificate. Another spelling leads to the canonical one."""
    canonical = numbers.parse(number).number
    if canonical and canonical != number:
        return redirect(url_for("log.certificate", number=canonical))
    session = db.session()
    head = queries.head(session)
    found = queries.last_about(session, canonical, head.signed_size) if canonical else None
    return _proof(proofs.of_entry(session, head, found) if found else None)


@bp.get("/log/consistency/<int:old>")
@access.public
def consistency(old: int) -> Response:
    """That the log of so many entries is the beginning of today's: what a witness is sent (C2SP tlog-witness)."""
    session = db.session()
    head = queries.head(session)
    if not head.checkpoint or old > head.signed_size:
        return _not_here()
    return _open_to_all(proofs.growth(session, head, old), TEXT, FEW_SECONDS)


def _entry(index: int) -> tuple[LogHead, LogEntry]:
    session = db.session()
    found = queries.entry(session, index)
    if found is None:
        raise NotFound
    return queries.head(session), found


def _before() -> int | None:
    typed = request.args.get("before", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= len(str(db.LARGEST)) else None


def _proof(found: Proof | None) -> Response:
    return _open_to_all(found.text, TEXT, FEW_SECONDS) if found else _not_here()


def _open_to_all(content: str | bytes, media_type: str, kept: str) -> Response:
    headers = {"Cache-Control": kept, "Access-Control-Allow-Origin": "*"}
    return Response(content, content_type=media_type, headers=headers)


def _not_here() -> Response:
    """For programs: nothing of that name yet; a moment later there may be."""
    headers = {"Cache-Control": "no-store", "Access-Control-Allow-Origin": "*"}
    return Response("not in the log, or not yet\n", 404, content_type=TEXT, headers=headers)

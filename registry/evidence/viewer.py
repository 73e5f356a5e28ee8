"""Routes of the viewer: a piece of evidence page by page, in an application or in the company's own library."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Lock
from typing import Any
from uuid import UUID

from flask import Response, redirect, render_template, url_for

from assessments import clock
from assessments.errors import N_, NotFound, TooMany
from assessments.models import Application, StoredFile, Vendor
from assessments.policy import Permission
from assessments.queries import evidence as pieces
from assessments.queries import reading as queries
from assessments.scans import require_readable
from registry import access, db, storage
from registry.evidence import margin, reading, viewing
from registry.evidence.blueprint import bp
from registry.evidence.forms import NoteForm

WEBP = "image/webp"
AT_ONCE_EACH = 12  # pictures of one person in one process: a page of the bench asks for several together
WAIT = timedelta(seconds=5)

_under_way: Counter[UUID] = Counter()
_counting = Lock()


@bp.get("/<ref>/<uuid:evidence_id>/view")
@access.on_application(Permission.READ_FILE)
def view(application: Application, evidence_id: UUID) -> Any:
    """A piece of an application page by page, with the reviewer's notes; a link leads to its warning."""
    found = reading.in_application(application, evidence_id)
    if found.file is None:
        return redirect(url_for("evidence.link", ref=application.ref, evidence_id=evidence_id))
    reading.write_down(evidence_id, application.id)
    return page_of(application, found)


def page_of(application: Application, found: pieces.Item, form: NoteForm | None = None) -> str:
    """The viewer's page; `form` is a note that could not be kept as it was typed."""
    at = viewing.place(found.evidence.id, application.ref)
    return render_template(
        "evidence/view.html",
        view=viewing.view(found, at, application),
        application=application,
        board=margin.board(application, found, at.criterion, form),
        back=access.desk(application.ref, at.criterion),
    )


@bp.get("/<ref>/<uuid:evidence_id>/pages/<int:number>")
@access.on_application(Permission.READ_FILE)
def page(application: Application, evidence_id: UUID, number: int) -> Response:
    """One page of a piece as a picture that names its reader's letter or role, never the name."""
    found = reading.in_application(application, evidence_id)
    if not queries.shows_pictures(application.profile):
        raise NotFound
    reading.write_down(evidence_id, application.id)
    return _picture(found.file, number, viewing.words_of(access.standing(), application.ref))


@bp.get("/<uuid:evidence_id>/view")
@access.on_vendor()
def own_view(vendor: Vendor, evidence_id: UUID) -> str:
    """A file of the company's own library, in any of its versions, page by page."""
    found = _own(vendor, evidence_id)
    reading.write_down(evidence_id)
    view = viewing.view(found, viewing.place(evidence_id))
    return render_template("evidence/own_view.html", view=view)


@bp.get("/<uuid:evidence_id>/pages/<int:number>")
@access.on_vendor()
def own_page(vendor: Vendor, evidence_id: UUID, number: int) -> Response:
    """One page of a file of the company's own library as a picture."""
    found = _own(vendor, evidence_id)
    reading.write_down(evidence_id)
    return _picture(found.file, number, viewing.words_of(None))


def _own(vendor: Vendor, evidence_id: UUID) -> pieces.Item:
    found = pieces.piece(db.session(), vendor.id, evidence_id)
    if found is None or found.file is None or found.evidence.removed_at is not None:
        raise NotFound
    require_readable(found.file)
    return found


def _picture(file: StoredFile | None, number: int, words: str) -> Response:
    """A page stamped now. Nothing of a file but points of our own drawing is ever put on a page of ours."""
    from registry.evidence.stamp import stamped  # noqa: PLC0415  it draws: for those who look at pages

    made = queries.page(db.session(), file.sha256, number) if file else None
    if file is None or made is None:
        raise NotFound
    require_readable(file)
    me = access.me().id
    db.release()
    try:
        with _turn(me), storage.read(made.image_sha256) as source:
            picture = stamped(source, words, viewing.width_asked())
    except FileNotFoundError as error:
        raise NotFound from error
    response = Response(picture, mimetype=WEBP)
    response.headers.update(reading.HEADERS)
    response.headers["Content-Disposition"] = f'inline; filename="{number}-{clock.now():%Y%m%d-%H%M}.webp"'
    return response


@contextmanager
def _turn(person_id: UUID) -> Iterator[None]:
    """One of the few pictures that are stamped for one person at once: nobody takes the processor of everybody."""
    with _counting:
        if _under_way[person_id] >= AT_ONCE_EACH:
            raise TooMany(
                N_("Bạn đang mở nhiều trang cùng lúc. Chờ một trang hiện ra rồi mở tiếp."), clock.now() + WAIT
            )
        _under_way[person_id] += 1
    try:
        yield
    finally:
        with _counting:
            _under_way[person_id] -= 1
            if not _under_way[person_id]:
                del _under_way[person_id]

"""Routes under /evidence/<ref>/test-records: the files of reviewers' own tests, sent, read and taken back.

They go the way of every file (looked into, scanned), into the club's part of the storage; before that everything is
taken out of them that could say who made them.
"""

from typing import Any, cast
from uuid import UUID

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from assessments import test_records
from assessments.desks import open_review
from assessments.errors import N_, Invalid, NotFound, TooLarge, TooMany
from assessments.evidence import MEGABYTE, Kept
from assessments.folding import fold
from assessments.models import Application
from assessments.policy import Permission
from assessments.queries import reviews
from assessments.queries import test_records as queries
from assessments.queries.applications import application_by_ref
from registry import access, db, storage
from registry.accounts import sessions
from registry.accounts.models import User
from registry.evidence import content, files, inspection, reading, reception, stripping
from registry.evidence.blueprint import bp
from registry.evidence.content import TEXT, Offered
from registry.evidence.forms import TestFileForm
from registry.evidence.reception import Reception
from registry.evidence.sending import limit
from registry.i18n import translate

ALLOWED = "PNG, JPEG, WebP, MP4, TXT, CSV"
PLACE = "/<ref>/test-records/<uuid:record_id>"
ANY_KIND = ""
WORDS = {TEXT, content.MEDIA_TYPES["csv"]}
SEARCHED = 4 * MEGABYTE  # of a text, for the sender's own name
UNFIT = {TooLarge: 413, TooMany: 429, reception.NoRoom: 507}


@bp.get(f"{PLACE}/files/new")
@access.on_application(Permission.REVIEW)
def new_test_file(application: Application, record_id: UUID) -> str:
    """The form for a file."""
    return _page(application, record_id, TestFileForm(formdata=None))


@bp.post(f"{PLACE}/files")
@access.upload_on(Permission.REVIEW)
def add_test_file(application: Application, record_id: UUID) -> Any:
    """Take a file in, for one's own test."""
    form = TestFileForm(formdata=None)
    try:
        reception.refuse_oversize(limit())
        with reception.receiving(storage.current(), limit(), access.me().id) as received:
            form = TestFileForm(received.fields)
            received.check()
            if form.validate():
                _keep(application, record_id, received)
    except (Invalid, TooLarge, TooMany, reception.NoRoom) as refusal:
        form.file.errors = [translate(refusal.message, **refusal.values)]
        return _back(application, record_id, form, UNFIT.get(type(refusal), 422))
    if form.errors:
        return _back(application, record_id, form, 422)
    flash(_("Đã thêm tệp. Tên tệp và những gì nói về người làm đã được bỏ đi."))
    return redirect(_record(application, record_id), 303)


@bp.get(f"{PLACE}/files/<uuid:file_id>")
@access.on_application(Permission.READ_TESTS)
def test_file(application: Application, record_id: UUID, file_id: UUID) -> Response:
    """A file of a test, for whoever may read the test."""
    session = db.session()
    team = reviews.active(session, application.id)
    for item in queries.visible_to(session, access.standing(), team, access.me().id):
        for _link, file in item.files:
            if (item.record.id, file.id) == (record_id, file_id):
                return reading.send(file)
    raise NotFound


@bp.post(f"{PLACE}/files/<uuid:file_id>/remove")
@access.on_application(Permission.REVIEW)
def remove_test_file(application: Application, record_id: UUID, file_id: UUID) -> Any:
    """Take a file off one's own test."""
    sha256 = test_records.remove_file(db.session(), access.me(), application, record_id, file_id)
    back = _record(application, record_id)
    _forget([sha256])
    flash(_("Đã gỡ tệp."))
    return redirect(back)


@bp.post(f"{PLACE}/remove")
@access.on_application(Permission.REVIEW)
def remove_test(application: Application, record_id: UUID) -> Any:
    """Take one's own test back with its files."""
    names = test_records.remove(db.session(), access.me(), application, record_id)
    back = url_for("reviews.test_records.index", ref=application.ref)
    _forget(names)
    flash(_("Đã xóa lần tự thử."))
    return redirect(back)


def _forget(names: list[str]) -> None:
    db.commit()
    db.release()
    files.discard_unneeded(names)


def _keep(application: Application, record_id: UUID, received: Reception) -> None:
    """Look into it, strip it, keep it, write the row; a crash between the last two leaves bytes that fsck sweeps."""
    files.refuse_harmful_bytes(received.incoming.sha256)
    with received.incoming.reader() as source, storage.current().begin() as clean:
        media_type = content.recognise(source, Offered(received.name, ANY_KIND))
        if media_type not in stripping.TAKEN:
            raise Invalid(N_("Chỉ nhận %(allowed)s: ảnh chụp, video hoặc nhật ký dạng chữ."), allowed=ALLOWED)
        flags = inspection.inspect(source, media_type, received.name)
        if media_type in WORDS:
            source.seek(0)
            _refuse_own_name(source.read(SEARCHED).decode(errors="replace"))
        stripping.copy(source, media_type, clean.write)
        files.refuse_harmful_bytes(clean.sha256)
        sha256, size = clean.keep()
    kept = Kept(sha256, size, media_type, received.name, flags, files.first_state())
    try:
        _write_down(application, record_id, kept)
    except BaseException:
        files.discard_unneeded([sha256])
        raise


def _write_down(application: Application, record_id: UUID, kept: Kept) -> None:
    with db.writing() as session:
        actor = access.me()
        sessions.load_standing(session, cast("User", actor))
        held = application_by_ref(session, application.ref, lock=True)
        if held is None:
            raise NotFound
        test_records.add_file(session, actor, held, record_id, kept)
        files.require_bytes(kept.sha256)


def _refuse_own_name(text: str) -> None:
    """A log often names the person who ran it."""
    me, found = cast("User", access.me()), fold(text)
    if fold(me.name) in found or fold(me.email) in found:
        raise Invalid(N_("Trong tệp có tên hoặc địa chỉ thư của bạn. Xóa đi rồi tải lên lại."))


def _back(application: Application, record_id: UUID, form: TestFileForm, status: int) -> Response:
    return make_response(_page(db.session().merge(application, load=False), record_id, form), status)


def _page(application: Application, record_id: UUID, form: TestFileForm) -> str:
    session = db.session()
    review = open_review(session, access.me(), application)
    record = test_records.own(session, review, record_id)
    path = url_for("evidence.add_test_file", ref=application.ref, record_id=record_id)
    token = access.upload_token(path.removeprefix(request.script_root), {})
    return render_template(
        "evidence/new_test_file.html",
        application=application,
        label=f"{review.letter}-{record.number}",
        form=form,
        action=url_for("evidence.add_test_file", ref=application.ref, record_id=record_id, token=token),
        back=_record(application, record_id),
        allowed=ALLOWED,
        most=limit() // MEGABYTE,
    )


def _record(application: Application, record_id: UUID) -> str:
    return url_for("reviews.test_records.edit", ref=application.ref, record_id=record_id)

"""Routes under /reviews/<ref>/pack: everything a reviewer needs away from the network, and the marks back again."""

import json
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, stream_with_context, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from assessments import desks, packs
from assessments.errors import N_, Conflict, Invalid, WrongState
from assessments.models import Application
from assessments.packs import Difference, Line
from assessments.policy import Permission
from assessments.reviews import Marking
from assessments.states import Basis
from registry import access, db, marks
from registry.documents.attachment import HEADERS
from registry.forms import tidy
from registry.i18n import translate
from registry.reviews import bench as benches
from registry.reviews import pack_files, pack_sheet
from registry.reviews.forms import BASES, PackForm, PlainForm

bp = Blueprint("packs", __name__, url_prefix="/<ref>/pack")

MET = N_("Có mục vừa được lưu ở nơi khác. Chưa có gì được nhập; xem lại bên dưới rồi bấm lần nữa.")
CHOOSE = N_("Chọn giữ bản nào ở mỗi mục đã đổi ở cả hai nơi.")
NO_FILE = N_("Chọn tệp bảng chấm (.xlsx) trong bộ làm việc.")
OLD_FORMAT = N_("Tệp Excel này có mật khẩu hoặc ở dạng cũ (.xls). Lưu lại dạng .xlsx, không mật khẩu.")
MOST_BYTES = 2 * 1024 * 1024
OLE = b"\xd0\xcf\x11\xe0"
TAKE, KEEP = "file", "saved"


@bp.get("")
@access.on_application(Permission.REVIEW)
def download(application: Application) -> Response:
    """The pack as a ZIP, piece by piece; the files in it are written down as read before anything is sent."""
    session = db.session()
    bench = benches.bench(session, application, access.me().id)
    pack = pack_files.gather(session, bench, access.standing())
    pack_files.write_down(access.me(), application, pack)
    db.release()
    response = Response(stream_with_context(pack_files.stream(pack)), mimetype="application/zip")
    response.headers.update(HEADERS)
    name = f"{application.ref}-{bench.mine.letter}.zip"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@bp.get("/upload")
@access.on_application(Permission.REVIEW)
def upload(application: Application) -> str:
    """Ask for the spreadsheet."""
    desks.open_review(db.session(), access.me(), application)
    return _file_page(application, PackForm(formdata=None))


@bp.post("/preview")
@access.on_application(Permission.REVIEW)
def preview(application: Application) -> Any:
    """Show, criterion by criterion, what the file would change; nothing is saved."""
    desks.open_review(db.session(), access.me(), application)
    db.release()  # reading a file takes time
    form = PackForm()
    try:
        lines, left = _read(_content())
    except Invalid as refusal:
        form.file.errors = [translate(refusal.message, **refusal.values)]
        return _file_page(application, form), 422
    return _preview(application, lines, left)


@bp.post("/confirm")
@access.on_application(Permission.REVIEW)
def confirm(application: Application) -> Any:
    """Save what was chosen, by the same verb as the page, all of it or none."""
    session, actor = db.session(), access.me()
    lines = _carried()
    found = packs.differences(session, actor, application, lines)
    answers = {one.criterion.code: request.form.get(f"take-{one.criterion.code}", "") for one in found}
    if any(one.conflict and not one.refused and answers[one.criterion.code] not in {TAKE, KEEP} for one in found):
        return _preview(application, lines, (), fault=translate(CHOOSE)), 422
    chosen = {
        one.criterion.code: (one.then, _seen(one)) for one in found if _is_taken(one, answers[one.criterion.code])
    }
    try:
        count = packs.take_over(session, actor, application, chosen)
    except Invalid as refusal:
        return _preview(application, lines, (), fault=translate(refusal.message, **refusal.values)), 422
    except Conflict:
        session.rollback()
        return _preview(application, lines, (), fault=translate(MET)), 409
    db.commit()
    flash(ngettext("Đã nhập %(num)d tiêu chí từ tệp.", "Đã nhập %(num)d tiêu chí từ tệp.", count))
    return redirect(url_for("reviews.show", ref=application.ref))


def _is_taken(one: Difference, answer: str) -> bool:
    return one.refused is None and answer == TAKE


def _seen(one: Difference) -> int:
    """The version that the person compared with; another one now is a conflict."""
    typed = request.form.get(f"seen-{one.criterion.code}", "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else one.version


def _content() -> bytes:
    file = request.files.get("file")
    content = file.stream.read(MOST_BYTES + 1) if file is not None and file.filename else b""
    if not content:
        raise Invalid(NO_FILE)
    if content.startswith(OLE):
        raise Invalid(OLD_FORMAT)
    if not content.startswith(b"PK\x03\x04"):
        raise Invalid(NO_FILE)
    return content


def _read(content: bytes) -> tuple[list[Line], tuple[str, ...]]:
    with tempfile.TemporaryFile() as source:  # the child is handed a real file
        source.write(content)
        source.flush()
        return pack_sheet.read(source)


def _carried() -> list[Line]:
    """The rows that the preview carried, read again as if they came from a stranger."""
    try:
        rows = json.loads(request.form.get("document", ""))
        return [_line(row) for row in rows]
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise WrongState(N_("Trang xem trước này không còn dùng được. Tải tệp lên lại.")) from error


def _line(row: Mapping[str, Any]) -> Line:
    fields = ("mark", "rationale", "to_vendor", "panel_only")
    mark, rationale, to_vendor, panel_only = (tidy(str(row[one])) for one in fields)
    basis = Basis(row["basis"]) if row["basis"] else None
    return Line(tidy(str(row["code"])), Marking(mark, basis, rationale, to_vendor, panel_only), tidy(str(row["stamp"])))


def _packed(lines: list[Line]) -> str:
    rows = [{"code": line.code, "stamp": line.stamp, **_told(line.marking)} for line in lines]
    return json.dumps(rows, ensure_ascii=False)


def _told(marking: Marking) -> dict[str, str]:
    return {**marking.fields(), "basis": marking.basis.value if marking.basis else ""}


def _file_page(application: Application, form: PackForm) -> str:
    return render_template("reviews/packs/upload.html", application=application, form=form)


@dataclass(frozen=True)
class Row:
    """One difference as the page shows it; `chosen` is the answer given, "" for none yet."""

    difference: Difference
    chosen: str
    why: str


def _rows(found: list[Difference]) -> Iterator[Row]:
    again = request.path.endswith("/confirm")
    for one in found:
        typed = request.form.get(f"take-{one.criterion.code}", "") if again else ""
        chosen = typed or ("" if one.conflict or again else TAKE)
        why = translate(one.refused.message, **one.refused.values) if one.refused else ""
        yield Row(one, chosen, why)


def _spoken(marking: Marking) -> str:
    """A mark in words, or that it cannot be read."""
    return str(_("không đọc được")) if marking.mark == pack_sheet.UNKNOWN else marks.spoken(marking.mark)


def _preview(application: Application, lines: list[Line], left: tuple[str, ...], *, fault: str = "") -> str:
    found = packs.differences(db.session(), access.me(), application, lines)
    codes = {one.criterion.code for one in found}
    page: str = render_template(
        "reviews/packs/_preview.html",
        application=application,
        rows=list(_rows(found)),
        left=left,
        packed=_packed([line for line in lines if line.code in codes]),
        fault=fault,
        form=PlainForm(),
        spoken=_spoken,
        bases=BASES,
        TAKE=TAKE,
        KEEP=KEEP,
    )
    return page

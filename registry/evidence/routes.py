"""Routes under /evidence: the company's library, adding to it, and reading a piece."""

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from flask import Blueprint, Response, current_app, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from assessments import clock, evidence
from assessments.errors import Invalid, NotFound, Refused, TooLarge, TooMany
from assessments.evidence import Facts
from assessments.models import Application, Vendor
from assessments.policy import Permission
from assessments.queries import evidence as queries
from assessments.scans import require_readable
from criteria import store
from registry import access, db, storage
from registry.evidence import content, files, reading, reception
from registry.evidence.addresses import upload_url
from registry.evidence.files import Arrival, Target
from registry.evidence.forms import LINK, FactsForm, LinkForm, UploadForm
from registry.i18n import translate

bp = Blueprint("evidence", __name__, url_prefix="/evidence")
bp.add_app_template_global(upload_url)

UNFIT = {TooLarge: 413, TooMany: 429, reception.NoRoom: 507}  # a form that comes back; anything else is 422


@bp.get("")
@access.on_vendor()
def index(vendor: Vendor) -> str:
    """The company's library."""
    return render_template(
        "evidence/index.html",
        items=queries.library(db.session(), vendor.id),
        kinds={kind.code: kind for kind in store.current().evidence_kinds},
        today=clock.today(),
    )


@bp.get("/new")
@access.on_vendor()
def new(vendor: Vendor) -> str:
    """The form for a file."""
    del vendor  # a member, which is all that is asked
    return _upload_page(_offered(UploadForm(formdata=None)))


@bp.post("/upload")
@access.upload
def upload(vendor: Vendor) -> Any:
    """Take a file in."""
    target = _target()
    if target:
        with db.reading() as session:
            files.require_target(session, access.me(), target)
    form = _offered(UploadForm(formdata=None))
    try:
        reception.refuse_oversize(_limit())
        with db.reading() as session:
            files.require_room(session, vendor.id, reception.announced_length())
        with reception.receiving(storage.current(), _limit(), access.me().id) as received:
            form = _offered(UploadForm(received.fields))
            _keep(vendor, received, form)
    except (Invalid, TooLarge, TooMany, reception.NoRoom) as refusal:
        return _back_to_form(form, refusal)
    if form.errors:
        return _back_to_form(form)
    flash(_("Đã tải tệp lên."))
    return redirect(_way_back(target), 303)


def _keep(vendor: Vendor, received: reception.Reception, form: UploadForm) -> None:
    """Keep what has arrived, if form and file are as they should be; the faults of both are told at once."""
    good = form.validate()
    received.check()
    offered = content.Offered(received.name, form.kind.data or "")
    with received.incoming.reader() as source:
        media_type = content.recognise(source, offered)
    if good:
        arrival = Arrival(media_type, received.name, _facts(form, received.name), _target())
        files.keep(access.me(), vendor.id, received.incoming, arrival)


def _back_to_form(form: UploadForm, refusal: Refused | None = None) -> Response:
    """The same page: what was typed is there, the fault of the file is said, and that it must be chosen again."""
    if refusal is not None:
        form.file.errors = [*form.file.errors, translate(refusal.message, **refusal.values)]
    status = 422 if refusal is None else UNFIT.get(type(refusal), 422)
    return make_response(_upload_page(form), status)


def _upload_page(form: UploadForm) -> str:
    return render_template(
        "evidence/new.html", form=form, target=_target(), allowed=content.ALLOWED, most=_limit() // reception.MEGABYTE
    )


@bp.get("/link")
@access.on_vendor()
def new_link(vendor: Vendor) -> str:
    """The form for a web address."""
    del vendor  # a member, which is all that is asked
    return render_template(
        "evidence/new_link.html", form=_offered(LinkForm(formdata=None, kind=LINK)), target=_target()
    )


@bp.post("/link")
@access.on_vendor()
def add_link(vendor: Vendor) -> Any:
    """Add a web address."""
    form = _offered(LinkForm())
    if form.validate() and _linked(vendor, form):
        db.commit()
        flash(_("Đã thêm địa chỉ trang."))
        return redirect(_way_back(_target()), 303)
    return make_response(render_template("evidence/new_link.html", form=form, target=_target()), 422)


def _linked(vendor: Vendor, form: LinkForm) -> bool:
    try:
        url = evidence.checked_url(form.address.data or "")
    except Invalid as refusal:
        form.address.errors = [translate(refusal.message, **refusal.values)]
        return False
    found = evidence.add_link(db.session(), access.me(), vendor.id, url, _facts(form))
    files.attach(db.session(), access.me(), found, _target())
    return True


@bp.get("/<uuid:evidence_id>/remove")
@access.on_vendor()
def ask_remove(vendor: Vendor, evidence_id: UUID) -> str:
    """The question before a piece is removed."""
    found = queries.piece(db.session(), vendor.id, evidence_id)
    if found is None or found.evidence.removed_at is not None:
        raise NotFound
    return render_template("evidence/ask_remove.html", evidence=found.evidence)


@bp.post("/<uuid:evidence_id>/remove")
@access.on_vendor()
def remove(vendor: Vendor, evidence_id: UUID) -> Any:
    """Take a piece that no answer uses out of the library, and its bytes where the club has not seen them."""
    unneeded = evidence.remove(db.session(), access.me(), vendor.id, evidence_id)
    db.commit()
    if unneeded:
        files.discard_unneeded([unneeded])
    flash(_("Đã xóa khỏi kho bằng chứng."))
    return redirect(url_for("evidence.index"), 303)


@bp.get("/<uuid:evidence_id>/file")
@access.on_vendor()
def own_file(vendor: Vendor, evidence_id: UUID) -> Response:
    """A file of the company's own library."""
    found = queries.piece(db.session(), vendor.id, evidence_id)
    if found is None or found.file is None or found.evidence.removed_at is not None:
        raise NotFound
    require_readable(found.file)
    reading.write_down(evidence_id)
    return reading.send(found.file)


@bp.get("/<ref>/<uuid:evidence_id>")
@access.on_application(Permission.READ_FILE)
def file(application: Application, evidence_id: UUID) -> Any:
    """A file of an application, for whoever may read it; a link leads to its warning."""
    found = reading.in_application(application, evidence_id)
    if found.file is None:
        return redirect(url_for("evidence.link", ref=application.ref, evidence_id=evidence_id))
    reading.write_down(evidence_id, application.id)
    return reading.send(found.file)


@bp.get("/<ref>/<uuid:evidence_id>/link")
@access.on_application(Permission.READ_FILE)
def link(application: Application, evidence_id: UUID) -> Response:
    """The warning before a page that is not ours: where it leads, in full, and no referrer."""
    found = reading.in_application(application, evidence_id)
    if found.evidence.url is None:
        raise NotFound
    reading.write_down(evidence_id, application.id)
    host = urlsplit(found.evidence.url).hostname or ""
    page = render_template("evidence/link.html", evidence=found.evidence, host=host, ascii_host=_ascii(host))
    response = make_response(page)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _ascii(host: str) -> str:
    """The host as the network knows it; letters that only look alike become visible."""
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host


def _offered(form: Any) -> Any:
    """The form with the edition's kinds; the ones a criterion asks for come first."""
    kinds = [kind for kind in store.current().evidence_kinds if isinstance(form, LinkForm) or kind.code != LINK]
    wanted = _wanted_kinds()
    form.offer(sorted(kinds, key=lambda kind: kind.code not in wanted))
    return form


def _wanted_kinds() -> tuple[str, ...]:
    found: list[tuple[str, ...]] = [
        criterion.evidence for criterion in store.current().criteria if criterion.code == _target().criterion
    ]
    return found[0] if found else ()


def _facts(form: FactsForm, name: str = "") -> Facts:
    title = form["title"].data or name.rpartition(".")[0] or name
    return Facts(str(form.kind.data), title, form.issued_on.data, form.valid_until.data)


def _target() -> Target:
    return Target(request.args.get("ref", ""), request.args.get("criterion", ""))


def _way_back(target: Target) -> str:
    """The answer that the evidence was added for, else the library."""
    if target and "applications.answer" in current_app.view_functions:
        return url_for("applications.answer", ref=target.ref, code=target.criterion)
    return url_for("evidence.index")


def _limit() -> int:
    most: int = current_app.config["SETTINGS"].max_upload_mb
    return most * reception.MEGABYTE

"""Routes of filling an application from a file: bring it, see what would change, take over what is ticked."""

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from assessments import imports, interchange
from assessments.applications import DRAFTING, LOCKED, Beginning
from assessments.errors import N_, Conflict, Invalid, Refused, WrongState
from assessments.imports import Chosen, Done
from assessments.interchange import Document, Present
from assessments.models import Application, Vendor
from assessments.policy import Permission
from assessments.queries.applications import being_written, newest, products_of
from assessments.states import State
from criteria import store
from criteria.model import Edition
from registry import access, db, editions
from registry.applications import arrivals
from registry.applications.arrivals import Arrival
from registry.applications.blueprint import bp
from registry.applications.forms import ImportFile, NewProduct
from registry.applications.previews import Preview, preview
from registry.i18n import translate

NAMES = ("profile:name_vi", "profile:name_en")  # of a new product: typed into the form of the preview
MET = N_("Bản nháp vừa được lưu ở nơi khác. Chưa có gì được nhập; xem lại bên dưới rồi bấm lần nữa.")
ELSEWHERE = N_("Đơn vị vừa lập một hồ sơ khác. Chưa lập thêm gì; xem lại rồi bấm lần nữa nếu vẫn cần.")
THERE = N_("Mọi phần đã đánh dấu đều có trong hồ sơ rồi. Không nhập thêm lần nữa.")
NOTHING = N_("Đánh dấu ít nhất một phần để nhập.")
MOST_DRAFTS = 5  # offered to take the document instead of a new application
NO_PROMISE = N_("Đánh dấu lời cam đoan về các trang, hoặc bỏ dấu ở các địa chỉ.")

Answer = str | Response | tuple[str, int]


@bp.get("/import")
@access.signed_in
def import_new() -> str:
    """Ask for the file that a new application begins from."""
    return _file_page(ImportFile(formdata=None), None)


@bp.post("/import")
@access.signed_in
def preview_new() -> Answer:
    """Show what a new application would hold."""
    edition, vendor_ids = editions.current(), list(access.me().memberships)
    db.release()  # reading a file takes time
    if not vendor_ids:
        return _without_company(request.form.get("document", ""))
    return _arrived(edition, None, lambda document: _new_page(document, edition, vendor_ids[0]))


@bp.post("/import/confirm")
@access.on_vendor()
def begin_import(vendor: Vendor) -> Answer:
    """Open the application and fill it; pressed twice, it is opened once."""
    edition, document = editions.current(), _carried(editions.current())
    form = NewProduct()
    if not form.validate():
        return _new_page(document, edition, vendor.id, form=form), 422
    last = imports.hold_and_find_newest(db.session(), vendor.id)
    if last is not None and last.ref != request.form.get("newest", ""):
        if last.created_by == access.me().id and last.profile.get("name_vi") == form.name_vi.data:
            return redirect(url_for("applications.show", ref=last.ref))
        return _new_page(document, edition, vendor.id, form=form, fault=translate(ELSEWHERE)), 409
    try:
        chosen = _chosen(document)
        what = Beginning(edition.id, name_vi=form.name_vi.data or "", name_en=form.name_en.data or "")
        application, done = imports.begin(db.session(), access.me(), vendor.id, what, chosen)
    except Invalid as refusal:
        db.release()
        return _new_page(document, edition, vendor.id, form=form, fault=_said(refusal)), 422
    db.commit()
    flash(_("Đã lập hồ sơ %(ref)s. Câu lạc bộ chưa nhận gì cho đến khi hồ sơ được nộp.", ref=application.ref))
    flash(_told(done))
    return redirect(url_for("applications.show", ref=application.ref))


@bp.get("/<ref>/import")
@access.on_application(Permission.EDIT)
def import_into(application: Application) -> str:
    """Ask for the file that a draft is filled from."""
    _require_open(application)
    return _file_page(ImportFile(formdata=None), application)


@bp.post("/<ref>/import")
@access.on_application(Permission.EDIT)
def preview_into(application: Application) -> Answer:
    """Show what would change in the draft."""
    _require_open(application)
    edition = store.load(application.edition_id)
    db.release()  # reading a file takes time
    return _arrived(edition, application, lambda document: _draft_page(document, edition, application))


@bp.post("/<ref>/import/confirm")
@access.on_application(Permission.EDIT)
def confirm_import(application: Application) -> Answer:
    """Take over what is ticked, all of it or none."""
    edition = store.load(application.edition_id)
    document = _carried(edition)
    try:
        seen = request.form.get("seen", "")
        done = imports.apply(db.session(), access.me(), application, _chosen(document), seen)
    except Conflict:
        if imports.has_all(db.session(), application, _chosen(document)):
            flash(translate(THERE))
            return redirect(url_for("applications.show", ref=application.ref))
        db.release()
        return _draft_page(document, edition, application, fault=translate(MET)), 409
    except Invalid as refusal:
        db.release()
        return _draft_page(document, edition, application, fault=_said(refusal)), 422
    db.commit()
    flash(_told(done))
    return redirect(url_for("applications.show", ref=application.ref))


def _require_open(application: Application) -> None:
    if application.state not in (*DRAFTING, State.CORRECTION):
        raise WrongState(LOCKED)


def _arrived(edition: Edition, application: Application | None, shown: Callable[[Document], str]) -> Answer:
    form = ImportFile()
    try:
        arrival = arrivals.take(edition)
    except Invalid as refusal:
        form.file.errors = [_said(refusal)]
        return _file_page(form, application), 422
    if arrival.document is None:
        return _choice_page(arrival, application)
    return shown(arrival.document)


def _carried(edition: Edition) -> Document:
    """The document that the preview carried, read again as if it came from a stranger."""
    return interchange.read(interchange.parse(request.form.get("document", "")), edition)


def _chosen(document: Document) -> Chosen:
    """What is ticked; refuses (Invalid) nothing, and addresses without the word that goes with them."""
    places = frozenset(request.form.getlist("take"))
    notes = {
        number: code
        for number in range(len(document.notes))
        if (code := request.form.get(f"note-{number}", "")) and re.fullmatch(r"[A-Z]+-\d+", code)
    }
    if not places and not notes and "name_vi" not in request.form:
        raise Invalid(NOTHING)
    if any(place.startswith("link:") for place in places) and not request.form.get("promise"):
        raise Invalid(NO_PROMISE)
    return Chosen(document, places - set(NAMES if "name_vi" in request.form else ()), notes)


def _file_page(form: ImportFile, application: Application | None) -> str:
    name = "import_new" if application is None else "import_into"
    return render_template(f"applications/{name}.html", form=form, application=application)


def _choice_page(arrival: Arrival, application: Application | None) -> str:
    return render_template("applications/_choose_product.html", arrival=arrival, application=application)


def _without_company(written: str) -> str:
    return render_template("applications/_no_company.html", written=written)


def _new_page(
    document: Document, edition: Edition, vendor_id: UUID, *, form: NewProduct | None = None, fault: str = ""
) -> str:
    session = db.session()
    last = newest(session, vendor_id)
    if form is None:
        form = NewProduct(formdata=None, data={name: document.profile.get(name, "") for name in ("name_vi", "name_en")})
    present = Present({}, {}, imports.library_links(session, vendor_id))
    drafts = being_written(session, vendor_id, MOST_DRAFTS)
    name, running = (form.name_vi.data or "").casefold(), {one.product_id for one in drafts}
    same = [one for one in products_of(session, vendor_id) if name and one.name.casefold() == name]
    known = [one for one in same if one.id not in running]
    return _preview_page(
        preview(document, present, edition, NAMES),
        edition,
        form=form,
        fault=fault,
        newest=last.ref if last else "",
        known=known,
        drafts=drafts,
        action=url_for("applications.begin_import"),
        back=url_for("applications.import_new"),
    )


def _draft_page(document: Document, edition: Edition, application: Application, *, fault: str = "") -> str:
    present = imports.present(db.session(), application)
    return _preview_page(
        preview(document, present, edition),
        edition,
        fault=fault,
        application=application,
        action=url_for("applications.confirm_import", ref=application.ref),
        back=url_for("applications.import_into", ref=application.ref),
    )


def _preview_page(shown: Preview, edition: Edition, **values: Any) -> str:
    again = request.path.endswith("/confirm")
    ticked = set(request.form.getlist("take")) if again else None
    given = {key.removeprefix("note-"): code for key, code in request.form.items() if key.startswith("note-")}
    context = {"application": None, "form": None, "newest": "", "known": [], "drafts": [], **values}
    page: str = render_template(
        "applications/_preview.html",
        preview=shown,
        edition=edition,
        ticked=ticked,
        given=given,
        promised=bool(request.form.get("promise")),
        **context,
    )
    return page


def _said(refusal: Refused) -> str:
    return translate(refusal.message, **refusal.values)


def _told(done: Done) -> str:
    parts = {
        ngettext("%(num)d mục thông tin sản phẩm", "%(num)d mục thông tin sản phẩm", done.fields): done.fields,
        ngettext("%(num)d tiêu chí", "%(num)d tiêu chí", done.answers): done.answers,
        ngettext("%(num)d địa chỉ trang", "%(num)d địa chỉ trang", done.links): done.links,
    }
    counted = [words for words, count in parts.items() if count] or list(parts)
    told: str = _("Đã nhập: %(parts)s.", parts=", ".join(counted))
    return told

"""Routes that add to the library: a file with its form, files that arrived before their form, and a web address."""

from typing import Any
from uuid import UUID

from flask import Response, current_app, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from assessments import evidence
from assessments.errors import Invalid, NotFound, Refused, TooLarge, TooMany, WrongState
from assessments.models import Evidence, Vendor
from assessments.queries.editions import current
from assessments.queries.laboratories import registered
from criteria.model import Edition
from registry import access, db, storage
from registry.evidence import content, files, reception, waiting
from registry.evidence.addresses import kept, resumable_url, upload_url
from registry.evidence.blueprint import bp
from registry.evidence.files import AlreadyThere, Arrival, Target
from registry.evidence.forms import LINK, LinkForm, UploadForm
from registry.evidence.sending import limit, target_of_request
from registry.i18n import translate

bp.add_app_template_global(upload_url)
bp.add_app_template_global(resumable_url)

UNFIT = {TooLarge: 413, TooMany: 429, reception.NoRoom: 507}  # a form that comes back; anything else is 422
FAULTS = (Invalid, TooLarge, TooMany, reception.NoRoom)


@bp.get("/new")
@access.on_vendor()
def new(vendor: Vendor) -> str:
    """The form for a file; with `replaces` it is the next version of a piece, and begins with what is said of that."""
    return _upload_page(vendor, offered(UploadForm(formdata=None, obj=_replaced(vendor))))


@bp.post("/upload")
@access.upload
def upload(vendor: Vendor) -> Any:
    """Take a file in, or make evidence of what arrived before this form."""
    target = target_of_request()
    if target:
        with db.reading() as session:
            files.require_target(session, access.me(), target)
    form = offered(UploadForm(formdata=None))
    try:
        reception.refuse_oversize(limit())
        if request.mimetype != reception.PLAIN_FORM:
            with db.reading() as session:
                files.require_room(session, vendor.id, reception.announced_length())
        with reception.receiving(storage.current(), limit(), access.me().id) as received:
            form = offered(UploadForm(received.fields))
            added = _used(vendor, received) or _keep(vendor, received, form)
    except FAULTS as refusal:
        _say(form, refusal)
        return _back_to_form(vendor, form, UNFIT.get(type(refusal), 422))
    if form.errors or form.file.errors:
        return _back_to_form(vendor, form, 422)
    flash(_done(added))
    return redirect(way_back(target), 303)


def _keep(vendor: Vendor, received: reception.Reception, form: UploadForm) -> int:
    """Keep what has arrived, if form and files are as they should be; the faults of both are told at once."""
    good = form.validate()
    ids = received.fields.getlist("upload")
    added = 0
    if received.name or not ids:
        added += _keep_file(vendor, received, form, good=good)
    if good:
        added += sum(_keep_waiting(vendor, form, one, alone=len(ids) == 1) for one in waiting.found(ids))
    return added


def _keep_file(vendor: Vendor, received: reception.Reception, form: UploadForm, *, good: bool) -> int:
    """Keep the file that came with the form. Where only the form has faults, it waits for the form to come again."""
    received.check()
    with received.incoming.reader() as source:
        media_type = content.recognise(source, content.Offered(received.name, form.kind.data or ""))
    if good:
        arrival = _arrival(form, media_type, received.name)
        try:
            files.keep(access.me(), vendor.id, received.incoming, arrival)
        except AlreadyThere as known:
            _say(form, known)
        else:
            return 1
    waiting.set_aside(vendor, received, target_of_request())
    return 0


def _keep_waiting(vendor: Vendor, form: UploadForm, upload_id: UUID, *, alone: bool) -> int:
    """Make evidence of an upload; a fault of one file is no fault of the others, and leaves it waiting."""
    try:
        whole = waiting.whole(upload_id)
        if not alone:
            form["title"].data = ""
        arrival = _arrival(form, whole.media_type(str(form.kind.data)), whole.upload.name, upload_id)
        files.keep(access.me(), vendor.id, whole, arrival)
    except NotFound:  # pressed twice: the first time has taken it
        return 0
    except (*FAULTS, WrongState, AlreadyThere) as refusal:
        _say(form, refusal)
        return 0
    whole.drop()
    return 1


def _arrival(form: UploadForm, media_type: str, name: str, upload_id: UUID | None = None) -> Arrival:
    return Arrival(
        media_type=media_type,
        name=name,
        facts=form.facts(name),
        target=target_of_request(),
        upload_id=upload_id,
        replaces=replaces(),
        again=bool(form.again.data),
    )


def _used(vendor: Vendor, received: reception.Reception) -> int:
    """The form offered a piece that the library has already, and it was taken: nothing new is needed."""
    used, target = received.fields.get("use"), target_of_request()
    if not used or not target:
        return 0
    with db.writing() as session:
        found = evidence.current(session, access.me(), vendor.id, uuid_of(used))
        files.attach(session, access.me(), found, target)
    for upload_id in waiting.found(received.fields.getlist("upload")):
        waiting.give_up(upload_id)
    return 1


def _say(form: UploadForm, refusal: Refused) -> None:
    """Put a refusal beside the file; the piece that has the same bytes is offered."""
    form.file.errors = [*form.file.errors, translate(refusal.message, **refusal.values)]
    if isinstance(refusal, AlreadyThere):
        form.known.append(refusal.evidence)


def _done(added: int) -> str:
    if replaces() and added:
        said = _("Đã thay bằng bản mới. Hồ sơ đang soạn dùng bản mới; hồ sơ đã nộp giữ tệp cũ.")
    elif not added:
        said = _("Tệp này đã được thêm vào kho trước đó.")
    else:
        said = ngettext("Đã thêm %(num)d bằng chứng.", "Đã thêm %(num)d bằng chứng.", added)
    return str(said)


def _back_to_form(vendor: Vendor, form: UploadForm, status: int) -> Response:
    """The same page: what was typed is there, the faults are said, and files that arrived wait in it."""
    return make_response(_upload_page(db.session().merge(vendor, load=False), form), status)


def _upload_page(vendor: Vendor, form: UploadForm) -> str:
    target = target_of_request()
    return render_template(
        "evidence/new.html",
        form=form,
        target=target,
        replaces=_replaced(vendor),
        waiting=waiting.of(vendor, target),
        kept=kept(),
        back=way_back(target),
        allowed=content.ALLOWED,
        most=limit() // evidence.MEGABYTE,
    )


@bp.get("/link")
@access.on_vendor()
def new_link(vendor: Vendor) -> str:
    """The form for a web address."""
    del vendor  # a member, which is all that is asked
    form = offered(LinkForm(formdata=None, kind=LINK), link=True)
    return _link_page(form)


@bp.post("/link")
@access.on_vendor()
def add_link(vendor: Vendor) -> Any:
    """Add a web address."""
    form = offered(LinkForm(), link=True)
    target = target_of_request()
    if form.validate() and _linked(vendor, form):
        db.commit()
        flash(_("Đã thêm địa chỉ trang."))
        return redirect(way_back(target), 303)
    return make_response(_link_page(form), 422)


def _link_page(form: LinkForm) -> str:
    target = target_of_request()
    return render_template("evidence/new_link.html", form=form, target=target, kept=kept(), back=way_back(target))


def _linked(vendor: Vendor, form: LinkForm) -> bool:
    try:
        url = evidence.checked_url(form.address.data or "")
    except Invalid as refusal:
        form.address.errors = [translate(refusal.message, **refusal.values)]
        return False
    found = evidence.add_link(db.session(), access.me(), vendor.id, url, form.facts())
    files.attach(db.session(), access.me(), found, target_of_request())
    return True


def offered(form: Any, *, link: bool = False) -> Any:
    """The form with the edition's kinds (LINK for web addresses only); what a criterion asks for comes first."""
    with db.reading() as session:  # not the request's: an upload holds nothing while its bytes come
        listed, edition = registered(session), current(session)
    kinds = [kind for kind in edition.evidence_kinds if link or kind.code != LINK]
    wanted = _wanted_kinds(edition)
    form.offer(sorted(kinds, key=lambda kind: kind.code not in wanted), listed)
    return form


def _wanted_kinds(edition: Edition) -> tuple[str, ...]:
    code = target_of_request().criterion
    found: list[tuple[str, ...]] = [one.evidence for one in edition.criteria if one.code == code]
    return found[0] if found else ()


def replaces() -> UUID | None:
    """The piece whose next version this is, by the address; None for a new piece."""
    named = request.args.get("replaces")
    return uuid_of(named) if named else None


def _replaced(vendor: Vendor) -> Evidence | None:
    old = replaces()
    return evidence.current(db.session(), access.me(), vendor.id, old) if old else None


def uuid_of(text: str) -> UUID:
    """An id that came as text; whatever is none leads nowhere."""
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound from error


def way_back(target: Target) -> str:
    """The answer that the evidence was added for, else the library."""
    if target and "applications.answer" in current_app.view_functions:
        return url_for("applications.answer", ref=target.ref, code=target.criterion, **kept())
    return url_for("evidence.index")

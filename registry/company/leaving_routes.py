"""Routes of a company that takes its data away or closes its account."""

from uuid import UUID

from flask import Response, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from assessments.clock import legal_day, today
from assessments.errors import Invalid, NotAllowed, NotFound
from assessments.models import Vendor
from assessments.people import MemberRole
from assessments.queries import people
from assessments.queries.certificates import current_of
from assessments.queries.renewals import open_of
from registry import access, db, identity
from registry.company import closing, exports
from registry.company.blueprint import bp
from registry.company.forms import Close
from registry.company.models import Export, ExportState
from registry.documents.takeaways import KEPT_DAYS
from registry.forms import Form
from registry.i18n import translate

HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
}


@bp.get("/company/export")
@access.on_vendor(MemberRole.OWNER)
def export(vendor: Vendor) -> str:
    """What the archive holds, how far one is, who asked and who took it."""
    session = db.session()
    found = exports.of_company(session, vendor.id)
    readings = exports.readings_of(session, vendor.id)
    names = people.people(session, {one.requested_by for one in found} | {one.person_id for one in readings})
    return render_template(
        "company/export.html",
        vendor=vendor,
        newest=found[0] if found else None,
        ready=next((one for one in found if one.state is ExportState.READY), None),
        readings=readings,
        names={person_id: person.name for person_id, person in names.items()},
        kept_days=KEPT_DAYS,
        form=Form(),
    )


@bp.post("/company/export")
@access.on_vendor(MemberRole.OWNER)
def request_export(vendor: Vendor) -> ResponseReturnValue:
    """Ask the worker for it; asking twice is asking once."""
    exports.request(db.session(), access.me(), vendor)
    db.commit()
    flash(_("Đang chuẩn bị dữ liệu. Xong thì có thư báo cho bạn."))
    return redirect(url_for("company.export"))


@bp.get("/company/export/<uuid:export_id>")
@access.on_vendor(MemberRole.OWNER)
def download_export(vendor: Vendor, export_id: UUID) -> Response:
    """The archive, as an attachment, whole or in ranges; who takes it is written down first."""
    found, path = exports.take(db.session(), vendor.id, export_id)
    name = _name(vendor, found)
    with db.writing() as session:
        exports.write_down(session, access.me(), export_id)
    response = send_file(
        path, "application/zip", as_attachment=True, download_name=name, etag=found.sha256, conditional=True
    )
    response.headers.update(HEADERS)
    return response


@bp.get("/company/close")
@access.on_vendor(MemberRole.OWNER)
def close(vendor: Vendor) -> str:
    """What closing does, said plainly, and the question."""
    return _close_page(vendor, Close())


@bp.post("/company/close")
@access.signed_in
def close_company() -> ResponseReturnValue:
    """Close it. A second click finds it closed and is shown the same page as the first."""
    session, me = db.session(), access.me()
    if not me.memberships and closing.closed_by(session, me.id):
        return redirect(url_for("company.closed"))
    vendor = _own(session.get_one(Vendor, next(iter(me.memberships))) if me.memberships else None)
    form = Close()
    if not form.validate():
        return _close_page(vendor, form), 422
    try:
        done = closing.close(session, me, vendor, form.name.data or "")
    except Invalid as refusal:
        form.name.errors = [translate(refusal.message, **refusal.values)]
        return _close_page(vendor, form), 422
    db.commit()
    closing.forget_bytes(done.unneeded)
    return redirect(url_for("company.closed"))


@bp.get("/company/closed")
@access.signed_in
def closed() -> str:
    """What is left, for those whose company's account was closed."""
    vendor = closing.closed_by(db.session(), access.me().id)
    if vendor is None or access.me().memberships:
        raise NotFound
    return render_template(
        "company/closed.html",
        vendor=vendor,
        certificates=_standing(vendor),
        office=identity.on().email,
    )


def _own(vendor: Vendor | None) -> Vendor:
    """The company an owner may close; nothing for strangers, a refusal for contributors."""
    if vendor is None:
        raise NotFound
    if access.me().memberships[vendor.id] is not MemberRole.OWNER:
        raise NotAllowed
    return vendor


def _close_page(vendor: Vendor, form: Close) -> str:
    session = db.session()
    return render_template(
        "company/close.html",
        vendor=vendor,
        form=form,
        running=sorted(open_of(session, vendor.id), key=lambda one: one.ref),
        certificates=_standing(vendor),
        members=people.members_of(session, vendor.id),
        office=identity.on().email,
    )


def _standing(vendor: Vendor) -> list[tuple[str, object]]:
    """Number and last day of the certificates that stand."""
    found = current_of(db.session(), vendor.id, today()).values()
    return sorted((one.number, one.valid_until) for one in found)


def _name(vendor: Vendor, found: Export) -> str:
    day = legal_day(found.ready_at) if found.ready_at else today()
    return f"{vendor.slug}-{day.isoformat()}.zip"

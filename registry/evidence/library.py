"""Routes of the company's library: looking for a piece, all about one, saying something else of it, taking it out."""

from typing import Any
from uuid import UUID

from flask import Response, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _

from assessments import clock, evidence
from assessments.errors import NotFound
from assessments.models import Vendor
from assessments.queries import evidence as queries
from assessments.queries import people
from assessments.queries.laboratories import report_on, reports_in
from assessments.scans import require_readable
from criteria import store
from criteria.model import EvidenceKind
from registry import access, db
from registry.evidence import files, reading, waiting
from registry.evidence.adding import offered
from registry.evidence.blueprint import bp
from registry.evidence.forms import STATES, EditForm, said_of, wanted


@bp.get("")
@access.on_vendor()
def index(vendor: Vendor) -> str:
    """The company's library, all of it or what is looked for."""
    day, sought = clock.today(), wanted()
    every = queries.library(db.session(), vendor.id)
    return render_template(
        "evidence/index.html",
        every=every,
        items=[item for item in every if sought.fits(item, day)],
        lapsing=[item for item in every if item.uses and item.validity(day)],
        sought=sought,
        states=STATES,
        kinds=_kinds(),
        used=queries.bytes_of(db.session(), vendor.id),
        quota=files.quota(),
        waiting=waiting.of(vendor),
        today=day,
    )


@bp.get("/<uuid:evidence_id>")
@access.on_vendor()
def show(vendor: Vendor, evidence_id: UUID) -> str:
    """All about one piece: what is said of it and by whom, its versions, and where each is used."""
    found = evidence.current(db.session(), access.me(), vendor.id, evidence_id)
    versions = queries.versions(db.session(), vendor.id, found.id)
    ids = [version.evidence.id for version in versions]
    return render_template(
        "evidence/show.html",
        piece=versions[0],
        versions=versions,
        uses=queries.uses_of(db.session(), vendor.id, ids),
        handed_in=queries.handed_in_with(db.session(), vendor.id, ids),
        authors=people.people(db.session(), {version.evidence.attested_by for version in versions}),
        kinds=_kinds(),
        report=reports_in(db.session(), [found.id]).get(found.id),
        today=clock.today(),
    )


@bp.get("/<uuid:evidence_id>/edit")
@access.on_vendor()
def edit(vendor: Vendor, evidence_id: UUID) -> str:
    """The form of what is said of a piece."""
    found = evidence.current(db.session(), access.me(), vendor.id, evidence_id)
    said = said_of(report_on(db.session(), found.id))
    form = offered(EditForm(obj=found, **said), link=found.url is not None)
    return render_template("evidence/edit.html", form=form, evidence=found)


@bp.post("/<uuid:evidence_id>/edit")
@access.on_vendor()
def save(vendor: Vendor, evidence_id: UUID) -> Any:
    """Save what is said of a piece."""
    found = evidence.current(db.session(), access.me(), vendor.id, evidence_id)
    form = offered(EditForm(), link=found.url is not None)
    if not form.validate():
        return make_response(render_template("evidence/edit.html", form=form, evidence=found), 422)
    evidence.edit(db.session(), access.me(), vendor.id, evidence_id, form.facts())
    db.commit()
    flash(_("Đã lưu."))
    return redirect(url_for("evidence.show", evidence_id=evidence_id), 303)


@bp.get("/<uuid:evidence_id>/remove")
@access.on_vendor()
def ask_remove(vendor: Vendor, evidence_id: UUID) -> str:
    """The question before a piece is removed."""
    found = evidence.current(db.session(), access.me(), vendor.id, evidence_id)
    return render_template("evidence/ask_remove.html", evidence=found)


@bp.post("/<uuid:evidence_id>/remove")
@access.on_vendor()
def remove(vendor: Vendor, evidence_id: UUID) -> Any:
    """Take a piece that no answer uses out of the library, and its bytes where the club has not seen them."""
    unneeded = evidence.remove(db.session(), access.me(), vendor.id, evidence_id)
    db.commit()
    if unneeded:
        files.discard_unneeded(unneeded)
    flash(_("Đã xóa khỏi kho bằng chứng."))
    return redirect(url_for("evidence.index"), 303)


@bp.get("/<uuid:evidence_id>/file")
@access.on_vendor()
def own_file(vendor: Vendor, evidence_id: UUID) -> Response:
    """A file of the company's own library, in any of its versions."""
    found = queries.piece(db.session(), vendor.id, evidence_id)
    if found is None or found.file is None or found.evidence.removed_at is not None:
        raise NotFound
    require_readable(found.file)
    reading.write_down(evidence_id)
    return reading.send(found.file)


def _kinds() -> dict[str, EvidenceKind]:
    return {kind.code: kind for edition in reversed(store.editions()) for kind in edition.evidence_kinds}

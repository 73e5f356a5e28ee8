"""Routes under /memberships: who is a member of the club, and the answers to companies that say so."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from assessments import memberships
from assessments.errors import NotFound
from assessments.models import Vendor
from assessments.people import Role
from assessments.queries import memberships as questions
from registry import access, db
from registry.memberships import letters
from registry.memberships.forms import ConfirmForm, DenyForm

bp = Blueprint("memberships", __name__, url_prefix="/memberships")


@bp.get("")
@access.role(Role.COORDINATOR)
def index() -> str:
    """What waits for an answer, and the members."""
    found = questions.of_the_club(db.session())
    return render_template(
        "memberships/index.html",
        claims=[one for one in found if one.membership_claimed_at is not None],
        members=[one for one in found if one.membership_claimed_at is None],
    )


@bp.get("/<slug>")
@access.role(Role.COORDINATOR)
def show(slug: str) -> str:
    """One company: what it says, and the two answers."""
    return _page(_vendor(slug), DenyForm(formdata=None))


@bp.post("/<slug>/confirm")
@access.role(Role.COORDINATOR)
def confirm(slug: str) -> Any:
    """It is a member."""
    vendor, form = _vendor(slug), ConfirmForm()
    written = memberships.confirm(db.session(), access.me(), vendor, form.moment())
    letters.tell(db.session(), vendor, "membership_confirmed", written)
    db.commit()
    flash(_("Đã xác nhận: %(vendor)s là hội viên.", vendor=vendor.name))
    return redirect(url_for("memberships.index"))


@bp.post("/<slug>/deny")
@access.role(Role.COORDINATOR)
def deny(slug: str) -> Any:
    """It is none."""
    vendor, form = _vendor(slug), DenyForm()
    if not form.validate():
        return _page(vendor, form), 422
    reason = form.reason.data or ""
    written = memberships.deny(db.session(), access.me(), vendor, reason)
    letters.tell(db.session(), vendor, "membership_denied", written, reason.strip())
    db.commit()
    flash(_("Đã ghi: %(vendor)s không phải hội viên.", vendor=vendor.name))
    return redirect(url_for("memberships.index"))


def _vendor(slug: str) -> Vendor:
    found = questions.vendor_by_slug(db.session(), slug)
    if found is None or not (found.club_member or found.membership_claimed_at):
        raise NotFound
    return found


def _page(vendor: Vendor, form: DenyForm) -> str:
    claimed = vendor.membership_claimed_at.isoformat() if vendor.membership_claimed_at else ""
    return render_template(
        "memberships/show.html",
        vendor=vendor,
        form=form,
        claimed_at=claimed,
        free=questions.is_free(db.session(), access.me(), vendor),
    )

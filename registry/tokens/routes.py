"""Routes under /tokens: a company's tokens, a new one, and ending one."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from assessments import tokens
from assessments.errors import NotFound, TooMany, WrongState
from assessments.models import ApiToken, Vendor
from assessments.people import MemberRole
from assessments.queries import exports
from assessments.queries import tokens as queries
from registry import access, db, links
from registry.accounts import attempts, login, security_events
from registry.accounts.blueprint import refused
from registry.accounts.security_models import SecurityKind
from registry.forms import Form
from registry.tokens import letters
from registry.tokens.forms import NewToken
from registry.tokens.words import ENDS, scopes_of

bp = Blueprint("tokens", __name__, url_prefix="/tokens")


@bp.get("")
@access.on_vendor(MemberRole.OWNER)
def index(vendor: Vendor) -> ResponseReturnValue:
    """Which programs may read the company's data, until when, and when each last did."""
    return _index_page(vendor)


@bp.get("/new")
@access.on_vendor(MemberRole.OWNER)
def new(vendor: Vendor) -> ResponseReturnValue:
    """The form for a token."""
    return _new_page(NewToken(data={"days": "90"}), vendor, 200)


@bp.post("")
@access.on_vendor(MemberRole.OWNER)
def make(vendor: Vendor) -> ResponseReturnValue:
    """Make a token and show its key, this once."""
    form = NewToken()
    if not form.validate():
        return _new_page(form, vendor, 422)
    try:
        attempts.take(db.session(), attempts.Purpose.TOKEN, str(vendor.id))
        token, key = tokens.make(db.session(), access.me(), vendor, form.wanted)
    except (TooMany, WrongState) as refusal:
        return refused(form, refusal, lambda page, status: _new_page(page, vendor, status))
    letters.made(db.session(), token)
    security_events.record(db.session(), login.person(), SecurityKind.TOKEN_MADE, note=token.name)
    db.commit()
    flash(_("Đã tạo mã truy cập %(name)s.", name=token.name))
    command = f'curl -H "Authorization: Bearer $TOKEN" {links.absolute("api.own")}'
    return render_template("tokens/make.html", token=token, key=key, scopes=scopes_of(token), command=command), 201


@bp.get("/<uuid:token_id>/revoke")
@access.on_vendor(MemberRole.OWNER)
def ask_to_revoke(vendor: Vendor, token_id: UUID) -> ResponseReturnValue:
    """Ask before a token ends."""
    token = queries.token_of(db.session(), vendor.id, token_id)
    if token is None:
        raise NotFound
    return render_template("tokens/ask_to_revoke.html", token=token, form=Form())


@bp.post("/<uuid:token_id>/revoke")
@access.on_vendor(MemberRole.OWNER)
def revoke(vendor: Vendor, token_id: UUID) -> ResponseReturnValue:
    """End a token at once."""
    token: ApiToken = tokens.revoke(db.session(), access.me(), vendor, token_id)
    security_events.record(db.session(), login.person(), SecurityKind.TOKEN_ENDED, note=token.name)
    db.commit()
    flash(_("Đã thu hồi mã %(name)s. Chương trình dùng mã này không đọc được gì nữa.", name=token.name))
    return redirect(url_for("tokens.index"))


def _index_page(vendor: Vendor) -> ResponseReturnValue:
    found = queries.of_vendor(db.session(), vendor.id)
    return render_template(
        "tokens/index.html",
        running=[one for one in found if one.runs],
        over=[one for one in found if not one.runs],
        names=exports.names_of(db.session(), vendor.id),
        ends=ENDS,
        scopes_of=scopes_of,
    )


def _new_page(form: NewToken, vendor: Vendor, status: int) -> ResponseReturnValue:
    return render_template("tokens/new.html", form=form, vendor=vendor), status

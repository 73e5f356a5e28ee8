"""Routes under /subscriptions: ask to hear of changes, confirm by the link in a letter, end it by another.

Public pages without a cookie. Opening a link changes nothing (programs open the links of letters): a button does.
"""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from assessments import subscriptions
from assessments.errors import NotFound
from assessments.models import Subscription
from assessments.publishing import SubscriptionWay
from assessments.queries import subscriptions as queries
from criteria.model import Bilingual
from registry import access, db, sealed
from registry.accounts import attempts
from registry.i18n import lang
from registry.subscriptions import signing, tokens
from registry.subscriptions.forms import AskForm, PlainForm
from registry.subscriptions.tokens import Purpose
from registry.templating import bi

bp = Blueprint("subscriptions", __name__, url_prefix="/subscriptions")


@bp.get("/new")
@access.public
def new() -> str:
    """The form: for everything, or for one product."""
    form = AskForm(formdata=None, product=request.args.get("product", "")[:80], way=SubscriptionWay.MAIL.value)
    return _form(form)


@bp.get("")
@access.public
def begin_again() -> Response:
    """A page that lives by what a form sends, opened without it: begin at the beginning."""
    return redirect(url_for("subscriptions.new"))  # type: ignore[return-value]  # werkzeug's own class


@bp.post("")
@access.public
def ask() -> Any:
    """Have a letter sent; the answer is the same whether or not somebody is subscribed."""
    form = AskForm()
    if not form.validate():
        return _form(form), 422
    session = db.session()
    attempts.take(session, attempts.Purpose.SUBSCRIBE, form.email.data or "", request.remote_addr or "")
    subscriptions.ask(session, _asking(form), sealed.ring(sealed.SUBSCRIPTION).seal)
    db.commit()
    return _unkept(render_template("subscriptions/_asked.html", product=_named(form.product.data or "")))


@bp.get("/confirm")
@access.public
def confirm() -> Any:
    """What the link in a letter leads to: one button."""
    found = _found(Purpose.CONFIRM)
    return _unkept(
        render_template("subscriptions/confirm.html", token=request.args["token"], **_told(found), form=PlainForm())
    )


@bp.post("/confirm")
@access.public
def activate() -> Any:
    """Begin; the secret of a webhook is shown in this answer and never again."""
    found = _found(Purpose.CONFIRM)
    secret = signing.new_secret() if found.way is SubscriptionWay.WEBHOOK else ""
    kept = sealed.ring(sealed.SUBSCRIPTION).seal(secret, str(found.id)) if secret else ""
    told = _told(found)
    begun = subscriptions.confirm(db.session(), found.id, kept)
    db.commit()
    return _unkept(render_template("subscriptions/_active.html", secret=secret if begun else "", begun=begun, **told))


@bp.get("/end")
@access.public
def unsubscribe() -> Any:
    """What the other link leads to: one button."""
    if tokens.read(Purpose.END, request.args.get("token", "")) is None:
        raise NotFound
    return _unkept(render_template("subscriptions/unsubscribe.html", token=request.args["token"], form=PlainForm()))


@bp.post("/end")
@access.public
def end() -> Any:
    """Erase it: by the button, or by one click in a mail program (RFC 8058). Once more changes nothing."""
    subscription_id = tokens.read(Purpose.END, request.args.get("token", ""))
    if subscription_id is None:
        raise NotFound
    subscriptions.end(db.session(), subscription_id)
    db.commit()
    return _unkept(render_template("subscriptions/_ended.html"))


def _form(form: AskForm) -> str:
    name = _named(form.product.data or "")
    if form.product.data and not name:
        raise NotFound
    return render_template("subscriptions/new.html", form=form, product=name)


def _named(slug: str) -> str:
    """The name of a product that the register speaks of; "" for all and for one it does not know."""
    found = queries.public_product(db.session(), slug) if slug else None
    return bi(Bilingual(**found[1])) if found else ""


def _mark(*parts: str) -> str:
    """That of SECRET_KEY; of an asking made under a key before it, the mark it has."""
    newest, *earlier = tokens.marks_of(*parts)
    return next((one for one in earlier if queries.by_mark(db.session(), one) is not None), newest)


def _asking(form: AskForm) -> subscriptions.Asking:
    slug, email, way = form.product.data or "", form.email.data or "", SubscriptionWay(form.way.data)
    found = queries.public_product(db.session(), slug) if slug else None
    if slug and found is None:
        raise NotFound
    url = (form.url.data or "") if form.is_webhook else ""
    return subscriptions.Asking(
        way=way,
        product_id=found[0] if found else None,
        address=email,
        url=url,
        language=lang(),
        mark=_mark(way.value, slug, email, url),
        daily=form.is_daily,
    )


def _found(purpose: Purpose) -> Subscription:
    """The subscription that the token of the address is for."""
    subscription_id: UUID | None = tokens.read(purpose, request.args.get("token", ""))
    found = db.session().get(Subscription, subscription_id) if subscription_id else None
    if found is None:
        raise NotFound(_("Đường dẫn này đã quá hạn hoặc yêu cầu đã bị hủy. Đăng ký lại để nhận tin."))
    return found


def _told(found: Subscription) -> dict[str, Any]:
    names = queries.product_name(db.session(), found.product_id)
    webhook = found.way is SubscriptionWay.WEBHOOK
    return {"product": bi(Bilingual(**names)) if names else "", "webhook": webhook, "daily": found.daily}


def _unkept(page: str, code: int = 200) -> Response:
    response = make_response(page, code)
    response.headers["Cache-Control"] = "no-store"
    return response

"""For administrators: whoever has lost their second factors gets rid of them here, with a reason and a letter."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from assessments.errors import Invalid, WrongState
from assessments.people import Role
from registry import access, db
from registry.accounts import factors, users
from registry.accounts.blueprint import refused
from registry.accounts.forms import typed
from registry.forms import one_line
from registry.people.blueprint import bp
from registry.people.factor_forms import ResetFactors


@bp.get("/people/factors")
@access.role(Role.ADMIN)
def lost_factors() -> ResponseReturnValue:
    """The form: whose, and why."""
    return _page(ResetFactors(data={"email": one_line(request.args.get("email", ""))}), 200)


@bp.post("/people/factors")
@access.role(Role.ADMIN)
def reset_factors() -> ResponseReturnValue:
    """Take every factor from a person; they set up new ones after their next sign-in."""
    form = ResetFactors()
    if not form.validate():
        return _page(form, 422)
    user = users.user_by_email(db.session(), typed(form.email))
    if user is None:
        form.email.errors = [_("Không có tài khoản nào dùng email này.")]
        return _page(form, 422)
    try:
        factors.reset(db.session(), access.me(), user, typed(form.reason))
    except (Invalid, WrongState) as refusal:
        return refused(form, refusal, _page)
    db.commit()
    flash(_("Đã gỡ mọi cách xác nhận của %(name)s. Mọi phiên đăng nhập của người này đã kết thúc.", name=user.name))
    return redirect(url_for("people.index"))


def _page(form: ResetFactors, status: int) -> ResponseReturnValue:
    return render_template("people/lost_factors.html", form=form), status

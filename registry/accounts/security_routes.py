"""What happened to one's account, and ending the sessions of everywhere else."""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry import access, db
from registry.accounts import login, seats, security_events, security_words, sessions
from registry.accounts.blueprint import bp
from registry.accounts.security_models import SecurityKind


@bp.get("/account/security")
@access.signed_in
def security() -> ResponseReturnValue:
    """The history of one's account, the newest first."""
    found = security_events.page_of(db.session(), login.person(), request.args.get("after", ""))
    return render_template(
        "accounts/security.html",
        found=found,
        first=not request.args.get("after"),
        words=security_words,
        in_words=seats.in_words,
        days=security_events.KEPT.days,
    )


@bp.post("/account/sessions/end-others")
@access.signed_in
def end_others() -> ResponseReturnValue:
    """Sign out everywhere but here."""
    sessions.end_all(db.session(), login.person().id, but=g.login_session)
    security_events.record(db.session(), login.person(), SecurityKind.SESSIONS_ENDED)
    db.commit()
    flash(_("Đã kết thúc mọi phiên đăng nhập khác."))
    return redirect(url_for("accounts.account"))

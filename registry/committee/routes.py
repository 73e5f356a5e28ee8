"""Routes under /committee: who decides and who watches over fairness, with their interests, for everybody to read."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from assessments import committee
from assessments.people import Body, Role
from assessments.queries import seats as queries
from registry import access, db
from registry.accounts.words import GROUPS, INTERESTS
from registry.committee.forms import ConsentForm

bp = Blueprint("committee", __name__)


@bp.get("/committee")
@access.public
def index() -> str:
    """Both bodies, seat by seat; from the read model alone."""
    seats = queries.public_seats(db.session())
    return render_template(
        "committee/index.html",
        deciders=[seat for seat in seats if seat.body is Body.DECIDERS],
        watchers=[seat for seat in seats if seat.body is Body.IMPARTIALITY],
        balance=queries.balance(seats),
        groups=GROUPS,
        kinds=INTERESTS,
    )


@bp.get("/account/committee")
@access.role(Role.DECIDER, Role.IMPARTIALITY)
def own() -> str:
    """What the public page says of oneself, and what it would say today."""
    statement = queries.statement_of(db.session(), access.me().id)
    seats = queries.seats_of(db.session(), access.me().id)
    return render_template(
        "committee/own.html",
        statement=statement,
        seats=seats,
        named=[seat for seat in seats if seat.agreed_at is not None],
        current=all(queries.says(seat, statement) for seat in seats),
        form=ConsentForm(formdata=None, data={"seen": statement.mark}),
        kinds=INTERESTS,
        groups=GROUPS,
    )


@bp.post("/account/committee")
@access.role(Role.DECIDER, Role.IMPARTIALITY)
def agree() -> ResponseReturnValue:
    """Be named with the text one has read."""
    committee.agree(db.session(), access.me(), ConsentForm().seen.data or "")
    db.commit()
    flash(_("Trang công khai nay nêu tên bạn."))
    return redirect(url_for("committee.own"))


@bp.post("/account/committee/withdraw")
@access.role(Role.DECIDER, Role.IMPARTIALITY)
def withdraw() -> ResponseReturnValue:
    """Be named no more."""
    committee.stop_being_named(db.session(), access.me())
    db.commit()
    flash(_("Trang công khai không nêu tên bạn nữa."))
    return redirect(url_for("committee.own"))

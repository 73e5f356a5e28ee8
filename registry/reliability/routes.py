"""Routes under /reliability: how far reviewers agree, by edition, application, criterion; names for the office."""

import re

from flask import Blueprint, render_template, request

from assessments.people import Role
from assessments.queries import reliability
from assessments.queries.people import with_role
from criteria import store
from criteria.model import Edition
from registry import access, db, editions
from registry.timeline import state_word

bp = Blueprint("reliability", __name__, url_prefix="/reliability")

PAGE = 30
REF = re.compile(r"HS-\d{4}-\d{1,9}")


@bp.get("")
@access.role(Role.COORDINATOR, Role.IMPARTIALITY, Role.AUDITOR)
def index() -> str:
    """Agreement of an edition; only of applications all of whose reviews are final."""
    session, me = db.session(), access.me()
    edition = _edition(request.args.get("edition", ""))
    after = request.args.get("after", "")
    rows = reliability.of_applications(session, me, edition.id, after if REF.fullmatch(after) else "", PAGE + 1)
    reviewers = with_role(session, Role.REVIEWER) if Role.COORDINATOR in me.roles else []
    return render_template(
        "reliability/index.html",
        edition=edition,
        editions=store.editions(),
        measured=reliability.of_edition(session, edition.id),
        rows=rows[:PAGE],
        more=rows[PAGE - 1].ref if len(rows) > PAGE else "",
        criteria=reliability.by_criterion(session, edition.id),
        reviewers=reviewers,
        deviations=reliability.deviations(session, edition.id, [one.id for one in reviewers]) if reviewers else {},
        state_word=state_word,
    )


def _edition(wanted: str) -> Edition:
    """The edition asked for, the one in force when none or an unknown one is."""
    return next((one for one in store.editions() if one.id == wanted), editions.current())

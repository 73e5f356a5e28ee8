"""Routes under /apply: all that a company wants to know before it opens an account."""

from flask import render_template

from assessments.clock import now
from assessments.queries import rounds
from registry import access, catalogue, db, identity
from registry.apply import blank, evidence, self_check_routes
from registry.apply.blueprint import bp

__all__ = ["blank", "bp", "self_check_routes"]  # one blueprint, several nouns


@bp.get("")
@access.public
def index() -> str:
    """What it is, how long it takes, who decides, what to gather, what it costs, where to begin."""
    session, moment = db.session(), now()
    edition = catalogue.current_edition()
    return render_template(
        "apply/index.html",
        edition=edition,
        asked=evidence.asked_by_group(edition) if edition else (),
        open_rounds=rounds.open_rounds(session, moment),
        coming_rounds=rounds.coming_rounds(session, moment),
        office_email=identity.on().email,
    )

"""Routes of the way to a new edition, for the office: which certificates have not started, and who handed in."""

from flask import render_template, request

from assessments.clock import today
from assessments.errors import NotFound
from assessments.queries import editions as queries
from assessments.queries import transitions as questions
from assessments.queries.transitions import Stage
from registry import access, db
from registry.criteria.blueprint import READERS, any_edition, bp
from registry.criteria.words import STAGES


@bp.get("/<edition_id>/transitions")
@access.role(*READERS)
def transitions(edition_id: str) -> str:
    """Certificates of earlier editions, by how far they have come."""
    session, me, edition = db.session(), access.me(), any_edition(edition_id)
    publication = queries.publication_of(session, edition_id)
    if publication is None or publication.transition_until is None:
        raise NotFound
    wanted = next((one for one in Stage if one.value == request.args.get("show")), None)
    found, following = questions.page(session, me, publication, wanted, request.args.get("after", ""))
    return render_template(
        "criteria/transitions.html",
        edition=edition,
        publication=publication,
        counts=questions.counts(session, me, publication),
        moved=questions.moved_over(session, publication),
        rows=found,
        following=following,
        wanted=wanted,
        stages=STAGES,
        days=(publication.transition_until - today()).days,
        reminders=questions.reminder_days(publication),
    )

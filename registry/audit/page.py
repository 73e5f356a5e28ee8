"""The matter of the page of one file, as an auditor reads it."""

from typing import Any

from flask import request

from assessments.clock import today
from assessments.models import Application, Submission
from assessments.queries import audit, cases, submissions
from assessments.queries.audit import AuditFile, called
from assessments.queries.committee import Waits
from assessments.queries.history import TimelineRow
from assessments.states import CaseState
from registry import db, marks, timeline
from registry.audit import chain, words
from registry.audit.forms import CloseForm, NoteForm, PlainForm
from registry.audit.letters import letters_of
from registry.forms import whole


def matter_of(application: Application, **forms: Any) -> dict[str, Any]:
    """Everything the page shows; `forms` are those that came back with faults."""
    session = db.session()
    found = audit.file_of(session, application)
    owners = audit.owners(session, application)
    snapshots = submissions.all_of(session, application.id)
    return {
        "audit": found,
        "file": found.file,
        "snapshots": snapshots,
        "snapshot": _chosen(snapshots),
        "steps": timeline.for_committee(found.file.timeline, lambda row: _who(found, row)),
        "letters": letters_of(session, application, found.masks),
        "chain": chain.standing_of(session, application),
        "exports": cases.exports_of(session, application.id),
        "owners": {one.id: one.name for one in owners},
        "note_form": (forms.get("note") or NoteForm(formdata=None)).offer(owners),
        "close_form": forms.get("close") or CloseForm(formdata=None),
        "closing": forms.get("closing"),
        "form": forms.get("note") or forms.get("close"),
        "button": PlainForm(formdata=None),
        "state": timeline.state_word(application.state),
        "CaseState": CaseState,
        "Waits": Waits,
        "today": today(),
        "words": words,
        "mark_word": marks.short,
        "called": lambda person_id: words.who(called(found.masks, person_id)),
    }


def _chosen(snapshots: list[Submission]) -> Submission:
    """The snapshot asked for; the newest otherwise."""
    number = whole(request.args.get("submission"))
    return next((one for one in snapshots if one.number == number), snapshots[0])


def _who(found: AuditFile, row: TimelineRow) -> str:
    if row.actor_id is None:
        return timeline.by_itself(row.action)
    return words.who(called(found.masks, row.actor_id))

"""What stands beside a piece in the viewer: the notes that may be read, and the form of a new one."""

from dataclasses import dataclass
from uuid import UUID

from assessments import notes
from assessments.models import Application
from assessments.policy import is_decider, is_reviewer
from assessments.queries import evidence as pieces
from assessments.queries import notes as queries
from assessments.queries import reviews, submissions
from assessments.queries.consensus import criteria_of
from assessments.queries.notes import Written
from criteria.model import Criterion
from registry import access, db
from registry.evidence.forms import NoteForm
from registry.templating import bi


@dataclass(frozen=True)
class Board:
    """The notes beside a piece: those this person may read, and the form of a new one where they may write."""

    notes: tuple[Written, ...] = ()
    form: NoteForm | None = None
    reads: bool = False  # whether this person reads notes at all
    open_to_all: bool = False  # whether the others of the team read them by now


def board(application: Application, found: pieces.Item, criterion: str, form: NoteForm | None = None) -> Board:
    """The notes on a piece of an application for whoever is signed in."""
    standing, session, me = access.standing(), db.session(), access.me().id
    if not (is_reviewer(standing) or is_decider(standing)):
        return Board()
    team = reviews.active(session, application.id)
    written = [one for one in queries.of_team(session, team, me) if one.note.evidence_id == found.evidence.id]
    mine = next((one for one in team if one.reviewer_id == me), None)
    writes = notes.may_write(application, mine)
    if writes:
        form = form or NoteForm(formdata=None, criterion=criterion)
        offer(form, application, found.evidence.id)
    return Board(tuple(written), form if writes else None, reads=True, open_to_all=reviews.all_final(team))


def offer(form: NoteForm, application: Application, evidence_id: UUID) -> None:
    """The criteria to choose from: those the piece was handed in for first."""
    submission = submissions.latest(db.session(), application.id)
    content = submission.content if submission else {}
    codes = set(pieces.criteria_with(content, evidence_id))
    ordered = sorted(criteria_of(application, submission), key=lambda one: one.code not in codes)
    form.criterion.choices = [(one.code, _named(one)) for one in ordered]


def _named(criterion: Criterion) -> str:
    return f"{criterion.code} {bi(criterion.title)}"

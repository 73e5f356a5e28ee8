"""A reviewer's marks brought back from an offline pack: compared with what is saved, and taken over one by one."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlmodel import Session

from assessments.desks import open_review
from assessments.errors import N_, Invalid, Refused
from assessments.models import Application, Score
from assessments.people import Actor
from assessments.queries import reviews as queries
from assessments.queries.consensus import applicable_criteria
from assessments.reviews import LONGEST, Marking, check_mark, marking_of, save_score
from criteria.model import Criterion

Chosen = Mapping[str, tuple[Marking, int]]  # by criterion: what to save, and the version it was compared with


@dataclass(frozen=True)
class Line:
    """One row of a pack's spreadsheet; `stamp` says what the score was when the pack was made."""

    code: str
    marking: Marking
    stamp: str


@dataclass(frozen=True)
class Difference:
    """One criterion of which the file says something else than what is saved.

    `conflict`: the score was saved elsewhere since the pack was made, so the person has to choose. `refused`: why the
    file's mark cannot be given (a msgid, with its values).
    """

    criterion: Criterion
    now: Marking
    then: Marking
    version: int
    conflict: bool
    refused: Refused | None = None


def stamp(score: Score | None) -> str:
    """What a score is when a pack is made: its version, and a fingerprint of what it says."""
    return f"{score.version if score else 0}-{_fingerprint(marking_of(score) if score else Marking())}"


def differences(session: Session, actor: Actor, application: Application, lines: Iterable[Line]) -> list[Difference]:
    """What the file would change, in the order of the edition; rows nobody has touched in the file are left out.

    An empty cell takes nothing away. Refuses who does not review it (NotFound, NotAllowed), another state and a final
    review (WrongState). Rows about criteria that do not apply are left out.
    """
    review = open_review(session, actor, application)
    given = queries.scores_of(session, [review])[review.id]
    rows = {line.code: line for line in lines}
    found = [
        _difference(session, application, criterion, rows[criterion.code], given.get(criterion.code))
        for criterion in applicable_criteria(session, application)
        if criterion.code in rows
    ]
    return [one for one in found if one is not None]


def take_over(
    session: Session, actor: Actor, application: Application, chosen: Mapping[str, tuple[Marking, int]]
) -> int:
    """Save the chosen rows, all of them or none.

    Returns how many. Refuses as reviews.save_score does: a score saved since the comparison is a Conflict.
    """
    if not chosen:
        raise Invalid(N_("Chọn ít nhất một tiêu chí để nhập."))
    for code, (marking, version) in chosen.items():
        save_score(session, actor, application, code, marking, version)
    return len(chosen)


def _difference(
    session: Session, application: Application, criterion: Criterion, line: Line, score: Score | None
) -> Difference | None:
    now = marking_of(score) if score else Marking()
    then = _merged(now, line.marking)
    untouched = line.stamp.partition("-")[2] == _fingerprint(line.marking)
    if then == now or untouched:
        return None
    version = score.version if score else 0
    refused = _refusal(session, application, criterion, then)
    return Difference(criterion, now, then, version, line.stamp != stamp(score), refused)


def _fingerprint(marking: Marking) -> str:
    """Of what a row of the spreadsheet can say."""
    said = json.dumps({**marking.fields(), "basis": marking.basis}, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _merged(now: Marking, then: Marking) -> Marking:
    """What the file says, and what is saved where it says nothing; a basis belongs to its mark."""
    mark = then.mark or now.mark
    return Marking(
        mark,
        (then.basis or (now.basis if mark == now.mark else None)) if mark == "4" else None,
        then.rationale or now.rationale,
        then.to_vendor or now.to_vendor,
        then.panel_only or now.panel_only,
        now.relied_on,
        now.later,
    )


def _refusal(session: Session, application: Application, criterion: Criterion, then: Marking) -> Refused | None:
    try:
        check_mark(session, application, criterion, then.mark)
    except Invalid as refusal:
        return refusal
    if max(len(then.rationale), len(then.to_vendor), len(then.panel_only)) > LONGEST:
        return Invalid(N_("Nội dung quá dài: tối đa %(max)d ký tự."), max=LONGEST)
    return None

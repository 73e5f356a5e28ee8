"""What the reviewers say of measured results: whether the evidence bears a figure out, and figures of theirs."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from assessments.clock import today
from assessments.consensus import require_settling
from assessments.errors import N_, Conflict, Invalid, NotFound, Version
from assessments.measured import FOUND, MOST_OWN, declared, fault, key_of
from assessments.models import Application, Recommendation
from assessments.people import Actor
from assessments.queries import consensus, submissions

BY_CLUB = "club"


def judge(
    session: Session, actor: Actor, application: Application, found: Mapping[str, str], seen: str
) -> Recommendation:
    """Say of each declared figure (by its key) whether it was found in the evidence, measured again, or not found.

    `seen` is the fingerprint of the judgement one started from. Figures left out stay unjudged. A change clears the
    vendor's check of the facts. Refuses who does not lead (NotFound, NotAllowed), another state (WrongState), before
    all reviews are final (NotReady), a figure nobody declared (NotFound), another word (Invalid), and a judgement that
    was changed elsewhere meanwhile (Conflict). Source: ISO/IEC 17065, 7.4.4 (results of others are judged).
    """
    row = _open(session, actor, application)
    known = {key_of(one) for one in figures_of(session, application)}
    if not set(found) <= known:
        raise NotFound
    if not set(found.values()) <= set(FOUND):
        raise Invalid(N_("Chọn một trong các câu trả lời."))
    if seen != fingerprint(row) and row.measured.get("found", {}) != dict(found):
        theirs = Version({}, actor.name, row.saved_at)
        raise Conflict(N_("Mục này vừa được lưu ở nơi khác. Chưa có gì bị ghi đè."), theirs, Version({}))
    return _keep(session, row, {**row.measured, "found": dict(found)})


def add(session: Session, actor: Actor, application: Application, figures: Mapping[str, Any]) -> Recommendation:
    """Add a figure that the reviewers measured; it is the club's, whatever `figures` says.

    Refuses as judge() does, a figure that makes no sense and more than MOST_OWN of them (Invalid).
    """
    row = _open(session, actor, application)
    figure = {**figures, "measured_by": BY_CLUB, "tester": ""}
    own = row.measured.get("own", [])
    if key_of(figure) in {key_of(one) for one in own}:
        return row
    if wrong := fault(figure, today()):
        raise Invalid(wrong[1], **wrong[2])
    if len(own) >= MOST_OWN:
        raise Invalid(N_("Nhiều nhất %(max)d kết quả tự đo."), max=MOST_OWN)
    return _keep(session, row, {**row.measured, "own": [*own, figure]})


def drop(session: Session, actor: Actor, application: Application, key: str) -> Recommendation:
    """Take a figure of the reviewers' own away. Refuses as judge() does, and one that is not there (NotFound)."""
    row = _open(session, actor, application)
    own = row.measured.get("own", [])
    left = [one for one in own if key_of(one) != key]
    if len(left) == len(own):
        raise NotFound
    return _keep(session, row, {**row.measured, "own": left})


def figures_of(session: Session, application: Application) -> list[dict[str, Any]]:
    """The figures that the vendor declared in what was handed in last."""
    submission = submissions.latest(session, application.id)
    return declared(submission.content["profile"] if submission else {})


def fingerprint(row: Recommendation | None) -> str:
    """What stands there now: the same as long as nobody has judged."""
    told = json.dumps(row.measured if row else {}, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _open(session: Session, actor: Actor, application: Application) -> Recommendation:
    require_settling(session, actor, application)
    return consensus.recommendation(session, application.id) or Recommendation(application_id=application.id)


def _keep(session: Session, row: Recommendation, measured: dict[str, Any]) -> Recommendation:
    """What was not seen was not checked: as with the texts, a change asks for the vendor's look again."""
    if row.measured != measured:
        row.measured = measured
        row.sent_to_vendor_at = row.vendor_checked_at = row.vendor_checked_by = None
        session.add(row)
        session.flush()
    return row

"""What must hold of every certificate, read from the tables by plain SQL and not by the questions of the procedure."""

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

Case = dict[str, Any]

CERTIFIED = """
SELECT c.application_id AS application, a.vendor_id AS vendor, d.proposer_id AS proposer, d.confirmer_id AS confirmer,
    d.number AS number
FROM certificate c JOIN decision d ON d.id = c.decision_id JOIN application a ON a.id = c.application_id
WHERE d.number = (SELECT max(number) FROM decision WHERE application_id = c.application_id)
"""
EARLIER = "SELECT proposer_id, confirmer_id FROM decision WHERE application_id = :application AND number < :number"
HEARD = "SELECT person_id FROM hearing WHERE application_id = :application"
SUBMITTED = "SELECT content FROM submission WHERE application_id = :application ORDER BY number DESC"
TEAM = "SELECT id, reviewer_id, final_at FROM review WHERE application_id = :application AND voided_at IS NULL"
MARKS = "SELECT criterion FROM score WHERE review_id = :review AND (value IS NOT NULL OR not_shown OR not_applicable)"
SETTLED = "SELECT criterion, reconciliation FROM agreed_score WHERE application_id = :application"
GIVEN = """
SELECT s.value FROM score s JOIN review r ON r.id = s.review_id
WHERE r.voided_at IS NULL AND r.application_id = :application AND s.criterion = :criterion
"""
OPEN_FINDINGS = """
SELECT id FROM finding WHERE application_id = :application AND closed_at IS NULL
AND severity <> 'observation' AND NOT (severity = 'minor' AND condition_until IS NOT NULL)
"""
SUMMARY = """
SELECT 1 FROM recommendation
WHERE application_id = :application AND vendor_checked_at IS NOT NULL AND summary_vi <> '' AND summary_en <> ''
"""
DECLARED = "SELECT 1 FROM declaration WHERE application_id = :application AND person_id = :person AND NOT has_interest"
INTEREST = "SELECT 1 FROM interest WHERE vendor_id = :vendor AND person_id = :person AND retracted_at IS NULL"
MEMBER = "SELECT 1 FROM member WHERE vendor_id = :vendor AND user_id = :person"
ACCEPTED = """
SELECT 1 FROM agreement_acceptance g JOIN member m ON m.user_id = g.accepted_by
WHERE g.application_id = :application AND m.vendor_id = :vendor AND m.role = 'owner'
AND g.accepted_at <= (SELECT min(submitted_at) FROM submission WHERE application_id = :application)
"""
CHANGES = """
SELECT e.action, e.decided_by, e.confirmed_by FROM certificate_event e JOIN certificate c ON c.id = e.certificate_id
WHERE c.application_id = :application AND e.effective_on IS NOT NULL
AND e.action IN ('reduce', 'withdraw', 'reinstate') AND e.dismissed_at IS NULL
"""
ENDED = """
SELECT 1 FROM certificate_event e JOIN certificate c ON c.id = e.certificate_id
JOIN member m ON m.user_id = e.decided_by WHERE c.application_id = :application AND e.action = 'terminate'
AND NOT (m.vendor_id = c.vendor_id AND m.role = 'owner')
"""
REVISIONS = """
SELECT r.before, r.after FROM certificate_revision r JOIN certificate c ON c.id = r.certificate_id
WHERE c.application_id = :application
"""
FAR_APART = 2  # scores that lie so far apart need a reconciliation


def broken(session: Session) -> list[str]:
    """Every rule that the newest certificate breaks, as sentences (ISO/IEC 17065, 4.1.2, 4.2, 7.4 to 7.6)."""
    return [
        sentence
        for row in session.execute(text(CERTIFIED)).mappings().all()
        for check in (
            _reviews,
            _consensus,
            _publication,
            _two_people,
            _others,
            _impartiality,
            _agreement,
            _changes,
            _revisions,
        )
        for sentence in check(session, dict(row))
    ]


def _changes(session: Session, case: Case) -> Iterator[str]:
    """What became of the certificate afterwards: by two people who judged nothing, or by its owner."""
    team = {row.reviewer_id for row in _rows(session, TEAM, case)}
    for row in _rows(session, CHANGES, case):
        if row.confirmed_by is None or row.confirmed_by == row.decided_by:
            yield f"{row.action} without two people"
        if {row.decided_by, row.confirmed_by} & team:
            yield f"{row.action} by a reviewer of the file"
    if _rows(session, ENDED, case):
        yield "terminated by somebody else than the owner"


def _revisions(session: Session, case: Case) -> Iterator[str]:
    for row in _rows(session, REVISIONS, case):
        before, after = (json.loads(one) if isinstance(one, str) else one for one in (row.before, row.after))
        if any(not set(after["profile"][part]) <= set(before["profile"][part]) for part in ("platforms", "ages")):
            yield "a revision that adds something"


def _rows(session: Session, question: str, case: Case, **more: Any) -> list[Any]:
    asked = text(question)
    values = {name: value for name, value in {**case, **more}.items() if f":{name}" in question}
    return list(session.execute(asked, values).all())


def _criteria(session: Session, case: Case) -> set[str]:
    """What was handed in is what had to be judged."""
    content = _rows(session, SUBMITTED, case)[0][0]
    return set((json.loads(content) if isinstance(content, str) else content)["answers"])


def _reviews(session: Session, case: Case) -> Iterator[str]:
    team = _rows(session, TEAM, case)
    if len({row.reviewer_id for row in team}) < 2:
        yield "fewer than two reviewers"
    for review in team:
        marked = {row.criterion for row in _rows(session, MARKS, case, review=review.id)}
        if review.final_at is None or marked != _criteria(session, case):
            yield "a review that is not complete and final"


def _consensus(session: Session, case: Case) -> Iterator[str]:
    settled = {row.criterion: row.reconciliation.strip() for row in _rows(session, SETTLED, case)}
    if set(settled) != _criteria(session, case):
        yield "a criterion without an agreed score"
    for criterion, reconciliation in settled.items():
        given = [row.value or 0 for row in _rows(session, GIVEN, case, criterion=criterion)]
        if given and max(given) - min(given) >= FAR_APART and not reconciliation:
            yield "scores far apart without a reconciliation"
    if _rows(session, OPEN_FINDINGS, case):
        yield "an open finding"


def _publication(session: Session, case: Case) -> Iterator[str]:
    if not _rows(session, SUMMARY, case):
        yield "no summary in both languages that the vendor has checked"


def _two_people(session: Session, case: Case) -> Iterator[str]:
    reviewers = {row.reviewer_id for row in _rows(session, TEAM, case)}
    if len({case["proposer"], case["confirmer"]} - reviewers) < 2:
        yield "one person in two parts"


def _others(session: Session, case: Case) -> Iterator[str]:
    """After an appeal other people decide; whoever heard it is none of them."""
    deciders = {case["proposer"], case["confirmer"]}
    if deciders & {one for row in _rows(session, EARLIER, case) for one in row}:
        yield "somebody whose decision was set aside"
    if deciders & {row.person_id for row in _rows(session, HEARD, case)}:
        yield "somebody who heard an appeal"


def _impartiality(session: Session, case: Case) -> Iterator[str]:
    reviewers = [row.reviewer_id for row in _rows(session, TEAM, case)]
    for person in (case["proposer"], case["confirmer"], *reviewers):
        if not _rows(session, DECLARED, case, person=person):
            yield "somebody who has not declared that they have no interest"
        if _rows(session, INTEREST, case, person=person) or _rows(session, MEMBER, case, person=person):
            yield "somebody with an interest"


def _agreement(session: Session, case: Case) -> Iterator[str]:
    if not _rows(session, ACCEPTED, case):
        yield "no agreement that an owner accepted before it was handed in"

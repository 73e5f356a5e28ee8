"""What stands behind a certificate today: its application, with what surveillance and accepted changes put there."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from assessments import profile
from assessments.lifecycle import ChangeSize
from assessments.models import Answer, Application, Certificate, ChangeNotice, Submission, Surveillance
from assessments.profile import Profile
from assessments.queries.answers import Piece, answers_of, evidence_by_criterion
from assessments.queries.marks import granted_content, marks_of
from assessments.queries.progress import scope_of
from criteria import store
from criteria.verdict import NOT_APPLICABLE

SCOPE = ("platforms", "categories", "ages")  # what a certificate is for: no surveillance and no notice widens it


def surveyed_after(session: Session, before: Application, until: datetime) -> list[Application]:
    """The concluded surveillance of what an application was certified for, as of a moment, oldest first."""
    question = select(Application).where(col(Application.id).in_(ids_surveyed_after(before, until)))
    return list(session.exec(question.order_by(col(Application.created_at), col(Application.ref))).all())


def ids_surveyed_after(before: Application, until: datetime) -> Any:
    """SQL: the ids of the same."""
    return (
        select(Surveillance.application_id)
        .join(Certificate, col(Certificate.id) == col(Surveillance.certificate_id))
        .where(
            Certificate.application_id == before.id,
            col(Surveillance.measure).is_not(None),
            col(Surveillance.ended_at) <= until,
        )
    )


def answers_behind(
    session: Session, before: Application, until: datetime
) -> tuple[dict[str, Answer], dict[str, list[Piece]]]:
    """The last answers to each criterion with their evidence: what a later surveillance asked, it answers."""
    found, pieces = dict(answers_of(session, before.id)), dict(evidence_by_criterion(session, before.id))
    for one in surveyed_after(session, before, until):
        again, theirs = answers_of(session, one.id), evidence_by_criterion(session, one.id)
        for code in again.keys() & set(one.asked):
            found[code], pieces[code] = again[code], theirs.get(code, [])
    return found, pieces


def profile_of(session: Session, certificate: Certificate, day: date) -> dict[str, Any]:
    """The product as the certificate covers it on a day: what was certified, what the last surveillance looked at,
    and the version of the last change that was accepted as minor; the scope is that of the certificate.
    """
    facts = dict(certificate.content["profile"])
    last = _last_looked_at(session, certificate)
    if last is not None:
        facts = {**facts, **last[0], **{part: facts[part] for part in SCOPE}}
    notice = _last_minor(session, certificate, day, last[1] if last else None)
    if notice is not None:
        facts = {**facts, "version": notice.version, "version_date": notice.effective_on.isoformat()}
    return facts


def pool_of(session: Session, certificate: Certificate, facts: Profile) -> tuple[str, ...]:
    """The criteria that count for a product today: those it was certified on, but for what has come not to apply.

    What applies now and did not then is among them.
    """
    edition = store.load(certificate.edition_id)
    then = set(scope_of(edition, profile.from_dict(granted_content(session, certificate)["profile"])).codes)
    today, marks = set(scope_of(edition, facts).codes), marks_of(session, certificate)
    found = certificate.content["criteria"]
    before = dict.fromkeys(found["not_applicable"], NOT_APPLICABLE) | marks
    counted = {code for code in found["applied"] if before.get(code) != NOT_APPLICABLE}
    counts = (counted - (then - today)) | (today - then)
    return tuple(one.code for one in edition.criteria if one.code in counts)


def _last_looked_at(session: Session, certificate: Certificate) -> tuple[Mapping[str, Any], datetime | None] | None:
    """The profile that the last concluded surveillance was about, and when that ended."""
    question = (
        select(Submission.content, Surveillance.ended_at)
        .join(Surveillance, col(Surveillance.application_id) == col(Submission.application_id))
        .where(Surveillance.certificate_id == certificate.id, col(Surveillance.measure).is_not(None))
        .order_by(col(Surveillance.ended_at).desc(), col(Submission.number).desc())
        .limit(1)
    )
    row = session.exec(question).first()
    return (row[0].get("profile", {}), row[1]) if row else None


def _last_minor(session: Session, certificate: Certificate, day: date, after: datetime | None) -> ChangeNotice | None:
    question = select(ChangeNotice).where(
        ChangeNotice.certificate_id == certificate.id,
        ChangeNotice.size == ChangeSize.MINOR,
        ChangeNotice.version != "",
        ChangeNotice.effective_on <= day,
    )
    if after is not None:
        question = question.where(ChangeNotice.given_at > after)
    return session.exec(
        question.order_by(col(ChangeNotice.effective_on).desc(), col(ChangeNotice.number).desc()).limit(1)
    ).first()

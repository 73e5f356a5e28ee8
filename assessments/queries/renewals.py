"""Questions about renewals and changes: what they stand on, and which of the last answers to look at again."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import Session, col, select

from assessments import profile
from assessments.clock import today
from assessments.models import (
    AgreedScore,
    Answer,
    Application,
    Basis,
    Certificate,
    Confirmation,
    Recommendation,
    Submission,
)
from assessments.queries.announcements import held_back
from assessments.queries.answers import Piece, answers_of, evidence_by_criterion
from assessments.queries.behind import answers_behind, ids_surveyed_after
from assessments.queries.evidence import newest_of
from assessments.queries.progress import Scope, scope_of
from assessments.queries.standings import OVER
from assessments.states import FOLLOWING, CertificateStatus, ChangeKind, Kind, State
from criteria import store
from criteria.compare import FieldChange, asked_anew, origins
from criteria.model import Bilingual, Criterion, Edition

# Groups of criteria that a kind of change touches; what cannot be placed touches everything.
TOUCHES: Mapping[ChangeKind, frozenset[str]] = {
    ChangeKind.VERSION: frozenset({"TN", "HN"}),
    ChangeKind.FEATURES: frozenset({"TL", "TN", "QT"}),
    ChangeKind.DATA: frozenset({"RT"}),
    ChangeKind.INFRASTRUCTURE: frozenset({"HN", "AT"}),
    ChangeKind.AUDIENCE: frozenset({"TN", "QT"}),
    ChangeKind.OWNER: frozenset({"TT", "BC"}),
}
SAMPLED = 4  # of what is left, one in so many is looked at again
FEWEST = 3  # and at least so many
Said = tuple[tuple[str, bool, str], frozenset[UUID]]  # an answer: its words and its evidence
STANDING = (CertificateStatus.ACTIVE, CertificateStatus.SUSPENDED)  # what a certificate is that can be followed


class Why(StrEnum):
    """Why a criterion has to be looked at again, rather than carried over with the rest."""

    CHANGED = "changed"  # the edition asks something else now
    CRITICAL = "critical"
    TOUCHED = "touched"  # by what the vendor says has changed
    LAPSED = "lapsed"  # evidence is no longer valid
    SAMPLE = "sample"


class Settled(StrEnum):
    """What became of an answer since it was copied."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    EDITED = "edited"
    NEW = "new"  # nothing was there to be copied


@dataclass(frozen=True)
class Carried:
    """One criterion that applies now, beside what it was the last time."""

    criterion: Criterion
    changes: tuple[FieldChange, ...]
    why: tuple[Why, ...]
    settled: Settled
    lapsed: tuple[Piece, ...] = ()
    origin: str = ""  # the code it had the last time; "" where nothing was there

    @property
    def code(self) -> str:
        """The criterion's code."""
        return self.criterion.code

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to say that it is right, or change it."""
        return self.settled is Settled.OPEN


@dataclass(frozen=True)
class Later:
    """A renewal or change beside what it follows."""

    application: Application
    basis: Basis
    certificate: Certificate
    before: Application
    edition: Edition
    edition_then: Edition
    rows: tuple[Carried, ...]
    dropped: tuple[Criterion, ...]  # answered the last time, and no longer in the edition

    @property
    def again(self) -> tuple[Carried, ...]:
        """What has to be looked at one by one."""
        return tuple(row for row in self.rows if row.why and row.settled is not Settled.NEW)

    @property
    def rest(self) -> tuple[Carried, ...]:
        """What carries over with one confirmation."""
        return tuple(row for row in self.rows if not row.why and row.settled is not Settled.NEW)

    @property
    def new(self) -> tuple[Carried, ...]:
        """What was not asked, or not answered, the last time."""
        return tuple(row for row in self.rows if row.settled is Settled.NEW)

    @property
    def kinds(self) -> tuple[ChangeKind, ...]:
        """What the vendor says has changed."""
        return tuple(ChangeKind(value) for value in self.basis.changes)

    def row(self, code: str) -> Carried | None:
        """One criterion, if it applies."""
        return next((row for row in self.rows if row.code == code), None)


def basis_of(session: Session, application_id: UUID) -> tuple[Basis, Certificate, Application] | None:
    """What a later application stands on, with the certificate and the application that led to it."""
    question = (
        select(Basis, Certificate, Application)
        .join(Certificate, col(Certificate.id) == col(Basis.certificate_id))
        .join(Application, col(Application.id) == col(Certificate.application_id))
        .where(Basis.application_id == application_id)
    )
    return session.exec(question).one_or_none()


def later_of(session: Session, application: Application) -> Later | None:
    """A renewal or change as far as it has come, in eight statements; None for a first application.

    Each surveillance that was concluded before it asks two more.
    """
    found = basis_of(session, application.id)
    if found is None:
        return None
    basis, certificate, before = found
    then, edition = store.load(before.edition_id), store.load(application.edition_id)
    last, pieces = answers_behind(session, before, application.created_at)
    newest = newest_of(session, application.vendor_id)
    rows = _rows(session, found, application, _said(last, pieces, newest), newest)
    gone = {one.code for one in then.criteria} - set(origins(then, edition).values())
    return Later(
        application=application,
        basis=basis,
        certificate=certificate,
        before=before,
        edition=edition,
        edition_then=then,
        rows=rows,
        dropped=tuple(one for one in then.criteria if one.code in gone and one.code in last),
    )


@dataclass(frozen=True)
class LastTime:
    """How the application before ended, as far as it may be told to those who judge this one."""

    application: Application
    certificate: Certificate
    content: Mapping[str, Any]  # of its newest submission
    agreed: Mapping[str, AgreedScore]
    limits: tuple[Bilingual, ...]  # as they were published


def last_time(session: Session, application: Application) -> LastTime | None:
    """What a renewal or change follows, in two statements; None for a first application, without a question."""
    if application.kind not in FOLLOWING:
        return None
    question = (
        select(Certificate, Application, Submission, Recommendation)
        .join(Basis, col(Basis.certificate_id) == col(Certificate.id))
        .join(Application, col(Application.id) == col(Certificate.application_id))
        .outerjoin(Submission, col(Submission.application_id) == col(Application.id))
        .outerjoin(Recommendation, col(Recommendation.application_id) == col(Application.id))
        .where(Basis.application_id == application.id)
        .order_by(col(Submission.number).desc())
        .limit(1)
    )
    found = session.exec(question).first()
    if found is None:
        return None
    certificate, before, submission, text = found
    content, agreed = _seen_since(session, before, application, submission.content if submission else {})
    return LastTime(
        application=before,
        certificate=certificate,
        content=content,
        agreed=agreed,
        limits=tuple(Bilingual(one["vi"], one["en"]) for one in (text.limits if text else ())),
    )


def _seen_since(
    session: Session, before: Application, application: Application, content: Mapping[str, Any]
) -> tuple[Mapping[str, Any], dict[str, AgreedScore]]:
    """What was handed in and agreed, with what concluded surveillance has put in place of it by then."""
    later = ids_surveyed_after(before, application.created_at)
    mine = (col(AgreedScore.application_id) == before.id) | col(AgreedScore.application_id).in_(later)
    question = select(AgreedScore).join(Application, col(Application.id) == col(AgreedScore.application_id))
    rows = session.exec(question.where(mine).order_by(col(Application.created_at), col(Application.ref))).all()
    answers = dict(content.get("answers", {}))
    for handed_in in _handed_in(session, dict.fromkeys(one.application_id for one in rows), before.id):
        answers |= handed_in.get("answers", {})
    return {**content, "answers": answers}, {one.criterion: one for one in rows}


def _handed_in(session: Session, every: Iterable[UUID], but: UUID) -> list[Mapping[str, Any]]:
    """The newest submission of each, in this order; without a question for none."""
    ids = [one for one in every if one != but]
    if not ids:
        return []
    question = select(Submission).where(col(Submission.application_id).in_(ids)).order_by(col(Submission.number))
    newest = {one.application_id: one.content for one in session.exec(question).all()}
    return [newest[one] for one in ids if one in newest]


def carried_row(session: Session, application: Application, code: str) -> Carried | None:
    """One criterion beside the last time, while a renewal or change is written; None where there was none."""
    writing = application.kind in FOLLOWING and application.state in (State.DRAFT, State.RETURNED)
    later = later_of(session, application) if writing else None
    row = later.row(code) if later else None
    return row if row is not None and row.settled is not Settled.NEW else None


def unconfirmed(session: Session, application: Application) -> int:
    """How many copied answers nobody has confirmed or changed; 0 for a first application, without a question."""
    later = later_of(session, application) if application.kind in FOLLOWING else None
    return sum(row.is_open for row in later.rows) if later else 0


def compared(then: Edition, now: Edition) -> dict[str, tuple[FieldChange, ...]]:
    """Criterion code -> what the newer edition asks differently; wording that asks nothing is left out."""
    return {} if then.id == now.id else asked_anew(then, now)


def sample(ref: str, codes: Iterable[str]) -> frozenset[str]:
    """The criteria drawn from `codes` for an application: the same ones whenever and by whomever it is drawn.

    They are ordered by sha256("<ref>:<code>") and the first quarter is taken, at least FEWEST.
    """
    order = sorted(codes, key=lambda code: hashlib.sha256(f"{ref}:{code}".encode()).hexdigest())
    return frozenset(order[: max(FEWEST, -(-len(order) // SAMPLED))])


def opens_on(certificate: Certificate) -> date:
    """The first legal day on which a renewal can be begun, by the periods of the certificate's edition."""
    days = store.load(certificate.edition_id).periods.renewal_opens_days
    return certificate.valid_until - timedelta(days=days)


def open_about(session: Session, product_id: UUID) -> list[Application]:
    """The applications about a product that are not over as far as the company knows: a held-back result counts."""
    return list(session.exec(_running().where(Application.product_id == product_id)).all())


def open_of(session: Session, vendor_id: UUID) -> list[Application]:
    """A company's applications that are not over: what can still be withdrawn."""
    question = select(Application).where(Application.vendor_id == vendor_id, col(Application.state).not_in(OVER))
    return list(session.exec(question).all())


def running_of(session: Session, vendor_id: UUID) -> list[Application]:
    """A company's applications that are not over as far as it knows: a held-back result counts."""
    return list(session.exec(_running().where(Application.vendor_id == vendor_id)).all())


def _running() -> Any:
    return select(Application).where(or_(col(Application.state).not_in(OVER), held_back()))


def _rows(
    session: Session,
    found: tuple[Basis, Certificate, Application],
    application: Application,
    last: Mapping[str, Said],
    newest: Mapping[UUID, UUID],
) -> tuple[Carried, ...]:
    basis, _certificate, before = found
    then, edition = store.load(before.edition_id), store.load(application.edition_id)
    changes, origin = compared(then, edition), origins(then, edition)
    last = {code: last[old] for code, old in origin.items() if old in last}
    criteria = [one.criterion for one in _scope(application).applies]
    pieces = evidence_by_criterion(session, application.id)
    lapsed, said = _lapsed(pieces, today()), _confirmations(session, application)
    given = _said(answers_of(session, application.id), pieces, newest)
    why = {one.code: _why(one, application.kind, basis, changes, lapsed) for one in criteria}
    drawn = _drawn(application, [one.code for one in criteria if not why[one.code] and one.code in last])
    return tuple(
        Carried(
            criterion=one,
            changes=changes.get(one.code, ()),
            why=why[one.code] or ((Why.SAMPLE,) if one.code in drawn else ()),
            settled=_settled(
                last.get(one.code),
                given.get(one.code),
                said.get(one.code),
                alone=bool(why[one.code]) or one.code in drawn,
            ),
            lapsed=lapsed.get(one.code, ()),
            origin=origin[one.code] if one.code in last else "",
        )
        for one in criteria
    )


def _drawn(application: Application, quiet: list[str]) -> frozenset[str]:
    """What is looked at though nothing speaks of it: a sample, all of a surveillance, nothing of a transition."""
    if application.kind is Kind.TRANSITION:
        return frozenset()
    return frozenset(quiet) if application.asked else sample(application.ref, quiet)


def _scope(application: Application) -> Scope:
    return scope_of(store.load(application.edition_id), profile.from_dict(application.profile), application.asked)


def _why(
    criterion: Criterion,
    kind: Kind,
    basis: Basis,
    changes: Mapping[str, tuple[FieldChange, ...]],
    lapsed: Mapping[str, tuple[Piece, ...]],
) -> tuple[Why, ...]:
    """Why it is looked at alone; a transition asks only what is new, has changed or is touched by what has."""
    touched = any(criterion.group in TOUCHES.get(ChangeKind(one), {criterion.group}) for one in basis.changes)
    found = {
        Why.CHANGED: criterion.code in changes,
        Why.CRITICAL: criterion.critical and kind is not Kind.TRANSITION,
        Why.TOUCHED: touched,
        Why.LAPSED: criterion.code in lapsed,
    }
    return tuple(why for why, so in found.items() if so)


def _said(
    answers: Mapping[str, Answer], pieces: Mapping[str, list[Piece]], newest: Mapping[UUID, UUID]
) -> dict[str, Said]:
    """What each answer says. A newer version of a piece is the same piece: replacing it says nothing of an answer."""
    return {
        code: (
            (one.claim, one.not_applicable, one.not_applicable_reason),
            frozenset(newest.get(piece.evidence.id, piece.evidence.id) for piece in pieces.get(code, ())),
        )
        for code, one in answers.items()
    }


def _settled(last: Said | None, given: Said | None, said: Confirmation | None, *, alone: bool) -> Settled:
    """What became of a copied answer: it is edited when it says something else, or is backed by something else.

    A word for all the rest is none for what has to be looked at alone.
    """
    if last is None or given is None:
        return Settled.NEW
    if given != last:
        return Settled.EDITED
    confirmed = said is not None and (said.one_by_one or not alone)
    return Settled.CONFIRMED if confirmed else Settled.OPEN


def _lapsed(found: Mapping[str, list[Piece]], day: date) -> dict[str, tuple[Piece, ...]]:
    over = {code: tuple(one for one in pieces if _is_over(one, day)) for code, pieces in found.items()}
    return {code: pieces for code, pieces in over.items() if pieces}


def _is_over(piece: Piece, day: date) -> bool:
    until = piece.evidence.valid_until
    return until is not None and until < day


def _confirmations(session: Session, application: Application) -> dict[str, Confirmation]:
    question = select(Confirmation).where(
        Confirmation.application_id == application.id, Confirmation.edition_id == application.edition_id
    )
    return {one.criterion: one for one in session.exec(question).all()}

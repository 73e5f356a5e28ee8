"""What a vendor answers to a criterion: the claim, the evidence beside it, and every earlier text.

A save by hand always leaves a version. Autosaves of one person leave one version for each ten minutes of writing: see
assessments.versions. What is overwritten is only what the actor has seen, and stays as a version.
"""

from dataclasses import dataclass, field
from uuid import UUID

from sqlmodel import Session

from assessments import clock, versions
from assessments.applications import CHANGED, DRAFTING, LOCKED, require_open
from assessments.errors import N_, Conflict, Invalid, NotFound, Version, WrongState
from assessments.models import Answer, AnswerEvidence, AnswerText, Application, Evidence, EvidenceChange
from assessments.people import Actor
from assessments.queries import findings, people
from assessments.queries.answers import answer_to
from assessments.states import State
from assessments.versions import BY_HAND, Saving
from criteria import store
from criteria.model import Criterion, UnknownCode

LONGEST = 5_000  # characters of a claim: what the pages will render of it
LONGEST_REASON = 1_000


@dataclass(frozen=True)
class Draft:
    """What a person typed about one criterion, and the version they began from (0: nothing was saved yet)."""

    claim: str = ""
    not_applicable: bool = False
    not_applicable_reason: str = ""
    version: int = 0
    attach: tuple[UUID, ...] = field(default=())  # evidence to add to the criterion with the same save
    detach: tuple[UUID, ...] = field(default=())
    saving: Saving = BY_HAND

    @property
    def text(self) -> tuple[str, bool, str]:
        """What is compared: claim, and the claim that the criterion does not apply with its reason."""
        return self.claim, self.not_applicable, self.not_applicable_reason


def save(session: Session, actor: Actor, application: Application, code: str, draft: Draft) -> Answer:
    """Save an answer, complete or not, and keep the text as a version of its own.

    Refuses strangers (NotFound), a locked application or a criterion not named in the correction (WrongState), an
    unknown criterion (NotFound), "not applicable" where the edition does not allow it and too long a text (Invalid),
    and a text somebody has saved meanwhile (Conflict, with both).
    """
    criterion = _open_criterion(session, actor, application, code)
    _refuse_unusable(criterion, draft)
    answer = answer_to(session, application.id, code) or Answer(application_id=application.id, criterion=code)
    if draft.text != _text_of(answer):
        if not _has_seen(answer, draft):
            raise Conflict(CHANGED, *_both_texts(session, answer, draft))
        _write(session, actor, answer, draft)
    elif not draft.saving.auto:
        versions.seal_answer(session, answer)
    session.add(answer)
    session.flush()
    for evidence_id in draft.attach:
        _attach(session, actor, application, answer, evidence_id)
    for evidence_id in draft.detach:
        _detach(session, actor, answer, evidence_id)
    return answer


def restore(session: Session, actor: Actor, application: Application, code: str, earlier: tuple[UUID, int]) -> Answer:
    """Make an earlier text the present one, as a new version; what stands there now stays as a version.

    `earlier` names the text and the version the actor saw beside it. Refuses as save() does, and (NotFound) a text
    of another answer.
    """
    text_id, version = earlier
    text, answer = session.get(AnswerText, text_id), answer_to(session, application.id, code)
    if text is None or answer is None or text.answer_id != answer.id:
        raise NotFound
    return save(
        session,
        actor,
        application,
        code,
        Draft(text.claim, text.not_applicable, text.not_applicable_reason, version=version),
    )


def give_way(session: Session, actor: Actor, application: Application, code: str, draft: Draft) -> Answer:
    """Keep what somebody else has saved, and the actor's own text as the version before it. Refuses as save() does."""
    answer = answer_to(session, application.id, code)
    theirs = _text_of(answer) if answer else Draft().text
    mine = save(session, actor, application, code, draft)
    return save(session, actor, application, code, Draft(*theirs, version=mine.version))


def attach(session: Session, actor: Actor, application: Application, code: str, evidence: Evidence) -> None:
    """Use a piece of the company's evidence for a criterion; using it again changes nothing.

    Refuses as save() does, and evidence of another company or removed from the library (NotFound).
    """
    _open_criterion(session, actor, application, code)
    answer = answer_to(session, application.id, code)
    if answer is None:
        answer = Answer(application_id=application.id, criterion=code, saved_by=actor.id)
        session.add(answer)
        session.flush()
    _attach(session, actor, application, answer, evidence.id)


def detach(session: Session, actor: Actor, application: Application, code: str, evidence_id: UUID) -> None:
    """Stop using a piece of evidence for a criterion; it stays in the library. Refuses as save() does."""
    _open_criterion(session, actor, application, code)
    answer = answer_to(session, application.id, code)
    if answer is not None:
        _detach(session, actor, answer, evidence_id)


def may_write(session: Session, application: Application, code: str) -> bool:
    """Whether this answer is open for writing now: the whole draft, or what a correction names."""
    if application.state is State.CORRECTION:
        return code in named_in_correction(session, application)
    return application.state in DRAFTING


def named_in_correction(session: Session, application: Application) -> frozenset[str]:
    """The criteria that the findings of the running round of correction name."""
    asked = findings.of_round(session, application.id, application.correction_round)
    return frozenset(finding.criterion for finding in asked)


def _open_criterion(session: Session, actor: Actor, application: Application, code: str) -> Criterion:
    require_open(session, actor, application, (*DRAFTING, State.CORRECTION))
    try:
        criterion = store.load(application.edition_id).criterion(code)
    except UnknownCode as error:
        raise NotFound from error
    if not may_write(session, application, code):
        raise WrongState(LOCKED)
    return criterion


def _refuse_unusable(criterion: Criterion, draft: Draft) -> None:
    if draft.not_applicable and not criterion.na_allowed:
        raise Invalid(N_("Tiêu chí %(code)s không nhận đề nghị “không áp dụng”."), code=criterion.code)
    if len(draft.claim) > LONGEST or len(draft.not_applicable_reason) > LONGEST_REASON:
        raise Invalid(N_("Phần trình bày dài quá %(max)d ký tự."), max=LONGEST)


def _text_of(answer: Answer) -> tuple[str, bool, str]:
    return answer.claim, answer.not_applicable, answer.not_applicable_reason


def _has_seen(answer: Answer, draft: Draft) -> bool:
    return draft.version == answer.version or versions.from_the_same_page(draft.saving, answer.saved_from)


def _write(session: Session, actor: Actor, answer: Answer, draft: Draft) -> None:
    answer.claim, answer.not_applicable, answer.not_applicable_reason = draft.text
    answer.version += 1
    answer.saved_by = actor.id
    answer.saved_at = clock.now()
    answer.saved_from = draft.saving.page if draft.saving.auto else ""
    versions.keep_answer(session, actor, answer, draft.saving)


def _attach(session: Session, actor: Actor, application: Application, answer: Answer, evidence_id: UUID) -> None:
    evidence = session.get(Evidence, evidence_id)
    if evidence is None or evidence.vendor_id != application.vendor_id or evidence.removed_at is not None:
        raise NotFound
    if session.get(AnswerEvidence, (answer.id, evidence_id)) is None:
        session.add(AnswerEvidence(answer_id=answer.id, evidence_id=evidence_id))
        session.add(_evidence_change(actor, answer, evidence, attached=True))
        answer.saved_at = clock.now()
        session.flush()


def _detach(session: Session, actor: Actor, answer: Answer, evidence_id: UUID) -> None:
    used = session.get(AnswerEvidence, (answer.id, evidence_id))
    if used is not None:
        session.delete(used)
        session.add(_evidence_change(actor, answer, session.get_one(Evidence, evidence_id), attached=False))
        session.flush()


def _evidence_change(actor: Actor, answer: Answer, evidence: Evidence, *, attached: bool) -> EvidenceChange:
    return EvidenceChange(
        application_id=answer.application_id,
        criterion=answer.criterion,
        evidence_id=evidence.id,
        title=evidence.title,
        attached=attached,
        changed_by=actor.id,
        changed_at=clock.now(),
    )


def _both_texts(session: Session, answer: Answer, draft: Draft) -> tuple[Version, Version]:
    author = people.name_of(session, answer.saved_by)
    theirs = Version(
        {"claim": answer.claim, "not_applicable_reason": answer.not_applicable_reason}, author, answer.saved_at
    )
    return theirs, Version({"claim": draft.claim, "not_applicable_reason": draft.not_applicable_reason})

"""The completeness check: accept, return with questions, or refuse with a coded reason (ISO/IEC 17065, 7.3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from assessments import clock
from assessments.errors import N_, Invalid
from assessments.models import Application
from assessments.participation import take_part
from assessments.people import Actor, Part
from assessments.policy import Permission, require
from assessments.queries.consensus import applicable_criteria
from assessments.queries.standings import standing_of
from assessments.states import Action, RefusalReason
from assessments.workflow import move

LONGEST = 5_000  # characters of one text of the office


@dataclass(frozen=True)
class Question:
    """One thing that is missing: the criterion it is about ("" for the application as a whole), and what to do."""

    code: str
    text: str


def accept(session: Session, actor: Actor, application: Application, checklist: Iterable[str]) -> None:
    """Accept for evaluation; `checklist` holds the items of readiness.CHECKLIST found in order.

    Refuses who may not (NotFound, NotAllowed), another state (WrongState), an incomplete list and a team that
    cannot be formed without interests (NotReady).
    """
    _take_office(session, actor, application)
    _note(session, application, checklist=sorted(set(checklist)))
    move(session, actor, application, Action.ACCEPT)


def return_(session: Session, actor: Actor, application: Application, questions: Iterable[Question]) -> None:
    """Give it back with questions; the vendor completes it and submits again.

    Refuses as `accept` does; without a question (NotReady), and a criterion that does not apply (Invalid).
    """
    _take_office(session, actor, application)
    asked = [one for one in questions if one.text.strip()]
    _check(session, application, asked)
    lines = [f"– {one.code}: {one.text.strip()}" if one.code else f"– {one.text.strip()}" for one in asked]
    items = [{"code": one.code, "text": one.text.strip()} for one in asked]
    past = application.intake_notes.get("asked", [])
    asked_now = {"at": clock.now().isoformat(), "items": items}
    _note(session, application, items=items, questions="\n".join(lines), checklist=[], asked=[*past, asked_now])
    move(session, actor, application, Action.RETURN, "\n".join(lines))


def refuse(
    session: Session, actor: Actor, application: Application, reason: RefusalReason | None, note: str = ""
) -> None:
    """Do not take it for evaluation, for a coded reason that is the same for everybody (ISO/IEC 17065, 4.4).

    Refuses as `accept` does; without a reason (NotReady).
    """
    _take_office(session, actor, application)
    if len(note) > LONGEST:
        raise Invalid(N_("Nội dung quá dài: tối đa %(max)d ký tự."), max=LONGEST)
    _note(session, application, reason=reason.value if reason else "", note=note.strip())
    move(session, actor, application, Action.REFUSE, note.strip())


def _take_office(session: Session, actor: Actor, application: Application) -> None:
    require(standing_of(session, actor, application), Permission.INTAKE)
    take_part(session, application, actor.id, Part.COORDINATOR)


def _check(session: Session, application: Application, questions: list[Question]) -> None:
    known = {criterion.code for criterion in applicable_criteria(session, application)} | {""}
    for one in questions:
        if one.code not in known:
            raise Invalid(N_("Tiêu chí %(code)s không áp dụng cho hồ sơ này."), code=one.code)
        if len(one.text) > LONGEST:
            raise Invalid(N_("Nội dung quá dài: tối đa %(max)d ký tự."), max=LONGEST)


def _note(session: Session, application: Application, **values: Any) -> None:
    application.intake_notes = {**application.intake_notes, **values}
    session.add(application)
    session.flush()

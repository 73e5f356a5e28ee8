"""What becomes a version: saves by hand always do, autosaves of one person within some minutes become one."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlmodel import Session

from assessments import clock
from assessments.models import Answer, AnswerText, Application, ProfileText, Score, ScoreVersion
from assessments.people import Actor
from assessments.profile import SECTIONS
from assessments.queries import versions

FOLDED = timedelta(minutes=10)  # autosaves of one person fold into one version that began no longer ago than this
CUT = 200  # characters: an autosave that takes away more at once leaves what was there as a version


@dataclass(frozen=True)
class Saving:
    """How something is saved: by hand, or by the open page of that key as somebody types."""

    page: str = ""
    auto: bool = False


BY_HAND = Saving()


def from_the_same_page(saving: Saving, saved_from: str) -> bool:
    """Whether the last save was an autosave of this very page: what it then overwrites it has written itself.

    That is how a page goes on when an answer to its autosave got lost on the way.
    """
    return saving.page != "" and saving.page == saved_from


def alike(one: Sequence[str], other: Sequence[str]) -> int:
    """How many letters, or words, two texts begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)))


def keep_answer(session: Session, actor: Actor, answer: Answer, saving: Saving) -> None:
    """Keep the text that stands in an answer now as a version, or fold it into the autosave before it."""
    session.add(answer)
    session.flush()
    row = _open_version(session, actor, answer, saving)
    row.version = answer.version
    row.claim, row.not_applicable = answer.claim, answer.not_applicable
    row.not_applicable_reason, row.saved_at = answer.not_applicable_reason, answer.saved_at
    session.add(row)


def seal_answer(session: Session, answer: Answer) -> None:
    """Make what autosaves left a version of its own: somebody pressed the button and the text was the same."""
    answer.saved_from = ""
    if row := versions.newest_answer_text(session, answer):
        row.begun_at = None
        session.add(row)


def keep_profile(
    session: Session, actor: Actor, application: Application, before: Mapping[str, Any], saving: Saving
) -> None:
    """Keep every section of the profile that differs from `before` as a version, or fold it into the autosave before.

    A section that was never saved here, such as one copied from the last application, keeps its first text too.
    """
    for section, names in SECTIONS.items():
        old, new = _part(before, names), _part(application.profile, names)
        if old != new:
            last = versions.newest_profile_text(session, application.id, section)
            if last is None and any(old.values()):
                last = _first(session, application, section, old)
            _add_profile(session, actor, application, last or section, new, saving)


def seal_profile(session: Session, application: Application, names: Mapping[str, Any]) -> None:
    """Make what autosaves left of the sections with these fields versions of their own."""
    for section, fields in SECTIONS.items():
        if set(names) & set(fields) and (row := versions.newest_profile_text(session, application.id, section)):
            row.begun_at, row.saved_from = None, ""
            session.add(row)


def keep_score(session: Session, score: Score, content: dict[str, Any], saving: Saving) -> None:
    """Keep what stands in a score now as a version, or fold it into the autosave before it."""
    session.add(score)
    session.flush()
    row = versions.newest_score_version(session, score)
    if row is None or not _goes_on(row, saving) or cuts(_json(row.content), _json(content)):
        begun = clock.now() if saving.auto else None
        row = ScoreVersion(score_id=score.id, version=score.version, content=content, begun_at=begun)
    row.version, row.content, row.saved_at = score.version, content, score.saved_at
    session.add(row)


def seal_score(session: Session, score: Score) -> None:
    """Make what autosaves left a version of its own: somebody pressed the button and nothing was different."""
    score.saved_from = ""
    if row := versions.newest_score_version(session, score):
        row.begun_at = None
        session.add(row)


def page_of_profile(session: Session, application: Application, names: Mapping[str, Any]) -> str:
    """The page whose autosave wrote what stands in these fields of the profile now; empty when it was not one page."""
    pages = set()
    for section, fields in SECTIONS.items():
        if set(names) & set(fields):
            row = versions.newest_profile_text(session, application.id, section)
            pages.add(row.saved_from if row and row.content == _part(application.profile, fields) else "")
    return pages.pop() if len(pages) == 1 else ""


def _open_version(session: Session, actor: Actor, answer: Answer, saving: Saving) -> AnswerText:
    """The version to write: the one of the autosave before, as far as that may grow, else a new one."""
    last = versions.newest_answer_text(session, answer)
    if last is not None and _grows(last, actor, saving) and not cuts(_words(last), _words(answer)):
        return last
    return AnswerText(
        answer_id=answer.id,
        version=answer.version,
        claim="",
        saved_by=actor.id,
        begun_at=clock.now() if saving.auto else None,
    )


def _add_profile(
    session: Session,
    actor: Actor,
    application: Application,
    last: ProfileText | str,
    content: dict[str, Any],
    saving: Saving,
) -> None:
    row = last if isinstance(last, ProfileText) and _grows(last, actor, saving) else None
    if row is not None and cuts(_json(row.content), _json(content)):
        row = None
    if row is None:
        section, number = (last, 0) if isinstance(last, str) else (last.section, last.number)
        row = ProfileText(
            application_id=application.id,
            section=section,
            number=number + 1,
            content=content,
            saved_by=actor.id,
            begun_at=clock.now() if saving.auto else None,
        )
    row.content, row.saved_at = content, clock.now()
    row.saved_from = saving.page if saving.auto else ""
    session.add(row)


def _grows(last: AnswerText | ProfileText, actor: Actor, saving: Saving) -> bool:
    return last.saved_by == actor.id and _goes_on(last, saving)


def _goes_on(last: AnswerText | ProfileText | ScoreVersion, saving: Saving) -> bool:
    return saving.auto and last.begun_at is not None and clock.now() - last.begun_at < FOLDED


def cuts(before: str, after: str) -> bool:
    """Whether much is gone between what two texts begin with alike and what they end with alike."""
    start = alike(before, after)
    end = alike(before[start:][::-1], after[start:][::-1])
    return len(before) - start - end > CUT


def _json(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False)


def _words(text: Answer | AnswerText) -> str:
    return f"{text.claim}\n{text.not_applicable_reason}"


def _first(session: Session, application: Application, section: str, content: dict[str, Any]) -> ProfileText:
    row = ProfileText(
        application_id=application.id,
        section=section,
        number=1,
        content=content,
        saved_by=application.profile_saved_by or application.created_by,
        saved_at=application.profile_saved_at or application.created_at,
    )
    session.add(row)
    session.flush()
    return row


def _part(profile: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: profile.get(name) for name in names}

"""What a reviewer sees of the time before: of the last certificate, or of what was scored before a correction.

Of the last time only what was agreed and published is told: never a single reviewer's score, never a name.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlmodel import Session

from assessments.models import AgreedScore
from assessments.queries import findings, renewals, submissions
from criteria import store
from criteria.model import Criterion
from registry.differences import Compared, compare
from registry.reviews.bench import Bench, figure, spoken
from registry.templating import bi


@dataclass(frozen=True)
class Earlier:
    """One criterion then, beside now."""

    heading: str
    rows: tuple[Compared, ...]
    answered: bool  # there was an answer then
    figure: str = ""  # the score that was agreed then, "" where none is told
    word: str = ""
    limits: tuple[str, ...] = ()  # what was published then of the whole product
    reopened: bool = False

    @property
    def changed(self) -> bool:
        """Whether the answer says something else now."""
        return any(row.changed for row in self.rows)


def earlier_of(session: Session, found: Bench, criterion: Criterion, named: frozenset[str]) -> Earlier | None:
    """The time before; None where there is none. `named`: what a correction reopened."""
    return _corrected(session, found, criterion, named) or _last_time(session, found, criterion)


def reopened(session: Session, found: Bench) -> frozenset[str]:
    """The criteria that a correction named, so that the vendor could answer them anew."""
    if not found.application.correction_round:
        return frozenset()
    every = findings.all_of(session, found.application.id)
    return frozenset(one.criterion for one in every if one.correction_round)


def _corrected(session: Session, found: Bench, criterion: Criterion, named: frozenset[str]) -> Earlier | None:
    if found.mine.final_at is None or found.submission is None or found.submission.number == 1:
        return None
    scored = submissions.until(session, found.application.id, found.mine.final_at)
    if scored is None or scored.number == found.submission.number:
        return None
    then = scored.content.get("answers", {}).get(criterion.code)
    return Earlier(
        heading=_("So với bản đã chấm (lần nộp thứ %(number)d)", number=scored.number),
        rows=_beside(then or {}, found.answer(criterion.code)),
        answered=then is not None,
        reopened=criterion.code in named,
    )


def _last_time(session: Session, found: Bench, criterion: Criterion) -> Earlier | None:
    last = renewals.last_time(session, found.application)
    if last is None:
        return None
    then = last.content.get("answers", {}).get(criterion.code)
    agreed = last.agreed.get(criterion.code)
    return Earlier(
        heading=_("Lần trước: %(ref)s, số %(number)s", ref=last.application.ref, number=last.certificate.number),
        rows=_beside(then or {}, found.answer(criterion.code)),
        answered=then is not None,
        figure=figure(agreed) if agreed else "",
        word=_word(last.application.edition_id, agreed) if agreed else "",
        limits=tuple(bi(limit) for limit in last.limits),
    )


def _word(edition_id: str, agreed: AgreedScore) -> str:
    if agreed.value is None:
        return spoken(agreed)
    return bi(store.load(edition_id).step(agreed.value).name)


def _beside(then: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[Compared, ...]:
    fields = (
        (_("Phần trình bày"), then.get("claim", ""), now.get("claim", "")),
        (_("Lý do không áp dụng"), then.get("not_applicable_reason", ""), now.get("not_applicable_reason", "")),
        (_("Bằng chứng"), _titles(then), _titles(now)),
    )
    return tuple(compare(label, old, new) for label, old, new in fields if old or new)


def _titles(answer: Mapping[str, Any]) -> str:
    return "\n".join(str(piece["title"]) for piece in answer.get("evidence", ()))

"""What was taken from a certificate, and when: for its page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session

from assessments.models import Certificate, CertificateEvent
from assessments.queries.certificates import revisions_of
from assessments.reductions import PARTS
from criteria.model import Bilingual


@dataclass(frozen=True)
class Reduced:
    """One reduction: the codes that went, by part, and the levels where it fell."""

    number: int
    on: date
    lost: dict[str, list[str]]
    level_before: Bilingual | None
    level_after: Bilingual | None
    reason: Bilingual | None


def reduced(session: Session, certificate: Certificate, events: Iterable[CertificateEvent]) -> list[Reduced]:
    """Every reduction of a certificate, newest first; without a question where there was none."""
    if certificate.revision == 1:
        return []
    by_id = {event.id: event for event in events}
    found = []
    for row in revisions_of(session, certificate.id):
        event = by_id.get(row.event_id)
        fell = row.before["level"]["code"] != row.after["level"]["code"]
        lost = {part: _gone(row.before["profile"][part], row.after["profile"][part]) for part in PARTS}
        found.append(
            Reduced(
                number=row.number,
                on=row.effective_on,
                lost={part: codes for part, codes in lost.items() if codes},
                level_before=_level(row.before) if fell else None,
                level_after=_level(row.after) if fell else None,
                reason=Bilingual(event.reason_vi, event.reason_en or event.reason_vi) if event else None,
            )
        )
    return found


def _gone(before: list[str], after: list[str]) -> list[str]:
    return [code for code in before if code not in after]


def _level(content: dict[str, Any]) -> Bilingual:
    return Bilingual(content["level"]["vi"], content["level"]["en"])

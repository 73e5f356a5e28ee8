"""What was taken from a certificate, and when: for its page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session

from assessments.models import Certificate, CertificateEvent, CertificateRevision
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


def reduced(
    session: Session, certificate: Certificate, events: Iterable[CertificateEvent], content: Mapping[str, Any]
) -> list[Reduced]:
    """Every reduction of a certificate, newest first; without a question where there was none.

    `content` is what it says on the day that is shown: what was given back by then is not told of as taken.
    """
    if certificate.revision == 1:
        return []
    by_id = {event.id: event for event in events}
    found = []
    for row in revisions_of(session, certificate.id):
        event = by_id.get(row.event_id)
        fell = int(row.after["level"]["rank"]) < int(row.before["level"]["rank"]) > int(content["level"]["rank"])
        lost = {part: [one for one in _gone(row, part) if one not in content["profile"][part]] for part in PARTS}
        if not (fell or any(lost.values())):
            continue
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


def _gone(row: CertificateRevision, part: str) -> list[str]:
    return [code for code in row.before["profile"][part] if code not in row.after["profile"][part]]


def _level(content: dict[str, Any]) -> Bilingual:
    return Bilingual(content["level"]["vi"], content["level"]["en"])

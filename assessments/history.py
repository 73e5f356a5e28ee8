"""Write history: every step is a row of one chain of salted hashes, with its words beside it.

The chain holds no name and no free text, only the hash of a salted text that can be erased by law
(ISO/IEC 17065, 7.12; Law 91/2025/QH15 on personal data) without breaking what follows.
"""

import hashlib
import secrets
from dataclasses import dataclass

from sqlmodel import Session, select

from assessments.clock import now
from assessments.models import Application, Certificate, ChainHead, HistoryEntry, HistoryText
from assessments.people import Actor

WRITTEN = "history"  # key of Session.info: the entries of this transaction, for the notices


@dataclass(frozen=True)
class Step:
    """What happened: the action's name, the states it led from and to, and a note in the actor's words."""

    action: str
    from_state: str = ""
    to_state: str = ""
    note: str = ""


def record(
    session: Session,
    actor: Actor | None,
    step: Step,
    application: Application | None = None,
    certificate: Certificate | None = None,
) -> HistoryEntry:
    """Add one row to the chain; `actor` None is the clock. The caller's transaction carries it."""
    head = _locked_head(session)
    text = HistoryText(
        seq=head.seq + 1, salt=secrets.token_hex(16), actor_name=actor.name if actor else "", note=step.note
    )
    entry = HistoryEntry(
        seq=text.seq,
        application_id=application.id if application else None,
        certificate_id=certificate.id if certificate else None,
        actor_id=actor.id if actor else None,
        action=step.action,
        from_state=step.from_state,
        to_state=step.to_state,
        at=now(),
        text_hash=text_hash(text),
        previous_hash=head.hash,
        hash="",
    )
    entry.hash = entry_hash(entry)
    head.seq, head.hash = entry.seq, entry.hash
    session.add_all([head, entry])
    session.flush()
    session.add(text)
    session.info.setdefault(WRITTEN, []).append(entry)
    return entry


def text_hash(text: HistoryText) -> str:
    """sha256 of salt, name and note: what the chain remembers of the words."""
    return _sha256(text.salt, text.actor_name, text.note)


def entry_hash(entry: HistoryEntry) -> str:
    """sha256 over everything an entry says and the hash before it."""
    return _sha256(
        entry.previous_hash,
        str(entry.seq),
        str(entry.application_id or ""),
        str(entry.certificate_id or ""),
        str(entry.actor_id or ""),
        entry.action,
        entry.from_state,
        entry.to_state,
        entry.at.isoformat(timespec="microseconds"),
        entry.text_hash,
    )


def _sha256(*parts: str) -> str:
    framed = "".join(f"{len(part.encode())}:{part}\n" for part in parts)
    return hashlib.sha256(framed.encode()).hexdigest()


def _locked_head(session: Session) -> ChainHead:
    head = session.exec(select(ChainHead).with_for_update().execution_options(populate_existing=True)).one_or_none()
    if head is None:
        head = ChainHead()
        session.add(head)
        session.flush()
    return head

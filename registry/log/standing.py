"""Where a certificate stands in the public log: what its page says of its proof."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from assessments.queries import log as queries
from registry.log import checkpoints, notes
from registry.log.checkpoints import Checkpoint


@dataclass(frozen=True)
class Logged:
    """The newest entry about something, and the signed checkpoint that covers it."""

    index: int
    checkpoint: Checkpoint


def of_certificate(session: Session, certificate_id: UUID) -> Logged | None:
    """The newest entry about a certificate that a checkpoint covers; None before the first. One statement."""
    found = queries.signed_about(session, certificate_id)
    return Logged(found[0], checkpoints.parsed(notes.text_of(found[1]))) if found else None

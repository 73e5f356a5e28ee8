"""The minutes of a decision: what they say of people is kept with the decision, the document is made afterwards."""

from sqlmodel import Session

from assessments.clock import now
from assessments.models import Application, Decision, Minutes
from assessments.queries.committee import Concerned, concerned
from assessments.queries.reviews import ever


def open_for(session: Session, application: Application, decision: Decision) -> Minutes:
    """Keep how everybody stood to the file when it was decided; interests change afterwards. Refuses nothing.

    Reviewers are kept by letter, so that no later reading of the row tells who they were (ISO/IEC 17065, 7.12).
    """
    letters = {review.reviewer_id: review.letter for review in ever(session, application.id)}
    told = [_told(person, letters.get(person.id, "")) for person in concerned(session, application)]
    found = Minutes(
        decision_id=decision.id,
        people=sorted(told, key=lambda one: (str(one["letter"]), str(one["name"]))),  # not in the order of hidden names
    )
    session.add(found)
    session.flush()
    return found


def keep(session: Session, minutes: Minutes, named: tuple[str, int], masked: tuple[str, int]) -> None:
    """Say where the bytes of the document are, with names and without: (sha256, size) of each. What is there stays."""
    if minutes.sha256 is None:
        minutes.sha256, minutes.size, minutes.made_at = *named, now()
    minutes.masked_sha256, minutes.masked_size = masked
    session.add(minutes)
    session.flush()


def _told(person: Concerned, letter: str) -> dict[str, object]:
    return {
        "name": "" if letter else person.name,
        "letter": letter,
        "part": person.part.value if person.part else "",
        "declared": person.declared,
        "interests": sorted({kind.value for kind in person.interests}),
    }

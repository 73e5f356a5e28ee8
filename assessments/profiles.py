"""Earlier texts of the draft profile: bring one back, or give way to what a colleague has saved."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlmodel import Session

from assessments.applications import save_profile, seen
from assessments.errors import NotFound
from assessments.models import Application, ProfileText
from assessments.people import Actor
from assessments.profile import empty


def restore(session: Session, actor: Actor, application: Application, text_id: UUID, seen_then: str) -> None:
    """Make an earlier text of a section the present one, as a new version; what stands there now stays as a version.

    Refuses as save_profile() does, and (NotFound) a text of another application.
    """
    text = session.get(ProfileText, text_id)
    if text is None or text.application_id != application.id:
        raise NotFound
    changes = {name: empty(name) if value is None else value for name, value in text.content.items()}
    save_profile(session, actor, application, changes, seen_then)


def give_way(
    session: Session, actor: Actor, application: Application, changes: Mapping[str, Any], seen_then: str
) -> None:
    """Keep what somebody else has saved, and the actor's own text as the version before it.

    Refuses as save_profile() does.
    """
    theirs = {name: application.profile.get(name) for name in changes}
    save_profile(session, actor, application, changes, seen_then)
    save_profile(session, actor, application, theirs, seen(application, changes))

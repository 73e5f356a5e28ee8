"""Taking a part in an application: one part for one person, whatever else they are."""

from uuid import UUID

from sqlmodel import Session

from assessments.errors import N_, NotAllowed
from assessments.models import Application, Participation
from assessments.people import Part


def take_part(session: Session, application: Application, person_id: UUID, part: Part) -> Participation:
    """Record a person's part, once; refuses (NotAllowed) whoever already has another part in this application.

    The primary key (application, person) refuses the same by itself. Source: ISO/IEC 17065, 7.5.1 and 7.6.2.
    """
    found = session.get(Participation, (application.id, person_id))
    if found is None:
        found = Participation(application_id=application.id, person_id=person_id, part=part)
        session.add(found)
        session.flush()
    if found.part is not part:
        raise NotAllowed(N_("Một người chỉ giữ một vai trong một hồ sơ."))
    return found

"""What the clock says of certificates, each thing once: it reminds and records, and changes none by itself."""

from sqlmodel import Session

from assessments import history
from assessments.clock import today
from assessments.errors import N_, WrongState
from assessments.lifecycle import Clocked
from assessments.models import Certificate, CertificateReminder
from assessments.queries import expiries as queries
from assessments.queries.expiries import Saying
from assessments.states import CertificateStep

STEPS = {
    Clocked.RENEWAL: CertificateStep.REMIND_RENEWAL,
    Clocked.EXPIRY: CertificateStep.EXPIRE,
    Clocked.SUSPENSION: CertificateStep.REMIND_SUSPENSION,
    Clocked.RESTORING: CertificateStep.RESTORING_OVERDUE,
    Clocked.CHANGE: CertificateStep.CHANGE_OVERDUE,
}


def say(session: Session, saying: Saying) -> CertificateReminder:
    """Say one thing as the clock; the letters go with the history row. A suspended certificate stays suspended when
    its time has run, and expiry is computed from the date: this only tells people.

    Refuses (WrongState) what was said by now, or is true no more.
    """
    certificate = session.get_one(Certificate, saying.certificate_id)
    session.refresh(certificate, with_for_update=True)
    if saying not in queries.due(session, today()):
        raise WrongState(N_("Chưa đến lúc nhắc."))
    made = CertificateReminder(
        certificate_id=certificate.id, about=saying.about, due_on=saying.due_on, days=saying.days
    )
    session.add(made)
    session.flush()
    step = history.Step(STEPS[saying.about], note=saying.due_on.strftime("%d/%m/%Y"))
    history.record(session, None, step, certificate=certificate)
    return made

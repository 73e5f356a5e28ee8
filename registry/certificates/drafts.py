"""Proposals that are written down for the committee before anybody has made them: nothing is decided by a clock."""

from datetime import date

from assessments.models import CertificateEvent
from assessments.queries.certificates import File
from assessments.states import CertificateAction, CertificateState
from registry.certificates.forms import WITHDRAW, ChangeForm

# Both texts are published when somebody proposes them, whatever language they read the page in.
VI = "Điều kiện khôi phục giấy không được thực hiện đến hết ngày {day}: {condition}"
EN = "What restores the certificate was not done by the end of {day}: {condition}"


def late(file: File, day: date) -> CertificateEvent | None:
    """The suspension of a certificate whose condition was to be fulfilled by a day that has passed."""
    if file.certificate.state is not CertificateState.SUSPENDED:
        return None
    found = (one for one in file.events if one.action is CertificateAction.SUSPEND and one.dismissed_at is None)
    event = next(found, None)
    return event if event is not None and event.restore_by is not None and event.restore_by < day else None


def drafted(file: File, day: date) -> ChangeForm:
    """The form of a proposal: to withdraw, with its reasons, once the time of a suspension has run; else empty."""
    event = late(file, day)
    if event is None or event.restore_by is None:
        return ChangeForm(formdata=None)
    until = event.restore_by.strftime("%d/%m/%Y")
    return ChangeForm(
        formdata=None,
        data={
            "action": WITHDRAW[0],
            "why_vi": VI.format(day=until, condition=event.condition_vi),
            "why_en": EN.format(day=until, condition=event.condition_en),
        },
    )

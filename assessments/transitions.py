"""The way of certificates to a newer edition, as the clock walks it: what was sent, and what happens at its end."""

from sqlmodel import Session

from assessments import certificates, clock
from assessments.errors import N_, WrongState
from assessments.models import Application, Certificate, CertificateEvent, EditionPublication
from assessments.queries.certificates import status
from assessments.queries.committee import may_decide
from assessments.queries.editions import publications, successor
from assessments.queries.transitions import due_reminder, has_handed_in
from assessments.states import CertificateStatus
from criteria import store
from criteria.model import Bilingual

STANDING = (CertificateStatus.ACTIVE, CertificateStatus.SUSPENDED)


def lapse(session: Session, certificate: Certificate) -> CertificateEvent:
    """End a certificate that has not handed in to go over to the newest edition, where its publication says so.

    It is the decision of the two deciders who published the edition, carried out by the clock. Refuses (WrongState)
    before the day after the transition, where the publication leaves certificates their own end, where the company
    has handed in or the certificate does not stand, and where one of the two may not decide about this company: then
    the line stays on the board, and the committee decides. Source: ISO/IEC 17065, 7.10.1.
    """
    session.refresh(certificate, with_for_update=True)
    publication = successor(publications(session), certificate.edition_id)
    if publication is None or not _is_over(publication) or status(certificate, clock.today()) not in STANDING:
        raise WrongState(N_("Chưa đến lúc giấy này hết giá trị."))
    if has_handed_in(session, certificate.id, publication.edition_id):
        raise WrongState(N_("Đơn vị đã nộp hồ sơ chuyển, giấy này chờ kết quả."))
    application = session.get_one(Application, certificate.application_id)
    deciders = publication.proposed_by, publication.published_by
    if deciders[0] is None or deciders[1] is None:
        raise WrongState(N_("Bản tiêu chí này không do hai người công bố."))
    if not all(may_decide(session, application, one) for one in deciders if one):
        raise WrongState(N_("Người công bố không quyết định về giấy này được. Hội đồng quyết định riêng."))
    return certificates.lapse(session, certificate, (deciders[0], deciders[1]), _reason(publication))


def note_told(session: Session, publication: EditionPublication) -> None:
    """Remember that the companies were written to."""
    publication.told_at = clock.now()
    session.add(publication)


def note_reminded(session: Session, publication: EditionPublication) -> None:
    """Remember which reminder was sent; refuses (WrongState) where none is due."""
    days = due_reminder(publication, clock.today())
    if days is None:
        raise WrongState(N_("Chưa đến lúc nhắc."))
    publication.reminded_days = days
    session.add(publication)


def _is_over(publication: EditionPublication) -> bool:
    until = publication.transition_until
    return publication.lapses and until is not None and clock.today() > until


def _reason(publication: EditionPublication) -> Bilingual:
    name = store.load(publication.edition_id).name
    day = f"{publication.transition_until:%d/%m/%Y}"
    return Bilingual(
        f"Đến hết ngày {day} chưa có hồ sơ chuyển sang {name.vi}. Khi công bố bản này, Câu lạc bộ đã định rằng giấy "
        f"chưa chuyển thì hết giá trị.",
        f"By the end of {day} no application to go over to {name.en} had been handed in. When it published that "
        f"edition, the club laid down that certificates which have not gone over end.",
    )

"""What a concern leads to: passed on to whoever can protect a child, or a surveillance of the certificate."""

from datetime import date

from sqlmodel import Session

from assessments import clock, concerns, surveillance
from assessments.errors import N_, Invalid, WrongState
from assessments.lifecycle import Trigger
from assessments.models import Concern, Surveillance
from assessments.people import Actor
from assessments.queries import concerns as queries
from assessments.recourse import ConcernAction, Referral

LONGEST = 1_000  # characters of a note that goes along with a surveillance


def write_out(session: Session, actor: Actor, concern: Concern) -> None:
    """Take the sheet that is passed on, with every word that was said: each time a step of the history."""
    concerns.move(session, actor, concern, ConcernAction.WRITE_OUT)


def refer(session: Session, actor: Actor, concern: Concern, to: Referral, *, passed_on: bool) -> None:
    """Record that it was passed on, and keep nothing but that: text, messages, product and contact are erased.

    Refuses as concerns.move does, and without the word that it has been passed on (Invalid). Not to be undone.
    """
    concerns.require(session, actor, concern, ConcernAction.REFER)
    if not passed_on:
        raise Invalid(N_("Chỉ ghi khi đã chuyển xong: nội dung sẽ bị xóa ngay."))
    concerns.erase_words(session, concern)
    concern.kind = concern.product_id = None
    concern.child = False
    concern.referred_to, concern.referred_at = to, clock.now()
    concerns.move(session, actor, concern, ConcernAction.REFER)


def survey(session: Session, actor: Actor, concern: Concern, due_on: date, note: str) -> Surveillance:
    """Plan a surveillance of the product's certificate because of it. The office's own words go along, never the
    reporter's.

    Refuses as concerns.move and surveillance.plan do, a second time, and without a certificate to look at (WrongState).
    """
    concerns.require(session, actor, concern, ConcernAction.SURVEY)
    if concern.surveillance_id is not None:
        raise WrongState(N_("Phản ánh này đã dẫn đến một lần giám sát."))
    certificate = queries.certificate_of(session, concern)
    if certificate is None:
        raise WrongState(N_("Chưa biết phản ánh về sản phẩm nào trong danh mục, nên chưa lập giám sát được."))
    if len(note) > LONGEST:
        raise Invalid(N_("Nội dung quá dài: tối đa %(max)d ký tự."), max=LONGEST)
    told = f"{concern.number}. {note.strip()}".strip()
    wanted = surveillance.Wanted(Trigger.CONCERN, told, due_on)
    planned = surveillance.plan(session, actor, certificate.number, wanted)
    concern.surveillance_id = planned.id
    concerns.move(session, actor, concern, ConcernAction.SURVEY)
    return planned

"""Somebody who reports a concern, in words and with a contact that stand nowhere else: who may find which."""

from uuid import UUID, uuid4

from sqlmodel import Session

from assessments import concerns, openings
from assessments.models import Concern
from assessments.people import Actor
from assessments.recourse import ConcernKind
from registry.concerns import contacts, letters

TYPED, WRITTEN, LATER = "tensanphamzq", "phananhzq", "vietthemzq"
WORDS = {TYPED, WRITTEN, LATER}
REACHED, CODE = "haimozq", "MZQQ-MZQQ-MZQQ-MZQQ-MZQQ"


def report(session: Session, office: Actor, product_id: UUID) -> Concern:
    """Report a concern about a product, write again; the office acknowledges it and asks to reach whoever wrote."""
    told = concerns.Said(ConcernKind.OTHER, WRITTEN, about=TYPED, contact=REACHED)
    concern = concerns.receive(session, uuid4(), CODE, told, contacts.seal)
    letters.tell_of_new(session, concern)
    concern.product_id = product_id
    concerns.hear(session, concern, uuid4(), LATER)
    letters.tell_of_reply(session, concern)
    concerns.acknowledge(session, office, concern)
    opening = openings.ask(session, office, concern, "Hỏi thêm về kiểu máy.", contacts.half_of_who_asks)
    letters.tell_confirmers(session, concern, opening)
    return concern

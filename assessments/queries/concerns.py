"""Questions about concerns: what is open and for whom, what a code follows, and who may open a contact with whom."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, not_, or_
from sqlmodel import Session, col, select

from assessments import clock
from assessments.folding import fold
from assessments.models import (
    Certificate,
    Concern,
    ConcernMessage,
    ConcernOpening,
    ConcernStep,
    HistoryEntry,
    Product,
    Surveillance,
)
from assessments.numbers import parse
from assessments.people import Actor, Role
from assessments.queries import catalogue
from assessments.queries.certificates import certificate_by_number, is_public
from assessments.queries.people import PERSON, PERSON_ROLE, Person
from assessments.queries.standings import has_interest_in, longest_window
from assessments.recourse import ConcernState, Danger, Voice
from criteria import store
from criteria.model import Bilingual

PAGE = 50
FOUND = 8  # products offered to a typed name
READERS = (Role.COORDINATOR, Role.AUDITOR)
CONFIRMERS = (Role.COORDINATOR, Role.IMPARTIALITY)  # who may be the second person of an opening
OPEN = (ConcernState.RECEIVED, ConcernState.ACKNOWLEDGED, ConcernState.INVESTIGATING)
ALARM = (Danger.SUSPECTED, Danger.FOUND)


@dataclass(frozen=True)
class Line:
    """One line of the board."""

    concern: Concern
    product: str
    product_en: str


def concern_by_number(session: Session, number: str, *, lock: bool = False) -> Concern | None:
    """The concern of that number; `lock` holds its row until the transaction ends."""
    question = select(Concern).where(Concern.number == number)
    return session.exec(question.with_for_update() if lock else question).one_or_none()


def concern_by_code(session: Session, code_hash: str, *, lock: bool = False) -> Concern | None:
    """The concern that a code follows."""
    question = select(Concern).where(Concern.code_hash == code_hash)
    return session.exec(question.with_for_update() if lock else question).one_or_none()


def held_state(session: Session, concern_id: UUID) -> ConcernState:
    """The state as the database has it."""
    columns: list[Any] = [Concern.state]
    state: ConcernState = session.exec(select(*columns).where(Concern.id == concern_id)).one()
    return state


def next_serial(session: Session, year: int) -> int:
    """One more than the last of the year; the unique constraint judges between two at once."""
    return (session.exec(select(func.max(Concern.serial)).where(Concern.year == year)).one() or 0) + 1


def listed(session: Session, actor: Actor, *, over: bool, after: int = 0) -> list[Line]:
    """What is open: danger first, then what is new, then by deadline; or what is over, newest first.

    Nothing about products of companies the person has an interest in. One more than PAGE where there is a next page.
    """
    columns: list[Any] = [Concern, func.coalesce(Product.name, ""), func.coalesce(Product.name_en, "")]
    question = select(*columns).outerjoin(Product, col(Product.id) == col(Concern.product_id)).where(_free(actor))
    if over:
        ended = func.coalesce(Concern.closed_at, Concern.referred_at)
        question = question.where(col(Concern.state).not_in(OPEN)).order_by(ended.desc(), col(Concern.number).desc())
    else:
        pressing = case((col(Concern.danger).in_(ALARM), 0), (col(Concern.state) == ConcernState.RECEIVED, 1), else_=2)
        question = question.where(col(Concern.state).in_(OPEN))
        question = question.order_by(pressing, col(Concern.due_at), col(Concern.number))
    return [Line(*row) for row in session.execute(question.offset(after).limit(PAGE + 1))]


def alarms(session: Session, actor: Actor) -> int:
    """How many open ones may speak of a child in danger."""
    question = select(func.count()).select_from(Concern)
    question = question.outerjoin(Product, col(Product.id) == col(Concern.product_id))
    return session.exec(
        question.where(_free(actor), col(Concern.state).in_(OPEN), col(Concern.danger).in_(ALARM))
    ).one()


def is_interested(session: Session, person_id: UUID, concern: Concern) -> bool:
    """Whether somebody has, or lately had, an interest in the company of the product."""
    product = product_of(session, concern)
    if product is None:
        return False
    return bool(session.scalar(select(has_interest_in(person_id, product.vendor_id, longest_window()))))


def messages_of(session: Session, concern_id: UUID, *, notes: bool = False) -> list[ConcernMessage]:
    """What was written both ways, in order; with the office's notes for itself where they are asked for."""
    question = select(ConcernMessage).where(ConcernMessage.concern_id == concern_id)
    if not notes:
        question = question.where(ConcernMessage.voice != Voice.NOTE)
    return list(session.exec(question.order_by(col(ConcernMessage.at), col(ConcernMessage.id))))


def written_by_reporter(session: Session, concern_id: UUID) -> int:
    """How many messages the reporter has sent after the first text."""
    question = select(func.count()).select_from(ConcernMessage)
    return session.exec(
        question.where(ConcernMessage.concern_id == concern_id, ConcernMessage.voice == Voice.REPORTER)
    ).one()


# --- the product ---


def product_of(session: Session, concern: Concern) -> Product | None:
    """The product, where it is known which."""
    return session.get(Product, concern.product_id) if concern.product_id else None


def certificate_of(session: Session, concern: Concern) -> Certificate | None:
    """The certificate that the public sees of the product today; what a surveillance would look at again."""
    product = product_of(session, concern)
    listing = catalogue.listing_by_slug(session, product.slug, clock.today()) if product else None
    return session.get(Certificate, listing.certificate_id) if listing else None


def surveillance_of(session: Session, concern: Concern) -> tuple[Surveillance, str] | None:
    """The surveillance it has led to, and the number of its certificate."""
    one = session.get(Surveillance, concern.surveillance_id) if concern.surveillance_id else None
    return (one, session.get_one(Certificate, one.certificate_id).number) if one else None


def product_meant(session: Session, slug: str, about: str) -> UUID | None:
    """The public product somebody came from, or else the only one that bears exactly the typed name or number."""
    day = clock.today()
    if slug and (listing := catalogue.listing_by_slug(session, slug, day)):
        return listing.product_id
    if not about.strip():
        return None
    certificate = certificate_by_number(session, parse(about).number)
    if certificate is not None and is_public(certificate, day):
        return certificate.product_id
    same = [one for one in offered(session, about) if fold(about) in {fold(one.name.vi), fold(one.name.en)}]
    listing = catalogue.listing_by_slug(session, same[0].slug, day) if len(same) == 1 else None
    return listing.product_id if listing else None


def offered(session: Session, about: str) -> list[catalogue.Card]:
    """The public products that a typed name may mean, a few."""
    found = catalogue.search(session, catalogue.Search(text=about), clock.today()) if about.strip() else None
    return found.cards[:FOUND] if found else []


def name_of(session: Session, slug: str) -> Bilingual | None:
    """What the public product is called that somebody comes from."""
    listing = catalogue.listing_by_slug(session, slug, clock.today()) if slug else None
    if listing is None:
        return None
    name = listing.card["name"]
    return Bilingual(name["vi"], name["en"] or name["vi"])


# --- openings of contacts ---


def opening(session: Session, opening_id: UUID, *, lock: bool = False) -> ConcernOpening | None:
    """One opening."""
    question = select(ConcernOpening).where(ConcernOpening.id == opening_id)
    return session.exec(question.with_for_update() if lock else question).one_or_none()


def openings_of(session: Session, concern_id: UUID) -> list[ConcernOpening]:
    """Every opening of a contact, newest first."""
    question = select(ConcernOpening).where(ConcernOpening.concern_id == concern_id)
    return list(session.exec(question.order_by(col(ConcernOpening.asked_at).desc())))


def waiting(session: Session, actor: Actor) -> list[tuple[ConcernOpening, Concern]]:
    """The openings that wait for a second person, for one who may be it: nothing of their own, nothing they may not."""
    question = (
        select(ConcernOpening, Concern)
        .join(Concern, col(Concern.id) == col(ConcernOpening.concern_id))
        .outerjoin(Product, col(Product.id) == col(Concern.product_id))
        .where(
            col(ConcernOpening.answered_by).is_(None),
            ConcernOpening.asked_by != actor.id,
            col(Concern.state).in_(OPEN),
            col(Concern.contact).is_not(None),
            _free(actor),
        )
        .order_by(col(ConcernOpening.asked_at))
    )
    return list(session.exec(question).all())


# --- letters and the clock ---


def office(session: Session, concern: Concern) -> list[Person]:
    """The coordinators who may read it."""
    return _holding(session, concern, (Role.COORDINATOR,))


def confirmers(session: Session, concern: Concern, asked_by: UUID) -> list[Person]:
    """Who may be the second person of an opening."""
    return [one for one in _holding(session, concern, CONFIRMERS) if one.id != asked_by]


def late(session: Session, moment: datetime) -> list[UUID]:
    """What is late and was not written about yet."""
    question = select(Concern.id).where(col(Concern.due_at) < moment, col(Concern.late_told).is_(False))
    return list(session.exec(question).all())


def to_erase(session: Session, moment: datetime) -> list[UUID]:
    """What is over for at least the shortest period of any edition and still says something; the verb looks again."""
    shortest = min((edition.recourse.complaint_contact_days for edition in store.editions()), default=0)
    question = select(Concern.id).where(
        Concern.state == ConcernState.CLOSED,
        col(Concern.erased_at).is_(None),
        col(Concern.closed_at) <= moment - timedelta(days=shortest),
    )
    return list(session.exec(question).all())


def openings_to_end(session: Session, moment: datetime) -> list[UUID]:
    """Openings whose time has run and that still hold their halves."""
    question = select(ConcernOpening.id).where(
        col(ConcernOpening.opens_until) < moment, col(ConcernOpening.asked_half).is_not(None)
    )
    return list(session.exec(question).all())


def _holding(session: Session, concern: Concern, roles: tuple[Role, ...]) -> list[Person]:
    holding = select(PERSON_ROLE.c.user_id).where(PERSON_ROLE.c.role.in_([one.value for one in roles]))
    product = product_of(session, concern)
    columns: list[Any] = [PERSON.c.id, PERSON.c.name, PERSON.c.email, PERSON.c.language]
    question = select(*columns).where(PERSON.c.disabled_at.is_(None), PERSON.c.id.in_(holding))
    if product is not None:
        question = question.where(not_(has_interest_in(PERSON.c.id, product.vendor_id, longest_window())))
    return [Person(*row) for row in session.execute(question.order_by(PERSON.c.name))]


def _free(actor: Actor) -> ColumnElement[bool]:
    """SQL, with Product joined: the person has no interest in its company; what is about none is everybody's."""
    interested = has_interest_in(actor.id, col(Product.vendor_id), longest_window())
    return or_(col(Product.id).is_(None), not_(interested))


@dataclass(frozen=True)
class Step:
    """One step of a concern; `who` is empty for the reporter and the clock."""

    action: str
    at: datetime
    who: str


def steps_of(session: Session, concern_id: UUID) -> list[Step]:
    """Every step, newest first."""
    columns: list[Any] = [HistoryEntry.action, HistoryEntry.at, func.coalesce(PERSON.c.name, "")]
    question = (
        select(*columns)
        .join(ConcernStep, col(ConcernStep.seq) == col(HistoryEntry.seq))
        .outerjoin(PERSON, PERSON.c.id == col(HistoryEntry.actor_id))
        .where(ConcernStep.concern_id == concern_id)
        .order_by(col(HistoryEntry.seq).desc())
    )
    return [Step(*row) for row in session.execute(question)]

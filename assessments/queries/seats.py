"""Questions about the seats of the committees: the public read model, and what a person would be named with."""

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from assessments.clock import today
from assessments.folding import sort_key
from assessments.models import Background, CommitteeSeat, Interest
from assessments.people import Body, InterestGroup, InterestKind, Role
from assessments.queries.people import PERSON, PERSON_ROLE

BODIES = {Role.DECIDER: Body.DECIDERS, Role.IMPARTIALITY: Body.IMPARTIALITY}  # the roles whose people are public


@dataclass(frozen=True)
class Line:
    """One interest as it is publicly stated: what kind, where, since when; notes are not public."""

    kind: InterestKind
    organisation: str
    since: date

    def to_dict(self) -> dict[str, str]:
        """As the read model keeps it."""
        return {"kind": self.kind.value, "organisation": self.organisation, "since": self.since.isoformat()}


@dataclass(frozen=True)
class Statement:
    """What a person's seats would say of them today."""

    name: str
    affiliation: str
    interests: tuple[Line, ...]

    @property
    def mark(self) -> str:
        """The same as long as the text is."""
        said = json.dumps(asdict(self), default=str, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Seat:
    """One seat as the public reads it; `name` "" where its holder has not agreed to be named."""

    body: Body
    name: str
    affiliation: str
    represents: InterestGroup | None
    interests: tuple[Line, ...]
    agreed_at: datetime | None


@dataclass(frozen=True)
class Balance:
    """Whether no interest holds more than half of the seats; `holds` None: it cannot be said (ISO/IEC 17065, 5.2)."""

    holds: bool | None
    seats: int
    groups: tuple[tuple[InterestGroup, int], ...]  # the largest first
    unknown: int  # seats that say nothing of whom they stand for


def public_seats(session: Session) -> list[Seat]:
    """Every seat, from the read model alone: named ones in Vietnamese order, then the unnamed, which all look alike."""
    rows = session.exec(select(CommitteeSeat)).all()
    seats = [
        Seat(row.body, row.name, row.affiliation, row.represents, _lines(row.interests), row.agreed_at) for row in rows
    ]
    return sorted(seats, key=lambda seat: (not seat.name, sort_key(seat.name), seat.represents or ""))


def balance(seats: Iterable[Seat]) -> Balance:
    """How the seats of the impartiality committee are shared among interests."""
    counted = [seat.represents for seat in seats if seat.body is Body.IMPARTIALITY]
    groups = Counter(one for one in counted if one is not None)
    unknown, total = counted.count(None), len(counted)
    largest = max(groups.values(), default=0)
    holds: bool | None = True
    if largest * 2 > total:
        holds = False
    elif not total or (largest + unknown) * 2 > total:
        holds = None
    return Balance(holds, total, tuple(sorted(groups.items(), key=lambda pair: (-pair[1], pair[0]))), unknown)


def statement_of(session: Session, person_id: UUID) -> Statement:
    """What a person would be named with today: name, affiliation, and the interests that run."""
    name = session.execute(select(PERSON.c.name).where(PERSON.c.id == person_id)).scalar_one()
    known = session.get(Background, person_id)
    question = (
        select(Interest)
        .where(col(Interest.person_id) == person_id, col(Interest.retracted_at).is_(None))
        .order_by(col(Interest.since), col(Interest.organisation), col(Interest.kind))
    )
    running = [one for one in session.exec(question).all() if one.until is None or one.until >= today()]
    lines = dict.fromkeys(Line(one.kind, one.organisation, one.since) for one in running)
    return Statement(name, known.affiliation if known else "", tuple(lines))


def seats_of(session: Session, person_id: UUID) -> list[CommitteeSeat]:
    """The seats a person holds."""
    question = select(CommitteeSeat).where(col(CommitteeSeat.person_id) == person_id).order_by(col(CommitteeSeat.body))
    return list(session.exec(question).all())


def says(seat: CommitteeSeat, statement: Statement) -> bool:
    """Whether a named seat still says what it would say today."""
    lines = [line.to_dict() for line in statement.interests]
    return (seat.name, seat.affiliation, seat.interests) == (statement.name, statement.affiliation, lines)


def roles_of(session: Session, person_id: UUID) -> frozenset[Role]:
    """What the club trusts a person with."""
    question = select(PERSON_ROLE.c.role).where(PERSON_ROLE.c.user_id == person_id)
    return frozenset(Role(row[0]) for row in session.execute(question))


def bodies_of(session: Session, person_id: UUID) -> set[Body]:
    """The bodies a person sits on by their roles; none while their account is closed."""
    disabled = session.execute(select(PERSON.c.disabled_at).where(PERSON.c.id == person_id)).scalar_one()
    if disabled is not None:
        return set()
    return {BODIES[role] for role in roles_of(session, person_id) if role in BODIES}


def backgrounds(session: Session, person_ids: Collection[UUID]) -> dict[UUID, Background]:
    """Where people come from, in one statement; those nothing is known of are left out."""
    question = select(Background).where(col(Background.person_id).in_(person_ids))
    return {one.person_id: one for one in session.exec(question).all()}


def _lines(stored: Iterable[dict[str, Any]]) -> tuple[Line, ...]:
    return tuple(
        Line(InterestKind(one["kind"]), one["organisation"], date.fromisoformat(one["since"])) for one in stored
    )

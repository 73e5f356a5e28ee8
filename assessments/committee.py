"""Who sits on the committees: what the club knows of a person, and their consent to be named in public."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from assessments import history
from assessments.clock import now
from assessments.errors import N_, Invalid, NotAllowed, NotFound, WrongState
from assessments.models import Background, CommitteeSeat
from assessments.people import Actor, Body, InterestGroup, Role
from assessments.queries.seats import bodies_of, roles_of, statement_of
from assessments.states import PeopleEvent

LONGEST = 200  # characters of an affiliation


@dataclass(frozen=True)
class Origin:
    """Where a club person comes from; `represents` counts for the impartiality committee only."""

    affiliation: str = ""
    outside: bool = False
    represents: InterestGroup | None = None


def set_background(session: Session, actor: Actor | None, person_id: UUID, origin: Origin) -> Background:
    """Keep where a club person comes from; `actor` None is the command line.

    A named seat goes on saying what its holder has agreed to; whom it stands for changes at once, for that is what
    the balance of the seats is counted by. Refuses people without a club role (NotFound), an outside expert who is
    trusted with more than reviewing (see `check_outside`) and too long a text (Invalid).
    """
    held = roles_of(session, person_id)
    if not held:
        raise NotFound
    check_outside(held, outside=origin.outside)
    if len(origin.affiliation) > LONGEST:
        raise Invalid(N_("Nội dung quá dài: tối đa %(max)d ký tự."), max=LONGEST)
    kept = session.get(Background, person_id) or Background(person_id=person_id)
    kept.affiliation, kept.outside, kept.represents = origin.affiliation.strip(), origin.outside, origin.represents
    session.add(kept)
    session.flush()
    refresh(session, person_id)
    history.record(session, actor, history.Step(PeopleEvent.CHANGE_BACKGROUND, note=f"{person_id}: {_said(kept)}"))
    return kept


def check_outside(roles: frozenset[Role], *, outside: bool) -> None:
    """Refuse (Invalid) an outside expert any role but that of a reviewer: the club decides and runs by its own people.

    Source: ISO/IEC 17065, 7.6.3: decisions are made by persons under the body's own control.
    """
    if outside and roles != {Role.REVIEWER}:
        raise Invalid(N_("Chuyên gia ngoài chỉ có thể là người đánh giá."))


def is_outside(session: Session, person_id: UUID) -> bool:
    """Whether a person is an outside expert."""
    known = session.get(Background, person_id)
    return known is not None and known.outside


def refresh(session: Session, person_id: UUID) -> None:
    """Bring a person's seats up to their roles: a seat goes with the role, a new one is unnamed until they agree."""
    session.flush()
    wanted = bodies_of(session, person_id)
    known = session.get(Background, person_id)
    seats = session.exec(select(CommitteeSeat).where(col(CommitteeSeat.person_id) == person_id)).all()
    for seat in seats:
        if seat.body not in wanted:
            session.delete(seat)
    standing = {seat.body: seat for seat in seats if seat.body in wanted}
    for body in wanted:
        seat = standing.get(body) or CommitteeSeat(person_id=person_id, body=body)
        seat.represents = known.represents if known and body is Body.IMPARTIALITY else None
        session.add(seat)
    session.flush()


def agree(session: Session, actor: Actor, seen: str) -> list[CommitteeSeat]:
    """Let one's seats be named in public with the text one has read; `seen` is the mark of that text.

    Refuses people without a seat (NotAllowed), and a text that has changed since it was shown (WrongState).
    """
    seats = _own_seats(session, actor)
    statement = statement_of(session, actor.id)
    if statement.mark != seen:
        raise WrongState(N_("Nội dung công khai vừa thay đổi. Đọc lại rồi đồng ý."))
    for seat in seats:
        seat.name, seat.affiliation = statement.name, statement.affiliation
        seat.interests, seat.agreed_at = [line.to_dict() for line in statement.interests], now()
        session.add(seat)
    history.record(session, actor, history.Step(PeopleEvent.AGREE_TO_BE_NAMED, note=statement.mark))
    return seats


def stop_being_named(session: Session, actor: Actor) -> None:
    """Take one's name off the public page; the seat stays, unnamed.

    Refuses people without a seat (NotAllowed) and without a named one (WrongState).
    """
    named = [seat for seat in _own_seats(session, actor) if seat.agreed_at is not None]
    if not named:
        raise WrongState(N_("Trang công khai không nêu tên bạn."))
    for seat in named:
        seat.name, seat.affiliation, seat.interests, seat.agreed_at = "", "", [], None
        session.add(seat)
    history.record(session, actor, history.Step(PeopleEvent.STOP_BEING_NAMED))


def _own_seats(session: Session, actor: Actor) -> list[CommitteeSeat]:
    question = select(CommitteeSeat).where(col(CommitteeSeat.person_id) == actor.id).with_for_update()
    seats = list(session.exec(question).all())
    if not seats:
        raise NotAllowed(N_("Bạn không giữ ghế nào trong hội đồng hay ban bảo đảm khách quan."))
    return seats


def _said(kept: Background) -> str:
    where = "outside" if kept.outside else "club"
    return f"{kept.affiliation}, {where}, {kept.represents or '–'}"

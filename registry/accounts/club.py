"""Club people: what each is trusted with, and whether they may come in at all."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, func, select, update

from assessments import committee, history, tokens
from assessments.clock import now
from assessments.errors import N_, Invalid, NotFound, WrongState
from assessments.folding import sort_key
from assessments.participation import let_fall
from assessments.people import Actor, Role
from assessments.states import PeopleEvent
from registry.accounts import security_events, sessions
from registry.accounts.models import Invitation, LoginSession, User, UserRole
from registry.accounts.security_models import SecurityKind


@dataclass(frozen=True)
class ClubPerson:
    """One line of the list of club people."""

    user: User
    roles: frozenset[Role]
    seen_at: datetime | None


def club_people(session: Session) -> list[ClubPerson]:
    """Everybody with a club role, those who may come in first, by name."""
    roles: dict[UUID, set[Role]] = {}
    for entry in session.exec(select(UserRole)).all():
        roles.setdefault(entry.user_id, set()).add(entry.role)
    users = session.exec(select(User).where(col(User.id).in_(roles))).all()
    last = select(LoginSession.user_id, func.max(LoginSession.seen_at)).group_by(col(LoginSession.user_id))
    seen = dict(session.exec(last).all())
    found = [ClubPerson(user, frozenset(roles[user.id]), seen.get(user.id)) for user in users]
    return sorted(found, key=lambda person: (person.user.disabled_at is not None, sort_key(person.user.name)))


def club_person(session: Session, person_id: UUID) -> ClubPerson:
    """One of them; refuses (NotFound) whoever has no role: members of companies are no business of the club's list."""
    user = session.get(User, person_id)
    roles = _roles(session, person_id)
    if user is None or not roles:
        raise NotFound
    return ClubPerson(user, frozenset(roles), None)


def grant(session: Session, actor: Actor | None, user: User, roles: Iterable[Role]) -> None:
    """Add roles to those a person has; `actor` None is the command line.

    Refuses an outside expert any role but that of a reviewer (Invalid).
    """
    held = set(_roles(session, user.id))
    wanted = held | set(roles)
    committee.check_outside(frozenset(wanted), outside=committee.is_outside(session, user.id))
    _set_roles(session, actor, user, held, wanted)
    _write_down(session, actor, PeopleEvent.CHANGE_ROLES, f"{user.name}: {_words(held)} → {_words(wanted)}")


def change_roles(session: Session, actor: Actor, person_id: UUID, roles: frozenset[Role]) -> User:
    """Set what a person is trusted with, from their next click on; their sessions end.

    Refuses an empty set (Invalid: disable the account instead), more than reviewing for an outside expert (Invalid),
    taking the administrator's role from oneself and from the last who has it (WrongState).
    """
    person = club_person(session, person_id)
    if not roles:
        raise Invalid(N_("Chọn ít nhất một vai trò. Muốn ngừng quyền của một người, khóa tài khoản của họ."))
    committee.check_outside(roles, outside=committee.is_outside(session, person_id))
    if Role.ADMIN in person.roles - roles:
        _keep_an_admin(session, actor, person.user)
        _revoke_invitations(session, person_id, club_only=True)
    _set_roles(session, actor, person.user, set(person.roles), set(roles))
    note = f"{person.user.name}: {_words(person.roles)} → {_words(roles)}"
    _write_down(session, actor, PeopleEvent.CHANGE_ROLES, note)
    let_fall(session, person_id)
    return person.user


def disable(session: Session, actor: Actor | None, user: User) -> None:
    """Keep a person out, at once, and take back what they have offered to others.

    Refuses oneself and the last administrator (WrongState).
    """
    if user.disabled_at is not None:
        raise WrongState(N_("Tài khoản này đang khóa."))
    if (actor is not None and actor.id == user.id) or Role.ADMIN in _roles(session, user.id):
        _keep_an_admin(session, actor, user)
    user.disabled_at = now()
    session.add(user)
    committee.refresh(session, user.id)
    sessions.end_all(session, user.id)
    security_events.record(session, user, SecurityKind.DISABLED)
    tokens.end_of_disabled(session, user.id)
    _revoke_invitations(session, user.id)
    _write_down(session, actor, PeopleEvent.DISABLE_PERSON, user.name)
    let_fall(session, user.id)


def end_sessions(session: Session, user: User) -> None:
    """Sign a person out everywhere, as an administrator."""
    sessions.end_all(session, user.id)
    security_events.record(session, user, SecurityKind.SESSIONS_STOPPED)


def end_everybody(session: Session) -> int:
    """Sign everybody out everywhere; returns how many people were signed in."""
    question = (
        select(User)
        .where(
            col(User.id).in_(
                select(LoginSession.user_id).where(
                    col(LoginSession.ended_at).is_(None), LoginSession.expires_at > now()
                )
            )
        )
        .order_by(User.email)
    )
    found = session.exec(question).all()
    for user in found:
        end_sessions(session, user)
    return len(found)


def enable(session: Session, actor: Actor, user: User) -> None:
    """Let a person in again, with the roles they had. Refuses who is not disabled (WrongState)."""
    if user.disabled_at is None:
        raise WrongState(N_("Tài khoản này đang mở."))
    user.disabled_at = None
    session.add(user)
    security_events.record(session, user, SecurityKind.ENABLED)
    committee.refresh(session, user.id)
    _write_down(session, actor, PeopleEvent.ENABLE_PERSON, user.name)


def _revoke_invitations(session: Session, inviter_id: UUID, *, club_only: bool = False) -> None:
    """Take back what a person has offered, in the club or anywhere, and may offer no more."""
    question = update(Invitation).where(
        col(Invitation.invited_by) == inviter_id,
        col(Invitation.accepted_at).is_(None),
        col(Invitation.revoked_at).is_(None),
    )
    if club_only:
        question = question.where(col(Invitation.vendor_id).is_(None))
    session.exec(question.values(revoked_at=now()))


def _keep_an_admin(session: Session, actor: Actor | None, user: User) -> None:
    if actor is not None and actor.id == user.id:
        raise WrongState(N_("Không tự bỏ quyền quản trị hay tự khóa tài khoản của mình. Nhờ một quản trị viên khác."))
    question = select(UserRole.user_id).where(UserRole.role == Role.ADMIN).with_for_update()
    admins = session.exec(question).all()
    others = select(User.id).where(
        col(User.id).in_(admins), User.id != user.id, col(User.disabled_at).is_(None), User.password_hash != ""
    )
    if session.exec(others).first() is None:
        raise WrongState(N_("Đây là quản trị viên cuối cùng. Giao vai trò này cho người khác trước."))


def _roles(session: Session, person_id: UUID) -> list[Role]:
    return [held.role for held in session.exec(select(UserRole).where(UserRole.user_id == person_id)).all()]


def _set_roles(session: Session, actor: Actor | None, user: User, held: set[Role], wanted: set[Role]) -> None:
    """Set the roles; whoever gets or loses some by another's hand signs in anew, everywhere."""
    for role in held - wanted:
        session.delete(session.get_one(UserRole, (user.id, role)))
    session.add_all(UserRole(user_id=user.id, role=role) for role in wanted - held)
    committee.refresh(session, user.id)
    if held == wanted:
        return
    if actor is None or actor.id != user.id:
        sessions.end_all(session, user.id)
    note = ",".join(role.value for role in Role if role in wanted)
    security_events.record(session, user, SecurityKind.ROLES_CHANGED, note=note)


def _words(roles: Iterable[Role]) -> str:
    return ", ".join(sorted(roles)) or "–"


def _write_down(session: Session, actor: Actor | None, event: PeopleEvent, note: str) -> None:
    history.record(session, actor, history.Step(event, note=note))

"""Closing one's own account: what is the person's goes at once, what others rely on stays under a mark.

What stays and why is said in periods.py. Names in the history stay with the steps they belong to: the record of a
decision needs them (ISO/IEC 17065, 7.12), and they can be erased by hand without breaking the chain.
"""

from sqlalchemy import Table, delete
from sqlmodel import Session, SQLModel, col, select, update

from assessments import committee, history, vendors
from assessments.clock import now
from assessments.errors import N_, WrongState
from assessments.models import Vendor
from assessments.people import Actor
from assessments.queries.vendors import running_membership
from assessments.states import PeopleEvent
from registry.accounts import club, letters, sessions
from registry.accounts.models import Invitation, User
from registry.mail.models import Letter

NAME = "(đã đóng tài khoản / closed account)"  # in both languages: it stands on pages of both
STAYS = {"member"}  # tables with a user_id that are the record of others
CLUB = N_("Bạn còn vai trò ở Câu lạc bộ. Viết cho Câu lạc bộ: quản trị viên bàn giao việc rồi đóng tài khoản giúp bạn.")


def address(user: User) -> str:
    """What stands in the place of a closed account's address: reaches nobody (RFC 2606), and is unlike any other."""
    return f"closed-{user.id.hex}@account.invalid"


def close(session: Session, user: User) -> None:
    """Close one's own account, at once and for good.

    Refuses people with a club role (WrongState: an administrator hands over what they do), and the last owner of a
    company as `vendors.remove_member` does.
    """
    if user.roles:
        raise WrongState(CLUB)
    _leave_company(session, user)
    _empty(session, user, user)


def close_for(session: Session, user: User) -> None:
    """Close somebody's account at their wish, by the command line: roles end as when they are kept out.

    Refuses the last administrator and the last owner of a company (WrongState), and who is closed already (WrongState).
    """
    if user.closed_at is not None:
        raise WrongState(N_("Tài khoản này đã đóng."))
    sessions.load_standing(session, user)
    _leave_company(session, user)
    if user.disabled_at is None:
        club.disable(session, None, user)
    _empty(session, user, None)


def _leave_company(session: Session, user: User) -> None:
    membership = running_membership(session, user.id)
    if membership is not None:
        vendors.remove_member(session, user, session.get_one(Vendor, membership.vendor_id), user.id)


def _empty(session: Session, user: User, actor: Actor | None) -> None:
    """Write the last letter, then let go of everything that is the person's alone."""
    former = user.email
    letters.account_closed(session, user)
    session.flush()
    for table in _of_person():
        session.execute(delete(table).where(table.c.user_id == user.id))
    over = update(Letter).where(col(Letter.recipient) == former, ~col(Letter.event).startswith("account_closed:"))
    unsent = over.where(col(Letter.sent_at).is_(None), col(Letter.given_up_at).is_(None))
    session.exec(unsent.values(given_up_at=now()))
    session.exec(over.values(recipient=address(user)))
    _forget_invitations(session, user, former)
    user.email, user.name, user.password_hash = address(user), NAME, ""
    user.disabled_at = user.disabled_at or now()
    user.closed_at = now()
    session.add(user)
    session.flush()
    committee.refresh(session, user.id)
    history.record(session, actor, history.Step(PeopleEvent.CLOSE_ACCOUNT, note=str(user.id)))


def rows_of_person(session: Session, user: User) -> list[str]:
    """The names of tables in which something is that belongs to an account alone."""
    return [
        table.name
        for table in _of_person()
        if session.execute(select(table.c.user_id).where(table.c.user_id == user.id).limit(1)).first() is not None
    ]


def _of_person() -> list[Table]:
    """Every table whose rows belong to an account: roles, sessions, and whatever else names it `user_id`."""
    found = SQLModel.metadata.sorted_tables
    return [table for table in reversed(found) if "user_id" in table.c and table.name not in STAYS]


def _forget_invitations(session: Session, user: User, former: str) -> None:
    """Those to the person lose name and address; those the person has offered are taken back."""
    to_person = update(Invitation).where(col(Invitation.email) == former)
    session.exec(to_person.where(col(Invitation.accepted_at).is_(None)).values(revoked_at=now()))
    session.exec(to_person.values(email="", name="", affiliation=""))
    offered = select(Invitation.id).where(
        Invitation.invited_by == user.id, col(Invitation.accepted_at).is_(None), col(Invitation.revoked_at).is_(None)
    )
    session.exec(update(Invitation).where(col(Invitation.id).in_(offered)).values(revoked_at=now()))

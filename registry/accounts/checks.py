"""What fsck asks of accounts: of those that were closed nothing is left that was the person's alone."""

from collections.abc import Iterator

from sqlmodel import Session, col, or_, select

from registry.accounts.closing import NAME, address, rows_of_person
from registry.accounts.models import User


def closed_accounts(session: Session, _asked: object) -> Iterator[str]:
    """A closed account has a mark for a name and an address, no password, and no row that belongs to it."""
    question = select(User).where(col(User.closed_at).is_not(None)).order_by(col(User.closed_at), col(User.id))
    for user in session.exec(question):
        if (user.name, user.email, user.password_hash) != (NAME, address(user), "") or user.disabled_at is None:
            yield f"Account {user.id} was closed and still says whose it was."
        yield from (
            f"Account {user.id} was closed and still has rows in {name}." for name in rows_of_person(session, user)
        )
    pretending = select(User.id).where(
        col(User.closed_at).is_(None), or_(col(User.email).endswith("@account.invalid"), User.name == NAME)
    )
    for person_id in session.exec(pretending):
        yield f"Account {person_id} looks closed and is not."

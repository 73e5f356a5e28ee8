"""Everything that is sealed in a table, and the way of all of it under the key that seals now: `keys reseal`."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import click
from flask.cli import with_appcontext
from sqlmodel import Session, col, select

from assessments.models import Complaint, Concern, ConcernOpening, MisuseReport, Subscription, TestAccess
from registry import db, sealed
from registry.accounts.factor_models import CodeSecret
from registry.concerns import contacts
from registry.keys import commands as keys
from registry.sealed import Ring, Unreadable

BATCH = 200
ENCRYPTION, CONCERN = "ENCRYPTION_KEY", "CONCERN_KEY"  # what seals


@dataclass(frozen=True)
class Place:
    """A column with sealed texts: which setting seals it, and how one is looked at and renewed."""

    table: Any
    column: str
    setting: str
    is_newest: Callable[[Any, str], bool]  # (row, sealed)
    renewed: Callable[[Any, str], str]

    @property
    def name(self) -> str:
        """As the command calls it."""
        return f"{self.table.__tablename__}.{self.column}"

    @property
    def key(self) -> str:
        """The column that rows are known by."""
        return "user_id" if self.table is CodeSecret else "id"


@dataclass
class Count:
    """What was found in a place."""

    sealed: int = 0
    renewed: int = 0
    old: int = 0  # left under a former key
    unreadable: list[UUID] = field(default_factory=list)


def _by(ring: Callable[[], Ring], table: Any, column: str, setting: str = ENCRYPTION) -> Place:
    return Place(
        table,
        column,
        setting,
        lambda _row, text: ring().is_newest(text),
        lambda row, text: ring().renewed(text, _bound_to(row)),
    )


def _bound_to(row: Any) -> str:
    if isinstance(row, CodeSecret):
        return str(row.user_id)
    return f"{row.concern_id} {row.id}" if isinstance(row, ConcernOpening) else str(row.id)


def _ring(purpose: str) -> Callable[[], Ring]:
    return lambda: sealed.ring(purpose)


def _half(purpose: str) -> Callable[[], Ring]:
    return lambda: contacts.ring_of(purpose)


PLACES: tuple[Place, ...] = (
    _by(_ring(sealed.TEST_ACCESS), TestAccess, "sealed"),
    _by(_ring(sealed.ONE_TIME_CODES), CodeSecret, "sealed"),
    _by(_ring(sealed.COMPLAINT), Complaint, "contact"),
    _by(_ring(sealed.MISUSE), MisuseReport, "contact"),
    _by(_ring(sealed.SUBSCRIPTION), Subscription, "address"),
    _by(_ring(sealed.SUBSCRIPTION), Subscription, "url"),
    _by(_ring(sealed.SUBSCRIPTION), Subscription, "secret"),
    _by(_half(contacts.ASKING), ConcernOpening, "asked_half", CONCERN),
    _by(_half(contacts.CONFIRMING), ConcernOpening, "confirmed_half", CONCERN),
    Place(
        Concern,
        "contact",
        CONCERN,
        lambda _row, text: contacts.is_newest(text),
        lambda row, text: contacts.renewed(text, str(row.id)),
    ),
)


@click.command("reseal")
@click.option("--check", is_flag=True, help="Change nothing; say only what is sealed with which key.")
@with_appcontext
def command(*, check: bool) -> None:
    """Seal everything anew with the first key of ENCRYPTION_KEY and CONCERN_KEY, and say what is left.

    Ends with 1 while something is under a former key, or opens with none that is given.
    """
    left = 0
    for place in PLACES:
        count = count_of(place) if check else reseal(place)
        left += count.old + len(count.unreadable)
        click.echo(f"{place.name}\t{count.sealed} sealed\t{count.renewed} renewed\t{count.old} under former keys")
        for row in count.unreadable:
            click.echo(f"{place.name} of {row} opens with no key that is given ({place.setting}).")
    click.echo(f"{left} left." if left else "Nothing is left under former keys: they can be taken out of the settings.")
    if left:
        sys.exit(1)


def reseal(place: Place) -> Count:
    """Renew what is under a former key, some rows a transaction; whoever is stopped goes on where it was."""
    total, after = Count(), None
    while True:
        with db.writing() as session:
            found = _rows(session, place, after, lock=True)
            for row in found:
                _renew(place, row, total)
            after = getattr(found[-1], place.key) if found else None
        if after is None:
            return total


def count_of(place: Place) -> Count:
    """What is sealed, what of it under former keys, and what opens with no key."""
    total, after = Count(), None
    while True:
        with db.reading() as session:
            found = _rows(session, place, after, lock=False)
            for row in found:
                _look(place, row, total)
            after = getattr(found[-1], place.key) if found else None
        if after is None:
            return total


def unreadable() -> Iterator[str]:
    """For a restore: what the keys of these settings do not open, as sentences."""
    for place in PLACES:
        if count := len(count_of(place).unreadable):
            yield f"{count} of {place.name} open with no key that is given: put the {place.setting} of that time back."


def _rows(session: Session, place: Place, after: UUID | None, *, lock: bool) -> list[Any]:
    column, key = getattr(place.table, place.column), getattr(place.table, place.key)
    question = select(place.table).where(col(column).is_not(None), column != "").order_by(key)
    if after is not None:
        question = question.where(key > after)
    question = question.limit(BATCH)
    return list(session.exec(question.with_for_update() if lock else question).all())


def _renew(place: Place, row: Any, total: Count) -> None:
    text = getattr(row, place.column)
    total.sealed += 1
    try:
        if not place.is_newest(row, text):
            setattr(row, place.column, place.renewed(row, text))
            total.renewed += 1
    except Unreadable:
        total.unreadable.append(getattr(row, place.key))


def _look(place: Place, row: Any, total: Count) -> None:
    """Like renewing, and the row stays as it is."""
    text = getattr(row, place.column)
    total.sealed += 1
    try:
        place.renewed(row, text)
        total.old += not place.is_newest(row, text)
    except Unreadable:
        total.unreadable.append(getattr(row, place.key))


keys_and_reseal = keys.group
keys_and_reseal.add_command(command)

"""API tokens: making one, ending it, and every way in which it ends by itself.

A token is a key of 256 random bits behind a word that scanners of leaked secrets recognise. It only ever reads: what is
handed in, answered or attested in the procedure is the word of a person (ISO/IEC 17065, 7.2), and no program gives it.
"""

import hashlib
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlmodel import Session

from assessments import history
from assessments.clock import deadline, now
from assessments.errors import N_, Invalid, NotAllowed, NotFound, WrongState
from assessments.models import ApiToken, TokenEnd, TokenScope, Vendor
from assessments.people import Actor, MemberRole
from assessments.queries import tokens as queries
from assessments.states import PeopleEvent

PREFIX = "vcsc_"
KEY = re.compile(r"vcsc_[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])")
LONGEST_DAYS = 365
MOST = 20  # running tokens of a company
USED_EVERY = timedelta(minutes=10)


@dataclass(frozen=True)
class Wanted:
    """What an owner asks for: a name people recognise it by, what it may read, and for how many days."""

    name: str
    scopes: frozenset[TokenScope]
    days: int


def key_hash(key: str) -> str:
    """What the table keeps of a key: plain, for nobody guesses 256 bits."""
    return hashlib.sha256(key.encode()).hexdigest()


def make(session: Session, actor: Actor, vendor: Vendor, wanted: Wanted) -> tuple[ApiToken, str]:
    """Make a token until the end of a legal day; returns it with its key, which nobody sees again.

    Refuses who is not an owner (NotAllowed), no name, no scope and more than a year (Invalid), and more than twenty
    running tokens (WrongState). The company's row is held meanwhile.
    """
    _require_owner(actor, vendor)
    if not wanted.name or not wanted.scopes or not 1 <= wanted.days <= LONGEST_DAYS:
        raise Invalid(N_("Mã truy cập cần tên, ít nhất một quyền, và thời hạn từ 1 ngày đến 1 năm."))
    session.refresh(vendor, with_for_update=True)
    if queries.running(session, vendor.id) >= MOST:
        raise WrongState(N_("Đơn vị đang có %(most)d mã truy cập. Thu hồi bớt rồi tạo mã mới."), most=MOST)
    key = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken(
        vendor_id=vendor.id,
        made_by=actor.id,
        name=wanted.name,
        key_hash=key_hash(key),
        ending=key[-4:],
        scopes=",".join(scope.value for scope in TokenScope if scope in wanted.scopes),
        expires_at=deadline(wanted.days),
    )
    session.add(token)
    session.flush()
    history.record(session, actor, history.Step(PeopleEvent.MAKE_TOKEN, note=f"{vendor.name}: {token.name}"))
    return token, key


def revoke(session: Session, actor: Actor, vendor: Vendor, token_id: UUID) -> ApiToken:
    """End a token of one's company: the next request with it is refused.

    Refuses who is not an owner (NotAllowed), a token of another company (NotFound), one that has ended (WrongState).
    """
    _require_owner(actor, vendor)
    token = queries.token_of(session, vendor.id, token_id, lock=True)
    if token is None:
        raise NotFound
    if token.ended_at is not None:
        raise WrongState(N_("Mã truy cập này đã kết thúc."))
    _end(session, actor, token, TokenEnd.REVOKED)
    return token


def expose(session: Session, key: str) -> ApiToken | None:
    """End the token of a key that stood in an address, as the clock: addresses are written into logs on their way.

    Returns it, or None where no such token runs.
    """
    token = queries.unended(session, key_hash(key))
    if token is not None:
        _end(session, None, token, TokenEnd.EXPOSED)
    return token


def end_of_maker(session: Session, person_id: UUID, vendor_id: UUID) -> None:
    """End what somebody has made for a company whose owner they are no more."""
    _end_all(session, queries.unended_by(session, person_id, vendor_id), TokenEnd.LEFT)


def end_of_disabled(session: Session, person_id: UUID) -> None:
    """End what somebody has made whose account is disabled."""
    _end_all(session, queries.unended_by(session, person_id), TokenEnd.DISABLED)


def end_of_closed(session: Session, vendor_id: UUID) -> None:
    """End every token of a company that closes its account."""
    _end_all(session, queries.unended_of(session, vendor_id), TokenEnd.CLOSED)


def is_stale(token: ApiToken) -> bool:
    """Whether it is time to write down again that a token is in use."""
    return token.used_at is None or now() - token.used_at >= USED_EVERY


def note_used(session: Session, token_id: UUID) -> None:
    """Write down that a token was used."""
    token = session.get_one(ApiToken, token_id)
    token.used_at = now()
    session.add(token)


def _end_all(session: Session, found: Iterable[ApiToken], cause: TokenEnd) -> None:
    for token in found:
        _end(session, None, token, cause)


def _end(session: Session, actor: Actor | None, token: ApiToken, cause: TokenEnd) -> None:
    token.ended_at, token.ended_as = now(), cause
    session.add(token)
    vendor = session.get_one(Vendor, token.vendor_id)
    note = f"{vendor.name}: {token.name} ({cause.value})"
    history.record(session, actor, history.Step(PeopleEvent.END_TOKEN, note=note))


def _require_owner(actor: Actor, vendor: Vendor) -> None:
    if actor.memberships.get(vendor.id) is not MemberRole.OWNER:
        raise NotAllowed(N_("Chỉ người phụ trách của đơn vị làm được việc này."))

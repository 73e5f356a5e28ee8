"""Tokens of the demonstration: one a company's program reads with, one that was revoked; nobody has their keys."""

from collections.abc import Callable, Iterator
from functools import partial

from sqlmodel import select

from assessments import tokens
from assessments.models import ApiToken, TokenScope, Vendor
from assessments.queries.tokens import of_vendor
from registry.accounts import security_events
from registry.accounts.models import User
from registry.accounts.security_models import SecurityKind
from registry.accounts.sessions import Seat
from registry.demonstration.stage import Stage

OFFICE = Seat("203.0.113.24", "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0")
PHONE = Seat("198.51.100.7", "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/138.0 Mobile Safari/537.36")
CALENDAR = "Lịch nhắc hạn của phòng pháp chế"
OLD = "Bảng tình trạng giấy trên trang nội bộ"


def scenes(stage: Stage) -> Iterator[tuple[int, Callable[[], None]]]:
    """What happened, and how many days ago."""
    owner = stage.people["vendor1"]
    yield 61, partial(_note, stage, owner, SecurityKind.SIGNED_IN, OFFICE)
    yield 60, partial(_make, stage, owner, OLD, frozenset({TokenScope.PRODUCTS}))
    yield 24, partial(_revoke, stage, owner)
    yield 23, partial(_make, stage, owner, CALENDAR, frozenset({TokenScope.APPLICATIONS, TokenScope.EVIDENCE}))
    yield 9, partial(_note, stage, owner, SecurityKind.FAILED, PHONE)
    yield 8, partial(_note, stage, owner, SecurityKind.NEW_DEVICE, PHONE)


def _note(stage: Stage, owner: User, kind: SecurityKind, seat: Seat, note: str = "") -> None:
    security_events.record(stage.session, owner, kind, seat=seat, note=note)


def _make(stage: Stage, owner: User, name: str, scopes: frozenset[TokenScope]) -> None:
    wanted = tokens.Wanted(name, scopes, 180)
    token, _key = tokens.make(stage.session, owner, _company(stage, owner), wanted)
    tokens.note_used(stage.session, token.id)
    _note(stage, owner, SecurityKind.TOKEN_MADE, OFFICE, name)


def _revoke(stage: Stage, owner: User) -> None:
    vendor = _company(stage, owner)
    found: ApiToken = next(one for one in of_vendor(stage.session, vendor.id) if one.name == OLD)
    tokens.revoke(stage.session, owner, vendor, found.id)
    _note(stage, owner, SecurityKind.TOKEN_ENDED, OFFICE, OLD)


def _company(stage: Stage, owner: User) -> Vendor:
    return stage.session.exec(select(Vendor).where(Vendor.id == next(iter(owner.memberships)))).one()

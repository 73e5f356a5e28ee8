"""Tokens as they come with a request: in one header and nowhere else (RFC 6750, 2.1), never with a cookie.

A key that stands in an address is refused and ended: by then it stands in the logs of every machine on the way.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any
from urllib.parse import unquote_plus
from uuid import UUID

from flask import Response, request
from flask_babel import gettext as _
from sqlmodel import Session

from assessments import tokens
from assessments.errors import N_, TooMany
from assessments.models import TokenScope
from assessments.queries import tokens as queries
from registry import access, db, errors
from registry.accounts import attempts, security_events
from registry.accounts.models import User
from registry.accounts.security_models import SecurityKind
from registry.api import answers, limits, parameters, problems
from registry.api.own_operations import UNDER, OwnOperation

TOO_LONG = 200  # characters of the header that are read at all
_HEADER = re.compile(r"[Bb]earer +([A-Za-z0-9_-]{1,100})")

Body = dict[str, Any]


class BearerRefused(Exception):
    """A request that its token does not carry: the problem, and what the header of the answer asks for."""

    def __init__(self, problem: problems.Special, challenge: str = "") -> None:
        super().__init__(problem.name)
        self.problem, self.challenge = problem, challenge


NO_TOKEN = problems.Special(
    401, "token-missing", N_("Cần mã truy cập"), N_("Gửi mã truy cập trong đầu mục Authorization: Bearer.")
)
BAD_TOKEN = problems.Special(
    401, "token-invalid", N_("Mã truy cập không dùng được"), N_("Mã sai, đã hết hạn hoặc đã thu hồi.")
)
NO_SCOPE = problems.Special(
    403, "scope-missing", N_("Mã truy cập không có quyền này"), N_("Tạo mã khác có quyền cần đến.")
)
COOKIE = problems.Special(
    400, "cookie-with-token", N_("Có cookie"), N_("Địa chỉ này chỉ nhận mã truy cập, không nhận cookie.")
)
EXPOSED = problems.Special(
    400,
    "token-in-address",
    N_("Mã truy cập nằm trong địa chỉ"),
    N_(
        "Mã truy cập không được nằm trong địa chỉ, vì địa chỉ nằm lại trong nhật ký của máy chủ. "
        "Mã này đã được thu hồi; tạo mã mới và gửi trong đầu mục Authorization: Bearer."
    ),
)
PROBLEMS = (NO_TOKEN, BAD_TOKEN, NO_SCOPE, COOKIE, EXPOSED)


@dataclass(frozen=True)
class Bearer:
    """What a request may read: whose data, and which."""

    token_id: UUID
    name: str
    scopes: frozenset[TokenScope]
    expires_at: datetime
    vendor_id: UUID
    slug: str
    company: str


def reading(operation: OwnOperation) -> Callable[[Callable[..., Body]], Callable[..., Response]]:
    """Around a view that takes the bearer and what was asked and gives the body: for tokens with the scope.

    Refuses (BearerRefused) no token, a bad one, one without the scope and any cookie; (TooMany) more than its minute.
    """

    def decorate(view: Callable[..., Body]) -> Callable[..., Response]:
        @wraps(view)
        def answered(**places: str) -> Response:
            bearer = _bearer()
            if operation.scope is not None and operation.scope not in bearer.scopes:
                challenge = f'error="insufficient_scope", scope="{operation.scope.value}"'
                raise BearerRefused(NO_SCOPE, challenge)
            asked = parameters.read(operation.query, request.args)
            response = answers.written(view(bearer, asked, **places))
            response.headers["Cache-Control"] = "no-store"
            return response

        setattr(answered, access.DECLARED, f"token:{operation.scope.value}" if operation.scope else "token")
        return answered

    return decorate


def refuse_exposed() -> Response | None:
    """End a token whose key stands in an address, whatever the address is of, and say so."""
    query = request.query_string.decode("utf-8", "replace")
    if tokens.PREFIX not in query and tokens.PREFIX not in request.path and "%" not in query:
        return None
    found = set(tokens.KEY.findall(unquote_plus(query)) + tokens.KEY.findall(request.path))
    if not found:
        return None
    limits.take()
    with db.writing() as session:
        for key in sorted(found):
            _expose(session, key)
    if request.path.startswith("/api/"):
        return problems.special(EXPOSED)
    return errors.page(400, message=_(EXPOSED.detail))


def refused(refusal: BearerRefused) -> Response:
    """The answer to a request that its token does not carry."""
    response = problems.special(refusal.problem)
    if refusal.problem.code != COOKIE.code:
        realm = 'Bearer realm="own"'
        response.headers["WWW-Authenticate"] = f"{realm}, {refusal.challenge}" if refusal.challenge else realm
    return response


def is_own() -> bool:
    """Whether the request is for a company's own data."""
    return request.path == UNDER or request.path.startswith(f"{UNDER}/")


def _bearer() -> Bearer:
    """Who asks, counted; refuses whoever brings no token that runs."""
    header = request.headers.get("Authorization", "")
    if not header:
        raise BearerRefused(NO_TOKEN)
    if request.headers.get("Cookie"):
        raise BearerRefused(COOKIE)
    match = _HEADER.fullmatch(header[:TOO_LONG])
    if match is None:
        raise BearerRefused(BAD_TOKEN, 'error="invalid_token"')
    with db.writing() as session:
        found = queries.usable(session, tokens.key_hash(match[1]))
        if found is None:
            raise BearerRefused(BAD_TOKEN, 'error="invalid_token"')
        token, vendor = found
        _count(session, token.id)
        if tokens.is_stale(token):
            tokens.note_used(session, token.id)
        return Bearer(token.id, token.name, token.allows, token.expires_at, vendor.id, vendor.slug, vendor.name)


def _count(session: Session, token_id: UUID) -> None:
    try:
        attempts.take(session, attempts.Purpose.OWN, str(token_id))
    except TooMany as refusal:
        raise TooMany(limits.TOO_MANY, refusal.until) from refusal


def _expose(session: Session, key: str) -> None:
    token = tokens.expose(session, key)
    if token is not None:
        maker = session.get_one(User, token.made_by)
        security_events.record(session, maker, SecurityKind.TOKEN_ENDED, note=token.name)

"""Which browsers a person has signed in with: a signed cookie that is sent to the sign-in page and nowhere else.

It holds marks of people and no more, says nothing to anybody without our key, and opens nothing: a browser without it
is a new device, and the person is written to. Public pages neither set nor get it.
"""

import hashlib
import hmac
from datetime import timedelta

from flask import after_this_request, current_app, has_request_context, request
from itsdangerous import BadData, URLSafeSerializer
from werkzeug.wrappers import Response

from registry import links
from registry.accounts.models import User
from registry.i18n import ROOT_KEY

LASTS = timedelta(days=400)  # what browsers keep at most; anew at each sign-in
MOST = 12  # people of one browser
PLACES = ("/sign-in", "/en/sign-in")


def knows(user: User) -> bool:
    """Whether this browser has been signed in by this person before."""
    keys = current_app.config["SETTINGS"].signing_keys
    return has_request_context() and not {_mark(user, key) for key in keys}.isdisjoint(_marks())


def remember(user: User) -> None:
    """Have the answer to this request tell the browser that the person has signed in here."""
    own = _mark(user, current_app.config["SETTINGS"].secret_key)
    marks = [own, *(one for one in _marks() if one != own)][:MOST]

    @after_this_request
    def _tell(response: Response) -> Response:
        for place in PLACES:
            response.set_cookie(
                _name(),
                str(_signer().dumps(marks)),
                max_age=LASTS,
                path=request.environ.get(ROOT_KEY, "") + place,
                secure=current_app.config["SETTINGS"].secure,
                httponly=True,
                samesite="Lax",
            )
        return response


def _marks() -> list[str]:
    try:
        found = _signer().loads(request.cookies.get(_name(), ""))
    except BadData:
        return []
    return [one for one in found if isinstance(one, str)][:MOST] if isinstance(found, list) else []


def _mark(user: User, key: str) -> str:
    return hmac.new(key.encode(), b"device\n" + user.id.bytes, hashlib.sha256).hexdigest()[:24]


def _name() -> str:
    return "__Secure-vcsc-device" if current_app.config["SETTINGS"].secure else "vcsc-device"


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SETTINGS"].signing_keys, salt=links.purpose("accounts.device"))

"""Says of every request in one line what was asked and what came of it, and in another what matters to security.

No address is written with its parts, its question or what was typed: the rule of the route stands for it. Who asked
stands there as a mark (registry/journal.py), and from where only in what matters to security, and never where people
report something without having to say who they are.
"""

import logging
import re
import secrets
from http import HTTPMethod
from ipaddress import ip_address
from time import perf_counter

from flask import Flask, Response, current_app, g, request

from registry import journal

log = logging.getLogger("registry.requests")
security = logging.getLogger("registry.security")

HEADER = "X-Request-ID"
REFERENCE = re.compile(r"[A-Z]{2}-[0-9]{4}-[0-9]{4,6}", re.ASCII)
WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{8,64}", re.ASCII)  # ids of a proxy; anything else gets one of ours
GUARDED = {  # whatever is pressed there is told, done or refused
    "accounts",
    "company",
    "identities",
    "memberships",
    "people",
}
UNTOLD = {"complaints", "concerns", "misuse", "subscriptions"}  # from where such a form came is written nowhere
REASONS = {
    400: "bad request",
    401: "not signed in",
    403: "not allowed",
    404: "no such address",
    405: "method",
    409: "state",
    413: "too large",
    415: "content type",
    422: "input",
    429: "limit",
}
HIDDEN = "hidden or unknown"  # the two are the same to whoever asks, and here
ORDINARY = {"no such address", "input", "not ready", "conflict"}  # people mistype: no attempt at anything


def init_app(app: Flask) -> None:
    """Stand around everything else: the first to be asked and the last to see the answer."""
    app.before_request(begin)
    app.after_request(end)


def begin() -> None:
    """Give the request its id: of the proxy in front, where one is trusted, else one of ours."""
    g.begun = perf_counter()
    trusted = current_app.config["SETTINGS"].proxy_hops > 0
    given = request.headers.get(HEADER, "") if trusted else ""
    g.request_id = given if WELL_FORMED.fullmatch(given) else secrets.token_hex(8)


def because(reason: str) -> None:
    """Remember why this request is refused, for its line; the first reason counts."""
    g.setdefault("reason", reason)


def request_id() -> str:
    """The id of this request, to be quoted."""
    return str(g.get("request_id", ""))


def end(response: Response) -> Response:
    """Say what came of it, and send the id back."""
    if "request_id" not in g:  # refused before anything of ours was asked
        begin()
    response.headers[HEADER] = g.request_id
    reason = _reason(response.status_code)
    log.log(_level(response.status_code), "request", extra={"facts": _asked(response, reason)})
    if _matters(response.status_code, reason):
        _say_for_security(response.status_code, reason)
    return response


def _asked(response: Response, reason: str) -> dict[str, object]:
    facts: dict[str, object] = {
        "method": _method(),
        "route": request.url_rule.rule if request.url_rule else "",
        "status": response.status_code,
        "ms": round((perf_counter() - g.begun) * 1000, 1),
    }
    if "who" in g:
        facts["who"] = journal.mark("person", g.who)
    if reason:
        facts["reason"] = reason
    return facts


def _say_for_security(status: int, reason: str) -> None:
    refused = status >= 400
    facts: dict[str, object] = {
        "outcome": "refused" if refused else "done",
        "method": _method(),
        "route": request.url_rule.rule if request.url_rule else "",
        "status": status,
        "reason": reason,
        "record": _record(),
        "who": journal.mark("person", g.who) if "who" in g else "",
        "account": _account(),
        "address": "" if request.blueprint in UNTOLD else _address(),
    }
    event = request.endpoint or "unknown address"
    level = logging.WARNING if refused else logging.INFO
    journal.say(security, level, event, **{name: value for name, value in facts.items() if value})


def _matters(status: int, reason: str) -> bool:
    if request.method == "POST" and (request.blueprint or "").split(".")[0] in GUARDED:
        return True
    if reason == HIDDEN and "who" not in g:  # a public page that is not there
        return False
    return 400 <= status < 500 and reason not in ORDINARY


def _reason(status: int) -> str:
    if status < 400:
        return ""
    return str(g.get("reason") or REASONS.get(status, ""))


def _level(status: int) -> int:
    return logging.ERROR if status >= 500 else logging.INFO


def _method() -> str:
    return request.method if request.method in HTTPMethod.__members__ else "other"


def _record() -> str:
    """Which application, where the address names one that could be."""
    found = str((request.view_args or {}).get("ref", ""))
    return found if REFERENCE.fullmatch(found) else ""


def _account() -> str:
    """A mark of the account whose address was typed, so that tries at one are seen to belong together."""
    typed = (request.__dict__.get("form") or {}).get("email", "")
    return journal.mark("account", typed.strip().lower()) if typed else ""


def _address() -> str:
    """From where, when it is an address at all."""
    try:
        return str(ip_address(request.remote_addr or ""))
    except ValueError:
        return ""

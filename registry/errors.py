"""One page for each way of being refused, in the words of the visitor's language."""

import logging
from collections.abc import Callable
from typing import Any

from flask import Flask, Response, current_app, make_response, render_template, request
from flask.sansio.app import App
from werkzeug.exceptions import HTTPException, SecurityError

from assessments import errors
from assessments.errors import N_
from registry import db, journal, requested, storage
from registry.i18n import translate
from registry.outages import RETRY_SECONDS, Outage, outage_of
from registry.revisions import WrongRevision

log = logging.getLogger("registry")

STATUS: dict[type[errors.Refused], int] = {
    errors.NotFound: 404,
    errors.NotAllowed: 403,
    errors.WrongState: 409,
    errors.Conflict: 409,
    errors.Invalid: 422,
    errors.NotReady: 422,
    errors.TooLarge: 413,
    errors.TooMany: 429,
}
REASON: dict[type[errors.Refused], str] = {
    errors.NotFound: requested.HIDDEN,
    errors.NotAllowed: "not allowed",
    errors.WrongState: "state",
    errors.Conflict: "conflict",
    errors.Invalid: "input",
    errors.NotReady: "not ready",
    errors.TooLarge: "too large",
    errors.TooMany: "limit",
}
HIDDEN = {"csrf_token", "seen", "page", "document", "carried", "shown"}  # fields nobody types into
SECRET = ("password", "repeat", "current")
LONG = 20  # letters from which on somebody would mind to type a text again
KEPT = {"Allow"}  # headers of an HTTP error that say more than its code
QUOTED = {400, 403, 429, 500, 503, 507}  # pages that show the id of the request; a 404 is the same for everybody
PAGES = {400, 403, 404, 409, 413, 422, 429, 500, 503, 507}
STANDS_FOR = {
    405: 404,
    408: 400,
    410: 404,
    411: 400,
    414: 400,
    415: 400,
    416: 400,
    431: 400,
    501: 400,
}

OTHER_BYTES = N_("Tệp đang lưu không còn đúng từng byte như lúc nhận nên không đưa ra. Báo văn phòng Câu lạc bộ.")
LATER = {503, 507}  # what heals without anybody here

Written = Callable[[int, str], Response]  # (HTTP code, what was said of it) -> the answer


def init_app(app: Flask) -> None:
    """Give every refusal a page; 401 belongs to the sign-in."""
    app.register_error_handler(errors.Refused, show_refusal)
    app.register_error_handler(SecurityError, show_foreign_host)
    app.register_error_handler(HTTPException, show_http_error)
    app.register_error_handler(WrongRevision, show_wrong_revision)
    app.register_error_handler(Exception, show_failure)


def show_refusal(refusal: errors.Refused) -> Response:
    """The page of a refusal of the procedure."""
    missing = refusal.missing if isinstance(refusal, errors.NotReady) else []
    requested.because(REASON[type(refusal)])
    message = translate(refusal.message, **refusal.values) if refusal.message else ""
    response = page(STATUS[type(refusal)], message=message, missing=missing, refusal=refusal)
    if isinstance(refusal, errors.TooMany):
        response.headers["Retry-After"] = str(refusal.seconds)
    return response


def show_http_error(error: HTTPException) -> Response:
    """The page of an HTTP error; redirects pass."""
    if error.code is None or error.code < 400:
        return make_response(error.get_response())
    if write := _own_way():
        response = write(error.code, error.description or "")
        response.headers.extend({name: value for name, value in error.get_headers() if name in KEPT})
        return response
    code = STANDS_FOR.get(error.code, error.code)
    response = page(code if code in PAGES else 500)
    if code in LATER:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def show_foreign_host(_error: SecurityError) -> Response:
    """A Host we do not answer to. Plain words, no page: for that host not even a link could be written."""
    requested.because("foreign host")
    journal.say(log, logging.WARNING, "foreign host", host=str(request.environ.get("HTTP_HOST", ""))[:200])
    return Response("This server does not answer to that host name.\n", 400, content_type="text/plain; charset=utf-8")


def show_outage(outage: Outage, error: Exception) -> Response:
    """Database, storage or disk is away or full: whatever was typed is shown, so that it can be copied."""
    _log(error)
    said = translate(OTHER_BYTES) if isinstance(error, storage.Corrupt) else ""
    response = page(outage.value, message=said, typed=_typed(), unsure=db.may_be_written())
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def show_wrong_revision(error: WrongRevision) -> Response:
    """The database is being brought to another version, or somebody has still to do it: the log says the command."""
    log.error("%s", error.message)
    response = page(503, typed=_typed())
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def show_failure(error: Exception) -> Response:
    """Our own mistake: the visitor gets a code to quote, the log the rest. What is out of order has its own page."""
    if outage := outage_of(error):
        return show_outage(outage, error)
    if current_app.testing or current_app.debug:
        raise error
    _log(error)
    return page(500)


def _typed() -> list[str]:
    """The longer texts of the form that was sent, if it was read: a file on its way is not read for this."""
    form = request.__dict__.get("form") or {}
    shown = (value for name, value in form.items() if name not in HIDDEN and not name.startswith(SECRET))
    return [value for value in shown if len(value) >= LONG]


def write_own(app: App, under: tuple[str, ...], write: Written) -> None:
    """Have refusals of addresses that begin like one of these written in another way: for programs."""
    app.extensions.setdefault("own refusals", []).append((under, write))


def page(code: int, **values: Any) -> Response:
    """One of the error pages, never kept by a cache."""
    if write := _own_way():
        return write(code, values.get("message", ""))
    empty: dict[str, Any] = {
        "message": "",
        "missing": [],
        "refusal": None,
        "error_id": requested.request_id() if code in QUOTED else "",
        "typed": [],
        "unsure": False,
    }
    context = {"code": code, **empty, **values}
    response = make_response(render_template(f"errors/{code}.html", **context), code)
    response.headers["Cache-Control"] = "no-store"
    return response


def _own_way() -> Written | None:
    own: list[tuple[tuple[str, ...], Written]] = current_app.extensions.get("own refusals", [])
    return next((write for under, write in own if request.path.startswith(under)), None)


def _log(error: Exception) -> None:
    log.error("failure %s at %s %s", requested.request_id(), request.method, request.endpoint, exc_info=error)

"""What every answer of the API has in common: reading the query, what a cache may keep, links, any site may read it."""

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from flask import Response, current_app, request
from werkzeug.datastructures import MultiDict

from assessments.clock import now, start_of_day, today
from assessments.queries import open_data
from assessments.queries.open_data import Standing
from registry import db
from registry.api import cursors, parameters
from registry.api.addresses import address
from registry.api.operations import Operation
from registry.api.parameters import BadParameter
from registry.security import public_seconds

FORM = "1"  # one more whenever the same rows are written in another way, so that no cache keeps the old one
EXPOSED = "ETag, Last-Modified, Link, Retry-After"
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "If-None-Match, If-Modified-Since",
    "Access-Control-Max-Age": "86400",
}

Asked = Mapping[str, Any]
Body = dict[str, Any]


def answering(operation: Operation, *, by: str = "") -> Callable[[Callable[..., Body]], Callable[..., Response]]:
    """Around a view that takes what was asked and gives the body: refuses bad parameters, answers 304 where it can.

    `by`: what the answer changes with, "register" (the revision of the read model) or "log" (that and the length of
    the log): one statement tells. Without it the answer is its own measure.
    """

    def decorate(view: Callable[..., Body]) -> Callable[..., Response]:
        @wraps(view)
        def answered(**places: str) -> Response:
            asked = parameters.read(operation.query, request.args)
            standing = open_data.standing(db.session()) if by else None
            validators = _validators(standing, by) if standing else {}
            if validators and _has_it(validators["ETag"], validators.get("Last-Modified")):
                response = Response(status=304)
            else:
                response = written(view(asked, **places))
            response.headers.extend(validators)
            response.headers["Cache-Control"] = f"public, max-age={public_seconds()}"
            return response

        return answered

    return decorate


def page(operation: Operation, items: list[Body], following: str = "") -> Body:
    """The body of a page; `following` is the cursor of the next one."""
    return {"items": items, "next": next_address(operation, following) if following else None}


def next_address(operation: Operation, cursor: str) -> str:
    """The same question from a cursor on."""
    given = [(name, value) for name, value in request.args.items(multi=True) if name != "cursor"]
    return f"{address(f'api.{operation.name}')}?{urlencode([*given, ('cursor', cursor)])}"


def after(operation: Operation, asked: Asked, *start: str | int) -> tuple[Any, ...]:
    """Where the page begins: what the cursor says, or `start`. Refuses (BadParameter) a cursor of another list."""
    if "cursor" not in asked:
        return start
    try:
        return cursors.read(operation.name, asked["cursor"], tuple(type(one) for one in start))
    except ValueError as error:
        raise BadParameter("cursor", parameters.CURSOR.wanted) from error


def written(body: Body) -> Response:
    """A body as JSON, with the links every answer has."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    response = Response(text, content_type="application/json")
    links = [("next", body["next"])] if body.get("next") else []
    links += [
        ("license", current_app.config["SETTINGS"].licence_url),
        ("service-desc", address("api.description")),
        ("service-doc", address("api.docs")),
    ]
    response.headers["Link"] = ", ".join(f'<{where}>; rel="{relation}"' for relation, where in links)
    return response


def open_to_all(response: Response) -> Response:
    """Headers of every answer, refusals and preflights too."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = EXPOSED
    if request.method == "OPTIONS":
        response.headers.extend(PREFLIGHT)
    return response


def _validators(standing: Standing, by: str) -> dict[str, str]:
    """The tag of an answer, and when it last changed; both turn with the legal day, as statuses do."""
    day = today()
    measures = [FORM, standing.revision, standing.log if by == "log" else 0, day.isoformat()]
    measures += [address("api.start"), request.path, sorted(MultiDict(request.args).items(multi=True))]
    tag = hashlib.sha256(json.dumps(measures).encode()).hexdigest()[:32]
    found = {"ETag": f'W/"{tag}"'}
    if by == "register" and standing.at and now() - standing.at >= timedelta(seconds=2):
        moment = max(standing.at, start_of_day(day))  # not while another change could come in the same second
        found["Last-Modified"] = moment.astimezone(UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")
    return found


def _has_it(tag: str, changed: str | None) -> bool:
    """Whether whoever asks has this answer already (RFC 9110, 13.2.2: the tag goes before the date)."""
    if request.if_none_match:
        return request.if_none_match.contains_weak(tag.removeprefix('W/"').rstrip('"'))
    since = request.if_modified_since
    return bool(since and changed and _moment(changed) <= since)


def _moment(text: str) -> datetime:
    return datetime.strptime(text, "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC)

"""Shows a form again with what was typed into it and saves nothing: after a session had ended or a page grown too old.

The view of the form is called as if the form had been posted, with two differences: its form does not validate and has
no faults (registry.forms), so that the view shows it, and nothing can be committed. A view that gets as far as that
has no form to show.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app, flash, g, make_response, request, session
from flask_babel import gettext as _
from sqlmodel import Session
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule
from werkzeug.wrappers import Response

from assessments.errors import Refused
from registry import access, db
from registry.accounts.carried import Carried
from registry.i18n import ROOT_KEY

READ_LATER = ("args", "values", "full_path", "url", "base_url", "json")  # what a request works out when it is asked


class NothingIsSaved(Exception):
    """A view went on to save, where it was only to show."""


def init_app(app: Flask) -> None:
    """Let nothing be committed while a form is only shown."""
    db.before_commit(app, _refuse_to_save)


def page(kept: Carried, status: int) -> Response | None:
    """The form with what was typed, unsaved; None where its view has none to show or no longer lets this person in."""
    found = _view_of(kept.url)
    if kept.cut or kept.has_document or found is None:
        return None
    before = dict(vars(request))
    _stand_in(kept, *found)
    flash(_("Chưa có gì được gửi đi. Nội dung bạn vừa nhập ở trong các ô dưới đây: xem lại rồi bấm nút."), "warning")
    answer = _shown(current_app.view_functions[found[0].endpoint], found[1])
    if answer is None:
        session.pop("_flashes", None)
        vars(request).clear()
        vars(request).update(before)
        db.session().rollback()
        return None
    answer.status_code = status
    return answer


def _shown(view: Callable[..., Any], arguments: dict[str, Any]) -> Response | None:
    g.recalled = True
    try:
        answer = make_response(view(**arguments))
    except (Refused, HTTPException, NothingIsSaved):
        return None
    finally:
        g.recalled = False
    return answer if answer.status_code in {200, 422} and answer.mimetype == "text/html" else None


def _view_of(url: str) -> tuple[Rule, dict[str, Any]] | None:
    """The route that takes a form at an address, unless anybody may call it or it takes uploads."""
    path = urlsplit(url).path.removeprefix(request.environ.get(ROOT_KEY, ""))
    path = path.removeprefix("/en") if path.startswith("/en/") else path
    try:
        rule, arguments = current_app.url_map.bind("").match(path, method="POST", return_rule=True)
    except HTTPException:
        return None
    declared = access.declared(rule.endpoint) or access.PUBLIC
    if declared in {access.PUBLIC, "open form"} or declared.startswith("upload:"):
        return None
    return rule, dict(arguments)


def _stand_in(kept: Carried, rule: Rule, arguments: dict[str, Any]) -> None:
    """Let this request be the one that could not be answered then."""
    for name in READ_LATER:
        vars(request).pop(name, None)
    parts = urlsplit(kept.url)
    request.url_rule, request.view_args = rule, arguments
    request.path, request.query_string = parts.path, parts.query.encode()
    vars(request).update(form=ImmutableMultiDict(kept.fields), files=ImmutableMultiDict())


def _refuse_to_save(_session: Session) -> None:
    if g.get("recalled"):
        raise NothingIsSaved

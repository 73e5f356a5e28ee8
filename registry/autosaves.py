"""What forms that save themselves share: who saves, and the answers in JSON that static/draft.js understands."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import jsonify, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from assessments.errors import Conflict, Invalid, NotFound, Refused, WrongState
from assessments.versions import Saving
from registry.errors import STATUS
from registry.i18n import translate
from registry.templating import faults, moment, second

STAY, THEIRS = "stay", "theirs"  # buttons: come back to this page, keep what was saved elsewhere
LONGEST_PAGE = 40
SAID: Mapping[type[Refused], str] = {  # what the script is told; its words for each stand in components/drafts.html
    Conflict: "conflict",
    WrongState: "locked",
    Invalid: "invalid",
    NotFound: "gone",
}


def saving(*, auto: bool = False) -> Saving:
    """How the form of this request is saved: by hand, or by the script of the open page it names."""
    return Saving(request.form.get("page", "")[:LONGEST_PAGE], auto)


def saved(at: datetime | None, fields: Mapping[str, Any]) -> Response:
    """Tell the script when it was saved, and the hidden fields that the next save must send."""
    return jsonify(state="saved", at=second(at), fields={name: str(value) for name, value in fields.items()})


def unread(form: Any) -> tuple[Response, int]:
    """Tell the script what cannot be saved as it is: the first fault, as the page would say it."""
    found = faults(form)
    return jsonify(state="invalid", message=found[0][1] if found else ""), 422


def refused(refusal: Refused) -> tuple[Response, int]:
    """Tell the script why nothing was saved."""
    said = SAID.get(type(refusal), "failed")
    return jsonify(state=said, message=_message(refusal)), STATUS[type(refusal)]


def gives_way() -> bool:
    """Whether the button was pressed that keeps what was saved elsewhere."""
    return request.form.get("then") == THEIRS


def _message(refusal: Refused) -> str:
    if isinstance(refusal, Conflict) and refusal.theirs.at:
        who, when = refusal.theirs.author or _("Người khác"), moment(refusal.theirs.at)
        told: str = _("%(who)s đã lưu mục này lúc %(time)s. Chưa có gì bị ghi đè.", who=who, time=when)
        return told
    return translate(refusal.message, **refusal.values) if isinstance(refusal, Invalid) else ""

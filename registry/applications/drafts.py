"""What the forms of a draft share: autosaves answered in JSON, and two texts laid beside each other."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import jsonify, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from assessments.errors import Conflict, Invalid, NotFound, Refused, WrongState
from assessments.models import Answer
from assessments.profile import DENIED, from_dict
from assessments.versions import Saving
from criteria.model import Edition
from registry.applications import facts, profile_form
from registry.applications.profile_form import Section, Step
from registry.differences import Compared, compare
from registry.errors import STATUS
from registry.i18n import translate
from registry.templating import bi, faults, moment, second

STAY, THEIRS = "stay", "theirs"
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


def _message(refusal: Refused) -> str:
    if isinstance(refusal, Conflict) and refusal.theirs.at:
        who, when = refusal.theirs.author or _("Người khác"), moment(refusal.theirs.at)
        told: str = _("%(who)s đã lưu mục này lúc %(time)s. Chưa có gì bị ghi đè.", who=who, time=when)
        return told
    return translate(refusal.message, **refusal.values) if isinstance(refusal, Invalid) else ""


def answers_beside(theirs: Answer, mine: tuple[str, bool, str]) -> list[Compared]:
    """The answer of this form beside the one that was saved meanwhile."""
    claim, not_applicable, reason = mine
    return _beside(
        answer_told(theirs.claim, theirs.not_applicable_reason, not_applicable=theirs.not_applicable),
        answer_told(claim, reason, not_applicable=not_applicable),
    )


def answer_told(claim: str, reason: str, *, not_applicable: bool) -> list[tuple[str, str, str]]:
    """Label, text and language (none) of every field of an answer."""
    return [
        (_("Phần trình bày"), claim, ""),
        (_("Đề nghị: không áp dụng"), _("Có") if not_applicable else "", ""),
        (_("Lý do không áp dụng"), reason, ""),
    ]


def steps_beside(edition: Edition, step: Step, older: Mapping[str, Any], newer: Mapping[str, Any]) -> list[Compared]:
    """Two texts of a step of the profile beside each other, in the words of the check page."""
    return _beside(told(edition, step, older), told(edition, step, newer))


def told(edition: Edition, step: Step, stored: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Label, text and language of every fact of a step, out of a stored profile."""
    found = facts.of_step(from_dict({k: v for k, v in stored.items() if v is not None}), edition, step)
    rows = [(fact.term, "\n".join(fact.lines), fact.language) for fact in found]
    if DENIED in step.fields:
        said_no = profile_form.denied(stored, edition)
        denied = [bi(flag.name) for flag in edition.flags if flag.code in said_no]
        rows.append((_("Đặc điểm trả lời “Không”"), "\n".join(denied), ""))
    return rows


def gives_way() -> bool:
    """Whether the button was pressed that keeps what a colleague has saved."""
    return request.form.get("then") == THEIRS


def as_typed(form: Section, stored: Mapping[str, Any]) -> dict[str, Any]:
    """The profile as it would be with what this form says."""
    return {**stored, **form.changes()}


def _beside(older: list[tuple[str, str, str]], newer: list[tuple[str, str, str]]) -> list[Compared]:
    pairs = zip(older, newer, strict=True)
    return [compare(label, before, after, language) for (label, before, _l), (_m, after, language) in pairs]

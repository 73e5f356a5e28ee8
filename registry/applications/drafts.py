"""What the forms of a draft share: two texts laid beside each other."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from assessments.models import Answer
from assessments.profile import DENIED, from_dict
from criteria.model import Edition
from registry.applications import facts, profile_form
from registry.applications.profile_form import Section, Step
from registry.differences import Compared, compare
from registry.templating import bi


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


def as_typed(form: Section, stored: Mapping[str, Any]) -> dict[str, Any]:
    """The profile as it would be with what this form says."""
    return {**stored, **form.changes()}


def _beside(older: list[tuple[str, str, str]], newer: list[tuple[str, str, str]]) -> list[Compared]:
    pairs = zip(older, newer, strict=True)
    return [compare(label, before, after, language) for (label, before, _l), (_m, after, language) in pairs]

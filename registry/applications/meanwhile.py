"""What has changed between two looks at the check page, as sentences that lead to the place."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from sqlmodel import Session

from assessments.models import Application
from assessments.queries import people
from assessments.queries.answers import answers_of
from registry.applications.profile_form import NAMED, anchor_of_step, label_of, step_of
from registry.applications.sentences import Gap
from registry.templating import moment


def between(seen: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """The parts that are different by now, in the order of the page."""
    gone = [place for place in seen if place not in now and place.partition(":")[0] in {"profile", "answer"}]
    return [place for place, mark in now.items() if seen.get(place) != mark] + gone


def told(session: Session, application: Application, places: Iterable[str]) -> list[Gap]:
    """One sentence for each part, with who saved it and when where that is known."""
    saved: dict[str, tuple[Any, Any]] = {
        f"answer:{code}": (one.saved_by, one.saved_at) for code, one in answers_of(session, application.id).items()
    }
    profile = (application.profile_saved_by, application.profile_saved_at)
    names = people.people(session, {by for by, _at in (*saved.values(), profile) if by})
    found = []
    for place in places:
        by, at = saved.get(place, profile if place.startswith("profile:") else (None, None))
        who = names[by].name if by in names else ""
        found.append(Gap(_sentence(_called(place), who, moment(at)), f"#{_anchor(place)}"))
    return list(dict.fromkeys(found))


def _sentence(what: str, who: str, when: str) -> str:
    return _("%(what)s: %(who)s lưu lúc %(when)s.", what=what, who=who, when=when) if who else f"{what}."


def _called(place: str) -> str:
    kind, _colon, what = place.partition(":")
    if kind == "profile":
        return label_of(what) if what in NAMED else what
    words = {
        "number": _("Hồ sơ đã được nộp một lần rồi trả lại"),
        "vendor": _("Thông tin đơn vị"),
        "agreement": _("Thỏa thuận"),
    }
    return what if kind == "answer" else words.get(kind, kind)


def _anchor(place: str) -> str:
    kind, _colon, what = place.partition(":")
    if kind == "profile":
        return anchor_of_step(step_of(what))
    return what if kind == "answer" else {"agreement": "agreed", "vendor": "vendor"}.get(kind, "main")

"""The product profile as lists of facts, step by step: for the check page and for reading a snapshot."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel import Locale
from flask_babel import gettext as _
from flask_babel import ngettext

from assessments.profile import BlockingResult, DataTaken, PermissionAsked, Profile
from criteria.model import Code, Edition
from registry.applications.profile_form import ADVERTS, MADE_IN, STEPS, Step, label_of
from registry.i18n import lang, translate
from registry.measured import MEASURED_BY
from registry.templating import bi, day, number

NOT_SHOWN = {"flags_denied", "flags_answered", "data_answered"}


@dataclass(frozen=True)
class Fact:
    """One field: what it is called, and its lines; `language` marks text that is always in that language."""

    field: str
    term: str
    lines: tuple[str, ...]
    language: str = ""


@dataclass(frozen=True)
class Section:
    """The facts of one step."""

    step: Step
    title: str
    facts: tuple[Fact, ...]


def sections(profile: Profile, edition: Edition) -> list[Section]:
    """Every step with its facts, the empty ones too."""
    return [Section(step, translate(step.title), of_step(profile, edition, step)) for step in STEPS]


def of_step(profile: Profile, edition: Edition, step: Step) -> tuple[Fact, ...]:
    """The facts of one step."""
    return tuple(_fact(profile, edition, name) for name in _named(step))


def _named(step: Step) -> Iterable[str]:
    return (name for name in step.fields if name not in NOT_SHOWN)


def _fact(profile: Profile, edition: Edition, name: str) -> Fact:
    told = TOLD.get(name, _plain)(profile, edition, name)
    language = name.rpartition("_")[2] if name.endswith(("_vi", "_en")) else ""
    return Fact(name, label_of(name), tuple(line for line in told if line), language if language != lang() else "")


def _plain(profile: Profile, _edition: Edition, name: str) -> list[str]:
    value = getattr(profile, name)
    return list(value) if isinstance(value, tuple) else [str(value)]


def _coded(codes: Callable[[Edition], Iterable[Code]]) -> Callable[[Profile, Edition, str], list[str]]:
    def told(profile: Profile, edition: Edition, name: str) -> list[str]:
        value = getattr(profile, name)
        words = {one.code: bi(one.name) for one in codes(edition)}
        return [words.get(code, code) for code in ([value] if isinstance(value, str) else value)]

    return told


def _flags(profile: Profile, edition: Edition, _name: str) -> list[str]:
    if profile.flags_answered and not profile.flags:
        return [_("Không có đặc điểm nào trong danh sách")]
    return [bi(flag.name) for flag in edition.flags if flag.code in profile.flags]


def _languages(profile: Profile, _edition: Edition, _name: str) -> list[str]:
    names = Locale(lang()).languages
    return [names.get(code, code) for code in profile.languages]


def _spoken(words: Any) -> Callable[[Profile, Edition, str], list[str]]:
    def told(profile: Profile, _edition: Edition, name: str) -> list[str]:
        value = getattr(profile, name)
        return [translate(words[value]) if value in words else value]

    return told


def _version_date(profile: Profile, _edition: Edition, _name: str) -> list[str]:
    return [day(profile.checked_on)]


def _data(profile: Profile, edition: Edition, _name: str) -> list[str]:
    if profile.data_answered and not profile.data:
        return [_("Không lấy dữ liệu nào")]
    words = {one.code: bi(one.name) for one in edition.data_taken}
    return [_taken(one, words.get(one.kind, one.kind)) for one in profile.data]


def _taken(one: DataTaken, name: str) -> str:
    purpose = one.purpose_en if lang() == "en" and one.purpose_en else one.purpose_vi
    kept = (
        _("giữ đến khi xóa tài khoản")
        if one.kept_days is None
        else ngettext("giữ %(num)d ngày", "giữ %(num)d ngày", one.kept_days)
    )
    shared = _("chia sẻ với %(who)s", who=one.shared_with) if one.shared_with else _("không chia sẻ")
    choice = _("có thể từ chối") if one.optional else _("bắt buộc phải có")
    return f"{name}: " + "; ".join(part for part in (purpose, kept, shared, choice) if part)


def _permissions(profile: Profile, _edition: Edition, _name: str) -> list[str]:
    return [_permission(one) for one in profile.permissions]


def _permission(one: PermissionAsked) -> str:
    reason = one.reason_en if lang() == "en" and one.reason_en else one.reason_vi
    return f"{one.name}: {reason}" if reason else one.name


def _blocking(profile: Profile, edition: Edition, _name: str) -> list[str]:
    ages = {one.code: bi(one.name) for one in edition.age_bands}
    return [_result(one, ages.get(one.age_band, one.age_band)) for one in profile.blocking]


def _result(one: BlockingResult, age: str) -> str:
    told: str = _(
        "%(list)s, %(topic)s, %(age)s, bản %(version)s, đo ngày %(day)s (%(who)s): chặn được %(blocked)s/%(tried)s "
        "trang xấu, chặn nhầm %(wrong)s/%(harmless)s trang lành. Cách đo: %(method)s",
        list=one.test_list,
        topic=one.topic,
        age=age,
        day=day(date.fromisoformat(one.tested_on)),
        who=", ".join(part for part in (translate(MEASURED_BY[one.measured_by]), one.tester) if part),
        version=one.version or "–",
        method=one.method or "–",
        blocked=number(one.harmful_blocked),
        tried=number(one.harmful_tried),
        wrong=number(one.harmless_blocked),
        harmless=number(one.harmless_tried),
    )
    return told


TOLD: dict[str, Callable[[Profile, Edition, str], list[str]]] = {
    "categories": _coded(lambda edition: edition.categories),
    "platforms": _coded(lambda edition: edition.platforms),
    "ages": _coded(lambda edition: edition.age_bands),
    "price_model": _coded(lambda edition: edition.price_models),
    "flags": _flags,
    "languages": _languages,
    "adverts": _spoken(ADVERTS),
    "made_in_vietnam": _spoken(MADE_IN),
    "version_date": _version_date,
    "data": _data,
    "permissions": _permissions,
    "blocking": _blocking,
}

"""What a product does, does not do and takes: protection only from agreed scores, facts only from the profile.

The rule stands in the style guide, "Labels": met where the agreed score passes, "else" where it does not, "absent"
where the profile says that there is no such thing. A label that needs a fact nobody gave is not printed.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from assessments.measured import share, told
from assessments.profile import DataTaken, Profile
from criteria.model import Bilingual, Criterion, Edition, Label
from registry.catalogue import name_of
from registry.i18n import lang
from registry.templating import day, percent

KINDS = {"location": "location", "history": "browsing_history"}  # topic of a label -> kind of data it speaks of
HARMFUL = {"HN-01"}  # its rate is of adult pages, which should be blocked; the others' of what should not


@dataclass(frozen=True)
class Labels:
    """The three columns, the weightiest first."""

    does: list[str]
    does_not: list[str]
    takes: list[str]


@dataclass(frozen=True)
class Result:
    """What the labels are made from: the frozen profile, what was measured, and which criteria applied and were met."""

    profile: Profile
    measured: tuple[Mapping[str, Any], ...]
    applied: frozenset[str]
    met: frozenset[str]


def labels_of(content: Mapping[str, Any], profile: Profile, edition: Edition) -> Labels:
    """The labels of a certificate's content."""
    criteria = content["criteria"]
    result = Result(profile, tuple(told(content)), frozenset(criteria["applied"]), frozenset(criteria["met"]))
    columns: dict[str, list[str]] = {"does": [], "does not": [], "takes": []}
    spoken: set[str] = set()  # kinds of data that a label already speaks of
    for label in _weightiest_first(edition):
        text, column = _said(label, edition.criterion(label.criterion), result)
        if text:
            columns[column].append(text)
            spoken.add(KINDS.get(label.topic, ""))
    takes = [*_data(profile, spoken), *_sent(profile), *_asked(profile), *columns["takes"]]
    return Labels(columns["does"], columns["does not"], takes)


def kept(taken: DataTaken) -> str:
    """How long one kind of data is kept, as a clause."""
    period = _period(taken)
    return str(_("giữ %(period)s", period=period) if period else _("không lưu lại"))


def _period(taken: DataTaken) -> str:
    """How long, as words after "kept"; "" when nothing is kept."""
    if taken.kept_days is None:
        return str(_("đến khi xóa tài khoản"))
    return str(ngettext("%(num)d ngày", "%(num)d ngày", taken.kept_days)) if taken.kept_days else ""


def _weightiest_first(edition: Edition) -> list[Label]:
    """Critical criteria before the others, each in the edition's order."""
    return sorted(edition.labels, key=lambda label: not edition.criterion(label.criterion).critical)


def _said(label: Label, criterion: Criterion, result: Result) -> tuple[str, str]:
    """The sentence of a label and its column; "" when it has nothing to say."""
    takes = label.column == "takes"
    if _is_absent(label, criterion, result):
        return _filled(label.absent, label, result), "takes" if takes else "does not"
    if criterion.code not in result.applied:
        return "", ""
    if criterion.code in result.met:
        return _filled(label.met, label, result), "takes" if takes else "does"
    return _filled(label.unmet, label, result), "takes" if takes else "does not"


def _is_absent(label: Label, criterion: Criterion, result: Result) -> bool:
    """Whether the profile says that the product has no such thing."""
    profile = result.profile
    if label.topic in KINDS:
        return profile.data_answered and KINDS[label.topic] not in {taken.kind for taken in profile.data}
    if criterion.code in result.applied:
        return False
    if criterion.applies_if:
        return criterion.applies_if not in profile.flags
    return not set(criterion.categories) & set(profile.categories)


def _filled(text: Bilingual | None, label: Label, result: Result) -> str:
    """The sentence with its facts; "" without a sentence, and where a fact is missing."""
    if text is None or (label.topic == "transfer" and text != label.unmet):
        return ""  # the profile does not say whether data leave the country
    sentence = text.get(lang())
    wanted = re.findall(r"{(\w+)}", sentence)
    facts = _facts(label, result)
    if any(name not in facts for name in wanted):
        return ""
    return sentence.format(**{name: facts[name] for name in wanted})


def _facts(label: Label, result: Result) -> dict[str, str]:
    facts = _measured(result.measured, harmful=label.criterion in HARMFUL)
    for taken in result.profile.data:
        if taken.kind == KINDS.get(label.topic) and _period(taken):
            facts["period"] = _period(taken)
    return facts


def _measured(results: Iterable[Mapping[str, Any]], *, harmful: bool) -> dict[str, str]:
    """The share blocked of all addresses tried, and the day of the last test; nothing when nothing was tried."""
    part, rounding = ("must_block", ROUND_FLOOR) if harmful else ("must_pass", ROUND_CEILING)
    counted = [one for one in results if not harmful or one["about"] == "adult"]
    tried = sum(one[part]["tried"] for one in counted)
    if not tried:
        return {}
    rate = share(sum(one[part]["blocked"] for one in counted), tried, rounding)
    return {"rate": percent(rate), "date": day(date.fromisoformat(max(one["tested_on"] for one in counted)))}


def _data(profile: Profile, spoken: set[str]) -> Iterator[str]:
    """What the product takes, kind by kind, as the vendor declared it."""
    declared = [taken for taken in profile.data if taken.kind != "none"]
    if profile.data_answered and not declared:
        yield _("Không lấy dữ liệu nào")
    for taken in declared:
        if taken.kind not in spoken:
            parts = [name_of(taken.kind, "data"), _("chỉ khi bạn bật") if taken.optional else "", kept(taken)]
            yield ", ".join(part for part in parts if part)


def _sent(profile: Profile) -> Iterator[str]:
    """Where data go, as the vendor declared it: everybody named once; nothing where nothing is taken."""
    declared = [taken for taken in profile.data if taken.kind != "none"]
    whom = list(dict.fromkeys(taken.shared_with for taken in declared if taken.shared_with))
    if whom:
        yield _("Gửi dữ liệu cho: %(whom)s", whom="; ".join(whom))
    elif declared:
        yield _("Không gửi dữ liệu cho bên khác")


def _asked(profile: Profile) -> Iterator[str]:
    """The permissions, in one line; why is told further down."""
    names = [one.name for one in profile.permissions]
    if names:
        yield _("Xin quyền trên máy: %(names)s", names=", ".join(names))

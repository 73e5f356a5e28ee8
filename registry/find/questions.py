"""The five questions: read from the address, offered on a page each, written back into links."""

from dataclasses import dataclass, replace
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from assessments.queries.choosing import Wish
from criteria.model import Edition
from registry.catalogue import name_of
from registry.i18n import lang

STEPS = ("age", "platform", "worry", "budget", "need")
SEVERAL = {"platform", "worry", "need"}
NO_DEVICE = {"api", "web", "browser_extension", "phone_chat"}  # nothing that a child has in its hands
PHONES, COMPUTERS = {"android", "ios"}, {"windows", "macos", "chromeos", "linux"}
BUDGETS = ("free", "pay")
NEEDS = ("vi", "vietnam")


@dataclass(frozen=True)
class Answers:
    """What was answered so far: step -> the values chosen; a question skipped has none."""

    given: dict[str, tuple[str, ...]]

    def of(self, step: str) -> tuple[str, ...]:
        """The answer to one question."""
        return self.given.get(step, ())

    def without(self, step: str) -> "Answers":
        """The same, one question skipped."""
        return replace(self, given={name: values for name, values in self.given.items() if name != step})

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Every answer as it stands in an address."""
        return [(step, value) for step in STEPS for value in self.of(step)]

    @property
    def wish(self) -> Wish:
        """What the products must have, and what will do as well."""
        needs = self.of("need")
        facets = {
            "age": self.of("age"),
            "platform": self.of("platform"),
            "worry": self.of("worry"),
            "price": ("free",) if self.of("budget") == ("free",) else (),
            "language": ("vi",) if "vi" in needs else (),
            "made_in": ("yes",) if "vietnam" in needs else (),
        }
        near = {
            "platform": _without_an_app(set(self.of("platform"))),
            "price": ("free_with_paid_extras",),
            "made_in": ("partly",),
        }
        return Wish({facet: values for facet, values in facets.items() if values}, near)


@dataclass(frozen=True)
class Choice:
    """One answer that is offered."""

    value: str
    label: str
    hint: str
    chosen: bool


@dataclass(frozen=True)
class Question:
    """One question with its answers, and its place among the five."""

    step: str
    title: str
    hint: str
    choices: list[Choice]

    @property
    def number(self) -> int:
        """Its number, from 1."""
        return STEPS.index(self.step) + 1

    @property
    def several(self) -> bool:
        """Whether more than one answer may be chosen."""
        return self.step in SEVERAL


def read(arguments: MultiDict[str, str], edition: Edition) -> Answers:
    """What an address has answered; values nobody knows are left out, and of a question with one answer the second."""
    given = {}
    for step in STEPS:
        asked = set(arguments.getlist(step))
        known = tuple(value for value in _values(step, edition) if value in asked)
        if known:
            given[step] = known if step in SEVERAL else known[:1]
    return Answers(given)


def question(step: str, answers: Answers, edition: Edition) -> Question:
    """A question as its page shows it."""
    title, hint = _asked(step)
    chosen = answers.of(step)
    choices = [
        Choice(value, label(step, value), _hint(step, value, edition), value in chosen)
        for value in _values(step, edition)
    ]
    return Question(step, title, hint, choices)


def address(answers: Answers, step: str = "", *, change: bool = False) -> str:
    """The page of a question with the answers so far, or without one of the results."""
    query: dict[str, Any] = {name: list(answers.of(name)) for name in STEPS if answers.of(name)}
    if not step:
        return url_for("find.show", **query)
    query.update({"step": STEPS.index(step) + 1}, **({"change": 1} if change else {}))
    return url_for("find.index", **query)


def label(step: str, value: str) -> str:
    """An answer in words."""
    if step == "age":
        return str(_("%(ages)s tuổi", ages=name_of(value, "age").removesuffix(" tuổi")))
    if step in ("platform", "worry"):
        return name_of(value, step)
    words: dict[str, str] = {
        "free": _("Chỉ tìm sản phẩm miễn phí"),
        "pay": _("Có thể trả tiền"),
        "vi": _("Dùng được bằng tiếng Việt"),
        "vietnam": _("Làm tại Việt Nam"),
    }
    return words[value]


def short(step: str) -> str:
    """The name of a question, beside its answer."""
    words: dict[str, str] = {
        "age": _("Tuổi của con"),
        "platform": _("Thiết bị"),
        "worry": _("Điều bạn lo"),
        "budget": _("Chi phí"),
        "need": _("Cần có"),
    }
    return words[step]


def _asked(step: str) -> tuple[str, str]:
    """The question and what helps to answer it."""
    words: dict[str, tuple[str, str]] = {
        "age": (_("Con mấy tuổi?"), _("Nhiều con: chọn con nhỏ nhất trước.")),
        "platform": (_("Con dùng thiết bị nào?"), _("Chọn mọi thiết bị con có dùng.")),
        "worry": (_("Điều gì làm bạn lo nhất?"), _("Chọn một hoặc hai.")),
        "budget": (_("Bạn muốn chi bao nhiêu?"), _("Chưa biết thì bỏ qua câu này.")),
        "need": (_("Nhất định phải có gì?"), _("Không cần thì để trống.")),
    }
    return words[step]


def _without_an_app(devices: set[str]) -> tuple[str, ...]:
    """What works on these devices without an application of its own: a site, an extension of the browser, a call."""
    everywhere = ("web",) if devices & (PHONES | COMPUTERS) else ()
    on_a_phone = ("phone_chat",) if devices & PHONES else ()
    return (*everywhere, *on_a_phone, *(("browser_extension",) if devices & COMPUTERS else ()))


def _values(step: str, edition: Edition) -> list[str]:
    if step == "age":
        return [band.code for band in edition.age_bands]
    if step == "platform":
        return [platform.code for platform in edition.platforms if platform.code not in NO_DEVICE]
    if step == "worry":
        return [risk.code for risk in edition.risks]
    return list(BUDGETS if step == "budget" else NEEDS)


def _hint(step: str, value: str, edition: Edition) -> str:
    """The worries behind a risk, so that a parent finds their own."""
    worries = edition.risk(value).worries if step == "worry" else ()
    return " · ".join(worry.get(lang()) for worry in worries)

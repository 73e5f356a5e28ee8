"""Why a product fits what somebody answered, and what it does not do: from agreed scores and the checked profile."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from flask_babel import gettext as _

from assessments import profile
from assessments.models import Listing
from assessments.profile import Profile
from assessments.queries.catalogue import spans, tone
from criteria.model import Bilingual, Criterion, Edition
from registry.catalogue import edition_of, name_of
from registry.find.questions import Answers
from registry.i18n import lang
from registry.products.labels import labels_of
from registry.templating import sentence

MOST_LABELS = 2  # of each kind: a short list is read on one screen


@dataclass(frozen=True)
class Fit:
    """One product of the short list."""

    listing: Listing
    name: str
    short: str
    vendor: str
    level: Bilingual
    reasons: list[str]
    gaps: list[str]

    @property
    def tone(self) -> int:
        """The colour of its tile: the same as on its card."""
        return tone(self.listing.slug)


def fit_of(listing: Listing, answers: Answers) -> Fit:
    """A product as the short list shows it."""
    content = listing.content
    facts = profile.from_dict(content["profile"])
    edition = edition_of(content)
    vendor, level = content["vendor"], content["level"]
    return Fit(
        listing=listing,
        name=facts.name(lang()),
        short=_own(facts.short_vi, facts.short_en),
        vendor=_own(vendor["name"], vendor.get("name_en") or ""),
        level=Bilingual(f"{level['rank']} – {level['vi']}", f"{level['rank']} – {level['en']}"),
        reasons=[*_facts(facts, answers), *_protection(listing, facts, answers, edition)],
        gaps=[*_missing(listing, facts, answers), *_limits(listing, facts, answers, edition)],
    )


def _facts(facts: Profile, answers: Answers) -> list[str]:
    """What the checked profile says about the answers, the ages and the devices in one sentence."""
    ages = ", ".join(f"{low}–{high}" for low, high in spans(facts.ages))
    devices = _named([one for one in facts.platforms if _runs(one, answers)], "platform")
    words = [_("dành cho con %(ages)s tuổi", ages=ages)] if ages else []
    words += [_("chạy trên %(devices)s", devices=devices)] if devices else []
    said = [sentence(f"{'; '.join(words)}.")] if words else []
    if answers.of("budget"):
        said.append(_("Giá: %(price)s.", price=_inside(name_of(facts.price_model, "price"), "price")))
    if "vi" in answers.of("need"):
        said.append(_("Dùng được bằng tiếng Việt."))
    if "vietnam" in answers.of("need") and facts.made_in_vietnam == "yes":
        said.append(_("Làm tại Việt Nam."))
    return said


def _runs(platform: str, answers: Answers) -> bool:
    """Whether a platform is one that was asked for, or will do for one."""
    return platform in answers.wish.all().get("platform", ())


def _protection(listing: Listing, facts: Profile, answers: Answers, edition: Edition | None) -> list[str]:
    """What its agreed scores show, first of what was asked about."""
    protects = listing.content["protects_from"]
    worries = [code for code in protects if code in answers.of("worry")] or list(protects)
    if not worries:
        return []
    said = [_("Theo kết quả đánh giá, giúp con tránh: %(worries)s.", worries=_named(worries, "worry"))]
    return said + _labelled(listing, facts, edition, lambda one: bool(set(one.protects_from) & set(worries)))[0]


def _missing(listing: Listing, facts: Profile, answers: Answers) -> list[str]:
    """What was asked for and is not there, or not in full."""
    said = []
    if without := [one for one in answers.of("platform") if one not in facts.platforms]:
        said.append(_("Không có ứng dụng riêng cho %(devices)s.", devices=_named(without, "platform")))
    if unshown := [one for one in answers.of("worry") if one not in listing.content["protects_from"]]:
        said.append(_("Kết quả đánh giá không cho thấy giúp được về: %(worries)s.", worries=_named(unshown, "worry")))
    if answers.of("budget") == ("free",) and facts.price_model != "free":
        said.append(_("Phải trả thêm để có đủ tính năng."))
    if "vietnam" in answers.of("need") and facts.made_in_vietnam == "partly":
        said.append(_("Chỉ làm một phần tại Việt Nam."))
    return said


def _limits(listing: Listing, facts: Profile, answers: Answers, edition: Edition | None) -> list[str]:
    """The first limit the reviewers wrote down, then the labels of what it does not reach, or is not made for."""
    applied, met = (set(listing.content["criteria"][key]) for key in ("applied", "met"))

    def counts(one: Criterion) -> bool:
        if one.code in applied:
            return one.code not in met
        of_other_kinds = not set(one.categories) & set(facts.categories)
        return of_other_kinds and not one.applies_if and bool(set(one.protects_from) & set(answers.of("worry")))

    limits = [_ended(limit[lang()] or limit["vi"]) for limit in listing.content["limits"][:1]]
    return limits + _labelled(listing, facts, edition, counts)[1]


def _labelled(
    listing: Listing, facts: Profile, edition: Edition | None, which: Callable[[Criterion], bool]
) -> tuple[list[str], list[str]]:
    """The labels of some criteria: what it does and what it does not, the weightiest of each."""
    if edition is None:
        return [], []
    some = tuple(label for label in edition.labels if which(edition.criterion(label.criterion)))
    labels = labels_of(listing.content, facts, replace(edition, labels=some))
    return [_ended(text) for text in labels.does[:MOST_LABELS]], [
        _ended(text) for text in labels.does_not[:MOST_LABELS]
    ]


def _named(codes: Iterable[str], facet: str) -> str:
    return "; ".join(_inside(name_of(code, facet), facet) for code in codes)


def _inside(text: str, facet: str) -> str:
    """A name inside a sentence: its first letter small, unless it begins with a name of its own (Windows, TV)."""
    own = facet == "platform" and (lang() == "en" or " " not in text)
    return text if own or not text[1:2].islower() else text[:1].lower() + text[1:]


def _ended(text: str) -> str:
    return text if text.endswith(".") else f"{text}."


def _own(vietnamese: str, english: str) -> str:
    return (english if lang() == "en" else vietnamese) or vietnamese or english

"""The page of one product, shaped from the frozen content of its certificate: nothing is computed in the template."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from assessments import measured, profile
from assessments.clock import today
from assessments.models import Listing
from assessments.profile import Profile
from assessments.queries import catalogue as queries
from assessments.queries.catalogue import Entry
from assessments.queries.certificates import status
from assessments.states import CertificateState, CertificateStatus
from criteria.model import Bilingual, Edition
from registry.catalogue import edition_of
from registry.i18n import lang
from registry.measured import row_of
from registry.products.labels import Labels, kept, labels_of
from registry.promises import Promise, promises


@dataclass(frozen=True)
class GroupLine:
    """One group of the result: name, percent, what the group asks, and whether it is the lowest."""

    name: str
    score: Decimal
    note: str
    weight: int
    word: str = ""  # how far the group comes by itself


@dataclass
class Version:
    """A certificate of the same product: which version, under which edition, and what it is worth today."""

    number: str
    version: str
    edition_id: str
    edition: Bilingual
    state: CertificateState
    valid_from: date
    valid_until: date
    superseded_on: date | None

    @property
    def status(self) -> CertificateStatus:
        """What it is worth today."""
        return status(self, today())


@dataclass(frozen=True)
class ProductPage:
    """Everything the page prints, in the reader's language."""

    listing: Listing
    status: CertificateStatus
    profile: Profile
    labels: Labels | None
    groups: list[GroupLine]
    history: list[Entry]
    last: Entry | None  # what brought the certificate into its state

    @property
    def content(self) -> Mapping[str, Any]:
        """The frozen content."""
        return self.listing.content

    @property
    def promises(self) -> list[Promise]:
        """What the vendor still has to do; listings written before there were conditions have none."""
        return promises(self.content.get("conditions", ()), today())

    @property
    def name(self) -> str:
        """The product's name."""
        return self.profile.name(lang())

    @property
    def level(self) -> Bilingual:
        """The level with its number."""
        level = self.content["level"]
        return Bilingual(f"{level['rank']} – {level['vi']}", f"{level['rank']} – {level['en']}")

    @property
    def overall(self) -> Decimal:
        """The overall percent, cut to one decimal."""
        return Decimal(self.content["result"]["overall"])

    @property
    def ages(self) -> list[tuple[int, int]]:
        """The ages it is for."""
        return queries.spans(self.profile.ages)

    @property
    def versions(self) -> list[Version]:
        """Every certificate of the product so far, this one among them, the newest first."""
        return [_version(one) for one in self.content.get("versions", ())]

    @property
    def updates(self) -> list[dict[str, Any]]:
        """What the vendor has told of since, judged by the office, up to today."""
        told = [{**one, "on": date.fromisoformat(one["on"])} for one in self.content.get("updates", ())]
        return [one for one in told if one["on"] <= today()]

    @property
    def surveyed(self) -> list[dict[str, Any]]:
        """The finished surveillance, the newest first."""
        return [{**one, "on": date.fromisoformat(one["on"])} for one in self.content.get("surveillance", ())]

    @property
    def tone(self) -> int:
        """The colour of its tile: the same as on its card."""
        return queries.tone(self.listing.slug)

    @property
    def restore(self) -> tuple[str, date | None]:
        """What restores a suspended certificate, and by when."""
        for event in self.content["history"]:
            if event["action"] == "suspend" and event["number"] == self.listing.number:
                return event["condition"][lang()], _date(event["restore_by"])
        return "", None

    def own(self, name: str) -> str:
        """A text of the profile that exists in both languages; the other one where this is empty."""
        first, second = ("en", "vi") if lang() == "en" else ("vi", "en")
        found: str = getattr(self.profile, f"{name}_{first}") or getattr(self.profile, f"{name}_{second}")
        return found


def page_of(listing: Listing, day: date) -> ProductPage:
    """Shape a listing for its page."""
    facts = profile.from_dict(listing.content["profile"])
    edition = edition_of(listing.content)
    entries = queries.history(listing, day)
    return ProductPage(
        listing=listing,
        status=status(listing, day),
        profile=facts,
        labels=labels_of(listing.content, facts, edition) if edition else None,
        groups=_groups(listing.content, edition),
        history=entries,
        last=next((entry for entry in entries if entry.number == listing.number), None),
    )


def data_rows(facts: Profile) -> list[dict[str, str]]:
    """What the product takes, for the table."""
    return [
        {
            "kind": taken.kind,
            "purpose": _own(taken.purpose_vi, taken.purpose_en),
            "choice": _("Có thể từ chối") if taken.optional else _("Bắt buộc phải có"),
            "kept": kept(taken),
            "shared": taken.shared_with or _("Không ai"),
        }
        for taken in facts.data
        if taken.kind != "none"
    ]


def measured_rows(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What was measured and may be shown, for the table and for comparing: registry.measured.row_of of each result."""
    return [row_of(one) for one in measured.told(content)]


def permission_rows(facts: Profile) -> list[dict[str, str]]:
    """What the product asks of the device, and why."""
    return [{"term": one.name, "value": _own(one.reason_vi, one.reason_en)} for one in facts.permissions]


def _groups(content: Mapping[str, Any], edition: Edition | None) -> list[GroupLine]:
    explained = {group.code: group.explanation.get(lang()) for group in edition.groups} if edition else {}
    return [
        GroupLine(
            group[lang()],
            Decimal(group["percent"]),
            explained.get(group["code"], ""),
            group["weight"],
            _word(Decimal(group["percent"]), content),
        )
        for group in content["result"]["groups"]
    ]


def _word(percent: Decimal, content: Mapping[str, Any]) -> str:
    """How far a group comes by itself: the highest level whose least of a group it reaches."""
    levels = [one for one in content["levels"] if percent >= Decimal(str(one["group_min"]))]
    if not levels:
        return str(_("Dưới mức tối thiểu của mọi mức"))
    best = max(levels, key=lambda one: int(one["rank"]))
    return str(_("Đủ cho mức %(level)s", level=f"{best['rank']} – {best[lang()]}"))


def _version(told: Mapping[str, Any]) -> Version:
    return Version(
        number=told["number"],
        version=told["version"],
        edition_id=told["edition"]["id"],
        edition=Bilingual(told["edition"]["vi"], told["edition"]["en"]),
        state=CertificateState(told["state"]),
        valid_from=date.fromisoformat(told["valid_from"]),
        valid_until=date.fromisoformat(told["valid_until"]),
        superseded_on=_date(told["superseded_on"]),
    )


def _own(vietnamese: str, english: str) -> str:
    return (english if lang() == "en" else vietnamese) or vietnamese or english


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None

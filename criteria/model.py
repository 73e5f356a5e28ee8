"""What an edition of the criteria set is made of: frozen values, nothing that reads or decides."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol, TypeVar

LANGUAGES = ("vi", "en")
STATUSES = ("draft", "published", "retired")


class Coded(Protocol):
    """Anything that is found by its code."""

    @property
    def code(self) -> str:
        """The code."""


Entry = TypeVar("Entry", bound=Coded)


class UnknownCode(LookupError):
    """A code that the edition does not have."""


@dataclass(frozen=True, slots=True)
class Bilingual:
    """One text in the two languages of the registry; Vietnamese is the source of truth."""

    vi: str
    en: str

    def get(self, lang: str) -> str:
        """The text in `lang`; any language that is not English reads Vietnamese."""
        return self.en if lang == "en" else self.vi


@dataclass(frozen=True, slots=True)
class Code:
    """An entry of one of the edition's code lists."""

    code: str
    name: Bilingual


@dataclass(frozen=True, slots=True)
class Flag(Code):
    """A feature a product has or has not; some criteria apply only where it is present."""


@dataclass(frozen=True, slots=True)
class EvidenceKind(Code):
    """A kind of evidence a vendor may offer."""


@dataclass(frozen=True, slots=True)
class Risk(Code):
    """One of the four families of online risk (the 4Cs), with the worries parents name it by."""

    worries: tuple[Bilingual, ...]


@dataclass(frozen=True, slots=True)
class Category(Code):
    """A kind of product: official name for certificates, short name and hint for cards and filters."""

    short: Bilingual
    hint: Bilingual
    family: str


@dataclass(frozen=True, slots=True)
class Group(Code):
    """A group of criteria; the weights of all groups add up to 100."""

    weight: int
    order: int
    tccs_group: Bilingual
    explanation: Bilingual


@dataclass(frozen=True, slots=True)
class Guidance:
    """Advice on one criterion, no part of the norm; Markdown of paragraphs and lists."""

    look_for: Bilingual
    evidence: Bilingual
    mistakes: Bilingual
    example: Bilingual


@dataclass(frozen=True, slots=True)
class Criterion:
    """One requirement. `applies_if` and `applies_if_for` name feature flags; empty means always."""

    code: str
    group: str
    title: Bilingual
    requirement: Bilingual
    guidance: Guidance | None
    weight: int
    critical: bool
    categories: tuple[str, ...]
    applies_if: str
    applies_if_for: tuple[tuple[str, str], ...]
    evidence: tuple[str, ...]
    sources: tuple[str, ...]
    related_risks: tuple[str, ...]
    protects_from: tuple[str, ...]
    na_allowed: bool
    replaces: tuple[str, ...] = ()  # codes of the edition before whose place it takes

    def condition_for(self, category: str) -> str:
        """The flag this criterion asks of products of `category`, besides `applies_if`; "" for none."""
        return dict(self.applies_if_for).get(category, "")


@dataclass(frozen=True, slots=True)
class ScaleStep:
    """One score a reviewer can give, and the sentence that anchors it."""

    value: int
    name: Bilingual
    anchor: Bilingual


@dataclass(frozen=True, slots=True)
class Band:
    """The measured percentages that earn a score; `at_least` and `at_most` include the bound."""

    score: int
    at_least: Decimal | None = None
    at_most: Decimal | None = None
    above: Decimal | None = None
    below: Decimal | None = None
    note: Bilingual | None = None


@dataclass(frozen=True, slots=True)
class BandTable:
    """The bands of one criterion, lowest score first."""

    criterion: str
    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class Level(Code):
    """A level and what it asks: scores of critical and of any criterion, percent of group and overall."""

    number: int
    critical_min: int
    any_min: int
    group_min: int
    overall_min: int

    @property
    def label(self) -> Bilingual:
        """Number and name ("1 – Đạt bộ tiêu chí"), so that "mức {label}" and "level {label}" read right."""
        return Bilingual(f"{self.number} – {self.name.vi}", f"{self.number} – {self.name.en}")


@dataclass(frozen=True, slots=True)
class Periods:
    """Every period of the procedure, as data of the edition; the unit is in the name."""

    validity_months: int
    validity_months_by_category: tuple[tuple[str, int], ...]
    surveillance_month: int
    renewal_opens_days: int
    correction_days: int
    correction_rounds: int
    suspension_max_months: int
    appeal_days: int
    appeal_decision_days: int
    minded_to_days: int
    concern_acknowledge_working_days: int
    interest_window_months: int
    completeness_working_days: int
    returned_days: int
    review_days: int

    def validity_months_for(self, categories: Collection[str]) -> int:
        """Months a certificate is valid; a product of several categories gets the shortest of theirs."""
        by_category = dict(self.validity_months_by_category)
        return min((by_category.get(code, self.validity_months) for code in categories), default=self.validity_months)


@dataclass(frozen=True, slots=True)
class Quorum:
    """How many people each step needs at least."""

    reviewers: int
    review_before_decision: int
    deciders: int

    @property
    def agreeing(self) -> int:
        """How many members of the committee have to agree with a proposal, besides the one who makes it.

        Whoever proposes has reviewed the file (ISO/IEC 17065, 7.5); further reviewers asked for there agree like the
        deciders of 7.6 do.
        """
        return self.review_before_decision - 1 + self.deciders


@dataclass(frozen=True, slots=True)
class Recourse:
    """Appeals and complaints (ISO/IEC 17065, 7.13): the unit is in the name. What an edition does not say is as here.

    Hearers are two because a ruling takes two people, as a decision does: one proposes it, another confirms.
    """

    hearers: int = 2
    appeal_acknowledge_working_days: int = 5
    complaint_acknowledge_working_days: int = 5
    complaint_answer_days: int = 30
    complaint_contact_days: int = 90


@dataclass(frozen=True, slots=True)
class Label:
    """What a parent reads about one criterion; `{...}` is filled from the profile, None prints nothing.

    `met` is for an agreed score at or above the pass mark, `unmet` for less, `absent` for a feature that
    the profile says the product does not have. `topic` tells several labels of one criterion apart.
    """

    criterion: str
    topic: str
    column: str
    met: Bilingual
    unmet: Bilingual | None
    absent: Bilingual | None


@dataclass(frozen=True, slots=True)
class Edition:
    """A whole edition of the criteria set, as loaded from its folder."""

    id: str
    version: str
    status: str
    name: Bilingual
    notice: Bilingual
    reconstruction: bool
    in_force_from: date
    in_force_to: date | None
    pass_mark: int
    reminder_days: tuple[int, ...]  # before a deadline of the vendor, most days first; empty: nobody is reminded
    periods: Periods
    quorum: Quorum
    recourse: Recourse
    categories: tuple[Category, ...]
    flags: tuple[Flag, ...]
    evidence_kinds: tuple[EvidenceKind, ...]
    risks: tuple[Risk, ...]
    age_bands: tuple[Code, ...]
    platforms: tuple[Code, ...]
    price_models: tuple[Code, ...]
    data_taken: tuple[Code, ...]
    groups: tuple[Group, ...]
    scale: tuple[ScaleStep, ...]
    levels: tuple[Level, ...]
    band_tables: tuple[BandTable, ...]
    criteria: tuple[Criterion, ...]
    labels: tuple[Label, ...]

    @property
    def top_score(self) -> int:
        """The highest score of the scale."""
        return max(step.value for step in self.scale)

    def criterion(self, code: str) -> Criterion:
        """The criterion called `code`; refuses one the edition does not have (UnknownCode)."""
        return _find(self.criteria, code)

    def group(self, code: str) -> Group:
        """The group called `code`; refuses an unknown one (UnknownCode)."""
        return _find(self.groups, code)

    def category(self, code: str) -> Category:
        """The product category called `code`; refuses an unknown one (UnknownCode)."""
        return _find(self.categories, code)

    def flag(self, code: str) -> Flag:
        """The feature flag called `code`; refuses an unknown one (UnknownCode)."""
        return _find(self.flags, code)

    def evidence_kind(self, code: str) -> EvidenceKind:
        """The evidence kind called `code`; refuses an unknown one (UnknownCode)."""
        return _find(self.evidence_kinds, code)

    def risk(self, code: str) -> Risk:
        """The risk called `code`; refuses an unknown one (UnknownCode)."""
        return _find(self.risks, code)

    def level(self, code: str) -> Level:
        """The level called `code`; refuses an unknown one (UnknownCode)."""
        return _find(self.levels, code)

    def age_band(self, code: str) -> Code:
        """The age band called `code`; refuses an unknown one (UnknownCode)."""
        return _find(self.age_bands, code)

    def platform(self, code: str) -> Code:
        """The platform called `code`; refuses an unknown one (UnknownCode)."""
        return _find(self.platforms, code)

    def price_model(self, code: str) -> Code:
        """The price model called `code`; refuses an unknown one (UnknownCode)."""
        return _find(self.price_models, code)

    def data_kind(self, code: str) -> Code:
        """The kind of data taken called `code`; refuses an unknown one (UnknownCode)."""
        return _find(self.data_taken, code)

    def step(self, value: int) -> ScaleStep:
        """The step of the scale with this value; refuses a value off the scale (UnknownCode)."""
        for step in self.scale:
            if step.value == value:
                return step
        raise UnknownCode(str(value))

    def by_group(self) -> tuple[tuple[Group, tuple[Criterion, ...]], ...]:
        """Every group in its order, with its criteria in theirs."""
        ordered = sorted(self.groups, key=lambda group: group.order)
        return tuple((group, tuple(c for c in self.criteria if c.group == group.code)) for group in ordered)

    def band_table(self, code: str) -> BandTable | None:
        """The band table of the criterion called `code`, if it has one."""
        return next((table for table in self.band_tables if table.criterion == code), None)

    def labels_of(self, code: str) -> tuple[Label, ...]:
        """The public labels of the criterion called `code`; most have one, some none."""
        return tuple(label for label in self.labels if label.criterion == code)


def _find(entries: tuple[Entry, ...], code: str) -> Entry:
    for entry in entries:
        if entry.code == code:
            return entry
    raise UnknownCode(code)

"""The shapes of editions and their criteria in the API, and its first page."""

from datetime import date

from pydantic import Field

from registry.api.models import Address, Codes, Digest, Level, Page, Shape, Text


class Entry(Shape):
    """One entry of a list of codes."""

    code: str
    name: Text


class Category(Entry):
    """A kind of product."""

    short: Text
    hint: Text


class Group(Entry):
    """A group of criteria; the weights of all add up to 100."""

    weight: int
    explanation: Text


class Step(Shape):
    """One score a reviewer can give, and the sentence that anchors it."""

    score: int
    name: Text
    anchor: Text


class Threshold(Level):
    """A level and what it asks at least."""

    critical_min: int
    any_min: int
    group_min: int
    overall_min: int


class EditionLinks(Shape):
    """Every form in which an edition is published."""

    self: Address
    page: Address
    criteria: Address
    oscal: Address
    xlsx: Address


class Edition(Shape):
    """One edition of the criteria."""

    id: str
    version: str
    name: Text
    notice: Text
    reconstruction: bool
    status: str = Field(description="published or retired")
    in_force: bool = Field(description="Whether new applications are judged by it today.")
    in_force_from: date
    in_force_to: date | None
    digest: Digest
    pass_mark: int
    scale: list[Step]
    levels: list[Threshold]
    groups: list[Group]
    categories: list[Category]
    features: list[Entry]
    evidence_kinds: list[Entry]
    risks: list[Entry]
    ages: list[Entry]
    platforms: list[Entry]
    price_models: list[Entry]
    data_kinds: list[Entry]
    links: EditionLinks


class Guidance(Shape):
    """Advice on a criterion, no part of the norm; Markdown."""

    look_for: Text
    evidence: Text
    mistakes: Text
    example: Text


class Band(Shape):
    """The measured percent that earns a score; `at_least` and `at_most` include the bound."""

    score: int
    at_least: str | None
    at_most: str | None
    above: str | None
    below: str | None


class CriterionLinks(Shape):
    """Where to go on from a criterion."""

    self: Address
    page: Address
    edition: Address


class Criterion(Shape):
    """One requirement of an edition."""

    edition: str
    code: str
    group: str
    title: Text
    requirement: Text
    weight: int
    critical: bool
    categories: Codes
    applies_if: str | None = Field(description="The feature without which it does not apply.")
    applies_if_for: dict[str, str] = Field(description="The same for a category of its own.")
    evidence: Codes
    sources: list[str]
    related_risks: Codes
    protects_from: Codes
    may_be_not_applicable: bool
    replaces: list[str] = Field(description="Codes of the edition before whose place it takes.")
    bands: list[Band]
    guidance: Guidance | None
    links: CriterionLinks


class Editions(Page):
    """Every edition that was ever published, the newest first."""

    items: list[Edition]


class Criteria(Page):
    """A page of the criteria of an edition."""

    items: list[Criterion]


class StartLinks(Shape):
    """Where everything is."""

    products: Address
    certificates: Address
    vendors: Address
    editions: Address
    criteria: Address
    events: Address
    description: Address
    documentation: Address
    bulk: Address


class Start(Shape):
    """The first page: where everything is, and under which licence."""

    name: Text
    version: str
    licence: Address
    demonstration: bool = Field(description="true: companies, products and results are made up.")
    links: StartLinks

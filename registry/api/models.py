"""The shapes of what the API answers: the declared list of what is public. A field that is not here never goes out.

The OpenAPI description and the schemas of the files to download are generated from these classes, and the tests hold
every answer against them. Keys once published stay; new ones may be added.
"""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Status = Literal["active", "suspended", "expired", "withdrawn", "terminated", "superseded"]
Kind = Literal[
    "grant", "suspend", "reinstate", "lift", "reduce", "withdraw", "terminate", "supersede", "expire", "edition"
]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,79}$", description="Part of an address; never changes.")]
Number = Annotated[str, Field(pattern=r"^[A-Z]+-\d{2}-\d{4,}-[0-9A-Z]$", description="Number of a certificate.")]
Percent = Annotated[
    str, Field(pattern=r"^\d{1,3}(\.\d)?$", description="Percent, cut to one decimal, never rounded up.")
]
Digest = Annotated[str, Field(pattern=r"^sha256:[0-9a-f]{64}$")]
Address = Annotated[str, Field(pattern=r"^https?://", description="An address of this site or of the company.")]
Codes = Annotated[list[str], Field(description="Codes of the edition: /api/v1/editions/{edition}.")]


class Shape(BaseModel):
    """Everything here is closed: a key that is not named is a fault."""

    model_config = ConfigDict(extra="forbid")


class Text(Shape):
    """A text in the two languages of the register; the Vietnamese one is the source."""

    vi: str
    en: str


class Level(Shape):
    """A level of an edition; a higher rank is better."""

    code: str
    rank: int
    name: Text


class GroupResult(Shape):
    """The result of one group of criteria."""

    code: str
    name: Text
    percent: Percent
    weight: int


class Result(Shape):
    """The agreed result, in percent."""

    overall: Percent
    groups: list[GroupResult]


class DataTaken(Shape):
    """One kind of data the product takes, as its company declared and the reviewers checked."""

    kind: str
    purpose: Text
    optional: bool
    kept_days: int | None = Field(description="null: as long as the account exists")
    shared: bool = Field(description="whether others receive it")


class Permission(Shape):
    """A permission the product asks of the device."""

    name: str
    reason: Text


class Blocking(Shape):
    """One measured result of blocking: how much of what is harmful, and how much of what is not, was blocked."""

    test_list: str
    tested_on: str
    age_band: str
    topic: str
    harmful_tried: int
    harmful_blocked: int
    harmless_tried: int
    harmless_blocked: int
    measured_by: str


class VendorName(Shape):
    """Who answers for a product."""

    slug: Slug
    name: Text


class ProductName(Shape):
    """What a certificate is about: the product, the checked version, and the scope."""

    slug: Slug
    name: Text
    version: str
    version_date: date | None
    categories: Codes
    platforms: Codes
    ages: Codes


class EditionName(Shape):
    """The edition of the criteria by which it was judged."""

    id: str
    version: str
    digest: Digest
    name: Text
    reconstruction: bool


class Shown(Shape):
    """The certificate that stands for a product."""

    number: Number
    valid_from: date
    valid_until: date
    level: Level
    edition: EditionName


class Price(Shape):
    """How the product is paid for."""

    model: str
    note: Text


class ProductLinks(Shape):
    """Where to go on from a product."""

    self: Address
    page: Address
    certificate: Address
    vendor: Address
    feed: Address


class Product(Shape):
    """One product with a published certificate, whatever that is worth today."""

    slug: Slug
    name: Text
    short: Text
    description: Text
    website: str
    vendor: VendorName
    status: Status = Field(description="What its certificate is worth today (Asia/Ho_Chi_Minh).")
    since: date = Field(description="The day from which the status holds.")
    certificate: Shown
    version: str = Field(description="The version that was checked.")
    version_date: date | None
    ages: Codes
    platforms: Codes
    categories: Codes
    features: Codes
    languages: list[str] = Field(description="BCP 47")
    price: Price
    made_in_vietnam: str
    adverts: str
    data_taken: list[DataTaken]
    permissions: list[Permission]
    protects_from: Codes
    result: Result
    summary: Text
    limits: list[Text]
    blocking: list[Blocking]
    links: ProductLinks


class CertificateLinks(Shape):
    """Every form in which a certificate is published."""

    self: Address
    page: Address
    full: Address = Field(description="More of it: conditions, reductions, surveillance, and any day gone by.")
    credential: Address = Field(description="Signed: a W3C verifiable credential.")
    proof: Address = Field(description="That it stands in the public log.")
    pdf: Address
    badge: Address
    product: Address
    vendor: Address
    edition: Address
    events: Address


class Certificate(Shape):
    """One certificate, whatever it is worth today; none ever goes away."""

    number: Number
    status: Status
    since: date
    valid_from: date
    valid_until: date
    decided_on: date
    revision: int = Field(ge=1, description="One more with every reduction.")
    level: Level
    edition: EditionName
    product: ProductName
    vendor: VendorName
    result: Result
    protects_from: Codes
    summary: Text
    limits: list[Text]
    submission: str = Field(description="sha256 of what was handed in")
    links: CertificateLinks


class VendorLinks(Shape):
    """Where to go on from a company."""

    self: Address
    page: Address
    products: Address
    certificates: Address
    feed: Address


class Vendor(Shape):
    """A company with published products, as its newest certificate has it."""

    slug: Slug
    name: Text
    country: str
    registration_number: str | None = Field(
        description="null where the number could be that of a person: a household business is registered under one."
    )
    website: str
    club_member: bool | None = Field(description="null: not stated, while the club looks at what the company says")
    club_member_since: date | None
    products: int = Field(ge=1, description="How many of its products are published.")
    links: VendorLinks


class EventLinks(Shape):
    """What an event is about, and its proof."""

    log: Address
    page: Address
    certificate: Address | None
    product: Address | None


class Event(Shape):
    """One event of the register, as the public log has it, with the line of the register about it."""

    index: int = Field(ge=0, description="Its number in the public log. Other entries lie in between.")
    id: str = Field(description="A tag: URI that never changes.")
    kind: Kind
    at: datetime = Field(description="When it was written into the log, UTC.")
    on: date | None = Field(description="The day from which it holds.")
    certificate: Number | None
    status: Status | None = Field(description="What the certificate is worth from then on.")
    valid_until: date | None
    follower: Number | None = Field(description="The certificate that took its place.")
    product: "EventProduct | None"
    reason: Text | None
    edition: str | None
    links: EventLinks


class EventProduct(Shape):
    """The product an event is about."""

    slug: Slug
    name: Text
    vendor: Text


class Problem(Shape):
    """What went wrong (RFC 9457)."""

    type: str
    title: str
    title_vi: str
    status: int
    detail: str
    detail_vi: str
    parameter: str | None = Field(description="The parameter of the query that could not be used.")


class Page(Shape):
    """One page of a list: `next` is the address of the following one, null at the end."""

    next: Address | None


class Products(Page):
    """A page of products."""

    items: list[Product]


class Certificates(Page):
    """A page of certificates."""

    items: list[Certificate]


class Vendors(Page):
    """A page of companies."""

    items: list[Vendor]


class Events(Page):
    """A page of events, oldest first. `cursor` goes on after the last one, at the end too: keep it and ask again."""

    items: list[Event]
    cursor: str

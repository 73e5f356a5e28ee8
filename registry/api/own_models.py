"""The shapes of what a company's programs read of its own: as closed as those of everybody."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from registry.api.models import Address, Number, Page, Shape, Slug, Text

Scope = Literal["products", "applications", "evidence", "messages"]
Ref = Annotated[str, Field(pattern=r"^[A-Z]+-\d{4}-\d{4,}$", description="Reference of an application.")]


class OwnCompany(Shape):
    """Whose the token is."""

    slug: Slug
    name: str


class Own(Shape):
    """What this token is: whose, what it may read, until when, and where that is."""

    company: OwnCompany
    token: str = Field(description="The name its owner gave it.")
    scopes: list[Scope]
    expires_at: datetime
    links: dict[str, Address]


class OwnProduct(Shape):
    """A product of the company."""

    slug: Slug
    name: Text
    created_at: datetime


class OwnCertificate(Shape):
    """A certificate of the company, what it is worth today."""

    number: Number
    application: Ref
    product: Slug
    level: str
    status: Literal["scheduled", "active", "suspended", "expired", "withdrawn", "terminated", "superseded"]
    valid_from: date
    valid_until: date
    superseded_on: date | None


class OwnApplication(Shape):
    """An application of the company, as its page shows it."""

    ref: Ref
    kind: str
    state: str
    product: Slug
    edition: str
    created_at: datetime
    answer_by: date | None = Field(description="Until when something is waited for from the company.")
    links: dict[str, Address]


class OwnDeadline(Shape):
    """A date to keep in mind."""

    kind: Literal["application", "condition", "certificate"]
    due_on: date
    place: str = Field(description="The reference of the application or the number of the certificate.")
    criterion: str | None = Field(description="Of a condition.")


class OwnFile(Shape):
    """The file of a piece of evidence; its bytes are for people who are signed in."""

    name: str
    media_type: str
    size: int
    sha256: str


class OwnUse(Shape):
    """One answer that evidence backs."""

    application: Ref
    criterion: str


class OwnEvidence(Shape):
    """A piece of the company's library."""

    id: str
    kind: str
    title: str
    url: str | None
    file: OwnFile | None
    issued_on: date | None
    valid_until: date | None
    validity: Literal["", "expiring", "expired"]
    used_for: list[OwnUse]


class OwnMessage(Shape):
    """One thing said about an application."""

    kind: str
    said_by: Literal["club", "company"]
    criterion: str | None
    at: datetime
    text: Text


class OwnProducts(Page):
    """Products of the company."""

    items: list[OwnProduct]


class OwnCertificates(Page):
    """Certificates of the company."""

    items: list[OwnCertificate]


class OwnApplications(Page):
    """Applications of the company."""

    items: list[OwnApplication]


class OwnLibrary(Page):
    """Evidence of the company."""

    items: list[OwnEvidence]


class OwnDeadlines(Shape):
    """Every date to keep in mind, the nearest first."""

    items: list[OwnDeadline]


class OwnMessages(Shape):
    """Everything said about an application, the oldest first."""

    items: list[OwnMessage]

"""Questions about the public register of changes: pages of it, and how many lines of each kind there are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, func
from sqlmodel import Session, col, select

from assessments.folding import words
from assessments.models import Certificate, Change, EditionPublication, Listing, Relisting
from assessments.publishing import RegisterKind
from assessments.queries.catalogue import MAX_WORDS
from assessments.queries.certificates import ended_unheard_of
from assessments.queries.paging import Order, beyond, token_of

PAGE = 50


@dataclass(frozen=True)
class Wanted:
    """Which lines are asked for; what is empty asks for all of them."""

    text: str = ""
    kinds: tuple[RegisterKind, ...] = ()
    since: date | None = None
    until: date | None = None
    edition: str = ""
    slug: str = ""  # of a product
    after: str = ""
    vendor: str = ""  # slug of a company: what happened to its published products


@dataclass(frozen=True)
class Lines:
    """One page of the register, newest first, and where the next one starts ("" at the end)."""

    lines: list[Change]
    after: str


def page(session: Session, wanted: Wanted, today: date, size: int = PAGE) -> Lines:
    """The lines that fit, in one statement; what lies ahead is not among them."""
    order = [Order(col(Change.at), datetime, descending=True), Order(col(Change.key), str, descending=True)]
    question = select(Change).where(*_conditions(wanted, today), *beyond(order, wanted.after))
    question = question.order_by(col(Change.at).desc(), col(Change.key).desc()).limit(size + 1)
    rows = list(session.exec(question).all())
    more = len(rows) > size
    return Lines(rows[:size], token_of((rows[size - 1].at, rows[size - 1].key)) if more else "")


def counts(session: Session, wanted: Wanted, today: date) -> dict[RegisterKind, int]:
    """Kind -> how many lines of it there are, whichever kinds are asked for, in one statement."""
    conditions = _conditions(Wanted(**{**vars(wanted), "kinds": ()}), today)
    question = select(Change.kind, func.count()).where(*conditions).group_by(col(Change.kind))
    return {RegisterKind(kind): number for kind, number in session.exec(question).all()}


def line_by_key(session: Session, key: str) -> Change | None:
    """One line."""
    return session.get(Change, key)


def lines_by_key(session: Session, keys: Iterable[str]) -> list[Change]:
    """Lines, in the order in which they happened."""
    question = select(Change).where(col(Change.key).in_(set(keys)))
    return list(session.exec(question.order_by(col(Change.at), col(Change.key))).all())


def unwritten(session: Session, day: date) -> list[Any]:
    """The products with a public certificate written before the register, or the words of the search, were kept."""
    known = exists().where(col(Change.number) == col(Certificate.number))
    public = (Certificate.valid_from <= day, col(Certificate.published_at).is_not(None), ~ended_unheard_of())
    question = select(Certificate.product_id).where(*public, ~known).distinct()
    wordless = select(Listing.product_id).where(~exists().where(col(Relisting.product_id) == col(Listing.product_id)))
    return list({*session.exec(question).all(), *session.exec(wordless).all()})


def unwritten_editions(session: Session) -> list[EditionPublication]:
    """Editions published before the register was kept."""
    known = exists().where(col(Change.edition_id) == col(EditionPublication.edition_id), col(Change.kind) == "edition")
    return list(session.exec(select(EditionPublication).where(~known)).all())


def _conditions(wanted: Wanted, today: date) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [col(Change.day) <= min(today, wanted.until or today)]
    found += [col(Change.words).contains(f" {word}", autoescape=True) for word in words(wanted.text)[:MAX_WORDS]]
    if wanted.since:
        found.append(col(Change.day) >= wanted.since)
    if wanted.kinds:
        found.append(col(Change.kind).in_(wanted.kinds))
    if wanted.edition:
        found.append(col(Change.edition_id) == wanted.edition)
    if wanted.slug:
        found.append(col(Change.slug) == wanted.slug)
    if wanted.vendor:
        its_products = select(Listing.product_id).where(Listing.vendor_slug == wanted.vendor)
        found.append(col(Change.product_id).in_(its_products))
    return found

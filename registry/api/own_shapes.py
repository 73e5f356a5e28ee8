"""A company's own rows as its programs read them, field by field: nobody of the club stands in any of them."""

from datetime import date
from typing import Any

from assessments.clock import today
from assessments.models import Application, Product
from assessments.queries.announcements import seen_by_vendor
from assessments.queries.certificates import status
from assessments.queries.evidence import Item
from assessments.queries.messages import Kind, Message
from assessments.queries.own_data import Due, Granted, answer_by
from registry.api.addresses import address

Data = dict[str, Any]

COMPANY = frozenset(  # what the company has said itself; everything else the club has
    {Kind.SUBMITTED_AGAIN, Kind.REPLY, Kind.UNSENT, Kind.FACTS_CHECKED, Kind.NOTICE_COMMENT, Kind.ANSWERED}
)


def product(one: Product) -> Data:
    """A product as own_models.OwnProduct has it."""
    return {
        "slug": one.slug,
        "name": {"vi": one.name, "en": one.name_en or one.name},
        "created_at": one.created_at.isoformat(),
    }


def certificate(row: Granted) -> Data:
    """A certificate as own_models.OwnCertificate has it; a follower whose day lies ahead is not told of."""
    one, day = row.certificate, today()
    past = one.superseded_on is not None and one.superseded_on <= day
    return {
        "number": one.number,
        "application": row.ref,
        "product": row.product,
        "level": one.level,
        "status": status(one, day).value,
        "valid_from": one.valid_from.isoformat(),
        "valid_until": one.valid_until.isoformat(),
        "superseded_on": _day(one.superseded_on if past else None),
    }


def application(one: Application, product: str) -> Data:
    """An application as own_models.OwnApplication has it."""
    return {
        "ref": one.ref,
        "kind": one.kind.value,
        "state": seen_by_vendor(one).value,
        "product": product,
        "edition": one.edition_id,
        "created_at": one.created_at.isoformat(),
        "answer_by": _day(answer_by(one)),
        "links": {
            "self": address("api.own_application", ref=one.ref),
            "page": address("applications.show", ref=one.ref),
            "messages": address("api.own_messages", ref=one.ref),
        },
    }


def deadline(one: Due) -> Data:
    """A date as own_models.OwnDeadline has it."""
    return {
        "kind": one.kind.value,
        "due_on": one.due_on.isoformat(),
        "place": one.place,
        "criterion": one.detail or None,
    }


def evidence(item: Item) -> Data:
    """A piece of evidence as own_models.OwnEvidence has it."""
    one, file = item.evidence, item.file
    told = None
    if file is not None:
        told = {"name": file.name, "media_type": file.media_type, "size": file.size, "sha256": file.sha256}
    return {
        "id": str(one.id),
        "kind": one.kind,
        "title": one.title,
        "url": one.url,
        "file": told,
        "issued_on": _day(one.issued_on),
        "valid_until": _day(one.valid_until),
        "validity": item.validity(today()),
        "used_for": [{"application": use.ref, "criterion": use.criterion} for use in item.uses],
    }


def message(one: Message) -> Data:
    """What somebody said as own_models.OwnMessage has it: the club speaks with one voice here."""
    return {
        "kind": one.kind.value,
        "said_by": "company" if one.kind in COMPANY else "club",
        "criterion": one.code or None,
        "at": one.at.isoformat(),
        "text": {"vi": one.text.vi, "en": one.text.en},
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None

"""Writes the public read model: what the catalogue says of a product, renewed whenever its certificate changes."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, delete, select, update

from assessments import profile
from assessments.clock import now, today
from assessments.folding import sort_key, words
from assessments.models import (
    Certificate,
    CertificateEvent,
    Listing,
    ListingFacet,
    ListingWord,
    Product,
    Revision,
    Vendor,
)
from assessments.states import CertificateState

NAME, MAKER, REST = 3, 2, 1  # how much a word found there weighs


def refresh(session: Session, product_id: UUID) -> None:
    """Write the listing of a product anew from its certificates, and let every cache know.

    A product without a certificate has no listing; withdrawn and expired ones stay (ISO/IEC 17065, 7.8).
    """
    shown = _shown(session, product_id)
    for table in (ListingFacet, ListingWord):
        session.exec(delete(table).where(col(table.product_id) == product_id))
    if shown is not None:
        _write(session, shown)
    _bump(session)


def _shown(session: Session, product_id: UUID) -> Certificate | None:
    """The certificate in the shop window: the newest one published, or else the one announced next."""
    question = (
        select(Certificate)
        .where(Certificate.product_id == product_id, Certificate.state != CertificateState.SUPERSEDED)
        .order_by(col(Certificate.valid_from).desc(), col(Certificate.serial).desc())
    )
    found = session.exec(question).all()
    published = [one for one in found if one.valid_from <= today()]
    return next(iter(published or found[-1:]), None)


def _write(session: Session, certificate: Certificate) -> None:
    product = session.get_one(Product, certificate.product_id)
    vendor = session.get_one(Vendor, certificate.vendor_id)
    facts = profile.from_dict(certificate.content["profile"])
    listing = session.get(Listing, product.id) or Listing.model_construct(product_id=product.id)
    listing.slug, listing.vendor_slug, listing.number = product.slug, vendor.slug, certificate.number
    listing.sort_key = sort_key(facts.name_vi)
    listing.state = certificate.state
    listing.valid_from, listing.valid_until = certificate.valid_from, certificate.valid_until
    listing.level_rank = int(certificate.content["level"]["rank"])
    listing.checked_on = facts.checked_on or certificate.decided_on
    listing.changed_on = max(certificate.valid_from, certificate.state_since)
    listing.content = {
        **certificate.content,
        "vendor": {**certificate.content["vendor"], "slug": vendor.slug, "club_member": vendor.club_member},
        "history": _history(session, certificate.product_id),
        "state_since": certificate.state_since.isoformat(),
    }
    session.add(listing)
    session.flush()
    session.add_all(_facets(certificate, facts))
    session.add_all(_words(certificate, facts))


def _history(session: Session, product_id: UUID) -> list[dict[str, Any]]:
    """Every decision on the product's certificates that has taken effect, newest first."""
    question = (
        select(CertificateEvent, Certificate.number)
        .join(Certificate, col(Certificate.id) == col(CertificateEvent.certificate_id))
        .where(Certificate.product_id == product_id, col(CertificateEvent.effective_on).is_not(None))
        .order_by(col(CertificateEvent.effective_on).desc(), col(CertificateEvent.number).desc())
    )
    return [
        {
            "action": event.action.value,
            "on": event.effective_on.isoformat() if event.effective_on else "",
            "number": number,
            "reason": {"vi": event.reason_vi, "en": event.reason_en},
            "condition": {"vi": event.condition_vi, "en": event.condition_en},
            "restore_by": event.restore_by.isoformat() if event.restore_by else "",
        }
        for event, number in session.exec(question).all()
    ]


def _facets(certificate: Certificate, facts: profile.Profile) -> Iterator[ListingFacet]:
    values = {
        "age": facts.ages,
        "worry": certificate.content["protects_from"],
        "platform": facts.platforms,
        "category": facts.categories,
        "price": [facts.price_model],
        "language": facts.languages,
        "made_in": [facts.made_in_vietnam],
        "level": [certificate.level],
    }
    for facet, found in values.items():
        for value in sorted(set(found)):
            yield ListingFacet(facet=facet, value=value, product_id=certificate.product_id)


def _words(certificate: Certificate, facts: profile.Profile) -> Iterator[ListingWord]:
    vendor = certificate.content["vendor"]
    weights: dict[str, int] = {}
    for weight, texts in (
        (REST, (facts.short_vi, facts.short_en, facts.description_vi, facts.description_en, certificate.number)),
        (MAKER, (vendor["name"], vendor.get("name_en", ""))),
        (NAME, (facts.name_vi, facts.name_en)),
    ):
        weights.update((word, weight) for text in texts for word in words(text))
    for word, weight in weights.items():
        yield ListingWord(word=word, product_id=certificate.product_id, weight=weight)


def _bump(session: Session) -> None:
    changed = session.exec(update(Revision).values(number=Revision.number + 1, at=now()))
    if changed.rowcount == 0:
        session.add(Revision(number=1))
    session.flush()

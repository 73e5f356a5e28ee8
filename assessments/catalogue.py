"""Writes the public read model: what the catalogue says of a product, renewed whenever its certificate changes."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, delete, select, update

from assessments import changes, measured, profile
from assessments.clock import legal_day, now, today
from assessments.folding import sort_key, tokens
from assessments.models import (
    Certificate,
    CertificateEvent,
    Listing,
    ListingFacet,
    Product,
    Relisting,
    Revision,
    Vendor,
)
from assessments.queries import change_notices, surveillance
from assessments.queries.certificates import is_public
from assessments.queries.conditions import of_certificate, told
from assessments.states import CertificateAction, CertificateState
from criteria import store
from criteria.model import Bilingual, Edition

FOREVER = date.max


@dataclass(frozen=True)
class _Shown:
    """A certificate and the days on which it stands for its product in the catalogue."""

    certificate: Certificate
    first_day: date
    last_day: date


def refresh(session: Session, product_id: UUID) -> None:
    """Write the listing of a product anew from its certificates, and let every cache know.

    A product without a published certificate has no listing; withdrawn and expired ones stay (ISO/IEC 17065, 7.8).
    """
    number = _bump(session)
    session.merge(Relisting(product_id=product_id, revision=number))
    _forget(session, product_id)
    certificates = published_of(session, product_id)
    changes.rewrite(session, product_id, certificates)
    history = _history(session, certificates)
    for shown in _windows(certificates):
        versions = [_version(one) for one in reversed(certificates) if one.valid_from <= shown.first_day]
        _write(session, shown, history, versions)


def refresh_vendor(session: Session, vendor_id: UUID) -> None:
    """Write the listings of a company anew: after its membership of the club or its address here has changed."""
    question = select(Certificate.product_id).where(Certificate.vendor_id == vendor_id).distinct()
    for product_id in session.exec(question).all():
        refresh(session, product_id)


def _forget(session: Session, product_id: UUID) -> None:
    old = select(Listing.certificate_id).where(Listing.product_id == product_id)
    session.exec(delete(ListingFacet).where(col(ListingFacet.listing_id).in_(old)))
    session.exec(delete(Listing).where(col(Listing.product_id) == product_id))


def published_of(session: Session, product_id: UUID) -> list[Certificate]:
    """The certificates the public may ever see, in the order of their days."""
    question = (
        select(Certificate)
        .where(Certificate.product_id == product_id)
        .order_by(col(Certificate.valid_from), col(Certificate.year), col(Certificate.serial))
    )
    return [one for one in session.exec(question).all() if is_public(one, one.valid_from)]


def _windows(certificates: Iterable[Certificate]) -> Iterator[_Shown]:
    """Each certificate from its first day to the day before the next one begins; past days are left out."""
    lasting = [one for one in certificates if one.state is not CertificateState.SUPERSEDED]
    for one, following in pairwise([*lasting, None]):
        if one is not None:
            last_day = following.valid_from - timedelta(days=1) if following else FOREVER
            if last_day >= max(one.valid_from, today()):
                yield _Shown(one, one.valid_from, last_day)


def _write(session: Session, shown: _Shown, history: list[dict[str, Any]], versions: list[dict[str, Any]]) -> None:
    certificate = shown.certificate
    product = session.get_one(Product, certificate.product_id)
    vendor = session.get_one(Vendor, certificate.vendor_id)
    facts = profile.from_dict(certificate.content["profile"])
    session.add(
        Listing(
            certificate_id=certificate.id,
            product_id=product.id,
            first_day=shown.first_day,
            last_day=shown.last_day,
            slug=product.slug,
            vendor_slug=vendor.slug,
            number=certificate.number,
            sort_key=sort_key(facts.name_vi),
            state=certificate.state,
            valid_from=certificate.valid_from,
            valid_until=certificate.valid_until,
            level_rank=int(certificate.content["level"]["rank"]),
            checked_on=facts.checked_on or certificate.decided_on,
            changed_on=max(certificate.valid_from, certificate.state_since),
            card=_card(certificate, facts, history),
            content={
                **certificate.content,
                "vendor": {**certificate.content["vendor"], **_standing_of(vendor)},
                "measured": measured.told(certificate.content),
                "updates": change_notices.told(session, certificate),
                "surveillance": surveillance.told(session, certificate),
                "versions": versions,
                "history": history,
                "conditions": [told(one) for one in of_certificate(session, certificate)],
                "state_since": certificate.state_since.isoformat(),
            },
            words=words_of(certificate.content, facts, store.load(certificate.edition_id), certificate.number),
        )
    )
    session.flush()
    session.add_all(_facets(certificate))


def _version(certificate: Certificate) -> dict[str, Any]:
    """One certificate of the product: the version and edition it is about, and what its status is worked out from."""
    content = certificate.content
    superseded = certificate.superseded_on
    return {
        "number": certificate.number,
        "version": content["checked"]["version"],
        "edition": {key: content["edition"][key] for key in ("id", "vi", "en")},
        "level": {key: content["level"][key] for key in ("rank", "vi", "en")},
        "state": certificate.state.value,
        "valid_from": certificate.valid_from.isoformat(),
        "valid_until": certificate.valid_until.isoformat(),
        "superseded_on": superseded.isoformat() if superseded else "",
    }


def _standing_of(vendor: Vendor) -> dict[str, Any]:
    since = vendor.club_member_since
    return {
        "slug": vendor.slug,
        "club_member": vendor.club_member,
        "club_member_since": since.isoformat() if since else "",
        "club_member_claimed": vendor.membership_claimed_at is not None,  # not public, but "no member" may be wrong
    }


def _card(certificate: Certificate, facts: profile.Profile, history: list[dict[str, Any]]) -> dict[str, Any]:
    """What a list of products prints of one."""
    reasons = [event["reason"] for event in history if event["number"] == certificate.number]
    return {
        **changes.card_of(certificate.content, facts),
        "since": certificate.state_since.isoformat(),
        "reason": reasons[0] if reasons else {"vi": "", "en": ""},
    }


def _history(session: Session, certificates: list[Certificate]) -> list[dict[str, Any]]:
    """Every decision on these certificates that takes effect on some day, newest first.

    Days to come are among them (a grant that waits for its announcement): queries.catalogue.history leaves them out.
    """
    by_id = {one.id: one for one in certificates}
    question = (
        select(CertificateEvent)
        .where(col(CertificateEvent.certificate_id).in_(by_id), col(CertificateEvent.effective_on).is_not(None))
        .order_by(col(CertificateEvent.effective_on).desc(), col(CertificateEvent.number).desc())
    )
    return [_event(event, by_id[event.certificate_id]) for event in session.exec(question).all()]


def _event(event: CertificateEvent, certificate: Certificate) -> dict[str, Any]:
    lifted = event.dismissed_at if event.action is CertificateAction.SUSPEND else None
    return {
        "action": event.action.value,
        "on": event.effective_on.isoformat() if event.effective_on else "",
        "number": certificate.number,
        "valid_until": certificate.valid_until.isoformat(),
        "reason": {"vi": event.reason_vi, "en": event.reason_en},
        "condition": {"vi": event.condition_vi, "en": event.condition_en},
        "restore_by": event.restore_by.isoformat() if event.restore_by else "",
        "lifted_on": legal_day(lifted).isoformat() if lifted else "",
    }


def _facets(certificate: Certificate) -> Iterator[ListingFacet]:
    values = changes.facets_of(certificate.content, certificate.level)
    for facet, found in values.items():
        for value in sorted(set(found)):
            yield ListingFacet(facet=facet, value=value, listing_id=certificate.id)


def words_of(content: Mapping[str, Any], facts: profile.Profile, edition: Edition, number: str) -> dict[str, str]:
    """The words a product is found by, field by field; within a field, each text on its line.

    Takes the certificate's content, its profile, edition and number. The fields are those of queries.shelf.
    """
    vendor = content["vendor"]
    fields = {
        "name": (facts.name_vi, facts.name_en),
        "maker": (vendor["name"], vendor.get("name_en", "")),
        "lead": (facts.short_vi, facts.short_en),
        "need": _needs(content, facts, edition),
        "rest": (facts.description_vi, facts.description_en, number),
    }
    return {field: _lines(texts) for field, texts in fields.items()}


def _lines(texts: Iterable[str]) -> str:
    return "\n".join(dict.fromkeys(line for text in texts if (line := " ".join(tokens(text)))))


def _needs(content: Mapping[str, Any], facts: profile.Profile, edition: Edition) -> Iterator[str]:
    """What the product is for, in the words parents look for: its kinds, its devices, what it protects from."""
    texts: list[Bilingual] = []
    for category in edition.categories:
        texts += [category.short, category.hint] if category.code in facts.categories else []
    texts += [platform.name for platform in edition.platforms if platform.code in facts.platforms]
    for risk in edition.risks:
        texts += [risk.name, *risk.worries] if risk.code in content["protects_from"] else []
    for text in texts:
        yield from (text.vi, text.en)


def _bump(session: Session) -> int:
    """The next number of the public revision. Its row stays held, so numbers follow the order of the commits."""
    changed = session.exec(update(Revision).values(number=Revision.number + 1, at=now()))
    if changed.rowcount == 0:
        session.add(Revision(number=1))
    session.flush()
    return session.exec(select(Revision.number)).one()

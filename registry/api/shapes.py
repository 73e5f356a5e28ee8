"""Rows as the API and the files to download show them: field by field, so that nothing goes out that is not named.

The contents of certificates hold more than is published here: who represents the company, who signs, where support is
reached, the address of a company that may be somebody's home. None of it is named below.
"""

import json
import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from assessments.models import LogKind
from assessments.queries.certificates import Dated, status
from assessments.queries.open_data import Company, Granted, Listed, Told
from assessments.states import CertificateStatus
from registry import register
from registry.api.addresses import address

OF_ORGANISATIONS = re.compile(r"\d{10}(-\d{3})?")  # tax codes of Viet Nam; twelve digits are the number of a person

Data = dict[str, Any]
_DAY = timedelta(days=1)


def product(row: Listed, today: date) -> Data:
    """A product as models.Product has it."""
    content, facts = row.content, row.content["profile"]
    worth = status(row, today)
    return {
        "slug": row.slug,
        **{key: text(facts, key) for key in ("name", "short", "description")},
        "website": facts["website"],
        "vendor": {"slug": row.vendor_slug, "name": company_name(content["vendor"])},
        "status": worth.value,
        "since": _since(row, worth, date.fromisoformat(content["state_since"])),
        "certificate": _shown(row),
        "version": facts["version"],
        "version_date": facts["version_date"] or None,
        **{key: facts[key] for key in ("ages", "platforms", "categories", "languages", "made_in_vietnam", "adverts")},
        "features": facts["flags"],
        "price": {"model": facts["price_model"], "note": text(facts, "price_note")},
        **_checked(facts),
        **_judged(content),
        "links": {
            "self": address("api.product", slug=row.slug),
            "page": address("products.show", slug=row.slug),
            "certificate": address("api.certificate", number=row.number),
            "vendor": address("api.vendor", slug=row.vendor_slug),
            "feed": address("changes.product_atom", slug=row.slug),
        },
    }


def certificate(row: Granted, today: date) -> Data:
    """A certificate as models.Certificate has it."""
    content, facts, worth = row.content, row.content["profile"], status(row, today)
    judged = _judged(content)
    return {
        "number": row.number,
        "status": worth.value,
        "since": _since(row, worth, row.state_since),
        **{key: getattr(row, key).isoformat() for key in ("valid_from", "valid_until", "decided_on")},
        "revision": row.revision,
        "level": level(content["level"]),
        "edition": edition_name(content["edition"]),
        "product": {
            "slug": row.product,
            "name": text(facts, "name"),
            "version": facts["version"],
            "version_date": facts["version_date"] or None,
            **{key: facts[key] for key in ("categories", "platforms", "ages")},
        },
        "vendor": {"slug": row.vendor, "name": company_name(content["vendor"])},
        **judged,
        "submission": row.submission_digest,
        "links": _certificate_links(row),
    }


def vendor(row: Company) -> Data:
    """A company as models.Vendor has it."""
    facts = row.facts
    return {
        "slug": row.slug,
        "name": company_name(facts),
        "country": facts["country"],
        "registration_number": _of_organisation(facts),
        "website": facts.get("website", ""),
        "club_member": None if _unsettled(facts) else facts["club_member"],
        "club_member_since": facts.get("club_member_since") or None,
        "products": row.products,
        "links": {
            "self": address("api.vendor", slug=row.slug),
            "page": address("vendors.show", slug=row.slug),
            "products": address("api.products", vendor=row.slug),
            "certificates": address("api.certificates", vendor=row.slug),
            "feed": address("changes.vendor_atom", slug=row.slug),
        },
    }


def event(row: Told) -> Data:
    """An event as models.Event has it: what the log says, and of the register's line the names and the reason."""
    told: Data = json.loads(row.body)
    line, number = row.line, told.get("certificate")
    edition = told.get("id") if row.kind is LogKind.EDITION else line.edition_id if line else None
    return {
        "index": row.index,
        "id": register.tag(f"log/{row.index}"),
        "kind": row.kind.value,
        "at": told["at"],
        **{key: told.get(key) or None for key in ("on", "certificate", "status", "valid_until")},
        "follower": told.get("newer") or None,
        "product": {"slug": line.slug, "name": line.text["name"], "vendor": line.text["vendor"]}
        if line and line.slug
        else None,
        "reason": line.text["reason"] if line and line.slug and line.text["reason"]["vi"] else None,
        "edition": edition,
        "links": {
            "log": f"{address('log.index')}/entries/{row.index}",
            "page": address("certificates.show", number=number)
            if number
            else address("criteria.edition", edition_id=str(edition)),
            "certificate": address("api.certificate", number=number) if number else None,
            "product": address("api.product", slug=line.slug) if line and line.slug else None,
        },
    }


# --- parts ---


def text(facts: Mapping[str, Any], name: str) -> Data:
    """A text that the facts hold as <name>_vi and <name>_en; Vietnamese where the English is empty."""
    vietnamese = facts.get(f"{name}_vi", "")
    return {"vi": vietnamese, "en": facts.get(f"{name}_en", "") or vietnamese}


def both(given: Mapping[str, Any]) -> Data:
    """A text that is kept as vi and en among other things."""
    return {"vi": given["vi"], "en": given.get("en", "") or given["vi"]}


def company_name(facts: Mapping[str, Any]) -> Data:
    """The name of a company as registered, and its English one."""
    return {"vi": facts["name"], "en": facts.get("name_en") or facts["name"]}


def level(given: Mapping[str, Any]) -> Data:
    """A level by its name."""
    return {"code": given["code"], "rank": given["rank"], "name": both(given)}


def edition_name(given: Mapping[str, Any]) -> Data:
    """An edition by its name."""
    return {**{key: given[key] for key in ("id", "version", "digest", "reconstruction")}, "name": both(given)}


def _shown(row: Listed) -> Data:
    return {
        "number": row.number,
        "valid_from": row.valid_from.isoformat(),
        "valid_until": row.valid_until.isoformat(),
        "level": level(row.content["level"]),
        "edition": edition_name(row.content["edition"]),
    }


def _judged(content: Mapping[str, Any]) -> Data:
    """What the committee found, as the certificate prints it."""
    result = content["result"]
    groups = [
        {"code": one["code"], "name": both(one), "percent": one["percent"], "weight": one["weight"]}
        for one in result["groups"]
    ]
    return {
        "protects_from": content["protects_from"],
        "result": {"overall": result["overall"], "groups": groups},
        "summary": both(content["summary"]),
        "limits": [both(one) for one in content["limits"]],
    }


def _checked(facts: Mapping[str, Any]) -> Data:
    """What the product takes, asks for and blocks."""
    return {
        "data_taken": [
            {
                "kind": one["kind"],
                "purpose": text(one, "purpose"),
                "optional": one.get("optional", False),
                "kept_days": one.get("kept_days"),
                "shared": bool(one.get("shared_with")),
            }
            for one in facts["data"]
        ],
        "permissions": [{"name": one["name"], "reason": text(one, "reason")} for one in facts["permissions"]],
        "blocking": [{key: one[key] for key in _BLOCKING} for one in facts["blocking"]],
    }


def _since(row: Dated, worth: CertificateStatus, decided: date) -> str:
    """The day from which a certificate is what it is: expiry and replacement come with the calendar."""
    if worth is CertificateStatus.EXPIRED:
        return (row.valid_until + _DAY).isoformat()
    if worth is CertificateStatus.SUPERSEDED and row.superseded_on is not None:
        return row.superseded_on.isoformat()
    return decided.isoformat()


def _unsettled(facts: Mapping[str, Any]) -> bool:
    """Whether "no member" may be wrong: the page of the company does not say it then either."""
    return not facts["club_member"] and bool(facts.get("club_member_claimed"))


def _of_organisation(facts: Mapping[str, Any]) -> str | None:
    number: str = facts.get("registration_number", "")
    if facts["country"] == "VN" and not OF_ORGANISATIONS.fullmatch(number):
        return None
    return number or None


def _certificate_links(row: Granted) -> Data:
    number = row.number
    return {
        "self": address("api.certificate", number=number),
        "page": address("certificates.show", number=number),
        "full": address("certificates.data", number=number),
        "credential": address("credentials.show", number=number),
        "proof": address("log.certificate", number=number),
        "pdf": address("certificates.papers.pdf", number=number),
        "badge": address("badges.picture", number=number),
        "product": address("api.product", slug=row.product),
        "vendor": address("api.vendor", slug=row.vendor),
        "edition": address("api.edition", edition=row.content["edition"]["id"]),
        "events": address("api.events", certificate=number),
    }


_BLOCKING = (
    *("test_list", "tested_on", "age_band", "topic"),
    *("harmful_tried", "harmful_blocked", "harmless_tried", "harmless_blocked", "measured_by"),
)

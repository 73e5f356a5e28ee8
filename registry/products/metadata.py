"""What machines read in the page of a product: schema.org in JSON-LD. Facts of the read model, nothing of marketing.

Vocabulary: https://schema.org/Product, SoftwareApplication, Certification (hasCertification, certificationStatus).
"""

from typing import Any

from flask import current_app

from assessments.states import CertificateStatus
from registry.catalogue import name_of
from registry.i18n import lang
from registry.links import absolute
from registry.previews import Preview
from registry.products.page import ProductPage

SCHEMA = "https://schema.org"


def described(page: ProductPage, preview: Preview) -> dict[str, Any]:
    """A product with its certificate; one that is not valid now says so and still names itself."""
    address, vendor = absolute("products.show", lang(), slug=page.listing.slug), page.content["vendor"]
    name = (vendor.get("name_en") if lang() == "en" else "") or vendor["name"]
    ages = page.ages
    return _given(
        {
            "@context": SCHEMA,
            "@type": ["Product", "SoftwareApplication"],
            "@id": f"{address}#product",
            "name": page.name,
            "description": page.own("short"),
            "url": address,
            "image": preview.address,
            "inLanguage": list(page.profile.languages),
            "softwareVersion": page.profile.version,
            "applicationCategory": ", ".join(name_of(code, "category") for code in page.profile.categories),
            "operatingSystem": ", ".join(name_of(code, "platform") for code in page.profile.platforms),
            "sameAs": [one for one in (page.profile.website,) if one.startswith("https://")],
            "manufacturer": {"@type": "Organization", "name": name, "url": _vendor(page)},
            "audience": _audience(ages),
            "hasCertification": _certification(page),
        }
    )


def _certification(page: ProductPage) -> dict[str, Any]:
    """The certificate as it stands today: only one that is valid is active."""
    content, listing = page.content, page.listing
    active = page.status is CertificateStatus.ACTIVE
    settings = current_app.config["SETTINGS"]
    return _given(
        {
            "@type": "Certification",
            "name": content["edition"][lang()],
            "certificationIdentification": listing.number,
            "certificationStatus": f"{SCHEMA}/{'CertificationActive' if active else 'CertificationInactive'}",
            "issuedBy": {"@type": "Organization", "name": content["issuer"][lang()], "url": settings.public_url},
            "url": absolute("certificates.show", lang(), number=listing.number),
            "validFrom": listing.valid_from.isoformat(),
            "expires": listing.valid_until.isoformat(),
            "auditDate": content.get("decided_on", ""),
        }
    )


def _audience(ages: list[tuple[int, int]]) -> dict[str, Any] | None:
    if not ages:
        return None
    return {"@type": "PeopleAudience", "suggestedMinAge": ages[0][0], "suggestedMaxAge": ages[-1][1]}


def _vendor(page: ProductPage) -> str:
    slug = page.content["vendor"].get("slug", "")
    return absolute("vendors.show", lang(), slug=slug) if slug else ""


def _given(told: dict[str, Any]) -> dict[str, Any]:
    """Without what nobody said."""
    return {name: value for name, value in told.items() if value not in (None, "", [])}

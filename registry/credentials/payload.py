"""What a certificate says as a verifiable credential: W3C VC 2.0 in the shape of an Open Badges 3.0 achievement.

Everything comes from the content that was frozen at the decision. Names of our own, under the vocabulary of the issuer:

number, revision      of the certificate; id is its address, the same for every revision
decidedOn             ISO day
vendor                {name, nameEn, address, country, registrationNumber}
signatory             {name, officeVi, officeEn}: who signed for the issuing body; absent where nobody is named
product               {nameVi, nameEn, version, versionDate}: what was checked
platforms, categories, ages     codes of the edition
level                 {code, rank, vi, en}
edition               {id, version, digest}: the criteria
evidenceManifest      sha256 of the list of files that were judged (assessments/manifest.py); absent where there is none
submission            digest of everything that was handed in
issuingBody           {vi, en}
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import unquote

from assessments.clock import end_of_day, start_of_day
from assessments.models import Certificate
from assessments.publishing import StatusPurpose
from assessments.queries.credentials import SIZE

CONTEXTS = ("https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json")


@dataclass(frozen=True)
class Revision:
    """One signature to be: of which certificate, in whose name, when, and its place in the status lists."""

    certificate: Certificate
    content: Mapping[str, Any]  # as it was with the event that is signed; reductions change it later
    number: int
    did: str
    status_index: int
    issued_at: datetime
    evidence_manifest: str = ""


def home(did: str) -> str:
    """The address an issuer speaks from: that of its did:web, wherever the site is served."""
    return f"https://{unquote(did.removeprefix('did:web:'))}"


def list_address(did: str, purpose: StatusPurpose, number: int) -> str:
    """Where a status list is."""
    return f"{home(did)}/status/{purpose.value}-{number}"


def moment(at: datetime) -> str:
    """A moment as XML Schema has it, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def payload_of(revision: Revision) -> dict[str, Any]:
    """The whole credential."""
    certificate, content, base = revision.certificate, revision.content, home(revision.did)
    return {
        "@context": [*CONTEXTS, {"@vocab": f"{base}/ns#"}],
        "id": f"{base}/c/{certificate.number}",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": f"{certificate.number}: {content['profile']['name_vi']} {content['profile']['version']}",
        "issuer": {"id": revision.did, "type": ["Profile"], "name": content["issuer"]["vi"], "url": base},
        "validFrom": moment(start_of_day(certificate.valid_from)),
        "validUntil": moment(end_of_day(certificate.valid_until)),
        "awardedDate": moment(start_of_day(certificate.decided_on)),
        **_claims(revision, base),
        "credentialStatus": [_status(revision, purpose) for purpose in StatusPurpose],
        "credentialSubject": {
            "id": _product_address(base, content),
            "type": ["AchievementSubject"],
            "achievement": _achievement(base, content),
            **_certified(revision, content),
        },
    }


def _claims(revision: Revision, base: str) -> dict[str, Any]:
    """The same as JSON Web Tokens say it: Open Badges 3.0 (8.2.4.1) asks for it, VC-JOSE-COSE that the two agree."""
    certificate, content = revision.certificate, revision.content
    return {
        "iss": revision.did,
        "sub": _product_address(base, content),
        "jti": f"{base}/c/{certificate.number}",
        "nbf": int(start_of_day(certificate.valid_from).timestamp()),
        "iat": int(revision.issued_at.timestamp()),
    }


def _product_address(base: str, content: Mapping[str, Any]) -> str:
    """What the certificate is about: the page of the product."""
    return f"{base}/products/{content['product']['slug']}"


def _status(revision: Revision, purpose: StatusPurpose) -> dict[str, Any]:
    number, place = divmod(revision.status_index, SIZE)
    address = list_address(revision.did, purpose, number + 1)
    return {
        "id": f"{address}#{place}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": purpose.value,
        "statusListIndex": str(place),
        "statusListCredential": address,
    }


def _achievement(base: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """The level reached, as Open Badges asks for it."""
    level, edition = content["level"], content["edition"]
    return {
        "id": f"{base}/criteria/{edition['id']}#{level['code']}",
        "type": ["Achievement"],
        "achievementType": "Certification",
        "name": f"{edition['vi']}: {level['vi']}",
        "description": f"{edition['en']}: level {level['rank']}, {level['en']}",
        "criteria": {"id": f"{base}/criteria/{edition['id']}", "narrative": edition["en"]},
    }


def _certified(revision: Revision, content: Mapping[str, Any]) -> dict[str, Any]:
    """What was certified, in our own words; what is not known is left out."""
    facts, vendor = content["profile"], content["vendor"]
    told = {
        "number": revision.certificate.number,
        "revision": revision.number,
        "decidedOn": _iso(revision.certificate.decided_on),
        "issuingBody": {"vi": content["issuer"]["vi"], "en": content["issuer"]["en"]},
        "signatory": _signatory(content["issuer"]),
        "vendor": {
            "name": vendor["name"],
            "nameEn": vendor.get("name_en", ""),
            "address": vendor.get("address", ""),
            "country": vendor.get("country", ""),
            "registrationNumber": vendor.get("registration_number", ""),
        },
        "product": {
            "nameVi": facts["name_vi"],
            "nameEn": facts["name_en"],
            "version": facts["version"],
            "versionDate": facts["version_date"],
        },
        "platforms": facts["platforms"],
        "categories": facts["categories"],
        "ages": facts["ages"],
        "level": {key: content["level"][key] for key in ("code", "rank", "vi", "en")},
        "edition": {key: content["edition"][key] for key in ("id", "version", "digest")},
        "evidenceManifest": revision.evidence_manifest,
        "submission": revision.certificate.submission_digest,
    }
    return {name: value for name, value in told.items() if value not in ("", None)}


def _signatory(issuer: Mapping[str, Any]) -> dict[str, str] | None:
    signs = issuer.get("signatory")
    if not signs:
        return None
    return {"name": signs["name"], "officeVi": signs["vi"], "officeEn": signs["en"]}


def _iso(day: date) -> str:
    return day.isoformat()

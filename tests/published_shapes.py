"""What the published schemas ask of a certificate, said again in our own words: their files may not lie here.

W3C Verifiable Credentials Data Model 2.0 (verifiable-credential-schema.json), Bitstring Status List 1.0 (sections 2.1,
2.2) and 1EdTech Open Badges 3.0 (ob_v3p0_achievementcredential_schema.json): what is required, of which kind it is, and
what has to be among it. For `jsonschema`, draft 2020-12.
"""

from typing import Any

MOMENT = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$"}
ADDRESS = {"type": "string", "pattern": r"^[a-z][a-z0-9+.-]*:\S+$"}
TEXT = {"type": "string", "minLength": 1}
ONE_OR_MORE = {"type": ["string", "array"], "minItems": 1, "items": {"type": "string"}}


def among(*wanted: str) -> dict[str, Any]:
    """A list of types that holds each of these."""
    return {
        "type": "array",
        "items": {"type": "string"},
        "uniqueItems": True,
        "allOf": [{"contains": {"const": one}} for one in wanted],
    }


def thing(required: dict[str, Any], **optional: Any) -> dict[str, Any]:
    """An object in which these are required; whatever else there is, is left alone."""
    return {"type": "object", "required": sorted(required), "properties": {**required, **optional}}


ENTRY = thing(
    {
        "type": {"const": "BitstringStatusListEntry"},
        "statusPurpose": {"enum": ["revocation", "suspension", "refresh", "message"]},
        "statusListIndex": {"type": "string", "pattern": r"^\d+$"},
        "statusListCredential": ADDRESS,
    },
    id={**ADDRESS, "not": {"type": "null"}},
)
CREDENTIAL = {
    "@context": {
        "type": "array",
        "prefixItems": [{"const": "https://www.w3.org/ns/credentials/v2"}],
        "items": {"type": ["string", "object"]},
        "minItems": 1,
    },
    "type": among("VerifiableCredential"),
    "issuer": {"anyOf": [ADDRESS, thing({"id": ADDRESS})]},
    "credentialSubject": {"type": "object", "minProperties": 1},
}
DATED = {"validFrom": MOMENT, "validUntil": MOMENT}

PROFILE = thing({"id": ADDRESS, "type": ONE_OR_MORE}, name=TEXT, url=ADDRESS)
ACHIEVEMENT = thing(
    {
        "id": ADDRESS,
        "type": among("Achievement"),
        "name": TEXT,
        "description": TEXT,
        "criteria": {**thing({}, id=ADDRESS, narrative=TEXT), "minProperties": 1},
    },
    achievementType={
        "anyOf": [
            {"enum": ["Achievement", "Assessment", "Award", "Badge", "Certificate", "Certification", "License"]},
            {"pattern": "^ext:"},
        ]
    },
)
SUBJECT = thing({"type": among("AchievementSubject"), "achievement": ACHIEVEMENT}, id=ADDRESS)
BADGE = thing(
    {
        **CREDENTIAL,
        "id": ADDRESS,
        "name": TEXT,
        "issuer": PROFILE,
        "type": {
            "allOf": [
                among("VerifiableCredential"),
                {"anyOf": [among("OpenBadgeCredential"), among("AchievementCredential")]},
            ]
        },
        "credentialSubject": {**SUBJECT, "anyOf": [{"required": ["id"]}, {"required": ["identifier"]}]},
        "validFrom": MOMENT,
    },
    **DATED,
    awardedDate=MOMENT,
    credentialStatus={"anyOf": [ENTRY, {"type": "array", "items": ENTRY, "minItems": 1}]},
)
BADGE["properties"]["@context"] = {
    **CREDENTIAL["@context"],
    "prefixItems": [
        *CREDENTIAL["@context"]["prefixItems"],
        {"pattern": r"^https://purl\.imsglobal\.org/spec/ob/v3p0/context(-3\.0\.\d)?\.json$"},
    ],
    "minItems": 2,
}
STATUS_LIST = thing(
    {
        **CREDENTIAL,
        "id": ADDRESS,
        "type": among("VerifiableCredential", "BitstringStatusListCredential"),
        "credentialSubject": thing(
            {
                "type": {"const": "BitstringStatusList"},
                "statusPurpose": ENTRY["properties"]["statusPurpose"],
                "encodedList": {"type": "string", "pattern": "^u[A-Za-z0-9_-]+$"},
            }
        ),
    },
    **DATED,
)

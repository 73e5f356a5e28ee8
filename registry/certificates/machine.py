"""The machine form of a certificate, /c/<number>.json. Keys once published stay; new ones may be added.

format        1
number        canonical number
status        active, suspended, expired, withdrawn, terminated or superseded, on the legal day `on` (Asia/Ho_Chi_Minh)
since         ISO day from which the status holds; reason, condition {vi, en} or null; restore_by ISO day or ""
newer         number of the certificate that took its place, or ""
url           address of the page
valid_from, valid_until, decided_on    ISO days, all inclusive
level         {code, rank, vi, en}
edition       {id, version, digest, reconstruction, vi, en}
issuer        {vi, en, signatory}: signatory {name, vi, en} where somebody is named
vendor        {name, name_en, address, country, registration_number, website, club_member}
product       {name_vi, name_en, version, version_date, categories, platforms, ages}: the scope
result        {overall, exact, groups: [{code, vi, en, percent, exact, weight, share}]}: percents, never rounded up
protects_from codes of the edition; summary {vi, en}; limits [{vi, en}]
conditions    [{number, criterion, text {vi, en}, due_on, fulfilled_on}]: what the vendor has to do by a day
revision      1, and one more with every reduction; reduced [{revision, on, platforms, categories, ages, level_before}]
updates       [{on, version, changes, size}]: changes the vendor has told of since; a "major" one is not covered yet
surveillance  [{number, on, measure, seed, critical, touched, sampled}]: the sample is drawn by sha256("<seed>:<code>")
measured      [{...}]: measured blocking results, in the shape of assessments/measured.py
departs       whether the decision departed from the computed verdict; reasons {vi, en} when it did
submission    sha256 of what was handed in
credential    {url, sha256, revision, kid, issued_at, status_lists}: the signed form (a W3C credential), and where the
              lists are that say whether it still counts; null before it is signed

Asked for a day gone by (?as_of=), everything above is of the end of that day (`on`), and besides:

as_of         ISO day that was asked for
today         {status}: what the certificate is worth today
"""

from datetime import date
from typing import Any

from assessments import measured
from assessments.models import Certificate, Credential
from assessments.publishing import StatusPurpose
from assessments.queries.credentials import SIZE
from assessments.reductions import PARTS
from assessments.states import CertificateStatus
from registry.certificates.revisions import Reduced
from registry.certificates.standing import Shown
from registry.links import absolute

_VENDOR = ("name", "name_en", "address", "country", "registration_number", "website", "club_member")
_PROFILE = ("name_vi", "name_en", "version", "version_date", "categories", "platforms", "ages")
_AS_IS = ("edition", "issuer", "result", "protects_from", "summary", "limits", "departs", "reasons", "decided_on")


def described(shown: Shown, url: str, credential: Credential | None) -> dict[str, Any]:
    """A public certificate as plain data; the keys are those of this module's opening."""
    certificate, content = shown.certificate, shown.content
    return {
        "format": 1,
        "number": certificate.number,
        "status": shown.status.value,
        "on": _iso(shown.day),
        "since": _iso(shown.since),
        "reason": {"vi": shown.reason.vi, "en": shown.reason.en} if shown.reason else None,
        "condition": {"vi": shown.condition.vi, "en": shown.condition.en} if shown.condition else None,
        "restore_by": _iso(shown.restore_by),
        "newer": shown.newer,
        "url": url,
        "valid_from": _iso(certificate.valid_from),
        "valid_until": _iso(certificate.valid_until),
        "level": {key: content["level"][key] for key in ("code", "rank", "vi", "en")},
        "vendor": {key: content["vendor"].get(key, "") for key in _VENDOR},
        "product": {key: content["profile"][key] for key in _PROFILE},
        "submission": _submission(certificate),
        "conditions": shown.conditions,
        "revision": certificate.revision,
        "reduced": [_reduced(one) for one in shown.reductions],
        "updates": shown.updates,
        "surveillance": shown.surveillance,
        "measured": measured.told(content),
        "credential": _signed(credential, f"{url}.jwt") if credential else None,
        **{key: content[key] for key in _AS_IS},
    }


def _reduced(one: Reduced) -> dict[str, Any]:
    """What one reduction took away."""
    before = {"vi": one.level_before.vi, "en": one.level_before.en} if one.level_before else None
    parts = {part: one.lost.get(part, []) for part in PARTS}
    return {"revision": one.number, "on": _iso(one.on), **parts, "level_before": before}


def described_then(shown: Shown, today: CertificateStatus, url: str, credential: Credential | None) -> dict[str, Any]:
    """The same of a day gone by, with what holds today."""
    return {**described(shown, url, credential), "as_of": _iso(shown.day), "today": {"status": today.value}}


def _signed(credential: Credential, url: str) -> dict[str, Any]:
    number = credential.status_index // SIZE + 1
    return {
        "url": url,
        "sha256": credential.sha256,
        "revision": credential.revision,
        "kid": credential.kid,
        "issued_at": credential.issued_at.isoformat(),
        "status_lists": {
            purpose.value: absolute("credentials.status", name=f"{purpose.value}-{number}") for purpose in StatusPurpose
        },
    }


def _submission(certificate: Certificate) -> str:
    return certificate.submission_digest


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""

"""What a certificate granted now would say: everything printed on one, gathered from the decided application."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from assessments import measured, profile
from assessments.clock import legal_day
from assessments.models import Application, Decision, Product, Recommendation, Submission, Vendor
from assessments.queries import consensus, submissions
from criteria import store
from criteria.model import Bilingual, Edition, Level
from criteria.verdict import NOT_APPLICABLE, GroupResult, Score, Verdict, protects_from, tenths, verdict

FORMAT = 1  # of the content; a reader of another number has to look before it prints


@dataclass(frozen=True)
class Signatory:
    """Who signs for the issuing body, and their office in both languages."""

    name: str
    vi: str
    en: str


@dataclass(frozen=True)
class Issuer:
    """The body in whose name a certificate is issued; a setting with a date, frozen into each certificate."""

    vi: str
    en: str
    signatory: Signatory | None = None

    def to_dict(self) -> dict[str, Any]:
        """As the content of a certificate has it."""
        signs = {"signatory": vars(self.signatory)} if self.signatory else {}
        return {"vi": self.vi, "en": self.en, **signs}


@dataclass(frozen=True)
class _Basis:
    application: Application
    decision: Decision
    submission: Submission
    product: Product
    edition: Edition
    scores: dict[str, Score]
    text: Recommendation
    club_member: bool  # confirmed by the office until now, whatever the company said when it handed in


def content_of(session: Session, application: Application, decision: Decision, issuer: Issuer) -> dict[str, Any]:
    """The frozen content of a certificate, JSON-ready; percents are text, cut (never rounded up) to one decimal.

    Takes a decision that certifies an application with a submission; refuses nothing. Source: ISO/IEC 17065, 7.7.1.
    """
    submission = submissions.latest(session, application.id)
    if submission is None:
        raise LookupError(f"{application.ref} was never submitted")
    edition = store.load(application.edition_id)
    basis = _Basis(
        application,
        decision,
        submission,
        session.get_one(Product, application.product_id),
        edition,
        consensus.agreed_marks(session, application),
        consensus.recommendation(session, application.id) or Recommendation(application_id=application.id),
        session.get_one(Vendor, application.vendor_id).club_member,
    )
    return {"format": FORMAT, "issuer": issuer.to_dict(), **_subject(basis), **_judgement(basis)}


def _subject(basis: _Basis) -> dict[str, Any]:
    """Who and what the certificate is for."""
    facts = profile.from_dict(basis.submission.content["profile"])
    return {
        "application": basis.application.ref,
        "kind": basis.application.kind.value,
        "vendor": {**basis.submission.content["vendor"], "club_member": basis.club_member},
        "product": {"id": str(basis.product.id), "slug": basis.product.slug},
        "profile": facts.to_dict(),
        "checked": {"version": facts.version, "date": facts.version_date},
        "submission": {"number": basis.submission.number, "digest": basis.submission.digest},
        "edition": {
            "id": basis.edition.id,
            "version": basis.edition.version,
            "digest": basis.application.edition_digest,
            "reconstruction": basis.edition.reconstruction,
            **_both(basis.edition.name),
        },
    }


def _judgement(basis: _Basis) -> dict[str, Any]:
    """What was found and decided."""
    edition, scores, decision = basis.edition, basis.scores, basis.decision
    met = {code for code, score in scores.items() if isinstance(score, int) and score >= edition.pass_mark}
    found = verdict(edition, scores)
    return {
        "level": _level(edition.level(decision.level or "")),
        "levels": [_level(level) for level in sorted(edition.levels, key=lambda level: level.number)],
        "result": _result(edition, found),
        "computed_level": found.level.code if found.level else "",
        "departs": decision.departs,
        "reasons": {"vi": decision.reasons_vi, "en": decision.reasons_en} if decision.departs else None,
        "critical": {
            "met": sum(criterion.critical and criterion.code in met for criterion in edition.criteria),
            "total": sum(criterion.critical and criterion.code in scores for criterion in edition.criteria),
        },
        "criteria": {
            "applied": [criterion.code for criterion in edition.criteria if criterion.code in scores],
            "met": [criterion.code for criterion in edition.criteria if criterion.code in met],
            "not_applicable": sorted(code for code, score in scores.items() if score == NOT_APPLICABLE),
        },
        "protects_from": sorted(protects_from(edition, scores)),
        "summary": {"vi": basis.text.summary_vi, "en": basis.text.summary_en},
        "limits": [{"vi": limit.get("vi", ""), "en": limit.get("en", "")} for limit in basis.text.limits],
        "measured": measured.published(basis.submission.content["profile"], basis.text.measured or {}),
        "decided_on": legal_day(decision.decided_at).isoformat(),
    }


def _result(edition: Edition, found: Verdict) -> dict[str, Any]:
    return {
        "overall": str(tenths(found.overall)),
        "exact": str(found.overall),
        "groups": [_group(edition, group) for group in found.groups],
    }


def _group(edition: Edition, result: GroupResult) -> dict[str, Any]:
    group = edition.group(result.code)
    return {
        "code": group.code,
        **_both(group.name),
        "percent": str(tenths(result.percent)),
        "exact": str(result.percent),
        "weight": group.weight,
        "share": str(result.share),
    }


def _level(level: Level) -> dict[str, Any]:
    """A level with its thresholds, as it stood when the certificate was granted."""
    return {
        "code": level.code,
        "rank": level.number,
        **_both(level.name),
        "overall_min": level.overall_min,
        "group_min": level.group_min,
        "critical_min": level.critical_min,
        "any_min": level.any_min,
    }


def _both(text: Bilingual) -> dict[str, str]:
    return {"vi": text.vi, "en": text.en}

"""Reducing what a certificate is for: fewer platforms, categories or ages, or a lower level (ISO/IEC 17065, 7.11.1)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from assessments.clock import today
from assessments.errors import N_, Invalid
from assessments.models import Certificate, CertificateEvent, CertificateRevision

PARTS = ("platforms", "categories", "ages")


@dataclass(frozen=True)
class Reduction:
    """What remains of the scope; `level` "" stays as it is."""

    platforms: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    ages: tuple[str, ...] = ()
    level: str = ""

    def stored(self) -> dict[str, Any]:
        """The same as a row keeps it."""
        return {**{part: list(getattr(self, part)) for part in PARTS}, "level": self.level}


def read(stored: Mapping[str, Any]) -> Reduction:
    """What a row keeps, as a reduction."""
    parts = {part: tuple(stored.get(part, ())) for part in PARTS}
    return Reduction(**parts, level=str(stored.get("level", "")))


def check(certificate: Certificate, reduction: Reduction) -> None:
    """Refuse (Invalid) what adds something, leaves nothing of a part, raises the level, or takes nothing away."""
    facts = certificate.content["profile"]
    for part in PARTS:
        kept = set(getattr(reduction, part))
        if not kept or not kept <= set(facts[part]):
            raise Invalid(N_("Phạm vi còn lại phải có ít nhất một nền tảng, một loại và một nhóm tuổi của giấy."))
    ranks = _ranks(certificate)
    level = reduction.level or certificate.level
    if level not in ranks or ranks[level] > ranks[certificate.level]:
        raise Invalid(N_("Chỉ hạ được mức của giấy, không nâng."))
    if level == certificate.level and not taken_away(certificate, reduction):
        raise Invalid(N_("Bỏ ít nhất một nền tảng, loại hoặc nhóm tuổi, hoặc hạ mức."))


def taken_away(certificate: Certificate, reduction: Reduction) -> dict[str, list[str]]:
    """part -> the codes that the certificate loses; parts that stay whole are left out."""
    facts = certificate.content["profile"]
    lost = {part: _without(facts[part], getattr(reduction, part)) for part in PARTS}
    return {part: codes for part, codes in lost.items() if codes}


def apply(session: Session, certificate: Certificate, event: CertificateEvent) -> CertificateRevision:
    """Let a decided reduction take effect: a revision keeps the content before and after it.

    Refuses as `check` does what no longer fits. The caller writes the step down and renews the catalogue.
    """
    reduction = read(event.reduction)
    check(certificate, reduction)
    before = certificate.content
    level = reduction.level or certificate.level
    facts = {part: [code for code in before["profile"][part] if code in getattr(reduction, part)] for part in PARTS}
    after = {**before, "profile": {**before["profile"], **facts}}
    after["level"] = next((one for one in before["levels"] if one["code"] == level), before["level"])
    certificate.content, certificate.level = after, level
    certificate.revision += 1
    session.add_all([certificate, event])
    session.flush()
    made = CertificateRevision(
        certificate_id=certificate.id,
        number=certificate.revision,
        event_id=event.id,
        effective_on=today(),
        before=before,
        after=after,
    )
    session.add(made)
    session.flush()
    return made


def _ranks(certificate: Certificate) -> dict[str, int]:
    return {str(one["code"]): int(one["rank"]) for one in certificate.content["levels"]}


def _without(codes: Iterable[str], kept: Iterable[str]) -> list[str]:
    left = set(kept)
    return [code for code in codes if code not in left]

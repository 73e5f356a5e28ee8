"""Reducing what a certificate is for: fewer platforms, categories or ages, or a lower level; and taking that back.

Source: ISO/IEC 17065, 7.11.1.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from assessments.clock import today
from assessments.errors import N_, Invalid
from assessments.models import Appeal, Certificate, CertificateEvent, CertificateRevision
from assessments.recourse import AppealKind, AppealState
from assessments.states import CertificateAction

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
    certificate.level = level
    return _revise(session, certificate, event, after)


def restore(session: Session, certificate: Certificate, event: CertificateEvent) -> CertificateRevision:
    """Give back what reductions took away that were set aside on appeal, as a revision; what others took stays away.

    Source: ISO/IEC 17065, 7.11.6 and 7.13.
    """
    revisions = _reductions_of(session, certificate)
    granted = revisions[0].before
    facts, level = granted["profile"], granted["level"]
    kept = {part: list(facts[part]) for part in PARTS}
    for one in _not_set_aside(session, revisions):
        for part in PARTS:
            lost = set(_without(one.before["profile"][part], one.after["profile"][part]))
            kept[part] = [code for code in kept[part] if code not in lost]
        if one.after["level"] != one.before["level"]:
            level = min(level, one.after["level"], key=lambda found: int(found["rank"]))
    certificate.level = str(level["code"])
    after = {**certificate.content, "profile": {**certificate.content["profile"], **kept}, "level": level}
    return _revise(session, certificate, event, after)


def _reductions_of(session: Session, certificate: Certificate) -> list[CertificateRevision]:
    """What reductions have made of a certificate, in order."""
    question = (
        select(CertificateRevision)
        .join(CertificateEvent, col(CertificateEvent.id) == col(CertificateRevision.event_id))
        .where(
            CertificateRevision.certificate_id == certificate.id, CertificateEvent.action == CertificateAction.REDUCE
        )
    )
    return list(session.exec(question.order_by(col(CertificateRevision.number))).all())


def _not_set_aside(session: Session, revisions: list[CertificateRevision]) -> list[CertificateRevision]:
    question = select(Appeal.event_id).where(
        Appeal.kind == AppealKind.REDUCTION,
        Appeal.state == AppealState.SET_ASIDE,
        col(Appeal.event_id).in_([one.event_id for one in revisions]),
    )
    gone = set(session.exec(question).all())
    return [one for one in revisions if one.event_id not in gone]


def _revise(
    session: Session, certificate: Certificate, event: CertificateEvent, after: dict[str, Any]
) -> CertificateRevision:
    """One revision more: the content as it was, and as it is from today."""
    before, certificate.content = certificate.content, after
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

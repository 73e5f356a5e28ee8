"""Published products on real tables: certificates with their events, and the catalogue written from them."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlmodel import Session

from assessments import catalogue, profile
from assessments.clock import now, start_of_day, today
from assessments.models import (
    Application,
    Certificate,
    CertificateEvent,
    Decision,
    Declaration,
    Participation,
    Product,
    Proposal,
    Vendor,
)
from assessments.numbers import compose
from assessments.people import Part
from assessments.states import CertificateAction, CertificateState, Outcome, State
from criteria import applicability, store
from criteria.digest import digest
from criteria.verdict import protects_from, tenths, verdict
from tests.world import EDITION, PROFILE, World


@dataclass
class Published:
    """A product to publish; what is not said is Đèn Nhà of Hạt Nắng, valid since thirty days."""

    name: str = "Đèn Nhà"
    name_en: str = "Home Lamp"
    facts: dict[str, Any] = field(default_factory=dict)
    marks: dict[str, int] = field(default_factory=dict)
    level: str = "L1"
    days: int = -30  # the first day of validity, from today
    lasts: int = 365
    state: CertificateState = CertificateState.ACTIVE
    since: int = -3  # when the state began, from today
    vendor: Vendor | None = None


class Shop:
    """Publishes products for tests, one serial after the other."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.session: Session = world.session
        self.serial = 0

    def publish(self, wanted: Published | None = None, **changes: Any) -> Certificate:
        """A certificate with its grant, the event behind its state, and its listing."""
        one = wanted or Published(**changes)
        certificate = self.certificate(one)
        catalogue.refresh(self.session, certificate.product_id)
        self.session.commit()
        return certificate

    def publish_all(self, *wanted: Published) -> None:
        """Many at once, in one transaction."""
        for one in wanted:
            catalogue.refresh(self.session, self.certificate(one).product_id)
        self.session.commit()

    def certificate(self, one: Published, product: Product | None = None) -> Certificate:
        """The rows alone; `product` is an earlier one that gets another certificate."""
        self.serial += 1
        vendor = one.vendor or self.world.hat_nang
        product = product or self._product(one, vendor)
        application = self._application(product, vendor)
        decision = self._decision(application, one)
        starts = today() + timedelta(days=one.days)
        certificate = Certificate(
            number=compose(starts.year, self.serial),
            year=starts.year,
            serial=self.serial,
            application_id=application.id,
            decision_id=decision.id,
            product_id=product.id,
            vendor_id=vendor.id,
            level=one.level,
            edition_id=EDITION,
            edition_digest=application.edition_digest,
            submission_digest="sha256:" + "0" * 64,
            content=content_of(one, vendor, product),
            decided_on=starts,
            valid_from=starts,
            valid_until=starts + timedelta(days=one.lasts),
            state=one.state,
            state_since=starts if one.state is CertificateState.ACTIVE else today() + timedelta(days=one.since),
            published_at=start_of_day(starts),
        )
        self.session.add(certificate)
        self.session.flush()
        self._events(certificate, one)
        return certificate

    def _product(self, one: Published, vendor: Vendor) -> Product:
        product = Product(vendor_id=vendor.id, slug=f"p-{self.serial:04}", name=one.name, name_en=one.name_en)
        self.session.add(product)
        self.session.flush()
        return product

    def _application(self, product: Product, vendor: Vendor) -> Application:
        application = Application(
            ref=f"HS-2026-{self.serial:04}",
            vendor_id=vendor.id,
            product_id=product.id,
            edition_id=EDITION,
            edition_digest=digest(store.load(EDITION)),
            profile={},
            created_by=self.world.an.id,
            state=State.CERTIFIED,
        )
        self.session.add(application)
        self.session.flush()
        return application

    def _decision(self, application: Application, one: Published) -> Decision:
        giang, hung = self.world.giang.id, self.world.hung.id
        for person, part in ((giang, Part.PROPOSER), (hung, Part.CONFIRMER)):
            self.session.add(Participation(application_id=application.id, person_id=person, part=part))
            self.session.add(Declaration(application_id=application.id, person_id=person, has_interest=False))
        self.session.flush()
        proposal = Proposal(
            application_id=application.id, proposer_id=giang, outcome=Outcome.CERTIFY, level=one.level, closed_at=now()
        )
        self.session.add(proposal)
        self.session.flush()
        decision = Decision(
            application_id=application.id,
            proposal_id=proposal.id,
            proposer_id=giang,
            confirmer_id=hung,
            outcome=Outcome.CERTIFY,
            level=one.level,
        )
        self.session.add(decision)
        self.session.flush()
        return decision

    def _events(self, certificate: Certificate, one: Published) -> None:
        grant = CertificateEvent(
            certificate_id=certificate.id,
            number=1,
            action=CertificateAction.GRANT,
            decided_by=self.world.giang.id,
            confirmed_by=self.world.hung.id,
            effective_on=certificate.valid_from,
        )
        self.session.add(grant)
        action = {
            CertificateState.SUSPENDED: CertificateAction.SUSPEND,
            CertificateState.WITHDRAWN: CertificateAction.WITHDRAW,
        }.get(one.state)
        if action is not None:
            self.session.add(self._change(certificate, action))
        self.session.flush()

    def _change(self, certificate: Certificate, action: CertificateAction) -> CertificateEvent:
        return CertificateEvent(
            certificate_id=certificate.id,
            number=2,
            action=action,
            reason_vi="Lộ vị trí của trẻ cho tài khoản khách.",
            reason_en="Showed a child’s location to guest accounts.",
            condition_vi="Vá lỗi và thử lại.",
            condition_en="The fault is mended and tested.",
            restore_by=today() + timedelta(days=60) if action is CertificateAction.SUSPEND else None,
            decided_by=self.world.giang.id,
            confirmed_by=self.world.hung.id,
            effective_on=certificate.state_since,
        )


def content_of(one: Published, vendor: Vendor, product: Product) -> dict[str, Any]:
    """The frozen content of a certificate, in the form that issuing writes it."""
    edition = store.load(EDITION)
    facts = profile.from_dict({**PROFILE, "name_vi": one.name, "name_en": one.name_en, **one.facts})
    applying = [a.criterion.code for a in applicability.applicable(edition, facts.categories, facts.flags)]
    scores = {code: one.marks.get(code, 3) for code in applying}
    found = verdict(edition, scores)
    critical = [criterion.code for criterion in edition.criteria if criterion.critical and criterion.code in scores]
    return {
        "format": 1,
        "issuer": {"vi": "Câu lạc bộ VCSC", "en": "VCSC Club"},
        "application": "HS-2026-0001",
        "kind": "initial",
        "vendor": {
            "name": vendor.name,
            "name_en": vendor.name_en,
            "address": vendor.address,
            "country": vendor.country,
            "registration_number": vendor.registration_number,
            "representative": vendor.representative,
            "website": vendor.website,
            "club_member": vendor.club_member,
        },
        "product": {"id": str(product.id), "slug": product.slug},
        "profile": facts.to_dict(),
        "checked": {"version": facts.version, "date": facts.version_date},
        "submission": {"number": 1, "digest": "sha256:" + "0" * 64},
        "edition": {
            "id": edition.id,
            "version": edition.version,
            "digest": digest(edition),
            "reconstruction": edition.reconstruction,
            "vi": edition.name.vi,
            "en": edition.name.en,
        },
        "level": _level(edition.level(one.level)),
        "levels": [_level(level) for level in edition.levels],
        "result": {
            "overall": str(tenths(found.overall)),
            "exact": str(found.overall),
            "groups": [
                {
                    "code": group.code,
                    "vi": edition.group(group.code).name.vi,
                    "en": edition.group(group.code).name.en,
                    "percent": str(tenths(group.percent)),
                    "exact": str(group.percent),
                    "weight": edition.group(group.code).weight,
                    "share": str(group.share),
                }
                for group in found.groups
            ],
        },
        "computed_level": one.level,
        "departs": False,
        "reasons": None,
        "critical": {"met": sum(scores[code] >= 3 for code in critical), "total": len(critical)},
        "criteria": {
            "applied": applying,
            "met": [code for code, score in scores.items() if score >= edition.pass_mark],
            "not_applicable": [],
        },
        "protects_from": sorted(protects_from(edition, scores)),
        "summary": {
            "vi": "Chặn tốt nội dung xấu và nói rõ giới hạn.",
            "en": "Blocks harmful content well and states its limits.",
        },
        "limits": [{"vi": "Chưa thử trên máy tính.", "en": "Not tested on computers."}],
        "decided_on": today().isoformat(),
    }


def _level(level: Any) -> dict[str, Any]:
    return {
        "code": level.code,
        "rank": level.number,
        "vi": level.name.vi,
        "en": level.name.en,
        "overall_min": level.overall_min,
        "group_min": level.group_min,
        "critical_min": level.critical_min,
        "any_min": level.any_min,
    }

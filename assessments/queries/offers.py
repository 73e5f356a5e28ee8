"""What a company may begin for each of its products: a first application, a renewal, a change, or what already runs.

While a result waits for its day, its application runs and its certificate is not there: neither what can be begun nor
what cannot says how the committee has decided.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlmodel import Session

from assessments.clock import today
from assessments.models import Application, Certificate, EditionPublication, Product
from assessments.queries.applications import products_of
from assessments.queries.certificates import current_of, status
from assessments.queries.editions import publications, successor
from assessments.queries.renewals import STANDING, opens_on, running_of
from assessments.states import CertificateStatus, Kind


@dataclass(frozen=True)
class Offer:
    """One product: its certificate that stands, and the applications about it that are not over for it."""

    product: Product
    certificate: Certificate | None = None
    target: EditionPublication | None = None  # the edition its certificate has to go over to
    running: Mapping[Kind, Application] = field(default_factory=dict)

    @property
    def status(self) -> CertificateStatus | None:
        """What its certificate is worth today."""
        return status(self.certificate, today()) if self.certificate else None

    @property
    def renewal_from(self) -> date | None:
        """The first day on which a renewal can be begun."""
        return opens_on(self.certificate) if self.certificate else None

    @property
    def may_renew(self) -> bool:
        """Whether a renewal can be begun today."""
        opens = self.renewal_from
        return self.may_change and opens is not None and opens <= today()

    @property
    def may_change(self) -> bool:
        """Whether a change of its certificate can be told."""
        return self.status in STANDING

    @property
    def may_move(self) -> bool:
        """Whether a transition to a newer edition can be begun."""
        return self.may_change and self.target is not None

    @property
    def may_begin(self) -> bool:
        """Whether a first application can be begun."""
        return self.certificate is None and Kind.INITIAL not in self.running


def offers_of(session: Session, vendor_id: UUID) -> list[Offer]:
    """Every product of a company, by name, in four statements."""
    certificates = current_of(session, vendor_id, today())
    running: dict[UUID, dict[Kind, Application]] = {}
    for one in running_of(session, vendor_id):
        running.setdefault(one.product_id, {})[one.kind] = one
    published = publications(session)
    targets = {one.product_id: successor(published, one.edition_id) for one in certificates.values()}
    return [
        Offer(product, certificates.get(product.id), targets.get(product.id), running.get(product.id, {}))
        for product in products_of(session, vendor_id)
    ]

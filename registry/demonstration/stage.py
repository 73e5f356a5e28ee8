"""What every scene needs: the session, the people, the companies, and the days counted back from today."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlmodel import Session

from assessments.certificates import Issuer
from assessments.clock import VIETNAM
from assessments.models import Application, Certificate, CertificateEvent, Proposal, Vendor
from criteria.applicability import applicable
from criteria.model import Criterion, Edition
from registry.accounts.models import User
from registry.demonstration.fiction import Fiction
from registry.storage import Storage

FRIDAY = 4
OPENS = time(8, 5)  # of the office, where every scene but the clock's is played
MINUTES = 17  # between one scene of a product and its next on the same day


@dataclass
class Stage:
    """Everything that exists while the past is played."""

    session: Session
    storage: Storage
    edition: Edition
    issuer: Issuer
    today: date
    people: Mapping[str, User] = field(default_factory=dict)
    vendors: dict[str, Vendor] = field(default_factory=dict)
    shared_papers: dict[tuple[str, str], UUID] = field(default_factory=dict)  # a company's own papers, used again

    def day(self, ago: int) -> date:
        """A working day about so many days before today: what falls on a weekend was done on the Friday."""
        day = self.today - timedelta(days=ago)
        return day - timedelta(days=max(0, day.weekday() - FRIDAY))

    def moment(self, ago: int, scene: int = 0, minute: int = 0) -> datetime:
        """The moment of the nth scene of a story on that day."""
        begins = datetime.combine(self.day(ago), OPENS, VIETNAM)
        return begins + timedelta(minutes=MINUTES * scene + minute)


@dataclass
class Play:
    """One product's life as far as it has come."""

    stage: Stage
    fiction: Fiction
    application: Application | None = None
    papers: dict[str, UUID] = field(default_factory=dict)
    proposal: Proposal | None = None
    certificate: Certificate | None = None
    event: CertificateEvent | None = None  # the change that was made last

    @property
    def session(self) -> Session:
        """The stage's session."""
        return self.stage.session

    @property
    def file(self) -> Application:
        """The application, once it was started."""
        if self.application is None:
            raise LookupError(f"{self.fiction.key} has no application yet")
        return self.application

    @property
    def vendor(self) -> Vendor:
        """The company."""
        return self.stage.vendors[self.fiction.vendor]

    def person(self, login: str) -> User:
        """Somebody by their sign-in."""
        return self.stage.people[login]

    @property
    def owner(self) -> User:
        """Who answers for the company."""
        return next(
            person for person in self.stage.people.values() if person.memberships.get(self.vendor.id) == "owner"
        )

    @property
    def office(self) -> User:
        """The coordinator."""
        return self.person("coordinator")

    @property
    def criteria(self) -> list[Criterion]:
        """The criteria that apply to the product."""
        found = applicable(self.stage.edition, self.fiction.categories, self.fiction.flags)
        return [one.criterion for one in found]

"""Who acts. The web layer's User fits Actor; this package never imports it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol
from uuid import UUID


class Role(StrEnum):
    """What a club person is trusted with; one person may hold several."""

    COORDINATOR = "coordinator"
    REVIEWER = "reviewer"
    DECIDER = "decider"
    AUDITOR = "auditor"
    IMPARTIALITY = "impartiality"
    ADMIN = "admin"


class MemberRole(StrEnum):
    """What a person is in a company."""

    OWNER = "owner"
    CONTRIBUTOR = "contributor"


class Part(StrEnum):
    """What a person does in one application; nobody has two parts in the same one."""

    COORDINATOR = "coordinator"
    REVIEWER = "reviewer"
    PROPOSER = "proposer"
    CONFIRMER = "confirmer"
    AUDITOR = "auditor"
    HEARER = "hearer"  # of an appeal


class Audience(StrEnum):
    """Who of the club may open a piece of evidence in an application they may read."""

    CLUB = "club"  # everybody the procedure lets read the file
    REVIEWERS = "reviewers"  # who scores, decides or checks the procedure; the office sees that it is there


class InterestKind(StrEnum):
    """Why a person cannot judge a company (ISO/IEC 17065, 4.2)."""

    EMPLOYER = "employer"
    SHARES = "shares"
    CONSULTANCY = "consultancy"
    COMPETITOR = "competitor"
    FAMILY = "family"


class InterestGroup(StrEnum):
    """Whose interest a member of the impartiality committee stands for (ISO/IEC 17065, 5.2)."""

    PARENTS = "parents"
    CHILDREN = "children"  # organisations that protect children
    SCHOOLS = "schools"
    COMPANIES = "companies"  # who makes or sells such products
    EXPERTS = "experts"
    AUTHORITIES = "authorities"


class Affiliation(StrEnum):
    """How somebody belongs to the club or stands beside it."""

    FULL = "full"
    ASSOCIATE = "associate"
    PARTNER = "partner"  # no member: works with the club


class AffiliateKind(StrEnum):
    """What somebody in the directory is."""

    COMPANY = "company"
    ORGANISATION = "organisation"  # not for profit: associations, child protection
    AUTHORITY = "authority"
    INDIVIDUAL = "individual"  # a person: with their written consent only


class Body(StrEnum):
    """A body of the club whose members are public: people who decide, and people who watch over fairness."""

    DECIDERS = "decider"
    IMPARTIALITY = "impartiality"


class Actor(Protocol):
    """A person signed in."""

    @property
    def id(self) -> UUID: ...
    @property
    def name(self) -> str: ...
    @property
    def roles(self) -> frozenset[Role]: ...
    @property
    def memberships(self) -> Mapping[UUID, MemberRole]:
        """Company id -> what the person is in it, for the companies they belong to now."""
        ...

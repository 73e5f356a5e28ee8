"""The tables of people."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid4

from flask_login import UserMixin
from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from assessments.clock import now
from assessments.columns import UtcDateTime, choice
from assessments.people import MemberRole, Role


class User(SQLModel, UserMixin, table=True):
    """A person with an account. Satisfies assessments.people.Actor once signed in (see login)."""

    __tablename__ = "user"
    __table_args__ = (CheckConstraint("language IN ('vi', 'en')", name="language"),)

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    email: str = Field(unique=True, max_length=254)  # lower case
    name: str = Field(max_length=200)
    password_hash: str = Field(default="", max_length=200)  # empty until a first password is set
    language: str = Field(default="vi", max_length=2)
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    email_verified_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    disabled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # by the person; disabled since, and emptied

    @property
    def roles(self) -> frozenset[Role]:
        """What the club trusts this person with; set when the person is loaded."""
        found: frozenset[Role] = getattr(self, "_roles", frozenset())
        return found

    @property
    def memberships(self) -> Mapping[UUID, MemberRole]:
        """Company id -> role there, for the companies the person belongs to now; set when loaded."""
        found: Mapping[UUID, MemberRole] = getattr(self, "_memberships", {})
        return found

    def stand(self, roles: frozenset[Role], memberships: Mapping[UUID, MemberRole]) -> None:
        """Tell a loaded person what they are; the tables stay the only source."""
        object.__setattr__(self, "_roles", roles)
        object.__setattr__(self, "_memberships", memberships)

    @property
    def is_active(self) -> bool:
        """Whether the person may be signed in at all."""
        return self.disabled_at is None and self.email_verified_at is not None

    def get_id(self) -> str:
        """Flask-Login's name of the session, not of the person: set at sign-in."""
        return str(getattr(self, "_session_key", ""))


class UserRole(SQLModel, table=True):
    """One role of one club person."""

    __tablename__ = "user_role"

    user_id: UUID = Field(foreign_key="user.id", primary_key=True)
    role: Role = Field(sa_type=choice(Role), primary_key=True)
    granted_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class LoginSession(SQLModel, table=True):
    """One signed-in browser; the cookie holds the key, the table only its hash."""

    __tablename__ = "login_session"

    key_hash: str = Field(primary_key=True, max_length=64)
    user_id: UUID = Field(foreign_key="user.id", index=True)
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    seen_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime, index=True)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    address: str = Field(default="", max_length=45)
    browser: str = Field(default="", max_length=200)
    root: str = Field(default="", max_length=64)  # the first hash it had: the key changes with every confirmation
    asks_factor: bool = False  # the person had a second factor when the session began
    factor_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # two factors were shown; empty: one only
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # when the person last proved themselves


class Invitation(SQLModel, table=True):
    """A place offered by e-mail: in a company, or in the club with roles."""

    __table_args__ = (
        CheckConstraint("(vendor_id IS NULL) = (member_role IS NULL)", name="company_or_club"),
        CheckConstraint("vendor_id IS NULL OR roles = ''", name="no_roles_in_a_company"),
        CheckConstraint("NOT outside OR roles = 'reviewer'", name="outside_experts_review"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    email: str = Field(index=True, max_length=254)
    name: str = Field(default="", max_length=200)
    language: str = Field(default="vi", max_length=2)
    vendor_id: UUID | None = Field(default=None, foreign_key="vendor.id", index=True)
    member_role: MemberRole | None = Field(default=None, sa_type=choice(MemberRole))
    roles: str = Field(default="", max_length=200)  # club roles, comma-separated
    affiliation: str = Field(default="", max_length=200)  # of club people
    outside: bool = False  # an outside expert
    token_hash: str = Field(unique=True, max_length=64)
    invited_by: UUID | None = Field(default=None, foreign_key="user.id")  # empty: by the command line
    invited_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    accepted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    @property
    def club_roles(self) -> frozenset[Role]:
        """The club roles offered; none in a company."""
        return frozenset(Role(name) for name in self.roles.split(",") if name)


class Attempts(SQLModel, table=True):
    """How often one account or address was tried within a window."""

    bucket: str = Field(primary_key=True, max_length=80)  # purpose and a hash, never the address itself
    count: int = 0
    resets_at: datetime = Field(sa_type=UtcDateTime, index=True)

"""The tables of second factors: passkeys, what makes one-time codes, recovery codes, and questions put to passkeys."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, CheckConstraint
from sqlmodel import Field, SQLModel

from assessments.clock import now
from assessments.columns import UtcDateTime


class Passkey(SQLModel, table=True):
    """One passkey of a person: the public half only."""

    __table_args__ = (
        CheckConstraint("name <> ''", name="named"),
        CheckConstraint("sign_count >= 0", name="sign_count"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    user_id: UUID = Field(foreign_key="user.id", index=True)
    credential_id: str = Field(unique=True, max_length=1400)  # base64url of at most 1023 octets
    public_key: str = Field(max_length=4000)  # COSE, base64url
    sign_count: int = Field(default=0, sa_type=BigInteger)
    name: str = Field(max_length=60)
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class CodeSecret(SQLModel, table=True):
    """What the app on a person's phone makes its one-time codes from, sealed; and the last step that was used."""

    __tablename__ = "code_secret"

    user_id: UUID = Field(foreign_key="user.id", primary_key=True)
    sealed: str = Field(max_length=400)
    last_step: int = Field(sa_type=BigInteger)
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class RecoveryCode(SQLModel, table=True):
    """One recovery code of a person, hashed with the salt that all codes of one set share."""

    __tablename__ = "recovery_code"

    hash: str = Field(primary_key=True, max_length=64)
    user_id: UUID = Field(foreign_key="user.id", index=True)
    salt: str = Field(max_length=32)
    created_at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Challenge(SQLModel, table=True):
    """What a browser was last asked to have a passkey sign: one for each browser and purpose, taken away by its use."""

    bound: str = Field(primary_key=True, max_length=64)
    purpose: str = Field(primary_key=True, max_length=20)
    challenge: str = Field(max_length=100)
    expires_at: datetime = Field(sa_type=UtcDateTime, index=True)

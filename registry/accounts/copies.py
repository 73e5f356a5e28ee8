"""A person's own data: what the site knows of them, for a page and for a file that programs read.

Only what is theirs: never what others wrote of a file they took part in, nor who else did.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlmodel import Session, SQLModel

from assessments.clock import now
from registry.accounts.models import User

FORMAT = 1
MOST = 5_000  # rows of one section; nobody has come near


@dataclass(frozen=True)
class Section:
    """Rows of one table that are a person's: by which column, which columns are told, and beside which table's ref."""

    name: str
    title: Any
    table: str
    whose: str
    columns: tuple[str, ...]
    order: str


SECTIONS: tuple[Section, ...] = (
    Section("roles", _l("Vai trò ở Câu lạc bộ"), "user_role", "user_id", ("role", "granted_at"), "granted_at"),
    Section(
        "memberships", _l("Đơn vị"), "member", "user_id", ("vendor_id", "role", "joined_at", "left_at"), "joined_at"
    ),
    Section(
        "sessions",
        _l("Phiên đăng nhập"),
        "login_session",
        "user_id",
        ("created_at", "seen_at", "ended_at", "address", "browser"),
        "created_at",
    ),
    Section(
        "background",
        _l("Nơi làm việc đã khai"),
        "background",
        "person_id",
        ("affiliation", "outside", "represents"),
        "person_id",
    ),
    Section(
        "interests",
        _l("Lợi ích đã khai"),
        "interest",
        "person_id",
        ("organisation", "vendor_id", "kind", "since", "until", "note", "declared_at", "ended_on"),
        "declared_at",
    ),
    Section(
        "committee",
        _l("Chỗ công khai trong hội đồng"),
        "committee_seat",
        "person_id",
        ("body", "name", "affiliation", "interests", "represents", "agreed_at"),
        "body",
    ),
    Section(
        "competences",
        _l("Năng lực được ghi nhận"),
        "competence",
        "person_id",
        ("edition_id", "field", "code", "basis", "note", "valid_from", "expires_on", "ended_at"),
        "granted_at",
    ),
    Section(
        "calibrations",
        _l("Chấm thử"),
        "calibration_attempt",
        "person_id",
        ("edition_id", "file", "number", "began_at", "finished_at", "mean_deviation", "within", "passed"),
        "began_at",
    ),
    Section(
        "agreements",
        _l("Thỏa thuận đã chấp nhận"),
        "agreement_acceptance",
        "accepted_by",
        ("application_id", "agreement_version", "accepted_name", "accepted_at"),
        "accepted_at",
    ),
    Section(
        "steps",
        _l("Các bước đã làm"),
        "history_entry",
        "actor_id",
        ("seq", "application_id", "certificate_id", "action", "from_state", "to_state", "at"),
        "seq",
    ),
    Section(
        "evidence_readings",
        _l("Bằng chứng đã mở"),
        "evidence_access",
        "person_id",
        ("evidence_id", "application_id", "at"),
        "at",
    ),
    Section(
        "complaints",
        _l("Khiếu nại đã gửi khi đăng nhập"),
        "complaint",
        "complainant_id",
        ("number", "subject", "text", "state", "received_at", "answer"),
        "received_at",
    ),
)


def rows(session: Session, user: User, section: Section) -> list[dict[str, Any]]:
    """The rows of one section, oldest first."""
    table = SQLModel.metadata.tables[section.table]
    question = (
        table.select()
        .with_only_columns(*(table.c[name] for name in section.columns))
        .where(table.c[section.whose] == user.id)
        .order_by(table.c[section.order])
        .limit(MOST)
    )
    return [{name: _plain(value) for name, value in row._mapping.items()} for row in session.execute(question)]


def letters(session: Session, user: User) -> list[dict[str, Any]]:
    """What was written to the person's address; without letters that carry a link in."""
    table = SQLModel.metadata.tables["letter"]
    told = (table.c.subject, table.c.body, table.c.language, table.c.written_at, table.c.sent_at)
    question = (
        table.select()
        .with_only_columns(*told)
        .where(table.c.recipient == user.email, ~table.c.event.startswith("password_reset:"))
        .order_by(table.c.written_at)
        .limit(MOST)
    )
    return [{name: _plain(value) for name, value in row._mapping.items()} for row in session.execute(question)]


def of_person(session: Session, user: User) -> dict[str, Any]:
    """Everything, as JSON takes it."""
    return {
        "format": FORMAT,
        "made_at": _plain(now()),
        "account": {
            "id": str(user.id),
            "email": user.email,
            "name": user.name,
            "language": user.language,
            "created_at": _plain(user.created_at),
            "email_verified_at": _plain(user.email_verified_at),
        },
        **{section.name: rows(session, user, section) for section in SECTIONS},
        "letters": letters(session, user),
    }


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    return str(value) if isinstance(value, UUID) else value

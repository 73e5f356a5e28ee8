"""A person's second factors: adding, using, removing, and what an administrator does for somebody who has lost theirs.

Whatever changes them is a step in the history, writes to the person, and ends their other sessions.
"""

from dataclasses import dataclass
from uuid import UUID

from flask import current_app
from sqlmodel import Session, col, delete, select

from assessments import history
from assessments.errors import N_, Invalid, NotFound, WrongState
from assessments.people import Actor
from assessments.states import PeopleEvent
from registry.accounts import codes, letters, passkeys, recovery, security_events, sessions
from registry.accounts.factor_models import CodeSecret, Passkey, RecoveryCode
from registry.accounts.models import User
from registry.accounts.security_models import SecurityKind

KINDS = {
    PeopleEvent.ADD_FACTOR: SecurityKind.FACTOR_ADDED,
    PeopleEvent.REMOVE_FACTOR: SecurityKind.FACTOR_REMOVED,
    PeopleEvent.USE_RECOVERY_CODE: SecurityKind.RECOVERY_CODE_USED,
    PeopleEvent.RENEW_RECOVERY_CODES: SecurityKind.RECOVERY_CODES_MADE,
}
CODES = "codes"  # what the history calls an app for one-time codes
WRONG_CODE = N_("Mã chưa đúng, hoặc đã dùng rồi. Chờ ứng dụng hiện mã mới; giờ trên điện thoại phải đúng.")
WRONG_RECOVERY = N_("Mã dự phòng chưa đúng, hoặc đã dùng rồi.")


@dataclass(frozen=True)
class Held:
    """What a person has set up."""

    passkeys: list[Passkey]
    codes: CodeSecret | None
    recovery_left: int

    def __bool__(self) -> bool:
        return bool(self.passkeys) or self.codes is not None


def held(session: Session, user_id: UUID) -> Held:
    """The second factors of a person."""
    return Held(
        passkeys.passkeys_of(session, user_id), session.get(CodeSecret, user_id), recovery.left(session, user_id)
    )


def has_any(session: Session, user_id: UUID) -> bool:
    """Whether a person has a second factor."""
    with_key = select(Passkey.user_id).where(Passkey.user_id == user_id)
    with_codes = select(CodeSecret.user_id).where(CodeSecret.user_id == user_id)
    return session.execute(with_key.union_all(with_codes).limit(1)).first() is not None


def add_codes(session: Session, user: User, secret: str, code: str) -> None:
    """Set up one-time codes with the app that says this code, in place of any before. Refuses a wrong one (Invalid)."""
    step = codes.step_of(secret, code) if secret else None
    if step is None:
        raise Invalid(WRONG_CODE)
    codes.keep(session, user, secret, step)
    _write_down(session, user, PeopleEvent.ADD_FACTOR, CODES)
    letters.factor_added(session, user, "")


def add_passkey(session: Session, user: User, challenge: bytes | None, answer: str, name: str) -> None:
    """Keep a passkey under a name; refuses (Invalid) what a browser did not make for this person just now."""
    passkeys.keep_new(session, user, challenge, answer, name)
    _write_down(session, user, PeopleEvent.ADD_FACTOR, "passkey")
    letters.factor_added(session, user, name)


def first_codes(session: Session, user: User) -> list[str]:
    """Recovery codes with the first factor, to be shown now; none where the person has some already."""
    return [] if recovery.left(session, user.id) else recovery.make(session, user.id)


def renew_recovery(session: Session, user: User) -> list[str]:
    """Ten new recovery codes, to be shown now; refuses (WrongState) whoever has no factor that they could stand for."""
    if not has_any(session, user.id):
        raise WrongState(N_("Thêm khóa đăng nhập hoặc mã dùng một lần trước, rồi mới tạo mã dự phòng."))
    _write_down(session, user, PeopleEvent.RENEW_RECOVERY_CODES, "")
    letters.recovery_renewed(session, user)
    return recovery.make(session, user.id)


def use_recovery(session: Session, user: User, code: str) -> None:
    """Take a recovery code in place of a factor; refuses (Invalid) a wrong or used one."""
    if not recovery.use(session, user.id, code):
        raise Invalid(WRONG_RECOVERY)
    _write_down(session, user, PeopleEvent.USE_RECOVERY_CODE, "")
    letters.recovery_used(session, user, recovery.left(session, user.id))


def remove_codes(session: Session, user: User) -> None:
    """Do without one-time codes; refuses who has none (NotFound) and who must keep one factor (WrongState)."""
    found = session.get(CodeSecret, user.id)
    if found is None:
        raise NotFound
    session.delete(found)
    _removed(session, user, CODES, "")


def remove_passkey(session: Session, user: User, passkey_id: UUID) -> None:
    """Do without a passkey; refuses one that is not theirs (NotFound) and who must keep one factor (WrongState)."""
    found = session.get(Passkey, passkey_id)
    if found is None or found.user_id != user.id:
        raise NotFound
    session.delete(found)
    _removed(session, user, "passkey", found.name)


def reset(session: Session, actor: Actor | None, user: User, reason: str) -> None:
    """Take every second factor from a person who has lost theirs, and end their sessions; `actor` None: command line.

    Refuses oneself (WrongState), no reason (Invalid), and who has none (WrongState). Whoever must have a factor sets
    one up after the next sign-in.
    """
    if actor is not None and actor.id == user.id:
        raise WrongState(N_("Không tự gỡ cho chính mình ở đây. Nhờ một quản trị viên khác."))
    if not reason.strip():
        raise Invalid(N_("Ghi lý do, và đã xác minh người này bằng cách nào."))
    if not has_any(session, user.id):
        raise WrongState(N_("Người này không có khóa đăng nhập hay mã dùng một lần nào."))
    for table in (Passkey, CodeSecret, RecoveryCode):
        session.exec(delete(table).where(col(table.user_id) == user.id))
    sessions.end_all(session, user.id)
    step = history.Step(PeopleEvent.RESET_FACTORS, note=f"{user.name}: {reason.strip()}")
    history.record(session, actor, step)
    security_events.record(session, user, SecurityKind.FACTOR_REMOVED, seat=sessions.Seat())
    letters.factors_reset(session, user, reason.strip())


def _removed(session: Session, user: User, what: str, name: str) -> None:
    session.flush()
    if not has_any(session, user.id):
        if user.roles and current_app.config["SETTINGS"].club_shows_factors:
            raise WrongState(N_("Vai trò của bạn cần ít nhất một khóa hoặc mã. Thêm cách khác trước, rồi gỡ cách này."))
        recovery.forget(session, user.id)
    _write_down(session, user, PeopleEvent.REMOVE_FACTOR, what)
    letters.factor_removed(session, user, name)


def _write_down(session: Session, user: User, event: PeopleEvent, note: str) -> None:
    history.record(session, user, history.Step(event, note=note))
    security_events.record(session, user, KINDS[event])

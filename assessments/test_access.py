"""Test access: accounts that a vendor gives for trying the product out, sealed, each opening written down.

The key is the web floor's; sealing and opening come from there as functions.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID, uuid4

from sqlmodel import Session

from assessments.clock import today
from assessments.erasure import erase
from assessments.errors import N_, Invalid, NotFound, WrongState
from assessments.models import Application, TestAccess, TestAccessReading
from assessments.people import Actor
from assessments.policy import Permission, Standing, require
from assessments.queries import test_access as queries
from assessments.queries.standings import OVER, standing_of
from assessments.states import State

Seal = Callable[[str, str], str]  # (text, place) -> sealed
Open = Callable[[str, str], str]  # (sealed, place) -> text

MOST = 20
LONGEST_LABEL = 200
LONGEST = 2_000  # of everything else that is typed
SAME_NAME = N_(
    "Đã có tài khoản thử tên này ở trên, không thêm lần nữa. Nếu bạn bấm hai lần thì đã xong; "
    "nếu là tài khoản khác thì đặt tên khác."
)
FOR_REVIEWERS = (State.IN_REVIEW, State.CONSENSUS)


@dataclass(frozen=True)
class Contents:
    """What is sealed: where to sign in, as whom, with what, and what else to know."""

    address: str = ""
    user_name: str = ""
    password: str = ""
    notes: str = ""


@dataclass(frozen=True)
class Account:
    """One account as its vendor gives it; the label and the last day are not secret."""

    label: str
    contents: Contents
    valid_until: date | None = None


def add(session: Session, actor: Actor, application: Application, given: Account, seal: Seal) -> TestAccess:
    """Add an account for the reviewers, any time until the application is over.

    Refuses strangers (NotFound), insiders who are no members (NotAllowed), an application that is over (WrongState),
    and an account without a name, without anything in it, with a past day, too long, of a name that is there already,
    or one too many (Invalid).
    """
    _require_vendor(session, actor, application)
    _check(given)
    if queries.is_named(session, application.id, given.label.strip()):
        raise Invalid(SAME_NAME)
    if queries.count_of(session, application.id) >= MOST:
        raise Invalid(N_("Nhiều nhất %(most)d tài khoản thử. Xóa bớt rồi thêm."), most=MOST)
    account_id = uuid4()
    account = TestAccess(
        id=account_id,
        application_id=application.id,
        label=given.label.strip(),
        valid_until=given.valid_until,
        sealed=seal(json.dumps(asdict(given.contents), ensure_ascii=False), str(account_id)),
        added_by=actor.id,
    )
    session.add(account)
    session.flush()
    return account


def remove(session: Session, actor: Actor, application: Application, account_id: UUID) -> None:
    """Take an account back: what it says is erased, that it was there and who opened it stays. Refuses as add()."""
    _require_vendor(session, actor, application)
    account = _present(session, application, account_id)
    erase(account)
    session.add(account)


def reveal(session: Session, actor: Actor, application: Application, account_id: UUID, unseal: Open) -> Contents:
    """What an account says, for the vendor's members and the assigned reviewers at work; every time is written down.

    Refuses strangers (NotFound), everybody else (NotAllowed), reviewers outside review and consensus (WrongState),
    and an account that is not there or was erased (NotFound).
    """
    session.refresh(application, with_for_update=True)
    _require_reader(standing_of(session, actor, application))
    account = _present(session, application, account_id)
    contents = Contents(**json.loads(unseal(account.sealed or "", str(account.id))))
    session.add(TestAccessReading(test_access_id=account.id, person_id=actor.id))
    return contents


def _require_vendor(session: Session, actor: Actor, application: Application) -> None:
    session.refresh(application, with_for_update=True)
    require(standing_of(session, actor, application), Permission.EDIT)
    if application.state in OVER:
        raise WrongState(N_("Hồ sơ đã kết thúc nên không nhận tài khoản thử nữa; những tài khoản đã gửi đều đã xóa."))


def _require_reader(standing: Standing) -> None:
    if standing.member is not None:
        return
    require(standing, Permission.REVIEW)
    if standing.state not in FOR_REVIEWERS:
        raise WrongState(N_("Tài khoản thử chỉ mở được trong lúc đánh giá và thống nhất điểm."))


def _present(session: Session, application: Application, account_id: UUID) -> TestAccess:
    account = queries.account(session, application.id, account_id)
    if account is None or account.sealed is None:
        raise NotFound
    return account


def _check(given: Account) -> None:
    if not given.label.strip() or len(given.label) > LONGEST_LABEL:
        raise Invalid(N_("Nhập tên để nhận ra tài khoản, nhiều nhất %(most)d ký tự."), most=LONGEST_LABEL)
    texts = asdict(given.contents).values()
    if not any(text.strip() for text in texts):
        raise Invalid(N_("Nhập địa chỉ, tên đăng nhập, mật khẩu hoặc ghi chú."))
    if any(len(text) > LONGEST for text in texts):
        raise Invalid(N_("Mỗi ô nhiều nhất %(most)s ký tự."), most=LONGEST)
    if given.valid_until is not None and given.valid_until < today():
        raise Invalid(N_("Ngày cuối dùng được phải từ hôm nay trở đi."))

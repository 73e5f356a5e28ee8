"""Who the club is, by day: set for a day to come or today; what is past stays as it was."""

from dataclasses import asdict, dataclass, fields
from datetime import date

from sqlmodel import Session

from assessments import history
from assessments.clock import now, today
from assessments.errors import N_, Invalid, NotAllowed, NotFound, WrongState
from assessments.models import Identity
from assessments.people import Actor, Role
from assessments.states import PeopleEvent

NEEDED = ("name_vi", "name_en", "short_name", "site_name_vi", "site_name_en", "wording", "logo", "email")
LENGTHS = {
    **dict.fromkeys(("name_vi", "name_en"), 200),
    **dict.fromkeys(("site_name_vi", "site_name_en"), 60),
    **dict.fromkeys(("short_name", "phone"), 40),
    **dict.fromkeys(("address_vi", "address_en", "website"), 400),
    **dict.fromkeys(("funding_vi", "funding_en"), 2000),
    "email": 254,
}


@dataclass(frozen=True)
class Facts:
    """What is said of the club; the issuing body is no part of it, see `registry.issuing.bodies`."""

    name_vi: str
    name_en: str
    short_name: str
    site_name_vi: str
    site_name_en: str
    email: str
    wording: str = "A"
    logo: str = "leaves"
    phone: str = ""
    address_vi: str = ""
    address_en: str = ""
    website: str = ""
    funding_vi: str = ""
    funding_en: str = ""


def facts_of(row: Identity) -> Facts:
    """What a row says."""
    return Facts(**{one.name: getattr(row, one.name) for one in fields(Facts)})


def set_from(session: Session, actor: Actor | None, day: date, facts: Facts) -> Identity:
    """Let the club be this from a day on, in the place of what was set for that very day; `actor` None: the command.

    Refuses others than administrators (NotAllowed), a day that has passed, something missing, and texts too long or
    in one language only (Invalid).
    """
    _require_admin(actor)
    _check(day, facts)
    row = session.get(Identity, day, with_for_update=True)
    if row is None:
        row = Identity(starts_on=day, **asdict(facts))
    row.sqlmodel_update({**asdict(facts), "set_by": actor.id if actor else None, "set_at": now()})
    session.add(row)
    session.flush()
    note = f"{day}: {facts.name_vi} / {facts.name_en}; {facts.short_name}; {facts.email}; {facts.wording}; {facts.logo}"
    history.record(session, actor, history.Step(PeopleEvent.SET_IDENTITY, note=note))
    return row


def drop(session: Session, actor: Actor | None, day: date) -> None:
    """Take back what was set for a day to come.

    Refuses others than administrators (NotAllowed), a day for which nothing was set (NotFound), and one that has
    begun (WrongState).
    """
    _require_admin(actor)
    row = session.get(Identity, day, with_for_update=True)
    if row is None:
        raise NotFound
    if day <= today():
        raise WrongState(N_("Ngày này đã đến nên không bỏ được. Đặt thông tin mới cho một ngày sau."))
    session.delete(row)
    session.flush()
    history.record(session, actor, history.Step(PeopleEvent.DROP_IDENTITY, note=day.isoformat()))


def _check(day: date, facts: Facts) -> None:
    if day < today():
        raise Invalid(N_("Chọn ngày từ hôm nay."))
    if not all(getattr(facts, name).strip() for name in NEEDED):
        raise Invalid(N_("Điền tên, tên ngắn, tên trang và địa chỉ thư, bằng cả hai thứ tiếng."))
    for name, most in LENGTHS.items():
        if len(getattr(facts, name)) > most:
            raise Invalid(N_("Nội dung quá dài: tối đa %(max)d ký tự."), max=most)
    if any(bool(getattr(facts, f"{name}_vi")) != bool(getattr(facts, f"{name}_en")) for name in ("address", "funding")):
        raise Invalid(N_("Ghi địa chỉ và nguồn tiền bằng cả hai thứ tiếng, hoặc để trống cả hai."))


def _require_admin(actor: Actor | None) -> None:
    if actor is not None and Role.ADMIN not in actor.roles:
        raise NotAllowed(N_("Tài khoản của bạn không có quyền làm việc này."))

"""The directory of members and partners: kept by the office; companies that apply here follow their membership."""

from dataclasses import asdict, dataclass, replace
from datetime import date
from uuid import UUID

from sqlmodel import Session

from assessments import history
from assessments.clock import now, today
from assessments.errors import N_, Invalid, NotAllowed, NotFound, WrongState
from assessments.folding import fold
from assessments.models import Affiliate, Vendor
from assessments.people import Actor, AffiliateKind, Affiliation, Role
from assessments.queries import members as queries
from assessments.states import PeopleEvent

LONGEST_NAME, LONGEST_DOING, LONGEST_ADDRESS = 200, 300, 400  # characters
WRITERS = (Role.COORDINATOR, Role.ADMIN)


@dataclass(frozen=True)
class Facts:
    """What the directory says of a member or partner."""

    affiliation: Affiliation
    kind: AffiliateKind
    name_vi: str
    name_en: str = ""
    does_vi: str = ""
    does_en: str = ""
    since: date | None = None
    website: str = ""
    consent_on: date | None = None  # of a person's written consent


def add(session: Session, actor: Actor, facts: Facts) -> Affiliate:
    """Put somebody into the directory.

    Refuses others than coordinators and administrators (NotAllowed), and what cannot be (Invalid): no name, a name
    that is there, a person without the day of their written consent, days to come, texts too long.
    """
    _require_office(actor)
    _check(session, facts, None)
    one = Affiliate(**asdict(facts), written_by=actor.id)
    session.add(one)
    session.flush()
    history.record(session, actor, history.Step(PeopleEvent.ADD_AFFILIATE, note=_said(one)))
    return one


def change(session: Session, actor: Actor, affiliate_id: UUID, facts: Facts, seen: int) -> Affiliate:
    """Say something else of a line; `seen` is the version that was before the person.

    Refuses as `add` does, an unknown line (NotFound), one that was changed meanwhile (WrongState). Name, address and
    first day of a company that applies here follow the company, and whether it is a member the office's answer.
    """
    _require_office(actor)
    one = _line(session, affiliate_id, seen)
    if one.vendor_id is not None:
        facts = _following(facts, one)
    _check(session, facts, one)
    one.sqlmodel_update({**asdict(facts), "version": one.version + 1, "written_by": actor.id, "written_at": now()})
    session.add(one)
    session.flush()
    history.record(session, actor, history.Step(PeopleEvent.CHANGE_AFFILIATE, note=_said(one)))
    return one


def remove(session: Session, actor: Actor, affiliate_id: UUID, seen: int) -> None:
    """Take a line out of the directory: the row is gone at once, and of a person the history keeps no name.

    Refuses others than coordinators and administrators (NotAllowed), an unknown line (NotFound), one that was changed
    meanwhile, and a company that applies here: it goes with its membership (WrongState).
    """
    _require_office(actor)
    one = _line(session, affiliate_id, seen)
    if one.vendor_id is not None:
        raise WrongState(N_("Đơn vị này nộp hồ sơ ở đây: ghi thôi là hội viên ở trang Hội viên, dòng này sẽ tự bỏ."))
    note = _said(one)
    session.delete(one)
    session.flush()
    history.record(session, actor, history.Step(PeopleEvent.REMOVE_AFFILIATE, note=note))


def follow(session: Session, vendor: Vendor) -> None:
    """Bring the line of a company that applies here up to its membership and its own facts; refuses nothing."""
    one = queries.of_vendor(session, vendor.id)
    if not vendor.club_member or vendor.closed_at is not None:
        if one is not None:
            session.delete(one)
            session.flush()
        return
    one = one or queries.by_hand(session, vendor.name)
    one = one or Affiliate(affiliation=Affiliation.FULL, kind=AffiliateKind.COMPANY, name_vi=vendor.name, version=0)
    one.vendor_id, one.slug, one.kind = vendor.id, vendor.slug, AffiliateKind.COMPANY
    one.name_vi, one.name_en, one.website = vendor.name, vendor.name_en, vendor.website
    one.since, one.version = vendor.club_member_since or one.since, one.version + 1
    session.add(one)
    session.flush()


def _following(facts: Facts, one: Affiliate) -> Facts:
    """What the office may say of a company that applies here: what it does, and which kind of member it is."""
    affiliation = one.affiliation if facts.affiliation is Affiliation.PARTNER else facts.affiliation
    own = Facts(affiliation, AffiliateKind.COMPANY, one.name_vi, one.name_en, since=one.since, website=one.website)
    return replace(own, does_vi=facts.does_vi, does_en=facts.does_en)


def _line(session: Session, affiliate_id: UUID, seen: int) -> Affiliate:
    one = queries.affiliate(session, affiliate_id)
    if one is None:
        raise NotFound
    if one.version != seen:
        raise WrongState(N_("Người khác vừa sửa dòng này. Tải lại trang để xem bản mới nhất."))
    return one


def _check(session: Session, facts: Facts, one: Affiliate | None) -> None:
    if not facts.name_vi.strip():
        raise Invalid(N_("Nhập tên."))
    if facts.kind is AffiliateKind.INDIVIDUAL and facts.consent_on is None:
        raise Invalid(N_("Tên một người chỉ đăng khi người đó đã đồng ý bằng văn bản: ghi ngày đồng ý."))
    if any(day is not None and day > today() for day in (facts.since, facts.consent_on)):
        raise Invalid(N_("Ngày không được sau hôm nay."))
    _check_lengths(facts)
    others = [other for other in queries.directory(session) if one is None or other.id != one.id]
    if fold(facts.name_vi) in {fold(other.name_vi) for other in others}:
        raise Invalid(N_("Tên này đã có trong danh sách."))


def _check_lengths(facts: Facts) -> None:
    limits = {
        LONGEST_NAME: (facts.name_vi, facts.name_en),
        LONGEST_DOING: (facts.does_vi, facts.does_en),
        LONGEST_ADDRESS: (facts.website,),
    }
    for most, texts in limits.items():
        if any(len(text) > most for text in texts):
            raise Invalid(N_("Nội dung quá dài: tối đa %(max)d ký tự."), max=most)


def _said(one: Affiliate) -> str:
    """What the history keeps; of a person no name, so that who goes is forgotten there too."""
    name = str(one.id) if one.kind is AffiliateKind.INDIVIDUAL else one.name_vi
    return f"{one.affiliation}, {one.kind}: {name}"


def _require_office(actor: Actor) -> None:
    if not set(WRITERS) & actor.roles:
        raise NotAllowed(N_("Tài khoản của bạn không có quyền làm việc này."))

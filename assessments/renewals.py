"""Renewals and changes: starting one from a certificate, saying what changed, and confirming what still holds."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from assessments import applications, change_notices, clock
from assessments.applications import DRAFTING, Beginning, require_open
from assessments.errors import N_, Invalid, NotFound, WrongState
from assessments.models import Application, Basis, Certificate, Confirmation
from assessments.people import Actor
from assessments.queries.announcements import is_held_back
from assessments.queries.certificates import certificate_by_number, status
from assessments.queries.editions import in_force, publications, successor
from assessments.queries.renewals import STANDING, Carried, Later, Settled, later_of, opens_on
from assessments.states import LATER, ChangeKind, Kind

LONGEST = 2_000  # characters of what changed
NOT_ASKED = N_("Giấy %(number)s không cần chuyển sang bản tiêu chí nào khác.")


@dataclass(frozen=True)
class Wish:
    """What is asked for: to renew, change or move a certificate, and what is different since it was granted."""

    kind: Kind
    number: str
    changes: tuple[ChangeKind, ...] = ()
    note: str = ""


def start(session: Session, actor: Actor, vendor_id: UUID, edition_id: str, wish: Wish) -> Application:
    """Open a draft that renews, changes or moves a certificate; it begins with the profile and answers behind it.

    Refuses another company's certificate (NotFound), one that does not stand, a renewal before its time, a transition
    that no edition asks for and a second one (WrongState), and a change that says nothing (Invalid). Source: ISO/IEC
    17065, 7.10 and 7.11.
    """
    certificate = require_offered(session, actor, vendor_id, wish.kind, wish.number)
    if wish.kind is Kind.TRANSITION and edition_id != edition_for(session, certificate, wish.kind):
        raise WrongState(NOT_ASKED, number=wish.number)
    _check(wish.kind, wish.changes, wish.note)
    what = Beginning(edition_id, product_id=certificate.product_id, kind=wish.kind, after=certificate.application_id)
    application = applications.start(session, actor, vendor_id, what)
    session.add(
        Basis(
            application_id=application.id,
            certificate_id=certificate.id,
            changes=_values(wish.changes),
            note=wish.note.strip(),
        )
    )
    session.flush()
    if wish.kind is Kind.CHANGE:
        change_notices.answer(session, certificate, application)
    return application


def require_offered(session: Session, actor: Actor, vendor_id: UUID, kind: Kind, number: str) -> Certificate:
    """The certificate, if it can be renewed or changed now; refuses as `start` does."""
    certificate = certificate_by_number(session, number)
    if certificate is None or certificate.vendor_id != vendor_id or vendor_id not in actor.memberships:
        raise NotFound
    if kind not in LATER or is_held_back(session.get_one(Application, certificate.application_id)):
        raise NotFound
    if status(certificate, clock.today()) not in STANDING:
        raise WrongState(N_("Giấy %(number)s không còn hiệu lực. Lập hồ sơ mới cho sản phẩm."), number=number)
    if kind is Kind.RENEWAL and clock.today() < opens_on(certificate):
        raise WrongState(
            N_("Chưa đến lúc %(renewal)s: lập được hồ sơ từ ngày %(day)s."),
            day=opens_on(certificate).strftime("%d/%m/%Y"),
        )
    if kind is Kind.TRANSITION and successor(publications(session), certificate.edition_id) is None:
        raise WrongState(NOT_ASKED, number=number)
    return certificate


def edition_for(session: Session, certificate: Certificate, kind: Kind) -> str:
    """The edition of a later application: the one in force, or for a transition the one the certificate goes over to.

    The latter can be chosen as soon as it is published, before its first day: so that everybody has time to write.
    """
    published = publications(session)
    following = successor(published, certificate.edition_id) if kind is Kind.TRANSITION else None
    return following.edition_id if following else in_force(published, clock.today()).id


def tell(session: Session, actor: Actor, application: Application, changes: Collection[ChangeKind], note: str) -> None:
    """Say anew what has changed, while the draft is open; refuses as applications.require_open() and `start` do."""
    require_open(session, actor, application, DRAFTING)
    later = _later(session, application)
    _check(application.kind, changes, note)
    later.basis.changes = _values(changes)
    later.basis.note = note.strip()
    session.add(later.basis)


def confirm(session: Session, actor: Actor, application: Application, code: str) -> None:
    """Say that one copied answer is still right as it stands; a second time changes nothing.

    Refuses as applications.require_open() does, and criteria that were not carried over (NotFound).
    """
    require_open(session, actor, application, DRAFTING)
    row = _later(session, application).row(code)
    if row is None or row.settled is Settled.NEW:
        raise NotFound
    if row.is_open:
        _say(session, actor, application, row, one_by_one=True)


def confirm_rest(session: Session, actor: Actor, application: Application) -> int:
    """Say of everything that need not be looked at one by one that it is still right; returns how many there were.

    Refuses as applications.require_open() does.
    """
    require_open(session, actor, application, DRAFTING)
    rows = [row for row in _later(session, application).rest if row.is_open]
    for row in rows:
        _say(session, actor, application, row, one_by_one=False)
    return len(rows)


def _later(session: Session, application: Application) -> Later:
    later = later_of(session, application)
    if later is None:
        raise NotFound
    return later


def _say(session: Session, actor: Actor, application: Application, row: Carried, *, one_by_one: bool) -> None:
    said = session.get(Confirmation, (application.id, row.code)) or Confirmation(
        application_id=application.id, criterion=row.code, edition_id="", confirmed_by=actor.id
    )
    said.edition_id, said.one_by_one = application.edition_id, one_by_one
    said.confirmed_by, said.confirmed_at = actor.id, clock.now()
    session.add(said)
    session.flush()


def _check(kind: Kind, changes: Collection[ChangeKind], note: str) -> None:
    if kind is Kind.CHANGE and not changes:
        raise Invalid(N_("Chọn ít nhất một điều đã thay đổi."))
    if changes and not note.strip():
        raise Invalid(N_("Viết vài câu về điều đã thay đổi."))
    if len(note) > LONGEST:
        raise Invalid(N_("Phần này dài quá %(max)d ký tự."), max=LONGEST)


def _values(changes: Collection[ChangeKind]) -> list[str]:
    return [kind.value for kind in ChangeKind if kind in changes]

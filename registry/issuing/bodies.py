"""In whose name certificates are issued: set by day, else the club's own name of that day."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from assessments import history
from assessments.clock import today
from assessments.errors import N_
from assessments.models import IssuingBody
from assessments.people import Actor
from assessments.queries import issuing_bodies as queries
from assessments.queries.grants import Issuer, Signatory
from assessments.states import PeopleEvent
from registry import identity


class BodyRefused(Exception):
    """What was asked of the issuing body cannot be; the message says why, `said` is the msgid of it for a page."""

    def __init__(self, message: str, said: str) -> None:
        super().__init__(message)
        self.said = said


@dataclass(frozen=True)
class Naming:
    """An issuing body in both languages, with who signs for it, if anybody is named."""

    vi: str
    en: str
    signatory: str = ""
    office_vi: str = ""
    office_en: str = ""


def issuer(session: Session, day: date | None = None) -> Issuer:
    """The body that issues on a legal day (today)."""
    day = day or today()
    found = queries.body_on(session, day)
    if found is None:
        club = identity.row_of(day)
        return Issuer(club.name_vi, club.name_en)
    signs = Signatory(found.signatory, found.office_vi, found.office_en) if found.signatory else None
    return Issuer(found.name_vi, found.name_en, signs)


def take_over(session: Session, day: date, naming: Naming, actor: Actor | None = None) -> IssuingBody:
    """Let a body issue from a day on; what was granted before keeps the name it was granted in.

    `actor` None is the command line. Refuses (BodyRefused) a day that has passed, missing names, a signatory without
    an office or the other way round, and a day for which there is a body already.
    """
    _check(session, day, naming)
    made = IssuingBody(
        starts_on=day,
        name_vi=naming.vi.strip(),
        name_en=naming.en.strip(),
        signatory=naming.signatory.strip(),
        office_vi=naming.office_vi.strip(),
        office_en=naming.office_en.strip(),
    )
    session.add(made)
    session.flush()
    note = f"{day}: {made.name_vi} / {made.name_en}; {made.office_vi} {made.signatory}".strip()
    history.record(session, actor, history.Step(PeopleEvent.SET_ISSUING_BODY, note=note))
    return made


def _check(session: Session, day: date, naming: Naming) -> None:
    if day < today():
        raise BodyRefused("The past does not change: name today or a later day.", N_("Chọn ngày từ hôm nay."))
    if not (naming.vi.strip() and naming.en.strip()):
        raise BodyRefused(
            "An issuing body has a name in Vietnamese and one in English.", N_("Nhập tên bằng cả hai thứ tiếng.")
        )
    if len({bool(one.strip()) for one in (naming.signatory, naming.office_vi, naming.office_en)}) > 1:
        raise BodyRefused(
            "Whoever signs has a name, and an office in Vietnamese and in English.",
            N_("Người ký phải có tên và chức vụ bằng cả hai thứ tiếng."),
        )
    if session.get(IssuingBody, day) is not None:
        raise BodyRefused(
            f"There is an issuing body from {day.isoformat()} on already.", N_("Ngày này đã có một tổ chức cấp.")
        )

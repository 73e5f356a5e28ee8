"""In whose name certificates are issued: set by day from the command line, else by the settings of the site."""

from dataclasses import dataclass
from datetime import date

from flask import current_app
from sqlmodel import Session

from assessments.clock import today
from assessments.models import IssuingBody
from assessments.queries import issuing_bodies as queries
from assessments.queries.grants import Issuer, Signatory


class BodyRefused(Exception):
    """What was asked of the issuing body cannot be; the message says why."""


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
    settings = current_app.config["SETTINGS"]
    found = queries.body_on(session, day or today())
    if found is None:
        return Issuer(settings.issuer_vi, settings.issuer_en)
    signs = Signatory(found.signatory, found.office_vi, found.office_en) if found.signatory else None
    return Issuer(found.name_vi, found.name_en, signs)


def take_over(session: Session, day: date, naming: Naming) -> IssuingBody:
    """Let a body issue from a day on; what was granted before keeps the name it was granted in.

    Refuses (BodyRefused) a day that has passed, missing names, a signatory without an office or the other way round,
    and a day for which there is a body already.
    """
    if day < today():
        raise BodyRefused("The past does not change: name today or a later day.")
    if not (naming.vi.strip() and naming.en.strip()):
        raise BodyRefused("An issuing body has a name in Vietnamese and one in English.")
    if len({bool(one.strip()) for one in (naming.signatory, naming.office_vi, naming.office_en)}) > 1:
        raise BodyRefused("Whoever signs has a name, and an office in Vietnamese and in English.")
    if session.get(IssuingBody, day) is not None:
        raise BodyRefused(f"There is an issuing body from {day.isoformat()} on already.")
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
    return made

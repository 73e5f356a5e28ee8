"""Questions about who is involved in what a complaint is about: complaints pass them by (ISO/IEC 17065, 7.13.6)."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from uuid import UUID

from sqlalchemy import or_, union
from sqlmodel import Session, col, select

from assessments.folding import fold, words
from assessments.models import (
    Appeal,
    Application,
    Certificate,
    CertificateEvent,
    Complaint,
    ComplaintAside,
    Hearing,
    Interest,
    Member,
    Participation,
)
from assessments.numbers import parse
from assessments.people import Role
from assessments.queries.people import PERSON, PERSON_ROLE
from assessments.queries.standings import belongs, counts, longest_window
from assessments.recourse import ComplaintSubject

ABOUT = {ComplaintSubject.AUDITORS: Role.AUDITOR, ComplaintSubject.IMPARTIALITY: Role.IMPARTIALITY}

_RUNNING = re.compile(r"\b(HS|YC)[\s-]*(\d{4})[\s-]*(\d{4,9})\b")  # a file, an appeal
_CERTIFICATE = re.compile(r"\bVCSC[\s-]*\d{2}[\s-]*[\dOIL]{4,9}[\s-]*[A-Z]\b")
_CALLED = {"anh", "chị", "ông", "bà", "cô", "chú", "bác", "em", "bạn", "thầy", "mr", "mrs", "ms"}
_CALLED_PLAIN = {fold(one) for one in _CALLED}

Pair = tuple[UUID, UUID]  # a complaint, and a person it passes by


@dataclass(frozen=True)
class _Somebody:
    name: str
    email: str
    roles: frozenset[str]


def involved(session: Session, complaints: Sequence[Complaint], person_ids: Iterable[UUID]) -> set[Pair]:
    """(complaint, person) wherever somebody is involved, in six statements at most.

    That is: complains themselves; is named; had a part in a file, an appeal or a certificate that is named; has or had
    an interest in the company that complains or is concerned; belongs to the body that is complained about; or was
    said to be concerned.
    """
    people = _people(session, person_ids)
    if not (complaints and people):
        return set()
    return {
        *((one.id, one.complainant_id) for one in complaints if one.complainant_id in people),
        *_by_words(complaints, people),
        *_by_files(session, complaints, people),
        *_by_word_given(session, complaints, people),
    }


def is_involved(session: Session, person_id: UUID, complaint: Complaint) -> bool:
    """Whether one person is involved in one complaint: see involved()."""
    return bool(involved(session, [complaint], [person_id]))


def _people(session: Session, ids: Iterable[UUID]) -> dict[UUID, _Somebody]:
    columns: list[Any] = [PERSON.c.id, PERSON.c.name, PERSON.c.email, PERSON_ROLE.c.role]
    question = select(*columns).select_from(PERSON).outerjoin(PERSON_ROLE, PERSON_ROLE.c.user_id == PERSON.c.id)
    found: dict[UUID, _Somebody] = {}
    for person_id, name, email, role in session.execute(question.where(PERSON.c.id.in_(set(ids)))):
        before = found[person_id].roles if person_id in found else frozenset()
        found[person_id] = _Somebody(name, email, before | {role})
    return found


def _by_words(complaints: Sequence[Complaint], people: dict[UUID, _Somebody]) -> Iterator[Pair]:
    """Who is named, or belongs to the body that is complained about, in the complainant's eyes or in the club's."""
    for one in complaints:
        bodies = {ABOUT[subject].value for subject in ABOUT if subject in {one.subject, one.classified}}
        said = f"{one.about} {one.text}"
        for person_id, person in people.items():
            if bodies & person.roles or _names(said, person):
                yield one.id, person_id


def _names(said: str, person: _Somebody) -> bool:
    """Whether a text names somebody: their address, the whole name in any accents, or "chị Lan"."""
    typed, name = words(said), words(person.name)
    if person.email.lower() in said.lower() or _stand_in(name, typed):
        return True
    plain = said.isascii()  # typed without accents: then a given name is looked for without them
    spoken = typed if plain else re.findall(r"\w+", unicodedata.normalize("NFC", said.lower()))
    given = name[-1:] if plain else re.findall(r"\w+", unicodedata.normalize("NFC", person.name.lower()))[-1:]
    called = _CALLED_PLAIN if plain else _CALLED
    return any(before in called and [after] == given for before, after in pairwise(spoken))


def _stand_in(name: list[str], typed: list[str]) -> bool:
    return any(typed[at : at + len(name)] == name for at in range(len(typed) - len(name) + 1)) if name else False


def _by_files(session: Session, complaints: Sequence[Complaint], people: dict[UUID, _Somebody]) -> Iterator[Pair]:
    """Who had a part in what is named, or an interest in a company that is concerned."""
    numbers = {one.id: set(_numbers(one)) for one in complaints}
    files = _files(session, set().union(*numbers.values()))
    parts = _parts(session, {application_id for application_id, _vendor_id in files.values()}, people)
    vendors = {one.vendor_id for one in complaints if one.vendor_id} | {vendor_id for _id, vendor_id in files.values()}
    interests = _interests(session, vendors, people)
    for one in complaints:
        named = {files[number] for number in numbers[one.id] if number in files}
        companies = {one.vendor_id, *(vendor_id for _application_id, vendor_id in named)}
        for person_id in people:
            if any((person_id, application_id) in parts for application_id, _vendor_id in named) or any(
                (person_id, vendor_id) in interests for vendor_id in companies
            ):
                yield one.id, person_id


def _numbers(complaint: Complaint) -> Iterator[str]:
    """The numbers of files, appeals and certificates in a complaint, however they were typed."""
    said = f"{complaint.about} \n {complaint.text}".upper()
    for prefix, year, serial in _RUNNING.findall(said):
        yield f"{prefix}-{year}-{serial}"
    for typed in (complaint.about, *_CERTIFICATE.findall(said)):
        if number := parse(typed).number:
            yield number


def _files(session: Session, numbers: set[str]) -> dict[str, Pair]:
    """Number -> (application, company) of what is named."""
    if not numbers:
        return {}
    columns: list[Any] = [Application.ref, Appeal.number, Certificate.number, Application.id, Application.vendor_id]
    question = (
        select(*columns)
        .select_from(Application)
        .outerjoin(Appeal, col(Appeal.application_id) == col(Application.id))
        .outerjoin(Certificate, col(Certificate.application_id) == col(Application.id))
        .where(or_(*(col(number).in_(numbers) for number in (Application.ref, Appeal.number, Certificate.number))))
    )
    rows = session.execute(question).all()
    return {number: (row[3], row[4]) for row in rows for number in row[:3] if number in numbers}


def _parts(session: Session, applications: set[UUID], people: Iterable[UUID]) -> set[Pair]:
    """(person, application) of everybody who had a part, heard an appeal, or decided about a certificate."""
    if not applications:
        return set()
    asked = set(people)
    decided = [
        select(column, col(Certificate.application_id))
        .join(Certificate, col(Certificate.id) == col(CertificateEvent.certificate_id))
        .where(column.in_(asked), col(Certificate.application_id).in_(applications))
        for column in (col(CertificateEvent.decided_by), col(CertificateEvent.confirmed_by))
    ]
    held = [
        select(col(table.person_id), col(table.application_id)).where(
            col(table.person_id).in_(asked), col(table.application_id).in_(applications)
        )
        for table in (Participation, Hearing)
    ]
    return {(row[0], row[1]) for row in session.execute(union(*held, *decided))}


def _interests(session: Session, vendors: set[UUID], people: Iterable[UUID]) -> set[Pair]:
    """(person, company) of everybody with an interest, now or within the longest window; belonging to it is one."""
    if not vendors:
        return set()
    asked, since = set(people), longest_window()
    lines = select(col(Interest.person_id), col(Interest.vendor_id)).where(
        col(Interest.person_id).in_(asked), col(Interest.vendor_id).in_(vendors), counts(Interest, since)
    )
    members = select(col(Member.user_id), col(Member.vendor_id)).where(
        col(Member.user_id).in_(asked), col(Member.vendor_id).in_(vendors), belongs(since)
    )
    return {(row[0], row[1]) for row in session.execute(union(lines, members))}


def _by_word_given(session: Session, complaints: Sequence[Complaint], people: Iterable[UUID]) -> Iterator[Pair]:
    question = select(ComplaintAside.complaint_id, ComplaintAside.person_id).where(
        col(ComplaintAside.complaint_id).in_([one.id for one in complaints]),
        col(ComplaintAside.person_id).in_(set(people)),
    )
    yield from ((row[0], row[1]) for row in session.execute(question))

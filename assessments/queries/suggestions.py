"""What makes one suspect an interest that nobody has declared: a question to a person, never a verdict."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select
from sqlmodel import Session, col

from assessments.folding import words
from assessments.models import Application, Background, Interest, Member, Vendor
from assessments.people import InterestKind, Role
from assessments.queries.people import PERSON, PERSON_ROLE

# Where anybody can have an address or a page: it says nothing about whom a person works for.
ANYBODYS = frozenset(
    """gmail.com googlemail.com yahoo.com yahoo.com.vn ymail.com outlook.com outlook.com.vn hotmail.com live.com msn.com
    icloud.com me.com mac.com proton.me protonmail.com pm.me zoho.com zohomail.com gmx.com gmx.net gmx.de aol.com
    mail.com mail.ru yandex.com yandex.ru qq.com 163.com 126.com naver.com tutanota.com tuta.com fastmail.com hey.com
    vnn.vn fpt.vn facebook.com zalo.me google.com apple.com youtube.com github.com github.io wordpress.com blogspot.com
    wixsite.com""".split()  # noqa: SIM905  words in a row are easier to read and to add to
)
# Second labels under which a country sells names: the owner's name is the third.
_SHARED = frozenset("com net org edu gov co ac info biz name int health or ne go".split())  # noqa: SIM905  as above
# What every company calls itself, folded: no name of its own.
_LEGAL = frozenset(
    """cong ty co phan cp tnhh trach nhiem huu han mot thanh vien mtv hop danh tong doanh nghiep tu nhan tap doan
    jsc ltd inc corp corporation company limited llc plc joint stock group holdings gmbh vietnam viet nam vn
    the of va and""".split()  # noqa: SIM905  as above
)
_HOST = re.compile(r"^(?:[a-z][a-z0-9+.-]*:)?//([^/?#]+)|^([^/?#\s]+\.[^/?#\s]+)", re.IGNORECASE)
_SHORT = 4  # letters: a single word up to this long is in too many names to mean anything inside another


class Reason(StrEnum):
    """Why an interest is suspected."""

    ORGANISATION = "organisation"  # a line of the register names the company, without having chosen it
    AFFILIATION = "affiliation"  # the person works there, by what the club knows
    MAIL_DOMAIN = "mail_domain"
    PAST_MEMBER = "past_member"  # belonged to the company, longer ago than the window
    RELATED_COMPANY = "related_company"  # belongs or belonged to one with the same number or domain
    SHARED_EMPLOYER = "shared_employer"  # works where somebody of the company works


@dataclass(frozen=True)
class Suggestion:
    """One reason and what it was seen in: a name, an address's domain, a company."""

    reason: Reason
    source: str


@dataclass(frozen=True)
class Known:
    """What is known of one person, as far as it can hint at an interest."""

    id: UUID
    domain: str
    affiliation: str
    club: bool  # trusted with a role: their address may be the club's
    lines: tuple[tuple[str, InterestKind, UUID | None], ...] = ()  # organisation, kind, company
    companies: tuple[Vendor, ...] = ()  # that they belong or belonged to

    @property
    def employers(self) -> set[str]:
        """The names of where the person works or worked, folded to their own words."""
        named = [self.affiliation, *(name for name, kind, _ in self.lines if kind is InterestKind.EMPLOYER)]
        return {" ".join(found) for name in named if (found := own_words(name))}


@dataclass(frozen=True)
class Subject:
    """What is known of the company an application is about."""

    vendor: Vendor
    domains: frozenset[str]
    names: tuple[tuple[str, ...], ...]
    employers: dict[str, str] = field(default_factory=dict)  # folded -> as written, of its people


def suggested(
    session: Session, application: Application, person_ids: Collection[UUID]
) -> dict[UUID, tuple[Suggestion, ...]]:
    """Person -> what makes one suspect an interest in the company of an application; people without any are left out.

    A suggestion blocks nobody: the coordinator weighs it, and the person is asked about it. Nothing here needs the
    file; it looks at names, domains and memberships only. Seven statements, however many people. Source: ISO/IEC
    17065, 4.2.3: risks are identified from relationships, also those of personnel.
    """
    vendor = session.get_one(Vendor, application.vendor_id)
    own = list(session.scalars(select(col(Member.user_id)).where(col(Member.vendor_id) == vendor.id)))
    known = _known(session, {*person_ids, *own})
    subject = _subject(application, vendor, [known[one] for one in own if one in known], _own_domains(session))
    found = {
        person_id: tuple(dict.fromkeys(_hints(known[person_id], subject, member=person_id in own)))
        for person_id in person_ids
        if person_id in known
    }
    return {person_id: hints for person_id, hints in found.items() if hints}


def own_words(name: str) -> tuple[str, ...]:
    """The folded words of an organisation's name that are its own: without the legal form and the country.

    A name that has no others keeps them all.
    """
    every = tuple(words(name))
    return tuple(word for word in every if word not in _LEGAL) or every


def same_organisation(first: Sequence[str], second: Sequence[str]) -> bool:
    """Whether two names (own words) mean the same organisation, or one stands whole inside the other."""
    if not first or not second:
        return False
    short, long = sorted((tuple(first), tuple(second)), key=len)
    if short == long:
        return True
    if len(short) == 1 and len(short[0]) <= _SHORT:
        return False
    return any(long[place : place + len(short)] == short for place in range(len(long) - len(short) + 1))


def domain_of(address: str) -> str:
    """The domain somebody has registered, behind an e-mail address or a link; "" for none and for free mail.

    `www.`, subdomains and ports do not matter: "https://shop.hatnang.com.vn/x" and "a@hatnang.com.vn" have the same.
    """
    host = address.strip().lower()
    if "@" in host and "//" not in host:
        host = host.rpartition("@")[2]
    else:
        met = _HOST.match(host)
        host = (met[1] or met[2]) if met else ""
        host = host.rpartition("@")[2]
    labels = [label for label in host.partition(":")[0].strip(".").split(".") if label]
    if len(labels) < 2 or ".".join(labels) in ANYBODYS:
        return ""
    kept = 3 if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SHARED else 2
    domain = ".".join(labels[-kept:])
    return "" if domain in ANYBODYS else domain


def _known(session: Session, ids: set[UUID]) -> dict[UUID, Known]:
    lines: dict[UUID, list[tuple[str, InterestKind, UUID | None]]] = {}
    asked: Any = select(
        col(Interest.person_id), col(Interest.organisation), col(Interest.kind), col(Interest.vendor_id)
    ).where(col(Interest.person_id).in_(ids), col(Interest.retracted_at).is_(None))
    for person_id, organisation, kind, vendor_id in session.execute(asked):
        lines.setdefault(person_id, []).append((organisation, kind, vendor_id))
    companies: dict[UUID, list[Vendor]] = {}
    belonged: Any = (
        select(col(Member.user_id), Vendor)
        .join(Vendor, col(Vendor.id) == col(Member.vendor_id))
        .where(col(Member.user_id).in_(ids))
    )
    for person_id, company in session.execute(belonged):
        companies.setdefault(person_id, []).append(company)
    people: Any = (
        select(
            PERSON.c.id,
            PERSON.c.email,
            col(Background.affiliation),
            exists().where(PERSON_ROLE.c.user_id == PERSON.c.id),
        )
        .outerjoin(Background, col(Background.person_id) == PERSON.c.id)
        .where(PERSON.c.id.in_(ids))
    )
    return {
        row[0]: Known(
            row[0],
            domain_of(row[1]),
            row[2] or "",
            bool(row[3]),
            tuple(lines.get(row[0], ())),
            tuple(companies.get(row[0], ())),
        )
        for row in session.execute(people)
    }


def _own_domains(session: Session) -> set[str]:
    """The club's own domains, by the addresses of its administrators: who has one there does not work for a vendor."""
    question = (
        select(PERSON.c.email)
        .join(PERSON_ROLE, PERSON_ROLE.c.user_id == PERSON.c.id)
        .where(PERSON_ROLE.c.role == Role.ADMIN.value)
    )
    return {domain_of(row[0]) for row in session.execute(question)}


def _subject(application: Application, vendor: Vendor, members: Iterable[Known], ours: set[str]) -> Subject:
    """The company with every domain it is known by and every employer its people name."""
    people = list(members)
    facts = application.profile
    addresses = [vendor.website, vendor.contact_email, facts.get("website", ""), facts.get("support_contact", "")]
    domains = {domain_of(one) for one in addresses} | {one.domain for one in people if not one.club}
    employers = {}
    for person in people:
        for name in (person.affiliation, *(line[0] for line in person.lines if line[1] is InterestKind.EMPLOYER)):
            if found := " ".join(own_words(name)):
                employers[found] = name
    names = tuple(own_words(one) for one in (vendor.name, vendor.name_en) if own_words(one))
    return Subject(vendor, frozenset(domains - ours - {""}), names, employers)


def _hints(person: Known, subject: Subject, *, member: bool) -> Iterable[Suggestion]:
    """What is seen of one person; what stands in the register as this very company is known already."""
    for organisation, _, vendor_id in person.lines:
        if vendor_id != subject.vendor.id and _is_named(organisation, subject):
            yield Suggestion(Reason.ORGANISATION, organisation)
    if _is_named(person.affiliation, subject):
        yield Suggestion(Reason.AFFILIATION, person.affiliation)
    if person.domain in subject.domains:
        yield Suggestion(Reason.MAIL_DOMAIN, person.domain)
    yield from _companies(person, subject)
    shared = set() if member else person.employers & set(subject.employers)
    yield from (Suggestion(Reason.SHARED_EMPLOYER, subject.employers[one]) for one in sorted(shared))


def _companies(person: Known, subject: Subject) -> Iterable[Suggestion]:
    for company in person.companies:
        if company.id == subject.vendor.id:
            yield Suggestion(Reason.PAST_MEMBER, company.name)
        elif _is_related(company, subject):
            yield Suggestion(Reason.RELATED_COMPANY, company.name)


def _is_named(organisation: str, subject: Subject) -> bool:
    own = own_words(organisation)
    return any(same_organisation(own, name) for name in subject.names)


def _is_related(company: Vendor, subject: Subject) -> bool:
    if company.registration_number == subject.vendor.registration_number:
        return True
    domains = {domain_of(company.website), domain_of(company.contact_email)} - {""}
    return bool(domains & subject.domains)

"""What a new edition would mean for every live certificate: computed from what was agreed, before anything happens.

Two statements, however many certificates there are: the certificates with their profiles, and the agreed scores.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, not_, or_
from sqlmodel import Session, col, select

from assessments.clock import today
from assessments.models import AgreedScore, Certificate, Product, Vendor
from assessments.people import Actor
from assessments.queries.certificates import status, status_is
from assessments.queries.standings import has_interest_in, longest_window
from assessments.states import CertificateState, CertificateStatus
from criteria import store
from criteria.applicability import applicable
from criteria.compare import asked_anew, origins
from criteria.model import Criterion, Edition, Level
from criteria.source import EditionError
from criteria.verdict import NOT_APPLICABLE, NOT_SHOWN, Score, verdict

LIVE = (CertificateStatus.ACTIVE, CertificateStatus.SUSPENDED, CertificateStatus.SCHEDULED)


@dataclass(frozen=True)
class Live:
    """A certificate that stands, with what its result was computed from."""

    id: UUID
    number: str
    application_id: UUID
    vendor: str
    product: str
    product_en: str
    edition_id: str
    level: str
    status: CertificateStatus
    valid_until: date
    categories: tuple[str, ...]
    flags: tuple[str, ...]


@dataclass(frozen=True)
class Effect:
    """What a new edition means for one certificate.

    `new` was never answered, `changed` was answered under another text; `kept` is the level of the scores that were
    agreed, what is missing counting as unanswered; `reachable` the same where all that is missing is met just so.
    `unknown` are codes of the profile that the new edition does not have, left out of the reckoning.
    """

    live: Live
    had: Level | None
    new: tuple[Criterion, ...]
    changed: tuple[Criterion, ...]
    kept: Level | None
    reachable: Level | None
    unknown: tuple[str, ...] = ()

    @property
    def to_answer(self) -> tuple[Criterion, ...]:
        """Everything the company has to answer, new or again, in the order of the edition."""
        return (*self.new, *self.changed)

    @property
    def loses(self) -> bool:
        """Whether the scores already given are not enough for the level it has."""
        return (self.kept.number if self.kept else 0) < (self.had.number if self.had else 0)


@dataclass(frozen=True)
class Impact:
    """What a new edition means for all of them."""

    edition: Edition
    effects: tuple[Effect, ...]

    @cached_property
    def levels(self) -> list[tuple[Level | None, Level | None, int]]:
        """Level it has, level it would keep, and of how many certificates that is so; the highest levels first."""
        counts = Counter((one.had, one.kept) for one in self.effects)
        order = sorted(counts, key=lambda pair: [one.number if one else 0 for one in pair], reverse=True)
        return [(had, kept, counts[had, kept]) for had, kept in order]

    @cached_property
    def asked(self) -> tuple[tuple[Criterion, int], ...]:
        """The criteria that have to be answered, with how many certificates each is asked of; the most asked first."""
        counts = Counter(criterion.code for one in self.effects for criterion in one.to_answer)
        found = [(one, counts[one.code]) for one in self.edition.criteria if one.code in counts]
        return tuple(sorted(found, key=lambda pair: -pair[1]))

    @property
    def untouched(self) -> int:
        """How many have nothing to answer."""
        return sum(not one.to_answer for one in self.effects)

    @property
    def losing(self) -> int:
        """How many would have a lower level, or none, if nobody answered anything."""
        return sum(one.loses for one in self.effects)

    @property
    def answers(self) -> int:
        """How many answers have to be written, by all together."""
        return sum(len(one.to_answer) for one in self.effects)

    @property
    def companies(self) -> int:
        """How many companies have something to answer."""
        return len({one.live.vendor for one in self.effects if one.to_answer})


def impact_of(session: Session, actor: Actor, edition: Edition) -> Impact:
    """What an edition means for every live certificate of other editions; two statements.

    Certificates of companies in which the person has an interest are left out. Refuses nothing.
    """
    day = today()
    asked = [
        col(Certificate.edition_id) != edition.id,
        not_(has_interest_in(actor.id, col(Certificate.vendor_id), longest_window())),
        *live_on(day),
    ]
    found = _certificates(session, asked, day)
    scores = _scores(session, asked)
    pairs = {one.edition_id: _pair(one.edition_id, edition) for one in found}
    effects = [_effect(one, pairs[one.edition_id], edition, scores.get(one.application_id, {})) for one in found]
    return Impact(edition, tuple(effects))


def live_on(day: date) -> tuple[ColumnElement[bool], ...]:
    """SQL: a certificate stands on a legal day, or waits for its first one, and no other follows it."""
    standing = or_(*(status_is(one, day) for one in LIVE))
    return (standing, col(Certificate.superseded_on).is_(None))


@dataclass(frozen=True)
class _Pair:
    """An older edition beside the new one: where answers come from, and what is asked anew."""

    old: Edition | None
    origins: Mapping[str, str]
    asked: frozenset[str]


def _pair(edition_id: str, new: Edition) -> _Pair:
    try:
        old = store.load(edition_id)
    except EditionError:
        return _Pair(None, {}, frozenset())
    return _Pair(old, origins(old, new), frozenset(asked_anew(old, new)))


def _certificates(session: Session, asked: Iterable[ColumnElement[bool]], day: date) -> list[Live]:
    profile = col(Certificate.content)["profile"]
    dates: list[Any] = [
        *(Certificate.state, Certificate.valid_from, Certificate.valid_until, Certificate.superseded_on),
    ]
    columns: list[Any] = [
        *(Certificate.id, Certificate.number, Certificate.application_id, Vendor.name, Product.name, Product.name_en),
        *(Certificate.edition_id, Certificate.level, profile["categories"], profile["flags"]),
    ]
    question = (
        select(*columns, *dates)
        .join(Vendor, col(Vendor.id) == col(Certificate.vendor_id))
        .join(Product, col(Product.id) == col(Certificate.product_id))
        .where(*asked)
        .order_by(col(Vendor.name), col(Certificate.number))
    )
    return [_live(row, day) for row in session.execute(question)]


@dataclass
class _Dates:
    """What `status` asks of a certificate."""

    state: CertificateState
    valid_from: date
    valid_until: date
    superseded_on: date | None


def _live(row: Any, day: date) -> Live:
    dates = _Dates(*row[10:])
    return Live(
        *(row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7]),
        status=status(dates, day),
        valid_until=dates.valid_until,
        categories=tuple(row[8] or ()),
        flags=tuple(row[9] or ()),
    )


def _scores(session: Session, asked: Iterable[ColumnElement[bool]]) -> dict[UUID, dict[str, Score]]:
    columns: list[Any] = [
        *(AgreedScore.application_id, AgreedScore.criterion, AgreedScore.value, AgreedScore.not_applicable)
    ]
    question = (
        select(*columns)
        .join(Certificate, col(Certificate.application_id) == col(AgreedScore.application_id))
        .where(*asked)
    )
    found: dict[UUID, dict[str, Score]] = {}
    for application_id, code, value, left_out in session.execute(question):
        mark = NOT_APPLICABLE if left_out else NOT_SHOWN if value is None else value
        found.setdefault(application_id, {})[code] = mark
    return found


def _effect(live: Live, pair: _Pair, edition: Edition, scores: Mapping[str, Score]) -> Effect:
    known = {one.code for one in edition.categories} | {one.code for one in edition.flags}
    unknown = tuple(code for code in (*live.categories, *live.flags) if code not in known)
    categories = [code for code in live.categories if code in known]
    flags = [code for code in live.flags if code in known]
    applies = [one.criterion for one in applicable(edition, categories, flags)]
    given = {one.code: scores[origin] for one in applies if (origin := pair.origins.get(one.code, "")) in scores}
    new = tuple(one for one in applies if one.code not in given)
    return Effect(
        live=live,
        had=_level(pair.old, live.level),
        new=new,
        changed=tuple(one for one in applies if one.code in given and one.code in pair.asked),
        kept=verdict(edition, {**given, **{one.code: NOT_SHOWN for one in new}}).level,
        reachable=verdict(edition, {**given, **{one.code: edition.pass_mark for one in new}}).level,
        unknown=unknown,
    )


def _level(edition: Edition | None, code: str) -> Level | None:
    return next((one for one in edition.levels if one.code == code), None) if edition else None

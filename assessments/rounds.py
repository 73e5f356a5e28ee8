"""Intake rounds: opened, prolonged and closed by the office."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from assessments import clock, history
from assessments.editions import usable
from assessments.errors import N_, Invalid, NotAllowed, WrongState
from assessments.models import Round
from assessments.people import Actor, Role
from assessments.queries import rounds
from assessments.queries.editions import publication_of
from assessments.states import Event

CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
RESERVED = {"new"}  # an address under /rounds


@dataclass(frozen=True)
class RoundFacts:
    """What a round is: `categories` empty takes every category; no closing time means that it rolls."""

    code: str
    edition_id: str
    opens_at: datetime
    categories: tuple[str, ...] = ()
    closes_at: datetime | None = None
    announce_on: date | None = None
    fee_text_vi: str = ""
    fee_text_en: str = ""


def open_round(session: Session, actor: Actor, facts: RoundFacts) -> Round:
    """Open a round against an edition that is in force.

    Refuses others than coordinators (NotAllowed), an edition not in force (WrongState), and facts that cannot be
    (Invalid): a code taken or ill-formed, closing before opening, announcing before closing, opening before the
    edition's first day, unknown categories.
    """
    _require_office(actor)
    edition = usable(session, facts.edition_id)
    if not CODE.fullmatch(facts.code) or facts.code in RESERVED:
        raise Invalid(N_("Mã đợt chỉ gồm chữ thường không dấu, chữ số và gạch nối. Ví dụ: 2026-dot-1"))
    if rounds.by_code(session, facts.code):
        raise Invalid(N_("Đã có đợt mang mã %(code)s. Chọn mã khác."), code=facts.code)
    if set(facts.categories) - {category.code for category in edition.categories}:
        raise Invalid(N_("Có loại sản phẩm không thuộc bản tiêu chí đã chọn. Chọn lại."))
    _check_times(facts.opens_at, facts.closes_at, facts.announce_on)
    _check_first_day(session, facts)
    opened = Round(**{**vars(facts), "categories": list(facts.categories)})
    session.add(opened)
    history.record(session, actor, history.Step(Event.OPEN_ROUND, note=facts.code))
    return opened


def move_closing(session: Session, actor: Actor, one: Round, closes_at: datetime | None) -> None:
    """Set another closing time, or none.

    Refuses others than coordinators (NotAllowed), a round that has closed (WrongState): whoever was late must
    not get more time than others (ISO/IEC 17065, 4.4); and times that cannot be (Invalid).
    """
    _require_office(actor)
    if one.closes_at is not None and one.closes_at <= clock.now():
        raise WrongState(N_("Đợt này đã đóng. Mở một đợt mới."))
    _check_times(one.opens_at, closes_at, one.announce_on)
    if closes_at is not None and closes_at <= clock.now():
        raise Invalid(N_("Giờ đóng phải ở sau bây giờ. Muốn đóng ngay, bấm Đóng đợt."))
    _close_at(session, actor, one, closes_at)


def close_now(session: Session, actor: Actor, one: Round) -> None:
    """Take no more applications from this moment on. Refuses a round that is not open (WrongState)."""
    _require_office(actor)
    moment = clock.now()
    if one.opens_at >= moment or (one.closes_at is not None and one.closes_at <= moment):
        raise WrongState(N_("Đợt này không đang mở."))
    _close_at(session, actor, one, moment)


def _close_at(session: Session, actor: Actor, one: Round, closes_at: datetime | None) -> None:
    one.closes_at = closes_at
    session.add(one)
    history.record(session, actor, history.Step(Event.CHANGE_ROUND, note=one.code))


def _check_times(opens_at: datetime, closes_at: datetime | None, announce_on: date | None) -> None:
    if closes_at is not None and closes_at <= opens_at:
        raise Invalid(N_("Giờ đóng phải ở sau giờ mở."))
    if announce_on is not None and closes_at is not None and announce_on < clock.legal_day(closes_at):
        raise Invalid(N_("Ngày công bố không được trước ngày đóng."))


def _check_first_day(session: Session, facts: RoundFacts) -> None:
    """An edition that two people published has a first day; the first one of a registry was there before."""
    found = publication_of(session, facts.edition_id)
    publication = found if found is not None and found.proposed_by is not None else None
    if publication is not None and clock.legal_day(facts.opens_at) < publication.valid_from:
        raise Invalid(
            N_("Bản tiêu chí này áp dụng từ %(day)s: đợt phải mở từ ngày đó trở đi."),
            day=f"{publication.valid_from:%d/%m/%Y}",
        )


def _require_office(actor: Actor) -> None:
    if Role.COORDINATOR not in actor.roles:
        raise NotAllowed(N_("Tài khoản của bạn không có quyền làm việc này."))

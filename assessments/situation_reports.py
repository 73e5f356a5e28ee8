"""The yearly report on the situation: the club writes the foreword, the figures come from the figures alone."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

from sqlmodel import Session

from assessments import history
from assessments.clock import now, today
from assessments.errors import N_, Invalid, NotAllowed, NotFound, WrongState
from assessments.models import SituationReport
from assessments.people import Actor, Role
from assessments.queries import situation_reports as queries
from assessments.queries import transparency as figures
from assessments.states import PeopleEvent

LONGEST = 6_000  # characters of a foreword
LONGEST_CORRECTION = 1_000


@dataclass(frozen=True)
class Words:
    """What the club says in its own words, in both languages; a correction says what was wrong before."""

    foreword_vi: str = ""
    foreword_en: str = ""
    correction_vi: str = ""
    correction_en: str = ""


def write(session: Session, actor: Actor, year: int, words: Words, seen: int) -> SituationReport:
    """Keep the words of a year's report; `seen` is the version that was before the person, 0 for a new draft.

    Refuses others than coordinators (NotAllowed), a year without figures (NotFound), one that is not over and a draft
    that was saved meanwhile (WrongState), too long a text (Invalid).
    """
    _require_office(actor)
    _require_past(session, year)
    _check_lengths(words)
    draft = queries.draft_of(session, year, lock=True)
    if (draft.version if draft else 0) != seen:
        raise WrongState(N_("Người khác vừa lưu báo cáo này. Tải lại trang để xem bản mới nhất."))
    if draft is None:
        draft = SituationReport(
            year=year, number=queries.last_number(session, year) + 1, version=0, written_by=actor.id
        )
    for one in fields(words):
        setattr(draft, one.name, getattr(words, one.name).strip())
    draft.version, draft.written_by, draft.written_at = draft.version + 1, actor.id, now()
    session.add(draft)
    session.flush()
    history.record(session, actor, history.Step(PeopleEvent.WRITE_REPORT, note=_named(draft)))
    return draft


def publish(session: Session, actor: Actor, year: int, seen: int) -> SituationReport:
    """Publish the draft with the figures of this moment; neither changes afterwards.

    Refuses as `write` does, a year without a draft (NotFound), and a report that lacks a foreword in one of the
    languages or does not say in both what it corrects (Invalid).
    """
    _require_office(actor)
    _require_past(session, year)
    draft = _draft(session, year, seen)
    if not (draft.foreword_vi and draft.foreword_en):
        raise Invalid(N_("Viết lời nói đầu bằng cả tiếng Việt và tiếng Anh rồi công bố."))
    if draft.number > 1 and not (draft.correction_vi and draft.correction_en):
        raise Invalid(N_("Ghi bằng cả hai thứ tiếng báo cáo này đính chính điều gì."))
    every = figures.everything(session)
    draft.figures = {str(one): dict(every.get(one, {})) for one in (year - 1, year) if one in every}
    draft.published_by, draft.published_at = actor.id, now()
    session.add(draft)
    session.flush()
    history.record(session, actor, history.Step(PeopleEvent.PUBLISH_REPORT, note=_named(draft)))
    return draft


def drop(session: Session, actor: Actor, year: int, seen: int) -> None:
    """Throw a draft away. Refuses others than coordinators (NotAllowed), a year without a draft (NotFound), and a
    draft that was saved meanwhile (WrongState).
    """
    _require_office(actor)
    draft = _draft(session, year, seen)
    note = _named(draft)
    session.delete(draft)
    session.flush()
    history.record(session, actor, history.Step(PeopleEvent.DROP_REPORT, note=note))


def keep(session: Session, report: SituationReport, documents: Mapping[str, tuple[str, int]]) -> None:
    """Say where the bytes of the document in each language are: (sha256, size). What is there stays."""
    for language, (sha256, size) in documents.items():
        if getattr(report, f"{language}_sha256") is None:
            setattr(report, f"{language}_sha256", sha256)
            setattr(report, f"{language}_size", size)
    session.add(report)
    session.flush()


def _draft(session: Session, year: int, seen: int) -> SituationReport:
    draft = queries.draft_of(session, year, lock=True)
    if draft is None:
        raise NotFound
    if draft.version != seen:
        raise WrongState(N_("Người khác vừa lưu báo cáo này. Tải lại trang để xem bản mới nhất."))
    return draft


def _require_past(session: Session, year: int) -> None:
    if year not in figures.everything(session):
        raise NotFound
    if year >= today().year:
        raise WrongState(N_("Báo cáo năm viết khi năm đó đã hết."))


def _check_lengths(words: Words) -> None:
    for one in fields(words):
        most = LONGEST if one.name.startswith("foreword") else LONGEST_CORRECTION
        if len(getattr(words, one.name)) > most:
            raise Invalid(N_("Nội dung quá dài: tối đa %(max)d ký tự."), max=most)


def _require_office(actor: Actor) -> None:
    if Role.COORDINATOR not in actor.roles:
        raise NotAllowed(N_("Tài khoản của bạn không có quyền làm việc này."))


def _named(report: SituationReport) -> str:
    return f"{report.year}/{report.number}"

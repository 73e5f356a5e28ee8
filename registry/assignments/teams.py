"""The proposed team in words: who, and what speaks for and against it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import ngettext

from assessments.queries.competences import Subject
from assessments.queries.participation import Candidate
from assessments.queries.teams import Team
from assessments.states import CompetenceField
from criteria.model import Edition
from registry.templating import bi


@dataclass(frozen=True)
class Proposal:
    """A team to accept with one click; `wanting` is empty where it needs no reason."""

    people: tuple[Candidate, ...]  # the lead first
    reasons: tuple[str, ...]
    wanting: str

    @property
    def lead(self) -> Candidate:
        """Who leads."""
        return self.people[0]


def in_words(team: Team, offered: Iterable[Candidate], edition: Edition, unpassed: int) -> Proposal:
    """The team as the page shows it; `unpassed` of it have not passed calibration."""
    by_id = {one.person.id: one for one in offered}
    tried = [untried(unpassed)] if unpassed else []
    reasons = (*_competence(team, edition), *tried, *_lead(team, by_id), *_load(team), *_pairs(team))
    wanting = names(edition, team.uncovered) or (tried[0] if tried else "")
    return Proposal(tuple(by_id[one] for one in team.people), reasons, wanting)


def untried(count: int) -> str:
    """How many people of a team have not passed calibration, as a sentence."""
    said: str = ngettext(
        "%(num)d người trong nhóm chưa qua chấm thử của bản tiêu chí này.",
        "%(num)d người trong nhóm chưa qua chấm thử của bản tiêu chí này.",
        count,
    )
    return said


def names(edition: Edition, those: Iterable[Subject]) -> str:
    """Categories and groups by their names, in one phrase."""
    return ", ".join(_name(edition, subject) for subject in those)


def label(one: Candidate) -> str:
    """Somebody in a list to choose from: the name with what counts for the choice."""
    cover = one.cover
    if cover.whole:
        fits = _("đủ năng lực")
    else:
        every = len(cover.held) + len(cover.expired) + len(cover.missing)
        fits = _("năng lực %(have)d/%(all)d", have=len(cover.held), all=every)
    busy = ngettext("đang chấm %(num)d hồ sơ", "đang chấm %(num)d hồ sơ", one.load) if one.load else _("rảnh")
    return f"{one.person.name} – {fits}, {busy}"


def _name(edition: Edition, subject: Subject) -> str:
    field, code = subject
    found = edition.category(code).short if field is CompetenceField.CATEGORY else edition.group(code).name
    return bi(found)


def _competence(team: Team, edition: Edition) -> Iterator[str]:
    if not team.uncovered:
        yield _("Cùng nhau đủ năng lực về loại sản phẩm và mọi nhóm tiêu chí áp dụng.")
    if team.out_of_reach:
        yield _(
            "Không nhóm nào đủ: chưa có người đánh giá không vướng lợi ích nào có năng lực về %(what)s.",
            what=names(edition, team.out_of_reach),
        )
    if within := [one for one in team.uncovered if one not in team.out_of_reach]:
        yield _("Còn thiếu %(what)s: muốn đủ phải thêm người.", what=names(edition, within))
    if team.larger:
        yield _("Thêm một người so với số tối thiểu, vì ít hơn thì thiếu năng lực.")


def _lead(team: Team, by_id: Mapping[UUID, Candidate]) -> Iterator[str]:
    lead = by_id[team.lead]
    most = lead.finished
    if most:
        yield ngettext(
            "%(name)s làm trưởng nhóm: đã chốt %(num)d lần đánh giá, nhiều nhất trong nhóm.",
            "%(name)s làm trưởng nhóm: đã chốt %(num)d lần đánh giá, nhiều nhất trong nhóm.",
            most,
            name=lead.person.name,
        )
    else:
        yield _("%(name)s làm trưởng nhóm: chưa ai trong nhóm từng chốt đánh giá nào.", name=lead.person.name)


def _load(team: Team) -> Iterator[str]:
    if team.load:
        yield ngettext(
            "Cả nhóm đang chấm %(num)d hồ sơ.",
            "Cả nhóm đang chấm %(num)d hồ sơ.",
            team.load,
        )
    else:
        yield _("Không ai trong nhóm đang chấm hồ sơ nào.")


def _pairs(team: Team) -> Iterator[str]:
    if team.repeats:
        yield ngettext(
            "Trong hai năm qua đã cùng đánh giá %(num)d hồ sơ; nhóm khác thì thiếu năng lực hoặc bận hơn.",
            "Trong hai năm qua đã cùng đánh giá %(num)d hồ sơ; nhóm khác thì thiếu năng lực hoặc bận hơn.",
            team.repeats,
        )
    else:
        yield _("Trong hai năm qua chưa cùng đánh giá hồ sơ nào.")

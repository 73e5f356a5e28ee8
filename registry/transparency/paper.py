"""The yearly report as PDF in one language: foreword, what the figures say, the figures themselves."""

from datetime import datetime

from flask_babel import force_locale
from flask_babel import gettext as _

from assessments import clock
from assessments.models import SituationReport
from registry import identity
from registry.config import Settings
from registry.documents.paper import Paper
from registry.templating import day
from registry.transparency.report import Part, told

WIDTHS = (110, 32, 32)  # millimetres


def render(report: SituationReport, settings: Settings, language: str) -> bytes:
    """The document of a published report; the same report gives the same bytes."""
    published = report.published_at
    assert published is not None  # noqa: S101  only what is published is made
    at = published.astimezone(clock.VIETNAM)
    with force_locale(language):
        content = told(report)
        title = _("Báo cáo tình hình năm %(year)s", year=str(report.year))
        paper = Paper(title, f"{title} · {day(published)}", at)
        paper.set_lang(language)
        _head(paper, report, settings, title)
        _own_words(paper, content.foreword, content.correction)
        if content.alone:
            paper.space(3)
            paper.say(_("Không có số liệu năm trước để so."), faded=True)
        for part in content.parts:
            _part(paper, part, report.year)
        paper.space(4)
        paper.say(
            _("Số liệu do phần mềm đếm, như vào ngày công bố. Không nêu tên ai. Dấu – là chưa có số liệu."),
            8.5,
            faded=True,
        )
    return bytes(paper.output())


def _head(paper: Paper, report: SituationReport, settings: Settings, title: str) -> None:
    published: datetime | None = report.published_at
    club = identity.on(clock.legal_day(published) if published else None)
    paper.say(club.name, 11, bold=True)
    if settings.demonstration:
        paper.say(_("Dữ liệu trình diễn: không có giá trị."), 10, bold=True)
    paper.space(5)
    paper.say(title, 18, bold=True)
    paper.say(_("Công bố ngày %(day)s.", day=day(published)), 10, faded=True)


def _own_words(paper: Paper, foreword: str, correction: str) -> None:
    if correction:
        paper.space(3)
        paper.say(_("Báo cáo này thay bản trước. Đính chính: %(what)s", what=correction), 10, bold=True)
    paper.space(4)
    paper.say(_("Lời nói đầu"), 12, bold=True)
    for paragraph in filter(None, (one.strip() for one in foreword.split("\n\n"))):
        paper.space(1.5)
        paper.say(paragraph)


def _part(paper: Paper, part: Part, year: int) -> None:
    paper.space(5)
    paper.keep_together(40)
    paper.say(part.topic.title, 12, bold=True)
    paper.space(1)
    paper.say(" ".join(part.sentences))
    paper.say(part.topic.note, 8.5, faded=True)
    if part.rows:
        paper.space(1)
        if part.before is None:
            paper.listing((_("Việc"), str(year)), [(label, now) for label, _then, now in part.rows], WIDTHS[:2])
        else:
            paper.listing((_("Việc"), str(year - 1), str(year)), part.rows, WIDTHS)

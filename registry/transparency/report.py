"""What a yearly report is made of, for its page and its document alike."""

from collections.abc import Mapping
from dataclasses import dataclass

from assessments.models import SituationReport
from registry.i18n import lang
from registry.transparency import sentences, topics
from registry.transparency.topics import Figures, Topic


@dataclass(frozen=True)
class Part:
    """One topic: its sentences, and its figures beside those of the year before."""

    topic: Topic
    before: Topic | None
    sentences: tuple[str, ...]

    @property
    def rows(self) -> list[tuple[str, str, str]]:
        """Each item: what it is called, the year before, the year; none where both years have nothing."""
        if self.topic.is_silent and (self.before is None or self.before.is_silent):
            return []
        return [(item.label, self._then(item.code), item.short) for item in self.topic.items]

    def _then(self, code: str) -> str:
        known = self.before[code] if self.before else None
        return known.short if known else topics.DASH


@dataclass(frozen=True)
class Told:
    """A report in the current language."""

    year: int
    foreword: str
    correction: str
    parts: tuple[Part, ...]

    @property
    def alone(self) -> bool:
        """Whether there are no figures of the year before."""
        return all(part.before is None for part in self.parts)


def told(report: SituationReport, figures: Mapping[int, Figures] | None = None) -> Told:
    """A report from the figures it was published with; a draft is given those of today."""
    known = figures or {int(year): found for year, found in report.figures.items()}
    year, english = report.year, lang() == "en"
    return Told(
        year,
        report.foreword_en if english else report.foreword_vi,
        report.correction_en if english else report.correction_vi,
        tuple(parts(known.get(year, {}), known.get(year - 1))),
    )


def parts(figures: Figures, before: Figures | None) -> list[Part]:
    """The topics of a year with what they say."""
    earlier = {one.code: one for one in topics.topics(before)} if before else {}
    return [
        Part(one, earlier.get(one.code), tuple(sentences.said(one, earlier.get(one.code))))
        for one in topics.topics(figures)
    ]

"""The guidance of a criterion: advice in four parts under fixed headings, beside the norm and no part of it."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from criteria.model import Bilingual, Guidance

# The section, and the heading of each part by the field of Guidance it fills, in the order they are read.
SECTIONS = {"vi": "## Hướng dẫn", "en": "## Guidance"}
HEADINGS = {
    "vi": {
        "look_for": "### Người đánh giá xem gì",
        "evidence": "### Bằng chứng tốt",
        "mistakes": "### Lỗi thường gặp",
        "example": "### Ví dụ",
    },
    "en": {
        "look_for": "### What reviewers look for",
        "evidence": "### Good evidence",
        "mistakes": "### Common mistakes",
        "example": "### An example",
    },
}


@dataclass(frozen=True, slots=True)
class Passage:
    """What stands under one heading of the section, and its line; no heading for words above the first."""

    heading: str
    text: str
    line: int


def passages(lines: Sequence[str], first: int) -> tuple[Passage, ...]:
    """The section cut at its headings; `lines` follow the heading of the section, the first of them has the number
    `first`. Blank lines above the first heading are no passage."""
    cuts = [*(index for index, line in enumerate(lines) if line.startswith("#")), len(lines)]
    above = [index for index, line in enumerate(lines[: cuts[0]]) if line.strip()]
    headed = tuple(
        Passage(heading(lines[cut]), _text(lines[cut + 1 : end]), first + cut) for cut, end in pairwise(cuts)
    )
    return (Passage("", _text(lines[: cuts[0]]), first + above[0]), *headed) if above else headed


def _text(lines: Sequence[str]) -> str:
    return "\n".join(lines).strip()


def heading(line: str) -> str:
    """A line as it is compared with the headings: in the composed form, without blanks around it."""
    return unicodedata.normalize("NFC", line.strip())


def faults(found: Sequence[Passage], lang: str, section_line: int) -> Iterable[tuple[int, str]]:
    """What is wrong with the section of one text, as line and sentence."""
    headings = HEADINGS[lang].values()
    first: dict[str, int] = {}
    for passage in found:
        if not passage.heading:
            yield passage.line, "These words stand above the first part of the guidance."
        elif passage.heading not in headings:
            yield passage.line, f"The guidance has no part {passage.heading}."
        elif first.setdefault(passage.heading, passage.line) != passage.line:
            yield passage.line, f"{passage.heading} stands twice, first at line {first[passage.heading]}."
        elif not passage.text:
            yield passage.line, f"{passage.heading} is empty."
    yield from ((section_line, f"The guidance lacks {part}.") for part in headings if part not in first)


def guidance(found: dict[str, Sequence[Passage]]) -> Guidance | None:
    """The guidance of a criterion from its passages by language; None while any part lacks in any language."""
    texts = {lang: {passage.heading: passage.text for passage in found[lang]} for lang in HEADINGS}
    parts = {
        part: Bilingual(*(texts[lang].get(headings[part], "") for lang, headings in HEADINGS.items()))
        for part in HEADINGS["vi"]
    }
    return Guidance(**parts) if all(text.vi and text.en for text in parts.values()) else None


def as_text(advice: Guidance) -> Bilingual:
    """All four parts under their titles as one text in each language, for a cell or a file that has no headings."""
    return Bilingual(
        *(
            "\n\n".join(f"{title.lstrip('# ')}\n{getattr(advice, part).get(lang)}" for part, title in headings.items())
            for lang, headings in HEADINGS.items()
        )
    )

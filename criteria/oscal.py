"""An edition as a catalog of NIST OSCAL: each criterion a control, its text, guidance and numbers where OSCAL has them.

One language a document, as OSCAL knows one. The same edition and language give the same document and the same UUIDs,
which are made from the digest of the edition: other normative content is another catalog.
"""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from criteria.digest import digest
from criteria.model import Band, Bilingual, Criterion, Edition, Group

OSCAL = "1.2.1"  # the version of the models it is written for
SPACE = uuid.UUID("8c7d2f6e-3b1a-5a52-9e0f-6b2f0a4d9c11")  # made once, for this register

Data = dict[str, Any]


@dataclass(frozen=True)
class Publisher:
    """Who publishes the catalog, and under which addresses: `names` is the namespace of what OSCAL has no name for."""

    name: str
    names: str
    site: str
    modified: datetime


def catalog(edition: Edition, lang: str, by: Publisher) -> Data:
    """The document: {"catalog": ...}. Takes an edition, a language of it and who publishes; refuses nothing.

    Source: NIST OSCAL, catalog model, https://pages.nist.gov/OSCAL/.
    """
    return _Writer(edition, lang, by).document()


@dataclass(frozen=True)
class _Writer:
    edition: Edition
    lang: str
    by: Publisher

    def document(self) -> Data:
        catalog = {
            "uuid": self._uuid("catalog"),
            "metadata": self._metadata(),
            "params": self._params(),
            "groups": [self._group(group, criteria) for group, criteria in self.edition.by_group()],
            "back-matter": {"resources": self._resources()},
        }
        return {"catalog": catalog}

    def _metadata(self) -> Data:
        edition, party = self.edition, self._uuid("publisher")
        return {
            "title": self._text(edition.name),
            "published": f"{edition.in_force_from.isoformat()}T00:00:00+07:00",
            "last-modified": self.by.modified.isoformat(),
            "version": edition.version,
            "oscal-version": OSCAL,
            "document-ids": [{"scheme": self.by.names, "identifier": edition.id}],
            "props": [
                self._prop("edition", edition.id),
                self._prop("digest", digest(edition)),
                self._prop("language", self.lang),
                self._prop("reconstruction", _yes(edition.reconstruction)),
            ],
            "links": [{"href": f"{self.by.site}/criteria/{edition.id}", "rel": "canonical"}],
            "roles": [{"id": "publisher", "title": "Nơi công bố" if self.lang == "vi" else "Publisher"}],
            "parties": [{"uuid": party, "type": "organization", "name": self.by.name}],
            "responsible-parties": [{"role-id": "publisher", "party-uuids": [party]}],
            "remarks": self._text(edition.notice),
        }

    def _params(self) -> list[Data]:
        """What the whole edition turns on: from which score a criterion is met, and what each level asks."""
        found = [self._param("pass-mark", "Điểm đạt", "Pass mark", str(self.edition.pass_mark))]
        for level in self.edition.levels:
            for key, (vietnamese, english) in _ASKED.items():
                name, value = f"{level.code}-{key}".lower().replace("_", "-"), str(getattr(level, key))
                label = Bilingual(f"{vietnamese} ({level.label.vi})", f"{english} ({level.label.en})")
                found.append(self._param(name, label.vi, label.en, value))
        return found

    def _group(self, group: Group, criteria: Iterable[Criterion]) -> Data:
        return {
            "id": group.code.lower(),
            "class": "group",
            "title": self._text(group.name),
            "props": [self._prop("label", group.code, ours=False), self._prop("weight", str(group.weight))],
            "parts": [self._part(f"{group.code.lower()}_overview", "overview", self._text(group.explanation))],
            "controls": [self._control(one) for one in criteria],
        }

    def _control(self, one: Criterion) -> Data:
        code = one.code.lower()
        control = {
            "id": code,
            "class": "criterion",
            "title": self._text(one.title),
            "params": [self._band(code, band) for band in self._bands(one)],
            "props": list(self._props(one)),
            "links": [{"href": f"#{self._uuid('source', source)}", "rel": "reference"} for source in one.sources],
            "parts": list(self._parts(one)),
        }
        return {key: value for key, value in control.items() if value}

    def _props(self, one: Criterion) -> Iterator[Data]:
        yield self._prop("label", one.code, ours=False)
        yield self._prop("sort-id", one.code.lower(), ours=False)
        yield self._prop("weight", str(one.weight))
        yield self._prop("critical", _yes(one.critical))
        yield self._prop("not-applicable-allowed", _yes(one.na_allowed))
        if one.applies_if:
            yield self._prop("applies-if", one.applies_if)
        for category, flag in one.applies_if_for:
            yield {**self._prop("applies-if", flag), "class": category}
        for name, codes in (
            ("category", one.categories),
            ("evidence", one.evidence),
            ("related-risk", one.related_risks),
            ("protects-from", one.protects_from),
            ("replaces", one.replaces),
        ):
            yield from (self._prop(name, code) for code in codes)

    def _parts(self, one: Criterion) -> Iterator[Data]:
        code = one.code.lower()
        yield self._part(f"{code}_smt", "statement", self._text(one.requirement))
        if bands := self._bands(one):
            lines = [f"- {band.score}: {{{{ insert: param, {_band_id(code, band)} }}}}" for band in bands]
            yield {**self._part(f"{code}_bands", "measured-bands", "\n".join(lines)), "ns": self.by.names}
        if one.guidance:
            parts = [
                {
                    **self._part(f"{code}_gdn_{key.replace('_', '-')}", key.replace("_", "-"), self._text(text)),
                    "ns": self.by.names,
                    "title": title.vi if self.lang == "vi" else title.en,
                }
                for key, title in _ADVICE.items()
                for text in [getattr(one.guidance, key)]
            ]
            yield {"id": f"{code}_gdn", "name": "guidance", "parts": parts}

    def _bands(self, one: Criterion) -> tuple[Band, ...]:
        table = self.edition.band_table(one.code)
        return table.bands if table else ()

    def _band(self, code: str, band: Band) -> Data:
        label = f"Phần trăm đo được cho điểm {band.score}" if self.lang == "vi" else f"Percent for score {band.score}"
        note = [{"prose": self._text(band.note)}] if band.note else []
        found = {"id": _band_id(code, band), "label": label, "guidelines": note, "values": [_range(band)]}
        return {key: value for key, value in found.items() if value}

    def _resources(self) -> list[Data]:
        sources = sorted({source for one in self.edition.criteria for source in one.sources})
        cited = [
            {"uuid": self._uuid("source", source), "title": source, "citation": {"text": source}} for source in sources
        ]
        page = f"{self.by.site}/criteria/{self.edition.id}"
        whole = {
            "uuid": self._uuid("edition"),
            "title": self._text(self.edition.name),
            "rlinks": [{"href": page, "media-type": "text/html"}],
        }
        return [whole, *cited]

    def _param(self, name: str, vietnamese: str, english: str, value: str) -> Data:
        return {"id": name, "label": vietnamese if self.lang == "vi" else english, "values": [value]}

    def _part(self, part_id: str, name: str, prose: str) -> Data:
        return {"id": part_id, "name": name, "prose": prose}

    def _prop(self, name: str, value: str, *, ours: bool = True) -> Data:
        """A property; all but a few of OSCAL's own stand in our namespace."""
        return {"name": name, **({"ns": self.by.names} if ours else {}), "value": value}

    def _text(self, text: Bilingual) -> str:
        return text.get(self.lang).strip()

    def _uuid(self, *names: str) -> str:
        """The UUID of a thing of this edition in this language, the same for ever."""
        return str(uuid.uuid5(SPACE, "\n".join([digest(self.edition), self.lang, *names])))


def _band_id(code: str, band: Band) -> str:
    return f"{code}_band_{band.score}"


def _range(band: Band) -> str:
    """The percents of a band: "≥ 80 %, ≤ 89.9 %"."""
    bounds = (("≥", band.at_least), (">", band.above), ("≤", band.at_most), ("<", band.below))
    return ", ".join(f"{sign} {format(value.normalize(), 'f')} %" for sign, value in bounds if value is not None)


def _yes(value: bool) -> str:  # noqa: FBT001  it is the only thing said
    return "yes" if value else "no"


_ASKED = {
    "critical_min": ("Điểm thấp nhất của tiêu chí trọng yếu", "Lowest score of a critical criterion"),
    "any_min": ("Điểm thấp nhất của mọi tiêu chí", "Lowest score of any criterion"),
    "group_min": ("Phần trăm thấp nhất của mỗi nhóm", "Lowest percent of each group"),
    "overall_min": ("Phần trăm chung thấp nhất", "Lowest overall percent"),
}
_ADVICE = {
    "look_for": Bilingual("Người đánh giá xem gì", "What reviewers look for"),
    "evidence": Bilingual("Bằng chứng tốt", "Good evidence"),
    "mistakes": Bilingual("Lỗi thường gặp", "Common mistakes"),
    "example": Bilingual("Ví dụ", "An example"),
}

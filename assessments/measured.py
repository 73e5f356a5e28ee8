"""Measured blocking results: what a figure must say, its shares with their margins, and one shape for every reader.

The shape (`content["measured"]` of a certificate and of its listing, `measured` of /c/<number>.json), one entry each:

key          the fingerprint of what was declared: the same figure has the same key everywhere
age_band, topic, test_list, method, version, tester, measured_by, tested_on    as declared; about is adult or other
checked      shown (the reviewers found it in the evidence), repeated (they measured again and agree), own (they
             measured it), or "" of certificates from before reviewers checked figures one by one
must_block   {tried, blocked, percent, low, high}: of what should be blocked; a higher share is better
must_pass    the same of what should not be blocked; a lower share is better

Percents are text with one decimal and never flatter: shares of what should be blocked are cut, shares of what should
not are raised. low and high are the 95 percent interval of Wilson (1927): results whose intervals overlap may be equal.
"""

import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from assessments.errors import N_
from assessments.folding import words
from assessments.profile import BlockingResult
from criteria.model import Edition

SHOWN, REPEATED, NOT_SHOWN = "shown", "repeated", "not_shown"  # what reviewers found of a declared figure
FOUND = (SHOWN, REPEATED, NOT_SHOWN)
OWN = "own"
MOST_OWN = 10  # results of the reviewers' own
MOST_YEARS = 3  # older figures say nothing of what is sold now
MOST_TRIED = 10_000_000
LABORATORY = "laboratory"
CRITERIA = ("HN-01", "HN-02")  # correct and wrong blocking: who must meet them is expected to measure

_ADULT = {"adult", "pornography", "porn", "khieu", "lon"}  # folded words of a topic: khiêu dâm, người lớn
_Z = 1.96
_TENTH = Decimal("0.1")

Fault = tuple[str, str, dict[str, Any]]  # field, msgid, values


def fault(row: Mapping[str, Any], today: date) -> Fault | None:
    """The first thing that is wrong with a figure whose parts are all given, None where nothing is.

    Takes a row as BlockingResult keeps it. Counts lie between 1 and MOST_TRIED, blocked within tried; the day is
    neither to come nor more than MOST_YEARS years gone; a laboratory is named.
    """
    return _uncounted(row) or _undated(row["tested_on"], today) or _unnamed(row)


def key_of(row: Mapping[str, Any]) -> str:
    """The fingerprint of a declared figure: a figure that is changed has another."""
    told = {name: row.get(name, "") for name in NAMES}
    return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]


def declared(profile: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The figures of a stored profile, every part present."""
    return [asdict(BlockingResult(**row)) for row in profile.get("blocking") or ()]


def unchecked(profile: Mapping[str, Any], judged: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The declared figures that the reviewers have not judged; `judged` is Recommendation.measured."""
    found = judged.get("found", {})
    return [row for row in declared(profile) if found.get(key_of(row)) not in FOUND]


def published(profile: Mapping[str, Any], judged: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """What may be shown: figures the reviewers did not find in the evidence are left out, their own are added.

    Without a judgement (None, of certificates from before there was one) everything declared is shown as unchecked.
    """
    if judged is None:
        return [_told(row, "") for row in declared(profile)]
    found = judged.get("found", {})
    kept = [_told(row, found[key_of(row)]) for row in declared(profile) if found.get(key_of(row)) in (SHOWN, REPEATED)]
    return kept + [_told(row, OWN) for row in judged.get("own", ())]


def told(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The results that the content of a certificate has, in the shape of this module's opening."""
    found: list[dict[str, Any]] | None = content.get("measured")
    return published(content["profile"], None) if found is None else found


def expected(edition: Edition, categories: Iterable[str]) -> bool:
    """Whether products of these categories are judged by what they block."""
    asked = {code for one in edition.criteria if one.code in CRITERIA for code in one.categories}
    return bool(asked & set(categories))


def _told(row: Mapping[str, Any], checked: str) -> dict[str, Any]:
    counts = {"harmful_tried", "harmful_blocked", "harmless_tried", "harmless_blocked"}
    return {
        "key": key_of(row),
        **{name: row.get(name, "") for name in NAMES if name not in counts},
        "about": "adult" if set(words(row["topic"])) & _ADULT else "other",
        "checked": checked,
        "must_block": _share(row["harmful_blocked"], row["harmful_tried"], ROUND_FLOOR),
        "must_pass": _share(row["harmless_blocked"], row["harmless_tried"], ROUND_CEILING),
    }


def share(blocked: int, tried: int, rounding: str) -> Decimal:
    """A percent with one decimal; ROUND_FLOOR for what should be blocked, ROUND_CEILING for what should not."""
    return (Decimal(100 * blocked) / Decimal(tried)).quantize(_TENTH, rounding)


def _share(blocked: int, tried: int, rounding: str) -> dict[str, Any]:
    """A share with its margin; nothing was tried: no share."""
    if not tried:
        return {"tried": 0, "blocked": 0, "percent": "", "low": "", "high": ""}
    low, high = _interval(blocked, tried)
    return {
        "tried": tried,
        "blocked": blocked,
        "percent": str(share(blocked, tried, rounding)),
        "low": str(low),
        "high": str(high),
    }


def _interval(blocked: int, tried: int) -> tuple[Decimal, Decimal]:
    """Wilson, E. B. (1927): the score interval, in percent with one decimal, never narrower than it is."""
    part, square = blocked / tried, _Z * _Z
    centre = part + square / (2 * tried)
    half = _Z * math.sqrt(part * (1 - part) / tried + square / (4 * tried * tried))
    low, high = ((centre - half) / (1 + square / tried), (centre + half) / (1 + square / tried))
    # At the ends the sums leave dust behind: 0 of 400 is from 0, 400 of 400 up to 100.
    low, high = (0.0 if blocked == 0 else low), (1.0 if blocked == tried else high)
    cut = Decimal(repr(round(100 * low, 6))).quantize(_TENTH, ROUND_FLOOR)
    raised = Decimal(repr(round(100 * high, 6))).quantize(_TENTH, ROUND_CEILING)
    return max(cut, Decimal("0.0")), min(raised, Decimal("100.0"))


def _uncounted(row: Mapping[str, Any]) -> Fault | None:
    for kind in ("harmful", "harmless"):
        tried, blocked = row[f"{kind}_tried"], row[f"{kind}_blocked"]
        if not 1 <= tried <= MOST_TRIED:
            return f"{kind}_tried", N_("Ghi số đã thử, từ 1 đến %(max)d: phải thử cả trang xấu và trang lành."), _MOST
        if not 0 <= blocked <= tried:
            return f"{kind}_blocked", N_("Số này không thể lớn hơn số đã thử (%(n)d)."), {"n": tried}
    return None


def _undated(tested_on: str, today: date) -> Fault | None:
    tested = date.fromisoformat(tested_on)
    if tested > today:
        return "tested_on", N_("Ngày đo không thể ở sau hôm nay."), {}
    if tested < _years_before(today, MOST_YEARS):
        return "tested_on", N_("Kết quả đo đã quá %(n)d năm. Đo lại rồi ghi kết quả mới."), {"n": MOST_YEARS}
    return None


def _unnamed(row: Mapping[str, Any]) -> Fault | None:
    if row.get("measured_by") == LABORATORY and not row.get("tester"):
        return "tester", N_("Ghi tên phòng thử nghiệm đã đo."), {}
    return None


def _years_before(day: date, years: int) -> date:
    return day.replace(year=day.year - years, day=min(day.day, 28))


NAMES = tuple(one.name for one in fields(BlockingResult))
_MOST = {"max": MOST_TRIED}

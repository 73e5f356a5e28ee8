"""What each field of the product profile takes from a stranger's document: the rules of the forms, without a form."""

import json
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from assessments import measured as figures
from assessments.clock import today
from assessments.errors import N_, Invalid
from assessments.evidence import checked_url
from assessments.profile import ADVERTS, DENIED, LANGUAGES, MADE_IN_VIETNAM, MEASURED_BY, MOST_ROWS, PLACE, Profile
from assessments.texts import one_line, tidy
from criteria.model import Edition

LONGEST: dict[str, int] = {  # characters, as the forms of the profile take them
    **dict.fromkeys(("name_vi", "name_en"), 200),
    **dict.fromkeys(("short_vi", "short_en", "support_contact"), 300),
    **dict.fromkeys(("description_vi", "description_en"), 5000),
    "version": 60,
    **dict.fromkeys(("price_note_vi", "price_note_en", "made_in_ground"), 500),
    **dict.fromkeys(("removal_vi", "removal_en"), 2000),
}
MANY_LINES = {
    *("short_vi", "short_en", "description_vi", "description_en"),
    *("made_in_ground", "removal_vi", "removal_en"),
}
LONGEST_ADDRESS = 400
MOST_ADDRESSES = 20
LONGEST_CELL = 300  # characters of a text in a row of data or permissions
LONGEST_NAME = 200  # of a test list or a topic
MOST_DAYS = 36_500
MOST_COUNTED = 999_999_999
NOT_TAKEN = "none"  # the edition's code for "takes nothing"; here an empty list that was answered
FLAGS = ("flags", DENIED, "flags_answered")  # one answer in three fields
DATA = ("data", "data_answered")
NAMES = (*Profile.__dataclass_fields__, DENIED)

WRITTEN_YES = {"x", "có", "co", "yes", "y", "true", "đúng", "1"}
WRITTEN_NO = {"", "không", "khong", "no", "n", "false", "sai", "0"}
NOT_TEXT = N_("Chỗ này phải là chữ.")
NOT_KNOWN = N_("Mã “%(code)s” không có trong bản tiêu chí này.")
NOT_A_LIST = N_("Chỗ này phải là một danh sách.")
NOT_A_ROW = N_("Dòng này phải là một nhóm “tên ô: giá trị”.")

Row = Callable[[Mapping[str, Any], Edition], dict[str, Any]]


@dataclass(frozen=True)
class Remark:
    """Something of a document that was left out: why (msgid and values), and at which place of the document."""

    message: str
    place: str
    values: dict[str, Any] = field(default_factory=dict)


def text(value: Any, longest: int, *, lines: bool = False) -> str:
    """A text as a form would have it; numbers are written out. Refuses (Invalid) other things and longer texts."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise Invalid(NOT_TEXT)
    found: str = tidy(value) if lines else one_line(value)
    if len(found) > longest:
        raise Invalid(N_("Dài quá %(max)d ký tự."), max=longest)
    return found


def is_true(value: Any) -> bool:
    """A yes or no, as JSON has it or as people write it in a table. Refuses (Invalid) other words."""
    if isinstance(value, bool) or value is None:
        return bool(value)
    word = one_line(str(value)).casefold()
    if word in WRITTEN_YES | WRITTEN_NO:
        return word in WRITTEN_YES
    raise Invalid(N_("Ghi “có” hoặc “không”."))


def day(value: Any) -> str:
    """A day as ISO 8601 has it; 22/11/2026 is read too. Refuses (Invalid) what is no day of the calendar."""
    written = text(value, 40).split("T")[0]
    if parts := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", written, re.ASCII):
        written = f"{parts[3]}-{int(parts[2]):02d}-{int(parts[1]):02d}"
    try:
        return date.fromisoformat(written).isoformat() if written else ""
    except ValueError as error:
        raise Invalid(N_("Ngày chưa đúng. Ghi năm-tháng-ngày, ví dụ 2026-11-22.")) from error


def address(value: Any) -> str:
    """An https address; "" where there is none. Refuses (Invalid) as evidence.checked_url() does, and longer ones."""
    written = text(value, LONGEST_ADDRESS)
    return checked_url(written) if written else ""


def chosen(value: Any, known: Collection[str]) -> str:
    """One code of a list; "" where there is none. Refuses (Invalid) an unknown one."""
    code = text(value, LONGEST_NAME)
    if code and code not in known:
        raise Invalid(NOT_KNOWN, code=code[:40])
    return code


def listed(value: Any) -> list[Any]:
    """A list; a text counts as one entry a line. Refuses (Invalid) other things and more than a profile holds."""
    if isinstance(value, str):
        value = [line for line in value.splitlines() if line.strip()]
    if not isinstance(value, list):
        raise Invalid(NOT_A_LIST)
    if len(value) > MOST_ROWS:
        raise Invalid(N_("Nhiều nhất %(most)d dòng."), most=MOST_ROWS)
    return value


def count(value: Any) -> int:
    """A whole number from 0 on, written as a number or as digits. Refuses (Invalid) anything else."""
    written = text(value, 12)
    if not (written.isascii() and written.isdecimal()) or int(written) > MOST_COUNTED:
        raise Invalid(N_("Ghi một số nguyên từ 0 trở lên."))
    return int(written)


def taken(row: Mapping[str, Any], edition: Edition) -> dict[str, Any]:
    """One kind of data the product takes."""
    known = {one.code for one in edition.data_taken} - {NOT_TAKEN}
    kept = row.get("kept_days")
    days = None if kept in (None, "") else count(kept)
    if days is not None and days > MOST_DAYS:
        raise Invalid(N_("Ghi một số ngày từ 0 đến %(max)d."), max=MOST_DAYS)
    return {
        "kind": _required(chosen(row.get("kind", ""), known)),
        "purpose_vi": text(row.get("purpose_vi", ""), LONGEST_CELL),
        "purpose_en": text(row.get("purpose_en", ""), LONGEST_CELL),
        "optional": is_true(row.get("optional")),
        "kept_days": days,
        "shared_with": text(row.get("shared_with", ""), LONGEST_CELL),
    }


def asked(row: Mapping[str, Any], _edition: Edition) -> dict[str, Any]:
    """One permission asked of the device."""
    return {
        "name": _required(text(row.get("name", ""), 100)),
        "reason_vi": text(row.get("reason_vi", ""), LONGEST_CELL),
        "reason_en": text(row.get("reason_en", ""), LONGEST_CELL),
    }


def measured(row: Mapping[str, Any], edition: Edition) -> dict[str, Any]:
    """One measured blocking result, whole."""
    found: dict[str, Any] = {
        "test_list": _required(text(row.get("test_list", ""), LONGEST_NAME)),
        "tested_on": _required(day(row.get("tested_on", ""))),
        "age_band": _required(chosen(row.get("age_band", ""), {one.code for one in edition.age_bands})),
        "topic": _required(text(row.get("topic", ""), LONGEST_NAME)),
        **{f"{kind}_{what}": count(row.get(f"{kind}_{what}")) for kind, what in _COUNTS},
        "measured_by": _required(chosen(row.get("measured_by", ""), MEASURED_BY)),
        "method": _required(text(row.get("method", ""), LONGEST_CELL)),
        "version": _required(text(row.get("version", ""), LONGEST["version"])),
        "tester": text(row.get("tester", ""), LONGEST_NAME),
    }
    if fault := figures.fault(found, today()):
        raise Invalid(fault[1], **fault[2])
    return found


_COUNTS = (("harmful", "tried"), ("harmful", "blocked"), ("harmless", "tried"), ("harmless", "blocked"))
_ROWS: dict[str, Row] = {"data": taken, "permissions": asked, "blocking": measured}


class Reader:
    """Reads the profile of one document against one edition; what cannot be used is remarked, never guessed."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self.remarks: list[Remark] = []

    def profile(self, raw: Any) -> dict[str, Any]:
        """The fields that say something, as Application.profile keeps them."""
        if not isinstance(raw, Mapping):
            self.remark(Invalid(NOT_A_ROW), PLACE)
            return {}
        found = {name: self._field(name, value) for name, value in raw.items() if self._is_known(name)}
        return _given(_whole(found, self.edition))

    def remark(self, refusal: Invalid, place: str) -> None:
        """Write down why something was left out."""
        self.remarks.append(Remark(refusal.message, place, refusal.values))

    def _is_known(self, name: Any) -> bool:
        if name in NAMES:
            return True
        self.remark(Invalid(N_("Không có ô nào tên như vậy.")), f"{PLACE}.{str(name)[:60]}")
        return False

    def _field(self, name: str, value: Any) -> Any:
        if value is None:
            return None
        try:
            return self._read(name, value)
        except Invalid as refusal:
            self.remark(refusal, f"{PLACE}.{name}")
            return None

    def _read(self, name: str, value: Any) -> Any:
        if name in LONGEST:
            return text(value, LONGEST[name], lines=name in MANY_LINES)
        if name in _ROWS:
            return self._rows(name, value)
        if name in (codes := self._codes()):
            return self._each(name, value, lambda one: chosen(one, codes[name]))
        return self._single(name, value)

    def _single(self, name: str, value: Any) -> Any:
        if name == "store_links":
            return self._each(name, value, address)[:MOST_ADDRESSES]
        if name in {"flags_answered", "data_answered"}:
            return is_true(value)
        if name == "website":
            return address(value)
        return day(value) if name == "version_date" else chosen(value, self._words()[name])

    def _each(self, name: str, value: Any, read: Callable[[Any], str]) -> list[str]:
        found: dict[str, None] = {}
        for number, one in enumerate(listed(value)):
            try:
                found.setdefault(read(one))
            except Invalid as refusal:
                self.remark(refusal, f"{PLACE}.{name}[{number}]")
        return [one for one in found if one]

    def _rows(self, name: str, value: Any) -> list[dict[str, Any]]:
        found = []
        for number, one in enumerate(listed(value)):
            try:
                found.append(_ROWS[name](_row(one), self.edition))
            except Invalid as refusal:
                self.remark(refusal, f"{PLACE}.{name}[{number}]")
        return found

    def _codes(self) -> dict[str, Collection[str]]:
        flags = [one.code for one in self.edition.flags]
        return {
            "categories": [one.code for one in self.edition.categories],
            "platforms": [one.code for one in self.edition.platforms],
            "ages": [one.code for one in self.edition.age_bands],
            "languages": LANGUAGES,
            "flags": flags,
            DENIED: flags,
        }

    def _words(self) -> dict[str, Collection[str]]:
        return {
            "price_model": [one.code for one in self.edition.price_models],
            "adverts": ADVERTS,
            "made_in_vietnam": MADE_IN_VIETNAM,
        }


def _row(one: Any) -> Mapping[str, Any]:
    if isinstance(one, str):
        try:
            one = json.loads(one)
        except (ValueError, RecursionError) as error:
            raise Invalid(NOT_A_ROW) from error
    if not isinstance(one, Mapping):
        raise Invalid(NOT_A_ROW)
    return one


def _required(value: str) -> str:
    if not value:
        raise Invalid(N_("Dòng này còn thiếu ô cần điền."))
    return value


def _whole(found: dict[str, Any], edition: Edition) -> dict[str, Any]:
    """Fields that are one answer together come together, in the order of the edition."""
    order = [flag.code for flag in edition.flags]
    if any(found.get(name) for name in FLAGS):
        yes, answered = set(found.get("flags") or ()), bool(found.get("flags_answered"))
        no = set(order) - yes if answered else set(found.get(DENIED) or ()) - yes
        found["flags"] = [code for code in order if code in yes]
        found[DENIED] = [code for code in order if code in no]
        found["flags_answered"] = answered or len(yes) + len(no) == len(order)
    if any(found.get(name) for name in DATA):
        found["data"] = found.get("data") or []
        found["data_answered"] = True
    return found


def _given(found: Mapping[str, Any]) -> dict[str, Any]:
    """Without what is empty: an empty place of a document takes nothing away."""
    together = {name for group in (FLAGS, DATA) if any(found.get(one) for one in group) for name in group}
    return {name: value for name, value in found.items() if name in together or value not in (None, "", [], False)}

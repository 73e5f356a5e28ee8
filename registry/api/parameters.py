"""What an address of the API may ask for: declared once, read from the query, and written into the description."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from werkzeug.datastructures import MultiDict

from assessments.errors import N_
from assessments.queries.open_data import TOLD
from assessments.states import CertificateStatus
from registry.api import cursors

USUAL, MOST = 20, 100  # items on a page
MANY = 20  # values of one parameter
STATUSES = tuple(one for one in CertificateStatus if one is not CertificateStatus.SCHEDULED)
LISTED = tuple(one for one in STATUSES if one is not CertificateStatus.SUPERSEDED)  # of a product


class BadParameter(Exception):
    """A parameter that cannot be used: its name, and what is wrong with it as a msgid."""

    def __init__(self, name: str, said: str) -> None:
        super().__init__(name)
        self.name, self.said = name, said


@dataclass(frozen=True)
class Kind:
    """A kind of value: its JSON Schema, what is said of anything else, and how it is read (ValueError when not)."""

    schema: Mapping[str, Any]
    wanted: str
    read: Callable[[str], Any]


@dataclass(frozen=True)
class Parameter:
    """One parameter of a query or a path; `many`: it may stand there several times, and one of its values must fit."""

    name: str
    about: str
    kind: Kind
    many: bool = False
    example: str = ""

    @property
    def schema(self) -> dict[str, Any]:
        """Its JSON Schema."""
        one = dict(self.kind.schema)
        return {"type": "array", "items": one, "maxItems": MANY} if self.many else one


def read(declared: tuple[Parameter, ...], given: MultiDict[str, str]) -> dict[str, Any]:
    """Every value of a query by name, lists for those that may be many; what is not there is left out.

    Refuses (BadParameter, which names it) a parameter nobody declared, one too many, and a value that does not fit.
    """
    known = {one.name: one for one in declared}
    found: dict[str, Any] = {}
    for name, values in given.lists():
        if name not in known:
            raise BadParameter(name, N_("Không có tham số này."))
        found[name] = _values(known[name], values)
    return found


def _values(declared: Parameter, values: list[str]) -> Any:
    if len(values) > (MANY if declared.many else 1):
        raise BadParameter(declared.name, N_("Tham số này lặp lại quá nhiều lần."))
    read = [_value(declared, one) for one in values]
    return tuple(read) if declared.many else read[0]


def _value(declared: Parameter, value: str) -> Any:
    try:
        return declared.kind.read(value)
    except ValueError as error:
        raise BadParameter(declared.name, declared.kind.wanted) from error


# --- kinds ---


def _matching(pattern: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if re.fullmatch(pattern.strip("^$"), value, re.ASCII) is None:
            raise ValueError(value)
        return value

    return read


def _pattern(pattern: str, wanted: str) -> Kind:
    return Kind({"type": "string", "pattern": pattern}, wanted, _matching(pattern))


def _one_of(values: tuple[StrEnum, ...], wanted: str) -> Kind:
    by_word = {one.value: one for one in values}

    def read(value: str) -> StrEnum:
        if value not in by_word:
            raise ValueError(value)
        return by_word[value]

    return Kind({"type": "string", "enum": list(by_word)}, wanted, read)


def _words(value: str) -> str:
    if len(value) > LONGEST_TEXT:
        raise ValueError(value)
    return value


def _limit(value: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,2}", value) or int(value) > MOST:
        raise ValueError(value)
    return int(value)


def _day(value: str) -> date:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise ValueError(value)
    return date.fromisoformat(value)


LONGEST_TEXT = 120
SLUG = _pattern("^[a-z0-9][a-z0-9-]{0,79}$", N_("Cần một mã trong địa chỉ, như den-nha."))
CODE = _pattern("^[A-Za-z0-9_.-]{1,40}$", N_("Cần một mã của bộ tiêu chí, như 7-11."))
NUMBER = _pattern("^[A-Za-z0-9-]{1,24}$", N_("Cần số của một %(certificate)s, như VCSC-26-0001-K."))
CURSOR = _pattern(cursors.PATTERN, N_("Cần con trỏ lấy từ một trang trước."))
DAY = Kind({"type": "string", "format": "date"}, N_("Cần một ngày viết như 2026-05-31."), _day)
TEXT = Kind({"type": "string", "maxLength": LONGEST_TEXT}, N_("Dài quá 120 chữ."), _words)
LIMIT = Kind(
    {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}, N_("Cần một số từ 1 đến 100."), _limit
)
STATUS = _one_of(STATUSES, N_("Cần một trong: active, suspended, expired, withdrawn, terminated, superseded."))
LISTED_STATUS = _one_of(LISTED, N_("Cần một trong: active, suspended, expired, withdrawn, terminated."))
KIND = _one_of(
    TOLD,
    N_("Cần một trong: grant, suspend, reinstate, lift, reduce, withdraw, terminate, supersede, expire, edition."),
)

PAGED = (
    Parameter("limit", N_("Số mục trên một trang."), LIMIT, example="20"),
    Parameter("cursor", N_("Con trỏ của trang sau, lấy từ trang trước."), CURSOR),
)

"""Which products are to be compared: read from the address; what is wrong there is said and the rest goes on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from assessments.models import Listing
from assessments.queries.choosing import COMPARED

MOST_READ = 24  # names read from an address; nobody's list is longer
LONGEST_NAME = 80
LONGEST_TEXT = 120


@dataclass(frozen=True)
class Asked:
    """What an address asks for."""

    slugs: list[str]
    text: str  # what the products to choose from are searched by
    choosing: bool  # whether the list to choose from is wanted, though there is enough to compare


@dataclass(frozen=True)
class Chosen:
    """The products to compare, and what had to be left out and why."""

    listings: list[Listing]
    warnings: list[str]
    unknown: bool


def read(arguments: MultiDict[str, str]) -> Asked:
    """The products asked for, each once and in order, and the words typed into the search."""
    named = [one.strip().lower().replace("\0", "") for one in arguments.getlist("p")[:MOST_READ]]
    text = " ".join(arguments.get("q", "").replace("\0", "").split())[:LONGEST_TEXT]
    return Asked(list(dict.fromkeys(one for one in named if one)), text, "choose" in arguments)


def chosen(asked: Asked, found: Sequence[Listing]) -> Chosen:
    """The first COMPARED of the products found, and a sentence about each that is left out."""
    known = {one.slug for one in found}
    unknown = [slug for slug in asked.slugs if slug not in known]
    warnings = [_("Không có sản phẩm “%(name)s” trong danh mục.", name=slug[:LONGEST_NAME]) for slug in unknown]
    if len(found) > COMPARED:
        warnings.append(
            _("Mỗi lần so sánh được nhiều nhất %(count)s sản phẩm. Đã giữ %(count)s sản phẩm đầu.", count=COMPARED)
        )
    return Chosen(list(found[:COMPARED]), warnings, bool(unknown))


def address(slugs: Sequence[str], **more: Any) -> str:
    """The address of a comparison."""
    return url_for("compare.index", p=list(slugs), **more)

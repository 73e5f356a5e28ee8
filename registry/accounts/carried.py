"""What somebody had typed when their session ended: it travels through the sign-in and comes back to be sent by hand.

Nothing is stored and nothing is ever sent by itself: the fields ride in the sign-in form as one hidden text. After
signing in they stand in their own form again (see recalled), or where that cannot be shown in a plain one, with the
button still to be pressed.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

MOST_CHARACTERS = 400_000
MOST_FIELDS = 1000
MOST_PACKED = 1_000_000  # of the hidden text: the same with its marks and its escaped line endings
DOCUMENTS = {"document"}  # fields that one of our own pages has filled: nothing that a person would read over
_SECRET = re.compile(r"password|csrf|token|carried", re.IGNORECASE)
_LOCAL = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*", re.ASCII)
_TECHNICAL = re.compile(r"[\w.:-]{0,40}", re.ASCII)  # a choice, a version, a button: nothing to read over
_LABELS = {
    "name": _l("Tên"),
    "title": _l("Tên"),
    "note": _l("Ghi chú"),
    "reason": _l("Lý do"),
    "reasons": _l("Lý do"),
    "rationale": _l("Lý do"),
    "claim": _l("Phần trình bày"),
    "comment": _l("Ý kiến"),
    "address": _l("Địa chỉ"),
    "email": _l("Email"),
    "url": _l("Đường dẫn"),
    "organisation": _l("Tổ chức khác"),
    "document": _l("Nội dung tệp"),
}


@dataclass(frozen=True)
class Carried:
    """Where a form was sent to and what was in it; `cut` when it was too much to carry."""

    url: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    cut: bool = False

    @property
    def texts(self) -> list[tuple[str, str]]:
        """What a person wrote and may want to look over."""
        return [(name, text) for name, text in self.fields if not _rides_hidden(name, text)]

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The rest, sent along as it was."""
        return [(name, text) for name, text in self.fields if _rides_hidden(name, text)]

    @property
    def has_document(self) -> bool:
        """Whether it is a document of one of our own pages: the answers of a self-check."""
        return any(name in DOCUMENTS for name, _text in self.fields)


def label(name: str) -> str:
    """What to call a field of which only the name came along."""
    plain = re.sub(r"_(vi|en)$", "", name.rsplit("-", 1)[-1])
    known = _LABELS.get(plain)
    return str(known) if known else _("Ô “%(name)s”", name=name)


def here() -> str:
    """The address asked for, with its language and its query."""
    return request.script_root + request.full_path.rstrip("?")


def is_local(path: str) -> bool:
    """Whether this is an address on this site: one slash at the start, no host, no backslash, nothing invisible."""
    return len(path) <= 2000 and _LOCAL.fullmatch(path) is not None


def gather() -> Carried:
    """The form of this request without passwords, tokens and files."""
    fields = [(name, text) for name, text in request.form.items(multi=True) if not _SECRET.search(name)]
    size = sum(len(name) + len(text) for name, text in fields)
    if size > MOST_CHARACTERS or len(fields) > MOST_FIELDS:
        return Carried(here(), cut=True)
    return Carried(here(), fields)


def pack(carried: Carried) -> str:
    """As the text of one hidden field."""
    return json.dumps([carried.url, carried.fields, carried.cut], ensure_ascii=False)


def unpack(text: str) -> Carried | None:
    """What a hidden field says, when it is a form for an address on this site."""
    if len(text) > MOST_PACKED:
        return None
    try:
        url, fields, cut = json.loads(text)
        carried = Carried(str(url), [(str(name), str(value)) for name, value in fields], bool(cut))
        pack(carried).encode()  # no halves of characters, which no page could be written with
    except (ValueError, TypeError, RecursionError):
        return None
    return carried if is_local(carried.url) and _fits(carried.fields) else None


def _rides_hidden(name: str, text: str) -> bool:
    return name in DOCUMENTS or _TECHNICAL.fullmatch(text) is not None


def _fits(fields: list[tuple[str, str]]) -> bool:
    sizes: list[Any] = [len(name) + len(text) for name, text in fields]
    return len(sizes) <= MOST_FIELDS and sum(sizes) <= MOST_CHARACTERS

"""What a line of the public register is called, and its form for machines: the same in JSON, feeds and webhooks.

Keys once published stay; new ones may be added.

format        1
id            a tag: URI that never changes, whatever host serves the register
kind          grant, suspend, lift, reinstate, reduce, withdraw, terminate, supersede, expire or edition
on            ISO day (Asia/Ho_Chi_Minh) from which it counts; at: the moment, UTC
certificate   canonical number, or "" for an edition; status: what the certificate is worth from that day on
follower      number of the certificate that took its place, where one did
valid_until   ISO day, inclusive, or ""
product       {slug, vi, en}; vendor {vi, en}; level {rank, vi, en}: null for an edition
edition       id of the edition of criteria
reason        {vi, en}: why, where the committee gave a reason; else null
url           address of the page about it
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from flask import current_app

from assessments.errors import N_
from assessments.models import Change
from assessments.publishing import RegisterKind
from assessments.queries import keys
from registry import db
from registry.i18n import translate
from registry.links import absolute

YEAR = 2026  # the year in which the register began to name its lines: part of every tag (RFC 4151)

KINDS: Mapping[RegisterKind, str] = {
    RegisterKind.GRANT: N_("Cấp"),
    RegisterKind.SUSPEND: N_("Tạm đình chỉ"),
    RegisterKind.LIFT: N_("Bỏ tạm đình chỉ"),
    RegisterKind.REINSTATE: N_("Khôi phục"),
    RegisterKind.REDUCE: N_("Thu hẹp phạm vi"),
    RegisterKind.RESTORE: N_("Trả lại phạm vi"),
    RegisterKind.WITHDRAW: N_("Thu hồi"),
    RegisterKind.TERMINATE: N_("Chấm dứt theo yêu cầu của nhà cung cấp"),
    RegisterKind.SUPERSEDE: N_("Thay bằng giấy mới"),
    RegisterKind.EXPIRE: N_("Hết hạn"),
    RegisterKind.EDITION: N_("Công bố bản tiêu chí"),
}
LOOKS: Mapping[RegisterKind, str] = {  # the shape beside the word: see components/status.html
    RegisterKind.GRANT: "granted",
    RegisterKind.SUSPEND: "suspended",
    RegisterKind.LIFT: "reinstated",
    RegisterKind.REINSTATE: "reinstated",
    RegisterKind.REDUCE: "granted",
    RegisterKind.RESTORE: "reinstated",
    RegisterKind.WITHDRAW: "withdrawn",
    RegisterKind.TERMINATE: "terminated",
    RegisterKind.SUPERSEDE: "superseded",
    RegisterKind.EXPIRE: "expired",
    RegisterKind.EDITION: "none",
}


def word(kind: RegisterKind) -> str:
    """The name of a kind in the current language."""
    return translate(KINDS[kind])


def described(line: Change) -> dict[str, Any]:
    """A line as plain data; the keys are those of this module's opening."""
    text, certified = line.text, line.kind is not RegisterKind.EDITION
    return {
        "format": 1,
        "id": tag(f"register/{line.key}"),
        "kind": line.kind.value,
        "on": line.day.isoformat(),
        "at": stamp(line.at),
        "certificate": line.number,
        "status": text.get("status", ""),
        "follower": text.get("follower", ""),
        "valid_until": text.get("valid_until", ""),
        "product": {"slug": line.slug, **text["name"]} if certified else None,
        "vendor": text["vendor"] if certified else None,
        "level": text["level"] if certified else None,
        "edition": line.edition_id,
        "reason": text["reason"] if certified and text["reason"]["vi"] else None,
        "url": address(line),
    }


def address(line: Change, language: str = "vi") -> str:
    """The page about a line, with host and all."""
    if line.kind is RegisterKind.EDITION:
        return absolute("criteria.edition", language, edition_id=line.edition_id)
    return absolute("certificates.show", language, number=line.number)


def tag(specific: str) -> str:
    """A name for good (RFC 4151): made from the fixed name of the register and never from the host that serves it."""
    return f"tag:{authority()},{YEAR}:{specific}"


def authority() -> str:
    """The name under which this register speaks: that of its log, fixed with its first key and kept from then on.

    Before there is a key nothing of a certificate is public, and the setting stands in.
    """
    kept: str | None = current_app.extensions.get("register authority")
    if kept is None:
        with db.reading() as session:
            found = keys.identity(session)
        if found is None:
            return str(current_app.config["SETTINGS"].log_origin)
        kept = re.split("[/:]", found.log_origin)[0].lower()
        current_app.extensions["register authority"] = kept
    return kept


def stamp(moment: datetime) -> str:
    """A moment as RFC 3339 has it, in UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

"""A self-check as a visitor fills it in: the fields of its form, and what a page says."""

import re
from collections.abc import Collection, Mapping
from html import unescape

from criteria import store
from criteria.model import Edition

EDITION = store.load("vcsc-2026")


def answered(
    categories: Collection[str] = ("PC",),
    flags: Collection[str] = ("has_accounts", "has_install"),
    marks: Mapping[str, str] | None = None,
    edition: Edition = EDITION,
) -> dict[str, object]:
    """The fields of a self-check with every question answered, and with these marks."""
    fields: dict[str, object] = {"edition": edition.id, "categories": list(categories)}
    for number, flag in enumerate(edition.flags):
        fields[f"features-{number}-code"] = flag.code
        fields[f"features-{number}-answer"] = "yes" if flag.code in flags else "no"
    return fields | {f"mark-{code}": mark for code, mark in (marks or {}).items()}


def read(text: str) -> str:
    """The text of a page's main part as a person reads it."""
    found = re.search(r"<main.*?</main>", text, re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", found[0] if found else text))).strip()


def hidden(text: str, name: str) -> list[str]:
    """The values of the hidden fields of that name."""
    return [
        unescape(one) for one in re.findall(rf'<input type="hidden" name="{re.escape(name)}" value="([^"]*)"', text)
    ]

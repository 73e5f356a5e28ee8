"""Reads the fiction from the files beside it: people, companies, products and what happens to each."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from zlib import crc32

DATA = Path(__file__).parent / "data"
RENEW = "renew"
MAIL_DOMAIN = "demo.example"

Pair = tuple[str, str]  # Vietnamese, English


@dataclass(frozen=True)
class Change:
    """What happens to a certificate, `day` days before today."""

    day: int
    what: str  # suspend, reinstate, withdraw, confirm (what was proposed last), or renew: its vendor begins anew
    reason: Pair = ("", "")
    condition: Pair = ("", "")
    restore_days: int = 0


@dataclass(frozen=True)
class Fiction:
    """One product, its profile, and its story: it begins `began` days before today and ends where `story` says."""

    key: str
    vendor: str
    story: str
    began: int
    name: Pair
    short: Pair
    text: Pair
    categories: tuple[str, ...]
    platforms: tuple[str, ...]
    ages: tuple[str, ...]
    version: str
    level: str = ""
    languages: tuple[str, ...] = ("vi",)
    price: tuple[str, str, str] = ("", "", "")  # model, note vi, note en
    made: tuple[str, str] = ("", "")
    flags: tuple[str, ...] = ()
    data: tuple[str, ...] = ()  # "kind days optional"
    permissions: tuple[str, ...] = ()
    adverts: str = "none"
    blocking: tuple[tuple[Any, ...], ...] = ()
    removal: str = ""
    team: tuple[str, ...] = ("reviewer1", "reviewer2")  # the first one leads
    committee: tuple[str, ...] = ()  # who proposes, who confirms
    declares: Mapping[str, str] = field(default_factory=dict)  # an interest found at the file: who, and the note
    marks: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    spread: str = ""  # the criterion on which the reviewers are two points apart
    summary: Pair = ("", "")
    limits: tuple[Pair, ...] = ()
    questions: tuple[Pair, ...] = ()  # criterion, question of the completeness check
    findings: tuple[tuple[str, str, str], ...] = ()  # criterion, severity, text
    replies: tuple[str, ...] = ()
    refusal: Pair = ("", "")
    withdrawal: str = ""
    decline: Pair = ("", "")
    comment: str = ""
    then: tuple[Change, ...] = ()

    @property
    def site(self) -> str:
        """The product's address; nothing is there."""
        return f"https://{self.key}.example"

    def chance(self, salt: str, sides: int) -> int:
        """A die that always falls the same way for the same product and salt."""
        return crc32(f"{self.key}:{salt}".encode()) % sides


@cache
def read(name: str) -> Any:
    """One data file."""
    return _frozen(tomllib.loads((DATA / f"{name}.toml").read_text("utf-8")))


@cache
def products() -> tuple[Fiction, ...]:
    """Every product, in the order of the files."""
    files = sorted(path.stem for path in (DATA / "products").glob("*.toml"))
    return tuple(_product(values) for name in files for values in read(f"products/{name}")["products"])


def email(login: str) -> str:
    """The address somebody signs in with."""
    return f"{login}@{MAIL_DOMAIN}"


def _product(values: Mapping[str, Any]) -> Fiction:
    changes = tuple(Change(**change) for change in values.get("then", ()))
    return Fiction(**{**values, "then": changes})


def _frozen(value: Any) -> Any:
    """Lists as tuples, all the way down."""
    if isinstance(value, dict):
        return {key: _frozen(inner) for key, inner in value.items()}
    return tuple(_frozen(inner) for inner in value) if isinstance(value, list) else value

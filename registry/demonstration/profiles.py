"""The product profile of a fictional product, complete or as far as a draft has come."""

from datetime import date, timedelta
from typing import Any

from assessments.profile import BlockingResult, DataTaken, PermissionAsked, Profile
from registry.demonstration.fiction import Fiction, email, read

RELEASED = 20  # days between the release of the version and the application
MEASURED = 12
TEST_LIST = "Bộ thử VCSC"


def profile_of(fiction: Fiction, began: date) -> dict[str, Any]:
    """The whole profile, JSON-ready; a draft lacks what its author has not come to yet."""
    shared = read("shared")
    removal = shared["removal"].get(fiction.removal, ("", ""))
    model, note_vi, note_en = fiction.price
    profile = Profile(
        **_names(fiction),
        website=fiction.site,
        store_links=_store_links(fiction),
        version_date=(began - timedelta(days=RELEASED)).isoformat(),
        price_model=model,
        price_note_vi=note_vi,
        price_note_en=note_en,
        made_in_vietnam=fiction.made[0],
        made_in_ground=fiction.made[1],
        flags_answered=True,
        data=tuple(_data(line) for line in fiction.data),
        data_answered=bool(fiction.removal),
        permissions=tuple(PermissionAsked(*shared["permissions"][name]) for name in fiction.permissions),
        adverts=fiction.adverts if fiction.removal else "",
        support_contact=email(f"hotro.{fiction.key}"),
        removal_vi=removal[0],
        removal_en=removal[1],
        blocking=tuple(_blocking(row, began, fiction.version) for row in fiction.blocking),
    )
    return profile.to_dict()


def _names(fiction: Fiction) -> dict[str, Any]:
    pairs = {"name": fiction.name, "short": fiction.short, "description": fiction.text}
    texts = {
        f"{field}_{language}": text
        for field, pair in pairs.items()
        for language, text in zip(("vi", "en"), pair, strict=True)
    }
    same = ("categories", "platforms", "ages", "version", "languages", "flags")
    return texts | {field: getattr(fiction, field) for field in same}


def _store_links(fiction: Fiction) -> tuple[str, ...]:
    stores = (("android", "kho-ung-dung"), ("ios", "cua-hang"))
    return tuple(f"https://{host}.example/{fiction.key}" for name, host in stores if name in fiction.platforms)


def _data(line: str) -> DataTaken:
    """ "browsing_history 14 optional": the kind, how many days it is kept (none: as long as the account), optional."""
    kind, *rest = line.split()
    vi, en = read("shared")["purposes"][kind]
    days = [int(word) for word in rest if word.isdigit()]
    return DataTaken(kind, vi, en, optional="optional" in rest, kept_days=days[0] if days else None)


def _blocking(row: tuple[Any, ...], began: date, version: str) -> BlockingResult:
    topic, age, tried, blocked, harmless, wrongly, by = row
    tested = began - timedelta(days=MEASURED)
    name = f"{TEST_LIST} {tested:%m/%Y}"
    method, laboratory = read("shared")["measuring"], read("shared")["laboratory"]
    tester = laboratory if by == "laboratory" else ""
    counts = (tried, blocked, harmless, wrongly)
    return BlockingResult(name, tested.isoformat(), age, topic, *counts, by, method, version, tester)

"""Which guides help to set a product up: by device, then by kind of product; only those that are public now."""

from collections.abc import Iterable, Mapping

from sqlmodel import Session

from registry import articles

BY_PLATFORM: Mapping[str, str] = {
    "android": "android",
    "ios": "iphone",
    "windows": "computers-and-consoles",
    "macos": "computers-and-consoles",
    "smart_tv": "computers-and-consoles",
    "console": "computers-and-consoles",
    "router_isp": "home-network",
}
BY_CATEGORY: Mapping[str, str] = {
    "PC": "limits-of-filters",
    "CF": "limits-of-filters",
    "BR": "limits-of-filters",
    "CM": "schools",
}
ALWAYS = ("choosing", "talking")
MOST = 4


def helping(
    session: Session, language: str, platforms: Iterable[str], categories: Iterable[str]
) -> list[tuple[str, str]]:
    """Slug and title of at most MOST guides, the nearest to the product first; one statement."""
    wanted = [BY_PLATFORM[one] for one in platforms if one in BY_PLATFORM]
    wanted += [BY_CATEGORY[one] for one in categories if one in BY_CATEGORY]
    titles = {one.slug: one.title for one in articles.listed(session, language)}
    return [(slug, titles[slug]) for slug in dict.fromkeys([*wanted, *ALWAYS]) if slug in titles][:MOST]

"""Which guides help to set a product up: by device, then by kind of product; only those that this site has."""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

SHIPPED = Path(__file__).parent.parent / "guides" / "articles"
BY_PLATFORM: Mapping[str, tuple[str, ...]] = {
    "android": ("android",),
    "ios": ("iphone-ipad", "iphone"),
    "windows": ("windows",),
    "macos": ("macos", "mac"),
    "router_isp": ("home-network", "home-wifi"),
    "smart_tv": ("smart-tv", "tv"),
    "wearable_toy": ("watches-toys",),
    "console": ("game-consoles", "games"),
}
BY_CATEGORY: Mapping[str, tuple[str, ...]] = {
    "PC": ("what-filters-cannot-do", "limits-of-filters"),
    "CF": ("what-filters-cannot-do", "limits-of-filters"),
    "BR": ("what-filters-cannot-do", "limits-of-filters"),
    "CM": ("schools", "for-schools"),
}
ALWAYS = ("devices", "choosing-by-age", "talking")
MOST = 4


def guides_for(platforms: Iterable[str], categories: Iterable[str]) -> list[str]:
    """The slugs of at most MOST guides, the nearest to the product first."""
    wanted = [slug for platform in platforms for slug in BY_PLATFORM.get(platform, ())]
    wanted += [slug for category in categories for slug in BY_CATEGORY.get(category, ())]
    known = _shipped()
    return [slug for slug in dict.fromkeys([*wanted, *ALWAYS]) if slug in known][:MOST]


def title_of(slug: str, language: str) -> str:
    """The first heading of a guide; a folder's front matter is passed over."""
    lines = (SHIPPED / f"{slug}.{language}.md").read_text("utf-8").splitlines()
    return next((line.removeprefix("# ").strip() for line in lines if line.startswith("# ")), slug)


@cache
def _shipped() -> frozenset[str]:
    names = {path.name for path in SHIPPED.glob("*.md")}
    slugs = {name.removesuffix(".vi.md") for name in names if name.endswith(".vi.md")}
    return frozenset(slug for slug in slugs if f"{slug}.en.md" in names)

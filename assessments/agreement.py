"""The certification agreement: versioned text in both languages, accepted by a named person (ISO/IEC 17065, 4.1.2)."""

import hashlib
import unicodedata
from functools import cache
from pathlib import Path

from criteria.model import Bilingual

FOLDER = Path(__file__).parent / "agreements"


def current_version() -> str:
    """The version vendors accept now: the newest in the folder; versions are dates and sort as such."""
    return max(path.name.removesuffix(".vi.md") for path in FOLDER.glob("*.vi.md"))


@cache
def text(version: str) -> Bilingual:
    """The Markdown of one version in both languages. Raises FileNotFoundError for an unknown version."""
    return Bilingual(*(_canonical((FOLDER / f"{version}.{lang}.md").read_text("utf-8")) for lang in ("vi", "en")))


@cache
def digest(version: str) -> str:
    """sha256 over both texts, whatever the line endings or Unicode form of the files."""
    both = text(version)
    return "sha256:" + hashlib.sha256(f"{both.vi}\0{both.en}".encode()).hexdigest()


def _canonical(source: str) -> str:
    return unicodedata.normalize("NFC", source.replace("\r\n", "\n")).strip() + "\n"

"""Where the font is that every paper and picture of ours is written in: it has every Vietnamese letter."""

from pathlib import Path

FONTS = Path(__file__).parent / "fonts"

"""Measures the search of the static copy: how large its index is, as it is and packed, at 1,000 and 10,000 products.

`.venv/bin/python -m bench.copies`. Sizes are counted, not timed.
"""

import gzip
import tempfile
from pathlib import Path

from bench import search, shelving
from bench.products import generate
from registry.copies import extras

SIZES = (1_000, 10_000)
LEVEL = 6


def main() -> None:
    """Print one line for each size."""
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder, search.made_app(Path(folder)) as app:
            shelving.fill(app.extensions["engine"], generate(size))
            with app.app_context():
                body = extras.index()
            packed = len(gzip.compress(body, LEVEL, mtime=0))
            print(f"{size:>7,} products: index {len(body) / 1024:,.0f} KB, packed {packed / 1024:,.0f} KB")


if __name__ == "__main__":
    main()

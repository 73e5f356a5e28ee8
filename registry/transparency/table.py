"""The public figures as CSV: one figure a line, codes for machines and words for people."""

import csv
import io
from collections.abc import Mapping

from registry.transparency.topics import Figures, Hidden, Item, topics

MARK = "\ufeff"  # spreadsheets take the letters for Vietnamese only when it stands in front
HEAD = ("year", "topic", "item", "value", "unit", "note", "topic_label", "item_label")
DIGITS = 3


def text(years: Mapping[int, Figures]) -> str:
    """Every figure of some years; where one is not told the value is empty and the note says why."""
    written = io.StringIO()
    written.write(MARK)
    sheet = csv.writer(written, lineterminator="\r\n")
    sheet.writerow(HEAD)
    for year, figures in years.items():
        for topic in topics(figures):
            sheet.writerows((year, topic.code, *_line(item), topic.title, item.label) for item in topic.items)
    return written.getvalue()


def _line(item: Item) -> tuple[str, str, str, str]:
    if isinstance(item.value, Hidden):
        return item.code, "", item.unit.value, item.value.value
    value = item.value if isinstance(item.value, int) else round(item.value, DIGITS)
    return item.code, str(value), item.unit.value, ""

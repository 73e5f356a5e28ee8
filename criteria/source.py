"""The raw content of an edition folder, with the line of everything, so that a fault can be pointed at."""

import re
import tomllib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from criteria.guidance import SECTIONS, Passage, heading, passages

EDITION_FILE = "edition.toml"

_HEADER = re.compile(r"^\[(?P<array>\[)?\s*(?P<name>[\w.-]+)\s*\]")
_KEY = re.compile(r"^(?P<key>[\w-]+)\s*=")
_AT_LINE = re.compile(r"at line (\d+)")


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing that is wrong with an edition folder: where, and what, as a sentence."""

    path: Path
    line: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.sentence}"


class EditionError(Exception):
    """An edition that cannot be used; carries the fault, which names file and line."""

    def __init__(self, fault: Fault) -> None:
        """Keep the fault and read as it does."""
        super().__init__(str(fault))
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Row:
    """One table of edition.toml: its name, its values, and the line of the table and of each key."""

    table: str
    values: dict[str, Any]
    line: int
    key_lines: dict[str, int]

    def line_of(self, key: str) -> int:
        """The line where `key` stands, or the line of the table when it does not stand there."""
        return self.key_lines.get(key, self.line)


@dataclass(frozen=True, slots=True)
class Text:
    """One Markdown file of a criterion: first line `# title`, requirement, section of guidance (line 0: none)."""

    path: Path
    title: str
    requirement: str
    requirement_line: int
    guidance: tuple[Passage, ...]
    guidance_line: int


@dataclass(frozen=True, slots=True)
class Source:
    """Everything that was read from an edition folder."""

    folder: Path
    head: Row
    tables: dict[str, tuple[Row, ...]] = field(default_factory=dict)
    file: str = EDITION_FILE

    @property
    def path(self) -> Path:
        """The path of edition.toml, or of the file that was read in its place."""
        return self.folder / self.file

    def rows(self, table: str) -> tuple[Row, ...]:
        """The rows of `table`, in the order of the file; none when it is missing."""
        return self.tables.get(table, ())

    def fault(self, row: Row, key: str, sentence: str) -> Fault:
        """A fault at `key` of `row`."""
        return Fault(self.path, row.line_of(key), sentence)

    def text_path(self, group: str, code: str, lang: str) -> Path:
        """Where the text of a criterion belongs: `<group>/<code>.<lang>.md` in lower case."""
        return self.folder / group.lower() / f"{code.lower()}.{lang}.md"


def read(folder: Path, file: str = EDITION_FILE) -> Source:
    """Read edition.toml (or another `file`) of `folder`; refuses a missing file and bad TOML (EditionError)."""
    path = folder / file
    text = read_text(path)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = _AT_LINE.search(str(error))
        line = int(at.group(1)) if at else len(text.splitlines())
        raise EditionError(Fault(path, line, f"This is not TOML: {error}.")) from error
    return replace(_source(folder, data, _places(text)), file=file)


def read_text(path: Path) -> str:
    """The text of a file, lines ended by LF; refuses a missing file and bad UTF-8 (EditionError)."""
    try:
        return path.read_text("utf-8")
    except FileNotFoundError as error:
        raise EditionError(Fault(path, 1, "This file is missing.")) from error
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise EditionError(Fault(path, line, "This line is not UTF-8.")) from error


def read_criterion(path: Path, lang: str) -> Text:
    """Read one Markdown file; a part that is not there comes back empty, at the line where it belongs."""
    lines = read_text(path).split("\n")
    title = lines[0].removeprefix("# ").strip() if lines[0].startswith("# ") else ""
    section = next((number for number, line in enumerate(lines, 1) if heading(line) == SECTIONS[lang]), 0)
    body = lines[1 : section - 1] if section else lines[1:]
    filled = (number for number, line in enumerate(body, start=2) if line.strip())
    return Text(
        path,
        title,
        "\n".join(body).strip(),
        next(filled, 2),
        passages(lines[section:], section + 1) if section else (),
        section,
    )


@dataclass(slots=True)
class _Place:
    """A table header met while scanning, and the lines of the keys under it."""

    line: int
    key_lines: dict[str, int] = field(default_factory=dict)


def _places(text: str) -> dict[str, list[_Place]]:
    """Where each table and key stands: tomllib says what a file holds, not where."""
    here = _Place(1)
    places: dict[str, list[_Place]] = {"": [here]}
    quoted = False
    for number, line in enumerate(text.split("\n"), start=1):
        if not quoted and (header := _HEADER.match(line)):
            here = _Place(number)
            places.setdefault(header["name"], []).append(here)
        elif not quoted and (key := _KEY.match(line)):
            here.key_lines.setdefault(key["key"], number)
        if line.count('"""') % 2:
            quoted = not quoted
    return places


def _source(folder: Path, data: dict[str, Any], places: dict[str, list[_Place]]) -> Source:
    """Pair what tomllib read with where it stands."""
    simple = {key: value for key, value in data.items() if not _is_table(value)}
    head = Row("", simple, 1, places[""][0].key_lines)
    tables = {
        name: tuple(_row(name, values, places, index) for index, values in enumerate(_as_rows(value)))
        for name, value in data.items()
        if name not in simple
    }
    return Source(folder, head, tables)


def _is_table(value: object) -> bool:
    """Is it a table or a list of tables, and not an inline bilingual text?"""
    if isinstance(value, dict):
        return not set(value) <= {"vi", "en"}
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


def _as_rows(value: dict[str, Any] | list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [value] if isinstance(value, dict) else value


def _row(name: str, values: dict[str, Any], places: dict[str, list[_Place]], index: int) -> Row:
    """One row; a table written inline has no header of its own and points at the first line."""
    found = places.get(name, [])
    place = found[index] if index < len(found) else _Place(1)
    return Row(name, values, place.line, place.key_lines)

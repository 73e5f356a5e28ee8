"""The files of a submission as one list with one hash, so that anybody can check that they have the same files.

The manifest is UTF-8 text: one line for each file, its parts parted by two spaces,

    sha256  size in bytes  criteria  name

where the criteria that use the file stand in order, parted by commas. A file that is the report of a laboratory has a
fifth part, "report: " with the laboratory, the report's number and its date, parted by semicolons. The lines are sorted
byte by byte and each ends with a line feed. `sha256sum manifest.txt` gives the hash of the file set, `sha256sum FILE`
the first part of a line. No files: no lines, and the hash of nothing. Everything comes from the content of the
submission, which cannot change.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Filed:
    """One file of a submission and the criteria that it was handed in for."""

    sha256: str
    size: int
    name: str
    criteria: tuple[str, ...]
    report: str = ""  # laboratory; number; date

    @property
    def line(self) -> str:
        """Its line of the manifest."""
        report = f"  report: {self.report}" if self.report else ""
        return f"{self.sha256}  {self.size}  {','.join(self.criteria)}  {self.name}{report}\n"


def files_of(content: Mapping[str, Any]) -> list[Filed]:
    """The files of a submission's content, in the order of the manifest."""
    used: dict[tuple[str, int, str, str], set[str]] = {}
    for code, answer in content.get("answers", {}).items():
        for piece in answer.get("evidence", ()):
            if file := piece.get("file"):
                name = " ".join(file["name"].split())
                used.setdefault((file["sha256"], file["size"], name, _report(piece)), set()).add(code)
    found = [Filed(*file[:3], tuple(sorted(codes)), file[3]) for file, codes in used.items()]
    return sorted(found, key=lambda one: one.line.encode())


def _report(piece: Mapping[str, Any]) -> str:
    """The report of a laboratory that a piece is, in one line; "" for every other piece."""
    told = piece.get("report")
    if not told:
        return ""
    parts = (told["laboratory"]["name"], told["number"], piece.get("issued_on") or "")
    return "; ".join(" ".join(part.replace(";", ",").split()) for part in parts)


def manifest(content: Mapping[str, Any]) -> str:
    """The manifest of a submission's content, as it is written above."""
    return "".join(one.line for one in files_of(content))


def file_set_digest(content: Mapping[str, Any]) -> str:
    """sha256 of the manifest, in hexadecimal."""
    return hashlib.sha256(manifest(content).encode()).hexdigest()

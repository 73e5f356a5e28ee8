"""Looks into a PDF for what would run, reach out or hide when somebody opens it. Run by path: see confined.py.

Every object of the file is parsed, reachable or not, and no stream is ever unpacked except those that hold objects.
What it prints: {"refused": code or "", "flags": [codes]}; the words are in registry/evidence/inspection.py.
"""

import json
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

MOST_OBJECTS = 300_000
DEEPEST = 60  # of dictionaries and lists inside one object

PROGRAMS = (
    *(".exe", ".dll", ".com", ".scr", ".pif", ".msi", ".msix", ".bat", ".cmd", ".ps1", ".vbs", ".vbe", ".js", ".jse"),
    *(".wsf", ".wsh", ".hta", ".lnk", ".jar", ".apk", ".app", ".sh", ".command", ".reg", ".cpl", ".docm", ".xlsm"),
)
REFUSED_ACTIONS = {"/JavaScript": "javascript", "/Launch": "launch"}
FLAGGED_ACTIONS = {
    "/URI": "links",
    "/GoToR": "links",
    "/GoToE": "attachments",
    "/SubmitForm": "sends",
    "/ImportData": "sends",
    "/Rendition": "media",
    "/Movie": "media",
    "/Sound": "media",
    "/RichMediaExecute": "media",
}
FLAGGED_KEYS = {"/EmbeddedFiles": "attachments", "/EF": "attachments", "/XFA": "form", "/RichMediaContent": "media"}
FLAGGED_TYPES = {"/EmbeddedFile": "attachments"}
FLAGGED_NOTES = {"/FileAttachment": "attachments", "/RichMedia": "media", "/Movie": "media", "/3D": "media"}


class Refused(Exception):
    """The file cannot be taken; the argument is the code of the reason."""


def inspect(source: BinaryIO) -> dict[str, Any]:
    """The reason why the file is refused, or what a reader should know of it."""
    try:
        reader = PdfReader(source, strict=False)
        if reader.is_encrypted:
            return {"refused": "encrypted", "flags": []}
        if len(reader.pages) == 0:
            return {"refused": "damaged", "flags": []}
        flags = {flag for one in _dictionaries(reader) for flag in _signs(one)}
    except Refused as refusal:
        return {"refused": str(refusal), "flags": []}
    except (PyPdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, AssertionError, OSError):
        return {"refused": "damaged", "flags": []}  # what the parser raises on broken and forged files
    return {"refused": "", "flags": sorted(flags)}


def _dictionaries(reader: PdfReader) -> Iterator[DictionaryObject]:
    """Every dictionary of every object, however deep; the parser's memory is given back on the way."""
    yield from _inside(reader.trailer)
    numbers = [(number, generation) for generation, found in reader.xref.items() for number in found]
    numbers += [(number, 0) for number in reader.xref_objStm]
    if len(numbers) > MOST_OBJECTS:
        raise Refused("complex")
    for number, generation in numbers:
        yield from _inside(reader.get_object(IndirectObject(number, generation, reader)))
        _forget_streams(reader)


def _forget_streams(reader: PdfReader) -> None:
    """The parser keeps what it has read; of a long film of scans that would be the whole file."""
    if len(reader.resolved_objects) > 2_000:
        reader.resolved_objects.clear()


def _inside(found: Any) -> Iterator[DictionaryObject]:
    waiting: list[tuple[Any, int]] = [(found, 0)]
    while waiting:
        one, depth = waiting.pop()
        if depth > DEEPEST:
            raise Refused("complex")
        if isinstance(one, DictionaryObject):
            yield one
            waiting += [(one.raw_get(key), depth + 1) for key in one]
        elif isinstance(one, ArrayObject):
            waiting += [(inner, depth + 1) for inner in list.__iter__(one)]


def _signs(one: DictionaryObject) -> Iterator[str]:
    """What a dictionary says of itself: an action, an attachment, a form, a film."""
    action = _name(one, "/S")
    if action in REFUSED_ACTIONS or "/JS" in one:
        raise Refused(REFUSED_ACTIONS.get(action, "javascript"))
    if "/JavaScript" in one:
        raise Refused("javascript")
    yield from (FLAGGED_KEYS[key] for key in one if key in FLAGGED_KEYS)
    for table, key in ((FLAGGED_ACTIONS, "/S"), (FLAGGED_TYPES, "/Type"), (FLAGGED_NOTES, "/Subtype")):
        if (found := _name(one, key)) in table:
            yield table[found]
    _refuse_programs(one)


def _refuse_programs(one: DictionaryObject) -> None:
    """An attached file that a double click would run."""
    if "/EF" in one:
        names = (_name(one, key).lower().rstrip(". ") for key in ("/F", "/UF", "/Unix", "/DOS", "/Mac"))
        if any(name.endswith(PROGRAMS) for name in names):
            raise Refused("program")


def _name(one: DictionaryObject, key: str) -> str:
    """The name or text under a key, wherever it is kept; "" for everything else."""
    found = one.get(key)
    meant = found.get_object() if isinstance(found, IndirectObject) else found
    return meant if isinstance(meant, str) else ""


if __name__ == "__main__":
    sys.stdout.write(json.dumps(inspect(sys.stdin.buffer)))

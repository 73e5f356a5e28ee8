"""Looks into an office document for macros, for what it fetches and for what it carries. Run by path.

Its sizes were judged before (archive.py); the limits of the child hold whatever its XML may try. What it prints is
what pdf.py prints.
"""

import json
import re
import struct
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO
from xml.etree import ElementTree

Element = ElementTree.Element

MACRO_PARTS = re.compile(r"vbaproject|vbadata|/macrosheets/|(?:^|/)basic/|(?:^|/)scripts/", re.IGNORECASE)
CONTROL_PARTS = re.compile(r"/activex/|/ctrlprops/", re.IGNORECASE)
EMBEDDED_PARTS = re.compile(r"/embeddings/|/oleobject", re.IGNORECASE)
FETCHED = ("attachedTemplate", "oleObject", "frame", "subDocument", "externalLinkPath", "xlExternalLinkPath")
DDE = re.compile(r"\s*DDE(?:AUTO)?\s", re.IGNORECASE)
MACRO_KINDS = ("macroenabled", "vbaproject", "macrosheet")  # in the names of types: macros of either kind
# Another machine, whatever the protocol: mhtml: and ms-...: fetch too, and file:///\\host is how Word writes a share.
# A template of the writer's own disk (C:\..., file:///C:/...) is named in many honest documents.
REMOTE = re.compile(r"\s*(?:(?!file:///[^/\\%])[a-z][a-z0-9+.-]+:|\\\\|//)", re.IGNORECASE)
REFUSED_TAGS = {
    "event-listener": "macros",
    **dict.fromkeys(("dde-source", "dde-connection", "dde-connection-decl"), "dde"),
}
XLINK = "{http://www.w3.org/1999/xlink}href"
PROLOGUE = 64 * 1024  # bytes in which a part's document type stands, if it has one
COMMENT = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
# Old formulas name a public document type, which is harmless; entities, and types from elsewhere, are never needed.
ENTITIES = re.compile(rb"<!ENTITY|<!DOCTYPE[^>\[]*\sSYSTEM")
ELEMENT = re.compile(rb"<[^!?\s]")
UNREADABLE = (
    *(zipfile.BadZipFile, ElementTree.ParseError, zlib.error, struct.error, EOFError, OSError, KeyError),
    *(RuntimeError, NotImplementedError, ValueError, UnicodeError),
)


class Refused(Exception):
    """The file cannot be taken; the argument is the code of the reason."""


def inspect(source: BinaryIO) -> dict[str, Any]:
    """The reason why the document is refused, or what a reader should know of it."""
    try:
        with zipfile.ZipFile(source) as archive:
            flags = set(_of_names(archive.namelist())) | set(_of_parts(archive))
    except Refused as refusal:
        return {"refused": str(refusal), "flags": []}
    except UNREADABLE:
        return {"refused": "damaged", "flags": []}
    return {"refused": "", "flags": sorted(flags)}


def _of_names(names: list[str]) -> Iterator[str]:
    for name in names:
        if MACRO_PARTS.search(name) and not name.endswith("/"):
            raise Refused("macros")
        if CONTROL_PARTS.search(name):
            yield "controls"
        if EMBEDDED_PARTS.search(name):
            yield "attachments"


def _of_parts(archive: zipfile.ZipFile) -> Iterator[str]:
    for entry in archive.infolist():
        if entry.file_size and entry.filename.lower().endswith((".xml", ".rels")):
            _prologue(archive, entry)
        look = _looker(entry.filename)
        if look is None or not entry.file_size:
            continue
        with archive.open(entry) as part:
            yield from look(_elements(part))


def _prologue(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """No part says what its reader should put in, or fetch: not every program that opens it has that turned off."""
    with archive.open(entry) as part:
        start = COMMENT.sub(b"", part.read(PROLOGUE).replace(b"\0", b""))  # of UTF-16 only the letters
    if ENTITIES.search(start) or (entry.file_size > PROLOGUE and not ELEMENT.search(start)):
        raise Refused("entities")


def _looker(name: str) -> Callable[[Iterator[Element]], Iterator[str]] | None:
    """How a part is to be read; None where nothing could be in it."""
    lower = name.lower()
    return next((look for fits, look in LOOKERS if fits.search(lower)), None)


def _elements(part: Any) -> Iterator[Element]:
    """The elements of a part, each as soon as it is whole; what was read is forgotten."""
    above: list[Element] = []
    for event, element in ElementTree.iterparse(part, ("start", "end")):  # noqa: S314  in a child with little memory and time
        if event == "start":
            above.append(element)
            continue
        above.pop()
        yield element
        if above:
            above[-1].remove(element)


def _types(elements: Iterator[Element]) -> Iterator[str]:
    """[Content_Types].xml: the list of what every part is."""
    for one in elements:
        kind = one.get("ContentType", "").lower()
        if any(name in kind for name in MACRO_KINDS):
            raise Refused("macros")
    yield from ()


def _relations(elements: Iterator[Element]) -> Iterator[str]:
    """A part's links: a template or an object from elsewhere is fetched as soon as the document is opened."""
    for one in elements:
        if one.get("TargetMode", "").lower() != "external":
            continue
        kind, away = one.get("Type", "").rpartition("/")[2], REMOTE.match(one.get("Target", ""))
        if kind in FETCHED and away:
            raise Refused("fetches")
        yield "remote" if kind == "image" else "links"


def _fields(elements: Iterator[Element]) -> Iterator[str]:
    """A field of Word that starts a program, in however many pieces it is written; a link of Excel to one."""
    code = ""
    for one in elements:
        tag = one.tag.rpartition("}")[2]
        if tag == "ddeLink":
            raise Refused("dde")
        if tag == "instrText":
            code += one.text or ""
        elif tag in {"fldChar", "fldSimple", "p"}:
            simple = next((text for name, text in one.items() if name.rpartition("}")[2] == "instr"), "")
            if DDE.match(f"{code} ") or DDE.match(f"{simple} "):
                raise Refused("dde")
            code = ""
    yield from ()


def _manifest(elements: Iterator[Element]) -> Iterator[str]:
    """Of an OpenDocument file: encrypted parts are named here."""
    if any(one.tag.endswith("}encryption-data") for one in elements):
        raise Refused("encrypted")
    yield from ()


def _open_document(elements: Iterator[Element]) -> Iterator[str]:
    """What an OpenDocument file starts, fetches and links to."""
    for one in elements:
        tag = one.tag.rpartition("}")[2]
        if tag in REFUSED_TAGS:
            raise Refused(REFUSED_TAGS[tag])
        if REMOTE.match(one.get(XLINK, "")):
            yield _reached(tag)


def _reached(tag: str) -> str:
    """An element that leads to another machine: fetched at once, shown at once, or followed by whoever clicks."""
    if tag in {"a", "image"}:
        return "links" if tag == "a" else "remote"
    raise Refused("fetches")


LOOKERS = (
    (re.compile(r"^\[content_types\]\.xml$"), _types),
    (re.compile(r"\.rels$"), _relations),
    (re.compile(r"^meta-inf/manifest\.xml$"), _manifest),
    (re.compile(r"^word/.*\.xml$|^xl/externallinks/.*\.xml$"), _fields),
    (re.compile(r"^(?!word/|xl/)(?:.*/)?(?:content|styles|settings|meta)\.xml$"), _open_document),
)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(inspect(sys.stdin.buffer)))

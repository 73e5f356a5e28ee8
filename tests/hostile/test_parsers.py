"""Hypothesis writes what parsers have to read: whatever comes, they read it or refuse it in their own words.

Few examples here, many with `make security` (HYPOTHESIS_PROFILE=thorough).
"""

import contextlib
import io
import json
import os
import shutil
import string
from functools import cache
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments import interchange, numbers
from assessments.errors import Invalid
from criteria import schema, source, store
from registry import prose
from registry.api import cursors
from registry.applications import sheets, workbooks
from registry.evidence import names, protocol
from registry.log import checkpoints, notes, proofs, tiles
from registry.verifying import registry_verify as tool
from tests.forgeries import LATER, Table
from tests.issuer import DID
from tests.world import EDITION, PROFILE

THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"


def examples(few: int, many: int) -> Any:
    """So many examples in the ordinary run, always the same; more where one has the time."""
    return settings(
        max_examples=many if THOROUGH else few,
        deadline=None,
        derandomize=not THOROUGH,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


ODD = st.sampled_from(
    ["\0", "\u202e", "\u200b", "\ufeff", "²", "٣", "９", "𝟗", "İ", "ﬁ", "\r\n", "\u2028", "'", '"', "<", "&"]
)
TEXT = st.one_of(st.text(max_size=60), st.lists(st.one_of(ODD, st.text(max_size=4)), max_size=20).map("".join))
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXT),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXT, inner, max_size=4)),
    max_leaves=12,
)


def mixed(*words: str) -> st.SearchStrategy[str]:
    """Text in which the words of a format stand at all places."""
    return st.lists(st.one_of(st.sampled_from(words), ODD, st.text(max_size=5)), max_size=16).map("".join)


# --- the protocol of uploads ---

HEADER = mixed("filename ", "YQ==", ",", " ", "=", "//79", "sha1 ", "sha256 ", "1", "-", "+", "9" * 20)


@examples(60, 3000)
@given(HEADER)
def test_metadata_of_uploads(header: str) -> None:
    try:
        found = protocol.read_metadata(header)
    except ValueError:
        return
    assert all(isinstance(value, str) and key for key, value in found.items())


@examples(40, 2000)
@given(HEADER.filter(lambda text: text.isprintable()), HEADER.filter(lambda text: text.isprintable()))
def test_headers_of_uploads(app: Any, number: str, checksum: str) -> None:
    with app.test_request_context(headers={"Upload-Offset": number, "Upload-Checksum": checksum}):
        for read in (lambda: protocol.number("Upload-Offset"), protocol.checksum, protocol.metadata):
            with contextlib.suppress(protocol.Declined):
                found = read()
                assert not isinstance(found, int) or 0 <= found < 10**15


@examples(80, 3000)
@given(st.text(max_size=300))
def test_names_of_files(name: str) -> None:
    kept = names.cleaned(name)
    assert kept
    assert len(kept) <= names.LONGEST
    assert not set(kept) & {*names.FORBIDDEN, "/", "\\", "\0", "\n", "\r", "\u202e"}
    assert not kept.startswith(".")


# --- what is imported into an application ---

DOCUMENT = st.fixed_dictionaries(
    {"format": st.just(interchange.FORMAT), "version": st.just(interchange.VERSION)},
    optional={
        "edition": st.one_of(st.just(EDITION), JSON),
        "profile": st.one_of(JSON, st.dictionaries(st.sampled_from(sorted(PROFILE)), JSON, max_size=8)),
        "answers": st.one_of(JSON, st.dictionaries(st.sampled_from(["TL-01", "TN-05", "x"]), JSON, max_size=3)),
        "links": JSON,
        "notes": JSON,
    },
)
FIGURES = st.dictionaries(
    st.sampled_from(["list", "topic", "tried", "blocked", "wrongly", "tested_on", "measured_by", "report", "place"]),
    st.one_of(JSON, st.integers(), st.sampled_from(["2026-02-31", "99999-01-01", "1e9", "٣", "²", "-1"])),
)


@examples(80, 3000)
@given(
    st.one_of(TEXT, JSON.map(lambda raw: json.dumps(raw, ensure_ascii=False)), mixed("[", "{", '"a":', "1e999", "NaN"))
)
def test_a_text_that_may_be_json(written: str) -> None:
    try:
        interchange.read(interchange.parse(written))
    except Invalid:
        return


@examples(60, 3000)
@given(DOCUMENT)
def test_a_document_of_an_application(raw: dict[str, Any]) -> None:
    try:
        found = interchange.read(interchange.parse(json.dumps(raw)))
    except Invalid:
        return
    json.dumps(found.profile).encode()  # what is kept can be stored and shown


@examples(60, 3000)
@given(st.lists(st.one_of(FIGURES, JSON), max_size=4))
def test_measured_results_in_a_document(rows: list[Any]) -> None:
    raw = {
        "format": interchange.FORMAT,
        "version": interchange.VERSION,
        "edition": EDITION,
        "profile": {"blocking": rows},
    }
    try:
        interchange.read(interchange.parse(json.dumps(raw)))
    except Invalid:
        return


CELL = st.one_of(st.none(), st.integers(), st.floats(allow_nan=False), TEXT, st.just({"formula": "B3"}), st.booleans())
HEADS = st.sampled_from(
    [list(sheets.ANSWERS), list(sheets.PROFILE), list(sheets.LINKS), ["code", "claim", "field", "value"]]
)


@examples(60, 3000)
@given(st.lists(st.tuples(HEADS, st.lists(st.lists(CELL, max_size=6), max_size=6)), min_size=1, max_size=3))
def test_the_cells_of_a_workbook(given_sheets: list[tuple[list[str], list[list[Any]]]]) -> None:
    try:
        raw = sheets._document([[heads, *rows] for heads, rows in given_sheets], [])
        interchange.read(interchange.parse(json.dumps(raw, default=str)))
    except Invalid:
        return


@cache
def workbook() -> bytes:
    """One of ours, filled in."""
    raw = {
        "format": interchange.FORMAT,
        "version": interchange.VERSION,
        "edition": EDITION,
        "profile": {"name_vi": "Đèn"},
    }
    return workbooks.write(interchange.read(raw), store.load(EDITION))


@examples(4, 150)
@given(st.data())
def test_a_damaged_workbook(data: st.DataObject) -> None:
    raw = bytearray(workbook())
    for place in data.draw(st.lists(st.integers(0, len(raw) - 1), min_size=1, max_size=20)):
        raw[place] = data.draw(st.integers(0, 255))
    try:
        sheets.read(io.BytesIO(bytes(raw)))
    except Invalid:
        return


# --- editions ---

TOML = mixed(
    "[[criterion]]\n", "code = ", '"TL-01"', "\n", "=", "[", "]", "weight = ", "9" * 30, "1979-05-27", "true", "'''"
)


@examples(25, 800)
@given(data=st.data())
def test_a_damaged_edition(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("edition") / EDITION
    shutil.copytree(store.folder_of(EDITION), folder, ignore=shutil.ignore_patterns("calibration"))
    file = folder / source.EDITION_FILE
    lines = file.read_text("utf-8").split("\n")
    place = data.draw(st.integers(0, len(lines) - 1))
    how = data.draw(st.sampled_from(["instead", "before", "out", "value"]))
    text = data.draw(TOML)
    if how == "value":
        lines[place] = (
            lines[place].partition("=")[0]
            + "= "
            + data.draw(st.sampled_from(['""', "[]", "{}", "-1", "1e9", "true", '"x"']))
        )
    else:
        lines[place : place + (how != "before")] = [] if how == "out" else [text]
    file.write_text("\n".join(lines), "utf-8", errors="replace")
    try:
        raw = source.read(folder)
        if not list(schema.shape_faults(raw)):
            store.load_folder(folder)
    except source.EditionError:
        return


# --- certificates, status lists, the log ---


TRUST = tool.Trust(frozenset({DID}), frozenset())


@pytest.fixture(scope="module")
def forged() -> Table:
    return Table()


def alike(token: str) -> st.SearchStrategy[str]:
    """A token with some of its letters changed, its parts in another order, or others put between."""
    parts = token.split(".")
    some = st.text(string.ascii_letters + string.digits + "-_=.", max_size=40)
    changed = st.tuples(st.integers(0, len(token) - 1), some).map(
        lambda one: token[: one[0]] + one[1] + token[one[0] + 1 :]
    )
    return st.one_of(changed, st.lists(st.one_of(st.sampled_from(parts), some), max_size=5).map(".".join))


@examples(60, 3000)
@given(st.data())
def test_a_certificate_that_was_changed_is_never_valid(forged: Table, data: st.DataObject) -> None:
    snapshot = tool.read_snapshot(json.dumps(forged.issuer.snapshot()).encode())
    whole = forged.token
    token = data.draw(alike(whole))
    raw = data.draw(st.sampled_from([token, f"{token}\n", json.dumps({"id": token})])).encode()
    found = tool.check(raw, snapshot, TRUST, LATER)
    assert found.status != "valid" or whole in token


@examples(60, 3000)
@given(
    st.one_of(
        st.binary(max_size=300), JSON.map(lambda raw: json.dumps(raw).encode()), TEXT.map(lambda text: text.encode())
    )
)
def test_any_file_and_any_snapshot(forged: Table, raw: bytes) -> None:
    snapshot = tool.read_snapshot(json.dumps(forged.issuer.snapshot()).encode())
    assert tool.check(raw, snapshot, TRUST, LATER, raw.decode("utf-8", "replace")).status != "valid"
    try:
        tool.read_snapshot(raw)
    except tool.Refused:
        return


@examples(60, 3000)
@given(st.data())
def test_a_snapshot_that_was_changed(forged: Table, data: st.DataObject) -> None:
    known = json.loads(json.dumps(forged.issuer.snapshot()))
    name = data.draw(st.sampled_from(sorted(known)))
    known[name] = data.draw(JSON)
    try:
        snapshot = tool.read_snapshot(json.dumps(known).encode())
    except tool.Refused:
        return
    tool.check(forged.token.encode(), snapshot, TRUST, LATER)


NOTE = mixed(
    "\n", "\n\n", "— ", "localhost", " ", "AAAA", "12", "0", "c2sp.org/tlog-proof@v1", "extra ", "index ", "٣", "9" * 30
)


@examples(80, 4000)
@given(NOTE)
def test_notes_checkpoints_and_proofs(text: str) -> None:
    for read in (
        notes.text_of,
        checkpoints.parsed,
        proofs.read,
        notes.verifier_from,
        lambda note: notes.opened(note, []),
    ):
        try:
            read(text)
        except (notes.Unreadable, notes.NotSigned):
            continue


@examples(80, 4000)
@given(
    mixed("0", "1", "7", "9", "entries", "x001", "/", "000", "255", ".p/", "-", "٣"),
    mixed("0", "63", "entries", "-1", "²"),
)
def test_addresses_of_tiles(address: str, level: str) -> None:
    found = tiles.asked(level, address)
    assert found is None or (0 <= found.place.level <= 63 and 1 <= found.count <= tiles.WIDTH)


@examples(80, 4000)
@given(st.one_of(TEXT, st.text(string.ascii_letters + string.digits + "-_", max_size=80)))
def test_cursors(text: str) -> None:
    try:
        cursors.read("products", text, (str,))
    except ValueError:
        return


@examples(100, 5000)
@given(mixed("VCSC", "-", "26", "0001", "O", "I", "L", "https://localhost/c/", " ", "X"))
def test_numbers_of_certificates(text: str) -> None:
    numbers.parse(text)
    numbers.place(text)
    numbers.near(text)


# --- text that becomes a page ---

MARKS = (
    *("[a](", "javascript:", "https://a.example", ")", "<script>", "![", "onerror=", "&#106;"),
    *("*", "**", "_", "`", "\n", "\n\n", "- ", "> ", "# ", "|"),
)


class Tags(HTMLParser):
    """What stands in HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element, its attributes and where it leads."""
        self.seen |= {tag, *(name for name, _ in attrs)}
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]


@examples(80, 4000)
@given(mixed(*MARKS))
def test_markdown_of_strangers_and_of_the_club(text: str) -> None:
    for render, tags in ((prose.stranger, prose.STRANGERS_TAGS), (prose.trusted, prose.TRUSTED_TAGS)):
        reader = Tags()
        reader.feed(str(render(text)))
        assert reader.seen <= tags | {"href", "title", "rel", "id", "scope", "align", "start"}
        assert [one for one in reader.links if one.lower().startswith(("javascript", "data", "//", "vbscript"))] == []


@examples(25, 800)
@given(st.one_of(TEXT, mixed("từ ", "lọc ", "7 tuổi ", '"', "*", "(", ":", "-", "và ", "không ", "android ")))
def test_what_is_searched_for(app: Any, text: str) -> None:
    answer = app.test_client().get("/products", query_string={"q": text.encode("utf-8", "replace")})
    assert answer.status_code in {200, 400}

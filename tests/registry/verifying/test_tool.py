"""The tool that is given away: every answer of the table, every changed byte, and the command as a stranger runs it."""

import ast
import json
import subprocess
import sys
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import jwt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.verifying import registry_verify as tool
from tests import issuer as signing
from tests.forgeries import LATER, Table, flipped
from tests.issuer import DID, NUMBER, status_list

TABLE = Table()
CASES = TABLE.cases()
TRUST = tool.Trust(frozenset({DID}), frozenset())
FILE = Path(tool.__file__)
DAY = "2026-11-27"  # within the status lists of the tests' issuer


def saved(snapshot):
    return tool.read_snapshot(json.dumps(snapshot).encode())


SNAPSHOT = saved(TABLE.issuer.snapshot())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_answer_is_the_right_one_with_its_reason_in_both_languages(case):
    found = tool.check(case.raw, saved(case.snapshot), TRUST, case.at, case.proof)
    assert (found.status, found.reason) == (case.status, case.reason)
    if case.detail:
        assert found.values["detail"] == case.detail
    for language in (0, 1):
        assert tool.explained(found, language).strip()
        assert "{" not in tool.written(found, language)


def test_every_answer_is_in_the_table():
    answered = {case.status for case in CASES}
    assert answered == set(tool.ANSWERS)
    assert len({code for code, *_ in tool.ANSWERS.values()}) == len(tool.ANSWERS)
    assert {code for code, *_ in tool.ANSWERS.values()} & {1, 2} == set()  # those of failures and wrong options


def library_accepts(token):
    """What PyJWT says: the same key, the one algorithm, and nothing of the registry's own code."""
    try:
        jwt.decode(token, TABLE.issuer.now.private.public_key(), algorithms=["EdDSA"])
    except jwt.InvalidTokenError:
        return False
    return True


def test_a_library_that_is_not_ours_reads_what_we_accept():
    token = TABLE.token
    assert jwt.decode(token, TABLE.issuer.now.private.public_key(), algorithms=["EdDSA"]) == signing.credential()
    assert jwt.get_unverified_header(token) == TABLE.issuer.now.header()


@pytest.mark.parametrize("bit", [0, 1, 4, 5])
def test_every_changed_byte_is_refused_by_the_tool_and_by_the_library(bit):
    token = TABLE.token
    assert (tool.check(token.encode(), SNAPSHOT, TRUST, LATER).status, library_accepts(token)) == ("valid", True)
    for changed in flipped(token, (bit,)):
        found = tool.check(changed.encode("latin-1"), SNAPSHOT, TRUST, LATER)
        assert found.status in {"forged", "unknown_key", "unreadable"}, changed
        assert not library_accepts(changed), changed


@pytest.mark.parametrize("compress", [False, True])
def test_no_changed_byte_of_a_pdf_makes_it_say_anything_else(compress):
    leaves = [b"a", signing.grant(TABLE.token), b"c"]
    paper = signing.pdf(TABLE.token, signing.proof(TABLE.issuer.log, leaves, 1), compress=compress)
    right = tool.check(paper, SNAPSHOT, TRUST, LATER)
    assert (right.status, right.log["index"]) == ("valid", 1)
    refused = 0
    for place in range(0, len(paper), 3):
        changed = bytearray(paper)
        changed[place] ^= 1 << place % 8
        found = tool.check(bytes(changed), SNAPSHOT, TRUST, LATER)
        assert found.status in {"valid", "forged", "unknown_key", "unreadable"}
        if found.status == "valid":  # a byte of the pages: what is signed still says the same
            assert found.facts == right.facts
        else:
            refused += 1
    assert refused > (200 if compress else len(TABLE.token) // 3)


def test_the_attachment_of_a_pdf_refuses_every_changed_byte():
    token = TABLE.token
    paper = signing.pdf(token)
    start = paper.index(token.encode())
    for place in range(start, start + len(token)):
        changed = bytearray(paper)
        changed[place] ^= 1
        assert tool.check(bytes(changed), SNAPSHOT, TRUST, LATER).status in {"forged", "unknown_key", "unreadable"}


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_whatever_the_issuer_signs_there_is_an_answer_and_no_accident(data):
    """Parts of a certificate and of a list are replaced by anything at all, and signed."""

    def spoiled(value):
        if isinstance(value, dict | list) and value and data.draw(st.booleans()):
            name = data.draw(st.sampled_from(sorted(value) if isinstance(value, dict) else range(len(value))))
            changed = value.copy()
            changed[name] = spoiled(value[name])
            return changed
        return data.draw(JUNK)

    now = TABLE.issuer.now
    token = now.token(spoiled({**signing.credential()}))
    snapshot = TABLE.issuer.snapshot(revocation=now.token(spoiled({**status_list("revocation")})))
    for raw in (token, TABLE.token):
        found = tool.check(raw.encode(), saved(snapshot), TRUST, LATER)
        assert found.status in tool.ANSWERS
        assert tool.written(found, 0)
        json.loads(tool.described(found, 1))


@pytest.mark.parametrize("open_", ['{"a":', "["])
def test_content_that_is_very_deep_is_refused(open_):
    deep = TABLE.issuer.now.token((open_ * 20_000).encode())
    assert tool.check(deep.encode(), SNAPSHOT, TRUST, LATER).status == "unreadable"


def test_a_pinned_issuer_and_a_pinned_key():
    issuer, raw = TABLE.issuer, TABLE.token.encode()

    def answer(dids, *keys):
        found = tool.check(raw, SNAPSHOT, tool.Trust(frozenset(dids), frozenset(keys)), LATER)
        return found.status, found.reason

    assert answer({"did:web:other.example"}) == ("unknown_key", "other_issuer")
    assert answer({DID}, signing.b64(issuer.retired.public)) == ("unknown_key", "not_pinned")
    now = next(one for one in SNAPSHOT.keys if one.kid == "k2")
    assert answer({DID}, now.x) == answer({DID}, now.thumbprint()) == ("valid", "valid")


def test_the_thumbprint_is_that_of_the_standard():
    x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"  # RFC 8037, appendix A.3
    key = tool.Key("", "", "assertion", tool.decoded(x), LATER, None, "")
    assert key.thumbprint() == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


@pytest.mark.parametrize(
    "changes",
    [{"format": 2}, {"keys": {}}, {"as_of": "today"}, {"status_lists": []}, {"issuer": None, "keys": {"keys": [{}]}}],
)
def test_a_snapshot_that_is_none_is_refused(changes):
    with pytest.raises(tool.Refused) as refusal:
        saved({**TABLE.issuer.snapshot(), **changes})
    assert refusal.value.reason == "snapshot"


def test_it_is_one_file_with_one_dependency():
    tree = ast.parse(FILE.read_text("utf-8"))
    named = {one.module.split(".")[0] for one in ast.walk(tree) if isinstance(one, ast.ImportFrom) and one.module}
    named |= {name.name.split(".")[0] for one in ast.walk(tree) if isinstance(one, ast.Import) for name in one.names}
    assert named - set(sys.stdlib_module_names) == {"cryptography"}


# --- the command ---


def run(*arguments, stdin=None, cwd=None):
    """The file alone, as somebody else would run it."""
    command = [sys.executable, "-I", str(FILE), *map(str, arguments)]
    done = subprocess.run(command, input=stdin, capture_output=True, check=False, cwd=cwd)  # noqa: S603  our own file
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.fixture
def desk(tmp_path):
    """A folder with a snapshot and a certificate in three forms."""
    token = TABLE.token
    (tmp_path / "snapshot.json").write_text(json.dumps(TABLE.issuer.snapshot()), "utf-8")
    (tmp_path / "good.jwt").write_text(token, "ascii")
    (tmp_path / "good.pdf").write_bytes(signing.pdf(token))
    (tmp_path / "bad.jwt").write_text(f"{token[:-20]}AAAA{token[-16:]}", "ascii")
    leaves = [signing.grant(token), b"b"]
    (tmp_path / "good.proof").write_text(signing.proof(TABLE.issuer.log, leaves, 0), "utf-8")
    return tmp_path


@pytest.mark.parametrize("name", ["good.jwt", "good.pdf", "-"])
def test_the_command_says_valid_in_vietnamese_without_a_network(desk, name):
    stdin = (desk / "good.jwt").read_bytes() if name == "-" else None
    path = "-" if name == "-" else desk / name
    code, said, _ = run("--snapshot", desk / "snapshot.json", "--at", DAY, path, stdin=stdin)
    assert (code, said.splitlines()[0].split(":")[0]) == (0, "Còn hiệu lực")
    for words in (NUMBER, "Đèn Nhà 5.2", "Công ty CP Hạt Nắng", "21/11/2028", "26/11/2026 12:00"):
        assert words in said


def test_the_command_says_forged_in_english(desk):
    code, said, _ = run("--snapshot", desk / "snapshot.json", "--lang", "en", desk / "bad.jwt")
    assert (code, said.splitlines()[0].split(":")[0]) == (7, "Forged or altered")


def test_the_answer_for_machines(desk):
    asked = ("--snapshot", desk / "snapshot.json", "--at", DAY, "--json", "--proof", desk / "good.proof")
    code, said, _ = run(*asked, desk / "good.jwt")
    found = json.loads(said)
    assert (code, found["status"], found["exit_code"], found["reason"]) == (0, "valid", 0, "valid")
    assert set(found) == {
        "format",
        "status",
        "exit_code",
        "reason",
        "detail",
        "text",
        "as_of",
        "credential",
        "facts",
        "log",
    }
    assert found["credential"] == signing.credential()
    assert (found["facts"]["number"], found["log"]["index"], found["log"]["size"]) == (NUMBER, 0, 2)


def test_another_day_is_another_answer(desk):
    asked = ("--snapshot", desk / "snapshot.json", desk / "good.jwt")
    codes = [run(*asked, "--at", day)[0] for day in ("2026-11-01", "2026-11-24", DAY, "2026-12-24", "2029-01-01")]
    assert codes == [6, 10, 0, 10, 4]


@pytest.mark.parametrize("more", [[], ["--at", "tomorrow", "--snapshot", "x", "y"], ["good.jwt"]])
def test_wrong_options_end_with_2(desk, more):
    assert run(*more, cwd=desk)[0] == 2


def test_failures_end_with_1_and_without_a_trace(desk):
    for snapshot, name in (("snapshot.json", "none"), ("good.jwt", "good.jwt")):
        code, said, error = run("--snapshot", desk / snapshot, desk / name)
        assert (code, said, "Traceback" in error) == (1, "", False)
        assert error.strip()
    assert run("http://registry.example/c/VCSC-26-0001-K")[0] == 1  # no certificate is fetched over an open line


def test_the_help_explains_trust_and_every_exit_code():
    code, said, _ = run("--help")
    assert code == 0
    for status, (number, *_) in tool.ANSWERS.items():
        assert f"{number:4}  {status} " in said
    assert "--did" in said.partition("Whom you trust")[2]


@pytest.fixture
def registry(desk):
    """A registry that answers as ours does, until the test ends."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            names = {
                "/verify/snapshot.json": "snapshot.json",
                f"/c/{NUMBER}.jwt": "good.jwt",
                f"/c/{NUMBER}.pdf": "good.pdf",
            }
            name = names.get(self.path)
            self.send_response(200 if name else 404)
            self.end_headers()
            self.wfile.write((desk / name).read_bytes() if name else b"")

        def log_message(self, *_arguments):
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("ending", ["", ".jwt", ".pdf", ".json", "?lang=en"])
def test_an_address_is_fetched_with_its_snapshot(registry, ending):
    assert run("--at", DAY, f"{registry}/c/{NUMBER}{ending}")[0] == 0


def test_a_snapshot_is_saved_and_serves_when_nobody_answers_any_more(desk, registry):
    kept = desk / "kept.json"
    assert run("--registry", registry, "--save-snapshot", kept)[:2] == (0, "")
    assert kept.read_bytes() == (desk / "snapshot.json").read_bytes()
    assert run("--snapshot", kept, "--at", DAY, desk / "good.jwt")[0] == 0
    assert run(f"{registry}/c/VCSC-26-0002-N")[0] == 1


def test_long_files_and_many_streams_are_not_read_for_long():
    hostile = b"%PDF-1.4\n" + b"1 0 obj <</Type /EmbeddedFile>> stream\n" * 200_000
    assert tool.check(hostile, SNAPSHOT, TRUST, LATER).status == "unreadable"
    bomb = signing.pdf("A" * 50_000_000, compress=True)
    assert tool.check(bomb, SNAPSHOT, TRUST, LATER).status == "unreadable"
    assert tool.check(b"x" * (tool.MOST_FILE + 1), SNAPSHOT, TRUST, LATER).reason == "large"
    assert tool.check(TABLE.token.encode(), SNAPSHOT, TRUST, LATER + timedelta(days=1)).status == "valid"

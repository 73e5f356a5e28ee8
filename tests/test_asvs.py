"""The list of requirements (OWASP ASVS 5.0, levels 1 and 2): each is there once, and what proves it exists."""

import ast
import csv
import hashlib
import re
from collections import Counter
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest

from registry.accounts import attempts
from registry.evidence import content

ROOT = Path(__file__).parent.parent
LIST = ROOT / "docs" / "security" / "asvs.tsv"
REFERENCE = ROOT / "docs" / "security" / "reference.md"
HOW_MANY = 196
# The hash of id, level, chapter and statement of all lines: what is asked stays as it was asked.
GIVEN = "cc9a938b8a9f6434f10309880424834da51ee36691680d85d339bc3c789d5c42"
STATUSES = {"met", "partly", "not applicable"}
WINDOWS = {
    "15 minutes": timedelta(minutes=15),
    "1 hour": timedelta(hours=1),
    "1 day": timedelta(days=1),
    "1 minute": timedelta(minutes=1),
}

with LIST.open(encoding="utf-8", newline="") as source:
    REQUIREMENTS = list(csv.DictReader(source, delimiter="\t", quoting=csv.QUOTE_NONE))


@cache
def named_in(path: str) -> set[str]:
    """The names of the tests of a file."""
    file = ROOT / path
    tree = ast.parse(file.read_text("utf-8")) if file.is_file() else ast.Module([], [])
    return {one.name for one in ast.walk(tree) if isinstance(one, ast.FunctionDef) and one.name.startswith("test_")}


@cache
def headings_of(path: str) -> set[str]:
    """The headings of a document."""
    file = ROOT / path
    return set(re.findall(r"^#+ (.+)$", file.read_text("utf-8"), re.MULTILINE)) if file.is_file() else set()


def exists(proof: str) -> bool:
    """Whether a proof is there: tests/....py::test_name or docs/....md#Heading."""
    if "::" in proof:
        path, _, name = proof.partition("::")
        return path.startswith("tests/") and name in named_in(path)
    path, _, heading = proof.partition("#")
    return path.startswith("docs/") and heading in headings_of(path)


def faults(row: dict[str, str]) -> list[str]:
    """What is wrong with one line."""
    proofs = [one for one in row["proof"].split(" ; ") if one]
    wrong = [f"{one} is not there" for one in proofs if not exists(one)]
    if row["status"] not in STATUSES:
        wrong.append(f"status {row['status']!r}")
    if row["status"] == "met" and not proofs:
        wrong.append("nothing proves it")
    if row["status"] != "met" and len(row["note"].split()) < 3:
        wrong.append("no reason")
    return wrong


def test_every_requirement_is_there_once():
    counted = Counter(row["id"] for row in REQUIREMENTS)
    assert [name for name, count in counted.items() if count > 1] == []
    assert len(counted) == HOW_MANY


def test_what_is_asked_stands_there_as_it_was_asked():
    text = "\n".join("\t".join(row[name] for name in ("id", "level", "chapter", "statement")) for row in REQUIREMENTS)
    assert hashlib.sha256(text.encode()).hexdigest() == GIVEN


@pytest.mark.parametrize("row", REQUIREMENTS, ids=lambda row: row["id"])
def test_it_has_a_status_with_its_proof_or_its_reason(row):
    assert faults(row) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"proof": "tests/test_asvs.py::test_that_is_not_there"}, "is not there"),
        ({"proof": "docs/security.md#No such heading"}, "is not there"),
        ({"proof": "tests/no_such_file.py::test_x"}, "is not there"),
        ({"status": "perhaps"}, "status"),
        ({"proof": ""}, "nothing proves it"),
        ({"status": "partly", "note": ""}, "no reason"),
        ({"status": "not applicable", "note": "no"}, "no reason"),
    ],
)
def test_a_line_that_proves_nothing_is_found(changes, said):
    good = {"id": "V0", "status": "met", "proof": "docs/security.md#Assets", "note": ""}
    assert faults(good) == []
    assert said in faults({**good, **changes})[0]


# --- the tables of the reference ---


def table(heading: str) -> list[list[str]]:
    """The rows of the first table under a heading."""
    part = re.split(rf"^## {re.escape(heading)}$", REFERENCE.read_text("utf-8"), flags=re.MULTILINE)[1]
    lines = part.split("\n## ")[0].splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return [row for row in rows[1:] if not set("".join(row)) <= {"-", " "}]


def test_the_table_of_tries_is_the_one_the_code_keeps_to():
    written = {row[0]: row[1:] for row in table("Passwords and tries")}
    kept = {str(purpose): limit for purpose, limit in attempts.LIMITS.items()}
    assert set(written) == set(kept)
    for purpose, limit in kept.items():
        pair, account, address, window = written[purpose]
        numbers = [None if one == "-" else int(one) for one in (pair, account, address)]
        assert numbers == [limit.pair, limit.account, limit.address], purpose
        assert WINDOWS[window] == limit.window, purpose


def test_the_list_of_files_is_the_one_people_are_told():
    assert f"Taken: {content.ALLOWED};" in REFERENCE.read_text("utf-8")


def test_the_ways_in_are_those_of_the_code(app):
    written = {found for row in table("Ways in") for found in re.findall(r"`(accounts\.\w+)`", row[1])}
    assert {name for name in written if name not in app.view_functions} == set()
    begun = ("login_user(", 'session["_user_id"]')
    sources = {path.name: path.read_text("utf-8") for path in (ROOT / "registry").rglob("*.py")}
    assert {name for name, source in sources.items() if any(one in source for one in begun)} == {"login.py"}
    by_mail = {"accounts.confirm_email", "accounts.accept", "accounts.set_password"}
    by_factor = {"accounts.enter_with_passkey", "accounts.show_factor", "accounts.use_recovery"}
    assert written == {"accounts.enter", *by_mail, *by_factor}


def test_the_table_of_algorithms_names_files_that_do_cryptography():
    written = {found for row in table("Keys and algorithms") for found in re.findall(r"`([\w/]+\.py)`", row[3])}
    doing = re.compile(r"hashlib|hmac|argon2|AESGCM|Ed25519|CSRFProtect|SETTINGS")
    assert [path for path in written if not doing.search((ROOT / path).read_text("utf-8"))] == []
    sealing = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "registry").rglob("*.py")
        if re.search(r"from cryptography|from argon2|import hmac", path.read_text("utf-8"))
    }
    known = {*written, *OTHERS}
    assert sealing - known == set(), "name it in docs/security/reference.md#Keys and algorithms"


OTHERS = {  # read, check or make what the table names elsewhere
    "registry/access.py",
    "registry/backups/restoring.py",
    "registry/issuing/checks.py",
    "registry/keys/making.py",
    "registry/keys/ring.py",
    "registry/log/checkpoints.py",
    "registry/subscriptions/tokens.py",
    "registry/tickets.py",
    "registry/verifying/registry_verify.py",
}

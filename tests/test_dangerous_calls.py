"""What the code does not do at all: looked for in its text, so that whoever needs it has to say so here."""

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CODE = sorted(path for folder in ("criteria", "assessments", "registry") for path in (ROOT / folder).rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SCRIPTS = sorted((ROOT / "registry" / "static").glob("*.js"))  # vendor/ is somebody else's, and pinned

CONNECTING = {  # the modules that open a connection to somewhere, and what to
    "registry/api/samples.py",  # texts of programs that are shown, not run
    "registry/copies/buckets.py",  # the storage that PUBLISH_TO names
    "registry/doctor/outside.py",  # looks whether the mail server of the settings answers
    "registry/mail/transport.py",
    "registry/scanner.py",
    "registry/storage/s3.py",
    "registry/subscriptions/outgoing.py",
    "registry/verifying/registry_verify.py",  # given away: runs on the machine of whoever checks
}
CRYPTOGRAPHY = {"argon2", "cryptography", "itsdangerous", "hashlib", "hmac", "secrets", "ssl"}
OTHERS = {"Crypto", "Cryptodome", "nacl", "jwt", "jose", "bcrypt", "passlib", "rsa", "ecdsa", "M2Crypto", "OpenSSL"}
MARKED_SAFE = {  # our own drawings, and what nh3 has cleaned
    *(
        "registry/accounts/codes.py",
        "registry/articles.py",
        "registry/catalogue.py",
        "registry/certificates/pictures.py",
        "registry/differences.py",
    ),
    *("registry/guides/finding.py", "registry/guides/versions.py", "registry/icons.py", "registry/prose.py"),
    "registry/security.py",
}


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def text_of(path: Path) -> str:
    return path.read_text("utf-8")


def saying(pattern: str, paths: list[Path]) -> set[str]:
    """The files in which a pattern is found."""
    return {name(path) for path in paths if re.search(pattern, text_of(path))}


@cache
def imports(path: Path) -> set[str]:
    """The top names of what a file imports."""
    found = set()
    for node in ast.walk(ast.parse(text_of(path))):
        if isinstance(node, ast.Import):
            found |= {one.name.split(".")[0] for one in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


def test_the_rules_of_bandit_hold_without_exception():
    """No exec, eval, pickle, unsafe yaml, shell, weak hash, SQL of strings, unverified TLS, password in the code."""
    rules = "S102,S105,S106,S108,S301,S302,S307,S311,S312,S313,S314,S317,S318,S319,S321,S323,S324,S501,S502,S503,S504"
    more = "S505,S506,S507,S508,S509,S602,S604,S605,S606,S608,S609,S610,S611,S701,S702"
    asked = [sys.executable, "-m", "ruff", "check", "--isolated", "--ignore-noqa", "--select", f"{rules},{more}"]
    done = subprocess.run([*asked, "--output-format", "concise", *CODE], capture_output=True, text=True, check=False)  # noqa: S603
    known = re.compile(r"S105 |S608 |S324 .*sha1|inspectors/|S314 |S108 ")
    assert [line for line in done.stdout.splitlines() if re.search(r": S\d", line) and not known.search(line)] == []


def test_no_text_becomes_a_program_or_a_template():
    assert saying(r"\b(?:pickle|marshal|shelve|yaml|render_template_string)\b|env\w*\.from_string", CODE) == set()
    assert saying(r"(?<![.\w])(?:eval|exec)\(", CODE) == set()
    assert saying(r"shell=True|os\.(?:system|popen)", CODE) == set()


def test_markup_is_marked_as_safe_in_few_places():
    assert saying(r"\bMarkup\(", CODE) <= MARKED_SAFE
    assert saying(r"\|\s*safe\b|autoescape\s+false", TEMPLATES) == {"templates/apply/index.html"}  # both values escaped
    assert saying(r"<script(?![^>]*\b(?:src=|type=\"application/(?:ld\+)?json\"))", TEMPLATES) == set()


def test_scripts_write_text_and_never_markup():
    assert (
        saying(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|__proto__", SCRIPTS)
        == set()
    )
    assert saying(r"localStorage", SCRIPTS) == {"registry/static/review.js"}  # whether its keys are on, nothing else
    assert saying(r"sessionStorage|indexedDB|document\.cookie", SCRIPTS) == set()
    assert saying(r"onpaste|oncopy|\son[a-z]+=\"", TEMPLATES) == set()


def test_only_these_modules_open_connections():
    opening = r"urlopen|http\.client|socket\.(?:socket|create_connection)|smtplib\.SMTP(?:_SSL)?\(|boto3\.client"
    assert saying(opening, CODE) <= CONNECTING
    assert {name(path) for path in CODE if imports(path) & {"requests", "httpx", "aiohttp", "urllib3"}} == set()


def test_cryptography_is_the_work_of_few_libraries():
    used = set().union(*(imports(path) for path in CODE))
    assert used & OTHERS == set()
    assert used >= CRYPTOGRAPHY - {"ssl"}
    drawing_lots = {"assessments/hearings.py"}  # by SystemRandom
    assert saying(r"\bimport random\b|from random import", CODE) <= drawing_lots | DRAWN
    assert saying(r"\buuid1\b", CODE) == set()
    assert saying(r"PKCS1v15|modes\.(?:ECB|CBC)|\bECB\b|\bMD5\b|\.md5\(|\.sha1\(", CODE) == set()


DRAWN: set[str] = {
    name(path) for path in CODE if "registry/demonstration/" in name(path)
}  # made-up people and products


def test_forms_are_read_from_the_body_and_addresses_from_the_question():
    """A name in both places is two things: nowhere are the two mixed."""
    assert saying(r"request\.values", CODE) == set()


def test_what_comes_in_is_decoded_once():
    decoding = {"registry/credentials/payload.py", "registry/mail/transport.py", "registry/scanner.py"}
    decoding |= {"registry/doctor/outside.py", "registry/copies/rendering.py"}  # settings, and our own addresses
    assert saying(r"\bunquote\(|\bunescape\(", CODE) == {*decoding, "registry/storage/__init__.py"}  # settings and DIDs


def test_no_secret_lies_in_the_repository():
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout  # noqa: S607
    found = []
    for path in tracked.splitlines():
        text = (ROOT / path).read_text("utf-8", errors="ignore") if (ROOT / path).is_file() else ""
        if re.search(
            r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\n[A-Za-z0-9+/=]{20}|AKIA[0-9A-Z]{16}|ghp_[A-Za-z0-9]{30}", text
        ):
            found.append(path)
    assert [path for path in found if not path.startswith("tests/")] == []


@pytest.mark.parametrize("word", ["flash.swf", "applet", "<object", "<embed", "silverlight", "webkit-box"])
def test_no_technique_that_browsers_have_given_up(word):
    assert saying(re.escape(word), TEMPLATES) - {"templates/never.html"} == set()

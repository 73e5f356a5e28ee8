"""The check in the browser: every answer of the table, every changed byte, and the page with the network cut."""

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from registry.verifying import routes
from tests import issuer as signing
from tests.forgeries import LATER, Table, as_plain, flipped

SCRIPT = Path(routes.__file__).parent.parent / "static" / "verify.js"
TABLE = Table()
CHECK_ALL = """async (cases) => {
  const { check } = await import("/verify.js");
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const answers = [];
  for (const one of cases) answers.push(await check(bytes(one.raw), one.snapshot, one.at, one.proof));
  return answers;
}"""


@pytest.fixture(scope="module")
def workbench(browser: Browser) -> Iterator[Page]:
    """A page with nothing on it but the script; no site stands behind it."""
    context = browser.new_context()
    page = context.new_page()
    page.route(
        "https://workbench.example/", lambda route: route.fulfill(body="<!doctype html>", content_type="text/html")
    )
    page.route(
        "https://workbench.example/verify.js",
        lambda route: route.fulfill(body=SCRIPT.read_text("utf-8"), content_type="text/javascript"),
    )
    page.goto("https://workbench.example/")
    yield page
    context.close()


def checked(page: Page, cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the script answers to each."""
    answers: list[dict[str, Any]] = page.evaluate(CHECK_ALL, cases)
    return answers


def plain(raw: bytes) -> dict[str, Any]:
    """A file for the script."""
    return {"raw": base64.b64encode(raw).decode(), "snapshot": TABLE.issuer.snapshot(), "at": LATER.timestamp() * 1000}


def test_every_answer_of_the_table(workbench: Page):
    cases = TABLE.cases()
    answers = checked(workbench, [as_plain(case) for case in cases])
    got = {case.name: (one["status"], one["reason"], one["detail"]) for case, one in zip(cases, answers, strict=True)}
    wanted = {case.name: (case.status, case.reason, case.detail or got[case.name][2]) for case in cases}
    assert got == wanted


@pytest.mark.parametrize("bit", [0, 5])
def test_every_changed_byte_is_refused(workbench: Page, bit: int):
    token, snapshot = TABLE.token, TABLE.issuer.snapshot()
    changed = [one.encode("latin-1") for one in flipped(token, (bit,))]
    answers = checked(workbench, [{**plain(one), "snapshot": snapshot} for one in (token.encode(), *changed)])
    assert answers[0]["status"] == "valid"
    assert {one["status"] for one in answers[1:]} == {"forged", "unknown_key", "unreadable"}


def test_the_attachment_of_a_pdf_refuses_every_changed_byte(workbench: Page):
    token, snapshot = TABLE.token, TABLE.issuer.snapshot()
    paper = signing.pdf(token)
    start = paper.index(token.encode())
    cases = []
    for place in range(start, start + len(token), 4):
        raw = bytearray(paper)
        raw[place] ^= 1
        cases.append({**plain(bytes(raw)), "snapshot": snapshot})
    assert {one["status"] for one in checked(workbench, cases)} == {"forged", "unknown_key", "unreadable"}


def test_very_deep_content_and_bombs_are_refused(workbench: Page):
    deep = TABLE.issuer.now.token(b'{"a":' + b"[" * 20_000 + b"]" * 20_000 + b"}")
    bomb = signing.pdf("A" * 50_000_000, compress=True)
    answers = checked(workbench, [plain(deep.encode()), plain(bomb)])
    assert [one["status"] for one in answers] == ["forged", "unreadable"]  # the first names no issuer

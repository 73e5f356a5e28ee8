"""A certificate granted on the pages, checked by nobody who asks us: network cut, server stopped, another library."""

import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from playwright.sync_api import Browser, Page, expect
from sqlmodel import Session

from registry import create_app
from registry.verifying import registry_verify
from tests import issuer, site, world
from tests.browser import walking
from tests.browser.words import said
from tests.conftest import settings_in
from tests.deciding import in_decision
from tests.forgeries import flipped
from tests.site import Site

REF = "HS-2026-0001"
WORDS = {"valid": "Còn hiệu lực", "forged": "Giả hoặc đã bị sửa", "unreadable": "Không đọc được"}


@dataclass(frozen=True)
class Granted:
    """A site with a certificate, and what a careful person has kept of it."""

    site: Site
    folder: Path
    number: str

    @property
    def token(self) -> str:
        """The signed text."""
        return (self.folder / f"{self.number}.jwt").read_text("ascii")

    @property
    def paper(self) -> bytes:
        """The signed text with its proof in a PDF."""
        return issuer.pdf(self.token, (self.folder / f"{self.number}.proof").read_text("utf-8"))


def prepare(folder: Path) -> None:
    """The people of the tests, and a file that has come before the committee."""
    engine = create_app(settings_in(folder)).extensions["engine"]
    with Session(engine, expire_on_commit=False) as session:
        in_decision(world.build(session), REF)
    engine.dispose()


def decide(browser: Browser, running: Site) -> str:
    """Two of the committee grant the certificate on their pages; returns its number."""
    pages = [browser.new_context().new_page() for _ in range(2)]
    for page, email in zip(pages, ("giang@club.example", "hung@club.example"), strict=True):
        walking.sign_in(page, running, email, world.PASSWORD)
        page.goto(f"{running.url}/decisions/{REF}")
        if email.startswith("giang"):
            page.check("[name=choice][value='certify:L1']")
            walking.send(page, page.get_by_role("button", name="Gửi đề xuất", exact=True))
        else:
            walking.send(page, page.locator("form[action$='/confirm'] button[type=submit]"))
    pages[1].goto(f"{running.url}/certificates")
    number = pages[1].locator("main a[href*='/certificates/VCSC-']").first.get_attribute("href") or ""
    for page in pages:
        page.context.close()
    return number.rpartition("/")[2]


@pytest.fixture(scope="module")
def granted(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Granted]:
    """The site and what was kept, for tests that only look."""
    folder = tmp_path_factory.mktemp("granted")
    with site.running(folder, prepare=lambda: prepare(folder)) as running:
        number = decide(browser, running)
        kept = tmp_path_factory.mktemp("kept")
        running.wait_until_ready(f"/c/{number}.proof")
        for ending in ("jwt", "proof"):
            with urllib.request.urlopen(f"{running.url}/c/{number}.{ending}") as answer:  # noqa: S310  our own site
                (kept / f"{number}.{ending}").write_bytes(answer.read())
        yield Granted(running, kept, number)


def opened(browser: Browser, granted: Granted, prefix: str = "", width: int = 1280) -> Page:
    """The page with its lists loaded, and the network cut after that."""
    page = browser.new_context(viewport={"width": width, "height": 900}).new_page()
    page.goto(f"{granted.site.url}{prefix}/verify")
    expect(page.locator("[data-ready]")).not_to_be_empty()
    page.context.set_offline(True)
    return page


def choose(page: Page, raw: bytes, name: str = "certificate.pdf") -> None:
    """Choose a file in the box."""
    page.set_input_files("#paper", {"name": name, "mimeType": "application/octet-stream", "buffer": raw})


def drop(page: Page, raw: bytes) -> None:
    """Let a file fall anywhere on the page."""
    script = """(data) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([new Uint8Array(data)], "certificate.pdf"));
        const fallen = new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true });
        document.querySelector("h1").dispatchEvent(fallen);
        return fallen.defaultPrevented;
    }"""
    assert page.evaluate(script, list(raw))  # else the browser would open the file and leave the page


def answer(page: Page, status: str, language: str = "vi") -> None:
    """The page says this, in words, inside what is read out."""
    box = page.get_by_role("status").locator(f"[data-status={status}]")
    expect(box.locator("b")).to_have_text(said(WORDS[status], language))
    expect(box.locator("[data-reason]")).not_to_be_empty()
    expect(box.locator("svg")).to_have_count(1)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_with_the_network_cut_the_page_knows_a_good_one_from_an_altered_one(
    browser: Browser, granted: Granted, language: str
):
    page = opened(browser, granted, "/en" if language == "en" else "")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    drop(page, granted.paper)
    answer(page, "valid", language)
    facts = page.get_by_role("status").locator("dl")
    expect(facts).to_contain_text(granted.number)
    expect(facts).to_contain_text("Home Lamp 5.2" if language == "en" else "Đèn Nhà 5.2")
    assert walking.faults(page, language) == []
    paper = bytearray(granted.paper)
    place = paper.index(granted.token.encode()) + len(granted.token) - 20
    paper[place] = ord("B" if paper[place] == ord("A") else "A")
    drop(page, bytes(paper))
    answer(page, "forged", language)
    assert walking.faults(page, language) == []
    choose(page, granted.token.encode(), f"{granted.number}.jwt")
    answer(page, "valid", language)
    choose(page, b"hello", "hello.txt")
    answer(page, "unreadable", language)
    assert asked == []
    assert page.context.cookies() == []
    page.context.close()


def test_the_answer_fits_the_narrowest_screen(browser: Browser, granted: Granted):
    page = opened(browser, granted, width=320)
    choose(page, granted.paper)
    answer(page, "valid")
    assert walking.faults(page, "vi") == []
    page.context.close()


def test_without_the_lists_the_page_says_so_and_fetches_them_when_it_can(browser: Browser, granted: Granted):
    page = browser.new_context().new_page()
    page.route("**/verify/snapshot.json", lambda route: route.abort())
    page.goto(f"{granted.site.url}/verify")
    expect(page.locator("[data-ready]")).to_contain_text("Chưa lấy được danh sách")
    choose(page, granted.paper)
    expect(page.get_by_role("status")).to_contain_text("Chưa lấy được danh sách")
    page.unroute("**/verify/snapshot.json")
    choose(page, granted.token.encode())
    answer(page, "valid")
    page.context.close()


def test_a_browser_that_cannot_check_says_so(browser: Browser, granted: Granted):
    page = browser.new_context().new_page()
    page.add_init_script("SubtleCrypto.prototype.importKey = () => Promise.reject(new DOMException('no'))")
    page.goto(f"{granted.site.url}/verify")
    expect(page.locator("[data-unable]")).to_be_visible()
    expect(page.locator("#paper")).to_be_hidden()
    expect(page.locator("[data-without]")).to_be_hidden()
    assert walking.faults(page, "vi") == []
    page.context.close()


def test_without_a_script_the_page_tells_the_other_ways(browser: Browser, granted: Granted):
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{granted.site.url}/verify")
    expect(page.locator("#paper")).to_be_hidden()
    expect(page.locator("[data-without]")).to_contain_text("gõ số giấy ở trên")
    expect(page.get_by_role("link", name="registry-verify.py")).to_be_visible()
    page.context.close()


def run(*arguments: object) -> int:
    """The program as it is served, by itself."""
    command = [sys.executable, "-I", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, check=False).returncode  # noqa: S603  our own program


def test_with_the_server_stopped_the_program_and_a_library_know_it_too(granted: Granted, tmp_path: Path):
    """The last of this file: it stops the site."""
    url, number = granted.site.url, granted.number
    program, snapshot = tmp_path / "registry-verify.py", tmp_path / "snapshot.json"
    with urllib.request.urlopen(f"{url}/registry-verify.py") as found:  # noqa: S310  our own site
        program.write_bytes(found.read())
    assert run(program, "--registry", url, "--save-snapshot", snapshot) == 0
    assert run(program, f"{url}/c/{number}") == 0
    granted.site.stop()

    assert run(program, f"{url}/c/{number}") == 1
    kept = granted.folder / f"{number}.pdf"
    kept.write_bytes(granted.paper)
    beside = ("--snapshot", snapshot, "--proof", granted.folder / f"{number}.proof")
    assert run(program, *beside, granted.folder / f"{number}.jwt") == 0
    assert run(program, "--snapshot", snapshot, kept) == 0
    altered = tmp_path / "altered.jwt"
    head, body, signature = granted.token.split(".")
    other = "B" if body[40] == "A" else "A"
    altered.write_text(f"{head}.{body[:40]}{other}{body[41:]}.{signature}", "ascii")
    assert run(program, "--snapshot", snapshot, altered) == 7

    known = registry_verify.read_snapshot(snapshot.read_bytes())
    trust = registry_verify.Trust(frozenset({known.issuer}), frozenset())
    key = next(one for one in known.keys if one.purpose == "assertion")
    public = Ed25519PublicKey.from_public_bytes(key.public)
    assert jwt.decode(granted.token, public, algorithms=["EdDSA"])["credentialSubject"]["number"] == number
    for changed in flipped(granted.token, (3,)):
        found_ = registry_verify.check(changed.encode("latin-1"), known, trust, known.as_of)
        assert found_.status in {"forged", "unknown_key", "unreadable"}
        with pytest.raises(jwt.InvalidTokenError):
            jwt.decode(changed, public, algorithms=["EdDSA"])

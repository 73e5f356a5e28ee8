"""Uploads as a clerk on a poor link has them: progress, a cut in the middle, going on, cancelling, several at once."""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import Session, select

from assessments.models import Evidence, StoredFile, Upload
from registry import config, create_app
from registry.accounts import sessions
from registry.accounts.models import User
from tests import world
from tests.browser import papers, walking
from tests.browser.proxy import Link, poor_link
from tests.site import Site, running

MB = 1024 * 1024
RATE = 20_000_000 / 8  # 20 Mbit/s
PLAIN = RATE * 20
UNDER_WAY = re.compile("Đang tải lên [1-9]")
AFTER_HALF = re.compile("Đang tải lên [56789][0-9]%")
PATIENCE = 90_000  # ms on a busy machine


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A site with the people of the tests."""
    with running(tmp_path, lambda: people(tmp_path)) as site:
        yield site


def people(folder: Path) -> None:
    """Everybody, on the database that the site will open."""
    app = create_app(config.from_environment(Site(folder, 0).environment))
    with Session(app.extensions["engine"]) as session:
        world.build(session)
    app.extensions["engine"].dispose()


@pytest.fixture
def link(site: Site) -> Iterator[Link]:
    """The way to the site, as good as a test makes it."""
    with poor_link(site.port, PLAIN) as link:
        yield link


@pytest.fixture
def page(browser: Browser, site: Site, link: Link) -> Iterator[Page]:
    """An, signed in, at the form."""
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    enter(page, site, link)
    yield page
    context.close()
    assert faults == []


def enter(page: Page, site: Site, link: Link) -> None:
    """Sign in and go to the form, both over the link."""
    walking.sign_in(page, Site(site.folder, link.port), "an@hatnang.example", world.PASSWORD)
    page.goto(f"{link.url}/evidence/new")


def made(folder: Path, name: str, size: int) -> tuple[Path, str]:
    """A PDF of that size and its hash; no two are alike."""
    path = folder / name
    return path, hashlib.sha256(papers.write(path, size)).hexdigest()


def fill(page: Page) -> None:
    """What is said of the file."""
    page.select_option("#kind", "DOC")
    page.check("#promise")


def end_sessions(site: Site) -> None:
    """Everybody is signed out, as by "sign out everywhere" on another device."""
    app = create_app(config.from_environment(site.environment))
    with Session(app.extensions["engine"]) as session:
        for user in session.exec(select(User)).all():
            sessions.end_all(session, user.id)
        session.commit()
    app.extensions["engine"].dispose()


def stored(site: Site) -> dict[str, tuple[str, int]]:
    """Evidence by title: hash and size as the table has them, the bytes compared with the storage."""
    app = create_app(config.from_environment(site.environment))
    with Session(app.extensions["engine"]) as session:
        rows = session.exec(
            select(Evidence.title, StoredFile.sha256, StoredFile.size).join(
                StoredFile, StoredFile.id == Evidence.file_id
            )
        ).all()
        waiting = len(session.exec(select(Upload)).all())
    for _title, sha256, _size in rows:
        with app.extensions["storage"].open(sha256) as source:
            assert hashlib.file_digest(source, "sha256").hexdigest() == sha256
    app.extensions["engine"].dispose()
    assert waiting == 0
    return {title: (sha256, size) for title, sha256, size in rows}


def test_a_cut_upload_goes_on_by_itself(page: Page, site: Site, link: Link, tmp_path: Path) -> None:
    path, sha256 = made(tmp_path, "Video thao tác.pdf", 60 * MB)
    link.rate = RATE
    link.cut_after = 34 * MB
    before = link.sent
    page.set_input_files("#file", path)
    line = page.locator("[data-upload-list] li")
    expect(line.locator("progress")).to_have_attribute("max", str(60 * MB))
    expect(line).to_contain_text("Đang tải lên")
    fill(page)  # while it is on its way
    page.click("#upload-form button.btn[type=submit]")
    expect(page.locator("[data-upload-status]")).to_contain_text("Đợi tải xong rồi tự gửi.")
    page.wait_for_url("**/evidence", timeout=PATIENCE)
    expect(page.locator("main")).to_contain_text("Đã thêm 1 bằng chứng.")
    assert link.cuts == 1
    assert stored(site) == {"Video thao tác": (sha256, 60 * MB)}
    assert link.sent - before < 80 * MB  # what had arrived was not sent again


def test_after_a_reload_the_same_file_goes_on(page: Page, site: Site, link: Link, tmp_path: Path) -> None:
    path, sha256 = made(tmp_path, "Báo cáo.pdf", 20 * MB)
    link.rate = RATE
    page.set_input_files("#file", path)
    expect(page.locator("[data-upload-list] li")).to_contain_text(AFTER_HALF, timeout=PATIENCE)
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(page.locator("main")).to_contain_text("Chọn lại đúng tệp này để tải tiếp.")
    link.rate = PLAIN
    before = link.sent
    page.set_input_files("#file", path)
    expect(page.locator("[data-upload-list] li")).to_contain_text("Đã tải lên xong")
    assert link.sent - before < 19 * MB
    fill(page)
    page.click("#upload-form button.btn[type=submit]")
    page.wait_for_url("**/evidence")
    assert stored(site) == {"Báo cáo": (sha256, 20 * MB)}


def test_several_at_once_and_one_cancelled(page: Page, site: Site, link: Link, tmp_path: Path) -> None:
    files = [made(tmp_path, f"Tệp {number}.pdf", 6 * MB) for number in range(1, 5)]
    link.rate = RATE / 4
    page.set_input_files("#file", [path for path, _ in files])
    lines = page.locator("[data-upload-list] li")
    expect(lines).to_have_count(4)
    expect(lines.nth(3)).to_contain_text("Chờ tệp trước")
    expect(lines.nth(1)).to_contain_text(UNDER_WAY, timeout=PATIENCE)  # from then on the server has it to forget
    lines.nth(1).get_by_role("button", name="Bỏ").click()
    expect(lines).to_have_count(3)
    expect(page.locator("[data-upload-status]")).to_contain_text("Đã bỏ Tệp 2.pdf.")
    link.rate = PLAIN
    for number in range(3):
        expect(lines.nth(number)).to_contain_text("Đã tải lên xong", timeout=PATIENCE)
    fill(page)
    page.click("#upload-form button.btn[type=submit]")
    page.wait_for_url("**/evidence")
    assert stored(site) == {f"Tệp {n}": (files[n - 1][1], 6 * MB) for n in (1, 3, 4)}


def test_a_form_with_faults_keeps_what_arrived(page: Page, site: Site, tmp_path: Path) -> None:
    path, sha256 = made(tmp_path, "Báo cáo.pdf", MB)
    page.set_input_files("#file", path)
    expect(page.locator("[data-upload-list] li")).to_contain_text("Đã tải lên xong")
    page.click("#upload-form button.btn[type=submit]")
    expect(page.locator(".errsum")).to_contain_text("Chọn loại bằng chứng.")
    expect(page.locator("main")).to_contain_text("không cần chọn lại tệp")
    fill(page)
    page.click("#upload-form button.btn[type=submit]")
    page.wait_for_url("**/evidence")
    assert stored(site) == {"Báo cáo": (sha256, MB)}


def test_a_file_that_is_not_taken_is_refused_in_words(page: Page, tmp_path: Path) -> None:
    path = tmp_path / "trang.html"
    path.write_text("<p>", "utf-8")
    page.set_input_files("#file", path)
    expect(page.locator("[data-upload-list] li")).to_contain_text("Không nhận tệp .html.")
    page.click("#upload-form button.btn[type=submit]")
    expect(page.locator("[data-upload-status]")).to_contain_text("Có tệp chưa tải lên xong.")


def test_signed_out_in_the_middle_it_goes_on_after_signing_in(
    page: Page, site: Site, link: Link, tmp_path: Path
) -> None:
    path, sha256 = made(tmp_path, "Báo cáo.pdf", 12 * MB)
    link.rate = RATE
    page.set_input_files("#file", path)
    expect(page.locator("[data-upload-list] li")).to_contain_text(AFTER_HALF, timeout=PATIENCE)
    end_sessions(site)  # on the server: an answer under way would give a cleared cookie back to the browser
    link.cut()
    line = page.locator("[data-upload-list] li")
    expect(line).to_contain_text("Phiên đăng nhập đã hết hạn")
    other = page.context.new_page()
    link.rate = PLAIN
    walking.sign_in(other, Site(site.folder, link.port), "an@hatnang.example", world.PASSWORD)
    line.get_by_role("button", name="Tải tiếp").click()
    expect(line).to_contain_text("Đã tải lên xong")
    app = create_app(config.from_environment(site.environment))
    with Session(app.extensions["engine"]) as session:
        assert session.exec(select(Upload.sha256)).all() == [sha256]
    app.extensions["engine"].dispose()


def test_without_script_the_form_sends_its_file(browser: Browser, site: Site, link: Link, tmp_path: Path) -> None:
    path, sha256 = made(tmp_path, "Báo cáo.pdf", MB)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    enter(page, site, link)
    page.set_input_files("#file", path)
    page.click("#upload-form button.btn[type=submit]")
    expect(page.locator("main")).to_contain_text("Đã nhận đủ")
    fill(page)
    page.click("#upload-form button.btn[type=submit]")
    page.wait_for_url("**/evidence")
    context.close()
    assert stored(site) == {"Báo cáo": (sha256, MB)}

"""A certificate's life in a browser: a major change, its surveillance to the decision, a reduction, and the end."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from sqlmodel import Session, select

from assessments.models import Application
from assessments.states import Kind
from registry import create_app
from tests import renewing, site, surveying, world
from tests.browser import walking
from tests.browser.test_appeals import Person
from tests.browser.words import said
from tests.conftest import settings_in
from tests.site import Site

WHY = {"reasons_vi": "Bản iOS giữ dữ liệu lâu hơn.", "reasons_en": "The iOS version keeps data longer."}


def prepare(folder: Path, language: str) -> str:
    """Hạt Nắng has a certificate with answers behind it; everybody reads one language. Returns its number."""
    app = create_app(settings_in(folder))
    engine = app.extensions["engine"]
    with Session(engine, expire_on_commit=False) as session:
        everybody = world.build(session)
        number = renewing.answered_certificate(everybody, days_left=300).number
        for person in (everybody.an, everybody.chi, everybody.giang, everybody.hung):
            person.language = language
            session.add(person)
        session.commit()
    engine.dispose()
    return number


def evaluate(folder: Path) -> str:
    """Two reviewers find that all is as it was; returns the reference of the surveillance."""
    app = create_app(settings_in(folder))
    engine = app.extensions["engine"]
    with Session(engine, expire_on_commit=False) as session:
        everybody = world.load(session)
        assert everybody is not None
        application = session.exec(select(Application).where(Application.kind == Kind.SURVEILLANCE)).one()
        ref = surveying.reviewed(everybody, application).ref
    engine.dispose()
    return ref


@pytest.fixture(params=["vi", "en"])
def scene(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Site, str, str, Path]]:
    """A site with one certificate: the site, the language, the number, the folder of its database."""
    numbers: list[str] = []
    language = str(request.param)
    with site.running(tmp_path, prepare=lambda: numbers.append(prepare(tmp_path, language))) as running:
        yield running, language, numbers[0], tmp_path


def shot(person: Person, name: str) -> None:
    """Keep a picture, where somebody wants to look."""
    if folder := os.environ.get("LIFECYCLE_PICTURES"):
        person.page.screenshot(path=f"{folder}/{name}-{person.language}.png", full_page=True)


def answer(an: Person, ref: str) -> None:
    """Everything is as it was: confirm each answer, accept the agreement, hand it in."""
    an.go(f"/applications/{ref}")
    shot(an, "application")
    an.go(f"/applications/{ref}/carried")
    shot(an, "carried")
    an.page.locator("main a[href*='/carried/']").first.click()
    while "/carried/" in an.page.url:
        walking.send(an.page, an.page.locator("main form[method=post] button[type=submit]").first)
    an.go(f"/applications/{ref}/agreement")
    an.page.check("[name=accept]")
    walking.send(an.page, an.page.locator("main form[method=post] button[type=submit]").first)
    an.go(f"/applications/{ref}/check")
    shot(an, "check")
    walking.send(an.page, an.page.locator("main form[action$='/submit'] button[type=submit]").first)


def test_a_major_change_its_surveillance_a_reduction_and_the_end(
    browser: Browser, scene: tuple[Site, str, str, Path]
) -> None:
    running, language, number, folder = scene
    an = Person(browser, running, language, "an@hatnang.example")
    an.go("/company")
    shot(an, "company")
    an.go(f"/change-notices/new/{number}")
    an.page.check("[name=changes][value=data]")
    an.page.fill("[name=text]", "Giữ lịch sử thêm 30 ngày trên iOS.")
    shot(an, "notice")
    an.press("Gửi thông báo")
    an.reads("Giữ lịch sử thêm 30 ngày trên iOS.")

    chi = Person(browser, running, language, "chi@club.example")
    chi.go("/change-notices/office")
    chi.page.locator(f"main a[href$='/change-notices/{number}/1']").first.click()
    chi.page.check("[name=size][value=major]")
    chi.page.fill("[name=reason]", "Dữ liệu của trẻ được giữ lâu hơn.")
    shot(chi, "judge")
    chi.press("Gửi trả lời")
    chi.go("/surveillance")
    shot(chi, "surveillance")
    major = chi.page.locator("main tr", has_text=said("Đơn vị báo thay đổi lớn", language))
    major.locator("a[href*='/surveillance/']").first.click()
    chi.press("Bắt đầu giám sát")
    shot(chi, "drawn")

    an.go("/change-notices")
    shot(an, "notices")
    an.reads("Dữ liệu của trẻ được giữ lâu hơn.")
    an.go("/applications")
    ref = an.page.locator("main a[href*='/applications/HS-']").evaluate_all(
        "all => all.map(one => one.href.split('/').pop()).sort().pop()"
    )
    answer(an, ref)
    assert evaluate(folder) == ref

    giang = Person(browser, running, language, "giang@club.example")
    giang.go(f"/decisions/{ref}")
    giang.page.check("[name=measure][value=reduce]")
    giang.page.uncheck("[name=platforms][value=ios]")
    for name, words in WHY.items():
        giang.page.fill(f"[name={name}]", words)
    shot(giang, "decision")
    giang.press("Gửi đề xuất")
    hung = Person(browser, running, language, "hung@club.example")
    hung.go(f"/decisions/{ref}")
    shot(hung, "proposal")
    hung.press("Đồng ý với đề xuất")

    visitor = Person(browser, running, language, "")
    prefix = "/en" if language == "en" else ""
    visitor.go(f"{prefix}/c/{number}")
    shot(visitor, "reduced")
    visitor.reads(WHY["reasons_en" if language == "en" else "reasons_vi"])
    visitor.reads(said("Đã thu hẹp", language))
    hung.go(f"/certificates/{number}")
    shot(hung, "office")

    an.go(f"/certificates/{number}/terminate")
    an.page.fill("[name=reason]", "Ngừng bán.")
    an.page.check("[name=sure]")
    shot(an, "terminate")
    an.press("Chấm dứt giấy")
    visitor = Person(browser, running, language, "")  # who has not kept the page from before
    visitor.go(f"{prefix}/c/{number}")
    shot(visitor, "terminated")
    visitor.reads(said("Đã chấm dứt", language))

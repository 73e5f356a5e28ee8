"""The club's side of a journey: its people, and what each of them does on their pages."""

from playwright.sync_api import Page, expect

from tests.browser import walking
from tests.browser.conftest import PASSWORD
from tests.browser.journey import Journey
from tests.site import Site

CLUB = {
    "linh.chi@club.example": ("Phạm Linh Chi", "coordinator"),
    "dung@club.example": ("Vũ Dũng", "reviewer"),
    "ha@club.example": ("Đỗ Thu Hà", "reviewer"),
    "giang@club.example": ("Hoàng Giang", "decider"),
    "hung@club.example": ("Ngô Hùng", "decider"),
}


def arrive(site: Site, language: str) -> None:
    """Everybody of the club gets an account in a language."""
    for email, (name, role) in CLUB.items():
        command = ("users", "create", "--email", email, "--name", name, "--role", role, "--language", language)
        site.command(*command, "--password-stdin", text=PASSWORD)


def open_round(journey: Journey) -> None:
    page = journey.person("linh.chi@club.example")
    journey.go(page, "/rounds/new")
    page.fill("[name=code]", "2026-thuong-xuyen")
    journey.press(page, "Mở đợt")
    expect(page.locator("main")).to_contain_text("2026-thuong-xuyen")


def take_in_and_assign(journey: Journey) -> None:
    page = journey.person("linh.chi@club.example")
    journey.go(page, "/intake")
    page.locator(f"main a[href$='/intake/{journey.ref}']").first.click()
    for item in page.locator("[name=checklist]").all():
        item.check()
    journey.send(page, "Tiếp nhận hồ sơ")
    journey.go(page, f"/assignments/{journey.ref}")
    for reviewer in page.locator("[type=checkbox][name=reviewers]").all():
        reviewer.check()
    page.fill("#lack", "Câu lạc bộ mới thành lập, chưa ghi năng lực của ai.")
    page.locator("label", has_text="Vũ Dũng").locator("[name=lead]").or_(page.locator("[name=lead]").last).first.check()
    journey.press(page, "Giao cho người đánh giá")
    expect(page.locator("main")).to_contain_text("Vũ Dũng")


def declare(journey: Journey, page: Page, area: str) -> None:
    journey.go(page, f"/{area}/{journey.ref}/declare")
    page.check("[name=answer][value=none]")
    walking.send(page, page.locator("main form button[type=submit]").first)


def review(journey: Journey, email: str) -> Page:
    page = journey.person(email)
    declare(journey, page, "reviews")
    journey.go(page, f"/reviews/{journey.ref}")
    codes = page.locator("nav.crits a[href*='c=']").evaluate_all(
        "all => all.map(one => new URL(one.href).searchParams.get('c'))"
    )
    for code in dict.fromkeys(codes):
        journey.go(page, f"/reviews/{journey.ref}?c={code}")
        page.check("[name=mark][value='3']")
        page.fill("[name=rationale]", f"{email}: {code}")
        walking.send(page, page.locator("form[action*='/scores/'] button[type=submit]:visible").first)
    journey.go(page, f"/reviews/{journey.ref}/finish")
    walking.send(page, page.locator("main form button[type=submit]").first)
    return page

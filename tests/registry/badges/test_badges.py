"""Badges: one status in the picture, on the page and for machines; small, for any site, and gone within minutes."""

import re
from datetime import timedelta
from html import unescape
from xml.etree import ElementTree

import pytest

from assessments import certificates, clock
from assessments.models import Certificate
from assessments.states import CertificateState, CertificateStatus
from registry import badges
from registry.badges import drawing
from tests.deciding import certified
from tests.registry.certificates.test_verify import suspended, withdrawn

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def certificate(world):
    return certified(world)


def shown(browser, certificate, query=""):
    answer = browser.get(f"/c/{certificate.number}.svg{query}")
    return answer, ElementTree.fromstring(answer.text)  # noqa: S314  our own drawing


def said(root):
    return [one.text for one in root.iter(f"{SVG}text")]


def test_it_carries_level_number_and_the_last_day(browser, certificate):
    answer, root = shown(browser, certificate)
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    assert said(root) == [
        "VCSC · Mức 1 – Đạt bộ tiêu chí",
        f"Còn hiệu lực đến hết ngày {certificate.valid_until:%d/%m/%Y}",
        f"{certificate.number} · bộ tiêu chí dựng tạm",
    ]
    assert (root.get("role"), root.get("aria-labelledby"), root.get("data-status")) == ("img", "t", "active")
    assert all(line in root.find(f"{SVG}title").text for line in said(root))
    assert root.find(f"{SVG}desc").text == "Đèn Nhà 5.2"


def test_it_speaks_english_by_address_or_by_choice(browser, certificate):
    chosen = browser.get(f"/c/{certificate.number}.svg?lang=en").text
    assert 'lang="en"' in chosen
    assert browser.get(f"/en/c/{certificate.number}.svg").text == chosen
    assert 'lang="vi"' in browser.get(f"/en/c/{certificate.number}.svg?lang=vi").text
    assert 'lang="vi"' in browser.get(f"/c/{certificate.number}.svg?lang=xx&theme=xx").text


def test_the_themes(browser, certificate):
    light, dark, auto = (browser.get(f"/c/{certificate.number}.svg?theme={one}").text for one in drawing.THEMES)
    assert browser.get(f"/c/{certificate.number}.svg").text == light
    assert ("#17693d" in light, "#84d6a3" in dark, 'class="g"' in auto) == (True, True, False)
    assert "prefers-color-scheme:dark" in auto


def test_it_is_small_and_calls_nobody(browser, certificate):
    for theme in drawing.THEMES:
        drawn = browser.get(f"/c/{certificate.number}.svg?theme={theme}").data
        assert len(drawn) < 4096
        assert re.findall(rb"https?://(?!www\.w3\.org/2000/svg)|<script|url\(|href", drawn) == []


def test_any_site_may_show_it_and_it_is_kept_for_minutes_only(browser, certificate):
    answer = browser.get(f"/c/{certificate.number}.svg")
    headers = answer.headers
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    kept = re.fullmatch(r"public, max-age=(\d+), must-revalidate", headers["Cache-Control"])
    assert 0 < int(kept[1]) <= 300
    assert ("Set-Cookie" in headers, headers.get("Vary", "")) in {
        (False, ""),
        (False, "Accept-Encoding"),
    }
    again = browser.get(f"/c/{certificate.number}.svg", headers={"If-None-Match": headers["ETag"]})
    assert again.status_code == 304


def test_it_is_kept_past_no_midnight(browser, certificate):
    with clock.at(clock.end_of_day(certificate.valid_until) - timedelta(seconds=20)):
        answer = browser.get(f"/c/{certificate.number}.svg")
    assert answer.headers["Cache-Control"] == "public, max-age=20, must-revalidate"


def test_it_changes_with_the_status(browser, world, certificate):
    before = browser.get(f"/c/{certificate.number}.svg").headers["ETag"]
    suspended(world, certificate)
    answer, root = shown(browser, certificate)
    assert (answer.headers["ETag"] != before, root.get("data-status")) == (True, "suspended")
    assert said(root)[:2] == ["Tạm đình chỉ", f"Từ {clock.today():%d/%m/%Y}, dấu không có giá trị"]
    certificates.confirm(world.session, world.hung, certificate.number, 2)
    world.session.commit()
    withdrawn(world, certificate)
    _answer, root = shown(browser, certificate)
    assert (root.get("data-status"), said(root)[0]) == ("withdrawn", "Đã thu hồi")
    assert "Mức 1" not in "".join(said(root))


@pytest.mark.parametrize("state", CertificateState)
@pytest.mark.parametrize("days", [-1, 0, 10, 364, 365, 366, 1000])
def test_it_says_the_same_as_the_page_and_the_machine_form(browser, world, certificate, state, days):
    certificate.state = state
    world.session.add(certificate)
    world.session.commit()
    with clock.at(clock.start_of_day(certificate.valid_from + timedelta(days=days))):
        told = browser.get(f"/c/{certificate.number}.json").json["status"]
        _answer, root = shown(browser, certificate)
        status = badges.status_of(certificate, clock.today())
    assert root.get("data-status") == {"not_found": "unknown"}.get(told, told)
    assert (status.value if status else "not_found") == told


def test_every_status_has_words_and_fits(app, certificate):
    with app.test_request_context("/"):
        for status in CertificateStatus:
            if status is CertificateStatus.SCHEDULED:
                continue
            badge = badges.Badge(
                **{**badges.badge_of(certificate.number, certificate, clock.today()).__dict__, "status": status}
            )
            drawn = drawing.draw(badge, "auto", demonstration=True)
            root = ElementTree.fromstring(drawn)  # noqa: S314  our own drawing
            assert all(said(root))
            assert int(root.get("width")) >= drawing.NARROWEST
            assert len(drawn.encode()) < 4096


def test_one_that_is_not_announced_or_does_not_exist_may_be_false(browser, world):
    world.round.announce_on = clock.today() + timedelta(days=10)
    world.session.add(world.round)
    world.session.commit()
    certificate = certified(world)
    for number in (certificate.number, "VCSC-25-0001-Z", "nothing"):
        answer = browser.get(f"/c/{number}.svg")
        assert (answer.status_code, answer.mimetype) == (404, "image/svg+xml")
        assert "Không có giấy mang số này" in answer.text
        assert "Đèn Nhà" not in answer.text
        assert answer.headers["Cache-Control"] == "public, max-age=0, must-revalidate"


def test_a_strange_number_is_text(browser):
    answer = browser.get('/c/"><script>.svg')
    assert (answer.status_code, "<script" in answer.text) == (404, False)


def test_another_spelling_leads_to_the_canonical_one(browser, certificate):
    answer = browser.get(f"/c/{certificate.number.lower()}.svg?theme=dark&lang=en")
    assert (answer.status_code, answer.location) == (302, f"/c/{certificate.number}.svg?theme=dark&lang=en")


def test_names_with_signs_of_markup_are_text(app, certificate):
    content = {**certificate.content, "profile": {**certificate.content["profile"], "name_vi": "A<b>&\"'"}}
    named = Certificate(**{**certificate.model_dump(), "content": content})
    with app.test_request_context("/"):
        drawn = drawing.draw(badges.badge_of(named.number, named, clock.today()), "light", demonstration=False)
    assert ElementTree.fromstring(drawn).find(f"{SVG}desc").text == "A<b>&\"' 5.2"  # noqa: S314


# --- the kit ---


def test_the_kit_has_a_badge_and_its_code_for_each_language_and_theme(browser, world, certificate):
    browser.sign_in(world.anh)
    page = browser.get(f"/badges/{certificate.number}")
    assert page.status_code == 200
    codes = [unescape(one) for one in re.findall(r"<textarea[^>]*>(.*?)</textarea>", page.text, re.DOTALL)]
    assert len(codes) == 6
    for code in codes:
        link, image = re.search(r'<a href="([^"]+)"', code)[1], unescape(re.search(r'<img src="([^"]+)"', code)[1])
        assert browser.get(link.removeprefix("http://localhost")).status_code == 200
        assert browser.get(image.removeprefix("http://localhost")).mimetype == "image/svg+xml"
        assert certificate.number in re.search(r'alt="([^"]+)"', code)[1]
        assert ('referrerpolicy="no-referrer"' in code, "script" in code) == (True, False)
    for address in (f"/c/{certificate.number}.pdf", f"/en/c/{certificate.number}/certificate"):
        assert f'href="http://localhost{address}"' in page.text


def test_the_kit_is_for_the_company_alone(browser, world, certificate):
    assert browser.get(f"/badges/{certificate.number}").status_code == 302
    for person in (world.bao, world.chi, world.giang, world.lan):
        browser.sign_in(person)
        assert browser.get(f"/badges/{certificate.number}").status_code == 404, person.name
    browser.sign_in(world.an)
    assert browser.get("/badges/VCSC-25-0001-Z").status_code == 404
    assert f'href="/badges/{certificate.number}"' in browser.get("/company").text


def test_the_kit_of_one_that_is_not_valid_says_to_take_the_mark_down(browser, world, certificate):
    withdrawn(world, certificate)
    browser.sign_in(world.an)
    assert "Gỡ dấu khỏi sản phẩm" in browser.get(f"/badges/{certificate.number}").text


def test_the_kit_of_one_that_is_not_announced_is_not_there(browser, world):
    world.round.announce_on = clock.today() + timedelta(days=10)
    world.session.add(world.round)
    world.session.commit()
    certificate = certified(world)
    browser.sign_in(world.an)
    assert browser.get(f"/badges/{certificate.number}").status_code == 404


def test_the_rules_are_public_and_lead_to_the_report(browser):
    for page in ("/badges", "/en/badges"):
        answer = browser.get(page)
        assert (answer.status_code, "Set-Cookie" in answer.headers) == (200, False)
        assert 'href="/en/misuse"' in answer.text or 'href="/misuse"' in answer.text

"""What a parent sees of a certificate: every status, every spelling, on the right day, without a cookie."""

import gzip
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assessments import certificates, clock
from assessments.certificates import Change
from assessments.numbers import compose
from assessments.states import CertificateAction, CertificateState
from tests.deciding import certified, in_decision
from tests.listings import Shop

CHANGE = Change("Lộ vị trí của con.", "It leaks the child's location.", "Sửa lỗi", "The fault is mended", None)


def suspended(world, certificate):
    change = Change(**{**CHANGE.__dict__, "restore_by": clock.today() + timedelta(days=30)})
    certificates.suspend(world.session, world.giang, certificate.number, change)
    world.session.commit()


def withdrawn(world, certificate):
    event = certificates.propose(world.session, world.giang, certificate.number, CertificateAction.WITHDRAW, CHANGE)
    certificates.confirm(world.session, world.hung, certificate.number, event.number)
    world.session.commit()


def test_a_valid_certificate_says_so_first(world, browser):
    certificate = certified(world)

    page = browser.get(f"/c/{certificate.number}")

    assert page.status_code == 200
    assert page.text.index("Còn hiệu lực") < page.text.index("<h1>")
    assert "Đèn Nhà 5.2" in page.text
    assert "Công ty CP Hạt Nắng" in page.text
    assert page.text.count('class="qr"') == 1
    assert f"http://localhost/c/{certificate.number}" in page.text


def test_the_page_in_english(world, browser):
    page = browser.get(f"/en/c/{certified(world).number}")
    assert "Valid" in page.text
    assert "Home Lamp 5.2" in page.text


def test_suspended_with_its_reason_and_what_restores_it(world, browser):
    certificate = certified(world)
    suspended(world, certificate)
    page = browser.get(f"/c/{certificate.number}")
    assert "Tạm đình chỉ" in page.text
    assert "Lộ vị trí của con." in page.text
    assert "Sửa lỗi" in page.text
    assert "Nên làm gì" in page.text


def test_withdrawn_with_its_reason(world, browser):
    certificate = certified(world)
    withdrawn(world, certificate)
    page = browser.get(f"/c/{certificate.number}")
    assert page.status_code == 200
    assert "Đã thu hồi" in page.text
    assert browser.get(f"/c/{certificate.number}.json").json["status"] == "withdrawn"


def test_a_certificate_expires_at_midnight_in_viet_nam(world, browser):
    certificate = certified(world)
    last = clock.end_of_day(certificate.valid_until)
    with clock.at(last):
        assert "Còn hiệu lực" in browser.get(f"/c/{certificate.number}").text
    with clock.at(last + timedelta(microseconds=1)):
        assert "Hết hạn" in browser.get(f"/c/{certificate.number}").text
        assert browser.get(f"/c/{certificate.number}.json").json["status"] == "expired"


def test_a_scheduled_certificate_is_not_found(world, browser):
    world.round.announce_on = clock.today() + timedelta(days=10)
    world.session.add(world.round)
    world.session.commit()
    certificate = certified(world)
    for path in (f"/c/{certificate.number}", f"/c/{certificate.number}.json", f"/verify?number={certificate.number}"):
        answer = browser.get(path)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (404, "no-store")
        assert "Đèn Nhà" not in answer.text
    with clock.at(clock.end_of_day(clock.today() + timedelta(days=10))):
        assert browser.get(f"/c/{certificate.number}").status_code == 200


@pytest.mark.parametrize("typed", ["vcsc-26-{}", "26{}", "VCSC–26–{}"])
def test_another_spelling_leads_to_the_canonical_one(world, browser, typed):
    certificate = certified(world)
    year, serial, letter = certificate.number.split("-")[1:]
    spelled = typed.format(f"{serial}{letter.lower()}").replace("26", year, 1)
    answer = browser.get(f"/c/{spelled}")
    assert (answer.status_code, answer.location) == (302, f"/c/{certificate.number}")
    answer = browser.get(f"/en/c/{spelled}")
    assert answer.location == f"/en/c/{certificate.number}"


def test_an_unknown_number_is_not_found(world, browser):
    answer = browser.get("/c/VCSC-26-0001-K")
    assert (answer.status_code, "Không có giấy nào mang số này" in answer.text) == (404, True)


def test_the_form_is_empty_at_first(world, browser):
    page = browser.get("/verify")
    assert (page.status_code, 'name="number"' in page.text) == (200, True)


def test_the_form_finds_a_certificate_however_it_is_typed(world, browser):
    certificate = certified(world)
    typed = certificate.number.lower().replace("-", " ").replace("0", "o")
    page = browser.get("/verify", query_string={"number": typed})
    assert (page.status_code, "Còn hiệu lực" in page.text) == (200, True)


@pytest.mark.parametrize(
    ("typed", "code", "words"),
    [
        ("VCSC-26-0001-J", 422, "Số này gõ chưa đúng"),
        ("VCSC-26-0001-K", 404, "Không có giấy nào mang số này"),
        ("đèn nhà", 422, "Đây chưa phải là số giấy"),
        ("<script>alert(1)</script>", 422, "Đây chưa phải là số giấy"),
    ],
)
def test_the_form_says_what_is_wrong(world, browser, typed, code, words):
    page = browser.get("/verify", query_string={"number": typed})
    assert (page.status_code, words in page.text) == (code, True)
    assert "<script>alert" not in page.text


def test_machines_read_the_same(world, browser):
    certificate = certified(world)
    answer = browser.get(f"/c/{certificate.number}.json")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    found = answer.json
    assert set(found) == {
        *(
            "format",
            "number",
            "status",
            "on",
            "since",
            "reason",
            "condition",
            "conditions",
            "restore_by",
            "newer",
            "url",
        ),
        *("valid_from", "valid_until", "decided_on", "level", "edition", "issuer", "vendor", "product", "result"),
        *("protects_from", "summary", "limits", "departs", "reasons", "submission"),
        *("revision", "reduced", "updates", "surveillance", "measured", "credential"),
    }
    assert (found["status"], found["number"], found["level"]["code"]) == ("active", certificate.number, "L1")
    assert found["result"]["overall"] == "75.0"
    assert found["url"] == f"http://localhost/c/{certificate.number}"


def test_no_names_of_the_club_are_in_the_public_pages(world, browser):
    certificate = certified(world)
    suspended(world, certificate)
    for path in (f"/c/{certificate.number}", f"/c/{certificate.number}.json", f"/verify?number={certificate.number}"):
        text = browser.get(path).text
        for person in (world.giang, world.hung, world.dung, world.ha, world.chi):
            assert person.name not in text


@pytest.mark.parametrize("path", ["/verify", "/c/{}", "/c/{}.json", "/en/c/{}"])
def test_public_answers_are_cacheable_and_set_no_cookie(world, browser, path):
    address = path.format(certified(world).number)
    browser.sign_in(world.giang)
    answer = browser.get(address)
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert re.fullmatch(r"public, max-age=\d+", answer.headers["Cache-Control"])
    again = browser.get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code in {200, 304}


def test_nothing_is_cached_past_midnight_in_viet_nam(world, browser):
    certificate = certified(world)
    with clock.at(clock.end_of_day(clock.today()) - timedelta(seconds=20)):
        answer = browser.get(f"/c/{certificate.number}")
    assert int(answer.headers["Cache-Control"].rpartition("=")[2]) <= 20


def test_the_page_is_light(world, app, browser):
    certificate = certified(world)
    suspended(world, certificate)
    page = browser.get(f"/c/{certificate.number}")
    asked = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text))
    assert len(asked) <= 2
    files = [Path(app.static_folder) / one.partition("?")[0].removeprefix("/static/") for one in asked]
    sent = [len(gzip.compress(body, 6)) for body in (page.data, *(file.read_bytes() for file in files))]
    assert sum(sent) <= 20 * 1024


def test_says_when_it_was_asked(world, browser):
    certificate = certified(world)
    with clock.at(datetime(2026, 11, 22, 7, 30, tzinfo=UTC)):
        assert "Kết quả lúc 14:30" in browser.get(f"/c/{certificate.number}").text.replace("\u00a0", " ")


def test_a_suspension_without_a_second_person_leaves_a_trace(world, browser):
    certificate = certified(world)
    suspended(world, certificate)
    certificates.dismiss(world.session, world.hung, certificate.number, 2, "Không đủ căn cứ.")
    world.session.commit()
    page = browser.get(f"/c/{certificate.number}")
    assert "Còn hiệu lực" in page.text
    assert "người thứ hai không xác nhận" in page.text
    assert "Không đủ căn cứ" not in page.text
    in_decision(world, "HS-2026-0002")  # nothing else of the product is touched


def first_words(page):
    """What somebody without any style reads first in the matter of a page."""
    matter = page.text.partition("<main")[2].partition(">")[2]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", re.sub(r"<svg.*?</svg>", "", matter, flags=re.DOTALL))).strip()


STATES = {
    CertificateState.ACTIVE: "Còn hiệu lực",
    CertificateState.SUSPENDED: "Tạm đình chỉ",
    CertificateState.WITHDRAWN: "Đã thu hồi",
    CertificateState.TERMINATED: "Đã chấm dứt",
    CertificateState.SUPERSEDED: "Đã thay bằng giấy mới",
}


@pytest.mark.parametrize("state", STATES)
def test_the_word_comes_first_without_any_style(world, browser, state):
    number = Shop(world).publish(state=state).number
    for path in (f"/c/{number}", f"/verify?number={number}"):
        assert first_words(browser.get(path)).startswith(STATES[state])


def test_expired_and_unknown_come_first_too(world, browser):
    number = Shop(world).publish(days=-400, lasts=365).number
    assert first_words(browser.get(f"/c/{number}")).startswith("Hết hạn")
    assert first_words(browser.get("/c/VCSC-26-9999-A")).startswith("Số này gõ chưa đúng")
    assert first_words(browser.get("/c/VCSC-99-9999-Q")).startswith(("Không có giấy nào", "Số này gõ"))
    assert first_words(browser.get("/verify?number=abc")).startswith("Đây chưa phải là số giấy")


def test_a_similar_number_is_offered_and_nothing_is_said_of_it(world, browser):
    shop = Shop(world)
    number = shop.publish().number
    wrong = number[:-1] + ("A" if number[-1] != "A" else "B")
    page = browser.get("/verify", query_string={"number": wrong})
    assert page.status_code == 422
    assert f'href="/c/{number}"' in page.text
    assert "Đèn Nhà" in page.text
    assert "Còn hiệu lực" not in page.text
    assert "Nó không nói gì về số bạn gõ" in page.text


def test_a_certificate_that_waits_is_never_offered(world, browser):
    shop = Shop(world)
    shop.serial = 40  # the first number is the example beside the field
    waiting = shop.publish(days=10).number
    wrong = waiting[:-1] + ("A" if waiting[-1] != "A" else "B")
    page = browser.get("/verify", query_string={"number": wrong})
    assert (page.status_code, waiting in page.text, "Đèn Nhà" in page.text) == (422, False, False)


def test_an_unknown_number_says_what_to_do(world, browser):
    Shop(world).publish()
    unknown = compose(2031, 7777)
    page = browser.get("/verify", query_string={"number": unknown})
    assert page.status_code == 404
    assert f'href="/misuse?number={unknown}"' in page.text
    assert 'href="/products"' in page.text
    assert "Có phải bạn muốn gõ" not in page.text


def test_a_pasted_page_of_a_product_is_looked_for_by_its_words(world, browser):
    page = browser.get("/verify", query_string={"number": "https://vcsc.example/products/den-nha"})
    assert 'href="/products?q=den+nha"' in page.text


def test_the_camera_is_allowed_on_the_page_that_reads_codes_and_nowhere_else(world, browser):
    number = Shop(world).publish().number
    allowed = {
        path: "camera=(self)" in browser.get(path).headers["Permissions-Policy"] for path in ("/verify", "/en/verify")
    }
    assert allowed == {"/verify": True, "/en/verify": True}
    for path in ("/", f"/c/{number}", f"/verify?number={number}", "/verify?number=abc", "/products", "/sign-in"):
        assert "camera=()" in browser.get(path).headers["Permissions-Policy"]

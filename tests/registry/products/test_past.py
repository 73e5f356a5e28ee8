"""/products?as_of= and /c/<number>?as_of=: what was certified on a day gone by, and days that have no answer."""

import re
from datetime import timedelta
from html import escape, unescape

import pytest

from assessments import catalogue, certificates, clock
from assessments.certificates import Change
from assessments.models import Product
from assessments.queries import past
from assessments.states import CertificateAction, CertificateState
from tests.counting import statements
from tests.deciding import certified
from tests.listings import Published, Shop

REASON = Change("Lộ vị trí của con.", "It leaks the child's location.", "Sửa lỗi", "The fault is mended")


def ago(days):
    return (clock.today() - timedelta(days=days)).isoformat()


def cards(page):
    """(status, product) of each card."""
    found = re.findall(r'class="stline[^>]*>.*?<b>([^<]+)</b>.*?<h3><a href="[^"]*">([^<]+)</a>', page.text, re.DOTALL)
    return [(word, unescape(name)) for word, name in found]


@pytest.fixture
def shop(world):
    return Shop(world)


@pytest.fixture
def three(shop, world):
    shop.publish(name="Đèn Nhà", days=-100, lasts=80)  # expired 19 days ago
    shop.publish(
        name="Ấm Áp", level="L2", days=-60, state=CertificateState.SUSPENDED, since=-10, facts={"categories": ["DL"]}
    )
    shop.publish(name="Đường Về", vendor=world.bo_tre, days=-50, state=CertificateState.WITHDRAWN, since=-5)


def test_the_catalogue_of_each_day(browser, three):
    def on(days):
        return set(cards(browser.get(f"/products?as_of={ago(days)}")))

    assert on(100) == {("Còn hiệu lực", "Đèn Nhà")}
    assert on(60) == {("Còn hiệu lực", "Đèn Nhà"), ("Còn hiệu lực", "Ấm Áp")}
    assert on(20) == {("Còn hiệu lực", "Đèn Nhà"), ("Còn hiệu lực", "Ấm Áp"), ("Còn hiệu lực", "Đường Về")}
    assert on(19) == {("Hết hạn", "Đèn Nhà"), ("Còn hiệu lực", "Ấm Áp"), ("Còn hiệu lực", "Đường Về")}
    assert on(10) == {("Hết hạn", "Đèn Nhà"), ("Tạm đình chỉ", "Ấm Áp"), ("Còn hiệu lực", "Đường Về")}
    today = {("Hết hạn", "Đèn Nhà"), ("Tạm đình chỉ", "Ấm Áp"), ("Đã thu hồi", "Đường Về")}
    assert on(0) == set(cards(browser.get("/products"))) == today


FOUND = {
    "status=active": {"Ấm Áp", "Đường Về"},
    "status=suspended": set(),
    "status=expired": {"Đèn Nhà"},
    "level=L2": {"Ấm Áp"},
    "category=DL": {"Ấm Áp"},
    "category=DL&category=PC": {"Đèn Nhà", "Ấm Áp", "Đường Về"},
    "q=duong": {"Đường Về"},
    "q=bo+tre": {"Đường Về"},
    "age=7-11": {"Đèn Nhà", "Ấm Áp", "Đường Về"},
    "age=0-6": set(),
    "platform=ios&q=am": {"Ấm Áp"},
}


def test_filters_ask_of_that_day(browser, three):
    found = {query: {name for _, name in cards(browser.get(f"/products?as_of={ago(15)}&{query}"))} for query in FOUND}
    assert found == FOUND


@pytest.mark.parametrize("sort", ["recommended", "changed", "checked", "name", "level"])
def test_paging_shows_each_product_once(browser, shop, sort):
    shop.publish_all(*(Published(name=f"Sản phẩm {number % 7}", days=-40 - number % 5) for number in range(53)))
    url, seen = f"/products?as_of={ago(30)}&sort={sort}", []
    while url:
        page = browser.get(url)
        seen += re.findall(r"/c/(VCSC[^?\"]+)\?as_of", page.text)
        following = re.search(r'rel="next" href="([^"]+)"', page.text)
        url = unescape(following[1]) if following else None
    assert len(seen) == len(set(seen)) == 53


def test_the_banner_says_which_day_and_leads_to_today(browser, three):
    page = browser.get(f"/products?as_of={ago(15)}&level=L2")
    assert "Như ngày" in page.text
    assert 'href="/products?level=L2">Xem hôm nay' in page.text
    assert '<meta name="robots" content="noindex' in page.text
    assert '<link rel="canonical" href="http://localhost/products">' in page.text
    assert "Set-Cookie" not in page.headers
    chips = re.search(r'<ul class="chips".*?</ul>', page.text, re.DOTALL)[0]
    assert f'href="/products?as_of={ago(15)}"' in chips
    assert 'name="as_of"' in browser.get("/products").text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("yesterday", "không phải là một ngày"),
        ("31/02/2026", "không phải là một ngày"),
        ("2026-13-01", "không phải là một ngày"),
        ("<b>x", "không phải là một ngày"),
        ("2999-01-01", "chưa đến"),
        ("1999-12-31", "Sổ bắt đầu từ"),
        ("٢٠٢٦-٠١-٠١", "không phải là một ngày"),
    ],
)
def test_a_day_without_an_answer_is_kept_and_said(world, shop, browser, typed, said):
    number = shop.publish().number
    for url in ("/products", f"/c/{number}"):
        page = browser.get(url, query_string={"as_of": typed})
        assert (page.status_code, said in page.text) == (422, True), url
        assert f'value="{escape(typed)}"' in page.text
        assert 'role="alert"' in page.text
        assert "<b>x" not in page.text
    answer = browser.get(f"/c/{number}.json", query_string={"as_of": typed})
    assert (answer.status_code, answer.json["status"], answer.json["as_of"]) == (422, "unanswerable", typed)


def test_an_empty_register_has_no_days(browser, app):
    assert browser.get(f"/products?as_of={ago(1)}").status_code == 422
    assert browser.get("/products?as_of=").status_code == 200


def test_few_statements(app, browser, three):
    with statements(app) as seen:
        browser.get(f"/products?as_of={ago(15)}&q=den&status=active")
    first = len(seen)
    assert first <= 7, seen
    with statements(app) as seen:
        browser.get(f"/products?as_of={ago(15)}")
    assert len(seen) <= 5, seen


# --- one certificate ---


def test_a_certificate_on_each_day_of_its_life(world, browser):
    certificate = certified(world)
    session, number, first = world.session, certificate.number, clock.now()
    days = {name: first + timedelta(days=n) for name, n in (("s", 10), ("c", 11), ("r", 20), ("w", 30), ("end", 60))}
    with clock.at(days["s"]):
        change = Change(**{**vars(REASON), "restore_by": clock.today() + timedelta(days=30)})
        certificates.suspend(session, world.giang, number, change)
    with clock.at(days["c"]):
        certificates.confirm(session, world.hung, number, 2)
    with clock.at(days["r"]):
        event = certificates.propose(
            session, world.giang, number, CertificateAction.REINSTATE, Change("Đã sửa.", "Mended.")
        )
        certificates.confirm(session, world.hung, number, event.number)
    with clock.at(days["w"]):
        event = certificates.propose(session, world.giang, number, CertificateAction.WITHDRAW, REASON)
        certificates.confirm(session, world.hung, number, event.number)
    session.commit()
    expected = {0: "active", 9: "active", 10: "suspended", 19: "suspended", 20: "active", 29: "active", 30: "withdrawn"}
    with clock.at(days["end"]):
        for after, status in expected.items():
            day = clock.legal_day(first + timedelta(days=after)).isoformat()
            found = browser.get(f"/c/{number}.json?as_of={day}").json
            assert (found["status"], found["on"], found["as_of"]) == (status, day, day)
            assert found["today"] == {"status": "withdrawn"}
        page = browser.get(f"/c/{number}?as_of={clock.legal_day(days['c']).isoformat()}")
        since = browser.get(f"/c/{number}.json?as_of={clock.legal_day(days['c']).isoformat()}").json["since"]
        assert since == clock.legal_day(days["s"]).isoformat()
        english = browser.get(f"/en/c/{number}?as_of={clock.legal_day(days['c']).isoformat()}").text
    assert page.text.index("Như ngày") < page.text.index("Tạm đình chỉ") < page.text.index("<h1>")
    assert "Đã thu hồi" in page.text  # today's status, in the banner
    assert "Đã sửa." not in page.text  # what came later is no part of that day's history
    assert '<meta name="robots" content="noindex' in page.text
    assert f'<link rel="canonical" href="http://localhost/c/{number}">' in page.text
    assert "Withdrawn" in english


def test_before_its_first_day_it_was_not_there(shop, browser):
    shop.publish(days=-200)
    number = shop.publish(days=-20).number
    page = browser.get(f"/c/{number}?as_of={ago(21)}")
    assert (page.status_code, "chưa có giấy này" in page.text) == (404, True)
    answer = browser.get(f"/c/{number}.json?as_of={ago(21)}")
    assert (answer.status_code, answer.json["status"]) == (404, "not_found")
    assert browser.get(f"/c/{number}?as_of={ago(20)}").status_code == 200


def test_another_spelling_keeps_the_day(shop, browser):
    number = shop.publish().number
    answer = browser.get(f"/c/{number.lower()}?as_of={ago(3)}")
    assert answer.location == f"/c/{number}?as_of={ago(3)}"


def test_its_successor_was_named_only_once_it_was_there(shop, browser, session):
    first = shop.certificate(Published(days=-300))
    product = session.get_one(Product, first.product_id)
    second = shop.certificate(Published(days=-50), product=product)
    first.superseded_on = second.valid_from
    catalogue.refresh(session, product.id)
    session.commit()
    assert browser.get(f"/c/{first.number}.json?as_of={ago(51)}").json["status"] == "active"
    found = browser.get(f"/c/{first.number}.json?as_of={ago(50)}").json
    assert (found["status"], found["newer"]) == ("superseded", second.number)
    assert [
        number for number in (first.number, second.number) if number in browser.get(f"/products?as_of={ago(51)}").text
    ] == [first.number]
    assert [
        number for number in (first.number, second.number) if number in browser.get(f"/products?as_of={ago(50)}").text
    ] == [second.number]


@pytest.mark.parametrize(
    ("state", "lasts", "word"),
    [
        (CertificateState.ACTIVE, 365, "Còn hiệu lực"),
        (CertificateState.SUSPENDED, 365, "Tạm đình chỉ"),
        (CertificateState.WITHDRAWN, 365, "Đã thu hồi"),
        (CertificateState.TERMINATED, 365, "Đã chấm dứt"),
        (CertificateState.ACTIVE, 10, "Hết hạn"),
        (CertificateState.SUSPENDED, 27, "Hết hạn"),
    ],
)
@pytest.mark.parametrize("years", [0, 1, 30])
def test_no_entry_is_ever_lost(shop, browser, state, lasts, word, years):
    """Ended entries keep their page, their product's page, their JSON and their line, with reason and dates."""
    certificate = shop.publish(state=state, lasts=lasts)
    with clock.at(clock.now() + timedelta(days=365 * years)):
        page = browser.get(f"/c/{certificate.number}")
        assert page.status_code == 200
        assert (
            word if years == 0 or state not in (CertificateState.ACTIVE, CertificateState.SUSPENDED) else "Hết hạn"
        ) in page.text
        assert browser.get(f"/c/{certificate.number}.json").status_code == 200
        assert browser.get("/products/p-0001").status_code == 200
        assert certificate.number in browser.get("/changes").text
        if state is CertificateState.WITHDRAWN:
            assert "Lộ vị trí của trẻ cho tài khoản khách." in page.text
            assert f"{certificate.state_since:%d/%m/%Y}" in page.text


# --- one product ---


def test_a_product_of_a_day_gone_by_is_the_certificate_of_that_day(browser, world, session):
    certificate = certified(world)
    slug = certificate.content["product"]["slug"]
    answer = browser.get(f"/products/{slug}?as_of={clock.today():%d/%m/%Y}")
    assert (answer.status_code, answer.headers["Location"]) == (
        302,
        f"/c/{certificate.number}?as_of={clock.today():%Y-%m-%d}",
    )
    assert browser.get(answer.headers["Location"]).status_code == 200
    wrong = browser.get(f"/en/products/{slug}?as_of=yesterday")
    assert wrong.headers["Location"] == f"/en/c/{certificate.number}?as_of=yesterday"
    assert browser.get(wrong.headers["Location"]).status_code == 422
    assert browser.get(f"/products/{slug}?as_of=").status_code == 200
    assert browser.get("/products/khong-co?as_of=2026-11-01").status_code == 404


def test_the_certificate_before_the_one_that_stands_now(world, session):
    certificate = certified(world)
    assert past.number_on(session, certificate.content["product"]["slug"], clock.today()) == certificate.number
    assert past.number_on(session, certificate.content["product"]["slug"], clock.today() - timedelta(days=1)) == ""
    assert past.number_on(session, "khong-co", clock.today()) == ""

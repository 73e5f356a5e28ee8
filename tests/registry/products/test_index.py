"""GET /products: search, filters, order, paging, and what a public page must not do."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from urllib.parse import urlsplit

import pytest
from sqlalchemy import event
from sqlmodel import select

from assessments import catalogue, clock
from assessments.models import Listing, Product
from assessments.queries import catalogue as queries
from assessments.states import CertificateState
from registry import db
from tests.listings import Published, Shop

FOUND = {
    "q=den+nha": {"Đèn Nhà"},
    "q=đèn": {"Đèn Nhà"},
    "q=DEN": {"Đèn Nhà"},
    "q=duong": {"Đường Về"},
    "q=đườ": {"Đường Về"},
    "q=duon": {"Đường Về"},
    "q=lamp": {"Đèn Nhà"},
    "q=Bo+Tre": {"Đường Về"},
    "q=hat+nang": {"Đèn Nhà", "Ấm Áp"},
    "q=đồng+hồ": {"Đường Về"},  # by the name of the device
    "q=den+zzz": {"Đèn Nhà"},  # and it is said that nothing has the second word
    "q=zzz": set(),
    "q=dennha": {"Đèn Nhà"},
    "q=ddenf+nhaf": {"Đèn Nhà"},  # typed in Telex, its program off
    "q=dnhf": set(),
    "q=app+cho+con": {"Đèn Nhà", "Đường Về", "Ấm Áp"},  # nothing to look for either
    "q=con+14+tuoi": {"Đèn Nhà", "Đường Về"},
    "q=smartwatch": {"Đường Về"},  # a need in English
    "q=mien+phi&sort=name": {"Đèn Nhà", "Ấm Áp"},
    "q=%3F%21": {"Đèn Nhà", "Đường Về", "Ấm Áp"},  # nothing to look for
    "age=0-6": {"Ấm Áp"},
    "age=0-6&age=16-17": {"Ấm Áp", "Đường Về"},
    "platform=wearable_toy": {"Đường Về"},
    "category=PC": {"Đèn Nhà"},
    "price=subscription": {"Đường Về"},
    "language=fr": {"Ấm Áp"},
    "made_in=no": {"Đường Về"},
    "level=L2": {"Đường Về"},
    "status=suspended": {"Ấm Áp"},
    "status=active&status=suspended": {"Đèn Nhà", "Đường Về", "Ấm Áp"},
    "category=PC&status=suspended": set(),
    "age=12-15&q=den": {"Đèn Nhà"},
}
NONSENSE = [
    "age=99&platform=zz&status=scheduled&status=x&made_in=maybe&level=L9&sort=random",
    "age=%00&q=%00&sort=%00",
    "after=zzz",
    "after=" + "W" * 2000,
    "after=WyJzYSIsInNiIl0",
    "after=" + "W1tb" * 300,
    "q=" + "a" * 5000,
    "age=7-11%27%20OR%201=1&unknown=1",
    "after=WzEsImQ5OTk5LTk5LTk5IiwicyIsInUwIl0",
    "after=WzllOTksMSwyLDNd",
    "after=%C3%A9",
]
SORTS = ["recommended", "changed", "checked", "name", "level"]


@pytest.fixture
def shop(world):
    return Shop(world)


@pytest.fixture
def three(shop, world):
    """Three products of two companies that differ in everything that can be filtered by."""
    shop.publish(name="Đèn Nhà", name_en="Home Lamp")
    shop.publish(
        name="Đường Về",
        name_en="Way Home",
        level="L2",
        vendor=world.bo_tre,
        marks={"TN-03": 1, "TN-07": 1, "HN-03": 2},
        facts={
            "short_vi": "Báo khi con tới trường.",
            "description_vi": "Báo khi con tới trường.",
            "categories": ["MO"],
            "ages": ["12-15", "16-17"],
            "platforms": ["wearable_toy"],
            "price_model": "subscription",
            "languages": ["vi"],
            "made_in_vietnam": "no",
        },
    )
    shop.publish(
        name="Ấm Áp",
        name_en="Warmth",
        state=CertificateState.SUSPENDED,
        facts={"categories": ["DL"], "ages": ["0-6"], "platforms": ["web"], "languages": ["vi", "fr"]},
    )


def names(page):
    """The products of a page, in its order."""
    links = re.findall(r'<h3><a href="[^"]*/products/[^"]+">(.+?)</a>', page.text)
    return [unescape(re.sub(r"</?mark>", "", link)) for link in links]


def next_page(page):
    found = re.search(r'rel="next" href="([^"]+)"', page.text)
    return unescape(found[1]) if found else None


def test_each_filter_finds_its_products(browser, three):
    assert {query: set(names(browser.get(f"/products?{query}"))) for query in FOUND} == FOUND


def test_worries_come_from_agreed_scores_only(browser, three, session):
    """Đường Về speaks of danger, but what would protect from it did not pass."""
    facets = {
        listing.slug: listing.content["protects_from"]
        for listing in session.exec(select(Listing).order_by(Listing.slug)).all()
    }
    for risk in ("content", "contact", "conduct", "contract"):
        expected = {slug for slug, risks in facets.items() if risk in risks}
        page = browser.get(f"/products?worry={risk}")
        assert set(re.findall(r"/products/(p-\d+)", page.text)) == expected
    assert facets["p-0001"] != facets["p-0002"]


def test_nonsense_in_the_address_is_left_out(browser, three):
    answers = {query: browser.get(f"/products?{query}").status_code for query in NONSENSE}
    assert set(answers.values()) == {200}, answers


def test_unknown_values_leave_the_whole_catalogue(browser, three):
    page = browser.get("/products?age=99&status=scheduled&made_in=maybe")
    assert len(names(page)) == 3
    assert 'class="chips"' not in page.text


def test_a_token_of_another_order_means_the_first_page(browser, shop):
    shop.publish_all(*(Published(name=f"Sản phẩm {number:02}") for number in range(30)))
    by_name = urlsplit(next_page(browser.get("/products?sort=name"))).query
    token = re.search(r"after=[^&]+", by_name)[0]
    assert names(browser.get(f"/products?sort=level&{token}")) == names(browser.get("/products?sort=level"))


def test_names_stand_in_vietnamese_order(browser, shop):
    mixed = ("Đèn", "Dừa", "Ơ", "Ô", "Ong", "Ăn", "Anh", "Ấm", "Zalo", "Ước")
    shop.publish_all(*(Published(name=name) for name in mixed))
    page = browser.get("/products?sort=name")
    assert names(page) == ["Anh", "Ăn", "Ấm", "Dừa", "Đèn", "Ong", "Ô", "Ơ", "Ước", "Zalo"]


def test_the_best_match_is_found_in_the_name(browser, shop):
    shop.publish(name="Mẹ Gấu", facts={"short_vi": "Như một ngọn nến trong nhà."})
    shop.publish(name="Nến", days=-60)
    assert names(browser.get("/products?q=nen")) == ["Nến", "Mẹ Gấu"]


def test_paging_shows_each_product_once_in_every_order(browser, shop):
    shop.publish_all(
        *(
            Published(
                name=f"Sản phẩm {number % 7}",
                days=-(number % 5) * 10 - 1,
                level="L1" if number % 3 else "L2",
                state=CertificateState.SUSPENDED if number % 4 == 0 else CertificateState.ACTIVE,
                facts={"version_date": f"2026-0{number % 4 + 1}-01"},
            )
            for number in range(53)
        )
    )
    for sort in SORTS:
        for query in ("", "&q=san+pham"):
            slugs, sizes = walk(browser, f"/products?sort={sort}{query}")
            assert sizes == [24, 24, 5]
            assert sorted(slugs) == [f"p-{number:04}" for number in range(1, 54)]


def walk(browser, url):
    """Every product from one page to the last, and how many each page had."""
    slugs, sizes = [], []
    while url:
        page = browser.get(url)
        found = re.findall(r"/products/(p-\d+)", page.text)
        slugs += found
        sizes.append(len(found))
        url = next_page(page)
    return slugs, sizes


def test_valid_products_come_first(browser, shop):
    shop.publish(name="Cũ", state=CertificateState.WITHDRAWN, since=0)
    shop.publish(name="Còn", days=-200)
    assert names(browser.get("/products")) == ["Còn", "Cũ"]


@pytest.mark.parametrize(("days", "found"), [(1, []), (0, ["Đèn Nhà"])])
def test_a_product_appears_on_the_day_of_its_announcement(browser, shop, days, found):
    shop.publish(days=days)
    assert names(browser.get("/products")) == found


def test_a_product_appears_without_a_job(browser, shop):
    shop.publish(days=3)
    assert names(browser.get("/products")) == []
    assert browser.get("/products/p-0001").status_code == 404
    with clock.at(clock.now() + timedelta(days=3)):
        assert names(browser.get("/products")) == ["Đèn Nhà"]
        assert browser.get("/products/p-0001").status_code == 200


def test_the_next_certificate_takes_over_on_its_day(browser, shop, session):
    """The catalogue is written once, and says the right thing on every day."""
    first = shop.certificate(Published(name="Đèn Nhà", days=-300))
    product = session.get_one(Product, first.product_id)
    renewed = shop.certificate(Published(name="Đèn Nhà 2", days=10), product=product)
    catalogue.refresh(session, product.id)
    session.commit()
    assert first.number in browser.get("/products/p-0001").text
    assert renewed.number not in browser.get("/products/p-0001").text
    with clock.at(clock.now() + timedelta(days=10)):
        page = browser.get("/products/p-0001").text
        assert renewed.number in page
        assert names(browser.get("/products")) == ["Đèn Nhà 2"]


def test_a_status_changes_with_the_calendar(browser, shop):
    shop.publish(lasts=40)  # thirty of them are over
    assert names(browser.get("/products?status=active")) == ["Đèn Nhà"]
    with clock.at(clock.now() + timedelta(days=11)):
        assert names(browser.get("/products?status=active")) == []
        assert names(browser.get("/products?status=expired")) == ["Đèn Nhà"]
        assert "Hết hạn" in browser.get("/products").text


def test_withdrawn_products_stay_with_their_reason(browser, shop):
    shop.publish(state=CertificateState.WITHDRAWN)
    page = browser.get("/products?status=withdrawn")
    assert names(page) == ["Đèn Nhà"]
    assert "Lộ vị trí của trẻ cho tài khoản khách." in page.text
    assert "Showed a child’s location" in browser.get("/en/products").text


def test_counts_and_chips(browser, three):
    page = browser.get("/products?age=12-15&status=active")
    plain = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page.text))
    assert "2 sản phẩm" in plain
    chips = re.search(r'<ul class="chips".*?</ul>', page.text, re.DOTALL)[0]
    assert re.findall(r'href="([^"]+)"', chips) == [
        "/products?status=active",
        "/products?age=12-15",
        "/products",
    ]
    assert re.findall(r'name="age" value="([^"]+)"( checked)?', page.text) == [
        ("0-6", ""),
        ("7-11", ""),
        ("12-15", " checked"),
        ("16-17", ""),
    ]


def test_counts_follow_every_change(browser, shop):
    def shown():
        return re.findall(r'value="suspended".*?class="n">(\d+)', browser.get("/products").text)

    shop.publish(state=CertificateState.SUSPENDED)
    shop.publish()
    assert shown() == ["1"]
    shop.publish(state=CertificateState.SUSPENDED)
    assert shown() == ["2"]


def counted(page, name):
    """The number beside each value of a filter."""
    found = re.findall(rf'name="{name}" value="([^"]+)".*?class="n">([\d.+]+)<', page.text)
    return dict(found)


def test_the_numbers_are_of_the_combination_chosen(browser, three):
    assert counted(browser.get("/products"), "platform") == {
        "android": "1",
        "ios": "1",
        "web": "1",
        "wearable_toy": "1",
    }
    page = browser.get("/products?category=PC&status=active")
    assert counted(page, "platform") == {"android": "1", "ios": "1", "web": "0", "wearable_toy": "0"}
    assert counted(page, "category") == {"PC": "1", "MO": "1", "DL": "0"}  # were it chosen in the place of the other
    assert counted(page, "status")["suspended"] == "0"


def test_each_number_is_what_one_finds(browser, three):
    for start in ("", "q=hat+nang&", "age=12-15&", "status=active&price=free&"):
        page = browser.get(f"/products?{start}")
        for name in ("category", "language", "made_in", "level", "worry"):
            for value, number in counted(page, name).items():
                assert len(names(browser.get(f"/products?{start}{name}={value}"))) == int(number), (start, name, value)


def test_what_was_looked_for_is_marked_and_everything_is_escaped(browser, shop):
    shop.publish(name="Đèn <b>Nhà</b> & Vườn", facts={"short_vi": "Tránh “web đen” <script>."})
    page = browser.get("/products?q=nha+web+den").text
    assert "Đèn &lt;b&gt;<mark>Nhà</mark>&lt;/b&gt; &amp; Vườn" in page
    assert "“<mark>web đen</mark>” &lt;script&gt;." in page


def test_the_vendor_and_the_other_name_are_marked_too(browser, three):
    assert '<p class="meta">Công ty TNHH <mark>Bờ Tre</mark></p>' in browser.get("/products?q=bo+tre").text
    assert "Còn gọi là <mark>Home Lamp</mark>" in plainly(browser.get("/products?q=home+lamp"))
    assert "Hợp với điều bạn tìm: Đồng hồ, đồ chơi thông minh" in plainly(browser.get("/products?q=smartwatch"))


def plainly(page):
    """A page with its white space made one."""
    return re.sub(r"\s+", " ", page.text)


def test_a_mistake_and_a_need_are_told(browser, three):
    page = plainly(browser.get("/products?q=chawnj+wbe+ddeen"))
    assert "Không thấy “chawnj wbe ddeen”, nên đã tìm <b>“chặn web đen”</b>." in page
    assert "Gồm cả sản phẩm dành cho: <b>chặn nội dung người lớn</b>." in page
    assert "blocking adult content" in browser.get("/en/products?q=block+porn").text


def test_a_word_nothing_has_is_told(browser, three):
    page = plainly(browser.get("/products?q=den+zzz<i>"))
    assert "Không sản phẩm nào có “zzz”. Dưới đây là kết quả cho phần còn lại." in page
    assert 'class="told"' not in browser.get("/products?q=den").text


def test_filters_are_cleared_at_once_and_what_was_typed_stays(browser, three):
    page = browser.get("/products?q=hat+nang&age=12-15&status=active")
    assert re.search(r'class="plain" href="([^"]+)"', page.text)[1] == "/products?q=hat+nang"
    assert re.search(r'class="plain" href="([^"]+)"', browser.get("/products?q=hat+nang").text)[1] == "/products"


def test_the_way_back_leads_to_the_same_pages(browser, shop):
    shop.publish_all(*(Published(name=f"Sản phẩm {number:02}") for number in range(60)))
    for query in ("sort=name", "q=san+pham"):
        first = browser.get(f"/products?{query}")
        second = browser.get(next_page(first))
        third = browser.get(next_page(second))
        assert "49–60 trong 60 sản phẩm" in third.text
        assert [names(browser.get(page_before(page))) for page in (third, second)] == [names(second), names(first)]
        assert page_before(first) is None


def page_before(page):
    found = re.search(r'rel="prev" href="([^"]+)"', page.text)
    return unescape(found[1]) if found else None


def test_two_parts_are_offered_to_loosen_where_one_does_not_help(browser, three):
    page = browser.get("/products?q=zzzz&price=one_off&age=0-6&category=DL")
    offers = re.search(r'<ul class="worry".*?</ul>', page.text, re.DOTALL)[0]
    assert re.findall(r'href="([^"]+)"', offers) == ["/products?age=0-6&amp;category=DL"]
    assert "1 sản phẩm" in offers


def test_an_empty_result_says_what_to_loosen(browser, three):
    page = browser.get("/products?q=den&age=0-6")
    assert "Không tìm thấy “den”" in page.text
    offers = re.search(r'<ul class="worry".*?</ul>', page.text, re.DOTALL)[0]
    assert re.findall(r'href="([^"]+)"', offers) == ["/products?age=0-6", "/products?q=den"]
    assert offers.count("1 sản phẩm") == 2


def test_an_empty_catalogue_says_what_that_means(browser, app):
    page = browser.get("/products")
    assert "không có nghĩa là sản phẩm xấu" in page.text
    assert "<fieldset>" not in page.text


def test_what_was_typed_is_only_text(browser, three):
    page = browser.get("/products?q=%3Cscript%3Ealert(1)%3C/script%3E%22")
    assert "<script>alert" not in page.text


def test_no_cookie_no_script_nothing_from_elsewhere(browser, three):
    page = browser.get("/products?q=den")
    assert "Set-Cookie" not in page.headers
    assert "Cookie" not in page.headers["Vary"]
    assert "<script" not in page.text
    assert "csrf" not in page.text
    assert re.findall(r'(?:src|href)="(?:https?:)?//(?!localhost)[^"]*"', page.text) == []


def test_a_browser_that_has_it_gets_nothing_again(browser, three):
    page = browser.get("/products")
    again = browser.get("/products", headers={"If-None-Match": page.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(("second", "most"), [(40, 20), (0, 60)])
def test_nothing_is_kept_past_midnight_in_viet_nam(browser, app, second, most):
    with clock.at(datetime(2026, 11, 22, 16, 59, second, tzinfo=UTC)):
        kept = browser.get("/products").headers["Cache-Control"]
        assert int(re.fullmatch(r"public, max-age=(\d+)", kept)[1]) <= most


def test_english_stands_under_en(browser, three):
    page = browser.get("/en/products?category=PC")
    assert names(page) == ["Home Lamp"]
    assert 'lang="en"' in page.text
    assert '"/en/products/p-0001"' in page.text


@pytest.fixture
def statements(app):
    """What is asked of the database."""
    asked = []

    def note(_connection, _cursor, statement, parameters, *_rest):
        asked.append((statement, parameters))

    event.listen(app.extensions["engine"], "before_cursor_execute", note)
    yield asked
    event.remove(app.extensions["engine"], "before_cursor_execute", note)


def asked_for(browser, statements, url):
    statements.clear()
    assert browser.get(url).status_code == 200
    return len(statements)


URLS = ["/products", "/products?q=san&age=7-11&status=active&sort=level", "/products/p-0001", "/", "/vendors/hat-nang"]


def test_the_number_of_statements_does_not_grow(browser, shop, statements):
    shop.publish_all(*(Published(name=f"Sản phẩm {number}") for number in range(10)))
    asked_for(browser, statements, "/")  # the process reads what there is
    few = [asked_for(browser, statements, url) for url in URLS]
    shop.publish_all(*(Published(name=f"Sản phẩm {number}") for number in range(190)))
    asked_for(browser, statements, "/")  # and what was added
    many = [asked_for(browser, statements, url) for url in URLS]
    assert many == few
    assert max(many) <= 12
    assert asked_for(browser, statements, "/products?q=zzz&age=7-11&platform=ios&price=free&status=active") <= 12


def test_filters_and_words_are_looked_up_not_scanned(app, session, shop):
    if session.bind.dialect.name != "sqlite":
        pytest.skip("SQLite explains itself in these words")
    shop.publish()
    wanted = queries.Search(text="den", facets={"age": ("7-11",), "platform": ("ios", "android")})
    asked = []
    with app.app_context(), db.reading() as reader:
        queries.search(reader, wanted, clock.today())  # the process reads what there is
        event.listen(
            session.bind, "before_cursor_execute", lambda _c, _k, text, given, *_r: asked.append((text, given))
        )
        queries.search(reader, wanted, clock.today())
        queries.listing_by_slug(reader, "p-0001", clock.today())
        queries.cards_of_vendor(reader, "hat-nang", clock.today())
    assert len(asked) == 4
    connection = session.connection().connection
    for text, given in list(asked):
        plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {text}", given).fetchall()]
        scans = [step for step in plan if re.match(r"SCAN (listing|listing_facet|relisting)\b", step)]
        assert scans == [], text


def test_a_full_page_stays_light(browser, shop):
    short = "Chặn nội dung xấu thứ {}, đặt giờ dùng máy và báo cho cha mẹ."
    shop.publish_all(*(Published(name=f"Sản phẩm số {n}", facts={"short_vi": short.format(n)}) for n in range(30)))
    packed = {"Accept-Encoding": "gzip"}
    style = len(browser.get(_stylesheet(browser), headers=packed).data)
    weights = {url: style + len(browser.get(url, headers=packed).data) for url in URLS}
    assert weights["/"] <= 25 * 1024
    assert weights["/products"] <= 40 * 1024
    assert weights["/products/p-0001"] <= 50 * 1024


def _stylesheet(browser):
    return re.search(r'rel="stylesheet" href="([^"]+)"', browser.get("/products").text)[1]

"""/compare: two to four products, differences first; wrong and too many get a sentence, too few a list to choose."""

import html
import re

import pytest

from assessments import catalogue
from assessments.states import CertificateState
from tests.counting import statements
from tests.listings import Published, Shop

FIGURE = {
    "test_list": "Bộ thử 2026",
    "tested_on": "2026-05-02",
    "age_band": "7-11",
    "topic": "Nội dung người lớn",
    "harmful_tried": 1000,
    "harmful_blocked": 987,
    "harmless_tried": 400,
    "harmless_blocked": 2,
    "measured_by": "laboratory",
}


@pytest.fixture
def shop(world):
    return Shop(world)


def plain(text):
    """A text as a person reads it."""
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))).strip()


def parts(page):
    """Heading of a part of the table -> its rows, each name with its cells."""
    found = {}
    for body in re.findall(r"<tbody>(.*?)</tbody>", page.text, re.DOTALL):
        title = plain(re.search(r"<th scope=\"rowgroup\".*?</th>", body)[0])
        rows = re.findall(r'<th scope="row">(.*?)</th>(.*?)</tr>', body, re.DOTALL)
        found[title] = {
            plain(name): [plain(cell) for cell in re.findall(r"<td.*?</td>", cells, re.DOTALL)] for name, cells in rows
        }
    return found


def test_differences_come_first_and_what_is_the_same_stands_once(browser, shop):
    one = shop.publish(facts={"ages": ["7-11"], "price_model": "free"}, level="L2")
    other = shop.publish(name="Ấm Áp", facts={"ages": ["7-11"], "price_model": "subscription"})
    page = browser.get("/compare?p=p-0001&p=p-0002")
    assert page.status_code == 200
    found = parts(page)
    assert list(found) == ["Khác nhau", "Giống nhau"]
    assert found["Khác nhau"]["Giá"][0].startswith("Miễn phí")
    assert found["Khác nhau"]["Giá"][1].startswith("Trả hằng tháng, hằng năm")
    assert found["Khác nhau"]["Mức đạt"] == ["2 – Nâng cao", "1 – Đạt bộ tiêu chí"]
    assert found["Giống nhau"]["Tuổi của con"] == ["7–11 tuổi"]
    same = f"Còn hiệu lực đến hết ngày {one.valid_until:%d/%m/%Y}"
    assert found["Giống nhau"]["Tình trạng giấy"] == [same]
    assert one.valid_until == other.valid_until


def test_status_and_measured_results_stand_beside_each_other(browser, shop):
    shop.publish(facts={"blocking": [FIGURE]})
    shop.publish(name="Ngừng", state=CertificateState.SUSPENDED)
    page = browser.get("/compare?p=p-0002&p=p-0001")
    differing = parts(page)["Khác nhau"]
    assert differing["Tình trạng giấy"][0].startswith("Tạm đình chỉ từ ")
    assert differing["Kết quả đo chặn"] == [
        "–",
        (
            "Bộ thử 2026, Nội dung người lớn, 7–11 tuổi, ngày 02/05/2026 "
            "Chặn đúng 98,7% trên 1.000 trang xấu Chặn nhầm 0,5% trên 400 trang bình thường"
        ),
    ]
    assert re.findall(r'<p class="stline (\w+)">', page.text) == ["suspended", "valid"]


def test_a_figure_that_the_reviewers_did_not_find_is_not_compared(browser, shop):
    one = shop.publish(facts={"blocking": [FIGURE]})
    one.content = {**one.content, "measured": []}
    shop.session.add(one)
    catalogue.refresh(shop.session, one.product_id)
    shop.session.commit()
    shop.publish(name="Khác")
    assert "Kết quả đo chặn" not in browser.get("/compare?p=p-0001&p=p-0002").text


def test_scores_of_groups_carry_their_bar(browser, shop):
    shop.publish(marks={"TL-01": 1})
    shop.publish(name="Khác")
    found = parts(browser.get("/compare?p=p-0001&p=p-0002"))
    lower, higher = found["Khác nhau"]["Tài liệu và công bố"]
    assert float(lower.replace(",", ".")) < 75
    assert higher == "75,0"
    assert found["Giống nhau"]["Tính năng bảo vệ"] == ["75,0"]


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("p=p-0001&p=p-0002&p=khong-co", 200, "Không có sản phẩm “khong-co” trong danh mục."),
        ("p=p-0001&p=khong-co", 404, "Không có sản phẩm “khong-co” trong danh mục."),
        ("p=khong-co", 404, "Không có sản phẩm “khong-co” trong danh mục."),
        (
            "p=p-0001&p=p-0002&p=p-0003&p=p-0004&p=p-0005",
            200,
            "Mỗi lần so sánh được nhiều nhất 4 sản phẩm. Đã giữ 4 sản phẩm đầu.",
        ),
        ("p=p-0001", 200, "Chọn thêm ít nhất một sản phẩm để so với Tên 1."),
        ("p=p-0001&p=p-0001&p=P-0001", 200, "Chọn thêm ít nhất một sản phẩm để so với Tên 1."),
        ("", 200, "Chọn từ hai đến 4 sản phẩm."),
        ("p=&p=%00&p=<b>", 404, "Không có sản phẩm “<b>” trong danh mục."),
    ],
)
def test_wrong_too_many_and_too_few(browser, shop, query, status, said):
    shop.publish_all(*(Published(name=f"Tên {number}") for number in range(1, 6)))
    page = browser.get(f"/compare?{query}")
    assert page.status_code == status
    assert said in plain(page.text)
    assert "Set-Cookie" not in page.headers


def test_what_waits_for_its_announcement_is_unknown(browser, shop):
    shop.publish_all(Published(name="Nay"), Published(name="Chờ", days=5))
    page = browser.get("/compare?p=p-0001&p=p-0002")
    assert page.status_code == 404
    assert "Chờ</b>" not in page.text


def test_others_of_its_kind_are_offered_or_what_is_searched_for(browser, shop):
    shop.publish_all(
        Published(name="Lọc Một", facts={"categories": ["CF"]}),
        Published(name="Lọc Hai", facts={"categories": ["CF"]}),
        Published(name="Trình Duyệt", facts={"categories": ["BR"]}),
    )
    page = browser.get("/compare?p=p-0001")
    assert re.findall(r'<input type="checkbox" name="p" value="([\w-]+)"( checked)?>', page.text) == [
        ("p-0001", " checked"),
        ("p-0002", ""),
    ]
    page = browser.get("/compare?p=p-0001&choose=1&q=trinh+duyet")
    assert re.findall(r'<input type="checkbox" name="p" value="([\w-]+)"', page.text) == ["p-0001", "p-0003"]
    assert "Không tìm thấy “zz”." in plain(browser.get("/compare?p=p-0001&choose=1&q=zz").text)


def test_the_list_and_the_page_of_a_product_lead_here(browser, shop):
    shop.publish_all(Published(), Published(name="Khác"))
    index = browser.get("/products").text
    assert sorted(re.findall(r'name="p" value="([\w-]+)" form="compare"', index)) == ["p-0001", "p-0002"]
    assert '<form id="compare" class="row" action="/compare">' in index
    assert 'href="/compare?p=p-0001"' in browser.get("/products/p-0001").text


def test_one_statement_for_four_products(app, browser, shop):
    shop.publish_all(*(Published(name=f"Tên {number}") for number in range(4)))
    url = "/compare?p=p-0001&p=p-0002&p=p-0003&p=p-0004"
    for each in (url, "/compare?p=p-0001"):
        browser.get(each)
    with statements(app) as asked:
        browser.get(url)
    assert len(asked) <= 2
    with statements(app) as asked:
        browser.get("/compare?p=p-0001")
    assert len(asked) <= 5


def test_the_english_pages_are_english(browser, shop):
    shop.publish_all(Published(name="Den Nha"), Published(name="Khac"))
    for path in ("/en/compare?p=p-0001&p=p-0002", "/en/compare?p=p-0001"):
        main = re.search(r"<main.*?</main>", browser.get(path).text, re.DOTALL)[0]
        vietnamese = re.findall(r"[^<>]*[ạảấầẩẫậắằẳẵặẹẻẽếềểễệịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹđơư][^<>]*", main)
        assert [one for one in vietnamese if "Hạt Nắng" not in one] == [], path

"""/find: five questions that may each be skipped, answers in the address only, a short list with reasons and gaps."""

import html
import re

import pytest

from assessments.states import CertificateState
from tests.counting import statements
from tests.listings import Published, Shop


@pytest.fixture
def shop(world):
    return Shop(world)


def plain(page):
    """The text of a page as a person reads it."""
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text)))


def names(page):
    """The products of the short list, in their order."""
    return re.findall(r'<h2><a href="/products/[\w-]+">([^<]+)</a></h2>', page.text)


def column(page, title):
    """What stands under a heading of the first product."""
    found = re.search(rf'<h3>{title}</h3><ul class="dash" role="list">(.*?)</ul>', page.text)
    return [html.unescape(one) for one in re.findall(r"<li>(.*?)</li>", found[1])]


@pytest.mark.parametrize(
    ("step", "title", "kind"),
    [
        (1, "Con mấy tuổi?", "radio"),
        (2, "Con dùng thiết bị nào?", "checkbox"),
        (3, "Điều gì làm bạn lo nhất?", "checkbox"),
        (4, "Bạn muốn chi bao nhiêu?", "radio"),
        (5, "Nhất định phải có gì?", "checkbox"),
    ],
)
def test_one_question_a_page_which_can_be_skipped(browser, world, step, title, kind):
    page = browser.get(f"/find?step={step}")
    assert re.findall(r"<h1>([^<]+)</h1>", page.text) == [title]
    assert set(re.findall(r'<input type="(radio|checkbox)"', page.text)) == {kind}
    skip = f"/find?step={step + 1}" if step < 5 else "/find/results"
    assert f'<a class="tap" href="{skip}">Bỏ qua câu này</a>' in page.text
    assert f'action="{"/find" if step < 5 else "/find/results"}"' in page.text
    assert f"Bước {step}/5" in plain(page)
    assert page.headers["Cache-Control"].startswith("public")
    assert "Set-Cookie" not in page.headers


@pytest.mark.parametrize("step", ["0", "9", "x", "", "²", "1e3", "-1", "99999999999999999999"])
def test_a_step_that_is_none_leads_to_one_that_is(browser, world, step):
    assert browser.get("/find", query_string={"step": step}).status_code == 200


def test_answers_go_along_and_back_keeps_them(browser, world):
    page = browser.get("/find?step=3&age=7-11&platform=android&platform=console&worry=contact&age=nonsense")
    assert re.findall(r'<input type="hidden" name="(\w+)" value="([\w-]+)">', page.text) == [
        *(("age", "7-11"), ("platform", "android"), ("platform", "console"), ("step", "4"))
    ]
    assert re.findall(r'value="(\w+)" checked', page.text) == ["contact"]
    back = html.unescape(re.search(r'<p class="crumb"><a class="tap" href="([^"]+)"', page.text)[1])
    assert back == "/find?age=7-11&platform=android&platform=console&worry=contact&step=2"
    assert re.findall(r'value="([\w-]+)" checked', browser.get(back).text) == ["android", "console"]


def test_one_answer_is_changed_and_the_results_come_back(browser, world):
    results = browser.get("/find/results?age=7-11&budget=free")
    change = html.unescape(re.search(r'href="([^"]+)">Sửa<span class="vh"> Chi phí', results.text)[1])
    page = browser.get(change)
    assert 'action="/find/results"' in page.text
    assert 'name="step"' not in page.text
    assert re.findall(r'<input type="hidden" name="(\w+)" value="([\w-]+)">', page.text) == [("age", "7-11")]


def test_reasons_are_scores_and_checked_facts(browser, shop):
    shop.publish(facts={"platforms": ["android", "ios"], "price_model": "free"}, marks={"TN-03": 2})
    page = browser.get("/find/results?age=7-11&platform=android&platform=console&worry=content&budget=free&need=vi")
    assert plain(page).count("1 sản phẩm hợp với câu trả lời của bạn") == 1
    assert names(page) == ["Đèn Nhà"]
    reasons = column(page, "Hợp vì")
    assert reasons[:4] == [
        "Dành cho con 7–15 tuổi; chạy trên điện thoại Android.",
        "Giá: miễn phí.",
        "Dùng được bằng tiếng Việt.",
        "Theo kết quả đánh giá, giúp con tránh: nội dung độc hại.",
    ]
    assert "Chặn ít nhất tám nhóm nội dung xấu, chỉnh được cho từng con." in reasons
    gaps = column(page, "Không làm, còn hạn chế")
    assert gaps[:2] == ["Không có ứng dụng riêng cho máy chơi game.", "Chưa thử trên máy tính."]
    assert "Đặt giờ dùng còn hạn chế." in gaps


def test_protection_comes_from_scores_and_never_from_the_kind_of_product(browser, shop):
    failed = {f"TN-{number:02}": 1 for number in range(1, 9)} | {f"HN-{number:02}": 1 for number in range(1, 7)}
    shop.publish(marks=failed | {"AT-05": 1, "QT-03": 1, "BC-01": 1})
    page = browser.get("/find/results?worry=content")
    assert "Chặn ít nhất tám nhóm" not in page.text


def test_what_covers_more_of_the_answers_comes_first(browser, shop):
    shop.publish_all(
        Published(name="Một máy", facts={"platforms": ["android"]}, level="L3"),
        Published(name="Hai máy", facts={"platforms": ["android", "windows"]}),
        Published(name="Trang mạng", facts={"platforms": ["web"]}, level="L3"),
        Published(name="Nơi khác", facts={"platforms": ["console"]}),
    )
    page = browser.get("/find/results?platform=android&platform=windows")
    assert names(page) == ["Hai máy", "Một máy", "Trang mạng"]


def test_free_in_part_comes_after_free_and_says_so(browser, shop):
    shop.publish_all(
        Published(name="Trả tiền", facts={"price_model": "subscription"}),
        Published(name="Một phần", facts={"price_model": "free_with_paid_extras"}, level="L3"),
        Published(name="Cho không", facts={"price_model": "free"}),
    )
    page = browser.get("/find/results?budget=free")
    assert names(page) == ["Cho không", "Một phần"]
    assert page.text.count("Phải trả thêm để có đủ tính năng.") == 1
    assert len(names(browser.get("/find/results?budget=pay"))) == 3


def test_only_what_is_valid_and_for_families(browser, shop):
    shop.publish_all(
        Published(name="Ngừng", state=CertificateState.SUSPENDED),
        Published(name="Thu", state=CertificateState.WITHDRAWN),
        Published(name="Hết", days=-60, lasts=30),
        Published(name="Chờ", days=5),
        Published(name="Trường", facts={"categories": ["CM"]}),
        Published(name="Nhà và trường", facts={"categories": ["CM", "PC"]}),
        Published(name="Nền tảng", facts={"categories": ["HM"]}),
    )
    assert names(browser.get("/find/results")) == ["Nhà và trường"]


def test_the_list_is_short_and_leads_to_all_and_to_a_comparison(browser, shop):
    shop.publish_all(*(Published(name=f"Tên {number}") for number in range(8)))
    page = browser.get("/find/results?age=7-11")
    assert len(names(page)) == 6
    assert "8 sản phẩm hợp với câu trả lời của bạn" in plain(page)
    assert page.text.count('name="p" value="p-') == 6
    assert page.text.count(" checked><span>So sánh") == 4
    everything = html.unescape(re.search(r'href="(/products\?[^"]+)">Xem mọi sản phẩm hợp', page.text)[1])
    assert everything == "/products?status=active&age=7-11"


def test_when_nothing_fits_it_says_what_to_drop(browser, shop):
    shop.publish(facts={"platforms": ["android"]})
    page = browser.get("/find/results?age=7-11&platform=smart_tv&worry=content")
    assert "Chưa có sản phẩm nào hợp mọi câu trả lời" in plain(page)
    drops = re.findall(r'<a class="goto" href="([^"]+)"><span>Bỏ câu “([^”]+)”</span> <span class="n">(\d+)', page.text)
    assert [(html.unescape(url), name, count) for url, name, count in drops] == [
        ("/find/results?age=7-11&worry=content", "Thiết bị", "1")
    ]


def test_when_dropping_one_is_not_enough_it_says_so_too(browser, shop):
    shop.publish(facts={"platforms": ["android"]})
    page = browser.get("/find/results?age=0-6&platform=smart_tv")
    assert "Bỏ một câu cũng chưa đủ." in plain(page)
    assert 'class="goto"' not in re.search(r"<main.*?</main>", page.text, re.DOTALL)[0]


def test_an_empty_registry(browser, world):
    assert "Danh mục chưa có sản phẩm nào còn hiệu lực." in plain(browser.get("/find/results"))


def test_few_statements_whatever_there_is(app, browser, shop):
    shop.publish_all(*(Published(name=f"Tên {number}") for number in range(12)))
    url = "/find/results?age=7-11&platform=android&worry=content&worry=contact&budget=pay&need=vi"
    browser.get(url)
    with statements(app) as asked:
        browser.get(url)
    assert len(asked) <= 4
    with statements(app) as asked:
        browser.get("/find?step=2&age=7-11")
    assert len(asked) <= 3


def test_the_english_pages_are_english(browser, shop):
    shop.publish()
    for path in ("/en/find", "/en/find?step=3&age=7-11", "/en/find/results?age=7-11&worry=content&budget=free&need=vi"):
        main = re.search(r"<main.*?</main>", browser.get(path).text, re.DOTALL)[0]
        vietnamese = re.findall(r"[^<>]*[ạảấầẩẫậắằẳẵặẹẻẽếềểễệịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹđơư][^<>]*", main)
        assert [one for one in vietnamese if "Hạt Nắng" not in one] == [], path

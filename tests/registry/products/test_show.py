"""GET /products/<slug>: status first, labels after the rule, history, what a public page must not do."""

import re
from datetime import timedelta

import pytest
from sqlmodel import select

from assessments import catalogue, clock, profile
from assessments.models import CertificateEvent, Product
from assessments.states import CertificateAction, CertificateState
from criteria import store
from registry.products.labels import labels_of
from tests.listings import Published, Shop, content_of

EDITION = store.load("vcsc-2026")
BLOCKING = {
    "test_list": "Bộ thử 2026",
    "tested_on": "2026-05-02",
    "age_band": "7-11",
    "topic": "Nội dung người lớn",
    "harmful_tried": 1000,
    "harmful_blocked": 984,
    "harmless_tried": 400,
    "harmless_blocked": 2,
    "measured_by": "laboratory",
}


@pytest.fixture
def shop(world):
    return Shop(world)


def plain(page):
    """The text of a page as a person reads it."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text)).replace("&#39;", "’")


def labels(app, world, **changes):
    """The labels of a product with these facts and marks."""
    one = Published(**changes)
    content = content_of(one, world.hat_nang, Product(vendor_id=world.hat_nang.id, slug="x", name="x"))
    with app.test_request_context("/"):
        return labels_of(content, profile.from_dict(content["profile"]), EDITION)


def test_the_status_stands_first(browser, shop):
    certificate = shop.publish(level="L2")
    page = browser.get("/products/p-0001")
    text = plain(page)
    assert page.status_code == 200
    assert page.text.index('class="stat valid"') < page.text.index("<h1>")
    assert f"có giá trị đến hết ngày {certificate.valid_until:%d/%m/%Y}, mức 2 – Nâng cao" in text
    assert "Đã kiểm tra: 5.2, ngày 12/05/2026" in text
    assert certificate.number in text
    assert "Chưa thử trên máy tính." in text
    assert "không có nghĩa là" in text


@pytest.mark.parametrize(
    ("state", "look", "said"),
    [
        (CertificateState.SUSPENDED, "suspended", "Dấu trên hộp hiện không có giá trị."),
        (CertificateState.WITHDRAWN, "withdrawn", "Đừng dựa vào dấu còn in trên hộp."),
    ],
)
def test_what_is_no_longer_valid_says_why_and_what_to_do(browser, shop, state, look, said):
    shop.publish(state=state)
    page = browser.get("/products/p-0001")
    assert f'class="stat {look}"' in page.text
    assert said in page.text
    assert "Lý do: Lộ vị trí của trẻ cho tài khoản khách." in plain(page)
    assert "Đừng xóa vội" in page.text
    assert "Reason: Showed a child’s location to guest accounts." in plain(browser.get("/en/products/p-0001"))


def test_expiry_comes_with_the_calendar(browser, shop):
    certificate = shop.publish()
    with clock.at(clock.now() + timedelta(days=400)):
        page = browser.get("/products/p-0001")
        expired = certificate.valid_until + timedelta(days=1)
        assert 'class="stat expired"' in page.text
        assert f'datetime="{expired.isoformat()}"' in page.text


def test_history_shows_every_turn_newest_first(browser, shop, session):
    certificate = shop.publish(state=CertificateState.SUSPENDED, since=-20)
    certificate.state, certificate.state_since = CertificateState.ACTIVE, clock.today()
    session.add(
        CertificateEvent(
            certificate_id=certificate.id,
            number=3,
            action=CertificateAction.REINSTATE,
            reason_vi="Đã vá lỗi.",
            reason_en="Mended.",
            decided_by=shop.world.giang.id,
            confirmed_by=shop.world.hung.id,
            effective_on=clock.today(),
        )
    )
    session.add(certificate)
    catalogue.refresh(session, certificate.product_id)
    session.commit()
    history = re.search(r'<ol class="hist".*?</ol>', browser.get("/products/p-0001").text, re.DOTALL)[0]
    assert re.findall(r'<li class="(\w+)">', history) == ["valid", "suspended", "valid"]
    assert re.findall(r"<b>([^<]+)</b>", history) == ["Khôi phục", "Tạm đình chỉ", "Cấp giấy"]


def test_a_suspension_that_nobody_confirmed_is_shown_as_lifted(browser, shop, session):
    certificate = shop.publish(state=CertificateState.SUSPENDED, since=-2)
    second = (CertificateEvent.certificate_id == certificate.id, CertificateEvent.number == 2)
    event = session.exec(select(CertificateEvent).where(*second)).one()
    event.confirmed_by, event.dismissed_at = None, clock.now()
    certificate.state, certificate.state_since = CertificateState.ACTIVE, clock.today()
    session.add_all([event, certificate])
    session.flush()
    catalogue.refresh(session, certificate.product_id)
    session.commit()
    page = browser.get("/products/p-0001")
    history = re.search(r'<ol class="hist".*?</ol>', page.text, re.DOTALL)[0]
    assert re.findall(r'<li class="(\w+)">', history) == ["valid", "suspended", "valid"]
    assert 'class="stat valid"' in page.text


def test_a_grant_that_waits_for_its_day_is_nobodys_business(browser, shop, session):
    first = shop.certificate(Published(days=-100))
    renewed = shop.certificate(Published(days=20), product=session.get_one(Product, first.product_id))
    catalogue.refresh(session, first.product_id)
    session.commit()
    assert renewed.number not in browser.get("/products/p-0001").text
    with clock.at(clock.now() + timedelta(days=20)):
        text = browser.get("/products/p-0001").text
        assert renewed.number in text
        assert first.number in text


@pytest.mark.parametrize("slug", ["p-0002", "P-0001", "x%00y", "..", "p-0001/"])
def test_an_unknown_product_is_not_there(browser, shop, slug):
    shop.publish()
    assert browser.get(f"/products/{slug}").status_code == 404


def test_met_labels_need_the_agreed_score(app, world):
    good = labels(app, world)
    poor = labels(app, world, marks={"TN-03": 2, "TL-05": 1})
    assert "Đặt được giờ dùng máy và từng ứng dụng" in good.does
    assert "Đặt giờ dùng còn hạn chế" in poor.does_not
    assert "Đặt được giờ dùng máy và từng ứng dụng" not in poor.does
    assert "Chưa có tài liệu trò chuyện với con" in poor.does_not


def test_a_critical_criterion_has_no_else(app, world):
    found = labels(app, world, marks={"TN-01": 2})
    assert not any("tám nhóm" in text for text in [*found.does, *found.does_not])


def test_a_label_without_its_fact_is_not_printed(app, world):
    assert not any("trang người lớn" in text for text in labels(app, world).does)
    measured = labels(app, world, facts={"blocking": [BLOCKING]})
    assert "Chặn đúng 98,4% trang người lớn trong bài thử ngày 02/05/2026" in measured.does
    other = labels(app, world, facts={"blocking": [{**BLOCKING, "topic": "Cờ bạc"}]})
    assert not any("trang người lớn" in text for text in other.does)
    wrong = labels(app, world, marks={"HN-02": 1}, facts={"blocking": [BLOCKING]})
    assert "Có lúc chặn nhầm trang bổ ích (0,5%)" in wrong.does_not


def test_what_the_profile_says_is_absent_is_said(app, world):
    found = labels(app, world, facts={"categories": ["DL"], "flags": [], "data": []})
    assert "Không phải công cụ chặn nội dung" in found.does_not
    assert "Không cần cài đặt" in found.does_not
    assert "Không mua bán, không quảng cáo" in found.does_not
    assert found.takes[0] == "Không lấy dữ liệu nào"
    assert "Thu thập vị trí của con: không" in found.takes


def test_what_it_takes_comes_from_the_profile(app, world):
    taken = [
        {"kind": "browsing_history", "kept_days": 14},
        {"kind": "messages", "kept_days": None, "optional": True},
        {"kind": "payment", "kept_days": 0},
    ]
    flags = ["has_accounts", "has_install", "processes_personal_data", "uses_history_or_location"]
    found = labels(app, world, facts={"data": taken, "flags": flags})
    assert "Thu thập lịch sử trang đã xem: có, giữ 14 ngày, ít người được xem" in found.takes
    assert "Nội dung tin nhắn, chỉ khi bạn bật, giữ đến khi xóa tài khoản" in found.takes
    assert "Thông tin thanh toán, không lưu lại" in found.takes
    assert not any(text.startswith("Lịch sử trang đã xem,") for text in found.takes)
    assert not any("ra nước ngoài" in text for text in found.takes)


def test_measured_results_and_permissions_are_tables(browser, shop):
    shop.publish(facts={"blocking": [BLOCKING]})
    text = plain(browser.get("/products/p-0001"))
    assert "98,4% 984 trên 1.000 trang; có thể từ 97,4% đến 99,1%" in text
    assert "0,5% 2 trên 400 trang; có thể từ 0,1% đến 1,9%" in text
    assert "Theo hồ sơ đã nộp." in text
    assert "VPN" in text


def test_a_filter_without_figures_says_so(browser, shop):
    shop.publish()
    assert "Chưa có kết quả đo nào được công bố" in plain(browser.get("/products/p-0001"))
    shop.publish(facts={"categories": ["DL"]})
    assert "Chưa có kết quả đo nào được công bố" not in plain(browser.get("/products/p-0002"))


def test_markup_of_a_vendor_is_text(browser, shop):
    evil = "<img src=x onerror=alert(1)>"
    texts = ("short_vi", "description_vi", "removal_vi", "support_contact", "price_note_vi", "version")
    facts = dict.fromkeys(texts, evil)
    shop.publish(name=evil, facts={**facts, "website": "javascript:alert(1)", "store_links": ["javascript:alert(2)"]})
    for url in ("/products/p-0001", "/products", "/", "/vendors/hat-nang"):
        page = browser.get(url)
        assert page.status_code == 200
        assert "<img" not in page.text
        assert 'href="javascript' not in page.text


def test_no_cookie_no_script_cached_and_never_sent_twice(browser, shop):
    shop.publish()
    for url in ("/products/p-0001", "/en/products/p-0001"):
        page = browser.get(url)
        assert "Set-Cookie" not in page.headers
        run = [one for one in re.findall(r"<script[^>]*>", page.text) if "application/ld+json" not in one]
        assert [re.search(r'src="([^?"]+)', one)[1] for one in run] == ["/static/share.js"]
        assert re.fullmatch(r"public, max-age=\d+", page.headers["Cache-Control"])
        again = browser.get(url, headers={"If-None-Match": page.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")


def test_members_of_the_club_are_named(browser, shop, session):
    certificate = shop.publish()
    assert "không phải hội viên Câu lạc bộ" in browser.get("/products/p-0001").text
    shop.world.hat_nang.club_member = True
    session.add(shop.world.hat_nang)
    session.flush()
    catalogue.refresh_vendor(session, certificate.vendor_id)
    session.commit()
    assert "Nhà cung cấp này là hội viên Câu lạc bộ." in browser.get("/products/p-0001").text

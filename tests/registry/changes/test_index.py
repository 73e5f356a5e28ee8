"""GET /changes and its JSON: every event newest first, filters, paging, counts, and what a public page must not do."""

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlmodel import select

from assessments import catalogue, certificates, clock
from assessments.certificates import Change
from assessments.models import Change as Line
from assessments.models import Period, Product
from assessments.states import CertificateAction, CertificateState
from tests.counting import statements
from tests.deciding import certified
from tests.listings import Published, Shop

DAY = timedelta(days=1)
REASON = Change("Lộ vị trí của con.", "It leaks the child's location.", "Sửa lỗi", "The fault is mended")


@pytest.fixture
def shop(world):
    return Shop(world)


@pytest.fixture
def three(shop, world):
    """One that expired, one suspended, one withdrawn: seven lines with the grants."""
    shop.publish(name="Đèn Nhà", days=-100, lasts=80)
    shop.publish(name="Ấm Áp", name_en="Warmth", days=-60, state=CertificateState.SUSPENDED, since=-10)
    shop.publish(
        name="Đường Về", name_en="Way", vendor=world.bo_tre, days=-50, state=CertificateState.WITHDRAWN, since=-5
    )


def lines(page):
    """(what happened, to which product) of each line, in the order of the page."""
    found = re.findall(r'<h3><a href="[^"]*">([^<]+)</a></h3>\s*<p>.*?<b>([^<]+)</b>', page.text, re.DOTALL)
    return [(word, unescape(name)) for name, word in found]


def test_every_event_newest_first(browser, three):
    page = browser.get("/changes")
    assert page.status_code == 200
    assert lines(page) == [
        ("Thu hồi", "Đường Về"),
        ("Tạm đình chỉ", "Ấm Áp"),
        ("Hết hạn", "Đèn Nhà"),
        ("Cấp", "Đường Về"),
        ("Cấp", "Ấm Áp"),
        ("Cấp", "Đèn Nhà"),
    ]
    assert "Lộ vị trí của trẻ cho tài khoản khách." in page.text


FOUND = {
    "kind=grant": 3,
    "kind=expire": 1,
    "kind=suspend&kind=withdraw": 2,
    "kind=lift": 0,
    "kind=nonsense": 6,
    "q=duong": 2,
    "q=DUONG+ve": 2,
    "q=bo+tre": 2,
    "q=zzz": 0,
    "q=%3F": 6,
    "q=vcsc": 6,
    "q=%25": 6,
    "product=p-0002": 2,
    "product=p-9999": 0,
    "edition=vcsc-2026": 6,
    "edition=x": 6,
    "kind=grant&q=am+ap": 1,
    "after=zzz": 6,
}


def test_each_filter_finds_its_lines(browser, three):
    assert {query: len(lines(browser.get(f"/changes?{query}"))) for query in FOUND} == FOUND


def test_days_are_inclusive_and_may_be_written_both_ways(browser, three):
    day = clock.today() - timedelta(days=10)
    for written in (day.isoformat(), f"{day:%d/%m/%Y}"):
        assert lines(browser.get("/changes", query_string={"since": written, "until": written})) == [
            ("Tạm đình chỉ", "Ấm Áp")
        ]
    before = (day - DAY).isoformat()
    assert len(lines(browser.get(f"/changes?until={before}"))) == 4


@pytest.mark.parametrize("query", ["since=31/02/2026", "until=soon", "since=2026-05-02&until=2026-05-01"])
def test_a_day_nobody_can_read_is_kept_and_said(browser, three, query):
    page = browser.get(f"/changes?{query}")
    assert page.status_code == 422
    assert 'role="alert"' in page.text
    assert lines(page) == []
    typed = query.split("=", 1)[1].split("&")[0]
    assert f'value="{typed}"' in page.text
    assert browser.get(f"/changes.json?{query}").status_code == 422


def test_what_was_typed_is_only_text(browser, three):
    page = browser.get("/changes?q=%3Cscript%3Ealert(1)%3C/script%3Ea&since=%3Cb%3E&product=%3Ci%3E")
    assert "<script>alert" not in page.text
    assert "<b>alert" not in page.text
    assert 'value="&lt;b&gt;"' in page.text


def test_counts_stand_beside_the_kinds_and_follow_the_filters(browser, three):
    def counted(url):
        found = re.findall(r'name="kind" value="(\w+)".*?class="n">(\d+)', browser.get(url).text)
        return {kind: int(number) for kind, number in found}

    assert counted("/changes") == {"grant": 3, "suspend": 1, "withdraw": 1, "expire": 1}
    assert counted("/changes?kind=grant&q=am+ap") == {"grant": 1, "suspend": 1}


def test_paging_shows_each_line_once(browser, shop):
    shop.publish_all(*(Published(name=f"Sản phẩm {number:02}", days=-(number % 5) - 1) for number in range(113)))
    url, seen, sizes = "/changes", [], []
    while url:
        page = browser.get(url)
        numbers = re.findall(r'class="code" href="/c/([^"]+)"', page.text)
        seen, sizes = seen + numbers, [*sizes, len(numbers)]
        following = re.search(r'rel="next" href="([^"]+)"', page.text)
        url = unescape(following[1]) if following else None
    assert sizes == [50, 50, 13]
    assert len(set(seen)) == 113


def test_what_lies_ahead_shows_from_its_day_on_without_a_job(browser, shop):
    shop.publish(days=3, lasts=10)
    assert lines(browser.get("/changes")) == []
    with clock.at(clock.now() + timedelta(days=3)):
        assert lines(browser.get("/changes")) == [("Cấp", "Đèn Nhà")]
    with clock.at(clock.now() + timedelta(days=14)):
        assert lines(browser.get("/changes")) == [("Hết hạn", "Đèn Nhà"), ("Cấp", "Đèn Nhà")]


def test_the_next_certificate_takes_the_place_of_the_first(browser, shop, session):
    first = shop.certificate(Published(days=-300))
    product = session.get_one(Product, first.product_id)
    renewed = shop.certificate(Published(days=-10), product=product)
    first.superseded_on = renewed.valid_from
    catalogue.refresh(session, product.id)
    session.commit()
    page = browser.get("/changes")
    assert [word for word, _ in lines(page)] in (
        ["Thay bằng giấy mới", "Cấp", "Cấp"],
        ["Cấp", "Thay bằng giấy mới", "Cấp"],
    )
    assert f"giấy mới: </span>{renewed.number}" in page.text or renewed.number in page.text
    with clock.at(clock.now() + timedelta(days=200)):
        assert "Hết hạn" not in [word for word, _ in lines(browser.get("/changes"))]  # the one that was replaced


def test_the_verbs_of_the_committee_write_the_register(world, browser, session):
    certificate = certified(world)
    change = Change(**{**vars(REASON), "restore_by": clock.today() + timedelta(days=30)})
    certificates.suspend(session, world.giang, certificate.number, change)
    session.commit()
    certificates.dismiss(session, world.hung, certificate.number, 2, "Không đúng.")
    event = certificates.propose(session, world.giang, certificate.number, CertificateAction.WITHDRAW, REASON)
    session.commit()
    keys = set(session.exec(select(Line.key)).all())
    assert keys == {f"{certificate.number}/{end}" for end in ("1", "2", "2/lift", "expire")}
    certificates.confirm(session, world.hung, certificate.number, event.number)
    session.commit()
    again = set(session.exec(select(Line.key)).all())
    assert again == {f"{certificate.number}/{end}" for end in ("1", "2", "2/lift", "3")}
    words = [word for word, _ in lines(browser.get("/changes"))]
    assert words == ["Thu hồi", "Bỏ tạm đình chỉ", "Tạm đình chỉ", "Cấp"]
    assert "Không đúng." not in browser.get("/changes").text  # the note of the second person is the committee's


def test_an_announcement_that_waits_is_told_to_nobody(world, browser):
    world.round.announce_on = clock.today() + timedelta(days=10)
    world.session.add(world.round)
    world.session.commit()
    certificate = certified(world)
    for url in ("/changes", "/changes.json", "/feed.atom", "/changes?q=den"):
        assert certificate.number not in browser.get(url).text
    assert browser.get("/products/den-nha-0001/feed.atom").status_code == 404


def test_a_follower_that_ends_unheard_leaves_no_trace(world, browser, session, shop):
    first = certified(world, "HS-2026-0099")
    product = session.get_one(Product, first.product_id)
    shop.serial = 7
    second = shop.certificate(Published(days=20), product=product)
    second.published_at, first.superseded_on = None, second.valid_from
    session.commit()
    change = Change(**{**vars(REASON), "restore_by": clock.today() + timedelta(days=30)})
    certificates.suspend(session, world.giang, first.number, change)
    session.commit()
    event = certificates.propose(session, world.giang, second.number, CertificateAction.WITHDRAW, REASON)
    certificates.confirm(session, world.hung, second.number, event.number)
    session.commit()
    keys = set(session.exec(select(Line.key)).all())
    assert keys == {f"{first.number}/{end}" for end in ("1", "2", "expire")}


def test_an_empty_register_says_so(browser, app):
    page = browser.get("/changes")
    assert (page.status_code, "Chưa có" in page.text) == (200, True)


def test_an_edition_has_its_line(browser, world, app):
    result = app.test_cli_runner().invoke(args=["criteria", "publish", "vcsc-2026"])
    assert result.exit_code == 0
    # the world has published it before the register was kept: the worker writes it down
    from registry import jobs  # noqa: PLC0415  it loads a library the other tests need not

    with app.app_context():
        jobs.write_register()
        jobs.write_register()
    page = browser.get("/changes?kind=edition")
    assert [word for word, _ in lines(page)] == ["Công bố bản tiêu chí"]


def test_certificates_from_before_the_register_are_written_down(browser, shop, app, session):
    shop.certificate(Published())
    session.commit()
    from registry import jobs  # noqa: PLC0415  it loads a library the other tests need not

    with app.app_context():
        assert [jobs.write_register(), jobs.write_register()] == [1, 0]
    assert lines(browser.get("/changes?kind=grant")) == [("Cấp", "Đèn Nhà")]


def test_machines_read_the_same(browser, three):
    answer = browser.get("/changes.json")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    found = answer.json["changes"]
    assert [one["kind"] for one in found] == ["withdraw", "suspend", "expire", "grant", "grant", "grant"]
    assert set(found[0]) == {
        *("format", "id", "kind", "on", "at", "certificate", "status", "follower", "valid_until"),
        *("product", "vendor", "level", "edition", "reason", "url"),
    }
    assert found[0]["reason"] == {
        "vi": "Lộ vị trí của trẻ cho tài khoản khách.",
        "en": "Showed a child’s location to guest accounts.",
    }
    assert found[0]["url"] == f"http://localhost/c/{found[0]['certificate']}"
    assert found[0]["id"].startswith("tag:localhost,2026:register/VCSC-")
    assert answer.json["next"] == ""


def test_english_stands_under_en(browser, three):
    page = browser.get("/en/changes")
    assert 'lang="en"' in page.text
    assert "Showed a child’s location" in page.text
    assert '"/en/products/p-0002"' in page.text


def test_no_cookie_no_script_and_nothing_again_for_who_has_it(browser, three):
    page = browser.get("/changes")
    assert "Set-Cookie" not in page.headers
    assert "<script" not in page.text
    again = browser.get("/changes", headers={"If-None-Match": page.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_few_statements_whatever_there_is(app, browser, three):
    browser.get("/feed.atom")  # the name of the register is asked for once
    for url, most in (("/changes", 2), ("/changes?q=den&kind=grant", 2), ("/changes.json", 1), ("/feed.atom", 1)):
        with statements(app) as seen:
            browser.get(url)
        assert len(seen) <= most, (url, seen)


def test_fsck_finds_a_register_that_says_something_else(app, three, session):
    from registry import fsck  # noqa: PLC0415  only this test asks it

    def findings():
        with app.app_context():
            return [one for one in fsck.findings(fsck.Asked(quick=True)) if "egister" in one or "past of" in one]

    assert findings() == []
    line = session.exec(select(Line).where(Line.kind == "withdraw")).one()
    key, line.day = line.key, line.day - DAY
    session.add(line)
    period = session.exec(select(Period).where(Period.status == "suspended")).one()
    period.since -= DAY
    session.add(period)
    session.commit()
    assert sorted(findings()) == sorted(
        [
            f"Line {key} is not in the register.",
            f"Line {key} of the register is not what was decided.",
            f"The past of product {period.product_id} is not what was decided.",
        ]
    )

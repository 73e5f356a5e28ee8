"""/guides/office: list, new, edit, preview, publish, withdraw, history; works, others, wrong state, no token."""

import re
from dataclasses import replace

import pytest
from sqlmodel import select

from assessments import guides
from assessments.models import Guide, GuidePublication, GuideText
from registry import articles
from tests.assessments.test_guides import WHOLE
from tests.counting import statements
from tests.rows import row, rows

OFFICE, NEW = "/guides/office", "/guides/office/new"
EDIT, PREVIEW, HISTORY = f"{OFFICE}/gio-ngu", f"{OFFICE}/gio-ngu/preview", f"{OFFICE}/gio-ngu/history"


def typed(**fields):
    return {
        **{name: getattr(WHOLE, name) for name in ("title_vi", "title_en", "lead_vi", "lead_en", "body_vi", "body_en")},
        "slug": "gio-ngu",
        "audience": "parents",
        "tags": ["screen-time"],
        "related": ["help"],
        "sources": WHOLE.sources,
        "checked_on": "2026-01-05",
        **fields,
    }


def begun(world, **fields):
    guides.start(world.session, world.chi, "gio-ngu", replace(WHOLE, **fields))
    world.session.commit()


def test_from_the_first_word_to_the_public_page(app, world, browser):
    browser.sign_in(world.chi)
    assert "Chưa có bài nào viết ở đây" in browser.get(OFFICE).text
    answer = browser.press(NEW, NEW, **typed())
    assert (answer.status_code, answer.location) == (302, PREVIEW)
    page = browser.get(PREVIEW).text
    assert "Hai bản khớp nhau" in page
    assert "<h3>Đặt giờ</h3>" in page
    assert 'href="/en/products"' in page
    assert browser.get("/guides/gio-ngu").status_code == 404
    assert browser.press(f"{EDIT}/publish", PREVIEW, version=1).location == OFFICE
    public = app.test_client().get("/guides/gio-ngu")
    assert (public.status_code, world.chi.name in public.text) == (200, False)
    assert "Đã công bố" in browser.get(OFFICE).text
    answer = browser.press(f"{EDIT}/withdraw", PREVIEW, reason_vi="Đã cũ.", reason_en="Out of date.")
    assert answer.location == OFFICE
    assert app.test_client().get("/guides/gio-ngu").status_code == 410


def test_a_second_person_publishes_and_history_keeps_both(app, world, browser):
    begun(world)
    browser.sign_in(world.minh)
    browser.press(f"{EDIT}/publish", PREVIEW, version=1)
    assert row(app, select(GuidePublication.published_by)) == world.minh.id
    browser.press(EDIT, EDIT, **typed(title_vi="Giờ đi ngủ", version=1))
    page = browser.get(HISTORY).text
    assert f"Bản 1: {world.minh.name} công bố lúc" in page
    assert world.chi.name in page
    assert re.search(r"<ins>.*đi .*</ins>", page)


def test_a_shipped_guide_is_edited_as_a_new_text(app, world, browser):
    browser.sign_in(world.chi)
    assert browser.get(f"{NEW}?from=khong-co").status_code == 404
    page = browser.get(f"{NEW}?from=help").text
    assert articles.shipped()["help"].title_vi in page
    answer = browser.press(NEW, f"{NEW}?from=help", **typed(slug="help", related=[]))
    assert answer.location == f"{OFFICE}/help/preview"
    assert "Bản nháp; đang dùng bản có sẵn" in browser.get(OFFICE).text
    browser.press(f"{OFFICE}/help/publish", f"{OFFICE}/help/preview", version=1)
    assert "Giờ ngủ" in browser.get("/guides/help").text
    page = f"{OFFICE}/help/preview"
    assert browser.press(f"{OFFICE}/help/withdraw", page, ending="shipped").location == OFFICE
    assert articles.shipped()["help"].title_vi in browser.get("/guides/help").text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"slug": ""}, "Nhập địa chỉ của bài."),
        ({"slug": "Giờ Ngủ"}, "Địa chỉ chỉ gồm chữ thường"),
        ({"slug": "office"}, "Địa chỉ chỉ gồm chữ thường"),
        ({"checked_on": ""}, "Nhập ngày đối chiếu."),
        ({"audience": "khac"}, "Viết cho ai"),
        ({"body_vi": "a" * 20_001}, "Nội dung, tiếng Việt"),
        ({"related": ["Khác"]}, "Bài liên quan"),
    ],
)
def test_what_cannot_be_comes_back_with_what_was_typed(app, world, browser, fields, sentence):
    browser.sign_in(world.chi)
    page = browser.press(NEW, NEW, **typed(**fields))
    assert page.status_code == 422
    assert sentence in page.text
    assert "Enough sleep is good." in page.text
    assert rows(app, select(Guide)) == []


def test_a_draft_may_be_half_and_is_not_published(app, world, browser):
    browser.sign_in(world.chi)
    browser.press(NEW, NEW, **typed(title_en="", body_en="", sources=""))
    page = browser.get(PREVIEW).text
    assert "Thiếu tên bài bằng tiếng Anh." in page
    assert f'href="{EDIT}#sources"' in page
    assert 'name="version"' not in page
    refused = browser.press(f"{EDIT}/publish", EDIT, version=1)
    assert (refused.status_code, "Thiếu nội dung bằng tiếng Anh." in refused.text) == (422, True)
    assert rows(app, select(GuidePublication)) == []


def test_two_tabs_never_overwrite_each_other(app, world, browser):
    begun(world)
    browser.sign_in(world.chi)
    browser.press(EDIT, EDIT, **typed(title_en="Sleep", version=1))
    met = browser.press(EDIT, EDIT, **typed(title_en="Night", version=1))
    assert met.status_code == 409
    assert "Mục này vừa được lưu ở nơi khác" in met.text
    assert 'value="Night"' in met.text
    assert "Sleep" in met.text
    assert re.search(r'name="version"[^>]*value="2"', met.text)
    assert sorted(rows(app, select(GuideText.title_en))) == ["Bedtime", "Sleep"]
    assert browser.press(EDIT, EDIT, **typed(title_en="Night", version=2)).status_code == 302
    assert sorted(rows(app, select(GuideText.title_en))) == ["Bedtime", "Night", "Sleep"]


def test_an_earlier_text_can_be_read_whole_and_brought_back(app, world, browser):
    begun(world)
    browser.sign_in(world.chi)
    browser.press(EDIT, EDIT, **typed(title_en="Sleep", version=1, then="stay"))
    old = browser.get(f"{PREVIEW}?version=1").text
    assert ("Bedtime" in old, "Đây là bản cũ." in old) == (True, True)
    assert browser.get(f"{PREVIEW}?version=9").status_code == 404
    assert browser.press(HISTORY, HISTORY, version=1, seen=1).status_code == 409
    assert browser.press(HISTORY, HISTORY, version=1, seen=2).location == PREVIEW
    assert row(app, select(Guide.version)) == 3


def test_publishing_and_withdrawing_at_the_wrong_time(app, world, browser):
    begun(world)
    browser.sign_in(world.chi)
    assert browser.press(f"{EDIT}/withdraw", EDIT, reason_vi="a", reason_en="b").status_code == 409
    assert browser.press(f"{EDIT}/publish", EDIT, version=7).status_code == 409
    browser.press(f"{EDIT}/publish", EDIT, version=1)
    assert browser.press(f"{EDIT}/publish", EDIT, version=1).status_code == 409
    refused = browser.press(f"{EDIT}/withdraw", EDIT, reason_vi="a", reason_en="")
    assert (refused.status_code, "Ghi lý do bằng tiếng Việt và tiếng Anh." in refused.text) == (422, True)
    assert row(app, select(GuidePublication.ended_at)) is None


def test_a_preview_is_safe_whatever_was_typed(app, world, browser):
    body = "## A\n\n<script>alert(1)</script> <img src=x onerror=alert(1)> [x](javascript:alert(1)) {mark.__class__}"
    begun(world, body_vi=body, body_en=body)
    browser.sign_in(world.chi)
    page = browser.get(PREVIEW).text
    leaf = "".join(re.findall(r'<div class="leaf.*?</div>', page, re.DOTALL))
    assert re.findall(r"<script|<img|href=\"javascript|onerror=", leaf) == []


@pytest.mark.parametrize("who", ["an", "bao", "dung", "giang", "lan"])
def test_others_find_nothing_there(app, world, browser, who):
    begun(world)
    browser.sign_in(getattr(world, who))
    for page in (OFFICE, NEW, EDIT, PREVIEW, HISTORY):
        assert browser.get(page).status_code == 404
    for url in (NEW, EDIT, HISTORY, f"{EDIT}/publish", f"{EDIT}/withdraw"):
        assert browser.press(url, "/account", **typed(version=1)).status_code == 404
    assert (len(rows(app, select(GuideText))), rows(app, select(GuidePublication))) == (1, [])


def test_strangers_sign_in_first_and_nothing_happens_without_a_token(app, world, browser):
    begun(world)
    assert browser.get(OFFICE).status_code == 302
    browser.sign_in(world.chi)
    for url in (NEW, EDIT, HISTORY, f"{EDIT}/publish", f"{EDIT}/withdraw"):
        assert browser.post(url, data=typed(version=1, title_en="X")).status_code == 400
    assert browser.get(f"{OFFICE}/khong-co").status_code == 404
    assert (len(rows(app, select(GuideText))), rows(app, select(GuidePublication))) == (1, [])


def test_the_office_takes_no_more_statements_for_many_guides(app, world, browser):
    begun(world)
    browser.sign_in(world.chi)
    browser.get(OFFICE)
    with statements(app) as few:
        browser.get(OFFICE)
    for number in range(8):
        guides.start(world.session, world.minh, f"bai-{number}", WHOLE)
    world.session.commit()
    with statements(app) as many:
        browser.get(OFFICE)
    assert len(many) == len(few)
    with statements(app) as preview:
        browser.get(PREVIEW)
    assert len(preview) <= len(few) + 6

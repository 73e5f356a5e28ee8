"""GET /guides, /guides/<slug>: public in both languages, values those of the edition, words those of the guide."""

import re
import unicodedata
from dataclasses import replace

import pytest

from assessments import clock, guides
from assessments.guide_checks import Site, faults, hints
from assessments.guide_kinds import GuideEnding
from assessments.guides import Reason
from criteria import store
from registry import articles
from registry.guides import finding, site
from tests.counting import statements
from tests.test_words import OLD_TONES, bare_words, plain

EDITION = store.load("vcsc-2026")
SHIPPED = articles.shipped()
PAGES = ["/guides", "/guides/vendors", "/guides/grooming"]
FILES = sorted(articles.FOLDER.glob("*.md"))


@pytest.mark.parametrize("path", [*PAGES, *(f"/en{path}" for path in PAGES)])
def test_pages_are_for_everyone_and_may_be_cached(browser, path):
    page = browser.get(path)
    assert page.status_code == 200
    assert "Set-Cookie" not in page.headers
    assert "Cookie" not in page.headers.get("Vary", "")
    assert re.fullmatch(r"public, max-age=\d+", page.headers["Cache-Control"])


@pytest.mark.parametrize(
    "path", ["/guides/parents-of-nobody", "/guides/vendors.vi", "/guides/..%2Froutes", "/en/guides/x"]
)
def test_other_articles_are_not_there(browser, path):
    assert browser.get(path).status_code == 404


def test_without_an_edition_in_force_only_guides_without_periods_are_there(browser, tmp_path, monkeypatch):
    monkeypatch.setattr(store, "SHIPPED", tmp_path)
    assert browser.get("/guides/vendors").status_code == 404
    assert browser.get("/guides/grooming").status_code == 200
    assert browser.get("/guides").status_code == 200


@pytest.mark.parametrize(("prefix", "lang"), [("", "vi"), ("/en", "en")])
def test_the_index_leads_to_every_article(browser, prefix, lang):
    page = browser.get(f"{prefix}/guides").text
    for slug, content in SHIPPED.items():
        assert f'href="{prefix}/guides/{slug}"><span>{content.text("title", lang)}</span></a>' in page


@pytest.mark.parametrize(
    ("prefix", "days", "rounds"),
    [("", "30 ngày mỗi vòng, nhiều nhất 2 vòng", "14 ngày"), ("/en", "30 days a round, at most 2 rounds", "14 days")],
)
def test_periods_are_those_of_the_edition(browser, prefix, days, rounds):
    assert (EDITION.periods.correction_days, EDITION.periods.correction_rounds) == (30, 2)
    page = browser.get(f"{prefix}/guides/vendors").text
    assert days in page
    assert rounds in page
    assert re.findall(r"\{\w*\}", page) == []


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("slug", [*SHIPPED])
def test_every_section_is_in_the_contents_and_every_link_leads_to_a_page(browser, prefix, slug):
    page = browser.get(f"{prefix}/guides/{slug}").text
    ids = re.findall(r'<h2 id="([^"]+)">', re.search(r'<div class="main prose">.*?</div>', page, re.DOTALL)[0])
    assert re.findall(r'<a class="tap" href="#([^"]+)">', page) == ids
    assert len(ids) == len(set(ids)) > 4
    links = re.findall(r'href="(/[^"#]*)"', re.search(r"<main.*</main>", page, re.DOTALL)[0])
    assert {browser.get(link).status_code for link in set(links)} <= {200, 302}
    for source in SHIPPED[slug].sources.splitlines():
        assert source.rsplit(" | ", 1)[1] in page


def test_shipped_guides_pass_the_check_of_the_writing_desk(app, world):
    with app.test_request_context("/"):
        known = site.known(world.session)
        for slug, content in SHIPPED.items():
            undated = [one.place for one in faults(content, known, slug)]  # nobody says that they have checked it
            assert (slug, undated, hints(content)) == (slug, ["checked_on"], [])
            dated = replace(content, checked_on=clock.today())
            assert (slug, faults(dated, known, slug), hints(dated)) == (slug, [], [])


def test_a_shipped_guide_does_not_claim_that_it_was_checked(browser):
    page = " ".join(plain(browser.get("/guides/grooming").text).split())
    assert "viết ngày 26/11/2026; Câu lạc bộ chưa đối chiếu với nguồn" in page
    assert "đối chiếu với nguồn ngày" not in page
    assert "not yet held against its sources by the club" in plain(browser.get("/en/guides/grooming").text)


def test_a_link_to_a_page_that_is_not_there_is_only_its_words():
    assert articles.html("Xem [trang mẫu](/mau) nhé", {}, lambda path: None) == "<p>Xem trang mẫu nhé</p>"
    found = articles.html("[trang mẫu](/mau)", {}, lambda path: "/en" + path)
    assert found == '<p><a href="/en/mau">trang mẫu</a></p>'


def test_braces_reach_nothing_but_the_values():
    found = articles.html("{mark} {mark.__class__} {0} {x}", {"mark": "dấu"}, lambda path: None)
    assert found == "<p>dấu {mark.<strong>class</strong>} {0} {x}</p>"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_articles_keep_to_the_guide(path):
    text = path.read_text("utf-8")
    said = plain(re.sub(r"\]\([^)]*\)|\{\w+\}", "", text))
    assert bare_words(said) == []
    assert OLD_TONES.findall(said) == []
    assert text == unicodedata.normalize("NFC", text)
    assert re.findall(r"!|\.\.\.|[\"']|(?i:vui lòng|phụ huynh|quý khách|\bclick\b|\bkids\b)|\bCLB\b| - ", said) == [
        *(["Kids"] if path.name.startswith("android") else [])  # YouTube Kids
    ]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("bat nat", "bullying"),
        ("BẮT NẠT", "bullying"),
        ("grooming", "grooming"),
        ("dụ dỗ", "grooming"),
        ("du do", "grooming"),
        ("family link", "android"),
        ("dien thoai android", "android"),
        ("iphone", "iphone"),
        ("screen time", "iphone"),
        ("xbox", "computers-and-consoles"),
        ("may choi game", "computers-and-consoles"),
        ("dns", "home-network"),
        ("wi-fi", "home-network"),
        ("bo loc", "limits-of-filters"),
        ("goi 111", "help"),
        ("nha truong", "schools"),
        ("tro chuyen", "talking"),
        ("nop ho so", "vendors"),
        ("chon theo tuoi", "choosing"),
        ("groming", "grooming"),
        ("bulying", "bullying"),
        ("adnroid", "android"),
        ("làm sao để chặn bắt nạt", "bullying"),
    ],
)
def test_search_finds_in_both_languages_without_accents(world, query, first):
    every = articles.public(world.session)
    found = finding.search(every, query)
    assert (found.articles[0].slug, found.whole) == (first, True)


def test_the_nearest_is_shown_when_no_guide_has_every_word(browser):
    page = browser.get("/en/guides?q=bullying+on+tiktok+zalo+xyzzy").text
    assert "No guide has all the words “bullying on tiktok zalo xyzzy”" in page
    assert "<mark>Bullying</mark> online: signs, and what to do" in page


def test_what_is_typed_is_never_markup(browser):
    page = browser.get("/guides?q=<script>alert(1)</script>%00&audience=<b>&tag='")
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert browser.get("/guides?q=" + "a" * 5000).status_code == 200


def test_choices_stand_in_the_address_and_count_what_they_leave(browser):
    page = browser.get("/guides?q=con&tag=help").text
    assert '<input type="hidden" name="tag" value="help">' in page
    shown = re.findall(r'<a class="tap" href="/guides/([\w-]+)">', page)
    assert set(shown) == {"grooming", "bullying", "help"}
    assert '<h2 id="found">3 bài</h2>' in page
    assert '<meta name="robots" content="noindex, follow">' in page
    assert "noindex" not in browser.get("/guides").text
    parents = re.search(r'href="([^"]*audience=parents[^"]*)">Cho cha mẹ <span class="n">(\d+)<', page)
    assert parents[1].replace("&amp;", "&") == "/guides?q=con&audience=parents&tag=help"
    assert parents[2] == "3"


def test_an_empty_result_says_what_to_loosen(browser):
    page = browser.get("/guides?q=xyzzy&tag=help").text
    assert "Không có bài nào về “xyzzy”" in page
    for link in ("/guides?q=xyzzy", "/products?q=xyzzy", "/guides", "tel:111"):
        assert f'href="{link}"' in page


def write(world, slug, **fields):
    content = replace(SHIPPED["help"], **fields)
    guides.start(world.session, world.chi, slug, content)
    guides.publish(world.session, world.chi, slug, 1, Site(lambda path: True, frozenset(), frozenset(SHIPPED)))
    world.session.commit()


def test_a_published_guide_stands_in_the_place_of_the_file_and_new_ones_are_listed(world, browser):
    write(world, "help", title_vi="Gọi ai bây giờ", related=())
    write(world, "hai-ba", title_en="Two or three", related=("help",))
    assert "Gọi ai bây giờ" in browser.get("/guides/help").text
    assert "<mark>Gọi</mark> ai bây giờ" in browser.get("/guides?q=goi+ai").text
    assert "Two or three" in browser.get("/en/guides/hai-ba").text
    found = {one.slug: one for one in articles.listed(world.session, "vi")}
    assert (found["help"].title, [*found][-1], len(found)) == ("Gọi ai bây giờ", "hai-ba", len(SHIPPED) + 1)


def test_a_withdrawn_guide_says_so_or_gives_way_to_the_file(world, browser):
    write(world, "help", title_vi="Gọi ai bây giờ", related=())
    write(world, "hai-ba", related=())
    guides.withdraw(world.session, world.chi, "help", GuideEnding.SHIPPED, Reason())
    guides.withdraw(world.session, world.chi, "hai-ba", GuideEnding.GONE, Reason("Đã cũ.", "Out of date."))
    world.session.commit()
    assert SHIPPED["help"].title_vi in browser.get("/guides/help").text
    page = browser.get("/en/guides/hai-ba")
    assert (page.status_code, "Out of date." in page.text, world.chi.name in page.text) == (410, True, False)
    assert "hai-ba" not in browser.get("/guides").text


def test_pages_take_few_statements_however_many_guides_there_are(app, world, browser):
    counted = []
    for number in range(2):
        for other in range(6 * number):
            write(world, f"bai-{other}", related=())
        for path in ("/guides", "/guides?q=con", "/guides/help"):
            with statements(app) as seen:
                browser.get(path)
            counted.append(len(seen))
    assert counted[:3] == counted[3:]
    assert max(counted) <= 4

"""The guides: public in both languages, their values those of the edition, their words those of the style guide."""

import re
import unicodedata

import pytest

from criteria import store
from registry.guides import articles
from tests.test_words import OLD_TONES, bare_words, plain

EDITION = store.load("vcsc-2026")
PAGES = ["/guides", "/guides/vendors"]
FILES = sorted(articles.FOLDER.iterdir())


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


def test_without_an_edition_in_force_there_is_no_guide(browser, tmp_path, monkeypatch):
    monkeypatch.setattr(store, "SHIPPED", tmp_path)
    assert browser.get("/guides/vendors").status_code == 404
    assert browser.get("/guides").status_code == 200


@pytest.mark.parametrize(("prefix", "lang"), [("", "vi"), ("/en", "en")])
def test_the_index_leads_to_every_article(browser, prefix, lang):
    page = browser.get(f"{prefix}/guides").text
    for slug in articles.slugs():
        assert f'href="{prefix}/guides/{slug}">{articles.heading(slug, lang)[0]}</a>' in page


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
def test_every_section_is_in_the_contents_and_every_link_leads_to_a_page(browser, prefix):
    page = browser.get(f"{prefix}/guides/vendors").text
    ids = re.findall(r'<h2 id="([^"]+)">', page)
    assert re.findall(r'<a class="tap" href="#([^"]+)">', page) == ids
    assert len(ids) == len(set(ids)) > 10
    body = re.search(r'<div class="main prose">(.*?)</div>', page, re.DOTALL)[1]
    links = re.findall(r'href="(/[^"#]*)"', body)
    assert f"{prefix}/criteria" in links
    assert f"{prefix}/sign-up" in links
    assert {browser.get(link).status_code for link in set(links)} <= {200, 302}


def test_a_link_to_a_page_that_is_not_there_is_only_its_words():
    assert articles._linked(articles._LINK.search("Xem [trang mẫu](/mau) nhé"), lambda path: None) == "trang mẫu"
    found = articles._linked(articles._LINK.search("[trang mẫu](/mau)"), lambda path: "/en" + path)
    assert found == "[trang mẫu](/en/mau)"


def test_both_languages_have_the_same_articles_links_and_values():
    for slug in articles.slugs():
        texts = [(articles.FOLDER / f"{slug}.{lang}.md").read_text("utf-8") for lang in ("vi", "en")]
        for pattern in (r"\]\((/[^)]*)\)", r"\{\w+\}", r"(?m)^(?:##|\d\.|-|\|)(?= )"):
            vi, en = (re.findall(pattern, text) for text in texts)
            assert vi == en


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_articles_keep_to_the_guide(path):
    text = path.read_text("utf-8")
    said = plain(re.sub(r"\]\([^)]*\)|\{\w+\}", "", text))
    assert bare_words(said) == []
    assert OLD_TONES.findall(said) == []
    assert text == unicodedata.normalize("NFC", text)
    assert re.findall(r"!|\.\.\.|[\"']|(?i:vui lòng|phụ huynh|quý khách|\bclick\b|\bkids?\b)|\bCLB\b| - ", said) == []

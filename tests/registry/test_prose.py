"""Markdown comes out safe: hostile samples stay small and quick by construction, links lead where they say."""

import re
import time
from html.parser import HTMLParser

import pytest

from registry import prose

# Each of these kept the library busy for seconds, or nested without end, before the syntax was cut down.
HOSTILE = {
    "brackets": "[" * 20_000,
    "images": "![" * 10_000,
    "links": "[a](" * 8_000,
    "cdata": "<![CDATA[" * 2_000,
    "angles": "<" * 20_000,
    "tags": "<a " * 9_000,
    "stars": "*" * 20_000,
    "star words": "**a" * 8_000,
    "underscores": "_" * 20_000,
    "backticks": "`" * 20_000,
    "dashes in a line": "- " * 10_000,
    "numbers in a line": "1. " * 8_000,
    "quotes": "> " * 10_000,
    "stairs": "\n".join(" " * step + "- a" for step in range(200)),
    "entities": "&#" * 9_000,
    "addresses": "https://" * 3_000,
    "backslashes": "\\" * 20_000,
    "placeholders": "\x02wzxhzdk:0\x03" * 500,
    "empty lines": "\n" * 20_000,
}
GENEROUS = 2.0  # seconds; each takes hundredths, and took far more than this before


@pytest.mark.parametrize("sample", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_texts_are_answered_at_once(sample):
    begun = time.perf_counter()
    html = prose.stranger(sample)
    assert time.perf_counter() - begun < GENEROUS
    assert html.count("<ul>") + html.count("<ol>") <= 3
    assert "<script" not in html


def test_strangers_get_five_patterns_and_five_blocks_and_no_more():
    reader = prose._strangers_reader()
    assert len(reader.inlinePatterns) == 5
    assert len(reader.treeprocessors["inline"].inlinePatterns) == 5
    assert len(reader.preprocessors) == 1
    assert len(reader.parser.blockprocessors) == 5


def test_a_strangers_text_is_cut_at_its_length():
    assert prose.stranger("a" * 9_000) == f"<p>{'a' * prose.LONGEST}</p>"


def test_the_small_syntax_works():
    assert (
        prose.stranger("**Đã thử** *hai lần*\nvà lưu\n\n- một\n- hai")
        == "<p><strong>Đã thử</strong> <em>hai lần</em><br>\nvà lưu</p>\n<ul>\n<li>một</li>\n<li>hai</li>\n</ul>"
    )


def test_links_say_that_the_club_does_not_vouch_for_them():
    assert (
        prose.stranger("[báo cáo](https://example.vn/a_b)")
        == '<p><a href="https://example.vn/a_b" rel="nofollow noopener noreferrer">báo cáo</a></p>'
    )
    assert (
        prose.stranger("xem https://example.vn/a.")
        == '<p>xem <a href="https://example.vn/a" rel="nofollow noopener noreferrer">https://example.vn/a</a>.</p>'
    )


@pytest.mark.parametrize(
    "sample",
    [
        "[a](javascript:alert(1))",
        "[a](&#106;avascript:alert(1))",
        "[a](JaVaScRiPt:alert(1))",
        "[a](java\tscript:alert(1))",
        "[a](data:text/html,x)",
        "[a](vbscript:x)",
        "[a](//evil.test)",
        "[a](/\\evil.test)",
        "[a](http://plain.test)",
        "[a](https:evil.test)",
        "[a](https://club@evil.test)",
        "[a](https://example.vn/\u202etxt.exe)",
        "[a](https://example.vn\\@evil.test)",
        "[a](file:///etc/passwd)",
        "[a][1]\n\n[1]: javascript:alert(1)",
        "<a href='https://evil.test' onclick='x'>a</a>",
        "<https://evil.test",
        '<a href="&#x6a;avascript:x">a</a>',
    ],
)
def test_no_link_leads_elsewhere_than_it_says(sample):
    for html in (prose.stranger(sample), prose.trusted(sample)):
        links = Links()
        links.feed(html)
        assert [
            href for href in links.found if not re.fullmatch(r"https://example\.vn/\w*|https://evil\.test", href)
        ] == []
        assert links.handlers == []


class Links(HTMLParser):
    """What a browser would make of the HTML: where its links lead, and any code in its attributes."""

    def __init__(self):
        super().__init__()
        self.found, self.handlers = [], []

    def handle_starttag(self, tag, attrs):
        self.found += [value for name, value in attrs if name in ("href", "src")]
        self.handlers += [name for name, _ in attrs if name.startswith("on")]


@pytest.mark.parametrize("sample", ["<script>x</script>", "<img src=x onerror=y>", "![a](https://e.test/x.png)"])
def test_strangers_bring_no_elements_of_their_own(sample):
    html = prose.stranger(sample)
    assert "<script" not in html
    assert "<img" not in html


def test_club_texts_keep_their_structure():
    html = prose.trusted(
        "# Đồng ý của cha mẹ\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n> trích\n\n[gọi](tel:111) [tiêu chí](/criteria)"
    )
    assert '<h2 id="dong-y-cua-cha-me">Đồng ý của cha mẹ</h2>' in html
    assert "<table>" in html
    assert "<blockquote>" in html
    assert '<a href="tel:111">gọi</a>' in html
    assert '<a href="/criteria">tiêu chí</a>' in html


def test_club_texts_are_cleaned_too():
    assert "<script" not in prose.trusted("<script>x</script>\n\nđược")
    assert "<img" not in prose.trusted("![a](https://elsewhere.test/x.png)")


@pytest.mark.parametrize(
    ("title", "slug"),
    [("Đường dẫn, đích đến", "duong-dan-dich-den"), ("Ảnh 2/3", "anh-2-3"), ("ỨNG DỤNG", "ung-dung"), ("…", "")],
)
def test_ids_keep_every_letter(title, slug):
    assert prose.slugify(title) == slug

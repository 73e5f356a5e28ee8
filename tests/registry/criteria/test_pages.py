"""The public pages of the criteria, in both languages."""

import re
import shutil

import pytest

from assessments import editions
from criteria import store

EDITION = store.load("vcsc-2026")
PAGES = ["/criteria", "/criteria/vcsc-2026", "/criteria/vcsc-2026/TN-05", "/criteria/vcsc-2026/HN-01"]


@pytest.fixture
def own(tmp_path, monkeypatch):
    """A folder of the club's own with the edition vcsc-2025, retired."""
    folder = shutil.copytree(store.SHIPPED / "vcsc-2026", tmp_path / "own" / "vcsc-2025")
    changes = (
        ('id = "vcsc-2026"', 'id = "vcsc-2025"'),
        ('status = "published"', 'status = "retired"'),
        ("in_force_from = 2026-01-01", "in_force_from = 2025-01-01\nin_force_to = 2025-12-31"),
    )
    put(folder, *changes)
    monkeypatch.setenv("CRITERIA_DIR", str(folder.parent))
    return folder


def put(folder, *changes):
    path = folder / "edition.toml"
    text = path.read_text("utf-8")
    for before, after in changes:
        text = text.replace(before, after)
    path.write_text(text, "utf-8")


def read(page):
    """The text of a page as a person reads it."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page.text))


@pytest.mark.parametrize("path", [*PAGES, *(f"/en{path}" for path in PAGES)])
def test_pages_are_for_everyone_and_may_be_cached(browser, path):
    page = browser.get(path)
    assert page.status_code == 200
    assert "Set-Cookie" not in page.headers
    assert "Cookie" not in page.headers.get("Vary", "")
    assert re.fullmatch(r"public, max-age=\d+", page.headers["Cache-Control"])
    again = browser.get(path, headers={"If-None-Match": page.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/criteria/vcsc-1999",
        "/criteria/vcsc-1999/TN-05",
        "/criteria/vcsc-2026/ZZ-99",
        "/criteria/vcsc-2026/tn-05",
        "/en/criteria/..",
    ],
)
def test_unknown_editions_and_codes_are_not_there(browser, path):
    assert browser.get(path).status_code == 404


@pytest.mark.parametrize("path", PAGES)
def test_every_page_says_that_the_edition_is_a_stand_in(browser, path):
    assert "Bộ tiêu chí dựng tạm." in read(browser.get(path))
    assert "Stand-in criteria." in read(browser.get(f"/en{path}"))


def test_edition_page_names_every_criterion_group_level_and_step(browser):
    for lang, prefix in (("vi", ""), ("en", "/en")):
        text = read(browser.get(f"{prefix}/criteria/vcsc-2026"))
        names = [
            *(criterion.title for criterion in EDITION.criteria),
            *(group.name for group in EDITION.groups),
            *(level.label for level in EDITION.levels),
            *(step.anchor for step in EDITION.scale),
        ]
        assert [name.get(lang) for name in names if name.get(lang) not in text] == []


def test_edition_page_links_to_every_criterion(browser):
    links = re.findall(r'href="/criteria/vcsc-2026/([A-Z]{2}-\d\d)"', browser.get("/criteria/vcsc-2026").text)
    assert links == [criterion.code for criterion in EDITION.criteria]


def test_levels_are_said_in_words(browser):
    assert (
        "Every critical criterion scores at least 3 and every other at least 2; "
        "each group reaches 65% or more, and the whole 78% or more."
    ) in read(browser.get("/en/criteria/vcsc-2026"))


@pytest.mark.parametrize("code", [criterion.code for criterion in EDITION.criteria])
def test_every_criterion_has_a_page(browser, code):
    criterion = EDITION.criterion(code)
    for lang, prefix in (("vi", ""), ("en", "/en")):
        text = read(browser.get(f"{prefix}/criteria/vcsc-2026/{code}"))
        assert criterion.requirement.get(lang) in text
        assert all(EDITION.evidence_kind(kind).name.get(lang) in text for kind in criterion.evidence)


@pytest.mark.parametrize(
    ("prefix", "lang", "mark", "titles"),
    [
        (
            "",
            "vi",
            "Hướng dẫn, không thuộc nội dung bộ tiêu chí.",
            ["Người đánh giá xem gì", "Bằng chứng tốt", "Lỗi thường gặp", "Ví dụ"],
        ),
        (
            "/en",
            "en",
            "Guidance; not part of the criteria.",
            ["What reviewers look for", "Good evidence", "Common mistakes", "An example"],
        ),
    ],
)
def test_guidance_is_marked_as_such_and_complete(browser, prefix, lang, mark, titles):
    page = browser.get(f"{prefix}/criteria/vcsc-2026/TN-05")
    section = re.search(r'<section class="sec" aria-labelledby="guidance">.*?</section>', page.text, re.DOTALL)[0]
    assert mark in section
    assert re.findall(r"<h3>(.*?)</h3>", section) == titles
    advice = EDITION.criterion("TN-05").guidance
    for text in (advice.look_for, advice.example):
        assert f"<p>{text.get(lang)}</p>" in section
    items = [line[2:] for part in (advice.evidence, advice.mistakes) for line in part.get(lang).split("\n")]
    assert re.findall(r"<li>(.*?)</li>", section) == items


def test_an_edition_without_guidance_has_no_empty_section(browser, own):
    for path in own.rglob("tn-05.*.md"):
        path.write_text(re.split(r"## (?:Hướng dẫn|Guidance)", path.read_text("utf-8"))[0], "utf-8")
    page = browser.get("/criteria/vcsc-2025/TN-05")
    assert page.status_code == 200
    assert "không thuộc nội dung bộ tiêu chí" not in page.text


def test_critical_criterion_says_so(browser):
    assert "Bắt buộc đạt." in read(browser.get("/criteria/vcsc-2026/TN-05"))
    assert "Bắt buộc đạt." not in read(browser.get("/criteria/vcsc-2026/TL-01"))


def test_condition_is_said_where_it_holds(browser):
    text = read(browser.get("/criteria/vcsc-2026/TN-10"))
    assert "mạng xã hội cho trẻ em – chỉ khi: Người dùng đăng tải được nội dung" in text
    assert "Chỉ khi sản phẩm có đặc điểm: Có cài đặt trên thiết bị." in read(browser.get("/criteria/vcsc-2026/AT-06"))


def test_bands_are_written_as_the_language_writes_them(browser):
    cells = r'<th scope="row" class="num">(\d)</th><td class="num">([^<]*)</td>'
    assert re.findall(cells, browser.get("/criteria/vcsc-2026/HN-01").text) == [
        ("0", "&lt; 80%"),
        ("1", "80–89,9%"),
        ("2", "90–94,9%"),
        ("3", "95–97,9%"),
        ("4", "≥ 98%; thử nghiệm độc lập hoặc Câu lạc bộ tự thử"),
    ]
    assert re.findall(cells, browser.get("/en/criteria/vcsc-2026/HN-02").text) == [
        ("0", "&gt; 5%"),
        ("1", "2–5%"),
        ("2", "0.5–1.9%"),
        ("3", "&lt; 0.5%; no help page blocked"),
        ("4", "0%; independent test or the club’s own"),
    ]


def test_neighbours_lead_through_the_whole_edition(browser):
    code, met = "TL-01", []
    while code:
        met.append(code)
        found = re.search(
            r'rel="next" href="/criteria/vcsc-2026/([^"]+)"', browser.get(f"/criteria/vcsc-2026/{code}").text
        )
        code = found and found[1]
    assert met == [criterion.code for criterion in EDITION.criteria]


def test_retired_edition_stays_and_names_the_current_one(browser, own):
    assert "Áp dụng từ 01/01/2025 đến 31/12/2025." in read(browser.get("/criteria"))
    for path in ("/criteria/vcsc-2025", "/criteria/vcsc-2025/TN-05"):
        page = browser.get(path)
        assert (
            "Đây là bản vcsc-2025, áp dụng từ 01/01/2025 đến 31/12/2025. Bản hiện hành: Bộ tiêu chí VCSC 2026."
            in read(page)
        )
        assert 'href="/criteria/vcsc-2026"' in page.text


def test_draft_is_not_there(browser, own):
    put(own, ('status = "retired"', 'status = "draft"'))
    assert "vcsc-2025" not in browser.get("/criteria").text
    assert browser.get("/criteria/vcsc-2025").status_code == 404


def test_damaged_edition_is_not_there_and_hurts_no_other(browser, own):
    put(own, ("[quorum]", "[quoram]"))
    assert browser.get("/criteria/vcsc-2025").status_code == 404
    assert browser.get("/criteria").status_code == 200


def test_publication_is_shown(browser, session):
    assert "<dt>Công bố</dt>" not in browser.get("/criteria/vcsc-2026").text
    record = editions.publish(session, "vcsc-2026", by=None)
    session.commit()
    page = browser.get("/criteria/vcsc-2026")
    assert "<dt>Công bố</dt>" in page.text
    assert record.digest in read(page)


def test_changed_text_is_said_in_words(browser, session):
    record = editions.publish(session, "vcsc-2026", by=None)
    record.digest = "sha256:another"
    session.commit()
    assert "Tệp của bản này không còn khớp với nội dung đã công bố." in read(browser.get("/criteria/vcsc-2026"))

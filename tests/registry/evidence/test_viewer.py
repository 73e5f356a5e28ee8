"""GET /evidence/<ref>/<id>/view and its kin: evidence seen in place, stamped for its reader, without its names."""

import io
import re
import resource
from datetime import UTC, datetime

import pytest
from flask import Flask
from PIL import Image, ImageChops
from sqlalchemy import event
from sqlmodel import Session, select

from assessments import audit, evidence
from assessments.clock import at
from assessments.models import Application, Evidence, EvidenceAccess, StoredFile
from assessments.people import Part
from assessments.policy import Standing
from assessments.states import ScanState, State
from registry.evidence import reading, viewer, viewing
from registry.evidence.stamp import stamped
from tests import evaluation
from tests.conftest import Browser
from tests.registry.evidence import desk, pdfs, samples, showing
from tests.registry.evidence.showing import CODE, REF
from tests.world import World

NOON = datetime(2026, 11, 26, 5, 7, tzinfo=UTC)  # 12:07 in Viet Nam


@pytest.fixture
def piece(app: Flask, session: Session, world: World) -> Evidence:
    """A PDF of three pages, handed in for TN-05 and drawn."""
    found = desk.keep(app, session, world.an, pdfs.honest(3), name="chinh-sach.pdf", title="Chính sách")
    application = showing.in_review(world, found)
    audit.declare(session, world.lan, application, has_interest=False)
    session.commit()
    showing.draw(app)
    return found


def image(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


@pytest.mark.parametrize(
    ("who", "status"),
    [
        *(("an", 200), ("anh", 200), ("chi", 200), ("dung", 200), ("ha", 200), ("lan", 200)),
        *(("bao", 404), ("khanh", 404), ("giang", 404), ("minh", 404)),
    ],
)
@pytest.mark.parametrize("path", ["view", "pages/1"])
def test_who_sees(
    browser: Browser, world: World, session: Session, piece: Evidence, who: str, status: int, path: str
) -> None:
    person = getattr(world, who)
    browser.sign_in(person)
    for _ in range(2):
        assert browser.get(f"/evidence/{REF}/{piece.id}/{path}").status_code == status
    rows = session.exec(select(EvidenceAccess)).all()
    assert [row.person_id for row in rows] == ([person.id] if status == 200 else [])


def test_strangers_sign_in_first(browser: Browser, piece: Evidence) -> None:
    for path in (f"{REF}/{piece.id}/view", f"{REF}/{piece.id}/pages/1", f"{piece.id}/view", f"{piece.id}/pages/1"):
        assert browser.get(f"/evidence/{path}").location.startswith("/sign-in")


def test_the_office_does_not_see_what_is_for_reviewers_only(
    browser: Browser, world: World, session: Session, piece: Evidence
) -> None:
    facts = evidence.Facts("DOC", "Chính sách", audience=evidence.Audience.REVIEWERS)
    evidence.edit(session, world.an, world.hat_nang.id, piece.id, facts)
    session.commit()
    for who, status in ((world.chi, 403), (world.dung, 200)):
        browser.sign_in(who)
        assert browser.get(f"/evidence/{REF}/{piece.id}/view").status_code == status
        assert browser.get(f"/evidence/{REF}/{piece.id}/pages/1").status_code == status


def test_a_page_with_its_neighbours_its_words_and_the_file(browser: Browser, world: World, piece: Evidence) -> None:
    browser.sign_in(world.dung)
    base = f"/evidence/{REF}/{piece.id}"
    text = browser.get(f"{base}/view?page=2&c={CODE}").text
    assert "Trang 2/3" in text
    assert (
        f'rel="prev" href="{base}/view?c={CODE}"' in text
        or f'rel="prev" href="{base}/view?page=1&amp;c={CODE}"' in text
    )
    assert f'rel="next" href="{base}/view?page=3&amp;c={CODE}"' in text
    assert f'src="{base}/pages/2"' in text
    assert "Trẻ em được bảo vệ trên mạng" in " ".join(text.split())
    assert f'href="{base}"' in text, "the file itself"
    assert f'href="/reviews/{REF}?c={CODE}"' in text, "the way back to the bench"
    last = browser.get(f"{base}/view?page=99").text
    assert "Trang 3/3" in last
    assert 'rel="next"' not in last


def test_the_words_are_shown_as_words(app: Flask, browser: Browser, world: World, session: Session) -> None:
    nasty = desk.keep(app, session, world.an, pdfs.honest(1, "<script>alert(1)</script> \u202exe.exe"))
    showing.in_review(world, nasty)
    showing.draw(app)
    browser.sign_in(world.dung)
    text = browser.get(f"/evidence/{REF}/{nasty.id}/view").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "<script>alert" not in text
    assert "\u202e" not in text


def test_the_stamp_is_all_over_the_page_and_differs_by_reader(browser: Browser, world: World, piece: Evidence) -> None:
    seen = {}
    for who in (world.dung, world.ha, world.chi, world.lan, world.an):
        browser.sign_in(who)
        with at(NOON):
            answer = browser.get(f"/evidence/{REF}/{piece.id}/pages/1")
        assert answer.mimetype == "image/webp"
        seen[who.email] = answer.data
        picture = image(answer.data)
        assert picture.width == 1000
        assert picture.height > 1414, "the strip with the words stands below the page"
        page = picture.crop((0, 0, 1000, 1414)).convert("L")
        for x in range(0, 1000 - 250, 250):
            for y in range(250, 1414 - 250, 250):  # below the letters of the page itself
                darkest, lightest = page.crop((x, y, x + 250, y + 250)).getextrema()
                assert lightest - darkest > 12, f"no stamp at {x}, {y}"
    assert len(set(seen.values())) == 5
    a, b = (image(seen[who.email]).convert("L") for who in (world.dung, world.ha))
    assert ImageChops.difference(a, b).getbbox() is not None


def test_the_stamp_says_letter_application_and_minute(
    browser: Browser, world: World, piece: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = []
    monkeypatch.setattr("registry.evidence.stamp.stamped", lambda *asked: said.append(asked[1:]) or b"")
    letters = {evaluation.review_by(world, application(world), who).letter: who for who in (world.dung, world.ha)}
    readers = [*letters.values(), world.chi, world.lan, world.an]
    for who in readers:
        browser.sign_in(who)
        with at(NOON):
            browser.get(f"/evidence/{REF}/{piece.id}/pages/1?large=1")
    words = [f"Người đánh giá {letter}" for letter in letters] + ["Văn phòng", "Kiểm soát viên", "Nhà cung cấp"]
    assert said == [(f"{word} · {REF} · 26/11/2026 12:07", 1654) for word in words]
    with at(NOON):
        browser.get(f"/evidence/{piece.id}/pages/1")
    assert said[-1] == ("Nhà cung cấp · 26/11/2026 12:07", 1000)


def application(world: World) -> Application:
    return world.session.exec(select(Application).where(Application.ref == REF)).one()


def test_the_stamp_of_a_hearer_is_not_that_of_the_office(app: Flask) -> None:
    standing = Standing(State.DECLINED, submitted=True, part=Part.HEARER, hearing=True, declared=False)
    with app.test_request_context(), at(NOON):
        assert viewing.words_of(standing, REF) == f"Người xem xét lại · {REF} · 26/11/2026 12:07"


def test_a_picture_names_nobody_and_is_kept_by_no_cache(browser: Browser, world: World, piece: Evidence) -> None:
    browser.sign_in(world.dung)
    answer = browser.get(f"/evidence/{REF}/{piece.id}/pages/1")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == reading.HEADERS["Content-Security-Policy"]
    for name in ("Dũng", "dung@club", "chinh-sach", "Exif", "XMP ", "EXIF", "ICCP"):
        assert name.encode() not in answer.data
    assert re.fullmatch(r'inline; filename="1-\d{8}-\d{4}\.webp"', answer.headers["Content-Disposition"])
    assert image(answer.data).info.get("exif") is None


def test_the_tallest_picture_can_be_stamped() -> None:
    out = io.BytesIO()
    Image.new("RGB", (8, 16_383), "white").save(out, "WEBP")
    made = image(stamped(out, f"Người đánh giá A · {REF} · 26/11/2026 12:07", 1000))
    assert made.height < 16_384


def test_one_person_has_only_a_few_pictures_drawn_at_once(
    browser: Browser, world: World, piece: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = f"/evidence/{REF}/{piece.id}/pages/1"
    monkeypatch.setitem(viewer._under_way, world.dung.id, viewer.AT_ONCE_EACH)
    browser.sign_in(world.dung)
    full = browser.get(page)
    assert (full.status_code, "Retry-After" in full.headers) == (429, True)
    browser.sign_in(world.ha)
    assert [browser.get(page).status_code for _ in range(viewer.AT_ONCE_EACH + 1)] == [200] * (viewer.AT_ONCE_EACH + 1)
    assert world.ha.id not in viewer._under_way


def test_a_picture_of_every_shape_can_be_stamped() -> None:
    for size in ((8, 3000), (1654, 8), (300, 200), (1654, 3600)):
        out = io.BytesIO()
        Image.new("RGB", size, "black").save(out, "WEBP")
        out.seek(0)
        made = image(stamped(out, f"Người đánh giá A · {REF} · 26/11/2026 12:07", 1000))
        assert made.width == min(size[0], 1000)


@pytest.mark.parametrize("number", [0, 4, 999999999, 2**63, 10**30])
def test_there_is_no_other_page(browser: Browser, world: World, piece: Evidence, number: int) -> None:
    browser.sign_in(world.dung)
    assert browser.get(f"/evidence/{REF}/{piece.id}/pages/{number}").status_code == 404


def test_until_they_are_made_and_when_they_cannot_be(
    app: Flask, browser: Browser, world: World, session: Session
) -> None:
    good = desk.keep(app, session, world.an, pdfs.honest(2))
    bad = desk.keep(app, session, world.an, pdfs.locked(), title="Khóa")
    showing.in_review(world, good, bad)
    browser.sign_in(world.dung)
    text = browser.get(f"/evidence/{REF}/{good.id}/view").text
    assert "Đang tạo ảnh các trang" in text
    assert f'href="/evidence/{REF}/{good.id}"' in text
    assert browser.get(f"/evidence/{REF}/{good.id}/pages/1").status_code == 404
    showing.draw(app)
    assert "Đang tạo" not in browser.get(f"/evidence/{REF}/{good.id}/view").text
    assert "Không tạo được ảnh của trang này" in browser.get(f"/evidence/{REF}/{bad.id}/view").text


def test_a_long_document_says_where_it_stops(
    app: Flask, browser: Browser, world: World, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in ("registry.evidence.rendering", "registry.evidence.viewing", "assessments.reading"):
        monkeypatch.setattr(f"{place}.MOST_PAGES", 2)
    long = desk.keep(app, session, world.an, pdfs.honest(5))
    showing.in_review(world, long)
    showing.draw(app)
    browser.sign_in(world.dung)
    assert 'rel="next"' not in browser.get(f"/evidence/{REF}/{long.id}/view?page=2").text
    text = browser.get(f"/evidence/{REF}/{long.id}/view?page=4").text
    assert "Tài liệu có 5 trang; ở đây chỉ xem được 2 trang đầu" in text


def test_nothing_is_seen_in_place_of_products_that_find_abuse_material(
    app: Flask, browser: Browser, world: World, session: Session
) -> None:
    document = desk.keep(app, session, world.an, pdfs.honest(1))
    film = desk.keep(app, session, world.an, samples.MP4, media_type="video/mp4")
    found = showing.in_review(world, document, film)
    showing.draw(app)  # the same bytes may have been handed in for another product
    found.profile = {**found.profile, "categories": ["HM"]}
    session.add(found)
    session.commit()
    browser.sign_in(world.dung)
    for one in (document, film):
        text = browser.get(f"/evidence/{REF}/{one.id}/view").text
        assert "trang không hiện hình ảnh hay video" in text
        assert "<video" not in text
        assert "/pages/" not in text
    assert browser.get(f"/evidence/{REF}/{document.id}/pages/1").status_code == 404
    assert browser.get(f"/evidence/{REF}/{document.id}", buffered=True).status_code == 200
    taken = browser.get(f"/evidence/{REF}/{film.id}?inline=1", buffered=True)
    assert taken.headers["Content-Disposition"].startswith("attachment")


def test_films_are_played_from_the_file(app: Flask, browser: Browser, world: World, session: Session) -> None:
    film = desk.keep(app, session, world.an, samples.MP4, media_type="video/mp4")
    showing.in_review(world, film)
    browser.sign_in(world.dung)
    source = f"/evidence/{REF}/{film.id}?inline=1"
    assert f'<video class="sheetframe" src="{source}" controls' in browser.get(f"/evidence/{REF}/{film.id}/view").text
    answer = browser.get(source, headers={"Range": "bytes=0-99"}, buffered=True)
    assert answer.status_code == 206
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert answer.headers["Content-Security-Policy"] == reading.HEADERS["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("content", "seen"),
    [
        ("Dòng một\r\n<b>hai</b> & ba\n".encode(), "Dòng một\n&lt;b&gt;hai&lt;/b&gt; &amp; ba"),
        ("\ufeffngày,việc\n1,đạt\n".encode(), "ngày,việc\n1,đạt"),
        ("Tiếng Việt có dấu".encode("utf-16"), "Tiếng Việt có dấu"),
        ("Ti\u00ea\u0301ng Vi\u00ea\u0323t".encode("cp1258"), "Tiếng Việt"),
        (b'{"a": "\xe2\x80\xae"}', "{&#34;a&#34;: &#34;\ufffd&#34;}"),
    ],
    ids=["utf-8", "marked", "utf-16", "windows", "steering"],
)
def test_texts_are_shown_escaped_whatever_they_are_written_in(
    app: Flask, browser: Browser, world: World, session: Session, content: bytes, seen: str
) -> None:
    text = desk.keep(app, session, world.an, content, media_type="text/plain")
    showing.in_review(world, text)
    browser.sign_in(world.dung)
    page = browser.get(f"/evidence/{REF}/{text.id}/view").text
    found = re.search(r'<pre class="sheetframe"[^>]*>(.*?)</pre>', page, re.DOTALL)
    assert found is not None
    assert found[1].strip() == seen.strip()


def test_every_line_of_a_long_text_is_on_one_page(app: Flask, browser: Browser, world: World, session: Session) -> None:
    lines = [f"{number:05} Nhật ký đạt ✓" for number in range(6_000)]
    text = desk.keep(app, session, world.an, "\n".join(lines).encode(), media_type="text/plain")
    showing.in_review(world, text)
    browser.sign_in(world.dung)
    first = browser.get(f"/evidence/{REF}/{text.id}/view").text
    pages = int(re.search(r"Trang 1/(\d+)", first)[1])
    assert pages > 5
    seen = []
    for number in range(1, pages + 1):
        page = browser.get(f"/evidence/{REF}/{text.id}/view?page={number}").text
        assert len(page) < 60_000
        seen += re.findall(r"^(?:<pre[^>]*>)?\s*(\d{5} Nhật ký đạt ✓)", page.replace("<pre", "\n<pre"), re.MULTILINE)
    assert seen == lines


def test_a_line_without_end_is_cut_between_letters(
    app: Flask, browser: Browser, world: World, session: Session
) -> None:
    text = desk.keep(app, session, world.an, ("ế" * 40_000).encode(), media_type="text/plain")
    showing.in_review(world, text)
    browser.sign_in(world.dung)
    seen = "".join(
        re.search(
            r"<pre[^>]*>(.*?)</pre>", browser.get(f"/evidence/{REF}/{text.id}/view?page={number}").text, re.DOTALL
        )[1]
        for number in range(1, 6)
    )
    assert seen.strip() == "ế" * 40_000


def test_other_files_are_downloaded_with_a_word_of_caution(
    app: Flask, browser: Browser, world: World, session: Session
) -> None:
    sheet = desk.keep(app, session, world.an, b"PK\x03\x04", media_type="application/zip", name="a.xlsx")
    showing.in_review(world, sheet)
    browser.sign_in(world.dung)
    text = browser.get(f"/evidence/{REF}/{sheet.id}/view").text
    assert "không bật macro" in text
    assert f'href="/evidence/{REF}/{sheet.id}"' in text


def test_what_the_scanner_has_not_passed_is_not_seen(
    browser: Browser, world: World, session: Session, piece: Evidence
) -> None:

    file = session.get_one(StoredFile, piece.file_id)
    session.commit()
    browser.sign_in(world.dung)
    for scan in (ScanState.WAITING, ScanState.QUARANTINED):
        file.scan = scan
        session.add(file)
        session.commit()
        assert browser.get(f"/evidence/{REF}/{piece.id}/view").status_code == 409
        assert browser.get(f"/evidence/{REF}/{piece.id}/pages/1").status_code == 409


def test_a_link_leads_to_its_warning(browser: Browser, world: World, session: Session) -> None:
    link = desk.link(session, world.an, "https://xn--80ak6aa92e.example/đường?q=ế")
    showing.in_review(world, link)
    browser.sign_in(world.dung)
    assert browser.get(f"/evidence/{REF}/{link.id}/view").location == f"/evidence/{REF}/{link.id}/link"
    answer = browser.get(f"/evidence/{REF}/{link.id}/link")
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert 'rel="noreferrer noopener external nofollow" referrerpolicy="no-referrer"' in answer.text
    assert "https://xn--80ak6aa92e.example/%C4%91%C6%B0%E1%BB%9Dng?q=%E1%BA%BF" in answer.text


def test_the_company_sees_its_own_library(app: Flask, browser: Browser, world: World, session: Session) -> None:
    own = desk.keep(app, session, world.an, pdfs.honest(2))
    browser.sign_in(world.anh)
    assert "được tạo sau khi nộp hồ sơ" in browser.get(f"/evidence/{own.id}/view").text
    showing.in_review(world, own)
    showing.draw(app)
    text = browser.get(f"/evidence/{own.id}/view?page=2").text
    assert f'src="/evidence/{own.id}/pages/2"' in text
    assert "Ghi chú" not in text
    assert browser.get(f"/evidence/{own.id}/pages/2").mimetype == "image/webp"
    browser.sign_in(world.bao)
    assert browser.get(f"/evidence/{own.id}/view").status_code == 404
    assert browser.get(f"/evidence/{own.id}/pages/2").status_code == 404


def test_the_bench_shows_the_first_page_and_the_committee_the_way_there(
    browser: Browser, world: World, piece: Evidence
) -> None:
    browser.sign_in(world.dung)
    text = browser.get(f"/reviews/{REF}?c={CODE}").text
    assert '<figure class="doc" data-pages="3">' in text
    assert f'src="/evidence/{REF}/{piece.id}/pages/1"' in text
    assert f'href="/evidence/{REF}/{piece.id}/view"' in text
    assert "inline=1" not in text, "no page of ours shows a picture that is not of our drawing"


def test_statements(app: Flask, browser: Browser, world: World, piece: Evidence) -> None:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            seen.append(statement)

    event.listen(app.extensions["engine"], "before_cursor_execute", note)
    browser.sign_in(world.dung)
    for path, most in ((f"/evidence/{REF}/{piece.id}/view", 13), (f"/evidence/{REF}/{piece.id}/pages/1", 9)):
        browser.get(path)
        seen.clear()
        assert browser.get(path).status_code == 200
        assert len(seen) <= most, seen
    event.remove(app.extensions["engine"], "before_cursor_execute", note)


def test_the_server_does_not_grow_with_the_file(app: Flask, browser: Browser, world: World, session: Session) -> None:
    small = desk.keep(app, session, world.an, b"a\n" * 100, media_type="text/plain")
    with app.extensions["storage"].begin() as incoming:
        for _ in range(100):
            incoming.write(("dòng nhật ký\n" * 70_000).encode())
        sha256, size = incoming.keep()
    kept = evidence.Kept(sha256, size, "text/plain", "a.log")
    large = evidence.add_file(session, world.an, world.hat_nang.id, kept, evidence.Facts("LOG", "Nhật ký"))
    session.commit()
    showing.in_review(world, small, large)
    browser.sign_in(world.dung)
    browser.get(f"/evidence/{REF}/{small.id}/view")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for page in (1, 2_000, 99_999_999):
        assert browser.get(f"/evidence/{REF}/{large.id}/view?page={page}").status_code == 200
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 10 * 1024  # kilobytes

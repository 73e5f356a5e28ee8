"""Filling an application from a file: seen first, taken over by tick, all or nothing, whatever the file is."""

import io
import json
import re
import zipfile
from html import unescape

import pytest
from openpyxl import Workbook, load_workbook
from sqlmodel import select

from assessments import applications, interchange
from assessments.models import (
    Answer,
    AnswerEvidence,
    AnswerText,
    Application,
    Evidence,
    EvidenceChange,
    Product,
    ProfileText,
)
from assessments.people import Audience
from assessments.states import State
from registry import confined
from tests.assessments.test_corrections import in_correction
from tests.drafting import ready
from tests.real_products import SOURCE
from tests.rows import row, rows
from tests.world import PROFILE

REF = "HS-2026-0001"
URL = f"/applications/{REF}"
INTO = f"{URL}/import"
NEW = "/applications/import"
CLAIM = "Bộ lọc chặn 96,8% trang xấu trong lần đo ngày 01/10/2026."


def document(**parts):
    return {**interchange.document("vcsc-2026", {}, {}), **parts}


def hidden(page, name):
    return unescape(re.search(rf'name="{name}" value="([^"]*)"', page.text)[1])


def carried(page):
    """What the form of a preview holds, everything ticked as it is offered."""
    ticked = [unescape(one) for one in re.findall(r'name="take" value="([^"]*)" checked', page.text)]
    form = {name: hidden(page, name) for name in ("document", "seen")}
    return {**form, "take": ticked, "promise": "y"}


def preview(browser, url, content, **data):
    """Bring a file (bytes) or a document, as the form of the page does."""
    token = browser.token("/account")
    if isinstance(content, bytes):
        data["file"] = (io.BytesIO(content), "ho-so.json")
    else:
        data["document"] = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    return browser.post(url, data={"csrf_token": token, **data}, content_type="multipart/form-data")


def confirm(browser, url, form, **changes):
    return browser.post(f"{url}/confirm", data={"csrf_token": browser.token("/account"), **form, **changes})


def profile_of(session):
    return session.exec(select(Application).where(Application.ref == REF)).one().profile


# --- into a draft ---


def test_nothing_is_applied_before_it_is_confirmed(world, session, browser):
    world.application()
    browser.sign_in(world.anh)
    given = document(
        profile={"version": "6.0", "website": PROFILE["website"]},
        answers={"HN-01": {"claim": CLAIM}},
        links=[{"criterion": "HN-01", "url": "https://dennha.example/do", "title": "Kết quả đo"}],
    )
    page = preview(browser, INTO, given)
    assert page.status_code == 200
    for words in ("Khác bản nháp", "5.2", "6.0", CLAIM, "https://dennha.example/do", "1 phần giống hệt"):
        assert words in page.text, words
    assert profile_of(session) == PROFILE
    assert session.exec(select(Answer)).all() == []

    done = confirm(browser, INTO, carried(page))
    assert (done.status_code, done.location) == (302, URL)
    assert profile_of(session) == {**PROFILE, "version": "6.0"}
    answer = session.exec(select(Answer)).one()
    assert (answer.criterion, answer.claim, answer.version, answer.saved_by) == ("HN-01", CLAIM, 1, world.anh.id)
    piece = session.exec(select(Evidence)).one()
    assert (piece.url, piece.kind, piece.title) == ("https://dennha.example/do", "LINK", "Kết quả đo")
    assert [one.evidence_id for one in session.exec(select(AnswerEvidence))] == [piece.id]


def test_what_is_not_ticked_stays(world, session, browser):
    world.application()
    browser.sign_in(world.an)
    page = preview(
        browser, INTO, document(profile={"version": "6.0", "name_en": "Lamp"}, answers={"HN-01": {"claim": CLAIM}})
    )
    assert confirm(browser, INTO, carried(page), take=["profile:name_en"]).status_code == 302
    assert profile_of(session) == {**PROFILE, "name_en": "Lamp"}
    assert session.exec(select(Answer)).all() == []


def test_nothing_ticked_is_said(world, session, browser):
    world.application()
    browser.sign_in(world.an)
    page = preview(browser, INTO, document(profile={"version": "6.0"}))
    again = confirm(browser, INTO, carried(page), take=[])
    assert (again.status_code, "Đánh dấu ít nhất một phần để nhập." in again.text) == (422, True)
    assert profile_of(session) == PROFILE


def test_addresses_need_the_word_about_real_children(world, session, browser):
    world.application()
    browser.sign_in(world.an)
    page = preview(browser, INTO, document(profile={"version": "6.0"}, links=[{"url": "https://a.example/x"}]))
    again = confirm(browser, INTO, carried(page), promise="")
    assert (again.status_code, "lời cam đoan về các trang" in again.text) == (422, True)
    assert (profile_of(session), session.exec(select(Evidence)).all()) == (PROFILE, [])


def test_what_a_colleague_saved_meanwhile_is_not_overwritten(world, session, browser):
    application = world.application()
    browser.sign_in(world.an)
    page = preview(browser, INTO, document(profile={"version": "6.0"}, answers={"HN-01": {"claim": CLAIM}}))
    application.profile = {**PROFILE, "version": "5.9"}
    session.commit()
    again = confirm(browser, INTO, carried(page))
    assert again.status_code == 409
    assert "Bản nháp vừa được lưu ở nơi khác." in again.text
    assert "5.9" in again.text
    assert profile_of(session)["version"] == "5.9"
    assert session.exec(select(Answer)).all() == []
    assert confirm(browser, INTO, carried(again)).status_code == 302
    assert profile_of(session)["version"] == "6.0"


def test_a_colleague_elsewhere_does_not_matter(world, session, browser):
    application = world.application()
    browser.sign_in(world.an)
    page = preview(browser, INTO, document(profile={"version": "6.0"}))
    application.profile = {**PROFILE, "name_en": "Lamp"}
    session.commit()
    assert confirm(browser, INTO, carried(page)).status_code == 302
    assert (profile_of(session)["version"], profile_of(session)["name_en"]) == ("6.0", "Lamp")


def test_confirming_twice_changes_nothing_more(world, session, browser):
    world.application()
    browser.sign_in(world.an)
    given = document(answers={"HN-01": {"claim": CLAIM}}, links=[{"criterion": "HN-01", "url": "https://a.example/x"}])
    form = carried(preview(browser, INTO, given))
    first, second = (confirm(browser, INTO, form) for _n in range(2))
    assert [(one.status_code, one.location) for one in (first, second)] == [(302, URL)] * 2
    assert "Mọi phần đã đánh dấu đều có trong hồ sơ rồi. Không nhập thêm lần nữa." in browser.get(URL).text
    assert session.exec(select(Answer)).one().version == 1
    assert len(session.exec(select(Evidence)).all()) == 1


def test_an_address_of_the_library_is_used_again(world, session, browser):
    application = ready(world)
    browser.sign_in(world.an)
    url = session.exec(select(Evidence)).one().url
    page = preview(browser, INTO, document(links=[{"criterion": "HN-01", "url": url}, {"url": url}]))
    assert "2 phần giống hệt" in page.text
    session.exec(select(AnswerEvidence)).all()
    page = preview(browser, INTO, document(links=[{"criterion": "AT-01", "url": url}]))
    confirm(browser, INTO, carried(page))
    assert len(session.exec(select(Evidence)).all()) == 1
    assert application.state is State.DRAFT


def test_during_a_correction_only_what_it_names_is_open(world, session, browser):
    in_correction(world, "HN-01")
    browser.sign_in(world.an)
    given = document(profile={"version": "6.0"}, answers={"HN-01": {"claim": CLAIM}, "HN-02": {"claim": CLAIM}})
    page = preview(browser, INTO, given)
    assert "2 phần đang khóa" in page.text
    forged = confirm(browser, INTO, carried(page), take=["answer:HN-01", "answer:HN-02", "profile:version"])
    assert forged.status_code == 302
    assert [one.criterion for one in session.exec(select(Answer).where(Answer.claim == CLAIM))] == ["HN-01"]
    assert profile_of(session)["version"] == "5.2"


@pytest.mark.parametrize("state", [State.SUBMITTED, State.IN_REVIEW, State.WITHDRAWN])
def test_what_was_handed_in_takes_nothing(world, session, browser, state):
    world.application(state)
    browser.sign_in(world.an)
    assert browser.get(INTO).status_code == 409
    assert preview(browser, INTO, document()).status_code == 409
    form = {"document": json.dumps(document(profile={"version": "6.0"})), "seen": "", "take": ["profile:version"]}
    assert confirm(browser, INTO, form).status_code == 409
    assert profile_of(session) == PROFILE


def test_strangers_find_nothing_to_fill(world, session, browser):
    world.application()
    browser.sign_in(world.bao)
    assert browser.get(INTO).status_code == 404
    assert preview(browser, INTO, document()).status_code == 404
    form = {"document": json.dumps(document(profile={"version": "6.0"})), "seen": "", "take": ["profile:version"]}
    assert confirm(browser, INTO, form).status_code == 404
    assert profile_of(session) == PROFILE
    for path in ("export.json", "export.xlsx"):
        assert browser.get(f"{URL}/{path}").status_code == 404


def test_a_forged_mark_overwrites_nothing(world, session, browser):
    world.application()
    browser.sign_in(world.an)
    form = {"document": json.dumps(document(profile={"version": "6.0"})), "seen": "f" * 32, "take": ["profile:version"]}
    assert confirm(browser, INTO, form).status_code == 409
    assert profile_of(session) == PROFILE
    answer = browser.post(f"{INTO}/confirm", data={**form, "csrf_token": "forged"})
    assert (answer.status_code, profile_of(session)) == (400, PROFILE)


def test_a_file_of_faults_is_told_in_part(world, session, browser):
    world.application()
    browser.sign_in(world.an)
    page = preview(browser, INTO, document(answers={f"K{number}": {} for number in range(1_000)}))
    assert "1000 chỗ bị bỏ qua" in page.text
    assert "và 800 chỗ khác" in page.text
    assert page.text.count("answers.K") == 200


# --- hostile files ---


def xlsx(lines, *, formula=False):
    book = Workbook()
    sheet = book.active
    for line in lines:
        sheet.append(line)
    if formula:
        sheet["C2"] = "=1+1"
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def zipped(**files):
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/"), content)
    return written.getvalue()


HEADS = ["code", "title", "claim", "not_applicable", "not_applicable_reason"]
BOMB = b'<?xml version="1.0"?><sst><si><t>' + b"x" * 40_000_000 + b"</t></si></sst>"
HOSTILE = {
    "no file": (b"", "Chọn tệp"),
    "not JSON": (b"xin chao", "chưa đúng dạng JSON"),
    "not text": (b"\xff\xfe\x00\x01", "chưa đúng dạng JSON"),
    "deep": (b"[" * 200_000 + b"]" * 200_000, "chưa đúng dạng JSON"),
    "deep enough to be parsed": (b'{"format": "vcsc-application", "a": ' + b"[" * 30 + b"]" * 30 + b"}", "JSON"),
    "no number": (b'{"format": "vcsc-application", "version": NaN}', "chưa đúng dạng JSON"),
    "another thing": (b'{"hello": "world"}', "không phải tệp hồ sơ"),
    "a list": (b"[1, 2]", "không phải tệp hồ sơ"),
    "another version": (b'{"format": "vcsc-application", "version": 2}', "phiên bản khác (2)"),
    "a zip": (zipped(a="b"), "bị hỏng"),
    "a workbook of others": (xlsx([["Tên", "Tuổi"], ["An", 1]]), "không có trang nào theo mẫu"),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "mật khẩu hoặc ở dạng cũ"),
    "too many rows": (xlsx([HEADS, *(["HN-01", "", "x"] for _n in range(1_100))]), "quá nhiều dòng"),
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("url", [INTO, NEW])
def test_what_cannot_be_read_is_refused_in_words(world, session, browser, name, url):
    world.application()
    browser.sign_in(world.an)
    content, words = HOSTILE[name]
    page = preview(browser, url, content)
    assert (page.status_code, words in page.text) == (422, True), page.text
    assert profile_of(session) == PROFILE
    assert len(session.exec(select(Application)).all()) == 1


def macros():
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("xl/workbook.xml", "x")
        archive.writestr("xl/vbaProject.bin", "x")
    return written.getvalue()


def bomb():
    """A good workbook whose list of texts unpacks to 40 MB."""
    plain, written = zipfile.ZipFile(io.BytesIO(xlsx([HEADS, ["HN-01", "", "x"]]))), io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in plain.namelist():
            archive.writestr(name, plain.read(name))
        archive.writestr("xl/sharedStrings.xml", BOMB)
    return written.getvalue()


@pytest.mark.parametrize(("content", "words"), [(macros(), "macro"), (bomb(), "bung ra quá lớn")])
def test_workbooks_with_more_in_them_than_cells(world, session, browser, content, words):
    world.application()
    browser.sign_in(world.an)
    page = preview(browser, INTO, content)
    assert (page.status_code, words in page.text) == (422, True)
    assert profile_of(session) == PROFILE


def test_fifty_megabytes_are_not_read(world, session, browser):
    world.application()
    browser.sign_in(world.an)
    page = browser.post(INTO, data=b" " * 50_000_000, content_type="multipart/form-data; boundary=x")
    assert page.status_code == 413
    assert profile_of(session) == PROFILE


def test_formulas_are_left_out_and_named(world, session, browser):
    world.application()
    browser.sign_in(world.an)
    page = preview(browser, INTO, xlsx([HEADS, ["HN-01", "", "x"], ["HN-02", "", CLAIM]], formula=True))
    assert page.status_code == 200
    assert '<span class="code">C2</span>: Ô này là công thức' in page.text
    confirm(browser, INTO, carried(page))
    assert [(one.criterion, one.claim) for one in session.exec(select(Answer))] == [("HN-02", CLAIM)]


def test_everything_wrong_is_named_with_its_place_and_the_rest_is_taken(world, session, browser):
    world.application()
    browser.sign_in(world.an)
    given = document(
        edition="vcsc-1999",
        profile={
            "version": "6.0",
            "website": "http://dennha.example",
            "categories": ["PC", "ZZ"],
            "name_vi": "x" * 201,
            "colour": "red",
            "version_date": "31/02/2026",
            "data": [{"kind": "location"}, {"kind": "soul"}, 7],
        },
        answers={
            "HN-01": {"claim": CLAIM, "not_applicable": True},
            "ZZ-99": {"claim": "x"},
            "HN-02": {"claim": "x" * 5001},
        },
        links=[{"url": "javascript:alert(1)"}, {"url": "https://a.example/x", "criterion": "ZZ-99", "kind": "SOUL"}],
    )
    page = preview(browser, INTO, given)
    assert page.status_code == 200
    for place in (
        *("edition", "profile.website", "profile.categories[1]", "profile.name_vi", "profile.colour"),
        *("profile.version_date", "profile.data[1]", "profile.data[2]", "answers.HN-01.not_applicable"),
        *("answers.ZZ-99", "answers.HN-02.claim", "links[0]", "links[1]"),
    ):
        assert f'<span class="code">{place}</span>' in page.text, place
    confirm(browser, INTO, carried(page))
    profile = profile_of(session)
    assert (profile["version"], profile["website"], profile["name_vi"]) == ("6.0", PROFILE["website"], "Đèn Nhà")
    assert profile["data"] == [
        {
            "kind": "location",
            "purpose_vi": "",
            "purpose_en": "",
            "optional": False,
            "kept_days": None,
            "shared_with": "",
        }
    ]
    assert [(one.criterion, one.claim) for one in session.exec(select(Answer))] == [("HN-01", CLAIM)]


def test_markup_in_a_file_is_text(world, browser):
    world.application()
    browser.sign_in(world.an)
    page = preview(
        browser, INTO, document(profile={"<script>": 1}, answers={"HN-01": {"claim": "<script>alert(1)</script>"}})
    )
    assert "<script>alert(1)" not in page.text
    assert "profile.<script>" not in page.text


# --- a new application ---


def test_a_new_application_from_a_document(world, session, browser):
    browser.sign_in(world.anh)
    given = document(
        profile={"name_vi": "Nôi Số", "categories": ["PC"], "flags": ["staffed"], "flags_answered": True},
        answers={"HN-01": {"claim": CLAIM, "self_score": 3}, "HN-02": {"self_score": 1}},
    )
    page = preview(browser, NEW, given)
    assert page.status_code == 200
    assert "điểm tự chấm không vào hồ sơ" in page.text
    assert session.exec(select(Application)).all() == []
    form = {**carried(page), "name_vi": "Nôi Số", "name_en": "Cradle", "newest": hidden(page, "newest")}
    done = confirm(browser, NEW, form)
    application = session.exec(select(Application)).one()
    assert (done.status_code, done.location) == (302, f"/applications/{application.ref}")
    assert application.vendor_id == world.hat_nang.id
    assert application.profile["name_en"] == "Cradle"
    assert (application.profile["flags"], application.profile["flags_answered"]) == (["staffed"], True)
    assert len(application.profile["flags_denied"]) == 8
    assert [(one.criterion, one.claim) for one in session.exec(select(Answer))] == [("HN-01", CLAIM)]

    again = confirm(browser, NEW, form)
    assert (again.status_code, again.location) == (302, done.location)
    assert len(session.exec(select(Application)).all()) == 1
    assert len(session.exec(select(Product)).all()) == 1


def test_somebody_else_began_one_meanwhile(world, session, browser):
    browser.sign_in(world.an)
    page = preview(browser, NEW, document(profile={"name_vi": "Nôi Số"}))
    world.application()
    again = confirm(browser, NEW, {**carried(page), "name_vi": "Nôi Số", "newest": ""})
    assert (again.status_code, "Đơn vị vừa lập một hồ sơ khác." in again.text) == (409, True)
    assert len(session.exec(select(Application)).all()) == 1
    done = confirm(browser, NEW, {**carried(again), "name_vi": "Nôi Số", "newest": hidden(again, "newest")})
    assert done.status_code == 302
    assert len(session.exec(select(Application)).all()) == 2


def test_a_draft_that_is_being_written_takes_the_document_instead(world, session, browser):
    world.application()
    sent = world.application(State.SUBMITTED, "HS-2026-0002")
    session.get_one(Product, sent.product_id).name = "Nôi Số"
    session.commit()
    browser.sign_in(world.anh)
    page = preview(browser, NEW, document(profile={"name_vi": PROFILE["name_vi"], "version": "6.0"}))
    assert re.findall(r'formaction="([^"]*)"', page.text) == [INTO]
    assert "Đơn vị đã có sản phẩm tên này." not in page.text
    there = preview(browser, INTO, hidden(page, "document"))
    assert (there.status_code, "Khác bản nháp" in there.text) == (200, True)
    assert confirm(browser, INTO, carried(there)).status_code == 302
    assert profile_of(session) == {**PROFILE, "version": "6.0"}
    assert len(session.exec(select(Application)).all()) == 2


def test_a_product_of_that_name_without_a_draft_is_pointed_out_and_the_document_waits(world, session, browser):
    world.application(State.WITHDRAWN)
    browser.sign_in(world.an)
    given = document(profile={"name_vi": PROFILE["name_vi"]})
    page = preview(browser, NEW, given)
    assert "Đơn vị đã có sản phẩm tên này." in page.text
    assert re.findall(r'formaction="([^"]*)"', page.text) == [NEW]
    world.application(ref="HS-2026-0003")  # begun in the other tab
    again = preview(browser, NEW, hidden(page, "document"))
    assert f'formaction="{URL[:-4]}0003/import"' in again.text
    assert json.loads(hidden(again, "document"))["profile"] == given["profile"]


def test_a_name_is_needed_and_what_was_ticked_stays(world, session, browser):
    browser.sign_in(world.an)
    page = preview(browser, NEW, document(profile={"version": "6.0", "website": "https://a.example"}))
    again = confirm(browser, NEW, {**carried(page), "name_vi": " ", "newest": ""}, take=["profile:version"])
    assert (again.status_code, "Nhập tên sản phẩm bằng tiếng Việt." in again.text) == (422, True)
    assert carried(again)["take"] == ["profile:version"]
    assert session.exec(select(Application)).all() == []


def test_without_a_company_the_document_waits_in_the_page(world, session, browser):
    browser.sign_in(world.minh)
    assert browser.get(NEW).status_code == 200
    written = json.dumps(document(profile={"name_vi": "Nôi Số"}), ensure_ascii=False)
    page = preview(browser, NEW, written)
    assert (page.status_code, hidden(page, "document")) == (200, written)
    assert "Đăng ký đơn vị trước" in page.text
    assert confirm(browser, NEW, {"document": written, "name_vi": "Nôi Số"}).status_code == 404
    assert session.exec(select(Application)).all() == []


def test_a_document_of_sixty_kilobytes_survives_the_sign_in(world, session, browser):
    codes = [f"{group}-{n:02d}" for group, most in (("TN", 11), ("HN", 7), ("AT", 6)) for n in range(1, most + 1)]
    given = document(
        profile={"name_vi": "Nôi Số"}, answers={code: {"claim": (CLAIM + "\n“ừ” ") * 35} for code in codes}
    )
    written = json.dumps(given, ensure_ascii=False)
    assert 50_000 < len(written) < 70_000
    token = browser.token("/sign-in")
    page = browser.post(NEW, data={"csrf_token": token, "document": written})
    assert page.status_code == 401
    kept = unescape(re.search(r'name="carried"[^>]*value="([^"]*)"', page.text)[1])
    sign_in = {"csrf_token": browser.token("/sign-in"), "email": world.an.email, "carried": kept}
    shown = browser.post("/sign-in", data={**sign_in, "password": "một câu dài dễ nhớ"})
    assert (shown.status_code, f'action="{NEW}"' in shown.text) == (200, True)
    back = hidden(shown, "document")
    assert json.loads(back) == given
    fresh = browser.token("/account")
    seen = browser.post(NEW, data={"csrf_token": fresh, "document": back})
    assert seen.status_code == 200
    assert confirm(browser, NEW, {**carried(seen), "name_vi": "Nôi Số", "newest": ""}).status_code == 302
    assert {one.criterion for one in session.exec(select(Answer))} == set(codes)


# --- product files ---

PRODUCTS = {one["id"]: one for one in json.loads(SOURCE.read_text("utf-8"))["products"]}


def test_a_file_of_several_products_asks_which(world, session, browser):
    browser.sign_in(world.an)
    page = preview(browser, NEW, SOURCE.read_bytes())
    assert page.status_code == 200
    assert "Lấy thông tin của sản phẩm nào?" in page.text
    chosen = preview(browser, NEW, hidden(page, "document"), product="cboard")
    assert "Cboard is an AAC web app" in chosen.text
    assert session.exec(select(Application)).all() == []


@pytest.mark.parametrize("product", PRODUCTS.values(), ids=PRODUCTS)
def test_every_real_product_goes_through_and_nothing_is_invented(world, session, browser, product):
    browser.sign_in(world.an)
    page = preview(browser, NEW, product)
    form = {**carried(page), "name_vi": product["name"], "name_en": product["name"], "newest": "", "note-1": "QT-01"}
    done = confirm(browser, NEW, form)
    assert done.status_code == 302
    profile = session.exec(select(Application)).one().profile
    secure = product["website"].startswith("https://")
    said = {"name_vi": product["name"], "name_en": product["name"], "description_en": product["description"]}
    assert profile == said | ({"website": product["website"]} if secure else {})
    assert secure or "Địa chỉ trang trong tệp chưa dùng được" in unescape(page.text)
    links = {one["url"] for one in product["evidence"]} | set(product["repositories"])
    assert {one.url for one in session.exec(select(Evidence))} == links
    assert session.exec(select(AnswerEvidence)).all() == []
    answer = session.exec(select(Answer)).one()
    assert (answer.criterion, answer.claim.split()) == ("QT-01", product["claims"][0]["text"].split())


def test_a_note_is_written_below_what_stands_there(world, session, browser):
    application = world.application()
    session.add(
        Answer(application_id=application.id, criterion="QT-01", claim="Đã có.", version=1, saved_by=world.an.id)
    )
    session.commit()
    browser.sign_in(world.an)
    page = preview(browser, INTO, document(notes=[{"about": "x", "text": "Theo tệp."}]))
    assert confirm(browser, INTO, carried(page), **{"note-0": "QT-01", "note-7": "QT-02"}).status_code == 302
    assert session.exec(select(Answer)).one().claim == "Đã có.\n\nTheo tệp."
    page = preview(browser, INTO, document(notes=[{"about": "x", "text": "Theo tệp."}]))
    session.exec(select(Answer)).one().claim = "Ánh vừa sửa."
    session.commit()
    assert confirm(browser, INTO, carried(page), **{"note-0": "QT-01"}).status_code == 409
    assert session.exec(select(Answer)).one().claim == "Ánh vừa sửa."


# --- exports ---


def test_what_is_exported_is_known_when_it_comes_back(world, session, browser):
    ready(world)
    browser.sign_in(world.anh)
    for path, kind in (("export.json", "application/json"), ("export.xlsx", "spreadsheetml.sheet")):
        file = browser.get(f"{URL}/{path}")
        assert (file.status_code, kind in file.content_type) == (200, True)
        assert file.headers["Content-Disposition"].startswith(f'attachment; filename="{REF}.{path[7:]}"')
        page = preview(browser, INTO, file.data)
        assert "0 phần nhập được" in page.text, page.text
        assert "0 chỗ bị bỏ qua" in page.text


HALVES = {
    "in an answer's name": {"answers": {"\ud800": {}}},
    "in a field's name": {"profile": {"\ud800": "x"}},
    "in the edition": {"edition": "\ud800"},
    "in the version": {"version": "\ud800"},
}


@pytest.mark.parametrize("parts", HALVES.values(), ids=HALVES.keys())
def test_halves_of_characters_are_written_on_no_page(world, session, browser, parts):
    world.application()
    browser.sign_in(world.an)
    page = preview(browser, INTO, json.dumps({**document(profile={"version": "6.0"}), **parts}))
    assert (page.status_code, "\ufffd" in page.text) == (422 if "version" in parts else 200, False)


def test_a_workbook_with_half_a_character(world, session, browser):
    world.application()
    browser.sign_in(world.an)
    rows = [HEADS, ["_xD800_", "", "x"], ["HN-01", "", f"{CLAIM}_xDFFF_"]]
    page = preview(browser, INTO, xlsx(rows))
    assert confirm(browser, INTO, carried(page)).status_code == 302
    assert session.exec(select(Answer)).one().claim == CLAIM


def test_a_workbook_of_any_text_is_read_again(world, session, browser):
    world.application()
    browser.sign_in(world.an)
    page = preview(browser, INTO, document(answers={"HN-01": {"claim": f"\uffff={CLAIM}\ufffe😀"}}))
    confirm(browser, INTO, carried(page))
    book = browser.get(f"{URL}/export.xlsx").data
    assert "0 phần nhập được" in preview(browser, INTO, book).text
    assert session.exec(select(Answer)).one().claim == f"={CLAIM}😀"


def test_workbooks_wait_their_turn(world, session, browser, monkeypatch):
    monkeypatch.setattr(confined, "PATIENCE", 0)
    world.application()
    browser.sign_in(world.an)
    for _turn in range(confined.AT_ONCE):
        confined._turnstile.acquire()
    try:
        page = preview(browser, INTO, xlsx([HEADS, ["HN-01", "", CLAIM]]))
    finally:
        confined._turnstile.release(confined.AT_ONCE)
    assert (page.status_code, "Máy chủ đang đọc nhiều tệp khác." in page.text) == (422, True)
    assert preview(browser, INTO, xlsx([HEADS, ["HN-01", "", CLAIM]])).status_code == 200


def test_a_workbook_that_was_filled_in(world, session, browser):
    world.application(profile={})
    browser.sign_in(world.an)
    book = load_workbook(io.BytesIO(browser.get(f"{URL}/export.xlsx").data))
    answers = book["Answers"]
    row = next(one for one in answers.iter_rows(min_row=3) if one[0].value == "HN-01")
    row[2].value = CLAIM
    facts = {one[0].value: one[2] for one in book["Profile"].iter_rows(min_row=3)}
    facts["name_vi"].value = "Nôi Số"
    facts["version_date"].value = "12/05/2026"
    facts["platforms"].value = "android\nios"
    book["Profile"].append(["platforms", "", "web"])
    facts["data_answered"].value = "có"
    written = io.BytesIO()
    book.save(written)
    page = preview(browser, INTO, written.getvalue())
    assert "0 chỗ bị bỏ qua" in page.text
    confirm(browser, INTO, carried(page))
    assert profile_of(session) == {
        "name_vi": "Nôi Số",
        "version_date": "2026-05-12",
        "platforms": ["android", "ios", "web"],
        "data": [],
        "data_answered": True,
    }
    assert [(one.criterion, one.claim) for one in session.exec(select(Answer))] == [("HN-01", CLAIM)]


def test_the_last_applications_words_come_along_by_themselves(world, session):
    before = ready(world, state=State.WITHDRAWN)
    product = session.get_one(Product, before.product_id)
    beginning = applications.Beginning("vcsc-2026", product_id=product.id)
    again = applications.start(session, world.an, world.hat_nang.id, beginning)
    session.commit()
    assert again.profile == before.profile
    claims = {one.claim for one in session.exec(select(Answer).where(Answer.application_id == again.id))}
    assert "Đã có cho HN-01." in claims


def test_what_is_imported_has_versions_and_stands_among_the_changes(app, world, session, browser):
    world.application()
    browser.sign_in(world.anh)
    links = [{"criterion": "HN-01", "url": "https://dennha.example/en", "title": "Report", "language": "en"}]
    given = document(profile={"version": "6.0"}, answers={"HN-01": {"claim": CLAIM}}, links=links)
    assert confirm(browser, INTO, carried(preview(browser, INTO, given))).status_code == 302
    texts = rows(app, select(ProfileText).order_by(ProfileText.number))
    assert [(one.section, one.content["version"], one.saved_by) for one in texts] == [
        ("version", "5.2", world.an.id),
        ("version", "6.0", world.anh.id),
    ]
    text = row(app, select(AnswerText))
    assert (text.version, text.claim, text.saved_by, text.begun_at) == (1, CLAIM, world.anh.id, None)
    moved = row(app, select(EvidenceChange))
    assert (moved.criterion, moved.attached, moved.changed_by) == ("HN-01", True, world.anh.id)
    piece = row(app, select(Evidence))
    assert (piece.language, piece.audience) == ("en", Audience.CLUB)
    page = browser.get(f"{URL}/changes").text
    for words in ("Sửa phần trình bày", "Sửa thông tin sản phẩm", "Thêm bằng chứng: Report", world.anh.name):
        assert words in page
    exported = browser.get(f"{URL}/export.json").json
    assert exported["links"][0]["language"] == "en"

"""The paper of a certificate: read as text, looked at, photographed, made once, and never for another status."""

import hashlib
import io
import json
from datetime import UTC, timedelta
from html import escape

import pypdfium2
import pytest
import zxingcpp
from flask_babel import force_locale
from PIL import Image
from pypdf import PdfReader
from sqlmodel import select

from assessments import certificates, clock
from assessments.models import Certificate, CertificatePaper, Credential, Publication
from assessments.publishing import PublicationKind
from assessments.states import CertificateState, CertificateStatus
from registry import fsck, jobs, storage
from registry.certificates import paper, papers, scope
from registry.certificates.scope import Facts, Signatory
from registry.certificates.standing import shown_of
from tests.counting import statements
from tests.deciding import certified
from tests.registry.certificates.test_verify import suspended, withdrawn
from tests.rows import rows

PAPERS = select(CertificatePaper).order_by(CertificatePaper.made_at, CertificatePaper.language.desc())
SIGNED = Credential(revision=1, event_number=1, status_index=0, kid="k", jwt="a.b.c", sha256="0" * 64)
LETTERS = "ăâđêôơư ắằẳẵặ ấầẩẫậ ếềểễệ ốồổỗộ ớờởỡợ ứừửữự ỳýỷỹỵ ÀÁẢÃẠ ĐƯỜNG NGHIỆM"


@pytest.fixture
def context(app):
    with app.app_context():
        yield app


@pytest.fixture
def certificate(world):
    return certified(world)


def facts_of(session, certificate, language="vi", **changes) -> Facts:
    found = papers.facts_of(session, shown_of(session, certificate), language)
    return Facts(**{**found.__dict__, **changes})


def written(content: bytes) -> str:
    pages = PdfReader(io.BytesIO(content)).pages
    assert len(pages) == 1
    return " ".join(pages[0].extract_text().split())


def picture(content: bytes, dpi: int) -> Image.Image:
    document = pypdfium2.PdfDocument(content)
    try:
        return document[0].render(scale=dpi / 72).to_pil().convert("RGB")
    finally:
        document.close()


def longest(certificate: Certificate) -> Certificate:
    """Every name as long as the forms allow, every platform, category and age."""
    words = "Giải pháp nghiên cứu ứng dụng bảo vệ trẻ em trước nội dung xấu độc trên không gian mạng Việt Nam "
    profile = {
        **certificate.content["profile"],
        "name_vi": (words * 3)[:200].strip(),
        "name_en": (words * 3)[:200].strip(),
        "version": ("9.10.1000-" * 8)[:60],
        "platforms": ["android", "ios", "windows", "macos", "chromeos", "linux", "web", "router", "other"],
        "categories": ["PC", "CF", "BR", "MO", "CM", "AA", "HM", "HR", "KP", "DL", "CD"],
        "ages": ["0-6", "7-11", "12-15", "16-17"],
    }
    vendor = {"name": (words * 3)[:200].strip(), "name_en": (words * 3)[:199].strip(), "address": (words * 5)[:400]}
    content = {**certificate.content, "profile": profile, "vendor": {**certificate.content["vendor"], **vendor}}
    return Certificate(**{**certificate.model_dump(), "content": content})


# --- what it says ---


def test_it_says_everything_in_vietnamese(context, session, certificate, settings):
    said = written(paper.render(facts_of(session, certificate), settings, "vi"))
    for words in (
        "GIẤY CHỨNG NHẬN",
        f"Số {certificate.number}",
        "Đèn Nhà",
        "Phiên bản đã kiểm tra: 5.2, ngày 12/05/2026",
        "Công ty CP Hạt Nắng",
        "1 Tràng Tiền, Hà Nội",
        "Mức 1 – Đạt bộ tiêu chí",
        "Điện thoại Android, iPhone, iPad (iOS)",
        "Ứng dụng kiểm soát của cha mẹ",
        "Bộ tiêu chí VCSC 2026, bản 2026.1",
        "không phải nguyên văn TCCS 03:2024/VNISA",
        f"đến hết ngày {certificate.valid_until:%d/%m/%Y}",
        f"http://localhost/c/{certificate.number}",
        f"Tình trạng ngày {clock.today():%d/%m/%Y}: còn hiệu lực.",
        "Tờ giấy không biết những gì xảy ra sau ngày đó",
    ):
        assert words in said, words


def test_it_says_everything_in_english(context, session, certificate, settings):
    said = written(paper.render(facts_of(session, certificate, "en"), settings, "en"))
    for words in ("CERTIFICATE", "Home Lamp", "Level 1", "Android", f"http://localhost/en/c/{certificate.number}"):
        assert words in said, words


def test_whoever_signs_is_named_and_the_properties_name_nobody(context, session, certificate, settings):
    signed = facts_of(session, certificate, signatory=Signatory("Nguyễn Thị Minh Hà", "Chủ nhiệm"), signed=SIGNED)
    content = paper.render(signed, settings, "vi")
    assert "Nguyễn Thị Minh Hà Chủ nhiệm" in written(content)
    reader = PdfReader(io.BytesIO(content))
    about = reader.xmp_metadata
    assert about.dc_title == {"x-default": f"Giấy chứng nhận {certificate.number}"}
    assert about.dc_creator == [certificate.content["issuer"]["vi"]]
    day = clock.start_of_day(clock.today()).replace(tzinfo=None)
    assert {about.xmp_create_date, about.xmp_modify_date, about.xmp_metadata_date} <= {day, day.replace(tzinfo=UTC)}
    assert about.dc_language == ["vi"]
    told = about.stream.get_data().decode() + str(reader.metadata)
    assert [name for name in ("Minh Hà", "Giang", "Hùng", "Dũng") if name in told] == []
    root = reader.trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("vi", True)
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    kinds = [one.get_object()["/S"] for one in root["/StructTreeRoot"]["/K"][0].get_object()["/K"]]
    assert (kinds.count("/H1"), kinds.count("/Figure"), "/P" in kinds) == (1, 1, True)
    assert ("<pdfaid:part>3<" in told, "<pdfaid:conformance>U<" in told) == (True, True)


def test_the_files_inside(context, session, certificate, settings):
    content = paper.render(
        facts_of(session, certificate, signed=SIGNED, proof="c2sp.org/tlog-proof@v1\n"), settings, "vi"
    )
    number = certificate.number
    attached = PdfReader(io.BytesIO(content)).attachments
    assert set(attached) == {f"{number}.jwt", f"{number}.json", f"{number}.proof"}
    assert attached[f"{number}.jwt"] == [b"a.b.c"]
    assert b'"status": "active"' in attached[f"{number}.json"][0]
    assert set(PdfReader(io.BytesIO(paper.render(facts_of(session, certificate), settings, "vi"))).attachments) == {
        f"{number}.json"
    }


def test_a_reduced_certificate_says_which_revision_it_is(context, session, certificate, settings):
    assert "lần 1; thay bản trước" in written(paper.render(facts_of(session, certificate, revision=2), settings, "vi"))


def test_the_other_wording_and_a_demonstration_fit(context, session, certificate, settings):
    other = settings.__class__(**{**settings.__dict__, "wording": "B", "demonstration": True})
    context.config["SETTINGS"] = other
    said = written(paper.render(facts_of(session, certificate), other, "vi"))
    assert "GIẤY XÁC NHẬN KẾT QUẢ ĐÁNH GIÁ" in said
    assert "Dữ liệu trình diễn: không có giá trị." in said
    assert "chứng nhận" not in said.lower().replace("giá trị chứng nhận", "")


def test_the_same_facts_give_the_same_bytes(context, session, certificate, settings):
    facts = facts_of(session, certificate)
    first = paper.render(facts, settings, "vi")
    with clock.at(clock.now() + timedelta(days=30)):
        assert paper.render(facts, settings, "vi") == first


def test_every_vietnamese_letter_is_there(context, session, certificate, settings):
    vendor = {**certificate.content["vendor"], "name": LETTERS}
    named = Certificate(**{**certificate.model_dump(), "content": {**certificate.content, "vendor": vendor}})
    assert LETTERS in written(paper.render(facts_of(session, named), settings, "vi"))


# --- how it looks ---


def places(content: bytes) -> dict[str, tuple[float, float, float, float]]:
    """Each line of text with its box, in shares of the sheet from its top left corner."""
    document = pypdfium2.PdfDocument(content)
    page = document[0]
    width, height = page.get_size()
    text = page.get_textpage()
    found = {}
    for at in range(text.count_rects()):
        left, bottom, right, top = text.get_rect(at)
        said = text.get_text_bounded(left, bottom, right, top).strip()
        found[said] = (left / width, 1 - top / height, right / width, 1 - bottom / height)
    text.close()
    document.close()
    return found


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_parts_stand_where_they_belong(context, session, certificate, settings, language):
    found = places(paper.render(facts_of(session, certificate, language), settings, language))
    title, product = ("GIẤY CHỨNG NHẬN", "Đèn Nhà") if language == "vi" else ("CERTIFICATE", "Home Lamp")
    tops = [next(box[1] for said, box in found.items() if said == one) for one in (title, product)]
    assert 0.1 < tops[0] < tops[1] < 0.4
    for said, (left, top, right, bottom) in found.items():
        assert left > 25 / 210 - 0.005, said
        assert right < 185 / 210 + 0.005, said
        assert top > 0.05, said
        assert bottom < 0.95, said
    middle = next(box for said, box in found.items() if said == title)
    assert abs((middle[0] + middle[2]) / 2 - 0.5) < 0.01


def test_it_is_a_picture_of_paper_with_a_frame_a_mark_and_ink(context, session, certificate, settings):
    seen = picture(paper.render(facts_of(session, certificate), settings, "vi"), 72)
    width, height = seen.size
    assert (width, height) == (596, 842)
    assert seen.getpixel((5, 5)) == (255, 255, 255)
    frame = [seen.getpixel((x, height // 2)) for x in range(20, 32)]
    assert any(sum(abs(a - b) for a, b in zip(point, (23, 57, 107), strict=True)) < 60 for point in frame)
    mark = seen.crop((int(width * 0.44), int(height * 0.05), int(width * 0.56), int(height * 0.13)))
    assert {(23, 57, 107), (243, 180, 51)} <= {colour for _count, colour in mark.getcolors(10_000)}
    dark = sum(1 for point in seen.convert("L").tobytes() if point < 140) / (width * height)
    assert 0.02 < dark < 0.2


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("state", [CertificateState.ACTIVE, CertificateState.WITHDRAWN])
def test_the_longest_names_are_not_clipped(context, session, certificate, settings, language, state):
    certificate = longest(certificate)
    certificate.state = state
    signatory = Signatory("Công Tằng Tôn Nữ Nguyễn Thị Minh Hà", "Chủ nhiệm Câu lạc bộ, kiêm Trưởng ban Chứng nhận")
    found = facts_of(session, certificate, language, signatory=signatory, signed=SIGNED, revision=3)
    content = paper.render(found, settings, language)
    said = written(content).replace(" ", "")
    profile, vendor = certificate.content["profile"], certificate.content["vendor"]
    for name in (profile["name_vi"], profile["version"], vendor["name"], vendor["name_en"], vendor["address"]):
        assert name.strip().replace(" ", "") in said
    boxes = places(content)
    for words, (left, _top, right, bottom) in boxes.items():
        assert left > 25 / 210 - 0.005, words
        assert right < 185 / 210 + 0.005, words
        assert bottom < 0.95, words
    office = next(box for words, box in boxes.items() if words.startswith("Chủ nhiệm Câu lạc bộ"))
    assert office[3] < 231 / 297, "what may be long ends above the code"
    assert boxes[signatory.name][3] - boxes[signatory.name][1] > 1.5 / 297


# --- the code, photographed ---


def photographed(content: bytes, degrees: float = 3) -> Image.Image:
    """Rendered at 150 dpi, laid on a table a little askew, and kept as a poor JPEG."""
    turned = picture(content, 150).rotate(
        degrees, expand=True, fillcolor=(120, 110, 100), resample=Image.Resampling.BICUBIC
    )
    kept = io.BytesIO()
    turned.save(kept, "JPEG", quality=50)
    return Image.open(io.BytesIO(kept.getvalue()))


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("degrees", [3, -3])
def test_a_photograph_of_the_paper_still_gives_the_address(context, session, certificate, settings, language, degrees):
    content = paper.render(facts_of(session, certificate, language), settings, language)
    [code] = zxingcpp.read_barcodes(photographed(content, degrees))
    prefix = "/en" if language == "en" else ""
    assert (code.format, code.text) == (
        zxingcpp.BarcodeFormat.QRCode,
        f"http://localhost{prefix}/c/{certificate.number}",
    )
    assert code.ec_level in {"Q", "H"}


def test_the_code_can_be_read_with_a_long_address_and_a_withdrawn_paper(context, session, certificate, settings):
    certificate.state = CertificateState.WITHDRAWN
    address = f"https://danh-muc-san-pham.baove-treem-tren-khong-gian-mang.example.vn/en/c/{certificate.number}"
    content = paper.render(facts_of(session, certificate, address=address), settings, "vi")
    assert [code.text for code in zxingcpp.read_barcodes(photographed(content))] == [address]


# --- made by the worker ---


def bytes_of(sha256: str) -> bytes:
    with storage.current().open(sha256) as source:
        return source.read()


def make(app) -> None:
    """What the worker does, in a context of its own."""
    with app.app_context():
        papers.make_all()


def lost() -> list[str]:
    """What fsck says of files."""
    return [told for told in fsck.findings(fsck.Asked()) if told.startswith("File ")]


def test_the_worker_makes_each_once_and_keeps_it_by_its_hash(app, context, world, certificate):
    for _n in range(2):
        jobs.turn()
    made = rows(app, PAPERS)
    assert [(one.language, one.status, one.revision) for one in made] == [
        ("vi", CertificateStatus.ACTIVE, 1),
        ("en", CertificateStatus.ACTIVE, 1),
    ]
    for one in made:
        content = bytes_of(one.sha256)
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (one.sha256, one.size)
        assert content.startswith(b"%PDF-")
    assert lost() == []


def test_fsck_finds_a_paper_that_is_gone(app, context, certificate):
    papers.make_all()
    gone = rows(app, PAPERS)[0].sha256
    storage.current().remove(gone)
    assert lost() == [f"File {gone} is gone."]


def test_another_status_is_another_paper_and_a_second_suspension_too(app, context, world, certificate):
    papers.make_all()
    suspended(world, certificate)
    assert papers.make_all() == 2
    certificates.confirm(world.session, world.hung, certificate.number, 2)
    world.session.commit()
    assert papers.make_all() == 0
    withdrawn(world, certificate)
    assert (papers.make_all(), papers.make_all()) == (2, 0)
    assert [one.status.value for one in rows(app, PAPERS)] == [
        *("active", "active", "suspended", "suspended", "withdrawn", "withdrawn")
    ]
    said = written(bytes_of(rows(app, PAPERS)[-2].sha256))
    assert said.startswith(f"Đã thu hồi. Từ ngày {clock.today():%d/%m/%Y}, giấy này không còn giá trị.")
    assert "ĐÃ THU HỒI" in said


def test_an_expired_certificate_gets_its_paper_by_itself(app, context, certificate):
    papers.make_all()
    with clock.at(clock.start_of_day(certificate.valid_until + timedelta(days=1))):
        assert papers.make_all() == 2
    assert rows(app, PAPERS)[-1].status is CertificateStatus.EXPIRED


def test_a_certificate_that_is_not_announced_has_no_paper(app, context, world):
    world.round.announce_on = clock.today() + timedelta(days=10)
    world.session.add(world.round)
    world.session.commit()
    certificate = certified(world)
    assert papers.make_all() == 0
    with clock.at(clock.start_of_day(certificate.valid_from)):
        assert papers.make_all() == 0
        jobs.publish()
        assert papers.make_all() == 2


def test_one_waits_while_something_is_on_its_way(app, browser, world, certificate):
    make(app)
    world.session.add(
        Publication(key="x", kind=PublicationKind.REDUCE, certificate_id=certificate.id, due_at=clock.now())
    )
    world.session.commit()
    assert browser.get(f"/c/{certificate.number}.pdf").status_code == 202
    with app.app_context():
        assert papers.make_all() == 0


def test_nothing_is_asked_of_certificates_while_nothing_happens(app, context, world, certificate):
    for _n in range(3):
        papers.make_all()
    with statements(app) as seen:
        assert papers.make_all() == 0
    assert len(seen) == 1


def test_the_proof_and_the_signature_lie_inside(app, browser, certificate):
    make(app)
    number = certificate.number
    attached = PdfReader(io.BytesIO(browser.get(f"/c/{number}.pdf").data)).attachments
    assert attached[f"{number}.jwt"] == [browser.get(f"/c/{number}.jwt").data]
    assert attached[f"{number}.proof"] == [browser.get(f"/c/{number}.proof").data]
    assert json.loads(attached[f"{number}.json"][0]) == browser.get(f"/c/{number}.json").json


def test_one_that_cannot_be_made_does_not_hold_up_the_others(app, context, world, certificate, monkeypatch):
    other = certified(world, "HS-2026-0002")
    render = paper.render

    def fail(facts, settings, language):
        if facts.shown.certificate.number == certificate.number:
            raise RuntimeError("no room")
        return render(facts, settings, language)

    monkeypatch.setattr(paper, "render", fail)
    assert (papers.make_all(), papers.make_all()) == (2, 0)
    assert {one.certificate_id for one in rows(app, PAPERS)} == {other.id}


# --- handed out ---


def test_it_is_handed_out_in_the_language_of_the_address(app, browser, certificate):
    make(app)
    made = {one.language: one for one in rows(app, PAPERS)}
    for address, language in ((f"/c/{certificate.number}.pdf", "vi"), (f"/en/c/{certificate.number}.pdf", "en")):
        answer = browser.get(address)
        assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
        assert hashlib.sha256(answer.data).hexdigest() == made[language].sha256
        assert f"{certificate.number}-{language}.pdf" in answer.headers["Content-Disposition"]
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Cache-Control"].startswith("public, max-age=")


def test_a_paper_of_another_status_is_never_handed_out(app, browser, world, certificate):
    make(app)
    withdrawn(world, certificate)
    answer = browser.get(f"/c/{certificate.number}.pdf")
    assert (answer.status_code, answer.mimetype, answer.headers["Cache-Control"]) == (202, "text/html", "no-store")
    assert "Bản PDF đang được lập" in answer.text
    assert "đã thu hồi" in answer.text
    make(app)
    assert "ĐÃ THU HỒI" in written(browser.get(f"/c/{certificate.number}.pdf").data)


def test_unknown_numbers_and_other_spellings(browser, app, certificate):
    for page in ("/c/{}.pdf", "/c/{}/certificate"):
        assert browser.get(page.format("VCSC-25-0001-Z")).status_code == 404
        assert browser.get(page.format("nothing")).status_code == 404
        answer = browser.get(page.format(certificate.number.lower()))
        assert (answer.status_code, answer.location) == (302, page.format(certificate.number))


def test_one_that_is_not_announced_is_not_found(browser, world):
    world.round.announce_on = clock.today() + timedelta(days=10)
    world.session.add(world.round)
    world.session.commit()
    certificate = certified(world)
    for page in (f"/c/{certificate.number}.pdf", f"/c/{certificate.number}/certificate"):
        assert browser.get(page).status_code == 404


def test_the_page_says_what_the_paper_says(app, browser, session, certificate, settings):
    for language, prefix in (("vi", ""), ("en", "/en")):
        page = " ".join(browser.get(f"{prefix}/c/{certificate.number}/certificate").text.split())
        with app.test_request_context(f"{prefix}/"), force_locale(language):
            facts = facts_of(session, certificate, language)
            told = [value for row in scope.rows_of(facts) for value in row]
            told += [scope.product_of(facts.shown), scope.version_of(facts.shown), *scope.vendor_of(facts.shown)]
            told += [scope.level_of(facts.shown)[0], scope.status_of(facts), scope.reconstruction_of(facts.shown)]
        plain = [escape(" ".join(one.split()), quote=False) for one in told]
        assert [one for one in plain if one not in page] == []


def test_the_page_of_one_that_is_not_valid_says_so_first(browser, world, certificate):
    withdrawn(world, certificate)
    page = browser.get(f"/c/{certificate.number}/certificate").text
    assert page.index('class="cert over"') < page.index("<b>Đã thu hồi</b>") < page.index('<h1 id="cert-title">')


def test_the_page_of_the_certificate_leads_to_both(browser, app, certificate):
    page = browser.get(f"/c/{certificate.number}").text
    for address in (f"/c/{certificate.number}.pdf", f"/c/{certificate.number}/certificate"):
        assert f'href="{address}"' in page

"""How templates write dates, numbers and addresses; and that layouts and components hold what they promise."""

import gzip
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from flask import Flask, g, render_template, render_template_string
from markupsafe import Markup
from wtforms import FieldList, Form, FormField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from assessments.errors import Missing
from criteria.model import Bilingual
from registry import i18n, templating
from registry.config import Settings

ROOT = Path(__file__).parent.parent.parent
TEMPLATES = ROOT / "templates"
NBSP = "\u00a0"


@pytest.fixture
def site():
    """A bare site with the real templates and no blueprint."""
    site = Flask(__name__, template_folder=str(TEMPLATES), static_folder=str(ROOT / "registry" / "static"))
    site.config["SETTINGS"] = Settings(secret_key="x" * 40, public_url="https://register.example")
    i18n.init_app(site)
    templating.init_app(site)
    site.add_template_global(lambda: Markup('<input type="hidden" name="csrf_token">'), "csrf_field")
    site.secret_key = "x"
    return site


@pytest.fixture(params=["vi", "en"])
def language(request, site):
    """Inside a request, once in each language."""
    with site.test_request_context("/"):
        g.language = request.param
        yield request.param


def choose(language, vi, en):
    return en if language == "en" else vi


def test_days(language):
    assert templating.day(date(2026, 2, 5)) == choose(language, "05/02/2026", f"5{NBSP}February{NBSP}2026")
    long = f"5{NBSP}tháng{NBSP}2 năm{NBSP}2026"
    assert templating.day_long(date(2026, 2, 5)) == choose(language, long, f"5{NBSP}February{NBSP}2026")
    assert templating.day(None) == templating.day_long(None) == templating.moment(None) == templating.iso(None) == ""


def test_a_legal_day_is_a_day_in_viet_nam(language):
    late = datetime(2026, 11, 21, 17, 30, tzinfo=UTC)
    assert templating.hour(late) == "00:30"
    assert templating.day(late) == choose(language, "22/11/2026", f"22{NBSP}November{NBSP}2026")
    said = f"00:30 ngày{NBSP}22/11/2026", f"00:30, 22{NBSP}November{NBSP}2026"
    assert templating.moment(late) == choose(language, *said)
    assert templating.iso(late) == "2026-11-22T00:30+07:00"
    assert templating.iso(late.date()) == "2026-11-21"


def test_numbers(language):
    assert templating.number(1234.5) == choose(language, "1.234,5", "1,234.5")
    assert templating.number(1234567) == choose(language, "1.234.567", "1,234,567")
    assert templating.number(Decimal("16.788"), 2) == choose(language, "16,79", "16.79")
    assert templating.percent(95) == "95%"
    assert templating.percent(0.5) == choose(language, "0,5%", "0.5%")
    assert templating.number(None) == templating.percent(None) == ""


def test_a_score_is_never_rounded_up_to_the_next_level(language):
    assert templating.score(77.96) == choose(language, "77,9", "77.9")
    assert templating.score(Fraction(7799, 100), 2) == choose(language, "77,99", "77.99")
    assert templating.score(84.4) == choose(language, "84,4", "84.4")
    assert templating.score(0.1 + 0.2) == choose(language, "0,3", "0.3")
    assert templating.score(60) == choose(language, "60,0", "60.0")
    assert templating.score(None) == "–"


def test_sizes(language):
    assert templating.filesize(0) == f"0{NBSP}byte"
    assert templating.filesize(2_202_010) == choose(language, f"2,1{NBSP}MB", f"2.1{NBSP}MB")
    assert templating.filesize(200 * 1024 * 1024) == f"200{NBSP}MB"
    assert templating.filesize(5 * 1024**4) == choose(language, f"5.120{NBSP}GB", f"5,120{NBSP}GB")
    assert templating.filesize(None) == ""


def test_texts(language):
    assert templating.bi(Bilingual("Đèn", "Lamp")) == choose(language, "Đèn", "Lamp")
    assert templating.bi("như cũ") == "như cũ"
    assert templating.bi(None) == ""
    assert templating.sentence("đạt") == "Đạt"
    assert templating.sentence("") == ""
    assert isinstance(templating.sentence(Markup("ă<b>b</b>")), Markup)
    assert templating.said(Missing("Còn %(n)d mục.", values={"n": 3})) == "Còn 3 mục."


def test_the_wording_of_a_template_follows_the_language(language):
    said = render_template_string("{{ _('%(certificate)s', **w)|sentence }} {{ w.mark }}")
    assert said == choose(language, "Giấy chứng nhận dấu chứng nhận", "Certificate mark")


def test_the_other_set_of_words_reaches_every_template(site):
    site.config["SETTINGS"] = Settings(secret_key="x" * 40, wording="B")
    with site.test_request_context("/"):
        assert render_template_string("{{ w.certificate }}") == "giấy xác nhận kết quả đánh giá"
        assert len(templating.Words()) == len(list(templating.Words())) == 7


# --- addresses ---


def address(site, path, name="alternate_url", **environ):
    """What a global says on a page of the running site."""
    site.add_url_rule("/<path:rest>", "any", lambda rest="": render_template_string("{{ " + name + " }}"))
    site.add_url_rule("/", "home", lambda: render_template_string("{{ " + name + " }}"))
    return site.test_client().get(path, environ_overrides=environ).text


@pytest.mark.parametrize(
    ("path", "other"),
    [
        ("/products?age=6-11&amp=1", "/en/products?age=6-11&amp;amp=1"),
        ("/en/products?q=đèn", "/products?q=%C4%91%C3%A8n"),
        ("/", "/en/"),
        ("/en", "/"),
        ("/en/đèn", "/%C4%91%C3%A8n"),
    ],
)
def test_the_same_page_in_the_other_language(site, path, other):
    assert address(site, path, "alternate_url()") == other


@pytest.mark.parametrize("path", ["//evil.test/x", "/en//evil.test/x", "/\\evil.test"])
def test_no_path_becomes_another_host(site, path):
    with site.test_request_context("/", environ_overrides={"PATH_INFO": path.removeprefix("/en")}):
        assert not re.match(r"//|/\\", templating.alternate_url().removeprefix("/en"))
        assert templating.absolute_url("vi").startswith("https://register.example/")


def test_search_engines_are_told_the_address_without_its_filters(site):
    seen = address(site, "/en/products?q=a", "absolute_url('vi') ~ ' ' ~ absolute_url('en')")
    assert seen == "https://register.example/products https://register.example/en/products"


def test_a_static_file_has_one_address_and_a_version_of_its_content(site):
    address_ = address(site, "/en/products", "static_url('site.css')", SCRIPT_NAME="/registry")
    assert re.fullmatch(r"/registry/static/site\.css\?v=[0-9a-f]{8}", address_)


def test_from_the_workspace_the_public_pages_open_in_the_persons_language(site):
    site.add_url_rule("/products", "products", lambda: "")
    with site.test_request_context("/"):
        g.language = "en"
        assert templating.page_url("products", q="a") == "/en/products?q=a"
    with site.test_request_context("/"):
        assert templating.page_url("products") == "/products"
    assert not address(site, "/", "has_page('nothing') or ''")


# --- faults of a form ---


class Contact(Form):
    phone = StringField("Điện thoại", [InputRequired()])


class Everything(Form):
    name = StringField("Tên sản phẩm", [InputRequired("Nhập tên sản phẩm.")])
    price = RadioField("Giá", choices=[SelectChoice("free", "Miễn phí")], validators=[InputRequired()])
    contact = FormField(Contact, "Liên hệ")
    links = FieldList(StringField("Đường dẫn", [InputRequired()]), "Đường dẫn", min_entries=1)


def test_every_fault_leads_to_its_control_and_names_it():
    form = Everything()
    form.validate()
    form.form_errors.append("Hai ngày không khớp.")
    assert templating.faults(form) == [
        ("name", "Nhập tên sản phẩm."),
        ("price-0", "Giá: This field is required."),
        ("contact-phone", "Điện thoại: This field is required."),
        ("links-0", "Đường dẫn: This field is required."),
        ("", "Hai ngày không khớp."),
    ]


def test_the_summary_links_to_controls_that_exist(site):
    form = Everything()
    form.validate()
    source = """{% from "components/forms.html" import field, error_summary %}
        {{ error_summary(form) }}{% for one in form %}{{ field(one) }}{% endfor %}"""
    with site.test_request_context("/"):
        page = render_template_string(source, form=form)
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(re.findall(r' id="([^"]+)"', page))
    described = {name for names in re.findall(r'aria-describedby="([^"]+)"', page) for name in names.split()}
    assert described <= set(re.findall(r' id="([^"]+)"', page))
    assert "Có 4 chỗ cần sửa" in page


# --- bars, styles, layouts ---


def test_the_bar_is_as_long_as_the_number_beside_it(site):
    rows = [{"name": "Nhóm", "score": 84.4}, {"name": "Khác", "score": None}]
    source = """{% from "components/bars.html" import result_table %}{{ result_table('Điểm', rows, [50]) }}"""
    with site.test_request_context("/"):
        page = render_template_string(source, rows=rows)
    assert re.findall(r"<b>([\d,]+)</b><svg.*?M0 1h(\d+)v12", page) == [("84,4", "844")]
    assert "Không áp dụng" in page


def test_the_styles_stay_within_their_weight():
    assert len(gzip.compress((ROOT / "registry" / "static" / "site.css").read_bytes(), 9)) <= 10 * 1024


def test_colours_are_written_once_as_tokens():
    styles = (ROOT / "registry" / "static" / "site.css").read_text("utf-8")
    after_tokens = styles[styles.index("@layer base {") : styles.index("@layer print {")]
    assert re.findall(r"#[0-9a-f]{3,8}\b(?<!#0000)", after_tokens) == []
    names = set(re.findall(r"(--[\w-]+):", styles))
    assert set(re.findall(r"var\((--[\w-]+)", styles)) - names == set()


TAKEN_AWAY = {TEMPLATES / "audit" / "_case.html", TEMPLATES / "reviews" / "packs" / "_index.html"}  # opened from a disk


@pytest.mark.parametrize(
    "template", sorted({*TEMPLATES.rglob("*.html")} - TAKEN_AWAY), ids=lambda path: str(path.relative_to(TEMPLATES))
)
def test_no_template_needs_what_the_policy_forbids(template):
    text = template.read_text("utf-8")
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=\"", text)
    assert not re.search(r"<script(?![^>]*\b(src=|type=\"application/))", text)
    assert not re.search(r"(?:src|href)=\"https?://", text)


@pytest.mark.parametrize("code", [400, 403, 404, 409, 413, 422, 429, 500, 503, 507])
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_error_has_its_page_in_both_languages(site, code, prefix):
    context = {"code": code, "message": "", "missing": [], "refusal": None, "error_id": "ab12"}
    site.add_url_rule("/x", "x", lambda: render_template(f"errors/{code}.html", **context))
    page = site.test_client().get(f"{prefix}/x").text
    assert ("<title>Error: " if prefix else "<title>Lỗi: ") in page
    assert "111" in page
    assert f'<html lang="{prefix[1:] or "vi"}">' in page
    assert page.count("<h1") == 1


def test_what_is_missing_is_listed_on_the_page(site):
    missing = [Missing("Thiếu bằng chứng cho %(code)s.", values={"code": "TN-05"})]
    context = {"code": 422, "message": "", "missing": missing, "refusal": None, "error_id": ""}
    with site.test_request_context("/"):
        assert "<li>Thiếu bằng chứng cho TN-05.</li>" in render_template("errors/422.html", **context)

"""The visible text keeps to the style guide: spelling, typography, and the one setting for "certified"."""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes

ROOT = Path(__file__).parent.parent
TEMPLATES = ROOT / "templates"
ENGLISH = ROOT / "registry" / "translations" / "en" / "LC_MESSAGES" / "messages.po"

# hoà, xoá, khoẻ, huỷ, uỷ: this site writes hòa, xóa, khỏe, hủy, ủy. After q the u is part of the consonant.
OLD_TONES = re.compile(r"(?:o[àáảãạèéẻẽẹ]|(?<!q)u[ỳýỷỹỵ])(?![\w])", re.IGNORECASE)
BARE = re.compile(r"chứng nhận|giấy phép|chứng chỉ|certificat\w*|certif(?:y|ied|ies)\b", re.IGNORECASE)
VALUE = re.compile(r"%\(\w+\)[sdfr]|%%")
ADDRESS = re.compile(r"https?://\S+|\b[\w./-]+@[\w.-]+|\bvcsc-\d+\b")
CLASSES = {"page_class", "width"}  # blocks of the layouts inside class="…": nobody reads what they say
TAG = re.compile(r"<[^>]+>")
WORD = re.compile(r"[^\W\d_]{2,}")

# Sentences in which the bare word is meant, and why.
ALLOWED_BARE = {
    "Không phải giấy phép của cơ quan nhà nước.": "says what the mark is not",
    "It is not a licence from a state authority.": "says what the mark is not",
    "ISO/IEC 17065": "title of a standard",
}
ABBREVIATIONS = {
    *("VCSC", "VNISA", "TCCS", "TCVN", "ISO", "IEC", "HS", "NĐ", "CP", "QĐ", "QH", "BTTTT", "VND", "WCAG"),
    *("PDF", "PNG", "JPEG", "CSV", "ODT", "DOCX", "ODS", "XLSX", "ZIP", "HTML", "CSS", "JSON", "MB", "GB", "KB"),
    *("TNHH", "ND"),  # a kind of company; NĐ as English writes the number of a decree
    *("QR", "API", "SDK", "URL", "VPN", "DNS", "IP", "MAC", "TV", "SHA", "UTC", "OTP", "II", "III", "IV"),
    *("ACE",),  # a project that helped to set the club up
    *("HMAC",),  # how messages to webhooks are signed
    *("USB",),  # a key to sign in with
    *("GET", "HEAD", "RFC", "UTF", "BCP"),  # how programs ask, and the papers that say so
    *("APK", "IPA", "EXE", "MSI", "DMG", "DEB", "AAB"),
    *("TL", "TN", "HN", "RT", "TT", "AT", "QT", "BC"),
    *("PC", "CF", "BR", "MO", "CM", "AA", "HM", "HR", "KP", "DL", "CD"),
}


def forms(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """A text, or its plural forms."""
    return (text,) if isinstance(text, str) else tuple(text)


def catalogue() -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Every text of the site with its English."""
    with ENGLISH.open("rb") as source:
        for message in read_po(source, locale="en"):
            if message.id:
                yield forms(message.id), forms(message.string)


VIETNAMESE = sorted({text for texts, _ in catalogue() for text in texts})
ENGLISH_TEXTS = sorted({text for _, texts in catalogue() for text in texts if text})
PAGES = sorted(TEMPLATES.rglob("*.html"))
LETTERS = sorted(TEMPLATES.rglob("*.txt"))


def plain(text: str) -> str:
    """The text as it is read: no markup, no values, no addresses."""
    return ADDRESS.sub(" ", VALUE.sub("x", TAG.sub("", text)))


def bare_words(text: str) -> list[str]:
    """Words of the wording setting that were typed out."""
    for allowed in ALLOWED_BARE:
        text = text.replace(allowed, "")
    return BARE.findall(plain(text))


def own_text(path: Path) -> str:
    """What a template says outside of tags, attributes' code and expressions."""
    tree = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"], autoescape=True).parse(path.read_text("utf-8"))
    in_attributes = {
        data
        for block in tree.find_all(nodes.Block)
        if block.name in CLASSES
        for data in block.find_all(nodes.TemplateData)
    }
    return " ".join(data.data for data in tree.find_all(nodes.TemplateData) if data not in in_attributes)


def test_the_blocks_of_classes_stand_in_attributes_only():
    for layout in (TEMPLATES / "layouts").glob("*.html"):
        source = layout.read_text("utf-8")
        for name in CLASSES:
            block = "{% block " + name + " %}{% endblock " + name + " %}"
            assert source.count("{% block " + name) == len(re.findall(rf'class="[^"<>]*{re.escape(block)}', source))


def test_the_catalogue_is_there():
    assert len(VIETNAMESE) > 50


def test_the_word_for_certified_is_never_typed():
    assert {text: bare_words(text) for text in (*VIETNAMESE, *ENGLISH_TEXTS) if bare_words(text)} == {}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_templates_say_nothing_of_their_own(path):
    said = TAG.sub(" ", re.sub(r"<(script|style|svg)\b.*?</\1>", " ", own_text(path), flags=re.DOTALL))
    letters = re.findall(r"[^\W\d_]{3,}", said)
    assert [word for word in letters if word not in {"English", "Tiếng", "Việt", "nbsp", "doctype", "html"}] == []


@pytest.mark.parametrize("path", LETTERS, ids=lambda path: path.name)
def test_letters_keep_to_the_guide(path):
    text = own_text(path)
    assert bare_words(text) == []
    assert OLD_TONES.findall(plain(text)) == []
    assert text == unicodedata.normalize("NFC", text)
    assert re.findall(r"!|\.\.\.|\"|(?i:vui lòng)|\bCLB\b|(?i:quý khách)", plain(text)) == []


def test_tone_marks_stand_where_the_laws_put_them():
    assert {text: OLD_TONES.findall(text) for text in VIETNAMESE if OLD_TONES.search(plain(text))} == {}


@pytest.mark.parametrize(
    ("word", "old"),
    [
        *((word, True) for word in ("hoà", "xoá", "khoẻ", "huỷ", "uỷ", "thuỷ", "Hoà")),
        *((word, False) for word in ("hòa", "quý", "quỹ", "hủy", "ngoài", "hoàn", "toán", "khỏe")),
    ],
)
def test_the_rule_of_tone_marks_knows_its_syllables(word, old):
    assert bool(OLD_TONES.search(word)) is old


@pytest.mark.parametrize("texts", [VIETNAMESE, ENGLISH_TEXTS], ids=["vi", "en"])
def test_typography(texts):
    faults = {
        "not NFC": [text for text in texts if text != unicodedata.normalize("NFC", text)],
        "two spaces": [text for text in texts if "  " in text],
        "straight quotes": [text for text in texts if '"' in plain(text) or "'" in plain(text)],
        "three dots": [text for text in texts if "..." in text],
        "exclamation": [text for text in texts if "!" in plain(text)],
        "space before a sign": [text for text in texts if re.search(r"\s[:;?,.](?:\s|$)", plain(text))],
        "hyphen for a dash": [text for text in texts if " - " in text],
        "ampersand": [text for text in texts if re.search(r"\s&\s", text)],
        "spaces around": [text for text in texts if text != text.strip()],
    }
    assert {fault: found for fault, found in faults.items() if found} == {}


def test_nothing_is_shouted():
    shouted = {
        text: loud
        for text in (*VIETNAMESE, *ENGLISH_TEXTS)
        if (loud := [word for word in WORD.findall(plain(text)) if word.isupper() and word not in ABBREVIATIONS])
    }
    assert shouted == {}


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        (r"\bCLB\b|\bSĐT\b|\bvd\b|v\.v\.|và/hoặc", "abbreviations of the office"),
        (r"(?i)vui lòng", "a button asks nobody's pleasure"),
        (r"(?i)quý khách|quý vị|phụ huynh thân mến", "they buy nothing here"),
        (r"(?i)\bbố mẹ\b|\bba má\b", "cha mẹ is understood everywhere"),
        (r"(?i)\bbé\b", "insults a fifteen-year-old"),
        (r"(?i)khả dụng", "translated English"),
        (r"(?i)an toàn 100%|tuyệt đối an toàn", "never promised"),
        (r"(?i)bị từ chối|bị trả lại", "blames"),
        (r"(?i)tái chứng nhận", "not the word"),
        (r"\d\s%", "no space before the sign of per cent"),
    ],
)
def test_words_the_guide_rules_out(pattern, why):
    assert [text for text in VIETNAMESE if re.search(pattern, text)] == [], why


@pytest.mark.parametrize(
    "pattern", [r"(?i)\bcerts?\b", r"(?i)\bkids?\b", r"(?i)\boops\b", r"\bVietnam\b(?! Cyber Safety)", r"(?i)\bclick\b"]
)
def test_english_words_the_guide_rules_out(pattern):
    assert [text for text in ENGLISH_TEXTS if re.search(pattern, text)] == []


@pytest.mark.parametrize(("american", "british"), [("organiz", "organis"), ("color", "colour"), ("center", "centre")])
def test_english_is_british(american, british):
    assert [text for text in ENGLISH_TEXTS if american in text.lower()] == [], british

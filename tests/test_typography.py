"""The style guide's typography and words in everything that is read: catalogue of texts, letters and articles.

`test_words.py` holds the first rules; these are the rest, each as a line of a table, with the sentences that are meant.
"""

import re
import unicodedata

import pytest
from jinja2 import Environment, nodes

from tests.test_words import ENGLISH_TEXTS, LETTERS, OLD_TONES, TEMPLATES, VIETNAMESE, bare_words, plain

ARTICLES = sorted((TEMPLATES.parent / "registry" / "guides" / "articles").glob("*.md"))
PARENTS = (  # folders and files whose sentences a parent reads
    *("pages", "find", "compare", "products", "guides", "vendors", "changes", "concerns", "layouts/public.html"),
    *("certificates/verify.html", "certificates/show.html", "components/banner.html", "components/catalogue.html"),
    *("components/compare.html", "components/product.html", "components/verifying.html"),
)
LONGEST = 30  # syllables of a sentence that a parent reads
CODES = re.compile(
    r"\b(?:VCSC|HS|YC|KN|PA)-[\w-]*\d[\w-]*|\bvcsc-\d+|`[^`]*`|\]\([^)]*\)|\{[^}]*\}|\b\d{4}-\d{2}-\d{2}\b"
)

VIETNAMESE_RULES = {
    r"(?i)\b(?:lí|kí|kĩ|kì|kỉ|quí|mĩ|hi vọng|tỉ lệ|bác sỹ)\b": "y where the laws write y",
    r"\b\d/\d{1,2}/\d{4}|\b\d{2}/\d/\d{4}|\b\d{2}/(?:1[3-9]|[2-9]\d)/\d{4}": "days as 05/02/2026",
    r"\b[1-9]\d{0,2},\d{3}\b": "thousands with a point",
    r"\d\.\d+%": "decimals with a comma",
    r"(?<![\w./-])\d+-\d+(?![\w/-])": "ranges with an en dash",
    r"\d\s?(?:đ|VNĐ|VND)\b": "money in đồng",
    r"[«»„—]": "quotes “…”, dashes –",
    r"[^\W\d_]{2,}–|–[^\W\d_]{2,}| –\w|\w– ": "a dash between words stands apart",
    r"\d\s%|\s[:;?!.,](?:\s|$)": "no space before a sign",
    r"(?i)\b(?:files?|links?|online|offline|click|apps?|upload|download|password|users?|tab|login)\b": "English words",
    r"(?i)(?<!máy chơi )\bgames?\b": "trò chơi",
    r"(?i)\bphụ huynh\b": "cha mẹ",
    r"(?i)hết hiệu lực": "which of the four ends it is must be said",
    r"(?i)kháng cáo": "a word of the courts",
    r"(?i)nạn nhân|tại sao em lại": "blames a child",
    r"(?i)tiến hành|thực hiện việc": "the verb itself",
    r"\(s\)": "Vietnamese has one form",
    r"(?i)\bcác (?:\d|%\(num|%\(count)": "no các before a number",
    r"(?<!“)(?i:yên tâm hoàn toàn|được nhà nước bảo đảm)": "never promised",
    r"(?i)người xem xét(?! lại)|điểm liệt": "người đánh giá; bắt buộc đạt",
    r"(?i)(?<!tạm )đình chỉ": "temporary must be heard",
    r"(?i)\bbị (?:tạm đình chỉ|thu hồi)": "blames",
    r"(?<=[\w,] )(?:Hội đồng|Người đánh giá|Điều phối viên|Nhà cung cấp)\b": "small inside a sentence",
    r"câu lạc bộ|tổng đài 111": "a name, with its capital",
    r"(?i)mã theo dõi": "xem tình trạng: theo dõi is watching a child",
    r"(?i)người dân\b": "foreigners and children too",
    r"[\U0001F000-\U0001FAFF\u2600-\u27BF]": "no emoji",
}
MEANT = {
    "không có mã theo dõi": "trackers of advertisers",
    "khiếu nại hoặc kháng nghị": "what a company may call it",
    "máy chơi game": "so they are called",
    "Family Link": "the name of a program",
    "như 7-11": "a code",
    "such as 7-11": "a code",
}
ENGLISH_RULES = {
    r"(?<![\d.])[1-9]\d{0,2}\.\d{3}\b(?!\.)": "thousands with a comma",
    r"[«»„—]": "quotes “…”, dashes –",
    r"\d\s%|\s[:;?!.,](?:\s|$)": "no space before a sign",
    r"(?<![\w./-])\d+-\d+(?![\w/-])": "ranges with an en dash",
    r"(?i)\bplease be advised|at your earliest|kindly\b": "the office's English",
    r"(?i)100% safe|(?<!Say “)completely safe(?!\.)": "never promised",
}


def prose(path):
    """A letter or an article as it is read, with an x for each value."""
    source = re.sub(r"{%.*?%}|{#.*?#}", "", path.read_text("utf-8"), flags=re.DOTALL)
    return CODES.sub("x", re.sub(r"{{.*?}}", "x", source, flags=re.DOTALL))


def texts(language):
    """Everything that is read in a language."""
    said = VIETNAMESE if language == "vi" else ENGLISH_TEXTS
    files = [path for path in (*LETTERS, *ARTICLES) if f".{language}." in path.name]
    return [*(CODES.sub("x", plain(text)) for text in said), *(prose(path) for path in files)]


def found(pattern, language):
    """Where a rule is broken, with what stands around it."""
    broken = []
    for text in texts(language):
        for allowed in MEANT:
            text = text.replace(allowed, "x")
        broken += [text[max(0, one.start() - 40) : one.end() + 40] for one in re.finditer(pattern, text)]
    return broken


def test_articles_and_letters_are_there():
    assert len(ARTICLES) >= 2
    assert len(LETTERS) > 100


@pytest.mark.parametrize("pattern", VIETNAMESE_RULES, ids=list(VIETNAMESE_RULES.values()))
def test_the_vietnamese_keeps_to_the_guide(pattern):
    assert found(pattern, "vi") == []


@pytest.mark.parametrize("pattern", ENGLISH_RULES, ids=list(ENGLISH_RULES.values()))
def test_the_english_keeps_to_the_guide(pattern):
    assert found(pattern, "en") == []


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.name)
def test_articles_keep_to_the_first_rules_too(path):
    text = path.read_text("utf-8")
    assert text == unicodedata.normalize("NFC", text)
    assert OLD_TONES.findall(prose(path)) == []
    assert bare_words(prose(path)) == []
    assert re.findall(r"\"|\.\.\.|  +(?=\S)(?<!\n  )", re.sub(r"(?m)^\s+", "", prose(path))) == []
    assert re.findall(r"\w!", prose(path)) == []


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("Kí tên", r"(?i)\b(?:lí|kí|kĩ|kì|kỉ|quí|mĩ|hi vọng|tỉ lệ|bác sỹ)\b"),
        ("ngày 5/2/2026", r"\b\d/\d{1,2}/\d{4}|\b\d{2}/\d/\d{4}|\b\d{2}/(?:1[3-9]|[2-9]\d)/\d{4}"),
        ("7-11 tuổi", r"(?<![\w./-])\d+-\d+(?![\w/-])"),
        ("giấy bị thu hồi", r"(?i)\bbị (?:tạm đình chỉ|thu hồi)"),
    ],
)
def test_the_rules_know_what_they_look_for(text, pattern):
    assert re.search(pattern, text)
    assert pattern in VIETNAMESE_RULES


def sentences(path):
    """The sentences of a template's texts."""
    tree = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"], autoescape=True).parse(path.read_text("utf-8"))
    calls = [one for one in tree.find_all(nodes.Call) if isinstance(one.node, nodes.Name) and one.args]
    for call in calls:
        if call.node.name in {"_", "gettext", "ngettext"} and isinstance(call.args[0], nodes.Const):
            yield from re.split(r"(?<=[.?:;])\s", plain(call.args[0].value))


def test_sentences_for_parents_are_short():
    files = [
        path
        for name in PARENTS
        for path in ((TEMPLATES / name).glob("*.html") if "." not in name else [TEMPLATES / name])
    ]
    long = {one: len(one.split()) for path in files for one in sentences(path) if len(one.split()) > LONGEST}
    assert long == {}

"""What is wrong with a guide before it is published: two languages held against each other, links, sources, words."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from assessments.clock import today
from assessments.errors import N_, Missing
from assessments.guide_kinds import GuideAudience, GuideTag

LONGEST_TITLE, LONGEST_LEAD, LONGEST_BODY, LONGEST_SOURCES = 120, 400, 20_000, 6_000  # characters
HEAVY = 14_000  # characters of one text: more does not load in the weight that a guide may have
LONG_SENTENCE = 45  # syllables; the style guide asks parents to read 30 at most
STALE = timedelta(days=365)  # since somebody last held the facts against the sources
UNEVEN = 2  # times as long as the other language

HEADING = re.compile(r"^(#{1,6}) +(.+)$", re.MULTILINE)
LINK = re.compile(r"\[([^\]\n]+)\]\(([^)\s]+)\)")
VALUE = re.compile(r"\{(\w+)\}")
_WORDING = re.compile(r"chứng nhận|giấy phép|chứng chỉ|certificat\w*|certif(?:y|ied|ies)\b", re.IGNORECASE)
_QUIETED = re.compile(r"\]\([^)]*\)|https?://\S+|`[^`]*`|[*_#>]")
_OLD_TONES = re.compile(r"\w*(?:o[àáảãạèéẻẽẹ]|(?<!q)u[ỳýỷỹỵ])(?!\w)", re.IGNORECASE)
_SENTENCE = re.compile(r"[^.?!:;\n]+")

_TITLE = {"vi": N_("Thiếu tên bài bằng tiếng Việt."), "en": N_("Thiếu tên bài bằng tiếng Anh.")}
_LEAD = {"vi": N_("Thiếu đoạn mở đầu bằng tiếng Việt."), "en": N_("Thiếu đoạn mở đầu bằng tiếng Anh.")}
_BODY = {"vi": N_("Thiếu nội dung bằng tiếng Việt."), "en": N_("Thiếu nội dung bằng tiếng Anh.")}
_ONLY = {
    "vi": N_("Đường dẫn %(what)s chỉ có ở bản tiếng Việt."),
    "en": N_("Đường dẫn %(what)s chỉ có ở bản tiếng Anh."),
}
_VALUE_ONLY = {
    "vi": N_("Giá trị %(what)s chỉ có ở bản tiếng Việt."),
    "en": N_("Giá trị %(what)s chỉ có ở bản tiếng Anh."),
}

_EVERYWHERE: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"[\"']"), N_("Dùng ngoặc kép cong “…” thay cho ngoặc thẳng: %(what)s")),
    (re.compile(r"\.\.\."), N_("Bỏ dấu ba chấm, hoặc dùng dấu …: %(what)s")),
    (re.compile(r"!"), N_("Không dùng dấu chấm than: %(what)s")),
    (re.compile(r"\S - \S"), N_("Giữa hai vế dùng gạch ngang –, không dùng dấu trừ: %(what)s")),
    (re.compile(r"\S {2,}\S"), N_("Thừa dấu cách: %(what)s")),
    (re.compile(r"\S\s[:;?,.](?=\s|$)"), N_("Không để dấu cách trước dấu câu: %(what)s")),
    (re.compile(r"\d\s%"), N_("Viết liền số với dấu phần trăm: %(what)s")),
)
_IN = {
    "vi": (
        *_EVERYWHERE,
        (_OLD_TONES, N_("Đặt dấu thanh như trong văn bản luật (hòa, xóa, khỏe, hủy): %(what)s")),
        (
            re.compile(r"\bCLB\b|\bSĐT\b|\bvd\b|v\.v\.|và/hoặc| & "),
            N_("Viết đủ chữ, không viết tắt: %(what)s"),
        ),
        (
            re.compile(
                r"\b(?:vui lòng|quý khách|quý vị|phụ huynh|bố mẹ|ba má|các mẹ|bé|khả dụng|nạn nhân)\b"
                r"|bị từ chối|bị trả lại|an toàn 100%|an toàn tuyệt đối|tuyệt đối an toàn|yên tâm hoàn toàn",
                re.IGNORECASE,
            ),
            N_("Từ này không dùng ở đây (xem cách viết của Câu lạc bộ): %(what)s"),
        ),
    ),
    "en": (
        *_EVERYWHERE,
        (
            re.compile(r"\b(?:kids?|[Cc]lick|[Oo]ops|[Cc]erts?|completely safe|Vietnam(?! Cyber Safety))\b"),
            N_("Từ tiếng Anh này không dùng ở đây: %(what)s"),
        ),
        (
            re.compile(r"\b\w*(?:organiz|color|center)\w*"),
            N_("Viết theo chính tả Anh (organise, colour, centre): %(what)s"),
        ),
    ),
}


@dataclass(frozen=True)
class GuideContent:
    """A guide as it is written: everything in two languages but what is the same in both."""

    title_vi: str = ""
    title_en: str = ""
    lead_vi: str = ""
    lead_en: str = ""
    body_vi: str = ""
    body_en: str = ""
    audience: GuideAudience = GuideAudience.PARENTS
    tags: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    sources: str = ""
    checked_on: date | None = None

    def text(self, name: str, lang: str) -> str:
        """The title, lead or body in a language."""
        found: str = getattr(self, f"{name}_{lang}")
        return found


@dataclass(frozen=True)
class Site:
    """What a guide may refer to: the pages of this site, the values that stand in braces, the other guides."""

    has_page: Callable[[str], bool]
    values: frozenset[str]
    slugs: frozenset[str]


@dataclass(frozen=True)
class Source:
    """Where a fact comes from: a name in each language, and an address."""

    vi: str
    en: str
    url: str

    @property
    def whole(self) -> bool:
        """Both names are there, and the address can be opened safely."""
        return bool(self.vi and self.en) and re.fullmatch(r"https://[^\s/]+\.[^\s]+", self.url) is not None


def sources_of(text: str) -> tuple[Source, ...]:
    """The sources of a guide, a line each: name in Vietnamese | name in English | address. Refuses nothing."""
    lines = ([*(part.strip() for part in line.split("|")), "", ""] for line in text.splitlines() if line.strip())
    return tuple(Source(vi, en, url) for vi, en, url, *_ in lines)


def faults(content: GuideContent, site: Site, slug: str = "") -> list[Missing]:
    """What has to be mended before the public may read it; `place` is the field it is about. Refuses nothing."""
    return [
        *_empty(content),
        *_uneven_headings(content),
        *_uneven_links(content),
        *_wrong_links(content, site),
        *_wrong_values(content, site),
        *_wrong_sources(content),
        *_wrong_relations(content, site, slug),
        *_wording(content),
    ]


def hints(content: GuideContent) -> list[Missing]:
    """What somebody should look at again, and may publish as it is. Refuses nothing."""
    return [*_typography(content), *_lengths(content), *_age(content)]


def _empty(content: GuideContent) -> Iterator[Missing]:
    for name, sentences in (("title", _TITLE), ("lead", _LEAD), ("body", _BODY)):
        for lang in ("vi", "en"):
            if not content.text(name, lang).strip():
                yield Missing(sentences[lang], f"{name}_{lang}")


def _uneven_headings(content: GuideContent) -> Iterator[Missing]:
    found = {lang: [len(signs) for signs, _ in HEADING.findall(content.text("body", lang))] for lang in ("vi", "en")}
    if found["vi"] != found["en"]:
        yield Missing(
            N_("Các đề mục không khớp: bản tiếng Việt có %(vi)d, bản tiếng Anh có %(en)d, hoặc khác cấp."),
            "body_en",
            {lang: len(levels) for lang, levels in found.items()},
        )
    if any(level not in (2, 3) for levels in found.values() for level in levels):
        yield Missing(N_("Trong bài chỉ dùng đề mục ## hoặc ###: tên bài đã là đề mục lớn nhất."), "body_vi")


def _uneven_links(content: GuideContent) -> Iterator[Missing]:
    found = {lang: [url for _, url in LINK.findall(content.text("body", lang))] for lang in ("vi", "en")}
    inner = {lang: Counter(url for url in urls if url.startswith("/")) for lang, urls in found.items()}
    for lang, other in (("vi", "en"), ("en", "vi")):
        for url in inner[lang] - inner[other]:
            yield Missing(_ONLY[lang], f"body_{lang}", {"what": url})
    outer = {lang: sum(not url.startswith("/") for url in urls) for lang, urls in found.items()}
    if outer["vi"] != outer["en"]:
        yield Missing(
            N_("Số đường dẫn ra ngoài không khớp: bản tiếng Việt có %(vi)d, bản tiếng Anh có %(en)d."),
            "body_en",
            {**outer},
        )


def _wrong_links(content: GuideContent, site: Site) -> Iterator[Missing]:
    for lang in ("vi", "en"):
        for _, url in LINK.findall(content.text("body", lang)):
            if url.startswith("/"):
                if not site.has_page(url.split("#")[0].split("?")[0]):
                    yield Missing(N_("Trang này không có: %(what)s"), f"body_{lang}", {"what": url})
            elif not url.startswith(("https://", "tel:", "mailto:", "#")):
                yield Missing(N_("Đường dẫn phải bắt đầu bằng https://: %(what)s"), f"body_{lang}", {"what": url})


def _wrong_values(content: GuideContent, site: Site) -> Iterator[Missing]:
    found = {
        lang: Counter(VALUE.findall(content.text("lead", lang) + content.text("body", lang))) for lang in ("vi", "en")
    }
    for lang, other in (("vi", "en"), ("en", "vi")):
        for name in sorted(set(found[lang])):
            if name not in site.values:
                yield Missing(N_("Không có giá trị nào tên %(what)s."), f"body_{lang}", {"what": f"{{{name}}}"})
            elif name not in found[other]:
                yield Missing(_VALUE_ONLY[lang], f"body_{lang}", {"what": f"{{{name}}}"})


def _wrong_sources(content: GuideContent) -> Iterator[Missing]:
    found = sources_of(content.sources)
    if not found:
        yield Missing(N_("Ghi ít nhất một nguồn."), "sources")
    for number, source in enumerate(found, start=1):
        if not source.whole:
            yield Missing(
                N_("Nguồn thứ %(number)d phải có tên tiếng Việt, tên tiếng Anh và địa chỉ bắt đầu bằng https://."),
                "sources",
                {"number": number},
            )


def _wrong_relations(content: GuideContent, site: Site, slug: str) -> Iterator[Missing]:
    if not content.tags or set(content.tags) - set(GuideTag):
        yield Missing(N_("Chọn ít nhất một chủ đề."), "tags")
    if set(content.related) - (site.slugs - {slug}):
        yield Missing(N_("Một bài liên quan không còn nữa. Chọn lại các bài liên quan."), "related")
    if content.checked_on is None or content.checked_on > today():
        yield Missing(N_("Ghi ngày đã đối chiếu với nguồn; không ghi ngày chưa đến."), "checked_on")


def _wording(content: GuideContent) -> Iterator[Missing]:
    """The words for "certified" are a setting: a text names it in braces."""
    for name, lang, text in _texts(content):
        for word in dict.fromkeys(_WORDING.findall(text)):
            yield Missing(
                N_("Không gõ thẳng “%(what)s”: dùng giá trị trong ngoặc nhọn, xem Cách viết."),
                f"{name}_{lang}",
                {"what": word},
            )


def _typography(content: GuideContent) -> Iterator[Missing]:
    for name, lang, text in _texts(content):
        for pattern, sentence in _IN[lang]:
            if found := pattern.search(text):
                yield Missing(sentence, f"{name}_{lang}", {"what": _around(text, found)})
        if text != unicodedata.normalize("NFC", text):
            yield Missing(N_("Có chữ gõ bằng dấu rời. Gõ lại, hoặc dán dưới dạng Unicode dựng sẵn."), f"{name}_{lang}")


def _lengths(content: GuideContent) -> Iterator[Missing]:
    sizes = {lang: len(content.text("body", lang)) for lang in ("vi", "en")}
    if min(sizes.values()) and max(sizes.values()) > UNEVEN * min(sizes.values()):
        yield Missing(N_("Một bản dài gấp đôi bản kia: có thể có phần chưa dịch."), "body_en")
    if max(sizes.values()) > HEAVY:
        yield Missing(N_("Bài dài: máy yếu, mạng yếu sẽ mở chậm. Nên tách làm hai bài."), "body_vi")
    for sentence in _SENTENCE.findall(_read(content.body_vi)):
        if len(sentence.split()) > LONG_SENTENCE:
            yield Missing(N_("Câu dài, nên tách: %(what)s"), "body_vi", {"what": sentence.strip()[:80] + "…"})


def _age(content: GuideContent) -> Iterator[Missing]:
    if content.checked_on and today() - content.checked_on > STALE:
        yield Missing(N_("Đã hơn một năm chưa đối chiếu với nguồn."), "checked_on")


def _texts(content: GuideContent) -> Iterator[tuple[str, str, str]]:
    for name in ("title", "lead", "body"):
        for lang in ("vi", "en"):
            yield name, lang, _read(content.text(name, lang))


def _read(text: str) -> str:
    """The text as it is read, without links, values and marks."""
    return _QUIETED.sub("", VALUE.sub("x", text).replace("|", "\n"))


def _around(text: str, found: re.Match[str]) -> str:
    """The place in the text with a few letters on both sides, so that it can be found."""
    start, end = max(0, found.start() - 15), min(len(text), found.end() + 15)
    return f"“{' '.join(text[start:end].split())}”"

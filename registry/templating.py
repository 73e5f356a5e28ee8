"""What every template may use: dates, numbers and sizes as written here, addresses in the right language."""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_decimal
from flask import Flask, current_app, request, url_for
from markupsafe import Markup
from wtforms import Field, FieldList, Form, FormField

from assessments.findings import NOT_SHOWN_TEXT
from registry import copied, i18n, identity, prose, renewals
from registry.i18n import lang
from registry.icons import icons

NBSP = "\u00a0"
VIET_NAM = ZoneInfo(i18n.TIMEZONE)
PATH_SIGNS = "/:@!$&'()*+,;=~-._"
QUERY_SIGNS = PATH_SIGNS + "?%"
SIZES = ("byte", "KB", "MB", "GB")

Number = int | float | Decimal | Fraction


class Said(Protocol):
    """A msgid and its values: a Missing or a Refused of the middle floor."""

    @property
    def message(self) -> str: ...
    @property
    def values(self) -> dict[str, Any]: ...


class InTwoLanguages(Protocol):
    """Any text that exists in Vietnamese and English."""

    @property
    def vi(self) -> str: ...
    @property
    def en(self) -> str: ...


def init_app(app: Flask) -> None:
    """Registers the filters and globals below."""
    dates, numbers = (day, day_long, moment, hour, second, iso), (number, percent, score, filesize)
    texts = (bi, said, translated, finding_text, club_text, renewals.told)
    for filter_ in (sentence, faults, *texts, *dates, *numbers):
        app.add_template_filter(filter_)
    for global_ in (static_url, lang, alternate_url, absolute_url, page_url, has_page, icons, copied.copied):
        app.add_template_global(global_)
    app.jinja_env.globals["w"] = Words()
    app.context_processor(_site)


def _site() -> dict[str, Any]:
    """What the layouts say on every page."""
    club = identity.on()
    return {"site_name": club.site_name, "club": club, "demonstration": current_app.config["SETTINGS"].demonstration}


class Words(Mapping[str, str]):
    """The wording of the current language, looked up when a template asks: `w.certificate`, `**w`."""

    def __getitem__(self, key: str) -> str:
        return i18n.words()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(i18n.words())

    def __len__(self) -> int:
        return len(i18n.words())


# --- text ---


def sentence(text: str) -> str:
    """The text with its first letter as a capital; markup stays markup."""
    return text[:1].upper() + text[1:]


def bi(text: InTwoLanguages | str | None) -> str:
    """A bilingual text in the current language; a plain string and nothing stay what they are."""
    if text is None or isinstance(text, str):
        return text or ""
    return (text.en if lang() == "en" else text.vi) or text.vi


def said(what: Said) -> str:
    """The sentence of a Missing or a Refused in the current language."""
    return i18n.translate(what.message, **what.values)


def translated(message: str) -> str:
    """A constant of ours (marked with N_) in the current language; `_()` in a template is for its own literals only.

    Templates must never call `_(variable)`: gettext takes its msgid for markup and fills its % signs.
    """
    return i18n.translate(message)


def finding_text(text: str) -> str:
    """What a finding says, as its author wrote it; only the sentence the registry writes by itself is translated."""
    return i18n.translate(text) if text == NOT_SHOWN_TEXT else text


@lru_cache(maxsize=1024)
def club_text(text: str) -> Markup:
    """The club's own Markdown (guidance, guides) as HTML; kept, since the same texts are read again and again."""
    return prose.trusted(text)


# --- days and hours: legal days are days in Viet Nam ---


def _local(value: date) -> date:
    return value.astimezone(VIET_NAM) if isinstance(value, datetime) and value.tzinfo else value


def day(value: date | None) -> str:
    """22/11/2026, in English 22 November 2026."""
    if value is None:
        return ""
    return day_long(value) if lang() == "en" else f"{_local(value):%d/%m/%Y}"


def day_long(value: date | None) -> str:
    """22 tháng 11 năm 2026, in English 22 November 2026; the parts never break apart from the day."""
    if value is None:
        return ""
    local = _local(value)
    if lang() == "en":
        return format_date(local, f"d{NBSP}MMMM{NBSP}y", locale="en")
    return f"{local.day}{NBSP}tháng{NBSP}{local.month} năm{NBSP}{local.year}"


def hour(value: datetime | None) -> str:
    """14:30, in Viet Nam."""
    return "" if value is None else f"{_local(value):%H:%M}"


def second(value: datetime | None) -> str:
    """14:30:05, in Viet Nam: for what is saved while somebody types."""
    return "" if value is None else f"{_local(value):%H:%M:%S}"


def moment(value: datetime | None) -> str:
    """14:30 ngày 22/11/2026, in English 14:30, 22 November 2026."""
    if value is None:
        return ""
    return f"{hour(value)}, {day(value)}" if lang() == "en" else f"{hour(value)} ngày{NBSP}{day(value)}"


def iso(value: date | None) -> str:
    """For the datetime attribute of <time>: with the offset of Viet Nam where there is an hour."""
    if value is None:
        return ""
    local = _local(value)
    return local.isoformat(timespec="minutes") if isinstance(local, datetime) else local.isoformat()


# --- numbers: 1.234,5 and in English 1,234.5 ---


def _decimal(value: Number) -> Decimal:
    if isinstance(value, Fraction):
        return Decimal(value.numerator) / Decimal(value.denominator)
    return Decimal(repr(round(value, 9))) if isinstance(value, float) else Decimal(value)


@lru_cache(2_000)
def _written(value: Decimal, digits: int | None, language: str) -> str:
    pattern = "#,##0.###" if digits is None else ("#,##0." + "0" * digits).rstrip(".")
    return format_decimal(value, format=pattern, locale=language)


def number(value: Number | None, digits: int | None = None) -> str:
    """A number with the separators of the language; `digits` fixes how many stand behind the comma."""
    if value is None:
        return ""
    exact = _decimal(value)
    if digits is not None:
        exact = exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_EVEN)
    return _written(exact, digits, lang())


def percent(value: Number | None, digits: int | None = None) -> str:
    """95% from 95 (percent points, not a share of one)."""
    return "" if value is None else f"{number(value, digits)}%"


def score(value: Number | None, digits: int = 1) -> str:
    """A score, cut off and never rounded up: 77.96 must not read as the 78,0 of the next level."""
    if value is None:
        return "–"
    return _written(_decimal(value).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_DOWN), digits, lang())


def filesize(octets: int | None) -> str:
    """2,1 MB (of 1024 x 1024 bytes), the unit tied to its number."""
    if octets is None:
        return ""
    size, unit = float(octets), 0
    while size >= 1024 and unit < len(SIZES) - 1:
        size, unit = size / 1024, unit + 1
    whole = unit == 0 or size >= 100 or size == int(size)
    return f"{number(size, 0 if whole else 1)}{NBSP}{SIZES[unit]}"


# --- forms ---


def faults(form: Form) -> list[tuple[str, str]]:
    """Every fault of a form as (id of the control to jump to, sentence), in the order of the page."""
    found = [fault for field in form for fault in _faults_of(field)]
    return found + [("", str(text)) for text in form.form_errors]


def _faults_of(field: Field) -> list[tuple[str, str]]:
    if isinstance(field, FormField):
        return faults(field.form)
    if isinstance(field, FieldList):
        inner = [fault for entry in field.entries for fault in _faults_of(entry)]
        return inner or [(field.id, _named(field, str(text))) for text in field.errors]
    grouped = getattr(getattr(field, "option_widget", None), "input_type", "") in ("radio", "checkbox")
    return [(f"{field.id}-0" if grouped else field.id, _named(field, str(text))) for text in field.errors[:1]]


def _named(field: Field, text: str) -> str:
    """A sentence that does not name its field (WTForms' own) gets the label before it."""
    label = str(field.label.text).rstrip(" ?:.")
    return text if label.casefold() in text.casefold() or len(label) > 60 else f"{label}: {text}"


# --- addresses ---


def static_url(name: str) -> str:
    """A static file with a version made from its content, the same address in both languages."""
    return f"{_root()}{current_app.static_url_path}/{name}?v={version_of(name)}"


def version_of(name: str) -> str:
    """The version of a static file: a short hash of its content, made anew when the file changes."""
    folder = Path(current_app.static_folder or "")
    changed = (folder / name).stat().st_mtime_ns
    versions: dict[tuple[str, int], str] = current_app.extensions.setdefault("static versions", {})
    if (name, changed) not in versions:
        versions[name, changed] = hashlib.sha256((folder / name).read_bytes()).hexdigest()[:8]
    return versions[name, changed]


def alternate_url() -> str:
    """This very page, filters included, in the other language."""
    other = "vi" if lang() == "en" else "en"
    query = quote(request.query_string, safe=QUERY_SIGNS)
    return _root() + _path_in(other) + (f"?{query}" if query else "")


def absolute_url(language: str) -> str:
    """This page in a language with host and all, without its query: what search engines are told."""
    public: str = current_app.config["SETTINGS"].public_url
    return public.rstrip("/") + _path_in(language)


def page_url(endpoint: str, **values: Any) -> str:
    """Like url_for, in the language the page is written in: from the workspace to the public pages."""
    path = url_for(endpoint, **values).removeprefix(request.script_root)
    return _root() + ("/en" if lang() == "en" else "") + path


def has_page(endpoint: str) -> bool:
    """Whether this site has the page: a menu offers only what is there."""
    return endpoint in current_app.view_functions


def _root() -> str:
    """Where the site is mounted, without the language."""
    root: str = request.environ.get(i18n.ROOT_KEY, request.script_root)
    return root


def _path_in(language: str) -> str:
    # One slash only: "//host" would be an address on another host.
    path = "/" + quote(request.path.lstrip("/"), safe=PATH_SIGNS)
    return f"/en{path}" if language == "en" else path

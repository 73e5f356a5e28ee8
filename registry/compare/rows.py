"""The table of a comparison: every product's facts in the same rows, and which of the rows differ."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from assessments import profile
from assessments.clock import today
from assessments.measured import told
from assessments.models import Listing
from assessments.profile import DataTaken, Profile
from assessments.queries.catalogue import spans, tone
from assessments.queries.certificates import status
from registry.catalogue import name_of, status_word
from registry.i18n import lang
from registry.measured import row_of
from registry.products.labels import kept
from registry.templating import day, number, score

NOTHING = "–"


@dataclass(frozen=True)
class Compared:
    """One product of a comparison, as the heads of its columns show it."""

    listing: Listing
    facts: Profile
    name: str
    vendor: str
    status: str

    @property
    def content(self) -> Mapping[str, Any]:
        """The frozen content."""
        return self.listing.content

    @property
    def tone(self) -> int:
        """The colour of its tile: the same as on its card."""
        return tone(self.listing.slug)


@dataclass(frozen=True)
class Cell:
    """What one product has in a row: sentences, and a bar where it is a score."""

    lines: tuple[str, ...]
    bar: Decimal | None = None


@dataclass(frozen=True)
class Row:
    """One row of the table."""

    name: str
    cells: list[Cell]

    @property
    def differs(self) -> bool:
        """Whether the products differ in it."""
        return len(set(self.cells)) > 1

    @property
    def said(self) -> bool:
        """Whether any product has something in it."""
        return any(cell.lines != (NOTHING,) for cell in self.cells)


def compared(listing: Listing) -> Compared:
    """A published product, ready to be compared."""
    facts = profile.from_dict(listing.content["profile"])
    vendor = listing.content["vendor"]
    named = _own(vendor["name"], vendor.get("name_en") or "")
    return Compared(listing, facts, facts.name(lang()), named, status(listing, today()).value)


def rows_of(products: Sequence[Compared]) -> list[Row]:
    """Every row that says something of at least one product, in the order of a product's page."""
    facts = [Row(name, [_cell(said(one)) for one in products]) for name, said in _rows().items()]
    measured = Row(_("Kết quả đo chặn"), [_cell(_measured(one)) for one in products])
    return [row for row in (*facts, measured, *_scores(products)) if row.said]


def _rows() -> dict[str, Callable[[Compared], Sequence[str]]]:
    """The name of each row, and what a product says in it."""
    return {
        _("Tình trạng giấy"): _standing,
        _("Mức đạt"): lambda one: [f"{one.content['level']['rank']} – {one.content['level'][lang()]}"],
        _("Giúp con tránh"): lambda one: _named(one.content["protects_from"], "worry"),
        _("Tuổi của con"): _ages,
        _("Thiết bị"): lambda one: _named(one.facts.platforms, "platform"),
        _("Loại sản phẩm"): lambda one: _named(one.facts.categories, "category"),
        _("Giá"): _price,
        _("Quảng cáo"): _adverts,
        _("Tiếng Việt"): lambda one: [_("Có") if "vi" in one.facts.languages else _("Không")],
        _("Làm tại Việt Nam"): _made_in,
        _("Dữ liệu lấy của con"): _data,
        _("Quyền xin trên thiết bị"): lambda one: [asked.name for asked in one.facts.permissions] or [_("Không xin")],
        _("Giới hạn đã biết"): lambda one: [limit[lang()] or limit["vi"] for limit in one.content["limits"]],
        _("Phiên bản đã kiểm tra"): _checked,
    }


def _standing(one: Compared) -> list[str]:
    until = day(one.listing.valid_until)
    if one.status == "active":
        return [status_word(one.status), _("đến hết ngày %(day)s", day=until)]
    since = one.listing.valid_until if one.status == "expired" else one.listing.changed_on
    return [status_word(one.status), _("từ %(day)s", day=day(since))]


def _ages(one: Compared) -> list[str]:
    ages = ", ".join(f"{low}–{high}" for low, high in spans(one.facts.ages))
    return [_("%(ages)s tuổi", ages=ages)] if ages else []


def _price(one: Compared) -> list[str]:
    note = _own(one.facts.price_note_vi, one.facts.price_note_en)
    return [text for text in (name_of(one.facts.price_model, "price"), note) if text]


def _adverts(one: Compared) -> list[str]:
    words: dict[str, str] = {
        "none": _("Không có"),
        "own": _("Chỉ quảng cáo của chính nhà cung cấp"),
        "third_party": _("Có quảng cáo của bên khác"),
    }
    return [words.get(one.facts.adverts, NOTHING)]


def _made_in(one: Compared) -> list[str]:
    words: dict[str, str] = {"yes": _("Có"), "partly": _("Một phần"), "no": _("Không")}
    return [words.get(one.facts.made_in_vietnam, NOTHING)]


def _data(one: Compared) -> list[str]:
    taken = [_taken(row) for row in one.facts.data if row.kind != "none"]
    return taken or ([_("Không lấy dữ liệu nào")] if one.facts.data_answered else [])


def _taken(row: DataTaken) -> str:
    parts = [name_of(row.kind, "data"), _("chỉ khi bạn bật") if row.optional else "", kept(row)]
    return ", ".join(part for part in parts if part)


def _checked(one: Compared) -> list[str]:
    when = day(one.listing.checked_on)
    return [_("%(version)s, ngày %(day)s", version=one.facts.version, day=when)]


def _measured(one: Compared) -> list[str]:
    """What was measured and may be shown; two tests compare only where list, topic and ages are the same."""
    return [text for row in told(one.content) for text in _tested(row_of(row))]


def _tested(row: dict[str, Any]) -> list[str]:
    when = _("ngày %(day)s", day=row["when"])
    said = [f"{row['test']}, {row['topic']}, {name_of(row['age'], 'age')}, {when}"]
    if row["blocked"][1]:
        said.append(_("Chặn đúng %(rate)s trên %(count)s trang xấu", **_rate(row["right_share"], row["blocked"])))
    if row["wrong"][1]:
        said.append(_("Chặn nhầm %(rate)s trên %(count)s trang bình thường", **_rate(row["wrong_share"], row["wrong"])))
    return said


def _rate(share: dict[str, Any], counts: tuple[int, int]) -> dict[str, str]:
    return {"rate": share["percent"], "count": number(counts[1])}


def _scores(products: Sequence[Compared]) -> list[Row]:
    """The result as a whole and by group; a product judged by other groups has nothing there."""
    overall = Row(_("Điểm chung, trên 100"), [_scored(one.content["result"]["overall"]) for one in products])
    names = {group["code"]: group[lang()] for one in products for group in one.content["result"]["groups"]}
    tables = [{group["code"]: group["percent"] for group in one.content["result"]["groups"]} for one in products]
    return [overall, *(Row(name, [_scored(table.get(code)) for table in tables]) for code, name in names.items())]


def _scored(value: str | None) -> Cell:
    return Cell((score(Decimal(value)),), Decimal(value)) if value is not None else Cell((NOTHING,))


def _cell(lines: Sequence[str]) -> Cell:
    return Cell(tuple(lines) or (NOTHING,))


def _named(codes: Sequence[str], facet: str) -> list[str]:
    return [name_of(code, facet) for code in codes]


def _own(vietnamese: str, english: str) -> str:
    return (english if lang() == "en" else vietnamese) or vietnamese or english

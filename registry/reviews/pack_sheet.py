"""The spreadsheet of an offline pack: one row for each criterion, written with one's own marks and read back."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO

from flask_babel import force_locale
from flask_babel import gettext as _

from assessments.errors import N_, Invalid
from assessments.packs import Line, stamp
from assessments.reviews import NOT_APPLICABLE, NOT_SHOWN, Marking, marking_of
from assessments.states import Basis
from registry.documents import filled_in
from registry.documents.spreadsheet import Column, Sheet, workbook
from registry.forms import tidy
from registry.i18n import LANGUAGES, translate
from registry.marks import FIGURES, figure
from registry.reviews.bench import Bench
from registry.templating import bi

KEYS = ("code", "title", "mark", "basis", "rationale", "panel_only", "to_vendor", "stamp")
MOST_ABOVE = 5  # rows that may stand above the keys
SHORT = {Basis.INDEPENDENT_REPORT: N_("báo cáo"), Basis.OWN_TEST: N_("tự thử")}
WRITTEN = {  # how a mark may be typed, beside the figures 4 to 0
    **dict.fromkeys((FIGURES[NOT_SHOWN], "？"), NOT_SHOWN),
    **dict.fromkeys((FIGURES[NOT_APPLICABLE], "x", "n/a", "kad"), NOT_APPLICABLE),
}
UNKNOWN = "unknown"  # a mark that is none: refused where it is compared
NO_SHEET = N_("Tệp Excel này không phải bảng chấm của bộ làm việc. Dùng tệp có trong bộ đã tải về.")


def write(bench: Bench) -> bytes:
    """The criteria that apply, with what one has saved; nobody else's marks are in it."""
    return workbook([Sheet(_("Bảng chấm"), _notice(), _columns(bench), list(_rows(bench)))], bench.application.ref)


def read(source: BinaryIO) -> tuple[list[Line], tuple[str, ...]]:
    """The rows of a filled-in sheet, and the cells left out because they hold formulas.

    Refuses (Invalid) what filled_in.sheets refuses, and workbooks without such a sheet.
    """
    formulas: list[str] = []
    for sheet in filled_in.sheets(source):
        for place in range(min(len(sheet), MOST_ABOVE + 1)):
            heads = ["" if isinstance(head, dict) else str(head or "").strip() for head in sheet[place]]
            if {"code", "mark", "stamp"} <= set(heads):
                filled_in.require_few(sheet)
                return list(_lines(heads, sheet[place + 1 :], formulas)), tuple(formulas)
    raise Invalid(NO_SHEET)


def _notice() -> str:
    text: str = _(
        "Chỉ điền các cột sáng màu. Điểm: 4 đến 0, hoặc dấu “?” khi bằng chứng chưa cho thấy, “×” khi đồng ý không áp "
        "dụng. "
        "Ô để trống không xóa gì đã lưu. Nạp lại ở trang đánh giá; trang đó cho xem từng chỗ thay đổi trước khi lưu."
    )
    return text


def _columns(bench: Bench) -> Sequence[Column]:
    figures = tuple(str(step.value) for step in sorted(bench.edition.scale, key=lambda step: -step.value))
    offered = (*figures, FIGURES[NOT_SHOWN], FIGURES[NOT_APPLICABLE])
    return (
        Column(_("Mã"), 9, "code"),
        Column(_("Tiêu chí"), 40, "title"),
        Column(_("Điểm"), 8, "mark", open=True, options=offered),
        Column(_("Căn cứ của điểm 4"), 14, "basis", open=True, options=tuple(translate(SHORT[one]) for one in Basis)),
        Column(_("Lý do"), 60, "rationale", open=True),
        Column(_("Chỉ nhóm đánh giá và hội đồng"), 40, "panel_only", open=True),
        Column(_("Gửi nhà cung cấp"), 40, "to_vendor", open=True),
        Column(_("Không sửa cột này"), 12, "stamp"),
    )


def _rows(bench: Bench) -> Iterator[tuple[str, ...]]:
    for criterion in bench.criteria:
        score = bench.own.get(criterion.code)
        said = marking_of(score) if score else Marking()
        yield (
            criterion.code,
            bi(criterion.title),
            figure(said.mark) if said.mark else "",
            translate(SHORT[said.basis]) if said.basis else "",
            said.rationale,
            said.panel_only,
            said.to_vendor,
            stamp(score),
        )


def _lines(heads: Sequence[str], rows: Sequence[Sequence[Any]], formulas: list[str]) -> Iterator[Line]:
    for cells in rows:
        row = dict(zip(heads, filled_in.plain(cells, formulas), strict=False))
        code = str(row.get("code") or "").strip()
        if code:
            yield Line(code, _marking(row), str(row.get("stamp") or "").strip())


def _marking(row: Mapping[str, Any]) -> Marking:
    texts = {name: tidy(_text(row.get(name))) for name in ("rationale", "to_vendor", "panel_only")}
    return Marking(_mark(_text(row.get("mark"))), _basis(_text(row.get("basis"))), **texts)


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _mark(typed: str) -> str:
    """The mark somebody typed; what is none is kept to be refused by name of its criterion."""
    short = typed.strip().casefold()
    if short in {"", "4", "3", "2", "1", "0"}:
        return short
    return WRITTEN.get(short, UNKNOWN)


def _basis(typed: str) -> Basis | None:
    wanted = typed.strip().casefold()
    for language in LANGUAGES:
        with force_locale(language):
            for basis in Basis:
                if wanted in {basis.value, translate(SHORT[basis]).casefold()}:
                    return basis
    return None

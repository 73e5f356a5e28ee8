"""An application as a workbook for people to read and fill in; registry.applications.sheets reads it back.

Every cell is written as text, marked as such, so that nothing in it ever becomes a formula.
"""

import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font

from assessments.errors import N_
from assessments.interchange import Document
from assessments.profile import DENIED, LANGUAGES
from criteria.model import Edition
from registry.applications.profile_form import ADVERTS, MADE_IN, STEPS, label_of
from registry.applications.sheets import ANSWERS, EDITION, LINKS, LISTS, PROFILE, TABLES
from registry.i18n import translate
from registry.templating import bi

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
YES = "x"
LABELS = {  # fields that are one question on the page and several here
    "flags": N_("Đặc điểm: trả lời “có”"),
    DENIED: N_("Đặc điểm: trả lời “không”"),
    "flags_answered": N_("Đã trả lời mọi câu về đặc điểm"),
    "data_answered": N_("Đã trả lời phần dữ liệu (không lấy gì cũng là trả lời)"),
}
WIDTHS = {"claim": 90, "value": 90, "title": 44, "url": 60, "label": 44, "not_applicable_reason": 44, "guide": 120}
_TO_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_TOP = Alignment(vertical="top", wrap_text=True)
_HEAD, _WORDS, _TEXT = Font(bold=True, color="808080"), Font(bold=True), Font()


def write(document: Document, edition: Edition) -> bytes:
    """A document as a workbook, with every criterion of the edition and every field of the profile."""
    book = Workbook(write_only=True)
    _sheet(book, "Answers", ANSWERS, [_answer_words(), *_answer_rows(document, edition)])
    _sheet(book, "Profile", PROFILE, [_profile_words(), *_profile_rows(document)])
    links = [(one.criterion, one.url, one.title, one.kind, one.language) for one in document.links]
    _sheet(book, "Links", LINKS, [_link_words(), *links])
    _sheet(book, "Guide", ("guide",), [(line,) for line in _guide(edition)])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _sheet(book: Any, name: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    sheet = book.create_sheet(name)
    for place, head in enumerate(heads):
        sheet.column_dimensions["ABCDE"[place]].width = WIDTHS.get(head, 18)
    sheet.freeze_panes = "A3"
    sheet.append([_cell(sheet, head, _HEAD) for head in heads])
    for number, row in enumerate(rows):
        sheet.append([_cell(sheet, text, _TEXT if number else _WORDS) for text in row])


def _cell(sheet: Any, text: str, font: Font) -> Any:
    cell: Any = WriteOnlyCell(sheet)
    cell.value = _TO_ESCAPE.sub("_x005F_", text)
    cell.data_type = "s"  # whatever it begins with
    cell.font, cell.alignment = font, _TOP
    cell.quotePrefix = True  # and it stays text when somebody edits it
    return cell


def _answer_words() -> tuple[str, ...]:
    return (
        _("Mã tiêu chí"),
        _("Tiêu chí"),
        _("Sản phẩm làm được gì, chứng minh bằng gì?"),
        _("Đề nghị không áp dụng (ghi x)"),
        _("Vì sao không áp dụng?"),
    )


def _profile_words() -> tuple[str, ...]:
    return (_("Tên ô"), _("Câu hỏi"), _("Trả lời"))


def _link_words() -> tuple[str, ...]:
    return (
        _("Mã tiêu chí"),
        _("Địa chỉ trang"),
        _("Tên bằng chứng"),
        _("Loại bằng chứng"),
        _("Ngôn ngữ (vi, en, other)"),
    )


def _answer_rows(document: Document, edition: Edition) -> Iterator[Sequence[str]]:
    for criterion in edition.criteria:
        given = document.answers.get(criterion.code)
        words = (given.claim, YES if given.not_applicable else "", given.not_applicable_reason) if given else ("",) * 3
        yield (criterion.code, bi(criterion.title), *words)


def _profile_rows(document: Document) -> Iterator[Sequence[str]]:
    yield (EDITION, _("Bản tiêu chí"), document.edition)
    for name in (name for step in STEPS for name in step.fields):
        label = translate(LABELS[name]) if name in LABELS else label_of(name)
        for value in _entries(name, document.profile.get(name)):
            yield (name, label, value)


def _entries(name: str, value: Any) -> Sequence[str]:
    if name in TABLES:
        return [json.dumps(row, ensure_ascii=False) for row in value or ()] or [""]
    if name in LISTS:
        return list(value or ()) or [""]
    if isinstance(value, bool):
        return [YES if value else ""]
    return [str(value or "")]


def _guide(edition: Edition) -> Iterator[str]:
    yield _("Cách điền")
    yield _("Đừng sửa dòng đầu của mỗi trang và cột đầu tiên: nhờ đó tệp được đọc lại đúng chỗ.")
    yield _("Ô để trống không xóa gì trong hồ sơ. Công thức không được đọc.")
    yield _("Ô nhận nhiều mục: mỗi mục một dòng của trang (lặp lại tên ô), hoặc mỗi mục một dòng trong cùng một ô.")
    yield _("Dữ liệu, quyền, kết quả đo: mỗi mục là một dòng dạng JSON, theo mẫu dưới đây.")
    yield (
        'data: {"kind": "location", "purpose_vi": "", "purpose_en": "", "optional": true, "kept_days": 30, '
        '"shared_with": ""}'
    )
    yield 'permissions: {"name": "VPN", "reason_vi": "", "reason_en": ""}'
    yield (
        'blocking: {"test_list": "", "tested_on": "2026-10-01", "age_band": "7-11", "topic": "", "harmful_tried": 100, '
        '"harmful_blocked": 95, "harmless_tried": 100, "harmless_blocked": 1, "method": "", "version": "", '
        '"measured_by": "vendor", "tester": ""}'
    )
    yield _("Ngày ghi năm-tháng-ngày, ví dụ 2026-10-01. Có hoặc không: ghi x khi có, để trống khi không.")
    yield _("Tệp bằng chứng không nằm trong bảng này; tải lên ở trang Kho bằng chứng.")
    for name, codes in _codes(edition).items():
        yield f"{name}: " + "; ".join(f"{code} = {word}" for code, word in codes.items())


def _codes(edition: Edition) -> Mapping[str, Mapping[str, str]]:
    listed: dict[str, Iterable[Any]] = {
        "categories": edition.categories,
        "platforms": edition.platforms,
        "ages": edition.age_bands,
        "flags": edition.flags,
        "price_model": edition.price_models,
        "data.kind": edition.data_taken,
        "links.kind": edition.evidence_kinds,
    }
    spoken = {"adverts": ADVERTS, "made_in_vietnam": MADE_IN}
    return {
        **{name: {one.code: bi(one.name) for one in codes} for name, codes in listed.items()},
        **{name: {code: translate(word) for code, word in words.items()} for name, words in spoken.items()},
        "languages": {code: code for code in LANGUAGES},
    }

"""What a person brings to fill an application with: a document of ours, a workbook, or a file of product facts."""

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import request
from werkzeug.datastructures import FileStorage

from assessments import interchange, product_files
from assessments.errors import N_, Invalid
from assessments.fields import Remark
from assessments.interchange import Document
from criteria.model import Edition
from registry.applications import sheets

CHOOSE = N_("Chọn tệp.")
FORMULA = N_("Ô này là công thức nên bị bỏ qua. Chép giá trị vào ô rồi nhập lại nếu cần.")
ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0"  # Excel before 2007, and workbooks with a password


@dataclass(frozen=True)
class Arrival:
    """What has arrived: a document, or the products among which one is to be chosen; `raw` is the text of both."""

    document: Document | None = None
    products: tuple[tuple[str, str], ...] = ()  # (key, name)
    raw: str = ""


def take(edition: Edition) -> Arrival:
    """Read the file or the text of this request against an edition.

    Refuses (Invalid), in words, whatever is none of the three. It may take seconds: hold no transaction meanwhile.
    """
    file = request.files.get("file")
    if file is not None and file.filename:
        return _file(file, edition)
    if written := request.form.get("document", ""):
        return _text(written, edition)
    raise Invalid(CHOOSE)


def _file(file: FileStorage, edition: Edition) -> Arrival:
    content = file.stream.read(interchange.MOST_BYTES * 2)
    if not content.strip():
        raise Invalid(N_("Tệp này trống. Chọn tệp có nội dung."))
    if content.startswith(OLE):
        raise Invalid(N_("Tệp Excel này có mật khẩu hoặc ở dạng cũ (.xls). Lưu lại dạng .xlsx, không mật khẩu."))
    if content.startswith(ZIP):
        return Arrival(_workbook(content, edition))
    try:
        return _text(content.decode("utf-8-sig"), edition)
    except UnicodeDecodeError as error:
        raise Invalid(interchange.NOT_JSON) from error


def _workbook(content: bytes, edition: Edition) -> Document:
    with tempfile.TemporaryFile() as source:  # the child is handed a real file
        source.write(content)
        source.flush()
        raw, formulas = sheets.read(source)
    found = interchange.read(raw, edition)
    return replace(found, remarks=(*found.remarks, *(Remark(FORMULA, cell) for cell in formulas)))


def _text(written: str, edition: Edition) -> Arrival:
    raw = interchange.parse(written)
    if interchange.is_document(raw):
        return Arrival(interchange.read(raw, edition))
    return _product(raw, product_files.products_of(raw), edition)


def _product(raw: Any, products: tuple[Mapping[str, Any], ...], edition: Edition) -> Arrival:
    if not products:
        raise Invalid(interchange.OTHER_FORMAT)
    wanted = request.form.get("product", "")
    chosen = [one for one in products if product_files.key_of(one) == wanted] if wanted else list(products)
    if len(chosen) == 1:
        return Arrival(product_files.read(chosen[0], edition))
    named = tuple((product_files.key_of(one), product_files.name_of(one)) for one in products)
    return Arrival(products=named, raw=json.dumps(raw, ensure_ascii=False))

"""Refusals as the API writes them: problem documents (RFC 9457), in English with the Vietnamese beside it.

Both languages stand in one document, so that an answer never depends on a header and caches keep one form.
"""

import json
from dataclasses import dataclass
from typing import Any

from flask import Response

from assessments.errors import N_
from registry import identity, wording
from registry.api.addresses import address
from registry.api.parameters import BadParameter
from registry.i18n import catalogue

MEDIA_TYPE = "application/problem+json"
UNDER = ("/api/v1", "/api/openapi.json")
ANYWHERE = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "Retry-After"}

PROBLEMS: dict[int, tuple[str, str, str]] = {  # code -> name in the address, title, detail
    400: ("bad-request", N_("Yêu cầu không đọc được"), N_("Máy chủ không đọc được yêu cầu này.")),
    404: ("not-found", N_("Không tìm thấy"), N_("Ở địa chỉ này không có gì được công bố.")),
    405: ("method-not-allowed", N_("Chỉ để đọc"), N_("Ở đây chỉ đọc được, bằng GET hoặc HEAD.")),
    429: ("too-many-requests", N_("Hỏi quá nhiều lần"), N_("Chờ số giây ghi trong Retry-After rồi hỏi lại.")),
    500: ("failure", N_("Lỗi của máy chủ"), N_("Lỗi đã được ghi lại.")),
    503: ("unavailable", N_("Tạm thời không trả lời được"), N_("Cơ sở dữ liệu không trả lời. Thử lại sau ít phút.")),
}
PARAMETER = ("bad-parameter", N_("Tham số không dùng được"))


@dataclass(frozen=True)
class Special:
    """A refusal with words of its own: HTTP code, name in the address, title, detail."""

    code: int
    name: str
    title: str
    detail: str


def special(one: Special) -> Response:
    """The problem of a refusal with words of its own."""
    return _written(one.code, one.name, one.title, one.detail)


def write(code: int, _message: str) -> Response:
    """The problem of an HTTP code; one without words of its own is an unreadable request, or a failure."""
    known = code if code in PROBLEMS else 400 if code < 500 else 500
    name, title, detail = PROBLEMS[known]
    return _written(code, name, title, detail)


def of_parameter(error: BadParameter) -> Response:
    """The problem of a parameter, by its name."""
    name, title = PARAMETER
    return _written(400, name, title, error.said, parameter=error.name[:80])


def english(message: str) -> str:
    """A msgid in English, whatever language the page is in, the wording filled in."""
    return _said(message, "en")


def _said(message: str, language: str) -> str:
    said: str = catalogue("en", "messages").gettext(message) if language == "en" else message
    words = wording.words(identity.on(language=language).wording, language)
    return said % words if "%(" in said else said


def _written(code: int, name: str, title: str, detail: str, parameter: str | None = None) -> Response:
    body: dict[str, Any] = {
        "type": f"{address('api.docs')}#{name}",
        "title": english(title),
        "title_vi": title,
        "status": code,
        "detail": english(detail),
        "detail_vi": _said(detail, "vi"),
        "parameter": parameter,
    }
    response = Response(json.dumps(body, ensure_ascii=False) + "\n", code, content_type=MEDIA_TYPE, headers=ANYWHERE)
    response.headers["Cache-Control"] = "no-store"
    if code == 503:
        response.headers["Retry-After"] = "30"
    return response

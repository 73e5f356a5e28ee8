"""A document handed out: always to be saved, never shown, and kept by no cache."""

from urllib.parse import quote

from flask import Response

HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def attachment(content: bytes, name: str, media_type: str) -> Response:
    """The bytes under a name of ours, in ASCII or not (RFC 6266, RFC 8187)."""
    response = Response(content, content_type=media_type)
    response.headers.update(HEADERS)
    plain = name.encode("ascii", "replace").decode().replace("?", "_")
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    )
    return response

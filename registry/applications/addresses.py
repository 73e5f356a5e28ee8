"""Web addresses in the profile: https only, a host that could exist, nothing hidden in them."""

import re
from typing import Any
from urllib.parse import urlsplit

from flask_babel import gettext as _
from wtforms import Field
from wtforms.validators import ValidationError

LONGEST = 400
MOST = 20
HOST = re.compile(r"(?:[\w-]+\.)+[\w-]{2,}(?::\d{1,5})?")


def https_address(_form: Any, field: Field) -> None:
    """Refuse what is not one https address."""
    if field.data and not is_https(field.data):
        raise ValidationError(_("Nhập đủ địa chỉ trang, bắt đầu bằng https://"))


def https_addresses(_form: Any, field: Field) -> None:
    """Refuse a list, one address a line, in which one is not an https address."""
    found = lines(field.data)
    if len(found) > MOST:
        raise ValidationError(_("Nhập không quá %(max)d địa chỉ.", max=MOST))
    wrong = next((line for line in found if not is_https(line)), None)
    if wrong:
        raise ValidationError(
            _("“%(line)s” chưa phải là địa chỉ trang. Mỗi dòng một địa chỉ, bắt đầu bằng https://", line=wrong[:80])
        )


def is_https(text: str) -> bool:
    """Whether a text is an https address with a host, no user name and no blank."""
    if len(text) > LONGEST or re.search(r"[\s\\]", text):
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(HOST.fullmatch(parts.netloc))


def lines(text: str | None) -> list[str]:
    """The lines that say something."""
    return [line.strip() for line in (text or "").splitlines() if line.strip()]

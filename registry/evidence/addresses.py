"""The address of the upload form's target, with its token; templates of every part may ask for it."""

from typing import Any

from flask import request, url_for

from registry import access


def upload_url(ref: str = "", criterion: str = "") -> str:
    """Where to post a file: to the library, or to a criterion of an application as well."""
    about: dict[str, Any] = {"ref": ref, "criterion": criterion} if ref and criterion else {}
    path = url_for("evidence.upload").removeprefix(request.script_root)
    return url_for("evidence.upload", **about, token=access.upload_token(path, about))

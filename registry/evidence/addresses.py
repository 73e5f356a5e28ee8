"""The addresses that files are sent to, each with its token; templates of every part may ask for them."""

from typing import Any

from flask import request, url_for

from registry import access


def upload_url(ref: str = "", criterion: str = "", replaces: Any = "") -> str:
    """Where to post a form with a file: to the library, to a criterion as well, or in the place of another piece."""
    return _with_token("evidence.upload", {**_about(ref, criterion, replaces), **kept()})


def kept() -> dict[str, Any]:
    """What leads back to where the answer was opened from: the check page, or nothing."""
    return {"return": "check"} if request.args.get("return") == "check" else {}


def resumable_url(ref: str = "", criterion: str = "") -> str:
    """Where a client of the tus protocol begins an upload."""
    return _with_token("evidence.begin", _about(ref, criterion, ""))


def own_url(upload_id: Any) -> str:
    """Where the person who began an upload goes on with it; the token holds for this sign-in and this address only."""
    return _with_token("evidence.state", {}, upload_id=upload_id)


def _about(ref: str, criterion: str, replaces: Any) -> dict[str, Any]:
    about: dict[str, Any] = {"ref": ref, "criterion": criterion} if ref and criterion else {}
    return {**about, "replaces": str(replaces)} if replaces else about


def _with_token(endpoint: str, about: dict[str, Any], **values: Any) -> str:
    path = url_for(endpoint, **values).removeprefix(request.script_root)
    return url_for(endpoint, **values, **about, token=access.upload_token(path, about))

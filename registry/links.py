"""Addresses outside a request: for mail, QR codes and feeds, built from the settings and never from a Host header."""

from flask import current_app


def purpose(name: str) -> str:
    """What a signature is for, with the site it is good on: another one with the same key takes none of ours."""
    return f"{name}@{current_app.config['SETTINGS'].log_origin}"


def absolute(endpoint: str, language: str = "vi", **values: str) -> str:
    """The full address of a page; public pages in English live under /en."""
    settings = current_app.config["SETTINGS"]
    path = current_app.url_map.bind("localhost").build(endpoint, values)
    return f"{settings.public_url.rstrip('/')}{'/en' if language == 'en' else ''}{path}"

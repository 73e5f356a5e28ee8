"""An address for every route there is, whatever stands in it."""

from collections.abc import Iterator

from flask import Flask
from werkzeug.routing import AnyConverter, BaseConverter, IntegerConverter, Rule, UUIDConverter

UNKNOWN = "00000000-0000-4000-8000-000000000000"
KNOWN = {"code": "TL-01", "edition_id": "vcsc-2026", "filename": "site.css"}


def addresses(app: Flask, method: str, ref: str, text: str = "x") -> Iterator[tuple[Rule, str]]:
    """Each route that takes a method with an address of it; `text` stands wherever any text may."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda one: one.endpoint):
        if method in (rule.methods or ()):
            found = {name: _value(name, converter, ref, text) for name, converter in rule._converters.items()}
            yield rule, app.url_map.bind("localhost").build(rule.endpoint, found, method=method)


def _value(name: str, converter: BaseConverter, ref: str, text: str) -> object:
    if isinstance(converter, IntegerConverter):
        return 1
    if isinstance(converter, UUIDConverter):
        return UNKNOWN
    if isinstance(converter, AnyConverter):
        return sorted(converter.items)[0]
    return {**KNOWN, "ref": ref}.get(name, text)

"""Full addresses in what programs are given: worked out once for an endpoint, filled in for each row."""

from urllib.parse import quote

from flask import current_app

from registry.links import absolute


def address(endpoint: str, **values: str) -> str:
    """The full address of an endpoint; a value that is no part of its path becomes part of the query."""
    patterns: dict[tuple[str, ...], str] = current_app.extensions.setdefault("address patterns", {})
    key = (endpoint, *values)
    if key not in patterns:
        patterns[key] = _pattern(endpoint, list(values))
    return patterns[key].format(*[quote(one, safe="") for one in values.values()])


def _pattern(endpoint: str, names: list[str]) -> str:
    """The address with {0}, {1} ... where the values go."""
    marks = {name: f"zz{place}zz" for place, name in enumerate(names)}
    pattern = absolute(endpoint, **marks)
    for place, mark in enumerate(marks.values()):
        pattern = pattern.replace(mark, f"{{{place}}}")
    return pattern

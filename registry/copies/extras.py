"""What only the copy has: the index of its search, and the pages for what it lacks and for what only forms do."""

import json
from collections.abc import Iterator
from functools import partial

from flask import Flask, render_template
from flask_babel import force_locale
from werkzeug.test import EnvironBuilder

from assessments.clock import today
from assessments.folding import words
from assessments.queries import copies
from registry import catalogue, copied, db
from registry.copies.plan import Copied, Target
from registry.copies.rendering import Page, Renderer
from registry.i18n import LANGUAGE_KEY, LANGUAGES, ROOT_KEY

INDEX = "/copies/search.json"
MISSING, AWAY = "/copies/missing", "/copies/away"
WEIGHTY, REST = ("name", "maker"), ("lead",)
CATALOGUE = Copied(last=True)


def pages(renderer: Renderer) -> Iterator[tuple[Target, Page]]:
    """Each with the address it has in the copy."""
    yield Target(INDEX, endpoint="copies.search", rule=CATALOGUE), Page(index(), "application/json")
    for language in LANGUAGES:
        prefix = "/en" if language == "en" else ""
        for address, template in ((MISSING, "copies/missing.html"), (AWAY, "copies/away.html")):
            target = Target(prefix + address, endpoint="copies.page", language=language)
            body = renderer.apart(partial(_written, renderer.app, template, prefix))
            yield target, Page(body, "text/html; charset=utf-8")


def index() -> bytes:
    """The compact index: what products are found by, folded, with what a result shows and what filters ask.

    format    1
    values    [[facet, value, words of its name], ...]: what the numbers in `products` stand for
    products  [[address, name, English name or "", company, state, last day, [values], name words, other words], ...]
              in the order of their names
    """
    values: dict[tuple[str, str], int] = {}
    found = []
    with db.reading() as session:
        for one in copies.searchable(session, today()):
            for value in sorted(one.values):
                values.setdefault(value, len(values))
            found.append(_line(one, sorted(values[value] for value in one.values)))
    named = [[facet, value, _name(facet, value)] for facet, value in values]
    told = {"format": 1, "values": named, "products": found}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _line(one: copies.Found, values: list[int]) -> list[object]:
    name = one.card["name"]
    english = "" if name["en"] in {"", name["vi"]} else name["en"]
    vendor = one.card["vendor"]["vi"]
    return [
        *(one.slug, name["vi"], english, vendor, one.state.value, one.valid_until.isoformat(), values),
        *(_words(one, WEIGHTY), _words(one, REST)),
    ]


def _name(facet: str, value: str) -> str:
    """The words of a value's name in both languages: "chặn web đen" finds what is against that worry."""
    found: list[str] = []
    for language in LANGUAGES if facet in catalogue.LISTS else ():
        with force_locale(language):
            found += words(catalogue.name_of(value, facet))
    return " ".join(dict.fromkeys(found))


def _words(one: copies.Found, fields: tuple[str, ...]) -> str:
    """Each folded word of some fields once, in their order."""
    return " ".join(dict.fromkeys(words(" ".join(one.words.get(name, "") for name in fields))))


def _written(app: Flask, template: str, prefix: str) -> bytes:
    """A page that no route has."""
    builder = EnvironBuilder(path="/", base_url=app.config["SETTINGS"].public_url)
    environ = builder.get_environ()
    builder.close()
    root = environ["SCRIPT_NAME"]
    language = "en" if prefix else "vi"
    environ.update({copied.KEY: True, ROOT_KEY: root, LANGUAGE_KEY: language, "SCRIPT_NAME": root + prefix})
    with app.request_context(environ):
        return render_template(template).encode()

"""The description of the API for programs, and its page for people; both are written from the operations."""

import json
from dataclasses import dataclass

from flask import Response, current_app, render_template

from registry import access
from registry.accounts import attempts
from registry.api import bearer, examples, openapi, problems
from registry.api.addresses import address
from registry.api.blueprint import bp
from registry.api.openapi import VERSION
from registry.api.operations import BASE, OPERATIONS, Operation
from registry.api.own_examples import OWN_EXAMPLES
from registry.api.own_operations import OWN_OPERATIONS
from registry.api.parameters import MOST, USUAL, Parameter
from registry.api.samples import SAMPLES, Sample
from registry.i18n import translate

__all__ = ["VERSION"]


@dataclass(frozen=True)
class Row:
    """One parameter as the page shows it."""

    name: str
    about: str
    values: str


@bp.get("/api/openapi.json")
@access.public
def description() -> Response:
    """The description, OpenAPI 3.1."""
    kept: dict[str, bytes] = current_app.extensions.setdefault("api description", {})
    if not kept:
        kept["text"] = json.dumps(openapi.described(), ensure_ascii=False, indent=1).encode() + b"\n"
    return Response(kept["text"], content_type="application/json")


@bp.get("/api/docs")
@access.public
def docs() -> str:
    """How to read the register by program, with examples that are tried out by the tests."""
    settings = current_app.config["SETTINGS"]
    return render_template(
        "api/docs.html",
        operations=OPERATIONS,
        own=OWN_OPERATIONS,
        own_address=address("api.own_deadlines"),
        token_problems=bearer.PROBLEMS,
        per_token=attempts.LIMITS[attempts.Purpose.OWN].account,
        base=BASE,
        rows=rows,
        example=example,
        samples=samples(),
        problems=[(name, code, title) for code, (name, title, _detail) in problems.PROBLEMS.items()],
        parameter=problems.PARAMETER,
        usual=USUAL,
        most=MOST,
        per_minute=settings.api_per_minute,
        licence=settings.licence,
        licence_url=settings.licence_url,
    )


def samples() -> list[Sample]:
    """The programs of the page, with the address of this site in them."""
    public: str = current_app.config["SETTINGS"].public_url.rstrip("/")
    return [Sample(one.name, one.title, one.text.replace("{site}", public)) for one in SAMPLES]


def rows(one: Operation) -> list[Row]:
    """The parameters of an operation, those of the path first."""
    return [_row(each) for each in (*one.places, *one.query)]


def example(one: Operation) -> str:
    """What an answer looks like."""
    return json.dumps({**examples.EXAMPLES, **OWN_EXAMPLES}[one.name], ensure_ascii=False, indent=2)


def _row(one: Parameter) -> Row:
    schema = one.kind.schema
    values = ", ".join(schema["enum"]) if "enum" in schema else one.example
    return Row(one.name, translate(one.about), values)

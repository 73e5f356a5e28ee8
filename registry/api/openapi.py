"""The OpenAPI 3.1 description of the API, written from the operations and the shapes of their answers."""

from typing import Any

from flask import current_app
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from registry import identity
from registry.api import examples, own_description
from registry.api.addresses import address
from registry.api.models import Problem
from registry.api.operations import BASE, OPERATIONS, Operation
from registry.api.own_examples import OWN_EXAMPLES
from registry.api.own_operations import OWN_OPERATIONS, OwnOperation
from registry.api.parameters import LIMIT, Parameter
from registry.api.problems import MEDIA_TYPE, english

VERSION = "1.0.0"
EVERY: tuple[Operation, ...] = (*OPERATIONS, *OWN_OPERATIONS)
REFERENCE = "#/components/schemas/{model}"

Data = dict[str, Any]


def described() -> Data:
    """The whole description, for the settings of this site."""
    settings, club = current_app.config["SETTINGS"], identity.on(language="en")
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": club.site_name,
            "version": VERSION,
            "summary": "Read the public register: products, certificates, companies, criteria, events.",
            "description": _DESCRIPTION,
            "contact": {"name": club.name, "url": address("pages.about")},
            "license": {"name": settings.licence, "url": settings.licence_url},
        },
        "externalDocs": {"description": "Documentation with examples", "url": address("api.docs")},
        "servers": [{"url": settings.public_url.rstrip("/")}],
        "tags": [{"name": one} for one in dict.fromkeys(_tag(operation) for operation in EVERY)],
        "paths": {f"{BASE}{one.path}": {"get": _operation(one)} for one in EVERY},
        "components": {
            "schemas": schemas(),
            "responses": _refusals(),
            "headers": _headers(),
            "securitySchemes": own_description.security_schemes(),
        },
    }


def schemas() -> Data:
    """Every shape that is answered, and those inside it, as JSON Schema 2020-12."""
    shapes: list[type[BaseModel]] = [Problem, *(one.answer for one in EVERY)]
    _map, found = models_json_schema([(one, "serialization") for one in shapes], ref_template=REFERENCE)
    named: Data = found["$defs"]
    return dict(sorted(named.items()))


def _operation(one: Operation) -> Data:
    refused = {"400": "BadRequest", "429": "TooManyRequests", "503": "Unavailable"}
    refused |= {"404": "NotFound"} if one.places or one.name == "criteria" else {}
    refusals = {code: {"$ref": f"#/components/responses/{name}"} for code, name in sorted(refused.items())}
    own = isinstance(one, OwnOperation)
    has_it = {"304": {"description": "You have this answer already.", "headers": _references("ETag")}}
    return {
        "operationId": one.name,
        "tags": [_tag(one)],
        "summary": english(one.about),
        "parameters": [
            *(_parameter(each, "path") for each in one.places),
            *(_parameter(p, "query") for p in one.query),
        ],
        "responses": {
            "200": _answer(one),
            **({} if own else has_it),
            **refusals,
            **(own_description.references(one) if isinstance(one, OwnOperation) else {}),
        },
        **({"security": own_description.security(one)} if isinstance(one, OwnOperation) else {}),
    }


def _parameter(one: Parameter, place: str) -> Data:
    written = {
        "name": one.name,
        "in": place,
        "description": english(one.about),
        "required": place == "path",
        "schema": one.schema,
    }
    if one.many:
        written |= {"style": "form", "explode": True}
    return written | ({"example": _example(one)} if one.example else {})


def _example(one: Parameter) -> Any:
    return [one.example] if one.many else one.kind.read(one.example) if one.kind is LIMIT else one.example


def _answer(one: Operation) -> Data:
    reference = {"$ref": REFERENCE.format(model=one.answer.__name__)}
    content = {"schema": reference, "example": {**examples.EXAMPLES, **OWN_EXAMPLES}[one.name]}
    public = () if isinstance(one, OwnOperation) else ("ETag", "Access-Control-Allow-Origin")
    return {
        "description": (one.answer.__doc__ or "").split("\n")[0],
        "headers": _references("Cache-Control", "Link", *public),
        "content": {"application/json": content},
    }


def _refusals() -> Data:
    content = {MEDIA_TYPE: {"schema": {"$ref": REFERENCE.format(model="Problem")}}}
    said = {
        "BadRequest": "A parameter that cannot be used; `parameter` names it.",
        "NotFound": "Nothing of that name is published.",
        "TooManyRequests": "You ask too often. Wait as long as Retry-After says.",
        "Unavailable": "The register cannot answer now. Try again.",
    }
    answers: Data = {name: {"description": text, "content": content} for name, text in said.items()}
    for name in ("TooManyRequests", "Unavailable"):
        answers[name]["headers"] = _references("Retry-After")
    return answers | own_description.refusals(content)


def _headers() -> Data:
    text = {"type": "string"}
    return {
        "ETag": {"description": "Send it back as If-None-Match.", "schema": text},
        "Cache-Control": {"description": "How long it may be kept; never past midnight in Viet Nam.", "schema": text},
        "Link": {"description": "The next page (RFC 8288), licence and description.", "schema": text},
        "Access-Control-Allow-Origin": {"description": "Any site may read.", "schema": {"const": "*"}},
        "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 1}},
    }


def _references(*names: str) -> Data:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _tag(one: Operation) -> str:
    return one.path.split("/")[1] if one.path else "start"


_DESCRIPTION = """\
Everything here is public and needs no key, but for `/own`: a company's programs read its own data there, with a token
that one of its owners has made. Texts are in Vietnamese and English side by side; the Vietnamese one is the
source. Days are legal days in Viet Nam, moments are UTC. Statuses are those of today: a certificate can end with the
calendar, so no answer is kept past midnight.

Lists go on by cursors: follow `next` until it is null. A cursor is one word, made here, good for its list alone. Rows
that come or go meanwhile move none of the others. Events go on by `cursor`: they are counted by the public log, without
gaps, so that whoever goes on from the last cursor has missed nothing.

Send `If-None-Match` with the ETag of your last answer: 304 costs you nothing. Names and addresses of persons stand in
no answer."""

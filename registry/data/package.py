"""What describes the files to programs: a Data Package (Frictionless) of all of them, and a JSON Schema of each row."""

from typing import Any

from flask import current_app

from registry import identity
from registry.api.addresses import address
from registry.api.problems import english
from registry.data.files import Listed, Made
from registry.data.sets import DATASETS, Column, Dataset

DIALECT = "https://json-schema.org/draft/2020-12/schema"
MEDIA_TYPES = {"jsonl": "application/jsonl", "csv": "text/csv"}

Data = dict[str, Any]


def schema_of(dataset: Dataset) -> Data:
    """The JSON Schema of one line."""
    schema = dataset.shape.model_json_schema(mode="serialization")
    return {"$schema": DIALECT, "$id": address("data.schema", name=dataset.name), **schema}


def package_of(found: Listed) -> Data:
    """The Data Package of the files that stand for today."""
    settings, club = current_app.config["SETTINGS"], identity.on(language="en")
    return {
        "name": "open-data",
        "id": address("data.datapackage"),
        "title": club.site_name,
        "description": "The public register: products, certificates, what happened to them, and the criteria.",
        "homepage": address("data.index"),
        "created": found.made_at.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "version": found.made_at.date().isoformat(),
        "licenses": [{"name": settings.licence, "path": settings.licence_url}],
        "contributors": [{"title": club.name, "role": "publisher"}],
        "resources": [_resource(one, kind, found) for one in DATASETS for kind in MEDIA_TYPES],
    }


def _resource(dataset: Dataset, kind: str, found: Listed) -> Data:
    made: Made = found.files[f"{dataset.name}.{kind}"]
    resource = {
        "name": dataset.name if kind == "csv" else f"{dataset.name}-lines",
        "title": english(dataset.title),
        "description": english(dataset.about),
        "path": made.name,
        "format": kind,
        "mediatype": MEDIA_TYPES[kind],
        "encoding": "utf-8",
        "bytes": made.size,
        "hash": f"sha256:{made.sha256}",
    }
    if kind == "jsonl":
        return {**resource, "jsonSchema": address("data.schema", name=dataset.name)}
    table = {"fields": [_field(one) for one in dataset.columns], "primaryKey": list(dataset.key), "missingValues": [""]}
    return {**resource, "profile": "tabular-data-resource", "dialect": {"lineTerminator": "\r\n"}, "schema": table}


def _field(one: Column) -> Data:
    shapes = {"date": {"format": "%Y-%m-%d"}, "datetime": {"format": "any"}}
    return {"name": one.name, "type": one.type, **shapes.get(one.type, {})}

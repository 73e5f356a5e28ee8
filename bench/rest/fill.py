"""Fills its tables from a file of the products as our API gives them, one a line: `python -m bench.rest.fill FILE`."""

import json
import os
import sys
from collections.abc import Iterable
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.rest.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402  after the setup

from bench.rest import models  # noqa: E402
from bench.rest.api import LISTS  # noqa: E402

BATCH = 500
TABLES = (
    *(models.Code, models.Vendor, models.Level, models.Edition, models.Product, models.Certificate, models.Group),
    *(models.CertificateLimit, models.DataTaken, models.Permission, models.Blocking),
)

Data = dict[str, Any]


def main() -> None:
    """Make the tables and fill them."""
    with connection.schema_editor() as editor:
        for table in TABLES:
            editor.create_model(table)
    with Path(sys.argv[1]).open(encoding="utf-8") as lines:
        while rows := [json.loads(line) for line in islice(lines, BATCH)]:
            with transaction.atomic():
                _write(rows)


def _write(rows: list[Data]) -> None:
    products = models.Product.objects.bulk_create(map(_product, rows))
    certificates = models.Certificate.objects.bulk_create(map(_certificate, rows, products))
    for rows_of in (_of_product(rows, products), _of_certificate(rows, certificates)):
        made = list(rows_of)
        for table in {type(one) for one in made}:
            table.objects.bulk_create([one for one in made if type(one) is table])
    for name in LISTS:
        between = getattr(models.Product, name).through
        pairs = ((one, _code(name, code)) for one, row in zip(products, rows, strict=True) for code in row[name])
        between.objects.bulk_create(between(product_id=one.id, code_id=code.id) for one, code in pairs)


def _product(row: Data) -> models.Product:
    plain = ("slug", "website", "status", "since", "version", "version_date", "made_in_vietnam", "adverts")
    return models.Product(
        vendor=_once(models.Vendor, "slug", **_flat(row["vendor"])),
        price_model=row["price"]["model"],
        **_texts("price_note", row["price"]["note"]),
        **{name: row[name] for name in plain},
        **{key: value for name in ("name", "short", "description") for key, value in _texts(name, row[name]).items()},
    )


def _certificate(row: Data, product: models.Product) -> models.Certificate:
    given = row["certificate"]
    edition = _flat(given["edition"])
    del edition["id"]
    return models.Certificate(
        product=product,
        level=_once(models.Level, "code", **_flat(given["level"])),
        edition=_once(models.Edition, "version", **edition),
        overall=row["result"]["overall"],
        **{name: given[name] for name in ("number", "valid_from", "valid_until")},
        **_texts("summary", row["summary"]),
    )


def _of_product(rows: list[Data], products: list[models.Product]) -> Iterable[Any]:
    tables = {"data_taken": models.DataTaken, "permissions": models.Permission, "blocking": models.Blocking}
    for row, product in zip(rows, products, strict=True):
        for name, table in tables.items():
            yield from (table(product=product, **_flat(one)) for one in row[name])


def _of_certificate(rows: list[Data], certificates: list[models.Certificate]) -> Iterable[Any]:
    for row, certificate in zip(rows, certificates, strict=True):
        yield from (models.Group(certificate=certificate, **_flat(one)) for one in row["result"]["groups"])
        yield from (models.CertificateLimit(certificate=certificate, **one) for one in row["limits"])


def _flat(given: Data) -> Data:
    """The same with a text in two columns."""
    found: Data = {}
    for name, value in given.items():
        found |= _texts(name, value) if isinstance(value, dict) else {name: value}
    return found


def _texts(name: str, given: Data) -> Data:
    return {f"{name}_{language}": given[language] for language in ("vi", "en")}


_known: dict[tuple[str, str], Any] = {}


def _once(table: Any, key: str, **values: Any) -> Any:
    """The row with that key; made the first time."""
    place = (table.__name__, values[key])
    if place not in _known:
        _known[place] = table.objects.create(**values)
    return _known[place]


@cache
def _code(kind: str, code: str) -> models.Code:
    return models.Code.objects.create(kind=kind, code=code)


if __name__ == "__main__":
    main()

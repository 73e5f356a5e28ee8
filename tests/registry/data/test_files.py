"""/data: the whole register as files, whole by their hashes, in bounded memory, safe in a spreadsheet, described."""

import csv
import gzip
import hashlib
import io
import json
import tracemalloc
from dataclasses import replace
from datetime import timedelta

import frictionless
import jsonschema
import pytest

from assessments import clock
from assessments.queries import open_data
from assessments.states import CertificateState
from registry import issuing, jobs
from registry.api.operations import OPERATIONS
from registry.data import files
from registry.data.sets import BY_NAME, DATASETS, cells
from tests.listings import Shop

NAMES = [f"{one.name}.{kind}" for one in DATASETS for kind in files.FORMATS]


@pytest.fixture
def made(app, world):
    """Three products, one of them named like a formula, and the files of that moment."""
    shop = Shop(world)
    shop.publish(name='=HYPERLINK("x")', name_en="+1", facts={"short_vi": "-2", "short_en": "@SUM(A1)"})
    shop.publish(name="Đèn, “Nhà”\nHai dòng", state=CertificateState.WITHDRAWN)
    shop.publish(days=-500, lasts=300)
    with app.app_context():
        issuing.turn()
        files.make_when_due()
    return shop


def table(answer):
    """The rows of a CSV as mappings."""
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))


def test_every_file_is_what_its_hash_says(browser, made):
    sums = dict(reversed(line.split("  ")) for line in browser.get("/data/sha256sums.txt").text.splitlines())
    assert sorted(sums) == sorted(NAMES)
    for name in NAMES:
        plain = browser.get(f"/data/{name}")
        packed = browser.get(f"/data/{name}", headers={"Accept-Encoding": "gzip"})
        assert hashlib.sha256(plain.data).hexdigest() == sums[name]
        assert (packed.headers["Content-Encoding"], gzip.decompress(packed.data)) == ("gzip", plain.data)
        assert plain.headers["ETag"] != packed.headers["ETag"]
        for answer in (plain, packed):
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
            assert answer.headers["Cache-Control"].startswith("public, max-age=")
            assert "Accept-Encoding" in answer.headers["Vary"]
        known = browser.get(f"/data/{name}", headers={"If-None-Match": plain.headers["ETag"]})
        assert (known.status_code, known.data) == (304, b"")
        part = browser.get(f"/data/{name}", headers={"Range": "bytes=2-5"})
        assert (part.status_code, part.data) == (206, plain.data[2:6])
        assert browser.head(f"/data/{name}").headers["Content-Length"] == str(len(plain.data))


def test_lines_and_tables_say_what_the_api_says(browser, made):
    for name, kind in (("products", "products"), ("certificates", "certificates"), ("changes", "events")):
        lines = [json.loads(line) for line in browser.get(f"/data/{name}.jsonl").text.splitlines()]
        assert lines == browser.get(f"/api/v1/{kind}?limit=100").json["items"]
        assert len(table(browser.get(f"/data/{name}.csv"))) == len(lines)
    criteria = browser.get("/data/criteria.jsonl").text.splitlines()
    assert json.loads(criteria[0])["code"] == "TL-01"
    products = table(browser.get("/data/products.csv"))
    assert [one["status"] for one in products] == ["active", "withdrawn", "expired"]
    assert products[0]["ages"].split() == browser.get("/api/v1/products/p-0001").json["ages"]


def test_no_cell_begins_a_formula(browser, made):
    first, second, _third = table(browser.get("/data/products.csv"))
    assert (first["name_vi"], first["name_en"]) == ('\'=HYPERLINK("x")', "'+1")
    assert (first["short_vi"], first["short_en"]) == ("'-2", "'@SUM(A1)")
    assert second["name_vi"] == "Đèn, “Nhà”\nHai dòng"
    for one in DATASETS:
        for row in table(browser.get(f"/data/{one.name}.csv")):
            assert [value for value in row.values() if value.startswith(("=", "+", "-", "@", "\t", "\r"))] == []


def test_every_line_has_its_published_schema(browser, made):
    for one in DATASETS:
        schema = browser.get(f"/data/schemas/{one.name}.json").json
        check = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
        check.check_schema(schema)
        for line in browser.get(f"/data/{one.name}.jsonl").text.splitlines():
            check.validate(json.loads(line))


def test_the_package_is_valid_and_its_tables_are_what_it_says(browser, made, tmp_path):
    package = browser.get("/data/datapackage.json").json
    assert [one["path"] for one in package["resources"]] == NAMES
    for one in package["resources"]:
        content = browser.get(f"/data/{one['path']}").data
        assert (one["bytes"], one["hash"]) == (len(content), f"sha256:{hashlib.sha256(content).hexdigest()}")
        (tmp_path / one["path"]).write_bytes(content)
    tables = {**package, "resources": [one for one in package["resources"] if one["format"] == "csv"]}
    (tmp_path / "datapackage.json").write_text(json.dumps(tables))
    report = frictionless.validate(str(tmp_path / "datapackage.json"))
    assert report.flatten(["type", "message"]) == []
    assert report.valid


def test_before_there_are_any_the_page_says_so_and_files_are_not_there_yet(browser, world):
    assert "Các tệp đang được làm lần đầu." in browser.get("/data").text
    for name in ("products.csv", "datapackage.json", "sha256sums.txt"):
        assert browser.get(f"/data/{name}").status_code == 503
    for name in ("people.csv", "products.xml", "schemas/people.json", "..%2Flist.json"):
        assert browser.get(f"/data/{name}").status_code == 404


def test_they_are_made_anew_when_something_changed_but_not_all_the_time(app, browser, made):
    before = browser.get("/data/products.csv").headers["ETag"]
    moment = clock.now()
    with app.app_context(), clock.at(moment + timedelta(minutes=1)):
        assert files.make_when_due() == 0
        made.publish(name="Mới")
        assert files.make_when_due() == 0
        assert browser.get("/data/products.csv").headers["ETag"] == before
    with app.app_context(), clock.at(moment + timedelta(minutes=11)):
        assert files.make_when_due() == len(NAMES)
        assert files.make_when_due() == 0
        assert browser.get("/data/products.csv").headers["ETag"] != before
    with app.app_context(), clock.at(moment + timedelta(days=1)):
        assert files.make_when_due() == len(NAMES)  # statuses are of a day
        assert len(list(files.folder().iterdir())) <= 2 * 2 * len(NAMES) + 1
    with app.app_context():
        jobs.turn()


def test_what_is_read_while_it_is_replaced_stays_for_an_hour(app, made):
    with app.app_context():
        old = files.listed().files["products.csv"]
        made.publish(name="Mới")
        with clock.at(clock.now() + timedelta(minutes=20)):
            files.make_when_due()
            assert files.place_of(old, packed=False).exists()
        with clock.at(clock.now() + timedelta(hours=2)):
            made.publish(name="Mới hơn")
            files.make_when_due()
            assert not files.place_of(old, packed=False).exists()
            assert len(list(files.folder().iterdir())) == 2 * len(NAMES) + 1


def test_memory_stays_the_same_however_many_rows_there_are(app, world, tmp_path, monkeypatch):
    shop = Shop(world)
    shop.publish()
    row = next(iter(open_data.every_product(shop.session, clock.today())))
    shop.session.commit()

    def peak(count):
        rows = (replace(row, slug=f"m-{number:06}") for number in range(count))
        monkeypatch.setattr(open_data, "every_product", lambda _session, _day: rows)
        tracemalloc.start()
        with app.app_context():
            found = files.make(shop.session)
        _now, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert found.files["products.jsonl"].rows == count
        return most

    few, more = peak(200), peak(4000)
    assert more < few + 2 * 1024 * 1024


def test_cells_have_the_columns_of_their_set(browser, made):
    for one in DATASETS:
        for line in browser.get(f"/data/{one.name}.jsonl").text.splitlines():
            assert len(cells(one, json.loads(line))) == len(one.columns)
    assert set(BY_NAME) == {"products", "certificates", "changes", "criteria"}
    assert {one.shape for one in DATASETS} <= {one.answer for one in OPERATIONS} | {BY_NAME["changes"].shape}

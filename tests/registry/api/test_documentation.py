"""/api/openapi.json and /api/docs: valid, complete, and every program on the page does what it says."""

import json
import os
import shutil
import subprocess
import sys
import threading
from dataclasses import replace

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from werkzeug.serving import make_server

from registry import issuing
from registry.api import documentation
from registry.api.openapi import EVERY
from registry.api.operations import BASE
from tests.listings import Published, Shop


@pytest.fixture
def description(browser, world):
    answer = browser.get("/api/openapi.json")
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    return answer.json


def test_the_description_is_valid_for_an_independent_library(description):
    assert description["openapi"] == "3.1.0"
    assert list(OpenAPIV31SpecValidator(description).iter_errors()) == []


def test_every_operation_is_a_route_and_every_route_an_operation(app, description):
    routes = {
        rule.rule.replace("<", "{").replace(">", "}")
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("api.") and rule.rule.startswith(BASE)
    }
    assert set(description["paths"]) == routes
    assert {one["get"]["operationId"] for one in description["paths"].values()} == {one.name for one in EVERY}


def test_only_a_companys_own_data_asks_for_a_token(description):
    asked = {path: one["get"].get("security") for path, one in description["paths"].items()}
    scheme = description["components"]["securitySchemes"]["companyToken"]
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
    assert {path for path, security in asked.items() if security} == {
        path for path in asked if path.startswith(f"{BASE}/own")
    }
    assert asked[f"{BASE}/own/evidence"] == [{"companyToken": ["evidence"]}]


def test_every_schema_is_closed_and_every_example_has_its_schema(description):
    schemas = description["components"]["schemas"]
    assert all(one["additionalProperties"] is False for one in schemas.values() if one.get("properties"))
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)
    for path in description["paths"].values():
        content = path["get"]["responses"]["200"]["content"]["application/json"]
        inlined = {"components": {"schemas": schemas}, **content["schema"]}
        Draft202012Validator(inlined).validate(content["example"])


def test_the_page_names_every_operation_and_parameter_in_both_languages(browser, world):
    for address, word in (("/api/docs", "Bắt đầu"), ("/en/api/docs", "Good to know")):
        page = browser.get(address)
        assert page.status_code == 200
        assert word in page.text
        assert "<script" not in page.text
        for one in EVERY:
            assert f'id="{one.name}"' in page.text
            for parameter in (*one.places, *one.query):
                assert f"<code>{parameter.name}</code>" in page.text


# --- the programs of the page, against a real server ---


@pytest.fixture
def served(app, world):
    """The app with three products, behind a real server."""
    Shop(world).publish_all(*[Published(name=f"Sản phẩm {number}") for number in range(3)])
    server = make_server("127.0.0.1", 0, app, threaded=True)
    settings = app.config["SETTINGS"]
    app.config["SETTINGS"] = replace(settings, public_url=f"http://localhost:{server.server_port}")
    with app.app_context():
        issuing.turn()
    running = threading.Thread(target=server.serve_forever)
    running.start()
    yield app
    server.shutdown()
    running.join()
    server.server_close()


def program(app, name):
    """The text of a program of the page."""
    with app.app_context():
        return next(one.text for one in documentation.samples() if one.name == name)


@pytest.mark.parametrize("name", ["python", "events"])
def test_the_python_programs_run(served, name, tmp_path):
    command = [sys.executable, "-c", program(served, name)]
    for turn in range(2):
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)  # noqa: S603
        assert (done.returncode, done.stderr) == (0, "")
        lines = done.stdout.splitlines()
        if name == "python":
            assert [line.split(" ", 1)[1] for line in lines] == [f"Sản phẩm {number}" for number in range(3)]
        else:
            assert (len(lines) > 0) is (turn == 0)  # the second time there is nothing new


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_command_runs(served):
    text = program(served, "curl")
    environment = {"PATH": os.environ["PATH"]}
    done = subprocess.run(["/bin/sh", "-c", text], env=environment, capture_output=True, text=True, check=True)  # noqa: S603
    assert len(json.loads(done.stdout)["items"]) == 3

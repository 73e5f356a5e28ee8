"""An edition as an OSCAL catalog: valid for the published models, complete, and the same each time."""

import argparse
import json
import re
import uuid
from dataclasses import replace

import pytest
from trestle.core.validator_factory import validator_factory
from trestle.oscal import OSCAL_VERSION
from trestle.oscal.catalog import Catalog

from assessments.clock import now
from criteria import oscal, store

EDITION = store.load("vcsc-2026")
PAGES = {"vi": "/criteria/vcsc-2026/oscal.json", "en": "/en/criteria/vcsc-2026/oscal.json"}


@pytest.fixture
def documents(browser):
    """The catalog in both languages, as it is served."""
    found = {}
    for language, address in PAGES.items():
        answer = browser.get(address)
        assert (answer.status_code, answer.mimetype) == (200, "application/json")
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        found[language] = answer.json
    return found


def everywhere(value, name):
    """Every value of a key, however deep."""
    if isinstance(value, dict):
        found = [value[name]] if name in value else []
        return found + [one for inner in value.values() for one in everywhere(inner, name)]
    return [one for inner in value for one in everywhere(inner, name)] if isinstance(value, list) else []


def test_it_is_valid_for_the_models_of_an_independent_library(documents, tmp_path):
    for language, document in documents.items():
        (tmp_path / f"{language}.json").write_text(json.dumps(document), "utf-8")
        catalog = Catalog.oscal_read(tmp_path / f"{language}.json")
        assert catalog is not None
        assert validator_factory.get(argparse.Namespace(mode="all")).model_is_valid(catalog, quiet=True)
        assert document["catalog"]["metadata"]["oscal-version"] == OSCAL_VERSION == oscal.OSCAL
        assert json.loads(catalog.oscal_serialize_json())["catalog"]["groups"] == document["catalog"]["groups"]


def test_the_library_sees_a_broken_one(documents, tmp_path):
    document = documents["en"]
    document["catalog"]["groups"][0]["controls"][0]["id"] = "no token"
    (tmp_path / "broken.json").write_text(json.dumps(document), "utf-8")
    with pytest.raises(Exception, match=r"token|pattern|valid"):
        Catalog.oscal_read(tmp_path / "broken.json")


def test_every_criterion_is_a_control_with_its_text(documents):
    for language, document in documents.items():
        groups = {one["id"]: one for one in document["catalog"]["groups"]}
        assert list(groups) == [group.code.lower() for group, _criteria in EDITION.by_group()]
        for criterion in EDITION.criteria:
            control = next(
                one for one in groups[criterion.group.lower()]["controls"] if one["id"] == criterion.code.lower()
            )
            parts = {part["name"]: part for part in control["parts"]}
            assert control["title"] == criterion.title.get(language)
            assert parts["statement"]["prose"] == criterion.requirement.get(language)
            assert [part["name"] for part in parts["guidance"]["parts"]] == [
                *("look-for", "evidence", "mistakes", "example")
            ]
            weights = [prop["value"] for prop in control["props"] if prop["name"] == "weight"]
            assert weights == [str(criterion.weight)]
            assert len(control["links"]) == len(criterion.sources)


def test_what_is_referred_to_is_there(documents):
    catalog = documents["vi"]["catalog"]
    resources = {one["uuid"] for one in catalog["back-matter"]["resources"]}
    assert {href[1:] for href in everywhere(catalog, "href") if href.startswith("#")} <= resources
    parameters = {one["id"] for found in everywhere(catalog, "params") for one in found}
    inserted = set(re.findall(r"insert: param, ([\w-]+)", json.dumps(catalog)))
    assert inserted
    assert inserted <= parameters
    ids = everywhere(catalog, "id")
    assert len(ids) == len(set(ids))


def test_the_same_edition_is_the_same_document_and_another_text_is_another(documents, browser):
    assert browser.get(PAGES["vi"]).json == documents["vi"]
    assert documents["vi"]["catalog"]["uuid"] != documents["en"]["catalog"]["uuid"]
    by = oscal.Publisher("A", "https://names.example", "https://site.example", now())
    first = oscal.catalog(EDITION, "vi", by)["catalog"]
    moved = oscal.catalog(EDITION, "vi", replace(by, site="https://other.example"))["catalog"]
    changed = oscal.catalog(replace(EDITION, pass_mark=2), "vi", by)["catalog"]
    assert first["uuid"] == moved["uuid"] == documents["vi"]["catalog"]["uuid"]
    assert changed["uuid"] != first["uuid"]
    assert {uuid.UUID(one).version for one in everywhere(first, "uuid")} == {5}


def test_the_command_prints_what_is_served(app, documents, browser):
    done = app.test_cli_runner().invoke(args=["criteria", "export", "--oscal", "vcsc-2026", "--language", "en"])
    assert (done.exit_code, json.loads(done.output)) == (0, documents["en"])
    done = app.test_cli_runner().invoke(args=["criteria", "export", "--oscal", "vcsc-1999"])
    assert done.exit_code == 1
    assert "There is no edition vcsc-1999." in done.output


def test_other_editions_are_not_there(browser):
    assert browser.get("/criteria/vcsc-1999/oscal.json").status_code == 404

"""The locks hold every dependency with its hashes, agree with each other, and name no package index."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PINNED = re.compile(r"^([a-z0-9-]+)(?:\[[a-z0-9, ]+\])?==(\S+)((?: ; [^\\]+)?) \\$", re.MULTILINE)

Pins = set[tuple[str, str, str]]


def test_the_run_lock_holds_every_dependency() -> None:
    assert _declared("dependencies") - _names("requirements.txt") == set()


def test_the_lock_of_the_tests_holds_the_run_lock_and_more() -> None:
    assert _pins("requirements.txt") - _pins("requirements-dev.txt") == set()
    assert _declared("dev") | _declared("s3") <= _names("requirements-dev.txt")


def test_the_lock_of_the_attackers_holds_them() -> None:
    assert _declared("security") - _names(".ci/security-tools.txt") == set()


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt", ".ci/security-tools.txt"])
def test_a_lock_is_pins_and_hashes_and_nothing_else(lock: str) -> None:
    rest = PINNED.sub("", (ROOT / lock).read_text("utf-8"))
    assert re.sub(r"^    --hash=sha256:[0-9a-f]{64}(?: \\)?$", "", rest, flags=re.MULTILINE).strip() == ""


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_a_name_with_extras_stands_without_them_too(lock: str) -> None:
    """Debian's pip takes the two for different requirements, and refuses the one that has no hash of its own."""
    lines = (ROOT / lock).read_text("utf-8").splitlines()
    with_extras = [line for line in lines if "[" in line]
    assert with_extras
    assert {re.sub(r"\[.*\]", "", line) for line in with_extras} <= set(lines)


def test_what_is_in_the_lock_is_in_the_list_of_materials() -> None:
    made = subprocess.run([sys.executable, ROOT / ".ci" / "sbom"], capture_output=True, text=True, check=True)  # noqa: S603
    found = json.loads(made.stdout)
    packages = [one for one in found["components"] if one.get("purl")]
    assert (found["bomFormat"], found["specVersion"]) == ("CycloneDX", "1.6")
    assert {(one["name"], one["version"]) for one in packages} == {pin[:2] for pin in _pins("requirements.txt")}
    assert [one["name"] for one in packages if not one["hashes"]] == []


def _pins(lock: str) -> Pins:
    return set(PINNED.findall((ROOT / lock).read_text("utf-8")))


def _names(lock: str) -> set[str]:
    return {name for name, _, _ in _pins(lock)}


def _declared(group: str) -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    groups = {
        "dependencies": project["project"]["dependencies"],
        "dev": project["dependency-groups"]["dev"],
        "security": project["dependency-groups"]["security"],
        "s3": project["project"]["optional-dependencies"]["s3"],
    }
    return {canonicalize_name(Requirement(each).name) for each in groups[group]}

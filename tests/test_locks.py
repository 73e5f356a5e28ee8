"""The locks hold every dependency with its hashes, agree with each other, and name no package index."""

import re
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

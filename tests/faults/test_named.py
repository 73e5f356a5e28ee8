"""Every fault that docs/operations.md lists has the test that it names."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def names_in(path: Path) -> set[str]:
    """The names of the tests of a file."""
    tree = ast.parse(path.read_text("utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def test_the_table_of_faults_names_tests_that_exist() -> None:
    named = NAMED.findall((ROOT / "docs" / "operations.md").read_text("utf-8"))
    assert named
    assert [(path, name) for path, name in named if name not in names_in(ROOT / path)] == []


def test_every_test_of_a_fault_is_in_the_table_or_beside_one_that_is() -> None:
    named = {path for path, _name in NAMED.findall((ROOT / "docs" / "operations.md").read_text("utf-8"))}
    ours = {f"tests/faults/{path.name}" for path in Path(__file__).parent.glob("test_*.py")}
    assert ours - named == {"tests/faults/test_named.py"}

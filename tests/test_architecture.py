"""What the linters cannot say about the house."""

import ast
import re
import subprocess
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from assessments import diagram

ROOT = Path(__file__).parent.parent
SOURCES = sorted(
    path
    for folder in ("criteria", "assessments", "registry")
    for path in (ROOT / folder).rglob("*.py")
    if path.parent.name != "versions"  # migrations are as long as what they change
)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
HAS_ROUTES = re.compile(r"^@bp\.(get|post)", re.MULTILINE)
COMMITTING = ("routes.py", "db.py", "jobs.py", "cli.py", "commands.py", "demonstration.py", "fsck.py", "login.py")
LONGER = {"registry/verifying/registry_verify.py": 870}  # given away, and read by strangers, as one file
DRAWERS = {"helper", "helpers", "util", "utils", "common", "misc", "base", "manager", "service", "handlers"}


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_files_stay_short_and_say_what_they_are(path):
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= LONGER.get(name(path), 400)
    assert text == "" or ast.get_docstring(ast.parse(text)), "a file opens with one sentence"


def test_templates_say_what_they_are_for_or_extend_a_layout():
    silent = [name(p) for p in TEMPLATES if not p.read_text("utf-8").lstrip().startswith(("{#", "{% extends"))]
    assert silent == []


def translated_variables(source):
    """Calls of gettext and its kin whose msgid is not written right there."""
    tree = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"], autoescape=True).parse(source)
    calls = [call for call in tree.find_all(nodes.Call) if isinstance(call.node, nodes.Name)]
    return [
        call.lineno
        for call in calls
        if call.node.name in {"_", "gettext", "ngettext", "pgettext", "npgettext"}
        and not (call.args and all(isinstance(one, nodes.Const) for one in call.args[: msgids(call.node.name)]))
    ]


def msgids(function):
    """How many of the first arguments are msgids (or the context before one)."""
    return {"_": 1, "gettext": 1, "ngettext": 2, "pgettext": 2, "npgettext": 3}[function]


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_gettext_is_called_with_literals_only(path):
    # Its msgid is taken for markup and its % signs are filled: with a variable, a stranger's text runs as HTML.
    # Constants of ours go through the filter `translated`.
    assert translated_variables(path.read_text("utf-8")) == []


def test_the_rule_of_literals_knows_its_calls():
    source = "{{ _('a') }}{{ _(x) }}{{ ngettext('a', y, n) }}{{ pgettext('a', 'b') }}{{ _('a' ~ x) }}{{ _() }}"
    assert len(translated_variables(source)) == 4


def test_no_drawer_without_a_name():
    assert [name(p) for p in SOURCES if p.stem in DRAWERS or p.parent.name in DRAWERS] == []


def test_only_routes_jobs_and_commands_commit():
    writers = {name(p): text for p in SOURCES if ".commit()" in (text := p.read_text("utf-8"))}
    assert [w for w, text in writers.items() if not (w.endswith(COMMITTING) or HAS_ROUTES.search(text))] == []


def test_routes_ask_no_questions_of_the_tables_themselves():
    routes = {name(p): text for p in SOURCES if HAS_ROUTES.search(text := p.read_text("utf-8"))}
    asking = [one for one, text in routes.items() if "select(" in text]
    assert asking == []


def test_every_page_has_the_template_of_its_name(app):
    pages = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    shown = {p.relative_to(ROOT / "templates").with_suffix("").as_posix().replace("/", ".") for p in TEMPLATES}
    folders = {page.split(".")[0] for page in pages if "." in page}
    orphans = [
        page for page in shown if page.split(".")[0] in folders and page not in app.view_functions and "._" not in page
    ]
    assert orphans == []


def test_the_picture_of_the_procedure_is_fresh():
    page = (ROOT / "docs" / "procedure.md").read_text("utf-8")
    assert page == diagram.page(page)


def test_every_setting_is_documented():
    from registry.config import Settings  # noqa: PLC0415  only this test needs it

    page = (ROOT / "docs" / "operations.md").read_text("utf-8")
    assert [f.upper() for f in Settings.__dataclass_fields__ if f"`{f.upper()}`" not in page] == []


def test_nothing_names_a_machine_or_its_registries():
    words = ("pypi" + ".org", "python" + "hosted", "registry.npm" + "js", "/" + "root/", "/" + "work/")
    tracked = subprocess.run(
        ["git", "ls-files"],  # noqa: S607  git as the machine has it
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    told = [one for one in tracked if any(w in (ROOT / one).read_text("utf-8", errors="ignore") for w in words)]
    assert told == []

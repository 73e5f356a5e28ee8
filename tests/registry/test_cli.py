"""The commands of the registry: each is there under its name, and none is loaded before it is asked for."""

import subprocess
import sys

import pytest

from registry import cli

HEAVY = {"alembic", "fpdf", "numpy", "openpyxl", "OpenSSL", "PIL", "puremagic", "segno", "webauthn"}  # what few need


@pytest.mark.parametrize("name", cli.COMMANDS)
def test_each_command_says_what_it_does(app, name):
    done = app.test_cli_runner().invoke(args=[name, "--help"])
    assert (done.exit_code, f"{name} [" in done.output) == (0, True)


def test_they_are_listed_and_others_are_not_there(app):
    listed = app.test_cli_runner().invoke(args=["--help"]).output
    assert [name for name in cli.COMMANDS if f"\n  {name} " not in listed] == []
    assert app.test_cli_runner().invoke(args=["no-such-command"]).exit_code == 2


def test_a_web_process_begins_without_them():
    script = f"import sys, registry; print(*sorted({HEAVY!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)  # noqa: S603  our own
    assert done.stdout.split() == []

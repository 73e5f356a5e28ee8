"""Files an auditor has opened, and case files made of them: for the tests of oversight."""

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from flask import Flask
from sqlmodel import select

from assessments import audit, cases
from assessments.models import Application, CaseExport
from assessments.states import CaseState
from registry import storage
from registry.accounts.models import User
from registry.audit import making
from tests.rows import rows
from tests.world import World


def opened(world: World, application: Application, person: User | None = None) -> Application:
    """Lan has no interest, and reads the file."""
    audit.declare(world.session, person or world.lan, application, has_interest=False)
    world.session.commit()
    return application


def kept(app: Flask, content: bytes) -> tuple[str, int]:
    """Bytes in the storage."""
    with app.app_context(), storage.current().begin() as incoming:
        incoming.write(content)
        return incoming.keep()


def made(app: Flask, world: World, application: Application, language: str = "vi") -> Path:
    """The case file, asked for by Lan and made by the worker."""
    cases.request(world.session, world.lan, application, language)
    world.session.commit()
    with app.app_context():
        assert making.make_all() == 1
        (export,) = rows(app, select(CaseExport).where(CaseExport.state == CaseState.READY))
        return making.folder() / export.file_name


def entries(path: Path) -> dict[str, bytes]:
    """What lies in an archive."""
    with zipfile.ZipFile(path) as opened_zip:
        return {name: opened_zip.read(name) for name in opened_zip.namelist()}


def data(path: Path, name: str = "case.json") -> Any:
    """An entry of JSON."""
    return json.loads(entries(path)[name])


def packed(path: Path, content: Mapping[str, bytes]) -> Path:
    """Another archive with other content."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as written:
        for name, value in content.items():
            written.writestr(name, value)
    path.write_bytes(file.getvalue())
    return path


def changed(content: Mapping[str, bytes], name: str, change: Callable[[Any], object]) -> dict[str, bytes]:
    """The same with an entry of JSON changed in place."""
    value = json.loads(content[name])
    change(value)
    return {**content, name: canonical(value)}


def canonical(value: Any) -> bytes:
    """As the registry writes it; said here again, so that a change of that is noticed."""
    return (json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def verify(app: Flask, path: Path, *options: str) -> tuple[int, str]:
    """What the command answers: exit code and sentence."""
    result = app.test_cli_runner().invoke(args=["case", "verify", str(path), *options])
    return result.exit_code, result.output.strip()

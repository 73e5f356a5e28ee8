"""Fixtures: a real database, a real app, and a client that signs in and sends the token of the page it is on."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlmodel import Session, SQLModel
from werkzeug.test import TestResponse

from registry import create_app
from registry.accounts import sessions
from registry.accounts.models import User
from registry.config import Settings
from tests import world as people

SECRET = "a secret of the tests that is long enough"


class Browser(FlaskClient):
    """A test client that signs in, and sends the CSRF token of the page it is on."""

    def sign_in(self, user: User) -> None:
        """As if the person had typed their password."""
        with Session(self.application.extensions["engine"]) as session:
            key = sessions.begin(session, user, sessions.Seat())
            session.commit()
        with self.session_transaction("/account") as cookie:  # public pages set no cookie, this one may
            cookie["_user_id"] = key
            cookie["_fresh"] = True

    def token(self, page: str) -> str:
        """The form token of a page."""
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.get(page).text)
        return found[1] if found else ""

    def press(self, url: str, page: str, **data: object) -> TestResponse:
        """Post a form found on `page`."""
        return self.post(url, data={"csrf_token": self.token(page), **data})


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of one test: everything under its own folder, the database as DATABASE_URL says."""
    return Settings(
        var_dir=tmp_path,
        secret_key=SECRET,
        public_url="http://localhost",
        database_url=os.environ.get("DATABASE_URL") or f"sqlite:///{tmp_path}/registry.db",
        storage_url=f"file://{tmp_path}/files",
        mail_url=f"file://{tmp_path}/mail",
    )


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The app on an empty database with every table."""
    app = create_app(settings)
    app.config["TESTING"] = True
    app.test_client_class = Browser
    engine = app.extensions["engine"]
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
    SQLModel.metadata.create_all(engine)
    yield app
    engine.dispose()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """The test's own session; it holds no lock while pages are asked for, as long as it is committed."""
    with Session(app.extensions["engine"], expire_on_commit=False) as session:
        yield session


@pytest.fixture
def world(session: Session) -> people.World:
    """Everybody."""
    return people.build(session)


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    """A browser nobody is signed in with."""
    return app.test_client()

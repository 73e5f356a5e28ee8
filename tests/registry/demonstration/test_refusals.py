"""Where the demonstration does not go: without its setting, without tables, and into a real register."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func
from sqlmodel import Session, select

from assessments.models import Product
from registry import create_app
from registry.config import BadSetting, Settings
from registry.mail.models import Deployment
from tests.world import World

LOAD = ["demonstration", "load", "--when-empty"]


@pytest.fixture
def demonstrating(settings: Settings) -> Settings:
    return replace(settings, demonstration=True)


def test_without_the_setting(app: Flask, session: Session) -> None:
    result = app.test_cli_runner().invoke(args=LOAD)
    assert result.exit_code == 1
    assert "DEMONSTRATION is not set" in result.output
    assert session.exec(select(Deployment)).all() == []


def test_without_tables(demonstrating: Settings, tmp_path: Path) -> None:
    started = create_app(replace(demonstrating, database_url=f"sqlite:///{tmp_path}/nothing.db"))
    result = started.test_cli_runner().invoke(args=LOAD)
    started.extensions["engine"].dispose()
    assert result.exit_code == 1
    assert "db upgrade" in result.output


def test_a_demonstration_refuses_a_database_with_real_people(world: World, demonstrating: Settings) -> None:
    assert world.an
    with pytest.raises(BadSetting, match="real register"):
        create_app(demonstrating)


def test_people_who_came_after_the_start_are_seen_by_the_command(
    app: Flask, session: Session, demonstrating: Settings, request: pytest.FixtureRequest
) -> None:
    assert app
    started = create_app(demonstrating)
    request.getfixturevalue("world")
    result = started.test_cli_runner().invoke(args=LOAD)
    started.extensions["engine"].dispose()
    assert result.exit_code == 1
    assert "real register" in result.output
    assert session.exec(select(func.count()).select_from(Product)).one() == 0


def test_an_empty_database_serves_both(app: Flask, settings: Settings, demonstrating: Settings) -> None:
    assert app
    assert create_app(settings)
    assert create_app(demonstrating)

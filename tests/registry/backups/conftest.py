"""Registries to make backups of: one with a file, and one with a certificate, its signatures and the log."""

import pytest
from flask import Flask
from sqlmodel import Session

from tests import real_products
from tests.registry.evidence import desk
from tests.world import World


@pytest.fixture
def small(app: Flask, world: World, session: Session) -> Flask:
    """Everybody, and one file."""
    desk.keep(app, session, world.an)
    session.commit()
    session.close()
    return app


@pytest.fixture
def full(app: Flask, world: World, session: Session) -> Flask:
    """Something in the tables that are hard to carry: JSON, moments, bytes, the log and its tiles."""
    desk.keep(app, session, world.an)
    real_products.carry(world, real_products.load()["cboard"])
    session.commit()
    session.close()
    return app

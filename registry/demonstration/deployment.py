"""A whole database is a demonstration or is none: a program with the other setting refuses to serve it, in words."""

from pathlib import Path

from flask import Flask
from sqlalchemy import Engine, exists, select
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col

from registry.accounts.models import User
from registry.config import BadSetting
from registry.mail.models import Deployment

IS_DEMONSTRATION = (
    "This database is a demonstration, its companies and certificates are made up. "
    "Set DEMONSTRATION=1 to look at it, or point DATABASE_URL to the database of the real register."
)
IS_REAL = (
    "DEMONSTRATION is set, but this database is the one of a real register. "
    "Unset DEMONSTRATION, or point DATABASE_URL to a database of its own."
)


def init_app(app: Flask) -> None:
    """Compare setting and database once, when a server, a worker or a command starts. Raises BadSetting.

    A database that is not there yet, has no tables or cannot be reached says nothing: `db upgrade` and /readyz do.
    """
    engine: Engine = app.extensions["engine"]
    settings = app.config["SETTINGS"]
    if engine.dialect.name == "sqlite" and not Path(engine.url.database or "").exists():
        return
    try:
        with Session(engine.execution_options(reading=True)) as session:
            found = kind(session)
    except DBAPIError:
        return
    finally:
        engine.dispose()  # no connection of this look may be shared with processes forked later
    if found is not None and found != settings.demonstration:
        raise BadSetting(IS_REAL if settings.demonstration else IS_DEMONSTRATION)


def kind(session: Session) -> bool | None:
    """True for a demonstration, False for a real register, None for a database in which nobody has an account yet."""
    said = select(col(Deployment.demonstration)).scalar_subquery()
    said_so, used = session.execute(select(said, exists().where(col(User.id).is_not(None)))).one()
    if said_so is not None:
        return bool(said_so)
    return False if used else None

"""Builds the app: the list of its parts and blueprints, nothing else."""

from pathlib import Path

from flask import Flask

from registry import access, cli, config, db, errors, i18n, security, tables, templating
from registry.accounts import login
from registry.config import Settings
from registry.criteria import routes as criteria

TEMPLATES = Path(__file__).parent.parent / "templates"
ALL_TABLES = tables.__all__
PARTS = (db, i18n, templating, login, access, security, errors, cli)
BLUEPRINTS = (criteria.bp,)


def create_app(settings: Settings | None = None) -> Flask:
    """The WSGI application, with the settings given or those of the environment."""
    app = Flask(__name__, template_folder=str(TEMPLATES))
    app.config["SETTINGS"] = settings or config.from_environment()
    for part in PARTS:
        part.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app

"""A bare Flask: the unit that the cost of our pages is told in."""

from flask import Flask


def create_app() -> Flask:
    """One view that says hello."""
    app = Flask("bare")
    app.get("/")(lambda: "hello")
    return app

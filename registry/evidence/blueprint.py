"""The blueprint that the library, adding to it and reading from it share."""

from flask import Blueprint

bp = Blueprint("evidence", __name__, url_prefix="/evidence")

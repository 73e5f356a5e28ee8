"""The blueprint of /api, shared by the modules that hold its routes."""

from flask import Blueprint

bp = Blueprint("api", __name__)

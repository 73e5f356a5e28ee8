"""The blueprint that the routes of the company, the office and the hearers share."""

from flask import Blueprint

bp = Blueprint("appeals", __name__, url_prefix="/appeals")

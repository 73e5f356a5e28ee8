"""The blueprint that a company's pages share."""

from flask import Blueprint

bp = Blueprint("company", __name__)

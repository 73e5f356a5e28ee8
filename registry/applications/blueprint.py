"""The blueprint that the vendor's pages of an application share."""

from flask import Blueprint

bp = Blueprint("applications", __name__, url_prefix="/applications")

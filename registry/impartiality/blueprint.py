"""The blueprint of the impartiality committee."""

from flask import Blueprint

bp = Blueprint("impartiality", __name__, url_prefix="/impartiality")

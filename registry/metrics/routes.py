"""Route /metrics: for a machine that watches the site and has METRICS_TOKEN; for everybody else nothing is here."""

from flask import Blueprint, Response, current_app

from registry import access
from registry.metrics import exposition, gauges, requests

bp = Blueprint("metrics", __name__)


@bp.get("/metrics")
@access.for_machines
def index() -> Response:
    """Every number, in the text format of Prometheus."""
    counted = requests.families(current_app.extensions["counts"])
    text = exposition.written([*gauges.families(), *counted])
    return Response(text, content_type=exposition.TYPE, headers={"Cache-Control": "no-store"})

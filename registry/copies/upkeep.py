"""The worker's part: publish to PUBLISH_TO whenever something public has changed, or the day, or the copy grows old."""

import logging

from flask import current_app

from assessments.clock import today
from registry import db
from registry.copies import basis
from registry.copies.commands import said
from registry.copies.folders import Busy
from registry.copies.publishing import Done, place_of, publish
from registry.data import files as open_data

SEEN = "copied basis"

log = logging.getLogger("registry.copies")


def publish_when_due() -> Done | None:
    """Bring the copy up to date when the catalogue, the log, the club or the day is another one; what was done.

    It comes after papers and files in the worker's turn, so that they come along.
    """
    where = current_app.config["SETTINGS"].publish_to
    if not where:
        return None
    with db.reading() as session:
        made = open_data.listed()
        measure = (basis.basis_of(session), made.made_at if made else None)
    if current_app.extensions.get(SEEN) == measure:
        return None
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # Flask's way to the app itself
    try:
        done = publish(app, place_of(where))
    except Busy:  # another worker is at it; the next turn looks again
        return None
    current_app.extensions[SEEN] = measure
    if done.changed:
        log.info("copy of %s: %s", today(), said(done))
    return done

"""The plan of the static copy: every public page of the access table is in it, or says why not."""

from registry.copies.plan import NOT_PUBLISHED, PUBLISHED
from tests.access_table import OPEN_TO_EVERYBODY


def asked_with_get(app):
    """The public routes that are read."""
    return {one.endpoint for one in app.url_map.iter_rules() if "GET" in one.methods} & OPEN_TO_EVERYBODY


def test_every_public_page_is_copied_or_says_why_not(app):
    assert asked_with_get(app) == PUBLISHED.keys() | NOT_PUBLISHED.keys()
    assert not PUBLISHED.keys() & NOT_PUBLISHED.keys()
    assert all(reason.strip() for reason in NOT_PUBLISHED.values())

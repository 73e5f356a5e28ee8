"""Commands about the public catalogue: flask --app registry products rewrite."""

import click
from flask.cli import AppGroup

from assessments import catalogue
from assessments.queries.catalogue import listed_products
from registry import db

group = AppGroup("products", help="The public catalogue.")


@group.command("rewrite")
def rewrite() -> None:
    """Write every listing anew from its certificates: after an update whose pages say more than the one before."""
    with db.reading() as session:
        found = listed_products(session)
    for product_id in found:
        with db.writing() as session:
            catalogue.refresh(session, product_id)
    click.echo(f"{len(found)} products")

"""Commands about the registry's own keys: flask --app registry keys create|rotate|retire|list."""

import click
from flask.cli import AppGroup

from assessments.models import SigningKey
from assessments.publishing import KeyPurpose
from assessments.queries import keys as queries
from assessments.queries import publications
from assessments.queries.keys import Identity
from registry import db
from registry.keys import making, ring
from registry.keys.making import KeyRefused
from registry.keys.ring import KeyUnavailable

group = AppGroup("keys", help="The keys that certificates, status lists and the public log are signed with.")
PURPOSES = click.Choice([purpose.value for purpose in KeyPurpose])
FAILURES = (KeyRefused, KeyUnavailable, OSError)


@group.command("create")
@click.option("--did", help="The issuer, did:web:HOST; fixed from then on. Default: the host of PUBLIC_URL.")
@click.option("--log-origin", help="The name of the log, HOST/log; fixed from then on. Default: the same host.")
@click.option("--purpose", "purposes", multiple=True, type=PURPOSES, help="Only this one; default: every purpose.")
def create(did: str | None, log_origin: str | None, purposes: tuple[str, ...]) -> None:
    """Make the first keys: files in KEYS_DIR for the private halves, rows for the public ones."""
    session = db.session()
    usual = queries.identity(session) or ring.usual_identity()
    wanted = Identity(did or usual.did, log_origin or usual.log_origin)
    asked = [KeyPurpose(one) for one in purposes] or list(KeyPurpose)
    try:
        made = [making.create(session, purpose, wanted) for purpose in asked]
    except FAILURES as error:
        raise click.ClickException(str(error)) from error
    db.commit()
    for key in made:
        click.echo(f"{key.kid}  {wanted.did}  {ring.folder() / key.kid}.pem")
    click.echo("Keep a copy of these files where no copy of the database is; nobody can make them again.")


@group.command("rotate")
@click.option("--purpose", required=True, type=PURPOSES)
def rotate(purpose: str) -> None:
    """Let a new key take over; the former is retired, and what it has signed still verifies."""
    try:
        made = making.rotate(db.session(), KeyPurpose(purpose))
    except FAILURES as error:
        raise click.ClickException(str(error)) from error
    db.commit()
    click.echo(f"{made.kid}  {ring.folder() / made.kid}.pem")


@group.command("retire")
@click.argument("kid")
def retire(kid: str) -> None:
    """Let a key sign no more."""
    session = db.session()
    try:
        retired = making.retire(session, kid)
    except KeyRefused as error:
        raise click.ClickException(str(error)) from error
    alone = queries.active(session, retired.purpose) is None
    db.commit()
    click.echo(f"{kid} is retired." + (" Nothing is signed until there is another: keys create" if alone else ""))


@group.command("list")
def show() -> None:
    """List every key with its days and where its private half is found, and what waits for a key."""
    with db.reading() as session:
        for key in queries.everyone(session):
            click.echo(_line(key))
        for sentence in ring.missing(session):
            click.echo(sentence)
        waiting = publications.count_waiting(session)
    if waiting:
        click.echo(f"{waiting} publications wait.")


def _line(key: SigningKey) -> str:
    until = f"{key.retired_at:%Y-%m-%d}" if key.retired_at else ""
    where = "retired" if key.retired_at else ring.place(key)
    return f"{key.kid}\t{key.purpose.value}\t{key.active_from:%Y-%m-%d}..{until}\t{key.did}\t{where}"

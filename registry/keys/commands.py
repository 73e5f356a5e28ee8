"""Commands about the registry's own keys: flask --app registry keys create|rotate|retire|compromise|reissue|list."""

from datetime import date

import click
from flask.cli import AppGroup

from assessments.clock import start_of_day
from assessments.models import SigningKey
from assessments.publications import tell_reissued
from assessments.publishing import KeyPurpose
from assessments.queries import keys as queries
from assessments.queries import publications
from assessments.queries.keys import Identity
from registry import db
from registry.credentials import lists
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


@group.command("compromise")
@click.argument("kid")
@click.option("--from", "since", required=True, help="When others may have had it first: YYYY-MM-DD, a legal day.")
def compromise(kid: str, since: str) -> None:
    """Write down that a key was lost to others, and list the certificates that have to be signed anew."""
    session = db.session()
    try:
        lost = making.compromise(session, kid, start_of_day(date.fromisoformat(since)))
        lists.sign_again(session)  # a list under a lost key tells nothing
    except ValueError as error:
        raise click.ClickException("A day is written YYYY-MM-DD.") from error
    except FAILURES as error:
        raise click.ClickException(str(error)) from error
    purpose, since_then = lost.purpose, lost.compromised_from
    found = queries.signed_with(session, kid)
    db.commit()
    taken = queries.active(session, purpose)
    click.echo(f"{kid} counts no more." + (f" {taken.kid} signs now." if taken else ""))
    for number, signed_at in found:
        refused = since_then is not None and signed_at >= since_then
        click.echo(f"{number}\t{signed_at:%Y-%m-%d}\t{'refused' if refused else 'counts with its log proof only'}")
    if found:
        click.echo(f"{len(found)} certificates have to be signed anew: keys reissue {kid}")


@group.command("reissue")
@click.argument("kid")
def reissue(kid: str) -> None:
    """Sign anew, with the key in force, the certificates that stand under a key that was lost."""
    session = db.session()
    key = next((one for one in queries.everyone(session) if one.kid == kid), None)
    if key is None or key.compromised_from is None:
        raise click.ClickException(f"{kid} is no key that was lost; say so first: keys compromise")
    numbers = [number for number, _ in queries.signed_with(session, kid)]
    for number in numbers:
        tell_reissued(session, number, kid)
    db.commit()
    left = {number for number, _ in queries.signed_with(session, kid)}
    for number in numbers:
        click.echo(f"{number}\t{'waits for the worker' if number in left else 'signed anew'}")
    click.echo(f"{len(numbers)} certificates.")


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
    lost = f"lost from {key.compromised_from:%Y-%m-%d}" if key.compromised_from else ""
    where = lost or ("retired" if key.retired_at else ring.place(key))
    return f"{key.kid}\t{key.purpose.value}\t{key.active_from:%Y-%m-%d}..{until}\t{key.did}\t{where}"

"""Commands about people: flask --app registry users create|list|who|disable|end-sessions|close|reset-factors."""

import sys

import click
from flask.cli import AppGroup

from assessments.errors import Refused
from assessments.people import Role
from registry import db, journal, links
from registry.accounts import closing, club, factors, invitations, passwords, users
from registry.accounts.models import User
from registry.forms import one_line, secret
from registry.i18n import translate

group = AppGroup("users", help="Club people: the first administrator, and who has which role.")


@group.command("create")
@click.option("--email", required=True, help="The address the person signs in with.")
@click.option("--name", required=True, help="Their name, in one piece.")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice([role.value for role in Role]))
@click.option("--language", default="vi", type=click.Choice(["vi", "en"]), show_default=True)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input; no link is made.")
def create(email: str, name: str, roles: tuple[str, ...], language: str, password_stdin: bool) -> None:  # noqa: FBT001  click hands flags over by name
    """Open an account for a club person: by a link to hand over, or with a password at once."""
    wanted = frozenset(Role(role) for role in roles)
    offer = invitations.Offer(one_line(email).lower(), one_line(name), language, roles=wanted)
    try:
        said = _with_password(offer) if password_stdin else _with_link(offer)
    except Refused as refusal:
        raise click.ClickException(translate(refusal.message, **refusal.values)) from refusal
    db.commit()
    click.echo(said)


@group.command("list")
def show() -> None:
    """List club people: address, roles, name."""
    for person in club.club_people(db.session()):
        mark = " (disabled)" if person.user.disabled_at else ""
        click.echo(f"{person.user.email}\t{','.join(sorted(person.roles))}\t{person.user.name}{mark}")


@group.command("who")
@click.argument("mark")
def who(mark: str) -> None:
    """Say whose MARK stands in a line of the log ("who": of somebody signed in, "account": of an address typed)."""
    found = [user for user in users.everybody(db.session()) if mark in _marks(user)]
    if not found:
        raise click.ClickException("nobody here has that mark")
    click.echo(f"{found[0].email}\t{found[0].name}")


def _marks(user: User) -> set[str]:
    return {journal.mark("person", user.id), journal.mark("account", user.email)}


@group.command("disable")
@click.argument("email")
def disable(email: str) -> None:
    """Keep a person out, whoever they are; their sessions end at once."""
    user = users.user_by_email(db.session(), one_line(email))
    if user is None:
        raise click.ClickException(f"nobody here has the address {email}")
    try:
        club.disable(db.session(), None, user)
    except Refused as refusal:
        raise click.ClickException(translate(refusal.message)) from refusal
    db.commit()
    click.echo(f"{user.email} is kept out")


@group.command("end-sessions")
@click.argument("email", required=False)
@click.option("--everybody", is_flag=True, help="Of everybody who has an account.")
def end_sessions(email: str | None, everybody: bool) -> None:  # noqa: FBT001  click hands flags over by name
    """Sign a person out everywhere, or everybody."""
    if everybody == bool(email):
        raise click.UsageError("name an address, or say --everybody")
    if everybody:
        count = club.end_everybody(db.session())
    else:
        user = users.user_by_email(db.session(), one_line(email or ""))
        if user is None:
            raise click.ClickException(f"nobody here has the address {email}")
        club.end_sessions(db.session(), user)
        count = 1
    db.commit()
    click.echo(f"{count} signed out")


@group.command("close")
@click.argument("email")
def close(email: str) -> None:
    """Close an account for good, at the person's wish: name, address and sessions go, what others rely on stays."""
    user = users.user_by_email(db.session(), one_line(email))
    if user is None:
        raise click.ClickException(f"nobody here has the address {email}")
    try:
        closing.close_for(db.session(), user)
    except Refused as refusal:
        raise click.ClickException(translate(refusal.message, **refusal.values)) from refusal
    db.commit()
    click.echo("closed")


@group.command("reset-factors")
@click.argument("email")
@click.option("--reason", required=True, help="Why, and how you made sure that it is them; they read it in a letter.")
def reset_factors(email: str, reason: str) -> None:
    """Take the second factors from a person who has lost them; their sessions end at once."""
    user = users.user_by_email(db.session(), one_line(email))
    if user is None:
        raise click.ClickException(f"nobody here has the address {email}")
    try:
        factors.reset(db.session(), None, user, reason)
    except Refused as refusal:
        raise click.ClickException(translate(refusal.message)) from refusal
    db.commit()
    click.echo(f"{user.email} signs in with the password alone and sets up new ones")


def _with_link(offer: invitations.Offer) -> str:
    _invited, token = invitations.invite(db.session(), None, offer, "")
    return links.absolute("accounts.invitation", offer.language, token=token)


def _with_password(offer: invitations.Offer) -> str:
    password = secret(sys.stdin.readline())
    if found := passwords.fault(password, offer.email, offer.name):
        raise click.ClickException(translate(found, min=passwords.MIN_LENGTH, max=passwords.MAX_LENGTH))
    if users.user_by_email(db.session(), offer.email) is not None:
        raise click.ClickException(f"{offer.email} has an account")
    user = _opened(offer, passwords.hash_password(password))
    club.grant(db.session(), None, user, offer.roles)
    return f"{user.email} may sign in as {', '.join(sorted(offer.roles))}"


def _opened(offer: invitations.Offer, password_hash: str) -> User:
    newcomer = users.Newcomer(offer.name, offer.email, offer.language, password_hash)
    return users.open_account(db.session(), newcomer)

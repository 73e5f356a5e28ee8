"""Settings, secrets and who else can read them."""

import difflib
import os
import stat
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from urllib.parse import urlsplit

from flask import current_app

from registry import db
from registry.config import Settings
from registry.doctor.findings import Asked, Finding, doubtful, well, wrong
from registry.keys import ring

ALIKE = 0.86  # from here on a variable is taken for a mistyped setting
FEW = 16  # different characters in a key from which on it looks made by hand
LOCAL = {"localhost", "127.0.0.1", "::1"}


def names(_asked: Asked) -> Iterator[Finding]:
    """Every variable of the environment that looks like a setting is one."""
    known = {one.name.upper() for one in fields(Settings)}
    for name in sorted(set(os.environ) - known):
        if name.startswith("SIGNING_KEY_"):
            continue
        if meant := difflib.get_close_matches(name, known, 1, ALIKE):
            yield doubtful("settings", f"{name} is set and means nothing here.", f"Did you mean {meant[0]}?")
            return
    yield well("settings", "Every setting was read and makes sense.")


def secrets(_asked: Asked) -> Iterator[Finding]:
    """The keys are random; what sealed texts are sealed with is not the key of cookies."""
    given = settings()
    keys = {"SECRET_KEY": given.secret_key, "METRICS_TOKEN": given.metrics_token}
    weak = [name for name, key in keys.items() if key and len(set(key)) < FEW]
    if weak:
        make = "python -c 'import secrets; print(secrets.token_urlsafe(48))'"
        yield wrong("secrets", f"{weak[0]} has few different characters.", f"Make another one: {make}")
    elif not given.encryption_key and not given.demonstration:
        yield doubtful(
            "secrets",
            "ENCRYPTION_KEY is not set: test accounts are sealed with SECRET_KEY and lost when that is changed.",
            "Set ENCRYPTION_KEY to a key of its own; see docs/operations.md.",
        )
    else:
        yield well("secrets", "The keys look random.")


def address(_asked: Asked) -> Iterator[Finding]:
    """The site is served over TLS under a name of its own, which it answers to."""
    given = settings()
    host = urlsplit(given.public_url).hostname or ""
    if not given.secure and host not in LOCAL:
        yield wrong("address", f"PUBLIC_URL is {given.public_url}: what people type can be read on its way.", HTTPS)
    elif host not in given.trusted_hosts:
        yield wrong("address", f"The site does not answer to {host}, its own name.", f"Add {host} to TRUSTED_HOSTS.")
    elif not given.secure:
        yield doubtful("address", "PUBLIC_URL is on this machine only.", HTTPS)
    elif not given.proxy_hops:
        yield doubtful(
            "address",
            "PROXY_HOPS is 0, and somebody in front must speak TLS: every visitor looks like that proxy.",
            "Set PROXY_HOPS to the number of proxies in front, usually 1.",
        )
    else:
        yield well("address", f"The site is {given.public_url}.")


def senders(_asked: Asked) -> Iterator[Finding]:
    """Letters come from an address that can be answered."""
    given = settings()
    local = [name for name in ("mail_from", "office_email") if getattr(given, name).rstrip(">").endswith("@localhost")]
    if given.mail_url.startswith("file://") and not given.demonstration:
        yield doubtful("mail settings", "Letters go into a folder, to nobody.", "Set MAIL_URL to a mail server.")
    elif local:
        yield doubtful("mail settings", f"{local[0].upper()} ends in @localhost.", "Set it to a mailbox that is read.")
    else:
        yield well("mail settings", "Letters have a sender and a way.")


def modes(_asked: Asked) -> Iterator[Finding]:
    """Nobody else on this machine reads database, keys and letters; the site does not run as root."""
    path = next((one for one in _private() if _others_get_in(one)), None)
    if path is not None:
        yield wrong("file modes", f"Others on this machine can read or write {path}.", f"chmod go= {path}")
    elif os.geteuid() == 0:
        yield doubtful("file modes", "This runs as root.", "Run web and worker as a user of their own; see the units.")
    else:
        yield well("file modes", "Only the site's own user reads what it keeps.")


def keys(_asked: Asked) -> Iterator[Finding]:
    """This process can sign certificates and the log."""
    with db.reading() as session:
        missing = ring.missing(session)
    if missing:
        mend = "flask --app registry keys create (once), or put the files of the keys back with mode 0600."
        yield wrong("signing keys", missing[0], mend)
    else:
        yield well("signing keys", "The keys of certificates and log are there and can be used.")


def settings() -> Settings:
    """The settings of the app."""
    found: Settings = current_app.config["SETTINGS"]
    return found


def _private() -> Iterator[Path]:
    given = settings()
    yield given.var_dir
    yield given.keys_folder
    if given.database_url.startswith("sqlite:///"):
        yield Path(given.database_url.removeprefix("sqlite:///"))


def _others_get_in(path: Path) -> bool:
    """Whether others can read it: a folder above that is shut to them is enough."""
    try:
        found = path.resolve(strict=True)
    except OSError:
        return False
    if not found.stat().st_mode & stat.S_IRWXO:
        return False
    return all(above.stat().st_mode & stat.S_IXOTH for above in found.parents)


HTTPS = "Put nginx or Caddy with TLS in front and set PUBLIC_URL to https://..."

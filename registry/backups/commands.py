"""Commands about backups: flask --app registry backup create|list|verify|restore."""

import errno
import os
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from registry import fsck, resealing
from registry.backups import checking, keeping, making, manifests, restoring, sealing
from registry.backups.refusal import Refused
from registry.backups.store import Key, Store, open_store

group = AppGroup("backup", help="Backups: database and files at one moment, made while the site runs.")
PASSPHRASE = "BACKUP_PASSPHRASE"  # noqa: S105  the name of a variable
APART = (
    "Not in a backup, keep them apart: SECRET_KEY, ENCRYPTION_KEY, CONCERN_KEY, the files of KEYS_DIR{keys}, "
    "and the key of the backups themselves."
)
FOLDER = click.argument("folder", type=click.Path(file_okay=False, path_type=Path))


def with_key(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options of the key, and the store in place of its folder."""

    @wraps(command)
    def opened(folder: Path, key_file: Path | None, *, passphrase: bool, **given: Any) -> Any:
        with in_words():
            store = open_store(folder, _key(key_file, passphrase=passphrase), create=command.__name__ == "create")
            return command(store, **given)

    path = click.Path(exists=True, dir_okay=False, path_type=Path)
    keyed = click.option("--key-file", type=path, help="Seal, or open, with the key in this file (mode 0600).")(opened)
    words = f"Seal, or open, with a passphrase: that of {PASSPHRASE}, or asked for."
    return FOLDER(click.option("--passphrase", is_flag=True, help=words)(keyed))


@contextmanager
def in_words() -> Iterator[None]:
    """Say what a disk that is full, or a changed file, means for the backups."""
    try:
        yield
    except sealing.Changed as error:
        raise Refused("A file of this backup was changed.") from error
    except OSError as error:
        full = error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
        said = "There is no room left" if full else f"The system says: {error.strerror or error}"
        raise Refused(f"{said}. What was begun was given up; older backups are whole.") from error


@group.command("create")
@with_key
@click.option("--with-private-keys", is_flag=True, help="Put the files of KEYS_DIR in too: into sealed backups only.")
@click.option("--keep", type=click.IntRange(min=1), help="Afterwards leave only the newest so many.")
def create(store: Store, *, with_private_keys: bool, keep: int | None) -> None:
    """Make a backup in FOLDER; files that are there from earlier ones are not written again."""
    made = making.make(store, private_keys=with_private_keys)
    click.echo(f"{made.name}: the database and {made.files - made.gone} files, {made.new} of them new.")
    if keep is not None:
        backups, files = keeping.keep(store, keep)
        click.echo(f"Removed {backups} older backups and {files} files that no other needs.")
    click.echo(APART.format(keys=" (they are in this one)" if with_private_keys else ""), err=True)
    if made.gone:
        click.echo(f"{made.gone} files were lost before: run fsck.")
        sys.exit(1)


@group.command("list")
@with_key
def show(store: Store) -> None:
    """List the backups of FOLDER, the oldest first."""
    for name in store.manifests():
        try:
            head = manifests.require_whole(store, name)
        except Refused as refusal:
            click.echo(f"{name}\t{refusal.message}")
            continue
        keys = "\tprivate keys" if head.private_keys else ""
        click.echo(f"{name}\t{head.revision}\t{head.database['kind']}\t{head.database['size']}\t{head.tables}{keys}")


@group.command("verify")
@with_key
@click.argument("name", default="")
@click.option("--quick", is_flag=True, help="Compare the sizes of files only; do not read them.")
def verify(store: Store, name: str, *, quick: bool) -> None:
    """Check that the backup NAME (default: every one) can be restored. Ends with 1 when something is wrong."""
    wrong = 0
    with store.held(writing=False):
        for one in [name] if name else _every(store):
            wrong += _verified(store, one, quick=quick)
    if wrong:
        sys.exit(1)


def _verified(store: Store, name: str, *, quick: bool) -> int:
    count = 0
    try:
        for sentence in checking.findings(store, name, quick=quick):
            click.echo(f"{name}: {sentence}")
            count += 1
    except Refused as refusal:
        click.echo(f"{name}: {refusal.message}")
        count += 1
    if not count:
        click.echo(f"{name}: whole")
    return count


def _every(store: Store) -> list[str]:
    names = store.manifests()
    if not names:
        raise Refused(f"There are no backups in {store.root}.")
    return names


@group.command("restore")
@with_key
@click.argument("name", default="")
def restore(store: Store, name: str) -> None:
    """Restore the backup NAME (default: the newest) into the empty database and storage of the settings; then fsck."""
    chosen = name or _every(store)[-1]
    for sentence in restoring.restore(store, chosen):
        click.echo(sentence)
    click.echo(f"{chosen} is restored. Now everything is checked.")
    for sentence in resealing.unreadable():
        click.echo(sentence)
    wrong = 0
    for sentence in fsck.findings(fsck.Asked()):
        click.echo(sentence)
        wrong += 1
    click.echo("clean" if not wrong else f"{wrong} findings")
    click.echo(
        "Before web and worker start: hold the log against the newest checkpoint you have "
        "(audit verify --checkpoint FILE); it must not sign again what is older.",
        err=True,
    )
    if wrong:
        sys.exit(1)


def _key(path: Path | None, *, passphrase: bool) -> Key:
    if path is not None and passphrase:
        raise Refused("Give a key file or a passphrase, not both.")
    if path is not None:
        if stat.S_IMODE(path.stat().st_mode) & (stat.S_IRWXG | stat.S_IRWXO):
            raise Refused(f"{path} is open to others than its owner; set it to 0600.")
        return Key("file", path.read_bytes())
    if passphrase:
        words = os.environ.get(PASSPHRASE) or click.prompt("Passphrase", hide_input=True)
        return Key("passphrase", words.encode())
    return Key()

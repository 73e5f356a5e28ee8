"""How long backups are kept: the newest ones, and of the files only what one of them needs."""

import sqlite3
from contextlib import closing

from registry.backups import manifests
from registry.backups.store import Store


def keep(store: Store, count: int) -> tuple[int, int]:
    """Leave the newest `count` backups. Returns how many backups and how many files went.

    Refuses (Refused) to remove any file while a manifest that stays cannot be read: it might need it.
    """
    with store.held(writing=True):
        store.sweep_incoming()
        names = store.manifests()
        over = names[:-count]
        for name in names[-count:]:
            manifests.require_whole(store, name)
        for name in over:
            store.forget(name)
        return len(over), _sweep(store)


def _sweep(store: Store) -> int:
    """Remove the files that no backup needs; what is needed is noted in a table on the disk, not in memory."""
    count = 0
    with closing(sqlite3.connect("")) as notes:
        notes.execute("CREATE TABLE needed (name TEXT PRIMARY KEY) WITHOUT ROWID")
        for name in store.manifests():
            with manifests.opened(store, name) as (head, files):
                notes.execute("INSERT OR IGNORE INTO needed VALUES (?)", [store.lock.name(head.database["sha256"])])
                kept = ([store.lock.name(one.sha256)] for one in files)
                notes.executemany("INSERT OR IGNORE INTO needed VALUES (?)", kept)
        for path in store.blobs():
            if notes.execute("SELECT 1 FROM needed WHERE name = ?", [path.name]).fetchone() is None:
                path.unlink()
                count += 1
    return count

"""The door to the one SQLite file: opening, pragmas, migrations, write transactions."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

BUSY_SECONDS = 30

DatabaseUnavailable = sqlite3.OperationalError
"""The database is busy or the disk is full: nothing was written, the step is to be tried again."""


def open_database(path: Path | None) -> Database:
    """Open the database file (None: one in memory); the connection belongs to the calling thread.

    WAL lets readers go on while one writes; synchronous=FULL because a committed document was promised.
    """
    connection = sqlite3.connect(str(path) if path else ":memory:", timeout=BUSY_SECONDS)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    return Database(connection)


def migrate(db: Database, migration_sets: Sequence[Migrations]) -> None:
    """Apply what is pending of each room's migrations, one process at a time."""
    with transaction(db):
        for migrations in migration_sets:
            migrations.apply(db)


def copy_database(db: Database, target: Path) -> None:
    """Write the database as it is at this moment into a new file, while others go on writing to it."""
    copy = sqlite3.connect(str(target))
    try:
        db.conn.backup(copy)
    finally:
        copy.close()


@contextmanager
def transaction(db: Database) -> Iterator[Database]:
    """A write transaction that takes its lock at once, so that what is read inside it cannot change.

    Inside another transaction it is a savepoint of that one.
    """
    if db.conn.in_transaction:
        with db.atomic():
            yield db
        return
    db.conn.execute("BEGIN IMMEDIATE")
    try:
        yield db
    except BaseException:
        db.rollback()
        raise
    try:
        db.conn.execute("COMMIT")
    except BaseException:
        db.rollback()
        raise

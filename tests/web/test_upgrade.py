"""A data folder of every earlier step of the schema opens, with its rows, and works."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from compiled import with_compiled_templates
from office import add_document, add_failed, add_records, add_users, invoice
from sqlite_utils.migrations import Migrations
from visitor import Visitor

from ingest import audit
from ingest.audit import audit_migrations
from ingest.database import open_database, transaction
from ingest.document import State
from ingest.schema import ingest_migrations
from ingest.sources.mail_parts import take_apart
from ingest.sources.mailbox import MailKey, MailVerdict
from ingest.sources.store import MailStore, sources_migrations
from ingest.store import DocumentStore
from matching.store import matching_migrations
from web.app import create_app
from web.export.store import export_migrations
from web.exporting import export_documents
from web.schema import web_migrations
from web.services import DATABASE, Services, open_services
from web.settings import ServerSettings, Settings

SETS = (audit_migrations, ingest_migrations, sources_migrations, matching_migrations, web_migrations, export_migrations)


def steps(migrations: Migrations) -> list[str]:
    with closing(sqlite3.connect(":memory:")) as connection:
        from sqlite_utils import Database

        return [one.name for one in migrations.pending(Database(connection))]


EARLIER = [
    (index, step) for index, migrations in enumerate(SETS) for step in steps(migrations)[1:]
]  # the first step of a set is what it began with


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """The small company with rows in as many tables as it takes; to copy from."""
    services = open_services(
        Settings(tmp_path_factory.mktemp("full") / "data", ServerSettings(port=0), today=date(2026, 11, 23))
    )
    add_users(services)
    add_records(services)
    first = add_document(services, invoice())
    add_document(services, invoice("HM-2"))
    add_failed(services)
    raw = b"From: a@b.example\r\nSubject: r\r\n\r\nhello\r\n"
    key = MailKey("box", "INBOX", 1, 1)
    MailStore(services.db).done(key, MailVerdict.TAKEN, take_apart(raw), services.files.put_mail(raw), "Taken.")
    with transaction(services.db):
        DocumentStore(services.db).move(first, State.APPROVED, services.now())
    export_documents(services, "json")
    yield services
    services.close()


def _copy_rows(new: sqlite3.Connection, old: sqlite3.Connection) -> dict[str, int]:
    """Every row that the older schema had a place for; answers how many of each table."""
    copied = {}
    old.execute("PRAGMA foreign_keys=OFF")
    there = {name for (name,) in new.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")}
    for name, sql in old.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall():
        if name not in there or name.startswith(("sqlite_", "_sqlite")) or "VIRTUAL" in sql:
            continue
        known = {row[1] for row in new.execute(f"PRAGMA table_info([{name}])")}
        columns = ", ".join(f"[{row[1]}]" for row in old.execute(f"PRAGMA table_info([{name}])") if row[1] in known)
        rows = new.execute(f"SELECT {columns} FROM [{name}]").fetchall()
        old.execute(f"DELETE FROM [{name}]")  # what the steps themselves put there
        marks = ", ".join("?" * len(columns.split(", ")))
        old.executemany(f"INSERT INTO [{name}] ({columns}) VALUES ({marks})", rows)
        copied[name] = len(rows)
    old.commit()
    return copied


def _shape(db: sqlite3.Connection) -> dict[str, set[tuple[str, str]]]:
    tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")]
    shape = {name: {(row[1], row[2]) for row in db.execute(f"PRAGMA table_info([{name}])")} for name in tables}
    made = db.execute("SELECT type, name FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL")
    shape["indexes and triggers"] = set(made.fetchall())
    return shape


@pytest.mark.parametrize(("index", "step"), EARLIER, ids=[f"before {step}" for _, step in EARLIER])
def test_a_folder_from_before_a_step_is_brought_up_to_date_with_its_rows(
    full: Services, tmp_path: Path, index: int, step: str
) -> None:
    data = tmp_path / "older"
    data.mkdir()
    older = open_database(data / DATABASE)
    for number, migrations in enumerate(SETS):
        migrations.apply(older, stop_before=step if number == index else None)
    older.conn.commit()
    copied = _copy_rows(full.db.conn, older.conn)
    older.close()
    assert copied["documents"] == 3
    assert copied["audit"] > 5
    assert copied["suppliers"] == 1
    shutil.copytree(full.settings.data / "files", data / "files")

    opened = open_services(replace(full.settings, data=data))
    try:
        assert _shape(opened.db.conn) == _shape(full.db.conn)
        assert opened.db.conn.execute("PRAGMA foreign_key_check").fetchall() == []
        assert DocumentStore(opened.db).integrity() == "ok"
        for table, rows in copied.items():
            now = "order_rows" if table == "orders" else table
            if table in _shape(opened.db.conn):
                assert opened.db.table(now).count >= rows, table
        assert audit.verify(opened.db).faults == ()
        browser = Visitor(with_compiled_templates(create_app(opened)))
        assert browser.log_in("coordinator").status_code == 303
        shown = browser.get("/queue").text
        # before there were matches there was nothing that the queue could show of a document
        assert ("Harbour Metals" in shown) == ("matches" in copied)
        assert "HM-1" in browser.get("/documents/1").text
        assert add_document(opened, invoice("HM-3")) == 4
        assert DocumentStore(opened.db).get(4).state is State.NEEDS_REVIEW
    finally:
        opened.close()

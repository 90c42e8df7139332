"""The audit trail's chain: whatever is done to the table behind the service's back is told."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest
from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from ingest import audit
from ingest.database import migrate, open_database, transaction
from ingest.errors import CoordinatorError

ROWS = 12


@pytest.fixture
def db(tmp_path: Path) -> Database:
    db = open_database(tmp_path / "trail.sqlite")
    migrate(db, (audit.audit_migrations,))
    for number in range(ROWS):
        with transaction(db):
            audit.record(db, "read", document_id=number, pages=str(number))
    return db


def _forge(db: Database, statement: str) -> None:
    """What somebody does who has the database file and knows SQL."""
    for verb in ("update", "delete"):
        db.execute(f"DROP TRIGGER audit_refuses_{verb}")
    with transaction(db):
        db.execute(statement)


def test_a_trail_as_it_was_written_is_unbroken(db: Database) -> None:
    report = audit.verify(db)
    assert report.faults == ()
    assert report.head == audit.head(db)
    assert report.head.rows == ROWS


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE audit SET actor = 'anna' WHERE id = 5", "row 5 was changed"),
        ("UPDATE audit SET details = '{}' WHERE id = 1", "row 1 was changed"),
        ("UPDATE audit SET previous = '' WHERE id = 7", "row 7 does not follow row 6"),
        ("DELETE FROM audit WHERE id = 4", "rows 4 to 4 are missing"),
        ("DELETE FROM audit WHERE id = 1", "rows 1 to 1 are missing"),
        ("UPDATE audit SET document_id = 99, hash = 'x' WHERE id = 12", "row 12 was changed"),
        (
            "INSERT INTO audit SELECT 13, at, actor, action, document_id, details, previous, hash FROM audit "
            "WHERE id = 12",
            "row 13 does not follow row 12",
        ),
    ],
)
def test_a_row_that_was_changed_removed_or_put_in_is_told(db: Database, statement: str, told: str) -> None:
    _forge(db, statement)
    assert any(fault.startswith(told) for fault in audit.verify(db).faults)


def test_rows_cut_off_at_the_end_are_told_by_a_head_written_down_before(db: Database, tmp_path: Path) -> None:
    file = tmp_path / "anchors.txt"
    audit.anchor(file, audit.head(db))
    audit.anchor(file, audit.head(db))
    assert len(file.read_text().splitlines()) == 1
    _forge(db, "DELETE FROM audit WHERE id > 10")
    assert audit.verify(db).faults == ()
    assert audit.verify(db, audit.anchored(file)).faults == ("row 12, once the last one, is gone",)


def test_a_trail_that_was_written_anew_is_told_by_an_earlier_head(db: Database, tmp_path: Path) -> None:
    known = audit.heads([str(audit.head(db))])
    other = open_database(tmp_path / "other.sqlite")
    migrate(other, (audit.audit_migrations,))
    for number in range(ROWS):
        audit.record(other, "read", document_id=number, pages="0")
    assert audit.verify(other).faults == ()
    assert audit.verify(other, known).faults == ("row 12 is not the one that was last when its hash was written down",)


def test_the_database_itself_refuses_to_change_the_trail(db: Database) -> None:
    for statement in ("UPDATE audit SET actor = 'anna'", "DELETE FROM audit"):
        with pytest.raises(sqlite3.IntegrityError, match="never changed"):
            db.execute(statement)


def test_a_head_that_is_none_is_refused() -> None:
    with pytest.raises(CoordinatorError, match="no head"):
        audit.heads(["12:abc"])


def test_many_writers_make_one_chain(tmp_path: Path, db: Database) -> None:
    def write() -> None:
        own = open_database(tmp_path / "trail.sqlite")
        for _ in range(25):
            with transaction(own):
                audit.record(own, "decided")
        own.close()

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    report = audit.verify(db)
    assert report.faults == ()
    assert report.head.rows == ROWS + 100


def test_a_trail_from_before_the_chain_is_chained_when_it_is_opened(tmp_path: Path) -> None:
    db = open_database(tmp_path / "old.sqlite")
    earlier = Migrations("audit")
    earlier()(audit.create_audit)
    migrate(db, (earlier,))
    db.table("audit").insert_all(
        {"id": n, "at": "2026-01-01T00:00:00+00:00", "actor": "anna", "action": "approve", "details": "{}"}
        for n in range(1, 6)
    )
    db.conn.commit()
    migrate(db, (audit.audit_migrations,))
    audit.record(db, "decided")
    report = audit.verify(db)
    assert report.faults == ()
    assert report.head.rows == 6

"""The index of names in the database: one row a name, one posting list a trigram, changed with the records."""

from __future__ import annotations

import json

from sqlite_utils import Database

from ingest.serialise import from_json
from matching import name_index, normalise
from matching.blocking import party_names, record_keys
from matching.records import Customer, Supplier

DEAD = 1_000
"""How many rows that are gone the posting lists may carry, beside as many as there are names; then they are rebuilt."""

Named = tuple[int, str, str, str | None]
"""Row, id, form of the name, postal code."""


class NameStaging:
    """The names of one import; rows are numbered and posted before the records are locked."""

    def __init__(self, db: Database, party: str) -> None:
        self.db = db
        self.party = party
        self.staged: list[tuple[str, str, str | None]] = []
        self.ids: list[str] = []
        self.rows: list[Named] = []
        self.lists: dict[str, bytes] = {}
        self.rebuilt = False

    def add(self, party_id: str, record: Supplier | Customer) -> None:
        """The names of a record, in place of those that it had."""
        self.ids.append(party_id)
        self.staged.extend(named(party_id, record))

    def prepare(self) -> None:
        """Number the rows and make the posting lists: of the new names, or of all where too many rows are dead."""
        if not self.ids:
            return
        last, live = self.db.execute(
            "SELECT coalesce(max(row), 0), count(*) FROM party_names WHERE party = ?", [self.party]
        ).fetchone()
        kept: list[tuple[str, str, str | None]] = []
        self.rebuilt = last > 2 * live + DEAD
        if self.rebuilt:
            gone = frozenset(self.ids)
            known = self.db.execute("SELECT id, form, postal_code FROM party_names WHERE party = ?", [self.party])
            kept, last = [row for row in known.fetchall() if row[0] not in gone], 0
        self.rows = [(row, *name) for row, name in enumerate([*kept, *self.staged], start=last + 1)]
        self.lists = name_index.postings((row, form) for row, _, form, _ in self.rows)

    def swap_in(self) -> None:
        """Into the index, inside the caller's transaction."""
        if self.rebuilt:
            self.db.execute("DELETE FROM party_names WHERE party = ?", [self.party])
            self.db.execute("DELETE FROM name_postings WHERE party = ?", [self.party])
        else:
            self.db.execute(
                "DELETE FROM party_names WHERE party = ? AND id IN (SELECT value FROM json_each(?))",
                [self.party, json.dumps(self.ids)],
            )
        write_names(self.db, self.party, self.rows, self.lists)


def named(party_id: str, record: Supplier | Customer) -> list[tuple[str, str, str | None]]:
    """The rows of a record's names, without their number."""
    forms = dict.fromkeys(form for name in party_names(record) if (form := name_index.form(name)))
    code = normalise.postal_code(record.postal_code or "") or None
    return [(party_id, form, code) for form in forms]


def write_names(db: Database, party: str, rows: list[Named], lists: dict[str, bytes]) -> None:
    """Add rows, and append their posting lists to those that are there."""
    db.conn.executemany(
        "INSERT INTO party_names (party, row, id, form, postal_code) VALUES (?, ?, ?, ?, ?)",
        [(party, *row) for row in rows],
    )
    for gram, entries in lists.items():
        known = db.execute("SELECT rows FROM name_postings WHERE party = ? AND gram = ?", [party, gram]).fetchone()
        every = known[0] + entries if known else entries
        db.conn.execute(
            "INSERT OR REPLACE INTO name_postings (party, gram, names, rows) VALUES (?, ?, ?, ?)",
            [party, gram, len(every) // 4, every],
        )
    (live,) = db.execute("SELECT count(*) FROM party_names WHERE party = ?", [party]).fetchone()
    # the empty trigram says how many names there are
    db.conn.execute("INSERT OR REPLACE INTO name_postings VALUES (?, '', ?, x'')", [party, live])


def index_all(db: Database, party: str) -> None:
    """The index of every record that is there, for databases that were made before it."""
    names = []
    for party_id, content in db.execute(f"SELECT {party}_id, content FROM {party}s").fetchall():
        record = from_json(content, Supplier) if party == "supplier" else from_json(content, Customer)
        names.extend(named(party_id, record))
        db.conn.executemany(
            "INSERT OR IGNORE INTO party_keys (party, kind, key, id) VALUES (?, ?, ?, ?)",
            [(party, *key, party_id) for key in record_keys(record)],
        )
    rows = [(row, *name) for row, name in enumerate(names, start=1)]
    write_names(db, party, rows, name_index.postings((row, form) for row, _, form, _ in rows))

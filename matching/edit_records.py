"""One supplier or customer made or changed by a person: by the rules of imports, accounts left as they are."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from sqlite_utils import Database

from ingest.audit import record
from ingest.database import transaction
from ingest.errors import Conflict, CoordinatorError
from ingest.serialise import to_json
from matching.record_columns import build
from matching.records import Customer, RecordKind, Supplier
from matching.row_reader import Cells, RowReader
from matching.store import RecordStore

Party = Supplier | Customer
ACCOUNTS = ("iban", "account", "routing")
"""What no form changes: new accounts of suppliers take two people."""


class RecordRefused(CoordinatorError):
    """A form with values that no record may have."""

    code = "record_refused"


@dataclass(frozen=True, slots=True)
class _Form:
    """A form as a file of one row."""

    cells: Cells
    orders: Mapping[str, int] = field(default_factory=dict)

    def rows(self) -> Iterator[tuple[int, Cells]]:
        yield 0, self.cells


def on_file(db: Database, kind: RecordKind, number: str) -> Party | None:
    """The record as it was imported or written, without accounts that were accepted since."""
    store = RecordStore(db)
    return store.supplier_as_written(number) if kind is RecordKind.SUPPLIERS else store.customer(number)


def stamp(party: object) -> str:
    """What a form carries, so that nobody's change is overwritten by one who did not see it."""
    return hashlib.sha256(to_json(party).encode()).hexdigest()[:16] if party else ""


def write(db: Database, kind: RecordKind, cells: Mapping[str, str], seen: str, actor: str) -> Party:
    """Put a supplier or customer on file; its number is in the cells, as the columns of import files have it.

    Raises:
        RecordRefused: with each cell that cannot be taken.
        Conflict: when the record is no longer what the person saw, or is there already.
    """
    reader = RowReader("The form", frozenset())
    made = [party for _, party in build(reader, _Form(dict(cells)), kind)]
    if reader.faults.count:
        told = "; ".join(f"{fault.column}: {fault.why}" for fault in reader.faults)
        raise RecordRefused(f"Nothing was written. {told}.")
    (party,) = made
    assert isinstance(party, Supplier | Customer)
    number = party.supplier_id if isinstance(party, Supplier) else party.customer_id
    with transaction(db):
        before = on_file(db, kind, number)
        if stamp(before) != seen:
            raise (
                Conflict(
                    "{number} was changed by someone else while you had it open. Load the page again.", number=number
                )
                if seen
                else Conflict(
                    "There is a record {number} already. Give this one another number, or change that one.",
                    number=number,
                )
            )
        if isinstance(party, Supplier):
            kept = {name: getattr(before, name) for name in ACCOUNTS} if before else {"iban": ()}
            party = replace(party, **kept)
        RecordStore(db).put([party])
        action = "record_changed" if before else "record_made"
        record(db, action, actor=actor, kind=kind.value, number=number, changes=changes_of(before, party))
    return party


def changes_of(before: Any, after: Any) -> str:
    """What is another value in the one than in the other, for the trail."""
    old, new = (asdict(before) if before else {}), asdict(after)
    return "; ".join(
        f"{name}: {_told(old.get(name))} \u2192 {_told(value)}"
        for name, value in new.items()
        if value != old.get(name) and (value or old.get(name))
    )


def _told(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple | list) else "" if value is None else str(value)

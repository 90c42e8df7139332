"""Files of reference records become records: all of a file is checked first, then swapped in, or nothing is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from ingest.audit import SERVICE, record
from ingest.database import transaction
from matching.record_columns import COLUMNS, Record, build
from matching.record_faults import Fault, ImportRefused
from matching.record_files import RecordFile, open_records
from matching.records import RecordKind
from matching.row_reader import RowReader
from matching.staging_store import RecordsBusy, StagingStore

__all__ = ["Fault", "ImportRefused", "ImportSummary", "RecordsBusy", "import_records", "load"]

TRIES = 3
"""How often a file is staged anew because another import changed the records meanwhile."""


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """What an import changed: orders count once however many lines they have, receipts one by one."""

    kind: RecordKind
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    left_out: tuple[str, ...] = ()
    """Columns of the file that no record has: they were not read."""
    doubts: tuple[Fault, ...] = ()
    """What was taken as it stands, but is probably wrong: check digits."""


def load(kind: RecordKind, path: Path) -> tuple[Record, ...]:
    """The records of a file; ImportRefused with every fault where there is one.

    What only the database knows (is the supplier of an order there?) is checked by `import_records`.
    """
    file = open_records(kind, path)
    reader = RowReader(file.name, file.comma)
    records = tuple(record for _, record in build(reader, file, kind))
    if reader.faults.count:
        raise ImportRefused(reader.faults)
    return records


def import_records(db: Database, kind: RecordKind, path: Path, actor: str = SERVICE) -> ImportSummary:
    """Load a file and swap it in by one short transaction: all of it or nothing.

    Rows are read, checked, compared and indexed beside the records; others read and write meanwhile.
    """
    kind = RecordKind(kind)
    file = open_records(kind, path)
    for _ in range(TRIES):
        with StagingStore(db, kind) as staging:
            doubts = _stage(file, staging, kind)
            staging.prepare()
            with transaction(db):
                if staging.records_changed():
                    continue
                staging.swap_in()
                added, updated, unchanged = staging.counts()
                left_out = tuple(name for name in file.columns if name not in COLUMNS[kind])
                summary = ImportSummary(kind, added, updated, unchanged, left_out, doubts)
                record(
                    db,
                    "imported",
                    actor=actor,
                    kind=kind.value,
                    file=path.name,
                    added=str(added),
                    updated=str(updated),
                    unchanged=str(unchanged),
                )
            return summary
    raise RecordsBusy("Other imports changed the records each time. Nothing was imported; import the file again.")


def _stage(file: RecordFile, staging: StagingStore, kind: RecordKind) -> tuple[Fault, ...]:
    """Every record of the file to the staging tables; what is probably wrong. ImportRefused with every fault."""
    reader = RowReader(file.name, file.comma)
    for line, item in build(reader, file, kind):
        for column, why in staging.orphaned(item):
            reader.faults.add(Fault(file.name, line, column, why))
        if not reader.faults.count:
            staging.add(item)
    if reader.faults.count:
        raise ImportRefused(reader.faults)
    return tuple(reader.doubts)

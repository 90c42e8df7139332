"""Runs a world through the real import and the real decision, in a throw-away data folder."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlite_utils import Database

from ingest.audit import audit_migrations
from ingest.database import migrate, open_database, transaction
from ingest.document import Document, Door, ReceivedFile
from ingest.schema import ingest_migrations
from ingest.store import DocumentStore
from matching.deciding import decide_document
from matching.load_records import import_records
from matching.policy import Policy
from matching.results import MatchResult
from matching.store import MatchStore, matching_migrations
from samples.scenarios.values import RECORD_FILES, TODAY, Case, World, write_world

NOW = datetime(TODAY.year, TODAY.month, TODAY.day, 9, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the service made of a case."""

    case: Case
    verdict: str
    match: MatchResult


@contextmanager
def desk(world: World) -> Iterator[Database]:
    """A data folder with the world's records."""
    with TemporaryDirectory(prefix="scenarios-") as name:
        folder = Path(name)
        write_world(world, folder)
        db = open_database(folder / "coordinator.db")
        try:
            # no promise to keep: nothing of this folder outlives the run
            db.conn.execute("PRAGMA synchronous=OFF")
            migrate(db, (ingest_migrations, audit_migrations, matching_migrations))
            for kind, file in RECORD_FILES.items():
                import_records(db, kind, folder / file)
            yield db
        finally:
            db.close()


def decide(db: Database, cases: Sequence[Case], policy: Policy | None = None) -> Iterator[Outcome]:
    """Take each case in as a document that was read, and decide it, one after the other."""
    policy = policy or Policy()
    for number, case in enumerate(cases, start=1):
        content = f"{number} {case.id}".encode()
        sha256 = hashlib.sha256(content).hexdigest()
        extraction = replace(case.extraction, sha256=sha256)
        with transaction(db):
            documents = DocumentStore(db)
            document, _ = documents.add(ReceivedFile(f"{case.id}.pdf", content, Door.UPLOAD), sha256, NOW)
            documents.save_reading(document.id, Document(sha256, "application/pdf"), extraction, "scenario", NOW)
        decision = decide_document(db, document.id, policy, TODAY, NOW)
        found = MatchStore(db).match(document.id)
        assert found is not None
        yield Outcome(case, decision.verdict.value, found)


def run(world: World, policy: Policy | None = None) -> tuple[Outcome, ...]:
    """Every case of the world, in its order."""
    with desk(world) as db:
        return tuple(decide(db, world.cases, policy))

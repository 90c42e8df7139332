"""The wiring: opens the data folder, builds what works on it and hands it over; there are no globals."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sqlite_utils import Database

from ingest.audit import audit_migrations
from ingest.database import migrate, open_database
from ingest.document import ReceivedFile
from ingest.files import FileStore
from ingest.intake import Receipt, receive
from ingest.schema import ingest_migrations
from ingest.sources.store import sources_migrations
from matching.policy import Policy
from matching.store import matching_migrations
from web.export.store import export_migrations
from web.policy_store import PolicyStore
from web.schema import web_migrations
from web.settings import Settings

DATABASE = "coordinator.sqlite"


@dataclass(slots=True)
class Services:
    """One opened data folder; every thread gets a database connection of its own."""

    settings: Settings
    files: FileStore
    passwords: dict[int, str] = field(default_factory=dict, repr=False)
    """Of protected PDFs that wait to be read, by document: kept in memory until then, and written nowhere."""
    box_turns: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(2), repr=False)
    """Who may have a drawn box read now."""
    _local: threading.local = field(default_factory=threading.local)

    @property
    def db(self) -> Database:
        """This thread's connection."""
        db: Database | None = getattr(self._local, "db", None)
        if db is None:
            db = self._local.db = open_database(self.settings.data / DATABASE)
        return db

    @property
    def policy(self) -> Policy:
        """The policy in force: that of the settings until a person set another one."""
        return PolicyStore(self.db).in_force(self.settings.policy)

    @property
    def inbox(self) -> Path:
        """The watched folder."""
        path = self.settings.folder.path
        return Path(path) if path else self.settings.data / "inbox"

    def now(self) -> datetime:
        """This moment, on the day that the settings say it is."""
        now = datetime.now(UTC)
        if self.settings.today is None:
            return now
        return datetime.combine(self.settings.today, now.time(), UTC)

    def receive(self, file: ReceivedFile) -> Receipt:
        """Take a file in."""
        return receive(self.db, self.files, file, self.now(), self.settings.disk.floor_mb)

    def close(self) -> None:
        """Close this thread's connection."""
        db: Database | None = getattr(self._local, "db", None)
        if db is not None:
            db.close()
            self._local.db = None


def open_services(settings: Settings) -> Services:
    """Open the data folder, made and brought up to date where needed."""
    settings.data.mkdir(parents=True, exist_ok=True)
    services = Services(settings, FileStore(settings.data / "files"))
    migrate(
        services.db,
        (
            audit_migrations,
            ingest_migrations,
            sources_migrations,
            matching_migrations,
            web_migrations,
            export_migrations,
        ),
    )
    PolicyStore(services.db).note_first(settings.policy, services.now())
    return services

"""How each door fares: since when it is watched, when it last brought something, since when it fails and why."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlite_utils import Database

from ingest.database import DatabaseUnavailable, transaction

log = logging.getLogger(__name__)

DELIVERY_NOTED_SECONDS = 30.0
"""A door that brings thousands of files is not written down for each."""
STUCK_TOLD = 50
"""How many files that cannot be taken are kept for the inbox page."""


@dataclass(frozen=True, slots=True)
class DoorState:
    """One watched door."""

    name: str
    """As people see it: `folder inbox`, `mailbox Invoices`."""
    watched_since: datetime
    delivered_at: datetime | None = None
    failing_since: datetime | None = None
    trouble: str = ""
    stuck: tuple[str, ...] = ()
    """One sentence for each file that cannot be taken yet; each is tried again."""


class DoorStore:
    """The doors' rows, and which alarms the administrator was told of."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def begin(self, name: str, at: datetime) -> None:
        """Watch a door from now on, unless it is watched already."""
        self._write("INSERT OR IGNORE INTO doors (name, watched_since) VALUES (?, ?)", name, at.isoformat())

    def delivered(self, name: str, at: datetime) -> None:
        """The door brought something."""
        self._write("UPDATE doors SET delivered_at = ? WHERE name = ?", at.isoformat(), name)

    def working(self, name: str) -> None:
        """The door works (again)."""
        self._write("UPDATE doors SET failing_since = '', trouble = '' WHERE name = ?", name)

    def failing(self, name: str, trouble: str, at: datetime) -> None:
        """The door fails; the first moment of it is kept."""
        self._write(
            "UPDATE doors SET trouble = ?, failing_since = CASE failing_since WHEN '' THEN ? ELSE failing_since END "
            "WHERE name = ?",
            trouble,
            at.isoformat(),
            name,
        )

    def stuck(self, name: str, files: Sequence[str]) -> None:
        """Which files cannot be taken yet, and why."""
        self._write("UPDATE doors SET stuck = ? WHERE name = ?", json.dumps(list(files)), name)

    def all(self) -> tuple[DoorState, ...]:
        """Every door that was ever watched."""
        return tuple(map(_state, self.db.query("SELECT * FROM doors ORDER BY name")))

    def told(self) -> dict[str, str]:
        """The alarms that the administrator was told of and that were not over since: key and sentence."""
        return {row["key"]: row["sentence"] for row in self.db.query("SELECT * FROM alarms")}

    def note_told(self, began: dict[str, str], ended: Sequence[str], at: datetime) -> None:
        """Write down that the administrator knows: of what began, and of what is over."""
        with transaction(self.db):
            for key, sentence in began.items():
                self.db.execute("INSERT OR REPLACE INTO alarms VALUES (?, ?, ?)", [key, sentence, at.isoformat()])
            for key in ended:
                self.db.execute("DELETE FROM alarms WHERE key = ?", [key])

    def _write(self, statement: str, *values: str) -> None:
        with transaction(self.db):
            self.db.execute(statement, values)


class DoorReport:
    """What one watcher tells of its door; written only where something changed, and never a trouble of its own."""

    def __init__(self, db: Callable[[], Database], name: str) -> None:
        self.name = name
        self._db = db
        self._trouble: str | None = None
        """As it was written last; None: nothing was, yet."""
        self._stuck: tuple[str, ...] | None = None
        self._noted = 0.0

    def begin(self) -> None:
        """The door is watched from now on."""
        self._try(lambda store: store.begin(self.name, _now()))

    def works(self) -> None:
        """It was looked through without trouble."""
        if self._trouble != "" and self._try(lambda store: store.working(self.name)):
            self._trouble = ""

    def fails(self, trouble: str) -> bool:
        """It could not be looked through; answers whether that is news."""
        if self._trouble == trouble:
            return False
        if self._try(lambda store: store.failing(self.name, trouble, _now())):
            self._trouble = trouble
        return True

    def delivered(self) -> None:
        """It brought something."""
        now = time.monotonic()
        if now - self._noted > DELIVERY_NOTED_SECONDS or not self._noted:
            self._noted = now
            self._try(lambda store: store.delivered(self.name, _now()))

    def stuck(self, files: Sequence[str]) -> None:
        """These files cannot be taken yet."""
        told = tuple(files[:STUCK_TOLD])
        told += (f"And {len(files) - STUCK_TOLD} more.",) if len(files) > STUCK_TOLD else ()
        if self._stuck != told and self._try(lambda store: store.stuck(self.name, told)):
            self._stuck = told

    def _try(self, write: Callable[[DoorStore], None]) -> bool:
        try:
            write(DoorStore(self._db()))
        except (DatabaseUnavailable, OSError) as error:
            # a report must not stop the door; it is written with the next one
            log.warning("how the %s fares could not be written down: %s", self.name, error)
            return False
        return True


def _now() -> datetime:
    # the real clock: a date set for samples must not silence a door
    return datetime.now(UTC)


def _state(row: dict[str, Any]) -> DoorState:
    return DoorState(
        name=row["name"],
        watched_since=datetime.fromisoformat(row["watched_since"]),
        delivered_at=_moment(row["delivered_at"]),
        failing_since=_moment(row["failing_since"]),
        trouble=row["trouble"],
        stuck=tuple(json.loads(row["stuck"])),
    )


def _moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None

"""Who is looking at which document, and who has it for editing: a lock that is handed over and ends by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlite_utils import Database

from ingest.audit import record
from ingest.database import transaction
from ingest.errors import Conflict
from web.store import Role, User

PRESENT = timedelta(seconds=30)
"""How long after its last sign of life somebody counts as looking at a document."""
WRITTEN_AFTER = timedelta(seconds=10)
"""A sign of life is written only so often: many open pages must not keep the database writing."""
IDLE = timedelta(minutes=2)
"""Without a keystroke or correction for so long, others may take the document over."""
UNANSWERED = timedelta(seconds=30)
"""The same where somebody asked and was not answered."""


class Locked(Conflict):
    """Somebody else has the document for editing."""

    code = "locked"


@dataclass(frozen=True, slots=True)
class Lock:
    """Somebody edits a document."""

    document_id: int
    user: User
    taken_at: datetime
    active_at: datetime
    """When they last typed or corrected something."""
    asked_by: User | None = None
    asked_at: datetime | None = None

    def is_mine(self, user: User) -> bool:
        """Whether this user has it."""
        return self.user.id == user.id

    def may_be_taken(self, at: datetime) -> bool:
        """Whether others may take it over: nothing was done for a while, or a request stands unanswered."""
        unanswered = self.asked_at is not None and at - self.asked_at >= UNANSWERED
        return at - self.active_at >= IDLE or unanswered


class PresenceStore:
    """Who is looking at which document: a hint for people, no lock."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def look(self, document_id: int, user: User) -> tuple[str, ...]:
        """Say that the user is looking at the document; answers who else is."""
        moment = now()
        rows = self.db.query(
            "SELECT seen_at FROM presence WHERE document_id = ? AND user_id = ?", [document_id, user.id]
        )
        seen = next((datetime.fromisoformat(row["seen_at"]) for row in rows), None)
        if seen is None or moment - seen >= WRITTEN_AFTER:
            with transaction(self.db):
                self.db.execute("DELETE FROM presence WHERE seen_at < ?", [(moment - PRESENT).isoformat()])
                self.db.table("presence").upsert(
                    {"document_id": document_id, "user_id": user.id, "seen_at": moment.isoformat()},
                    pk=("document_id", "user_id"),
                )
                self.db.execute(
                    "UPDATE locks SET seen_at = ? WHERE document_id = ? AND user_id = ?",
                    [moment.isoformat(), document_id, user.id],
                )
        return self.others(document_id, user)

    def others(self, document_id: int, user: User) -> tuple[str, ...]:
        """Who else is looking at the document now."""
        rows = self.db.query(
            "SELECT u.name FROM presence p JOIN users u ON u.id = p.user_id "
            "WHERE p.document_id = ? AND p.user_id <> ? AND p.seen_at >= ? ORDER BY u.name_key",
            [document_id, user.id, (now() - PRESENT).isoformat()],
        )
        return tuple(row["name"] for row in rows)

    def leave(self, document_id: int, user: User) -> None:
        """Say that the user has gone on; their lock ends with it."""
        with transaction(self.db):
            for table in ("presence", "locks"):
                self.db.execute(f"DELETE FROM {table} WHERE document_id = ? AND user_id = ?", [document_id, user.id])


class LockStore:
    """Who has which document for editing; a lock without a sign of life counts for nothing."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def of(self, document_id: int) -> Lock | None:
        """The lock that holds now."""
        rows = self.db.query(
            "SELECT l.*, u.name, u.role, a.name AS asker, a.role AS asker_role FROM locks l "
            "JOIN users u ON u.id = l.user_id LEFT JOIN users a ON a.id = l.asked_by "
            "WHERE l.document_id = ? AND l.seen_at >= ?",
            [document_id, (now() - PRESENT).isoformat()],
        )
        for row in rows:
            asker = User(row["asked_by"], row["asker"], Role(row["asker_role"])) if row["asked_by"] else None
            return Lock(
                document_id,
                User(row["user_id"], row["name"], Role(row["role"])),
                datetime.fromisoformat(row["taken_at"]),
                datetime.fromisoformat(row["active_at"]),
                asker,
                datetime.fromisoformat(row["asked_at"]) if row["asked_at"] else None,
            )
        return None

    def take(self, document_id: int, user: User) -> Lock:
        """Take the document for editing, or go on editing it; answers the lock of whoever has it now."""
        with transaction(self.db):
            lock = self.of(document_id)
            if lock is None:
                self._put(document_id, user)
            elif lock.is_mine(user):
                at = now().isoformat()
                self.db.execute(
                    "UPDATE locks SET active_at = ?, seen_at = ? WHERE document_id = ?", [at, at, document_id]
                )
            found = self.of(document_id)
            assert found is not None
            return found

    def demand(self, document_id: int, user: User) -> None:
        """Raise Locked where somebody else has it: what they edit is not changed behind their back."""
        lock = self.of(document_id)
        if lock is not None and not lock.is_mine(user):
            raise Locked(
                "{name} is editing document {number}. Ask for it on its page, or wait until it is free; what you typed "
                "stays here.",
                name=lock.user.name,
                number=f"#{document_id}",
            )

    def release(self, document_id: int, user: User) -> None:
        """End the user's own lock; whoever asked has it then."""
        self.give(document_id, user)

    def ask(self, document_id: int, user: User) -> None:
        """Ask whoever has it to hand it over; without anybody it is taken."""
        with transaction(self.db):
            lock = self.take(document_id, user)
            if not lock.is_mine(user) and lock.asked_by is None:
                self.db.execute(
                    "UPDATE locks SET asked_by = ?, asked_at = ? WHERE document_id = ?",
                    [user.id, now().isoformat(), document_id],
                )

    def give(self, document_id: int, user: User) -> None:
        """Hand it over to whoever asked; without anybody it is free."""
        with transaction(self.db):
            lock = self.of(document_id)
            if lock is None or not lock.is_mine(user):
                return
            self.db.execute("DELETE FROM locks WHERE document_id = ?", [document_id])
            if lock.asked_by is not None:
                self._put(document_id, lock.asked_by)

    def keep(self, document_id: int, user: User) -> None:
        """Answer a request with no."""
        with transaction(self.db):
            self.db.execute(
                "UPDATE locks SET asked_by = NULL, asked_at = NULL, active_at = ? "
                "WHERE document_id = ? AND user_id = ?",
                [now().isoformat(), document_id, user.id],
            )

    def take_over(self, document_id: int, user: User) -> None:
        """Take it from whoever has it and does nothing; the trail tells.

        Raises:
            Locked: when they are at it.
        """
        with transaction(self.db):
            lock = self.take(document_id, user)
            if lock.is_mine(user):
                return
            if not lock.may_be_taken(now()):
                raise Locked(
                    "{name} is at it. Ask for the document, or wait until nothing is done.", name=lock.user.name
                )
            self._put(document_id, user)
            record(self.db, "taken_over", document_id=document_id, actor=user.name, before=lock.user.name)

    def _put(self, document_id: int, user: User) -> None:
        at = now().isoformat()
        row = {"document_id": document_id, "user_id": user.id, "taken_at": at, "active_at": at, "seen_at": at}
        self.db.table("locks").upsert({**row, "asked_by": None, "asked_at": None}, pk="document_id")


def now() -> datetime:
    """This moment by the real clock, as for sessions."""
    return datetime.now(UTC)

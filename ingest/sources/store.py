"""The ledger of mails: which were dealt with, and how."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from ingest.database import transaction
from ingest.sources.mail_parts import Mail
from ingest.sources.mailbox import MailKey, MailVerdict

sources_migrations = Migrations("sources")


@sources_migrations()
def create_mails(db: Database) -> None:
    """One row a mail."""
    db.table("mails").create(
        {
            "mailbox": str,
            "folder": str,
            "uid_validity": int,
            "uid": int,
            "verdict": str,
            "sender": str,
            "subject": str,
            "note": str,
            "at": str,
        },
        pk=("mailbox", "folder", "uid_validity", "uid"),
        strict=True,
    )


@sources_migrations()
def keep_mails(db: Database) -> None:
    """Each mail's own words, when it was sent, and where it is kept as it came."""
    for column in ("sent_at", "text", "sha256"):
        db.execute(f"ALTER TABLE mails ADD COLUMN {column} TEXT NOT NULL DEFAULT ''")
    db.table("mails").create_index(["sha256"])


@sources_migrations()
def watch_doors(db: Database) -> None:
    """How each door fares (`door_store.py`), and which alarms the administrator was told of."""
    db.execute(
        "CREATE TABLE doors (name TEXT PRIMARY KEY, watched_since TEXT NOT NULL, delivered_at TEXT NOT NULL DEFAULT '',"
        " failing_since TEXT NOT NULL DEFAULT '', trouble TEXT NOT NULL DEFAULT '', stuck TEXT NOT NULL DEFAULT '[]')"
        " STRICT"
    )
    db.execute("CREATE TABLE alarms (key TEXT PRIMARY KEY, sentence TEXT NOT NULL, told_at TEXT NOT NULL) STRICT")


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """How one mail ended."""

    mailbox: str
    sender: str
    subject: str
    verdict: MailVerdict
    note: str
    at: datetime
    sent_at: str = ""
    """ISO 8601 as the mail states it."""
    text: str = ""
    """What the mail itself says."""
    sha256: str = ""
    """Names the mail as it came, in the file store."""


class MailStore:
    """The ledger, in the service's database."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def is_done(self, key: MailKey) -> bool:
        """Whether this mail was dealt with before."""
        query = "SELECT 1 FROM mails WHERE mailbox = ? AND folder = ? AND uid_validity = ? AND uid = ?"
        return bool(list(self.db.query(query, [key.mailbox, key.folder, key.uid_validity, key.uid])))

    def done(self, key: MailKey, verdict: MailVerdict, mail: Mail, sha256: str, note: str) -> None:
        """Write down that it is dealt with, and how."""
        with transaction(self.db):
            self.db.table("mails").insert(
                {
                    "mailbox": key.mailbox,
                    "folder": key.folder,
                    "uid_validity": key.uid_validity,
                    "uid": key.uid,
                    "verdict": verdict.value,
                    "sender": mail.sender,
                    "subject": mail.subject,
                    "sent_at": mail.sent_at,
                    "text": mail.text,
                    "sha256": sha256,
                    "note": note,
                    "at": datetime.now(UTC).isoformat(),
                },
                ignore=True,
            )

    def latest(self, limit: int = 100) -> tuple[LedgerEntry, ...]:
        """What the mailboxes delivered, newest first."""
        rows = self.db.query("SELECT * FROM mails ORDER BY at DESC LIMIT ?", [limit])
        return tuple(map(_entry, rows))

    def get(self, sha256: str) -> LedgerEntry | None:
        """The mail with this hash, as it was delivered last."""
        rows = self.db.query("SELECT * FROM mails WHERE sha256 = ? ORDER BY at DESC LIMIT 1", [sha256])
        return next(map(_entry, rows), None)

    def every_sha256(self) -> tuple[str, ...]:
        """The hashes of all mails that are kept, for the integrity check."""
        return tuple(row["sha256"] for row in self.db.query("SELECT DISTINCT sha256 FROM mails WHERE sha256 <> ''"))


def _entry(row: dict[str, Any]) -> LedgerEntry:
    return LedgerEntry(
        mailbox=row["mailbox"],
        sender=row["sender"],
        subject=row["subject"],
        verdict=MailVerdict(row["verdict"]),
        note=row["note"],
        at=datetime.fromisoformat(row["at"]),
        sent_at=row["sent_at"],
        text=row["text"],
        sha256=row["sha256"],
    )

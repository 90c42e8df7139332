"""The ledger of mails: which were dealt with, and how."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from ingest.database import transaction
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


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """How one mail ended."""

    mailbox: str
    sender: str
    subject: str
    verdict: MailVerdict
    note: str
    at: datetime


class MailStore:
    """The ledger, in the service's database."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def is_done(self, key: MailKey) -> bool:
        """Whether this mail was dealt with before."""
        query = "SELECT 1 FROM mails WHERE mailbox = ? AND folder = ? AND uid_validity = ? AND uid = ?"
        return bool(list(self.db.query(query, [key.mailbox, key.folder, key.uid_validity, key.uid])))

    def done(self, key: MailKey, verdict: MailVerdict, sender: str, subject: str, note: str) -> None:
        """Write down that it is dealt with, and how."""
        with transaction(self.db):
            self.db.table("mails").insert(
                {
                    "mailbox": key.mailbox,
                    "folder": key.folder,
                    "uid_validity": key.uid_validity,
                    "uid": key.uid,
                    "verdict": verdict.value,
                    "sender": sender,
                    "subject": subject,
                    "note": note,
                    "at": datetime.now(UTC).isoformat(),
                },
                ignore=True,
            )

    def latest(self, limit: int = 100) -> tuple[LedgerEntry, ...]:
        """What the mailboxes delivered, newest first."""
        rows = self.db.query("SELECT * FROM mails ORDER BY at DESC LIMIT ?", [limit])
        return tuple(
            LedgerEntry(
                mailbox=row["mailbox"],
                sender=row["sender"],
                subject=row["subject"],
                verdict=MailVerdict(row["verdict"]),
                note=row["note"],
                at=datetime.fromisoformat(row["at"]),
            )
            for row in rows
        )

"""Accounts of suppliers that two people have accepted, and those that wait for the second: kept apart from imports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlite_utils import Database


class AccountState(StrEnum):
    """Where a proposed account stands."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class AccountProposal:
    """That an account is a supplier's: said by one person, accepted or refused by another."""

    id: int
    supplier_id: str
    account: str
    """As the discrepancy names it: an IBAN, or a national number, with its bank where that matters."""
    document_id: int
    """The document that it was printed on."""
    state: AccountState
    proposed_by: str
    proposed_at: datetime
    note: str
    """Whom the first person called, at which number, and what was said."""
    decided_by: str = ""
    decided_at: datetime | None = None
    decision_note: str = ""


class AccountStore:
    """Questions and changes about proposed accounts; every change belongs inside a `transaction`."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def propose(self, supplier_id: str, account: str, document_id: int, actor: str, note: str, at: datetime) -> int:
        """Keep a proposal; answers its number."""
        row = {"supplier_id": supplier_id, "account": account, "document_id": document_id, "note": note}
        row |= {"state": AccountState.PROPOSED.value, "proposed_by": actor, "proposed_at": at.isoformat()}
        self.db.table("supplier_accounts").insert(row)
        return int(next(self.db.query("SELECT last_insert_rowid() AS id"))["id"])

    def decide(self, number: int, state: AccountState, actor: str, note: str, at: datetime) -> None:
        """Accept or refuse a proposal."""
        self.db.execute(
            "UPDATE supplier_accounts SET state = ?, decided_by = ?, decision_note = ?, decided_at = ? WHERE id = ?",
            [state.value, actor, note, at.isoformat(), number],
        )

    def get(self, number: int) -> AccountProposal | None:
        """The proposal of this number."""
        return next(iter(self._found("WHERE id = ?", [number])), None)

    def waiting(self) -> tuple[AccountProposal, ...]:
        """Proposals that wait for a second person, oldest first."""
        return self._found("WHERE state = ? ORDER BY id", [AccountState.PROPOSED.value])

    def decided(self, limit: int = 100) -> tuple[AccountProposal, ...]:
        """Accepted and refused ones, newest first."""
        return self._found("WHERE state <> ? ORDER BY decided_at DESC LIMIT ?", [AccountState.PROPOSED.value, limit])

    def of_supplier(self, supplier_id: str, state: AccountState) -> tuple[AccountProposal, ...]:
        """A supplier's accounts that stand so, oldest first."""
        return self._found("WHERE supplier_id = ? AND state = ? ORDER BY id", [supplier_id, state.value])

    def _found(self, where: str, values: list[object]) -> tuple[AccountProposal, ...]:
        return tuple(map(_proposal, self.db.query(f"SELECT * FROM supplier_accounts {where}", values)))


def _proposal(row: dict[str, Any]) -> AccountProposal:
    return AccountProposal(
        id=row["id"],
        supplier_id=row["supplier_id"],
        account=row["account"],
        document_id=row["document_id"],
        state=AccountState(row["state"]),
        proposed_by=row["proposed_by"],
        proposed_at=datetime.fromisoformat(row["proposed_at"]),
        note=row["note"],
        decided_by=row["decided_by"] or "",
        decided_at=datetime.fromisoformat(row["decided_at"]) if row["decided_at"] else None,
        decision_note=row["decision_note"] or "",
    )

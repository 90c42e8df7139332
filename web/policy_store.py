"""Versions of the policy: what it said, who put it in force, when and why."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from ingest.audit import record
from ingest.database import transaction
from ingest.errors import Conflict, NotFound
from matching.policy import Policy
from matching.policy_values import as_raw, differences, from_raw

FIRST = "settings"
"""The actor of what came from the settings file and the environment."""


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    """One policy that was in force from `at` on."""

    number: int
    """Counted from 1, in the order in which they came into force."""
    stamp: str
    """What decisions carry; the same content has the same stamp."""
    policy: Policy
    actor: str
    at: datetime
    note: str = ""
    """Why it was changed."""


class PolicyStore:
    """Questions about policies, and a new one; no version is ever changed or deleted."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def in_force(self, first: Policy) -> Policy:
        """The policy that a person set last; `first`, of the settings file, as long as nobody did."""
        row = self.db.execute(
            "SELECT content FROM policy_versions WHERE actor <> ? ORDER BY number DESC LIMIT 1", [FIRST]
        ).fetchone()
        return from_raw(json.loads(row[0])) if row else first

    def note_first(self, first: Policy, at: datetime) -> None:
        """Keep the settings file's policy, so that decisions made under it can be explained; nothing if it is there."""
        with transaction(self.db):
            latest = self._one("actor = ? ORDER BY number DESC LIMIT 1", FIRST)
            if latest is None or latest.stamp != first.version:
                self._add(first, FIRST, at, "")

    def put_in_force(self, policy: Policy, before: Policy, actor: str, at: datetime, note: str = "") -> None:
        """Make this the policy from now on; `before` is the one that it takes the place of.

        Raises:
            Conflict: when somebody else put another one in force meanwhile.
        """
        with transaction(self.db):
            if self.in_force(before).version != before.version:
                raise Conflict("Somebody else changed the settings meanwhile. Look at the newest version, then repeat.")
            self._add(policy, actor, at, note)
            changes = "; ".join(
                f"{change.key}: {change.before or 'not set'} -> {change.after or 'not set'}"
                for change in differences(before, policy)
            )
            record(
                self.db, "policy_changed", actor=actor, version=policy.version, changes=changes[:2000], note=note[:500]
            )

    def version(self, number: int) -> PolicyVersion:
        """One version; NotFound says that there is none."""
        found = self._one("number = ?", number)
        if found is None:
            raise NotFound("There is no version {number} of the policy.", number=number)
        return found

    def stamped(self, stamp: str) -> PolicyVersion | None:
        """The first version with this stamp: what a decision was made under."""
        return self._one("stamp = ? ORDER BY number LIMIT 1", stamp)

    def all(self) -> tuple[PolicyVersion, ...]:
        """Every version, newest first."""
        return tuple(_version(row) for row in self.db.query("SELECT * FROM policy_versions ORDER BY number DESC"))

    def _one(self, where: str, value: str | int) -> PolicyVersion | None:
        rows = list(self.db.query(f"SELECT * FROM policy_versions WHERE {where}", [value]))
        return _version(rows[0]) if rows else None

    def _add(self, policy: Policy, actor: str, at: datetime, note: str) -> None:
        self.db.table("policy_versions").insert(
            {
                "stamp": policy.version,
                "content": json.dumps(as_raw(policy), ensure_ascii=False),
                "actor": actor,
                "at": at.isoformat(),
                "note": note,
            }
        )


def _version(row: dict[str, Any]) -> PolicyVersion:
    return PolicyVersion(
        number=row["number"],
        stamp=row["stamp"],
        policy=from_raw(json.loads(row["content"])),
        actor=row["actor"],
        at=datetime.fromisoformat(row["at"]),
        note=row["note"],
    )

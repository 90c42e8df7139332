"""Saved views of the queue: named filters, a person's own or everybody's."""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database

from ingest.audit import record
from ingest.database import transaction
from ingest.errors import NotAllowed, NotFound
from web.store import InvalidInput, Role, User

LONGEST_NAME = 60
MOST = 30
"""Views that one person, or everybody together, may have."""


@dataclass(frozen=True, slots=True)
class SavedView:
    """A name and what the queue's address says behind its question mark."""

    id: int
    name: str
    query: str
    shared: bool
    """Whether everybody has it."""


class ViewStore:
    """Views by people; each change stands in the audit trail."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def of(self, user: User) -> tuple[SavedView, ...]:
        """What this person sees: everybody's views first, then their own, by age."""
        rows = self.db.query(
            "SELECT * FROM saved_views WHERE user_id = ? OR user_id IS NULL ORDER BY user_id IS NOT NULL, id", [user.id]
        )
        return tuple(SavedView(row["id"], row["name"], row["query"], row["user_id"] is None) for row in rows)

    def save(self, user: User, name: str, query: str, *, shared: bool) -> None:
        """Keep a view; one of the same name and owner is replaced.

        Raises:
            InvalidInput: when the name cannot be taken, or there are too many.
            NotAllowed: when somebody who is no administrator wants everybody to have it.
        """
        shown = " ".join(name.split())
        if not 0 < len(shown) <= LONGEST_NAME:
            raise InvalidInput("Give the view a name of 1 to {longest} characters.", longest=LONGEST_NAME)
        if shared and not user.role.includes(Role.ADMIN):
            raise NotAllowed("Only an administrator saves a view for everybody.")
        owner = None if shared else user.id
        with transaction(self.db):
            self.db.execute("DELETE FROM saved_views WHERE name = ? AND user_id IS ?", [shown, owner])
            if self.db.table("saved_views").count_where("user_id IS ?", [owner]) >= MOST:
                raise InvalidInput("There are {most} views already. Remove one first.", most=MOST)
            self.db.table("saved_views").insert({"user_id": owner, "name": shown, "query": query})
            record(self.db, "view_saved", actor=user.name, name=shown, shared="yes" if shared else "")

    def remove(self, user: User, view_id: int) -> None:
        """Take a view away: one's own, or everybody's as an administrator."""
        with transaction(self.db):
            found = next((one for one in self.of(user) if one.id == view_id), None)
            if found is None:
                raise NotFound("There is no such view.")
            if found.shared and not user.role.includes(Role.ADMIN):
                raise NotAllowed("Only an administrator removes a view that everybody has.")
            self.db.execute("DELETE FROM saved_views WHERE id = ?", [view_id])
            record(self.db, "view_removed", actor=user.name, name=found.name)

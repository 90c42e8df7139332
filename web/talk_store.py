"""What people say to each other about a document, whom they mention, and who has it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from ingest.audit import SERVICE, record
from ingest.database import transaction
from ingest.document import State
from ingest.store import DocumentStore
from web.people_store import PeopleStore
from web.store import InvalidInput, Role, User

LONGEST_COMMENT = 2000
WAITING = (State.NEEDS_REVIEW, State.ON_HOLD)


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody said about a document."""

    id: int
    document_id: int
    author: str
    text: str
    at: datetime
    mentioned: tuple[str, ...] = ()
    """Users whose name stands in it behind an @."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who has a document, and since when."""

    document_id: int
    user: User
    assigned_by: str
    at: datetime


class TalkStore:
    """Comments, mentions and assignments; each change stands in the audit trail."""

    def __init__(self, db: Database) -> None:
        self.db = db

    # ------------------------------------------------------------ comments

    def comment(self, document_id: int, author: User, text: str, at: datetime) -> Comment:
        """Say something about a document; whoever is mentioned is told, and the author's own mentions are answered."""
        said = _checked(text)
        with transaction(self.db):
            made = self.add(document_id, author.name, said, at, mentioned(said, self._people()), author.id)
            self.note_read(document_id, author, at)
            record(self.db, "commented", document_id=document_id, actor=author.name, text=said)
        return made

    def add(
        self,
        document_id: int,
        author: str,
        text: str,
        at: datetime,
        to: Iterable[User] = (),
        user_id: int | None = None,
    ) -> Comment:
        """Keep words that are recorded elsewhere, such as an answer of somebody without an account."""
        with transaction(self.db):
            DocumentStore(self.db).get(document_id)
            row = {"document_id": document_id, "user_id": user_id, "author": author, "text": text}
            table = self.db.table("comments")
            table.insert({**row, "at": at.isoformat()})
            number = int(table.last_pk or 0)
            people = [one for one in to if one.id != user_id]
            self.db.table("mentions").insert_all(
                {"comment_id": number, "document_id": document_id, "user_id": one.id, "done_at": None} for one in people
            )
        return Comment(number, document_id, author, text, at, tuple(one.name for one in people))

    def of_document(self, document_id: int) -> tuple[Comment, ...]:
        """Everything said about a document, oldest first."""
        told: dict[int, list[str]] = {}
        for row in self.db.query(
            "SELECT m.comment_id, u.name FROM comments c JOIN mentions m ON m.comment_id = c.id "
            "JOIN users u ON u.id = m.user_id WHERE c.document_id = ? ORDER BY u.name_key",
            [document_id],
        ):
            told.setdefault(row["comment_id"], []).append(row["name"])
        rows = self.db.query("SELECT * FROM comments WHERE document_id = ? ORDER BY id", [document_id])
        return tuple(_comment(row, told.get(row["id"], ())) for row in rows)

    # ------------------------------------------------------------ mentions

    def mentions_of(self, user: User) -> tuple[int, ...]:
        """Documents on which the user is mentioned and has neither answered nor said "seen", latest mention first."""
        rows = self.db.query(
            "SELECT document_id FROM mentions WHERE user_id = ? AND done_at IS NULL "
            "GROUP BY document_id ORDER BY max(comment_id) DESC",
            [user.id],
        )
        return tuple(row["document_id"] for row in rows)

    def is_mentioned(self, document_id: int, user: User) -> bool:
        """Whether a mention of the user on this document is still open."""
        return document_id in self.mentions_of(user)

    def note_read(self, document_id: int, user: User, at: datetime) -> None:
        """The user has seen, or answered, where they were mentioned."""
        with transaction(self.db):
            self.db.execute(
                "UPDATE mentions SET done_at = ? WHERE document_id = ? AND user_id = ? AND done_at IS NULL",
                [at.isoformat(), document_id, user.id],
            )

    # ------------------------------------------------------------ assignment

    def assign(self, document_id: int, user_id: int | None, actor: str, at: datetime, reason: str = "") -> None:
        """Give a document to a user, or (None) to nobody in particular; nothing happens where it is so already.

        Raises:
            InvalidInput: when the user cannot work on documents.
        """
        with transaction(self.db):
            DocumentStore(self.db).get(document_id)
            before = self.assignment(document_id)
            if (before.user.id if before else None) == user_id:
                return
            self.db.execute("DELETE FROM assignments WHERE document_id = ?", [document_id])
            taken_from = before.user.name if before else ""
            if user_id is None:
                record(self.db, "unassigned", document_id=document_id, actor=actor, before=taken_from)
                return
            user = self._worker(user_id)
            row = {"document_id": document_id, "user_id": user.id, "assigned_by": actor, "at": at.isoformat()}
            self.db.table("assignments").insert(row)
            details = {"to": user.name, "before": taken_from, "reason": reason}
            record(self.db, "assigned", document_id=document_id, actor=actor, **details)

    def assignment(self, document_id: int) -> Assignment | None:
        """Who has the document; None: nobody in particular."""
        return next(iter(self._assigned("a.document_id = ?", [document_id])), None)

    def assigned_to(self, user: User) -> tuple[int, ...]:
        """Documents that wait for a person and are this user's, those they have longest first."""
        rows = self.db.query(
            "SELECT a.document_id FROM assignments a JOIN documents d ON d.id = a.document_id "
            f"WHERE a.user_id = ? AND d.state IN ({', '.join('?' * len(WAITING))}) ORDER BY a.at, a.document_id",
            [user.id, *(state.value for state in WAITING)],
        )
        return tuple(row["document_id"] for row in rows)

    def assignees(self, document_ids: Sequence[int]) -> dict[int, str]:
        """The names of those who have these documents, by document; at most a page of the queue at a time."""
        if not document_ids:
            return {}
        found = self._assigned(f"a.document_id IN ({', '.join('?' * len(document_ids))})", document_ids)
        return {one.document_id: one.user.name for one in found}

    def workers(self) -> tuple[User, ...]:
        """Users who may be given a document, by name."""
        return tuple(one for one in self._people() if one.role.includes(Role.COORDINATOR))

    def assign_by_name(self, document_id: int, name: str, at: datetime, reason: str) -> bool:
        """What a rule says; answers whether there is such a user who may work on documents, and nobody has it yet."""
        with transaction(self.db):
            key = name.strip().casefold()
            found = next((one for one in self.workers() if one.name.casefold() == key), None)
            if found is None or self.assignment(document_id) is not None:
                return False
            self.assign(document_id, found.id, SERVICE, at, reason)
        return True

    def _assigned(self, where: str, values: Sequence[int]) -> tuple[Assignment, ...]:
        rows = self.db.query(
            # what somebody had who may not log in any more is nobody's
            "SELECT a.*, u.name, u.role FROM assignments a JOIN users u ON u.id = a.user_id AND u.active = 1 "
            f"WHERE {where}",
            values,
        )
        return tuple(
            Assignment(
                row["document_id"],
                User(row["user_id"], row["name"], Role(row["role"])),
                row["assigned_by"],
                datetime.fromisoformat(row["at"]),
            )
            for row in rows
        )

    def _worker(self, user_id: int) -> User:
        found = next((one for one in self.workers() if one.id == user_id), None)
        if found is None:
            raise InvalidInput("Documents go to users who may log in and have at least the role coordinator.")
        return found

    def _people(self) -> tuple[User, ...]:
        """Everybody who may log in."""
        return tuple(one.user for one in PeopleStore(self.db).all() if one.active)


def mentioned(text: str, people: Iterable[User]) -> tuple[User, ...]:
    """Users whose name stands in the text behind an @, whatever the case; "@Ann Lee" is not also "@Ann"."""
    found, rest = [], text
    for one in sorted(people, key=lambda user: -len(user.name)):
        pattern = re.compile(rf"(?<!\w)@{re.escape(one.name)}(?!\w)", re.IGNORECASE)
        if pattern.search(rest):
            found.append(one)
            rest = pattern.sub(" ", rest)
    return tuple(found)


def _checked(text: str) -> str:
    said = "\n".join(line.rstrip() for line in text.strip().splitlines())
    if not said:
        raise InvalidInput("Write something first: the comment is empty.")
    if len(said) > LONGEST_COMMENT:
        raise InvalidInput(
            "A comment has at most {longest_comment} characters; this one has {length}.",
            longest_comment=LONGEST_COMMENT,
            length=len(said),
        )
    return said


def _comment(row: dict[str, Any], told: Sequence[str]) -> Comment:
    moment = datetime.fromisoformat(row["at"])
    return Comment(row["id"], row["document_id"], row["author"], row["text"], moment, tuple(told))

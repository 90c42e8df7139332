"""Questions to people without an account: asked by a link that opens one document, once, for a while."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlite_utils import Database

from ingest.audit import record
from ingest.database import transaction
from ingest.document import State
from ingest.errors import Conflict, NotFound
from ingest.store import DocumentStore
from web.languages import lazy_gettext as _
from web.store import InvalidInput, Role, User

LONGEST_TEXT = 2000
LONGEST_NAME = 80
WAITING = (State.NEEDS_REVIEW, State.ON_HOLD)
_ADDRESS = re.compile(r"[^\s@,;<>\"()]+@[^\s@,;<>\"()]+\.[^\s@,;<>\"()]+")


class Stand(StrEnum):
    """Where a question stands."""

    OPEN = "open"
    ANSWERED = "answered"
    REVOKED = "revoked"
    ENDED = "ended"


CHOICES = {"yes": _("Yes"), "no": _("No"), "": ""}
"""Quick answers."""


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A question about one document, and its answer."""

    id: int
    document_id: int
    asked_by: User
    text: str
    name: str
    """Who is asked; may be empty."""
    email: str
    asked_at: datetime
    expires_at: datetime
    stand: Stand
    answered_at: datetime | None = None
    answered_by: str = ""
    choice: str = ""
    answer: str = ""
    noted: bool = False
    """Whether somebody has seen the answer."""

    @property
    def whole_answer(self) -> str:
        """The quick answer and the words, as one text."""
        return ": ".join(part for part in (str(CHOICES.get(self.choice, "")), self.answer) if part)


class InquiryStore:
    """Questions and answers; each change stands in the audit trail. Links end by the real clock, as sessions do."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def ask(
        self, document_id: int, user: User, text: str, name: str, email: str, at: datetime, days: int
    ) -> tuple[Inquiry, str]:
        """Keep a question; answers it and the link's token, which is not kept."""
        question, shown, address = _text(text, "question"), _name(name), email.strip()
        if not question:
            raise InvalidInput("Write the question first.")
        if address and (len(address) > 254 or not _ADDRESS.fullmatch(address)):
            raise InvalidInput(
                "'{value}' is no mail address. Write it like name@example.com, or leave it out.", value=address[:80]
            )
        token = secrets.token_urlsafe(32)
        with transaction(self.db):
            DocumentStore(self.db).get(document_id)
            table = self.db.table("inquiries")
            row: dict[str, Any] = {"document_id": document_id, "user_id": user.id, "text": question, "name": shown}
            row |= {"email": address, "token_hash": _hash(token), "asked_at": at.isoformat()}
            table.insert({**row, "expires_at": (_now() + timedelta(days=days)).isoformat()})
            made = self.get(int(table.last_pk or 0))
            details = {"to": shown or address or "a colleague", "text": question}
            record(self.db, "inquiry_asked", document_id=document_id, actor=user.name, **details)
        return made, token

    def of_token(self, token: str) -> Inquiry:
        """The open question behind a link; NotFound once it was answered, taken back, or has ended."""
        found = next(iter(self._found("i.token_hash = ?", [_hash(token)])), None)
        if found is None or found.stand is not Stand.OPEN:
            raise NotFound("This link was answered, taken back, or has ended. Ask who sent it to you for a new one.")
        return found

    def was_made(self, token: str) -> bool:
        """Whether there ever was a link with this token."""
        return self.db.table("inquiries").count_where("token_hash = ?", [_hash(token)]) > 0

    def answer(self, token: str, choice: str, text: str, name: str, at: datetime) -> Inquiry:
        """Keep the answer; from then on the link shows nothing. Only the first of two answers counts."""
        said, by = _text(text, "answer"), _name(name)
        if choice not in CHOICES:
            raise InvalidInput("Choose Yes or No, or write an answer.")
        if not choice and not said:
            raise InvalidInput("Choose Yes or No, or write an answer.")
        if not by:
            raise InvalidInput("Write your name, so that it is known whose answer this is.")
        with transaction(self.db):
            asked = self.of_token(token)
            self.db.execute(
                "UPDATE inquiries SET answered_at = ?, answered_by = ?, choice = ?, answer = ? WHERE id = ?",
                [at.isoformat(), by, choice, said, asked.id],
            )
            made = self.get(asked.id)
            details = {"question": made.text, "text": made.whole_answer, "asked_by": made.asked_by.name}
            record(self.db, "inquiry_answered", document_id=made.document_id, actor=by_link(by), **details)
        return made

    def revoke(self, inquiry_id: int, actor: str) -> Inquiry:
        """End a question's link; Conflict where it is not open any more."""
        with transaction(self.db):
            asked = self.get(inquiry_id)
            if asked.stand is not Stand.OPEN:
                raise Conflict("This question is not open any more. Load the page again.")
            self.db.execute("UPDATE inquiries SET revoked_at = ? WHERE id = ?", [_now().isoformat(), inquiry_id])
            record(self.db, "inquiry_revoked", document_id=asked.document_id, actor=actor, text=asked.text)
            return self.get(inquiry_id)

    def note_answers(self, document_id: int, actor: str, at: datetime) -> None:
        """Somebody has seen the answers on this document: the queue need not show them any more."""
        with transaction(self.db):
            noted = self.db.execute(
                "UPDATE inquiries SET noted_at = ? WHERE document_id = ? AND answered_at IS NOT NULL "
                "AND noted_at IS NULL",
                [at.isoformat(), document_id],
            )
            if noted.rowcount:
                record(self.db, "answer_noted", document_id=document_id, actor=actor)

    def get(self, inquiry_id: int) -> Inquiry:
        """One of them; NotFound where there is none."""
        found = next(iter(self._found("i.id = ?", [inquiry_id])), None)
        if found is None:
            raise NotFound("There is no such question.")
        return found

    def of_document(self, document_id: int) -> tuple[Inquiry, ...]:
        """Every question about a document, oldest first."""
        return self._found("i.document_id = ?", [document_id])

    def answered(self) -> tuple[int, ...]:
        """Documents that wait for a person and whose question was answered but not noted, latest answer first."""
        rows = self.db.query(
            "SELECT i.document_id FROM inquiries i JOIN documents d ON d.id = i.document_id "
            f"WHERE i.answered_at IS NOT NULL AND i.noted_at IS NULL AND {_waits()} "
            "GROUP BY i.document_id ORDER BY max(i.answered_at) DESC",
            [state.value for state in WAITING],
        )
        return tuple(row["document_id"] for row in rows)

    def asked(self) -> tuple[int, ...]:
        """Documents that wait for a person and for an answer that may still come, oldest question first."""
        rows = self.db.query(
            "SELECT i.document_id FROM inquiries i JOIN documents d ON d.id = i.document_id "
            f"WHERE i.answered_at IS NULL AND i.revoked_at IS NULL AND i.expires_at >= ? AND {_waits()} "
            "GROUP BY i.document_id ORDER BY min(i.id)",
            [_now().isoformat(), *(state.value for state in WAITING)],
        )
        return tuple(row["document_id"] for row in rows)

    def _found(self, where: str, values: list[object]) -> tuple[Inquiry, ...]:
        rows = self.db.query(
            "SELECT i.*, u.name AS asker, u.role AS asker_role FROM inquiries i JOIN users u ON u.id = i.user_id "
            f"WHERE {where} ORDER BY i.id",
            values,
        )
        return tuple(map(_inquiry, rows))


def by_link(name: str) -> str:
    """How somebody without an account is named: nobody can pass for a user."""
    return f"{name} (by link)"


def _inquiry(row: dict[str, Any]) -> Inquiry:
    expires = datetime.fromisoformat(row["expires_at"])
    stand = Stand.ENDED if expires < _now() else Stand.OPEN
    stand = Stand.REVOKED if row["revoked_at"] else stand
    stand = Stand.ANSWERED if row["answered_at"] else stand
    return Inquiry(
        id=row["id"],
        document_id=row["document_id"],
        asked_by=User(row["user_id"], row["asker"], Role(row["asker_role"])),
        text=row["text"],
        name=row["name"],
        email=row["email"],
        asked_at=datetime.fromisoformat(row["asked_at"]),
        expires_at=expires,
        stand=stand,
        answered_at=datetime.fromisoformat(row["answered_at"]) if row["answered_at"] else None,
        answered_by=row["answered_by"] or "",
        choice=row["choice"] or "",
        answer=row["answer"] or "",
        noted=row["noted_at"] is not None,
    )


def _text(text: str, what: str) -> str:
    said = "\n".join(line.rstrip() for line in text.strip().splitlines())
    if len(said) > LONGEST_TEXT:
        raise InvalidInput(
            "The {what} has at most {longest_text} characters; this one has {length}.",
            what=what,
            longest_text=LONGEST_TEXT,
            length=len(said),
        )
    return said


def _name(text: str) -> str:
    name = " ".join(text.split())
    if len(name) > LONGEST_NAME:
        raise InvalidInput("A name has at most {longest_name} characters.", longest_name=LONGEST_NAME)
    return name


def _waits() -> str:
    return f"d.state IN ({', '.join('?' * len(WAITING))})"


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _now() -> datetime:
    # the real clock: a date set for samples must not keep links alive or end them
    return datetime.now(UTC)

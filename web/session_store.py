"""Browsers that are logged in; a cookie's token is kept as its hash only."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlite_utils import Database

from ingest.database import transaction
from web.store import User, hash_token, user_of

HALF_WAY = timedelta(minutes=10)
"""Between the password and the code of the second factor."""
NOTED_EVERY = timedelta(minutes=1)
LONGEST_AGENT = 300


@dataclass(frozen=True, slots=True)
class SessionLimits:
    """When a browser is logged out by itself."""

    idle: timedelta = timedelta(hours=2)
    longest: timedelta = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that is logged in, and the token that its forms must carry."""

    user: User
    csrf: str
    handle: str
    """Names it among the sessions of its user; opens nothing."""
    has_factor: bool
    """The user has a second factor, which this session has shown."""


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session as its user sees it in the list."""

    handle: str
    begun_at: datetime
    seen_at: datetime
    address: str
    agent: str


class SessionStore:
    """Sessions from log-in to log-out."""

    def __init__(self, db: Database, limits: SessionLimits | None = None) -> None:
        self.db = db
        self.limits = limits or SessionLimits()

    def start(self, user: User, address: str = "", agent: str = "", *, half_way: bool = False) -> str:
        """Log a browser in; answers the token for its cookie. `half_way`: only the password was right yet."""
        token = secrets.token_urlsafe(32)
        now = _now()
        with transaction(self.db):
            self.db.execute("DELETE FROM sessions WHERE seen_at < ?", [(now - self.limits.idle).isoformat()])
            self.db.table("sessions").insert(
                {
                    "token_hash": hash_token(token),
                    "user_id": user.id,
                    "csrf": secrets.token_urlsafe(24),
                    "created_at": now.isoformat(),
                    "seen_at": now.isoformat(),
                    "address": address,
                    "agent": agent[:LONGEST_AGENT],
                    "half_way": int(half_way),
                }
            )
        return token

    def find(self, token: str) -> Session | None:
        """The session that a cookie's token stands for; None once it is over."""
        now = _now()
        rows = list(
            self.db.query(
                "SELECT u.*, s.csrf, s.seen_at, substr(s.token_hash, 1, 16) AS handle, "
                "coalesce(f.confirmed_at, '') <> '' AS has_factor FROM sessions s "
                "JOIN users u ON u.id = s.user_id LEFT JOIN second_factors f ON f.user_id = u.id "
                "WHERE s.token_hash = ? AND s.half_way = 0 AND s.seen_at >= ? AND s.created_at >= ? AND u.active = 1",
                [hash_token(token), (now - self.limits.idle).isoformat(), (now - self.limits.longest).isoformat()],
            )
        )
        if not rows:
            return None
        # written now and then only: a page with many requests must not write for each
        if now - datetime.fromisoformat(rows[0]["seen_at"]) > NOTED_EVERY:
            with transaction(self.db):
                self.db.execute(
                    "UPDATE sessions SET seen_at = ? WHERE token_hash = ?", [now.isoformat(), hash_token(token)]
                )
        return Session(user_of(rows[0]), rows[0]["csrf"], rows[0]["handle"], bool(rows[0]["has_factor"]))

    def half_way(self, token: str) -> User | None:
        """Who has given the right password with this token, and owes the code yet."""
        rows = self.db.query(
            "SELECT u.* FROM sessions s JOIN users u ON u.id = s.user_id "
            "WHERE s.token_hash = ? AND s.half_way = 1 AND s.created_at >= ? AND u.active = 1",
            [hash_token(token), (_now() - HALF_WAY).isoformat()],
        )
        return next(map(user_of, rows), None)

    def end(self, token: str) -> None:
        """Log the browser out."""
        with transaction(self.db):
            self.db.execute("DELETE FROM sessions WHERE token_hash = ?", [hash_token(token)])

    def of(self, user: User) -> tuple[OpenSession, ...]:
        """Where the user is logged in, the latest first."""
        now = _now()
        rows = self.db.query(
            "SELECT *, substr(token_hash, 1, 16) AS handle FROM sessions "
            "WHERE user_id = ? AND half_way = 0 AND seen_at >= ? AND created_at >= ? ORDER BY seen_at DESC",
            [user.id, (now - self.limits.idle).isoformat(), (now - self.limits.longest).isoformat()],
        )
        return tuple(map(_open, rows))

    def end_own(self, user: User, handle: str) -> None:
        """End one of the user's own sessions, by its handle."""
        with transaction(self.db):
            self.db.execute(
                "DELETE FROM sessions WHERE user_id = ? AND substr(token_hash, 1, 16) = ?", [user.id, handle]
            )

    def end_others(self, user: User, handle: str) -> None:
        """End all of the user's sessions but this one."""
        with transaction(self.db):
            self.db.execute(
                "DELETE FROM sessions WHERE user_id = ? AND substr(token_hash, 1, 16) <> ?", [user.id, handle]
            )


def _open(row: dict[str, Any]) -> OpenSession:
    begun, seen = datetime.fromisoformat(row["created_at"]), datetime.fromisoformat(row["seen_at"])
    return OpenSession(row["handle"], begun, seen, row["address"], row["agent"])


def _now() -> datetime:
    # the real clock: a date set for samples must not keep sessions alive or end them
    return datetime.now(UTC)

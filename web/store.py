"""Users and set-up links: the shell's own rows."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlite_utils import Database
from sqlite_utils.migrations import Migrations
from zxcvbn import zxcvbn

from ingest.database import transaction
from ingest.errors import Conflict, CoordinatorError, NotFound

web_migrations = Migrations("web")

SHORTEST_PASSWORD = 12
LEAST_STRENGTH = 2
"""Of zxcvbn's scale from 0 to 4: from here on more than a hundred million guesses."""
LONGEST_PASSWORD = 500
"""Longer ones only cost time to hash."""
SETUP_HOURS = 24
FAILURES_ALLOWED = 8
ADDRESS_FAILURES_ALLOWED = 60
"""One address may be a whole office's; it is many names that give a guesser away."""
FAILURE_WINDOW = timedelta(minutes=10)


@web_migrations()
def create_users(db: Database) -> None:
    """Users, their sessions, set-up links, failed log-ins and presence."""
    db.table("users").create(
        {"id": int, "name": str, "name_key": str, "password_hash": str, "role": str, "created_at": str},
        pk="id",
        not_null={"name", "name_key", "password_hash", "role", "created_at"},
        strict=True,
    )
    db.table("users").create_index(["name_key"], unique=True)
    db.table("sessions").create(
        {"token_hash": str, "user_id": int, "csrf": str, "created_at": str, "seen_at": str},
        pk="token_hash",
        foreign_keys=[("user_id", "users", "id")],
        strict=True,
    )
    db.table("setup_tokens").create({"token_hash": str, "expires_at": str}, pk="token_hash", strict=True)
    db.table("login_failures").create({"id": int, "name_key": str, "at": str}, pk="id", strict=True)
    db.table("login_failures").create_index(["name_key", "at"])
    db.table("presence").create(
        {"document_id": int, "user_id": int, "seen_at": str}, pk=("document_id", "user_id"), strict=True
    )


@web_migrations()
def create_policy_versions(db: Database) -> None:
    """Every policy that was in force (`policy_store.py`); rows are never changed."""
    db.table("policy_versions").create(
        {"number": int, "stamp": str, "content": str, "actor": str, "at": str, "note": str},
        pk="number",
        not_null={"stamp", "content", "actor", "at", "note"},
        strict=True,
    )
    db.table("policy_versions").create_index(["stamp"])


@web_migrations()
def create_people(db: Database) -> None:
    """Who may still log in, one-time links for passwords, failed log-ins by address, and tokens of programs."""
    db.execute("ALTER TABLE users ADD COLUMN active INTEGER NOT NULL DEFAULT 1")
    db.execute("ALTER TABLE login_failures ADD COLUMN address TEXT NOT NULL DEFAULT ''")
    db.table("login_failures").create_index(["address", "at"])
    db.table("user_links").create(
        {"token_hash": str, "user_id": int, "expires_at": str},
        pk="token_hash",
        foreign_keys=[("user_id", "users", "id")],
        strict=True,
    )
    db.table("api_tokens").create(
        {
            "id": int,
            "name": str,
            "token_hash": str,
            "scopes": str,
            "created_by": str,
            "created_at": str,
            "expires_at": str,
            "last_used_at": str,
            "revoked_at": str,
        },
        pk="id",
        not_null={"name", "token_hash", "scopes", "created_by", "created_at", "expires_at"},
        strict=True,
    )
    db.table("api_tokens").create_index(["token_hash"], unique=True)


class Role(StrEnum):
    """What a user may do; each may all that the one before may."""

    VIEWER = "viewer"
    COORDINATOR = "coordinator"
    APPROVER = "approver"
    ADMIN = "admin"

    def includes(self, other: Role) -> bool:
        """Whether this role may do what the other may."""
        order = list(Role)
        return order.index(self) >= order.index(other)


class InvalidInput(CoordinatorError):
    """What a person entered cannot be taken; the message says what to change."""

    code = "invalid_input"


class TooManyAttempts(CoordinatorError):
    """Too many failed log-ins for one name."""

    code = "too_many_attempts"
    retryable = True


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who may log in."""

    id: int
    name: str
    role: Role
    language: str = ""
    """What they want to be told in; empty: what their browser asks for."""


class UserStore:
    """Who may log in, and with what."""

    def __init__(self, db: Database, hasher: PasswordHasher | None = None) -> None:
        self.db = db
        self._hasher = hasher or PasswordHasher()

    def any(self) -> bool:
        """Whether there is a user at all."""
        return self.db.table("users").count > 0

    def all(self) -> tuple[User, ...]:
        """Every user, by name."""
        return tuple(user_of(row) for row in self.db.query("SELECT * FROM users ORDER BY name_key"))

    def add(self, name: str, password: str, role: Role | str) -> User:
        """Make a user; InvalidInput says what is wrong with the name or the password."""
        shown = " ".join(name.split())
        if not shown or len(shown) > 80:
            raise InvalidInput("A user needs a name of 1 to 80 characters.")
        wanted = _role(role)
        password_hash = self._hash(password, shown)
        with transaction(self.db):
            if self._row(shown) is not None:
                raise Conflict("There is a user named '{shown}' already. Choose another name.", shown=shown)
            self.db.table("users").insert(
                {
                    "name": shown,
                    "name_key": _key(shown),
                    "password_hash": password_hash,
                    "role": wanted.value,
                    "created_at": _now().isoformat(),
                }
            )
            row = self._row(shown)
        assert row is not None
        return user_of(row)

    def set_password(self, name: str, password: str) -> None:
        """Give a user another password; every browser that is logged in as them is logged out."""
        password_hash = self._hash(password, name)
        with transaction(self.db):
            row = self._row(name)
            if row is None:
                raise NotFound("There is no user named '{name}'.", name=name)
            self.db.execute("UPDATE users SET password_hash = ? WHERE id = ?", [password_hash, row["id"]])
            self.db.execute("DELETE FROM sessions WHERE user_id = ?", [row["id"]])

    def authenticate(self, name: str, password: str, address: str = "") -> User | None:
        """The user with this name and password; TooManyAttempts after many failures of the name or from the address."""
        self.demand_patience(name, address)
        row = self._row(name)
        if row is not None and not row["active"]:
            row = None
        # an unknown name costs as much time as a known one, so that names cannot be told by the clock
        known = row["password_hash"] if row else _unknown_user_hash(self._hasher)
        if row is not None and self._verifies(known, password):
            with transaction(self.db):
                self.db.execute("DELETE FROM login_failures WHERE name_key = ?", [_key(name)])
            return user_of(row)
        if row is None:
            self._verifies(known, password)
        self.note_failure(name, address)
        return None

    def demand_patience(self, name: str, address: str) -> None:
        """TooManyAttempts where this name or address has failed too often lately."""
        since = (_now() - FAILURE_WINDOW).isoformat()
        with transaction(self.db):
            self.db.execute("DELETE FROM login_failures WHERE at < ?", [since])
        table = self.db.table("login_failures")
        if table.count_where("name_key = ?", [_key(name)]) >= FAILURES_ALLOWED:
            raise TooManyAttempts("Too many failed log-ins for this name. Wait ten minutes and try again.")
        if address and table.count_where("address = ?", [address]) >= ADDRESS_FAILURES_ALLOWED:
            raise TooManyAttempts("Too many failed log-ins from this address. Wait ten minutes and try again.")

    def note_failure(self, name: str, address: str) -> None:
        """Count a failed log-in of this name from this address."""
        with transaction(self.db):
            self.db.table("login_failures").insert(
                {"name_key": _key(name), "at": _now().isoformat(), "address": address}
            )

    def new_setup_token(self) -> str:
        """A one-time token for making the first user; only its hash is kept."""
        token = secrets.token_urlsafe(24)
        expires = _now() + timedelta(hours=SETUP_HOURS)
        with transaction(self.db):
            self.db.execute("DELETE FROM setup_tokens WHERE expires_at < ?", [_now().isoformat()])
            self.db.table("setup_tokens").insert({"token_hash": hash_token(token), "expires_at": expires.isoformat()})
        return token

    def knows_setup_token(self, token: str) -> bool:
        """Whether the token may still be used."""
        found = self.db.query(
            "SELECT 1 FROM setup_tokens WHERE token_hash = ? AND expires_at >= ?",
            [hash_token(token), _now().isoformat()],
        )
        return bool(list(found))

    def use_setup_token(self, token: str, name: str, password: str) -> User:
        """Make the first administrator; the token is spent only when that succeeds."""
        with transaction(self.db):
            if not self.knows_setup_token(token):
                raise NotFound(
                    "This set-up link was used or is older than a day. "
                    "Start the service again: while there is no user, it prints a new one."
                )
            user = self.add(name, password, Role.ADMIN)
            self.db.execute("DELETE FROM setup_tokens")
        return user

    def _hash(self, password: str, name: str) -> str:
        if len(password) < SHORTEST_PASSWORD:
            raise InvalidInput(
                "A password needs at least {shortest_password} characters; a few words make a good one.",
                shortest_password=SHORTEST_PASSWORD,
            )
        if len(password) > LONGEST_PASSWORD:
            raise InvalidInput(
                "A password has at most {longest_password} characters.", longest_password=LONGEST_PASSWORD
            )
        # only its beginning: guessing time is measured in patterns, and what is long enough is strong
        if zxcvbn(password[:72], [name, "invoice", "coordinator"])["score"] < LEAST_STRENGTH:
            raise InvalidInput(
                "This password is among the first that a guesser tries. Take a few words that do not belong together."
            )
        return self._hasher.hash(password)

    def _verifies(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password[: LONGEST_PASSWORD + 1])
        except (VerifyMismatchError, InvalidHashError):
            return False

    def _row(self, name: str) -> dict[str, Any] | None:
        rows = list(self.db.query("SELECT * FROM users WHERE name_key = ?", [_key(name)]))
        return rows[0] if rows else None


_UNKNOWN: dict[str, str] = {}


def _unknown_user_hash(hasher: PasswordHasher) -> str:
    """A hash that no password fits, made once with the same cost as those of users."""
    if "hash" not in _UNKNOWN:
        _UNKNOWN["hash"] = hasher.hash(secrets.token_hex(32))
    return _UNKNOWN["hash"]


def _role(role: Role | str) -> Role:
    try:
        return Role(role)
    except ValueError:
        raise InvalidInput("'{role}' is no role; choose one of {roles}.", role=role, roles=", ".join(Role)) from None


def user_of(row: dict[str, Any]) -> User:
    """The user that a row tells of."""
    return User(row["id"], row["name"], Role(row["role"]), row["language"])


def _key(name: str) -> str:
    return " ".join(name.split()).casefold()


def hash_token(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _now() -> datetime:
    # the real clock: a date set for samples must not keep sessions alive or end them
    return datetime.now(UTC)

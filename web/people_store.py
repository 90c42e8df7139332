"""Users after their first day: one-time links, roles, who may still log in; and tokens for programs."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlite_utils import Database

from ingest.database import transaction
from ingest.errors import Conflict, NotFound
from web.languages import languages
from web.store import InvalidInput, Role, User, UserStore

LINK_HOURS = 48
NO_PASSWORD = "!"
"""In place of a hash, until the person has opened their link: no password fits it."""
LONGEST_TOKEN_DAYS = 730


@dataclass(frozen=True, slots=True)
class Person:
    """A user as the users page shows them."""

    user: User
    active: bool
    has_password: bool
    last_seen: datetime | None
    sessions: int
    has_factor: bool


class PeopleStore:
    """What an administrator does with users; at least one active administrator stays."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def all(self) -> tuple[Person, ...]:
        """Everybody, by name."""
        rows = self.db.query(
            "SELECT u.*, max(s.seen_at) AS last_seen, count(s.token_hash) AS sessions, "
            "EXISTS (SELECT 1 FROM second_factors f WHERE f.user_id = u.id AND f.confirmed_at <> '') AS has_factor "
            "FROM users u LEFT JOIN sessions s ON s.user_id = u.id AND s.half_way = 0 GROUP BY u.id ORDER BY u.name_key"
        )
        return tuple(_person(row) for row in rows)

    def others(self, user: User, role: Role) -> tuple[User, ...]:
        """Who else may log in and has at least this role."""
        return tuple(
            one.user for one in self.all() if one.active and one.user.role.includes(role) and one.user.id != user.id
        )

    def get(self, user_id: int) -> Person:
        """One of them; NotFound where there is none."""
        found = next((one for one in self.all() if one.user.id == user_id), None)
        if found is None:
            raise NotFound("There is no such user.")
        return found

    def invite(self, name: str, role: Role | str) -> tuple[User, str]:
        """A new user without a password, and the one-time link's token for setting it."""
        with transaction(self.db):
            made = UserStore(self.db).add(name, secrets.token_urlsafe(24), role)
            self.db.execute("UPDATE users SET password_hash = ? WHERE id = ?", [NO_PASSWORD, made.id])
            return made, self.new_link(made.id)

    def new_link(self, user_id: int) -> str:
        """A one-time token with which the user sets a password; earlier ones end."""
        token = secrets.token_urlsafe(24)
        with transaction(self.db):
            self.get(user_id)
            self.db.execute("DELETE FROM user_links WHERE user_id = ? OR expires_at < ?", [user_id, _now().isoformat()])
            expires = (_now() + timedelta(hours=LINK_HOURS)).isoformat()
            self.db.table("user_links").insert({"token_hash": _hash(token), "user_id": user_id, "expires_at": expires})
        return token

    def of_link(self, token: str) -> User:
        """Whose link it is; NotFound once it was used or has ended."""
        rows = list(
            self.db.query(
                "SELECT u.* FROM user_links l JOIN users u ON u.id = l.user_id "
                "WHERE l.token_hash = ? AND l.expires_at >= ? AND u.active = 1",
                [_hash(token), _now().isoformat()],
            )
        )
        if not rows:
            raise NotFound("This link was used or has ended. Ask an administrator for a new one.")
        return _person({**rows[0], "last_seen": None, "sessions": 0, "has_factor": 0}).user

    def use_link(self, token: str, password: str) -> User:
        """Set the password; the link is spent only when that succeeds."""
        with transaction(self.db):
            owner = self.of_link(token)
            UserStore(self.db).set_password(owner.name, password)
            self.db.execute("DELETE FROM user_links WHERE user_id = ?", [owner.id])
        return owner

    def set_role(self, user_id: int, role: Role | str) -> Role:
        """Give a user another role; answers the one before."""
        try:
            wanted = Role(role)
        except ValueError:
            raise InvalidInput(
                "'{role}' is no role; choose one of {roles}.", role=role, roles=", ".join(Role)
            ) from None
        with transaction(self.db):
            before = self.get(user_id)
            if wanted is not Role.ADMIN:
                self._demand_another_admin(before)
            self.db.execute("UPDATE users SET role = ? WHERE id = ?", [wanted.value, user_id])
        return before.user.role

    def set_language(self, user_id: int, language: str) -> None:
        """What a user is told in; empty: what their browser asks for."""
        if language and language not in languages():
            raise InvalidInput("There is no such language here. Choose one of the list.")
        with transaction(self.db):
            self.db.execute("UPDATE users SET language = ? WHERE id = ?", [language, user_id])

    def set_active(self, user_id: int, *, active: bool) -> None:
        """Let a user log in or not; who may not is logged out everywhere at once."""
        with transaction(self.db):
            person = self.get(user_id)
            if not active:
                self._demand_another_admin(person)
                self.db.execute("DELETE FROM user_links WHERE user_id = ?", [user_id])
                self.log_out_everywhere(user_id)
            self.db.execute("UPDATE users SET active = ? WHERE id = ?", [int(active), user_id])

    def log_out_everywhere(self, user_id: int) -> None:
        """End every session of a user."""
        with transaction(self.db):
            self.db.execute("DELETE FROM sessions WHERE user_id = ?", [user_id])

    def _demand_another_admin(self, person: Person) -> None:
        others = self.db.table("users").count_where(
            "role = ? AND active = 1 AND id <> ?", [Role.ADMIN.value, person.user.id]
        )
        if person.user.role is Role.ADMIN and person.active and not others:
            raise Conflict("This is the last administrator. Make another one first.")


class Scope(StrEnum):
    """What a program may do with its token."""

    UPLOAD = "upload"
    READ = "read"
    EXPORT = "export"


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A program's key; the key itself is shown once, when it is made."""

    id: int
    name: str
    scopes: tuple[Scope, ...]
    created_by: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked: bool

    @property
    def actor(self) -> str:
        """How the program is named in the audit trail."""
        return f"program {self.name}"


class TokenStore:
    """Keys of programs; only their hashes are kept."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def make(self, name: str, scopes: tuple[str, ...], days: int, actor: str) -> tuple[ApiToken, str]:
        """A new key; InvalidInput says what is missing."""
        shown = " ".join(name.split())
        if not shown or len(shown) > 80:
            raise InvalidInput("Name the program that uses the token, in 1 to 80 characters.")
        wanted = tuple(scope for scope in Scope if scope.value in scopes)
        if not wanted:
            raise InvalidInput("Choose at least one thing that the program may do.")
        if not 1 <= days <= LONGEST_TOKEN_DAYS:
            raise InvalidInput("A token lasts 1 to {longest_token_days} days.", longest_token_days=LONGEST_TOKEN_DAYS)
        key = f"icp_{secrets.token_urlsafe(32)}"
        with transaction(self.db):
            table = self.db.table("api_tokens")
            table.insert(
                {
                    "name": shown,
                    "token_hash": _hash(key),
                    "scopes": " ".join(wanted),
                    "created_by": actor,
                    "created_at": _now().isoformat(),
                    "expires_at": (_now() + timedelta(days=days)).isoformat(),
                }
            )
            made = self.get(int(table.last_pk or 0))
        return made, key

    def all(self) -> tuple[ApiToken, ...]:
        """Every token that was made, newest first."""
        return tuple(_token(row) for row in self.db.query("SELECT * FROM api_tokens ORDER BY id DESC"))

    def get(self, token_id: int) -> ApiToken:
        """One of them; NotFound where there is none."""
        rows = list(self.db.query("SELECT * FROM api_tokens WHERE id = ?", [token_id]))
        if not rows:
            raise NotFound("There is no such token.")
        return _token(rows[0])

    def find(self, key: str) -> ApiToken | None:
        """The living token with this key; its use is noted once a minute."""
        rows = list(
            self.db.query(
                "SELECT * FROM api_tokens WHERE token_hash = ? AND revoked_at IS NULL AND expires_at >= ?",
                [_hash(key), _now().isoformat()],
            )
        )
        if not rows:
            return None
        found = _token(rows[0])
        if found.last_used_at is None or _now() - found.last_used_at > timedelta(minutes=1):
            with transaction(self.db):
                self.db.execute("UPDATE api_tokens SET last_used_at = ? WHERE id = ?", [_now().isoformat(), found.id])
        return found

    def revoke(self, token_id: int) -> ApiToken:
        """End a token for good."""
        with transaction(self.db):
            found = self.get(token_id)
            self.db.execute(
                "UPDATE api_tokens SET revoked_at = coalesce(revoked_at, ?) WHERE id = ?",
                [_now().isoformat(), token_id],
            )
        return found


def _person(row: dict[str, Any]) -> Person:
    return Person(
        User(row["id"], row["name"], Role(row["role"]), row["language"]),
        bool(row["active"]),
        row["password_hash"] != NO_PASSWORD,
        _moment(row["last_seen"]),
        row["sessions"],
        bool(row["has_factor"]),
    )


def _token(row: dict[str, Any]) -> ApiToken:
    created, expires = datetime.fromisoformat(row["created_at"]), datetime.fromisoformat(row["expires_at"])
    return ApiToken(
        row["id"],
        row["name"],
        tuple(map(Scope, row["scopes"].split())),
        row["created_by"],
        created,
        expires,
        _moment(row["last_used_at"]),
        row["revoked_at"] is not None,
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _now() -> datetime:
    # the real clock, as for sessions
    return datetime.now(UTC)

"""The web room's later tables; `web_migrations` is its whole list (the first ones stand in `store.py`)."""

from __future__ import annotations

from sqlite_utils import Database

from web.store import web_migrations

__all__ = ["web_migrations"]


@web_migrations()
def create_talk(db: Database) -> None:
    """Comments on documents, who is mentioned in them, and who has which document (`talk_store.py`)."""
    db.table("comments").create(
        {"id": int, "document_id": int, "user_id": int, "author": str, "text": str, "at": str},
        pk="id",
        not_null={"document_id", "author", "text", "at"},
        foreign_keys=[("document_id", "documents", "id"), ("user_id", "users", "id")],
        strict=True,
    )
    db.table("comments").create_index(["document_id", "id"])
    db.table("mentions").create(
        {"comment_id": int, "document_id": int, "user_id": int, "done_at": str},
        pk=("comment_id", "user_id"),
        foreign_keys=[("comment_id", "comments", "id"), ("user_id", "users", "id")],
        strict=True,
    )
    db.table("mentions").create_index(["user_id", "done_at"])
    db.table("assignments").create(
        {"document_id": int, "user_id": int, "assigned_by": str, "at": str},
        pk="document_id",
        not_null={"user_id", "assigned_by", "at"},
        foreign_keys=[("document_id", "documents", "id"), ("user_id", "users", "id")],
        strict=True,
    )
    db.table("assignments").create_index(["user_id"])


@web_migrations()
def create_inquiries(db: Database) -> None:
    """Questions to people without an account, by a link of which only the hash is kept (`inquiry_store.py`)."""
    columns = {"id": int, "document_id": int, "user_id": int, "text": str, "name": str, "email": str}
    columns |= {"token_hash": str, "asked_at": str, "expires_at": str, "revoked_at": str}
    columns |= {"answered_at": str, "answered_by": str, "choice": str, "answer": str, "noted_at": str}
    db.table("inquiries").create(
        columns,
        pk="id",
        not_null={"document_id", "user_id", "text", "name", "email", "token_hash", "asked_at", "expires_at"},
        foreign_keys=[("document_id", "documents", "id"), ("user_id", "users", "id")],
        strict=True,
    )
    db.table("inquiries").create_index(["token_hash"], unique=True)
    db.table("inquiries").create_index(["document_id", "id"])
    db.table("inquiries").create_index(["answered_at", "noted_at"])


@web_migrations()
def create_uploads(db: Database) -> None:
    """Files on their way, which go on where they broke off (`upload_store.py`)."""
    columns = {"id": str, "owner": str, "actor": str, "name": str, "length": int, "sha256": str}
    columns |= {"touched_at": str, "taken": str}
    db.table("uploads").create(columns, pk="id", not_null=set(columns) - {"id"}, strict=True)
    db.table("uploads").create_index(["taken", "touched_at"])


@web_migrations()
def create_languages(db: Database) -> None:
    """What each user wants to be told in; empty: what their browser asks for."""
    db.execute("ALTER TABLE users ADD COLUMN language TEXT NOT NULL DEFAULT ''")


@web_migrations()
def create_second_factors(db: Database) -> None:
    """Authenticator apps and recovery codes (`factor_store.py`), and where each session is (`session_store.py`)."""
    db.table("second_factors").create(
        {"user_id": int, "secret": str, "confirmed_at": str, "last_step": int},
        pk="user_id",
        not_null={"secret", "confirmed_at", "last_step"},
        foreign_keys=[("user_id", "users", "id")],
        strict=True,
    )
    db.table("recovery_codes").create(
        {"user_id": int, "salt": str, "hash": str},
        pk=("user_id", "hash"),
        not_null={"salt"},
        foreign_keys=[("user_id", "users", "id")],
        strict=True,
    )
    for column in ("address", "agent"):
        db.execute(f"ALTER TABLE sessions ADD COLUMN {column} TEXT NOT NULL DEFAULT ''")
    db.execute("ALTER TABLE sessions ADD COLUMN half_way INTEGER NOT NULL DEFAULT 0")
    db.table("sessions").create_index(["user_id"])


@web_migrations()
def create_locks(db: Database) -> None:
    """Who has which document for editing, and who asks for it (`lock_store.py`)."""
    db.table("locks").create(
        {
            "document_id": int,
            "user_id": int,
            "taken_at": str,
            "active_at": str,
            "seen_at": str,
            "asked_by": int,
            "asked_at": str,
        },
        pk="document_id",
        not_null={"user_id", "taken_at", "active_at", "seen_at"},
        foreign_keys=[("document_id", "documents", "id"), ("user_id", "users", "id"), ("asked_by", "users", "id")],
        strict=True,
    )
    db.table("presence").create_index(["seen_at"])


@web_migrations()
def create_saved_views(db: Database) -> None:
    """Named filters of the queue (`view_store.py`); without a user they are everybody's."""
    db.table("saved_views").create(
        {"id": int, "user_id": int, "name": str, "query": str},
        pk="id",
        not_null={"name", "query"},
        foreign_keys=[("user_id", "users", "id")],
        strict=True,
    )
    db.table("saved_views").create_index(["user_id"])

"""The inbox: what each door delivered lately, and what could not be read."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, make_response, render_template
from werkzeug.wrappers import Response

from ingest.arrival_store import ArrivalStore
from ingest.document import Door, State
from ingest.errors import NotFound
from ingest.sources.door_store import DoorStore
from ingest.sources.store import MailStore
from ingest.store import DocumentStore
from matching.queue import QueueFilter, QueueRow
from matching.store import MatchStore
from web.auth import requires
from web.presenters import age, place_in_file
from web.store import Role
from web.views.current import download, services

blueprint = Blueprint("inbox", __name__)

DAYS = 14
"""Days whose arrivals are counted."""
LATEST = 30
"""Documents and mails that one page shows."""


@blueprint.get("/inbox")
@requires(Role.VIEWER)
def show() -> Response:
    """What came lately, and through which door."""
    db = services().db
    store = MatchStore(db)
    arrived = {door: _latest(store, door) for door in Door}
    failed = DocumentStore(db).in_states([State.FAILED], limit=100)
    settings = services().settings
    return make_response(
        render_template(
            "inbox.html",
            arrived={door: rows for door, rows in arrived.items() if rows},
            failed=failed,
            arrivals=ArrivalStore(db).arrivals(services().now() - timedelta(days=DAYS)),
            today=services().now().date(),
            mails=MailStore(db).latest(LATEST),
            folders=([services().inbox] if settings.folder.enabled else [])
            + [one.path for one in settings.folders if one.enabled],
            stuck=[(state.name, state.stuck) for state in DoorStore(db).all() if state.stuck],
            mailboxes=[mailbox.label for mailbox in settings.mailbox],
            age=lambda since: age(since, services().now()),
            place_in_file=place_in_file,
        )
    )


@blueprint.get("/mails/<sha256>")
@requires(Role.VIEWER)
def mail(sha256: str) -> Response:
    """A mail as it came, to be opened in a mail program."""
    kept = MailStore(services().db).get(sha256)
    if kept is None:
        raise NotFound("There is no such mail.")
    path = services().files.mail(kept.sha256)
    return download(path, f"{sha256[:12]}.eml")


def _latest(store: MatchStore, door: Door) -> list[QueueRow]:
    """What came through a door, newest first."""
    return list(store.queue(QueueFilter(states=tuple(State), door=door, sort="arrived", limit=LATEST)))

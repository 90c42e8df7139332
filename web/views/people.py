"""Who is at a document: looking, editing, asking for it."""

from __future__ import annotations

from flask import Blueprint, make_response, request
from werkzeug.wrappers import Response

from ingest.document import IN_WORK
from ingest.store import DocumentStore
from web.auth import may, requires, user
from web.lock_store import Lock, LockStore, PresenceStore, now
from web.store import InvalidInput, Role
from web.views.current import services

blueprint = Blueprint("people", __name__)


@blueprint.post("/documents/<int:document_id>/presence")
@requires(Role.VIEWER)
def presence(document_id: int) -> Response:
    """Say that somebody is looking, or has gone on; answers who else is at it, and at which version it stands."""
    store = PresenceStore(services().db)
    if request.form.get("leaving"):
        store.leave(document_id, user())
        return make_response({"others": []})
    return _told(document_id, store.look(document_id, user()))


@blueprint.post("/documents/<int:document_id>/lock")
@requires(Role.COORDINATOR)
def lock(document_id: int) -> Response:
    """Take the document for editing, ask for it, hand it over, keep it, or take it over from who does nothing."""
    DocumentStore(services().db).get(document_id)
    store = LockStore(services().db)
    steps = {
        "take": store.take, "ask": store.ask, "give": store.give, "keep": store.keep, "take_over": store.take_over
    }  # fmt: skip
    step = steps.get(request.form.get("step", ""))
    if step is None:
        raise InvalidInput("The form did not say what is to be done with the document. Load the page again.")
    step(document_id, user())
    return _told(document_id, PresenceStore(services().db).look(document_id, user()))


def lock_told(found: Lock | None) -> dict[str, object] | None:
    """What a page needs to know of a lock."""
    if found is None:
        return None
    return {
        "by": found.user.name,
        "mine": found.is_mine(user()),
        "free": found.may_be_taken(now()),
        "asked": found.asked_by.name if found.asked_by else "",
        "asked_by_me": found.asked_by is not None and found.asked_by.id == user().id,
    }


def _told(document_id: int, others: tuple[str, ...]) -> Response:
    record = DocumentStore(services().db).get(document_id)
    found = LockStore(services().db).of(document_id)
    return make_response(
        {
            "others": others,
            "version": record.version,
            "working": record.state in IN_WORK,
            "lock": lock_told(found),
            "may_edit": may(Role.COORDINATOR),
        }
    )

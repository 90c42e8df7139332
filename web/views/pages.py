"""Pages of a document under a person's hand: a box of one read again, a file split into documents or joined."""

from __future__ import annotations

import json

from flask import Blueprint, make_response, request, url_for
from werkzeug.wrappers import Response

from ingest.document import Box, Page
from ingest.errors import Conflict, NotFound
from ingest.region import read_region
from ingest.store import DocumentStore
from matching import parting
from matching.store import MatchStore
from web.auth import requires, user
from web.lock_store import LockStore
from web.store import InvalidInput, Role
from web.views.current import go, services

blueprint = Blueprint("pages", __name__)

PATIENCE_SECONDS = 20
"""How long a box waits for others to be read before it."""


@blueprint.post("/documents/<int:document_id>/region")
@requires(Role.COORDINATOR)
def read_box(document_id: int) -> Response:
    """What stands in a box that was drawn on a page; nothing is changed by it."""
    page, box = _place(document_id)
    record = DocumentStore(services().db).get(document_id)
    extraction = MatchStore(services().db).corrected_extraction(document_id)
    turn = services().box_turns
    # each costs a process: two people may wait for one another, the other pages need not
    if not turn.acquire(timeout=PATIENCE_SECONDS):
        raise Conflict("Many boxes are being read just now. Draw it again in a moment, or type the value.")
    try:
        found = read_region(
            services().files.original(record.sha256),
            services().files.picture(record.sha256, page.number),
            page,
            box,
            extraction.language if extraction else None,
            services().settings.reading,
        )
    finally:
        turn.release()
    return make_response({"text": found.text, "confidence": found.confidence})


@blueprint.post("/documents/<int:document_id>/split")
@requires(Role.COORDINATOR)
def split(document_id: int) -> Response:
    """Make documents of their own of the pages that the form names."""
    starts = [int(text) for text in request.form.getlist("page") if text.isdecimal()]
    version = request.form.get("version", "")
    if not version.isdecimal():
        raise InvalidInput("The form did not say which version of the document it shows. Load the page again.")
    LockStore(services().db).demand(document_id, user())
    parting.split(services().db, document_id, int(version), starts, user().name, services().now())
    return go(url_for("review.show", document_id=document_id, done="split", document=document_id))


@blueprint.post("/documents/<int:document_id>/join")
@requires(Role.COORDINATOR)
def join(document_id: int) -> Response:
    """Make one document of those that the form names, each with the version that was seen."""
    chosen = [text.partition("/") for text in request.form.getlist("document")]
    versions = {int(one): int(version) for one, _, version in chosen if one.isdecimal() and version.isdecimal()}
    for number in versions:
        LockStore(services().db).demand(number, user())
    kept = parting.join(services().db, versions, user().name, services().now())
    return go(url_for("review.show", document_id=kept, done="join", document=kept))


@blueprint.post("/documents/<int:document_id>/parting/undo")
@requires(Role.COORDINATOR)
def take_back(document_id: int) -> Response:
    """Undo the last splitting or joining, where nothing has happened since."""
    ids = parting.take_back(services().db, document_id, user().name, services().now())
    return go(url_for("review.show", document_id=ids[0], done="parting_undone", document=ids[0]))


def _place(document_id: int) -> tuple[Page, Box]:
    """The page and the box that the form names, cut to the page."""
    document = DocumentStore(services().db).document(document_id)
    number = request.form.get("page", "")
    page = next((one for one in (document.pages if document else ()) if str(one.number) == number), None)
    if page is None:
        raise NotFound("Page {page} of {number} was not read.", page=number, number=f"#{document_id}")
    try:
        x0, top, x1, bottom = map(float, json.loads(request.form.get("box", "")))
    except (ValueError, TypeError):
        raise InvalidInput("The box did not come through. Draw it again.") from None
    box = Box(max(0.0, x0), max(0.0, top), min(page.width, x1), min(page.height, bottom))
    if not (box.width > 0 and box.height > 0):
        raise InvalidInput("The box is empty or lies outside the page. Draw it again.")
    return page, box

"""Pages of a document under a person's hand: a box of one read again."""

from __future__ import annotations

import json

from flask import Blueprint, make_response, request
from werkzeug.wrappers import Response

from ingest.document import Box, Page
from ingest.errors import Conflict, NotFound
from ingest.region import read_region
from ingest.store import DocumentStore
from matching.store import MatchStore
from web.auth import requires
from web.store import InvalidInput, Role
from web.views.current import services

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


def _place(document_id: int) -> tuple[Page, Box]:
    """The page and the box that the form names, cut to the page."""
    document = DocumentStore(services().db).document(document_id)
    number = request.form.get("page", "")
    page = next((one for one in (document.pages if document else ()) if str(one.number) == number), None)
    if page is None:
        raise NotFound(f"Page {number or 'without a number'} of #{document_id} was not read.")
    try:
        x0, top, x1, bottom = map(float, json.loads(request.form.get("box", "")))
    except (ValueError, TypeError):
        raise InvalidInput("The box did not come through. Draw it again.") from None
    box = Box(max(0.0, x0), max(0.0, top), min(page.width, x1), min(page.height, bottom))
    if not (box.width > 0 and box.height > 0):
        raise InvalidInput("The box is empty or lies outside the page. Draw it again.")
    return page, box

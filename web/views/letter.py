"""The letter to the supplier of a document that is not accepted: ready to be copied or mailed."""

from __future__ import annotations

from flask import Blueprint, make_response, render_template, request
from werkzeug.wrappers import Response

from ingest.errors import Conflict
from ingest.store import DocumentStore
from matching.results import MatchResult
from matching.review import Step
from matching.store import MatchStore, RecordStore
from web.auth import requires
from web.languages import in_language
from web.letters import language_of, languages, letter
from web.presenters import document_title
from web.store import Role
from web.told import phrase
from web.views.current import services

blueprint = Blueprint("letter", __name__)


@blueprint.get("/documents/<int:document_id>/letter")
@requires(Role.COORDINATOR)
def show(document_id: int) -> Response:
    """The letter in the document's language, or in the one that was chosen; nothing is sent from here."""
    db = services().db
    record, store = DocumentStore(db).get(document_id), MatchStore(db)
    extraction, match = store.corrected_extraction(document_id), store.match(document_id) or MatchResult()
    if extraction is None:
        raise Conflict("This document was not read, so there is nothing that a letter could say about it.")
    supplier = RecordStore(db).supplier(match.supplier.id) if match.supplier else None
    rejected = [one for one in store.review_decisions(document_id) if one.step is Step.REJECT]
    chosen = request.args.get("language", "")
    known = languages()
    language = chosen if chosen in dict(known) else language_of(extraction)
    with in_language(language):
        reason = phrase(rejected[-1].reason) if rejected else ""
    return make_response(
        render_template(
            "letter.html",
            record=record,
            title=document_title(record, match, extraction),
            languages=known,
            supplier=supplier,
            letter=letter(
                extraction,
                match,
                language,
                (supplier.email if supplier else None) or "",
                match.customer.name if match.customer else "",
                reason,
            ),
        )
    )

"""Files of reference records, imported in the browser: all rows or none, every fault with its row and column."""

from __future__ import annotations

import tempfile
from pathlib import Path

from flask import Blueprint, make_response, render_template, request
from werkzeug.utils import secure_filename
from werkzeug.wrappers import Response

from ingest.audit import latest_of
from matching.load_records import ImportRefused, ImportSummary, import_records
from matching.records import RecordKind
from web import words
from web.auth import requires, user
from web.presenters import audit_sentence
from web.store import InvalidInput, Role
from web.views.current import present, services

blueprint = Blueprint("importing", __name__)

SHOWN = 20
"""Earlier imports, and doubts about this one, that the page lists."""
FAULTS = 200


@blueprint.get("/records/import")
@requires(Role.ADMIN)
def show() -> Response:
    """The form, and what was imported before."""
    return _page()


@blueprint.post("/records/import")
@requires(Role.ADMIN)
def take() -> Response:
    """Import a file: whoever orders and approves must not be one person, so this is the administrator's."""
    file = request.files.get("file")
    if file is None or not file.filename:
        raise InvalidInput("No file came with the form. Choose one and send it again.")
    if request.form.get("kind", "") not in list(RecordKind):
        raise InvalidInput("Say what the file holds: suppliers, customers, purchase orders or goods receipts.")
    with tempfile.TemporaryDirectory(prefix="coordinator-import-") as scratch:
        path = Path(scratch) / (secure_filename(file.filename) or "records")
        file.save(path)
        try:
            summary = import_records(services().db, RecordKind(request.form["kind"]), path, user().name)
        except ImportRefused as refused:
            return _page(refused=refused, status=422)
    return _page(summary=summary)


def _page(summary: ImportSummary | None = None, refused: ImportRefused | None = None, status: int = 200) -> Response:
    past = latest_of(services().db, "imported", SHOWN)
    return make_response(
        render_template(
            "import.html",
            kinds=words.IMPORT_KINDS,
            chosen=request.form.get("kind", ""),
            summary=summary,
            refused=refused,
            faults=refused.faults[:FAULTS] if refused else (),
            doubts=summary.doubts[:SHOWN] if summary else (),
            past=[(entry, audit_sentence(entry, present())) for entry in past],
            present=present(),
        ),
        status,
    )

"""For programs: files in, outcomes and exports out, with a token in place of a session; described by `openapi.json`."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from flask import Blueprint, g, make_response, request
from werkzeug.wrappers import Response

from ingest.document import State
from ingest.store import DocumentRecord, DocumentStore
from web.auth import needs_scope, public
from web.exporting import export_documents
from web.outcome import outcome
from web.people_store import ApiToken, Scope
from web.store import InvalidInput
from web.upload_store import Owner, Taken
from web.uploads import take_stream
from web.views.current import services
from web.views.resumable import resumable
from web.views.upload import demand_few

blueprint = Blueprint("api", __name__, url_prefix="/api")

PAGE = 100
LONGEST_PAGE = 500


@blueprint.get("/openapi.json")
@public
def description() -> Response:
    """What this interface takes and answers, as OpenAPI 3.1."""
    return make_response(_description())


@cache
def _description() -> dict[str, Any]:
    described: dict[str, Any] = json.loads(files("web").joinpath("openapi.json").read_text("utf-8"))
    return described


@blueprint.post("/documents")
@needs_scope(Scope.UPLOAD)
def take() -> Response:
    """Files as a form (`file`, one or more), or one as the body with its name in `?name=`."""
    sent: list[tuple[str, Any]]
    sent = [(file.filename or "", file.stream) for file in request.files.getlist("file") if file.filename]
    demand_few(len(sent))
    if not sent and request.mimetype != "multipart/form-data" and request.content_length:
        sent = [(request.args.get("name", ""), request.stream)]
    if not sent:
        raise InvalidInput("No file came. Send a form with `file`, or a body and its name in ?name=.")
    if not all(name.strip() for name, _ in sent):
        raise InvalidInput("Name the file: ?name=invoice.pdf")
    receipts = [one for name, stream in sent for one in take_stream(services(), _caller().actor, name, stream)]
    return make_response({"documents": [_told(Taken(one.document.id, one.seen_before)) for one in receipts]}, 201)


@blueprint.get("/documents/<int:document_id>")
@needs_scope(Scope.READ)
def one(document_id: int) -> Response:
    """A document as `process --json` shows it; while it is worked on, its status only."""
    found = DocumentStore(services().db).get(document_id)
    return make_response(outcome(services(), found, found.name))


@blueprint.get("/documents")
@needs_scope(Scope.READ)
def several() -> Response:
    """Documents in a status, oldest first, a page at a time: `?status=&after=ID&limit=`."""
    given = request.args
    status, after, limit = given.get("status", ""), given.get("after", "0"), given.get("limit", str(PAGE))
    if status and status not in set(State):
        raise InvalidInput("'{status}' is no status; take one of {states}.", status=status, states=", ".join(State))
    if not after.isdecimal() or not limit.isdecimal() or not 1 <= int(limit) <= LONGEST_PAGE:
        raise InvalidInput("`after` is a document's number, `limit` is 1 to {longest_page}.", longest_page=LONGEST_PAGE)
    states = [State(status)] if status else list(State)
    page = DocumentStore(services().db).numbered_after(int(after), states, int(limit) + 1)
    shown = page[: int(limit)]
    following = shown[-1].id if len(page) > len(shown) else None
    return make_response({"documents": [_short(record) for record in shown], "next_after": following})


@blueprint.post("/exports")
@needs_scope(Scope.EXPORT)
def export() -> Response:
    """Decided documents as a file: `?format=&status=&from=&to=&again=yes`; 204 where there is nothing to export."""
    given = request.args
    written = export_documents(
        services(),
        given.get("format", "json"),
        status=given.get("status") or State.APPROVED.value,
        since=_day(given.get("from", "")),
        until=_day(given.get("to", "")),
        again=given.get("again") == "yes",
        actor=_caller().actor,
    )
    if not written.documents:
        return make_response("", 204)
    response = make_response(written.content)
    response.headers["Content-Type"] = written.media_type
    response.headers.set("Content-Disposition", "attachment", filename=written.name)
    return response


def _caller() -> ApiToken:
    found: ApiToken = g.api_token
    return found


def _sender() -> Owner:
    return Owner(f"program {_caller().id}", _caller().actor)


def _told(taken: Taken) -> dict[str, Any]:
    return _short(DocumentStore(services().db).get(taken.document_id)) | {"seen_before": taken.seen_before}


pieces = resumable("api_uploads", "/api/uploads", needs_scope(Scope.UPLOAD), _sender, _told)


def _short(record: DocumentRecord) -> dict[str, Any]:
    return {
        "document_id": str(record.id),
        "file": record.name,
        "sha256": record.sha256,
        "status": record.state.value,
        "received_at": record.received_at.isoformat(),
    }


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput("'{text}' is no date; write it like 2026-11-23.", text=text) from None

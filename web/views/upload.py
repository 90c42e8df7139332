"""Upload: files come in through the browser, and the page tells what became of each."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from ingest.document import IN_WORK, State
from ingest.extraction import Extraction
from ingest.store import DocumentRecord, DocumentStore
from matching.results import MatchResult
from matching.store import MatchStore
from web import words
from web.auth import requires, user, wants_part
from web.languages import gettext
from web.presenters import document_title, verdict_sentence
from web.store import InvalidInput, Role
from web.upload_store import Owner, Taken
from web.uploads import take_stream
from web.views.current import go, present, services
from web.views.resumable import resumable

blueprint = Blueprint("upload", __name__)


@blueprint.get("/upload")
@requires(Role.VIEWER)
def show() -> Response:
    """The page to drop files on."""
    settings = services().settings
    return make_response(
        render_template("upload.html", file_mb=settings.reading.file_mb, request_mb=settings.server.request_mb)
    )


@blueprint.post("/upload")
@requires(Role.COORDINATOR)
def take() -> Response:
    """Take files in; a script gets their numbers, a plain form is sent to the inbox."""
    files = [file for file in request.files.getlist("file") if file.filename]
    if not files:
        raise InvalidInput("No file came with the form. Choose one or more files and send them again.")
    demand_few(len(files))
    receipts = [one for file in files for one in take_stream(services(), user().name, file.filename or "", file.stream)]
    if not wants_part():
        return go(url_for("inbox.show"))
    return make_response({"documents": [_told(Taken(one.document.id, one.seen_before)) for one in receipts]}, 201)


@blueprint.get("/documents/<int:document_id>/verdict")
@requires(Role.VIEWER)
def verdict(document_id: int) -> Response:
    """What became of a document, as JSON for the page that waits for it."""
    record = DocumentStore(services().db).get(document_id)
    return make_response(_verdict(record))


def demand_few(files: int) -> None:
    """InvalidInput where one request brings too many files."""
    most = services().settings.server.request_files
    if files > most:
        raise InvalidInput("At most {most} files come in at once. Send the others after these.", most=most)


def _told(taken: Taken) -> dict[str, object]:
    record = DocumentStore(services().db).get(taken.document_id)
    answer = _verdict(record) | {"seen_before": taken.seen_before, "name": record.name}
    if taken.seen_before:
        answer["text"] = _seen_before(record)
    return answer


def _sender() -> Owner:
    return Owner(f"user {user().id}", user().name)


pieces = resumable("uploads", "/uploads", requires(Role.COORDINATOR), _sender, _told)


def _seen_before(record: DocumentRecord) -> str:
    when = present().day(record.received_at.astimezone().date())
    sentence = gettext("Seen before as %(label)s on %(day)s", label=record.label, day=when)
    if record.state in IN_WORK:
        return f"{sentence}; {gettext('it is still being worked on')}"
    match, extraction = _findings(record)
    title = document_title(record, match, extraction)
    return f"{sentence}: {title}, {words.within(words.STATES[record.state])}"


def _verdict(record: DocumentRecord) -> dict[str, object]:
    match, extraction = _findings(record)
    siblings = DocumentStore(services().db).parts(record.id) if record.parts > 1 else (record,)
    final = all(one.state not in IN_WORK for one in siblings)
    text = verdict_sentence(record, match, extraction)
    if len(siblings) > 1:
        text += ". " + gettext("The file holds %(num)s documents: %(list)s", num=len(siblings), list=_listed(siblings))
    return {
        "document": record.id,
        "state": record.state.value,
        "word": str(words.STATES[record.state]),
        "final": final,
        "failed": record.state is State.FAILED,
        "text": text if final else str(words.STATES[record.state]),
        "address": url_for("review.show", document_id=record.id),
    }


def _listed(siblings: Sequence[DocumentRecord]) -> str:
    return ", ".join(f"{one.label} {words.within(words.STATES[one.state])}" for one in siblings)


def _findings(record: DocumentRecord) -> tuple[MatchResult | None, Extraction | None]:
    store = MatchStore(services().db)
    return store.match(record.id), store.corrected_extraction(record.id)

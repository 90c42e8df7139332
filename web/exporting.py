"""Writing decided documents for the accounting system, each once unless asked again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from ingest.audit import record
from ingest.database import transaction
from ingest.document import State
from ingest.errors import CoordinatorError
from ingest.store import DocumentStore
from matching.results import MatchResult
from matching.store import MatchStore
from web.export import EXPORT_FORMATS, ExportedDocument, export_format
from web.export.store import ExportStore, PastExport
from web.services import Services

EXPORTABLE = (State.APPROVED, State.REJECTED)


class WrongExport(CoordinatorError):
    """An export that was asked for in a way that cannot be done."""

    code = "wrong_export"


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A written file; `name` says what it holds."""

    name: str
    content: bytes
    documents: int
    media_type: str


def export_documents(
    services: Services,
    format_name: str,
    *,
    status: str = State.APPROVED.value,
    since: date | None = None,
    until: date | None = None,
    again: bool = False,
    actor: str = "command line",
    deliver: Callable[[bytes], object] = bytes,
) -> ExportFile:
    """Write the documents decided from `since` to `until` (both included) and note that they went out.

    `deliver` is called with the content before that is noted: what could not be delivered is not exported.
    """
    if format_name not in {member.name for member in EXPORT_FORMATS}:
        raise WrongExport(
            "'{format_name}' is no export format; take one of {names}.", format_name=format_name, names=_names()
        )
    if status not in EXPORTABLE:
        raise WrongExport(
            "Documents that are '{status}' are not exported; take one of {exportable}.",
            status=status,
            exportable=", ".join(EXPORTABLE),
        )
    chosen = export_format(format_name)
    with transaction(services.db):
        documents = _documents(services, State(status), since, until)
        if not again:
            before = ExportStore(services.db).exported([document.record.id for document in documents])
            documents = [document for document in documents if document.record.id not in before]
        content = chosen.write(documents)
        deliver(content)
        name = f"{services.now():%Y-%m-%d}-{status}-{len(documents)}-documents.{chosen.ending}"
        if documents:
            _note(services, PastExport(services.now(), actor, chosen.name, name, len(documents)), documents)
    return ExportFile(name, content, len(documents), chosen.media_type)


def past_exports(services: Services) -> tuple[PastExport, ...]:
    """What was written before, newest first."""
    return ExportStore(services.db).latest()


def _documents(services: Services, state: State, since: date | None, until: date | None) -> list[ExportedDocument]:
    matches, found = MatchStore(services.db), []
    for document in DocumentStore(services.db).in_state(state):
        day = document.state_at.date()
        if (since and day < since) or (until and day > until):
            continue
        extraction = matches.corrected_extraction(document.id)
        if extraction is not None:
            match = matches.match(document.id) or MatchResult()
            found.append(ExportedDocument(document, extraction, match, document.state_at))
    return found


def _note(services: Services, export: PastExport, documents: list[ExportedDocument]) -> None:
    ExportStore(services.db).add(export, [document.record.id for document in documents])
    for document in documents:
        record(
            services.db,
            "exported",
            actor=export.actor,
            document_id=document.record.id,
            file=export.name,
            format=export.format,
        )


def _names() -> str:
    return ", ".join(member.name for member in EXPORT_FORMATS)

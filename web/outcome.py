"""What became of a document, as the JSON object of `process --json`, exports and programs."""

from __future__ import annotations

from typing import Any

from ingest.document import State
from ingest.serialise import to_plain
from ingest.store import DocumentRecord, DocumentStore
from matching.results import Discrepancy, Severity
from matching.store import MatchStore
from web.services import Services


def outcome(services: Services, document: DocumentRecord, file: str) -> dict[str, Any]:
    """The document as the contract shows a processed one; `file` is the name that it was given by."""
    found: dict[str, Any] = {
        "file": file,
        "sha256": document.sha256,
        "document_id": str(document.id),
        "status": document.state.value,
    }
    if document.state is State.FAILED:
        found["error"] = {"code": document.error_code, "message": document.error_message}
        return found
    extraction = MatchStore(services.db).corrected_extraction(document.id)
    if extraction is not None:
        found["extraction"] = {"file": file, **to_plain(extraction)}
    match = MatchStore(services.db).match(document.id)
    if match is not None:
        found |= {"purchase_orders": [], "line_matches": [], "discrepancies": [], "checks": []} | to_plain(match)
    return found


def seen_before(services: Services, document: DocumentRecord, file: str) -> dict[str, Any]:
    """The answer to bytes that are known: the first one's document, as a duplicate."""
    first = DocumentStore(services.db).deliveries(document.id)[0]
    twin = Discrepancy(
        code="duplicate_invoice",
        severity=Severity.ERROR,
        message=f"The same file was received on {first.received_at:%Y-%m-%d} as document {document.label}"
        f" ({first.name}); it is not taken a second time.",
        found=first.name,
        related_document=str(document.id),
    )
    return {
        "file": file,
        "sha256": document.sha256,
        "document_id": str(document.id),
        "status": State.DUPLICATE.value,
        "discrepancies": [to_plain(twin)],
    }

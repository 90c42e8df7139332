"""JSON: every decided document as `process --json` shows it, under a head that says what the file holds."""

from __future__ import annotations

import json
from collections.abc import Sequence

from ingest.serialise import to_plain
from web.export.format import ExportedDocument


def write(documents: Sequence[ExportedDocument]) -> bytes:
    """The documents as one JSON object: `documents` (a count), `items`."""
    items = [
        {
            "file": document.record.name,
            "sha256": document.record.sha256,
            "document_id": str(document.record.id),
            "status": document.record.state.value,
            "decided_at": document.decided_at.isoformat(),
            "extraction": to_plain(document.extraction),
            **to_plain(document.match),
        }
        for document in documents
    ]
    return json.dumps({"documents": len(items), "items": items}, ensure_ascii=False, indent=1).encode()

"""What an export format is, and the document it is given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from ingest.extraction import Extraction
from ingest.store import DocumentRecord
from matching.results import MatchResult


@dataclass(frozen=True, slots=True)
class ExportedDocument:
    """A decided document with all that is known of it."""

    record: DocumentRecord
    extraction: Extraction
    match: MatchResult
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """One way to write documents."""

    name: str
    label: str
    media_type: str
    ending: str
    write: Callable[[Sequence[ExportedDocument]], bytes]
    """Raises CoordinatorError, naming the document, where one lacks what the format demands."""

"""Everything that a document says, as one text to be searched."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.document import Document
from ingest.extraction import Extraction

LONGEST = 200_000
"""Characters of a document that are searched: a book has no more of them that anybody looks for."""


def search_text(name: str, document: Document, extraction: Extraction) -> str:
    """The file's name, the printed words in reading order, and what was read, for documents that have no page."""
    printed = " ".join(word.text for page in document.pages for word in page.words)
    return f"{name} {printed} {' '.join(_values(extraction))}"[:LONGEST]


def _values(extraction: Extraction) -> Iterator[str]:
    for value in extraction.fields.values():
        yield value.raw or value.value
    for line in extraction.line_items:
        for _, cell in line.cells():
            yield cell.raw or cell.value

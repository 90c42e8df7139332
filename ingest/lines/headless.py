"""Tables without a heading that we know: columns told by their arithmetic alone."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.layout import Sheet
from ingest.tables import Heading


def bare_table(sheet: Sheet, ends: Sequence[bool], point: str) -> Heading | None:
    """The columns of a table without heading, where quantity times price makes the total row by row."""
    return None

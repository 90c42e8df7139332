"""What the heading of a table goes on with in a row below it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.document import Box
from ingest.labels import column_labels, label_key, modifiers
from ingest.layout import Row, Sheet
from ingest.tables import Heading

_BRACKETED = re.compile(r"^[(\[][^\d()]{1,12}[)\]]$")
_APART = 0.3
"""Blank between the rows of a heading, in heights of the print, at most."""


def grown(heading: Heading, sheet: Sheet) -> Heading:
    """The heading with the row below in which its narrow columns go on: "(HT)" under "Prix de base"."""
    last = heading.last
    if not 0 < last < len(sheet.rows):
        return heading
    above, row = sheet.rows[last - 1], sheet.rows[last]
    if row.box.top - above.box.bottom > _APART * sheet.height or not _is_more_of_heads(row):
        return heading
    texts = [column.heading for column in heading.columns if column.name == "description"]
    others = [column.heading for column in heading.columns if column.name != "description"]
    under = all(_over(word.box, others) and not _over(word.box, texts) for word in row.words)
    return replace(heading, last=last + 1) if under else heading


def _is_more_of_heads(row: Row) -> bool:
    """Whether a row has nothing but words of heads: what prices are without, in what currency, "taxe"."""
    if any(sign.isdigit() for sign in row.text):
        return False
    known = {*modifiers(), *column_labels()}
    return all(_BRACKETED.match(word.text) or label_key(word.text) in known or word.text == "%" for word in row.words)


def _over(box: Box, heads: Sequence[Box]) -> bool:
    return any(min(box.x1, head.x1) > max(box.x0, head.x0) for head in heads)

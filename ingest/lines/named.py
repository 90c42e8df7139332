"""Names of goods in the column where codes are looked for: "Item | Description" has words in both."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.extraction import LineItem

_WORD = re.compile(r"^[^\W\d_a-zß-ÿ][a-zß-ÿ]{2,}|[^\W\d_]{2,} [^\W\d_]{2,}")
"""A word, or two: no code looks so."""


def with_names(items: Sequence[LineItem]) -> tuple[LineItem, ...]:
    """The lines with what stands in the codes' or numbers' column as the beginning of the text, where it is words."""
    for column in ("sku", "line_number"):
        codes = [cell.value for item in items if (cell := dict(item.cells()).get(column)) is not None]
        words = sum(bool(_WORD.search(code)) for code in codes)
        if 2 * words > len(codes) and not any(sign.isdigit() for code in codes for sign in code):
            items = [_named(item, column) for item in items]
    return tuple(items)


def _named(item: LineItem, column: str) -> LineItem:
    name, text = dict(item.cells()).get(column), item.description
    if name is None:
        return item
    if text is None:
        return replace(item, description=name, **{column: None})
    raw = " ".join(said.raw or said.value for said in (name, text))
    whole = replace(text, value=f"{name.value} {text.value}", raw=raw)
    return replace(item, description=whole, **{column: None})

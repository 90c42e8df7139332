"""Numbers of articles that stand in the texts: in brackets before them, or in a row of their own over them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.document import Word
from ingest.lines.blocks import Block

_BRACKETED = re.compile(r"^\[[A-Z0-9][\w./-]*\]$")
_CODE = re.compile(r"^(?=.*[\d-])[A-Z0-9][A-Z0-9.,/-]{3,}$")
Parts = tuple[list[list[Word]], list[list[Word]]]
"""Rows of a description, and rows of remarks."""


def without_codes(blocks: Sequence[Block], texts: Sequence[Parts], *, known: bool) -> list[Parts]:
    """The texts without the articles' numbers, which become cells of their own; `known`: a column has them already."""
    found = [_unbracketed(block, *parts) for block, parts in zip(blocks, texts, strict=True)]
    if known or len(blocks) < 2 or not all(_is_over(*parts) for parts in found):
        return found
    if not any(sign.isdigit() for parts, notes in found for sign in [*parts, *notes][0][0].text):
        return found
    for block, (parts, notes) in zip(blocks, found, strict=True):
        block.line.cells["sku"] = parts.pop(0)
        if not parts:
            parts.append(notes.pop(0))
    return found


def _is_over(parts: Sequence[Sequence[Word]], notes: Sequence[Sequence[Word]]) -> bool:
    """Whether a code alone stands in the first row, and a text below it."""
    rows = [*parts, *notes]
    return (
        len(rows) > 1 and len(rows[0]) == 1 and bool(_CODE.match(rows[0][0].text)) and not _CODE.match(rows[1][0].text)
    )


def _unbracketed(block: Block, parts: list[list[Word]], notes: list[list[Word]]) -> Parts:
    """The texts without "[HX-75]" before them, as programs print an article's number in front of its name."""
    first = parts[0] if parts else []
    if len(first) < 2 or not _BRACKETED.match(first[0].text) or block.line.cells.get("sku"):
        return parts, notes
    block.line.cells["sku"] = first[:1]
    return [first[1:], *parts[1:]], notes

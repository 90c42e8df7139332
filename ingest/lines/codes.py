"""Numbers of articles in the texts: in brackets or with a dash before them, or in a row of their own over them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.document import Source, Word
from ingest.lines.blocks import Block

_BRACKETED = re.compile(r"^\[[A-Z0-9][\w./-]*\]$")
_CODE = re.compile(r"^(?=.*[\d-])[A-Z0-9][A-Z0-9x.,/-]{3,}$")
_GROUPS = re.compile(r"^\d{3,}(?: \d{1,6}){1,4}$")
_DIGIT_CODE = re.compile(r"^(?=.*\d)[A-Z0-9][A-Z0-9x./-]{2,}$")
_DASHES = frozenset("-–—")
Parts = tuple[list[list[Word]], list[list[Word]]]
"""Rows of a description, and rows of remarks."""


def without_codes_over(blocks: Sequence[Block], *, known: bool) -> list[Block]:
    """The lines without articles' numbers in rows of their own over the texts; `known`: a column has them already."""
    rows = [[entry.text for entry in block.texts] for block in blocks]
    if known or len(blocks) < 2 or not all(_is_over(texts) for texts in rows):
        return list(blocks)
    if 2 * sum(_is_code(texts[0]) for texts in rows) > len(rows) and any(
        sign.isdigit() for texts in rows for sign in texts[0][0].text
    ):
        for block in blocks:
            first = block.texts.pop(0)
            block.line.cells["sku"] = first.cells.pop("description")
    return list(blocks)


def without_codes(blocks: Sequence[Block], texts: Sequence[Parts]) -> list[Parts]:
    """The texts without the articles' numbers before them, in brackets or with a dash, which become cells."""
    coded = [_parted(block, *texts) for block, texts in zip(blocks, texts, strict=True)]
    if len(texts) > 1 and all(coded):
        for block, words in zip(blocks, coded, strict=True):
            block.line.cells["sku"] = words[:1]
        return [
            ([parts[0][len(words) :], *parts[1:]], notes) for words, (parts, notes) in zip(coded, texts, strict=True)
        ]
    return [_unbracketed(block, *parts) for block, parts in zip(blocks, texts, strict=True)]


def _is_over(rows: Sequence[Sequence[Word]]) -> bool:
    """Whether a code alone, among others' perhaps one of letters only, stands in the first row, a text below it."""
    if len(rows) < 2 or _is_code(rows[1]):
        return False
    return _is_code(rows[0]) or (len(rows[0]) == 1 and rows[0][0].text.isalpha() and rows[0][0].text.isupper())


def _is_code(words: Sequence[Word]) -> bool:
    """Whether words are an article's number: one with digits or strokes, or groups of digits: "0093 8 40"."""
    if len(words) == 1:
        return bool(_CODE.match(words[0].text))
    return bool(_GROUPS.match(" ".join(word.text for word in words)))


def _parted(block: Block, parts: list[list[Word]], _: list[list[Word]]) -> list[Word]:
    """The code before a text and the dash behind it: "TZ-8304 - Oak door"; empty where it begins otherwise.

    OCR loses the dash: the code stands apart then.
    """
    first = parts[0] if parts else []
    if len(first) < 2 or not _DIGIT_CODE.match(first[0].text) or block.line.cells.get("sku"):
        return []
    if first[1].text in _DASHES:
        return first[:2] if len(first) > 2 else []
    alone = any(segment.words == (first[0],) and segment.source is Source.OCR for segment in block.line.row.segments)
    return first[:1] if alone else []


def _unbracketed(block: Block, parts: list[list[Word]], notes: list[list[Word]]) -> Parts:
    """The texts without "[HX-75]" before them, as programs print an article's number in front of its name."""
    first = parts[0] if parts else []
    if len(first) < 2 or not _BRACKETED.match(first[0].text) or block.line.cells.get("sku"):
        return parts, notes
    block.line.cells["sku"] = first[:1]
    return [first[1:], *parts[1:]], notes

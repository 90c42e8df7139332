"""The size of scanned print is told by its ink and letters, and a smaller row under a line is a remark on it."""

from __future__ import annotations

import pytest

from ingest.document import Box, Document, Page, Source, Word
from ingest.extract import extract
from ingest.ink import is_smaller, size_of

_ASCENDING, _DESCENDING = frozenset("bdfhklt0123456789"), frozenset("gjpqy,")


def _ink(text: str, x: float, base: float, size: float) -> list[Word]:
    """Words as high as their letters' ink, from a base line up."""
    words = []
    for part in text.split():
        tall = any(sign.isupper() or sign in _ASCENDING for sign in part)
        top, bottom = base - size * (0.72 if tall else 0.53), base + size * (0.2 if _DESCENDING & set(part) else 0)
        words.append(Word(part, Box(x, top, x + 0.5 * size * len(part), bottom), 0.96))
        x += 0.5 * size * (len(part) + 1)
    return words


def test_the_letters_of_a_word_do_not_change_its_size() -> None:
    sizes = [size_of(_ink(text, 0, 0, 10)) for text in ("sauce", "Butter", "yoga", "pumpkin", "Qty", "1240")]
    assert sizes == pytest.approx([10] * 6, abs=0.2)
    assert size_of(_ink("a . :", 0, 0, 10)) is None
    assert is_smaller(_ink("Blue and gold", 0, 0, 8), _ink("some more", 0, 0, 10))
    assert not is_smaller(_ink("some more", 0, 0, 9), _ink("Blue and gold", 0, 0, 10))


def _scan(second: str, size: float, width: float = 300) -> str | None:
    """The description of the first line of a scanned invoice, with a second row under it."""
    rows: list[tuple[float, float, str, float]] = [
        (40, 60, "Harbour Fasteners Ltd", 10),
        (340, 60, "Invoice no. HF-104", 10),
    ]
    for base, cells in (
        (300.0, ("Description", "Quantity", "Price", "Amount")),
        (320.0, ("Website maintenance", "1", "1250.00", "1250.00")),
        (360.0, ("Website development", "2", "100.00", "200.00")),
        (400.0, ("", "", "Total", "1450.00")),
    ):
        rows += [(x, base, text, 10) for x, text in zip((40, width, 380, 480), cells, strict=True) if text]
    words = [word for x, base, text, size in [*rows, (40, 332, second, size)] for word in _ink(text, x, base, size)]
    read = extract(Document("0", "image/png", (Page(1, 595, 842, tuple(words), Source.OCR),), 1))
    found = read.line_items[0].description
    return found.value if found is not None else None


def test_a_smaller_row_under_a_scanned_line_is_a_remark() -> None:
    assert _scan("October retainer", 8) == "Website maintenance"
    assert _scan("of October", 10) == "Website maintenance of October"

"""OCR's rough boxes: an edge parts blocks of print that stand close, and what follows a head belongs to it."""

from __future__ import annotations

import pytest

from ingest.document import Box, Document, Page, Source, Word
from ingest.extract import extract
from ingest.heads import row_labels
from ingest.labels import column_labels, label_key, misread_column
from ingest.layout import sheet_of


def _texts(*rows: tuple[tuple[int, str], ...], source: Source = Source.OCR) -> list[list[str]]:
    """The segments of rows of words with the place where each begins; a sign is 6 wide, a word 10 high."""
    words = [
        Word(text, Box(x, 20.0 * place, x + 6.0 * len(text), 20.0 * place + 10), 0.95)
        for place, row in enumerate(rows)
        for x, text in row
    ]
    sheet = sheet_of(Page(1, 600, 800, tuple(words), source))
    return [[segment.text for segment in row.segments] for row in sheet.rows]


BELOW = (((40, "Via"), (64, "Roma"), (206, "EDILCASA"), (260, "SNC")), ((40, "Forli"), (206, "IMOLA")))


def test_words_that_begin_at_the_edge_of_the_rows_below_are_a_segment_of_their_own() -> None:
    # the usual blank is 6; the one before "Spett.le" is 11, less than OCR's boxes part by themselves
    head = ((45, "FERRAMENTA"), (111, "INGROSSO"), (165, "BELLU"), (206, "Spett.le"))
    assert _texts(head, *BELOW)[0] == ["FERRAMENTA INGROSSO BELLU", "Spett.le"]


def test_a_usual_blank_parts_nothing_nor_does_one_away_from_an_edge() -> None:
    usual = ((50, "FERRAMENTA"), (116, "INGROSSO"), (170, "BELLU"), (206, "Spett.le"))
    assert _texts(usual, *BELOW)[0] == ["FERRAMENTA INGROSSO BELLU Spett.le"]
    away = ((30, "FERRAMENTA"), (96, "INGROSSO"), (150, "BELLU"), (191, "Spett.le"))
    assert _texts(away, *BELOW)[0] == ["FERRAMENTA INGROSSO BELLU Spett.le"]


def test_one_row_is_no_edge() -> None:
    head = ((45, "FERRAMENTA"), (111, "INGROSSO"), (165, "BELLU"), (206, "Spett.le"))
    assert _texts(head, BELOW[0])[0] == ["FERRAMENTA INGROSSO BELLU Spett.le"]


def test_what_follows_a_known_head_belongs_to_it_and_what_precedes_one_does_not() -> None:
    # "Charges" ends at 242 and "GBP" begins 6 behind it; "zz" stands as far before "Code"
    row = ((40, "zz"), (58, "Code"), (120, "Description"), (200, "Charges"), (248, "GBP"))
    words = [Word(text, Box(x, 20, x + 6.0 * len(text), 30), 0.95) for x, text in row]
    labels = row_labels(sheet_of(Page(1, 600, 800, tuple(words), Source.OCR)).rows[0])
    assert [(round(label.box.x0), round(label.box.x1)) for label in labels] == [
        (40, 52),
        (58, 82),
        (120, 186),
        (200, 266),
    ]


@pytest.mark.parametrize(
    ("head", "column"), [("llość", "quantity"), ("Arnount", "line_total"), ("0ty", None), ("Orgin", None)]
)
def test_heads_with_look_alike_letters_are_known_and_others_are_not(head: str, column: str | None) -> None:
    assert label_key(head) not in column_labels()
    assert [meaning.name for meaning in misread_column(label_key(head))][:1] == ([column] if column else [])


def test_codes_that_stand_apart_from_their_texts_are_articles_numbers() -> None:
    rows = (
        (340, ("Désignation", "Qté", "P.U. HT", "Total HT"), (40, 260, 330, 420)),
        (360, ("TZ-83", "Porte chêne", "4", "18,00", "72,00"), (40, 100, 260, 330, 420)),
        (380, ("BR-53201", "Panneau", "2", "10,00", "20,00"), (40, 118, 260, 330, 420)),
        (400, ("Total HT", "92,00"), (330, 420)),
    )
    words = [
        Word(part, Box(x + 6.0 * text.index(part), top, x + 6.0 * (text.index(part) + len(part)), top + 10.0), 0.95)
        for top, texts, xs in rows
        for text, x in zip(texts, xs, strict=True)
        for part in text.split()
    ]
    read = extract(Document("0", "image/png", (Page(1, 595, 842, tuple(words), Source.OCR),), 1))
    cells = [(line.sku, line.description) for line in read.line_items]
    assert [tuple(cell.value if cell else None for cell in line) for line in cells] == [
        ("TZ-83", "Porte chêne"), ("BR-53201", "Panneau"),
    ]  # fmt: skip

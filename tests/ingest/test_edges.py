"""OCR's rough boxes: an edge parts blocks of print that stand close, and what follows a head belongs to it."""

from __future__ import annotations

from ingest.document import Box, Page, Source, Word
from ingest.heads import row_labels
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

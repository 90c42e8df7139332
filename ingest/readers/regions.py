"""Pictures on a page that has a text layer: the print and the codes in them that the text layer lacks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import pypdfium2 as pdfium
from PIL import Image, ImageDraw

from ingest.document import Box, Code, Word
from ingest.readers.text_layer import TextLayer

REGION_DPI = 200
CODE_DPI = 150
"""A payment code's modules are 0.4 mm and more."""
MOST_PIXELS = 6_000_000
LEAST_WIDTH, LEAST_HEIGHT = 40.0, 12.0
"""Points below which a picture holds no print worth reading."""
MOST_REGIONS = 4
"""Pictures of a page that are read; the largest."""
LEAST_ROWS = 3
"""Rows of print from which a picture is read wherever it stands: a letterhead with an address, a table."""
HEAD = 0.3
"""Share of a page in which a smaller picture may be all that the letterhead is."""
WORDS_IN_HEAD = 3
"""Words of the text layer as high as the picture or higher, up to which it is."""
CODE_SIDE = 30.0
"""Points of the side of the smallest code."""
MANY_SQUARES = 120
"""Small squares from which a page may have a code drawn of them: the smallest payment codes have 300 dark modules."""


def read_regions(
    sheet: pdfium.PdfPage, size: tuple[float, float], layer: TextLayer
) -> tuple[tuple[Word, ...], tuple[Code, ...]]:
    """Words and codes that stand in pictures only, in points; `size` is the page's, as the text layer measures it.

    Reading a picture takes longer than a whole text layer, so a logo is read only where it is all that a letterhead
    has, and photos never.
    """
    words: list[Word] = []
    codes: list[Code] = []
    if layer.squares >= MANY_SQUARES:
        codes.extend(_codes(_drawn(sheet, size, Box(0, 0, *size), CODE_DPI), Box(0, 0, *size), CODE_DPI))
    within = (_clipped(box, size) for box in layer.pictures)
    largest = sorted(
        (box for box in within if box.width >= CODE_SIDE and box.height >= LEAST_HEIGHT),
        key=lambda box: -box.width * box.height,
    )
    for box in largest[:MOST_REGIONS]:
        dpi = min(REGION_DPI, 72 * (MOST_PIXELS / (box.width * box.height)) ** 0.5)
        picture = _drawn(sheet, size, box, dpi)
        if box.height >= CODE_SIDE:
            known = {code.text for code in codes}
            codes.extend(code for code in _codes(picture, box, dpi) if code.text not in known)
        if box.width >= LEAST_WIDTH:
            words.extend(_print_in(picture, box, dpi, size, layer.words))
    return tuple(words), tuple(codes)


def _clipped(box: Box, size: tuple[float, float]) -> Box:
    return Box(max(0.0, box.x0), max(0.0, box.top), min(size[0], box.x1), min(size[1], box.bottom))


def _drawn(sheet: pdfium.PdfPage, size: tuple[float, float], box: Box, dpi: float) -> Image.Image:
    crop = (box.x0, size[1] - box.bottom, size[0] - box.x1, box.top)
    picture: Image.Image = sheet.render(scale=dpi / 72, crop=crop, grayscale=True).to_pil()
    return picture


def _codes(picture: Image.Image, place: Box, dpi: float) -> Iterable[Code]:
    # most documents have no code: its library is loaded where one may be
    from ingest.readers.qr import codes_on

    for code in codes_on(picture, 72 / dpi):
        yield replace(code, box=_moved(code.box, place))


def _moved(box: Box, place: Box) -> Box:
    return Box(box.x0 + place.x0, box.top + place.top, box.x1 + place.x0, box.bottom + place.top)


def _print_in(
    picture: Image.Image, place: Box, dpi: float, size: tuple[float, float], words: Sequence[Word]
) -> Iterable[Word]:
    head = [word for word in words if word.box.middle < place.bottom]
    is_letterhead = place.bottom <= HEAD * size[1] and len(head) <= WORDS_IN_HEAD
    if not is_letterhead and place.height * dpi / 72 < LEAST_ROWS * 14:
        return
    scale = dpi / 72
    # what the text layer says is not read again
    blank = ImageDraw.Draw(picture)
    for word in words:
        x0, top, x1, bottom = (
            (edge - start) * scale for edge, start in zip(word.box, (*place[:2], *place[:2]), strict=True)
        )
        if x1 > 0 and bottom > 0 and x0 < picture.width and top < picture.height:
            blank.rectangle((x0 - 1, top - 1, x1 + 1, bottom + 1), fill=255)
    # imported where needed: what reads pictures takes longer to import than a page with a text layer to read
    from ingest.readers.coverage import rows_of_print

    rows = rows_of_print(picture)
    if rows >= LEAST_ROWS or (is_letterhead and rows):
        from ingest.readers.ocr import read_region

        for word in read_region(picture):
            yield replace(word, box=_moved(Box(*(edge / scale for edge in word.box)), place))

"""A PDF page's text layer: its words, which of them nobody sees, and whether it can be believed."""

from __future__ import annotations

import io
import re
import unicodedata
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pdfplumber
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from numpy.typing import NDArray
from pdfminer.layout import LTChar, LTComponent, LTImage, LTLine, LTRect
from pdfplumber.page import Page as PlumberPage
from pdfplumber.pdf import PDF
from pdfplumber.utils.text import extract_words
from PIL import Image

from ingest.document import Box, Word
from ingest.readers.content import layout_of

MOST_PIXELS = 14_000_000
"""Pixels of a page's picture; A2 at 200 dpi has 15 million, and OCR shrinks what is larger."""
SEEN_PIXELS = 4_000_000
"""The same for the picture on which words are looked for that nobody sees."""
CONTRAST = 14
"""Grey levels between a word and its surroundings below which nobody sees it."""
SMALLEST_PRINT = 1.8
"""Points of height below which nobody reads a word."""
BOLD = re.compile(r"bold|black|heavy|semib|demi", re.IGNORECASE)
MOST_PICTURES = 200
"""Pictures of a page that are looked at; more are slices of one, or a pattern."""
LARGEST_MODULE = 5.0
"""Points of the side of the largest square that a drawn code is made of."""
LEAST_TOKENS = 15
"""Words of Latin letters from which a text layer is judged by them."""
LEAST_USUAL = 0.32
"""Share of usual pairs of letters below which no language is written. 175 real documents had 0.53 and more, Czech and
Hungarian words 0.4; with letters exchanged nine documents in ten had less than 0.28."""
_TOKEN = re.compile(r"[^\W\d_]{4,}")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]+")
_USUAL_PAIRS = frozenset(
    re.findall(
        "..",
        "enerdeteanintireieesonstntleneraarriisitaltasecheiauunndgebeellatoorrocoiomenoatedhethouaiurliusnaomcemadadidoos"
        "asloetvescicianipoprwizaowezkaijooaaeengllssilamemimtragoladididigacecsisosamimovavovicahahohikeko",
    )
)
"""Pairs of letters that are frequent in one of the European languages."""


@dataclass(frozen=True, slots=True)
class TextLayer:
    """A page's text as the file states it, and what is known of its worth."""

    words: tuple[Word, ...]
    hidden: tuple[Word, ...]
    rules: tuple[Box, ...]
    usable: bool
    pictures: tuple[Box, ...] = ()
    """Where pictures stand, in points."""
    squares: int = 0
    """Small filled squares: a code that is drawn, not a picture, has hundreds."""


def picture_of(
    sheet: pdfium.PdfPage, dpi: float, colour: bool = False, most_pixels: float = MOST_PIXELS
) -> Image.Image:
    """The page as it prints, with as many dots as memory allows."""
    picture: Image.Image = drawn(sheet, dpi, colour, most_pixels).to_pil()
    return picture


def drawn(
    sheet: pdfium.PdfPage, dpi: float, colour: bool = False, most_pixels: float = MOST_PIXELS
) -> pdfium.PdfBitmap:
    """The same as pdfium holds it."""
    width, height = sheet.get_size()
    scale = min(dpi / 72, (most_pixels / max(width * height, 1.0)) ** 0.5)
    return sheet.render(scale=scale, grayscale=not colour)


def opened(content: bytes) -> PDF | None:
    """The file in pdfplumber, its pages known; None where it cannot be read so: pdfium may still open it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            pdf = pdfplumber.open(io.BytesIO(content))
            pdf.pages  # noqa: B018 - found here, where it may fail
    except Exception:  # foreign bytes break parsers in every way
        return None
    return pdf


class TextLayers:
    """The text layer through pdfplumber; a file or page that it cannot read has none."""

    def __init__(self, pdf: PDF | None) -> None:
        self._pdf = pdf
        self._pages: Sequence[PlumberPage] = pdf.pages if pdf is not None else ()

    def size(self, number: int) -> tuple[float, float]:
        """Width and height of a page, in points."""
        page = self._pages[number - 1]
        return float(page.width), float(page.height)

    def read(self, number: int, sheet: pdfium.PdfPage) -> TextLayer | None:
        """The text layer of a page; None where it cannot be read."""
        if number > len(self._pages):
            return None
        page = self._pages[number - 1]
        # a third of all the time goes into attributes of characters that nobody asks for
        setattr(page, "process_object", partial(_light_object, page))  # noqa: B010
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                # where pdfplumber keeps what it has found, so that it need not look for it
                setattr(page, "_layout", layout_of(page))  # noqa: B010
                return _text_layer(page, sheet)
        except Exception:  # as above: the page is read from its picture instead
            return None
        finally:
            page.close()

    def close(self) -> None:
        """Let go of the file."""
        if self._pdf is not None:
            self._pdf.close()


_KINDS = {LTChar: "char", LTLine: "line", LTRect: "rect", LTImage: "image"}


def _light_object(page: PlumberPage, item: LTComponent) -> dict[str, Any]:
    """What pdfplumber's `process_object` says of an item: its place, and of a character what words are made of."""
    left, top = page.mediabox[:2]
    above = page.height - item.y1 + top
    place = {
        "object_type": _KINDS.get(type(item), "curve"),
        "x0": item.x0 + left,
        "x1": item.x1 + left,
        "top": above,
        "bottom": page.height - item.y0 + top,
        "width": item.width,
        "height": item.height,
    }
    if not isinstance(item, LTChar):
        return place
    return place | {
        "text": item.get_text(),
        "doctop": page.initial_doctop + above,
        "size": item.size,
        # what stands on its head is to be turned first, as what lies on its side
        "upright": item.upright and not (item.matrix[0] < 0 and item.matrix[3] < 0),
        "fontname": str(item.fontname),
    }


def _text_layer(page: PlumberPage, sheet: pdfium.PdfPage) -> TextLayer:
    found = extract_words(
        page.chars,
        x_tolerance_ratio=0.15,
        use_text_flow=True,
        return_chars=True,
    )
    left, top = float(page.bbox[0]), float(page.bbox[1])
    level = [item for item in found if item["upright"]]
    # text that stands on its side beside upright text is decoration; a page of it must be turned first
    turned = len(level) < len(found) / 2
    words = _without_doubles(_word(chars, left, top) for item in level for chars in _not_overlapping(item["chars"]))
    picture = drawn(sheet, 72, most_pixels=SEEN_PIXELS).to_numpy()
    scale = picture.shape[1] / max(float(page.width), 1.0)
    seen = [word for word in words if _is_seen(word, picture, scale)]
    hidden = tuple(word for word in words if not _is_seen(word, picture, scale)) if len(seen) < len(words) else ()
    usable = not turned and _is_text(seen) and not is_scan(sheet, len(seen))
    pictures = tuple(
        Box(item["x0"] - left, item["top"] - top, item["x1"] - left, item["bottom"] - top)
        for item in page.images[:MOST_PICTURES]
    )
    return TextLayer(tuple(seen), hidden, _rules(page, left, top), usable, pictures, _squares(page))


def _squares(page: PlumberPage) -> int:
    return sum(
        item["height"] <= LARGEST_MODULE and 0.8 * item["height"] <= item["width"] <= LARGEST_MODULE * 10
        for item in page.rects
    )


def _not_overlapping(chars: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """The characters of a word, apart where one is printed over another: cells that run into their neighbours."""
    first = 0
    for index in range(1, len(chars)):
        one, two = chars[index - 1], chars[index]
        if one["x1"] - two["x0"] > 0.3 * two["size"] and two["text"].isalnum() and one["text"].isalnum():
            yield chars[first:index]
            first = index
    yield chars[first:]


def _word(chars: list[dict[str, Any]], left: float, top: float) -> Word:
    box = Box(
        min(char["x0"] for char in chars) - left,
        min(char["top"] for char in chars) - top,
        max(char["x1"] for char in chars) - left,
        max(char["bottom"] for char in chars) - top,
    )
    text = "".join(_LIGATURES.get(char["text"], char["text"]) for char in chars)
    return Word(text, box, bold=bool(BOLD.search(chars[0]["fontname"])))


_LIGATURES = {"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl"}


def _without_doubles(words: Any) -> list[Word]:
    """Words printed twice to look bold, or for a shadow, count once."""
    kept: list[Word] = []
    places: dict[str, list[tuple[int, int]]] = {}
    for word in words:
        x, y = round(word.box.x0 / 2), round(word.box.top / 2)
        printed = places.setdefault(word.text, [])
        if any(abs(x - other_x) <= 1 and abs(y - other_y) <= 1 for other_x, other_y in printed):
            continue
        printed.append((x, y))
        kept.append(word)
    return kept


def _is_seen(word: Word, picture: NDArray[np.uint8], scale: float) -> bool:
    """Whether the printed page, drawn with `scale` pixels a point, shows something where the word stands."""
    if word.box.height < SMALLEST_PRINT:
        return False
    box = Box(*(edge * scale for edge in word.box))
    if not any(sign.isalnum() for sign in word.text):
        return True
    rows = slice(max(0, int(box.top)), max(0, int(box.bottom) + 1))
    columns = slice(max(0, int(box.x0)), max(0, int(box.x1) + 1))
    spot = picture[rows, columns]
    return spot.size > 0 and int(spot.max()) - int(spot.min()) >= CONTRAST


def _is_text(words: Sequence[Word]) -> bool:
    """Whether the words are readable: a font without a map to characters gives `(cid:12)` or signs of private use."""
    signs = "".join(word.text for word in words)
    if not signs:
        return False
    odd = sum(not sign.isprintable() or "\ue000" <= sign <= "\uf8ff" or sign == "\ufffd" for sign in signs)
    odd += 6 * signs.count("(cid:")
    return odd <= 0.15 * len(signs) and len(words) >= 4 and not _is_gibberish(words)


def _is_gibberish(words: Sequence[Word]) -> bool:
    """Whether Latin words are of no language: a font whose characters stand for others than they show."""
    tokens = [
        # without the marks over letters
        unicodedata.normalize("NFKD", token).encode("ascii", "ignore").decode().lower()
        for word in words
        for token in _TOKEN.findall(word.text)
        if _LATIN.fullmatch(token)
    ]
    pairs = [token[index : index + 2] for token in tokens for index in range(len(token) - 1)]
    return len(tokens) >= LEAST_TOKENS and sum(pair in _USUAL_PAIRS for pair in pairs) < LEAST_USUAL * len(pairs)


def is_scan(sheet: pdfium.PdfPage, words: int) -> bool:
    """Whether the page is a picture with little or only invisible text (another program's OCR) over it."""
    width, height = sheet.get_size()
    invisible = texts = 0
    covered = 0.0
    for item in sheet.get_objects(max_depth=3):
        if item.type == pdfium_c.FPDF_PAGEOBJ_TEXT:
            texts += 1
            invisible += pdfium_c.FPDFTextObj_GetTextRenderMode(item.raw) == pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE
        elif item.type == pdfium_c.FPDF_PAGEOBJ_IMAGE:
            x0, y0, x1, y1 = item.get_bounds()
            covered += abs((x1 - x0) * (y1 - y0)) / (width * height)
    return covered >= 0.5 and (invisible >= 0.8 * texts or words < 25)


def _rules(page: PlumberPage, left: float, top: float) -> tuple[Box, ...]:
    """Ruled lines: drawn ones, and rectangles as thin as one."""
    thin = [item for item in (*page.lines, *page.rects) if min(item["width"], item["height"]) <= 2]
    return tuple(
        Box(item["x0"] - left, item["top"] - top, item["x1"] - left, item["bottom"] - top) for item in thin[:2000]
    )

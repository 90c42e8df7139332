"""A page's picture becomes words, by Tesseract; the picture is straightened and its background evened out first."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import pytesseract
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from ingest.document import Box, Page, Source, Word
from ingest.language import language_of

# Tesseract's own threads make a page several times slower on a loaded machine.
os.environ.setdefault("OMP_THREAD_LIMIT", "1")

LONGEST_SIDE = 3600
"""Pixels beyond which a picture is shrunk: A4 at 300 dpi has 3508; more costs time and reads no better."""
TESSERACT_NAMES = {
    "cs": "ces",
    "da": "dan",
    "de": "deu",
    "en": "eng",
    "es": "spa",
    "fr": "fra",
    "it": "ita",
    "nl": "nld",
    "pl": "pol",
    "pt": "por",
    "sv": "swe",
}
RECEIPT_ASPECT = 1.9
"""Height to width from which a page is taken for a till roll: one block of lines, no columns (`psm 6`)."""
TILE = 100
"""Pixels of a tile of a page of 1000: some lines of print."""
CLEARLY = 1.6
"""How much better a turned picture must read."""
TRIAL_SIDE = 1600
"""Pixels of the longer side of a picture that is read to find out which way is up."""
SMALL_PRINT = 14.0
"""Pixels of a word's height below which a picture is enlarged: Tesseract was taught on print of 30 and more."""
PAGE_TIMEOUT = 90
"""Seconds for one page, after which Tesseract is killed."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Words of a picture in its pixels, and the language it was read in."""

    words: tuple[Word, ...]
    language: str


@cache
def installed_languages() -> frozenset[str]:
    """Tesseract's names of the languages whose data are installed."""
    return frozenset(pytesseract.get_languages())


def even_background(picture: Image.Image) -> Image.Image:
    """The picture divided by its blurred background: shadows, grey paper and stains go, ink stays."""
    grey = np.asarray(picture.convert("L"), dtype=np.float32)
    small = ndimage.zoom(grey, 0.125, order=1) if min(grey.shape) >= 64 else grey
    # the background is what is brightest around; ink is darker than paper
    paper = ndimage.uniform_filter(ndimage.maximum_filter(small, size=7), size=9)
    background = np.asarray(
        Image.fromarray(paper).resize((grey.shape[1], grey.shape[0]), Image.Resampling.BILINEAR), dtype=np.float32
    )
    even = np.clip(grey / np.maximum(background, 1.0) * 255.0, 0, 255)
    return Image.fromarray(even.astype(np.uint8))


def turned(picture: Image.Image, turns: int) -> Image.Image:
    """The picture after so many quarter turns to the left."""
    ways = {1: Image.Transpose.ROTATE_90, 2: Image.Transpose.ROTATE_180, 3: Image.Transpose.ROTATE_270}
    return picture.transpose(ways[turns]) if turns else picture


def quarter_turns(picture: Image.Image) -> int:
    """How many quarter turns to the left make the picture upright.

    A page on its side is known by ink that changes more from column to column than from row to row, and turned as
    Tesseract's orientation detection says; a page upside down is turned only where it reads clearly better so.
    """
    small = picture.convert("L")
    small.thumbnail((1000, 1000))
    sideways = _runs_down(np.asarray(even_background(small), dtype=np.float32) < 195)
    middle = picture.convert("L")
    middle.thumbnail((2000, 2000))
    turns = _osd(middle)
    if not sideways and not turns:
        return 0
    # it often takes an upright till slip for one upside down: what a turn is worth is told by reading it
    return _best_turn(middle, (1, 3) if sideways or turns % 2 else (2,))


def _osd(picture: Image.Image) -> int:
    """Quarter turns by Tesseract's orientation detection; 0 where it finds too little print."""
    try:
        found = pytesseract.image_to_osd(picture, output_type=pytesseract.Output.DICT, timeout=PAGE_TIMEOUT)
    except (pytesseract.TesseractError, RuntimeError):
        return 0
    return int(found["orientation"]) // 90 % 4


def _best_turn(picture: Image.Image, ways: Sequence[int]) -> int:
    """The turn that reads clearly better than the picture as it is; 0 where none does."""
    upright_worth = _worth(picture)
    worth, turns = max((_worth(turned(picture, way)), way) for way in ways)
    return turns if worth > CLEARLY * upright_worth + 4 else 0


def _worth(picture: Image.Image) -> float:
    """Confident words of three signs and more on a copy, each counted by its confidence."""
    scale = min(2.0, TRIAL_SIDE / max(picture.size))
    copy = picture.resize((max(1, round(picture.width * scale)), max(1, round(picture.height * scale))))
    words = _recognise(even_background(copy), "eng", 1.0)
    # Tesseract reads some lines that run down the page too
    level = [word for word in words if word.box.width > word.box.height]
    return sum(word.confidence for word in level if len(word.text) >= 3 and word.confidence >= 0.6)


def _runs_down(ink: NDArray[np.bool_]) -> bool:
    """Whether lines of text seem to run down the page: tile by tile, columns differ more in ink than rows do."""
    across = down = 0.0
    for top in range(0, ink.shape[0] - TILE + 1, TILE):
        for left in range(0, ink.shape[1] - TILE + 1, TILE):
            tile = ink[top : top + TILE, left : left + TILE]
            if tile.mean() >= 0.01:
                across += float(tile.mean(axis=1).std())
                down += float(tile.mean(axis=0).std())
    return down > 1.3 * across


def read_picture(picture: Image.Image, language: str | None = None) -> Reading:
    """The words of an upright picture, boxes in its pixels.

    Without a language the page is read in English first; where the words turn out to be of another language whose
    data are installed it is read again in that.
    """
    scale = min(1.0, LONGEST_SIDE / max(picture.size))
    smaller = picture.resize((round(picture.width * scale), round(picture.height * scale))) if scale < 1 else picture
    even = even_background(smaller)
    words = _recognise(even, TESSERACT_NAMES.get(language or "en", "eng"), scale)
    height = float(np.median([word.box.height for word in words])) * scale if words else SMALL_PRINT
    if height < SMALL_PRINT:
        more = min(3.0, 2 * SMALL_PRINT / max(height, 1.0))
        even = even.resize((round(even.width * more), round(even.height * more)), Image.Resampling.LANCZOS)
        scale *= more
        words = _recognise(even, TESSERACT_NAMES.get(language or "en", "eng"), scale)
    if language is None:
        language = language_of(word.text for word in words) or "en"
        name = TESSERACT_NAMES.get(language, "eng")
        if name != "eng" and name in installed_languages():
            words = _recognise(even, name, scale)
    return Reading(words, language)


def _recognise(picture: Image.Image, name: str, scale: float) -> tuple[Word, ...]:
    mode = 6 if picture.height > RECEIPT_ASPECT * picture.width else 3
    data = pytesseract.image_to_data(
        picture,
        lang=name,
        config=f"--psm {mode}",
        output_type=pytesseract.Output.DICT,
        timeout=PAGE_TIMEOUT,
    )
    rows = zip(data["text"], data["conf"], data["left"], data["top"], data["width"], data["height"], strict=True)
    return tuple(_words(rows, scale, picture.size))


def _words(
    rows: Iterable[tuple[str, float, int, int, int, int]], scale: float, size: tuple[int, int]
) -> Iterable[Word]:
    for text, confidence, left, top, width, height in rows:
        text = str(text).strip()
        # ruled lines and picture borders come out as bars, huge boxes or single strokes
        if not text or float(confidence) < 0 or not text.strip("|_—-~'`‘’“”\"\\[]{}") or height > size[1] / 8:
            continue
        box = Box(left / scale, top / scale, (left + width) / scale, (top + height) / scale)
        yield Word(text, box, confidence=max(0.0, min(1.0, float(confidence) / 100)))


def page_of(
    picture: Image.Image, reading: Reading, number: int, points_per_pixel: float | None, turns: int = 0
) -> Page:
    """A page of words read from a picture, in points where the picture's resolution is known, else in pixels."""
    factor = points_per_pixel or 1.0
    words = tuple(Word(w.text, Box(*(edge * factor for edge in w.box)), w.confidence, w.bold) for w in reading.words)
    return Page(
        number=number,
        width=picture.width * factor,
        height=picture.height * factor,
        words=words,
        source=Source.OCR,
        unit="pt" if points_per_pixel else "px",
        turns=turns,
    )

"""A page's picture becomes words: straightened, read by Tesseract, and by a second engine where that reads poorly."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image, ImageOps

from ingest.document import Box, Page, Source, Word
from ingest.language import language_of
from ingest.readers import rapid, tesseract
from ingest.readers.agreement import DISPUTED, NO_VOICE, UNSURE, combined, mended, pieces_of_lines
from ingest.readers.coverage import ShrunkPage, Unread, with_bands
from ingest.readers.orientation import quarter_turns, turned, turns_of_lines
from ingest.readers.preparing import (
    Frame,
    even_background,
    frame_of_skew,
    framed,
    sheet_in_photo,
    skew_of,
    within_limits,
)
from ingest.readers.qr import codes_on
from ingest.readers.tidying import tidied

__all__ = ["Reading", "page_of", "quarter_turns", "read_page", "read_poorly", "turned"]

WELL_READ = 0.88
"""Mean confidence, weighed by length, of a page that Tesseract read well."""
MOST_DOUBTFUL = 0.12
"""Share of its words that may be doubtful on such a page."""
MOST_UNREAD = 0.02
"""Share of what looks like print that Tesseract may leave out on such a page."""
DOUBTFUL = 0.7
"""Confidence below which a word is doubtful."""
SURE = 0.93
"""Confidence of all of a line's words from which it is not read a second time."""
UNSURE_OF_SHORT = 0.6
"""The same for words of up to three letters."""
SOME_UNSURE = 0.04
"""Share of its words that may be so without that: the second engine is loaded for it."""
FEW_WORDS = 12
"""Words below which a page may lie on its side or upside down, however sure Tesseract is of them."""
BADLY_READ = 0.6
"""Mean confidence below which the same is asked."""
SMALL_PRINT = 14.0
"""Pixels of a word's height below which a picture is enlarged: Tesseract was taught on print of 30 and more."""
BAND = 0.16
"""Share of a page's height from which its language is told before all of it is read."""
MOST_BANDS = 2
"""Such parts that are looked at, the second where the first tells nothing."""
FAIRLY_READ = 0.75
"""Mean confidence of the first below which the second is not looked at."""
BAND_WIDTH = 1000
"""Pixels to which that part is shrunk: enough to tell a language."""
BAND_PIXELS = 1_500_000
"""Pixels of a page from which that is cheaper than reading it twice where need be; A4 at 150 dpi has 2 million."""
MOST_FIGURES = 60
"""Single figures of a page that are read by themselves."""
SURE_FIGURE = 0.85
"""Confidence of the second engine from which such a one is believed."""
LEAST_BOX = 64
"""Pixels of height to which a box that a person has drawn is enlarged."""
PAPER = 24
"""Pixels of white around it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read from a picture, and how the picture was straightened first."""

    picture: Image.Image
    """Upright and straight; the words' boxes are in its pixels."""
    words: tuple[Word, ...]
    language: str
    turns: int = 0
    """Quarter turns to the left that made the picture upright."""
    frame: Frame | None = None
    """Where the straightened picture lies on the upright one."""
    poor: bool = False
    """Whether Tesseract alone reads it poorly."""
    figures: tuple[Box, ...] = ()
    """Where single figures may stand that Tesseract left out."""
    shrunk: float = 1.0
    """Pixels of the picture as it came for each of this one."""


def read_page(picture: Image.Image, language: str | None = None, photo: bool = False) -> Reading:
    """The words of a picture that may lie on its side, askew, or be a photo of a sheet.

    `language` is that of the pages before, where known; `photo` allows to look for a sheet's corners.
    """
    reading = _read_page(picture, language, photo)
    return replace(reading, words=tidied(reading.words))


def _read_page(picture: Image.Image, language: str | None, photo: bool) -> Reading:
    small = within_limits(picture)
    reading = replace(_read(small, 0, language, photo), shrunk=picture.width / small.width)
    if not rapid.installed():
        turns = quarter_turns(reading.picture) if _may_be_turned(reading.words) else 0
        return _turned_anew(reading, small, turns, language, photo)
    # Tesseract reads a clean page that lies on its side well, its lines one beside the other
    if not reading.poor and not _may_be_turned(reading.words):
        words = _doubtful_anew(reading.picture, reading.words, reading.language)
        return replace(reading, words=_with_figures(reading, words))
    lines = rapid.lines_of(reading.picture)
    turns = turns_of_lines(reading.picture, lines) if _may_be_turned(reading.words) else 0
    if turns:
        reading = _turned_anew(reading, small, turns, language, photo)
        lines = rapid.lines_of(reading.picture)
    words = _with_figures(reading, _read_twice(reading.picture, lines, reading.words, reading.language))
    return replace(reading, words=words, language=language or language_of(w.text for w in words) or "en")


def _turned_anew(reading: Reading, picture: Image.Image, turns: int, language: str | None, photo: bool) -> Reading:
    return replace(_read(picture, turns, language, photo), shrunk=reading.shrunk) if turns else reading


def _read(picture: Image.Image, turns: int, language: str | None, photo: bool) -> Reading:
    upright = turned(picture, turns)
    frame = sheet_in_photo(upright) if photo else None
    if frame is not None:
        frame = with_bands(upright, frame)
    else:
        angle = skew_of(upright)
        frame = frame_of_skew(upright, angle) if angle else None
    straight = framed(upright, frame)
    words, language, poor, left_out = _first_reading(straight, language)
    return Reading(straight, words, language, turns, frame, poor, left_out.figures)


def _first_reading(picture: Image.Image, language: str | None) -> tuple[tuple[Word, ...], str, bool, Unread]:
    """Tesseract's words, in the picture's pixels, their language, whether they are poor, and what was left out."""
    even = even_background(picture)
    shrunk = ShrunkPage(even)
    told = language or _language_of_bands(even)
    name = _name_of(told)
    scale = 1.0
    words = tesseract.recognise(even, name)
    height = float(np.median([word.box.height for word in words])) if words else SMALL_PRINT
    # the second engine reads small print as it is
    if height < SMALL_PRINT and not rapid.installed():
        more = min(3.0, 2 * SMALL_PRINT / max(height, 1.0))
        even = even.resize((round(even.width * more), round(even.height * more)), Image.Resampling.BICUBIC)
        scale *= more
        shrunk = ShrunkPage(even)
        words = tesseract.recognise(even, name)
    left_out = shrunk.unread(words)
    poor = read_poorly(words) or left_out.share > MOST_UNREAD
    if told is None:
        # a page that read poorly is read by the second engine, which knows all languages
        told = language_of(word.text for word in words) or "en"
        if _name_of(told) != name and not (rapid.installed() and poor):
            words = tesseract.recognise(even, _name_of(told))
    return tuple(replace(word, box=_scaled(word.box, 1 / scale)) for word in words), told, poor, left_out


def _name_of(language: str | None) -> str:
    names = tesseract.NAMES.get(language or "en"), tesseract.NEAREST.get(language or "en")
    return next((name for name in names if name and tesseract.can_read(name)), "eng")


def _language_of_bands(even: Image.Image) -> str | None:
    """The language of the parts of a page that hold the most signs, read with the small data; None where unclear."""
    # of a small picture it costs too much of the whole, and Tesseract's segmentation wants a page, not a line
    if even.width * even.height < BAND_PIXELS:
        return None
    rows = np.asarray(even.reduce(4)) < 128
    # where ink begins: a dark bar or a logo is much ink and few signs
    signs = np.diff(rows.astype(np.int8), axis=1).clip(0).sum(axis=1)
    height = max(1, round(BAND * len(signs)))
    words: list[Word] = []
    for _ in range(MOST_BANDS):
        if not signs.any():
            break
        first = int(np.argmax(np.convolve(signs, np.ones(height), mode="valid")))
        signs[first : first + height] = 0
        found = _words_of_band(even, first * 4, height * 4)
        words.extend(found)
        # each word once: a unit in every row says little
        told = language_of({word.text.casefold() for word in words})
        # what reads poorly is for the second engine, which knows all languages
        if told or _mean(found) < FAIRLY_READ:
            return told
    return None


def _words_of_band(even: Image.Image, top: int, height: int) -> tuple[Word, ...]:
    band = even.crop((0, top, even.width, min(even.height, top + height)))
    if band.width > BAND_WIDTH:
        band = band.resize((BAND_WIDTH, round(band.height * BAND_WIDTH / band.width)))
    return tesseract.recognise(band, "eng", fast=True)


def read_region(picture: Image.Image) -> tuple[Word, ...]:
    """The words of a small upright picture: a letterhead, a logo, a table that was pasted in."""
    words = tesseract.recognise(even_background(picture), "eng")
    if rapid.installed() and _mean(words) < SURE:
        words = _read_twice(picture, rapid.lines_of(picture), words, "en")
    return tuple(word for word in words if word.confidence >= DISPUTED)


def read_box(picture: Image.Image, language: str | None) -> tuple[Word, ...]:
    """The words of a small picture that a person has cut out, in the order in which they are read."""
    picture = within_limits(picture)
    # Tesseract wants letters of some height, and paper around them
    more = min(4.0, max(1.0, LEAST_BOX / picture.height))
    if more > 1:
        picture = picture.resize((round(picture.width * more), round(picture.height * more)), Image.Resampling.BICUBIC)
    framed_in = ImageOps.expand(even_background(picture), border=PAPER, fill="white")
    words = tesseract.recognise(framed_in, _name_of(language), block=True)
    if rapid.installed() and (not words or _mean(words) < WELL_READ):
        colour = framed_in.convert("RGB")
        words = _read_twice(colour, rapid.lines_of(colour), words, language or "en")
    return tuple(word for line in _lines(tidied(words)) for word in line)


def _lines(words: Sequence[Word]) -> list[list[Word]]:
    """Words by their lines, from the top; in a line from the left."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda one: one.box.middle):
        if lines and word.box.middle - lines[-1][-1].box.middle < 0.5 * word.box.height:
            lines[-1].append(word)
        else:
            lines.append([word])
    return [sorted(line, key=lambda one: one.box.x0) for line in lines]


def _scaled(box: Box, factor: float) -> Box:
    return Box(*(edge * factor for edge in box))


def read_poorly(words: Sequence[Word]) -> bool:
    """Whether a page asks for a second engine: its words are few, unsure on the whole, or many of them doubtful."""
    printed = [word for word in words if re.search(r"\w", word.text)]
    if len(printed) < FEW_WORDS:
        return True
    doubtful = sum(word.confidence < DOUBTFUL for word in printed)
    # unsure words in boxes much higher than print are places that hold something else than was read
    height = sorted(word.box.height for word in printed)[len(printed) // 2]
    misplaced = sum(word.confidence < 0.3 and word.box.height > 2 * height for word in printed)
    return _mean(printed) < WELL_READ or doubtful > MOST_DOUBTFUL * len(printed) or misplaced > 1


def _mean(words: Sequence[Word]) -> float:
    """Mean confidence, each word weighed by its length."""
    signs = sum(len(word.text) for word in words)
    return sum(word.confidence * len(word.text) for word in words) / max(1, signs)


def _may_be_turned(words: Sequence[Word]) -> bool:
    printed = [word for word in words if len(re.findall(r"\w", word.text)) >= 2]
    down = sum(word.box.height > 1.5 * word.box.width for word in printed)
    return len(printed) < FEW_WORDS or _mean(printed) < BADLY_READ or down > len(printed) / 3


def _read_twice(
    picture: Image.Image, lines: Sequence[rapid.Line], words: tuple[Word, ...], language: str
) -> tuple[Word, ...]:
    """What both engines make of a page together; lines that Tesseract is sure of are not read again.

    What it can hardly read where the second engine sees no line at all is no print.
    """
    if lines:
        words = tuple(word for word in words if word.confidence >= NO_VOICE or _lies_on(word, lines))
    doubtful = [line for line in lines if not _is_sure(line.box, words)]
    second = rapid.read(picture, doubtful)
    return combined(words, second, [line.box for line in doubtful], accents=language != "en")


def _doubtful_anew(picture: Image.Image, words: tuple[Word, ...], language: str) -> tuple[Word, ...]:
    """The words of a page that Tesseract reads well, where it doubts read by the second engine, too.

    The lines are cut by Tesseract's own boxes: nothing is looked for anew.
    """
    unsure = {word for word in words if _is_unsure(word)}
    if len(unsure) <= SOME_UNSURE * len(words):
        return words
    pieces = [part for piece in pieces_of_lines(words) if (part := _around(piece, unsure))]
    second = rapid.read(picture, [rapid.line_of([word.box for word in piece]) for piece in pieces])
    return mended(words, unsure, second, accents=language != "en")


def _with_figures(reading: Reading, words: tuple[Word, ...]) -> tuple[Word, ...]:
    """The words, and the single figures between them that only the second engine reads: counts in a table's cells."""
    left_out = [box for box in reading.figures if not any(_covers(word.box, box) for word in words)]
    if not left_out:
        return words
    read = rapid.read(reading.picture, [rapid.line_of([box]) for box in left_out[:MOST_FIGURES]])
    sure = [word for word in read if word.confidence >= SURE_FIGURE and re.search(r"\d|\w\w", word.text)]
    return combined(words, sure, ()) if sure else words


def _covers(word: Box, box: Box) -> bool:
    return word.x0 < box.x1 and box.x0 < word.x1 and word.top < box.middle < word.bottom


def _is_unsure(word: Word) -> bool:
    # Tesseract is less sure of short words, and mostly right
    short = len(word.text) <= 3 and not re.search(r"\d", word.text)
    return bool(re.search(r"\w", word.text)) and word.confidence < (UNSURE_OF_SHORT if short else UNSURE)


def _around(piece: Sequence[Word], unsure: Collection[Word]) -> Sequence[Word]:
    """The part of a line from the first of its unsure words to the last, with their neighbours; () without any."""
    places = [place for place, word in enumerate(piece) if word in unsure]
    return piece[max(0, places[0] - 1) : places[-1] + 2] if places else ()


def _lies_on(word: Word, lines: Sequence[rapid.Line]) -> bool:
    x, y = word.box.centre, word.box.middle
    return any(line.box.x0 <= x <= line.box.x1 and line.box.top <= y <= line.box.bottom for line in lines)


def _is_sure(line: Box, words: Sequence[Word]) -> bool:
    on_it = [
        word for word in words if line.x0 <= word.box.centre <= line.x1 and line.top <= word.box.middle <= line.bottom
    ]
    covered = sum(word.box.width for word in on_it)
    return covered >= 0.75 * line.width and all(word.confidence >= SURE for word in on_it)


def page_of(reading: Reading, number: int, points_per_pixel: float | None) -> Page:
    """A page of words read from a picture, in points where the picture's resolution is known, else in pixels."""
    factor = (points_per_pixel or 1.0) * reading.shrunk
    return Page(
        number=number,
        width=reading.picture.width * factor,
        height=reading.picture.height * factor,
        words=tuple(replace(word, box=_scaled(word.box, factor)) for word in reading.words),
        source=Source.OCR,
        unit="pt" if points_per_pixel else "px",
        turns=reading.turns,
        frame=reading.frame,
        codes=codes_on(reading.picture, factor),
    )

"""The first engine: Tesseract, called through pytesseract, and which of its data are in use."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from statistics import median

import pytesseract
from PIL import Image

from ingest.document import Box, Word
from ingest.errors import UnreadableFile
from ingest.readers.limits import ROLL

# Tesseract's own threads make a page several times slower on a loaded machine.
os.environ.setdefault("OMP_THREAD_LIMIT", "1")

NAMES = {
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
"""Tesseract's names of the languages."""
NEAREST = {"fi": "swe", "no": "dan"}
"""The same of those whose letters another language has, where no data of their own are asked for."""
DATA_FOLDER = "COORDINATOR_TESSDATA"
"""Environment variable that names another folder of better data."""
PAGE_TIMEOUT = 90
"""Seconds for one page, after which Tesseract is killed."""
TALLEST = 8
"""A word taller than this part of the page is a ruled line or a picture's border."""
WIDEST = 3
"""The same for one whose signs are so many times as wide as high."""
WELL_SEEN = 60
"""Tesseract's confidence from which it is a word all the same: widely spaced, or a dash."""

OUT = 0.4
"""Heights of the word beside it by which a box reaches out above and below where it is none of its word."""


def better_data() -> Path:
    """The folder in which `.ci/setup` keeps Tesseract's more accurate data; it need not exist."""
    return Path(os.environ.get(DATA_FOLDER) or Path(sys.prefix) / "share" / "tessdata-best")


def has_better_data(name: str) -> bool:
    """Whether the more accurate data of a language (Tesseract's name) are there."""
    return (better_data() / f"{name}.traineddata").is_file()


@cache
def system_languages() -> frozenset[str]:
    """Tesseract's names of the languages whose data the system has installed."""
    return frozenset(pytesseract.get_languages())


def can_read(name: str) -> bool:
    """Whether data of a language (Tesseract's name) are there, better or plain."""
    return has_better_data(name) or name in system_languages()


def recognise(picture: Image.Image, name: str, fast: bool = False, block: bool = False) -> tuple[Word, ...]:
    """The words of a prepared, upright picture, boxes in its pixels; `fast` prefers the system's smaller data.

    A `block` is one piece of text without columns.

    Raises:
        UnreadableFile: `timed_out`, where Tesseract took longer than a page may.
    """
    mode = 6 if block or picture.height > ROLL * picture.width else 3
    config = f"--psm {mode}"
    if has_better_data(name) and not (fast and name in system_languages()):
        config += f" --tessdata-dir {shlex.quote(str(better_data()))}"
    # handed over as it is: packing a page as PNG and unpacking it costs a twentieth of reading it
    plain = picture.copy()
    plain.format = "TIFF"
    try:
        data = pytesseract.image_to_data(
            plain, lang=name, config=config, output_type=pytesseract.Output.DICT, timeout=PAGE_TIMEOUT
        )
    except pytesseract.TesseractError:
        raise
    except RuntimeError as late:
        # how pytesseract tells that the time was up
        message = "Reading took too long and was stopped. Ask the sender for a simpler file."
        raise UnreadableFile("timed_out", message) from late
    return levelled(_words(data, TALLEST * picture.height if block else picture.height))


def levelled(words: Iterable[Word]) -> tuple[Word, ...]:
    """The words, in the order of print, with boxes as high as their neighbours' where Tesseract lost their height.

    Where it cannot place a word it gives it a box that reaches into the lines above and below.
    """
    found = list(words)
    least = 0.75 * median(word.box.height for word in found) if found else 0.0
    for order in (range(1, len(found)), range(len(found) - 2, -1, -1)):
        for place in order:
            box, beside = found[place].box, found[place - order.step].box
            out = OUT * beside.height
            if box.top < beside.top - out and box.bottom > beside.bottom + out and beside.height >= least:
                found[place] = replace(found[place], box=box._replace(top=beside.top, bottom=beside.bottom))
    return tuple(found)


def orientation(picture: Image.Image) -> int:
    """Quarter turns by Tesseract's orientation detection; 0 where it finds too little print."""
    try:
        found = pytesseract.image_to_osd(picture, output_type=pytesseract.Output.DICT, timeout=PAGE_TIMEOUT)
    except (pytesseract.TesseractError, RuntimeError):
        return 0
    return int(found["orientation"]) // 90 % 4


def _words(data: dict[str, list[str | int | float]], page_height: int) -> Iterator[Word]:
    columns = (data[name] for name in ("text", "conf", "left", "top", "width", "height"))
    for text, confidence, *edges in zip(*columns, strict=True):
        text, sure = str(text).strip(), float(confidence)
        left, top, width, height = (float(edge) for edge in edges)
        # ruled lines and picture borders come out as bars, huge boxes or single strokes
        if not text or sure < 0 or not text.strip("|_—-~'`‘’“”\"\\[]{}") or height > page_height / TALLEST:
            continue
        if width > WIDEST * height * len(text) and sure < WELL_SEEN:
            continue
        yield Word(text, Box(left, top, left + width, top + height), confidence=max(0.0, min(1.0, sure / 100)))

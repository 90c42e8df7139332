"""What looks like print, told without reading it: whether some was left unread, and where a picture has any."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from ingest.document import Box, Word
from ingest.readers.preparing import Frame, even_background, framed

SIDE = 1300
"""Pixels of the longer side of the copy that is looked at."""
INK = 170
"""Grey level below which a pixel of an evened, shrunk picture is ink."""
FAINT_INK = 200
"""The same where grey print counts, too: labels that are to stand back behind what they name."""
LEAST_LETTERS = 4
"""Letters of a row of print."""
RULE = 3.5
"""Length of a ruled line, in times the print's height."""
LEAST_BESIDE = 2
"""Words beside a single figure that was left out."""
BAND = 0.18
"""Share of a sheet's height, or width, by which one goes on beyond a band that was taken for what it lies on."""
APART = 0.5
"""Blank between it and them, at least, in its heights."""
DARKER = 30
"""Grey levels by which a pixel of a shrunk picture is darker than paper from which it may be print."""
TALL = 15
"""Part of a picture's height from which an unbroken upright stroke is a table's rule or the shadow of an edge."""
AROUND = 12
"""Pixels of paper that are left around print: a line, on a page of a million pixels."""


@dataclass(frozen=True, slots=True)
class Unread:
    """What looks like print and has no word upon it."""

    share: float
    """Of all that looks like print, by width."""
    figures: tuple[Box, ...] = ()
    """Places, in the picture's pixels, of single short marks in rows of words: counts and codes in their cells."""


class ShrunkPage:
    """A page with an even background, shrunk, on which print is looked for that has no word upon it.

    It is made before the page is read: afterwards the whole picture would have to be fetched into memory again.
    """

    def __init__(self, even: Image.Image) -> None:
        self._scale = min(1.0, SIDE / max(even.size))
        size = (max(1, round(even.width * self._scale)), max(1, round(even.height * self._scale)))
        self._small = np.asarray(cv2.resize(np.asarray(even), size, interpolation=cv2.INTER_AREA), dtype=np.uint8)

    def unread(self, words: Sequence[Word]) -> Unread:
        """What looks like print and has no word upon it.

        Tesseract leaves out cells of ruled tables, white print on dark bars, lines beside pictures and single figures
        without a sign of doubt; what it did report says nothing of that.
        """
        if not words:
            return Unread(1.0)
        share, figures = self._left_out(words, INK)
        # what is faint may run into its ground, so that what is not is better seen without it
        faint, _ = self._left_out(words, FAINT_INK)
        return Unread(max(share, faint), tuple(box for box in figures if _stands_in_row(box, words)))

    def _left_out(self, words: Sequence[Word], level: int) -> tuple[float, list[Box]]:
        """The share of print, what is darker than a grey level, without a word upon it, and single short marks."""
        scale = self._scale
        height = max(4.0, float(np.median([word.box.height for word in words])) * scale)
        labels, stats = self._blobs(height, level)
        count = len(stats)
        covered = np.zeros(count, np.int64)
        for word in words:
            x0, top, x1, bottom = (edge * scale for edge in word.box)
            part = labels[max(0, int(top - 2)) : int(bottom + 3), max(0, int(x0 - 2)) : int(x1 + 3)]
            covered += np.bincount(part.ravel(), minlength=count)
        seen = left_out = 0.0
        figures: list[Box] = []
        for label in range(1, count):
            x, y, wide, high, area = (int(value) for value in stats[label])
            if 0.5 * height <= high <= 2.5 * height and wide >= 1.6 * high and area >= 0.35 * wide * high:
                seen += wide
                left_out += wide if covered[label] < 0.4 * area else 0.0
            elif not covered[label] and _is_figure(wide / height, high / height, area / (wide * high)):
                figures.append(Box(x / scale, y / scale, (x + wide) / scale, (y + high) / scale))
        return left_out / seen if seen else 0.0, figures

    def _blobs(self, height: float, level: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Pieces of print, ruled lines left out: the number of each on its pixels, and its box and area."""
        ink, length = np.asarray(self._small < level, dtype=np.uint8), round(RULE * height)
        rules = np.empty_like(ink)
        for shape in ((1, length), (length, 1)):
            cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones(shape, np.uint8), rules)
            cv2.dilate(rules, np.ones((3, 3), np.uint8), rules)
            cv2.subtract(ink, rules, ink)
        # signs of a word run together
        cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, max(3, round(0.8 * height))), np.uint8), ink)
        _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
        return np.asarray(labels, dtype=np.int32), np.asarray(stats, dtype=np.int32)


def _is_figure(wide: float, high: float, filled: float) -> bool:
    """Whether a mark of so many heights of the print may be a figure or two, and no speck, dash or rule."""
    rule = wide < 0.35 and filled > 0.85
    return 0.6 <= high <= 1.3 and 0.15 <= wide <= 2.0 and filled >= 0.2 and not rule


def _stands_in_row(box: Box, words: Sequence[Word]) -> bool:
    """Whether words of about its height stand beside a mark, none of them so near that it is a part of one."""
    beside = [
        word.box
        for word in words
        if word.box.height < 2 * box.height
        and min(word.box.bottom, box.bottom) - max(word.box.top, box.top) > 0.6 * min(box.height, word.box.height)
    ]
    near = any(max(box.x0 - one.x1, one.x0 - box.x1) < APART * box.height for one in beside)
    return len(beside) >= LEAST_BESIDE and not near


def parts_with_print(pixels: NDArray[np.uint8]) -> tuple[tuple[slice, ...], slice]:
    """The strips of a picture, from the top, that are not blank paper all across, and the columns they span."""
    height, width = pixels.shape[:2]
    half = cv2.resize(pixels, (max(1, width // 2), max(1, height // 2)), interpolation=cv2.INTER_AREA)
    grey = np.asarray(even_background(Image.fromarray(half)))
    ink = np.asarray(grey < float(np.median(grey)) - DARKER, dtype=np.uint8)
    rules = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((max(3, ink.shape[0] // TALL), 1), np.uint8))
    ink = np.asarray(cv2.subtract(ink, rules), dtype=np.uint8)
    strips, columns = _spans(ink.sum(axis=1), height), _spans(ink.sum(axis=0), width)
    return strips, slice(columns[0].start, columns[-1].stop) if columns else slice(0, 0)


def _spans(ink: NDArray[np.int64], length: int) -> tuple[slice, ...]:
    """Where there is ink, with the paper around it, along a side of so many pixels; told on half as many."""
    # one dark pixel across a page is a speck
    inked = np.flatnonzero(np.repeat(ink > 1, 2))
    if not len(inked):
        return ()
    gaps = np.flatnonzero(np.diff(inked) > 2 * AROUND + 1)
    starts, stops = inked[np.append(0, gaps + 1)], inked[np.append(gaps, len(inked) - 1)] + 1
    return tuple(
        slice(max(0, int(start) - AROUND), min(length, int(stop) + AROUND))
        for start, stop in zip(starts, stops, strict=True)
    )


def rows_of_print(picture: Image.Image) -> int:
    """How many rows of letters a picture seems to have; 0 for a photo, a signature or a drawing."""
    ink = np.asarray(np.asarray(even_background(picture)) < INK, dtype=np.uint8)
    if not 0.004 <= float(ink.mean()) <= 0.45:
        return 0
    _, _, stats, centres = cv2.connectedComponentsWithStats(ink, connectivity=8)
    wide, high, area = stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT], stats[1:, cv2.CC_STAT_AREA]
    marks = area >= 6
    letters = marks & (high >= 7) & (high <= 90) & (wide <= 3 * high) & (area >= 0.12 * wide * high)
    # a photo falls into specks of every size
    if letters.sum() < LEAST_LETTERS or letters.sum() < 0.4 * marks.sum():
        return 0
    rows: list[list[float]] = []
    for middle, height in sorted(zip(centres[1:, 1][letters], high[letters], strict=True)):
        if rows and middle - rows[-1][0] < 0.7 * height:
            rows[-1].append(float(height))
        else:
            rows.append([float(middle), float(height)])
    return sum(len(row) > LEAST_LETTERS and np.std(row[1:]) < 0.45 * np.mean(row[1:]) for row in rows)


def with_bands(picture: Image.Image, frame: Frame) -> Frame:
    """The frame of a sheet in a photo, wider on sides beyond which white print stands.

    A dark band at a sheet's head or foot looks like the table that it lies on.
    """
    corners = np.array(frame).reshape(4, 2)
    wider = corners.copy()
    grey = picture.convert("L")
    for side in range(4):
        start, end = side, (side + 1) % 4
        outwards = {start: corners[start] - corners[side - 1], end: corners[end] - corners[(side + 2) % 4]}
        beyond = {corner: corners[corner] + BAND * step for corner, step in outwards.items()}
        strip = framed(grey, tuple(np.ravel([beyond[start], beyond[end], corners[end], corners[start]])))
        if rows_of_print(ImageOps.invert(strip)):
            wider[start] += BAND * outwards[start]
            wider[end] += BAND * outwards[end]
    return tuple(float(share) for share in wider.ravel())

"""The second engine: PP-OCR's models under onnxruntime, for what Tesseract reads poorly.

Its networks find lines and tell their signs; words are cut here, from the columns in which the signs were seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ingest.document import Box, Word
from ingest.readers import networks
from ingest.readers.coverage import parts_with_print
from ingest.readers.networks import Signs, installed

__all__ = ["Line", "both_ways", "installed", "line_of", "lines_of", "read"]

DETECTION_PIXELS = 1_000_000
"""Pixels of the copy on which lines are looked for; they are read from the full picture. Bounds the memory."""
LONGEST_DETECTION = 4000
"""Pixels of that copy's longer side: a till roll is long."""
LINES_AT_ONCE = 6
NEARLY_AS_LONG = 1.1
"""How much longer than the shortest of them the longest is at most: all are padded to its length."""
BATCH_LENGTH = 100
"""Lengths of the lines that are read at once, together, in times their height: bounds the memory."""
LONGEST_LINE = 120
"""A line longer than so many times its height is none."""
LEAST_CONFIDENCE = 0.5
"""Mean confidence of a line's signs below which it is no print."""
MARGIN = 0.19
"""Share of a line's height above and below its print: Tesseract's boxes of 3300 words, which fit the ink, had 0.55 of
the height, with descenders 0.65."""
PADDING = 0.3
"""Blank around a line that is cut by boxes that fit the ink, in heights: what makes the share above."""
CLEARLY_UPRIGHT = 0.92
"""Mean confidence of lines that nobody need read upside down for comparison."""
GAP = 2.2
"""A gap between two signs, in times the line's usual step, at which words part without a blank."""

_PLAIN_FORMS = {0xFF01 + step: 0x21 + step for step in range(94)} | {0x2460 + step: 0x31 + step for step in range(9)}
"""Signs as wide as Chinese ones, and digits in circles, which the models know and invoices hardly print: plain ones."""

_STROKES = re.compile("[\u4e00-\u9fff]")
"""A Chinese sign by itself: rules and marks of European print, which look like one."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of print: its four corners, in pixels, clockwise from the left end's upper one."""

    corners: NDArray[np.float32]

    @property
    def box(self) -> Box:
        """The upright box around it."""
        return _around(self.corners)

    @property
    def runs_down(self) -> bool:
        """Whether it is much higher than wide."""
        return self.box.height > 1.5 * self.box.width

    @property
    def length(self) -> float:
        """Pixels along its longer side."""
        return max(self.box.width, self.box.height)

    @property
    def thickness(self) -> float:
        """Pixels across."""
        return min(self.box.width, self.box.height)


def lines_of(picture: Image.Image) -> tuple[Line, ...]:
    """The lines of print on a picture."""
    width, height = picture.size
    scale = min(1.0, (DETECTION_PIXELS / (height * width)) ** 0.5, LONGEST_DETECTION / max(height, width))
    size = (max(32, round(width * scale)), max(32, round(height * scale)))
    copy = _coloured(cv2.resize(_pixels(picture), size, interpolation=cv2.INTER_AREA))
    factors = np.array([width / size[0], height / size[1]], dtype=np.float32)
    return tuple(Line(corners * factors) for corners in _found(copy))


def _found(copy: NDArray[np.uint8]) -> Iterator[NDArray[np.float32]]:
    """The corners of the lines on a picture; blank paper, which is half of most pages, is cut out before looking."""
    strips, columns = parts_with_print(copy)
    if not strips:
        return
    ends = np.cumsum([strip.stop - strip.start for strip in strips])
    for corners in networks.corners_of_lines(np.concatenate([copy[strip, columns] for strip in strips])):
        place = min(int(np.searchsorted(ends, corners[:, 1].mean(), side="right")), len(strips) - 1)
        yield corners + np.array([columns.start, strips[place].stop - ends[place]], dtype=np.float32)


def line_of(boxes: Sequence[Box]) -> Line:
    """The line of print on which words stand side by side, by their boxes, which fit the ink.

    With the blank around it that lines have which are found here.
    """
    height = max(box.height for box in boxes)
    x0, x1 = min(box.x0 for box in boxes) - PADDING * height, max(box.x1 for box in boxes) + PADDING * height
    top, bottom = min(box.top for box in boxes) - PADDING * height, max(box.bottom for box in boxes) + PADDING * height
    return Line(np.array([(x0, top), (x1, top), (x1, bottom), (x0, bottom)], dtype=np.float32))


def read(picture: Image.Image, lines: Sequence[Line]) -> tuple[Word, ...]:
    """The words of lines of an upright picture, boxes in its pixels."""
    words: dict[int, list[Word]] = {}
    for part, crops in _batches(*_cut(picture, lines)):
        for line, signs in zip(part, networks.signs_of(crops), strict=True):
            if signs.confidence >= LEAST_CONFIDENCE and signs.text.strip():
                words[id(line)] = [word for word in _words(signs, line.corners) if not _STROKES.fullmatch(word.text)]
    return tuple(word for line in lines for word in words.get(id(line), ()))


def _batches(
    lines: Sequence[Line], crops: Sequence[NDArray[np.uint8]]
) -> Iterator[tuple[list[Line], list[NDArray[np.uint8]]]]:
    """Lines of like length together, few enough that the longest ones fit into memory."""
    lengths = [crop.shape[1] / crop.shape[0] for crop in crops]
    order = sorted(range(len(crops)), key=lambda index: lengths[index])
    batch: list[int] = []
    for index in order:
        most = min(NEARLY_AS_LONG * lengths[batch[0]], BATCH_LENGTH / (len(batch) + 1)) if batch else lengths[index]
        if len(batch) == LINES_AT_ONCE or lengths[index] > most:
            yield [lines[item] for item in batch], [crops[item] for item in batch]
            batch = []
        batch.append(index)
    if batch:
        yield [lines[item] for item in batch], [crops[item] for item in batch]


def both_ways(picture: Image.Image, lines: Sequence[Line]) -> tuple[float, float]:
    """Mean confidence of lines as they lie (those that run down turned to the left), and upside down."""
    _, crops = _cut(picture, lines)
    if not crops:
        return 0.0, 0.0
    upright = _mean_confidence(crops)
    if upright >= CLEARLY_UPRIGHT:
        return upright, 0.0
    return upright, _mean_confidence([crop[::-1, ::-1] for crop in crops])


def _mean_confidence(crops: Sequence[NDArray[np.uint8]]) -> float:
    return float(np.mean([signs.confidence for signs in networks.signs_of(crops)]))


def _cut(picture: Image.Image, lines: Sequence[Line]) -> tuple[list[Line], list[NDArray[np.uint8]]]:
    """The lines that are large enough to be read, and their pictures."""
    pixels = _pixels(picture)
    pairs = [(line, _straightened(pixels, line.corners)) for line in lines if line.thickness >= 4]
    # one endless line would take all the memory
    pairs = [(line, crop) for line, crop in pairs if crop.shape[1] <= LONGEST_LINE * crop.shape[0]]
    return [line for line, _ in pairs], [crop for _, crop in pairs]


def _straightened(pixels: NDArray[np.uint8], corners: NDArray[np.float32]) -> NDArray[np.uint8]:
    """A line's picture, level; one that runs down turned to the left."""
    upper, right, lower, left = (float(np.linalg.norm(corners[i] - corners[(i + 1) % 4])) for i in range(4))
    width, height = max(1, int(max(upper, lower))), max(1, int(max(left, right)))
    target = np.array([(0, 0), (width, 0), (width, height), (0, height)], dtype=np.float32)
    crop = cv2.warpPerspective(
        pixels,
        cv2.getPerspectiveTransform(corners, target),
        (width, height),
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return _coloured(np.rot90(crop) if height >= 1.5 * width else crop)


def _pixels(picture: Image.Image) -> NDArray[np.uint8]:
    """As they are: a whole page of grey is three times as much in colour."""
    return np.asarray(picture if picture.mode in {"L", "RGB"} else picture.convert("RGB"))


def _coloured(pixels: NDArray[Any]) -> NDArray[np.uint8]:
    """Blue, green, red, as the models were taught."""
    return np.ascontiguousarray(pixels[:, :, ::-1] if pixels.ndim == 3 else np.repeat(pixels[:, :, None], 3, axis=2))


def _words(read: Signs, quad: NDArray[np.float32]) -> Iterator[Word]:
    text = read.text.translate(_PLAIN_FORMS)
    printed = [place for place, sign in enumerate(text) if not sign.isspace()]
    columns = [read.columns[place] for place in printed]
    for first, last in _spans(text, columns):
        start = columns[first] - _half_step(columns, first, first, last)
        end = columns[last - 1] + 1 + _half_step(columns, last - 1, first, last)
        yield Word(
            "".join(text[place] for place in printed[first:last]),
            _slice(quad, start / read.width, end / read.width),
            # one misread sign spoils the word
            min(read.confidences[place] for place in printed[first:last]),
        )


def _spans(text: str, columns: Sequence[int]) -> Iterator[tuple[int, int]]:
    """From which to which printed sign each word runs: apart at blanks and at gaps far wider than the usual step."""
    steps = [b - a for a, b in zip(columns, columns[1:], strict=False)]
    usual = max(float(np.median(steps)), 1.5) if steps else 1.5
    first = index = 0
    blank = False
    for sign in text:
        if sign.isspace():
            blank = True
            continue
        if index > first and (blank or columns[index] - columns[index - 1] > max(GAP * usual, 5)):
            yield first, index
            first = index
        index, blank = index + 1, False
    if index > first:
        yield first, index


def _half_step(columns: Sequence[int], index: int, first: int, last: int) -> float:
    """How far a word's outer sign reaches beyond its column, in columns."""
    if last - first < 2:
        return 0.5
    return min(1.5, 0.5 * (columns[last - 1] - columns[first]) / (last - first - 1) - 0.3)


def _slice(quad: NDArray[np.float32], start: float, end: float) -> Box:
    """The upright box around the part of a line from one share of its length to another."""
    start, end = min(max(start, 0.0), 1.0), min(max(end, 0.0), 1.0)
    left, right = quad[3] - quad[0], quad[2] - quad[1]
    edges = ((quad[0] + left * share, quad[1] + right * share) for share in (MARGIN, 1 - MARGIN))
    corners = [edge[0] + (edge[1] - edge[0]) * share for edge in edges for share in (start, end)]
    return _around(np.array(corners))


def _around(corners: NDArray[np.float32]) -> Box:
    x0, top = corners.min(axis=0)
    x1, bottom = corners.max(axis=0)
    return Box(float(x0), float(top), float(x1), float(bottom))

"""The second engine: PP-OCR's models under onnxruntime, for what Tesseract reads poorly.

RapidOCR finds lines and reads them; its own word boxes share one width for all signs of a line and lose the
signs' confidences after a blank, so words are cut here, from the columns in which its signs were seen.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ingest.document import Box, Word

if TYPE_CHECKING:
    from rapidocr import RapidOCR

# since 1.29 onnxruntime's wheels tell their maker of every process and model, unless this stands there when they load
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

DETECTION_PIXELS = 1_000_000
"""Pixels of the copy on which lines are looked for; they are read from the full picture. Bounds the memory."""
LONGEST_DETECTION = 4000
"""Pixels of that copy's longer side: a till roll is long."""
LINES_AT_ONCE = 6
BATCH_LENGTH = 100
"""Lengths of the lines that are read at once, together, in times their height: bounds the memory."""
NARROWEST = 64
"""Pixels to which a line 48 high is padded; 320, the default, makes every amount cost as much as a sentence."""
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


def installed() -> bool:
    """Whether the second engine can be used here."""
    return find_spec("rapidocr") is not None and find_spec("onnxruntime") is not None


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
    pixels = _pixels(picture)
    height, width = pixels.shape[:2]
    scale = min(1.0, (DETECTION_PIXELS / (height * width)) ** 0.5, LONGEST_DETECTION / max(height, width))
    size = (max(32, round(width * scale)), max(32, round(height * scale)))
    copy = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    found = _detector()(copy)
    if found.boxes is None:
        return ()
    factors = np.array([width / size[0], height / size[1]], dtype=np.float32)
    return tuple(Line(np.asarray(box, dtype=np.float32) * factors) for box in found.boxes)


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
    from rapidocr.ch_ppocr_rec import TextRecInput

    words: dict[int, list[Word]] = {}
    for part, crops in _batches(*_cut(picture, lines)):
        result = _recogniser()(TextRecInput(img=crops, return_word_box=True))
        for line, text, score, info in zip(part, result.txts, result.scores, result.word_results, strict=True):
            if score >= LEAST_CONFIDENCE and text.strip():
                found = _words(text.translate(_PLAIN_FORMS), info, line.corners)
                words[id(line)] = [word for word in found if not _STROKES.fullmatch(word.text)]
    return tuple(word for line in lines for word in words.get(id(line), ()))


def _batches(
    lines: Sequence[Line], crops: Sequence[NDArray[np.uint8]]
) -> Iterator[tuple[list[Line], list[NDArray[np.uint8]]]]:
    """Lines of like length together, few enough that the longest ones fit into memory."""
    lengths = [crop.shape[1] / crop.shape[0] for crop in crops]
    order = sorted(range(len(crops)), key=lambda index: lengths[index])
    batch: list[int] = []
    for index in order:
        if batch and (len(batch) == LINES_AT_ONCE or (len(batch) + 1) * lengths[index] > BATCH_LENGTH):
            yield [lines[item] for item in batch], [crops[item] for item in batch]
            batch = []
        batch.append(index)
    if batch:
        yield [lines[item] for item in batch], [crops[item] for item in batch]


def both_ways(picture: Image.Image, lines: Sequence[Line]) -> tuple[float, float]:
    """Mean confidence of lines as they lie (those that run down turned to the left), and upside down."""
    from rapidocr.ch_ppocr_rec import TextRecInput

    _, crops = _cut(picture, lines)
    if not crops:
        return 0.0, 0.0
    upright = _recogniser()(TextRecInput(img=crops))
    if float(np.mean(upright.scores)) >= CLEARLY_UPRIGHT:
        return float(np.mean(upright.scores)), 0.0
    flipped = _recogniser()(TextRecInput(img=[np.ascontiguousarray(crop[::-1, ::-1]) for crop in crops]))
    return float(np.mean(upright.scores)), float(np.mean(flipped.scores))


def _cut(picture: Image.Image, lines: Sequence[Line]) -> tuple[list[Line], list[NDArray[np.uint8]]]:
    """The lines that are large enough to be read, and their pictures."""
    from rapidocr.utils.process_img import get_rotate_crop_image

    pixels = _pixels(picture)
    pairs = [(line, get_rotate_crop_image(pixels, line.corners.copy())) for line in lines if line.thickness >= 4]
    # one endless line would take all the memory
    pairs = [(line, crop) for line, crop in pairs if crop.shape[1] <= LONGEST_LINE * crop.shape[0]]
    return [line for line, _ in pairs], [crop for _, crop in pairs]


def _pixels(picture: Image.Image) -> NDArray[np.uint8]:
    """Blue, green, red, as the models were taught."""
    return np.ascontiguousarray(np.asarray(picture.convert("RGB"))[:, :, ::-1])


def _words(text: str, info: Any, quad: NDArray[np.float32]) -> Iterator[Word]:
    columns = [column for word in info.word_cols for column in word]
    signs = [(sign, confidence) for sign, confidence in zip(text, info.confs, strict=False) if not sign.isspace()]
    if len(columns) != len(signs) or not info.line_txt_len:
        yield Word(text.strip(), _around(quad), float(np.mean(info.confs)))
        return
    for first, last in _spans(text, columns):
        part = signs[first:last]
        start = columns[first] - _half_step(columns, first, first, last)
        end = columns[last - 1] + 1 + _half_step(columns, last - 1, first, last)
        yield Word(
            "".join(sign for sign, _ in part),
            _slice(quad, start / info.line_txt_len, end / info.line_txt_len),
            # one misread sign spoils the word
            min(confidence for _, confidence in part),
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


@cache
def _engine() -> RapidOCR:
    from rapidocr import RapidOCR

    # it logs every start
    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    return RapidOCR(
        params={
            "Global.log_level": "error",
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            # the size is chosen here
            "Det.limit_type": "max",
            "Det.limit_side_len": LONGEST_DETECTION,
            "Rec.rec_batch_num": LINES_AT_ONCE,
            "Rec.rec_img_shape": [3, 48, NARROWEST],
            "Global.use_cls": False,
        }
    )


@cache
def _detector() -> Any:
    engine: Any = _engine()
    return engine._load_det_model()


@cache
def _recogniser() -> Any:
    engine: Any = _engine()
    return engine._load_rec_model()

"""The second engine's two networks, run by onnxruntime: where lines of print are, and which signs a line shows.

They are PP-OCR's, from rapidocr's wheel. Its own code is not loaded: that takes longer than reading most pages.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

# since 1.29 onnxruntime's wheels tell their maker of every process and model, unless this stands there when they load
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

STEP = 32
"""Pixels to a multiple of which a picture's sides are padded where lines are looked for."""
PRINT = 0.3
"""Share of certainty from which a pixel belongs to a line."""
LINE = 0.5
"""Mean certainty from which such pixels are a line."""
GROWN = 1.6
"""By how much a line is larger than the pixels by which it is seen: area, in times the length around them."""
THINNEST = 3
"""Pixels across below which they are a speck."""
MOST_LINES = 1000
ROW = 10
"""Pixels by which a line begins lower than the one beside it from which it stands below it."""
HEIGHT = 48
"""Pixels to which a line's picture is scaled."""
NARROWEST = 64
"""Pixels to which it is padded at least."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What a line shows: its signs, blanks among them, how sure each is, and in which of its columns it was seen."""

    text: str
    confidences: tuple[float, ...]
    columns: tuple[int, ...]
    width: float
    """Columns of the line."""

    @property
    def confidence(self) -> float:
        """Mean of its signs; 0 where it has none."""
        return float(np.mean(self.confidences)) if self.confidences else 0.0


def installed() -> bool:
    """Whether the networks and what runs them are there."""
    return find_spec("onnxruntime") is not None and all(_network(task) is not None for task in ("det", "rec"))


def corners_of_lines(picture: NDArray[np.uint8]) -> tuple[NDArray[np.float32], ...]:
    """The corners of the lines of print on a picture (blue, green, red), in rows from the top.

    Clockwise from the left end's upper one.
    """
    height, width = picture.shape[:2]
    padded = cv2.copyMakeBorder(picture, 0, -height % STEP, 0, -width % STEP, cv2.BORDER_REPLICATE)
    certain = _run(_detector(), _scaled(padded)[None])[0, 0, :height, :width]
    seen = cv2.dilate((certain > PRINT).astype(np.uint8), np.ones((2, 2), np.uint8))
    outlines, _ = cv2.findContours(seen, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    found = [corners for outline in outlines[:MOST_LINES] for corners in _line_around(certain, outline)]
    return tuple(_in_rows(found))


def _in_rows(lines: Sequence[NDArray[np.float32]]) -> Iterator[NDArray[np.float32]]:
    """From the top, and from left to right what stands on one height."""
    row: list[NDArray[np.float32]] = []
    for corners in sorted(lines, key=lambda corners: float(corners[0][1])):
        if row and corners[0][1] - row[-1][0][1] >= ROW:
            yield from sorted(row, key=lambda corners: float(corners[0][0]))
            row = []
        row.append(corners)
    yield from sorted(row, key=lambda corners: float(corners[0][0]))


def _line_around(certain: NDArray[np.float32], outline: Any) -> Iterator[NDArray[np.float32]]:
    """The line that is seen by the pixels within an outline, if it is one."""
    middle, (wide, high), angle = cv2.minAreaRect(outline)
    if min(wide, high) < THINNEST:
        return
    left, top, across, down = cv2.boundingRect(outline)
    mask = np.zeros((down, across), np.uint8)
    box = cv2.boxPoints((middle, (wide, high), angle)) - np.array([left, top], dtype=np.float32)
    cv2.fillPoly(mask, [np.asarray(box, dtype=np.int32)], 1)
    if cv2.mean(certain[top : top + down, left : left + across], mask)[0] < LINE:
        return
    more = 2 * GROWN * wide * high / (2 * (wide + high))
    corners = sorted(cv2.boxPoints((middle, (wide + more, high + more), angle)).tolist())
    (upper_left, lower_left), (upper_right, lower_right) = (
        sorted(end, key=lambda corner: corner[1]) for end in (corners[:2], corners[2:])
    )
    limits = np.array([certain.shape[1], certain.shape[0]], dtype=np.float32)
    yield np.clip(np.array([upper_left, upper_right, lower_right, lower_left], dtype=np.float32), 0, limits)


def signs_of(crops: Sequence[NDArray[np.uint8]]) -> tuple[Signs, ...]:
    """What the pictures of lines (blue, green, red) show; they are padded to the longest."""
    widths = [max(1, -(-HEIGHT * crop.shape[1] // crop.shape[0])) for crop in crops]
    batch = np.zeros((len(crops), 3, HEIGHT, max(NARROWEST, *widths)), dtype=np.float32)
    for row, crop, width in zip(batch, crops, widths, strict=True):
        row[:, :, :width] = _scaled(cv2.resize(crop, (width, HEIGHT)))
    certain = _run(_recogniser(), batch)
    best = certain.argmax(axis=2)
    sure = np.take_along_axis(certain, best[:, :, None], axis=2)[:, :, 0]
    per_pixel = best.shape[1] / batch.shape[3]
    return tuple(
        _signs(line, confidences, width * per_pixel)
        for line, confidences, width in zip(best, sure, widths, strict=True)
    )


def _signs(best: NDArray[np.int64], sure: NDArray[np.float32], width: float) -> Signs:
    # a sign that is seen in neighbouring columns is one; 0 is none
    first = np.append(True, best[1:] != best[:-1]) & (best != 0)
    columns = np.flatnonzero(first)
    known = _alphabet()
    return Signs(
        "".join(known[index] for index in best[columns]),
        tuple(sure[columns].tolist()),
        tuple(columns.tolist()),
        width,
    )


def _scaled(picture: NDArray[Any]) -> NDArray[np.float32]:
    """Colours first, from -1 to 1, as the networks were taught."""
    return picture.transpose(2, 0, 1).astype(np.float32) / np.float32(127.5) - np.float32(1)


def _run(session: Any, pictures: NDArray[np.float32]) -> NDArray[np.float32]:
    (found,) = session.run(None, {session.get_inputs()[0].name: pictures})
    return np.asarray(found, dtype=np.float32)


@cache
def _detector() -> Any:
    return _session("det", keeps_memory=False)


@cache
def _recogniser() -> Any:
    # it runs for a few lines at a time: asking the system for memory anew each time costs a tenth
    return _session("rec", keeps_memory=True)


@cache
def _alphabet() -> tuple[str, ...]:
    """The signs by number; the last one is the blank between words, none has the first number."""
    return ("", *_recogniser().get_modelmeta().custom_metadata_map["character"].splitlines(), " ")


def _session(task: str, keeps_memory: bool) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = keeps_memory
    # numbers too small to be told from zero fade out in the detector's layers: a processor takes ten times as long over
    # them, two thirds of the time for a page
    options.add_session_config_entry("session.set_denormal_as_zero", "1")
    # it warns of what it can't find out about a machine's processors
    options.log_severity_level = 4
    network = _network(task)
    if network is None:
        raise ModuleNotFoundError("The second engine's networks are missing: install rapidocr.")
    return onnxruntime.InferenceSession(str(network), options, providers=["CPUExecutionProvider"])


@cache
def _network(task: str) -> Path | None:
    """The newest one for a task in rapidocr's wheel; None where there is none."""
    spec = find_spec("rapidocr")
    folder = Path(spec.origin).parent / "models" if spec is not None and spec.origin is not None else None
    found = sorted(folder.glob(f"PP-OCR*_{task}_small.onnx")) if folder is not None else []
    return found[-1] if found else None

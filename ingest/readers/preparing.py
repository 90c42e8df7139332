"""A page's picture made fit for reading: background evened out, skew and perspective taken away."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ingest.readers.limits import ROLL

Frame = tuple[float, ...]
"""Four corners (x, y; clockwise from the top left) on a picture, as shares of its width and height."""

LONGEST_SIDE = 2600
"""Pixels beyond which a page is shrunk: A4 at 220 dpi; at 300 Tesseract takes a fifth longer and reads no better."""
LONGEST_ROLL = 3600
"""The same for a till roll, whose print fills the width."""
INK = 195
"""Grey level below which a pixel of an evened picture is ink."""
SKEW_SIDE = 1000
"""Pixels of the longer side of the copy on which the skew is looked for."""
STRIP = 4
"""Pixels across of the strips of that copy that are shifted against each other."""
MOST_SKEW = 8.0
"""Degrees of the largest skew that is looked for; more is no scan."""
LEAST_SKEW = 0.3
"""Degrees below which a page is left as it is: over a line of A4 that is a millimetre."""
CLEARER = 1.12
"""How much sharper the rows must stand out for a skew to be believed."""
PHOTO_SIDE = 600
"""Pixels of the longer side of the copy on which a sheet is looked for in a photo."""
LEAST_SHEET = 0.2
"""Share of a photo that a sheet covers at least; below it may be a label in the picture."""
MOST_SHEET = 0.93
"""Share from which the sheet is the whole picture."""
SHEET_CONTRAST = 30
"""Grey levels by which a sheet is brighter, along three quarters of each side, than what it lies on."""
EDGE = 7.0
"""Pixels of that copy inside and outside a side where the two are compared."""


def within_limits(picture: Image.Image) -> Image.Image:
    """The picture, shrunk where it is larger than reading needs."""
    scale = (LONGEST_ROLL if max(picture.size) > ROLL * min(picture.size) else LONGEST_SIDE) / max(picture.size)
    if scale >= 1:
        return picture
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    return picture.resize(size, Image.Resampling.BOX, reducing_gap=2.0)


def even_background(picture: Image.Image) -> Image.Image:
    """The picture divided by its blurred background: shadows, grey paper and stains go, ink stays."""
    return Image.fromarray(_evened(np.asarray(picture.convert("L"))))


def _evened(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = grey.shape
    small = cv2.resize(grey, (max(8, width // 8), max(8, height // 8)), interpolation=cv2.INTER_LINEAR)
    # the background is what is brightest around; ink is darker than paper
    paper = cv2.blur(cv2.dilate(small, np.ones((7, 7), np.uint8)), (9, 9))
    background = cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(grey, np.maximum(background, 1), scale=255.0), dtype=np.uint8)


def skew_of(picture: Image.Image) -> float:
    """Degrees by which the lines of print climb to the right; 0 where they are level, or nothing is sure."""
    copy = picture.convert("L")
    copy.thumbnail((SKEW_SIDE, SKEW_SIDE), Image.Resampling.BOX, reducing_gap=2.0)
    ink = (_evened(np.asarray(copy)) < INK).astype(np.float32)
    if not 0.002 <= float(ink.mean()) <= 0.4:
        return 0.0
    strips = np.add.reduceat(ink, np.arange(0, ink.shape[1], STRIP), axis=1).T.copy()
    level = _rows_stand_out(strips, 0.0)
    best = 0.0
    for reach, step in ((MOST_SKEW, 1.0), (0.75, 0.25), (0.2, 0.1)):
        best = max(best + np.arange(-reach, reach + step / 2, step), key=lambda angle: _rows_stand_out(strips, angle))
    if abs(best) < LEAST_SKEW or _rows_stand_out(strips, best) < CLEARER * level:
        return 0.0
    return float(best)


def _rows_stand_out(strips: NDArray[np.float32], angle: float) -> float:
    """How much neighbouring rows differ in ink once lines that climb by the angle are levelled.

    `strips` hold, from the left, the ink of each row of a narrow strip. Shifting them does what a turn does to rows,
    at a fraction of the cost.
    """
    count, height = strips.shape
    slope = np.tan(np.radians(angle)) * STRIP
    shifts = np.rint(slope * (np.arange(count) - (count - 1) / 2)).astype(int)
    rows = np.zeros(height + int(np.ptp(shifts)), dtype=np.float32)
    for strip, shift in zip(strips, shifts - shifts.min(), strict=True):
        rows[shift : shift + height] += strip
    # what is shifted out is left out: a dark edge is no row
    return float(np.square(np.diff(rows[-shifts.min() :][:height])).sum())


def frame_of_skew(picture: Image.Image, angle: float) -> Frame:
    """The frame, as large as the picture and turned about its middle, in which the lines are level."""
    width, height = picture.size
    cos, sin = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    return tuple(
        float(share)
        for x, y in ((-width, -height), (width, -height), (width, height), (-width, height))
        for share in ((x * cos + y * sin) / 2 / width + 0.5, (y * cos - x * sin) / 2 / height + 0.5)
    )


def sheet_in_photo(picture: Image.Image) -> Frame | None:
    """The corners of a bright sheet that lies on something darker; None unless it is unmistakable."""
    copy = picture.convert("L")
    copy.thumbnail((PHOTO_SIDE, PHOTO_SIDE), Image.Resampling.BOX, reducing_gap=2.0)
    grey = np.asarray(cv2.GaussianBlur(np.asarray(copy), (7, 7), 0), dtype=np.uint8)
    _, mask = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    # print must not tear the sheet apart
    mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8))
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not outlines:
        return None
    outline = np.asarray(max(outlines, key=cv2.contourArea), dtype=np.int32)
    hull = cv2.convexHull(outline)
    corners = cv2.approxPolyDP(hull, 0.03 * cv2.arcLength(hull, True), True).reshape(-1, 2).astype(np.float32)
    if len(corners) != 4 or not _is_sheet(grey, outline, corners):
        return None
    ordered = _clockwise(corners)
    return tuple(float(share) for corner in ordered for share in (corner[0] / copy.width, corner[1] / copy.height))


def _is_sheet(grey: NDArray[np.uint8], outline: NDArray[np.int32], corners: NDArray[np.float32]) -> bool:
    area = float(cv2.contourArea(corners))
    if not LEAST_SHEET <= area / grey.size <= MOST_SHEET or cv2.contourArea(outline) < 0.93 * area:
        return False
    sides = [float(np.linalg.norm(corners[index] - corners[(index + 1) % 4])) for index in range(4)]
    if max(sides[0], sides[2]) > 1.6 * min(sides[0], sides[2]) or max(sides[1], sides[3]) > 1.6 * min(
        sides[1], sides[3]
    ):
        return False
    steps = [_step(grey, corners[index], corners[(index + 1) % 4], corners.mean(axis=0)) for index in range(4)]
    # a side may lie on the picture's border; a shadow on a page has no edges
    seen = [step for step in steps if step is not None]
    return len(seen) >= 2 and min(seen) >= SHEET_CONTRAST


def _step(
    grey: NDArray[np.uint8], start: NDArray[np.float32], end: NDArray[np.float32], centre: NDArray[np.float32]
) -> float | None:
    """By how much it is brighter just inside a side than just outside; None where the picture ends there."""
    along = start + np.linspace(0.08, 0.92, 40)[:, None] * (end - start)
    inwards = centre - (start + end) / 2
    shift = inwards / np.linalg.norm(inwards) * EDGE
    inside, outside = (along + shift).astype(int), (along - shift).astype(int)
    limits = np.array([grey.shape[1], grey.shape[0]])
    within = np.all((outside >= 0) & (outside < limits) & (inside >= 0) & (inside < limits), axis=1)
    if within.sum() < 20:
        return None
    brighter = grey[inside[within, 1], inside[within, 0]].astype(int) - grey[outside[within, 1], outside[within, 0]]
    return float(np.percentile(brighter, 25))


def _clockwise(corners: NDArray[np.float32]) -> NDArray[np.float32]:
    """From the top left."""
    centre = corners.mean(axis=0)
    angles = np.arctan2(corners[:, 1] - centre[1], corners[:, 0] - centre[0])
    ordered = corners[np.argsort(angles)]
    return np.roll(ordered, -int(np.argmin(ordered.sum(axis=1))), axis=0)


def framed(picture: Image.Image, frame: Frame | None, size: tuple[int, int] | None = None) -> Image.Image:
    """What lies in the frame, straightened, on white; as large as it is there unless a size in pixels is given."""
    if frame is None:
        return picture
    corners = np.array(frame, dtype=np.float32).reshape(4, 2) * np.array(picture.size, dtype=np.float32)
    if size is None:
        top, right, bottom, left = (float(np.linalg.norm(corners[i] - corners[(i + 1) % 4])) for i in range(4))
        size = (max(1, round(max(top, bottom))), max(1, round(max(left, right))))
    target = np.array([(0, 0), (size[0], 0), size, (0, size[1])], dtype=np.float32)
    straight = cv2.warpPerspective(
        np.asarray(picture if picture.mode in {"L", "RGB"} else picture.convert("RGB")),
        cv2.getPerspectiveTransform(corners, target),
        size,
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return Image.fromarray(straight)

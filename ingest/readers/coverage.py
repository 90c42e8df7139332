"""Whether an engine left print unread: ink that looks like words where it reported none."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from PIL import Image

from ingest.document import Word

SIDE = 1300
"""Pixels of the longer side of the copy that is looked at."""
INK = 170
"""Grey level below which a pixel of an evened, shrunk picture is ink."""
RULE = 3.5
"""Length of a ruled line, in times the print's height."""


def unread_share(even: Image.Image, words: Sequence[Word]) -> float:
    """How much of what looks like print has no word upon it, by width; `even` has an even background.

    Tesseract leaves out cells of ruled tables, white print on dark bars and lines beside pictures without a sign of
    doubt; what it did report says nothing of that.
    """
    if not words:
        return 1.0
    scale = min(1.0, SIDE / max(even.size))
    size = (max(1, round(even.width * scale)), max(1, round(even.height * scale)))
    small = cv2.resize(np.asarray(even), size, interpolation=cv2.INTER_AREA)
    ink = np.asarray(small < INK, dtype=np.uint8)
    height = max(4.0, float(np.median([word.box.height for word in words])) * scale)
    length = round(RULE * height)
    for shape in ((1, length), (length, 1)):
        rules = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones(shape, np.uint8))
        ink = np.asarray(cv2.subtract(ink, cv2.dilate(rules, np.ones((3, 3), np.uint8))), dtype=np.uint8)
    # signs of a word run together
    blobs = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, max(3, round(0.8 * height))), np.uint8))
    read = np.zeros(blobs.shape, np.uint8)
    for word in words:
        x0, top, x1, bottom = (edge * scale for edge in word.box)
        read[max(0, int(top - 2)) : int(bottom + 3), max(0, int(x0 - 2)) : int(x1 + 3)] = 1
    count, labels, stats, _ = cv2.connectedComponentsWithStats(blobs, connectivity=8)
    covered = np.bincount(labels.ravel(), weights=read.ravel(), minlength=count)
    seen = unread = 0.0
    for label in range(1, count):
        _, _, wide, high, area = stats[label]
        if not 0.5 * height <= high <= 2.5 * height or wide < 1.6 * high or area < 0.35 * wide * high:
            continue
        seen += wide
        if covered[label] < 0.4 * area:
            unread += wide
    return unread / seen if seen else 0.0

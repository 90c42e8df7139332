"""Which way is up on a scan: told by reading, only where a page read poorly."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ingest.readers import rapid, tesseract
from ingest.readers.preparing import INK, even_background, within_limits

TILE = 100
"""Pixels of a tile of a page of 1000: some lines of print."""
CLEARLY = 1.6
"""How much better a turned picture must read."""
TRIAL_SIDE = 1600
"""Pixels of the longer side of a picture that is read to find out which way is up."""
TRIAL_LINES = 6
"""Lines that the second engine reads both ways."""
TRIAL_LENGTH = 12
"""Times its height that such a line is long at most, if others are there: enough to tell, and cheap."""
FLIPPED = 0.06
"""By how much lines must read surer upside down, in mean confidence."""


def turned(picture: Image.Image, turns: int) -> Image.Image:
    """The picture after so many quarter turns to the left."""
    ways = {1: Image.Transpose.ROTATE_90, 2: Image.Transpose.ROTATE_180, 3: Image.Transpose.ROTATE_270}
    return picture.transpose(ways[turns]) if turns else picture


def turns_of_lines(picture: Image.Image, found: Sequence[rapid.Line]) -> int:
    """Quarter turns to the left that make a picture upright, by the second engine and the lines it found.

    Lines that run down tell that the page lies on its side; the longest ones, read both ways, tell which.
    """
    lines = [line for line in found if line.length > 2 * line.thickness]
    if not lines:
        return 0
    down = sum(line.length for line in lines if line.runs_down)
    across = sum(line.length for line in lines if not line.runs_down)
    sideways = down > across
    trial = sorted(
        (line for line in lines if line.runs_down == sideways),
        key=lambda line: abs(line.length / line.thickness - TRIAL_LENGTH),
    )
    upright, flipped = rapid.both_ways(picture, trial[:TRIAL_LINES])
    return (1 if sideways else 0) + (2 if flipped > upright + FLIPPED else 0)


def quarter_turns(picture: Image.Image) -> int:
    """How many quarter turns to the left make the picture upright, by Tesseract alone.

    A page on its side is known by ink that changes more from column to column than from row to row, and turned as
    Tesseract's orientation detection says; a page upside down is turned only where it reads clearly better so.
    """
    small = picture.convert("L")
    small.thumbnail((1000, 1000))
    sideways = _runs_down(np.asarray(even_background(small), dtype=np.float32) < INK)
    middle = picture.convert("L")
    middle.thumbnail((2000, 2000))
    turns = tesseract.orientation(middle)
    if not sideways and not turns:
        return 0
    # it often takes an upright till slip for one upside down: what a turn is worth is told by reading it
    return _best_turn(middle, (1, 3) if sideways or turns % 2 else (2,))


def _best_turn(picture: Image.Image, ways: Sequence[int]) -> int:
    """The turn that reads clearly better than the picture as it is; 0 where none does."""
    upright_worth = _worth(picture)
    worth, turns = max((_worth(turned(picture, way)), way) for way in ways)
    return turns if worth > CLEARLY * upright_worth + 4 else 0


def _worth(picture: Image.Image) -> float:
    """Confident words of three signs and more on a copy, each counted by its confidence."""
    scale = min(2.0, TRIAL_SIDE / max(picture.size))
    copy = picture.resize((max(1, round(picture.width * scale)), max(1, round(picture.height * scale))))
    words = tesseract.recognise(even_background(within_limits(copy)), "eng")
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

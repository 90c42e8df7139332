"""A box of a page read again because a person asked: by OCR, in the same throw-away process as everything foreign."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.document import Box, Page
from ingest.errors import UnreadableFile
from ingest.reading import ReadingLimits, never, run_child
from ingest.scratch import scratch_folder, text_left
from ingest.serialise import from_json, to_json

SECONDS = 30
"""A person waits for it."""
OUTCOME = "region.json"
"""Where the child leaves what it read."""


@dataclass(frozen=True, slots=True)
class Region:
    """A box on a page, with what the page's drawing needs."""

    page: Page
    """Without its words: only how it was turned and straightened counts."""
    box: Box
    language: str | None = None


@dataclass(frozen=True, slots=True)
class RegionReading:
    """The words of a region as one text, line after line."""

    text: str
    confidence: float
    """Mean over its words, each weighed by its length; 0 where nothing was read."""


def read_region(
    original: Path,
    picture: Path,
    page: Page,
    box: Box,
    language: str | None,
    limits: ReadingLimits,
    cancelled: Callable[[], bool] = never,
) -> RegionReading:
    """Read what stands in a box: from the original, or from the page's picture where that cannot be drawn again.

    Raises:
        UnreadableFile: a limit was reached, or neither can be read.
    """
    bare = replace(page, words=(), rules=(), hidden=(), codes=())
    short = replace(limits, seconds=min(limits.seconds, SECONDS))
    if original.exists():
        try:
            return _read(original, Region(bare, box, language), short, cancelled)
        except UnreadableFile as stopped:
            if stopped.code in ("timed_out", "memory") or not picture.exists():
                raise
    # the picture is upright and straight already
    return _read(picture, Region(replace(bare, number=1, turns=0, frame=None), box, language), short, cancelled)


def _read(file: Path, region: Region, limits: ReadingLimits, cancelled: Callable[[], bool]) -> RegionReading:
    with scratch_folder("region") as folder:
        scratch = Path(folder)
        options = [f"--region={to_json(region)}"]
        run_child(file, "", scratch, limits, options, cancelled=cancelled, password="")
        if error := text_left(scratch, "error.json"):
            told = json.loads(error)
            raise UnreadableFile(told["code"], told["message"])
        if (found := text_left(scratch, OUTCOME)) is None:
            raise UnreadableFile("died", "Reading the box broke off. Try again, or type the value.", retryable=True)
        return from_json(found, RegionReading)


def keep_region(content: bytes, option: str, scratch: Path) -> None:
    """The child's part: draw the page, cut the box out, read it, and leave the result in the scratch folder."""
    # what reads pictures takes long to import, and only the child needs it
    from ingest.readers import region_of
    from ingest.readers.ocr import read_box

    region = from_json(option, Region)
    words = read_box(region_of(content, region.page, region.box), region.language)
    signs = sum(len(word.text) for word in words)
    sure = sum(word.confidence * len(word.text) for word in words) / signs if signs else 0.0
    found = RegionReading(" ".join(word.text for word in words), round(sure, 3))
    part = scratch / f".part-{os.getpid()}"
    part.write_text(to_json(found), "utf-8")
    part.replace(scratch / OUTCOME)

"""One box of one page, read again in the throw-away process."""

from __future__ import annotations

from pathlib import Path

import pytest
from paper import page_pdf
from PIL import Image

from ingest.document import Box, Page
from ingest.errors import UnreadableFile
from ingest.readers import read_document, region_of, render_pages
from ingest.reading import ReadingLimits
from ingest.region import read_region

PLACE = Box(58, 90, 190, 106)
"""Of what is printed 740 points above the foot of an A4 page."""
PAPER = page_pdf((60, 740, 11, "Order 4500-1187"), (60, 640, 11, "Something else"))


def test_a_box_is_read_from_the_original(tmp_path: Path) -> None:
    original = tmp_path / "original"
    original.write_bytes(PAPER)
    found = read_region(original, tmp_path / "none.png", Page(1, 595, 842), PLACE, "en", ReadingLimits())
    assert found.text == "Order 4500-1187"
    assert found.confidence > 0.8


def test_a_file_that_opens_no_more_is_read_from_its_page_picture(tmp_path: Path) -> None:
    render_pages(PAPER, tmp_path, read_document(PAPER, "0" * 64))
    original = tmp_path / "original"
    original.write_bytes(b"%PDF-1.7 and then nothing")
    found = read_region(original, tmp_path / "1.png", Page(1, 595, 842), PLACE, "en", ReadingLimits())
    assert found.text == "Order 4500-1187"


def test_it_is_cut_from_the_page_as_it_was_turned(tmp_path: Path) -> None:
    lying = tmp_path / "lying.png"
    picture = Image.new("RGB", (400, 200), "white")
    picture.paste("black", (0, 0, 100, 200))
    picture.save(lying)
    # a quarter turn to the left brings the left edge to the foot
    foot = region_of(lying.read_bytes(), Page(1, 200, 400, turns=1), Box(20, 330, 180, 380))
    head = region_of(lying.read_bytes(), Page(1, 200, 400, turns=1), Box(20, 20, 180, 70))
    assert foot.getextrema() == ((0, 0),) * 3
    assert head.getextrema() == ((255, 255),) * 3


def test_the_limits_of_reading_hold(tmp_path: Path) -> None:
    original = tmp_path / "original"
    original.write_bytes(PAPER)
    with pytest.raises(UnreadableFile, match="longer than 0 seconds"):
        read_region(original, tmp_path / "none.png", Page(1, 595, 842), PLACE, "en", ReadingLimits(seconds=0))


def test_nothing_is_read_outside_the_page() -> None:
    with pytest.raises(UnreadableFile, match="outside the page"):
        region_of(PAPER, Page(1, 595, 842), Box(700, 10, 800, 20))

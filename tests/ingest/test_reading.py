from __future__ import annotations

from pathlib import Path

import pytest

import samples
from ingest.errors import UnreadableFile
from ingest.reading import ReadingCancelled, ReadingLimits, read_in_child

DOCUMENTS = Path(samples.__file__).parent / "documents"
SCAN = DOCUMENTS / "11-kessler-again-scan.pdf"


def test_a_reading_comes_back_with_pictures_of_its_pages(tmp_path: Path) -> None:
    reading = read_in_child(DOCUMENTS / "03-northgate-two-pages.pdf", "0" * 64, ReadingLimits(), tmp_path)
    assert reading.document.page_count == 2
    assert reading.extraction.text("invoice_number") == "INV-20933"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["1.png", "2.png"]


def test_the_time_limit_stops_it() -> None:
    with pytest.raises(UnreadableFile) as told:
        read_in_child(SCAN, "0" * 64, ReadingLimits(seconds=0))
    assert told.value.code == "timed_out"
    assert not told.value.retryable


def test_the_memory_limit_stops_it() -> None:
    with pytest.raises(UnreadableFile) as told:
        read_in_child(SCAN, "0" * 64, ReadingLimits(memory_mb=30))
    assert told.value.code == "memory"


def test_a_file_above_the_limit_is_not_opened() -> None:
    with pytest.raises(UnreadableFile) as told:
        read_in_child(SCAN, "0" * 64, ReadingLimits(file_mb=0))
    assert told.value.code == "too_large"


def test_a_service_that_stops_need_not_wait_for_a_reader() -> None:
    with pytest.raises(ReadingCancelled):
        read_in_child(SCAN, "0" * 64, ReadingLimits(), cancelled=lambda: True)

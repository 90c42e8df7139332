from __future__ import annotations

from pathlib import Path

import pytest

import samples
from ingest.errors import UnreadableFile
from ingest.reading import PartlyRead, ReadingCancelled, ReadingLimits, read_in_child
from tests.support.hostile import endless_page

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


def test_pages_read_before_a_limit_struck_are_kept(tmp_path: Path) -> None:
    whole = tmp_path / "bomb.pdf"
    whole.write_bytes(endless_page(behind=DOCUMENTS / "03-northgate-two-pages.pdf"))
    with pytest.raises(PartlyRead) as told:
        read_in_child(whole, "0" * 64, ReadingLimits(seconds=8), tmp_path / "pages")
    assert told.value.code == "timed_out"
    assert told.value.reading.document.page_count == 3
    assert [page.number for page in told.value.reading.document.pages] == [1, 2]
    assert told.value.reading.extraction.text("invoice_number") == "INV-20933"
    assert sorted(path.name for path in (tmp_path / "pages").iterdir()) == ["1.png", "2.png"]

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

import samples
from ingest.errors import UnreadableFile
from ingest.reading import PartlyRead, ReadingCancelled, ReadingLimits, read_in_child
from ingest.scratch import sweep
from ingest.zygote import Zygote, Zygotes
from tests.support.hostile import endless_page

DOCUMENTS = Path(samples.__file__).parent / "documents"
SCAN = DOCUMENTS / "11-kessler-again-scan.pdf"
KILLED = """
import os, signal, sys, threading, time
from pathlib import Path
from ingest.reading import ReadingLimits, read_in_child
from ingest.zygote import Zygotes
def end():
    while not list(Path(sys.argv[2]).glob("coordinator-read-*/kept-*.json")):
        time.sleep(0.05)
    os.kill(os.getpid(), signal.SIGKILL)
threading.Thread(target=end).start()
read_in_child(Path(sys.argv[1]), "0" * 64, ReadingLimits(), zygote=Zygotes().own())
"""
"""Reads a file without end and is killed meanwhile."""


@pytest.fixture(params=["started", "forked"])
def zygote(request: pytest.FixtureRequest) -> Iterator[Zygote | None]:
    with Zygotes() as zygotes:
        yield zygotes.own() if request.param == "forked" else None


@pytest.fixture
def own() -> Iterator[Zygote]:
    with Zygotes() as zygotes:
        yield zygotes.own()


def _number(file: str, zygote: Zygote) -> str | None:
    return read_in_child(DOCUMENTS / file, "0" * 64, ReadingLimits(), zygote=zygote).extraction.text("invoice_number")


def _readers() -> list[psutil.Process]:
    """The zygote of this process, and the reader that it has forked."""
    found = psutil.Process().children(recursive=True)
    return [one for one in found if "ingest.zygote_child" in one.cmdline()]


def test_a_reading_comes_back_with_pictures_of_its_pages(zygote: Zygote | None, tmp_path: Path) -> None:
    reading = read_in_child(
        DOCUMENTS / "03-northgate-two-pages.pdf", "0" * 64, ReadingLimits(), tmp_path, zygote=zygote
    )
    assert reading.document.page_count == 2
    assert reading.extraction.text("invoice_number") == "INV-20933"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["1.png", "2.png"]


def test_the_time_limit_stops_it(zygote: Zygote | None) -> None:
    with pytest.raises(UnreadableFile) as told:
        read_in_child(SCAN, "0" * 64, ReadingLimits(seconds=0), zygote=zygote)
    assert told.value.code == "timed_out"
    assert not told.value.retryable


def test_the_memory_limit_stops_it(zygote: Zygote | None) -> None:
    with pytest.raises(UnreadableFile) as told:
        read_in_child(SCAN, "0" * 64, ReadingLimits(memory_mb=30), zygote=zygote)
    assert told.value.code == "memory"


def test_a_file_above_the_limit_is_not_opened() -> None:
    with pytest.raises(UnreadableFile) as told:
        read_in_child(SCAN, "0" * 64, ReadingLimits(file_mb=0))
    assert told.value.code == "too_large"


def test_a_service_that_stops_need_not_wait_for_a_reader(zygote: Zygote | None) -> None:
    with pytest.raises(ReadingCancelled):
        read_in_child(SCAN, "0" * 64, ReadingLimits(), cancelled=lambda: True, zygote=zygote)


def test_pages_read_before_a_limit_struck_are_kept(own: Zygote, tmp_path: Path) -> None:
    whole = tmp_path / "bomb.pdf"
    whole.write_bytes(endless_page(behind=DOCUMENTS / "03-northgate-two-pages.pdf"))
    assert _number("05-van-dijk-ubl.xml", own)  # starting it takes of the time
    with pytest.raises(PartlyRead) as told:
        read_in_child(whole, "0" * 64, ReadingLimits(seconds=8), tmp_path / "pages", zygote=own)
    assert told.value.code == "timed_out"
    assert told.value.reading.document.page_count == 3
    assert [page.number for page in told.value.reading.document.pages] == [1, 2]
    assert told.value.reading.extraction.text("invoice_number") == "INV-20933"
    assert sorted(path.name for path in (tmp_path / "pages").iterdir()) == ["1.png", "2.png"]


def test_a_zygote_goes_on_after_whatever_became_of_a_reader(own: Zygote) -> None:
    assert _number("02-moreau.pdf", own) == "F2026-1187"
    with pytest.raises(UnreadableFile, match="password"):
        read_in_child(DOCUMENTS / "25-locked.pdf", "0" * 64, ReadingLimits(), zygote=own)
    with pytest.raises(UnreadableFile, match="longer"):
        read_in_child(SCAN, "0" * 64, ReadingLimits(seconds=0), zygote=own)
    assert _number("05-van-dijk-ubl.xml", own) == "2026-0815"
    first = _readers()
    assert len(first) == 1
    own.rest(3600)
    assert first[0].is_running()
    own.rest(0)
    assert not first[0].is_running()
    assert _number("05-van-dijk-ubl.xml", own) == "2026-0815"


@pytest.mark.parametrize("whom", ["reader", "zygote"])
def test_what_is_killed_fails_one_document_only(own: Zygote, whom: str, tmp_path: Path) -> None:
    def strike() -> None:
        while len(found := _readers()) < 2:
            time.sleep(0.01)
        found[1 if whom == "reader" else 0].kill()

    whole = tmp_path / "bomb.pdf"
    whole.write_bytes(endless_page(behind=DOCUMENTS / "03-northgate-two-pages.pdf"))
    killer = threading.Thread(target=strike)
    killer.start()
    with pytest.raises(UnreadableFile) as told:
        read_in_child(whole, "0" * 64, ReadingLimits(), zygote=own)
    killer.join()
    assert told.value.code == "died"
    assert told.value.retryable
    assert _number("05-van-dijk-ubl.xml", own) == "2026-0815"


def test_nothing_is_left_of_a_service_that_was_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = tmp_path / "bomb.pdf"
    whole.write_bytes(endless_page(behind=DOCUMENTS / "03-northgate-two-pages.pdf"))
    done = subprocess.run(
        [sys.executable, "-c", KILLED, whole, tmp_path], env={**os.environ, "TMPDIR": str(tmp_path)}, check=False
    )
    assert done.returncode == -signal.SIGKILL
    until = time.monotonic() + 10
    while left := [
        one for one in psutil.process_iter(["cmdline"]) if str(tmp_path) in " ".join(one.info["cmdline"] or ())
    ]:
        assert time.monotonic() < until, left
        time.sleep(0.1)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    mine = tmp_path / f"coordinator-read-{os.getpid()}-x"
    mine.mkdir()
    assert sweep() == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bomb.pdf", mine.name]

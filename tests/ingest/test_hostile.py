"""Hostile files: a result or a clear error within the limits, whatever is sent."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.errors import UnreadableFile
from ingest.reading import Reading, ReadingLimits, read_in_child
from ingest.zygote import Zygote
from tests.support.hostile import HOSTILE

LIMITS = ReadingLimits(seconds=10, memory_mb=1024)
SLACK_SECONDS = 25
"""What a child may take to start, and to tell of what was kept."""
CODES = {"damaged", "encrypted", "empty", "too_large", "timed_out", "memory", "not_a_document", "unsupported"}


@pytest.fixture(scope="module")
def zygote() -> Iterator[Zygote]:
    """Forks the readers, as in the service: no file may harm the next one's."""
    made = Zygote()
    yield made
    made.close()


def _outcome(name: str, tmp_path: Path, zygote: Zygote) -> Reading | UnreadableFile:
    file = tmp_path / "file"
    file.write_bytes(HOSTILE[name]())
    try:
        return read_in_child(file, "0" * 64, LIMITS, tmp_path / "pages", zygote=zygote)
    except UnreadableFile as error:
        return error


@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_read_or_refused_in_words_within_the_limits(name: str, tmp_path: Path, zygote: Zygote) -> None:
    started = time.monotonic()
    found = _outcome(name, tmp_path, zygote)
    if isinstance(found, UnreadableFile):
        assert found.code in CODES, found.code
        assert len(found.message) > 20
    else:
        assert found.extractions
    assert time.monotonic() - started < LIMITS.seconds + SLACK_SECONDS
    assert {path.name for path in tmp_path.iterdir()} <= {"file", "pages"}


def test_a_password_of_the_owner_alone_does_not_keep_it_from_being_read(tmp_path: Path, zygote: Zygote) -> None:
    found = _outcome("owner's password", tmp_path, zygote)
    assert isinstance(found, Reading)
    assert found.extraction.text("invoice_number") == "INV-20933"


def test_scripts_and_programs_inside_change_nothing(tmp_path: Path, zygote: Zygote) -> None:
    found = _outcome("scripts, a launch action, a program", tmp_path, zygote)
    assert isinstance(found, Reading)
    assert found.extraction.text("invoice_number") == "INV-20933"


def test_an_entity_brings_nothing_from_outside(tmp_path: Path, zygote: Zygote) -> None:
    for name in ("an entity that is a file", "an entity from the network"):
        found = _outcome(name, tmp_path, zygote)
        assert isinstance(found, UnreadableFile) or "root:" not in repr(found.document)

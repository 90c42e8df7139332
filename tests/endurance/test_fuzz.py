"""The short form of `python -m tests.endurance.fuzz`."""

from __future__ import annotations

from tests.endurance import fuzz


def test_damaged_files_are_read_or_refused_and_kill_no_reader() -> None:
    told, unforeseen = fuzz.run(count=60, seed=7)
    assert told["died"] == told["timed_out"] == told["memory"] == 0
    assert sum(told.values()) == 60
    assert told["read"] > 10
    assert sum(unforeseen.values()) <= 3, unforeseen


def test_the_same_seed_damages_the_same_files_the_same_way() -> None:
    assert list(fuzz.batches(50, 3)) == list(fuzz.batches(50, 3))

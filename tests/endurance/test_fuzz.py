"""The short form of `python -m tests.endurance.fuzz`."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

from tests.endurance import fuzz

ROOT = Path(__file__).parents[2]


def test_damaged_files_are_read_or_refused_and_kill_no_reader() -> None:
    command = [sys.executable, "-m", "tests.endurance.fuzz", "--count", "60", "--seed", "7", "--largest", "100000"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=400)
    assert done.returncode == 0, done.stderr
    told = ast.literal_eval(done.stdout.splitlines()[0])
    assert sum(told.values()) == 60
    assert told["read"] > 10
    assert not {"died", "timed_out", "memory"} & set(told)
    assert told.get("unforeseen", 0) <= 3, done.stdout


def test_the_same_seed_damages_the_same_files_the_same_way() -> None:
    originals = fuzz.seeds(with_pictures=False)
    assert list(fuzz.batches(50, 3, originals)) == list(fuzz.batches(50, 3, originals))

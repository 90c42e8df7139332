from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from web.services import Services, open_services
from web.settings import ServerSettings, Settings

LONGEST = (
    "test_doors.py", "test_accessibility.py", "test_samples.py", "test_demo.py", "test_hostile.py", "test_parts.py",
    "test_review_in_a_browser.py", "test_serve.py", "test_cli.py", "test_upgrade.py", "test_backup.py",
)  # fmt: skip
"""Files that take longest, by name: they begin first, as the one that begins last decides when all is done."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    turn = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: turn.get(item.path.name, len(turn)))


@pytest.fixture(scope="session")
def empty_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder just set up: making its tables for each test anew would take half of all the time."""
    folder = tmp_path_factory.mktemp("empty") / "data"
    open_services(Settings(folder)).close()
    return folder


@pytest.fixture
def services(tmp_path: Path, empty_folder: Path) -> Iterator[Services]:
    """An empty data folder, opened."""
    shutil.copytree(empty_folder, tmp_path / "data")
    opened = open_services(Settings(tmp_path / "data", ServerSettings(port=0), today=date(2026, 11, 23)))
    yield opened
    opened.close()


@pytest.fixture
def until() -> Callable[..., None]:
    """Wait until something holds; fails when it does not within the seconds given."""

    def wait(holds: Callable[[], object], seconds: float = 30, every: float = 0.05) -> None:
        deadline = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < deadline, f"still not so after {seconds} s"
            time.sleep(every)

    return wait

"""What a wheel holds: an installed service must not lack what a checkout has."""

from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_every_package_is_in_the_list() -> None:
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["packages"]
    found = {
        ".".join(path.parent.relative_to(ROOT).parts)
        for room in ("ingest", "matching", "web", "samples")
        for path in (ROOT / room).rglob("__init__.py")
    }
    assert set(listed) == found


def test_data_files_beside_modules_are_in_the_list() -> None:
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["package-data"]
    data = {path for room in ("ingest", "matching") for path in (ROOT / room).rglob("*.toml")}
    covered = {path for package, patterns in listed.items() for one in patterns for path in _folder(package).glob(one)}
    assert data
    assert data <= covered


def _folder(package: str) -> Path:
    return ROOT.joinpath(*package.split("."))

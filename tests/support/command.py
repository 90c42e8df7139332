"""The real command line, as a user starts it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

COORDINATOR = str(Path(sys.executable).parent / "coordinator")


def run(*arguments: object, data: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, on the samples' day."""
    return subprocess.run(
        [COORDINATOR, *map(str, arguments)],
        capture_output=True,
        text=True,
        env=variables(data, **environment),
        timeout=600,
        check=False,
    )


def variables(data: Path | None, **environment: str) -> dict[str, str]:
    """The environment of a command."""
    known = {"COORDINATOR_TODAY": "2026-11-23"} | ({"COORDINATOR_DATA": str(data)} if data else {})
    return {**os.environ, **known, **environment}


def objects(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    """The JSON objects that a command printed, one a line."""
    return [json.loads(line) for line in done.stdout.splitlines()]

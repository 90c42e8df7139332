"""Makes the desk of these tests importable (importlib mode puts no folder on the path) and offers its fixtures."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from matching_desk import db, desk, empty_db

__all__ = ["db", "desk", "empty_db"]

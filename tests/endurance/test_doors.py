"""The short form of `python -m tests.endurance.doors`."""

from __future__ import annotations

import pytest

from tests.endurance import doors


def test_nothing_is_lost_or_doubled_when_the_service_is_killed_again_and_again(
    capfd: pytest.CaptureFixture[str],
) -> None:
    assert doors.run(documents=300, kills=5, seconds=60) == []
    assert "'kills': 5" in capfd.readouterr().err

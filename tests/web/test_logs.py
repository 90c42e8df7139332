"""The log as JSON: one object a line, and no words of a document even where a fault quotes them."""

from __future__ import annotations

import json
import logging
import sys

from web.logs import JsonLines


def formatted(*arguments: object, exc_info: bool = False) -> dict[str, object]:
    message, *rest = arguments
    record = logging.LogRecord(
        "web.worker", logging.ERROR, __file__, 1, message, tuple(rest), sys.exc_info() if exc_info else None
    )
    line = JsonLines().format(record)
    assert "\n" not in line
    found: dict[str, object] = json.loads(line)
    return found


def test_a_line_is_one_object() -> None:
    told = formatted("two\nlines and %s", "an umlaut: ü")
    assert told["message"] == "two\nlines and an umlaut: ü"
    assert (told["level"], told["logger"]) == ("error", "web.worker")
    assert str(told["at"]).endswith("+00:00")


def test_a_fault_is_told_by_its_type_and_place_without_its_words() -> None:
    try:
        raise ValueError("DE89 3704 0044 0532 0130 00 is no account")
    except ValueError:
        told = formatted("a step failed", exc_info=True)
    assert told["exception"] == "ValueError"
    assert "test_logs.py" in str(told["frames"])
    assert "DE89" not in json.dumps(told)

"""Failures of operations: a stable code, whether to try again, and what to do next."""

from __future__ import annotations

from enum import StrEnum


class CoordinatorError(Exception):
    """Base of every failure that a person is told of; the message says what to do next.

    A message with values is a pattern, `NotFound("There is no order {number}.", number=...)`: the pages translate the
    pattern and fill it in themselves.
    """

    code = "failed"
    retryable = False

    def __init__(self, message: str, **values: object) -> None:
        self.pattern = message
        self.values = values
        plain = {name: _plain(value) for name, value in values.items()}
        self.message = message.format_map(plain) if values else message
        super().__init__(self.message)


class UnreadableFile(CoordinatorError):
    """Foreign bytes that give no document: empty, damaged, encrypted, too large and their like."""

    def __init__(self, code: str, message: str, *, retryable: bool = False, **values: object) -> None:
        super().__init__(message, **values)
        self.code = code
        self.retryable = retryable


class SettingsError(CoordinatorError):
    """A settings file or environment variable that cannot be used; the message names the key."""

    code = "settings"


class DiskLow(CoordinatorError):
    """The disk is nearly full: nothing more is taken in, so that what is there can still be worked on."""

    code = "disk_full"
    retryable = True


class NotFound(CoordinatorError):
    """Something that was asked for does not exist."""

    code = "not_found"


class Conflict(CoordinatorError):
    """Somebody else changed the document meanwhile, or its state does not allow the step."""

    code = "conflict"


class NotAllowed(CoordinatorError):
    """The user's role does not allow the step."""

    code = "not_allowed"


def _plain(value: object) -> object:
    """A value as English has it: `on hold` and not `on_hold`."""
    return value.replace("_", " ") if isinstance(value, StrEnum) else value

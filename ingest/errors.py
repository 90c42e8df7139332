"""Failures of operations: a stable code, whether to try again, and what to do next."""

from __future__ import annotations


class CoordinatorError(Exception):
    """Base of every failure that a person is told of; the message says what to do next."""

    code = "failed"
    retryable = False

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class UnreadableFile(CoordinatorError):
    """Foreign bytes that give no document: empty, damaged, encrypted, too large and their like."""

    def __init__(self, code: str, message: str, *, retryable: bool = False) -> None:
        super().__init__(message)
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

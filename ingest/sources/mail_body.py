"""An invoice that is written in a mail itself, as a page: looked for in a throw-away process, as foreign files are."""

from __future__ import annotations

import email
import re
import sys
from collections.abc import Callable
from pathlib import Path

from ingest.errors import UnreadableFile
from ingest.reading import ReadingLimits, never, run_caged
from ingest.scratch import left, scratch_folder

LIMITS = ReadingLimits(seconds=30, memory_mb=768)
_AMOUNT = re.compile(rb"\d[.,]\d\d(?!\d)")


def written_in(raw: bytes, cancelled: Callable[[], bool] = never) -> bytes | None:
    """The mail's words as a PDF, where they are an invoice."""
    if not _has_amount(raw):
        return None  # nothing that a process would have to be started for
    with scratch_folder("mail") as name:
        scratch = Path(name)
        (scratch / "mail.eml").write_bytes(raw)
        command = [sys.executable, "-P", "-m", "ingest.sources.body_child", name]
        try:
            run_caged(command, scratch, LIMITS, cancelled)
        except UnreadableFile:
            return None  # it took too long or too much: nothing usable
        try:
            with left(scratch, "body.pdf") as page:
                return page.read()
        except FileNotFoundError:
            return None


def _has_amount(raw: bytes) -> bool:
    parts = (part for part in email.message_from_bytes(raw).walk() if part.get_content_maintype() == "text")
    contents = (part.get_payload(decode=True) for part in parts)
    return any(isinstance(content, bytes) and _AMOUNT.search(content) for content in contents)

"""Which pages of a long document are read, and for how long."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ingest.document import Page

FIRST_PAGES = 40
"""Pages from the front that are read: parties, numbers and lines stand there."""
LAST_PAGES = 10
"""Pages from the end: totals stand there, and annexes without end lie between."""
PICTURE_PAGES = 25
"""Pages of one document that are read by OCR, which costs seconds each."""
KEPT_FOR_LAST = 5
"""Of these, how many are kept for the last pages."""
PICTURE_SECONDS = 75.0
"""Seconds after which no further page is read by OCR, so that a slow document ends before its reading is stopped."""
ROLL = 1.9
"""Height to width from which a picture is taken for a till roll: print in one block, over the whole width."""


Keep = Callable[[Page, int], object]
"""Is handed each page as soon as it is read, and how many the file has: what a limit breaks off is not all lost."""


def drop(page: Page, count: int) -> None:
    """Nothing is kept."""


def pages_to_read(count: int) -> tuple[int, ...]:
    """Numbers, from 1, of the pages that are read of so many."""
    if count <= FIRST_PAGES + LAST_PAGES:
        return tuple(range(1, count + 1))
    return (*range(1, FIRST_PAGES + 1), *range(count - LAST_PAGES + 1, count + 1))


@dataclass(slots=True)
class PictureBudget:
    """How many pages may still be read by OCR."""

    numbers: Sequence[int]
    """Pages that are read at all."""
    spent: int = 0
    started: float = field(default_factory=time.monotonic)

    def allows(self, number: int) -> bool:
        """Whether this page may be read by OCR; counts it if so."""
        last = number in self.numbers[-KEPT_FOR_LAST:]
        most = PICTURE_PAGES if last else PICTURE_PAGES - KEPT_FOR_LAST
        few = len(self.numbers) <= PICTURE_PAGES
        if time.monotonic() - self.started > PICTURE_SECONDS or not (few or self.spent < most):
            return False
        self.spent += 1
        return True


def left_out(read: Sequence[int], count: int) -> tuple[tuple[str, str], ...]:
    """The note that some pages were not read, if so."""
    if len(read) >= count:
        return ()
    if list(read) == list(range(1, len(read) + 1)):
        which = f"the first {len(read)}"
    else:
        which = f"{len(read)} ({_ranges(read)})"
    return (("pages_left_out", f"Only {which} of {count} pages were read."),)


def _ranges(numbers: Sequence[int]) -> str:
    parts: list[list[int]] = []
    for number in numbers:
        if parts and number == parts[-1][-1] + 1:
            parts[-1].append(number)
        else:
            parts.append([number])
    return ", ".join(str(part[0]) if len(part) == 1 else f"{part[0]}-{part[-1]}" for part in parts)

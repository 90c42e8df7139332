"""Days that begin the texts of all lines, as reports of work print them: "18.01.26 Translation"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ingest.dates import PrintedDate, dates_in
from ingest.extraction import FieldValue, LineItem

_SHARE = 0.8
"""Part of the lines that begin with a day, from which it is a column of its own."""


def with_days(items: Sequence[LineItem]) -> tuple[LineItem, ...]:
    """The lines with such days as their days of delivery, not as words of the goods."""
    days = [_leading(item.description) for item in items]
    if len(items) < 2 or sum(day is not None for day in days) < _SHARE * len(items):
        return tuple(items)
    return tuple(_parted(item, day) if day is not None else item for item, day in zip(items, days, strict=True))


def _leading(text: FieldValue | None) -> PrintedDate | None:
    """The day that a text begins with, where words follow it."""
    first = next(iter(dates_in(text.value)), None) if text is not None else None
    if text is None or first is None or first.start > 0:
        return None
    return first if any(map(str.isalpha, text.value[first.end :])) else None


def _parted(item: LineItem, day: PrintedDate) -> LineItem:
    text = item.description
    assert text is not None
    own = replace(text, value=day.readings[0].isoformat(), raw=day.raw)
    rest = replace(text, value=text.value[day.end :].strip(" :,;-–"))
    return replace(item, description=rest, delivery_date=item.delivery_date or own)

"""Spans of days whose first day lacks the year, or month and year: "1 - 31 March 2026", "27.02. bis 03.03.2026"."""

from __future__ import annotations

import re
from datetime import date

from ingest.dates import PrintedDate, dates_in, month_names, plain_month, valid_days

_YEAR = r"(?:19|20)\d\d"
_WORD = r"[^\W\d_]{3,12}"
_TO = r"\s*(?:-|–|—|/|to|through|thru|until|till?|bis(?: zum)?|au|al?|do|t/m|tot(?: en met)?|até|og med|til)\s*"
_DAY = r"(?<![\d.,/-])(\d{1,2})(?:st|nd|rd|th|er|º|°)?"
_NAMED = re.compile(rf"{_DAY}\.?(?:[\s\-/.]*(?:de\s+)?({_WORD})\.?)?{_TO}$", re.IGNORECASE)
"""What stands before a day whose month is a word."""
_NUMBERED = re.compile(rf"{_DAY}(?:([-/.])(\d{{1,2}})\.?|\.)?(?:([-/.])({_YEAR}|\d\d))?{_TO}$", re.IGNORECASE)
"""The same before a day in numbers."""
_NUMERIC = re.compile(rf"(\d{{1,2}})([-/.])(\d{{1,2}})\2({_YEAR}|\d\d)(?![\d/]|[.,-]\d)")


def span_in(text: str) -> tuple[PrintedDate, PrintedDate] | None:
    """The first and the last day of the span that a text holds; None where it holds none."""
    found = dates_in(text)
    if len(found) >= 2:
        return found[0], found[1]
    for last in (*found, *_glued(text)):
        before = text[: last.start]
        match = _NUMBERED.search(before) if _NUMERIC.fullmatch(last.raw) else None
        match = match or _NAMED.search(before)
        days = _first_days(match, last) if match is not None else ()
        if match is not None and days:
            return PrintedDate(match.start(), match.end(), match[0].strip(" -–—/"), days), last
    return None


def _glued(text: str) -> list[PrintedDate]:
    """Days in numbers right behind a hyphen, where no date begins by itself: "01/03/26-31/03/26"."""
    return [
        PrintedDate(match.start(), match.end(), match[0], readings)
        for match in _NUMERIC.finditer(text)
        if text[: match.start()].rstrip()[-1:] in ("-", "–") and (readings := _numeric(match))
    ]


def _numeric(match: re.Match[str]) -> tuple[date, ...]:
    day_first = (match[4], match[3], match[1])
    return valid_days(day_first) if match[2] == "." else valid_days(day_first, (match[4], match[1], match[3]))


def _first_days(match: re.Match[str], last: PrintedDate) -> tuple[date, ...]:
    """Readings of the day that begins a span, one for each reading of its end that it can lead to."""
    found = []
    printed = _NUMERIC.fullmatch(last.raw)
    for end in last.readings:
        if match.re is _NAMED:
            month = month_names().get(plain_month(match[2])) if match[2] else end.month
            parts = (str(end.year), str(month or 0), match[1])
        else:
            day_leads = printed is None or (end.day, end.month) == (int(printed[1]), int(printed[3]))
            day, month_ = (match[1], match[3]) if day_leads or not match[3] else (match[3], match[1])
            parts = (match[5] or str(end.year), month_ or str(end.month), day)
        found += [day for day in valid_days(parts) if day < end]
    return tuple(dict.fromkeys(found))

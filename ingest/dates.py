"""Printed dates to `date`; a date whose day and month can be exchanged keeps both readings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache

from babel import Locale

from ingest.labels import LANGUAGES


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """A date in a text."""

    start: int
    end: int
    raw: str
    readings: tuple[date, ...]
    """More than one where day and month can be exchanged; day first stands first."""


_YEAR = r"(?:19|20)\d\d"
_ISO = re.compile(rf"(?<!\d)({_YEAR})([-/.])(\d{{1,2}})\2(\d{{1,2}})(?!\d)")
_NUMERIC = re.compile(
    rf"(?<![\d.,/])(?<![\w.,/]-)(\d{{1,2}})\s?([-/.])\s?(\d{{1,2}})\s?\2\s?({_YEAR}|\d\d)(?![\d/]|[.,-]\d)"
)
_COMPACT = re.compile(r"^((?:19|20)\d\d)(\d\d)(\d\d)$")
_WORD = r"[^\W\d_]{3,12}"
_DAY_MONTH = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th|er|\.|º|°)?[\s\-/.]*(?:de\s+|of\s+)?({_WORD})\.?[\s,\-/.]*(?:de\s+|del\s+)?({_YEAR}|['’]?\d\d)(?!\d|[.,:]\d)",
    re.IGNORECASE,
)
_MONTH_DAY = re.compile(
    rf"(?<![^\W\d_])({_WORD})\.?[\s\-/]*(\d{{1,2}})(?:st|nd|rd|th)?\s*[,\s\-/.]\s*({_YEAR}|['’]\d\d|\d\d(?!\d|[.,:]\d))(?!\d)",
    re.IGNORECASE,
)
_YEAR_LED = re.compile(rf"(?<!\d)({_YEAR})[\s\-/.,]+({_WORD})[\s\-/.,]+(\d{{1,2}})(?![\d:])", re.IGNORECASE)
_BEFORE_YEAR = re.compile(rf"({_WORD})[\s,\-/.]*(?:\d{{1,2}}[\s,]+)?(?:de\s+|del\s+)?$", re.IGNORECASE)
"""What may stand before the year of another date: "9 Nov 2026 Nov 24" does not begin with a year."""
_ENDS_IN_YEAR = re.compile(rf"{_YEAR}[\s\-/.,]+$")

_MONTH_LED = re.compile(
    rf"(?<![^\W\d_])(?P<m>{_WORD})\.?\s*(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s*(?:-|–|—|to|through|thru|until)\s*"
    rf"(?:(?P<m2>{_WORD})\.?\s*)?(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\s*,?\s+(?P<y>{_YEAR})(?!\d)",
    re.IGNORECASE,
)
"""A span of days with the month first and one year for both: "March 1 - 31, 2026"."""


def plain_month(text: str) -> str:
    """A word as the months' names are kept: without case, accents and dot."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).rstrip(".")


@cache
def month_names() -> dict[str, int]:
    """Name or abbreviation of a month, without accents and dot, to its number, in all our languages."""
    names: dict[str, int] = {}
    for language in LANGUAGES:
        months = Locale.parse(language).months
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in months[context][width].items():
                    folded = plain_month(str(name))
                    # bare numbers and one-letter names say nothing; what names two months says nothing either
                    if len(folded) >= 3 and folded.isalpha():
                        names.setdefault(folded, int(number))
    names.update({"sept": 9, "maerz": 3, "mrz": 3, "jaenner": 1, "janner": 1})
    return names


_ALIKE = re.compile(
    r"(?<!\w)(?=\S*[OolI|])(?=(?:\D*\d){4})[\dOolI|]{1,2}([-/.])[\dOolI|]{1,2}\1(?:[\dOolI|]{4}|[\dOolI|]{2})(?!\w)"
)
"""A day of which OCR took a digit or two for letters that look alike: "l2/03/2O18"."""
_DIGITS = str.maketrans("OolI|", "00111")


def dates_in(text: str) -> list[PrintedDate]:
    """The dates in a text, from left to right, none overlapping another."""
    if not any(sign.isdigit() for sign in text):
        return []
    return list(_dates(_ALIKE.sub(lambda match: match.group().translate(_DIGITS), text)))


@lru_cache(maxsize=4_000)
def _dates(text: str) -> tuple[PrintedDate, ...]:
    found: list[PrintedDate] = []
    for span in _MONTH_LED.finditer(text):
        found.extend(_month_led(span))
    for pattern, reader in _PATTERNS:
        place = 0
        while match := pattern.search(text, place):
            taken = any(match.start() < other.end and other.start < match.end() for other in found)
            readings = () if taken else reader(match)
            if readings:
                found.append(PrintedDate(match.start(), match.end(), match.group(0).strip(" ,"), readings))
            # what is none may have swallowed the beginning of one: "n. 22 del 18 febbraio 2026"
            place = match.end() if readings else match.start() + 1
    return tuple(sorted(found, key=lambda printed: printed.start))


def _month_led(match: re.Match[str]) -> Iterator[PrintedDate]:
    names = (match["m"], match["m2"] or match["m"])
    months = [str(month_names().get(plain_month(name), 0)) for name in names]
    first, last = (valid_days((match["y"], month, match[day])) for month, day in zip(months, ("d", "d2"), strict=True))
    if first and last and first[0] <= last[0]:
        begun, begins = match.end("d"), match.start("m2" if match["m2"] else "d2")
        yield PrintedDate(match.start(), begun, match.string[match.start() : begun], first)
        yield PrintedDate(begins, match.end(), match.string[begins : match.end()], last)


def date_readings(text: str) -> tuple[date, ...]:
    """Readings of a text that holds one date; empty where it holds none."""
    compact = _COMPACT.match(text.strip())
    if compact:
        return valid_days((compact[1], compact[2], compact[3]))
    found = dates_in(text)
    return found[0].readings if found else ()


def _iso(match: re.Match[str]) -> tuple[date, ...]:
    return valid_days((match[1], match[3], match[4]))


def _numeric(match: re.Match[str]) -> tuple[date, ...]:
    first, separator, second, year = match[1], match[2], match[3], match[4]
    day_first = (year, second, first)
    # with dots the day always stands first
    return valid_days(day_first) if separator == "." else valid_days(day_first, (year, first, second))


def _day_month(match: re.Match[str]) -> tuple[date, ...]:
    month = month_names().get(plain_month(match[2]))
    return valid_days((match[3], str(month), match[1])) if month else ()


def _month_day(match: re.Match[str]) -> tuple[date, ...]:
    month = month_names().get(plain_month(match[1]))
    return valid_days((match[3], str(month), match[2])) if month else ()


def _year_led(match: re.Match[str]) -> tuple[date, ...]:
    month = month_names().get(plain_month(match[2]))
    before = _BEFORE_YEAR.search(match.string[: match.start()])
    dated = before is not None and plain_month(before[1]) in month_names()
    if not month or (before is not None and dated and not _ENDS_IN_YEAR.search(before.string[: before.start()])):
        return ()
    return valid_days((match[1], str(month), match[3]))


_PATTERNS = (
    (_ISO, _iso),
    (_YEAR_LED, _year_led),
    (_DAY_MONTH, _day_month),
    (_MONTH_DAY, _month_day),
    (_NUMERIC, _numeric),
)


def valid_days(*candidates: tuple[str, str, str]) -> tuple[date, ...]:
    """The days that year, month and day make, those that cannot be left out; two digits of a year are of ours."""
    days: list[date] = []
    for year, month, day in candidates:
        number = int(year.lstrip("'’"))
        try:
            value = date(number if number > 99 else number + (2000 if number < 70 else 1900), int(month), int(day))
        except ValueError:
            continue
        if 1970 <= value.year <= 2099 and value not in days:
            days.append(value)
    return tuple(days)

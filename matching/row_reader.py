"""Reads the cells of a row into values; faults are collected, never guessed over."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from babel.numbers import list_currencies

from matching.record_faults import Fault, Faults

Cells = Mapping[str, str]

CURRENCIES = frozenset(list_currencies())
REMEMBERED = 100_000
"""How many different texts of numbers a reader remembers."""
TOO_MUCH = Decimal(10) ** 15
"""A number from which on a cell holds something else (a bar code, an account)."""
YES = frozenset({"yes", "y", "true", "1", "ja", "oui", "si", "tak"})
NO = frozenset({"no", "n", "false", "0", "nein", "non", "nie"})
DAY_FORMS = ("%Y-%m-%d", "%d.%m.%Y", "%Y/%m/%d")
"""Unambiguous ways to write a day; 03/04/2026 is none of them."""


@dataclass(slots=True)
class RowReader:
    """Reads cells of one file into values and remembers every fault."""

    file: str
    comma: frozenset[str] = frozenset()
    """Columns with a decimal comma."""
    faults: Faults = field(default_factory=Faults)
    doubts: Faults = field(default_factory=Faults)
    """What is probably wrong, but no reason to refuse the file."""
    line: int = 0
    numbers: dict[tuple[bool, str], Decimal] = field(default_factory=dict)
    """Texts that were read before, because a million rows repeat a few thousand of them."""
    days: dict[str, date] = field(default_factory=dict)

    def fault(self, column: str, why: str) -> None:
        """Remember a fault of the present row."""
        self.faults.add(Fault(self.file, self.line, column, why))

    def doubt(self, column: str, why: str) -> None:
        """Remember what a person should look at."""
        self.doubts.add(Fault(self.file, self.line, column, why))

    def needed(self, cells: Cells, column: str) -> str:
        """A text that must be there."""
        if not cells.get(column):
            self.fault(column, "must not be empty")
        return cells.get(column, "")

    def optional(self, cells: Cells, column: str) -> str | None:
        """A text, or None for an empty cell."""
        return cells.get(column) or None

    def listed(self, cells: Cells, column: str) -> tuple[str, ...]:
        """Several texts with `;` between them."""
        return tuple(part.strip() for part in cells.get(column, "").split(";") if part.strip())

    def number(self, cells: Cells, column: str) -> Decimal | None:
        """A decimal number by the column's decimal sign; thousands may be grouped by the other sign."""
        printed = cells.get(column, "")
        if not printed:
            return None
        known = self.numbers.get((column in self.comma, printed))
        if known is not None:
            return known
        value = self._number(printed, column)
        if value is not None and len(self.numbers) < REMEMBERED:
            self.numbers[column in self.comma, printed] = value
        return value

    def _number(self, printed: str, column: str) -> Decimal | None:
        text = re.sub(r"[\s'\u2019]", "", printed)
        if column in self.comma:
            plain = re.fullmatch(r"[+-]?(\d+|[1-9]\d{0,2}(\.\d{3})+)(,\d+)?", text)
            text = text.replace(".", "").replace(",", ".")
        else:
            plain = re.fullmatch(r"[+-]?(\d*\.?\d+|\d+\.|[1-9]\d{0,2}(,\d{3})+\.\d+)", text)
            if plain and self.comma and re.fullmatch(r"[+-]?[1-9]\d{0,2}\.\d{3}", text):
                # other columns of this file have a decimal comma, so the point may group thousands
                self.fault(
                    column, f"{text} may be {text.replace('.', '')} or {Decimal(text).normalize():f}; write it plainly"
                )
                return None
            text = text.replace(",", "")
        if not plain:
            self.fault(column, f"{printed!r} is not a number; one decimal sign must stand throughout the column")
            return None
        value = Decimal(text)
        if abs(value) >= TOO_MUCH:
            self.fault(column, f"{printed!r} is more than any quantity or price")
            return None
        return value

    def whole(self, cells: Cells, column: str) -> int | None:
        """A count from 0 on."""
        text = cells.get(column, "")
        if not text:
            return None
        found = re.fullmatch(r"(\d{1,5})(?:[.,]0+)?", text)
        if not found:
            self.fault(column, f"{text!r} is not a whole number of days from 0 on")
            return None
        return int(found.group(1))

    def day(self, cells: Cells, column: str) -> date | None:
        """A day, ISO 8601 or day.month.year."""
        text = cells.get(column, "")
        if not text:
            return None
        if text in self.days:
            return self.days[text]
        for form in DAY_FORMS:
            try:
                day = datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no time zone
            except ValueError:
                continue
            self.days[text] = day
            return day
        self.fault(column, f"{text!r} is not a date; write it as 2026-11-23")
        return None

    def answer(self, cells: Cells, column: str) -> bool | None:
        """Yes, no, or None for an empty cell."""
        text = cells.get(column, "").casefold()
        if text in YES:
            return True
        if text in NO:
            return False
        if text:
            self.fault(column, f"{cells[column]!r} is neither yes nor no")
        return None

    def currency(self, cells: Cells, column: str) -> str | None:
        """An ISO 4217 code."""
        text = cells.get(column, "").upper()
        if text and text not in CURRENCIES:
            self.fault(column, f"{cells[column]!r} is not an ISO 4217 currency")
        return text or None

    def country(self, cells: Cells, column: str) -> str | None:
        """An ISO 3166-1 alpha-2 code."""
        text = cells.get(column, "").upper()
        if text and not re.fullmatch(r"[A-Z]{2}", text):
            self.fault(column, f"{cells[column]!r} is not a country's code of two letters (ISO 3166-1)")
        return text or None

    def word(self, cells: Cells, column: str, choices: tuple[str, ...]) -> str:
        """One of some words; empty is the first."""
        text = cells.get(column, "").casefold()
        if text and text not in choices:
            self.fault(column, f"{cells[column]!r} is none of {', '.join(choices)}")
        return text or choices[0]

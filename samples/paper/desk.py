"""What every part needs to know of the document that is being composed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

from samples.paper.blocks import Cell, Column, Look, Part, Row, Table, Text
from samples.paper.facts import Facts
from samples.paper.form import Form
from samples.paper.layouts import Layout
from samples.paper.vocabulary import Words


@dataclass(frozen=True, slots=True)
class Desk:
    """One document at work. `rng` is drawn from in the order of the parts, so that a seed gives one document."""

    facts: Facts
    layout: Layout
    words: Words
    form: Form
    look: Look
    rng: Random

    def chance(self, share: float) -> bool:
        """True so often."""
        return self.rng.random() < share

    def label(self, key: str, *, colon: bool = True) -> str:
        """A caption with this maker's punctuation."""
        text = self.words("labels", key)
        if not colon or not self.layout.colon or text.endswith(":"):
            return text
        return text + (" :" if self.words.language == "fr" else self.layout.colon)


@dataclass(frozen=True, slots=True)
class Entry:
    """A caption with its value, and the fields that it tells."""

    key: str
    label: str
    value: str
    told: tuple[tuple[str, str], ...] = ()


def told_by(entries: Iterable[Entry]) -> dict[str, str]:
    """All that the entries tell."""
    return {name: value for entry in entries for name, value in entry.told}


def pairs(
    entries: Iterable[Entry], *, full: bool = False, align: str = "left", rules: str = "none", right: bool = False,
    bold: bool = False, size: float = 1.0,
) -> Table:  # fmt: skip
    """Captions on the left, values right of them."""
    rows = tuple(Row((Cell(entry.label, bold=bold or None), Cell(entry.value))) for entry in entries)
    columns = (Column(), Column("right" if right else "left"))
    return Table(columns, rows, rules=rules, full=full, align=align, size=size)


def stack(entries: Iterable[Entry], size: float = 0.0, align: str = "left") -> Text:
    """Captions and values in one text each."""
    return Text(tuple(f"{entry.label} {entry.value}" for entry in entries), size=size, align=align)


def nothing() -> Part:
    """No part at all."""
    return Part()

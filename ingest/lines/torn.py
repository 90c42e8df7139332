"""Heads of columns that are torn in two: "Price" that we know beside "un." that we do not, over one column."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.lines.rows import Entry
from ingest.tables import Column, Heading

_AMOUNTS = frozenset({"unit_price", "line_total", "gross_line_total"})
_BESIDE = 1.5
"""Blank between two heads of one column, at most, in heights of their print."""


def mended_heads(heading: Heading, lines: Sequence[Entry]) -> Heading | None:
    """The columns with a head that stands over no amount and the one right beside it, which does, as one.

    None where no head is torn.
    """
    columns = list(heading.columns)
    for index, column in enumerate(columns):
        if column.name in _AMOUNTS and lines and not any(column.name in entry.cells for entry in lines):
            for beside in (index + 1, index - 1):
                if 0 <= beside < len(columns) and _is_other_half(columns[beside], column, lines):
                    columns[min(index, beside)] = _union(column, columns[beside])
                    del columns[max(index, beside)]
                    return Heading(tuple(columns), heading.first, heading.last, heading.score)
    return None


def _is_other_half(one: Column, half: Column, lines: Sequence[Entry]) -> bool:
    """Whether a head without a name stands close to the other, and numbers under it on all lines."""
    gap = max(one.heading.x0, half.heading.x0) - min(one.heading.x1, half.heading.x1)
    if one.name or gap > _BESIDE * half.heading.height:
        return False
    return all(
        any(one.left <= word.box.centre < one.right and word.text[:1].isdigit() for word in entry.row.words)
        for entry in lines
    )


def _union(named: Column, other: Column) -> Column:
    left, right = min(named.left, other.left), max(named.right, other.right)
    return Column(named.name, named.heading.union(other.heading), left, right)

"""Columns of a table taken in the order of its heads, where these stand apart from what they head."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from ingest.layout import Row, boxes_of
from ingest.tables import Heading


def in_order(heading: Heading, rows: Sequence[Row]) -> Heading | None:
    """The heading with a column for each cell of the rows that have as many: left heads over numbers to the right."""
    full = [row.segments for row in rows if len(row.segments) == len(heading.columns)]
    if not full:
        return None
    cells = [boxes_of(segment.box for segment in stripe) for stripe in zip(*full, strict=True)]
    if any(one.x1 >= two.x0 for one, two in pairwise(cells)):
        return None
    edges = [(one.x1 + two.x0) / 2 for one, two in pairwise(cells)]
    lefts, rights = (heading.columns[0].left, *edges), (*edges, heading.columns[-1].right)
    columns = zip(heading.columns, lefts, rights, strict=True)
    return replace(heading, columns=tuple(replace(c, left=left, right=right) for c, left, right in columns))

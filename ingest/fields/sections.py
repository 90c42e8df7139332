"""Parties told as lists of labels and values under a heading: "RECIPIENT" over "Tax no.: ..." and "Name: ..."."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ingest.fields.blocks import Block, lines_under
from ingest.fields.names import is_name
from ingest.fields.spots import Spot
from ingest.labels import column_labels, field_labels, from_words, label_key, party_names
from ingest.layout import Segment, segment_of

PARTIES = ("buyer", "seller", "ship_to")
_ROWS = 6
"""Rows of such a list, at most, above its name."""
_BELONGS = 0.7
"""Weight of a heading's label from which it opens a list."""
_FACED = 0.9
"""Weight of one that only the other party's beside it makes clear."""


def sections_of(spots: Sequence[Spot], party: str) -> list[Block]:
    """The blocks that lists under headings of a party begin with its name, the surest first."""
    heads = heads_of(spots)
    found = [block for head in heads if party in head.meanings for block in _named(head, heads, party)]
    return sorted(found, key=lambda block: -block.score)


def heads_of(spots: Sequence[Spot]) -> list[Spot]:
    """Labels of parties that stand alone in their cells."""
    alone = [
        spot
        for spot in spots
        if (_party(spot, 0.0) or "payee_name" in spot.meanings)
        and spot.opens
        and spot.rest is None
        and len(spot.segment.words) <= len(spot.label.words)
    ]
    clear = [spot for spot in alone if _party(spot)]
    return clear + [head for spot in alone if spot not in clear for head in _faced(spot, clear)]


def _faced(spot: Spot, clear: Sequence[Spot]) -> Iterator[Spot]:
    """A short word that names a party only beside the other's: "From" and "To", "De:" and "Para:", "Pay to"."""
    party = _party(spot, 0.0) or "seller"
    if any(other.sheet is spot.sheet and other.row == spot.row and _party(other) != party for other in clear):
        yield replace(spot, meanings={party: _FACED})
        return
    for segment in spot.sheet.rows[spot.row].segments if party == "buyer" else ():
        if segment is not spot.segment and label_key(segment.text) in from_words():
            yield replace(spot, meanings={party: _FACED})
            yield replace(spot, meanings={"seller": _FACED}, label=segment, segment=segment, rights=(), belows=())


def owner_of(segment: Segment, heads: Sequence[Spot]) -> str | None:
    """The party under whose heading something stands; None where no heading is near above it."""
    near = [
        head
        for head in heads
        if head.segment.page == segment.page
        and head.segment.box.bottom <= segment.box.middle
        and head.sheet.rows[min(head.row + _ROWS, len(head.sheet.rows) - 1)].box.bottom >= segment.box.middle
    ]
    # at the right edge of the page a list is printed along the right edge of its heading
    right = [head for head in near if _is_flush(head, segment)]
    above = right or [
        head
        for head in near
        if head.segment.box.x0 - 2 * head.sheet.height <= segment.box.x0 < _right_edge(head, heads)
    ]
    return _party(max(above, key=lambda head: head.row)) if above else None


def _is_flush(head: Spot, segment: Segment) -> bool:
    """Whether something ends where a heading does, at another place than where it begins."""
    one, other, height = head.segment.box, segment.box, head.sheet.height
    return abs(one.x1 - other.x1) < 0.4 * height and abs(one.x0 - other.x0) > height


def _party(spot: Spot, least: float = _BELONGS) -> str | None:
    known = {party: weight for party in PARTIES if (weight := spot.meanings.get(party, 0.0)) >= least and weight}
    return max(known, key=lambda party: known[party]) if known else None


def _named(head: Spot, heads: Sequence[Spot], party: str) -> Iterator[Block]:
    for index in range(head.row + 1, min(head.row + 1 + _ROWS, len(head.sheet.rows))):
        row = head.sheet.rows[index]
        for segment in row.segments:
            if owner_of(segment, heads) != party:
                continue
            value = _value_of_name(row.segments, segment)
            if value is not None and is_name(value.text) and owner_of(value, heads) in {None, party}:
                yield Block((value, *lines_under(head.sheet, index, value)), 0.97 * head.meanings[party])
                return


def _right_edge(head: Spot, heads: Sequence[Spot]) -> float:
    """Where the list of a party ends: where another's heading stands beside it."""
    beside = [
        other.segment.box.x0
        for other in heads
        if other.sheet is head.sheet and abs(other.row - head.row) <= 1 and other.segment.box.x0 > head.segment.box.x1
    ]
    return min(beside, default=head.sheet.page.width) - head.sheet.height


def _value_of_name(row: Sequence[Segment], segment: Segment) -> Segment | None:
    """What stands behind a label for a name, in its own cell or in the next."""
    for last in range(1, min(len(segment.words), 5) + 1):
        label = " ".join(word.text for word in segment.words[:last])
        if not label.endswith(":") or label_key(label) not in party_names():
            continue
        if last < len(segment.words):
            return segment_of(segment.words[last:], segment.page, segment.source)
        return next((other for other in row if other.box.x0 > segment.box.x1), None)
    if label_key(segment.text) in party_names():
        # a table prints no colon: "Name | Elektro Brandt KG"; "Name | Quantity" are heads of columns
        beside = next((other for other in row if other.box.x0 > segment.box.x1), None)
        key = label_key(beside.text) if beside is not None else ""
        return None if key in field_labels() or key in column_labels() else beside
    return None

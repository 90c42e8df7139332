"""A party's postal address, wherever on the pages it stands beside or under the party's name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ingest.extraction import FieldValue
from ingest.fields.blocks import (
    Block,
    address_lines,
    has_place,
    is_contact,
    is_country,
    lines_under,
    sender_parts,
)
from ingest.fields.candidates import Candidate, best_of, candidate, settled
from ingest.labels import label_key
from ingest.layout import Segment, Sheet, segment_of


def address_of(sheets: Sequence[Sheet], name: str, block: Block | None) -> FieldValue | None:
    """The seller's address: from its block, else from any other place where the name is printed with one."""
    found = [] if block is None else list(_of_lines(address_lines(block), block.score))
    key = label_key(name)
    for sheet in sheets if len(key) > 2 else ():
        for index, row in enumerate(sheet.rows):
            for segment in row.segments:
                own = label_key(segment.text)
                if own == key:
                    found += _of_lines(address_lines(Block((segment, *lines_under(sheet, index, segment)), 0.9)), 0.9)
                    found += _listed(_next_line(sheet, index, segment), 0)
                elif own.startswith(key):
                    found += _listed(segment, 1)
            if label_key(row.text).startswith(key) and len(row.segments) > 1:
                found += _listed(segment_of(row.words, row.page, row.segments[0].source), 1)
    ranked = best_of(found)
    return settled(ranked) if ranked else None


def _of_lines(lines: Sequence[Segment], score: float) -> Iterator[Candidate]:
    if lines:
        text = ", ".join(line.text.strip(" ,;·•|") for line in lines)
        raw = "\n".join(line.text for line in lines)
        yield candidate("seller_address", text, score * (0.9 if has_place(text) else 0.5), lines[0], raw)


def _next_line(sheet: Sheet, index: int, segment: Segment) -> Segment | None:
    for row in sheet.rows[index + 1 : index + 2]:
        for below in row.segments:
            beside = abs(below.box.x0 - segment.box.x0) < sheet.height
            centred = abs(below.box.centre - segment.box.centre) < 2 * sheet.height
            if (beside or centred) and below.box.top - segment.box.bottom < 1.5 * sheet.height:
                return below
    return None


def _listed(line: Segment | None, first: int) -> Iterator[Candidate]:
    """The address in a line that lists a party's data: name, street, place, then telephone and the like."""
    parts = sender_parts(line.text)[first:] if line is not None else []
    taken: list[str] = []
    for part in parts[:5]:
        if is_contact(part):
            break
        taken.append(part.strip(" ,;"))
        if has_place(part):
            after = parts[len(taken)] if len(parts) > len(taken) else ""
            taken += [after.strip(" ,;")] if is_country(after) else []
            if line is not None and any(sign.isdigit() for sign in taken[0]) or len(taken) > 1:
                text = ", ".join(piece for piece in taken if piece)
                yield candidate("seller_address", text, 0.78, line, text)  # type: ignore[arg-type]
            break

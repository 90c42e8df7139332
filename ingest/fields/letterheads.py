"""Two addresses side by side that no label names, the sender's and the addressee's: told apart by what each lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.fields.blocks import LINES, Block, is_attention, is_party_label
from ingest.fields.candidates import Candidate
from ingest.fields.imprints import IMPRINT
from ingest.fields.names import has_form, is_contact, is_department, is_name, is_street
from ingest.fields.sellers import OWN_NUMBER
from ingest.fields.window import window_of
from ingest.labels import field_labels, label_key, type_labels
from ingest.layout import Segment, Sheet

_HEAD = 0.36
"""Part of a page within which sender and addressee stand."""
_FOOT = 0.75
"""Part of a page below which a sender says who he is."""
_NAME = 5
"""Letters of a name that is no part of another word by chance."""
_LEAST = 3
"""Lines of an address with its name, at least."""
_CERTAIN = 0.9
"""Score of a seller's name that more than its place and its form speak for."""
_AHEAD = 0.2
"""By how much it leads the name beside it."""
UNTOLD = 0.2
"""Score of a name beside another with as much to say for itself."""
_TELLING = 2
"""Ways to reach somebody, registers and accounts more than the other lists, from which a list tells whose it is."""
_LIKELY = 0.55
"""Score of a name that may well be the seller's."""
_OTHER = 0.75
"""Score of what stands beside the sender's address: the addressee's."""


@dataclass(frozen=True, slots=True)
class Told:
    """What two addresses side by side tell of the parties."""

    names: list[Candidate]
    """Candidates for the seller's name, the likeliest first."""
    other: Block | None = None
    """The address beside the seller's."""
    unsure: bool = False
    """Whether nothing tells whose is whose."""


def told_apart(sheets: Sequence[Sheet], names: Sequence[Candidate]) -> Told:
    """The seller's candidates in the order that two unlabelled addresses in one row speak for.

    Ways to reach somebody, registers and accounts are the sender's; with about as many of them on both sides nothing
    tells whose is whose.
    """
    ranked = list(names)
    if not ranked or not sheets or ranked[0].page != sheets[0].page.number:
        return Told(ranked)
    pair = _pair(sheets[0], ranked[0])
    if pair is None:
        return Told(ranked)
    own, other = pair
    signs = _worth(own, sheets) - _worth(other, sheets)
    turned = next((one for one in ranked if one.box == other[0].box), None)
    ahead = ranked[0].score - (turned.score if turned is not None else 0.0)
    if ranked[0].score >= _CERTAIN and ahead >= _AHEAD:
        return Told(ranked, _addressee(other))
    if signs >= _TELLING:
        rest = [one for one in ranked[1:] if one is not turned]
        # one word alone may be the first line of a name
        least = _OTHER if len(own[0].words) > 1 else 0.0
        return Told([replace(ranked[0], score=max(ranked[0].score, least)), *rest], _addressee(other))
    if turned is not None and signs <= -_TELLING:
        rest = [one for one in ranked if one is not turned and one is not ranked[0]]
        return Told([replace(turned, score=max(turned.score, _OTHER)), *rest], _addressee(own))
    unsure = [replace(one, score=min(one.score, UNTOLD)) for one in ranked]
    return Told(unsure, _addressee(other), unsure=True)


def only_addressee(sheets: Sequence[Sheet], names: Sequence[Candidate], taken: Sequence[Block]) -> Block | None:
    """The only address with a name, where the sender's own numbers stand elsewhere: his name is in a logo alone."""
    if not names or not sheets or names[0].score >= _CERTAIN:
        return None
    if any(one.score > _LIKELY or has_form(one.value) for one in names[1:]):
        return None
    block = window_of(sheets, None, taken)
    if block is None or block.name is None or block.name.box != names[0].box:
        return None
    index = next((i for i, row in enumerate(sheets[0].rows) if block.lines[0] in row.segments), None)
    if index is None or _signs(_column(sheets[0], index, block.lines[0])):
        return None
    own = [segment for segment in sheets[0].segments if OWN_NUMBER.search(segment.text)]
    return replace(block, score=min(block.score, 0.65)) if own else None


def _pair(sheet: Sheet, name: Candidate) -> tuple[list[Segment], list[Segment]] | None:
    """The lines of the address that begins with a name, and of the only other that begins in its row."""
    for index, row in enumerate(sheet.rows):
        first = next((segment for segment in row.segments if segment.box == name.box), None)
        if first is None:
            continue
        others = [one for one in row.segments if one is not first and is_name(one.text) and not _is_label(one)]
        if row.box.top > _HEAD * sheet.page.height or len(others) != 1:
            return None
        columns = _column(sheet, index, first), _column(sheet, index, others[0])
        return columns if _is_address(columns[0]) and _is_address(columns[1], has_form(others[0].text)) else None
    return None


def _is_address(lines: Sequence[Segment], company: bool = False) -> bool:
    """Whether lines are a party's: with a street or a place, or at least a company's with somebody's name or mail."""
    streets = [line for line in lines[1:] if is_street(line.text) or any(sign.isdigit() for sign in line.text)]
    labels = any(is_party_label(line.text) for line in lines)
    return len(lines) >= _LEAST and bool(streets or company) and not labels


def _column(sheet: Sheet, index: int, first: Segment) -> list[Segment]:
    """A segment and what stands right under it, at its left or its right edge, contacts and numbers among it."""
    lines = [first]
    for row in sheet.rows[index + 1 : index + 2 * LINES]:
        if row.box.top - lines[-1].box.bottom > 2.4 * max(first.box.height, sheet.height):
            break
        edges = (min(abs(s.box.x0 - first.box.x0), abs(s.box.x1 - first.box.x1)) for s in row.segments)
        lines += [s for s, off in zip(row.segments, edges, strict=True) if off < 0.6 * sheet.height][:1]
    return lines


def _worth(lines: Sequence[Segment], sheets: Sequence[Sheet]) -> int:
    """How much speaks for a block as the sender's: what it lists, its name in an imprint; not a department's name."""
    addressed = any(is_attention(line.text) or is_department(line.text) for line in lines[1:])
    named = _is_imprinted(lines[0].text, sheets)
    return _signs(lines) + _TELLING * (named - addressed)


def _is_imprinted(name: str, sheets: Sequence[Sheet]) -> bool:
    """Whether a line of registers in a page's foot holds the name."""
    key = label_key(name)
    return len(key) >= _NAME and any(
        key in label_key(row.text) and IMPRINT.search(row.text)
        for sheet in sheets
        for row in sheet.rows
        if row.box.top > _FOOT * sheet.page.height
    )


def _signs(lines: Sequence[Segment]) -> int:
    return sum(is_contact(line.text) or bool(OWN_NUMBER.search(line.text)) for line in lines)


def _addressee(lines: Sequence[Segment]) -> Block:
    kept = [line for line in lines[:LINES] if not is_contact(line.text) and not _is_label(line)]
    return Block(tuple(kept), _OTHER if has_form(lines[0].text) else 0.65)


def _is_label(segment: Segment) -> bool:
    first = label_key(segment.words[0].text)
    key = label_key(segment.text)
    valued = segment.words[0].text.endswith(":") and first in field_labels()
    return key in field_labels() or first in type_labels() or valued or segment.text.rstrip().endswith(":")

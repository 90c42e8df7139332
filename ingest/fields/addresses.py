"""A party's postal address, wherever on the pages it stands beside or under the party's name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import takewhile

from ingest.extraction import FieldValue
from ingest.fields.blocks import Block, address_lines, lines_under
from ingest.fields.candidates import Candidate, best_of, candidate, settled
from ingest.fields.names import has_place, is_company, is_contact, is_country, is_sender_line, sender_parts
from ingest.fields.slips import slip_address
from ingest.labels import label_key
from ingest.layout import Segment, Sheet, segment_of

_AMERICAN = re.compile(r"(?:^|[ ,])[A-Z]{2}\.?,? \d{5}(?:-\d{4})?$")
"""State and ZIP code: where one follows, "5100 Industrial Blvd" before it is a street, no code with its place."""
_LABEL = re.compile(r"(?i)(?!(?:no|lot|unit)\b)[^:\d]{0,40}:")
"""A label in a listing, but not the number of a house: "No: 28"."""
_REGISTER = re.compile(
    r"(?i)(?:hr ?[ab]|fn|rcs|siret|siren|krs|regon|cvr|kvk|nip|ust|vat|tva|iva|p\. ?iva|iban|bic)\b.*\d"
)
_FULL_NAMES = frozenset({"ceskarepublika", "slovenskarepublika", "republikaosterreich", "unitedstatesofamerica"})
"""Countries by the long name that addresses print and lists of countries lack."""
_EDGES = " ,;·•|"
_LISTING = re.compile(r"[·•|∙●]")
_LONGEST = 7
"""Parts of an address, at most."""


def address_of(sheets: Sequence[Sheet], name: Candidate, block: Block | None) -> FieldValue | None:
    """The seller's address: from its block, else from any other place where the name is printed with one."""
    key = label_key(name.value)
    on_slip = slip_address(sheets[0], name.box, key) if name.page == 1 else None
    if on_slip is not None:
        return settled([on_slip])
    # a sender's line over a letter's window holds its own address: below stands the buyer's
    own = block is not None and not is_sender_line(block.lines[0].text)
    found = list(_of_block(block, key)) if block is not None and own else []
    for sheet in sheets if len(key) > 2 else ():
        for index, row in enumerate(sheet.rows):
            for segment in row.segments:
                found += _at(sheet, index, segment, key)
            if label_key(row.text).startswith(key) and len(row.segments) > 1:
                found += _listed(segment_of(row.words, row.page, row.segments[0].source), 1)
    ranked = _with_country(best_of(found))
    return settled(ranked) if ranked else None


def _at(sheet: Sheet, index: int, segment: Segment, key: str) -> Iterator[Candidate]:
    """Addresses that stand under a name, beside it in one line, or in the line below it."""
    own = label_key(segment.text)
    if own == key:
        yield from _of_block(Block((segment, *lines_under(sheet, index, segment)), 0.9), key)
        yield from _listed(_next_line(sheet, index, segment), 0)
    elif own and key.startswith(own):
        # a name in two lines
        below = _next_line(sheet, index, segment)
        if below is not None and own + label_key(below.text) == key:
            whole = segment_of((*segment.words, *below.words), segment.page, segment.source)
            yield from _of_block(Block((whole, *lines_under(sheet, index + 1, below)), 0.9), key)
    elif own.startswith(key):
        yield from _listed(segment, 1)


def _of_block(block: Block, key: str) -> Iterator[Candidate]:
    """The address in the lines of a block, which may run on into contacts or into another party's lines."""
    behind = block.lines[block.address_start :]
    # under a letterhead without an address stands the buyer
    own = set(takewhile(lambda line: not _is_another(line.text, key), behind))
    lines = address_lines(block)
    last = block.lines.index(lines[-1]) + 1 if lines and lines[-1] in block.lines else len(block.lines)
    # what holds a number like a postal code may be a street: the place can stand in the next line
    lines += [line for line in block.lines[last : last + 2] if _AMERICAN.search(line.text)][:1]
    if any(line in behind and line not in own for line in lines):
        return
    parts = _up_to_place([part for line in lines for part in _parts(line.text, key)])
    if parts and any(sign.isdigit() for part in parts for sign in part):
        text = ", ".join(parts)
        score = block.score * (0.9 if has_place(text) else 0.5)
        yield candidate("seller_address", text, score, lines[0], "\n".join(line.text for line in lines))


def _is_another(line: str, key: str) -> bool:
    """Whether a line is another company's name; what stands in brackets tells what the party was called before."""
    return is_company(line) and not key.startswith(label_key(line)) and not {"(", ")"} & set(line)


def _parts(line: str, key: str) -> list[str]:
    """A line's parts where it lists several data, else the line; the party's name is none of them."""
    parts = sender_parts(line)
    named = label_key(parts[0]).startswith(key) or (len(key) > 3 and key.startswith(label_key(parts[0]) or "?"))
    if not (_LISTING.search(line) or named or any(_is_other(part) for part in parts)):
        return [line.strip(_EDGES)]
    return parts[1:] if named else parts


def _is_other(part: str) -> bool:
    """Whether a part of a listing is no address: a contact, a label with its value, an entry in a register."""
    return is_contact(part) or bool(_LABEL.match(part) or _REGISTER.match(part))


def _up_to_place(parts: Sequence[str]) -> list[str]:
    """The parts up to the one with code and place, and a country behind it."""
    american = next((index for index, part in enumerate(parts[:_LONGEST]) if _AMERICAN.search(part)), None)
    taken: list[str] = []
    for index, part in enumerate(parts[:_LONGEST]):
        if _is_other(part):
            break
        taken.append(part.strip(_EDGES))
        if index == american or (american is None and has_place(part)):
            after = parts[index + 1] if index + 1 < len(parts) else ""
            taken += [after.strip(_EDGES)] if _is_country(after) else []
            break
    return [part for part in taken if part]


def _is_country(text: str) -> bool:
    return is_country(text) or label_key(text) in _FULL_NAMES


def _with_country(ranked: list[Candidate]) -> list[Candidate]:
    """The best candidate, with the country where another place prints the same address with it."""
    for other in ranked[1:]:
        head, _, country = other.value.rpartition(", ")
        if label_key(head) == label_key(ranked[0].value) and _is_country(country):
            return [replace(other, score=ranked[0].score), *(c for c in ranked[1:] if c is not other)]
    return ranked


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
    parts = _up_to_place(sender_parts(line.text)[first:]) if line is not None else []
    if line is None or not parts or not any(has_place(part) for part in parts):
        return
    if len(parts) > 1 or any(sign.isdigit() for sign in parts[0]):
        text = ", ".join(parts)
        yield candidate("seller_address", text, 0.78, line, text)

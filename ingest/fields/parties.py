"""Seller, buyer and place of delivery: who they are and where they live, told apart by labels, place and print."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.document import Source
from ingest.extraction import FieldValue
from ingest.fields.blocks import (
    EMAIL,
    Block,
    address_lines,
    block_at,
    block_of_spot,
    has_place,
    is_name,
    legal_form,
    tidy_name,
)
from ingest.fields.candidates import Candidate, best_of, candidate, settled
from ingest.fields.spots import Spot
from ingest.labels import field_labels, label_key, type_labels
from ingest.layout import Segment, Sheet

_WEB = re.compile(r"(?i)(?:https?://|www\.)([a-z0-9\-.]+\.[a-z]{2,})")
_SENDER_LINE = re.compile(r"\s*(?:[·•|∙●◦*]|\s[-–—]\s|,\s)\s*")
_GENERIC_HOSTS = frozenset({"gmail", "yahoo", "hotmail", "outlook", "gmx", "web", "t-online", "icloud", "aol", "mail"})


@dataclass(frozen=True, slots=True)
class Parties:
    """The parties' blocks, and the fields read from them."""

    seller: Block | None
    buyer: Block | None
    ship_to: Block | None
    fields: dict[str, FieldValue]


def parties_of(sheets: Sequence[Sheet], spots: Sequence[Spot]) -> Parties:
    """Who sells, who buys, and where it was delivered."""
    buyers, ship_tos, sellers = (_labelled(spots, name) for name in ("buyer", "ship_to", "seller"))
    ship_to = ship_tos[0] if ship_tos else None
    buyer = next((b for b in buyers if ship_to is None or b.lines[0] != ship_to.lines[0]), None)
    taken = [block for block in (buyer, ship_to) if block is not None]
    seller_names = _seller_candidates(sheets, spots, sellers, taken)
    seller = block_at(sheets, seller_names[0]) if seller_names else None
    if buyer is None:
        buyer = _window(sheets, seller_names[0] if seller_names else None, taken)
    fields: dict[str, FieldValue] = {}
    if seller_names:
        fields["seller_name"] = settled(seller_names)
    _add_address(fields, "seller_address", seller)
    _add_party(fields, "buyer", buyer)
    _add_party(fields, "ship_to", ship_to)
    return Parties(seller, buyer, ship_to, fields)


def _labelled(spots: Sequence[Spot], name: str) -> list[Block]:
    """Blocks under or beside a party's label, the surest first."""
    found = []
    for spot in spots:
        weight = spot.meanings.get(name)
        if not weight or (weight <= 0.5 and not (spot.colon and spot.opens)):
            continue
        if len(spot.segment.words) > 9 and not spot.colon:
            continue
        block = block_of_spot(spot, weight)
        if block is not None:
            found.append(block)
    return sorted(found, key=lambda block: -block.score)


def _add_party(fields: dict[str, FieldValue], party: str, block: Block | None) -> None:
    if block is None:
        return
    name = block.name
    if name is not None:
        fields[f"{party}_name"] = settled([candidate(f"{party}_name", tidy_name(name.text), block.score, name)])
    _add_address(fields, f"{party}_address", block)


def _add_address(fields: dict[str, FieldValue], name: str, block: Block | None) -> None:
    lines = address_lines(block) if block is not None else []
    if block is None or not lines:
        return
    text = ", ".join(line.text.strip(" ,;·•|") for line in lines)
    score = block.score * (0.85 if has_place(text) else 0.6)
    fields[name] = settled([candidate(name, text, score, lines[0], "\n".join(line.text for line in lines))])


def _seller_candidates(
    sheets: Sequence[Sheet], spots: Sequence[Spot], labelled: Sequence[Block], taken: Sequence[Block]
) -> list[Candidate]:
    found = []
    for block in labelled:
        if block.name is not None:
            found.append(candidate("seller_name", tidy_name(block.name.text), 0.97 * block.score, block.name))
    for spot in spots:
        payee = spot.meanings.get("payee_name")
        for segment in list(spot.beside())[:1] if payee else []:
            name = segment.text.strip(" :.,")
            if is_name(name) and len(name.split()) <= 8:
                score = 0.72 if legal_form(name) else 0.5
                found.append(candidate("seller_name", tidy_name(name), score, segment))
    used = {line.box for block in taken for line in block.lines}
    hosts = _hosts(sheets)
    counts = _counts(sheets)
    buyers = {label_key(block.name.text) for block in taken if block.name is not None}
    for sheet in sheets[:1] if len(sheets) == 1 else (sheets[0], sheets[-1]) if sheets else ():
        for index, row in enumerate(sheet.rows):
            for segment in row.segments:
                if segment.box not in used and label_key(segment.text) not in buyers:
                    found.extend(_named(sheet, index, segment, hosts, counts))
    return [c for c in best_of(found) if c.score >= 0.3]


def _named(sheet: Sheet, index: int, segment: Segment, hosts: set[str], counts: dict[str, int]) -> list[Candidate]:
    """The segment as the seller's name, scored by what usually surrounds one."""
    text = segment.text
    parts = _SENDER_LINE.split(text)
    sender = len(parts) >= 3 and has_place(text)
    if sender and is_name(parts[0]):
        # the small line over the window of a letter
        return [candidate("seller_name", tidy_name(parts[0]), 0.8, segment, parts[0])]
    words = text.split()
    if not is_name(text) or len(words) > 7 or _is_label(segment):
        return []
    first_page = sheet.page.number == 1
    place = segment.box.top / max(sheet.page.height, 1.0)
    score = 0.22
    score += 0.30 if legal_form(text) else 0.0
    if first_page:
        score += 0.22 if index == 0 else 0.16 if index <= 2 else 0.08 if place < 0.25 else 0.0
        score += min(0.18, 0.12 * max(0.0, segment.box.height / sheet.height - 1.0))
    score += 0.04 if segment.bold else 0.0
    key = label_key(text)
    if any(
        len(host) >= 4 and (host in key or key[: max(5, len(host) - 2)] == host[: max(5, len(key) - 2)])
        for host in hosts
    ):
        score += 0.22
    score += 0.08 if counts.get(key, 0) > 1 else 0.0
    below = [s for row in sheet.rows[index + 1 : index + 5] for s in row.segments]
    near = [
        s
        for s in below
        if abs(s.box.x0 - segment.box.x0) < 12 * sheet.height
        or abs(s.box.centre - segment.box.centre) < 12 * sheet.height
    ]
    score += 0.12 if first_page and any(has_place(s.text) for s in near) else 0.0
    score -= 0.15 if segment.page == 1 and 0.4 < place < 0.85 else 0.0
    if segment.source is Source.OCR and segment.confidence < 0.5:
        score -= 0.1
    return [candidate("seller_name", tidy_name(text), max(0.0, min(0.93, score)), segment)]


def _is_label(segment: Segment) -> bool:
    key = label_key(segment.text)
    if key in field_labels() or key in type_labels() or segment.text.rstrip().endswith(":"):
        return True
    first = label_key(segment.words[0].text)
    # "Invoice 4711", "Page 1 of 2": a label with its value, or a heading
    return first in type_labels() or (first in field_labels() and segment.words[0].text.endswith(":"))


def _hosts(sheets: Sequence[Sheet]) -> set[str]:
    """Names in web and mail addresses: a seller's usually holds his own."""
    hosts = set()
    for sheet in sheets:
        for row in sheet.rows:
            if "@" in row.text or "www" in row.text.lower() or "http" in row.text.lower():
                names = [mail.split("@")[1] for mail in EMAIL.findall(row.text)] + _WEB.findall(row.text)
                for name in names:
                    host = label_key(name.lower().removeprefix("www.").split(".")[0])
                    if host and host not in _GENERIC_HOSTS:
                        hosts.add(host)
    return hosts


def _counts(sheets: Sequence[Sheet]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for sheet in sheets:
        for segment in sheet.segments:
            key = label_key(segment.text)
            counts[key] = counts.get(key, 0) + 1
    return counts


def _window(sheets: Sequence[Sheet], seller: Candidate | None, taken: Sequence[Block]) -> Block | None:
    """The address in a letter's window: a block of lines with a place in the upper part that is not the seller's."""
    if not sheets or sheets[0].page.height < sheets[0].page.width * 1.1:
        return None
    sheet = sheets[0]
    used = {line.box for block in taken for line in block.lines}
    seller_key = label_key(seller.value) if seller else ""
    for index, row in enumerate(sheet.rows):
        if not 0.08 * sheet.page.height < row.box.top < 0.38 * sheet.page.height:
            continue
        for segment in row.segments:
            if segment.box in used or _is_label(segment) or not is_name(segment.text):
                continue
            key = label_key(segment.text)
            if seller_key and (key in seller_key or seller_key in key):
                continue
            block = block_at(sheets, candidate("buyer_name", segment.text, 0.55, segment))
            if block is not None and _is_address_block(block, index, seller_key):
                return block
    return None


def _is_address_block(block: Block, index: int, seller_key: str) -> bool:
    if not 2 <= len(block.lines) <= 7:
        return False
    body = block.lines[1:]
    return any(has_place(line.text) for line in body) and not any(
        seller_key and seller_key in label_key(line.text) for line in body
    )

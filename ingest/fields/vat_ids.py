"""VAT numbers of seller and buyer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from stdnum.es import nif as es_nif
from stdnum.eu import vat as eu_vat

from ingest.document import Source
from ingest.extraction import FieldValue
from ingest.fields.blocks import Block
from ingest.fields.candidates import Candidate, best_of, candidate, settled
from ingest.fields.parties import Parties
from ingest.fields.sections import heads_of, owner_of
from ingest.fields.spots import Spot
from ingest.fields.tax_ids import is_valid_vat, vat_id_beside, vat_ids_in
from ingest.layout import Segment, Sheet, overlap, segment_of
from ingest.misread import vat_id_of, with_country
from ingest.normalise import compact

_DAYS = frozenset({"issue_date", "due_date"})
_SPANISH = re.compile(r"^(?:[A-Z]-?\d{7}-?[A-Z0-9]|\d{8}-?[A-Z])$")
_EMPLOYER = re.compile(r"^\d{2}-\d{7}$")
"""Under what number the United States tax an employer."""
_MEANT = 0.5
"""Weight of a word that names a number or a day in such a list."""
_LIST = 4
"""Rows of a list between its parts, at most."""
_COUNTRY = re.compile(r"[A-Z]{2,3}")
_OWNED = 0.4
"""How sure it is whose a number is, where nothing is known of the names."""


def vat_ids(sheets: Sequence[Sheet], spots: Sequence[Spot], parties: Parties) -> Iterator[tuple[str, FieldValue]]:
    """The VAT numbers of seller and buyer, told apart by label and place."""
    sellers: list[Candidate] = []
    buyers: list[Candidate] = []
    listed: list[Candidate] = []
    placed = False
    heads = heads_of(spots)
    for vat in (*_vat_candidates(sheets, spots), *_bare(sheets, parties)):
        one, segment, own_label = vat
        owner = owner_of(segment, heads)
        if owner in ("buyer", "seller") and not own_label:
            (buyers if owner == "buyer" else sellers).append(one)
            continue
        if own_label == "document":
            listed.append(one)
            continue
        in_buyer = parties.buyer is not None and parties.buyer.holds(segment)
        if own_label == "buyer" or (in_buyer and not (parties.seller and parties.seller.holds(segment))):
            buyers.append(one)
            placed = placed or own_label != "buyer"
        else:
            sellers.append(one)
    # among the document's own data stands the buyer's number, where the seller's is in his letterhead
    own = {one.value for one in sellers}
    for one in listed:
        (buyers if own and one.value not in own else sellers).append(one)
    ranked = best_of(sellers)
    bought = best_of(buyers)
    if not bought and len(ranked) > 1 and ranked[0].score - ranked[1].score < 0.05:
        ranked = _nearest_seller_first(ranked, parties, sheets)
    # told apart by the names over them, they are no surer than these
    most = _surest(parties) if placed and ranked else 1.0
    for name, found in (("seller_vat_id", ranked), ("buyer_vat_id", bought)):
        if found:
            value = settled(found, _vat_confidence(found))
            yield name, replace(value, confidence=min(value.confidence or 0.0, most))


def _surest(parties: Parties) -> float:
    """How sure a number's owner is at most, where the parties' names alone say who is who."""
    names = [parties.fields.get(name) for name in ("seller_name", "buyer_name")]
    known = [(name.confidence or 0.0) if name is not None else 0.0 for name in names]
    return _OWNED + (1 - _OWNED) * min(known)


def _vat_candidates(sheets: Sequence[Sheet], spots: Sequence[Spot]) -> Iterator[tuple[Candidate, Segment, str]]:
    claimed: set[str] = set()
    for spot in spots:
        own = spot.meanings.get("buyer_vat_id", 0.0)
        weight = max(own, spot.meanings.get("vat_id", 0.0))
        if weight < 0.4:
            continue
        for place, segment in enumerate(_near(spot)):
            printed = vat_id_beside(segment.text)
            if printed is None:
                continue
            value, raw = printed
            if weight < 1.0 and _EMPLOYER.match(raw):
                # "Tax ID: 12-3456789" is none of a value added tax
                continue
            if segment.source is Source.OCR and not is_valid_vat(value):
                value = vat_id_of(value) or with_country(value)
            score = weight * (0.92 if place == 0 else 0.75)
            if is_valid_vat(value) or eu_vat.guess_country(value):
                score = min(1.0, score + 0.08)
            elif segment.source is Source.OCR:
                # no check digits bear out what OCR made of it
                score *= 0.7
            claimed.add(value)
            beside = spot.segment if place == 0 else segment
            listed = _heads_data(spot, spots) if segment in spot.belows else _lists_data(spot, spots)
            label = "buyer" if own else "document" if listed else ""
            yield candidate("seller_vat_id", value, score, segment, raw), beside, label
            break
    for sheet in sheets:
        for segment in sheet.segments:
            for value, raw in vat_ids_in(segment.text):
                if value not in claimed and is_valid_vat(value):
                    yield candidate("seller_vat_id", value, 0.7, segment, raw), segment, ""


def _bare(sheets: Sequence[Sheet], parties: Parties) -> Iterator[tuple[Candidate, Segment, str]]:
    """Numbers that stand alone in a line under a party's name, told by form and check letter: Spanish ones."""
    blocks = [(block, owner) for block, owner in ((parties.seller, ""), (parties.buyer, "buyer")) if block is not None]
    for sheet in sheets[:1]:
        for segment in sheet.segments:
            if len(segment.words) > 1 or not _SPANISH.match(segment.text) or not es_nif.is_valid(segment.text):
                continue
            for block, owner in blocks:
                if block.holds(segment):
                    yield candidate("seller_vat_id", compact(segment.text), 0.8, segment), segment, owner
                    break


def _heads_data(spot: Spot, spots: Sequence[Spot]) -> bool:
    """Whether it stands among the heads of the document's own data: "Date | Due | Taxpayer | Customer"."""
    row = [other for other in spots if other.sheet is spot.sheet and other.row == spot.row and other is not spot]
    return len(row) >= 2 and any(not _DAYS.isdisjoint(other.meanings) for other in row)


def _lists_data(spot: Spot, spots: Sequence[Spot]) -> bool:
    """The same for a list: "Invoice number: ...", "Invoice date: ...", "VAT number: ..." under one another."""
    near = [
        other
        for other in spots
        if other.sheet is spot.sheet
        and 0 < abs(other.row - spot.row) <= _LIST
        and abs(other.label.box.x0 - spot.label.box.x0) < 0.6 * spot.sheet.height
    ]
    meant = {name for other in near for name, weight in other.meanings.items() if weight >= _MEANT}
    return {"invoice_number", "issue_date"} <= meant


def _near(spot: Spot) -> tuple[Segment, ...]:
    """What stands beside the label and below it, else what the next line begins with."""
    near = (*list(spot.beside())[:1], *spot.belows[:1]) or _wrapped(spot)
    if spot.rest is None or not _COUNTRY.fullmatch(spot.rest.text) or spot.rest.words[-1] is not spot.segment.words[-1]:
        return near
    # the line ends behind the country's letters
    below = spot.sheet.rows[spot.row + 1 : spot.row + 2]
    more = below[0].segments[:1] if below else ()
    return (*(segment_of((*spot.rest.words, *one.words), one.page, one.source) for one in more), *near)


def _wrapped(spot: Spot) -> tuple[Segment, ...]:
    """What the next line begins with, where a line ends with the label: a foot is set as running text."""
    words = spot.segment.words
    behind = "".join(word.text for word in words[words.index(spot.label.words[-1]) + 1 :])
    ends = spot.segment is spot.sheet.rows[spot.row].segments[-1] and not any(map(str.isalnum, behind))
    following = spot.sheet.rows[spot.row + 1 : spot.row + 2]
    return following[0].segments[:1] if ends and following else ()


def _nearest_seller_first(ranked: list[Candidate], parties: Parties, sheets: Sequence[Sheet]) -> list[Candidate]:
    """Of several tax numbers the one within the seller's address, else the one in a page's foot, first."""
    block: Block | None = parties.seller
    pages = {sheet.page.number: sheet for sheet in sheets}

    def apart(one: Candidate) -> tuple[bool, bool, float]:
        sheet = pages[one.page]
        in_foot = one.box.top > 0.82 * sheet.page.height
        if block is None or block.lines[0].page != one.page:
            return True, not in_foot, 0.0
        gap = abs(one.box.middle - block.lines[0].box.middle)
        beside = overlap(block.lines[0].box.x0, block.lines[0].box.x1, one.box.x0, one.box.x1) > 0
        return not (beside and gap < 12 * sheet.height), not in_foot, gap

    return sorted(ranked, key=apart)


def _vat_confidence(ranked: list[Candidate]) -> float | None:
    first = ranked[0]
    if len(ranked) == 1 and is_valid_vat(first.value):
        return 0.97 if first.source is not Source.OCR else 0.9
    return None

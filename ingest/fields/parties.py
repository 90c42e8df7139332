"""Seller, buyer and place of delivery: who they are and where they live, told apart by labels, place and print."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from ingest.extraction import FieldValue
from ingest.fields.addresses import address_of
from ingest.fields.blocks import LINES, Block, address_lines, block_at, block_of_spot, is_party_label
from ingest.fields.candidates import Candidate, candidate, settled
from ingest.fields.imprints import IMPRINT, says_capital
from ingest.fields.letterheads import UNTOLD, Told, only_addressee, told_apart
from ingest.fields.names import has_place, is_name, tidy_name
from ingest.fields.sections import sections_of
from ingest.fields.sellers import OWN_NUMBER, name_score, seller_candidates
from ingest.fields.slips import is_slip_page
from ingest.fields.spots import Spot
from ingest.fields.window import window_of
from ingest.labels import attention_words, label_key
from ingest.layout import Sheet, segment_of

_OWN = frozenset({"account", "iban", "bic", "routing", "registration"})
_DAYS = frozenset({"issue_date", "due_date"})
_FOOT = 0.75
"""Part of a page below which "address" names the seller's own."""
_OTHER = 0.5
"""Score of a name that may be the seller's beside a likelier one that stands where the buyer's does."""
_ONLY = 0.6
"""Score of a buyer who is named as the receiver of the goods only."""
_CERTAIN = 0.9
"""Score of a seller whose name more than its place speaks for."""


@dataclass(frozen=True, slots=True)
class Parties:
    """The parties' blocks, and the fields read from them."""

    seller: Block | None
    buyer: Block | None
    ship_to: Block | None
    fields: dict[str, FieldValue]


def parties_of(
    sheets: Sequence[Sheet],
    spots: Sequence[Spot],
    payees: Collection[str] = (),
    lines: frozenset[tuple[int, int]] = frozenset(),
) -> Parties:
    """Who sells, who buys, and where it was delivered.

    Args:
        sheets: the pages.
        spots: their labels.
        payees: names in payment codes.
        lines: page and row of the line items and their heads, where no party stands.
    """
    goods = {
        s.box
        for sheet in sheets
        for i, r in enumerate(sheet.rows)
        if (sheet.page.number, i) in lines
        for s in r.segments
    }
    buyers, ship_tos, sellers = (
        [block for block in _labelled(spots, name) if block.lines[0].box not in goods]
        for name in ("buyer", "ship_to", "seller")
    )
    ship_to = ship_tos[0] if ship_tos else None
    buyer = next((b for b in buyers if ship_to is None or b.lines[0] != ship_to.lines[0]), None)
    taken = [block for block in (buyer, ship_to) if block is not None]
    seller_names = seller_candidates(sheets, spots, sellers, taken, payees, goods)
    told = told_apart(sheets, seller_names) if buyer is None and not sellers else Told(seller_names)
    seller_names = told.names
    seller = block_at(sheets, seller_names[0]) if seller_names else None
    if buyer is None:
        buyer = window_of(sheets, seller_names[0] if seller_names else None, taken)
        buyer = buyer or told.other
        if buyer is not None and told.unsure:
            buyer = replace(buyer, score=min(buyer.score, UNTOLD))
        if buyer is None and not buyers and _is_addressee(sheets, seller_names, taken):
            buyer = window_of(sheets, seller_names[1], taken)
            seller_names = seller_names[1:]
            seller = block_at(sheets, seller_names[0])
        if buyer is None and not buyers and (addressee := only_addressee(sheets, seller_names, taken)) is not None:
            buyer, seller_names, seller = addressee, [], None
        buyer = buyer or _consignee(ship_to)
    buyer = _in_full(buyer, sheets)
    seller = _without(seller, [block for block in (buyer, ship_to) if block is not None])
    fields: dict[str, FieldValue] = {}
    if seller_names:
        fields["seller_name"] = settled(seller_names)
        address = address_of(sheets, seller_names[0], seller)
        if address is not None:
            fields["seller_address"] = address
    _add_party(fields, "buyer", buyer)
    _add_party(fields, "ship_to", ship_to)
    return Parties(seller, buyer, ship_to, fields)


def _is_addressee(sheets: Sequence[Sheet], names: Sequence[Candidate], taken: Sequence[Block]) -> bool:
    """Whether the likeliest seller stands where letters are addressed, under another name, and nobody else does.

    No till slip is a letter: the address in its head is the shop's, whatever stands above it.
    """
    if len(names) < 2 or names[1].score < _OTHER or names[0].score > _CERTAIN or is_slip_page(sheets[0]):
        return False
    above = names[1].page == names[0].page and names[1].box.bottom < names[0].box.top
    return (above or _has_own_numbers(sheets, names[1])) and _stands_in_window(sheets, names, taken)


def _stands_in_window(sheets: Sequence[Sheet], names: Sequence[Candidate], taken: Sequence[Block]) -> bool:
    """Whether the likeliest seller stands where letters are addressed, if the next one sells."""
    window = window_of(sheets, names[1], taken)
    return window is not None and window.name is not None and window.name.box == names[0].box


def _has_own_numbers(sheets: Sequence[Sheet], name: Candidate) -> bool:
    """Whether an account or a register stands in the row of a name, or right under it: who sells prints those."""
    if says_capital(name.value):
        return False
    for sheet in sheets:
        for row, below in zip(sheet.rows, (*sheet.rows[1:], None), strict=True):
            if sheet.page.number == name.page and any(segment.box == name.box for segment in row.segments):
                text = row.text if below is None else f"{row.text} {below.text}"
                return bool(OWN_NUMBER.search(text) or IMPRINT.search(text))
    return False


def _consignee(ship_to: Block | None) -> Block | None:
    """Who gets the goods as the one who pays, where nobody else is named."""
    return replace(ship_to, score=min(ship_to.score, _ONLY)) if ship_to is not None else None


def _in_full(block: Block | None, sheets: Sequence[Sheet]) -> Block | None:
    """The block with the whole of a name that its cell breaks in two lines and another place prints in one."""
    if block is None or len(block.lines) < 2 or block.name is not block.lines[0]:
        return block
    whole = segment_of((*block.lines[0].words, *block.lines[1].words), block.lines[0].page, block.lines[0].source)
    key = label_key(whole.text)
    if any(label_key(segment.text) == key for sheet in sheets for segment in sheet.segments):
        return replace(block, lines=(whole, *block.lines[2:]))
    return block


def _without(block: Block | None, others: Sequence[Block]) -> Block | None:
    """The block up to where another party's begins."""
    taken = {line.box for other in others for line in other.lines}
    if block is None or block.lines[0].box in taken:
        return block
    own = tuple(takewhile(lambda line: line.box not in taken and not is_party_label(line.text), block.lines))
    return Block(own, block.score) if own else None


def _labelled(spots: Sequence[Spot], name: str) -> list[Block]:
    """Blocks under or beside a party's label, the surest first."""
    found = []
    for spot in spots:
        weight = spot.meanings.get(name)
        alone = spot.label.text == spot.segment.text
        if not weight or (weight <= 0.5 and not (spot.opens and (spot.colon or alone))):
            continue
        if len(spot.segment.words) > 9 and not spot.colon:
            continue
        foot = spot.label.box.top > _FOOT * spot.sheet.page.height or _in_imprint(spot, spots)
        if weight <= 0.5 and (foot or _names_a_person(spot)):
            continue
        block = block_of_spot(spot, weight)
        if name == "seller" and block is not None and len(block.lines) == 1 and _heads_days(spot, spots):
            continue
        # a weak word alone on its line names a party only where an address follows
        if block is not None and (weight > 0.5 or spot.colon or any(has_place(line.text) for line in block.lines)):
            found.append(block)
    return sorted([*found, *sections_of(spots, name)], key=lambda block: -block.score)


def _heads_days(spot: Spot, spots: Sequence[Spot]) -> bool:
    """Whether it stands among the heads of the document's own data: "Date | Salesman | Due" names a person."""
    return any(
        not _DAYS.isdisjoint(other.meanings) and other.sheet is spot.sheet and other.row == spot.row for other in spots
    )


def _in_imprint(spot: Spot, spots: Sequence[Spot]) -> bool:
    """Whether accounts or registers are named beside it: "Address | Telephone | Bank giro" heads the seller's own."""
    return any(
        not _OWN.isdisjoint(other.meanings) and other.sheet is spot.sheet and other.row == spot.row for other in spots
    )


def _names_a_person(spot: Spot) -> bool:
    """Whether it says whom at the company that stands above it, or above its address, a letter is for."""
    if label_key(spot.text) not in attention_words():
        return False
    top, height = spot.segment.box.top, spot.sheet.height
    for row in reversed(spot.sheet.rows[max(0, spot.row - 2 * LINES) : spot.row]):
        for above in row.segments:
            if abs(above.box.x0 - spot.segment.box.x0) < 0.5 * height and top - above.box.bottom < 0.8 * height:
                if is_name(above.text):
                    return True
                top = above.box.top
    return False


def _add_party(fields: dict[str, FieldValue], party: str, block: Block | None) -> None:
    if block is None:
        return
    name = block.name
    if name is not None:
        fields[f"{party}_name"] = settled([candidate(f"{party}_name", tidy_name(name.text), name_score(block), name)])
    _add_address(fields, f"{party}_address", block)


def _add_address(fields: dict[str, FieldValue], name: str, block: Block | None) -> None:
    lines = address_lines(block) if block is not None else []
    if block is None or not lines:
        return
    text = ", ".join(line.text.strip(" ,;·•|") for line in lines)
    score = block.score * (0.85 if has_place(text) else 0.6)
    fields[name] = settled([candidate(name, text, score, lines[0], "\n".join(line.text for line in lines))])

"""The upper part: letterhead, addresses, title."""

from __future__ import annotations

import re

from samples.paper.blocks import Band, Block, Cell, Column, Gap, Logo, Part, Row, Rule, Side, Table, Text, Until
from samples.paper.desk import Desk, Entry, nothing, told_by
from samples.paper.firms import Firm


def plain_vat(printed: str) -> str:
    """A VAT id as the contract keeps it."""
    return re.sub(r"[^0-9A-Z]", "", re.sub(r" (MWST|TVA|IVA)$", "", printed))


def seller_ids(desk: Desk) -> list[Entry]:
    """The seller's numbers and ways to reach him, each with its caption."""
    firm, label = desk.facts.seller, desk.label
    entries: list[Entry] = []
    if desk.chance(0.8):
        entries.append(Entry("phone", label("phone"), firm.phone, (("seller_phone", firm.phone),)))
        if desk.chance(0.35):
            entries.append(Entry("fax", label("fax"), firm.fax))
    if desk.chance(0.7):
        entries.append(Entry("email", label("email"), firm.email, (("seller_email", firm.email),)))
    if desk.chance(0.5):
        entries.append(Entry("website", label("website"), firm.website, (("seller_website", firm.website),)))
    if firm.vat:
        vat = Entry("vat", label("vat"), firm.vat_printed, (("seller_vat_id", plain_vat(firm.vat_printed)),))
        entries.append(vat)
    if firm.tax_id and (desk.chance(0.5) or not firm.vat):
        entries.append(Entry("tax_id", label("tax_id"), firm.tax_id, (("seller_tax_id", firm.tax_id),)))
    if firm.registration and desk.chance(0.6):
        entries.append(Entry("registration", "", firm.registration, (("seller_registration", firm.registration),)))
    return entries


def id_lines(entries: list[Entry]) -> tuple[str, ...]:
    """The ids as lines of text."""
    return tuple(f"{entry.label} {entry.value}".strip() for entry in entries)


def seller_told(firm: Firm, *, address: bool = True) -> dict[str, str]:
    """What a printed name and address tell."""
    return {"seller_name": firm.name} | ({"seller_address": firm.address} if address else {})


def _logo(desk: Desk, align: str) -> tuple[Block, ...]:
    if not desk.layout.logo:
        return ()
    return (Logo(desk.layout.logo, 34, desk.look.accent, align), Gap(2))


def letterhead(desk: Desk, ids: list[Entry]) -> Part:
    """The seller on top of the page. `ids` stand here where the layout wants them here."""
    firm, layout, look = desk.facts.seller, desk.layout, desk.look
    shown = id_lines(ids) if layout.ids == "head" else ()
    told = seller_told(firm) | (told_by(ids) if shown else {})
    accent = look.accent if layout.has("colour") else look.ink
    match layout.seller:
        case "left" | "right" | "centre":
            name = Text((firm.name,), 1.55, True, layout.seller, accent)
            rest = Text((*firm.lines, *shown), 0.92, align=layout.seller)
            return Part((*_logo(desk, layout.seller), name, rest, Gap(8)), told)
        case "wide":
            left = (*_logo(desk, "left"), Text((firm.name,), 1.6, True, colour=accent))
            right = (Text((*firm.lines, *shown), 0.88, align="right"),)
            return Part((Side(((1.4, left), (1, right))), Rule(0.8, look.accent), Gap(8)), told)
        case "band":
            inside = Text((firm.name,), 1.7, True, colour="#ffffff")
            below = Text((" · ".join((*firm.lines, *shown)),), 0.85)
            return Part((Band((inside,), fill=look.accent), Gap(3), below, Gap(10)), told)
        case "big2":
            stem, _, form = firm.name.partition(" ")
            name = Text((stem.upper() if layout.has("capitals") else stem, form), 2.5, True, colour=accent, leading=1.1)
            return Part((name, Gap(4), Text((*firm.lines, *shown), 0.9), Gap(8)), told)
        case "line":
            name = Text((firm.name,), 1.4, True, "centre", accent, 0.6)
            below = Text((" | ".join((*firm.lines, *shown)),), 0.82, align="centre")
            return Part((name, below, Rule(), Gap(8)), told)
        case "brand":
            return Part((*_logo(desk, "left"), Text((firm.brand,), 2.2, True, colour=look.accent), Gap(12)))
        case _:
            return Part(_logo(desk, "right") or (Gap(10),))


def _buyer(desk: Desk) -> Part:
    """The lines of the bill-to party, without a caption."""
    firm = desk.facts.buyer
    told = {"buyer_name": firm.name, "buyer_address": firm.address}
    lines: tuple[str, ...] = (firm.name, *firm.lines)
    hidden: frozenset[str] = frozenset()
    if desk.chance(0.2):
        lines = (firm.name, firm.person, *firm.lines)
        del told["buyer_address"]
        hidden = frozenset({"buyer_address"})
    if firm.vat and (desk.facts.untaxed or desk.chance(0.25)):
        lines = (*lines, f"{desk.label('vat')} {firm.vat_printed}")
        told["buyer_vat_id"] = plain_vat(firm.vat_printed)
    return Part((Text(lines),), told, hidden)


def _ship(desk: Desk) -> Part:
    firm = desk.facts.ship_to
    if firm is None:
        return nothing()
    told = {"ship_to_name": firm.name, "ship_to_address": firm.address}
    return Part((Text((firm.name, *firm.lines)),), told)


def _captioned(desk: Desk, key: str, part: Part) -> tuple[Block, ...]:
    return (Text((desk.label(key, colon=desk.layout.has("captions_colon")),), 0.95, True, colour=desk.look.accent),
            *part.blocks)  # fmt: skip


def _seller_block(desk: Desk, ids: list[Entry]) -> Part:
    firm = desk.facts.seller
    shown = id_lines(ids) if desk.layout.ids == "head" else ()
    return Part((Text((firm.name, *firm.lines, *shown)),), seller_told(firm) | (told_by(ids) if shown else {}))


def parties(desk: Desk, ids: list[Entry]) -> Part:
    """The addresses, set by the layout's word for them."""
    layout, firm = desk.layout, desk.facts.seller
    if layout.parties == "none":
        return nothing()
    buyer, ship = _buyer(desk), _ship(desk)
    told, hidden = {**buyer.told, **ship.told}, buyer.open
    match layout.parties:
        case "window" | "window_ship":
            sender = Text((" · ".join((firm.name, *firm.lines)),), 0.68)
            told |= seller_told(firm)
            blocks: tuple[Block, ...] = (sender, Gap(4), *buyer.blocks)
            if ship.blocks:
                blocks += (Gap(8), *_captioned(desk, "ship_to", ship))
        case "bare":
            blocks = buyer.blocks
        case "frame" | "frame_ship":
            blocks = (Band(_captioned(desk, "bill_to", buyer), frame=desk.look.ink),)
            if ship.blocks:
                blocks = (Side(((1, blocks), (1, (Band(_captioned(desk, "ship_to", ship), frame=desk.look.ink),)))),)
        case "ship":
            left, right = _captioned(desk, "bill_to", buyer), _captioned(desk, "ship_to", ship)
            blocks = (Side(((1, left), (1, right))),)
        case "from_to" | "from_to_ship":
            seller = _seller_block(desk, ids)
            told |= seller.told
            columns = [_captioned(desk, "seller", seller), _captioned(desk, "bill_to", buyer)]
            if ship.blocks:
                columns.append(_captioned(desk, "ship_to", ship))
            blocks = (Side(tuple((1.0, column) for column in columns)),)
        case "table" | "table_ship":
            seller = _seller_block(desk, ids)
            told |= seller.told
            blocks = (_party_table(desk, seller, buyer, ship),)
        case _:
            blocks = _captioned(desk, "bill_to", buyer)
            if ship.blocks:
                blocks += (Gap(8), *_captioned(desk, "ship_to", ship))
    return Part(blocks, told, hidden)


def _party_table(desk: Desk, seller: Part, buyer: Part, ship: Part) -> Table:
    keys = ["seller", "bill_to"] + (["ship_to"] if ship.blocks else [])
    texts = []
    for part in (seller, buyer, ship):
        for block in part.blocks:
            if isinstance(block, Text):
                texts.append("\n".join(block.lines))
    head = Row(tuple(Cell(desk.label(key, colon=False)) for key in keys), "head")
    columns = tuple(Column(grow=True) for _ in keys)
    return Table(columns, (Row(tuple(Cell(text) for text in texts)),), (head,), rules="all", pad=5, air=3,
                 head_fill="#e8e8e8" if desk.layout.has("colour") else "")  # fmt: skip


def title(desk: Desk) -> Part:
    """The document's title, with its number and date where the layout has them there."""
    facts, words = desk.facts, desk.words
    text = words("titles", facts.kind)
    if desk.layout.has("capitals"):
        text = text.upper()
    told: dict[str, str] = {}
    match desk.layout.title:
        case "number":
            text = f"{text} {desk.rng.choice(('', 'Nr. ' if words.language == 'de' else ''))}{facts.number}"
            told = {"invoice_number": facts.number}
        case "sentence":
            key = "credit_sentence" if facts.kind == "credit_note" else "sentence"
            text = words("text", key, number=facts.number, date=desk.form.day(facts.issued))
            told = {"invoice_number": facts.number, "issue_date": facts.issued.isoformat()}
    align = desk.layout.title if desk.layout.title in ("left", "right", "centre") else "left"
    size = 1.35 if told else 1.9
    spacing = 1.5 if desk.layout.has("spaced_title") else 0.0
    colour = desk.look.accent if desk.layout.has("colour") else desk.look.ink
    return Part((Text((text,), size, True, align, colour, spacing), Gap(5)), told)


def window(desk: Desk) -> tuple[Block, ...]:
    """The gap that puts an address into the window of an envelope."""
    return (Until(118.0),) if desk.layout.parties.startswith("window") and desk.look.height > 700 else ()

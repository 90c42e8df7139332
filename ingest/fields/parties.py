"""Seller, buyer and place of delivery: who they are and where they live, told apart by labels, place and print."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from ingest.document import Box, Source
from ingest.extraction import FieldValue
from ingest.fields.addresses import address_of
from ingest.fields.blocks import (
    Block,
    address_blocks,
    address_lines,
    block_at,
    block_of_spot,
    is_party_label,
    is_sender_row,
)
from ingest.fields.candidates import Candidate, best_of, candidate, settled
from ingest.fields.names import (
    EMAIL,
    has_place,
    is_company,
    is_name,
    is_sender_line,
    is_street,
    legal_form,
    names_earlier,
    names_owner,
    sender_parts,
    tidy_name,
)
from ingest.fields.sections import sections_of
from ingest.fields.spots import Spot
from ingest.labels import attention_words, field_labels, label_key, type_labels
from ingest.layout import Row, Segment, Sheet, segment_of

_WEB = re.compile(r"(?i)(?:https?://|www\.)([a-z0-9\-.]+\.[a-z]{2,})")
_IMPRINT = re.compile(
    r"(?i)\b(?:siret|siren|rcs|hrb|hra|ust|vat|tva|iva|btw|nip|regon|krs|nif|cif|cvr|org\.? ?nr|dič|ičo|kvk|p\.? ?iva|"
    r"iban|company (?:no|reg)|registered)\b"
)
_OWN = frozenset({"account", "iban", "bic", "routing", "registration"})
_FOOT = 0.75
"""Part of a page below which "address" names the seller's own."""
_OWN_NUMBER = re.compile(
    r"(?i)(?:iban|bic|swift|kvk|siret|siren|rcs|hrb|hra|cvr|krs|regon|bankgiro|org\.? ?nr|company (?:no|reg|number))\b"
)
SLIP = 1.5
"""Height to width from which a page may be a till slip; A4 has 1.41."""
_GENERIC_HOSTS = frozenset({"gmail", "yahoo", "hotmail", "outlook", "gmx", "web", "t-online", "icloud", "aol", "mail"})


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
    seller_names = _seller_candidates(sheets, spots, sellers, taken, payees, goods)
    seller = block_at(sheets, seller_names[0]) if seller_names else None
    if buyer is None:
        buyer = _window(sheets, seller_names[0] if seller_names else None, taken)
    seller = _without(seller, [block for block in (buyer, ship_to) if block is not None])
    fields: dict[str, FieldValue] = {}
    if seller_names:
        fields["seller_name"] = settled(seller_names)
        address = address_of(sheets, seller_names[0].value, seller)
        if address is not None:
            fields["seller_address"] = address
    _add_party(fields, "buyer", buyer)
    _add_party(fields, "ship_to", ship_to)
    return Parties(seller, buyer, ship_to, fields)


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
        # a weak word alone on its line names a party only where an address follows
        if block is not None and (weight > 0.5 or spot.colon or any(has_place(line.text) for line in block.lines)):
            found.append(block)
    return sorted([*found, *sections_of(spots, name)], key=lambda block: -block.score)


def _in_imprint(spot: Spot, spots: Sequence[Spot]) -> bool:
    """Whether accounts or registers are named beside it: "Address | Telephone | Bank giro" heads the seller's own."""
    return any(
        not _OWN.isdisjoint(other.meanings) and other.sheet is spot.sheet and other.row == spot.row for other in spots
    )


def _names_a_person(spot: Spot) -> bool:
    """Whether it says whom at the company that stands right above it a letter is for."""
    if label_key(spot.text) not in attention_words():
        return False
    return any(
        abs(above.box.x0 - spot.segment.box.x0) < 0.5 * spot.sheet.height
        and spot.segment.box.top - above.box.bottom < 0.8 * spot.sheet.height
        and is_name(above.text)
        for row in spot.sheet.rows[max(0, spot.row - 2) : spot.row]
        for above in row.segments
    )


def _name_score(block: Block) -> float:
    return block.score * (0.8 if block.doubtful else 1.0)


def _add_party(fields: dict[str, FieldValue], party: str, block: Block | None) -> None:
    if block is None:
        return
    name = block.name
    if name is not None:
        fields[f"{party}_name"] = settled([candidate(f"{party}_name", tidy_name(name.text), _name_score(block), name)])
    _add_address(fields, f"{party}_address", block)


def _add_address(fields: dict[str, FieldValue], name: str, block: Block | None) -> None:
    lines = address_lines(block) if block is not None else []
    if block is None or not lines:
        return
    text = ", ".join(line.text.strip(" ,;·•|") for line in lines)
    score = block.score * (0.85 if has_place(text) else 0.6)
    fields[name] = settled([candidate(name, text, score, lines[0], "\n".join(line.text for line in lines))])


def _seller_candidates(
    sheets: Sequence[Sheet],
    spots: Sequence[Spot],
    labelled: Sequence[Block],
    taken: Sequence[Block],
    payees: Collection[str],
    goods: Collection[Box],
) -> list[Candidate]:
    found = []
    for block in labelled:
        if block.name is not None:
            found.append(candidate("seller_name", tidy_name(block.name.text), 0.97 * _name_score(block), block.name))
    for spot in spots:
        payee = spot.meanings.get("payee_name")
        for segment in list(spot.beside())[:1] if payee else []:
            name = segment.text.strip(" :.,")
            if is_name(name) and len(name.split()) <= 8:
                score = 0.72 if legal_form(name) else 0.5
                found.append(candidate("seller_name", tidy_name(name), score, segment))
    used = {line.box for block in taken for line in block.lines} | set(goods)
    known = Known(_hosts(sheets), _counts(sheets), _payees(spots) | {label_key(name) for name in payees if name})
    buyers = {label_key(block.name.text) for block in taken[:1] if block.name is not None}
    for sheet in sheets[:1] if len(sheets) == 1 else (sheets[0], sheets[-1]) if sheets else ():
        for index, row in enumerate(sheet.rows):
            for segment in _spaced(sheet, row):
                if segment.box not in used and label_key(segment.text) not in buyers:
                    found.extend(_named(sheet, index, segment, known))
    return best_of(_longer(c for c in best_of(found) if c.score >= 0.3))


def _longer(found: Iterable[Candidate]) -> list[Candidate]:
    """Candidates, where a name's whole form stands elsewhere that one takes its place: a logo holds a part of it."""
    names = list(found)
    for index, short in enumerate(names):
        key = label_key(short.value)
        for long in names:
            longer = label_key(long.value)
            part = longer.startswith(key) or longer.endswith(key)
            whole = is_company(long.value) and not re.search(r"\d", long.raw) and not _announces(long.raw)
            if len(key) > 3 and part and len(longer) > len(key) and whole:
                names[index] = replace(long, score=min(0.97, max(short.score, long.score) + 0.04))
    return names


def _spaced(sheet: Sheet, row: Row) -> list[Segment]:
    """The segments of a row; on a till slip, whose heads are printed wide, all of them as one too."""
    segments = list(row.segments)
    slip = sheet.page.height > SLIP * sheet.page.width and row.page == 1 and row.box.top < 0.25 * sheet.page.height
    if slip and len(segments) == 2 and all(s.text.replace(" ", "").isalpha() for s in segments):
        return [segment_of(row.words, row.page, segments[0].source)]
    return segments


@dataclass(frozen=True, slots=True)
class Known:
    """What else the document says of the seller's name."""

    hosts: set[str]
    """Names in web and mail addresses."""
    counts: dict[str, int]
    """How often each segment is printed."""
    payees: set[str]
    """Holders of the accounts."""


def _named(sheet: Sheet, index: int, segment: Segment, known: Known) -> list[Candidate]:
    """The segment as the seller's name, scored by what usually surrounds one."""
    text = segment.text
    if is_sender_line(text):
        # the small line over the window of a letter
        name = sender_parts(text)[0]
        foot = segment.box.top > 0.82 * sheet.page.height
        sure = 0.97 if label_key(name) in known.payees else 0.9 if foot else 0.85
        return [candidate("seller_name", tidy_name(name), sure, segment, name)]
    words = text.split()
    if not is_name(text) or sum(word.isalnum() or len(word) > 2 for word in words) > 7 or _is_label(segment):
        return []
    first_page = sheet.page.number == 1
    place = segment.box.top / max(sheet.page.height, 1.0)
    score = 0.22 - (0.3 if len(words) > 1 and _announces(text) else 0.0)
    score += 0.30 if legal_form(text) else 0.0
    if first_page:
        rank = _rank(sheet, index)
        score += 0.22 if rank == 0 else 0.16 if rank <= 2 else 0.08 if place < 0.25 else 0.0
        score -= 0.25 if is_street(text) and not is_company(text) else 0.0
        score += min(0.18, 0.12 * max(0.0, segment.box.height / sheet.height - 1.0))
    score += 0.04 if segment.bold else 0.0
    key = label_key(text)
    if any(
        len(host) >= 4
        and (
            host in key
            or key[: max(5, len(host) - 2)] == host[: max(5, len(key) - 2)]
            or (len(key) > 8 and host.startswith(key))
        )
        for host in known.hosts
    ):
        score += 0.22
    # a word that a till slip prints on every line is no name
    score += 0.08 * min(2 if len(words) > 1 else 1, known.counts.get(key, 1) - 1)
    score += 0.3 if any(key == payee or (len(key) > 5 and key in payee) for payee in known.payees) else 0.0
    score += 0.3 if place > 0.82 and _heads_imprint(sheet, index, segment) else 0.0
    score += 0.3 if first_page and place <= 0.4 and _heads_own_numbers(sheet, index, segment) else 0.0
    below = [s for row in sheet.rows[index + 1 : index + 5] for s in row.segments]
    near = [
        s
        for s in below
        if abs(s.box.x0 - segment.box.x0) < 12 * sheet.height
        or abs(s.box.centre - segment.box.centre) < 12 * sheet.height
    ]
    score += 0.12 if first_page and any(has_place(s.text) for s in near) else 0.0
    score += _said_above(sheet, index, segment)
    score -= 0.4 if first_page and _under_sender_line(sheet, segment) else 0.0
    if first_page and sheet.page.height > SLIP * sheet.page.width:
        score += _heads_slip(text, place, _rank(sheet, index), near)
    score -= 0.15 if segment.page == 1 and 0.4 < place < 0.85 else 0.0
    if segment.source is Source.OCR and segment.confidence < 0.5:
        score -= 0.1
    own = candidate("seller_name", tidy_name(text), max(0.0, min(0.93, score)), segment)
    second = _second_line(sheet, index, segment)
    if second is None:
        return [own]
    whole = segment_of((*segment.words, *second.words), segment.page, segment.source)
    return [own, candidate("seller_name", tidy_name(whole.text), min(0.95, own.score + 0.35), whole)]


def _heads_slip(text: str, place: float, rank: int, near: Sequence[Segment]) -> float:
    """How well a name's place on a till slip speaks for it: the shop heads it, goods and thanks stand below."""
    if place >= 0.3:
        return -0.25
    score = 0.12 if rank == 0 or legal_form(text) else 0.0
    return score + (0.15 if legal_form(text) and any(has_place(s.text) for s in near) else 0.0)


def _said_above(sheet: Sheet, index: int, segment: Segment) -> float:
    """What the line above says of a name: an earlier one, or the owner of the shop whose sign heads the slip."""
    above = " ".join(sheet.rows[index - 1].text.split()) if index else ""
    if names_earlier(above) or names_earlier(segment.text):
        return -0.4
    return 0.35 if names_owner(above) and legal_form(segment.text) else 0.0


def _rank(sheet: Sheet, index: int) -> int:
    """How many rows that could be a name stand above; specks that OCR takes for print, titles and labels are none."""
    above = sheet.rows[: min(index, 12)]
    return sum(any(len(s.text) > 3 and is_name(s.text) and not _is_label(s) for s in row.segments) for row in above)


def _second_line(sheet: Sheet, index: int, segment: Segment) -> Segment | None:
    """The rest of a name printed large over two lines: it holds the legal form, the first line none."""
    goes_on = segment.text.rstrip().endswith(("&", " and", " und", " et"))
    slip = sheet.page.height > SLIP * sheet.page.width
    if is_company(segment.text) or len(segment.words) > (6 if goes_on else 3) or sheet.page.number > 1:
        return None
    for row in sheet.rows[index + 1 : index + 2]:
        for below in row.segments:
            beside = abs(below.box.x0 - segment.box.x0) < 0.5 * sheet.height
            beside = beside or abs(below.box.centre - segment.box.centre) < 0.5 * sheet.height
            beside = beside or abs(below.box.x1 - segment.box.x1) < 0.5 * sheet.height
            close = below.box.top - segment.box.bottom < 0.9 * segment.box.height
            large = min(segment.box.height, below.box.height) >= 1.15 * sheet.height
            if beside and close and goes_on and is_name(below.text):
                return below
            if beside and close and large and not slip and is_company(below.text) and is_name(below.text):
                return below
    return None


def _payees(spots: Sequence[Spot]) -> set[str]:
    """Names of the holders of accounts."""
    found = set()
    for spot in spots:
        if spot.meanings.get("payee_name"):
            found |= {label_key(segment.text) for segment in list(spot.beside())[:1]}
    return {key for key in found if len(key) > 2}


def _heads_imprint(sheet: Sheet, index: int, segment: Segment) -> bool:
    """Whether tax or register numbers and an address stand under a name at a page's foot."""
    rows = sheet.rows[index + 1 : index + 4]
    near = [s.text for row in rows for s in row.segments if abs(s.box.x0 - segment.box.x0) < 20 * sheet.height]
    near += [s.text for row in rows for s in row.segments if abs(s.box.centre - segment.box.centre) < 3 * sheet.height]
    return any(has_place(text) for text in near) and bool(_IMPRINT.search(" ".join(row.text for row in rows)))


def _heads_own_numbers(sheet: Sheet, index: int, segment: Segment) -> bool:
    """Whether an account or a register's number stands in the lines under a name: who sells prints those."""
    last = segment
    for row in sheet.rows[index + 1 : index + 9]:
        for line in row.segments:
            edges = (line.box.x0 - segment.box.x0, line.box.x1 - segment.box.x1, line.box.centre - segment.box.centre)
            if min(map(abs, edges)) > 0.6 * sheet.height or line.box.top - last.box.bottom > 1.2 * sheet.height:
                continue
            if _OWN_NUMBER.match(line.text):
                return True
            last = line
    return False


def _announces(text: str) -> bool:
    """Whether a word of a document's title stands in the text: heads of later pages hold name, title and number."""
    return any(len(key) > 4 and key in type_labels() for key in map(label_key, text.split()))


def _is_label(segment: Segment) -> bool:
    key = label_key(segment.text)
    if key in field_labels() or key in type_labels() or segment.text.rstrip().endswith(":"):
        return True
    first = label_key(segment.words[0].text.partition("(")[0])
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
    """The buyer's address where no label names it: the block in a letter's window, under the sender's small line."""
    if not sheets or not sheets[0].rows:
        return None
    sheet = sheets[0]
    used = {line.box for block in taken for line in block.lines}
    key = label_key(seller.value) if seller else ""
    blocks = (_below_sender(block, key) for block in address_blocks(sheet))
    found = [
        (_window_score(sheet, block, key), block) for block in blocks if not used & {line.box for line in block.lines}
    ]
    score, block = max(found, key=lambda one: one[0], default=(0.0, None))
    if block is not None and score >= 0.4:
        return Block(block.lines, min(0.9, score))
    return _bare_name(sheet, key)


def _below_sender(block: Block, seller: str) -> Block:
    """The block without the seller's name on top of it: the line over a letter's window need not hold an address.

    OCR loses its dots, or takes what stands behind the name for another column.
    """
    first, *rest = block.lines
    own = label_key(first.text)
    sender = bool(seller) and (own.startswith(seller) or (len(own) > 5 and own in seller))
    if not sender or len(rest) < 2 or not is_name(rest[0].text):
        return block
    small = first.box.height < 0.9 * rest[0].box.height or len(own) > len(seller) + 8
    return Block(tuple(rest), block.score) if small or is_company(rest[0].text) else block


def _bare_name(sheet: Sheet, seller: str) -> Block | None:
    """A company's name without an address right under the sender's line: what stands there is whom a letter is for."""
    for sender, below in zip(sheet.rows, sheet.rows[1:], strict=False):
        if not is_sender_row(sender):
            continue
        for segment in below.segments:
            own = label_key(segment.text)
            beside = abs(segment.box.x0 - sender.box.x0) < sheet.height
            if beside and is_company(segment.text) and not (seller and (own in seller or seller in own)):
                return Block((segment,), 0.75)
    return None


def _window_score(sheet: Sheet, block: Block, seller: str) -> float:
    """How well an unlabelled block's place speaks for the buyer's address; less where it speaks for the seller."""
    top, name = block.lines[0], block.name
    own = label_key(name.text) if name is not None else ""
    if not own or (seller and (own in seller or seller in own)):
        return 0.0
    share = top.box.top / max(sheet.page.height, 1.0)
    score = 0.55 if 0.045 < share < 0.36 else 0.3 if share < 0.5 else 0.0
    score += 0.25 if _under_sender_line(sheet, top) else 0.0
    score -= 0.3 if _has_contacts(sheet, block) else 0.0
    score -= 0.25 if top is sheet.rows[0].segments[0] else 0.0
    return score


def _under_sender_line(sheet: Sheet, top: Segment) -> bool:
    """Whether the small line of the sender stands right over the block, as over a letter's window."""
    return any(
        0 < top.box.top - row.box.bottom < 5 * sheet.height
        and abs(row.box.x0 - top.box.x0) < 4 * sheet.height
        and is_sender_row(row)
        for row in sheet.rows
    )


def _has_contacts(sheet: Sheet, block: Block) -> bool:
    """Whether ways to reach somebody stand within the block or right under it: a seller prints his own."""
    last = block.lines[-1]
    near = [
        s.text
        for row in sheet.rows
        for s in row.segments
        if abs(s.box.x0 - last.box.x0) < sheet.height and 0 < s.box.top - last.box.top < 6 * sheet.height
    ]
    return any(EMAIL.search(text) or _WEB.search(text) for text in near)

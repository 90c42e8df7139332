"""Numbers that documents and parties are known by: invoice, order, contract, delivery note, customer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from ingest.document import Source
from ingest.extraction import FieldValue, Finding, LineItem
from ingest.fields.candidates import Candidate, best_of, candidate, firm_confidence, settled
from ingest.fields.identifiers import EDGES, PIECE, date_start, has_digit, identifier
from ingest.fields.spots import Spot
from ingest.fields.titles import bare_number, beside_title, titled, under_title
from ingest.labels import column_labels, label_key, number_words
from ingest.layout import Segment, Sheet, segment_of
from ingest.misread import may_be_misread

NAMES = (
    "invoice_number",
    "purchase_order",
    "contract_number",
    "delivery_note",
    "preceding_invoice",
    "customer_number",
    "buyer_reference",
    "payment_reference",
)
_MONTHLY = re.compile(r"^\d{1,6}[/\-]\d{1,2}[/\-](?:\d{2}|\d{4})$")
"""A running number within a month."""
_ORDER = re.compile(
    r"(?i)^(?:P\.?O\.?|B\.?D?C|CMD|CDE|OC|PED(?:IDO)?|COMPRA|ENC|ZAM|ORD(?:ER)?|BEST|BESTELLUNG)[-#/. ]?\d[\d/-]+"
)
"""Orders by the letters that purchasing programs put before their numbers."""
_BANK = frozenset({"iban", "bic", "routing", "payee_name"})
_ACCOUNT = re.compile(r"[A-Z]{2}\d{2} ?[A-Z0-9]{4} ?[A-Z0-9]{4}|(?:\d{1,6}-)?\d{6,10}/\d{4}\b")
"""An IBAN's beginning, or a number with its bank's behind a slash, as Czech and Slovak accounts are written."""
_BANK_NAME = re.compile(r"(?i)\b(?:bank\w*|banque|banco|banca|sparkasse|caisse d|credit union)\b")
_SEEN = 0.35
_BREAKS = ("-", "/")
_NEAR = 4
"""Rows in which a label's value and its second line stand; cells beside them have rows of their own."""
_CUSTOMER = re.compile(r"^[A-Z]{0,4}[-.]?\d{3,10}$")
_STRUCTURED = re.compile(r"(?<!\S)([+*]{3})\d{3}/\d{4}/\d{5}\1")
_CELL = 3
"""Words of a number in a cell, at most."""
_ANOTHERS = 0.8
"""What a label is worth behind a word that we do not know: "External document no.", "Vendor invoice no."."""
_CLEAR = 0.9
_LOOK_ALIKE = 0.5
"""What a number that OCR may have misread is worth at most."""
_SHORT = 0.9
"""What a number of one or two signs is worth beside a longer one."""


def reference_candidates(spots: Sequence[Spot]) -> dict[str, list[Candidate]]:
    """Readings of every reference, by field."""
    found: dict[str, list[Candidate]] = {name: [] for name in NAMES}
    for spot in spots:
        banks = "account" in spot.meanings and is_bank_account(spot, spots)
        for name in NAMES:
            weight = spot.meanings.get(name) if name != "invoice_number" or not _heads_payments(spot) else None
            if weight and not (banks and name == "customer_number"):
                found[name].extend(_beside(spot, name, weight))
        if spot.meanings.get("account", 0.0) >= 0.8 and not banks:
            # "Account no." among the document's own numbers is the buyer's at the seller
            weight = max(0.85, spot.meanings.get("customer_number", 0.0))
            found["customer_number"].extend(_beside(spot, "customer_number", weight))
        if spot.meanings.get("buyer", 0.0) >= 0.7:
            found["customer_number"].extend(_code_of_buyer(spot))
    sheets = {id(spot.sheet): spot.sheet for spot in spots}
    found["payment_reference"].extend(_structured(sheets.values()))
    if not any(one.score >= _CLEAR for one in found["invoice_number"]):
        for sheet in sheets.values():
            found["invoice_number"].extend((*titled(sheet), *beside_title(sheet)))
    if not any(one.score >= _SEEN for one in found["invoice_number"]) and spots:
        found["invoice_number"].extend(under_title(spots[0].sheet))
    if not any(one.score >= _SEEN for one in found["invoice_number"]) and spots:
        named = {one.value for name in NAMES[1:] for one in found[name] if one.score >= _CLEAR}
        found["invoice_number"].extend(bare_number(spots[0].sheet, named))
    return found


def _heads_payments(spot: Spot) -> bool:
    """Whether a label heads a column of a table of payments: "Transaction date | Gateway | Transaction ID | Amount"."""
    keys = {label_key(segment.text) for segment in spot.sheet.rows[spot.row].segments}
    paid = [key for key in keys if any(meaning.name == "payment" for meaning in column_labels().get(key, ()))]
    return len(paid) > 1 and label_key(spot.segment.text) in paid


def _structured(sheets: Iterable[Sheet]) -> Iterator[Candidate]:
    """Belgium's structured communication, told by the signs around it: "+++260/0447/10018+++"."""
    for sheet in sheets:
        for segment in sheet.segments:
            for match in _STRUCTURED.finditer(segment.text):
                yield candidate("payment_reference", match[0], 0.97, segment, match[0])


def _code_of_buyer(spot: Spot) -> Iterator[Candidate]:
    """The buyer's number where a label for him stands over a code and no name: "Customer | C00418"."""
    near = next(iter((*spot.beside(), *spot.belows)), None)
    if near is not None and len(near.words) == 1 and _CUSTOMER.match(near.text):
        yield candidate("customer_number", near.text, 0.85, near)


def is_bank_account(spot: Spot, spots: Sequence[Spot]) -> bool:
    """Whether a label for an account stands with data of a bank, or below the upper half of its page."""
    if spot.label.box.top > 0.5 * spot.sheet.page.height or "bank" in spot.text.lower():
        return True
    if any(_ACCOUNT.match(segment.text) for segment in (*list(spot.beside())[:1], *spot.belows[:1])):
        return True
    near = spot.sheet.rows[max(0, spot.row - 2) : spot.row + 3]
    if any(
        _BANK_NAME.search(segment.text)
        for row in near
        for segment in row.segments
        if abs(segment.box.x0 - spot.segment.box.x0) < 2 * spot.sheet.height
    ):
        return True
    return any(
        other.sheet is spot.sheet and abs(other.row - spot.row) <= 3 and not _BANK.isdisjoint(other.meanings)
        for other in spots
    )


def with_line_orders(values: dict[str, FieldValue], items: Sequence[LineItem]) -> dict[str, FieldValue]:
    """The order that the lines name, where nothing else on the document names one; several stand as others."""
    cells = [item.purchase_order for item in items]
    orders = {_same_key(cell.value): cell for cell in reversed(cells) if cell is not None}
    stated = values.get("purchase_order")
    if not orders or None in cells:
        return values
    first = next(cell for cell in cells if cell is not None)
    # a column whose cells run into the next one gives too much
    longer = stated is not None and len(orders) == 1 and _same_key(stated.value).startswith(_same_key(first.value))
    if stated is not None and not longer:
        return values
    others = tuple(dict.fromkeys(cell.value for cell in cells if cell is not None and cell.value != first.value))[:5]
    sure = 0.85 if len(orders) == 1 and len(cells) > 1 else 0.75
    known = min(one for one in (first.confidence, sure) if one is not None)
    return {**values, "purchase_order": _doubted(replace(first, others=others, confidence=known))}


def _beside(spot: Spot, name: str, weight: float) -> Iterator[Candidate]:
    """The first thing to the right that can be a number, else the first below."""
    if not spot.opens and not spot.colon and len(spot.segment.words) > 5:
        weight *= 0.75  # a number that a sentence mentions
    if name == "invoice_number" and _is_qualified(spot):
        weight *= _ANOTHERS
    free = name == "buyer_reference" and spot.colon
    base = weight * (1.0 if spot.colon or not spot.opens or weight == 1.0 else 0.85)
    if spot.rest is not None and not spot.colon and spot.rest.text.endswith(":"):
        # "Número 2: | PO-6988": what ends in a colon is a label itself
        return
    if spot.rest is not None:
        value = identifier(spot.rest, free) or _like_a_date(spot, name, weight)
        if value:
            value, whole = _whole(spot, value)
            # "Application / Invoice No. 6": so short a number gives way to a longer one
            whole *= _SHORT if len(value[0]) < len("100") else 1.0
            yield candidate(name, value[0], base * 0.97 * whole, value[1])
            if name == "invoice_number" and len(value[0]) < len("100"):
                yield from _numbered_behind(spot.rest, value[1], base)
            yield from _further(spot.rest, value, name, base * 0.97)
            return
        value = _after_number_word(spot.rest) if spot.opens else None
        if value is None and name == "purchase_order" and spot.colon:
            value = _within(spot.rest)
        if value:
            # "Rechnung des Versicherers Nr. 4711": what stands between says whose it is
            score = min(1.0, 1.6 * weight) * (0.85 if len(value[0]) >= len("100") else 0.85 * _SHORT)
            yield candidate(name, value[0], score, value[1])
            if name == "invoice_number" and len(value[0]) < len("100"):
                yield from _numbered_behind(spot.rest, value[1], min(1.0, 1.6 * weight))
            return
    for near in spot.rights[:1]:
        value = identifier(near, free) or (_within(near) if name == "purchase_order" else None)
        if value and (spot.colon or near.box.x0 - spot.segment.box.x1 < 25 * spot.sheet.height):
            value, whole = _whole(spot, value)
            yield candidate(name, value[0], base * 0.94 * whole, value[1])
            yield from _further(near, value, name, base * 0.94)
            return
    if _is_column(spot):
        weight, base = 0.4 * weight, 0.4 * base
    # a heading over its value; free text below is too often the next paragraph
    for below in spot.belows[:1]:
        value = identifier(below, False) or (_within(below) if name == "purchase_order" else None)
        if value and (spot.rest is None or weight == 1.0):
            value, whole = _whole(spot, value)
            score = base * (0.88 if spot.rest is None else 0.5) * whole
            yield candidate(name, value[0], score, value[1])
            yield from _further(below, value, name, score)


def _is_qualified(spot: Spot) -> bool:
    """Whether a word stands right before the label and belongs to it."""
    place = spot.segment.words.index(spot.label.words[0])
    return place == 1 and spot.segment.words[0].text.isalpha()


def _is_column(spot: Spot) -> bool:
    """Whether two and more values of one form stand under a label: those of a table's rows, not the document's."""
    shapes = [_shape(below.text) for below in spot.belows[:2] if len(below.words) <= _CELL and has_digit(below.text)]
    return len(shapes) > 1 and shapes[0] == shapes[1]


def _whole(spot: Spot, found: tuple[str, Segment]) -> tuple[tuple[str, Segment], float]:
    """The identifier with the other half of it, where a narrow cell breaks it behind a hyphen; else how sure it is."""
    value, segment = found
    rows = spot.sheet.rows[max(0, spot.row - 2) : spot.row + 2 * _NEAR]
    near = [other for row in rows for other in row.segments if _same_cell(segment, other, spot.sheet.height)]
    if segment.words[-1].text.endswith(_BREAKS):
        below = next((s for s in near if s.box.top > segment.box.top and len(s.words) == 1), None)
        if below is None or not PIECE.match(below.text):
            return found, 0.5
        whole = segment_of((*segment.words, *below.words), segment.page, segment.source)
        return (value.rstrip(" -/") + segment.words[-1].text[-1] + below.text.strip(EDGES), whole), 0.97
    above = next((s for s in near if s.box.top < segment.box.top and s.text.endswith(_BREAKS)), None)
    if above is None or len(above.words) > 1 or not PIECE.match(above.text) or not has_digit(above.text):
        return found, 1.0
    whole = segment_of((*above.words, *segment.words), segment.page, segment.source)
    return (above.text.strip(EDGES) + value, whole), 0.97


def _same_cell(one: Segment, other: Segment, height: float) -> bool:
    """Whether two segments are lines of one cell, right under one another."""
    upper, lower = sorted((one, other), key=lambda segment: segment.box.top)
    close = other is not one and -0.3 * height < lower.box.top - upper.box.bottom < 0.9 * height
    return close and min(abs(one.box.x0 - other.box.x0), abs(one.box.x1 - other.box.x1)) < 0.6 * height


def _like_a_date(spot: Spot, name: str, weight: float) -> tuple[str, Segment] | None:
    """The number right behind a label that names one, though it could be a date: "Faktura VAT nr 14/02/2026"."""
    if name != "invoice_number" or weight < 0.7 or spot.rest is None or label_key(spot.label.words[-1].text) == "":
        return None
    named = label_key(spot.label.words[-1].text) in number_words()
    first = spot.rest.words[0].text.strip(EDGES)
    return (first, spot.rest.part(0, 1)) if named and _MONTHLY.match(first) else None


def _further(segment: Segment, first: tuple[str, Segment], name: str, score: float) -> Iterator[Candidate]:
    """Further order numbers in one field, told by their form: "PO-26-02003; PO-26-02005"."""
    if name != "purchase_order":
        return
    words = segment.words
    last = first[1].words[-1]
    # a number that goes on in the next line of its cell ends the list in this one
    start = words.index(last) + 1 if last in words else len(words)
    for index in range(start, min(len(words), date_start(segment))):
        value = words[index].text.strip(EDGES)
        if value != first[0] and _shape(value) == _shape(first[0].split()[-1]):
            # as good as the first: the list is one statement
            yield candidate(name, value, max(score, 0.9) if score > 0.8 else score, segment.part(index, index + 1))


def _shape(value: str) -> str:
    return re.sub(r"[A-Za-z]", "A", re.sub(r"\d", "9", value))


def _numbered_behind(rest: Segment, short: Segment, base: float) -> Iterator[Candidate]:
    """The number that a heading says behind one of a few signs: "Progress bill no. 3, no. SIT-2026-118"."""
    behind = rest.part(rest.words.index(short.words[-1]) + 1) if short.words[-1] is not rest.words[-1] else None
    value = _after_number_word(behind) if behind is not None else None
    if value is not None and len(value[0]) > len("100"):
        yield candidate("invoice_number", value[0], base * 0.97, value[1])


def _within(segment: Segment) -> tuple[str, Segment] | None:
    """The first word of the few that looks like an order's number: "Best. 0000789 v. 12.09."."""
    stop = min(date_start(segment), 4)
    for index, word in enumerate(segment.words[:stop]):
        if sum(sign.isdigit() for sign in word.text) >= 4:
            return identifier(segment.part(index), False)
    return None


def _after_number_word(rest: Segment) -> tuple[str, Segment] | None:
    """The identifier behind a word such as "Nr." that stands a few words behind a label."""
    for index, word in enumerate(rest.words[:4]):
        if label_key(word.text) in number_words() and index + 1 < len(rest.words):
            return identifier(rest.part(index + 1), False)
    return None


def references(found: dict[str, list[Candidate]], is_order: bool) -> dict[str, FieldValue]:
    """One value for each reference; several order numbers stand as others."""
    values: dict[str, FieldValue] = {}
    if not found["purchase_order"]:
        # "Your reference: PO445" is the buyer's order by its own prefix
        unclear = (c for c in found["invoice_number"] if c.score < _CLEAR)
        quoted = (c for c in (*found["buyer_reference"], *unclear) if _ORDER.match(c.value))
        found["purchase_order"] = [replace(c, name="purchase_order", score=0.8 * c.score) for c in quoted]
    taken: set[str] = set()
    for name in NAMES:
        ranked = best_of(found[name])
        if name == "invoice_number" and is_order:
            continue
        # one number is not two references, but a payment may quote the invoice's number
        if name not in {"payment_reference", "buyer_reference"}:
            ranked = [c for c in ranked if _same_key(c.value) not in taken]
        if not ranked or ranked[0].score < 0.35:
            continue
        others: tuple[str, ...] = ()
        if name in {"purchase_order", "delivery_note"}:
            others = tuple(c.value for c in ranked[1:] if c.score >= 0.9 and ranked[0].score >= 0.9)[:5]
        kept = [c for c in ranked if c.value not in others]
        values[name] = _doubted(settled(kept, firm_confidence(kept, 0.93), others))
        taken.add(_same_key(ranked[0].value))
    return values


def _doubted(value: FieldValue) -> FieldValue:
    """Less sure where OCR may have taken letters for digits: no check digit tells."""
    if value.source is not Source.OCR or value.confidence is None or not may_be_misread(value.value):
        return value
    return replace(value, confidence=min(value.confidence, _LOOK_ALIKE))


def second_number(values: dict[str, FieldValue], found: dict[str, list[Candidate]]) -> list[Finding]:
    """Another invoice number on another page: perhaps two documents in one file."""
    first = values.get("invoice_number")
    if first is None:
        return []
    known = {_same_key(text) for name in NAMES if name in values for text in (values[name].value, *values[name].others)}
    for one in found["invoice_number"]:
        if one.score >= 0.85 and one.page != first.page and _same_key(one.value) not in known:
            message = f"Page {one.page} has an invoice number of its own, {one.value}: perhaps another document."
            return [Finding("low_confidence", message, "invoice_number")]
    return []


def _same_key(value: str) -> str:
    return re.sub(r"[^0-9a-z]", "", value.lower())

"""Whether the visible page of a hybrid e-invoice says something else than its XML, field by field.

A reading of the page may be wrong: it contradicts the XML only where it is sure and where what the XML states is not
printed anywhere, in whatever form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ingest.dates import dates_in
from ingest.document import Document, Source
from ingest.extraction import Extraction, FieldValue, Finding
from ingest.fields import FIELDS
from ingest.fields.money import amounts_in
from ingest.layout import sheets_of
from ingest.normalise import compact
from ingest.parts import BILLS

CENT = Decimal("0.01")
ROUNDING = Decimal("0.05")
"""What rounding may make between the lines and their total (contract: default tolerance of a document)."""
_LEAST = {
    "invoice_number": 0.85,
    "issue_date": 0.9,
    "due_date": 0.9,
    "currency": 0.9,
    "purchase_order": 0.9,
    "seller_name": 0.65,
    "seller_vat_id": 0.9,
    "seller_iban": 0.9,
    "buyer_name": 0.65,
    "buyer_vat_id": 0.9,
    "net_total": 0.9,
    "tax_total": 0.9,
    "gross_total": 0.9,
    "amount_due": 0.9,
}
"""Fields that are compared, and how sure the page's reading must be."""
_KIND = {field.name: field.kind for field in FIELDS}
_LABEL = {field.name: field.label for field in FIELDS}
_PARTY_MARKS = {"seller_name": ("seller_vat_id", "seller_iban"), "buyer_name": ("buyer_vat_id",)}
"""Fields that tell that a party is the XML's, whatever its printed name is: a logo is no text."""
_SIGNS = {"EUR": "€", "GBP": "£", "USD": "$", "CHF": "SFR", "JPY": "¥", "INR": "₹", "PLN": "ZŁ", "CZK": "KČ"}
_SHORTEST = 4
"""Letters of a name's word that tells it from others; legal forms are shorter."""


@dataclass(frozen=True, slots=True)
class Printed:
    """All that the pages print, in the forms that values are compared in."""

    words: frozenset[str]
    text: str
    """Letters and digits of all words, one after the other."""
    raw: str
    amounts: frozenset[Decimal]
    days: frozenset[date]

    def has(self, value: str) -> bool:
        """Whether an identifier is printed, in whatever spacing."""
        key = compact(value)
        return bool(key) and (key in self.words or (len(key) >= _SHORTEST and key in self.text))


def printed_on(document: Document) -> Printed:
    """What the document's pages print."""
    sheets = sheets_of(document)
    segments = [segment for sheet in sheets for segment in sheet.segments]
    texts = [word.text for segment in segments for word in segment.words]
    return Printed(
        words=frozenset(compact(text) for text in texts),
        text=compact("".join(texts)),
        raw=" ".join(texts).upper(),
        amounts=frozenset(
            abs(value) for segment in segments for amount in amounts_in(segment) for value in amount.readings
        ),
        days=frozenset(
            day for sheet in sheets for row in sheet.rows for found in dates_in(row.text) for day in found.readings
        ),
    )


def differences(xml: Extraction, page: Extraction, document: Document) -> list[Finding]:
    """Each difference between XML and page, in a sentence."""
    printed = printed_on(document)
    return [*_fields(xml, page, printed), *_lines(xml, page)]


def _fields(xml: Extraction, page: Extraction, printed: Printed) -> Iterator[Finding]:
    for name, least in _LEAST.items():
        stated, seen = xml.fields.get(name), page.fields.get(name)
        if stated is None or seen is None or (seen.confidence or 0.0) < least:
            continue
        if (
            Source.DERIVED in (stated.source, seen.source)
            or _same(name, stated, seen)
            or _is_printed(name, xml, printed)
        ):
            continue
        message = f"{_LABEL[name]}: the XML says {stated.value}, the page shows {seen.value}."
        yield Finding("xml_differs_from_page", message, name)


def _same(name: str, stated: FieldValue, seen: FieldValue) -> bool:
    if _KIND[name] == "amount":
        # a credit note's sign is written in one and left to the type in the other
        return abs(abs(stated.number or Decimal(0)) - abs(seen.number or Decimal(0))) < CENT
    options = {compact(value) for value in (stated.value, *stated.others)}
    shown = {compact(value) for value in (seen.value, *seen.others)}
    if name == "invoice_number" or _KIND[name] == "text" or name == "purchase_order":
        return any(a == b or (min(len(a), len(b)) >= 5 and (a in b or b in a)) for a in options for b in shown)
    return bool(options & shown)


def _is_printed(name: str, xml: Extraction, printed: Printed) -> bool:
    """Whether the page prints what the XML states, wherever it was read."""
    stated = xml.fields[name]
    values = (stated.value, *stated.others)
    if _KIND[name] == "amount":
        return abs(stated.number or Decimal(0)) in printed.amounts
    if _KIND[name] == "date":
        return stated.day is None or stated.day in printed.days
    if name == "currency":
        return stated.value in printed.raw or _SIGNS.get(stated.value, stated.value) in printed.raw
    if name in _PARTY_MARKS:
        return _names(stated.value, printed) or any(
            printed.has(value)
            for mark in _PARTY_MARKS[name]
            if mark in xml.fields
            for value in (xml.fields[mark].value, *xml.fields[mark].others)
        )
    # what the VAT number of a group or branch has before or behind the digits may be left out
    return any(printed.has(value) or printed.has(re.sub(r"^[A-Z]{2}", "", compact(value))) for value in values)


def _names(name: str, printed: Printed) -> bool:
    """Whether any telling word of a name is printed; a name without one cannot be looked for."""
    telling = [word for word in map(compact, name.split()) if len(word) >= _SHORTEST]
    return not telling or any(word in printed.text for word in telling)


def _lines(xml: Extraction, page: Extraction) -> Iterator[Finding]:
    """Lines that add up to the total of their own side, and are others in number and sum."""
    stated, seen = _sum(xml), _sum(page)
    if xml.document_type.value not in BILLS:
        # a response to an order states the lines that it takes off, too
        return
    if stated is None or seen is None or len(xml.line_items) == len(page.line_items):
        return
    if _adds_up(xml, stated) and _adds_up(page, seen) and abs(abs(stated) - abs(seen)) > ROUNDING:
        yield Finding(
            "xml_differs_from_page",
            f"Lines: the XML has {len(xml.line_items)} that come to {stated}, the page shows {len(page.line_items)} "
            f"that come to {seen}.",
            "lines_total",
        )


def _adds_up(found: Extraction, lines: Decimal) -> bool:
    total = found.amount("lines_total")
    total = found.amount("net_total") if total is None else total
    return total is not None and abs(abs(total) - abs(lines)) <= ROUNDING


def _sum(found: Extraction) -> Decimal | None:
    numbers = [item.line_total.number if item.line_total else None for item in found.line_items]
    if not numbers or None in numbers:
        return None
    return sum((number for number in numbers if number is not None), Decimal(0))

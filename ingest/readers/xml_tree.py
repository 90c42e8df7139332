"""Foreign XML as a safe tree without namespaces, and the values taken from it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from lxml import etree

Element = etree._Element
LONGEST_TEXT = 10_000_000
"""Signs of one text that libxml2 takes unless it is told that trees are huge."""


def parse_xml(content: bytes) -> Element | None:
    """The root with local names as tags; None where the bytes are no well-formed XML.

    Entities, DTDs and the network are left alone. Trees beyond libxml2's limits are refused but for long texts: an
    attached PDF of more than 7 MB is one.
    """
    huge = len(content) > LONGEST_TEXT and b"BinaryObject" in content
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=huge, remove_pis=True)
    try:
        root = etree.fromstring(content.lstrip(), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    for element in root.iter():
        if isinstance(element.tag, str):
            element.tag = etree.QName(element).localname
    return root


def text(element: Element | None, *paths: str) -> str | None:
    """The text at the first of the paths that has one, blanks folded."""
    if element is None:
        return None
    for path in paths:
        for found in element.iterfind(path):
            folded = " ".join((found.text or "").split())
            if folded:
                return folded
    return None


def amount(element: Element | None, *paths: str) -> str | None:
    """A decimal number as a plain string; None where there is none."""
    printed = text(element, *paths)
    try:
        number = Decimal(printed) if printed else None
    except InvalidOperation:
        return None
    return format(number, "f") if number is not None and number.is_finite() else None


def day(element: Element | None, *paths: str) -> str | None:
    """An ISO date, from ISO text or UN/CEFACT format 102 (`20261123`)."""
    printed = text(element, *paths)
    if not printed:
        return None
    found = re.match(r"(\d{4})-?(\d\d)-?(\d\d)", printed)
    try:
        return date(*map(int, found.groups())).isoformat() if found else None
    except ValueError:
        return None


def total(values: Iterable[str | None]) -> Decimal | None:
    """The sum of decimal strings; None where there is none."""
    numbers = [Decimal(value) for value in values if value is not None]
    return sum(numbers, Decimal(0)) if numbers else None


@dataclass(slots=True)
class Collected:
    """Field values while they are gathered, each with the further values that are also true."""

    fields: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def add(self, name: str, *values: str | None) -> None:
        """Appends the values that are there and new."""
        known = self.fields.get(name, ())
        for value in values:
            if value and value not in known:
                known += (value,)
        if known:
            self.fields[name] = known


def cells(**values: str | None) -> dict[str, str]:
    """The cells that are there."""
    return {name: value for name, value in values.items() if value}


CREDIT_NOTES = frozenset({"81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "532"})
ORDERS = frozenset({"105", "220", "221", "224", "226", "227", "228"})
ESTIMATES = frozenset({"310", "325"})


def document_type_of(code: str | None) -> str:
    """The contract's document type of a UNTDID 1001 code (EN 16931 BT-3)."""
    if code in CREDIT_NOTES:
        return "credit_note"
    if code in ORDERS:
        return "purchase_order"
    if code in ESTIMATES:
        return "estimate"
    return {"270": "delivery_note", "351": "delivery_note", "230": "other", "231": "other"}.get(code or "", "invoice")


def order_line(printed: str | None) -> str | None:
    """The order line's number; UBL needs one even where there is none and has `NA` for that."""
    return None if printed is None or printed.upper() in {"NA", "N/A"} else printed


def address(parts: Iterable[str | None]) -> str | None:
    """One line of the parts that are there."""
    return ", ".join(part for part in parts if part) or None

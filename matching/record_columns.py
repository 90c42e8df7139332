"""The columns of the record files, and how rows of texts become records; faults are collected, never guessed over."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

from babel.numbers import list_currencies

from matching.normalise import identifier
from matching.records import (
    Customer,
    GoodsReceipt,
    OrderLine,
    OrderStatus,
    PurchaseOrder,
    RecordKind,
    Supplier,
)

Cells = Mapping[str, str]
Item = TypeVar("Item", Supplier, Customer)

REQUIRED: dict[RecordKind, tuple[str, ...]] = {
    RecordKind.SUPPLIERS: ("supplier_id", "name"),
    RecordKind.CUSTOMERS: ("customer_id", "name"),
    RecordKind.PURCHASE_ORDERS: ("po_number", "supplier_id", "line_number", "description", "quantity", "unit_price"),
    RecordKind.GOODS_RECEIPTS: ("po_number", "line_number", "quantity"),
}

ORDER_HEAD = ("po_number", "supplier_id", "customer_id", "order_date", "currency", "payment_terms_days", "status")

COLUMNS: dict[RecordKind, tuple[str, ...]] = {
    RecordKind.SUPPLIERS: tuple(f.name for f in fields(Supplier)),
    RecordKind.CUSTOMERS: tuple(f.name for f in fields(Customer)),
    RecordKind.PURCHASE_ORDERS: (*ORDER_HEAD, *(f.name for f in fields(OrderLine))),
    RecordKind.GOODS_RECEIPTS: tuple(f.name for f in fields(GoodsReceipt)),
}

NUMBERS: dict[RecordKind, tuple[str, ...]] = {
    RecordKind.SUPPLIERS: ("no_order_limit",),
    RecordKind.CUSTOMERS: (),
    RecordKind.PURCHASE_ORDERS: ("quantity", "unit_price", "tax_rate", "price_base"),
    RecordKind.GOODS_RECEIPTS: ("quantity",),
}

CURRENCIES = frozenset(list_currencies())
YES = frozenset({"yes", "y", "true", "1", "ja", "oui", "si", "tak"})
NO = frozenset({"no", "n", "false", "0", "nein", "non", "nie"})
DAY_FORMS = ("%Y-%m-%d", "%d.%m.%Y", "%Y/%m/%d")
"""Unambiguous ways to write a day; 03/04/2026 is none of them."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong where in a file of records; line 0 is the file as a whole."""

    file: str
    line: int
    column: str
    why: str

    def __str__(self) -> str:
        place = [self.file, f"line {self.line}" if self.line else "", f"column {self.column}" if self.column else ""]
        return f"{', '.join(part for part in place if part)}: {self.why}"


@dataclass(slots=True)
class RowReader:
    """Reads cells of one file into values and remembers every fault."""

    file: str
    comma: frozenset[str] = frozenset()
    """Columns with a decimal comma."""
    faults: list[Fault] = field(default_factory=list)
    line: int = 0

    def fault(self, column: str, why: str) -> None:
        """Remember a fault of the present row."""
        self.faults.append(Fault(self.file, self.line, column, why))

    def needed(self, cells: Cells, column: str) -> str:
        """A text that must be there."""
        if not cells.get(column):
            self.fault(column, "must not be empty")
        return cells.get(column, "")

    def optional(self, cells: Cells, column: str) -> str | None:
        """A text, or None for an empty cell."""
        return cells.get(column) or None

    def listed(self, cells: Cells, column: str) -> tuple[str, ...]:
        """Several texts with `;` between them."""
        return tuple(part.strip() for part in cells.get(column, "").split(";") if part.strip())

    def number(self, cells: Cells, column: str) -> Decimal | None:
        """A decimal number by the column's decimal sign; thousands may be grouped by the other sign."""
        text = re.sub(r"[\s'\u2019]", "", cells.get(column, ""))
        if not text:
            return None
        if column in self.comma:
            plain = re.fullmatch(r"[+-]?(\d+|[1-9]\d{0,2}(\.\d{3})+)(,\d+)?", text)
            text = text.replace(".", "").replace(",", ".")
        else:
            plain = re.fullmatch(r"[+-]?(\d*\.?\d+|\d+\.|[1-9]\d{0,2}(,\d{3})+\.\d+)", text)
            if plain and self.comma and re.fullmatch(r"[+-]?[1-9]\d{0,2}\.\d{3}", text):
                # other columns of this file have a decimal comma, so the point may group thousands
                self.fault(
                    column, f"{text} may be {text.replace('.', '')} or {Decimal(text).normalize():f}; write it plainly"
                )
                return None
            text = text.replace(",", "")
        if not plain:
            self.fault(column, f"{cells[column]!r} is not a number; one decimal sign must stand throughout the column")
            return None
        return Decimal(text)

    def whole(self, cells: Cells, column: str) -> int | None:
        """A count from 0 on."""
        text = cells.get(column, "")
        if not text:
            return None
        found = re.fullmatch(r"(\d{1,5})(?:[.,]0+)?", text)
        if not found:
            self.fault(column, f"{text!r} is not a whole number of days from 0 on")
            return None
        return int(found.group(1))

    def day(self, cells: Cells, column: str) -> date | None:
        """A day, ISO 8601 or day.month.year."""
        text = cells.get(column, "")
        if not text:
            return None
        for form in DAY_FORMS:
            try:
                return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no time zone
            except ValueError:
                continue
        self.fault(column, f"{text!r} is not a date; write it as 2026-11-23")
        return None

    def answer(self, cells: Cells, column: str) -> bool | None:
        """Yes, no, or None for an empty cell."""
        text = cells.get(column, "").casefold()
        if text in YES:
            return True
        if text in NO:
            return False
        if text:
            self.fault(column, f"{cells[column]!r} is neither yes nor no")
        return None

    def currency(self, cells: Cells, column: str) -> str | None:
        """An ISO 4217 code."""
        text = cells.get(column, "").upper()
        if text and text not in CURRENCIES:
            self.fault(column, f"{cells[column]!r} is not an ISO 4217 currency")
        return text or None

    def country(self, cells: Cells, column: str) -> str | None:
        """An ISO 3166-1 alpha-2 code."""
        text = cells.get(column, "").upper()
        if text and not re.fullmatch(r"[A-Z]{2}", text):
            self.fault(column, f"{cells[column]!r} is not a country's code of two letters (ISO 3166-1)")
        return text or None

    def word(self, cells: Cells, column: str, choices: tuple[str, ...]) -> str:
        """One of some words; empty is the first."""
        text = cells.get(column, "").casefold()
        if text and text not in choices:
            self.fault(column, f"{cells[column]!r} is none of {', '.join(choices)}")
        return text or choices[0]


def build(
    kind: RecordKind, reader: RowReader, rows: Iterable[tuple[int, Cells]]
) -> tuple[Supplier, ...] | tuple[Customer, ...] | tuple[PurchaseOrder, ...] | tuple[GoodsReceipt, ...]:
    """The records of a file's rows; what is wrong stands in `reader.faults`."""
    match kind:
        case RecordKind.SUPPLIERS:
            return _parties(reader, rows, "supplier_id", _supplier)
        case RecordKind.CUSTOMERS:
            return _parties(reader, rows, "customer_id", _customer)
        case RecordKind.PURCHASE_ORDERS:
            return _orders(reader, rows)
        case RecordKind.GOODS_RECEIPTS:
            return _receipts(reader, rows)


def _parties(
    reader: RowReader, rows: Iterable[tuple[int, Cells]], key: str, make: Callable[[RowReader, Cells], Item]
) -> tuple[Item, ...]:
    seen: dict[str, tuple[int, Item]] = {}
    for reader.line, cells in rows:
        item = make(reader, cells)
        first = seen.setdefault(cells.get(key, ""), (reader.line, item))
        if first[1] != item:
            reader.fault(key, f"{cells[key]!r} stands in line {first[0]} with other content")
    return tuple(item for _, item in seen.values())


def _supplier(reader: RowReader, cells: Cells) -> Supplier:
    limit = reader.number(cells, "no_order_limit")
    if limit is not None and limit < 0:
        reader.fault("no_order_limit", "must not be negative")
    return Supplier(
        supplier_id=reader.needed(cells, "supplier_id"),
        name=reader.needed(cells, "name"),
        aliases=reader.listed(cells, "aliases"),
        vat_id=reader.optional(cells, "vat_id"),
        tax_id=reader.optional(cells, "tax_id"),
        iban=tuple(identifier(iban) for iban in reader.listed(cells, "iban")),
        account=reader.optional(cells, "account"),
        routing=reader.optional(cells, "routing"),
        email=reader.optional(cells, "email"),
        street=reader.optional(cells, "street"),
        postal_code=reader.optional(cells, "postal_code"),
        city=reader.optional(cells, "city"),
        country=reader.country(cells, "country"),
        currency=reader.currency(cells, "currency"),
        payment_terms_days=reader.whole(cells, "payment_terms_days"),
        status=reader.word(cells, "status", ("active", "blocked")),
        order_required=reader.answer(cells, "order_required"),
        no_order_limit=limit,
    )


def _customer(reader: RowReader, cells: Cells) -> Customer:
    return Customer(
        customer_id=reader.needed(cells, "customer_id"),
        name=reader.needed(cells, "name"),
        aliases=reader.listed(cells, "aliases"),
        vat_id=reader.optional(cells, "vat_id"),
        billing_email=reader.optional(cells, "billing_email"),
        street=reader.optional(cells, "street"),
        postal_code=reader.optional(cells, "postal_code"),
        city=reader.optional(cells, "city"),
        country=reader.country(cells, "country"),
        currency=reader.currency(cells, "currency"),
        payment_terms_days=reader.whole(cells, "payment_terms_days"),
    )


def _orders(reader: RowReader, rows: Iterable[tuple[int, Cells]]) -> tuple[PurchaseOrder, ...]:
    heads: dict[str, tuple[int, Cells]] = {}
    lines: dict[str, dict[str, tuple[int, OrderLine]]] = {}
    for reader.line, cells in rows:
        number = reader.needed(cells, "po_number")
        first_line, head = heads.setdefault(number, (reader.line, cells))
        for column in ORDER_HEAD:
            if cells.get(column, "") != head.get(column, ""):
                was = head.get(column, "")
                reader.fault(
                    column, f"order {number} has {cells.get(column, '')!r} here, but {was!r} in line {first_line}"
                )
        line = _order_line(reader, cells)
        known = lines.setdefault(number, {}).setdefault(line.line_number, (reader.line, line))
        if known[1] != line:
            reader.fault(
                "line_number", f"order {number} has line {line.line_number!r} in line {known[0]} with other content"
            )
    orders = []
    for number, (reader.line, head) in heads.items():
        orders.append(_order(reader, head, number, tuple(line for _, line in lines[number].values())))
    return tuple(orders)


def _order(reader: RowReader, head: Cells, number: str, lines: tuple[OrderLine, ...]) -> PurchaseOrder:
    return PurchaseOrder(
        po_number=number,
        supplier_id=reader.needed(head, "supplier_id"),
        lines=lines,
        customer_id=reader.optional(head, "customer_id"),
        order_date=reader.day(head, "order_date"),
        currency=reader.currency(head, "currency"),
        payment_terms_days=reader.whole(head, "payment_terms_days"),
        status=OrderStatus.CLOSED if reader.word(head, "status", ("open", "closed")) == "closed" else OrderStatus.OPEN,
    )


def _order_line(reader: RowReader, cells: Cells) -> OrderLine:
    quantity = reader.number(cells, "quantity")
    price = reader.number(cells, "unit_price")
    rate = reader.number(cells, "tax_rate")
    base = reader.number(cells, "price_base")
    for column, value in (("quantity", quantity), ("unit_price", price)):
        if not cells.get(column):
            reader.fault(column, "must not be empty")
        elif value is not None and value < 0:
            reader.fault(column, "must not be negative")
    if rate is not None and not 0 <= rate <= 100:
        reader.fault("tax_rate", "must be a percentage from 0 to 100")
    if base is not None and base <= 0:
        reader.fault("price_base", "must be more than 0")
    return OrderLine(
        line_number=reader.needed(cells, "line_number"),
        description=reader.needed(cells, "description"),
        quantity=quantity or Decimal(0),
        unit_price=price or Decimal(0),
        sku=reader.optional(cells, "sku"),
        unit=reader.optional(cells, "unit"),
        tax_rate=rate,
        price_base=base or Decimal(1),
    )


def _receipts(reader: RowReader, rows: Iterable[tuple[int, Cells]]) -> tuple[GoodsReceipt, ...]:
    seen: dict[tuple[object, ...], tuple[int, GoodsReceipt]] = {}
    for reader.line, cells in rows:
        quantity = reader.number(cells, "quantity")
        if not cells.get("quantity"):
            reader.fault("quantity", "must not be empty")
        receipt = GoodsReceipt(
            po_number=reader.needed(cells, "po_number"),
            line_number=reader.needed(cells, "line_number"),
            quantity=quantity or Decimal(0),
            receipt_date=reader.day(cells, "receipt_date"),
            delivery_note=reader.optional(cells, "delivery_note"),
        )
        key = (receipt.po_number, receipt.line_number, receipt.delivery_note, receipt.receipt_date)
        first = seen.setdefault(key, (reader.line, receipt))
        if first[1] != receipt:
            reader.fault(
                "quantity",
                f"the same order line, delivery note and date stand in line {first[0]} with another quantity",
            )
    return tuple(receipt for _, receipt in seen.values())

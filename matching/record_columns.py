"""The columns of the record files, and how rows of texts become records; faults are collected, never guessed over."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Protocol, TypeVar

from matching.checksums import iban_valid, vat_valid
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
from matching.row_reader import Cells, RowReader

Record = Supplier | Customer | PurchaseOrder | GoodsReceipt
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


class RecordFile(Protocol):
    """Rows of texts by column, and how many of them each order has."""

    @property
    def orders(self) -> Mapping[str, int]:
        """How many rows each order has."""

    def rows(self) -> Iterator[tuple[int, Cells]]:
        """The rows, each with the number that a person sees in the file."""


def build(reader: RowReader, file: RecordFile, kind: RecordKind) -> Iterator[tuple[int, Record]]:
    """The records of a file, each with the line where it begins; what is wrong stands in `reader.faults`.

    A record is told as soon as it is complete, so that a million of them need not be held at once.
    """
    match kind:
        case RecordKind.SUPPLIERS:
            yield from _parties(reader, file.rows(), "supplier_id", _supplier)
        case RecordKind.CUSTOMERS:
            yield from _parties(reader, file.rows(), "customer_id", _customer)
        case RecordKind.PURCHASE_ORDERS:
            yield from _orders(reader, file.rows(), file.orders)
        case RecordKind.GOODS_RECEIPTS:
            yield from _receipts(reader, file.rows())


def _parties(
    reader: RowReader, rows: Iterable[tuple[int, Cells]], key: str, make: Callable[[RowReader, Cells], Item]
) -> Iterator[tuple[int, Item]]:
    seen: dict[str, tuple[int, Item]] = {}
    for reader.line, cells in rows:
        item = make(reader, cells)
        first = seen.setdefault(cells.get(key, ""), (reader.line, item))
        if first[1] is item:
            yield first
        elif first[1] != item:
            reader.fault(key, f"{cells[key]!r} stands in line {first[0]} with other content")


def _supplier(reader: RowReader, cells: Cells) -> Supplier:
    limit = reader.number(cells, "no_order_limit")
    if limit is not None and limit < 0:
        reader.fault("no_order_limit", "must not be negative")
    _doubt_digits(reader, cells)
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


def _doubt_digits(reader: RowReader, cells: Cells) -> None:
    """Wrong check digits are told, not refused: the record is as the ledger has it, and no invoice will meet it."""
    for iban in reader.listed(cells, "iban"):
        if iban_valid(iban) is False:
            reader.doubt("iban", f"the check digits of {iban!r} are wrong")
    vat = cells.get("vat_id", "")
    if vat and vat_valid(vat) is False:
        reader.doubt("vat_id", f"the check digits of {vat!r} are wrong")


def _customer(reader: RowReader, cells: Cells) -> Customer:
    _doubt_digits(reader, cells)
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


@dataclass(slots=True)
class _OpenOrder:
    """An order of which further rows may follow."""

    line: int
    head: Cells
    told: list[str]
    lines: dict[str, tuple[int, OrderLine]] = field(default_factory=dict)
    rows: int = 0


def _orders(
    reader: RowReader, rows: Iterable[tuple[int, Cells]], counts: Mapping[str, int]
) -> Iterator[tuple[int, PurchaseOrder]]:
    started: dict[str, _OpenOrder] = {}
    for reader.line, cells in rows:
        number = reader.needed(cells, "po_number")
        told = [cells.get(column, "") for column in ORDER_HEAD]
        order = started.get(number)
        if order is None:
            order = started[number] = _OpenOrder(reader.line, cells, told)
        elif told != order.told:
            _tell_contradictions(reader, cells, order)
        line = _order_line(reader, cells)
        known = order.lines.setdefault(line.line_number, (reader.line, line))
        if known[1] is not line and known[1] != line:
            reader.fault(
                "line_number", f"order {number} has line {line.line_number!r} in line {known[0]} with other content"
            )
        order.rows += 1
        if order.rows == counts[number]:
            del started[number]
            reader.line = order.line
            yield order.line, _order(reader, order.head, number, tuple(line for _, line in order.lines.values()))


def _tell_contradictions(reader: RowReader, cells: Cells, order: _OpenOrder) -> None:
    for column in ORDER_HEAD:
        now, was = cells.get(column, ""), order.head.get(column, "")
        if now != was:
            number = cells["po_number"]
            reader.fault(column, f"order {number} has {now!r} here, but {was!r} in line {order.line}")


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
    if quantity == 0:
        reader.fault("quantity", "must be more than 0")
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


def _receipts(reader: RowReader, rows: Iterable[tuple[int, Cells]]) -> Iterator[tuple[int, GoodsReceipt]]:
    seen: dict[tuple[object, ...], tuple[int, Decimal]] = {}
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
        first = seen.setdefault(key, (reader.line, receipt.quantity))
        if first[0] == reader.line:
            yield reader.line, receipt
        elif first[1] != receipt.quantity:
            reader.fault(
                "quantity",
                f"the same order line, delivery note and date stand in line {first[0]} with another quantity",
            )

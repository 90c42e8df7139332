"""Orders made or changed, and goods received, by a person's form: by the rules of imports, with a row in the trail."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlite_utils import Database

from ingest.audit import record
from ingest.database import transaction
from ingest.errors import Conflict, NotFound
from matching.edit_records import RecordRefused, changes_of, stamp
from matching.order_store import OrderStore
from matching.receipt_store import ReceiptStore, key_of
from matching.record_columns import Record, build
from matching.records import GoodsReceipt, PurchaseOrder, RecordKind
from matching.row_reader import Cells, RowReader
from matching.store import RecordStore


@dataclass(frozen=True, slots=True)
class _Form:
    """A form as a file: a row for each of its lines."""

    lines: Sequence[Cells]
    orders: Mapping[str, int] = field(default_factory=dict)

    def rows(self) -> Iterator[tuple[int, Cells]]:
        yield from enumerate(self.lines, start=1)


def write_order(
    db: Database,
    head: Mapping[str, str],
    lines: Sequence[Mapping[str, str]],
    seen: str,
    actor: str,
    removed: Collection[str] = (),
) -> PurchaseOrder:
    """Put an order on file, in the columns of import files; lines that it has and the form does not remove stay.

    Raises:
        RecordRefused: with each cell that cannot be taken, where the supplier or customer is not on file, or for a
            line to be removed that goods came in for or that was billed on.
        Conflict: when the order is no longer what the person saw, or is there already.
    """
    number = head.get("po_number", "")
    rows = [{**head, **line} for line in lines] or [dict(head)]
    order, *_rest = _built(rows, RecordKind.PURCHASE_ORDERS, {number: len(rows)})
    assert isinstance(order, PurchaseOrder)
    with transaction(db):
        store = RecordStore(db)
        before = store.order(number)
        if stamp(before) != seen:
            raise Conflict(
                "Order {number} was changed by someone else while you had it open, or is there already. "
                "Load the page again.",
                number=number,
            )
        if store.supplier(order.supplier_id) is None:
            raise RecordRefused(
                "There is no supplier {number} on file. Put it on file first.", number=order.supplier_id
            )
        if order.customer_id and store.customer(order.customer_id) is None:
            raise RecordRefused(
                "There is no customer {number} on file. Put it on file first.", number=order.customer_id
            )
        store.put([order])
        after = store.order(number)
        assert after is not None
        if removed:
            after = _without(store.order_store, after, removed)
        action = "record_changed" if before else "record_made"
        told = _changes(before, after)
        record(db, action, actor=actor, kind=RecordKind.PURCHASE_ORDERS.value, number=number, changes=told)
    return after


def receive_goods(
    db: Database, po_number: str, quantities: Mapping[str, str], day: str, note: str, actor: str
) -> tuple[GoodsReceipt, ...]:
    """Write down what came in for lines of an order (line to quantity; negative for a return).

    Raises:
        NotFound: when there is no such order.
        RecordRefused: with each cell that cannot be taken, where nothing came, or where it is written down already.
    """
    rows = [
        {"po_number": po_number, "line_number": line, "quantity": quantity, "receipt_date": day, "delivery_note": note}
        for line, quantity in quantities.items()
        if quantity
    ]
    if not rows or not (day or note):
        raise RecordRefused("Say of at least one line how much came in, and on which day or by which delivery note.")
    made = tuple(one for one in _built(rows, RecordKind.GOODS_RECEIPTS, {}) if isinstance(one, GoodsReceipt))
    with transaction(db):
        store = RecordStore(db)
        order = store.order(po_number)
        if order is None or not set(quantities) <= {line.line_number for line in order.lines}:
            raise NotFound("There is no such line of order {number}. Load the page again.", number=po_number)
        known = {key_of(one) for one in store.receipts(po_number)}
        if any(key_of(one) in known for one in made):
            raise RecordRefused("Such a line has a receipt of this delivery note and day already. Take another note.")
        store.put(made)
        told = "; ".join(f"{one.line_number}: {one.quantity}" for one in made)
        record(db, "goods_received", actor=actor, number=po_number, changes=told, note=note, day=day)
    return made


def change_receipt(
    db: Database, before: GoodsReceipt, quantity: str, day: str, note: str, actor: str
) -> GoodsReceipt | None:
    """Put a receipt right, or take it away where the quantity is empty; `before` is what the person saw.

    Raises:
        Conflict: when it is no longer there like that.
        RecordRefused: with each cell that cannot be taken, or where another receipt has its day and note.
    """
    row = {"po_number": before.po_number, "line_number": before.line_number, "quantity": quantity}
    made = (
        _built([{**row, "receipt_date": day, "delivery_note": note}], RecordKind.GOODS_RECEIPTS, {}) if quantity else ()
    )
    after = next((one for one in made if isinstance(one, GoodsReceipt)), None)
    with transaction(db):
        receipts = ReceiptStore(db)
        if receipts.one(*key_of(before)) != before:
            raise Conflict("The receipt was changed by someone else while you had it open. Load the page again.")
        receipts.take_away(before)
        if after is not None:
            if receipts.one(*key_of(after)):
                raise RecordRefused(
                    "Such a line has a receipt of this delivery note and day already. Take another note."
                )
            RecordStore(db).put([after])
        action = "receipt_changed" if after else "receipt_removed"
        told = changes_of(before, after) if after else f"{before.line_number}: {before.quantity}"
        record(db, action, actor=actor, number=before.po_number, changes=told, note=note, day=day)
    return after


def _without(orders: OrderStore, order: PurchaseOrder, removed: Collection[str]) -> PurchaseOrder:
    if used := orders.in_use(order.po_number, removed):
        raise RecordRefused(
            "Goods came in for line {lines}, or it was billed on: it stays. Set its quantity, or close the order.",
            lines=", ".join(used),
        )
    return orders.take_lines_away(order, removed)


def _changes(before: PurchaseOrder | None, after: PurchaseOrder) -> str:
    """What is another value, of the order and of each line."""
    known = {line.line_number: line for line in before.lines} if before else {}
    heads = changes_of(replace(before, lines=()) if before else None, replace(after, lines=()))
    lines = [
        f"{line.line_number}: {told}" for line in after.lines if (told := changes_of(known.get(line.line_number), line))
    ]
    gone = [f"{number}: \u2212" for number in known if number not in {line.line_number for line in after.lines}]
    return "; ".join(part for part in (heads, *lines, *gone) if part)


def _built(rows: Sequence[Mapping[str, str]], kind: RecordKind, orders: Mapping[str, int]) -> tuple[Record, ...]:
    reader = RowReader("The form", frozenset())
    made = tuple(one for _, one in build(reader, _Form([dict(row) for row in rows], orders), kind))
    if reader.faults.count or not made:
        told = "; ".join(f"{fault.column} ({fault.line}): {fault.why}" for fault in reader.faults)
        raise RecordRefused("Nothing was written. {faults}", faults=told)
    return made

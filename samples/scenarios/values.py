"""A world: reference records, and cases with the truth about each; how they are written and read."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from ingest.extraction import Extraction
from ingest.serialise import from_json, to_json
from matching.record_columns import COLUMNS
from matching.records import Customer, GoodsReceipt, PurchaseOrder, RecordKind, Supplier
from samples.scenarios.drafts import Draft

TODAY = date(2026, 11, 23)
"""The day on which every case comes in."""

RECORD_FILES: dict[RecordKind, str] = {
    RecordKind.SUPPLIERS: "suppliers.csv",
    RecordKind.CUSTOMERS: "customers.csv",
    RecordKind.PURCHASE_ORDERS: "purchase_orders.csv",
    RecordKind.GOODS_RECEIPTS: "goods_receipts.csv",
}
CASES_FILE = "cases.jsonl"


@dataclass(frozen=True, slots=True)
class Pair:
    """An invoice line (from 1) and the order line that it bills."""

    invoice_line: int
    purchase_order: str
    order_line: str


@dataclass(frozen=True, slots=True)
class Truth:
    """What the contract asks for."""

    status: str
    codes: tuple[str, ...] = ()
    """Discrepancies that must be told, but for those in our favour."""
    infos: tuple[str, ...] = ()
    """Discrepancies in our favour that must be told."""
    may: tuple[str, ...] = ()
    """Codes that the contract leaves open here: neither asked for nor wrong."""
    supplier: str | None = None
    customer: str | None = None
    orders: tuple[str, ...] = ()
    lines: tuple[Pair, ...] = ()
    unscored: tuple[str, ...] = ()
    """Of `supplier`, `customer`, `orders`, `lines`: what the contract leaves open here."""


@dataclass(frozen=True, slots=True)
class Case:
    """One document, in the order in which they come."""

    id: str
    kind: str
    """What was planted, or which clean kind it is."""
    quality: str
    """`vector` or `scan`."""
    truth: Truth
    extraction: Extraction
    misread: tuple[str, ...] = ()
    """Which values carry an error of OCR: `seller_name`, `purchase_order`, `sku`, ..."""
    step: int = 1
    """Which document of a sequence it is."""

    @property
    def clean(self) -> bool:
        """Whether it is to be approved."""
        return self.truth.status == "approved"


@dataclass(frozen=True, slots=True)
class World:
    """Records, and the cases that come in one after the other."""

    suppliers: tuple[Supplier, ...]
    customers: tuple[Customer, ...]
    orders: tuple[PurchaseOrder, ...]
    receipts: tuple[GoodsReceipt, ...]
    cases: tuple[Case, ...]
    drafts: Mapping[str, Draft] = field(default_factory=dict)
    """What the pages of the cases state, by case; not written to files."""

    def with_cases(self, cases: Iterable[Case]) -> World:
        """The same records with other cases."""
        return replace(self, cases=tuple(cases))


def write_world(world: World, folder: Path) -> None:
    """The four files of records as the contract has them, and the cases as JSON lines."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder, RecordKind.SUPPLIERS, [_supplier(item) for item in world.suppliers])
    _write(folder, RecordKind.CUSTOMERS, [_customer(item) for item in world.customers])
    _write(folder, RecordKind.PURCHASE_ORDERS, [row for item in world.orders for row in _order(item)])
    _write(folder, RecordKind.GOODS_RECEIPTS, [_receipt(item) for item in world.receipts])
    (folder / CASES_FILE).write_text("".join(to_json(case) + "\n" for case in world.cases), "utf-8")


def read_cases(folder: Path) -> tuple[Case, ...]:
    """The cases that `write_world` wrote."""
    return tuple(from_json(line, Case) for line in (folder / CASES_FILE).read_text("utf-8").splitlines())


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ";".join(_text(part) for part in value)
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _row(item: object, names: Sequence[str]) -> dict[str, str]:
    return {name: _text(getattr(item, name)) for name in names}


def _supplier(item: Supplier) -> dict[str, str]:
    return _row(
        item,
        ("supplier_id", "name", "aliases", "vat_id", "tax_id", "iban", "account", "routing", "email", "street",
         "postal_code", "city", "country", "currency", "payment_terms_days", "status", "order_required",
         "no_order_limit"),
    )  # fmt: skip


def _customer(item: Customer) -> dict[str, str]:
    return _row(
        item,
        ("customer_id", "name", "aliases", "vat_id", "billing_email", "street", "postal_code", "city", "country",
         "currency", "payment_terms_days"),
    )  # fmt: skip


def _order(item: PurchaseOrder) -> list[dict[str, str]]:
    head = _row(
        item,
        ("po_number", "supplier_id", "customer_id", "order_date", "currency", "payment_terms_days", "status"),
    )
    names = ("line_number", "description", "quantity", "unit_price", "sku", "unit", "tax_rate", "price_base")
    return [head | _row(line, names) for line in item.lines]


def _receipt(item: GoodsReceipt) -> dict[str, str]:
    return _row(item, ("po_number", "line_number", "quantity", "receipt_date", "delivery_note"))


def _write(folder: Path, kind: RecordKind, rows: Sequence[Mapping[str, str]]) -> None:
    with (folder / RECORD_FILES[kind]).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(COLUMNS[kind]))
        writer.writeheader()
        writer.writerows(rows)

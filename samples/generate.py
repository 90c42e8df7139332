"""Makes the sample documents, their records and expected results: `python -m samples.generate` (or `make samples`)."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from samples import parties
from samples.cases import CASES, REAL, Case
from samples.model import Invoice, Line, Party

FOLDER = Path(__file__).parent
DOCUMENTS, RECORDS = FOLDER / "documents", FOLDER / "records"

SUPPLIERS: tuple[tuple[str, Party, dict[str, str]], ...] = (
    ("S-1001", parties.KESSLER, {"payment_terms_days": "30"}),
    ("S-1002", parties.MOREAU, {"payment_terms_days": "30"}),
    ("S-1003", parties.NORTHGATE, {"payment_terms_days": "30", "currency": "GBP"}),
    ("S-1004", parties.VAN_DIJK, {"payment_terms_days": "14"}),
    ("S-1005", parties.PUTZBLITZ, {"payment_terms_days": "14", "order_required": "no", "no_order_limit": "500"}),
    ("S-1006", parties.IBANEZ, {"payment_terms_days": "60"}),
    ("S-1007", parties.WISLA, {"payment_terms_days": "30", "currency": "PLN"}),
    ("S-1008", parties.BRANDT, {"payment_terms_days": "30", "currency": "CHF"}),
    ("S-1009", parties.BELLINI, {"payment_terms_days": "30"}),
)
CUSTOMERS = (("C-01", parties.COMPANY), ("C-02", parties.COMPANY_UK), ("C-03", parties.COMPANY_FR))

ORDERED_OTHERWISE: dict[tuple[str, str], dict[str, str]] = {
    ("4500081005", "KW-60150"): {"unit_price": "44.50"},
    ("UK-5191", "NP10463"): {"unit_price": "14.20"},
    ("4500081002", "KW-40012"): {"quantity": "40"},
    ("4500081007", "TI-DN80"): {"quantity": "60"},
    ("4500081007", "TI-TT"): {"quantity": "10"},
}
"""What the order says where the invoice departs from it, or has room left."""
RECEIVED_OTHERWISE = {("4500081006", "KW-90166"): "48"}
ORDER_OF_NO_ORDER = "4500081011"
"""The order that the invoice without a number belongs to."""


def main() -> None:
    """Write everything anew."""
    for folder in (DOCUMENTS, RECORDS):
        folder.mkdir(exist_ok=True)
    for case in CASES:
        (DOCUMENTS / case.name).write_bytes(case.make(case.invoice))
        _expect(case.name, _expected(case))
    for real in REAL:
        _expect(
            real.name,
            {
                "shows": real.shows,
                "status": ["needs_review"],
                "discrepancies_among_others": list(real.codes),
                "fields": real.fields,
            },
        )
    _write("suppliers", [_supplier(*row) for row in SUPPLIERS])
    _write("customers", [_customer(*row) for row in CUSTOMERS])
    orders = _ordered()
    _write("purchase-orders", [row for order in orders for row in order])
    _write("goods-receipts", [row for order in orders for row in _received(order)])


def _expect(name: str, expected: dict[str, Any]) -> None:
    text = json.dumps(expected, ensure_ascii=False, indent=1)
    (DOCUMENTS / f"{name}.expected.json").write_text(text + "\n", "utf-8")


def _expected(case: Case) -> dict[str, Any]:
    if case.fault:
        return {"shows": case.shows, "status": list(case.status), "error": case.fault}
    truth = case.invoice.truth()
    read = truth if case.must_read is None else {name: truth[name] for name in case.must_read}
    expected: dict[str, Any] = {"shows": case.shows, "status": list(case.status), "discrepancies": list(case.codes)}
    if len(case.status) > 1:
        del expected["discrepancies"]
    if case.beside:
        expected["may_stand_beside"] = list(case.beside)
    if case.supplier:
        expected["supplier"] = case.supplier
    if case.orders:
        expected["purchase_orders"] = list(case.orders)
    expected["document_type"] = case.invoice.kind
    expected["fields"] = read
    if case.lines_read and read:
        expected["line_items"] = case.invoice.line_truth()
    return expected


def _supplier(supplier_id: str, party: Party, more: dict[str, str]) -> dict[str, str]:
    return {
        "supplier_id": supplier_id,
        "name": party.name,
        "vat_id": party.vat_id,
        "iban": party.iban,
        "email": party.email,
        **_address(party),
        "currency": more.get("currency", "EUR"),
        "payment_terms_days": more["payment_terms_days"],
        "status": "active",
        "order_required": more.get("order_required", ""),
        "no_order_limit": more.get("no_order_limit", ""),
    }


def _customer(customer_id: str, party: Party) -> dict[str, str]:
    return {"customer_id": customer_id, "name": party.name, "vat_id": party.vat_id, **_address(party)}


def _address(party: Party) -> dict[str, str]:
    return {"street": party.street, "postal_code": party.postal_code, "city": party.city, "country": party.country}


def _ordered() -> list[list[dict[str, str]]]:
    invoices = {case.invoice.order: case.invoice for case in reversed(CASES) if case.invoice.order}
    no_order = next(case.invoice for case in CASES if case.name.startswith("14-"))
    return [
        *(_order(number, invoices[number]) for number in sorted(invoices)),
        _order(ORDER_OF_NO_ORDER, no_order),
    ]


def _order(number: str, invoice: Invoice) -> list[dict[str, str]]:
    supplier = next(key for key, party, _ in SUPPLIERS if party.name == invoice.seller.name)
    customer = next(key for key, party in CUSTOMERS if party.name == invoice.buyer.name)
    return [
        {
            "po_number": number,
            "supplier_id": supplier,
            "customer_id": customer,
            "line_number": str(10 * position),
            "sku": line.sku,
            "description": line.description,
            "quantity": str(line.quantity),
            "unit": line.unit,
            "unit_price": str(line.unit_price),
            "tax_rate": str(line.rate),
            "currency": invoice.currency,
            "payment_terms_days": str(invoice.terms_days or ""),
            "status": "open",
        }
        | ORDERED_OTHERWISE.get((number, line.sku), {})
        for position, line in enumerate(_all_lines(number, invoice), start=1)
    ]


def _all_lines(number: str, invoice: Invoice) -> Sequence[Line]:
    """The lines of every sample that bills this order, each article once."""
    lines = list(invoice.lines)
    for case in CASES:
        if case.invoice.order == number:
            known = {line.sku for line in lines}
            lines += [line for line in case.invoice.lines if line.sku not in known]
    return lines


def _received(order: list[dict[str, str]]) -> list[dict[str, str]]:
    """Goods come in for the German orders; services and the rest have no receipts."""
    return [
        {
            "po_number": row["po_number"],
            "line_number": row["line_number"],
            "quantity": str(Decimal(RECEIVED_OTHERWISE.get((row["po_number"], row["sku"]), row["quantity"]))),
        }
        for row in order
        if row["supplier_id"] == "S-1001"
    ]


def _write(name: str, rows: list[dict[str, str]]) -> None:
    with (RECORDS / f"{name}.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()

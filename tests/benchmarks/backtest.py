"""What a back-test costs: `python -m tests.benchmarks.backtest [--documents N]`, from the root folder.

Decides N documents (10,000 unless told), each with an order of its own and every tenth a little too dear, then says
how long the back-test of a wider price tolerance over all of them takes. Nothing is kept.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from ingest.audit import audit_migrations
from ingest.database import migrate, open_database, transaction
from ingest.document import Document, Door, ReceivedFile, Source
from ingest.extraction import DocumentType, Extraction, FieldValue, LineItem, TaxLine
from ingest.schema import ingest_migrations
from ingest.store import DocumentStore
from matching.backtest import backtest
from matching.deciding import decide_document
from matching.policy import Policy
from matching.policy_values import changed
from matching.records import Customer, OrderLine, PurchaseOrder, Supplier
from matching.store import RecordStore, matching_migrations

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
SUPPLIERS = 100
WIDER = {
    "tolerance.price_percent": "5",
    "tolerance.price_amount": "10",
    "tolerance.total_percent": "5",
    "tolerance.total_amount": "10",
}


def pipe(n: int) -> Decimal:
    """A price of its own for each order: equal totals would be taken for twins."""
    return Decimal(900 + n) / 100


def records(documents: int) -> list[Supplier | Customer | PurchaseOrder]:
    """A hundred suppliers, one customer, an order of two lines a document."""
    suppliers = [
        Supplier(f"S-{n}", f"Firma Nummer{n} Werkzeuge GmbH", street=f"Weg {n}", city="Ulm", country="DE")
        for n in range(SUPPLIERS)
    ]
    customer = Customer("C-1", "Birkenfeld Anlagenbau AG", street="Am Tor 2", city="Kiel", country="DE")
    orders = [
        PurchaseOrder(
            f"PO-{n:06}",
            f"S-{n % SUPPLIERS}",
            (
                OrderLine("1", "Steel rod", Decimal(10), Decimal("4.00"), sku="SR-1", unit="H87"),
                OrderLine("2", "Copper pipe", Decimal(5), pipe(n), sku="CP-1", unit="H87"),
            ),
            "C-1",
            date(2026, 10, 1),
            "EUR",
            30,
        )
        for n in range(documents)
    ]
    return [*suppliers, customer, *orders]


def value(text: str) -> FieldValue:
    return FieldValue(text, text, 0.99, source=Source.TEXT)


def extraction(n: int) -> Extraction:
    """The invoice of one order; every tenth bills the rods ten cents dearer."""
    price = Decimal("4.10") if n % 10 == 0 else Decimal("4.00")
    net = price * 10 + pipe(n) * 5
    tax = net * 19 / 100
    supplier = n % SUPPLIERS
    fields = {
        "invoice_number": f"R-{n:06}",
        "issue_date": "2026-11-10",
        "currency": "EUR",
        "purchase_order": f"PO-{n:06}",
        "seller_name": f"Firma Nummer{supplier} Werkzeuge GmbH",
        "seller_address": f"Weg {supplier}, Ulm, DE",
        "buyer_name": "Birkenfeld Anlagenbau AG",
        "buyer_address": "Am Tor 2, Kiel, DE",
        "net_total": f"{net:.2f}",
        "tax_total": f"{tax:.2f}",
        "gross_total": f"{net + tax:.2f}",
    }
    rows = (
        ("Steel rod", "SR-1", "10", f"{price}", f"{price * 10:.2f}"),
        ("Copper pipe", "CP-1", "5", f"{pipe(n)}", f"{pipe(n) * 5:.2f}"),
    )
    names = ("description", "sku", "quantity", "unit_price", "line_total")
    return Extraction(
        document_type=FieldValue(DocumentType.INVOICE, confidence=0.99),
        fields={name: value(text) for name, text in fields.items()},
        line_items=tuple(
            LineItem(unit=value("H87"), **{k: value(v) for k, v in zip(names, row, strict=True)}) for row in rows
        ),
        tax_breakdown=(TaxLine(value("19"), value(f"{net:.2f}"), value(f"{tax:.2f}")),),
    )


def main() -> None:
    """Build, decide, replay."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--documents", type=int, default=10_000)
    many = parser.parse_args().documents
    with tempfile.TemporaryDirectory() as folder:
        db = open_database(Path(folder) / "bench.sqlite")
        migrate(db, (ingest_migrations, audit_migrations, matching_migrations))
        with transaction(db):
            RecordStore(db).put(records(many))
        began = time.perf_counter()
        for n in range(many):
            with transaction(db):
                content = f"document {n}".encode()
                sha256 = hashlib.sha256(content).hexdigest()
                document, _ = DocumentStore(db).add(ReceivedFile(f"{n}.pdf", content, Door.UPLOAD), sha256, NOW)
                read = Document(sha256, "application/pdf")
                DocumentStore(db).save_reading(document.id, read, extraction(n), "bench", NOW)
            decide_document(db, document.id, Policy(), NOW.date(), NOW)
        decided = time.perf_counter()
        found = backtest(db, Policy(), changed(Policy(), WIDER))
        took = time.perf_counter() - decided
        sys.stdout.write(f"{many} documents taken in and decided in {decided - began:.1f} s\n")
        sys.stdout.write(
            f"back-test (two replays): {took:.1f} s, {took / many / 2 * 1000:.2f} ms a decision; approved "
            f"{found.approved_before} -> {found.approved_after}, let through {dict(found.let_through)}\n"
        )
        db.close()


if __name__ == "__main__":
    main()

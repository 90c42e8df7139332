"""A small company for tests of the pages: its records, and documents that really are matched and decided."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date
from decimal import Decimal

from argon2 import PasswordHasher

from ingest.database import transaction
from ingest.document import IN_WORK, Box, Document, Door, Page, ReceivedFile, Source, Word
from ingest.extraction import DocumentType, Extraction, FieldValue, LineItem, TaxLine
from ingest.store import DocumentStore
from matching.deciding import decide_document
from matching.records import Customer, OrderLine, PurchaseOrder, Supplier
from matching.store import RecordStore
from web.services import Services
from web.store import Role, User, UserStore

PASSWORD = "correct horse battery"

SUPPLIER = Supplier(
    "S-1",
    "Harbour Metals Ltd",
    vat_id="GB980780684",
    street="1 Dock Road",
    postal_code="L3 4AA",
    city="Liverpool",
    country="GB",
    currency="GBP",
    payment_terms_days=30,
)
CUSTOMER = Customer(
    "C-1", "Northwind Trading Ltd", street="9 High Street", postal_code="M1 1AA", city="Manchester", country="GB"
)
ORDER = PurchaseOrder(
    "PO-7001",
    "S-1",
    (OrderLine("1", "Steel rod", Decimal(10), Decimal("4.00"), sku="SR-1", unit="H87", tax_rate=Decimal(20)),),
    "C-1",
    date(2026, 10, 1),
    "GBP",
    30,
)
PRINTED = ("Harbour Metals Ltd", "Invoice HM-1", "Order PO-7001", "Steel rod 10 5.00 50.00", "Total 60.00 GBP")


def add_users(services: Services) -> dict[Role, User]:
    """One user of each role, named like it; their hashes are cheap, so that tests need not wait for them."""
    users = UserStore(services.db, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    return {role: users.add(role.value, PASSWORD, role) for role in Role}


def add_records(services: Services) -> None:
    """Supplier, customer and order."""
    with transaction(services.db):
        RecordStore(services.db).put([SUPPLIER, CUSTOMER, ORDER])


def value(text: str, confidence: float = 0.99) -> FieldValue:
    """A value as it was read from the page."""
    return FieldValue(text, text, confidence, page=1, box=Box(10, 10, 60, 20), source=Source.TEXT)


def invoice(number: str = "HM-1", price: str = "5.00", order: str = "PO-7001") -> Extraction:
    """Ten steel rods, ordered at 4.00."""
    net = Decimal(price) * 10
    tax = net * Decimal("0.2")
    fields = {
        "invoice_number": number,
        "issue_date": "2026-11-03",
        "currency": "GBP",
        "purchase_order": order,
        "seller_name": SUPPLIER.name,
        "seller_vat_id": "GB980780684",
        "buyer_name": CUSTOMER.name,
        "buyer_address": "9 High Street, M1 1AA Manchester, GB",
        "net_total": f"{net:.2f}",
        "tax_total": f"{tax:.2f}",
        "gross_total": f"{net + tax:.2f}",
    }
    line = LineItem(
        line_number=value("1"),
        description=value("Steel rod"),
        sku=value("SR-1"),
        quantity=value("10"),
        unit=value("H87"),
        unit_price=value(price),
        tax_rate=value("20"),
        line_total=value(f"{net:.2f}"),
    )
    return Extraction(
        pages=1,
        language="en",
        document_type=FieldValue(DocumentType.INVOICE, confidence=0.99),
        fields={name: value(text) for name, text in fields.items()},
        line_items=(line,),
        tax_breakdown=(TaxLine(value("20"), value(f"{net:.2f}"), value(f"{tax:.2f}")),),
    )


def page() -> Page:
    """The page that the invoice is printed on, one word after the other."""
    words = []
    for row, text in enumerate(PRINTED):
        for place, word in enumerate(text.split()):
            words.append(Word(word, Box(40 + 80 * place, 40 + 20 * row, 110 + 80 * place, 52 + 20 * row)))
    return Page(1, 595, 842, tuple(words))


def add_document(services: Services, extraction: Extraction, name: str = "invoice.pdf") -> int:
    """Take a document in, as read, and have it decided: in one transaction, as a worker may be running beside us."""
    content = f"{name} {extraction.text('invoice_number')}".encode()
    with transaction(services.db):
        receipt = services.receive(ReceivedFile(name, content, Door.UPLOAD, "coordinator"))
        number, sha256 = receipt.document.id, receipt.document.sha256
        DocumentStore(services.db).save_reading(
            number,
            Document(sha256, "application/pdf", (page(),), 1),
            replace(extraction, sha256=sha256),
            "test",
            services.now(),
        )
        decide_document(services.db, number, services.policy, services.settings.current_day(), services.now())
    return number


def add_failed(services: Services, name: str = "locked.pdf") -> int:
    """A document that could not be read."""
    with transaction(services.db):
        receipt = services.receive(ReceivedFile(name, name.encode(), Door.FOLDER, f"inbox/{name}"))
        message = "The file is protected by a password. Ask the sender for an open copy."
        DocumentStore(services.db).fail(receipt.document.id, "encrypted", message, services.now())
    return receipt.document.id


def wait_for(services: Services, number: int) -> int:
    """Wait until the running worker has read and decided a document; answers its number."""
    deadline = time.monotonic() + 90
    while DocumentStore(services.db).get(number).state in IN_WORK:
        assert time.monotonic() < deadline, "the worker did not read the document"
        time.sleep(0.1)
    return number

"""A desk with the worked examples' records, on which invoices are laid as values."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path

import pytest
from sqlite_utils import Database

from ingest.audit import audit_migrations
from ingest.database import migrate, open_database, transaction
from ingest.document import Document, Door, ReceivedFile, Source, State
from ingest.extraction import Charge, DocumentType, Extraction, FieldValue, Finding, LineItem, TaxLine
from ingest.schema import ingest_migrations
from ingest.store import DocumentStore
from matching.deciding import decide_document
from matching.load_records import import_records
from matching.policy import Policy
from matching.records import RecordKind
from matching.results import Decision, MatchResult, Severity
from matching.store import MatchStore, matching_migrations

EXAMPLES = Path(__file__).parent / "examples"
TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

RECORD_FILES = {
    RecordKind.SUPPLIERS: "suppliers.csv",
    RecordKind.CUSTOMERS: "customers.csv",
    RecordKind.PURCHASE_ORDERS: "purchase_orders.csv",
    RecordKind.GOODS_RECEIPTS: "goods_receipts.csv",
}

KORNBLUM = {
    "seller_name": "Kornblum Verbindungstechnik GmbH",
    "seller_address": "Lenneufer 12, 58762 Altena, DE",
    "seller_vat_id": "DE320116410",
    "seller_iban": "DE17231167080501473727",
}
BIRKENFELD = {
    "buyer_name": "Birkenfeld Anlagenbau GmbH",
    "buyer_address": "Industriestraße 48, 34123 Kassel, DE",
    "buyer_vat_id": "DE373550376",
}
Rows = Sequence[Mapping[str, str]]
DOWELS: Mapping[str, str] = {
    "sku": "KV-D16",
    "description": "Schwerlastdübel 16 mm",
    "quantity": "10",
    "unit": "H87",
    "unit_price": "1.85",
    "tax_rate": "19",
}


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def value(text: str, confidence: float | None = 0.99, source: Source = Source.TEXT) -> FieldValue:
    return FieldValue(text, raw=text, confidence=confidence, source=source)


def invoice(
    *rows: Mapping[str, str],
    kind: DocumentType = DocumentType.INVOICE,
    charges: Sequence[tuple[str, str, str]] = (),
    confidence: Mapping[str, float] | None = None,
    warnings: Sequence[tuple[str, str]] = (),
    **fields: str | None,
) -> Extraction:
    """Kornblum bills ten dowels of the frame order, or what `rows` and `fields` say; None takes a field away.

    The sums follow from the rows unless `fields` states them.
    """
    items = [dict(row) for row in rows or (DOWELS,)]
    for row in items:
        if "line_total" not in row and "quantity" in row and "unit_price" in row:
            row["line_total"] = str(cents(Decimal(row["quantity"]) * Decimal(row["unit_price"])))
    items = [{name: text for name, text in row.items() if text} for row in items]
    net = sum((Decimal(row.get("line_total", "0")) for row in items), Decimal(0))
    net += sum((Decimal(amount) * (1 if sign == "charge" else -1) for sign, amount, _ in charges), Decimal(0))
    tax = cents(net * 19 / 100)
    stated: dict[str, str | None] = {
        "invoice_number": "RE-1",
        "issue_date": "2026-11-10",
        "currency": "EUR",
        "purchase_order": "4500026002",
        **KORNBLUM,
        **BIRKENFELD,
        "net_total": str(net),
        "tax_total": str(tax),
        "gross_total": str(net + tax),
        **fields,
    }
    doubts = confidence or {}
    return Extraction(
        document_type=value(kind),
        fields={name: value(text, doubts.get(name, 0.99)) for name, text in stated.items() if text is not None},
        line_items=tuple(
            LineItem(**{name: value(text, doubts.get(name, 0.99)) for name, text in row.items()}) for row in items
        ),
        tax_breakdown=(TaxLine(value("19"), value(str(net)), value(str(tax))),)
        if net and "tax_total" not in fields
        else (),
        charges=tuple(Charge(sign, value(amount), reason) for sign, amount, reason in charges),
        warnings=tuple(Finding(code, message) for code, message in warnings),
    )


def row(base: Mapping[str, str] = DOWELS, **changes: str) -> dict[str, str]:
    """A line like `base` but for some cells; an empty text takes a cell away."""
    return {**base, **changes}


@dataclass
class Desk:
    """Takes invoices in, reads nothing, decides them in the order in which they come."""

    db: Database
    policy: Policy = field(default_factory=Policy)
    count: int = 0
    origin: tuple[Door, str] = (Door.UPLOAD, "")
    """How the next documents come in."""

    def put(self, extraction: Extraction) -> int:
        """A document that was read as this extraction."""
        self.count += 1
        content = f"document {self.count}".encode()
        sha256 = hashlib.sha256(content).hexdigest()
        with transaction(self.db):
            documents = DocumentStore(self.db)
            document, _ = documents.add(ReceivedFile(f"{self.count}.pdf", content, *self.origin), sha256, NOW)
            documents.save_reading(document.id, Document(sha256, "application/pdf"), extraction, "test", NOW)
        return document.id

    def decide(self, extraction: Extraction) -> tuple[int, Decision]:
        document_id = self.put(extraction)
        return document_id, decide_document(self.db, document_id, self.policy, TODAY, NOW)

    def outcome(self, extraction: Extraction) -> tuple[str, set[str]]:
        """The verdict, and the codes that count."""
        document_id, decision = self.decide(extraction)
        return decision.verdict.value, self.codes(document_id)

    def match(self, document_id: int) -> MatchResult:
        found = MatchStore(self.db).match(document_id)
        assert found is not None
        return found

    def codes(self, document_id: int) -> set[str]:
        return {item.code for item in self.match(document_id).discrepancies if item.severity is not Severity.INFO}

    def state(self, document_id: int) -> State:
        return DocumentStore(self.db).get(document_id).state

    def version(self, document_id: int) -> int:
        return DocumentStore(self.db).get(document_id).version

    def under(self, **changes: object) -> Desk:
        """The same desk under another policy."""
        return Desk(self.db, replace(self.policy, **changes), self.count)  # type: ignore[arg-type]


@cache
def _made(filled: bool) -> Database:
    """Made once: each test has a copy."""
    db = open_database(None)
    migrate(db, (ingest_migrations, audit_migrations, matching_migrations))
    for kind, name in RECORD_FILES.items() if filled else ():
        import_records(db, kind, EXAMPLES / name)
    return db


def _copied(made: Database) -> Iterator[Database]:
    db = open_database(None)
    made.conn.backup(db.conn)
    yield db
    db.close()


@pytest.fixture
def empty_db() -> Iterator[Database]:
    """No records."""
    yield from _copied(_made(filled=False))


@pytest.fixture
def db() -> Iterator[Database]:
    """The records of the worked cases."""
    yield from _copied(_made(filled=True))


@pytest.fixture
def desk(db: Database) -> Desk:
    return Desk(db)

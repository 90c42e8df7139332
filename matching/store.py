"""The tables of the matching room; the stores in front of them are named for what they keep."""

from __future__ import annotations

from decimal import Decimal

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from ingest.serialise import from_json
from matching.ask_store import AskStore
from matching.ledger_store import LedgerStore, StoredReferences, number_keys
from matching.match_store import MatchStore, cash_discount
from matching.name_store import index_all
from matching.order_index import order_keys
from matching.record_store import RecordStore
from matching.records import PurchaseOrder
from matching.results import Discrepancy

__all__ = ["AskStore", "LedgerStore", "MatchStore", "RecordStore", "StoredReferences", "matching_migrations"]

matching_migrations = Migrations("matching")


@matching_migrations()
def create_records(db: Database) -> None:
    """Suppliers, customers, orders and receipts."""
    db.table("suppliers").create(
        {"supplier_id": str, "name": str, "content": str}, pk="supplier_id", not_null={"name", "content"}, strict=True
    )
    db.table("customers").create(
        {"customer_id": str, "name": str, "content": str}, pk="customer_id", not_null={"name", "content"}, strict=True
    )
    db.table("suppliers").create_index(["name"])
    db.table("customers").create_index(["name"])
    db.table("orders").create(
        {
            "po_number": str,
            "folded": str,
            "supplier_id": str,
            "customer_id": str,
            "status": str,
            "order_date": str,
            "content": str,
        },
        pk="po_number",
        not_null={"folded", "supplier_id", "status", "content"},
        foreign_keys=[("supplier_id", "suppliers", "supplier_id"), ("customer_id", "customers", "customer_id")],
        strict=True,
    )
    db.table("orders").create_index(["folded"])
    db.table("orders").create_index(["order_date", "po_number"])
    db.table("orders").create_index(["supplier_id", "status", "order_date"])
    db.execute(
        "CREATE TABLE receipts (po_number TEXT NOT NULL REFERENCES orders(po_number), line_number TEXT NOT NULL, "
        "delivery_note TEXT NOT NULL, receipt_date TEXT NOT NULL, quantity TEXT NOT NULL, "
        "PRIMARY KEY (po_number, line_number, delivery_note, receipt_date)) STRICT, WITHOUT ROWID"
    )


@matching_migrations()
def create_party_index(db: Database) -> None:
    """The keys and name trigrams by which suppliers and customers are found."""
    db.execute(
        "CREATE TABLE party_keys (party TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL, id TEXT NOT NULL, "
        "PRIMARY KEY (party, kind, key, id)) STRICT, WITHOUT ROWID"
    )
    db.table("party_keys").create_index(["party", "id"])
    for party in ("supplier", "customer"):
        db.execute(f"CREATE VIRTUAL TABLE {party}_names USING fts5(name, id UNINDEXED, tokenize='trigram')")
        db.execute(f"CREATE VIRTUAL TABLE {party}_grams USING fts5vocab({party}_names, 'row')")
        db.table(f"{party}_name_rows").create({"row": int, "id": str}, pk="row", strict=True)
        db.table(f"{party}_name_rows").create_index(["id"])


@matching_migrations()
def create_matches(db: Database) -> None:
    """What was matched and decided, and what the queue shows and searches of it."""
    db.table("matches").create(
        {
            "document_id": int,
            "decided_at": str,
            "received_on": str,
            "match": str,
            "decision": str,
            "discrepancies": str,
            "errors": int,
            "supplier_id": str,
            "supplier_name": str,
            "invoice_number": str,
            "issue_date": str,
            "due_date": str,
            "currency": str,
            "amount": str,
            "amount_order": float,
            "document_type": str,
            "search": str,
        },
        pk="document_id",
        foreign_keys=[("document_id", "documents", "id")],
        strict=True,
    )
    db.table("matches").create_index(["supplier_id"])
    db.execute(
        "CREATE TABLE match_codes (code TEXT NOT NULL, document_id INTEGER NOT NULL REFERENCES documents(id), "
        "counts INTEGER NOT NULL, PRIMARY KEY (code, document_id)) STRICT, WITHOUT ROWID"
    )
    db.table("match_codes").create_index(["document_id"])


@matching_migrations()
def create_ledger(db: Database) -> None:
    """Invoices for duplicates, and what they bill of which order line; whether that counts is the document's state."""
    db.table("ledger").create(
        {
            "document_id": int,
            "supplier_id": str,
            "number": str,
            "number_key": str,
            "credit": int,
            "issue_date": str,
            "total": str,
            "currency": str,
            "substance": str,
            "period_start": str,
            "period_end": str,
            "delivery_date": str,
            "delivery_note": str,
            "preceding": str,
            "preceding_key": str,
        },
        pk="document_id",
        foreign_keys=[("document_id", "documents", "id")],
        strict=True,
    )
    for column in ("number_key", "substance", "preceding_key"):
        db.table("ledger").create_index(["supplier_id", column])
    db.table("billed_lines").create(
        {"document_id": int, "po_number": str, "order_line": str, "quantity": str, "net": str},
        foreign_keys=[("document_id", "documents", "id")],
        strict=True,
    )
    db.table("billed_lines").create_index(["po_number"])
    db.table("billed_lines").create_index(["document_id"])
    db.execute(
        "CREATE TABLE not_duplicates (document_id INTEGER NOT NULL REFERENCES documents(id), "
        "other_id INTEGER NOT NULL REFERENCES documents(id), PRIMARY KEY (document_id, other_id)) STRICT, WITHOUT ROWID"
    )


@matching_migrations()
def create_reviews(db: Database) -> None:
    """What people corrected and decided, never changed afterwards."""
    for name in ("corrections", "review_decisions"):
        db.table(name).create(
            {"id": int, "document_id": int, "content": str},
            pk="id",
            not_null={"document_id", "content"},
            foreign_keys=[("document_id", "documents", "id")],
            strict=True,
        )
        db.table(name).create_index(["document_id"])


@matching_migrations()
def create_order_keys(db: Database) -> None:
    """What orders are found by beside their number: its digits, and the articles, prices and total of open ones."""
    db.execute(
        "CREATE TABLE order_keys (key INTEGER NOT NULL, po_number TEXT NOT NULL, "
        "PRIMARY KEY (key, po_number)) STRICT, WITHOUT ROWID"
    )
    for (content,) in db.execute("SELECT content FROM orders"):
        order = from_json(content, PurchaseOrder)
        db.conn.executemany(
            "INSERT INTO order_keys VALUES (?, ?)", [(key, order.po_number) for key in order_keys(order)]
        )


@matching_migrations()
def create_name_index(db: Database) -> None:
    """Names with posting lists of their trigrams, in place of full text; names at places; a count of imports."""
    for party in ("supplier", "customer"):
        for table in (f"{party}_grams", f"{party}_names", f"{party}_name_rows"):
            db.execute(f"DROP TABLE {table}")
    db.execute(
        "CREATE TABLE party_names (party TEXT NOT NULL, row INTEGER NOT NULL, id TEXT NOT NULL, form TEXT NOT NULL, "
        "postal_code TEXT, PRIMARY KEY (party, row)) STRICT, WITHOUT ROWID"
    )
    db.table("party_names").create_index(["party", "id"])
    db.table("party_names").create_index(["party", "postal_code"])
    db.execute(
        "CREATE TABLE name_postings (party TEXT NOT NULL, gram TEXT NOT NULL, names INTEGER NOT NULL, "
        "rows BLOB NOT NULL, PRIMARY KEY (party, gram)) STRICT"
    )
    db.execute("CREATE TABLE record_generation (number INTEGER NOT NULL) STRICT")
    db.execute("INSERT INTO record_generation VALUES (0)")
    for party in ("supplier", "customer"):
        index_all(db, party)


@matching_migrations()
def publish_orders_at_once(db: Database) -> None:
    """Rows of an import that is not finished are there, but not among `orders`, until its pending row is taken away."""
    db.execute(
        "CREATE TABLE pending_imports (batch INTEGER PRIMARY KEY AUTOINCREMENT, touched INTEGER NOT NULL) STRICT"
    )
    db.execute("ALTER TABLE orders RENAME TO order_rows")
    db.execute("ALTER TABLE order_rows ADD COLUMN batch INTEGER NOT NULL DEFAULT 0")
    db.execute(
        "CREATE VIEW orders AS SELECT po_number, folded, supplier_id, customer_id, status, order_date, content "
        "FROM order_rows WHERE batch NOT IN (SELECT batch FROM pending_imports)"
    )


@matching_migrations()
def create_number_forms(db: Database) -> None:
    """More forms of an invoice number by which its twin is found, and the days of issue."""
    for column in ("number_joined", "number_folded"):
        db.execute(f"ALTER TABLE ledger ADD COLUMN {column} TEXT")
    for document_id, number in db.execute("SELECT document_id, number FROM ledger").fetchall():
        db.table("ledger").update(document_id, number_keys(number))
    for column in ("number_joined", "number_folded", "issue_date"):
        db.table("ledger").create_index(["supplier_id", column])


@matching_migrations()
def create_supplier_accounts(db: Database) -> None:
    """Accounts of suppliers that one person proposed and another accepted or refused."""
    columns = {"id": int, "supplier_id": str, "account": str, "document_id": int, "state": str, "proposed_by": str}
    columns |= {"proposed_at": str, "note": str, "decided_by": str, "decided_at": str, "decision_note": str}
    db.table("supplier_accounts").create(columns, pk="id", strict=True)
    db.table("supplier_accounts").create_index(["supplier_id", "state"])


@matching_migrations()
def note_what_matches_were_made_under(db: Database) -> None:
    """Policy and records of each match, so that what waits is checked again when they change; earlier ones once."""
    db.execute("ALTER TABLE matches ADD COLUMN made_under TEXT NOT NULL DEFAULT ''")
    db.table("matches").create_index(["made_under"])


@matching_migrations()
def put_queue_columns_first(db: Database) -> None:
    """What the queue sorts by stands before the long texts, so that it is read without them; its search has an index.

    The index is of trigrams: a part of a number finds it.
    """
    last = ("discrepancies", "decision", "match")
    columns = [column.name for column in db.table("matches").columns]
    order = [name for name in columns if name not in last] + list(last)
    db.table("matches").transform(column_order=order)
    for column in ("due_date", "amount_order"):
        db.table("matches").create_index([column])
    db.execute("CREATE VIRTUAL TABLE match_texts USING fts5(text, tokenize = 'trigram')")
    db.execute("INSERT INTO match_texts (rowid, text) SELECT document_id, search FROM matches")


@matching_migrations()
def create_holds(db: Database) -> None:
    """What held documents wait for: a day, or goods receipts other than those of then."""
    db.table("holds").create(
        {"document_id": int, "until": str, "orders": str, "receipts": str},
        pk="document_id",
        not_null={"orders", "receipts"},
        foreign_keys=[("document_id", "documents", "id")],
        strict=True,
    )
    db.table("holds").create_index(["until"])


@matching_migrations()
def create_first_approvals(db: Database) -> None:
    """First approvals of documents that wait for a second person's."""
    db.table("first_approvals").create(
        {"document_id": int, "actor": str, "at": str, "reason": str, "stamp": str},
        pk="document_id",
        not_null={"actor", "at", "reason", "stamp"},
        foreign_keys=[("document_id", "documents", "id")],
        strict=True,
    )


@matching_migrations()
def add_cash_discounts(db: Database) -> None:
    """Until when a cash discount may be taken and what it comes to, of what still waits."""
    db.execute("ALTER TABLE matches ADD COLUMN discount_until TEXT")
    db.execute("ALTER TABLE matches ADD COLUMN discount TEXT")
    last = ("discrepancies", "decision", "match")
    columns = [column.name for column in db.table("matches").columns]
    db.table("matches").transform(column_order=[name for name in columns if name not in last] + list(last))
    waiting = "SELECT m.document_id, m.amount FROM matches m JOIN documents d ON d.id = m.document_id WHERE d.state IN "
    for document_id, amount in db.execute(f"{waiting} ('needs_review', 'on_hold')").fetchall():
        extraction = MatchStore(db).corrected_extraction(document_id)
        if extraction is not None:
            found = cash_discount(extraction, Decimal(amount) if amount else None)
            db.table("matches").update(document_id, found)


@matching_migrations()
def add_customers_of_matches(db: Database) -> None:
    """Whom a document is billed to, so that a customer's page finds what was ever billed to it."""
    db.execute("ALTER TABLE matches ADD COLUMN customer_id TEXT")
    db.execute("UPDATE matches SET customer_id = json_extract(match, '$.customer.id')")
    db.table("matches").create_index(["customer_id"])


@matching_migrations()
def index_days_of_goods(db: Database) -> None:
    """The latest goods receipts over all orders."""
    db.table("receipts").create_index(["receipt_date"])


@matching_migrations()
def create_asks(db: Database) -> None:
    """What each document asks, by cause, so that the queue by cause is counted without reading whole matches."""
    db.execute(
        "CREATE TABLE match_asks (document_id INTEGER NOT NULL REFERENCES documents(id), place INTEGER NOT NULL, "
        "cause TEXT NOT NULL, money TEXT, PRIMARY KEY (document_id, place)) STRICT, WITHOUT ROWID"
    )
    store, rows = AskStore(db), db.execute("SELECT document_id, discrepancies, supplier_name, currency FROM matches")
    while batch := rows.fetchmany(1000):
        for document_id, discrepancies, sender, currency in batch:
            found = from_json(discrepancies, tuple[Discrepancy, ...]) if discrepancies else ()
            store.save(document_id, found, sender or "", currency or "")

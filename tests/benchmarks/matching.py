"""What matching costs among a million orders: `python -m tests.benchmarks.matching [--small]`, from the root folder.

Builds synthetic records (100,000 suppliers, 20,000 customers, 1 million orders of three lines; `--small`: a fiftieth),
imports them as files, and matches documents against them: with the order's number, with a damaged one, with nothing
but a damaged name, and with no number but the order's content. Prints medians, p95, recall, the memory of a process
that matches, how much faster the name index is than rapidfuzz's WRatio over all names, and for the last import of a
million lines its time and the longest wait of a second process that matches and takes documents in meanwhile.

`--data DIR` keeps the database and uses it again. Everything is seeded; nothing is read from outside.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from statistics import median, quantiles

from rapidfuzz import fuzz, process
from sqlite_utils import Database

from ingest.audit import audit_migrations
from ingest.database import migrate, open_database, transaction
from ingest.document import Door, ReceivedFile, Source
from ingest.extraction import DocumentType, Extraction, FieldValue, LineItem
from ingest.schema import ingest_migrations
from ingest.store import DocumentStore
from matching.load_records import import_records
from matching.matcher import match
from matching.party_store import PartyStore
from matching.policy import Policy
from matching.records import PurchaseOrder, RecordKind
from matching.store import RecordStore, StoredReferences, matching_migrations
from tests.benchmarks.synthetic import SMALL, Scale, damaged, order_rows, party_rows, po_number, write

TODAY = date(2026, 11, 23)
SELF = (sys.executable, "-m", "tests.benchmarks.matching")
# ------------------------------------------------------------ building and importing


def opened(folder: Path) -> Database:
    db = open_database(folder / "bench.sqlite")
    migrate(db, (ingest_migrations, audit_migrations, matching_migrations))
    return db


def build(folder: Path, scale: Scale) -> dict[str, float]:
    """Import everything; the last third of the orders while a second process goes on working."""
    db = opened(folder)
    rng = random.Random(4)
    for kind, party, count in (
        (RecordKind.SUPPLIERS, "supplier", scale.suppliers),
        (RecordKind.CUSTOMERS, "customer", scale.customers),
    ):
        path = write(folder / f"{kind.value}.csv", party_rows(party, count, rng))
        seconds = timed(lambda kind=kind, path=path: import_records(db, kind, path))  # type: ignore[misc]
        _print(f"import of {count:,} {kind.value}: {seconds:.1f} s")
    third = scale.orders // 3
    told: dict[str, float] = {}
    for part in range(3):
        numbers = range(part * third, scale.orders if part == 2 else (part + 1) * third)
        path = write(folder / "orders.csv", order_rows(numbers, scale, part))
        if part < 2:
            seconds = timed(lambda path=path: import_records(db, RecordKind.PURCHASE_ORDERS, path))  # type: ignore[misc]
            _print(f"import of {3 * len(numbers):,} order lines, part {part + 1}: {seconds:.1f} s")
        else:
            told |= import_beside(folder, path, 3 * len(numbers), scale)
    db.close()
    return told


def import_beside(folder: Path, path: Path, lines: int, scale: Scale) -> dict[str, float]:
    """The import as its own process, as the command line has it, beside one that matches and takes in."""
    stop = folder / "stop"
    stop.unlink(missing_ok=True)
    other = subprocess.Popen([*SELF, "--beside", str(folder)], stdout=subprocess.PIPE, text=True)
    time.sleep(3)
    started = time.perf_counter()
    subprocess.run([*SELF, "--import", str(path), "--data", str(folder)], check=True)
    seconds = time.perf_counter() - started
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    stop.touch()
    out, _ = other.communicate()
    waits: dict[str, float] = json.loads(out)
    _print(f"import of {lines:,} order lines beside matching and receiving: {seconds:.1f} s (target: under 60 s)")
    _print(f"  of which CPU {spent.ru_utime + spent.ru_stime:.1f} s, memory {spent.ru_maxrss / 1024:.0f} MiB")
    _print(
        f"  meanwhile {waits['matches']} matches, median {waits['match_median']:.1f} ms, p95 {waits['match_p95']:.1f}"
    )
    _print(f"  meanwhile {waits['received']} documents taken in, longest wait {waits['longest_receive']:.2f} s")
    again = timed(lambda: subprocess.run([*SELF, "--import", str(path), "--data", str(folder)], check=True))
    _print(f"the same file again: {again:.1f} s")
    return waits


def beside(folder: Path) -> None:
    """Match and take in until told to stop."""
    db = opened(folder)
    rng = random.Random(9)
    orders = some_orders(db, 50, rng)
    documents = [numbered(db, order, rng) for order in orders]
    matches, receives = [], []
    while not (folder / "stop").exists():
        document = rng.choice(documents)
        matches.append(timed(lambda document=document: match_one(db, document)))  # type: ignore[misc]
        content = rng.randbytes(64)
        receives.append(timed(lambda content=content: receive(db, content)))  # type: ignore[misc]
        time.sleep(0.02)
    result = {
        "matches": len(matches),
        "match_median": 1000 * median(matches),
        "match_p95": 1000 * p95(matches),
        "received": len(receives),
        "longest_receive": max(receives),
    }
    _print(json.dumps(result))


def receive(db: Database, content: bytes) -> None:
    with transaction(db):
        file = ReceivedFile("x.pdf", content, Door.UPLOAD)
        DocumentStore(db).add(file, hashlib.sha256(content).hexdigest(), datetime.now(UTC))


# ------------------------------------------------------------ documents


def some_orders(db: Database, count: int, rng: random.Random, supplier: str | None = None) -> list[PurchaseOrder]:
    """Open orders, picked by chance; of one supplier where one is given."""
    store = RecordStore(db)
    if supplier:
        return list(store.open_orders(supplier))[:count]
    every = (store.order(po_number(rng.randrange(db_orders(db)))) for _ in range(20 * count))
    return [order for order in every if order and order.status == "open"][:count]


def db_orders(db: Database) -> int:
    return RecordStore(db).counts()["purchase-orders"]


def value(text: str) -> FieldValue:
    return FieldValue(text, raw=text, confidence=0.99, source=Source.TEXT)


def document(db: Database, order: PurchaseOrder, **changes: str | None) -> Extraction:
    """An invoice of a whole order."""
    supplier, customer = RecordStore(db).supplier(order.supplier_id), RecordStore(db).customer(order.customer_id or "")
    assert supplier and customer
    net = sum((line.net for line in order.lines), Decimal(0))
    tax = (net * 19 / 100).quantize(Decimal("0.01"))
    fields: dict[str, str | None] = {
        "invoice_number": f"R-{order.po_number}",
        "issue_date": "2026-11-10",
        "currency": "EUR",
        "purchase_order": order.po_number,
        "seller_name": supplier.name,
        "seller_address": f"{supplier.street}, {supplier.postal_code} {supplier.city}, DE",
        "seller_vat_id": supplier.vat_id,
        "seller_iban": supplier.iban[0],
        "buyer_name": customer.name,
        "buyer_address": f"{customer.street}, {customer.postal_code} {customer.city}, DE",
        "net_total": str(net),
        "tax_total": str(tax),
        "gross_total": str(net + tax),
        **changes,
    }
    items = tuple(
        LineItem(
            sku=value(line.sku or ""),
            description=value(line.description),
            quantity=value(str(line.quantity)),
            unit=value("H87"),
            unit_price=value(str(line.unit_price)),
            line_total=value(str(line.net)),
            tax_rate=value("19"),
        )
        for line in order.lines
    )
    stated = {name: value(text) for name, text in fields.items() if text}
    return Extraction(document_type=value(DocumentType.INVOICE), fields=stated, line_items=items)


def numbered(db: Database, order: PurchaseOrder, rng: random.Random) -> Extraction:
    return document(db, order)


def misnumbered(db: Database, order: PurchaseOrder, rng: random.Random) -> Extraction:
    number = order.po_number
    at = rng.randrange(4, len(number) - 1)
    return document(db, order, purchase_order=number[:at] + rng.choice("34679") + number[at + 1 :])


def misnamed(db: Database, order: PurchaseOrder, rng: random.Random) -> Extraction:
    supplier = RecordStore(db).supplier(order.supplier_id)
    assert supplier
    name = damaged(supplier.name, rng)
    return document(db, order, seller_name=name, seller_vat_id=None, seller_iban=None, purchase_order=None)


def unnumbered(db: Database, order: PurchaseOrder, rng: random.Random) -> Extraction:
    return document(db, order, purchase_order=None)


def match_one(db: Database, extraction: Extraction) -> object:
    return match(extraction, StoredReferences(db, 0), Policy(), TODAY)


# ------------------------------------------------------------ measuring


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def p95(values: list[float]) -> float:
    return quantiles(values, n=20)[-1] if len(values) > 1 else values[0]


def measure(folder: Path, scale: Scale) -> None:
    """Everything about matching, in a process that did nothing else."""
    db = opened(folder)
    rng = random.Random(8)
    orders = some_orders(db, scale.documents, rng)
    big = some_orders(db, scale.documents // 2, rng, supplier="S000000")
    first = timed(lambda: match_one(db, numbered(db, orders[0], rng)))
    _print(f"the first document after the start: {1000 * first:.0f} ms")
    kinds: tuple[
        tuple[str, Callable[[Database, PurchaseOrder, random.Random], Extraction], list[PurchaseOrder]], ...
    ] = (
        ("number printed", numbered, orders),
        ("number damaged", misnumbered, orders),
        ("only a damaged name, no number", misnamed, orders),
        ("no number: by content", unnumbered, orders),
        ("no number: by content, biggest supplier", unnumbered, big),
    )
    for label, make, chosen in kinds:
        documents = [make(db, order, rng) for order in chosen]
        spent = time.process_time()
        times = [timed(lambda each=each: match_one(db, each)) for each in documents]  # type: ignore[misc]
        spent = (time.process_time() - spent) / len(documents)
        hits = sum(_found(db, each, order) for each, order in zip(documents, chosen, strict=True))
        _print(
            f"{label}: median {1000 * median(times):.1f} ms, p95 {1000 * p95(times):.1f} ms, "
            f"CPU {1000 * spent:.1f} ms on average; "
            f"order listed first {hits} of {len(chosen)}"
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    _print(f"memory of the process at its peak: {peak:.0f} MiB (target: under 1,024)")
    measure_names(db, scale, rng)


def _found(db: Database, extraction: Extraction, order: PurchaseOrder) -> bool:
    found = match(extraction, StoredReferences(db, 0), Policy(), TODAY)
    named = [*found.purchase_orders, *found.order_candidates]
    return bool(named) and named[0].id == order.po_number


def measure_names(db: Database, scale: Scale, rng: random.Random) -> None:
    """Recall of damaged names, and the time against rapidfuzz over all."""
    known: dict[str, str] = dict(db.execute("SELECT supplier_id, name FROM suppliers").fetchall())
    sample = [(party, damaged(known[party], rng)) for party in rng.sample(sorted(known), scale.names)]
    store = PartyStore(db, "supplier")
    times, first, ten = [], 0, 0
    for party, printed in sample:
        started = time.perf_counter()
        found = store.named(printed)
        times.append(time.perf_counter() - started)
        first += found[:1] == [party]
        ten += party in found[:10]
    every = list(known.values())
    few = sample[:20]
    theirs = [timed(lambda n=name: process.extract(n, every, scorer=fuzz.WRatio, limit=10)) for _, name in few]  # type: ignore[misc]
    hits = sum(process.extractOne(name, known, scorer=fuzz.WRatio)[2] == party for party, name in few)
    _print(
        f"damaged names among {len(known):,}: recall@1 {first / len(sample):.3f} (target: 0.96), "
        f"recall@10 {ten / len(sample):.3f}, median {1000 * median(times):.2f} ms, p95 {1000 * p95(times):.2f} ms"
    )
    _print(
        f"rapidfuzz WRatio over all: median {1000 * median(theirs):.0f} ms, recall@1 {hits} of {len(few)}; "
        f"the index is {median(theirs) / median(times):.0f} times faster (target: 100)"
    )


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--small", action="store_true")
    arguments.add_argument("--data", type=Path)
    arguments.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    arguments.add_argument("--beside", type=Path, help=argparse.SUPPRESS)
    arguments.add_argument("--import", dest="file", type=Path, help=argparse.SUPPRESS)
    options = arguments.parse_args()
    scale = SMALL if options.small else Scale()
    if options.beside:
        beside(options.beside)
    elif options.file:
        import_records(opened(options.data), RecordKind.PURCHASE_ORDERS, options.file)
    elif options.measure:
        measure(options.measure, scale)
    else:
        with tempfile.TemporaryDirectory() as scratch:
            folder = options.data or Path(scratch)
            folder.mkdir(parents=True, exist_ok=True)
            if not (folder / "bench.sqlite").exists():
                build(folder, scale)
            small = ["--small"] if options.small else []
            subprocess.run([*SELF, *small, "--measure", str(folder)], check=True)


if __name__ == "__main__":
    main()

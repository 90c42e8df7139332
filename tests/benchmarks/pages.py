"""How fast the pages are with 100,000 documents: `python -m tests.benchmarks.pages [--count N] [--data DIR]`.

Reads and decides the samples once, multiplies their rows in the database (other numbers, days and amounts; 2 % wait
for a person, the rest is decided), serves them with the real server, and prints for each page the median and p95 of
its answer in milliseconds, and the medians of what a real browser needs to its first paint and until it is ready.
`--data DIR` keeps the folder and uses it again. The searches are for a sender, a number, a part of a number, an amount
and printed words.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

from argon2 import PasswordHasher
from playwright.sync_api import sync_playwright
from waitress.server import create_server

import samples
from ingest.database import transaction
from ingest.document import IN_WORK
from ingest.store import DocumentStore
from web.app import create_app
from web.demo import fill
from web.server import prepared
from web.services import Services, open_services
from web.settings import load_settings
from web.store import Role, UserStore
from web.worker import Worker

NAME, PASSWORD = "bench", "four plain words here"
WAITING = 50
"""One in so many waits for a person."""
ROUNDS = 12
VISITS = 5
"""Of a real browser to each page."""
FIRST_AND_READY = """() => new Promise((done) => {
  const tell = (paint) => done([paint.startTime, performance.getEntriesByType("navigation")[0].loadEventEnd]);
  new PerformanceObserver((seen) => setTimeout(() => tell(seen.getEntries()[0]), 50))
    .observe({ type: "paint", buffered: true });
})"""

PAGES = {
    "home": "/",
    "queue": "/queue",
    "queue, due soonest": "/queue?sort=due",
    "queue, largest amount": "/queue?sort=amount",
    "queue, one cause": "/queue?code=price_differs",
    "queue by cause": "/queue/causes",
    "approved": "/queue?tab=approved",
    "approved, last page": "/queue?tab=approved&page=1500",
    "approved, largest amount": "/queue?tab=approved&sort=amount",
    "search: sender": "/queue?tab=approved&text=kessler",
    "search: number": "/queue?tab=approved&text=RE-2026-04417-70007",
    "search: part of a number": "/queue?tab=approved&text=417-7000",
    "search: amount": "/queue?text=812.06",
    "search: printed words": "/queue?tab=approved&text=messschieber+digital",
    "search: what most say": "/queue?tab=approved&text=gmbh",
    "search: nothing found": "/queue?text=qqqqq",
    "document": "/documents/7",
    "inbox": "/inbox",
    "records: suppliers": "/records/suppliers",
    "records: orders": "/records/orders",
    "records: receipts": "/records/receipts",
    "export": "/export",
    "settings": "/settings",
}


def build(folder: Path, count: int) -> Services:
    """The samples, read and decided, so many times over."""
    services = open_services(replace(load_settings(folder), today=samples.TODAY))
    if DocumentStore(services.db).counts():
        return services
    UserStore(services.db, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)).add(NAME, PASSWORD, Role.ADMIN)
    fill(services)
    worker = Worker(services)
    worker.start()
    while any(DocumentStore(services.db).counts().get(state) for state in IN_WORK):
        time.sleep(0.5)
    worker.stop()
    _multiply(services, count)
    return services


def _multiply(services: Services, count: int) -> None:
    db, base = services.db, [row["id"] for row in services.db.query("SELECT id FROM documents ORDER BY id")]
    step, last = 10 * ((max(base) // 10) + 1), max(base)
    with transaction(db):
        for copy in range(1, count // len(base) + 1):
            offset = {"by": copy * step, "copy": f"-{copy:05}", "days": -(copy % 700), "last": last}
            db.execute(
                "INSERT INTO documents (id, sha256, name, door, origin, size, received_at, state, state_at, version, "
                "attempts, error_code, error_message, page_count, part, parts) SELECT id + :by, sha256 || :copy, "
                "name, door, origin, size, datetime(received_at, :days || ' days') || '+00:00', CASE WHEN state = "
                f"'needs_review' AND :by / {step} % {WAITING // 2} <> 0 THEN 'approved' ELSE state END, "
                "datetime(state_at, :days || ' days') || '+00:00', version, attempts, error_code, error_message, "
                "page_count, 1, 1 FROM documents WHERE id <= :last",
                offset,
            )
            for table in ("readings", "matches", "ledger"):
                columns = [column.name for column in db.table(table).columns if column.name != "document_id"]
                changed = [f"{name} || :copy" if name in ("invoice_number", "number") else name for name in columns]
                db.execute(
                    f"INSERT INTO {table} (document_id, {', '.join(columns)}) SELECT document_id + :by, "
                    f"{', '.join(changed)} FROM {table} WHERE document_id <= :last",
                    offset,
                )
            for table in ("reading_texts", "match_texts"):
                db.execute(
                    f"INSERT INTO {table} (rowid, text) SELECT rowid + :by, replace(text, '-04', '-04' || :copy) "
                    f"|| ' RE-2026-04417' || :copy FROM {table} WHERE rowid <= :last",
                    offset,
                )
            db.execute(
                "INSERT INTO match_asks SELECT document_id + :by, place, cause, money FROM match_asks "
                "WHERE document_id <= :last",
                offset,
            )
            db.execute(
                "INSERT INTO match_codes SELECT code, document_id + :by, counts FROM match_codes "
                "WHERE document_id <= :last",
                offset,
            )
            db.execute(
                "INSERT INTO deliveries (document_id, name, door, origin, received_at, seen_before) SELECT "
                "document_id + :by, name, door, origin, datetime(received_at, :days || ' days') || '+00:00', 0 "
                "FROM deliveries WHERE document_id <= :last",
                offset,
            )
    db.execute("ANALYZE")


@contextmanager
def serving(services: Services) -> Iterator[str]:
    """The real server on a free port."""
    # as `coordinator serve` does
    app = create_app(services)
    prepared(app)
    server = create_server(app, host="127.0.0.1", port=0, threads=4)
    threading.Thread(target=server.run, daemon=True).start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()


def answers(address: str) -> dict[str, list[float]]:
    """Milliseconds of each page's answer, all rounds."""
    visitor = build_opener(HTTPCookieProcessor())
    page = visitor.open(f"{address}/login").read().decode()
    token = page.split('name="csrf-token" content="')[1].split('"')[0]
    form = urlencode({"csrf": token, "name": NAME, "password": PASSWORD}).encode()
    visitor.open(f"{address}/login", form).read()
    found: dict[str, list[float]] = {}
    for name, path in PAGES.items():
        times = []
        for _ in range(ROUNDS):
            begun = time.perf_counter()
            visitor.open(address + path).read()
            times.append((time.perf_counter() - begun) * 1000)
        found[name] = times
    return found


def paints(address: str) -> dict[str, tuple[float, float]]:
    """Milliseconds to the first paint and until everything is loaded, in a browser that has the style sheets."""
    found = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("chromium-headless-shell"), args=["--no-sandbox"]
        )
        page = browser.new_page(base_url=address)
        page.goto("/login")
        page.fill("#name", NAME)
        page.fill("#password", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "/login" not in url)
        page.wait_for_load_state()
        for name, path in PAGES.items():
            seen = []
            for _ in range(VISITS):
                page.goto(path)
                seen.append(page.evaluate(FIRST_AND_READY))
            found[name] = (median(first for first, _ in seen), median(ready for _, ready in seen))
        browser.close()
    return found


def main() -> None:
    """Build, serve, measure, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--data", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        services = build(options.data or Path(scratch), options.count)
        documents = sum(DocumentStore(services.db).counts().values())
        with serving(services) as address:
            sys.stdout.write(f"{documents} documents; milliseconds\n")
            sys.stdout.write(f"{'page':28}{'median':>8}{'p95':>8}{'paint':>8}{'ready':>8}\n")
            times, painted = answers(address), paints(address)
            for name, each in times.items():
                first, ready = painted[name]
                p95 = quantiles(each, n=20)[-1]
                sys.stdout.write(f"{name:28}{median(each):8.0f}{p95:8.0f}{first:8.0f}{ready:8.0f}\n")
        services.close()


if __name__ == "__main__":
    main()

"""Documents stay readable when the records that they refer to are gone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from office import add_document, invoice
from visitor import Visitor

from ingest.database import transaction
from web.services import Services

Visit = Callable[..., Visitor]


@pytest.mark.parametrize("price", ["4.00", "9.00"])
def test_pages_and_exports_outlive_the_records(visit: Visit, services: Services, price: str) -> None:
    document_id = add_document(services, invoice("HM-2", price=price))
    before = visit("coordinator").get(f"/documents/{document_id}")
    assert "PO-7001" in before.text
    tab = "approved" if price == "4.00" else "review"
    services.db.execute("PRAGMA foreign_keys = OFF")
    with transaction(services.db):
        for table in ("receipts", "order_rows", "suppliers", "customers"):
            services.db.execute(f"DELETE FROM {table}")
    browser = visit("coordinator")
    page = browser.get(f"/documents/{document_id}")
    assert page.status_code == 200
    assert "PO-7001" in page.text
    assert "HM-2" in browser.get(f"/queue?tab={tab}").text
    assert browser.get("/records/orders").status_code == 200
    assert browser.get("/records/orders/PO-7001").status_code == 404
    export = browser.post("/export", format="csv", status="approved")
    assert ("HM-2" in export.text) == (price == "4.00")

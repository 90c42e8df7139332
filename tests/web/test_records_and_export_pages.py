"""Reference records, and files for the accounting system."""

from __future__ import annotations

from collections.abc import Callable

from office import add_document, invoice
from visitor import Visitor

from web.exporting import past_exports
from web.services import Services

Visit = Callable[..., Visitor]


def test_records_can_be_looked_up(visit: Visit) -> None:
    browser = visit("viewer")
    assert browser.get("/records").location == "/records/orders"
    assert "PO-7001" in browser.get("/records/orders?text=7001").text
    assert "Nothing fits" in browser.get("/records/orders?text=8888").text
    assert "Harbour Metals Ltd" in browser.get("/records/suppliers?text=harb").text
    assert "Northwind Trading Ltd" in browser.get("/records/customers").text


def test_an_order_shows_how_much_of_each_line_is_billed(visit: Visit, services: Services) -> None:
    add_document(services, invoice("HM-2", price="4.00"))
    page = visit("viewer").get("/records/orders/PO-7001").text
    assert "Steel rod" in page
    assert '<meter min="0" max="10" value="10"' in page
    assert "Harbour Metals Ltd" in page


def test_approved_documents_are_exported_once_and_listed(visit: Visit, services: Services) -> None:
    add_document(services, invoice("HM-2", price="4.00"))
    browser = visit("coordinator")
    response = browser.post("/export", format="csv", status="approved")
    assert response.status_code == 200
    assert response.mimetype == "text/csv"
    assert "HM-2" in response.text
    name = past_exports(services)[0].name
    assert response.headers["Content-Disposition"] == f"attachment; filename={name}"
    assert name in browser.get("/export").text
    assert "nothing to export" in browser.post("/export", format="csv", status="approved").text
    again = browser.post("/export", format="json", status="approved", again="yes")
    assert again.mimetype == "application/json"
    assert [export.actor for export in past_exports(services)] == ["coordinator", "coordinator"]


def test_wrong_dates_and_formats_are_explained(visit: Visit) -> None:
    browser = visit("coordinator")
    assert browser.post("/export", format="csv", since="yesterday").status_code == 422
    turned = browser.post("/export", format="csv", since="2026-11-20", until="2026-11-01")
    assert "Exchange the two dates" in turned.text
    assert browser.post("/export", format="stone tablet").status_code == 400

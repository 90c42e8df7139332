"""Reference records, and files for the accounting system."""

from __future__ import annotations

import io
from collections.abc import Callable

from office import add_document, invoice
from visitor import Visitor
from werkzeug.test import TestResponse

from matching.store import RecordStore
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


def test_a_supplier_has_a_page_with_what_was_billed(visit: Visit, services: Services) -> None:
    number = add_document(services, invoice("HM-2", price="4.00"))
    browser = visit("viewer")
    page = browser.get("/records/suppliers/S-1").text
    assert "1 Dock Road, L3 4AA Liverpool, GB" in page
    assert f'href="/documents/{number}">HM-2' in page
    assert "Northwind Trading Ltd" in browser.get("/records/customers/C-1").text
    assert f'href="/documents/{number}">HM-2' in browser.get("/records/orders/PO-7001").text
    assert browser.get("/records/suppliers/S-99").status_code == 404


def upload(browser: Visitor, kind: str, name: str, content: bytes) -> TestResponse:
    browser.get("/records/import")
    return browser.client.post(
        "/records/import", data={"csrf": browser.token, "kind": kind, "file": (io.BytesIO(content), name)}
    )


def test_a_file_of_records_is_imported_whole_or_told_row_by_row(visit: Visit, services: Services) -> None:
    browser = visit("admin")
    good = b"supplier_id,name,country\nS-7,Fell & Sons,GB\nS-8,Grau GmbH,DE\n"
    answer = upload(browser, "suppliers", "../new suppliers.csv", good)
    assert "Suppliers: 2 new, 0 changed, 0 as they were" in answer.text
    assert "Fell &amp; Sons" in browser.get("/records/suppliers").text
    past = browser.get("/records/import").text
    assert "from new_suppliers.csv: 2 new" in past
    assert ">admin<" in past

    bad = b"supplier_id,name,country\nS-9,,GB\nS-10,Good Ltd,Nowhere\n"
    answer = upload(browser, "suppliers", "bad.csv", bad)
    assert answer.status_code == 422
    assert "Nothing was imported" in answer.text
    assert '<td class="num">2</td><td>name</td>' in answer.text
    assert '<td class="num">3</td><td>country</td>' in answer.text
    assert RecordStore(services.db).supplier("S-10") is None
    assert upload(browser, "suppliers", "picture.xlsx", b"no spreadsheet").status_code == 422
    assert upload(browser, "nonsense", "good.csv", good).status_code == 422


def test_only_an_administrator_imports(visit: Visit) -> None:
    for role in ("viewer", "coordinator", "approver"):
        browser = visit(role)
        assert browser.get("/records/import").status_code == 403
        assert "Import a file" not in browser.get("/records/suppliers").text


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

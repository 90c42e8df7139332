"""Orders made and changed by hand, goods written down, and waiting documents checked again for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from html import escape

from office import ORDER, add_document, invoice
from visitor import Visitor

from ingest.audit import latest_of
from matching.edit_records import stamp
from matching.order_index import order_keys
from matching.store import MatchStore, RecordStore
from web.services import Services
from web.worker import Worker

Visit = Callable[..., Visitor]
HEAD = {"po_number": "PO-8", "supplier_id": "S-1", "order_date": "2026-11-02", "currency": "GBP", "status": "open"}


def lines(*rows: tuple[str, str, str, str]) -> dict[str, list[str]]:
    """The form's columns; a row is number, description, quantity and price."""
    cells = {"line_number": 0, "description": 1, "quantity": 2, "unit_price": 3}
    made = {name: [row[place] for row in rows] for name, place in cells.items()}
    return made | {name: [""] * len(rows) for name in ("sku", "unit", "price_base", "tax_rate")}


def test_an_order_is_put_on_file_and_what_waits_for_it_is_checked_again(visit: Visit, services: Services) -> None:
    number = add_document(services, invoice(order="PO-8"))
    browser = visit("approver")
    rows = lines(("1", "Steel rod", "1,000", "5.00"), ("", "", "", ""))
    answer = browser.post("/orders/save", **HEAD, **rows, seen="")
    assert (answer.status_code, answer.location) == (303, "/records/orders/PO-8")
    order = RecordStore(services.db).order("PO-8")
    assert order is not None
    assert [(line.quantity, line.unit_price) for line in order.lines] == [(Decimal(1000), Decimal("5.00"))]
    while Worker(services).decide_next():
        pass
    match = MatchStore(services.db).match(number)
    assert match is not None
    assert [one.id for one in match.purchase_orders] == ["PO-8"]
    told = latest_of(services.db, "record_made", 1)[0]
    assert (told.actor, told.details["kind"], told.details["number"]) == ("approver", "purchase-orders", "PO-8")


def test_a_line_is_changed_and_another_one_added(visit: Visit, services: Services) -> None:
    browser = visit("approver")
    form = browser.get("/orders/edit/PO-7001").text
    assert 'value="Steel rod"' in form
    assert 'value="4.00"' in form
    seen = stamp(RecordStore(services.db).order("PO-7001"))
    head = {**HEAD, "po_number": "PO-7001", "customer_id": "C-1"}
    rows = lines(("1", "Steel rod", "10", "4.50"), ("2", "Freight", "1", "20"))
    assert browser.post("/orders/save", **head, **rows, seen=seen).status_code == 303
    order = RecordStore(services.db).order("PO-7001")
    assert order is not None
    assert [(line.line_number, line.unit_price) for line in order.lines] == [("1", Decimal("4.50")), ("2", Decimal(20))]
    changes = latest_of(services.db, "record_changed", 1)[0].details["changes"]
    assert "1: unit_price: 4.00 \u2192 4.50" in changes
    stale = browser.post("/orders/save", **head, **rows, seen=seen)
    assert stale.status_code == 409


def test_what_no_order_may_have_is_told_and_nothing_is_written(visit: Visit, services: Services) -> None:
    browser = visit("approver")
    wrong = browser.post("/orders/save", **HEAD, **lines(("1", "Rod", "none", "5")), seen="")
    assert wrong.status_code == 400
    assert "quantity (1)" in wrong.text
    lost = browser.post("/orders/save", **{**HEAD, "supplier_id": "S-99"}, **lines(("1", "Rod", "1", "5")), seen="")
    assert "There is no supplier S-99 on file" in lost.text
    assert RecordStore(services.db).order("PO-8") is None


def test_goods_are_written_down_once(visit: Visit, services: Services) -> None:
    browser = visit("approver")
    form = {"day": "2026-11-20", "note": "DN-5", "quantity-1": "6"}
    assert browser.post("/orders/receive/PO-7001", **form).status_code == 303
    assert browser.post("/orders/receive/PO-7001", **form).status_code == 400
    assert browser.post("/orders/receive/PO-7001", **{**form, "note": "DN-6", "quantity-9": "1"}).status_code == 404
    assert browser.post("/orders/receive/PO-7001", day="", note="", **{"quantity-1": "1"}).status_code == 400
    page = browser.get("/records/orders/PO-7001").text
    assert "DN-5" in page
    assert [one.quantity for one in RecordStore(services.db).receipts("PO-7001")] == [Decimal(6)]
    assert latest_of(services.db, "goods_received", 1)[0].details["changes"] == "1: 6"
    assert "Write down" not in visit("coordinator").get("/records/orders/PO-7001").text


def test_a_customers_page_shows_what_was_billed_to_it(visit: Visit, services: Services) -> None:
    add_document(services, invoice("HM-77"))
    other = invoice("HM-78")
    fields = {name: one for name, one in other.fields.items() if not name.startswith("buyer")}
    add_document(services, replace(other, fields=fields), "nobody.pdf")
    page = visit("viewer").get("/records/customers/C-1").text
    assert "HM-77" in page
    assert "<td>Harbour Metals Ltd</td>" in page
    assert ORDER.customer_id == "C-1"


def test_a_receipt_is_put_right_and_taken_away(visit: Visit, services: Services) -> None:
    browser = visit("approver")
    browser.post("/orders/receive/PO-7001", day="2026-11-20", note="DN-5", **{"quantity-1": "6"})
    browser.post("/orders/receive/PO-7001", day="2026-11-21", note="DN-6", **{"quantity-1": "1"})
    listed = browser.get("/records/receipts").text
    assert listed.index("DN-6") < listed.index("DN-5")
    assert "Harbour Metals Ltd" in listed
    assert "DN-5" not in browser.get("/records/receipts?text=dn-6").text
    address = "/orders/receipt/PO-7001"
    assert 'value="6"' in browser.get(f"{address}?line=1&note=DN-5&day=2026-11-20").text
    seen = {"line": "1", "seen": "6", "seen_note": "DN-5", "seen_day": "2026-11-20"}
    taken = browser.post(address, **seen, quantity="4", day="2026-11-21", note="DN-6", step="save")
    assert taken.status_code == 400  # another receipt has this note and day
    assert browser.post(address, **seen, quantity="many", day="2026-11-20", note="DN-5", step="save").status_code == 400
    assert browser.post(address, **seen, quantity="", day="2026-11-20", note="DN-5", step="save").status_code == 422
    before = MatchStore(services.db).made_under("")
    assert browser.post(address, **seen, quantity="4.5", day="2026-11-20", note="DN-7", step="save").status_code == 303
    assert MatchStore(services.db).made_under("") != before  # what waits is checked again
    receipts = RecordStore(services.db).receipts("PO-7001")
    assert [(one.delivery_note, one.quantity) for one in receipts] == [("DN-7", Decimal("4.5")), ("DN-6", Decimal(1))]
    told = latest_of(services.db, "receipt_changed", 1)[0]
    assert (told.actor, told.details["number"]) == ("approver", "PO-7001")
    assert "quantity: 6 \u2192 4.5" in told.details["changes"]
    assert browser.post(address, **seen, quantity="5", day="", note="", step="save").status_code == 404
    gone = {"line": "1", "seen": "1", "seen_note": "DN-6", "seen_day": "2026-11-21"}
    stale = browser.post(address, **{**gone, "seen": "2"}, quantity="1", step="remove")
    assert stale.status_code == 409
    assert browser.post(address, **gone, quantity="1", step="remove").status_code == 303
    assert [one.delivery_note for one in RecordStore(services.db).receipts("PO-7001")] == ["DN-7"]
    assert latest_of(services.db, "receipt_removed", 1)[0].details["changes"] == "1: 1"
    assert "Change" not in visit("coordinator").get("/records/receipts").text.split("<main")[1]


def test_a_line_is_taken_away_while_nothing_rests_on_it(visit: Visit, services: Services) -> None:
    browser = visit("approver")
    store = RecordStore(services.db)
    head = {**HEAD, "po_number": "PO-7001", "customer_id": "C-1"}
    rows = lines(("1", "Steel rod", "10", "4.00"), ("2", "Freight", "1", "20"))
    browser.post("/orders/save", **head, **rows, seen=stamp(store.order("PO-7001")))
    assert 'name="remove" value="2"' in browser.get("/orders/edit/PO-7001").text
    browser.post("/orders/receive/PO-7001", day="2026-11-20", note="DN-5", **{"quantity-1": "6"})
    used = browser.post("/orders/save", **head, **rows, seen=stamp(store.order("PO-7001")), remove=["1", "2"])
    assert used.status_code == 400
    assert "Goods came in for line 1" in used.text
    answer = browser.post("/orders/save", **head, **rows, seen=stamp(store.order("PO-7001")), remove=["2"])
    assert answer.status_code == 303
    order = store.order("PO-7001")
    assert order is not None
    assert [line.line_number for line in order.lines] == ["1"]
    assert latest_of(services.db, "record_changed", 1)[0].details["changes"] == "2: \u2212"
    keys = {row[0] for row in services.db.execute("SELECT key FROM order_keys WHERE po_number = 'PO-7001'")}
    assert keys == order_keys(order)


def test_a_supplier_or_customer_is_found_by_a_part_of_the_name(visit: Visit, services: Services) -> None:
    browser, store = visit("approver"), RecordStore(services.db)
    supplier, customer = store.supplier("S-1"), store.customer("C-1")
    assert supplier is not None
    assert customer is not None
    part = supplier.name.split()[0].lower()
    assert f'<option value="S-1">{escape(supplier.name)}' in browser.get(f"/orders/choices?supplier_id={part}").text
    assert f'<option value="C-1">{escape(customer.name)}' in browser.get("/orders/choices?customer_id=c-1").text
    assert "<option" not in browser.get("/orders/choices?supplier_id=").text
    assert "<option" not in browser.get("/orders/choices?supplier_id=nobody+of+this+name").text

"""Suppliers and customers made and changed by hand: by the rules of imports, accounts left alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from office import SUPPLIER, add_document, invoice, value
from visitor import Visitor

from ingest.audit import latest_of
from ingest.database import transaction
from ingest.document import State
from ingest.store import DocumentStore
from matching.store import MatchStore, RecordStore
from web.services import Services
from web.worker import Worker

Visit = Callable[..., Visitor]


def form(page: str) -> dict[str, str]:
    """What a page's form would send."""
    sent = dict(re.findall(r'<input[^>]* name="(\w+)" value="([^"]*)"', page.split('id="record"')[1]))
    return {name: text for name, text in sent.items() if name != "csrf"}


def stranger() -> object:
    extraction = invoice(price="4.00")
    printed = {
        "seller_name": "Pennine Castings Ltd",
        "seller_vat_id": "GB339072747",
        "seller_address": "4 Mill Lane, OL1 2AB Oldham, GB",
        "seller_iban": "GB33BUKB20201555555555",
    }
    return replace(extraction, fields={**extraction.fields, **{name: value(text) for name, text in printed.items()}})


def test_a_supplier_is_made_from_an_invoice_without_its_account(visit: Visit, services: Services) -> None:
    browser = visit("approver")
    number = add_document(services, stranger())  # type: ignore[arg-type]
    assert "New supplier from this invoice" in browser.get(f"/documents/{number}").text
    sent = form(browser.get(f"/records/new/suppliers?document={number}").text)
    assert (sent["name"], sent["postal_code"], sent["city"]) == ("Pennine Castings Ltd", "OL1 2AB", "Oldham")
    answer = browser.post("/records/write/suppliers", **{**sent, "supplier_id": "S-50"})
    assert answer.location == f"/documents/{number}"
    made = RecordStore(services.db).supplier("S-50")
    assert made is not None
    assert (made.vat_id, made.country, made.iban) == ("GB339072747", "GB", ())
    entry = latest_of(services.db, "record_made", 1)[0]
    assert (entry.actor, entry.details["number"]) == ("approver", "S-50")

    worker = Worker(services)
    while worker.decide_next():
        pass
    match = MatchStore(services.db).match(number)
    assert match is not None
    assert match.supplier is not None
    assert match.supplier.id == "S-50"
    # the order is another supplier's: making a record passes nothing
    assert DocumentStore(services.db).get(number).state is State.NEEDS_REVIEW


def test_a_change_keeps_accounts_and_is_told(visit: Visit, services: Services) -> None:
    browser = visit("approver")
    with transaction(services.db):
        RecordStore(services.db).put([replace(SUPPLIER, iban=("GB33BUKB20201555555555",))])
    sent = form(browser.get("/records/edit/suppliers/S-1?alias=Harbour+Steel").text)
    assert sent["aliases"] == "Harbour Steel"
    browser.post("/records/write/suppliers", **{**sent, "iban": "DE89370400440532013000", "status": "active"})
    changed = RecordStore(services.db).supplier("S-1")
    assert changed == replace(SUPPLIER, iban=("GB33BUKB20201555555555",), aliases=("Harbour Steel",))
    assert latest_of(services.db, "record_changed", 1)[0].details["changes"] == "aliases:  \u2192 Harbour Steel"

    stale = browser.post("/records/write/suppliers", **{**sent, "name": "Other Ltd"})
    assert stale.status_code == 409
    assert "changed by someone else" in stale.text


def test_wrong_cells_are_told_and_nothing_is_written(visit: Visit, services: Services) -> None:
    browser = visit("approver")
    browser.get("/records/new/customers")
    answer = browser.post("/records/write/customers", customer_id="C-9", name="", country="Nowhere", seen="")
    assert answer.status_code == 400
    assert re.search(r"Nothing was written. name: .+; country: .+", answer.text)
    assert RecordStore(services.db).customer("C-9") is None
    taken = browser.post("/records/write/customers", customer_id="C-1", name="Again", seen="")
    assert taken.status_code == 409
    assert "There is a record C-1 already" in taken.text

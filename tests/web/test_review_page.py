"""Reviewing one document: seeing, correcting, deciding."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from office import SUPPLIER, add_document, add_failed, invoice, value
from visitor import Visitor
from werkzeug.test import TestResponse

import samples
from ingest.audit import trail
from ingest.document import Door, ReceivedFile, State
from ingest.extraction import Extraction, Finding, Rival
from ingest.store import DocumentStore
from matching.queue import QueueFilter
from matching.store import MatchStore
from web.beside import beside_supplier
from web.services import Services
from web.worker import Worker

Visit = Callable[..., Visitor]


@pytest.fixture
def dear(app: object, services: Services) -> int:
    """An invoice that bills 5.00 where 4.00 was agreed."""
    return add_document(services, invoice())


def version(services: Services, number: int) -> int:
    return DocumentStore(services.db).get(number).version


def state(services: Services, number: int) -> State:
    return DocumentStore(services.db).get(number).state


def correct(browser: Visitor, services: Services, number: int, field: str, text: str, **more: object) -> TestResponse:
    fields = {"version": version(services, number), "field": field, "value": text, **more}
    return browser.post(f"/documents/{number}/correct", htmx=True, **fields)


def decide(browser: Visitor, services: Services, number: int, step: str, reason: str = "") -> TestResponse:
    fields = {"version": version(services, number), "step": step, "reason": reason}
    return browser.post(f"/documents/{number}/decide", **fields)


def test_the_page_sets_expected_against_found(visit: Visit, services: Services, dear: int) -> None:
    page = visit("coordinator").get(f"/documents/{dear}").text
    assert "Price differs" in page
    assert "<dt>Expected</dt><dd>4.00</dd>" in page
    assert "<dt>Found</dt><dd>5.00</dd>" in page
    assert "10.00\u00a0GBP" in page
    assert "Order PO-7001" in page
    assert "billed so far <b>0</b>" in page
    assert "vat id equal" in page


def test_what_reading_noticed_stands_in_the_history(visit: Visit, services: Services) -> None:
    noticed = Finding("page_left_out", "Page 2 was left out and has an invoice number of its own, HM-9.")
    number = add_document(services, replace(invoice("HM-8"), warnings=(noticed,)))
    assert "Page 2 was left out" in visit("viewer").get(f"/documents/{number}").text


def test_a_correction_is_checked_at_once_and_kept(visit: Visit, services: Services, dear: int) -> None:
    browser = visit("coordinator")
    browser.get(f"/documents/{dear}")
    for path, text in (("line_items/1/unit_price", "4.00"), ("line_items/1/line_total", "40.00")):
        assert correct(browser, services, dear, path, text).status_code == 200
    response = correct(browser, services, dear, "net_total", "40.00")
    assert "Price differs" not in response.text
    assert "<html" not in response.text
    assert f'data-version="{version(services, dear)}"' in response.text
    corrected = MatchStore(services.db).corrected_extraction(dear)
    assert corrected and corrected.text("net_total") == "40.00"
    assert "Net total set from \u201c50.00\u201d to \u201c40.00\u201d" in response.text


@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        ("gross_total", "1,060.50", "1060.50"),
        ("issue_date", "4 Nov 2026", "2026-11-04"),
        ("issue_date", "04/11/2026", "2026-11-04"),
        ("currency", "eur", "EUR"),
        ("invoice_number", "  HM-77 ", "HM-77"),
        ("document_type", "credit_note", "credit_note"),
        ("line_items/1/quantity", "12.5", "12.5"),
        ("line_items/2/description", "Freight", "Freight"),
        ("delivery_note", "", ""),
    ],
)
def test_what_is_typed_becomes_the_contracts_value(
    visit: Visit, services: Services, dear: int, field: str, typed: str, kept: str
) -> None:
    assert correct(visit("coordinator"), services, dear, field, typed).status_code == 200
    assert MatchStore(services.db).corrections(dear)[-1].value == kept


def test_typed_numbers_are_read_as_the_typist_writes_them(visit: Visit, services: Services, dear: int) -> None:
    german = {"Accept-Language": "de"}
    fields = {"version": version(services, dear), "field": "gross_total", "value": "1.060,50"}
    response = visit("coordinator").post(f"/documents/{dear}/correct", htmx=True, headers=german, **fields)
    assert response.status_code == 200
    assert MatchStore(services.db).corrections(dear)[-1].value == "1060.50"
    assert 'value="1.060,50"' in response.text


def test_clicked_words_are_kept_with_their_place(visit: Visit, services: Services, dear: int) -> None:
    picked = [
        {"text": "PO", "page": 1, "box": [10, 20, 30, 40]},
        {"text": "7001", "page": 1, "box": [32, 20, 60, 40]},
    ]
    response = correct(visit("coordinator"), services, dear, "purchase_order", "PO 7001", picked=json.dumps(picked))
    assert response.status_code == 200
    kept = MatchStore(services.db).corrections(dear)[-1]
    assert (kept.value, [word.text for word in kept.words], kept.actor) == ("PO 7001", ["PO", "7001"], "coordinator")
    assert 'data-box="[10.0, 20.0, 60.0, 40.0]"' in response.text


@pytest.mark.parametrize(
    ("field", "text", "picked", "told"),
    [
        ("issue_date", "rubbish", "", "cannot be taken as invoice date"),
        ("gross_total", "many", "", "cannot be taken as total with tax"),
        ("document_type", "poem", "", "no kind of document"),
        ("no_such_field", "x", "", "no value named"),
        ("line_items/9/quantity", "1", "", "no value named"),
        ("line_items/1/no_cell", "1", "", "no value named"),
        ("line_items/9", "", "", "no row 9"),
        ("currency", "EUR", "{broken", "Click them again"),
        ("currency", "EUR", '[{"text": "EUR"}]', "Click them again"),
    ],
)
def test_what_cannot_be_taken_is_explained_and_changes_nothing(
    visit: Visit, services: Services, dear: int, field: str, text: str, picked: str, told: str
) -> None:
    response = correct(visit("coordinator"), services, dear, field, text, picked=picked)
    assert response.status_code == 422
    assert told in response.text
    assert MatchStore(services.db).corrections(dear) == ()


def test_a_line_can_be_removed(visit: Visit, services: Services, dear: int) -> None:
    assert correct(visit("coordinator"), services, dear, "line_items/1", "").status_code == 200
    corrected = MatchStore(services.db).corrected_extraction(dear)
    assert corrected and corrected.line_items == ()


def test_the_second_of_two_people_is_told_and_nothing_is_overwritten(
    visit: Visit, services: Services, dear: int
) -> None:
    first, second = visit("coordinator"), visit("approver")
    seen = version(services, dear)
    assert correct(first, services, dear, "buyer_reference", "first").status_code == 200
    first.post(f"/documents/{dear}/presence", leaving="yes")
    late = second.post(f"/documents/{dear}/correct", htmx=True, version=seen, field="buyer_reference", value="second")
    assert late.status_code == 409
    assert late.headers["HX-Retarget"] == "#problem"
    assert "changed by someone else" in late.text
    late = second.post(f"/documents/{dear}/decide", version=seen, step="reject", reason="my long reason")
    assert late.status_code == 409
    assert "my long reason" in late.text
    corrected = MatchStore(services.db).corrected_extraction(dear)
    assert corrected and corrected.text("buyer_reference") == "first"
    assert state(services, dear) is State.NEEDS_REVIEW


def test_of_two_decisions_at_the_same_moment_one_counts(visit: Visit, services: Services, dear: int) -> None:
    browsers, seen = [visit("coordinator"), visit("approver")], version(services, dear)
    statuses: list[int] = []
    barrier = threading.Barrier(2)

    def reject(browser: Visitor) -> None:
        barrier.wait()
        response = browser.post(f"/documents/{dear}/decide", version=seen, step="reject", reason="no")
        statuses.append(response.status_code)
        services.close()

    threads = [threading.Thread(target=reject, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [303, 409]
    assert [entry.action for entry in trail(services.db, dear)].count("reject") == 1


def test_the_queue_goes_on_though_its_document_is_decided_while_it_is_asked(
    visit: Visit, services: Services, dear: int
) -> None:
    other, seen, asked = visit("approver"), version(services, dear), []

    def reject() -> None:
        other.post(f"/documents/{dear}/decide", version=seen, step="reject", reason="no")
        services.close()

    def on_statement(statement: str) -> None:
        asked.append(statement)
        if len(asked) == 2:
            somebody = threading.Thread(target=reject)
            somebody.start()
            somebody.join()

    services.db.conn.set_trace_callback(on_statement)
    try:
        found = MatchStore(services.db).neighbour(dear, QueueFilter())
    finally:
        services.db.conn.set_trace_callback(None)
    assert state(services, dear) is State.REJECTED
    assert found is None


def test_open_errors_are_approved_with_a_reason_only(visit: Visit, services: Services, dear: int) -> None:
    browser = visit("approver")
    assert decide(browser, services, dear, "approve").status_code == 422
    assert state(services, dear) is State.NEEDS_REVIEW
    response = decide(browser, services, dear, "approve", "agreed by phone")
    assert response.location == f"/queue?done=approve&document={dear}"
    assert f"Document #{dear} is approved." in browser.get(response.location).text
    assert state(services, dear) is State.APPROVED
    assert "agreed by phone" in browser.get(f"/documents/{dear}").text


@pytest.mark.parametrize("step", ["reject", "hold"])
def test_rejecting_and_holding_need_a_reason(visit: Visit, services: Services, dear: int, step: str) -> None:
    response = decide(visit("coordinator"), services, dear, step, "   ")
    assert response.status_code == 422
    assert state(services, dear) is State.NEEDS_REVIEW


def test_what_is_no_invoice_is_put_down_as_such_and_can_be_taken_back(
    visit: Visit, services: Services, dear: int
) -> None:
    browser = visit("coordinator")
    assert 'data-step="not_an_invoice"' in browser.get(f"/documents/{dear}").text
    answer = decide(browser, services, dear, "not_an_invoice", "A delivery note")
    told = browser.get(answer.location).text
    assert f"Document #{dear} is put down as no invoice." in told
    assert "Letter to the supplier" not in told
    assert state(services, dear) is State.REJECTED
    last = trail(services.db, dear)[-1]
    assert (last.action, last.details["reason"]) == ("not_an_invoice", "A delivery note")
    page = browser.get(f"/documents/{dear}").text
    assert page.count("Said to be no invoice: A delivery note") == 2  # beside the state, and in the history
    browser.post("/documents/undo", document=str(dear))
    assert state(services, dear) is State.NEEDS_REVIEW


def test_a_reason_of_a_key_is_told_in_each_readers_language(visit: Visit, services: Services, dear: int) -> None:
    german = visit("coordinator")
    german.post("/account/language", language="de")
    assert "Preis mit dem Einkauf abgestimmt" in german.get(f"/documents/{dear}").text
    decide(german, services, dear, "approve", "Preis mit dem Einkauf abgestimmt")
    assert MatchStore(services.db).review_decisions(dear)[-1].reason == "The price is agreed with purchasing"
    assert "Preis mit dem Einkauf abgestimmt" in german.get(f"/documents/{dear}").text
    assert "The price is agreed with purchasing" in visit("viewer").get(f"/documents/{dear}").text


def test_on_hold_and_open_again(visit: Visit, services: Services, dear: int) -> None:
    browser = visit("coordinator")
    decide(browser, services, dear, "hold", "waiting for the buyer")
    assert state(services, dear) is State.ON_HOLD
    assert "waiting for the buyer" in browser.get(f"/documents/{dear}").text
    assert decide(browser, services, dear, "reopen").location == f"/documents/{dear}"
    assert state(services, dear) is State.NEEDS_REVIEW


def test_after_a_decision_the_next_of_the_same_list_opens(visit: Visit, services: Services, dear: int) -> None:
    other = add_document(services, invoice("HM-2", price="6.00"), "other.pdf")
    fields = {"version": version(services, dear), "step": "reject", "reason": "no"}
    response = visit("coordinator").post(f"/documents/{dear}/decide?sort=oldest", **fields)
    assert response.location == f"/documents/{other}?sort=oldest&done=reject&document={dear}"


def test_a_twin_is_linked_and_can_be_told_apart(visit: Visit, services: Services) -> None:
    first = add_document(services, invoice("HM-2", price="4.00"), "first.pdf")
    twin = add_document(services, invoice("HM-2", price="4.00"), "second.pdf")
    assert state(services, twin) is State.DUPLICATE
    browser = visit("coordinator")
    page = browser.get(f"/documents/{twin}").text
    assert f'href="/documents/{first}"' in page
    assert "Not a duplicate" in page
    assert decide(browser, services, twin, "not_a_duplicate").status_code == 303
    assert state(services, twin) is State.NEEDS_REVIEW
    assert "Not a duplicate</button>" not in browser.get(f"/documents/{first}").text


def test_the_original_comes_as_a_download_whatever_it_is(visit: Visit, services: Services, dear: int) -> None:
    response = visit("viewer").get(f"/documents/{dear}/original")
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert "invoice.pdf" in response.headers["Content-Disposition"]
    assert response.mimetype == "application/octet-stream"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_words_come_with_their_boxes(visit: Visit, dear: int) -> None:
    browser = visit("viewer")
    words = browser.get(f"/documents/{dear}/pages/1.json").json["words"]
    assert ["PO-7001", 120, 80, 190, 92] in words
    assert browser.get(f"/documents/{dear}/pages/2.json").status_code == 404
    assert browser.get(f"/documents/{dear}/pages/1.png").status_code == 404


def test_a_doubtful_value_offers_its_rivals_and_a_confirmation(visit: Visit, services: Services, app: object) -> None:
    extraction = invoice(price="4.00")
    doubtful = replace(value("HM-1", 0.6), rivals=(Rival("HN-1", 0.3), Rival("junk", 0.01)))
    number = add_document(services, replace(extraction, fields={**extraction.fields, "invoice_number": doubtful}))
    page = visit("coordinator").get(f"/documents/{number}").text
    assert 'data-choose="HN-1" data-for="invoice_number"' in page
    assert 'data-choose="HM-1" data-for="invoice_number"' in page
    assert "junk" not in page
    assert "doubtful" in page


def test_who_else_is_looking_is_said(visit: Visit, dear: int) -> None:
    first, second = visit("coordinator"), visit("approver")
    assert "looking at this too" not in first.get(f"/documents/{dear}").text
    assert "coordinator is looking at this too" in second.get(f"/documents/{dear}").text
    address = f"/documents/{dear}/presence"
    assert first.post(address).json["others"] == ["approver"]
    second.post(address, leaving="yes")
    assert first.post(address).json["others"] == []


def test_what_could_not_be_read_says_why_and_what_to_do(visit: Visit, services: Services, app: object) -> None:
    number = add_failed(services)
    page = visit("coordinator").get(f"/documents/{number}").text
    assert "Ask the sender for an open copy." in page
    assert "Read again" in page
    assert f"/documents/{number}/original" in page


def test_decided_documents_are_shown_and_not_corrected(visit: Visit, services: Services, app: object) -> None:
    number = add_document(services, invoice("HM-2", price="4.00"))
    browser = visit("coordinator")
    page = browser.get(f"/documents/{number}").text
    assert "Nothing differs from what was expected." in page
    assert 'id="correct"' not in page
    assert correct(browser, services, number, "currency", "EUR").status_code == 409


def test_a_supplier_is_chosen_by_its_number_or_full_name(visit: Visit, services: Services) -> None:
    read = invoice()
    others = {"seller_name": value("Somebody"), "seller_vat_id": value("GB999999973")}
    number = add_document(services, replace(read, fields={**read.fields, **others}))
    browser = visit("coordinator")
    assert "Choose one" in browser.get(f"/documents/{number}").text
    refused = correct(browser, services, number, "supplier", "Nobody Ltd")
    assert refused.status_code == 422
    assert "There is no supplier" in refused.text
    taken = correct(browser, services, number, "supplier", SUPPLIER.name.upper())
    assert taken.status_code == 200
    match = MatchStore(services.db).match(number)
    assert match is not None
    assert match.supplier is not None
    assert match.supplier.id == SUPPLIER.supplier_id
    assert "chosen by a person" in taken.text


def test_an_e_invoice_without_a_page_is_set_like_one(visit: Visit, services: Services) -> None:
    name = "05-van-dijk-ubl.xml"
    content = (Path(samples.__file__).parent / "documents" / name).read_bytes()
    number = services.receive(ReceivedFile(name, content, Door.UPLOAD, "anna")).document.id
    worker = Worker(services)
    while worker.read_next() or worker.decide_next():
        pass
    shown = " ".join(visit("viewer").get(f"/documents/{number}").text.split())
    assert "Invoice 2026-0815</h2>" in shown
    assert "<strong>Van Dijk Koeltechniek B.V.</strong><br>Havenweg 7<br>3089 JK Rotterdam" in shown
    assert "NL91 RABO 0315 2736 37" in shown
    assert "6 h</td>" in shown
    assert "The file has no page of its own" in shown


def test_what_is_printed_stands_beside_the_record_and_the_twin(visit: Visit, services: Services) -> None:
    browser = visit("coordinator")
    first = add_document(services, invoice(price="4.00"))
    extraction = invoice("HM-l", price="4.00")
    moved = {**extraction.fields, "seller_address": value("5 New Street, L9 9ZZ Liverpool, GB")}
    twin = add_document(services, replace(extraction, fields=moved), "again.pdf")
    page = browser.get(f"/documents/{twin}").text
    assert "1 difference from the record" in page
    assert "5 New Street, L9 9ZZ Liverpool, GB" in page
    assert "1 Dock Road, L3 4AA Liverpool, GB" in page
    assert f"Side by side with #{first}: 2 differences" in page


def test_spellings_are_no_differences() -> None:
    fields = {
        "seller_name": value("HARBOUR METALS LTD"),
        "seller_vat_id": value("GB 980 7806 84"),
        "seller_address": value("1 Dock Road, Liverpool L3 4AA, United Kingdom"),
    }
    assert all(pair.same for pair in beside_supplier(Extraction(fields=fields), SUPPLIER))
    # look-alike letters are one thing to a search, and two to whoever pays
    other = {**fields, "seller_vat_id": value("GB98O780684")}
    assert [p.label for p in beside_supplier(Extraction(fields=other), SUPPLIER) if not p.same] == ["VAT id"]

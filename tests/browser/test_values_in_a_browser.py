"""Values by keyboard: label and box lit, the snippet, Tab, other readings, lines split and joined, records found."""

from __future__ import annotations

from dataclasses import replace

from driving import log_in
from office import add_document, invoice, value, wait_for
from paper import invoice_pdf
from playwright.sync_api import Page, expect

from ingest.audit import trail
from ingest.document import Door, ReceivedFile
from ingest.extraction import Rival
from matching.store import MatchStore, RecordStore
from web.services import Services


def test_a_value_lights_its_label_and_shows_its_piece_of_the_page(window: Page, services: Services) -> None:
    content = invoice_pdf(price="4.10")
    number = wait_for(services, services.receive(ReceivedFile("rods.pdf", content, Door.UPLOAD, "me")).document.id)
    window.goto(f"/documents/{number}")
    window.locator("#f-invoice_number").focus()
    expect(window.locator(".lens")).to_contain_text("stands by \u201cInvoice number\u201d")
    expect(window.locator(".lens .snippet image")).to_have_attribute("href", f"/documents/{number}/pages/1.png")
    expect(window.locator(".boxes rect.active")).to_have_count(1)
    expect(window.locator(".boxes rect.label")).to_have_count(1)
    window.locator("#f-line_items-1-unit_price").focus()
    expect(window.locator("tr.lens .snippet")).to_be_visible()
    expect(window.locator(".lens")).to_have_count(1)


def test_printed_it_is_a_document_with_its_history(window: Page, services: Services) -> None:
    number = add_document(services, invoice())
    window.goto(f"/documents/{number}")
    window.locator("#f-invoice_number").focus()
    window.emulate_media(media="print")
    for shown in (".problems", "#f-invoice_number", ".lines .billed >> nth=0", ".trail li >> nth=0"):
        expect(window.locator(shown)).to_be_visible()
    for hidden in (".bar", "#decide", ".lens", ".line-tools >> nth=0", ".goto >> nth=0", ".comment-form >> nth=0"):
        expect(window.locator(hidden)).to_be_hidden()


def test_tab_goes_first_to_what_needs_attention(window: Page, services: Services) -> None:
    made = invoice()
    fields = {**made.fields, "invoice_number": value("HM-1", 0.3), "issue_date": value("2026-11-03", 0.3)}
    number = add_document(services, replace(made, fields=fields))
    window.goto(f"/documents/{number}")
    expect(window.locator("#facts")).to_be_visible()
    window.keyboard.press("Tab")
    expect(window.locator("#f-invoice_number")).to_be_focused()
    window.keyboard.press("Tab")
    expect(window.locator("#f-issue_date")).to_be_focused()
    window.keyboard.press("Shift+Tab")
    expect(window.locator("#f-issue_date")).not_to_be_focused()


def test_another_reading_is_taken_by_one_key(window: Page, services: Services) -> None:
    made = invoice()
    unsure = replace(value("HM-1", 0.5), rivals=(Rival("HN-1", 0.4), Rival("HW-1", 0.1)))
    number = add_document(services, replace(made, fields={**made.fields, "invoice_number": unsure}))
    window.goto(f"/documents/{number}")
    window.locator("#f-invoice_number").focus()
    window.keyboard.press("Alt+2")
    expect(window.locator("#said")).to_contain_text("Invoice number is HW-1 now")


def test_a_line_is_split_and_joined_again(window: Page, services: Services) -> None:
    number = add_document(services, invoice())
    window.goto(f"/documents/{number}")
    window.get_by_role("button", name="Split line 1 in two").click()
    expect(window.locator("#said")).to_contain_text("Line 1 is split in two")
    expect(window.locator("#f-line_items-2-description")).to_have_value("Steel rod")
    expect(window.locator("#f-line_items-2-quantity")).to_have_value("")
    window.get_by_role("button", name="Join line 1 with the next one").click()
    expect(window.locator("#said")).to_contain_text("Line 1 is joined")
    expect(window.locator("#line-2")).to_have_count(0)
    kept = MatchStore(services.db).corrected_extraction(number)
    assert kept is not None
    assert [line.quantity.value for line in kept.line_items if line.quantity] == ["10"]
    actions = [entry.action for entry in trail(services.db, number)]
    assert ("line_split" in actions, "line_join" in actions) == (True, True)


def test_an_orders_supplier_is_found_while_a_part_of_its_name_is_typed(window: Page, services: Services) -> None:
    supplier = RecordStore(services.db).supplier("S-1")
    assert supplier is not None
    window.context.clear_cookies()
    log_in(window, "approver")
    window.goto("/orders/new")
    window.locator("#o-supplier_id").press_sequentially(supplier.name[:4].lower())
    offered = window.locator("#choices-supplier_id option[value='S-1']")
    expect(offered).to_have_text(supplier.name)

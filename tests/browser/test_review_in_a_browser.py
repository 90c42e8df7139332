"""The whole way of an invoice as a person goes it, in a real browser with the real reader and worker."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace

from driving import click_word, drop, log_in
from office import add_document, invoice
from paper import invoice_pdf
from playwright.sync_api import Browser, Page, expect

from ingest.document import State
from ingest.store import DocumentStore
from matching.store import MatchStore
from web.lock_store import LockStore
from web.services import Services

READING = 60_000
"""Milliseconds that reading may take on a busy machine."""


def test_from_drop_to_approval(window: Page, services: Services) -> None:
    window.goto("/upload")
    drop(window, ("dear.pdf", invoice_pdf(price="5.00")), ("broken.pdf", b"%PDF-1.7 nothing else"))
    dear = window.locator(".upload", has_text="dear.pdf")
    expect(dear.locator(".state")).to_have_text("Needs review", timeout=READING)
    expect(dear).to_contain_text("price differs")
    broken = window.locator(".upload", has_text="broken.pdf")
    expect(broken.locator(".state")).to_have_text("Could not be read", timeout=READING)
    expect(window.locator("#summary")).to_have_text("All 2 files are through.")

    dear.get_by_role("link").click()
    expect(window.locator("#questions")).to_contain_text("Open questions")
    reference = window.locator("#f-buyer_reference")
    window.locator("#absent-references summary").click()
    reference.focus()
    click_word(window, "reference")
    click_word(window, "QX-55")
    expect(reference).to_have_value("reference QX-55")
    expect(reference).to_be_focused()
    window.keyboard.press("Enter")
    expect(window.locator("#said")).to_contain_text("Buyer reference is reference QX-55 now")
    number = int(re.findall(r"/documents/(\d+)", window.url)[0])
    kept = MatchStore(services.db).corrections(number)[-1]
    assert (kept.value, [word.text for word in kept.words]) == ("reference QX-55", ["reference", "QX-55"])

    window.locator("[data-approve]").click()
    expect(window.locator("#menu-approve")).to_contain_text("The price is agreed with purchasing")
    window.locator("#reason").fill("agreed by phone")
    window.keyboard.press("Control+Enter")
    expect(window.get_by_role("status").filter(has_text="is approved")).to_be_visible()
    expect(window.locator(".empty")).to_contain_text("Nothing waits for you.")
    assert DocumentStore(services.db).get(number).state is State.APPROVED


def test_an_invoice_that_fits_needs_nobody(window: Page, services: Services) -> None:
    window.goto("/upload")
    drop(window, ("good.pdf", invoice_pdf()))
    row = window.locator(".upload", has_text="good.pdf")
    expect(row.locator(".state")).to_have_text("Approved", timeout=READING)
    expect(row).to_contain_text("Harbour Metals Ltd, invoice HM-4711: approved")
    window.locator("#files").set_input_files(
        {"name": "same.pdf", "mimeType": "application/pdf", "buffer": invoice_pdf()}
    )
    again = window.locator(".upload", has_text="same.pdf")
    expect(again.locator(".state")).to_have_text("Seen before")
    expect(again).to_contain_text("Seen before as #1 on 23 Nov 2026")


def test_each_file_of_an_archive_has_a_row_of_its_own(window: Page) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("good.pdf", invoice_pdf())
        archive.writestr("broken.pdf", b"%PDF-1.7 nothing else")
    window.goto("/upload")
    drop(window, ("november.zip", packed.getvalue()))
    good = window.locator(".upload", has_text="good.pdf (in november.zip)")
    expect(good.locator(".state")).to_have_text("Approved", timeout=READING)
    broken = window.locator(".upload", has_text="broken.pdf (in november.zip)")
    expect(broken.locator(".state")).to_have_text("Could not be read", timeout=READING)
    expect(window.locator("#summary")).to_have_text("All 2 files are through.")


def test_by_keyboard_alone(window: Page, services: Services) -> None:
    number = add_document(services, invoice())
    window.goto("/queue")
    window.keyboard.press("j")
    window.keyboard.press("Enter")
    window.wait_for_url(f"**/documents/{number}")
    window.keyboard.press("?")
    expect(window.locator("#keys")).to_be_visible()
    window.keyboard.press("Escape")
    window.keyboard.press("e")
    price = window.locator("#f-line_items-1-unit_price")
    net = window.locator("#f-net_total")
    expect(window.locator("#f-net_total, #f-line_items-1-unit_price").and_(window.locator(":focus"))).to_have_count(1)
    price.focus()
    window.keyboard.press("Control+A")
    window.keyboard.type("4.00")
    window.keyboard.press("Enter")
    expect(window.locator("#said")).to_contain_text("Price of line 1 is 4.00 now")
    expect(price).to_be_focused()
    expect(price).to_have_value("4.00")
    window.keyboard.press("Control+A")
    window.keyboard.type("9")
    window.keyboard.press("Escape")
    expect(price).to_have_value("4.00")
    net.focus()
    window.keyboard.press("Control+A")
    window.keyboard.type("forty")
    window.keyboard.press("Enter")
    expect(window.locator("#problem")).to_contain_text("cannot be taken as net total")
    expect(net).to_have_value("forty")
    window.keyboard.press("Escape")
    window.locator("body").press("Escape")
    window.locator("#reason").focus()
    window.keyboard.type("agreed")
    window.keyboard.press("Tab")
    window.keyboard.press("Enter")
    window.wait_for_url("**/queue?done=approve**")
    assert DocumentStore(services.db).get(number).state is State.APPROVED


def test_corrections_typed_faster_than_checked_all_count(window: Page, services: Services) -> None:
    number = add_document(services, replace(invoice(), tax_breakdown=()))
    window.goto(f"/documents/{number}")
    for name, text in (("unit_price", "4.00"), ("line_total", "40.00")):
        window.locator(f"#f-line_items-1-{name}").fill(text)
    for name, text in (("net_total", "40.00"), ("tax_total", "8.00"), ("gross_total", "48.00")):
        window.locator(f"#f-{name}").fill(text)
    window.keyboard.press("Enter")
    expect(window.locator("#said")).to_contain_text("Total with tax is 48.00 now; nothing is open any more.")
    assert len(MatchStore(services.db).corrections(number)) == 5
    expect(window.locator("#problem")).to_be_empty()


def test_what_was_refused_stays_while_other_values_are_taken(window: Page, services: Services) -> None:
    number = add_document(services, invoice())
    window.goto(f"/documents/{number}")
    window.locator("#f-net_total").fill("forty")
    window.locator("#f-currency").fill("EUR")
    window.keyboard.press("Enter")
    expect(window.locator("#said")).to_contain_text("Currency is EUR now")
    expect(window.locator("#f-net_total")).to_have_value("forty")
    assert [kept.field for kept in MatchStore(services.db).corrections(number)] == ["currency"]


def test_a_doubtful_value_is_confirmed_by_enter(window: Page, services: Services) -> None:
    extraction = invoice(price="4.00")
    fields = {**extraction.fields, "invoice_number": replace(extraction.fields["invoice_number"], confidence=0.3)}
    number = add_document(services, replace(extraction, fields=fields))
    window.goto(f"/documents/{number}")
    window.locator("#f-invoice_number").focus()
    window.keyboard.press("Enter")
    expect(window.locator("#said")).to_contain_text("Invoice number is HM-1 now; nothing is open any more.")
    expect(window.locator("#questions")).to_contain_text("0")
    expect(window.locator(".field", has=window.locator("#f-invoice_number"))).to_contain_text("by hand")


def test_a_decision_waits_for_the_correction_before_it(window: Page, services: Services) -> None:
    number = add_document(services, invoice())
    window.goto(f"/documents/{number}")
    window.locator("#reason").fill("agreed by phone")
    window.keyboard.press("Enter")
    window.route("**/correct", lambda route: window.wait_for_timeout(700) or route.continue_())
    window.locator("#f-currency").fill("EUR")
    window.locator("[data-approve]").click()
    expect(window.locator("#problem")).to_contain_text("checked first")
    expect(window.locator("#said")).to_contain_text("Currency is EUR now")
    assert DocumentStore(services.db).get(number).state is State.NEEDS_REVIEW
    expect(window.locator("#reason")).to_have_value("agreed by phone")
    window.locator("[data-approve]").click()
    window.wait_for_url("**/queue?done=approve**")
    assert DocumentStore(services.db).get(number).state is State.APPROVED


def test_two_people_on_one_document(
    window: Page, chrome: Browser, address: str, services: Services, until: Callable[..., None]
) -> None:
    number = add_document(services, invoice())
    window.goto(f"/documents/{number}")
    with chrome.new_context(base_url=address, locale="en-GB") as context:
        other = context.new_page()
        log_in(other, "approver")
        other.goto(f"/documents/{number}")
        expect(other.locator("#others")).to_contain_text("coordinator is looking at this too")
        other.locator("#f-currency").fill("EUR")
        other.keyboard.press("Enter")
        expect(other.locator("#said")).to_contain_text("Currency is EUR now")
        other.close()
        until(lambda: LockStore(services.db).of(number) is None)
        window.locator("#reason").fill("my long reason")
        window.locator("#decide button", has_text="Reject").click()
        expect(window.locator("#problem")).to_contain_text("changed by someone else")
    expect(window.locator("#reason")).to_have_value("my long reason")
    assert DocumentStore(services.db).get(number).state is State.NEEDS_REVIEW


def test_no_page_is_wider_than_a_telephone(window: Page, services: Services) -> None:
    number = add_document(services, invoice())
    window.set_viewport_size({"width": 390, "height": 844})
    for path in ("/queue", f"/documents/{number}", "/upload", "/inbox", "/records/orders/PO-7001", "/export"):
        window.goto(path)
        assert window.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path


def test_every_input_has_a_name_and_every_page_its_landmarks(window: Page, services: Services) -> None:
    number = add_document(services, invoice())
    for path in ("/queue", f"/documents/{number}", "/upload", "/inbox", "/records/suppliers", "/export"):
        window.goto(path)
        nameless = window.evaluate(
            """() => [...document.querySelectorAll("input:not([type=hidden]), select, button")]
                .filter(made => !made.labels?.length && !made.ariaLabel && !made.textContent.trim())
                .map(made => made.outerHTML)"""
        )
        assert nameless == [], path
        for landmark in ("main", "nav", "h1"):
            assert window.locator(landmark).count() >= 1, (path, landmark)
        ids = window.evaluate("[...document.querySelectorAll('[id]')].map(made => made.id)")
        assert len(ids) == len(set(ids)), path


def test_the_page_is_searched_turned_and_clicked(window: Page, services: Services) -> None:
    window.goto("/upload")
    drop(window, ("dear.pdf", invoice_pdf(price="5.00")))
    row = window.locator(".upload", has_text="dear.pdf")
    expect(row.locator(".state")).to_have_text("Needs review", timeout=READING)
    row.get_by_role("link").click()
    window.locator(".sheet[data-ready]").first.wait_for()
    window.keyboard.press("f")
    window.keyboard.type("metals")
    expect(window.locator("#places")).to_have_text("1 of 1")
    expect(window.locator(".words rect.chosen")).to_have_count(1)
    window.keyboard.press("Control+a")
    window.keyboard.type("steel rod")
    expect(window.locator(".words rect.chosen")).to_have_count(2)
    window.keyboard.press("Escape")
    expect(window.locator(".words rect.fits")).to_have_count(0)
    # with no value in focus, a click on a box goes to its value
    click_word(window, "HM-4711")
    expect(window.locator("#f-invoice_number")).to_be_focused()
    window.keyboard.press("Escape")
    upright = window.locator(".sheet").first.bounding_box()
    window.locator("[data-turn]").click()
    turned = window.locator(".sheet").first.bounding_box()
    assert upright is not None
    assert turned is not None
    assert upright["height"] > upright["width"]
    assert turned["height"] < turned["width"]
    click_word(window, "HM-4711")
    expect(window.locator("#f-invoice_number")).to_have_value("HM-4711")


def test_a_session_that_ends_loses_nothing_that_was_typed(window: Page, services: Services) -> None:
    number = add_document(services, invoice())
    window.goto(f"/documents/{number}")
    field = window.locator("#f-invoice_number")
    expect(field).to_have_value("HM-1")
    services.db.execute("DELETE FROM sessions")
    field.fill("HM-1000")
    window.keyboard.press("Enter")
    expect(window.locator("#problem")).to_contain_text("log in")
    expect(field).to_have_value("HM-1000")
    assert MatchStore(services.db).corrections(number) == ()


def test_a_service_that_is_away_loses_nothing_that_was_typed(window: Page, services: Services) -> None:
    number = add_document(services, invoice())
    window.goto(f"/documents/{number}")
    window.context.set_offline(True)
    field = window.locator("#f-invoice_number")
    field.fill("HM-1000")
    window.keyboard.press("Enter")
    expect(window.locator("#problem")).to_contain_text("still here")
    window.context.set_offline(False)
    expect(field).to_have_value("HM-1000")
    field.focus()
    window.keyboard.press("Enter")
    expect(window.locator("#said")).to_contain_text("Invoice number is HM-1000 now")


def test_rows_from_a_spreadsheet_are_pasted_into_the_lines(window: Page, services: Services) -> None:
    number = add_document(services, invoice())
    window.goto(f"/documents/{number}")
    window.locator("#f-line_items-1-description").focus()
    rows = "Steel rod\tSR-1\t4\tpcs\t4.00\t20\t16.00\r\nSteel plate\tSP-2\t1.5\tkg\t1,200.00\t20\t1,800.00\r\n"
    window.evaluate(
        """text => {
            const data = new DataTransfer();
            data.setData("text/plain", text);
            const paste = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
            document.activeElement.dispatchEvent(paste);
        }""",
        rows,
    )
    expect(window.locator("#f-line_items-2-description")).to_have_value("Steel plate")
    lines = MatchStore(services.db).corrected_extraction(number).line_items  # type: ignore[union-attr]
    told = [{name: cell.value for name, cell in line.cells()} for line in lines]
    assert told[0] == {
        "line_number": "1", "description": "Steel rod", "sku": "SR-1", "quantity": "4", "unit": "H87",
        "unit_price": "4.00", "tax_rate": "20", "line_total": "16.00",
    }  # fmt: skip
    assert (told[1]["quantity"], told[1]["unit"], told[1]["line_total"]) == ("1.5", "KGM", "1800.00")

"""Boxes drawn on the page: the words under them are taken, and where there are none the place is read again."""

from __future__ import annotations

from dataclasses import replace

from office import wait_for
from paper import invoice_pdf
from playwright.sync_api import Page, expect

from ingest.database import transaction
from ingest.document import Box, Door, ReceivedFile, Source
from ingest.serialise import to_json
from ingest.store import DocumentStore
from matching.store import MatchStore
from web.services import Services

NOTE = Box(56, 391, 160, 407)
"""Around the last line of the page: `Our reference QX-55`."""


def test_a_box_takes_the_words_under_it_or_has_them_read_again(window: Page, services: Services) -> None:
    content = invoice_pdf(price="4.10")
    number = wait_for(services, services.receive(ReceivedFile("rods.pdf", content, Door.UPLOAD, "me")).document.id)
    window.goto(f"/documents/{number}")
    window.locator(".sheet[data-ready]").first.wait_for()
    window.locator("#absent-references summary").click()
    field = window.locator("#f-buyer_reference")
    field.focus()
    drag(window, NOTE)
    expect(field).to_have_value("Our reference QX-55")
    expect(field).to_be_focused()
    window.keyboard.press("Enter")
    expect(window.locator("#said")).to_contain_text("Our reference QX-55 now")

    forget_words(services, number)
    window.reload()
    window.locator(".sheet[data-ready]").first.wait_for()
    field.fill("")
    drag(window, Box(122, 391, 160, 407))
    expect(field).to_have_value("QX-55", timeout=20_000)
    expect(window.locator(".notice", has_text="Read: QX-55")).to_be_visible()
    window.keyboard.press("Enter")
    expect(window.locator("#said")).to_contain_text("is QX-55 now")
    kept = MatchStore(services.db).corrected_extraction(number)
    assert kept is not None
    value = kept.fields["buyer_reference"]
    assert (value.value, value.source, value.page) == ("QX-55", Source.MANUAL, 1)
    assert value.box is not None
    assert abs(value.box.x0 - 122) < 3
    assert abs(value.box.bottom - 407) < 3
    expect(window.locator(".boxes rect.active")).to_have_count(1)


def test_a_box_is_drawn_by_keyboard(window: Page, services: Services) -> None:
    content = invoice_pdf(price="4.10")
    number = wait_for(services, services.receive(ReceivedFile("rods.pdf", content, Door.UPLOAD, "me")).document.id)
    window.goto(f"/documents/{number}")
    window.locator(".sheet[data-ready]").first.wait_for()
    field = window.locator("#f-invoice_number")
    field.focus()
    window.keyboard.press("Control+b")
    drawn = window.locator(".drawn rect")
    expect(drawn).to_have_count(1)
    before = float(drawn.get_attribute("x") or 0)
    window.keyboard.press("ArrowRight")
    assert float(drawn.get_attribute("x") or 0) > before
    window.keyboard.press("Escape")
    expect(drawn).to_have_count(0)
    expect(field).to_be_focused()
    expect(field).to_have_value("HM-4711")


def drag(window: Page, box: Box) -> None:
    """Draw a box, given in points of the page, with the mouse."""
    sheet = window.locator(".sheet").first
    shown = sheet.bounding_box()
    assert shown is not None
    scale = shown["width"] / float(sheet.get_attribute("data-width") or 1)
    left, top = box.x0 * scale, box.top * scale
    sheet.evaluate("(sheet, top) => { sheet.parentElement.scrollTop = top - 200; }", top)
    shown = sheet.bounding_box()
    assert shown is not None
    window.mouse.move(shown["x"] + left, shown["y"] + top)
    window.mouse.down()
    window.mouse.move(shown["x"] + box.x1 * scale, shown["y"] + box.bottom * scale, steps=4)
    window.mouse.up()


def forget_words(services: Services, number: int) -> None:
    """As where print was overlooked: the page stays, and no word of it is known."""
    document = DocumentStore(services.db).document(number)
    assert document is not None
    blank = replace(document, pages=tuple(replace(page, words=()) for page in document.pages))
    with transaction(services.db):
        services.db.execute("UPDATE readings SET document = ? WHERE document_id = ?", [to_json(blank), number])

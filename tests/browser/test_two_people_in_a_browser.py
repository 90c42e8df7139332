"""Two browsers on one document, live; and a session that ends in the middle of an edit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from driving import log_in
from office import PASSWORD, add_document, invoice
from playwright.sync_api import Browser, Page, expect

from ingest.audit import trail
from matching.store import MatchStore
from web.services import Services

SOON = 20_000
"""Milliseconds in which a sign of life has come: they go out every five seconds."""


@contextmanager
def at(chrome: Browser, address: str, name: str) -> Iterator[Page]:
    """A browser of somebody else's."""
    with chrome.new_context(base_url=address, locale="en-GB") as context:
        page = context.new_page()
        log_in(page, name)
        yield page


def test_two_people_see_each_other_and_hand_the_document_over(
    chrome: Browser, window: Page, address: str, services: Services
) -> None:
    number = add_document(services, invoice())
    with at(chrome, address, "approver") as other:
        window.goto(f"/documents/{number}")
        other.goto(f"/documents/{number}")
        expect(other.locator("#others")).to_have_text("coordinator is looking at this too")
        window.locator("#f-buyer_reference").evaluate("field => field.closest('details')?.setAttribute('open', '')")
        window.locator("#f-buyer_reference").fill("Q-1")
        expect(other.locator("#lock")).to_contain_text("coordinator is editing this document.", timeout=SOON)
        # what the other types is not taken, and nothing on the page is lost by it
        number_field = other.locator("#f-invoice_number")
        number_field.focus()
        other.keyboard.type("9")
        expect(number_field).to_have_value("HM-1")
        other.get_by_role("button", name="Ask for it").click()
        expect(other.locator("#lock")).to_contain_text("You have asked for it.")
        hand = window.get_by_role("button", name="Hand it to approver")
        expect(hand).to_be_visible(timeout=SOON)
        window.locator("#f-buyer_reference").press("Enter")
        expect(window.locator("#said")).to_contain_text("Buyer reference is Q-1 now")
        hand.click()
        expect(window.locator("#lock")).to_contain_text("approver is editing this document.")
        expect(other.locator("#problem")).to_contain_text("Somebody changed this document", timeout=SOON)
        other.get_by_role("link", name="Load the page anew").click()
        expect(other.locator("#f-buyer_reference")).to_have_value("Q-1")
        number_field.fill("HM-19")
        other.keyboard.press("Enter")
        expect(other.locator("#said")).to_contain_text("Invoice number is HM-19 now")
        other.close()
        # the other has left: the document is free at once
        expect(window.locator("#lock")).to_be_hidden(timeout=SOON)
    kept = [(one.actor, one.value) for one in MatchStore(services.db).corrections(number)]
    assert kept == [("coordinator", "Q-1"), ("approver", "HM-19")]
    assert "taken_over" not in {entry.action for entry in trail(services.db, number)}


def test_a_session_that_ends_in_mid_edit_goes_on_after_a_new_log_in(window: Page, services: Services) -> None:
    number = add_document(services, invoice())
    window.goto(f"/documents/{number}")
    field = window.locator("#f-invoice_number")
    services.db.execute("DELETE FROM sessions")
    field.fill("HM-1000")
    window.keyboard.press("Enter")
    expect(window.locator("#problem")).to_contain_text("Log in again")
    with window.context.expect_page() as opened:
        # a hand holds the button for a moment: what is under it must not be exchanged meanwhile
        window.get_by_role("link", name="Log in").click(delay=300)
    again = opened.value
    again.locator("#name").fill("coordinator")
    again.locator("#password").fill(PASSWORD)
    again.keyboard.press("Enter")
    again.wait_for_url("**/queue")
    again.close()
    window.bring_to_front()
    window.evaluate("dispatchEvent(new Event('focus'))")
    expect(window.locator("#problem")).to_contain_text("Nothing typed is lost")
    expect(field).to_have_value("HM-1000")
    field.focus()
    window.keyboard.press("Enter")
    expect(window.locator("#said")).to_contain_text("Invoice number is HM-1000 now")

"""The pages in German: the browser's language before the log-in, the user's own after it, one review by keyboard."""

from __future__ import annotations

from decimal import Decimal

import pytest
from office import add_document, invoice
from playwright.sync_api import Browser, Page, expect

from ingest.document import State
from ingest.store import DocumentStore
from matching.store import MatchStore
from web.services import Services


@pytest.mark.parametrize(("locale", "language", "heading"), [("de-AT", "de", "Anmelden"), ("fr-FR", "en", "Log in")])
def test_the_browser_chooses_the_language_of_the_log_in_page(
    chrome: Browser, address: str, locale: str, language: str, heading: str
) -> None:
    with chrome.new_context(base_url=address, locale=locale) as context:
        page = context.new_page()
        page.goto("/login")
        assert page.locator("html").get_attribute("lang") == language
        expect(page.locator("h1")).to_have_text(heading)


def test_a_whole_review_in_german_by_keyboard(window: Page, services: Services) -> None:
    number = add_document(services, invoice())
    choose_german(window)
    window.goto("/queue")
    row = window.locator("[data-rows] tbody tr").first
    expect(row).to_contain_text("Preis 5,00, bestellt 4,00, +10,00\u00a0GBP")
    window.keyboard.press("j")
    window.keyboard.press("Enter")
    expect(window.locator(".problems")).to_contain_text("Berechnet zu 5,00, bestellt zu 4,00.")

    window.wait_for_load_state("load")
    window.keyboard.press("?")
    keys = window.get_by_role("dialog", name="Tasten auf dieser Seite")
    expect(keys).to_contain_text("Nächste offene Frage")
    window.keyboard.press("Escape")

    # dates and amounts are typed as they are shown
    enter(window, "due_date", "24.12.2026")
    expect(window.locator("#f-due_date")).to_have_value("24.12.2026")
    expect(window.locator(".verdict-line")).to_contain_text("fällig 24.12.2026")
    enter(window, "gross_total", "1.234,50")
    expect(window.locator("#f-gross_total")).to_have_value("1.234,50")
    assert read(services, number, "gross_total") == Decimal("1234.50")
    assert read(services, number, "due_date") == "2026-12-24"
    expect(window.locator(".problems")).to_contain_text("Summen stimmen nicht")
    enter(window, "gross_total", "etwa zehn")
    expect(window.locator("#problem")).to_contain_text("Schreiben Sie es wie 1.234,50.")
    enter(window, "gross_total", "60,00")
    expect(window.locator(".problems")).not_to_contain_text("Summen stimmen nicht")

    window.keyboard.press("Control+Enter")
    expect(window.get_by_role("group", name="Freigeben")).to_contain_text("Preis mit dem Einkauf abgestimmt")
    window.keyboard.press("1")
    expect(window.get_by_role("status").filter(has_text=f"Beleg #{number} ist freigegeben.")).to_be_visible()
    assert DocumentStore(services.db).get(number).state is State.APPROVED
    window.goto(f"/documents/{number}")
    trail = window.locator(".trail")
    expect(trail).to_contain_text("Freigegeben (Preis weicht ab, Mehr als auf der Bestellung offen): Preis mit dem Ein")
    expect(trail).to_contain_text("Bruttobetrag von „60,00“ auf „1.234,50“ gesetzt")


def choose_german(window: Page) -> None:
    window.goto("/account")
    window.get_by_label("Language of the pages").focus()
    window.keyboard.type("Deutsch")
    window.keyboard.press("Tab")
    window.keyboard.press("Enter")
    expect(window.get_by_role("heading", name="Sprache")).to_be_visible()
    assert window.locator("html").get_attribute("lang") == "de"


def enter(window: Page, field: str, text: str) -> None:
    """Go to a value, type over it, and leave it."""
    value = window.locator(f"#f-{field}")
    value.evaluate("one => one.closest('details')?.setAttribute('open', '')")
    value.focus()
    window.keyboard.press("Control+a")
    window.keyboard.type(text)
    with window.expect_response("**/correct"):
        window.keyboard.press("Enter")
    expect(window.locator("#facts:not([aria-busy])")).to_be_visible()


def read(services: Services, number: int, field: str) -> Decimal | str | None:
    extraction = MatchStore(services.db).corrected_extraction(number)
    assert extraction is not None
    return extraction.amount(field) if field.endswith("total") else extraction.text(field)

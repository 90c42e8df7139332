"""Slow hands and slow networks: buttons held down, keys struck twice, a service that is away for a moment."""

from __future__ import annotations

import time

from office import add_document, invoice
from playwright.sync_api import Page, Route, expect

from ingest.audit import trail
from ingest.document import State
from ingest.store import DocumentStore
from matching.store import MatchStore
from web.services import Services


def press(page: Page, selector: str, held: int) -> None:
    """Click as a slow hand does: the button goes up where it went down, some time (milliseconds) later."""
    box = page.locator(selector).bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.wait_for_timeout(held)
    page.mouse.up()


def test_nothing_is_swapped_under_a_button_that_is_held(window: Page, services: Services) -> None:
    number = add_document(services, invoice())
    window.goto(f"/documents/{number}")
    price = window.locator("#f-line_items-1-unit_price")
    price.fill("4.50")
    # leaving the field sends the price; its answer comes while the button is still held, and would move the page
    with window.expect_response("**/correct"):
        press(window, "#decide button[value=reject]", held=1500)
    # what was clicked is what was pressed, and a decision waits for what was entered before it
    expect(window.locator("#problem")).to_contain_text("What you entered is checked first")
    assert DocumentStore(services.db).get(number).state is State.NEEDS_REVIEW
    expect(window.locator("#questions ~ .problems")).to_contain_text("4.50")
    press(window, "#decide button[value=reject]", held=300)
    expect(window.locator("#menu-reject")).to_be_visible()


def test_a_press_that_never_ends_does_not_keep_an_answer(window: Page, services: Services) -> None:
    number = add_document(services, invoice())
    window.goto(f"/documents/{number}")
    window.locator("h1").dispatch_event("pointerdown", {"button": 2, "bubbles": True})
    window.locator("#f-document_type").dispatch_event("pointerdown", {"button": 0, "bubbles": True})
    window.locator("#f-document_type").select_option("credit_note")
    expect(window.locator("#said")).to_contain_text("Credit note", ignore_case=True)
    # as when the end of a press is swallowed
    window.locator("#f-invoice_number").fill("HM-99")
    window.locator("h1").dispatch_event("pointerdown", {"button": 0, "bubbles": True})
    window.evaluate("document.activeElement.blur()")
    expect(window.locator("#said")).to_contain_text("HM-99", timeout=15_000)


def test_a_decision_that_is_struck_twice_is_taken_once(window: Page, services: Services) -> None:
    first, second = (add_document(services, invoice(f"HM-{number}"), f"{number}.pdf") for number in (1, 2))
    window.goto(f"/documents/{second}")
    window.locator("#reason").fill("not ours")
    window.locator("#decide button[value=reject]").dblclick()
    expect(window.get_by_role("status").filter(has_text="is rejected")).to_be_visible()
    assert [entry.action for entry in trail(services.db, second)].count("reject") == 1
    assert DocumentStore(services.db).get(first).state is State.NEEDS_REVIEW


def test_enter_twice_keeps_a_value_once(window: Page, services: Services) -> None:
    number = add_document(services, invoice())
    window.goto(f"/documents/{number}")
    window.locator("#f-invoice_number").fill("HM-99")
    window.keyboard.press("Enter")
    window.keyboard.press("Enter")
    expect(window.locator("#said")).to_contain_text("HM-99")
    time.sleep(0.5)
    assert [one.value for one in MatchStore(services.db).corrections(number)] == ["HM-99"]


def test_a_service_that_is_away_loses_nothing_that_was_typed(window: Page, services: Services) -> None:
    number = add_document(services, invoice())
    window.goto(f"/documents/{number}")

    def away(route: Route) -> None:
        route.abort()

    window.route("**/documents/*/correct", away)
    window.route("**/documents/*/decide*", away)
    window.locator("#f-invoice_number").fill("HM-99")
    window.keyboard.press("Enter")
    expect(window.locator("#problem")).to_contain_text("The service did not answer")
    expect(window.locator("#f-invoice_number")).to_have_value("HM-99")
    window.unroute("**/documents/*/correct")
    window.locator("#f-invoice_number").press("Enter")
    expect(window.locator("#said")).to_contain_text("HM-99")
    window.locator("#reason").fill("a long thought")
    window.locator("#decide button[value=reject]").click()
    expect(window.locator("#problem")).to_contain_text("The service did not answer")
    expect(window.locator("#reason")).to_have_value("a long thought")
    window.unroute("**/documents/*/decide*")
    window.locator("#decide button[value=reject]").click()
    expect(window.get_by_role("status").filter(has_text="is rejected")).to_be_visible()


def test_the_way_back_after_a_decision_shows_what_became_of_it(window: Page, services: Services) -> None:
    first, second = (add_document(services, invoice(f"HM-{number}"), f"{number}.pdf") for number in (1, 2))
    window.goto(f"/documents/{second}")
    window.keyboard.press("i")
    window.keyboard.press("1")
    window.wait_for_url(f"**/documents/{first}?*")
    window.go_back()
    expect(window.locator("#facts .state").first).to_have_text("Rejected")
    expect(window.locator(".decided")).to_contain_text("Said to be no invoice: A delivery note")
    assert window.locator("#decide button[value=reject]").count() == 0


def test_a_cause_shows_its_documents_by_keyboard(window: Page, services: Services) -> None:
    numbers = [add_document(services, invoice(f"HM-{number}"), f"{number}.pdf") for number in range(20, 24)]
    window.goto("/queue/causes")
    window.keyboard.press("j")
    window.keyboard.press("Tab")
    while window.evaluate("document.activeElement.tagName") != "SUMMARY":
        window.keyboard.press("Tab")
    window.keyboard.press("Enter")
    expect(window.locator(".cause details[open] .members a")).to_have_count(len(numbers))

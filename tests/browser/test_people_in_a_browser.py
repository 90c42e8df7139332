"""People working together in a real browser: comments, a question to a colleague, two approvals, the letter."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from time import monotonic

import pytest
from driving import log_in
from office import add_document, invoice
from playwright.sync_api import Browser, Page, expect

from ingest.document import State
from ingest.store import DocumentStore
from web.policy_store import PolicyStore
from web.services import Services
from web.talk_store import TalkStore

logger = logging.getLogger("keystrokes")
Open = Callable[[str], Page]


class Keys:
    """The window's keyboard, with every press counted; typed text is not."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.pressed = 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1


def test_a_question_goes_to_a_colleague_and_its_answer_is_seen(
    chrome: Browser, window: Page, services: Services, address: str
) -> None:
    number = add_document(services, invoice())
    window.goto(f"/documents/{number}")
    begun, keys = monotonic(), Keys(window)
    keys.press("q")
    expect(window.locator("#question")).to_be_focused()
    window.keyboard.type("Was 5.00 agreed?")
    keys.press("Tab", "Tab", "Tab", "Enter")
    link = window.locator("#asked-link").inner_text()
    expect(window.locator("[data-copies=asked-link]")).to_be_focused()
    keys.press("Enter")
    expect(window.locator("[data-copied]")).not_to_be_empty()
    with chrome.new_context(viewport={"width": 390, "height": 844}, locale="de-DE") as elsewhere:
        colleague = elsewhere.new_page()
        colleague.goto(link)
        expect(colleague.locator("#answer")).to_be_focused()
        colleague.keyboard.type("Yes, in October.")
        colleague.keyboard.press("Tab")
        colleague.keyboard.type("Kim Öz")
        # Enter in the name says neither yes nor no
        colleague.keyboard.press("Enter")
        expect(colleague.locator("#answer")).to_have_value("Yes, in October.")
        colleague.get_by_role("button", name="Ja", exact=True).click()
        expect(colleague.get_by_role("heading")).to_have_text("Vielen Dank")
        colleague.goto(link)
        expect(colleague.locator("body")).not_to_contain_text("HM-1")
    window.reload()
    keys.pressed += 1
    expect(window.locator(".comments")).to_contain_text("Ja: Yes, in October.")
    expect(window.locator(".comments")).to_contain_text("Kim Öz (by link)")
    seconds = monotonic() - begun
    assert keys.pressed <= 10, keys.pressed
    assert seconds < 10, seconds
    logger.info("ask a colleague, see the answer: %d keys, %.2f seconds", keys.pressed, seconds)


def test_a_comment_that_is_not_sent_survives_a_correction(window: Page, services: Services) -> None:
    number = add_document(services, invoice())
    window.goto(f"/documents/{number}")
    window.keyboard.press("c")
    window.keyboard.type("half a th")
    field = window.locator("#f-invoice_number")
    field.fill("HM-1X")
    field.press("Enter")
    expect(window.locator("#said")).to_contain_text("HM-1X")
    expect(window.locator("#comment")).to_have_value("half a th")
    window.locator("[data-mention=approver]").click()
    window.keyboard.type("look")
    window.get_by_role("button", name="Comment", exact=True).click()
    expect(window.locator(".comments")).to_contain_text("half a th @approver look")
    expect(window.locator("#comment")).to_have_value("")
    approver = next(one for one in TalkStore(services.db).workers() if one.name == "approver")
    assert TalkStore(services.db).mentions_of(approver) == (number,)


def test_two_people_approve_above_the_limit(chrome: Browser, services: Services, address: str) -> None:
    policy = replace(services.settings.policy, second_person_over=Decimal(50))
    PolicyStore(services.db).put_in_force(policy, services.policy, "admin", services.now(), "four eyes")
    number = add_document(services, invoice())
    for name, done in (("coordinator", "waits for a second person"), ("approver", "is approved.")):
        with chrome.new_context(base_url=address, locale="en-GB") as context:
            page = context.new_page()
            log_in(page, name)
            page.goto(f"/documents/{number}")
            expect(page.locator(".second")).to_contain_text("Two people approve more than 50.00")
            page.fill("#reason", "agreed with purchasing")
            page.locator("[data-approve]").click()
            expect(page.locator(".notice.done")).to_contain_text(done)
    assert DocumentStore(services.db).get(number).state is State.APPROVED


def test_the_letter_follows_what_is_changed_in_it(window: Page, services: Services) -> None:
    number = add_document(services, invoice())
    window.goto(f"/documents/{number}/letter")
    window.select_option("#language", "de")
    expect(window.locator("#letter-subject")).to_have_value("Rechnung HM-1: Zurückweisung")
    window.fill("#letter-to", "ar@harbour.example")
    window.locator("#letter-body").press("Control+End")
    window.keyboard.type("i. A. Öz")
    address = window.locator("#letter-mail").get_attribute("href") or ""
    assert address.startswith("mailto:ar@harbour.example?subject=Rechnung%20HM-1")
    assert address.endswith("i.%20A.%20%C3%96z")


def test_it_is_held_until_a_day_by_keyboard(window: Page, services: Services) -> None:
    number = add_document(services, invoice())
    window.goto(f"/documents/{number}")
    window.keyboard.press("h")
    window.fill("[name=until]", "2026-12-01")
    window.get_by_role("button", name=re.compile("Asked the supplier")).click()
    expect(window.locator(".notice.done")).to_contain_text("is on hold")
    window.goto(f"/documents/{number}")
    expect(window.locator("#facts")).to_contain_text("Comes back by itself on 1 Dec 2026")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 390)])
def test_axe_finds_nothing_on_these_pages(
    chrome: Browser, services: Services, address: str, scheme: str, width: int
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    number = add_document(services, invoice())
    found = {}
    with chrome.new_context(
        base_url=address, viewport={"width": width, "height": 900}, color_scheme=scheme, locale="en-GB"
    ) as context:
        page = context.new_page()
        log_in(page, "coordinator")
        page.goto(f"/documents/{number}")
        page.fill("#comment", "Agreed, @coordinator @approver?")
        page.get_by_role("button", name="Comment", exact=True).click()
        expect(page.locator(".comments")).to_contain_text("Agreed")
        page.keyboard.press("Escape")
        page.locator("#ask summary").click()
        page.fill("#question", "Right?")
        page.get_by_role("button", name="Ask", exact=True).click()
        link = page.locator("#asked-link").inner_text()
        found["document"] = axe.run(page).response["violations"]
        page.goto(f"/documents/{number}")
        page.keyboard.press("h")
        found["hold"] = axe.run(page).response["violations"]
        for path in (f"/documents/{number}/letter", link):
            page.goto(path)
            found[path] = axe.run(page).response["violations"]
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.locator("#name").fill("Kim")
        page.get_by_role("button", name="No", exact=True).click()
        expect(page.get_by_role("heading")).to_have_text("Thank you")
        page.wait_for_load_state()  # the page's words are there before its colours
        found["answered"] = axe.run(page).response["violations"]
    assert {path: [(one["id"], one["nodes"][0]["html"]) for one in what] for path, what in found.items() if what} == {}

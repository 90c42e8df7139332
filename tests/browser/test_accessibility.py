"""Every page as axe-core sees it (WCAG 2.2 A and AA, best practices), wide and narrow, light and dark."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from driving import log_in
from office import add_document, add_failed, invoice, value
from playwright.sync_api import Browser, Page

from matching.edit_orders import receive_goods
from web.services import Services

PAGES = (
    "/", "/queue", "/queue?tab=approved", "/queue/causes", "/documents/1", "/documents/2", "/documents/3", "/upload",
    "/inbox", "/records/suppliers", "/records/customers", "/records/orders", "/records/orders/PO-7001",
    "/records/suppliers/S-1", "/records/import",
    "/records/new/suppliers?document=2", "/records/customers/C-1", "/orders/new", "/orders/edit/PO-7001",
    "/records/receipts", "/orders/receipt/PO-7001?line=1&note=DN-5&day=2026-11-20",
    "/records/edit/customers/C-1", "/export",
    "/settings", "/users", "/account", "/account/second-factor", "/no-such-page",
)  # fmt: skip
"""Pages behind the log-in, as an administrator sees them."""
PICTURES = Path(__file__).parents[2] / "build" / "screenshots"
"""Where a picture of each page is left, by width and colours."""
LAYOUT_SHIFT = """() => new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((seen) => { for (const one of seen.getEntries()) sum += one.value; })
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(sum), 250);
})"""
LOOKS = (("light", 1440, "en-GB"), ("dark", 1440, "de-DE"), ("light", 390, "de-DE"))
"""German words are the longer ones."""


@pytest.mark.parametrize(("scheme", "width", "locale"), LOOKS)
def test_axe_finds_nothing(
    chrome: Browser, address: str, services: Services, scheme: str, width: int, locale: str
) -> None:
    receive_goods(services.db, "PO-7001", {"1": "6"}, "2026-11-20", "DN-5", "approver")
    add_document(services, invoice())
    unsure = invoice("HM-2", order="PO-9999")
    fields = {**unsure.fields, "invoice_number": value("HM-2", 0.3), "seller_iban": value("GB33BUKB20201555555556")}
    add_document(services, replace(unsure, fields=fields), "second.pdf")
    add_failed(services)
    found = {}
    with chrome.new_context(
        base_url=address, viewport={"width": width, "height": 900}, color_scheme=scheme, locale=locale
    ) as context:
        page = context.new_page()
        page.goto("/login")
        found["/login"] = faults(page)
        log_in(page, "admin")
        for path in PAGES:
            page.goto(path)
            found[path] = faults(page)
            keep(page, path, f"{width}-{scheme}")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{path} is wider than the window"
        page.goto("/queue")
        page.keyboard.press("?")
        found["keys"] = faults(page)
    assert {path: what for path, what in found.items() if what} == {}


@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_moves_while_a_page_loads(chrome: Browser, address: str, services: Services, width: int) -> None:
    receive_goods(services.db, "PO-7001", {"1": "6"}, "2026-11-20", "DN-5", "approver")
    add_document(services, invoice())
    add_document(services, invoice("HM-2", order="PO-9999"), "second.pdf")
    moved = {}
    with chrome.new_context(base_url=address, viewport={"width": width, "height": 900}, locale="en-GB") as context:
        page = context.new_page()
        log_in(page, "admin")
        for path in PAGES:
            page.goto(path)
            moved[path] = page.evaluate(LAYOUT_SHIFT)
    # from 0.1 on a page is said to be unsteady; ours stand still
    assert {path: shift for path, shift in moved.items() if shift > 0.01} == {}


def keep(page: Page, path: str, look: str) -> None:
    """A picture of the page among the build's results, for who wants to see what was checked."""
    name = re.sub(r"\W+", "-", path).strip("-") or "home"
    page.screenshot(path=PICTURES / look / f"{name}.png", full_page=True)


def faults(page: Page) -> list[str]:
    """Each violation with the first element that it is about."""
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:200]} ({len(one['nodes'])})"
        for one in Axe().run(page).response["violations"]
    ]

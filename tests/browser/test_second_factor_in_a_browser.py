"""The second factor by keyboard, with an app that scans what the page shows."""

from __future__ import annotations

import io
import time

import pyotp
import zxingcpp
from axe_playwright_python.sync_playwright import Axe
from office import PASSWORD
from PIL import Image
from playwright.sync_api import Browser, Page, expect


def test_it_is_scanned_set_up_and_asked_for(window: Page, chrome: Browser, address: str) -> None:
    window.goto("/account/second-factor")
    window.locator("#present").focus()
    window.keyboard.type(PASSWORD)
    window.keyboard.press("Enter")
    expect(window.locator("#code")).to_be_focused()
    scanned = zxingcpp.read_barcode(Image.open(io.BytesIO(window.locator(".qr").screenshot())))
    assert scanned is not None
    app = pyotp.parse_uri(scanned.text)
    assert isinstance(app, pyotp.TOTP)
    assert (app.name, app.issuer) == ("coordinator", "Invoicing Coordinator")
    assert app.secret in window.locator("code.wrap").inner_text().replace(" ", "")
    assert Axe().run(window).response["violations"] == []
    window.keyboard.type(app.at(int(time.time())))
    window.keyboard.press("Enter")
    expect(window.locator(".codes li")).to_have_count(10)
    assert Axe().run(window).response["violations"] == []
    recovery = window.locator(".codes li").first.inner_text()
    with chrome.new_context(base_url=address, locale="en-GB") as context:
        page = context.new_page()
        page.goto("/queue")
        expect(page.locator("#name")).to_be_focused()
        page.locator("#password").fill("looked at")
        show = page.get_by_role("button", name="Show what you typed")
        show.press("Enter")
        expect(page.locator("#password")).to_have_attribute("type", "text")
        page.get_by_role("button", name="Hide what you typed").press("Enter")
        expect(page.locator("#password")).to_have_attribute("type", "password")
        page.locator("#password").fill("")
        page.locator("#name").focus()
        for text, key in (("coordinator", "Tab"), (PASSWORD, "Enter")):
            page.keyboard.type(text)
            page.keyboard.press(key)
        expect(page.locator("#code")).to_be_focused()
        assert Axe().run(page).response["violations"] == []
        page.keyboard.type("123")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("not right")
        expect(page.locator("#code")).to_be_focused()
        page.keyboard.type(recovery)
        page.keyboard.press("Enter")
        page.wait_for_url("**/queue")
        page.goto("/account")
        expect(page.get_by_role("button", name="End all others")).to_be_visible()
        page.get_by_role("button", name="End all others").press("Enter")
        expect(page.get_by_text("this browser")).to_be_visible()
    window.goto("/account")
    expect(window).to_have_url(f"{address}/login?next=%2Faccount")

"""What a person does in a real browser, step by step."""

from __future__ import annotations

from typing import Any

from office import PASSWORD
from playwright.sync_api import Page, expect


def log_in(page: Page, name: str) -> None:
    """Log in by keyboard."""
    page.goto("/login")
    expect(page.locator("#name")).to_be_focused()
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/queue")


def drop(page: Page, *files: tuple[str, bytes]) -> None:
    """Drop files on the page as from a folder."""
    page.evaluate(
        """files => {
            const transfer = new DataTransfer();
            for (const [name, bytes] of files) transfer.items.add(new File([new Uint8Array(bytes)], name));
            for (const kind of ["dragenter", "dragover", "drop"]) {
                document.getElementById("upload").dispatchEvent(
                    new DragEvent(kind, { dataTransfer: transfer, bubbles: true, cancelable: true }));
            }
        }""",
        [[name, list(content)] for name, content in files],
    )


def click_word(page: Page, text: str) -> None:
    """Click a printed word on the page's picture."""
    page.locator(".sheet[data-ready]").first.wait_for()
    word: Any = page.evaluate_handle(
        "text => [...document.querySelectorAll('.words rect')].find(made => made.word.text === text)", text
    ).as_element()
    assert word is not None, f"no word {text!r} on the page"
    word.click()

"""`coordinator demo`, as a newcomer starts it: log in with what the page shows, find a queue worth looking at."""

from __future__ import annotations

import re
import signal
import subprocess
from pathlib import Path

from command import COORDINATOR, variables
from playwright.sync_api import Browser, expect

ALL_DECIDED = 300
"""Seconds in which the samples are through on a busy machine."""


def test_the_demo_opens_on_a_filled_queue_and_leaves_nothing_behind(chrome: Browser, tmp_path: Path, until) -> None:
    process = subprocess.Popen(
        [COORDINATOR, "demo", "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
        env=variables(None, TMPDIR=str(tmp_path)),
    )
    try:
        assert process.stdout
        address = re.search(r"http://\S+", process.stdout.readline())
        assert address
        with chrome.new_context(base_url=address[0]) as context:
            page = context.new_page()
            page.goto("/")
            name, password = page.locator(".notice code").all_text_contents()
            page.get_by_label("Name").fill(name)
            page.get_by_label("Password").fill(password)
            page.get_by_role("button", name="Log in").click()
            nothing_in_work = page.get_by_role("link", name=re.compile(r"^In work\s+0$"))
            # not as fast as it goes: pages loaded without end take the readers' time
            until(lambda: page.reload() and nothing_in_work.count() == 1, ALL_DECIDED, every=1)
            assert page.locator("table tbody tr").count() >= 10
            page.get_by_role("link", name="Atelier Moreau SARL").click()
            expect(page.locator(".problems")).to_contain_text("Bank account changed")
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        process.stdout.close()
    assert list(tmp_path.glob("coordinator-demo-*")) == []

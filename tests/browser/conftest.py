from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from compiled import with_compiled_templates
from driving import log_in
from office import add_records, add_users
from playwright.sync_api import Browser, Page, expect, sync_playwright
from waitress import wasyncore
from waitress.server import create_server

from matching.policy import Policy
from web.app import create_app
from web.services import Services, open_services
from web.settings import ServerSettings, Settings
from web.worker import Worker

WIDE = {"width": 1440, "height": 900}
PATIENCE = 20_000
"""Milliseconds in which what is expected has to come: a busy machine is slow, and that is no fault of a page."""


def chromium() -> str | None:
    """The browser that the system has; None: the one that Playwright brought.

    Chromium's headless shell, which Playwright itself takes too, renders the same pages without a window around them:
    that halves its work.
    """
    return next(filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "chromium-browser"))), None)


@pytest.fixture(scope="session")
def chrome() -> Iterator[Browser]:
    """One browser for all tests; each test has its own windows in it."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


def settings_of(folder: Path) -> Settings:
    """Whose policy takes middling readings: how sure the reader is, is not the matter of these tests."""
    return Settings(folder, ServerSettings(port=0), policy=Policy(min_confidence=0.6), today=date(2026, 11, 23))


@pytest.fixture(scope="session")
def new_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder just set up under that policy."""
    folder = tmp_path_factory.mktemp("new") / "data"
    open_services(settings_of(folder)).close()
    return folder


@pytest.fixture
def services(tmp_path: Path, new_folder: Path) -> Iterator[Services]:
    """An empty data folder, opened."""
    shutil.copytree(new_folder, tmp_path / "data")
    opened = open_services(settings_of(tmp_path / "data"))
    yield opened
    opened.close()


@pytest.fixture
def address(services: Services) -> Iterator[str]:
    """The running service with its worker, over the small company."""
    add_users(services)
    add_records(services)
    sockets: dict[int, Any] = {}
    app = with_compiled_templates(create_app(services))
    server = create_server(app, map=sockets, host="127.0.0.1", port=0, threads=4)
    stop = threading.Event()

    def serve() -> None:
        # sockets are closed by the thread that waits on them: closed by another, the wait can spin for good
        while not stop.is_set():
            wasyncore.loop(timeout=0.2, map=sockets, count=1)
        wasyncore.close_all(sockets)

    serving = threading.Thread(target=serve)
    worker = Worker(services)
    worker.start()
    serving.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    stop.set()
    serving.join()
    server.task_dispatcher.shutdown()
    worker.stop()


@pytest.fixture
def window(chrome: Browser, address: str) -> Iterator[Page]:
    """A window that is logged in; a fault in the page's own scripts fails the test."""
    with chrome.new_context(base_url=address, viewport=WIDE, locale="en-GB") as context:
        page = context.new_page()
        faults: list[str] = []
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        log_in(page, "coordinator")
        yield page
        assert faults == []

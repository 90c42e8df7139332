"""Uploads in a real browser whose network or service goes away in the middle: one document each, whatever happens."""

from __future__ import annotations

import gc
import io
import os
import re
import signal
import socket
import subprocess
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from command import COORDINATOR, variables
from driving import log_in
from office import add_records, add_users
from paper import invoice_pdf
from playwright.sync_api import Browser, Page, Request, expect
from pypdf import PdfReader, PdfWriter

from ingest.store import DocumentStore
from web.services import Services
from web.uploads import FOLDER

READING = 60_000
"""Milliseconds that reading may take on a busy machine."""
MIB = 2**20
LEFT_TO_PYTHON = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
Until = Callable[..., None]


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A good invoice of 24 MiB: it carries a file that nobody looks at."""
    writer = PdfWriter(PdfReader(io.BytesIO(invoice_pdf())))
    writer.add_attachment("drawing.bin", os.urandom(24 * MIB))
    path = tmp_path / "large.pdf"
    with path.open("wb") as file:
        writer.write(file)
    return path


@pytest.fixture
def cut_off() -> Iterator[None]:
    """Of a request whose sender went away the web server leaves the temporary file to Python, which tells of that."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        gc.collect()


def there(services: Services) -> int:
    """Bytes of unfinished uploads."""
    return sum(path.stat().st_size for path in (services.settings.data / FOLDER).glob("*"))


@pytest.mark.usefixtures("cut_off")
@LEFT_TO_PYTHON
def test_a_cut_connection_and_a_closed_page_lose_nothing_and_double_nothing(
    window: Page, services: Services, large: Path, until: Until
) -> None:
    asked: list[Request] = []
    window.on("request", lambda request: asked.append(request))
    window.on("dialog", lambda dialog: dialog.accept())
    window.goto("/upload")
    window.locator("#files").set_input_files(large)
    until(lambda: there(services) > 3 * MIB, 20)
    window.context.set_offline(True)
    row = window.locator(".upload", has_text="large.pdf")
    expect(row.locator(".state")).to_have_text("Connection lost")
    cut_at = there(services)
    assert cut_at < large.stat().st_size
    window.context.set_offline(False)
    until(lambda: there(services) > cut_at + 2 * MIB, 20)
    window.goto("/upload")
    assert DocumentStore(services.db).every_sha256() == ()
    before_second_choice = there(services)
    window.locator("#files").set_input_files(large)
    expect(row.locator(".state")).to_have_text("Approved", timeout=READING)

    record = DocumentStore(services.db).get(1)
    assert services.files.original(record.sha256).read_bytes() == large.read_bytes()
    assert len(DocumentStore(services.db).every_sha256()) == len(DocumentStore(services.db).deliveries(1)) == 1
    announced = [one for one in asked if one.method == "POST" and one.url.endswith("/uploads")]
    assert len(announced) == 1
    pieces = [int(one.headers["upload-offset"]) for one in asked if one.method == "PATCH"]
    assert pieces.count(0) == 1
    assert min(pieces[-2:]) > before_second_choice - MIB
    assert there(services) == 0


def test_a_killed_service_is_gone_on_with_when_it_is_back(
    chrome: Browser, services: Services, large: Path, until: Until
) -> None:
    add_users(services)
    add_records(services)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    services.inbox.mkdir()  # a folder door of its own is of no matter here
    with (
        running(services.settings.data, port, until) as first,
        chrome.new_context(base_url=f"http://127.0.0.1:{port}", locale="en-GB") as context,
    ):
        page = context.new_page()
        log_in(page, "coordinator")
        page.goto("/upload")
        page.locator("#files").set_input_files(large)
        until(lambda: there(services) > 4 * MIB, 20)
        os.killpg(first.pid, signal.SIGKILL)
        first.wait()
        row = page.locator(".upload", has_text="large.pdf")
        expect(row.locator(".state")).to_have_text("Connection lost")
        assert 4 * MIB < there(services) < large.stat().st_size
        with running(services.settings.data, port, until):
            expect(row.locator(".state")).to_have_text(re.compile("Approved|Needs review"), timeout=READING)
            page.goto("/inbox")
    record = DocumentStore(services.db).get(1)
    assert services.files.original(record.sha256).read_bytes() == large.read_bytes()
    assert len(DocumentStore(services.db).every_sha256()) == len(DocumentStore(services.db).deliveries(1)) == 1


@contextmanager
def running(data: Path, port: int, until: Until) -> Iterator[subprocess.Popen[bytes]]:
    command = [COORDINATOR, "serve", "--port", str(port), "--data", str(data)]
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=variables(data), start_new_session=True
    )

    def answers() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    try:
        until(answers, 30)
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(30)


def test_pictures_are_pasted_and_what_is_refused_is_said_in_its_row(window: Page, services: Services) -> None:
    window.goto("/upload")
    window.evaluate(
        """() => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([new Uint8Array([137, 80, 78, 71])], "image.png", { type: "image/png" }));
            dispatchEvent(new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true }));
        }"""
    )
    row = window.locator(".upload").first
    expect(row.locator(".upload-name")).to_have_text(re.compile(r"^pasted [\d-]+ [\d.]+\.png$"))
    expect(row.locator(".state")).to_have_text("Could not be read", timeout=READING)
    huge = 201 * MIB
    window.evaluate(
        """size => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([new Blob([new Uint8Array(size)])], "huge.pdf"));
            dispatchEvent(new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true }));
        }""",
        huge,
    )
    refused = window.locator(".upload", has_text="huge.pdf")
    expect(refused.locator(".state")).to_have_text("Not taken", timeout=20_000)
    expect(refused).to_contain_text("larger than the service takes (200 MB)")
    expect(window.locator("#summary")).to_have_text("All 2 files are through.")


def test_a_telephone_offers_its_camera_and_a_desk_does_not(chrome: Browser, address: str, window: Page) -> None:
    window.goto("/upload")
    expect(window.get_by_text("take a photo")).to_be_hidden()
    with chrome.new_context(
        base_url=address, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    ) as context:
        page = context.new_page()
        log_in(page, "coordinator")
        page.goto("/upload")
        with page.expect_file_chooser() as choosing:
            page.get_by_text("take a photo").tap()
        assert choosing.value.element.get_attribute("capture") == "environment"


@pytest.mark.usefixtures("cut_off")
@LEFT_TO_PYTHON
def test_a_stopped_upload_leaves_nothing(window: Page, services: Services, large: Path, until: Until) -> None:
    window.goto("/upload")
    window.locator("#files").set_input_files(large)
    window.get_by_role("button", name="Stop").click()
    expect(window.locator(".upload .state")).to_have_text("Not taken")
    until(lambda: there(services) == 0, 10)
    assert DocumentStore(services.db).every_sha256() == ()


def test_of_many_files_two_are_on_their_way_and_each_has_its_row(
    window: Page, services: Services, tmp_path: Path
) -> None:
    flying: list[Request] = []
    most = 0

    def sent(request: Request) -> None:
        nonlocal most
        if request.method == "PATCH":
            flying.append(request)
            most = max(most, len(flying))

    window.on("request", sent)
    window.on("requestfinished", lambda request: request in flying and flying.remove(request))
    paths = []
    for number in range(5):
        paths.append(tmp_path / f"{number}.xml")
        paths[-1].write_bytes(f"<?xml version='1.0'?><Order>{number}</Order>".encode() + b" " * 50_000)
    window.goto("/upload")
    window.locator("#files").set_input_files(paths)
    expect(window.locator("#summary")).to_have_text("All 5 files are through.", timeout=READING)
    assert most == 2
    assert window.locator(".upload").count() == len(DocumentStore(services.db).every_sha256()) == 5
    assert Axe().run(window).response["violations"] == []

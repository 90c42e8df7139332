"""Doors that fail or fall silent: told on every page and by mail, once; a watcher that breaks is started again."""

from __future__ import annotations

import io
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from visitor import Visitor

from ingest.document import Door, ReceivedFile
from ingest.errors import DiskLow, SettingsError
from ingest.sources.door_store import DoorReport, DoorStore
from ingest.sources.folder import FolderSettings
from ingest.store import DocumentStore
from web.alarms import Bell, of_disk, standing
from web.app import create_app
from web.mailing import SmtpSettings
from web.server import keep_watching
from web.services import Services
from web.settings import DiskSettings, load_settings

Until = Callable[..., None]
FOLDER = FolderSettings(silent_hours=24, failing_minutes=30)


class Box(Message):
    """Keeps what it was sent."""

    def __init__(self) -> None:
        super().__init__()
        self.mails: list[tuple[str, str, str]] = []

    def prepare_message(self, session: object, envelope: object) -> object:
        message = message_from_bytes(envelope.content, policy=default)  # type: ignore[attr-defined]
        self.mails.append((message["Subject"], message["To"], message.get_content()))
        return super().prepare_message(session, envelope)

    def handle_message(self, message: object) -> None:
        pass


@pytest.fixture
def box() -> Iterator[tuple[Box, int]]:
    """A real SMTP server and what it was sent."""
    kept = Box()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(kept, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield kept, port
    finally:
        controller.stop()


def watched(services: Services, folder: FolderSettings = FOLDER, **more: object) -> Services:
    """The services with a watched folder and no warning of this machine's disk."""
    disk = DiskSettings(floor_mb=0, warn_mb=0)
    services.settings = replace(services.settings, folder=folder, disk=disk, **more)  # type: ignore[arg-type]
    return services


def failing(services: Services, minutes: float) -> DoorStore:
    store = DoorStore(services.db)
    store.begin("folder inbox", datetime.now(UTC))
    store.failing("folder inbox", "The share is away.", datetime.now(UTC) - timedelta(minutes=minutes))
    return store


def test_a_door_that_fails_for_longer_than_its_setting_is_an_alarm_until_it_works(services: Services) -> None:
    watched(services)
    store = failing(services, 29)
    assert standing(services) == ()
    store.working("folder inbox")
    failing(services, 200)
    store.failing("folder inbox", "Still away.", datetime.now(UTC))
    assert [one.message for one in standing(services)] == ["The folder inbox has not worked for 3 hours: Still away."]
    store.working("folder inbox")
    assert standing(services) == ()


def test_a_door_that_brings_nothing_for_longer_than_its_setting_is_an_alarm(services: Services) -> None:
    watched(services)
    store = DoorStore(services.db)
    store.begin("folder inbox", datetime.now(UTC) - timedelta(hours=25))
    told = [one.message for one in standing(services)]
    assert told == ["The folder inbox has brought nothing for 25 hours. Is it still in use?"]
    DoorReport(lambda: services.db, "folder inbox").delivered()
    assert standing(services) == ()
    store.delivered("folder inbox", datetime.now(UTC) - timedelta(days=4))
    assert "for 4 days" in standing(services)[0].message
    watched(services, replace(FOLDER, silent_hours=0))
    assert standing(services) == ()


def test_a_door_that_the_settings_no_longer_name_alarms_nobody(services: Services) -> None:
    watched(services, replace(FOLDER, enabled=False))
    failing(services, 600)
    assert standing(services) == ()


def test_coordinators_see_it_on_every_page_and_viewers_do_not(
    services: Services, visit: Callable[..., Visitor]
) -> None:
    watched(services)
    failing(services, 60)
    DoorStore(services.db).stuck("folder inbox", ["scan.pdf: It cannot be read."])
    sentence = "The folder inbox has not worked for 60 minutes: The share is away."
    browser = visit("coordinator")
    for page in ("/queue", "/upload", "/inbox", "/records/orders", "/export"):
        assert browser.get(page).text.count(sentence) == 1, page
    assert "scan.pdf: It cannot be read." in browser.get("/inbox").text
    assert sentence not in visit("viewer").get("/queue").text
    assert sentence not in visit().get("/login").text


def test_the_administrator_is_mailed_once_when_it_begins_and_once_when_it_is_over(
    services: Services, box: tuple[Box, int]
) -> None:
    kept, port = box
    smtp = SmtpSettings("127.0.0.1", port, "none", sender="coordinator@firm.example", to=("admin@firm.example",))
    watched(services, smtp=smtp, public_url="https://invoices.firm.example/")
    store = failing(services, 60)
    bell = Bell(services)
    assert bell.look()
    assert not bell.look()
    assert not Bell(services).look()  # a service that was started again knows what it told
    store.working("folder inbox")
    assert bell.look()
    assert not bell.look()
    subjects = [subject for subject, _, _ in kept.mails]
    assert subjects == [
        "Invoicing Coordinator: failing folder inbox",
        "Invoicing Coordinator: over: failing folder inbox",
    ]
    assert kept.mails[0][1] == "admin@firm.example"
    assert "has not worked for 60 minutes: The share is away." in kept.mails[0][2]
    assert "https://invoices.firm.example/inbox" in kept.mails[0][2]


def test_the_administrator_is_mailed_in_the_language_of_the_house(services: Services, box: tuple[Box, int]) -> None:
    kept, port = box
    smtp = SmtpSettings("127.0.0.1", port, "none", sender="coordinator@firm.example", to=("admin@firm.example",))
    watched(services, smtp=smtp, language="de")
    failing(services, 40)
    assert Bell(services).look()
    subject, _, text = kept.mails[0]
    assert subject == "Invoicing Coordinator: gestört: Ordner inbox"
    assert "„Ordner inbox“ funktioniert seit 40 Minuten nicht: The share is away." in text
    assert standing(services)[0].message.startswith("The folder"), "outside of mails and pages English is spoken"


def test_a_mail_that_could_not_be_sent_is_sent_later(services: Services, box: tuple[Box, int]) -> None:
    kept, port = box
    away = SmtpSettings("127.0.0.1", 1, "none", sender="coordinator@firm.example", to=("admin@firm.example",))
    watched(services, smtp=away)
    failing(services, 60)
    bell = Bell(services)
    with pytest.raises(OSError, match="refused"):
        bell.look()
    watched(services, smtp=replace(away, port=port))
    assert bell.look()
    assert len(kept.mails) == 1


def test_smtp_settings_that_would_leak_or_cannot_work_are_refused(services: Services) -> None:
    file = services.settings.data / "settings.toml"
    base = '[smtp]\nhost = "mail.example"\nfrom = "a@b.example"\nto = ["c@d.example"]\n'
    file.write_text(base)
    assert load_settings(services.settings.data, {}).smtp.sender == "a@b.example"
    for wrong, told in (('security = "none"\nuser = "u"', "clear text"), ('security = "ssl"', "must be one of")):
        file.write_text(f"{base}{wrong}\n")
        with pytest.raises(SettingsError, match=told):
            load_settings(services.settings.data, {})
    file.write_text('[smtp]\nhost = "mail.example"\n')
    with pytest.raises(SettingsError, match="'from' and 'to'"):
        load_settings(services.settings.data, {})
    file.write_text('[[folders]]\npath = "/a"\nname = "scans"\n[[folders]]\npath = "/b"\nname = "scans"\n')
    with pytest.raises(SettingsError, match="two doors are called 'folder scans'"):
        load_settings(services.settings.data, {})


def test_a_watcher_that_breaks_is_told_of_and_started_again_ever_more_slowly(services: Services, until: Until) -> None:
    stop, starts = threading.Event(), []

    def job(report: DoorReport) -> None:
        starts.append(datetime.now(UTC))
        if len(starts) < 4:
            raise ZeroDivisionError("a fault of ours")
        report.works()
        stop.wait()

    arguments = ("folder inbox", job, services, stop, 0.1)
    thread = threading.Thread(target=keep_watching, args=arguments)
    thread.start()
    try:
        until(lambda: any("ZeroDivisionError" in one.trouble for one in DoorStore(services.db).all()), 10)
        until(lambda: len(starts) == 4, 10)
        until(lambda: all(one.failing_since is None for one in DoorStore(services.db).all()), 10)
    finally:
        stop.set()
        thread.join()
    pauses = [(later - sooner).total_seconds() for sooner, later in zip(starts, starts[1:], strict=False)]
    assert 0.1 <= pauses[0] < pauses[1] < pauses[2]


def test_below_the_floor_every_door_refuses_and_nothing_is_kept(
    services: Services, visit: Callable[..., Visitor]
) -> None:
    browser = visit("coordinator")
    services.settings = replace(services.settings, disk=DiskSettings(floor_mb=10**9, warn_mb=10**9))
    with pytest.raises(DiskLow, match="at least 1000000000 MiB"):
        services.receive(ReceivedFile("a.pdf", b"%PDF", Door.FOLDER))
    answer = browser.post("/upload", file=(io.BytesIO(b"%PDF-1.7"), "a.pdf"))
    assert answer.status_code == 507
    assert "The service&#39;s disk is nearly full; nothing was taken." in answer.text
    assert DocumentStore(services.db).every_sha256() == ()
    assert "nothing is taken in any more" in browser.get("/queue").text
    assert list((services.settings.data / "files").rglob("*")) == []


def test_the_disk_warns_before_it_is_full() -> None:
    settings = DiskSettings(floor_mb=200, warn_mb=1024)
    assert of_disk(1024 * 2**20, settings) is None
    low, full = of_disk(1023 * 2**20, settings), of_disk(199 * 2**20, settings)
    assert low is not None
    assert "1023 MiB are left, below 200 MiB nothing is taken in" in low.message
    assert full is not None
    assert (low.key, full.key) == ("disk low", "disk full")


def test_pages_are_shown_while_the_doors_cannot_be_asked(services: Services) -> None:
    watched(services)
    app = create_app(services)
    services.db.execute("DROP TABLE doors")
    assert app.test_client().get("/login").status_code == 200

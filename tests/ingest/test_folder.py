from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from ingest.database import DatabaseUnavailable, transaction
from ingest.document import ReceivedFile
from ingest.sources.folder import FolderSettings, FolderWatcher
from ingest.store import DocumentStore
from web.server import refusals
from web.services import Services


@pytest.fixture
def watcher(services: Services) -> FolderWatcher:
    services.inbox.mkdir(parents=True)
    for name in ("done", "rejected"):
        (services.inbox.parent / name).mkdir()
    return FolderWatcher(FolderSettings(), services.inbox, services.receive, lambda: refusals(services))


def test_a_file_is_taken_only_when_it_has_stopped_growing(services: Services, watcher: FolderWatcher) -> None:
    path = services.inbox / "rechnung.pdf"
    path.write_bytes(b"%PDF-1.7 the first half")
    watcher.look(now=100)
    watcher.look(now=101)
    path.write_bytes(b"%PDF-1.7 the first half and the second")
    watcher.look(now=102.5)
    watcher.look(now=104)
    assert path.exists()
    watcher.look(now=104.6)
    assert not path.exists()
    document = DocumentStore(services.db).get(1)
    assert services.files.content(document.sha256) == b"%PDF-1.7 the first half and the second"
    assert (watcher.done / "rechnung.pdf").read_bytes() == services.files.content(document.sha256)


def test_two_files_of_one_name_are_both_kept(services: Services, watcher: FolderWatcher) -> None:
    for now, content in ((0, b"one"), (10, b"two")):
        (services.inbox / "scan.pdf").write_bytes(content)
        watcher.look(now=now)
        watcher.look(now=now + 3)
    assert sorted(path.name for path in watcher.done.iterdir()) == ["scan-1.pdf", "scan.pdf"]
    assert len(DocumentStore(services.db).every_sha256()) == 2


def test_hidden_unfinished_and_linked_files_are_left_alone(
    services: Services, watcher: FolderWatcher, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.pdf"
    secret.write_bytes(b"not meant for the service")
    (services.inbox / "link.pdf").symlink_to(secret)
    for name in (".hidden", "download.pdf.part", "copy.tmp"):
        (services.inbox / name).write_bytes(b"x")
    watcher.look(now=0)
    watcher.look(now=60)
    assert DocumentStore(services.db).every_sha256() == ()
    assert len(list(services.inbox.iterdir())) == 4


def test_what_cannot_be_read_is_moved_to_rejected_with_its_reason(services: Services, watcher: FolderWatcher) -> None:
    (services.inbox / "notes.pdf").write_bytes(b"this is no PDF")
    watcher.look(now=0)
    watcher.look(now=3)
    with transaction(services.db):
        DocumentStore(services.db).fail(1, "not_a_document", "This is not a document. Send a PDF.", services.now())
    watcher.look(now=4)
    assert (watcher.rejected / "notes.pdf").read_bytes() == b"this is no PDF"
    assert (watcher.rejected / "notes.pdf.reason.txt").read_text() == "This is not a document. Send a PDF.\n"
    assert list(watcher.done.iterdir()) == []


def test_the_running_watcher_takes_a_file_that_is_dropped(services: Services, watcher: FolderWatcher, until) -> None:
    stop = threading.Event()
    thread = threading.Thread(target=lambda: (watcher.run(stop, time.monotonic), services.close()))
    thread.start()
    try:
        (services.inbox / "dropped.pdf").write_bytes(b"%PDF-1.4 dropped")
        until(lambda: (watcher.done / "dropped.pdf").exists(), 15)
    finally:
        stop.set()
        thread.join()
    assert DocumentStore(services.db).get(1).name == "dropped.pdf"


def test_a_full_disk_does_not_close_the_door(services: Services, tmp_path: Path, until) -> None:
    refusals = iter([OSError(28, "No space left on device"), DatabaseUnavailable("database is locked")])

    def receive(file: ReceivedFile) -> object:
        trouble = next(refusals, None)
        if trouble is not None:
            raise trouble
        return services.receive(file)

    watcher = FolderWatcher(FolderSettings(settle_seconds=0), services.inbox, receive, lambda: [])
    stop = threading.Event()
    thread = threading.Thread(target=lambda: (watcher.run(stop, time.monotonic), services.close()))
    thread.start()
    try:
        until(services.inbox.exists, 5)
        (services.inbox / "late.pdf").write_bytes(b"%PDF-1.4 late")
        until(lambda: (watcher.done / "late.pdf").exists(), 20)
    finally:
        stop.set()
        thread.join()
    assert len(DocumentStore(services.db).deliveries(1)) == 1

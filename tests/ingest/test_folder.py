from __future__ import annotations

import ctypes
import os
import tempfile
import threading
import time
from pathlib import Path

import psutil
import pytest

from ingest.database import DatabaseUnavailable, transaction
from ingest.document import Door, ReceivedFile
from ingest.sources.door_store import STUCK_TOLD, DoorReport, DoorStore
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
    os.mkfifo(services.inbox / "pipe.pdf")
    watcher.look(now=120)
    assert DocumentStore(services.db).every_sha256() == ()
    assert len(list(services.inbox.iterdir())) == 5
    assert {path.name: "link" in why for path, why in watcher._stuck.items()} == {"link.pdf": True, "pipe.pdf": False}
    assert all("Put the file itself here" in why for why in watcher._stuck.values())


def test_a_file_that_was_given_up_by_its_program_is_told(
    services: Services, watcher: FolderWatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    (services.inbox / "scan.pdf.part").write_bytes(b"half")
    watcher.look(now=0)
    assert watcher._stuck == {}
    later = time.time() + 3700
    monkeypatch.setattr("ingest.sources.folder.time.time", lambda: later)
    watcher.look(now=1)
    (why,) = watcher._stuck.values()
    assert "not finished" in why


def test_of_many_files_that_cannot_be_taken_the_number_is_told(services: Services) -> None:
    report = DoorReport(lambda: services.db, "folder inbox")
    report.begin()
    report.stuck([f"{number}.pdf: no right to read it" for number in range(STUCK_TOLD + 7)])
    told = DoorStore(services.db).all()[0].stuck
    assert (len(told), told[-1]) == (STUCK_TOLD + 1, "And 7 more.")


def test_a_file_that_goes_away_while_it_is_read_is_no_trouble(services: Services, watcher: FolderWatcher) -> None:
    path = services.inbox / "short-lived.pdf"
    path.write_bytes(b"x")
    watcher.look(now=0)
    found = list(watcher._files(services.inbox, 1))
    path.unlink()
    watcher._files = lambda folder, deeper: iter(found)  # type: ignore[method-assign]
    watcher.look(now=60)
    assert "cannot be read" in watcher._stuck[path]
    del watcher._files
    watcher.look(now=61)
    assert watcher._stuck == {}
    assert DocumentStore(services.db).every_sha256() == ()


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


MANY = int(os.environ.get("FOLDER_FILES", "600"))
"""The long form: FOLDER_FILES=10000."""
NAMES = (
    "zwei\nzeilen.pdf",
    "é" * 125 + ".pdf.",
    "請求書 🧾.pdf",
    "a\u202efdp.exe",
    "-rf *;$(x).pdf",
    "tab\tand 'quote\".pdf",
    os.fsdecode(b"latin-\xe9.pdf"),
)


def settled(watcher: FolderWatcher) -> None:
    watcher.look(now=0)
    watcher.look(now=60)


def origins(services: Services) -> list[Path]:
    store = DocumentStore(services.db)
    found = [store.by_sha256(sha256) for sha256 in store.every_sha256()]
    return [Path(delivery.origin) for one in found if one for delivery in store.deliveries(one.id)]


def test_sub_folders_are_looked_into_and_kept_in_done(services: Services, watcher: FolderWatcher) -> None:
    for place in ("anna", "anna/november", ".trash"):
        (services.inbox / place).mkdir()
        (services.inbox / place / "r.pdf").write_bytes(place.encode())
    settled(watcher)
    assert (watcher.done / "anna" / "r.pdf").read_bytes() == b"anna"
    assert (watcher.done / "anna" / "november" / "r.pdf").read_bytes() == b"anna/november"
    assert (services.inbox / ".trash" / "r.pdf").exists()
    with transaction(services.db):
        DocumentStore(services.db).fail(2, "damaged", "It is damaged.", services.now())
    watcher.look(now=61)
    assert (watcher.rejected / "anna" / "r.pdf.reason.txt").read_text() == "It is damaged.\n"


def test_no_link_leads_out_of_the_folder(services: Services, watcher: FolderWatcher, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "secret.pdf").write_bytes(b"not meant for the service")
    (services.inbox / "linked").symlink_to(elsewhere)
    (services.inbox / "loop").symlink_to(services.inbox)
    settled(watcher)
    # and one that is put in the way when the folder was looked through already
    (services.inbox / "sub").mkdir()
    (services.inbox / "sub" / "secret.pdf").write_bytes(b"harmless, same length...")
    watcher.look(now=70)
    (services.inbox / "sub").rename(tmp_path / "away")
    (services.inbox / "sub").symlink_to(elsewhere)
    watcher.look(now=80)
    watcher.look(now=90)
    assert DocumentStore(services.db).every_sha256() == ()
    assert (elsewhere / "secret.pdf").exists()


def test_files_of_any_name_are_taken_and_found_again_where_their_document_says(
    services: Services, watcher: FolderWatcher
) -> None:
    for again in range(2):
        for number, name in enumerate(NAMES):
            (services.inbox / name).write_bytes(f"{again} {number}".encode())
        settled(watcher)
    assert list(services.inbox.iterdir()) == []
    found = origins(services)
    assert len(set(found)) == 2 * len(NAMES)
    for path in found:
        assert path.is_file()
        assert path.name.isprintable()
        assert len(path.name.encode()) <= 255


def test_a_file_that_is_replaced_while_it_is_read_is_taken_as_both(services: Services, tmp_path: Path) -> None:
    path = services.inbox / "rechnung.pdf"

    def receive(file: ReceivedFile) -> object:
        if file.content == b"first":
            other = tmp_path / "other"
            other.write_bytes(b"the second, longer")
            other.replace(path)
        return services.receive(file)

    watcher = FolderWatcher(FolderSettings(), services.inbox, receive, lambda: [])
    watcher._make_folders()
    path.write_bytes(b"first")
    settled(watcher)
    watcher.look(now=100)
    watcher.look(now=200)
    contents = {services.files.content(one) for one in DocumentStore(services.db).every_sha256()}
    assert contents == {b"first", b"the second, longer"}
    assert list(services.inbox.iterdir()) == []


def test_a_file_that_cannot_be_read_is_told_and_the_others_go_on(services: Services) -> None:
    with tempfile.TemporaryDirectory() as name:
        public = Path(name)
        public.chmod(0o777)
        inbox, taken = public / "inbox", []
        report = DoorReport(lambda: services.db, "folder inbox")
        report.begin()
        watcher = FolderWatcher(FolderSettings(), inbox, lambda file: taken.append(file.name), lambda: [], report)
        watcher._make_folders()
        for each in (inbox, watcher.done, watcher.rejected):
            each.chmod(0o777)
        for file, mode in (("locked.pdf", 0o000), ("open.pdf", 0o644)):
            (inbox / file).write_bytes(b"x")
            (inbox / file).chmod(mode)

        def look_without_rights() -> None:
            ctypes.CDLL(None).setfsuid(65534)  # this thread alone: root may read everything
            settled(watcher)

        thread = threading.Thread(target=look_without_rights)
        thread.start()
        thread.join()
        assert taken == ["open.pdf"]
        (told,) = watcher._stuck.values()
        assert "no right to" in told
        (inbox / "locked.pdf").chmod(0o644)
        watcher.look(now=61)
        watcher.look(now=62)
    assert taken == ["open.pdf", "locked.pdf"]
    assert DoorStore(services.db).all()[0].stuck == ()


def test_a_file_that_cannot_be_moved_is_taken_once_and_told(services: Services, watcher: FolderWatcher) -> None:
    report = watcher._report = DoorReport(lambda: services.db, "folder inbox")
    report.begin()
    (services.inbox / "anna").mkdir()
    (services.inbox / "anna" / "r.pdf").write_bytes(b"x")
    (watcher.done / "anna").write_bytes(b"somebody put a file where the folder must be")
    settled(watcher)
    for now in range(61, 70):
        watcher.look(now=now)
    assert len(DocumentStore(services.db).deliveries(1)) == 1
    assert "was taken, but cannot be moved" in DoorStore(services.db).all()[0].stuck[0]
    (watcher.done / "anna").unlink()
    watcher.look(now=71)
    assert (watcher.done / "anna" / "r.pdf").exists()
    assert len(DocumentStore(services.db).deliveries(1)) == 1
    watcher.look(now=72)
    assert DoorStore(services.db).all()[0].stuck == ()


def test_a_share_that_is_away_is_told_and_taken_up_again(services: Services, tmp_path: Path, until) -> None:
    share = tmp_path / "share"
    settings = FolderSettings(path=str(share), settle_seconds=0, name="scanner")
    report = DoorReport(lambda: services.db, settings.door)
    report.begin()
    watcher = FolderWatcher(settings, share, services.receive, lambda: [], report, inside=True)
    stop = threading.Event()
    thread = threading.Thread(target=lambda: (watcher.run(stop, time.monotonic), services.close()))
    thread.start()
    try:
        until(lambda: DoorStore(services.db).all()[0].failing_since, 10)
        assert not share.exists()
        share.mkdir()
        (share / "r.pdf").write_bytes(b"from the scanner")
        until(lambda: (share / "done" / "r.pdf").exists(), 15)
        until(lambda: DoorStore(services.db).all()[0].failing_since is None, 10)
    finally:
        stop.set()
        thread.join()
    assert len(DocumentStore(services.db).every_sha256()) == 1
    assert DoorStore(services.db).all()[0].delivered_at is not None


def test_thousands_of_files_at_once_leave_memory_and_the_other_doors_alone(
    services: Services, watcher: FolderWatcher
) -> None:
    for number in range(MANY):
        (services.inbox / f"{number}.txt").write_bytes(f"file {number}".encode() + bytes(10_000))
    before, slowest = psutil.Process().memory_info().rss, 0.0
    done = threading.Event()

    def take_all() -> None:
        watcher.look(now=0)
        while watcher.look(now=60):
            pass
        services.close()
        done.set()

    thread = threading.Thread(target=take_all)
    thread.start()
    uploads = 0
    while not done.wait(0.05):
        begun = time.monotonic()
        services.receive(ReceivedFile("u.txt", f"upload {uploads}".encode(), Door.UPLOAD))
        slowest, uploads = max(slowest, time.monotonic() - begun), uploads + 1
    thread.join()
    assert len(DocumentStore(services.db).every_sha256()) == MANY + uploads
    assert list(services.inbox.iterdir()) == []
    assert psutil.Process().memory_info().rss - before < 100 * 2**20
    assert uploads > 5
    assert slowest < 3

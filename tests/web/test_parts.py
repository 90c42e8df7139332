"""Files of several documents, from the command line to the pages."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from command import COORDINATOR, objects, run, variables
from paper import conditions_pdf, delivery_note_pdf, invoice_pdf, joined
from visitor import Visitor

from ingest.audit import trail
from ingest.database import migrate, open_database, transaction
from ingest.document import Door, ReceivedFile, State
from ingest.part_store import PartStore
from ingest.schema import ingest_migrations
from ingest.store import DocumentStore
from matching.store import MatchStore
from web.doctor import examine
from web.services import DATABASE, Services
from web.worker import Worker

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
Visit = Callable[..., Visitor]


def three(extra: str = "") -> bytes:
    """Three invoices, with conditions behind the second."""
    second = invoice_pdf(f"HM-2{extra}", "5.00")
    return joined(invoice_pdf(f"HM-1{extra}"), second, conditions_pdf(), invoice_pdf(f"HM-3{extra}", "6.00"))


def receive(services: Services, content: bytes, name: str = "batch.pdf") -> int:
    return services.receive(ReceivedFile(name, content, Door.UPLOAD, "anna")).document.id


def work(services: Services) -> None:
    worker = Worker(services)
    while worker.read_next() or worker.decide_next():
        pass


def parts_look_like(services: Services, document_id: int) -> list[tuple[int, int, tuple[int, int] | None, str | None]]:
    store = DocumentStore(services.db)
    found = []
    for one in store.parts(document_id):
        extraction = store.extraction(one.id)
        assert extraction is not None
        assert (extraction.part, extraction.page_range) == (one.part, one.page_range)
        found.append((one.part, one.parts, one.page_range, extraction.text("invoice_number")))
    return found


THREE = [(1, 3, (1, 1), "HM-1"), (2, 3, (2, 3), "HM-2"), (3, 3, (4, 4), "HM-3")]


def test_each_document_of_a_file_is_read_decided_and_told(services: Services) -> None:
    first = receive(services, three())
    other = receive(services, invoice_pdf("HM-9"), "single.pdf")
    work(services)
    assert parts_look_like(services, first) == THREE
    store = DocumentStore(services.db)
    ids = [one.id for one in store.parts(first)]
    assert ids[0] == first and other not in ids
    assert {one.state for one in store.parts(first)} == {State.NEEDS_REVIEW}
    decided = [MatchStore(services.db).decision(number) for number in (*ids, other)]
    assert all(decided)
    rows = services.db.query("SELECT document_id FROM audit WHERE action = 'decided' ORDER BY id")
    order = [row["document_id"] for row in rows]
    assert order == [*ids, other], "the documents of a file are decided where their file stands"
    for number, (part, _, _, _) in zip(ids, THREE, strict=True):
        (split,) = [entry for entry in trail(services.db, number) if entry.action == "split"]
        assert (split.details["parent"], split.details["part"]) == (str(first), str(part))
    document = store.document(ids[1])
    assert document is not None and [page.number for page in document.pages] == [2, 3]
    assert all(finding.good for finding in examine(services) if finding.what in {"parts", "originals", "hashes"})


def test_process_and_extract_print_an_object_a_document_in_the_order_of_the_files(tmp_path: Path) -> None:
    batch, single = tmp_path / "batch.pdf", tmp_path / "single.pdf"
    batch.write_bytes(three())
    single.write_bytes(invoice_pdf("HM-9"))
    extracted = objects(run("extract", "--json", batch, single))
    assert [(one.get("part"), one.get("page_range")) for one in extracted] == [
        (1, [1, 1]), (2, [2, 3]), (3, [4, 4]), (None, None),
    ]  # fmt: skip
    processed = objects(run("process", "--json", batch, single, data=tmp_path / "data"))
    assert [one["extraction"]["fields"]["invoice_number"]["value"] for one in processed] == [
        "HM-1", "HM-2", "HM-3", "HM-9",
    ]  # fmt: skip
    assert len({one["document_id"] for one in processed}) == 4
    (again,) = objects(run("process", "--json", batch, data=tmp_path / "data"))
    assert (again["status"], again["document_id"]) == ("duplicate", processed[0]["document_id"])


def test_the_same_invoice_twice_in_one_file_is_found(services: Services) -> None:
    twice = joined(invoice_pdf("HM-1"), invoice_pdf("HM-2", "5.00"), invoice_pdf("HM-1"))
    first = receive(services, twice)
    work(services)
    found = [one[3] for one in parts_look_like(services, first)]
    assert found == ["HM-1", "HM-2", "HM-1"]


def test_a_reading_that_is_saved_again_makes_no_part_twice(services: Services) -> None:
    first = receive(services, three())
    work(services)
    store = DocumentStore(services.db)
    document, readings = store.document(first), [store.extraction(one.id) for one in store.parts(first)]
    assert document is not None
    with transaction(services.db):
        PartStore(services.db).save(first, document, [one for one in readings if one], "again", NOW)
    assert parts_look_like(services, first) == THREE


def test_a_rejected_part_is_opened_again_with_its_file_and_read_again_alone(services: Services) -> None:
    first = receive(services, three())
    work(services)
    store = DocumentStore(services.db)
    ids = [one.id for one in store.parts(first)]
    with transaction(services.db):
        store.move(ids[0], State.APPROVED, NOW)
        store.move(ids[2], State.REJECTED, NOW)
    receipt = services.receive(ReceivedFile("batch.pdf", three(), Door.FOLDER, "inbox"))
    assert (receipt.document.id, receipt.seen_before) == (first, False)
    with transaction(services.db):
        store.move(ids[1], State.RECEIVED, NOW, attempts=0)
    work(services)
    assert [store.get(number).state for number in ids] == [State.APPROVED, State.NEEDS_REVIEW, State.NEEDS_REVIEW]
    assert parts_look_like(services, first) == THREE
    assert len(store.deliveries(ids[2])) == 2


@pytest.mark.parametrize("after", [0.6, 1.6, 2.4])
def test_a_killed_worker_loses_no_part_and_makes_none_twice(tmp_path: Path, after: float) -> None:
    file, data = tmp_path / "batch.pdf", tmp_path / "data"
    file.write_bytes(three())
    begun = subprocess.Popen(
        [COORDINATOR, "process", "--json", str(file)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=variables(data),
    )  # fmt: skip
    time.sleep(after)
    begun.send_signal(signal.SIGKILL)
    begun.wait()
    # the next file is decided only when what came before it is
    later = tmp_path / "later.pdf"
    later.write_bytes(invoice_pdf("HM-9"))
    run("process", "--json", file, later, data=data)
    db = open_database(data / DATABASE)
    store = DocumentStore(db)
    assert [(one.part, one.parts, one.page_range) for one in store.parts(1)] == [found[:3] for found in THREE]
    db.close()


def test_a_database_of_before_opens_and_its_files_stay_known(tmp_path: Path) -> None:
    db = open_database(tmp_path / "old.sqlite")
    ingest_migrations.apply(db, stop_before="add_parts")
    columns = {"sha256": "abc", "name": "a.pdf", "door": "upload", "origin": "", "size": 3, "state": "approved"}
    db.table("documents").insert(
        columns | {"received_at": NOW.isoformat(), "state_at": NOW.isoformat(), "version": 1, "attempts": 0}
    )
    migrate(db, (ingest_migrations,))
    store = DocumentStore(db)
    document, arrival = store.add(ReceivedFile("a.pdf", b"abc", Door.UPLOAD), "abc", NOW)
    assert (document.id, document.part, document.parts, arrival.value) == (1, 1, 1, "seen_again")
    db.close()


def test_pages_show_which_part_of_the_file_it_is(visit: Visit, services: Services) -> None:
    first = receive(services, three())
    work(services)
    second = DocumentStore(services.db).parts(first)[1].id
    visitor = visit("coordinator")
    shown = visitor.get(f"/documents/{second}").text
    assert "Part 2 of 3, pages 2–3 of batch.pdf" in shown
    assert 'id="page-2"' in shown and 'id="page-3"' in shown
    assert 'id="page-1"' not in shown and 'id="page-4"' not in shown
    assert "nothing was read from it" in shown
    assert f"/documents/{first}" in shown
    assert "2 of 3 in batch.pdf" in visitor.get("/queue").text


def test_enclosures_of_a_single_invoice_are_shown_as_such(visit: Visit, services: Services) -> None:
    number = receive(services, joined(invoice_pdf(), delivery_note_pdf()))
    work(services)
    shown = visit("viewer").get(f"/documents/{number}").text
    assert "Page 2 goes with the document" in shown
    assert "of 1" not in shown

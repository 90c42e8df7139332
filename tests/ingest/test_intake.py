from __future__ import annotations

from datetime import UTC, datetime, timedelta

from ingest.audit import trail
from ingest.database import transaction
from ingest.document import Door, ReceivedFile, State
from ingest.store import DocumentStore
from web.services import Services

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def file(content: bytes = b"%PDF-1.7", door: Door = Door.UPLOAD) -> ReceivedFile:
    return ReceivedFile("a.pdf", content, door, "anna")


def test_the_bytes_are_on_disk_before_anyone_is_told(services: Services) -> None:
    receipt = services.receive(file())
    assert services.files.content(receipt.document.sha256) == b"%PDF-1.7"
    assert [entry.action for entry in trail(services.db, receipt.document.id)] == ["received"]


def test_the_same_bytes_by_another_door_make_no_second_document(services: Services) -> None:
    first = services.receive(file())
    second = services.receive(file(door=Door.MAILBOX))
    assert (first.seen_before, second.seen_before) == (False, True)
    assert second.document.id == first.document.id
    doors = [delivery.door for delivery in DocumentStore(services.db).deliveries(first.document.id)]
    assert doors == [Door.UPLOAD, Door.MAILBOX]


def test_a_failed_document_is_opened_again_when_it_comes_again(services: Services) -> None:
    store, receipt = DocumentStore(services.db), services.receive(file())
    with transaction(services.db):
        store.fail(receipt.document.id, "damaged", "broken", NOW)
    again = services.receive(file())
    assert not again.seen_before
    assert again.document.state is State.RECEIVED
    assert again.document.error_code is None


def test_a_document_is_claimed_by_one_reader_until_its_lease_ends(services: Services) -> None:
    store = DocumentStore(services.db)
    services.receive(file())
    with transaction(services.db):
        assert store.claim_next("first", NOW, timedelta(seconds=60)) is not None
        assert store.claim_next("second", NOW, timedelta(seconds=60)) is None
        taken_over = store.claim_next("second", NOW + timedelta(seconds=61), timedelta(seconds=60))
    assert taken_over is not None
    assert taken_over.attempts == 2


def test_documents_are_decided_in_the_order_of_receipt(services: Services) -> None:
    store = DocumentStore(services.db)
    for content in (b"1", b"2"):
        services.receive(file(content))
    with transaction(services.db):
        store.move(2, State.READ, NOW)
    assert store.next_to_decide() is None, "the first is not read yet"
    with transaction(services.db):
        store.move(1, State.READ, NOW)
    assert (store.next_to_decide() or store.get(2)).id == 1


def test_a_transaction_that_breaks_off_leaves_nothing(services: Services) -> None:
    try:
        with transaction(services.db):
            DocumentStore(services.db).add(file(), "f" * 64, NOW)
            raise RuntimeError("power cut")
    except RuntimeError:
        pass
    assert DocumentStore(services.db).every_sha256() == ()

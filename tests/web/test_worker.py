from __future__ import annotations

import threading
from pathlib import Path

import samples
from ingest.audit import trail
from ingest.document import Door, ReceivedFile, State
from ingest.store import DocumentStore
from web.services import Services, open_services
from web.worker import Worker

DOCUMENTS = Path(samples.__file__).parent / "documents"


def receive(services: Services, *names: str) -> None:
    for name in names:
        services.receive(ReceivedFile(name, (DOCUMENTS / name).read_bytes(), Door.COMMAND, "test"))


def states(services: Services) -> list[State]:
    store = DocumentStore(services.db)
    return [store.get(number).state for number in range(1, len(store.every_sha256()) + 1)]


def test_two_services_on_one_folder_decide_each_document_once(services: Services) -> None:
    receive(services, "05-van-dijk-ubl.xml", "06-kessler-cii.xml")
    worker = Worker(services)
    while worker.read_next():
        pass
    decided: list[bool] = []

    def decide() -> None:
        other = open_services(services.settings)
        mine = Worker(other)
        while mine.decide_next():
            decided.append(True)
        other.close()

    threads = [threading.Thread(target=decide) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(decided) == 2
    assert states(services) == [State.NEEDS_REVIEW, State.NEEDS_REVIEW]
    for number in (1, 2):
        assert [entry.action for entry in trail(services.db, number)] == ["received", "read", "decided"]


def test_a_document_that_cannot_be_read_stops_no_other(services: Services) -> None:
    receive(services, "24-cut-off.pdf", "06-kessler-cii.xml", "25-locked.pdf")
    worker = Worker(services)
    while worker.read_next() or worker.decide_next():
        pass
    assert states(services) == [State.FAILED, State.NEEDS_REVIEW, State.FAILED]
    failed = DocumentStore(services.db).get(3)
    assert failed.error_code == "encrypted"
    assert "password" in (failed.error_message or "")


def test_a_fault_of_ours_fails_one_document_after_three_tries_and_the_next_goes_on(services: Services) -> None:
    receive(services, "05-van-dijk-ubl.xml", "06-kessler-cii.xml")
    worker = Worker(services)
    while worker.read_next():
        pass
    # a reading that an older version wrote and this one cannot understand
    services.db.execute("UPDATE readings SET extraction = '{' WHERE document_id = 1")
    services.db.conn.commit()
    faults = 0
    while states(services)[1] is State.READ:
        try:
            worker.decide_next()
        except Exception:
            faults += 1
    assert faults == 3
    assert states(services) == [State.FAILED, State.NEEDS_REVIEW]
    assert DocumentStore(services.db).get(1).error_code == "internal"

"""Splitting and joining by hand: pages, numbers, corrections, and what undoes it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import cache

import pytest
from paper import conditions_pdf, invoice_pdf, joined
from visitor import Visitor

from ingest.audit import trail
from ingest.database import transaction
from ingest.document import Document, Door, ReceivedFile, State
from ingest.errors import Conflict
from ingest.extract import EXTRACTOR_VERSION, extract_all, extract_part
from ingest.part_store import PartStore
from ingest.readers import read_document, render_pages
from ingest.store import DocumentStore
from matching import parting, reviewing
from matching.review import Correction
from matching.store import MatchStore
from web.services import Services
from web.worker import Worker

Visit = Callable[..., Visitor]


def read(services: Services, content: bytes) -> int:
    number = services.receive(ReceivedFile("batch.pdf", content, Door.UPLOAD, "anna")).document.id
    work(services)
    return number


def work(services: Services) -> None:
    """What the worker does, in this process: reading in a child is tested in `test_parts.py`."""
    store = DocumentStore(services.db)
    while True:
        with transaction(services.db):
            document = store.claim_next("test", services.now(), timedelta(minutes=1))
            if document is None:
                break
            read_pages = pages_of(services.files.content(document.sha256))
            pages = document.page_range
            found = (extract_part(read_pages, document.part, *pages),) if pages else extract_all(read_pages)
            PartStore(services.db).save(document.id, read_pages, found, EXTRACTOR_VERSION, services.now())
    worker = Worker(services)
    while worker.decide_next():
        pass


@cache
def pages_of(content: bytes) -> Document:
    """The words of a file's pages."""
    return read_document(content, "0" * 64)


def look(services: Services, number: int) -> list[tuple[int, int, int, tuple[int, int] | None, str | None]]:
    """Number, part, parts, pages and invoice number of each document of a file."""
    store, found = DocumentStore(services.db), []
    for one in store.parts(number):
        extraction = store.extraction(one.id)
        assert extraction is not None
        assert extraction.part in (None, one.part)
        found.append((one.id, one.part, one.parts, one.page_range, extraction.text("invoice_number")))
    return found


def version(services: Services, number: int) -> int:
    return DocumentStore(services.db).get(number).version


def correct(services: Services, number: int, value: str) -> None:
    day, now = services.settings.current_day(), services.now()
    item = Correction("buyer_reference", value)
    reviewing.correct(services.db, number, version(services, number), [item], "anna", services.policy, day, now)


def reference(services: Services, number: int) -> str | None:
    extraction = MatchStore(services.db).corrected_extraction(number)
    assert extraction is not None
    return extraction.text("buyer_reference")


@pytest.fixture
def glued(services: Services) -> int:
    """Four pages that the service takes for one document: an invoice and its conditions."""
    return read(services, joined(invoice_pdf("HM-1", "5.00"), conditions_pdf(), conditions_pdf(), conditions_pdf()))


def test_pages_become_documents_and_one_again(services: Services, glued: int) -> None:
    assert [one[2] for one in look(services, glued)] == [1]
    correct(services, glued, "before")
    ids = parting.split(services.db, glued, version(services, glued), [4, 3], "anna", services.now())
    assert [DocumentStore(services.db).get(one).state for one in ids] == [State.RECEIVED] * 3
    work(services)
    assert [one[:4] for one in look(services, glued)] == [
        (glued, 1, 3, (1, 2)), (ids[1], 2, 3, (3, 3)), (ids[2], 3, 3, (4, 4))
    ]  # fmt: skip
    assert reference(services, glued) is None, "what was corrected belonged to all the pages"
    correct(services, glued, "the first")
    kept = parting.join(services.db, {one: version(services, one) for one in (ids[0], ids[1])}, "anna", services.now())
    work(services)
    assert kept == glued
    assert [one[:4] for one in look(services, glued)] == [(glued, 1, 2, (1, 3)), (ids[2], 2, 2, (4, 4))]
    gone = DocumentStore(services.db).get(ids[1])
    assert (gone.state, gone.parts, gone.parent_id) == (State.JOINED, 1, glued)
    assert PartStore(services.db).incomplete() == ()
    # the same place again gives the same number, and what was corrected there
    parting.split(services.db, glued, version(services, glued), [3], "ben", services.now())
    work(services)
    assert [one[0] for one in look(services, glued)] == [*ids]
    assert reference(services, glued) == "the first"
    assert [entry.action for entry in trail(services.db, ids[1]) if entry.actor == "ben"] == ["split_by_hand"]


def test_it_is_taken_back(services: Services, glued: int) -> None:
    correct(services, glued, "before")
    ids = parting.split(services.db, glued, version(services, glued), [3], "anna", services.now())
    parting.take_back(services.db, ids[1], "anna", services.now())
    work(services)
    assert [one[:4] for one in look(services, glued)] == [(glued, 1, 1, (1, 4))]
    assert reference(services, glued) == "before"
    with pytest.raises(Conflict, match="has changed since"):
        parting.take_back(services.db, glued, "anna", services.now())


def test_what_happened_since_stays(services: Services, glued: int) -> None:
    ids = parting.split(services.db, glued, version(services, glued), [3], "anna", services.now())
    work(services)
    with pytest.raises(Conflict, match="has changed since"):
        parting.take_back(services.db, glued, "ben", services.now())
    correct(services, ids[1], "new")
    with pytest.raises(Conflict, match="has changed since"):
        parting.take_back(services.db, glued, "anna", services.now())


def test_documents_that_the_service_told_apart_are_joined(services: Services) -> None:
    first = read(
        services, joined(invoice_pdf("HM-1", "5.00"), invoice_pdf("HM-2", "5.00"), invoice_pdf("HM-3", "6.00"))
    )
    ids = [one[0] for one in look(services, first)]
    versions = {one: version(services, one) for one in ids}
    with pytest.raises(Conflict, match="one after the other"):
        parting.join(services.db, {ids[0]: versions[ids[0]], ids[2]: versions[ids[2]]}, "anna", services.now())
    parting.join(services.db, {one: versions[one] for one in ids[:2]}, "anna", services.now())
    work(services)
    assert [one[:4] for one in look(services, first)] == [(ids[0], 1, 2, (1, 2)), (ids[2], 2, 2, (3, 3))]
    parting.take_back(services.db, first, "anna", services.now())
    work(services)
    assert [one[0] for one in look(services, first)] == ids
    assert [one[4] for one in look(services, first)] == ["HM-1", "HM-2", "HM-3"]


def test_it_is_refused_where_it_makes_no_sense(services: Services, glued: int) -> None:
    def split(*starts: int, seen: int | None = None) -> None:
        parting.split(services.db, glued, seen or version(services, glued), starts, "anna", services.now())

    for starts in ((), (1,), (5,)):
        with pytest.raises(Conflict, match="Choose the pages"):
            split(*starts)
    with pytest.raises(Conflict, match="changed by someone else"):
        split(3, seen=99)
    day, now = services.settings.current_day(), services.now()
    reviewing.reject(services.db, glued, version(services, glued), "anna", "no", services.policy, day, now)
    with pytest.raises(Conflict, match="open it again first"):
        split(3)
    assert len(look(services, glued)) == 1


def test_the_page_offers_it_and_tells(visit: Visit, services: Services, glued: int) -> None:
    sha256 = DocumentStore(services.db).get(glued).sha256
    content, folder = services.files.content(sha256), services.files.picture(sha256, 1).parent
    folder.mkdir(parents=True)
    render_pages(content, folder, pages_of(content))
    browser = visit("coordinator")
    address = f"/documents/{glued}"
    assert "Page 4 begins one" in browser.get(address).text
    assert 'id="parting"' not in visit("viewer").get(address).text
    answer = browser.post(f"{address}/split", page=["3"], version=str(version(services, glued)))
    assert answer.status_code == 303
    page = browser.get(answer.location).text
    assert f"Document #{glued} is split" in page
    assert "Split by hand into documents" in page
    work(services)
    other = look(services, glued)[1][0]
    page = browser.get(address).text
    assert f'value="{other}/{version(services, other)}"' in page
    chosen = [f"{one}/{version(services, one)}" for one in (glued, other)]
    assert browser.post(f"{address}/join", document=chosen).status_code == 303
    page = browser.get(f"/documents/{other}").text
    assert f'belong to that one now: <a href="/documents/{glued}">#{glued}</a>' in page
    assert browser.post(f"{address}/parting/undo").status_code == 303
    work(services)
    assert len(look(services, glued)) == 2

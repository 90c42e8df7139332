"""Files that come in through the browser."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

from office import add_document, add_failed, invoice
from visitor import Visitor
from werkzeug.test import TestResponse

from ingest.document import Door
from ingest.store import DocumentStore
from web.services import Services

Visit = Callable[..., Visitor]
JSON = {"Accept": "application/json"}


def send(browser: Visitor, *files: tuple[bytes, str], script: bool = True) -> TestResponse:
    data = {"csrf": browser.token, "file": [(io.BytesIO(content), name) for content, name in files]}
    return browser.client.post("/upload", data=data, headers=JSON if script else {})


def test_a_file_is_taken_under_the_name_of_who_sent_it(visit: Visit, services: Services) -> None:
    answer = send(visit("coordinator"), (b"bytes", "../../rechnung Nr. 7.pdf")).json["documents"][0]
    record = DocumentStore(services.db).get(answer["document"])
    assert (record.name, record.door, record.origin) == ("rechnung Nr. 7.pdf", Door.UPLOAD, "coordinator")
    assert services.files.content(record.sha256) == b"bytes"
    assert answer["final"] is False
    assert answer["seen_before"] is False


def test_known_bytes_are_told_with_number_day_and_outcome(visit: Visit, services: Services) -> None:
    browser = visit("coordinator")
    number = add_document(services, invoice("HM-2", price="4.00"), "good.pdf")
    known = services.files.content(DocumentStore(services.db).get(number).sha256)
    answer = send(browser, (known, "again.pdf")).json["documents"][0]
    assert answer["seen_before"] is True
    assert answer["text"] == (f"Seen before as #{number} on 23 Nov 2026: Harbour Metals Ltd, invoice HM-2, approved")
    assert len(DocumentStore(services.db).deliveries(number)) == 2


def test_verdicts_are_sentences(visit: Visit, services: Services) -> None:
    browser = visit("viewer")
    good = add_document(services, invoice("HM-2", price="4.00"), "good.pdf")
    dear = add_document(services, invoice("HM-3"), "dear.pdf")
    locked = add_failed(services)
    texts = {number: browser.get(f"/documents/{number}/verdict").json for number in (good, dear, locked)}
    assert texts[good]["text"] == "Harbour Metals Ltd, invoice HM-2: approved"
    assert texts[dear]["text"].startswith("Harbour Metals Ltd, invoice HM-3: ")
    assert "price differs" in texts[dear]["text"]
    assert texts[locked]["text"].startswith("locked.pdf could not be read: The file is protected by a password.")
    assert all(verdict["final"] for verdict in texts.values())


def test_without_scripts_the_form_works_and_leads_to_the_inbox(visit: Visit, services: Services) -> None:
    browser = visit("coordinator")
    response = send(browser, (b"one", "one.pdf"), (b"two", "two.pdf"), script=False)
    assert response.location == "/inbox"
    page = browser.get("/inbox").text
    assert "one.pdf" in page
    assert "two.pdf" in page


def test_a_form_without_files_says_what_to_do(visit: Visit) -> None:
    response = send(visit("coordinator"))
    assert response.status_code == 422
    assert "Choose one or more files" in response.json["error"]["message"]


def test_the_inbox_lists_what_could_not_be_read_and_reads_it_again(visit: Visit, services: Services) -> None:
    browser = visit("coordinator")
    number = add_failed(services)
    assert "Ask the sender for an open copy." in browser.get("/inbox").text
    version = DocumentStore(services.db).get(number).version
    fields = {"step": "read_again", "version": version, "from": "inbox"}
    response = browser.post(f"/documents/{number}/decide", **fields)
    assert response.location == f"/inbox?done=read_again&document={number}"
    assert DocumentStore(services.db).get(number).state == "received"
    assert f"Document #{number} is read again." in browser.get(response.location).text


def test_an_archive_becomes_its_files_and_one_without_any_is_kept_itself(visit: Visit, services: Services) -> None:
    packed, empty = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a/one.pdf", b"%PDF-1.7 one")
        archive.writestr("../two.xml", b"<?xml version='1.0'?><Invoice/>")
    with zipfile.ZipFile(empty, "w") as archive:
        archive.writestr("notes.txt", b"milk")
    browser = visit("coordinator")
    told = send(browser, (packed.getvalue(), "november.zip"), (empty.getvalue(), "empty.zip")).json["documents"]
    assert [one["name"] for one in told] == ["one.pdf", "two.xml", "empty.zip"]
    kept = DocumentStore(services.db).get(told[2]["document"])
    assert services.files.content(kept.sha256) == empty.getvalue()

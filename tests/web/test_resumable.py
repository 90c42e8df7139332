"""Uploads that go on where they broke off: the protocol, its limits, and that each gives its documents exactly once."""

from __future__ import annotations

import base64
import hashlib
import io
import os
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from visitor import Visitor
from werkzeug.test import TestResponse

from ingest.document import Door
from ingest.store import DocumentStore
from web.app import create_app
from web.doctor import examine
from web.people_store import TokenStore
from web.services import Services
from web.upload_store import UploadStore
from web.uploads import FOLDER, Uploads

Visit = Callable[..., Visitor]
CONTENT = b"%PDF-1.7 " + os.urandom(3000)


class Sender:
    """A client of the protocol, as a browser with its session."""

    def __init__(self, browser: Visitor, root: str = "/uploads") -> None:
        self.browser, self.root = browser, root

    def ask(self, method: str, address: str, **options: Any) -> TestResponse:
        headers = {"Tus-Resumable": "1.0.0", "X-CSRF-Token": self.browser.token, "Accept": "application/json"}
        headers |= options.pop("headers", {})
        return self.browser.client.open(address, method=method, headers=headers, **options)

    def begin(self, length: int, name: str = "r.pdf", sha256: str = "") -> TestResponse:
        given = {"filename": name} | ({"sha256": sha256} if sha256 else {})
        told = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in given.items())
        return self.ask("POST", self.root, headers={"Upload-Length": str(length), "Upload-Metadata": told})

    def piece(self, address: str, offset: int, content: bytes) -> TestResponse:
        headers = {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
        return self.ask("PATCH", address, headers=headers, data=content)

    def offset(self, address: str) -> int:
        return int(self.ask("HEAD", address).headers["Upload-Offset"])

    def whole(self, content: bytes, name: str = "r.pdf") -> TestResponse:
        address = self.begin(len(content), name).headers["Location"]
        assert self.piece(address, 0, content).status_code == 204
        return self.ask("POST", f"{address}/documents")


@pytest.fixture
def sender(visit: Visit) -> Sender:
    return Sender(visit("coordinator"))


def test_a_file_in_pieces_becomes_a_document_with_its_last_one(sender: Sender, services: Services) -> None:
    begun = sender.begin(len(CONTENT), "../C:\\scans\\Rechnung Nr. 7.pdf", hashlib.sha256(CONTENT).hexdigest())
    address = begun.headers["Location"]
    assert (begun.status_code, begun.headers["Tus-Resumable"]) == (201, "1.0.0")
    assert sender.piece(address, 0, CONTENT[:1000]).headers["Upload-Offset"] == "1000"
    assert DocumentStore(services.db).every_sha256() == ()
    assert sender.ask("POST", f"{address}/documents").status_code == 409
    assert sender.offset(address) == 1000
    assert sender.piece(address, 1000, CONTENT[1000:]).status_code == 204
    record = DocumentStore(services.db).get(1)
    assert (record.name, record.door, record.origin) == ("Rechnung Nr. 7.pdf", Door.UPLOAD, "coordinator")
    assert services.files.content(record.sha256) == CONTENT
    assert list((services.settings.data / FOLDER).iterdir()) == []
    told = [sender.ask("POST", f"{address}/documents") for _ in range(2)]
    assert [one.status_code for one in told] == [201, 201]
    assert told[0].json == told[1].json
    assert told[0].json["documents"][0]["seen_before"] is False
    assert len(DocumentStore(services.db).deliveries(1)) == 1
    assert sender.offset(address) == len(CONTENT)


def test_a_piece_that_does_not_fit_changes_nothing(sender: Sender) -> None:
    address = sender.begin(100).headers["Location"]
    assert sender.piece(address, 0, b"x" * 40).status_code == 204
    assert sender.piece(address, 0, b"y" * 40).status_code == 409
    assert sender.piece(address, 50, b"y" * 10).status_code == 409
    assert sender.piece(address, 40, b"y" * 61).status_code == 413
    assert sender.ask("PATCH", address, headers={"Upload-Offset": "40"}, data=b"y").status_code == 415
    assert sender.ask("PATCH", address, headers={"Upload-Offset": "-1"}, data=b"y").status_code == 415
    assert sender.ask("HEAD", address, headers={"Tus-Resumable": "0.2.2"}).status_code == 412
    assert sender.offset(address) == 40


def test_what_arrived_otherwise_than_announced_is_refused_and_ended(sender: Sender, services: Services) -> None:
    address = sender.begin(len(CONTENT), sha256=hashlib.sha256(b"another").hexdigest()).headers["Location"]
    answer = sender.piece(address, 0, CONTENT)
    assert (answer.status_code, "Send it again" in answer.text) == (422, True)
    assert DocumentStore(services.db).every_sha256() == ()
    assert sender.ask("HEAD", address).status_code == 404
    assert sender.begin(1, sha256="ABC").status_code == 422


def test_only_who_began_it_goes_on_and_ends_it(sender: Sender, visit: Visit) -> None:
    address = sender.begin(100).headers["Location"]
    other = Sender(visit("admin"))
    assert other.ask("HEAD", address).status_code == 404
    assert other.piece(address, 0, b"x").status_code == 404
    assert other.ask("DELETE", address).status_code == 404
    assert sender.ask("DELETE", address).status_code == 204
    assert sender.ask("HEAD", address).status_code == 404


def test_announcements_have_limits(sender: Sender, services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    limit = services.settings.server.request_mb * 2**20
    assert sender.begin(limit + 1).status_code == 413
    assert sender.ask("POST", "/uploads", headers={"Upload-Length": "1"}).status_code == 422
    assert sender.ask("POST", "/uploads", headers={"Upload-Length": "x"}).status_code == 422
    wrong = {"Upload-Length": "1", "Upload-Metadata": "filename !!"}
    assert sender.ask("POST", "/uploads", headers=wrong).status_code == 422
    monkeypatch.setattr("web.uploads.MOST_UNFINISHED", 1)
    assert [sender.begin(5).status_code for _ in range(2)] == [201, 429]


def test_what_is_announced_counts_against_the_room_on_the_disk(
    sender: Sender, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = (services.settings.disk.floor_mb + 100) * 2**20
    monkeypatch.setattr("ingest.intake.shutil.disk_usage", lambda path: type("Usage", (), {"free": free}))
    assert sender.begin(60 * 2**20).status_code == 201
    refused = sender.begin(60 * 2**20)
    assert (refused.status_code, refused.json["error"]["code"]) == (507, "disk_full")
    assert sender.begin(30 * 2**20).status_code == 201


def test_an_archive_in_pieces_becomes_its_files(sender: Sender) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("one.pdf", b"%PDF-1.7 one")
        archive.writestr("two.xml", b"<?xml version='1.0'?><Invoice/>")
    told = sender.whole(packed.getvalue(), "november.zip")
    assert [one["name"] for one in told.json["documents"]] == ["one.pdf", "two.xml"]


def test_an_empty_file_is_whole_at_once(sender: Sender, services: Services) -> None:
    address = sender.begin(0, "empty.pdf").headers["Location"]
    assert sender.ask("POST", f"{address}/documents").status_code == 201
    assert DocumentStore(services.db).get(1).name == "empty.pdf"


def test_what_nobody_goes_on_with_is_cleared_away_and_what_is_whole_is_taken(
    sender: Sender, services: Services
) -> None:
    left = sender.begin(100).headers["Location"].rsplit("/", 1)[-1]
    whole = sender.begin(len(CONTENT)).headers["Location"].rsplit("/", 1)[-1]
    folder = services.settings.data / FOLDER
    (folder / whole).write_bytes(CONTENT)  # the service was killed between the last piece and its documents
    stray = folder / ".whole-abc"
    stray.write_bytes(b"of a request that was killed")
    old = services.now() - timedelta(hours=25)
    os.utime(stray, (old.timestamp(), old.timestamp()))
    Uploads(services).sweep()
    assert len(DocumentStore(services.db).every_sha256()) == 1
    assert [path.name for path in folder.iterdir()] == [left]
    assert "1 unfinished" in next(one.message for one in examine(services) if one.what == "uploads")
    later = Services(
        replace(services.settings, server=replace(services.settings.server, unfinished_hours=0)), services.files
    )
    Uploads(later).sweep()
    later.close()
    assert list(folder.iterdir()) == []
    assert UploadStore(services.db).unfinished() == ()
    assert len(DocumentStore(services.db).every_sha256()) == 1


@pytest.fixture
def program(app: Flask, services: Services) -> Iterator[Sender]:
    _, key = TokenStore(services.db).make("import", ("upload",), 30, "admin")
    visitor = Visitor(app)
    visitor.client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {key}"
    yield Sender(visitor, "/api/uploads")


def test_programs_send_in_pieces_with_their_token(program: Sender, sender: Sender, services: Services) -> None:
    address = program.begin(len(CONTENT)).headers["Location"]
    assert address.startswith("/api/uploads/")
    assert program.piece(address, 0, CONTENT).status_code == 204
    answer = program.ask("POST", f"{address}/documents").json["documents"][0]
    assert (answer["document_id"], answer["status"], answer["seen_before"]) == ("1", "received", False)
    assert DocumentStore(services.db).get(1).origin == "program import"
    assert sender.ask("HEAD", address).status_code == 401
    assert sender.ask("HEAD", address.removeprefix("/api")).status_code == 404


def test_one_request_brings_so_many_files_and_no_more(visit: Visit, services: Services) -> None:
    few = replace(services.settings, server=replace(services.settings.server, request_files=2))
    app = create_app(Services(few, services.files))
    browser = Visitor(app)
    browser.log_in("coordinator")
    data = {"csrf": browser.token, "file": [(io.BytesIO(b"x"), f"{number}.pdf") for number in range(3)]}
    answer = browser.client.post("/upload", data=data, headers={"Accept": "application/json"})
    assert (answer.status_code, "At most 2 files" in answer.text) == (422, True)
    assert DocumentStore(services.db).every_sha256() == ()

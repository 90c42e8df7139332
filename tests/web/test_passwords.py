"""Protected PDFs: those that anybody may open are read; for the others the page asks for the password."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

from paper import invoice_pdf
from pypdf import PdfReader, PdfWriter
from visitor import Visitor

from ingest.audit import trail
from ingest.document import Door, ReceivedFile, State
from ingest.store import DocumentStore
from web.services import Services
from web.worker import Worker

Visit = Callable[..., Visitor]
SECRET = "müller & sons 2026"


def protected(user: str, owner: str = "owner", algorithm: str = "AES-256") -> bytes:
    writer = PdfWriter(PdfReader(io.BytesIO(invoice_pdf())))
    writer.encrypt(user, owner, algorithm=algorithm)
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def take_in(services: Services, content: bytes) -> int:
    number = services.receive(ReceivedFile("locked.pdf", content, Door.UPLOAD, "coordinator")).document.id
    work(services)
    return number


def work(services: Services) -> None:
    worker = Worker(services)
    while worker.read_next() or worker.decide_next():
        pass


def test_a_pdf_that_only_its_owner_may_change_is_read(visit: Visit, services: Services) -> None:
    visit("viewer")
    assert DocumentStore(services.db).get(take_in(services, protected(""))).state is State.APPROVED


def test_the_page_asks_for_the_password_and_forgets_it(visit: Visit, services: Services) -> None:
    browser = visit("coordinator")
    for algorithm in ("AES-256", "AES-128", "RC4-128"):
        secret = SECRET if algorithm == "AES-256" else "plain-secret-77"
        content = protected(secret, algorithm=algorithm)
        number = take_in(services, content)
        page = browser.get(f"/documents/{number}").text
        assert "Password of the PDF" in page
        assert "Enter the password" in browser.get("/inbox").text

        wrong = browser.post(f"/documents/{number}/password", password="guess", version=version(services, number))
        assert wrong.status_code == 303
        work(services)
        assert "This password does not open the PDF" in browser.get(f"/documents/{number}").text

        browser.post(f"/documents/{number}/password", password=secret, version=version(services, number))
        work(services)
        record = DocumentStore(services.db).get(number)
        extraction = DocumentStore(services.db).extraction(number)
        assert extraction is not None
        assert extraction.text("invoice_number") == "HM-4711"
        assert services.files.original(record.sha256).read_bytes() == content
        assert services.files.picture(record.sha256, 1).exists()
        assert [entry.actor for entry in trail(services.db, number) if entry.action == "read_again"] == [
            "coordinator"
        ] * 2
        assert services.passwords == {}
        assert secret.encode() not in everything_under(services.settings.data)
        services.db.execute("UPDATE documents SET state = 'rejected'")  # the next one is no duplicate


def test_only_a_locked_document_takes_a_password(visit: Visit, services: Services) -> None:
    browser = visit("coordinator")
    number = take_in(services, invoice_pdf())
    answer = browser.post(f"/documents/{number}/password", password="x", version=version(services, number))
    assert answer.status_code == 422
    assert "needs no password" in answer.text
    assert services.passwords == {}


def version(services: Services, number: int) -> str:
    return str(DocumentStore(services.db).get(number).version)


def everything_under(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())

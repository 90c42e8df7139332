"""Questions to people without an account: what a link opens, for how long, and what its answer does."""

from __future__ import annotations

import logging
import re
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from flask import Flask
from office import add_document, invoice
from paper import invoice_pdf, joined
from visitor import Visitor

from ingest.audit import trail
from ingest.database import transaction
from ingest.document import Door, ReceivedFile, State
from ingest.store import DocumentStore
from matching import reviewing
from web.inquiry_store import InquiryStore, Stand
from web.limits import RateLimit
from web.mailing import SmtpSettings
from web.services import Services
from web.store import TooManyAttempts, UserStore
from web.talk_store import TalkStore
from web.views import inquiry
from web.worker import Worker

Visit = Callable[..., Visitor]


def picture(services: Services, number: int) -> Path:
    path = services.files.picture(DocumentStore(services.db).get(number).sha256, 1)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"\x89PNG picture")
    return path


def ask(browser: Visitor, number: int, **form: str) -> str:
    """Ask on the page; answers the link's path."""
    browser.get(f"/documents/{number}")
    form = {"question": "Did you order this at 5.00?", "colleague": "Frau Öz", **form}
    answer = browser.post(f"/documents/{number}/inquiries", htmx=True, **form)
    assert answer.status_code == 200, answer.text[-500:]
    found = re.search(r"http://localhost(/ask/[\w-]+)", answer.text)
    assert found
    return found[1]


def test_a_link_shows_one_document_and_takes_one_answer(visit: Visit, services: Services) -> None:
    number = add_document(services, invoice())
    picture(services, number)
    asker, colleague = visit("coordinator"), visit()
    link = ask(asker, number)
    page = colleague.get(link)
    assert page.status_code == 200
    for shown in ("Did you order this at 5.00?", "Harbour Metals Ltd", "HM-1", "60.00", "coordinator asks Frau Öz"):
        assert shown in page.text
    assert f"/documents/{number}" not in page.text
    assert page.headers["X-Robots-Tag"].startswith("noindex")
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"
    assert colleague.get(f"{link}/pages/1.png").data == b"\x89PNG picture"
    assert colleague.get(f"{link}/pages/2.png").status_code == 404
    version = DocumentStore(services.db).get(number).version
    answer = colleague.post(link, choice="yes", answer="agreed in October", name="Öz, purchasing")
    assert answer.status_code == 200
    assert "Thank you" in answer.text
    for address in (link, f"{link}/pages/1.png"):
        closed = colleague.get(address)
        assert closed.status_code == 404
        assert "Harbour" not in closed.text
    assert colleague.post(link, choice="no", name="again").status_code == 404
    # whoever has the document open decides on what is known now
    assert DocumentStore(services.db).get(number).version > version
    shown = asker.get(f"/documents/{number}").text
    assert "Öz, purchasing (by link)" in shown
    assert "Yes: agreed in October" in shown
    assert "An answer has come." in shown
    assert "1 comment, an answer has come</a>" in shown
    last = trail(services.db, number)[-1]
    assert (last.action, last.actor) == ("inquiry_answered", "Öz, purchasing (by link)")


def test_the_asker_is_told_and_the_document_comes_back_from_hold(visit: Visit, services: Services) -> None:
    number = add_document(services, invoice())
    browser = visit("coordinator")
    link = ask(browser, number)
    store, asker = InquiryStore(services.db), next(o for o in UserStore(services.db).all() if o.name == "coordinator")
    assert store.asked() == (number,)
    version = DocumentStore(services.db).get(number).version
    day, now = services.settings.current_day(), services.now()
    reviewing.hold(services.db, number, version, "coordinator", "asked", services.policy, day, now)
    visit().get(link)
    colleague = visit()
    colleague.get(link)
    assert colleague.post(link, choice="no", name="Kim").status_code == 200
    assert DocumentStore(services.db).get(number).state is State.NEEDS_REVIEW
    assert (store.asked(), store.answered()) == ((), (number,))
    assert TalkStore(services.db).mentions_of(asker) == (number,)
    told = {entry.action: entry.details for entry in trail(services.db, number)}
    assert told["woken"]["reason"] == "Kim answered the question of coordinator"
    browser.post(f"/documents/{number}/inquiries/noted")
    assert (store.answered(), TalkStore(services.db).mentions_of(asker)) == ((), ())


def test_a_link_ends_by_time_and_by_taking_it_back(visit: Visit, services: Services) -> None:
    number = add_document(services, invoice())
    browser, colleague = visit("coordinator"), visit()
    first, second = ask(browser, number), ask(browser, number, question="And this?")
    past = (datetime.now(UTC) - timedelta(seconds=1)).isoformat()
    with transaction(services.db):
        services.db.execute("UPDATE inquiries SET expires_at = ? WHERE id = 1", [past])
    assert colleague.get(first).status_code == 404
    assert colleague.post(first, choice="yes", name="Kim").status_code in (403, 404)
    assert colleague.get(second).status_code == 200
    assert browser.post("/inquiries/2/revoke").status_code == 303
    assert colleague.post(second, choice="yes", name="Kim").status_code == 404
    assert browser.post("/inquiries/2/revoke").status_code == 409
    assert [one.stand for one in InquiryStore(services.db).of_document(number)] == [Stand.ENDED, Stand.REVOKED]
    shown = browser.get(f"/documents/{number}").text
    assert "The link was taken back." in shown
    assert "The link has ended without an answer." in shown


def test_a_link_is_kept_as_a_hash_and_stands_in_no_log(
    visit: Visit, services: Services, app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    number = add_document(services, invoice())
    link = ask(visit("coordinator"), number)
    token = link.rsplit("/", 1)[1]
    assert token not in "\n".join(services.db.conn.iterdump())

    def breaks(*_: Any) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(inquiry, "head_of", breaks)
    with caplog.at_level(logging.DEBUG):
        assert visit().get(link).status_code == 500
    assert "/ask/..." in caplog.text
    assert token not in caplog.text


@pytest.mark.parametrize(
    "form",
    [
        {"choice": "", "answer": " ", "name": "Kim"},
        {"choice": "perhaps", "answer": "x", "name": "Kim"},
        {"choice": "yes", "answer": "", "name": "  "},
        {"choice": "yes", "answer": "x" * 2001, "name": "Kim"},
        {"choice": "yes", "answer": "", "name": "K" * 81},
    ],
)
def test_an_answer_that_says_nothing_is_refused_and_kept_on_the_page(
    visit: Visit, services: Services, form: dict[str, str]
) -> None:
    number = add_document(services, invoice())
    link, colleague = ask(visit("coordinator"), number), visit()
    colleague.get(link)
    refused = colleague.post(link, **form)
    assert refused.status_code == 422
    assert 'role="alert"' in refused.text
    assert InquiryStore(services.db).get(1).stand is Stand.OPEN


def test_a_form_from_elsewhere_is_refused(visit: Visit, services: Services) -> None:
    number = add_document(services, invoice())
    link = ask(visit("coordinator"), number)
    assert visit().post(link, choice="yes", name="Kim").status_code == 403


@pytest.mark.parametrize("email", ["kim", "kim@x", "kim@x.example, all@x.example", "kim@x.example\nBcc: a@b.example"])
def test_only_one_plain_address_is_mailed(visit: Visit, services: Services, email: str) -> None:
    number = add_document(services, invoice())
    browser = visit("coordinator")
    browser.get(f"/documents/{number}")
    answer = browser.post(f"/documents/{number}/inquiries", htmx=True, question="Right?", email=email)
    assert answer.status_code == 422
    assert InquiryStore(services.db).of_document(number) == ()


class Mailbox:
    """Keeps what it is sent."""

    def __init__(self) -> None:
        self.taken: list[Any] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.taken.append(envelope)
        return "250 OK"


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, SmtpSettings]]:
    kept = Mailbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(kept, hostname="127.0.0.1", port=port)
    server.start()
    yield kept, SmtpSettings("127.0.0.1", port, "none", sender="c@firm.example", to=("admin@firm.example",))
    server.stop()


def test_the_question_is_mailed_where_the_settings_say_how(
    visit: Visit, services: Services, mailbox: tuple[Mailbox, SmtpSettings]
) -> None:
    kept, smtp = mailbox
    services.settings = replace(services.settings, smtp=smtp, public_url="https://invoices.firm.example/")
    number = add_document(services, invoice())
    browser = visit("coordinator")
    browser.get(f"/documents/{number}")
    form = {"question": "Did you order this?", "colleague": "Kim", "email": "kim@firm.example"}
    assert "was mailed to kim@firm.example" in browser.post(f"/documents/{number}/inquiries", htmx=True, **form).text
    [mail] = kept.taken
    assert mail.rcpt_tos == ["kim@firm.example"]
    message = message_from_bytes(mail.content, policy=default)
    assert message["Subject"] == "A question about Harbour Metals Ltd, HM-1, 60.00 GBP"
    assert "https://invoices.firm.example/ask/" in message.get_content()
    services.settings = replace(services.settings, smtp=replace(smtp, port=1))
    told = browser.post(f"/documents/{number}/inquiries", htmx=True, **form).text
    assert "The mail could not be sent" in told
    assert "https://invoices.firm.example/ask/" in told


def test_the_question_is_mailed_in_the_language_of_who_asks(
    visit: Visit, services: Services, mailbox: tuple[Mailbox, SmtpSettings]
) -> None:
    kept, services.settings = mailbox[0], replace(services.settings, smtp=mailbox[1])
    number = add_document(services, invoice())
    browser = visit("coordinator")
    browser.post("/account/language", language="de")
    browser.get(f"/documents/{number}")
    form = {"question": "Haben Sie das bestellt?", "colleague": "Kim", "email": "kim@firm.example"}
    assert browser.post(f"/documents/{number}/inquiries", htmx=True, **form).status_code == 200
    message = message_from_bytes(kept.taken[0].content, policy=default)
    assert message["Subject"] == "Rückfrage zu Harbour Metals Ltd, HM-1, 60,00 GBP"
    assert "coordinator hat eine Rückfrage zu Harbour Metals Ltd, HM-1, 60,00\u00a0GBP:" in message.get_content()


def test_without_a_script_the_link_stands_on_a_page_of_its_own(visit: Visit, services: Services) -> None:
    number = add_document(services, invoice())
    browser = visit("coordinator")
    browser.get(f"/documents/{number}")
    shown = browser.post(f"/documents/{number}/inquiries", question="Right?")
    assert "http://localhost/ask/" in shown.text
    assert f'href="/documents/{number}"' in shown.text


def test_pages_of_other_documents_of_the_same_file_stay_closed(visit: Visit, services: Services) -> None:
    content = joined(invoice_pdf("HM-1"), invoice_pdf("HM-2", "5.00"))
    first = services.receive(ReceivedFile("batch.pdf", content, Door.UPLOAD, "anna")).document.id
    worker = Worker(services)
    while worker.read_next() or worker.decide_next():
        pass
    parts = DocumentStore(services.db).parts(first)
    assert [one.page_range for one in parts] == [(1, 1), (2, 2)]
    link, colleague = ask(visit("coordinator"), parts[1].id), visit()
    assert colleague.get(f"{link}/pages/2.png").status_code == 200
    assert colleague.get(f"{link}/pages/1.png").status_code == 404
    assert "HM-1" not in colleague.get(link).text


def test_guessing_links_ends_soon_and_shuts_nobody_out(visit: Visit, services: Services) -> None:
    stranger = visit()
    answers = [stranger.get(f"/ask/guess{number}").status_code for number in range(inquiry.GUESSES + 2)]
    assert answers == [404] * inquiry.GUESSES + [429, 429]
    # whoever has a link comes in all the same, from the same address
    assert visit().get(ask(visit("coordinator"), add_document(services, invoice()))).status_code == 200


def test_a_limit_counts_each_address_for_itself_and_forgets() -> None:
    limit = RateLimit(2, 0.2)
    limit.knock("a")
    limit.knock("a")
    limit.knock("b")
    with pytest.raises(TooManyAttempts):
        limit.knock("a")
    limit.seconds = 0
    limit.knock("a")

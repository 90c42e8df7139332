"""The queue by cause: one answer for what many documents share, each decided by itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from office import add_document, add_records, invoice, value
from visitor import Visitor

from ingest.audit import trail
from ingest.document import State
from ingest.store import DocumentStore
from matching.ask_store import AskStore
from matching.asking import cause
from matching.queue import QueueFilter
from matching.store import MatchStore
from web.causes import causes_of, grouped
from web.presenters import Presenter
from web.questions import questions
from web.services import Services

Visit = Callable[..., Visitor]
REASON = "The price is agreed with purchasing"


def states(services: Services) -> dict[int, State]:
    return {row["id"]: State(row["state"]) for row in services.db.query("SELECT id, state FROM documents")}


def key_of(browser: Visitor, text: str) -> str:
    """The key of the cause whose heading says this."""
    return re.findall(rf'id="cause-(\w+)"[^>]*>{re.escape(text)}', browser.get("/queue/causes").text)[0]


def test_a_question_is_one_line_with_its_money(services: Services) -> None:
    add_records(services)
    number = add_document(services, invoice())
    match = MatchStore(services.db).match(number)
    assert match is not None
    asked = questions(match.discrepancies, Presenter())
    # what is open on the order follows from the price, and is not asked again
    assert {found.code for found in match.discrepancies} == {"price_differs", "total_over_order"}
    assert [one.told(Presenter(), "GBP") for one in asked] == ["Price 5.00, ordered 4.00, +10.00\u00a0GBP"]


def test_documents_with_one_cause_stand_together(services: Services) -> None:
    add_records(services)
    same = [add_document(services, invoice(f"HM-{number}")) for number in range(20, 23)]
    other = add_document(services, invoice("HM-30", price="4.50"))
    rows = {row.document.id: row for row in MatchStore(services.db).queue(QueueFilter(sort="oldest"))}
    causes = causes_of(grouped(AskStore(services.db).waiting()), rows, Presenter())
    first = next(cause for cause in causes if cause.question.text == "Price 5.00, ordered 4.00")
    assert list(first.group.numbers) == same
    assert [(currency, str(money)) for currency, money in first.group.money] == [("GBP", "30.00")]
    second = next(cause for cause in causes if cause.question.text == "Price 4.50, ordered 4.00")
    assert list(second.group.numbers) == [other]


def test_what_is_counted_is_what_the_documents_ask_now(visit: Visit, services: Services) -> None:
    numbers = [add_document(services, invoice(f"HM-{number}")) for number in range(20, 22)]
    browser = visit("coordinator")
    version = DocumentStore(services.db).get(numbers[0]).version
    path = "line_items/1/unit_price"
    browser.post(f"/documents/{numbers[0]}/correct", field=path, value="4.50", version=version)
    rows = MatchStore(services.db).queue(QueueFilter(sort="oldest"))
    asked = [
        (row.document.id, cause(one.ask, row.supplier_name, row.currency), row.currency, one.money, len(each) == 1)
        for row in rows
        for each in [questions(row.discrepancies, Presenter())]
        for one in each
    ]
    stored = AskStore(services.db).waiting()
    assert [(one.document_id, one.cause, one.currency, one.money, one.alone) for one in stored] == asked
    assert len(asked) > 2


def test_the_documents_of_a_cause_are_listed_when_it_is_opened(visit: Visit, services: Services) -> None:
    for number in range(20, 45):
        add_document(services, invoice(f"HM-{number}"))
    browser = visit("viewer")
    page = browser.get("/queue/causes").text
    address = re.findall(r'hx-get="(/queue/causes/\w+/documents)"', page)[0]
    listed = browser.get(address).text
    assert [number for number in range(20, 45) if f" HM-{number}<" in listed] == list(range(20, 40))
    assert "and 5 more" in listed
    assert browser.get("/queue/causes/nothing/documents").status_code == 404


def test_one_answer_settles_those_that_ask_nothing_else(visit: Visit, services: Services) -> None:
    fitting = add_document(services, invoice("HM-20"))
    extraction = invoice("HM-21")
    unsure = {**extraction.fields, "buyer_name": value("Somebody Else"), "buyer_address": value("1 Elsewhere Lane")}
    more = add_document(services, replace(extraction, fields=unsure))
    browser = visit("coordinator")
    key = key_of(browser, "Price 5.00, ordered 4.00")
    page = browser.get(f"/queue/causes/{key}?step=approve&reason={REASON}").text
    assert "Approve 1 document" in page
    assert "These ask more" in page
    chosen = [f"{number}/{DocumentStore(services.db).get(number).version}" for number in (fitting, more)]
    answer = browser.post(f"/queue/causes/{key}", step="approve", reason=REASON, document=chosen)
    assert answer.status_code == 303
    assert states(services) == {fitting: State.APPROVED, more: State.NEEDS_REVIEW}
    told = browser.get(answer.location).text
    assert "Approve: 1 document answered; 1 document left as it is" in told
    assert MatchStore(services.db).review_decisions(fitting)[-1].reason == REASON


def test_one_press_takes_an_answer_back_where_nothing_has_happened_since(visit: Visit, services: Services) -> None:
    # each of its own day, so that none is thought another's twin
    made = [(day, invoice(f"HM-{day}")) for day in (11, 12)]
    dated = [replace(one, fields={**one.fields, "issue_date": value(f"2026-11-{day}")}) for day, one in made]
    numbers = [add_document(services, one) for one in dated]
    browser = visit("coordinator")
    key = key_of(browser, "Price 5.00, ordered 4.00")
    chosen = [f"{number}/{DocumentStore(services.db).get(number).version}" for number in numbers]
    browser.post(f"/queue/causes/{key}", step="reject", reason="Not the price that was ordered", document=chosen)
    other = visit("approver")
    version = DocumentStore(services.db).get(numbers[1]).version
    other.post(f"/documents/{numbers[1]}/decide", step="reopen", reason="", version=version)
    browser.get("/queue/causes")
    answer = browser.post("/documents/undo", document=[str(number) for number in numbers])
    told = browser.get(answer.location).text
    assert "Reject: The answer to 1 document is taken back" in told
    assert f'<a href="/documents/{numbers[0]}">#{numbers[0]}</a>' in told
    assert "1 document left as it is" in told
    assert "Decision taken back: Reject" in browser.get(f"/documents/{numbers[0]}").text
    assert set(states(services).values()) == {State.NEEDS_REVIEW}
    undone = [entry.document_id for number in numbers for entry in trail(services.db, number) if entry.action == "undo"]
    assert undone == [numbers[0]]


def test_a_document_that_changed_meanwhile_is_left(visit: Visit, services: Services) -> None:
    number = add_document(services, invoice("HM-20"))
    browser = visit("coordinator")
    key = key_of(browser, "Price 5.00, ordered 4.00")
    stale = DocumentStore(services.db).get(number).version - 1
    browser.post(f"/queue/causes/{key}", step="approve", reason=REASON, document=f"{number}/{stale}")
    assert states(services) == {number: State.NEEDS_REVIEW}


def test_what_each_document_needs_a_look_for_has_no_common_answer(visit: Visit, services: Services) -> None:
    extraction = invoice(price="4.00")
    fields = {**extraction.fields, "seller_iban": value("GB33BUKB20201555555556")}
    number = add_document(services, replace(extraction, fields=fields))
    page = visit("coordinator").get("/queue/causes").text
    assert states(services) == {number: State.NEEDS_REVIEW}
    assert "Bank account invalid" in page
    assert 'class="choice"' not in page


def test_a_viewer_sees_the_causes_and_answers_none(visit: Visit, services: Services) -> None:
    add_document(services, invoice())
    browser = visit("viewer")
    assert "Price 5.00, ordered 4.00" in browser.get("/queue/causes").text
    assert 'class="choice"' not in browser.get("/queue/causes").text


def test_a_page_shows_the_greatest_causes(visit: Visit, services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.views.causes.MOST_SHOWN", 1)
    browser = visit("viewer")
    for number in range(20, 23):
        add_document(services, invoice(f"HM-{number}"))
    add_document(services, invoice("HM-30", price="4.50"))
    page = browser.get("/queue/causes").text
    assert page.count('class="cause"') == 1
    assert re.search(r"\d+ causes? more, with fewer documents", page)

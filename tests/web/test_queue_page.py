"""The queue, its filters and its way through the documents."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from office import add_document, add_failed, invoice, value
from visitor import Visitor

from ingest.document import Door, State
from matching.match_store import SORTS, MatchStore
from matching.queue import QueueFilter
from web.services import Services
from web.store import UserStore
from web.talk_store import TalkStore

Visit = Callable[..., Visitor]


def rows(page: str) -> list[str]:
    """The documents of a page, by number."""
    return re.findall(r'<td class="num muted">(#\d+)</td>', page)


def test_it_shows_sender_money_cause_and_time(visit: Visit, services: Services) -> None:
    add_document(services, invoice())
    page = visit("viewer").get("/queue").text
    assert "Harbour Metals Ltd" in page
    assert "60.00\u00a0GBP" in page
    assert "Price differs" in page
    assert "3 Nov 2026" in page
    assert "under 1 min" in page


def test_tabs_hold_what_was_decided(visit: Visit, services: Services) -> None:
    waiting, approved = add_document(services, invoice()), add_document(services, invoice("HM-2", price="4.00"), "b")
    failed = add_failed(services)
    browser = visit("viewer")
    assert rows(browser.get("/queue").text) == [f"#{waiting}"]
    assert rows(browser.get("/queue?tab=approved").text) == [f"#{approved}"]
    assert rows(browser.get("/queue?tab=failed").text) == [f"#{failed}"]
    assert "protected by a password" in browser.get("/queue?tab=failed").text


def test_filters_stand_in_the_address(visit: Visit, services: Services) -> None:
    dear = add_document(services, invoice(), "dear.pdf")
    lost = add_document(services, invoice("HM-9", order="PO-9999"), "lost.pdf")
    browser = visit("viewer")
    assert rows(browser.get("/queue?code=price_differs").text) == [f"#{dear}"]
    assert rows(browser.get("/queue?text=hm-9").text) == [f"#{lost}"]
    assert rows(browser.get("/queue?door=mailbox").text) == []
    assert rows(browser.get("/queue?sort=oldest").text) == [f"#{dear}", f"#{lost}"]
    assert "No document here fits" in browser.get("/queue?text=nothing-like-it").text


def test_the_search_looks_through_everything_that_was_read(visit: Visit, services: Services) -> None:
    number = add_document(services, invoice("HM-20260118"), "dear.pdf")
    failed = add_failed(services, "locked scan.pdf")
    browser = visit("viewer")
    # a printed word, its beginning, a part of the number, the amount in both ways of writing, name and number together
    for text in ("steel", "stee", "60118", "60.00", "60,00", "HARBOUR 0118", "dear", "PO-7001", 'rod"', "Po-7"):
        assert rows(browser.get("/queue", query_string={"text": text}).text) == [f"#{number}"], text
    assert rows(browser.get("/queue?text=aluminium").text) == []
    assert rows(browser.get("/queue?tab=failed&text=locked").text) == [f"#{failed}"]
    assert browser.get("/queue", query_string={"text": '" OR * ( NEAR'}).status_code == 200


def test_what_is_mine_is_what_was_given_to_me_or_mentions_me(visit: Visit, services: Services) -> None:
    browser, colleague = visit("coordinator"), visit("admin")
    made = [add_document(services, invoice(f"HM-{number}", price=f"{number}.00")) for number in (7, 8, 9)]
    given, mentioned = made[:2]
    users = {user.name: user for user in UserStore(services.db).all()}
    TalkStore(services.db).assign(given, users["coordinator"].id, "admin", services.now())
    colleague.post(f"/documents/{mentioned}/comments", comment="@coordinator, is that right?")
    assert "coordinator has it" in browser.get("/queue").text
    assert set(rows(browser.get("/queue?whose=me").text)) == {f"#{given}", f"#{mentioned}"}
    assert rows(colleague.get("/queue?whose=me").text) == []
    assert len(rows(browser.get("/queue").text)) == 3
    # the way through the documents stays among mine
    assert (
        f'id="next" class="button" href="/documents/{mentioned}?whose=me"'
        in browser.get(f"/documents/{given}?whose=me").text
    )


def test_an_address_with_nonsense_shows_the_plain_queue(visit: Visit, services: Services) -> None:
    number = add_document(services, invoice())
    page = visit("viewer").get("/queue?tab=x&sort=x&door=x&page=-3")
    assert page.status_code == 200
    assert rows(page.text) == [f"#{number}"]


def test_causes_are_counted(visit: Visit, services: Services) -> None:
    add_document(services, invoice(), "a")
    add_document(services, invoice("HM-5"), "b")
    page = visit("viewer").get("/queue").text
    assert "Price differs (2)" in page


def test_what_a_document_says_is_never_taken_for_markup(visit: Visit, services: Services) -> None:
    extraction = invoice("<script>alert(1)</script>")
    fields = {**extraction.fields, "seller_name": value("<b>Evil</b> & Sons"), "seller_vat_id": value("GB000000000")}
    number = add_document(services, replace(extraction, fields=fields), "<i>x</i>.pdf")
    browser = visit("coordinator")
    for address in ("/queue", f"/documents/{number}", "/inbox"):
        page = browser.get(address).text
        assert "<script>alert" not in page, address
        assert "<b>Evil" not in page, address
        assert "<i>x</i>" not in page, address


def test_an_empty_queue_says_so(visit: Visit) -> None:
    assert "Nothing waits for you." in visit("viewer").get("/queue").text


def test_dates_and_amounts_follow_the_browsers_language(visit: Visit, services: Services) -> None:
    add_document(services, invoice(price="500.00"))
    browser = visit("viewer")
    german = browser.get("/queue", headers={"Accept-Language": "de-DE,de;q=0.9"}).text
    assert "6.000,00\u00a0GBP" in german
    assert "03.11.2026" in german
    assert "6,000.00\u00a0GBP" in browser.get("/queue", headers={"Accept-Language": "en"}).text


@pytest.mark.parametrize("sort", ["amount", "due"])
def test_pages_by_an_index_hold_what_the_whole_order_does(services: Services, sort: str) -> None:
    for number, price in (("HM-1", "4.00"), ("HM-2", "4.00"), ("HM-3", "6.00"), ("HM-4", "5.00")):
        add_document(services, invoice(number, price=price), f"{number}.pdf")
    services.db.execute("UPDATE documents SET state = 'approved'")
    services.db.execute("UPDATE matches SET due_date = '2026-12-' || (30 - document_id)")
    services.db.execute("UPDATE matches SET due_date = NULL, amount_order = NULL WHERE invoice_number = 'HM-2'")
    store, approved = MatchStore(services.db), (State.APPROVED,)
    # a filter that lets everything through is answered by sorting
    every = store.queue(QueueFilter(states=approved, sort=sort, door=Door.UPLOAD))
    pages = [store.queue(QueueFilter(states=approved, sort=sort, limit=1, offset=place)) for place in range(5)]
    assert [row.document.id for page in pages for row in page] == [row.document.id for row in every]
    assert len(every) == 4
    assert every[-1].invoice_number == "HM-2"


def test_a_search_that_finds_much_is_counted_to_a_limit(
    visit: Visit, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [add_document(services, invoice(f"HM-{number}"), f"{number}.pdf") for number in range(20, 28)]
    store, waiting = MatchStore(services.db), (State.NEEDS_REVIEW,)
    exact = [store.queue_page(QueueFilter(waiting, text="harbour", sort=sort)) for sort in SORTS]
    assert {(page.size, page.more) for page in exact} == {(8, False)}
    monkeypatch.setattr("matching.match_store.MOST_COUNTED", 3)
    limited = [store.queue_page(QueueFilter(waiting, text="harbour", sort=sort)) for sort in SORTS]
    assert [page.rows for page in limited] == [page.rows for page in exact]
    first = store.queue_page(QueueFilter(waiting, text="harbour", limit=2))
    assert (len(first.rows), first.size, first.more) == (2, 3, True)
    last = store.queue_page(QueueFilter(waiting, text="harbour HM-2", limit=4, offset=4))
    assert (len(last.rows), last.size, last.more) == (4, 8, False)
    assert store.queue_page(QueueFilter(waiting, text="harbour HM-23")).size == 1
    monkeypatch.setattr("web.views.queue.PAGE_SIZE", 2)
    page = visit("viewer").get("/queue?text=harbour").text
    assert re.search(r"More than \d documents, page 1", page)
    assert "page=2" in page
    # the way through the documents is the same, near the top and further down
    way = [store.neighbour(number, QueueFilter(waiting, sort="oldest")) for number in numbers]
    assert way == [*numbers[1:], numbers[0]]
